//! The sentences of the acts of command and of the ledgers.

use super::{because, headline};
use crate::incident::event::{
    AskEvent, Assessment, ClockEvent, DecisionEvent, FollowUpEvent, HypothesisEvent, ImpactChange,
    ImpactEvent, Outcome, Verdict,
};
use crate::incident::ids::EntryId;
use crate::incident::state::Incident;
use crate::incident::time::{Span, Time, Zone};

/// From how late on it is said that nobody was there when a clock ran out.
const LATE: Span = Span::from_mins(5);

pub(super) fn clock(event: &ClockEvent, known_at: Time) -> String {
    match event {
        ClockEvent::RanOut { label, due, .. } => {
            let late = known_at.since(*due);
            let noticed =
                if late > LATE { format!(" (noticed {} later)", late.short()) } else { String::new() };
            format!("ran out: {label}{noticed}")
        }
        ClockEvent::Acknowledged { label, .. } => format!("heard: {label}"),
        ClockEvent::Snoozed { label, until, reason, .. } => {
            because(format!("put off to {}: {label}", moment(*until)), reason)
        }
        ClockEvent::Done { label, note, .. } => because(format!("done: {label}"), note),
        ClockEvent::Tried { label, note, .. } => because(format!("tried: {label}"), note),
        ClockEvent::Restarted { label, reason, .. } => because(format!("runs again: {label}"), reason),
    }
}

/// Journals are read anywhere: the sentence of an entry names UTC.
fn moment(time: Time) -> String {
    format!("{} {} UTC", Zone::Utc.date(time), Zone::Utc.hm(time))
}

pub(super) fn ask(incident: &Incident, event: &AskEvent) -> String {
    let about = |id: EntryId| incident.asks.get(id).map_or("?", |ask| ask.what.as_str());
    match event {
        AskEvent::Asked { who, what, due } => {
            let by = due.map(|due| format!(", back by {} UTC", Zone::Utc.hm(due))).unwrap_or_default();
            format!("asks {who}: {what}{by}")
        }
        AskEvent::Answered { ask, answer } => {
            let who = incident.asks.get(*ask).map_or("?", |ask| ask.who.as_str());
            format!("{who} answers {:?}: {answer}", about(*ask))
        }
        AskEvent::Moved { ask, due, reason } => {
            let text = format!("more time for {}: back by {} UTC", about(*ask), Zone::Utc.hm(*due));
            because(text, reason)
        }
        AskEvent::Withdrawn { ask, reason } => because(format!("ask withdrawn: {}", about(*ask)), reason),
        AskEvent::Reopened { ask } => format!("ask open again: {}", about(*ask)),
    }
}

pub(super) fn decision(incident: &Incident, event: &DecisionEvent) -> String {
    let about = |id: EntryId| incident.polls.get(id).map_or("?", |poll| headline(&poll.proposal));
    match event {
        DecisionEvent::Proposed { proposal, risk, rollback, verify_by } => {
            let part = |name: &str, text: &str| {
                if text.is_empty() { String::new() } else { format!("; {name}: {text}") }
            };
            let verify =
                verify_by.map(|by| format!("; verify by {} UTC", Zone::Utc.hm(by))).unwrap_or_default();
            format!("proposes: {proposal}{}{}{verify}", part("risk", risk), part("roll back", rollback))
        }
        DecisionEvent::Objected { decision, who, objection } => {
            format!("{who} objects to {:?}: {objection}", about(*decision))
        }
        DecisionEvent::Settled { decision, outcome, reason } => {
            let word = match outcome {
                Outcome::Go => "decided",
                Outcome::NoGo => "decided against",
                Outcome::Withdrawn => "withdrawn",
            };
            because(format!("{word}: {}", about(*decision)), reason)
        }
        DecisionEvent::Verified { decision, worked, note } => {
            let word = if *worked { "it worked" } else { "it did not work" };
            because(format!("{word}: {}", about(*decision)), note)
        }
        DecisionEvent::Reopened { decision } => format!("decision open again: {}", about(*decision)),
    }
}

pub(super) fn hypothesis(incident: &Incident, event: &HypothesisEvent) -> String {
    let HypothesisEvent::Judged { hypothesis, verdict, who, evidence } = event;
    let about = incident.hypotheses.get(*hypothesis).map_or("?", |hypothesis| headline(&hypothesis.text));
    let word = match verdict {
        Verdict::Open => "open again",
        Verdict::Testing => "testing",
        Verdict::RuledOut => "ruled out",
        Verdict::Confirmed => "cause confirmed",
    };
    let who = who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
    because(format!("{word}{who}: {about}"), evidence)
}

pub(super) fn impact(event: &ImpactEvent) -> String {
    match event {
        ImpactEvent::Recorded(change) if change.undoes.is_some() => {
            format!("undone: impact on {}", change.dataset)
        }
        ImpactEvent::Recorded(change) => {
            format!("impact on {}: {}", change.dataset, facts(change).join(", "))
        }
        ImpactEvent::Withdrawn { dataset, reason } => {
            because(format!("impact on {dataset} withdrawn"), reason)
        }
        ImpactEvent::Stated { data, text } => because(format!("data: {}", data.name()), text),
    }
}

/// What a change says, one phrase for each field.
pub fn facts(change: &ImpactChange) -> Vec<String> {
    let list = |name: &str, items: &Option<Vec<String>>| {
        items.as_ref().map(|items| {
            format!("{name} {}", if items.is_empty() { "none".into() } else { items.join(", ") })
        })
    };
    let time = |name: &str, at: Option<Time>| at.map(|at| format!("{name} {}", moment(at)));
    let text = |name: &str, text: &Option<String>| {
        text.as_ref()
            .map(|text| if text.is_empty() { format!("{name} unknown") } else { format!("{name} {text}") })
    };
    let kinds = change.kinds.as_ref().map(|kinds| {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        if names.is_empty() { "not harmed".to_owned() } else { names.join(" and ") }
    });
    let rows =
        change.rows.map(|rows| format!("{}{} rows", if rows.exact { "" } else { "about " }, rows.count));
    let said = [
        kinds,
        rows,
        time("from", change.from),
        time("until", change.until),
        list("used by", &change.consumers),
        list("teams", &change.teams),
        time("last good", change.last_good),
        time("contained", change.contained),
        time("recovered", change.recovered),
        text("by", &change.how),
        text("tier", &change.tier),
        text("note:", &change.note),
    ];
    said.into_iter().flatten().collect()
}

pub(super) fn follow_up(incident: &Incident, event: &FollowUpEvent) -> String {
    let about = |id: EntryId| incident.follow_ups.get(id).map_or("?", |item| headline(&item.what.text));
    match event {
        FollowUpEvent::Opened(what) => {
            let owner = what.owner.as_ref().map_or("nobody", |owner| owner.as_str());
            let due = what.due.map(|due| format!(", by {due}")).unwrap_or_default();
            format!("follow-up for {owner}{due} ({}): {}", what.kind.name(), what.text)
        }
        FollowUpEvent::Changed { now, .. } => {
            let owner = now.owner.as_ref().map_or("nobody", |owner| owner.as_str());
            let due = now.due.map(|due| format!(", by {due}")).unwrap_or_default();
            format!("follow-up changed, {owner}{due}: {}", now.text)
        }
        FollowUpEvent::Closed { follow_up, note } => {
            let (word, note) = closed(note);
            because(format!("follow-up {word}: {}", about(*follow_up)), note)
        }
        FollowUpEvent::Reopened { follow_up, reason } => {
            because(format!("follow-up open again: {}", about(*follow_up)), reason)
        }
        FollowUpEvent::Dismissed { todo, reason } => {
            let text = incident.follow_ups.todo(*todo).map_or("?", |todo| headline(&todo.text));
            because(format!("no follow-up: {text}"), reason)
        }
    }
}

/// Whether it was done, or is no longer wanted; and what else the note says.
fn closed(note: &str) -> (&'static str, &str) {
    const WITHDRAWN: &str = "withdrawn";
    let begins = note.get(..WITHDRAWN.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(WITHDRAWN));
    match note.get(WITHDRAWN.len()..) {
        Some(rest) if begins && !rest.starts_with(char::is_alphanumeric) => {
            (WITHDRAWN, rest.trim_start_matches(|c: char| c.is_whitespace() || ":;,.-".contains(c)))
        }
        _ => ("done", note),
    }
}

pub(super) fn assessed(answers: &[Assessment], proposes: Option<&str>) -> String {
    let said: Vec<String> =
        answers.iter().map(|said| format!("{} {}", said.question.trim_end(), said.answer)).collect();
    let to = proposes.map(|to| format!(" > {to}")).unwrap_or_default();
    format!("triage: {}{to}", said.join("; "))
}
