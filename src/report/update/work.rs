//! The work of the room as lines of a message: what is known, done, under way and needed.

use super::clock;
use super::facts::{Heading, Said, one_line};
use super::message::Message;
use crate::incident::Incident;
use crate::incident::checklist::Progress;

/// What became known since the audience was last told; when that is nothing, what is known at all. The confirmed cause
/// is told each time.
pub(super) fn known(message: &Message, said: &Said) -> Vec<String> {
    let headings = [Heading::Know, Heading::Cause];
    let news = said.news(&headings);
    let known = if news.is_empty() { said.all(&headings) } else { news };
    confirmed(message.incident).map(|cause| format!("cause: {cause}")).into_iter().chain(known).collect()
}

fn confirmed(incident: &Incident) -> Option<String> {
    incident.hypotheses.cause().map(|cause| one_line(&cause.text))
}

pub(super) fn cause(incident: &Incident, said: &Said) -> Vec<String> {
    confirmed(incident).into_iter().chain(said.all(&[Heading::Cause])).collect()
}

pub(super) fn actions(said: &Said) -> Vec<String> {
    said.news(&[Heading::Done, Heading::Decided])
}

/// Steps under way, and answers that are waited for.
pub(super) fn under_way(message: &Message) -> Vec<String> {
    let incident = message.incident;
    let lines = incident.attached_runs().flat_map(|run| run.lines());
    let started = lines.filter(|line| line.progress() == Progress::Started).map(|line| {
        let owner = line.state.and_then(|state| state.owner.as_ref());
        let who = owner.map(|who| format!(", {}", one_line(incident.name_of(who)))).unwrap_or_default();
        format!("under way: {}{who}", one_line(line.text))
    });
    let asked = incident.asks.open().into_iter().map(|ask| {
        let by = ask.due.map(|due| {
            let said = if due < message.now { "was due" } else { "back by" };
            format!(", {said} {}", clock(due, message.now, message.zone))
        });
        let who = one_line(incident.name_of(&ask.who));
        format!("under way: {who}: {}{}", one_line(&ask.what), by.unwrap_or_default())
    });
    started.chain(asked).collect()
}

/// What the room cannot get by itself: people, answers, decisions, and what notes ask for.
pub(super) fn needs(message: &Message, said: &Said) -> Vec<String> {
    let incident = message.incident;
    let vacant: Vec<&str> = incident.roles.vacant().map(|duty| duty.title).collect();
    let vacant = (!vacant.is_empty()).then(|| format!("somebody as {}", vacant.join(", ")));
    let late = incident.asks.open().into_iter().filter(|ask| ask.due.is_some_and(|due| due < message.now));
    let late = late
        .map(|ask| format!("an answer of {}: {}", one_line(incident.name_of(&ask.who)), one_line(&ask.what)));
    let open = incident.polls.all().iter().filter(|poll| poll.is_open());
    let open = open.map(|poll| format!("a decision: {}", one_line(&poll.proposal)));
    said.all(&[Heading::Need]).into_iter().chain(open).chain(late).chain(vacant).collect()
}
