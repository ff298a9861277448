//! Fills the fields of a message from the incident and from what its log says.
//!
//! What goes outside is put together apart ([`outside`]): it names nobody, no room, no dataset, and promises nothing.

use super::facts::{Heading, Said, one_line};
use super::fields::Fields;
use super::message::Message;
use super::{clock, closing, work};
use crate::incident::event::Harm;
use crate::incident::ledger::Dataset;
use crate::incident::words::Word;
use crate::incident::{Span, Time};
use crate::report::impact::Lines;
use crate::report::names;

/// Words by which a question of triage asks who feels it, and how late data is.
const WHO: [&str; 1] = ["users"];
const LATE: [&str; 2] = ["late", "delay"];

pub(super) fn fields(message: &Message, said: &Said) -> Fields {
    let common = common(message, said);
    if message.is_external() { outside(message, said, common) } else { inside(message, said, common) }
}

/// What everybody may read.
fn common(message: &Message, said: &Said) -> Fields {
    let Message { incident, now, zone, .. } = *message;
    let level = incident.severity.as_deref().and_then(|severity| message.policy.level(severity));
    let kind = incident.kind().map(|kind| {
        let known = message.policy.kind(kind).filter(|kind| !kind.title.is_empty());
        known.map_or_else(|| one_line(kind), |kind| kind.title.clone())
    });
    let at = |time: Option<Time>| time.map(|time| clock(time, now, zone)).unwrap_or_default();
    let end = incident.resolved_at();
    let lasted = incident.declared_at().map(|start| end.unwrap_or(now).since(start).short());
    Fields {
        severity: incident.severity.as_deref().map(one_line).unwrap_or_default(),
        severity_word: level.map(|level| level.word.clone()).unwrap_or_default(),
        title: title(message),
        kind: kind.filter(|_| !incident.is_private()).unwrap_or_default(),
        drill: incident.is_drill(),
        private: incident.is_private(),
        external: message.is_external(),
        first: message.is_first(),
        resolved: message.word == Word::Resolved,
        audience: message.audience.to_owned(),
        team: message.team().unwrap_or_default().to_owned(),
        time: format!("{} {} {}", zone.date(now), zone.hm(now), zone.label(now)),
        word: message.word.name().to_owned(),
        started: at(incident.declared_at()),
        ended: at(end),
        duration: lasted.unwrap_or_default(),
        next: at(message.next),
        cause_known: incident.hypotheses.cause().is_some(),
        users: or(said.last(Heading::Users), || assessed(message, &WHO)),
        data: closing::data(message),
        ..Fields::default()
    }
}

/// A drill says so wherever it is read; a private incident keeps its title to itself.
fn title(message: &Message) -> String {
    let drill = if message.incident.is_drill() { "DRILL: " } else { "" };
    format!("{drill}{}", one_line(message.incident.public_title()))
}

fn inside(message: &Message, said: &Said, common: Fields) -> Fields {
    let incident = message.incident;
    let lines = Lines {
        incident,
        policy: message.policy,
        now: message.now,
        zone: message.zone,
        brief: message.is_executive(),
    };
    let datasets: Vec<&Dataset> = datasets(message);
    let avoid = datasets.iter().filter(|dataset| !dataset.is_recovered());
    let usable = datasets.iter().filter(|dataset| dataset.is_recovered());
    let impact = said.all(&[Heading::Impact]);
    let affected: Vec<String> = datasets.iter().map(|dataset| lines.line(dataset)).collect();
    let (know, actions) = (work::known(message, said), work::actions(said));
    let under_way = work::under_way(message);
    Fields {
        commander: incident.commander().map(|who| one_line(incident.name_of(who))).unwrap_or_default(),
        room: links(message, &["bridge", "channel"]),
        ticket: links(message, &["ticket"]),
        summary: closing::summary(message, &common),
        delay: or(said.last(Heading::Delay), || or(behind(message, &datasets), || assessed(message, &LATE))),
        datasets: datasets.iter().map(|dataset| one_line(&dataset.name)).collect(),
        consumers: consumers(&datasets),
        avoid: avoid.map(|dataset| lines.harmed(dataset)).collect(),
        usable: usable.map(|dataset| lines.good_again(dataset)).collect(),
        doing: [actions.clone(), under_way.clone()].concat(),
        steps: [under_way, said.all(&[Heading::Todo])].concat(),
        conditions: [impact.clone(), affected.clone(), know.clone()].concat(),
        needs: work::needs(message, said),
        cause: work::cause(incident, said),
        estimate: said.last(Heading::Estimate),
        fix: closing::fix(message, said),
        review: closing::review(message),
        follow_ups: closing::follow_ups(message, said),
        impact,
        affected,
        know,
        actions,
        ..common
    }
}

fn outside(message: &Message, said: &Said, common: Fields) -> Fields {
    let incident = message.incident;
    // In a private incident not even the kind of harm leaves by itself.
    if incident.is_private() {
        return Fields { users: String::new(), ..common };
    }
    let fit = |text: &String| {
        names::found(text, incident).is_empty() && names::datasets_in(text, incident).is_empty()
    };
    let notes = said.all(&[Heading::Impact]).into_iter().filter(fit);
    let harm = harm(incident.ledger.datasets(), message.word == Word::Resolved);
    let users = Some(common.users.clone()).filter(fit).unwrap_or_default();
    let impact = harm.into_iter().chain(notes).collect();
    // Readers outside felt it when their data went wrong, not when we noticed.
    let Some(began) = incident.ledger.datasets().filter_map(|dataset| dataset.known.from).min() else {
        return Fields { impact, users, ..common };
    };
    let started = clock(began, message.now, message.zone);
    let duration = incident.resolved_at().unwrap_or(message.now).since(began).max(Span::ZERO).short();
    Fields { impact, users, started, duration, ..common }
}

/// How data is harmed, without a name; when it is over, how it was. That data was exposed is for a person to say.
fn harm<'a>(datasets: impl Iterator<Item = &'a Dataset>, over: bool) -> Vec<String> {
    let told = datasets.filter(|dataset| over || !dataset.is_recovered());
    let kinds: std::collections::BTreeSet<Harm> =
        told.flat_map(|dataset| dataset.known.kinds.iter().flatten().copied()).collect();
    let say = |harm: &Harm| match harm {
        Harm::Lost => Some("missing"),
        Harm::Delayed => Some("late"),
        Harm::Corrupt => Some("wrong"),
        Harm::Exposed => None,
    };
    let is = if over { "was" } else { "is" };
    kinds.iter().filter_map(say).map(|how| format!("Some data {is} {how}.")).collect()
}

/// All datasets; for one team those that name it.
fn datasets<'a>(message: &Message<'a>) -> Vec<&'a Dataset> {
    let names = |dataset: &&Dataset| {
        let mut teams = dataset.known.teams.iter().flatten();
        message.team().is_none_or(|team| teams.any(|named| named.eq_ignore_ascii_case(team)))
    };
    message.incident.ledger.datasets().filter(names).collect()
}

fn consumers(datasets: &[&Dataset]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for consumer in datasets.iter().flat_map(|dataset| dataset.known.consumers.iter().flatten()) {
        let consumer = one_line(consumer);
        if !all.contains(&consumer) {
            all.push(consumer);
        }
    }
    all
}

/// How far the late datasets are behind, by their last good moment.
fn behind(message: &Message, datasets: &[&Dataset]) -> String {
    let late = datasets.iter().filter(|dataset| {
        !dataset.is_recovered() && dataset.known.kinds.iter().flatten().any(|harm| *harm == Harm::Delayed)
    });
    let behind = late.filter_map(|dataset| {
        let span = message.now.since(dataset.known.last_good?);
        (span > Span::ZERO).then(|| format!("{} by {}", one_line(&dataset.name), span.short()))
    });
    behind.collect::<Vec<_>>().join(", ")
}

/// What triage answered to the newest question that has one of these words.
fn assessed(message: &Message, words: &[&str]) -> String {
    let asked = |question: &str| {
        let question = question.to_lowercase();
        question.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
    };
    let all = message.incident.assessments.iter().rev().flat_map(|assessed| &assessed.answers);
    let answer = all.filter(|said| asked(&said.question)).map(|said| said.answer.trim());
    answer.filter(|answer| !matches!(*answer, "" | "-" | "unsure")).map(one_line).next().unwrap_or_default()
}

fn links(message: &Message, names: &[&str]) -> String {
    let found = names.iter().filter_map(|name| message.incident.links.get(*name));
    found.map(|link| one_line(link)).collect::<Vec<_>>().join("  ")
}

fn or(text: String, other: impl FnOnce() -> String) -> String {
    if text.is_empty() { other() } else { text }
}
