//! What people and time did to the clocks: folded from [`ClockEvent`]s, by the clock's id.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::event::ClockEvent;
use super::ids::PersonId;
use super::time::Time;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClockState {
    /// A few words, as of the newest entry about it.
    pub label: String,
    /// The times at which it rang, each once.
    pub rang: BTreeSet<Time>,
    pub acknowledged: Option<Act>,
    pub snoozed: Option<Snooze>,
    pub done: Option<Act>,
    /// Calls that reached nobody, oldest first.
    pub tried: Vec<Act>,
}

impl ClockState {
    /// Whether somebody heard it, put it off or answered it.
    pub fn was_touched(&self) -> bool {
        self.done.is_some() || self.snoozed.is_some() || self.acknowledged.is_some()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    pub by: PersonId,
    pub at: Time,
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snooze {
    pub by: PersonId,
    pub at: Time,
    pub until: Time,
    pub reason: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clocks {
    all: BTreeMap<String, ClockState>,
}

impl Clocks {
    pub fn get(&self, id: &str) -> Option<&ClockState> {
        self.all.get(id)
    }

    pub fn all(&self) -> impl Iterator<Item = (&str, &ClockState)> {
        self.all.iter().map(|(id, state)| (id.as_str(), state))
    }

    pub fn is_done(&self, id: &str) -> bool {
        self.all.get(id).is_some_and(|state| state.done.is_some())
    }

    /// Those whose id begins with `prefix`.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a ClockState)> {
        self.all
            .range(prefix.to_owned()..)
            .take_while(move |(id, _)| id.starts_with(prefix))
            .map(|(id, state)| (id.as_str(), state))
    }

    pub(super) fn apply(&mut self, entry: &Entry, event: &ClockEvent) -> Result<(), String> {
        let known = self.all.get(event.clock());
        let refused = match event {
            ClockEvent::RanOut { due, .. } if known.is_some_and(|state| state.rang.contains(due)) => {
                "it had rung already"
            }
            ClockEvent::Done { .. } if known.is_some_and(|state| state.done.is_some()) => {
                "it had been answered"
            }
            ClockEvent::Restarted { .. } if !known.is_some_and(ClockState::was_touched) => {
                "it was running already"
            }
            _ => "",
        };
        if !refused.is_empty() {
            return Err(refused.to_owned());
        }
        let state = self.all.entry(event.clock().to_owned()).or_default();
        let (by, at) = (entry.by().clone(), entry.at());
        match event {
            ClockEvent::RanOut { label, due, .. } => {
                state.label.clone_from(label);
                state.rang.insert(*due);
            }
            ClockEvent::Acknowledged { label, .. } => {
                state.label.clone_from(label);
                state.acknowledged = Some(Act { by, at, note: String::new() });
            }
            ClockEvent::Snoozed { label, until, reason, .. } => {
                state.label.clone_from(label);
                state.snoozed = Some(Snooze { by, at, until: *until, reason: reason.clone() });
                state.acknowledged = None;
            }
            ClockEvent::Done { label, note, .. } => {
                state.label.clone_from(label);
                state.done = Some(Act { by, at, note: note.clone() });
            }
            ClockEvent::Tried { label, note, .. } => {
                state.label.clone_from(label);
                state.tried.push(Act { by, at, note: note.clone() });
            }
            ClockEvent::Restarted { .. } => {
                (state.done, state.snoozed, state.acknowledged) = (None, None, None);
            }
        }
        Ok(())
    }
}
