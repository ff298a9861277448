//! The stable JSON shapes of the command line and of exports.
//!
//! A member is added, never renamed or given another meaning. What is not known is `null` or left out, times are RFC 3339 in
//! UTC. Start at [`incident`] and [`entry`].

use serde_json::{Map, Value, json};

use super::{acts, ledgers};
use crate::incident::checklist::{Line, Run};
use crate::incident::deadline::deadlines;
use crate::incident::entry::Entry;
use crate::incident::event::Event;
use crate::incident::roles::Seat;
use crate::incident::state::UpdateRecord;
use crate::incident::{Incident, describe};
use crate::playbook::StepKind;

/// The state of an incident.
pub fn incident(incident: &Incident) -> Value {
    let declared = incident.declared.as_ref();
    let what = declared.map(|declaration| &declaration.what);
    let due: Vec<Value> = deadlines(incident, incident.newest_known.unwrap_or_default())
        .iter()
        .filter(|deadline| !deadline.quiet)
        .map(deadline)
        .collect();
    let mut state = json!({
        "title": incident.title(),
        "type": incident.kind(),
        "status": incident.status.name(),
        "phase": incident.phase().name(),
        "word": incident.status.word().name(),
        "severity": incident.severity,
        "drill": incident.is_drill(),
        "private": incident.is_private(),
        "declared_at": declared.map(|declaration| declaration.at),
        "declared_by": declared.map(|declaration| &declaration.by),
        "reporter": what.and_then(|what| what.reporter.as_deref()),
        "channel": what.and_then(|what| what.channel.as_deref()),
        "resolved_at": incident.resolved_at(),
        "commander": incident.commander(),
        "roles": roles(incident),
        "vacant": incident.roles.vacant().map(|duty| duty.role).collect::<Vec<_>>(),
        "two_hats": incident.roles.two_hats(),
        "playbooks": playbooks(incident),
        "updates": incident.updates.iter().map(update).collect::<Vec<_>>(),
        "impact": ledgers::impact(incident, None, incident.newest_known.unwrap_or_default()),
        "data": ledgers::stated(&incident.ledger),
        "follow_ups": ledgers::follow_ups(incident),
        "proposals": ledgers::proposed(incident),
        "roll_call": ledgers::roll_call(incident),
        "deadlines": due,
        "links": incident.links,
        "statuses": incident.statuses,
        "severities": incident.severities,
        "people": incident.seen,
        "notices": incident.notices,
        "entries": incident.count,
    });
    if let Value::Object(state) = &mut state {
        state.extend(acts::members(incident));
    }
    state
}

/// A clock, and what people did to it.
pub fn deadline(deadline: &crate::incident::deadline::Deadline) -> Value {
    json!({
        "id": deadline.id,
        "kind": deadline.what.name(),
        "label": deadline.label,
        "due": deadline.due,
        "say": deadline.say,
        "rang": deadline.rang,
        "acknowledged": deadline.acknowledged,
        "snoozed": deadline.snoozed,
        "tried": deadline.tried,
    })
}

/// The role board.
pub fn roles(incident: &Incident) -> Value {
    incident.roles.seats().iter().map(seat).collect()
}

fn seat(seat: &Seat) -> Value {
    json!({
        "role": seat.role,
        "title": seat.title,
        "duty": seat.duty,
        "needed": seat.needed,
        "holders": seat.holders,
        "past": seat.past,
    })
}

/// Every playbook that was ever attached. The steps of those that still are count on from one to the next.
pub fn playbooks(incident: &Incident) -> Value {
    let mut before = 0;
    let numbered = |attached: &Run| {
        let first = attached.detached.is_none().then_some(before + 1);
        before += if first.is_some() { attached.lines().len() } else { 0 };
        run(attached, first)
    };
    incident.runs.iter().map(numbered).collect()
}

/// One playbook with all its steps, numbered from `first`.
fn run(run: &Run, first: Option<usize>) -> Value {
    let (done, total) = run.totals();
    let phases: Vec<Value> = run
        .summaries()
        .iter()
        .map(|phase| {
            let (opens, ends) = (phase.opens, phase.ends);
            json!({ "title": phase.title, "done": phase.done, "total": phase.total, "opens": opens, "ends": ends })
        })
        .collect();
    json!({
        "run": run.id,
        "name": run.name,
        "title": run.title(),
        "digest": run.digest,
        "attached_at": run.attached_at,
        "attached_by": run.by,
        "detached_at": run.detached,
        "done": done,
        "total": total,
        "phases": phases,
        "steps": run.lines().iter().enumerate().map(|(index, line)| step(run, first.map(|n| n + index), line)).collect::<Vec<_>>(),
    })
}

/// One line of a checklist; `number` is how the command line names it.
fn step(run: &Run, number: Option<usize>, line: &Line) -> Value {
    let state = line.state;
    let commands = line.step.map(|step| step.commands.as_slice()).unwrap_or_default();
    json!({
        "number": number,
        "id": line.id,
        "phase": run.phases().get(line.phase),
        "text": line.text,
        "kind": kind(line.kind),
        "depth": line.depth,
        "progress": line.progress().name(),
        "by": state.and_then(|state| state.by.as_ref()),
        "at": state.and_then(|state| state.at),
        "owner": state.and_then(|state| state.owner.as_ref()),
        "reason": state.map(|state| state.reason.as_str()).filter(|reason| !reason.is_empty()),
        "notes": state.map(|state| state.notes.as_slice()).unwrap_or_default(),
        "commands": commands,
        "destructive": line.step.is_some_and(|step| step.destructive),
    })
}

const fn kind(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Task => "task",
        StepKind::Choice => "choice",
        StepKind::Option => "option",
    }
}

/// An update that was sent.
pub fn update(record: &UpdateRecord) -> Value {
    let sent = &record.sent;
    json!({
        "entry": record.id,
        "at": record.at,
        "by": record.by,
        "audience": sent.audience,
        "word": sent.word.name(),
        "body": sent.body,
        "next": sent.next,
        "approved_by": sent.approved_by,
        "overrides": sent.overrides,
    })
}

/// One entry, with what became of it. `text` is how it reads now, `body` the event as it is stored.
pub fn entry(incident: &Incident, entry: &Entry) -> Value {
    let header = &entry.header;
    let corrected_at = incident.corrected_time(entry.id());
    let mut shape = Map::new();
    let mut put = |name: &str, value: Value| shape.insert(name.to_owned(), value);
    put("id", json!(header.id));
    put("at", json!(corrected_at.unwrap_or_else(|| entry.at())));
    put("about", json!(is_about(incident, entry)));
    put("recorded_at", json!(header.rec));
    put("known_at", json!(entry.known_at()));
    put("by", json!(header.by));
    put("via", json!(header.via));
    put("host", json!(header.host));
    put("seq", json!(header.seq));
    put("class", json!(entry.class().name()));
    put("text", json!(describe::sentence(incident, entry)));
    put("body", body(entry));
    let notes = &incident.notes;
    if let Some(correction) = notes.corrected.get(&entry.id()) {
        let original = describe::original(incident, entry);
        put(
            "corrected",
            json!({ "original": original, "original_at": entry.at(), "by": correction.by, "when": correction.when, "times": correction.times }),
        );
    }
    if let Some(retraction) = notes.retracted.get(&entry.id()) {
        put("retracted", json!(retraction));
    }
    if notes.marked.contains(&entry.id()) {
        put("important", json!(true));
    }
    if let Some(reason) = notes.erased.get(&entry.id()) {
        put("erased", json!({ "reason": reason }));
    }
    if let Some(why) = incident.idle.get(&entry.id()) {
        put("changed_nothing", json!(why));
    }
    Value::Object(shape)
}

/// Whether the time that is shown for an entry is an estimate.
pub fn is_about(incident: &Incident, entry: &Entry) -> bool {
    let correction = incident.notes.corrected.get(&entry.id()).filter(|correction| correction.at.is_some());
    correction.map_or(entry.header.about, |correction| correction.about)
}

fn body(entry: &Entry) -> Value {
    match &entry.event {
        Event::Erased => Value::Null,
        event => serde_json::from_str(&event.to_json()).unwrap_or(Value::Null),
    }
}
