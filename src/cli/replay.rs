//! `warroom replay`: the console over a past incident; or, without a screen, what was known at one moment.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::fail::{Done, Fail};
use super::{home, list, moment, past, print};
use crate::incident::rows::{Locator, Placed};
use crate::incident::{Entry, Time};
use crate::report::export::{is_story, shape};
use crate::room::Folded;

/// Replay an incident in the console, or print what was known at a moment
#[derive(Args)]
pub struct ReplayArgs {
    /// A shipped past incident (see --list), or one of your own
    #[arg(value_name = "NAME|REF")]
    reference: Option<String>,
    /// Name the shipped past incidents
    #[arg(long, conflicts_with = "at")]
    list: bool,
    /// Print the state as known at TIME instead: 2017-01-31T23:30Z, 14:03, or +90m after the declaration
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// As text (default); --json for one object
    #[arg(long, requires = "at", conflicts_with = "json")]
    text: bool,
}

impl ReplayArgs {
    /// Whether it takes the screen.
    pub fn opens_console(&self) -> bool {
        !self.list && self.at.is_none()
    }

    pub fn open(self, desk: &Desk) -> Done<ExitCode> {
        let Some(name) = self.reference.as_deref() else { return home::replay(desk, None) };
        // A wrong name is answered here, before the screen is taken.
        let found = desk.which_readable(Some(name)).map_err(|fail| suggest(fail, name))?;
        let name = if found.number.is_some() { found.id.to_string() } else { found.slug };
        home::replay(desk, Some(name))
    }

    pub fn run(self, desk: &mut Desk) -> Done {
        if self.list {
            return list::shipped(desk);
        }
        let found = desk
            .which_readable(self.reference.as_deref())
            .map_err(|fail| suggest(fail, self.reference.as_deref().unwrap_or_default()))?;
        let mut session = desk.reader(&found)?;
        let log = session.log()?;
        let at = self.moment(desk, session.incident().declared_at())?;
        let (folded, mut known) = as_known(&log, at);
        let incident = &folded.incident;
        known.retain(|entry| is_story(entry));
        known.sort_by_key(|entry| print::at(incident, entry));
        if desk.json {
            let entries: Vec<_> = known.iter().map(|entry| shape::entry(incident, entry)).collect();
            let state = print::state(&found, incident);
            return desk.out.json(&json!({ "known_at": at, "incident": state, "entries": entries }));
        }
        desk.out.line(&format!("as known at {}", print::moment(at, desk.zone)))?;
        for line in print::head(&found, incident, desk.zone, at) {
            desk.out.line(&line)?;
        }
        print::timeline(desk, incident, &known)
    }

    fn moment(&self, desk: &Desk, declared: Option<Time>) -> Done<Time> {
        let text = self.at.as_deref().unwrap_or_default();
        match text.strip_prefix('+').and_then(crate::incident::Span::parse).zip(declared) {
            Some((span, declared)) => Ok(declared + span),
            None => Ok(moment::parse(text, desk.zone)?.time),
        }
    }
}

/// Folds what was known at a moment, in the order of the fold.
fn as_known(log: &[Arc<Entry>], at: Time) -> (Folded, Vec<Arc<Entry>>) {
    let known: Vec<Arc<Entry>> = log.iter().filter(|entry| entry.known_at() <= at).cloned().collect();
    let mut folded = Folded::default();
    for (place, entry) in known.iter().enumerate() {
        folded.take_one(&Placed { entry: entry.clone(), locator: Locator(place as u64) });
    }
    (folded, known)
}

/// Adds the nearest shipped incident to what the home has to say.
fn suggest(fail: Fail, name: &str) -> Fail {
    let Fail::Said(said) = fail else { return fail };
    let hint = match past::suggestion(name) {
        Some(near) => format!("did you mean {near}? see `warroom replay --list`"),
        None => format!("{}; `warroom replay --list` names the past ones", said.hint),
    };
    Fail::refused(said.what, hint)
}
