//! The head of `show` and `replay`: what a newcomer asks first, one line for each thing that is so.

use super::{because, hm, left, moment, short_id};
use crate::cli::desk::Found;
use crate::incident::deadline::{Deadline, Urgency, deadlines};
use crate::incident::decisions::{Hypothesis, Poll};
use crate::incident::describe::headline;
use crate::incident::event::Verdict;
use crate::incident::ledger::Dataset;
use crate::incident::roles::{Seat, role_key};
use crate::incident::{Incident, Time, Zone};

/// Most clocks in the head; `warroom clock` has them all.
const CLOCKS: usize = 5;

/// The state of an incident at `now`, in lines.
pub fn head(at: &Found, incident: &Incident, zone: Zone, now: Time) -> Vec<String> {
    let drill = if incident.is_drill() { " (drill)" } else { "" };
    let private = if incident.is_private() { " (private)" } else { "" };
    let mut lines = vec![format!("{}: {}{drill}{private}", at.name(), incident.title())];
    let severity = incident.severity.as_deref().unwrap_or("no severity");
    let mut facts = vec![severity.to_owned(), format!("{} (phase: {})", incident.status, incident.phase())];
    facts.extend(incident.kind().map(str::to_owned));
    facts.extend(lasted(incident, now));
    lines.push(facts.join(" · "));
    lines.extend(declared(incident, zone));
    lines.extend(agreed(incident, now));
    lines.extend(roles(incident));
    lines.extend(offers(incident));
    for run in incident.attached_runs() {
        let (done, total) = run.totals();
        lines.push(format!("checklist: {} {done}/{total}", run.title()));
    }
    lines.extend(incident.links.iter().map(|(what, url)| format!("{what}: {url}")));
    lines.extend(work(incident, zone, now));
    lines.extend(clocks(incident, zone, now));
    lines.extend(incident.policy_trouble().map(|trouble| format!("notice: {trouble}")));
    lines.extend(incident.notices.iter().map(|notice| format!("notice: {}", notice.text)));
    lines
}

fn declared(incident: &Incident, zone: Zone) -> Option<String> {
    let declared = incident.declared.as_ref()?;
    let reporter =
        declared.what.reporter.as_ref().map(|who| format!(", reported by {who}")).unwrap_or_default();
    let channel = declared.what.channel.as_ref().map(|place| format!(" via {place}")).unwrap_or_default();
    Some(format!("declared {} by {}{reporter}{channel}", moment(declared.at, zone), declared.by))
}

fn lasted(incident: &Incident, now: Time) -> Option<String> {
    let start = incident.declared_at()?;
    Some(match incident.resolved_at() {
        Some(end) => format!("lasted {}", end.since(start).short()),
        None => format!("running {}", now.since(start).short()),
    })
}

/// The policy in force, and how long each severity has held where there were several.
fn agreed(incident: &Incident, now: Time) -> Option<String> {
    let pinned = incident.policies.last()?;
    let names: Vec<&str> = pinned.parts.iter().map(|part| part.name.as_str()).collect();
    let spans = incident.time_in_severity(now);
    let held: Vec<String> = spans.iter().map(|(name, span)| format!("{name} {}", span.short())).collect();
    let held = if held.len() > 1 { format!(" · at {}", held.join(", ")) } else { String::new() };
    Some(format!("policy: {}{held}", names.join(" + ")))
}

fn roles(incident: &Incident) -> Vec<String> {
    let seats = incident.roles.seats();
    let kind = incident.kind().and_then(|kind| incident.policy()?.kind(kind));
    let wanted: Vec<String> =
        kind.into_iter().flat_map(|kind| &kind.roles).map(|role| role_key(role)).collect();
    let needed = |seat: &Seat| seat.needed || wanted.iter().any(|role| role == seat.role);
    let shown = seats.iter().filter(|seat| needed(seat) || !seat.holders.is_empty());
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

fn offers(incident: &Incident) -> impl Iterator<Item = String> + '_ {
    incident.roles.offers().iter().map(|offer| {
        format!(
            "offered: {} by {} to {}, not accepted yet  [{}]",
            offer.role,
            offer.from,
            offer.to,
            short_id(offer.id)
        )
    })
}

/// What is being found out, decided and put right.
fn work(incident: &Incident, zone: Zone, now: Time) -> Vec<String> {
    let mut lines = Vec::new();
    for ask in incident.asks.open() {
        let due = ask.due.map(|due| format!(" ({})", left(due, now))).unwrap_or_default();
        lines.push(format!("asked {}: {}{due}  [{}]", ask.who, ask.what, short_id(ask.id)));
    }
    lines.extend(incident.polls.all().iter().filter_map(|poll| decision(poll, now)));
    lines.extend(incident.hypotheses.all().iter().filter_map(|hypothesis| {
        let retracted = incident.notes.retracted.contains_key(&hypothesis.id);
        (!retracted).then(|| cause(hypothesis))
    }));
    lines.extend(incident.ledger.datasets().map(|dataset| impact(dataset, zone)));
    lines.extend(
        incident
            .ledger
            .stated
            .as_ref()
            .map(|said| format!("data: {}{}", said.data.name(), because(&said.text))),
    );
    for proposed in incident.awaiting_approval() {
        let (audience, by) = (&proposed.update.audience, &proposed.by);
        lines.push(format!("waits for approval: update to {audience} by {by}  [{}]", short_id(proposed.id)));
    }
    let missing: Vec<&str> = incident.roles.roll_call().missing().map(|team| team.name.as_str()).collect();
    if !missing.is_empty() {
        lines.push(format!("roll call, not here: {}", missing.join(", ")));
    }
    for item in incident.follow_ups.open() {
        let owner = item.what.owner.as_ref().map_or("NOBODY", |owner| owner.as_str());
        let due = item.what.due.map(|due| format!(", by {due}")).unwrap_or_default();
        lines.push(format!(
            "follow-up of {owner}{due}: {}  [{}]",
            headline(&item.what.text),
            short_id(item.id)
        ));
    }
    lines
}

/// One that waits for an outcome, or to be looked at.
fn decision(poll: &Poll, now: Time) -> Option<String> {
    let id = short_id(poll.id);
    let text = headline(&poll.proposal);
    if poll.is_open() {
        let objections = match poll.objections.len() {
            0 => String::new(),
            1 => ", 1 objection".to_owned(),
            many => format!(", {many} objections"),
        };
        return Some(format!("to decide{objections}: {text}  [{id}]"));
    }
    let by = poll.verify_by.filter(|_| poll.awaits_verification())?;
    Some(format!("to verify ({}): {text}  [{id}]", left(by, now)))
}

fn cause(hypothesis: &Hypothesis) -> String {
    let who = hypothesis.who.as_ref().filter(|_| hypothesis.verdict == Verdict::Testing);
    let who = who.map(|who| format!(" by {who}")).unwrap_or_default();
    let word = match hypothesis.verdict {
        Verdict::Testing => "tested",
        other => other.name(),
    };
    format!("cause? {word}{who}: {}  [{}]", headline(&hypothesis.text), short_id(hypothesis.id))
}

fn impact(dataset: &Dataset, zone: Zone) -> String {
    let known = &dataset.known;
    let mut facts: Vec<String> = Vec::new();
    if let Some(kinds) = &known.kinds {
        facts.push(kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" and "));
    }
    facts.extend(
        known.rows.map(|rows| format!("{}{} rows", if rows.exact { "" } else { "about " }, rows.count)),
    );
    facts.push(match (known.recovered, known.contained) {
        (Some(at), _) => format!("recovered {}", hm(at, zone)),
        (None, Some(at)) => format!("contained {}, NOT recovered", hm(at, zone)),
        (None, None) => "NOT contained".to_owned(),
    });
    format!("impact on {}: {}", dataset.name, facts.join(", "))
}

/// The soonest ones. Those of one label are counted, the soonest of them stands for all.
fn clocks(incident: &Incident, zone: Zone, now: Time) -> Vec<String> {
    let mut labels: Vec<(Deadline, usize)> = Vec::new();
    for clock in deadlines(incident, now).into_iter().filter(|clock| !clock.quiet) {
        match labels.iter_mut().find(|(first, _)| first.label == clock.label) {
            Some((_, count)) => *count += 1,
            None => labels.push((clock, 1)),
        }
    }
    let more: usize = labels.iter().skip(CLOCKS).map(|(_, count)| count).sum();
    let mut lines: Vec<String> =
        labels.iter().take(CLOCKS).map(|(first, count)| clock(first, *count, zone, now)).collect();
    if more > 0 {
        lines.push(format!("+{more} more (warroom clock)"));
    }
    lines
}

fn clock(clock: &Deadline, count: usize, zone: Zone, now: Time) -> String {
    let heard = if clock.urgency(now) == Urgency::Heard { ", heard" } else { "" };
    let times = if count > 1 { format!(" ({count} of them)") } else { String::new() };
    format!("due {}{times}: {} ({}{heard})", clock.label, moment(clock.due, zone), left(clock.due, now))
}
