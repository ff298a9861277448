//! `warroom status`: move the incident through its workflow.

use clap::Args;

use super::desk::Desk;
use super::fail::{Done, Fail};
use super::{print, words};
use crate::incident::Command;
use crate::incident::words::Status;

/// Set the status, such as diagnosing, fixing, resolved; moving back from resolved needs a reason
#[derive(Args)]
#[command(override_usage = "warroom status [REF] WORD [--reason TEXT]")]
pub struct StatusArgs {
    /// alerted, acknowledged, triage, commanded, diagnosing, fixing, verifying, resolved, post-mortem or closed
    #[arg(required = true, num_args = 1..=2, value_name = "WORD")]
    words: Vec<String>,
    /// Why
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
}

impl StatusArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let (reference, [word]) = words::split(self.words, "status [REF] WORD")?;
        let Some(to) = Status::parse(&word) else { return Err(unknown(&word)) };
        let found = desk.which(reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let saved = session.carry_out(desk.order(Command::Status { to, reason: self.reason }))?;
        print::saved(desk, &session, &found, &saved)
    }
}

fn unknown(word: &str) -> Fail {
    let names: Vec<&str> = Status::ALL.iter().map(|status| status.name()).collect();
    Fail::refused(format!("there is no status {word:?}"), format!("use one of {}", names.join(", ")))
}
