//! `warroom undo`: the entry that takes another one back.

use clap::Args;

use super::desk::{self, Desk};
use super::fail::Done;
use super::print;
use crate::incident::Command;

/// Take back your newest entry, or the one named with --entry; a second undo brings it back
#[derive(Args)]
pub struct UndoArgs {
    /// The incident: its number, slug or id
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// The end of an entry's id as `show` prints it
    #[arg(long, value_name = "ENTRY", default_value = "last", hide_default_value = true)]
    entry: String,
    /// Why (else "undone")
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
}

impl UndoArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let found = desk.which(self.reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let entry = desk::entry(&mut session, &self.entry, &desk.me)?;
        let undo = Command::Undo { entry: entry.id(), event: entry.event.clone(), reason: self.reason };
        let saved = session.carry_out(desk.order(undo))?;
        print::saved(desk, &session, &found, &saved)
    }
}
