//! The sections of the Markdown export on what was harmed and what is left to do (rows B8, S1.10, S2.1, S4.14).

use std::fmt::Write;

use super::markdown::escaped;
use crate::incident::event::FollowUp;
use crate::incident::follow_ups::{Proposal, Source, proposals};
use crate::incident::{Incident, Time, Zone};
use crate::policy::Policy;
use crate::report::ledger::{Reader, harm, stated};

/// The data-impact ledger, each dataset with its facts; what is still open counts up to the newest entry.
pub(super) fn impact(out: &mut String, incident: &Incident, zone: Zone) {
    let none = Policy::default();
    let now = incident.newest_known.unwrap_or_default();
    let reader = Reader::of(incident, incident.policy().unwrap_or(&none), now, zone);
    let said = incident.ledger.stated.as_ref();
    if incident.ledger.datasets().next().is_none() && said.is_none() {
        return;
    }
    out.push_str("\n## Data impact\n");
    if let Some(said) = said {
        let _ = writeln!(out, "\nIn the end: {} ({})", escaped(&stated(said)), escaped(said.by.as_str()));
    }
    for dataset in incident.ledger.datasets() {
        let _ = write!(out, "\n### {}: {}\n\n", escaped(&dataset.name), escaped(&harm(dataset)));
        for fact in reader.facts(dataset) {
            let _ = writeln!(out, "- {}: {}", fact.label, escaped(&fact.text));
        }
    }
}

/// What is to be done, what was proposed and nobody took up, what is done.
pub(super) fn follow_ups(out: &mut String, incident: &Incident, zone: Zone) {
    let all = &incident.follow_ups;
    let proposals = proposals(incident);
    if all.all().is_empty() && proposals.is_empty() {
        return;
    }
    out.push_str("\n## Follow-ups\n\n");
    for item in all.open() {
        let _ = writeln!(out, "- [ ] {} ({})", escaped(&item.what.text), facts(&item.what));
    }
    for Proposal { source, text, of } in &proposals {
        let from = match source {
            Source::Todo(id) => {
                all.todo(*id).map(|todo| format!(" {}", moment(todo.at, zone))).unwrap_or_default()
            }
            Source::Step { .. } => String::new(),
        };
        let _ = writeln!(out, "- [ ] {} (proposed, {}{from})", escaped(text), escaped(of));
    }
    for item in all.all() {
        if let Some(done) = &item.closed {
            let note =
                if done.note.is_empty() { String::new() } else { format!(": {}", escaped(&done.note)) };
            let (text, by, at) = (escaped(&item.what.text), escaped(done.by.as_str()), moment(done.at, zone));
            let _ = writeln!(out, "- [x] {text} (by {by}, {at}{note})");
        }
    }
}

/// `dana, due 2026-12-01, high, preventive, DATA-12`
fn facts(what: &FollowUp) -> String {
    let owner = what.owner.as_ref().map_or_else(|| "NOBODY".to_owned(), |owner| escaped(owner.as_str()));
    let due = what.due.map_or_else(|| "no day".to_owned(), |due| format!("due {due}"));
    let (priority, kind) = (what.priority.name(), what.kind.name());
    let place = if what.place.is_empty() { String::new() } else { format!(", {}", escaped(&what.place)) };
    format!("{owner}, {due}, {priority}, {kind}{place}")
}

fn moment(at: Time, zone: Zone) -> String {
    format!("{} {} {}", zone.date(at), zone.hm(at), zone.label(at))
}
