//! Whether a client keeps its promises: the same questions to every one of them.
//!
//! [`check`] asks through the trait, so that a built-in client is held to the same as any other; [`check_command`] asks a program
//! line by line. Both only report: a [`Probe`] for each promise, with what to do where it is broken. Whoever is asked must live
//! in a world where nothing is told to people: a stand-in, or a program that was given `options.check = true`.

mod calls;
mod command;
mod deeds;
mod news;
mod rudeness;
mod talk;
mod through;

pub use self::calls::{Trial, World};
pub use self::command::{CheckOptions, check_command};
pub use self::through::check;
pub use super::process::wire::Repeat;

use super::Probe;

/// A promise that was kept, or what is wrong and what to do.
fn judged(what: impl Into<String>, found: Result<String, String>, hint: &str) -> Probe {
    match found {
        Ok(says) => Probe::ok(what, says),
        Err(why) => Probe::fails(what, why, hint),
    }
}
