//! Follow-ups and the TODO notes that may become some (rows S1.10, S4.14).

mod day;
mod proposals;

use chrono::NaiveDate;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use day::{DAYS, day_of, parse_day};
pub use proposals::{Proposal, Source, proposals};

use super::entry::Entry;
use super::event::{FollowUp, FollowUpEvent};
use super::ids::{EntryId, PersonId};
use super::time::Time;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: EntryId,
    pub by: PersonId,
    pub at: Time,
    pub what: FollowUp,
    pub closed: Option<Closed>,
    /// What it was before each entry that changed it.
    pub former: Vec<(EntryId, FollowUp)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    pub by: PersonId,
    pub at: Time,
    pub note: String,
}

impl Item {
    /// Its last day is over.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.closed.is_none() && self.what.due.is_some_and(|due| due < today)
    }
}

/// A TODO note: a proposal until it becomes a follow-up or is dismissed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Todo {
    pub id: EntryId,
    pub by: PersonId,
    pub at: Time,
    pub text: String,
    pub taken: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FollowUps {
    all: Vec<Item>,
    todos: Vec<Todo>,
    /// Where a TODO stands in `todos`, by the note that it is.
    places: BTreeMap<EntryId, usize>,
}

impl FollowUps {
    pub fn all(&self) -> &[Item] {
        &self.all
    }

    pub fn get(&self, id: EntryId) -> Option<&Item> {
        self.all.iter().find(|item| item.id == id)
    }

    /// Not closed, by priority, then by due day; those without a day come last.
    pub fn open(&self) -> Vec<&Item> {
        let mut open: Vec<&Item> = self.all.iter().filter(|item| item.closed.is_none()).collect();
        open.sort_by_key(|item| (item.what.priority, item.what.due.is_none(), item.what.due));
        open
    }

    /// TODO notes that nobody has taken up or dismissed.
    pub fn proposals(&self) -> impl Iterator<Item = &Todo> {
        self.todos.iter().filter(|todo| !todo.taken)
    }

    pub fn todo(&self, id: EntryId) -> Option<&Todo> {
        self.todos.get(*self.places.get(&id)?)
    }

    pub(super) fn propose(&mut self, entry: &Entry, text: String, void: bool) {
        let (by, at) = (entry.by().clone(), entry.at());
        // A follow-up of another host may come before the note that it was made of.
        let made = self.all.iter().any(|item| item.what.from == Some(entry.id()));
        self.places.insert(entry.id(), self.todos.len());
        self.todos.push(Todo { id: entry.id(), by, at, text, taken: void || made });
    }

    pub(super) fn reword(&mut self, id: EntryId, text: &str) {
        if let Some(todo) = self.todo_mut(id) {
            todo.text = text.to_owned();
        }
    }

    /// The note was retracted, or brought back.
    pub(super) fn retract(&mut self, id: EntryId, retracted: bool) {
        if !self.places.contains_key(&id) {
            return;
        }
        let made = self.all.iter().any(|item| item.what.from == Some(id));
        if let Some(todo) = self.todo_mut(id) {
            todo.taken = retracted || made;
        }
    }

    pub(super) fn apply(&mut self, entry: &Entry, event: &FollowUpEvent) -> Result<(), String> {
        let (by, at) = (entry.by().clone(), entry.at());
        match event {
            FollowUpEvent::Opened(what) => {
                if let Some(todo) = what.from {
                    self.take_todo(todo);
                }
                let what = (**what).clone();
                self.all.push(Item { id: entry.id(), by, at, what, closed: None, former: Vec::new() });
            }
            FollowUpEvent::Changed { follow_up, now } => {
                let item = self.known(*follow_up)?;
                let former = std::mem::replace(&mut item.what, (**now).clone());
                item.former.push((entry.id(), former));
            }
            FollowUpEvent::Closed { follow_up, note } => {
                let item = self.known(*follow_up)?;
                if item.closed.is_some() {
                    return Err("it had been closed".into());
                }
                item.closed = Some(Closed { by, at, note: note.clone() });
            }
            FollowUpEvent::Reopened { follow_up, .. } => {
                self.known(*follow_up)?.closed.take().ok_or("it was open already")?;
            }
            FollowUpEvent::Dismissed { todo, .. } => self.take_todo(*todo),
        }
        Ok(())
    }

    fn todo_mut(&mut self, id: EntryId) -> Option<&mut Todo> {
        self.todos.get_mut(*self.places.get(&id)?)
    }

    fn take_todo(&mut self, id: EntryId) {
        if let Some(todo) = self.todo_mut(id) {
            todo.taken = true;
        }
    }

    fn known(&mut self, id: EntryId) -> Result<&mut Item, String> {
        self.all.iter_mut().find(|item| item.id == id).ok_or_else(|| "there was no such follow-up".into())
    }
}
