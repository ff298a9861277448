//! How entries, states and answers look on the command line.

mod head;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::desk::{Desk, Found};
use super::fail::Done;
use super::out::complain;
use crate::incident::deadline::deadlines;
use crate::incident::event::ClockEvent;
use crate::incident::{Class, Entry, EntryId, Event, Incident, Time, Zone, describe};
use crate::report::export::{is_story, shape};
use crate::runtime::clock;
use crate::runtime::headless::Session;

pub use head::head;

/// `2026-11-21 14:02:11 UTC`
pub fn moment(time: Time, zone: Zone) -> String {
    format!("{} {} {}", zone.date(time), zone.hms(time), zone.label(time))
}

/// `14:02 UTC`
pub fn hm(time: Time, zone: Zone) -> String {
    format!("{} {}", zone.hm(time), zone.label(time))
}

/// `in 9m`, `NOW`, or `OVER 3m` when it has passed.
pub fn left(due: Time, now: Time) -> String {
    let left = due.since(now);
    match left.secs() {
        0 => "NOW".to_owned(),
        1.. => format!("in {}", left.short()),
        _ => format!("OVER {}", left.abs().short()),
    }
}

/// `: reason`, or nothing where none is given.
pub fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason}") }
}

/// The end of an id, enough to name an entry by.
pub fn short_id(id: EntryId) -> String {
    const SHOWN: usize = 6;
    let id = id.to_string();
    id.get(id.len() - SHOWN..).unwrap_or(&id).to_lowercase()
}

/// Text filled up with spaces to a width in terminal columns.
pub fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// When an entry happened, after corrections.
pub fn at(incident: &Incident, entry: &Entry) -> Time {
    incident.happened(entry)
}

/// `~14:02:11  finding     alice   text  [a1b2c3]`, without the date.
pub fn row(incident: &Incident, entry: &Entry, zone: Zone) -> String {
    let about = if shape::is_about(incident, entry) { "~" } else { " " };
    let important = if incident.notes.marked.contains(&entry.id()) { "* " } else { "" };
    let class = padded(entry.class().name(), 10);
    let by = padded(entry.by().as_str(), 8);
    let text = words(incident, entry).replace('\n', "\n    ");
    let (time, id) = (zone.hms(at(incident, entry)), short_id(entry.id()));
    format!("{about}{time}  {class}  {by}  {important}{text}  [{id}]")
}

fn words(incident: &Incident, entry: &Entry) -> String {
    let text = describe::sentence(incident, entry);
    if let Some(retraction) = incident.notes.retracted.get(&entry.id()) {
        return format!("(retracted by {}) {text}", retraction.by);
    }
    if let Some(correction) = incident.notes.corrected.get(&entry.id()) {
        return format!(
            "{text} (corrected by {}, was: {})",
            correction.by,
            describe::original(incident, entry)
        );
    }
    match incident.idle.get(&entry.id()) {
        Some(why) => format!("{text} (changed nothing: {why})"),
        None => text.into_owned(),
    }
}

/// The same with date and zone, for lines that stand alone.
pub fn dated_row(incident: &Incident, entry: &Entry, zone: Zone) -> String {
    let time = at(incident, entry);
    format!("{} {} {}", zone.date(time), zone.label(time), row(incident, entry, zone).trim_start())
}

/// `{"id","slug","number","path"}`, of every answer about an incident.
pub fn found(found: &Found) -> Value {
    json!({ "id": found.id, "slug": found.slug, "number": found.number, "path": found.path })
}

/// The state of an incident and where it is, in one object.
pub fn state(at: &Found, incident: &Incident) -> Value {
    let (mut whole, state) = (found(at), shape::incident(incident));
    if let (Value::Object(whole), Value::Object(state)) = (&mut whole, state) {
        whole.extend(state);
    }
    whole
}

/// Says what was saved: the entries, or `{"incident": {…}, "saved": [{…}], "ran_out": [{…}]}`; and which clocks had run out
/// meanwhile, on standard error.
pub fn saved(desk: &mut Desk, session: &Session, at: &Found, ids: &[EntryId]) -> Done {
    let entries: Vec<_> =
        session.written().iter().filter(|entry| ids.contains(&entry.id())).cloned().collect();
    if let Some(banner) = session.banner() {
        complain(&format!("warning: {banner}"));
    }
    if session.owes_outside() {
        desk.owes(at);
    }
    let incident = session.incident();
    if desk.json {
        let saved: Vec<Value> = entries.iter().map(|entry| shape::entry(incident, entry)).collect();
        return desk.out.json(&json!({ "incident": found(at), "saved": saved, "ran_out": ran_out(session) }));
    }
    // What it asks of the outside is in `sync status`, unless it is all there is.
    let step = |entry: &Entry| entry.class() == Class::Delivery && !is_story(entry);
    let only_steps = entries.iter().all(|entry| step(entry));
    for entry in entries.iter().filter(|entry| only_steps || !step(entry)) {
        desk.out.line(&dated_row(incident, entry, desk.zone))?;
    }
    say_what_ran_out(session);
    Ok(())
}

/// The clocks whose ring this session wrote down, but for the small ones.
pub fn ran_out(session: &Session) -> Vec<&str> {
    let rung = session.written().iter().filter_map(|entry| match &entry.event {
        Event::Clock(ClockEvent::RanOut { clock, quiet: false, .. }) => Some(clock.as_str()),
        _ => None,
    });
    rung.collect()
}

/// What to say now, for those that still run.
pub fn say_what_ran_out(session: &Session) {
    let (rung, now) = (ran_out(session), clock::now());
    for over in deadlines(session.incident(), now).iter().filter(|over| rung.contains(&over.id.as_str())) {
        complain(&format!("{}: {}", left(over.due, now), over.say));
    }
}

/// Entries under headings of their days.
pub fn timeline(desk: &mut Desk, incident: &Incident, entries: &[std::sync::Arc<Entry>]) -> Done {
    let zone = desk.zone;
    let mut day = String::new();
    for entry in entries {
        let time = at(incident, entry);
        let heading = format!("{} ({})", zone.day_heading(time), zone.label(time));
        if heading != day {
            desk.out.line(&format!("\n{heading}"))?;
            day = heading;
        }
        desk.out.line(&row(incident, entry, zone))?;
    }
    Ok(())
}
