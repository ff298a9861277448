//! `warroom severity`: how grave it is, and why that changed (MISSION row S1.2). The names of other policies are understood.

use clap::Args;

use super::desk::Desk;
use super::fail::Done;
use super::{print, words};
use crate::incident::Command;

/// Set the severity, such as P1; changing it needs a reason
#[derive(Args)]
#[command(override_usage = "warroom severity [REF] LEVEL --reason TEXT")]
pub struct SeverityArgs {
    /// A level of the policy, P0 to P3 as shipped, or what another policy calls it: SEV-2, CRITICAL
    #[arg(required = true, num_args = 1..=2, value_name = "LEVEL")]
    words: Vec<String>,
    /// What is known now
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
}

impl SeverityArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let (reference, [to]) = words::split(self.words, "severity [REF] LEVEL --reason TEXT")?;
        let found = desk.which(reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let saved = session.carry_out(desk.order(Command::Severity { to, reason: self.reason }))?;
        print::saved(desk, &session, &found, &saved)
    }
}
