//! `warroom show`: where an incident stands, and what happened.

use clap::Args;
use serde_json::json;

use super::desk::{self, Desk};
use super::fail::Done;
use super::print;
use crate::report::export::{is_story, shape};
use crate::runtime::clock;

/// Show the state and the timeline of an incident
#[derive(Args)]
pub struct ShowArgs {
    /// The incident: its number, slug or id
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Only the newest N entries
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    /// The state alone
    #[arg(long, conflicts_with = "last")]
    brief: bool,
    /// Corrections, marks and the steps of deliveries as entries of their own too
    #[arg(long)]
    all: bool,
}

impl ShowArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let found = desk.which_readable(self.reference.as_deref())?;
        let mut session = desk.reader(&found)?;
        let mut entries = if self.brief { Vec::new() } else { desk::timeline(&mut session)? };
        entries.retain(|entry| self.all || is_story(entry));
        let skipped = entries.len().saturating_sub(self.last.unwrap_or(usize::MAX));
        entries.drain(..skipped);
        let incident = session.incident();
        if desk.json {
            let shapes: Vec<_> = entries.iter().map(|entry| shape::entry(incident, entry)).collect();
            return desk.out.json(&json!({ "incident": print::state(&found, incident), "entries": shapes }));
        }
        for line in print::head(&found, incident, desk.zone, clock::now()) {
            desk.out.line(&line)?;
        }
        print::timeline(desk, incident, &entries)
    }
}
