//! `warroom retract`: an entry that should not have been written. It stays, struck.

use clap::Args;

use super::desk::{self, Desk};
use super::fail::Done;
use super::{print, words};
use crate::incident::Command;

/// Strike an entry; it stays in the journal, and `undo` brings it back
#[derive(Args)]
#[command(override_usage = "warroom retract [REF] ENTRY [--reason TEXT]")]
pub struct RetractArgs {
    /// ENTRY is the end of an id as `show` prints it, or `last`
    #[arg(required = true, num_args = 1..=2, value_name = "ENTRY")]
    words: Vec<String>,
    /// Why
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
}

impl RetractArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let (reference, [entry]) = words::split(self.words, "retract [REF] ENTRY")?;
        let found = desk.which(reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let target = desk::written_entry(&mut session, &entry, &desk.me)?.id();
        let saved = session.carry_out(desk.order(Command::Retract { target, reason: self.reason }))?;
        print::saved(desk, &session, &found, &saved)
    }
}
