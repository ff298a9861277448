//! What `warroom followup` lists: the follow-ups of one incident, and the open ones of all (MISSION rows S1.10, S4.14).

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::desk::Desk;
use super::fail::Done;
use super::print::{self, padded, short_id};
use crate::incident::event::FollowUp;
use crate::incident::follow_ups::{Proposal, Source, day_of, proposals};
use crate::incident::{EntryId, HostId, PersonId};
use crate::report::export::ledgers;
use crate::runtime::clock;
use crate::runtime::summary::{self, OpenFollowUp, Summary};

/// Open ones, proposals, done ones.
pub fn list(desk: &mut Desk) -> Done {
    let found = desk.which_readable(None)?;
    let session = desk.reader(&found)?;
    let incident = session.incident();
    let all = &incident.follow_ups;
    if desk.json {
        let (follow_ups, proposals) = (ledgers::follow_ups(incident), ledgers::proposed(incident));
        let incident = print::found(&found);
        return desk
            .out
            .json(&json!({ "incident": incident, "follow_ups": follow_ups, "proposals": proposals }));
    }
    let proposals = proposals(incident);
    if all.all().is_empty() && proposals.is_empty() {
        return desk
            .out
            .line("no follow-ups; `warroom followup add \"test the restore\" --owner dana --due friday`");
    }
    for item in all.open() {
        desk.out.line(&line(item.id, &item.what))?;
    }
    for Proposal { source, text, of } in &proposals {
        let (id, from) = match source {
            Source::Todo(id) => (short_id(*id), format!("TODO of {of}")),
            Source::Step { .. } => ("step  ".to_owned(), format!("prevention step of {of}")),
        };
        desk.out.line(&format!("{id}  {}  {text}  ({from})", padded("proposed", 16)))?;
    }
    for item in all.all() {
        if let Some(done) = &item.closed {
            let note = if done.note.is_empty() { String::new() } else { format!(": {}", done.note) };
            let (id, text) = (short_id(item.id), &item.what.text);
            desk.out.line(&format!("{id}  {}  {text}  (by {}{note})", padded("done", 16), done.by))?;
        }
    }
    Ok(())
}

/// Every open one of every incident of this home, what is overdue first.
pub fn everywhere(desk: &mut Desk) -> Done {
    let dirs = desk.home().list()?;
    let summaries = summary::all(&dirs, HostId::default(), &desk.paths.cache());
    let today = day_of(clock::now());
    let open = summary::follow_ups(&summaries, today);
    for (summary, open) in &open {
        match desk.json {
            true => desk.out.json(&shape(summary, open, today))?,
            false => desk.out.line(&format!("{}  · {}", line(open.id, &open.what), summary.label()))?,
        }
    }
    match open.is_empty() && !desk.json {
        true => desk.out.line("no follow-up is open in any incident"),
        false => Ok(()),
    }
}

fn shape(summary: &Summary, open: &OpenFollowUp, today: NaiveDate) -> Value {
    let mut shape = ledgers::follow_up(&open.what);
    if let Value::Object(shape) = &mut shape {
        let incident = json!({ "id": summary.reference, "number": summary.number, "title": summary.title });
        shape.insert("id".into(), json!(open.id));
        shape.insert("overdue".into(), json!(open.is_overdue(today)));
        shape.insert("incident".into(), incident);
        shape.insert("drill".into(), json!(summary.drill));
        shape.insert("private".into(), json!(summary.private));
    }
    shape
}

/// `a1b2c3  high    OVERDUE 2026-11-20  dana      test the restore  (preventive, DATA-12)`
fn line(id: EntryId, what: &FollowUp) -> String {
    let due = match what.due {
        None => "no day".to_owned(),
        Some(due) if due < day_of(clock::now()) => format!("OVERDUE {due}"),
        Some(due) => format!("due {due}"),
    };
    let owner = what.owner.as_ref().map_or("NOBODY", PersonId::as_str);
    let place = if what.place.is_empty() { String::new() } else { format!(", {}", what.place) };
    let (priority, kind) = (padded(what.priority.name(), 6), what.kind.name());
    format!(
        "{}  {priority}  {}  {}  {}  ({kind}{place})",
        short_id(id),
        padded(&due, 18),
        padded(owner, 8),
        what.text
    )
}
