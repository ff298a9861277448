//! What only the last message says: the fate of the data, how it was fixed, the review, what is still to be done (rows
//! S4.13, S4.14, S1.2).

use super::facts::{Heading, Said, one_line};
use super::fields::Fields;
use super::message::Message;
use super::{clock, place};
use crate::incident::event::{DataLoss, Outcome};
use crate::incident::ids::PersonId;
use crate::incident::words::Phase;
use crate::policy::Need;

/// What was stated of the data. Outside only the word counts: the specifics were written for insiders.
pub(super) fn data(message: &Message) -> String {
    let Some(stated) = &message.incident.ledger.stated else { return String::new() };
    if message.is_external() {
        return match stated.data {
            DataLoss::None => "none was lost.".to_owned(),
            DataLoss::Delayed => "some was delayed, none was lost.".to_owned(),
            DataLoss::Lost => format!("some was lost: {}", place("which, in plain words")),
        };
    }
    let text = one_line(&stated.text);
    if text.is_empty() { stated.data.name().to_owned() } else { format!("{}: {text}", stated.data.name()) }
}

/// What happened, from when to when.
pub(super) fn summary(message: &Message, common: &Fields) -> String {
    match (common.started.as_str(), common.ended.as_str()) {
        ("", _) => String::new(),
        (start, "") => format!("{}, since {start}.", common.title),
        (start, _) => {
            let end = message.incident.resolved_at().map(|end| clock(end, message.now, message.zone));
            format!("{}, from {start} to {}.", common.title, end.unwrap_or_default())
        }
    }
}

/// What was done from the moment a fix was under way, else all that was done; and why it counts as resolved.
pub(super) fn fix(message: &Message, said: &Said) -> Vec<String> {
    let incident = message.incident;
    let fixing = incident.phase_starts().into_iter().find(|(phase, _)| *phase == Phase::Resolve);
    let mut lines = fixing.map(|(_, start)| said.from(&[Heading::Done], start)).unwrap_or_default();
    if lines.is_empty() {
        lines = said.all(&[Heading::Done, Heading::Decided]);
    }
    let turn = incident.statuses.last().filter(|turn| turn.to.is_over() && !turn.reason.is_empty());
    // What taking back something left behind is no reason.
    let turn = turn.filter(|turn| !turn.reason.trim().to_lowercase().starts_with("undone"));
    for line in &mut lines {
        let mut went = incident.polls.all().iter().filter(|poll| {
            format!("decided: {}", one_line(&poll.proposal)) == *line
                && poll.settled.as_ref().is_some_and(|settled| settled.outcome == Outcome::Go)
        });
        match went.next().map(|poll| poll.verified.as_ref().map(|verified| verified.worked)) {
            Some(None) => line.push_str(" (not verified)"),
            Some(Some(false)) => line.push_str(" (it did not work)"),
            _ => {}
        }
    }
    lines.extend(turn.map(|turn| one_line(&turn.reason)));
    lines
}

/// When the post-mortem is due: so long after the resolution, or after now where that is what is being said.
pub(super) fn review(message: &Message) -> String {
    let incident = message.incident;
    let level = incident.severity.as_deref().and_then(|severity| message.policy.level(severity));
    let Some(postmortem) = level.and_then(|level| level.postmortem.as_ref()) else { return String::new() };
    let resolved = incident.resolved_at().unwrap_or(message.now);
    match (postmortem.need, &postmortem.due) {
        (Need::None, _) => "none is required".to_owned(),
        (Need::Optional, _) => "if the team wants one".to_owned(),
        (Need::Required, None) => String::new(),
        (Need::Required, Some(within)) => {
            let due = clock(resolved + within.span, message.now, message.zone);
            format!("post-mortem due {due} (within {within})")
        }
    }
}

/// What is open, then what was noted and taken up by nobody.
pub(super) fn follow_ups(message: &Message, said: &Said) -> Vec<String> {
    let incident = message.incident;
    let open = incident.follow_ups.open().into_iter().map(|item| {
        let owner = item.what.owner.as_ref().map(|owner: &PersonId| one_line(incident.name_of(owner)));
        let due = item.what.due.map(|due| format!("by {due}"));
        let who: Vec<String> = owner.into_iter().chain(due).collect();
        let who = if who.is_empty() { String::new() } else { format!(" ({})", who.join(", ")) };
        format!("{}{who}", one_line(&item.what.text))
    });
    open.chain(said.all(&[Heading::Todo])).collect()
}
