//! Those who tell the outside: one client for each place an act can be delivered to.
//!
//! A client makes one call and says what came of it. It never touches a journal, never decides whether to try again (that is
//! [`crate::outbox`]) and knows no other client.

pub mod local;

use crate::outbox::{Act, Outcome};

pub use local::Local;

/// Delivers outside acts. Every call is safe to repeat: the request's id names the act at the remote too.
pub trait Client: Send {
    /// What [`Act::client`] calls it.
    fn name(&self) -> &str;

    /// Makes the call. The attempt has been journalled before.
    fn deliver(&self, act: &Act) -> Outcome;

    /// Asks the remote whether an earlier attempt arrived.
    fn find(&self, act: &Act) -> Outcome;
}
