//! How entries, states and answers look on the command line.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::desk::{Desk, Found};
use super::fail::Done;
use super::out::complain;
use crate::incident::deadline::deadlines;
use crate::incident::{Entry, EntryId, Incident, Time, Zone, describe};
use crate::report::export::shape;
use crate::runtime::headless::Session;

/// `2026-11-21 14:02:11 UTC`
pub fn moment(time: Time, zone: Zone) -> String {
    format!("{} {} {}", zone.date(time), zone.hms(time), zone.label(time))
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

/// Says what was saved: the entries, or `{"incident": {…}, "saved": [{…}]}`.
pub fn saved(desk: &mut Desk, session: &Session, at: &Found, ids: &[EntryId]) -> Done {
    let entries: Vec<_> =
        session.written().iter().filter(|entry| ids.contains(&entry.id())).cloned().collect();
    if let Some(banner) = session.banner() {
        complain(&format!("warning: {banner}"));
    }
    let incident = session.incident();
    if desk.json {
        let saved: Vec<Value> = entries.iter().map(|entry| shape::entry(incident, entry)).collect();
        return desk.out.json(&json!({ "incident": found(at), "saved": saved }));
    }
    for entry in &entries {
        desk.out.line(&dated_row(incident, entry, desk.zone))?;
    }
    Ok(())
}

/// The head of `show`: what a newcomer asks first.
pub fn head(at: &Found, incident: &Incident, zone: Zone, now: Time) -> Vec<String> {
    let drill = if incident.is_drill() { " (drill)" } else { "" };
    let mut lines = vec![format!("{}: {}{drill}", at.name(), incident.title())];
    let severity = incident.severity.as_deref().unwrap_or("no severity");
    let mut facts = vec![severity.to_owned(), format!("{} (phase: {})", incident.status, incident.phase())];
    facts.extend(incident.kind().map(str::to_owned));
    facts.extend(lasted(incident, now));
    lines.push(facts.join(" · "));
    if let Some(declared) = &incident.declared {
        lines.push(format!("declared {} by {}", moment(declared.at, zone), declared.by));
    }
    lines.extend(roles(incident));
    for run in incident.attached_runs() {
        let (done, total) = run.totals();
        lines.push(format!("checklist: {} {done}/{total}", run.title()));
    }
    lines.extend(incident.links.iter().map(|(what, url)| format!("{what}: {url}")));
    for clock in deadlines(incident) {
        let left = clock.left(now);
        let late = if left.is_negative() { "OVERDUE by" } else { "in" };
        lines.push(format!(
            "due {}: {} ({late} {})",
            clock.label,
            moment(clock.due, zone),
            left.abs().short()
        ));
    }
    lines.extend(incident.notices.iter().map(|notice| format!("notice: {}", notice.text)));
    lines
}

fn lasted(incident: &Incident, now: Time) -> Option<String> {
    let start = incident.declared_at()?;
    Some(match incident.resolved_at() {
        Some(end) => format!("lasted {}", end.since(start).short()),
        None => format!("running {}", now.since(start).short()),
    })
}

fn roles(incident: &Incident) -> Vec<String> {
    let seats = incident.roles.seats();
    let shown = seats.iter().filter(|seat| seat.needed || !seat.holders.is_empty());
    let held: Vec<String> = shown
        .map(|seat| {
            let names: Vec<&str> = seat.holders.iter().map(|held| held.who.as_str()).collect();
            let who = if names.is_empty() { "NOBODY".to_owned() } else { names.join(", ") };
            format!("{}: {who}", seat.title)
        })
        .collect();
    let hats = incident
        .roles
        .two_hats()
        .into_iter()
        .map(|(who, roles)| format!("{who} holds {}", roles.join(" and ")));
    std::iter::once(held.join(" · ")).chain(hats).collect()
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
