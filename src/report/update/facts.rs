//! Which entries of the log speak in a message, and under which heading.
//!
//! What was retracted, erased, reopened or changed nothing is left out; corrected words are used as corrected. "Since the
//! last update" goes by when something became known, so a fact that was entered late is still news. A note says by its
//! first word what it is about: `impact`, `root cause`, `users:`, `delay:`, `estimate:`, `need:`.

use std::sync::Arc;

use crate::incident::checklist::Progress;
use crate::incident::clean::clip;
use crate::incident::describe::{headline, sentence};
use crate::incident::entry::Stamp;
use crate::incident::event::{
    AskEvent, DecisionEvent, HypothesisEvent, Outcome, StepAct, StepEvent, Verdict,
};
use crate::incident::{Class, Entry, EntryId, Event, Incident, Time};

/// Longest line, in bytes; a message is no place for a stack trace.
const LONGEST_LINE: usize = 280;
/// What a note begins with to speak of the impact, and of the root cause.
const IMPACT: &str = "impact";
const CAUSE: &str = "root cause";
/// What a note begins with, and a colon, to speak of something else.
const LABELS: [(&str, Heading); 6] = [
    ("users", Heading::Users),
    ("delay", Heading::Delay),
    ("estimate", Heading::Estimate),
    ("eta", Heading::Estimate),
    ("need", Heading::Need),
    ("needs", Heading::Need),
];

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(in crate::report) enum Heading {
    Know,
    Impact,
    Users,
    Delay,
    Estimate,
    Need,
    Cause,
    Done,
    Decided,
    Todo,
}

struct Fact {
    heading: Heading,
    text: String,
    /// When it happened.
    at: Time,
    /// When it became known, or was last corrected.
    known: (Time, Stamp),
}

/// What the log says, in the order of the timeline.
pub(in crate::report) struct Said {
    facts: Vec<Fact>,
    /// When the audience was last told.
    told: Option<(Time, Stamp)>,
}

impl Said {
    pub(in crate::report) fn gather(
        incident: &Incident,
        entries: impl Iterator<Item = Arc<Entry>>,
        audience: &str,
    ) -> Self {
        let last = incident.last_update(audience);
        let mut told = last.map(|record| (record.at, Stamp::default()));
        let mut facts = Vec::new();
        for entry in entries {
            if last.is_some_and(|record| record.id == entry.id()) {
                told = Some((entry.known_at(), entry.stamp()));
            }
            facts.extend(fact(incident, &entry));
        }
        Self { facts, told }
    }

    /// What became known since the audience was last told.
    pub(super) fn news(&self, headings: &[Heading]) -> Vec<String> {
        self.lines(|fact| headings.contains(&fact.heading) && self.told.is_none_or(|told| fact.known > told))
    }

    pub(in crate::report) fn all(&self, headings: &[Heading]) -> Vec<String> {
        self.lines(|fact| headings.contains(&fact.heading))
    }

    /// What happened from `start` on.
    pub(super) fn from(&self, headings: &[Heading], start: Time) -> Vec<String> {
        self.lines(|fact| headings.contains(&fact.heading) && fact.at >= start)
    }

    /// The newest one; empty: there is none.
    pub(super) fn last(&self, heading: Heading) -> String {
        let last = self.facts.iter().rev().find(|fact| fact.heading == heading);
        last.map(|fact| fact.text.clone()).unwrap_or_default()
    }

    fn lines(&self, passes: impl Fn(&Fact) -> bool) -> Vec<String> {
        self.facts.iter().filter(|fact| passes(fact)).map(|fact| fact.text.clone()).collect()
    }
}

/// Whether entries of this class can have a say: the others need not be read.
pub fn can_speak(class: Class) -> bool {
    use Class as C;
    let notes = matches!(class, C::Note | C::Finding | C::Decision | C::Action | C::Todo);
    notes || matches!(class, C::Step | C::Update | C::Ask | C::Hypothesis)
}

fn fact(incident: &Incident, entry: &Entry) -> Option<Fact> {
    if is_void(incident, entry) {
        return None;
    }
    let (heading, text) = match &entry.event {
        Event::Note(_) => note(incident, entry)?,
        Event::Step(step) => (Heading::Done, done_step(incident, entry, step)?),
        Event::Ask(AskEvent::Answered { ask, answer }) => {
            (Heading::Know, answered(incident, entry, *ask, answer)?)
        }
        Event::Decision(event) => decided(incident, entry, event)?,
        Event::Hypothesis(event) => (Heading::Know, judged(incident, entry, event)?),
        _ => return None,
    };
    let at = incident.happened(entry);
    let corrected =
        incident.notes.corrected.get(&entry.id()).map(|correction| (correction.when, Stamp::default()));
    let known = (entry.known_at(), entry.stamp()).max(corrected.unwrap_or_default());
    Some(Fact { heading, text, at, known })
}

fn is_void(incident: &Incident, entry: &Entry) -> bool {
    let (notes, id) = (&incident.notes, entry.id());
    notes.retracted.contains_key(&id) || notes.erased.contains_key(&id) || incident.idle.contains_key(&id)
}

/// A plain note speaks only where its first word says what it is about, or somebody marked it as important.
fn note(incident: &Incident, entry: &Entry) -> Option<(Heading, String)> {
    let text = sentence(incident, entry);
    let fact = |heading| Some((heading, one_line(&text)));
    match entry.class() {
        Class::Action => fact(Heading::Done),
        Class::Decision => Some((Heading::Decided, format!("decided: {}", one_line(&text)))),
        Class::Todo if is_taken(incident, entry.id()) => None,
        Class::Todo => fact(Heading::Todo),
        Class::Finding | Class::Note => {
            let marked = incident.notes.marked.contains(&entry.id());
            labelled(&text).or_else(|| match entry.class() {
                _ if says_affected(&text) => fact(Heading::Impact),
                Class::Finding => fact(Heading::Know),
                _ if marked => fact(Heading::Know),
                _ => None,
            })
        }
        _ => None,
    }
}

/// A TODO that became a follow-up, or was dismissed, is no next step any more.
fn is_taken(incident: &Incident, todo: EntryId) -> bool {
    incident.follow_ups.todo(todo).is_some_and(|todo| todo.taken)
}

/// What a note says of the subject that it begins with.
fn labelled(text: &str) -> Option<(Heading, String)> {
    if let Some(cause) = after_label(text, CAUSE) {
        return Some((Heading::Cause, one_line(cause)));
    }
    if let Some(impact) = after_label(text, IMPACT) {
        return Some((Heading::Impact, one_line(impact)));
    }
    LABELS.iter().find_map(|(label, heading)| {
        let (head, rest) = text.split_once(':')?;
        let said = head.trim().eq_ignore_ascii_case(label) && !rest.trim().is_empty();
        said.then(|| (*heading, one_line(rest)))
    })
}

/// What follows `label` where the text begins with it.
fn after_label<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(label.len())?;
    let whole = head.eq_ignore_ascii_case(label) && !rest.starts_with(char::is_alphanumeric);
    let rest = rest.trim_start_matches([':', ' ', '-', '=']);
    (whole && !rest.is_empty()).then_some(rest)
}

fn says_affected(text: &str) -> bool {
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "affected" | "impacted"))
    };
    words(&text.to_lowercase())
}

/// The text of a step by the tick that still holds.
fn done_step(incident: &Incident, entry: &Entry, event: &StepEvent) -> Option<String> {
    let run = incident.run(event.run).filter(|run| run.detached.is_none())?;
    let state = run.steps.get(&event.step)?;
    let holds =
        event.act == StepAct::Ticked && state.progress == Progress::Done && state.at == Some(entry.at());
    holds.then(|| run.step_text(&event.step).map(one_line)).flatten()
}

/// An answer that was not taken back.
fn answered(incident: &Incident, entry: &Entry, ask: EntryId, answer: &str) -> Option<String> {
    let ask = incident.asks.get(ask)?;
    let settled = ask.settled.as_ref()?;
    let holds = settled.at == entry.at() && settled.answer.as_deref() == Some(answer);
    holds.then(|| format!("{}: {}", one_line(&ask.what), one_line(answer)))
}

/// What was decided to be done, and whether it worked; only the outcome that still holds.
fn decided(incident: &Incident, entry: &Entry, event: &DecisionEvent) -> Option<(Heading, String)> {
    match event {
        DecisionEvent::Settled { decision, .. } => {
            let poll = incident.polls.get(*decision)?;
            let settled = poll.settled.as_ref()?;
            let holds = settled.outcome == Outcome::Go && settled.at == entry.at();
            holds.then(|| (Heading::Decided, format!("decided: {}", one_line(&poll.proposal))))
        }
        DecisionEvent::Verified { decision, worked, note } => {
            let poll = incident.polls.get(*decision)?;
            let holds = poll.verified.as_ref().is_some_and(|verified| verified.at == entry.at());
            let outcome = if *worked { "it worked" } else { "it did not work" };
            let note = if note.is_empty() { String::new() } else { format!(" ({})", one_line(note)) };
            holds.then(|| (Heading::Know, format!("{}: {outcome}{note}", one_line(&poll.proposal))))
        }
        _ => None,
    }
}

/// What was ruled out. The confirmed cause is no news of a moment: it is told each time.
fn judged(incident: &Incident, entry: &Entry, event: &HypothesisEvent) -> Option<String> {
    let HypothesisEvent::Judged { hypothesis, verdict, evidence, .. } = event;
    let hypothesis = incident.hypotheses.get(*hypothesis)?;
    let holds = hypothesis.history.last().is_some_and(|last| last.entry == entry.id());
    let evidence = if evidence.is_empty() { String::new() } else { format!(" ({})", one_line(evidence)) };
    let ruled_out = holds && *verdict == Verdict::RuledOut;
    ruled_out.then(|| format!("ruled out: {}{evidence}", one_line(&hypothesis.text)))
}

/// The first line that says something, short enough for a message.
pub(in crate::report) fn one_line(text: &str) -> String {
    let (kept, cut) = clip(headline(text), LONGEST_LINE);
    let more = cut || text.trim().lines().count() > 1;
    if more { format!("{} (more in the log)", kept.trim_end()) } else { kept.to_owned() }
}
