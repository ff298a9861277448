//! Decisions that were polled (row B5), and what may be the cause (row B9).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::event::{DecisionEvent, HypothesisEvent, Outcome, Verdict};
use super::ids::{EntryId, PersonId};
use super::time::Time;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Poll {
    pub id: EntryId,
    pub by: PersonId,
    pub at: Time,
    pub proposal: String,
    pub risk: String,
    pub rollback: String,
    pub verify_by: Option<Time>,
    pub objections: Vec<Objection>,
    pub settled: Option<Settled>,
    pub verified: Option<Verified>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Objection {
    pub who: PersonId,
    pub at: Time,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    pub outcome: Outcome,
    pub by: PersonId,
    pub at: Time,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    pub worked: bool,
    pub by: PersonId,
    pub at: Time,
    pub note: String,
}

impl Poll {
    /// Proposed, and nobody has decided.
    pub fn is_open(&self) -> bool {
        self.settled.is_none()
    }

    /// Decided, to be verified, and not verified yet.
    pub fn awaits_verification(&self) -> bool {
        let went = self.settled.as_ref().is_some_and(|settled| settled.outcome == Outcome::Go);
        went && self.verify_by.is_some() && self.verified.is_none()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Polls {
    all: Vec<Poll>,
}

impl Polls {
    pub fn all(&self) -> &[Poll] {
        &self.all
    }

    pub fn get(&self, id: EntryId) -> Option<&Poll> {
        self.all.iter().find(|poll| poll.id == id)
    }

    pub(super) fn apply(&mut self, entry: &Entry, event: &DecisionEvent) -> Result<(), String> {
        let (by, at) = (entry.by().clone(), entry.at());
        match event {
            DecisionEvent::Proposed { proposal, risk, rollback, verify_by } => self.all.push(Poll {
                id: entry.id(),
                by,
                at,
                proposal: proposal.clone(),
                risk: risk.clone(),
                rollback: rollback.clone(),
                verify_by: *verify_by,
                objections: Vec::new(),
                settled: None,
                verified: None,
            }),
            DecisionEvent::Objected { decision, who, objection } => {
                let objection = Objection { who: who.clone(), at, text: objection.clone() };
                self.known(*decision)?.objections.push(objection);
            }
            DecisionEvent::Settled { decision, outcome, reason } => {
                let poll = self.known(*decision)?;
                if poll.settled.is_some() {
                    return Err("it had been decided".into());
                }
                poll.settled = Some(Settled { outcome: *outcome, by, at, reason: reason.clone() });
            }
            DecisionEvent::Verified { decision, worked, note } => {
                let verified = Verified { worked: *worked, by, at, note: note.clone() };
                self.known(*decision)?.verified = Some(verified);
            }
            DecisionEvent::Reopened { decision } => {
                let poll = self.known(*decision)?;
                if poll.verified.take().is_none() {
                    poll.settled.take().ok_or("it was open already")?;
                }
            }
        }
        Ok(())
    }

    fn known(&mut self, id: EntryId) -> Result<&mut Poll, String> {
        let poll = self.all.iter_mut().find(|poll| poll.id == id);
        poll.ok_or_else(|| "there was no such decision".into())
    }
}

/// Something that may be the cause. Its words are those of the note with the same id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hypothesis {
    pub id: EntryId,
    pub by: PersonId,
    pub at: Time,
    pub text: String,
    pub verdict: Verdict,
    /// Who tests it.
    pub who: Option<PersonId>,
    /// Every verdict so far, oldest first.
    pub history: Vec<Judgement>,
    /// Its note was retracted or erased.
    pub void: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    pub entry: EntryId,
    pub verdict: Verdict,
    pub by: PersonId,
    pub at: Time,
    pub who: Option<PersonId>,
    pub evidence: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hypotheses {
    all: Vec<Hypothesis>,
    places: BTreeMap<EntryId, usize>,
}

impl Hypotheses {
    pub fn all(&self) -> &[Hypothesis] {
        &self.all
    }

    pub fn get(&self, id: EntryId) -> Option<&Hypothesis> {
        self.all.get(*self.places.get(&id)?)
    }

    /// Those whose note stands.
    pub fn standing(&self) -> impl Iterator<Item = &Hypothesis> {
        self.all.iter().filter(|hypothesis| !hypothesis.void)
    }

    /// The one that was confirmed last.
    pub fn cause(&self) -> Option<&Hypothesis> {
        let confirmed = self.standing().filter(|hypothesis| hypothesis.verdict == Verdict::Confirmed);
        confirmed.max_by_key(|hypothesis| hypothesis.history.last().map(|judgement| judgement.at))
    }

    fn get_mut(&mut self, id: EntryId) -> Option<&mut Hypothesis> {
        self.all.get_mut(*self.places.get(&id)?)
    }

    pub(super) fn open(&mut self, entry: &Entry, text: String, void: bool) {
        self.places.insert(entry.id(), self.all.len());
        self.all.push(Hypothesis {
            id: entry.id(),
            by: entry.by().clone(),
            at: entry.at(),
            text,
            verdict: Verdict::Open,
            who: None,
            history: Vec::new(),
            void,
        });
    }

    /// The note's words were corrected.
    pub(super) fn reword(&mut self, id: EntryId, text: &str) {
        if let Some(hypothesis) = self.get_mut(id) {
            hypothesis.text = text.to_owned();
        }
    }

    /// The note was retracted, or brought back.
    pub(super) fn retract(&mut self, id: EntryId, void: bool) {
        if let Some(hypothesis) = self.get_mut(id) {
            hypothesis.void = void;
        }
    }

    pub(super) fn apply(&mut self, entry: &Entry, event: &HypothesisEvent) -> Result<(), String> {
        let HypothesisEvent::Judged { hypothesis, verdict, who, evidence } = event;
        let hypothesis = self.get_mut(*hypothesis).ok_or("there was no such hypothesis")?;
        hypothesis.verdict = *verdict;
        if who.is_some() || *verdict == Verdict::Open {
            hypothesis.who.clone_from(who);
        }
        hypothesis.history.push(Judgement {
            entry: entry.id(),
            verdict: *verdict,
            by: entry.by().clone(),
            at: entry.at(),
            who: who.clone(),
            evidence: evidence.clone(),
        });
        Ok(())
    }
}
