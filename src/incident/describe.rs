//! How an entry reads: one sentence, the same on the timeline, the command line and in exports.

use std::borrow::Cow;

use super::entry::Entry;
mod acts;

use super::event::{
    DeliveryEvent, Event, IncidentEvent, JournalEvent, NoteEvent, PersonEvent, PlaybookEvent, PolicyEvent,
    RoleEvent, SeverityEvent, StatusEvent, StepAct, StepEvent, UpdateEvent,
};
use super::ids::PersonId;
use super::roles;
use super::state::Incident;

/// The reason that undo gives.
const UNDONE: &str = "undone";

/// The sentence of an entry as it stands now: a correction replaces the words of a note.
pub fn sentence<'a>(incident: &'a Incident, entry: &'a Entry) -> Cow<'a, str> {
    if let Some(correction) = incident.notes.corrected.get(&entry.id()) {
        return Cow::Borrowed(&correction.text);
    }
    original(incident, entry)
}

/// The sentence of an entry as it was written.
pub fn original<'a>(incident: &'a Incident, entry: &'a Entry) -> Cow<'a, str> {
    match &entry.event {
        Event::Note(event) => note(event),
        Event::Incident(event) => Cow::Owned(about_incident(event)),
        Event::Status(event) => Cow::Owned(status(event)),
        Event::Severity(event) => Cow::Owned(severity(event)),
        Event::Role(event) => Cow::Owned(role(event, entry.by())),
        Event::Person(PersonEvent::Named(person)) => Cow::Owned(named(person)),
        Event::Playbook(event) => Cow::Owned(playbook(incident, event)),
        Event::Step(event) => Cow::Owned(step(incident, event, entry.by())),
        Event::Update(event) => Cow::Owned(update(event)),
        Event::Delivery(event) => Cow::Owned(delivery(event)),
        Event::Journal(JournalEvent::Erased { reason, .. }) => {
            Cow::Owned(because("erased the words of an entry".into(), reason))
        }
        Event::Policy(PolicyEvent::Pinned { parts }) => {
            let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
            Cow::Owned(format!("policy: {}", names.join(", ")))
        }
        Event::Clock(event) => Cow::Owned(acts::clock(event, entry.known_at())),
        Event::Ask(event) => Cow::Owned(acts::ask(incident, event)),
        Event::Decision(event) => Cow::Owned(acts::decision(incident, event)),
        Event::Hypothesis(event) => Cow::Owned(acts::hypothesis(incident, event)),
        Event::Impact(event) => Cow::Owned(acts::impact(event)),
        Event::FollowUp(event) => Cow::Owned(acts::follow_up(incident, event)),
        Event::Unknown(raw) => Cow::Owned(format!("(of a newer warroom) {}", unknown_kind(raw))),
        Event::Erased => Cow::Borrowed("(erased)"),
    }
}

/// Who somebody is, as far as it was said.
fn named(person: &super::event::Person) -> String {
    let ids = person.ids.iter().map(|(account, id)| format!("{account} {id}"));
    let known = [&person.name, &person.mail, &person.phone].into_iter().cloned().chain(ids);
    let known: Vec<String> = known.filter(|text| !text.is_empty()).collect();
    format!("{} is {}", person.id, known.join(", "))
}

pub(super) fn because(mut text: String, reason: &str) -> String {
    if !reason.is_empty() {
        text.push_str(": ");
        text.push_str(reason);
    }
    text
}

/// The first words of an unknown body: its group and kind.
fn unknown_kind(raw: &str) -> String {
    let name: String = raw.chars().filter(|c| !matches!(c, '{' | '}' | '"')).take(60).collect();
    super::clean::clean_line(&name).into_owned()
}

fn note(event: &NoteEvent) -> Cow<'_, str> {
    match event {
        NoteEvent::Written { text, .. } => Cow::Borrowed(text),
        NoteEvent::Corrected { text, .. } => Cow::Owned(format!("corrected an entry: {text}")),
        NoteEvent::Retracted { reason, .. } => Cow::Owned(because("retracted an entry".into(), reason)),
        NoteEvent::Restored { .. } => Cow::Borrowed("brought a retracted entry back"),
        NoteEvent::Marked { on: true, .. } => Cow::Borrowed("marked an entry as important"),
        NoteEvent::Marked { on: false, .. } => Cow::Borrowed("took a mark off an entry"),
    }
}

fn about_incident(event: &IncidentEvent) -> String {
    match event {
        IncidentEvent::Declared(what) => {
            let drill = if what.drill { "drill declared" } else { "declared" };
            let kind = what.kind.as_ref().map(|kind| format!(" ({kind})")).unwrap_or_default();
            let reporter =
                what.reporter.as_ref().map(|who| format!(", reported by {who}")).unwrap_or_default();
            let channel = what.channel.as_ref().map(|where_| format!(" via {where_}")).unwrap_or_default();
            format!("{drill}: {}{kind}{reporter}{channel}", what.title)
        }
        IncidentEvent::Retitled { title } => format!("title: {title}"),
        IncidentEvent::Retyped { kind } => format!("type: {kind}"),
        IncidentEvent::Private { on: true, reason } => because("private from here on".into(), reason),
        IncidentEvent::Private { on: false, reason } => because("no longer private".into(), reason),
        IncidentEvent::Linked { what, url } => format!("{what}: {url}"),
        IncidentEvent::Unlinked { what } => format!("{what} link removed"),
    }
}

fn status(event: &StatusEvent) -> String {
    let StatusEvent::Moved { from, to, reason } = event;
    if reason == UNDONE {
        return format!("undone: status back to {to}");
    }
    let text = match (from.is_over(), to.is_over()) {
        (true, false) => format!("reopened, {to}"),
        _ => format!("status {from} > {to}"),
    };
    because(text, reason)
}

fn severity(event: &SeverityEvent) -> String {
    let (from, to, reason) = match event {
        SeverityEvent::Set { from, to, reason, .. } => (from, to, reason),
        SeverityEvent::Cleared { from, reason } => return because(format!("no longer {from}"), reason),
        SeverityEvent::Assessed { answers, proposes } => return acts::assessed(answers, proposes.as_deref()),
    };
    if reason == UNDONE {
        return format!("undone: severity back to {to}");
    }
    let text = match from {
        Some(from) => format!("severity {from} > {to}"),
        None => format!("severity {to}"),
    };
    because(text, reason)
}

fn title(role: &str) -> &str {
    roles::duty(role).map_or(role, |duty| duty.title)
}

fn role(event: &RoleEvent, by: &PersonId) -> String {
    match event {
        RoleEvent::Defined { role, duty } => because(format!("new role {role}"), duty),
        RoleEvent::Assigned { role, who, from, offer: Some(_), readback, .. } => {
            let from = from.as_ref().map(|from| format!(" from {from}")).unwrap_or_default();
            let voice = if who == by { String::new() } else { " by voice".to_owned() };
            because(format!("{who} accepted {}{from}{voice}", title(role)), readback)
        }
        RoleEvent::Assigned { role, who, from: Some(from), brief: Some(brief), .. } => {
            because(format!("{} handed over from {from} to {who}", title(role)), brief)
        }
        RoleEvent::Offered { role, from, to, brief } => {
            // The first line of a brief names the incident; the second says how it stands.
            let mut lines = brief.lines().map(str::trim).filter(|line| !line.is_empty());
            let said = lines.next().map(|first| lines.next().unwrap_or(first)).unwrap_or_default();
            because(format!("{} offered by {from} to {to}", title(role)), said)
        }
        RoleEvent::Declined { reason, .. } => because("a hand-over was declined".into(), reason),
        RoleEvent::Called { teams } => format!("roll call: {}", teams.join(", ")),
        RoleEvent::Present { team, who } => format!("{team} is here: {who}"),
        RoleEvent::Assigned { role, who, from: Some(from), .. } => {
            format!("{}: {who}, was {from}", title(role))
        }
        RoleEvent::Assigned { role, who, .. } if who == by => format!("took {}", title(role)),
        RoleEvent::Assigned { role, who, .. } => format!("{}: {who}", title(role)),
        RoleEvent::Released { role, who, reason } => {
            because(format!("{} released by {who}", title(role)), reason)
        }
    }
}

fn playbook(incident: &Incident, event: &PlaybookEvent) -> String {
    match event {
        PlaybookEvent::Attached { name, .. } => format!("playbook attached: {name}"),
        PlaybookEvent::Detached { run, reason } => {
            let name = incident.run(*run).map_or("?", |run| run.name.as_str());
            because(format!("playbook detached: {name}"), reason)
        }
    }
}

fn step(incident: &Incident, event: &StepEvent, by: &PersonId) -> String {
    let known = incident.run(event.run).and_then(|run| run.step_text(&event.step));
    let name = known.unwrap_or(&event.step);
    match &event.act {
        StepAct::Ticked => format!("done: {name}"),
        StepAct::Started => format!("started: {name}"),
        StepAct::Reopened => format!("open again: {name}"),
        StepAct::Skipped { reason } => format!("skipped: {name} ({reason})"),
        StepAct::Assigned { who: Some(who) } if who == by => format!("takes: {name}"),
        StepAct::Assigned { who: Some(who) } => format!("for {who}: {name}"),
        StepAct::Assigned { who: None } => format!("for nobody: {name}"),
        StepAct::Noted { text } => format!("{name}: {text}"),
        StepAct::Added { text, .. } => format!("step added: {text}"),
    }
}

fn update(event: &UpdateEvent) -> String {
    match event {
        UpdateEvent::Sent(sent) => {
            let first = headline(&sent.body);
            let approved =
                sent.approved_by.as_ref().map(|who| format!(", approved by {who}")).unwrap_or_default();
            let aside: Vec<String> = sent
                .overrides
                .iter()
                .map(|aside| format!(" [{} set aside: {}]", aside.check, aside.reason))
                .collect();
            format!("update to {} ({}{approved}): {first}{}", sent.audience, sent.word, aside.concat())
        }
        UpdateEvent::Proposed(sent) => {
            format!("asks to approve the update to {}: {}", sent.audience, headline(&sent.body))
        }
        UpdateEvent::Rejected { reason, .. } => because("the update was not approved".into(), reason),
        UpdateEvent::Due { audience, next: Some(next) } => format!("next update to {audience} due {next}"),
        UpdateEvent::Due { audience, next: None } => format!("no further update to {audience}"),
    }
}

/// The first line of a text that says something.
pub fn headline(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("")
}

/// The sentence of a delivery event.
pub(super) fn delivery(event: &DeliveryEvent) -> String {
    match event {
        DeliveryEvent::Requested(request) => {
            format!("to {} ({}): {}", request.client, request.lane, request.title)
        }
        DeliveryEvent::Attempted { attempt, .. } => format!("delivery attempt {attempt}"),
        // Only the local record has file names: nobody was told by it.
        DeliveryEvent::Confirmed { remote, .. } if remote.ends_with(".md") => {
            format!("kept in the local record as {remote}")
        }
        DeliveryEvent::Confirmed { remote, .. } => format!("delivered as {remote}"),
        DeliveryEvent::Failed { message, .. } => format!("delivery failed: {message}"),
        DeliveryEvent::Dropped { reason, .. } => because("delivery dropped".into(), reason),
        DeliveryEvent::Retried { .. } => "delivery to be tried again".into(),
        DeliveryEvent::Sought { .. } => "delivery to be looked for again".into(),
        DeliveryEvent::Reworded { title, .. } => format!("delivery with other words: {title}"),
        DeliveryEvent::TakenOver { from } => format!("takes over the deliveries of host {from}"),
        DeliveryEvent::Tuned { client, listen } => format!("from {client} it takes over: {}", listen.name()),
    }
}
