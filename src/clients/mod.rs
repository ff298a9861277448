//! Those who tell the outside and hear from it: one client for each account.
//!
//! A client makes one call and says what came of it. It never touches a journal, never decides whether to try again (that is
//! [`crate::outbox`]), knows no other client and never asks what time it is. Its wire types live beside it and nowhere else.
//! Start at [`Client`]; what the built-in ones share is in [`http`].

pub mod conformance;
pub mod http;
pub mod jira;
pub mod local;
pub mod pagerduty;
pub mod process;
pub mod slack;
mod trouble;

use std::future::Future;
use std::pin::Pin;

use tokio::sync::mpsc;

use crate::incident::EntryId;
use crate::incident::event::Slot;
use crate::outbox::Outcome;
use crate::outbox::news::{Batch, Pull};

pub use crate::outbox::Call;
pub use crate::outbox::directory::{Directory, Entry, Ladder, OnCall};
pub use crate::secret::Secret;
pub use local::Local;
pub use pagerduty::PagerDuty;
pub use trouble::Trouble;

/// What comes later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Delivers outside acts and hears what happens there.
///
/// Every future is cut off by its caller after [`Client::patience`]; a delivery that is cut off may have arrived.
pub trait Client: Send + Sync {
    /// What [`crate::outbox::Act::client`] calls it.
    fn name(&self) -> &str;

    /// Makes the call. The attempt has been journalled before. Where it is not safe to repeat, a reply that is lost is
    /// [`crate::incident::event::FailureClass::Unknown`].
    fn deliver<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome>;

    /// Asks the remote whether an earlier attempt arrived.
    fn find<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome>;

    /// What happened there since the cursor.
    fn pull<'a>(&'a self, pull: &'a Pull) -> Later<'a, Result<Batch, Trouble>>;

    /// Hears news as they come, until something goes wrong; `None`: it has to be asked ([`Client::pull`]).
    fn listen<'a>(&'a self, _pull: Pull, _news: mpsc::Sender<Batch>) -> Option<Later<'a, Trouble>> {
        None
    }

    /// News up to this cursor are kept: they need not be sent again.
    fn heard<'a>(&'a self, _cursor: &'a str) -> Later<'a, ()> {
        Box::pin(async {})
    }

    /// Whether the account works, and each thing that it is used for, by really asking.
    fn probe<'a>(&'a self) -> Later<'a, Vec<Probe>>;

    /// Who is on call, who is who: kept for when nothing can be asked.
    fn directory<'a>(&'a self) -> Later<'a, Result<Directory, Trouble>> {
        Box::pin(async { Ok(Directory::default()) })
    }

    /// How long a call may take.
    fn patience(&self) -> std::time::Duration {
        std::time::Duration::from_secs(15)
    }
}

/// One thing that was tried with an account.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Probe {
    /// Such as `token`, `chat:write` or `project DATA`.
    pub what: String,
    pub works: bool,
    /// What was found, or what is wrong.
    pub says: String,
    /// What to do, and what works without it; empty: nothing.
    pub hint: String,
}

impl Probe {
    /// Whether the rest works without it: then its hint says what does not.
    pub fn optional(&self) -> bool {
        self.hint.to_lowercase().contains("without it")
    }

    pub fn ok(what: impl Into<String>, says: impl Into<String>) -> Self {
        Self { what: what.into(), works: true, says: says.into(), hint: String::new() }
    }

    pub fn fails(what: impl Into<String>, says: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), works: false, says: says.into(), hint: hint.into() }
    }
}

/// A tag for texts at services that have no better place for it: short, and nobody types it by chance.
pub fn op_tag(request: EntryId) -> String {
    format!("wr-op-{}", request.to_string().to_ascii_lowercase())
}

/// The text that marks an exercise, before a title or a text.
pub const DRILL: &str = "[DRILL] ";

/// A text marked as an exercise where it is one.
pub fn marked(drill: bool, text: &str) -> String {
    if drill && !text.starts_with(DRILL) { format!("{DRILL}{text}") } else { text.to_owned() }
}

/// Says which slot is missing, for a call that came too early.
pub fn needs(slot: Slot) -> Outcome {
    let what = match slot {
        Slot::Channel => "the incident has no channel yet",
        Slot::Page => "the incident has no page yet",
        Slot::Ticket => "the incident has no ticket yet",
        Slot::FollowUp(_) => "the follow-up has no ticket yet",
        Slot::Post(_) => "the message that it is about was never posted",
    };
    Outcome::failed(crate::incident::event::FailureClass::Permanent, what)
}
