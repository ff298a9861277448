//! `warroom correct`: put right what an entry says. The original stays in the journal.

use clap::Args;

use super::desk::{self, Desk};
use super::fail::Done;
use super::{moment, print, words};
use crate::incident::Command;

/// Correct the words, or with --at the time, of an entry; the original stays
#[derive(Args)]
#[command(override_usage = "warroom correct [REF] ENTRY TEXT [--at TIME]")]
pub struct CorrectArgs {
    /// ENTRY is the end of an id as `show` prints it, or `last`
    #[arg(required = true, num_args = 2..=3, value_name = "WORDS")]
    words: Vec<String>,
    /// When it really happened: 14:03, -7m, ~13:30, yesterday 23:10, 2026-11-21T14:03Z
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

impl CorrectArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let (reference, [entry, text]) = words::split(self.words, "correct [REF] ENTRY TEXT")?;
        let at = moment::optional(self.at.as_deref(), desk.zone)?;
        let found = desk.which(reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let target = desk::written_entry(&mut session, &entry, &desk.me)?.id();
        let order = desk.order(Command::Correct { target, text: text.clone(), at });
        let saved =
            session.carry_out(order).map_err(|not_done| super::fail::Fail::from(not_done).keeping(&text))?;
        print::saved(desk, &session, &found, &saved)
    }
}
