//! `warroom link`: places that belong to the incident.

use clap::Args;

use super::desk::Desk;
use super::fail::Done;
use super::{print, words};
use crate::incident::Command;

/// Name a place of the incident, such as bridge, channel, ticket; an empty address removes it
#[derive(Args)]
#[command(override_usage = "warroom link [REF] NAME URL")]
pub struct LinkArgs {
    /// Before the two the incident's REF may stand
    #[arg(required = true, num_args = 2..=3, value_name = "WORDS")]
    words: Vec<String>,
}

impl LinkArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let (reference, [what, url]) = words::split(self.words, "link [REF] NAME URL")?;
        let found = desk.which(reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let saved = session.carry_out(desk.order(Command::Link { what, url }))?;
        print::saved(desk, &session, &found, &saved)
    }
}
