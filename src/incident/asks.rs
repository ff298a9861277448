//! The asks of an incident: who owes which answer, and by when (row B2).

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::event::AskEvent;
use super::ids::{EntryId, PersonId};
use super::time::Time;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    pub id: EntryId,
    /// Who asked, and when.
    pub by: PersonId,
    pub at: Time,
    pub who: PersonId,
    pub what: String,
    pub due: Option<Time>,
    pub settled: Option<Settled>,
}

/// How an ask ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    pub by: PersonId,
    pub at: Time,
    /// `None`: withdrawn.
    pub answer: Option<String>,
    pub reason: String,
}

impl Ask {
    pub fn is_open(&self) -> bool {
        self.settled.is_none()
    }
}

/// All asks, in the order in which they were asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asks {
    all: Vec<Ask>,
}

impl Asks {
    pub fn all(&self) -> &[Ask] {
        &self.all
    }

    pub fn get(&self, id: EntryId) -> Option<&Ask> {
        self.all.iter().find(|ask| ask.id == id)
    }

    /// Not answered yet, the soonest due first; those without a time come last.
    pub fn open(&self) -> Vec<&Ask> {
        let mut open: Vec<&Ask> = self.all.iter().filter(|ask| ask.is_open()).collect();
        open.sort_by_key(|ask| (ask.due.is_none(), ask.due));
        open
    }

    pub(super) fn apply(&mut self, entry: &Entry, event: &AskEvent) -> Result<(), String> {
        let (by, at) = (entry.by().clone(), entry.at());
        match event {
            AskEvent::Asked { who, what, due } => {
                let (who, what) = (who.clone(), what.clone());
                self.all.push(Ask { id: entry.id(), by, at, who, what, due: *due, settled: None });
            }
            AskEvent::Answered { ask, answer } => {
                let answer = Some(answer.clone());
                self.running(*ask)?.settled = Some(Settled { by, at, answer, reason: String::new() });
            }
            AskEvent::Withdrawn { ask, reason } => {
                self.running(*ask)?.settled = Some(Settled { by, at, answer: None, reason: reason.clone() });
            }
            AskEvent::Moved { ask, due, .. } => self.running(*ask)?.due = Some(*due),
            AskEvent::Reopened { ask } => {
                let ask =
                    self.all.iter_mut().find(|other| other.id == *ask).ok_or("there was no such ask")?;
                ask.settled.take().ok_or("it was open already")?;
            }
        }
        Ok(())
    }

    fn running(&mut self, id: EntryId) -> Result<&mut Ask, String> {
        let ask = self.all.iter_mut().find(|ask| ask.id == id).ok_or("there was no such ask")?;
        if ask.settled.is_some() { Err("it had been answered or withdrawn".into()) } else { Ok(ask) }
    }
}
