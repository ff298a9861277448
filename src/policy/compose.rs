//! Policies laid over each other: what the first has no word on is taken from the next, severity by severity by rank.
//!
//! For: one house that follows several documents. Never: invents a field that no part has, or a level that the first
//! part lacks. Start at [`Policy::compose`].

use super::triage::{Outcome, Triage};
use super::{IncidentType, Level, Notify, Policy, Rules};

impl Policy {
    /// The first part's levels and names; every field that it leaves out comes from the first later part that has it.
    /// Who is told is filled up person by person.
    /// `None`: there are no parts.
    pub fn compose(parts: Vec<Policy>) -> Option<Policy> {
        let mut parts = parts.into_iter();
        let mut whole = parts.next()?;
        let mut names = names_of(&whole);
        for mut part in parts {
            names.extend(names_of(&part));
            if whole.levels.is_empty() {
                // A file of contacts alone: the severities come from the first that has some.
                whole.levels = std::mem::take(&mut part.levels);
            } else {
                part.speak_as(&whole);
            }
            whole.fill_from(part);
        }
        if names.len() > 1 {
            whole.name = names.join("+");
            whole.parts = names;
        }
        Some(whole)
    }

    /// Severities named in types and triage get the names that `first` has for them.
    fn speak_as(&mut self, first: &Policy) {
        let (mut types, mut triage) = (std::mem::take(&mut self.types), self.triage.take());
        for kind in &mut types {
            self.rename(&mut kind.severity, first);
        }
        for outcome in triage.iter_mut().flat_map(outcomes) {
            self.rename(&mut outcome.levels, first);
        }
        self.types = types;
        self.triage = triage;
    }

    /// A rank that `first` lacks is proposed as the next graver one: a proposal may be too careful, never too mild.
    fn rename(&self, levels: &mut Vec<String>, first: &Policy) {
        let named = levels.iter().filter_map(|name| {
            let rank = self.level(name).or_else(|| first.level(name))?.rank;
            first.at_rank_or_graver(rank).map(|level| level.name.clone())
        });
        let mut renamed: Vec<String> = named.collect();
        renamed.dedup();
        *levels = renamed;
    }

    /// Takes what is still missing.
    fn fill_from(&mut self, part: Policy) {
        for level in &mut self.levels {
            if let Some(other) = part.at_rank(level.rank) {
                level.fill_from(other);
            }
        }
        unite(&mut self.types, part.types, |kind: &IncidentType| kind.name.clone());
        unite(&mut self.audiences, part.audiences, |audience| audience.name.clone());
        unite(&mut self.contacts, part.contacts, |contact| contact.role.to_lowercase());
        fill(&mut self.escalate_when, part.escalate_when);
        fill(&mut self.tiers, part.tiers);
        fill(&mut self.failures, part.failures);
        self.triage = self.triage.take().or(part.triage);
        self.axes = self.axes.take().or(part.axes);
        self.rules.fill_from(part.rules);
    }
}

impl Level {
    fn fill_from(&mut self, other: &Level) {
        for name in std::iter::once(&other.name).chain(&other.also) {
            let known =
                std::iter::once(&self.name).chain(&self.also).any(|own| own.eq_ignore_ascii_case(name));
            if !known {
                self.also.push(name.clone());
            }
        }
        self.response = self.response.take().or_else(|| other.response.clone());
        tell_too(&mut self.notify, &other.notify);
        fill(&mut self.updates, other.updates.clone());
        fill(&mut self.escalation, other.escalation.clone());
        self.postmortem = self.postmortem.take().or_else(|| other.postmortem.clone());
        if self.commander.is_empty() {
            self.commander.clone_from(&other.commander);
        }
    }
}

impl Rules {
    fn fill_from(&mut self, other: Rules) {
        self.triage = self.triage.take().or(other.triage);
        self.mark = self.mark.take().or(other.mark);
        self.accept = self.accept.take().or(other.accept);
        self.watch = self.watch.take().or(other.watch);
        self.regulatory = self.regulatory.take().or(other.regulatory);
        self.span_of_control = self.span_of_control.or(other.span_of_control);
        fill(&mut self.roll_call, other.roll_call);
    }
}

fn names_of(policy: &Policy) -> Vec<String> {
    if policy.parts.is_empty() { vec![policy.name.clone()] } else { policy.parts.clone() }
}

/// Person by person: whoever is there gets the time and the way that are missing, whoever is not is added.
fn tell_too(own: &mut Vec<Notify>, others: &[Notify]) {
    for other in others {
        match own.iter_mut().find(|notify| same_people(&notify.who, &other.who)) {
            Some(notify) => notify.fill_from(other),
            None => own.push(other.clone()),
        }
    }
}

impl Notify {
    fn fill_from(&mut self, other: &Notify) {
        if self.within.is_none() && other.within.is_some() {
            self.within.clone_from(&other.within);
            // It may say when that time does not hold.
            if self.note.is_empty() {
                self.note.clone_from(&other.note);
            }
        }
        if self.how.is_empty() {
            self.how.clone_from(&other.how);
        }
    }
}

/// The same words in the same order, but for capitals and small words. Whoever is "on-call" is the "on-call engineer"; the
/// "on-call data team" is somebody else.
fn same_people(one: &str, other: &str) -> bool {
    const SMALL: [&str; 7] = ["the", "a", "an", "of", "our", "and", "engineer"];
    let words = |text: &str| {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let large: Vec<String> =
            words.iter().filter(|word| !SMALL.contains(&word.as_str())).cloned().collect();
        if large.is_empty() { words } else { large }
    };
    words(one) == words(other)
}

fn outcomes(triage: &mut Triage) -> impl Iterator<Item = &mut Outcome> {
    let asked = triage.questions.iter_mut().flat_map(|question| {
        let answers = question.answers.iter_mut().map(|answer| &mut answer.outcome);
        question.yes.iter_mut().chain(question.no.iter_mut()).chain(answers)
    });
    asked.chain(triage.otherwise.iter_mut())
}

/// A list that says nothing is taken from the other.
fn fill<T>(own: &mut Vec<T>, other: Vec<T>) {
    if own.is_empty() {
        *own = other;
    }
}

/// Adds what has another name than all that is there.
fn unite<T>(own: &mut Vec<T>, other: Vec<T>, name: impl Fn(&T) -> String) {
    for item in other {
        if !own.iter().any(|known| name(known) == name(&item)) {
            own.push(item);
        }
    }
}
