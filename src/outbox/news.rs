//! What arrives from outside: messages, edits, words in the channel, facts of a service.
//!
//! Made by clients, turned into entries by the room. Each piece carries the service's own id, so that however often it
//! arrives it becomes one entry; our own echoes carry the id of the act and are dropped.

use super::routes::People;
use crate::incident::event::{Listen, Person, Slot};
use crate::incident::{PersonId, Time};

/// What an account is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pull {
    /// What the account has for this incident.
    pub places: Vec<(Slot, String)>,
    /// Where the last pull ended; `None`: at `since`.
    pub cursor: Option<String>,
    /// When the incident was declared, or the place became known.
    pub since: Time,
    pub now: Time,
    pub listen: Listen,
}

impl Pull {
    pub fn place(&self, slot: Slot) -> Option<&str> {
        self.places.iter().find(|(known, _)| *known == slot).map(|(_, remote)| remote.as_str())
    }
}

/// What it answers: the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    pub news: Vec<News>,
    /// Where to go on; `None`: as before.
    pub cursor: Option<String>,
    /// There is more at once.
    pub more: bool,
}

/// One piece of news.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// The service's own id of it, unique within the account, such as `C024BE91L/1700000000.000200`.
    pub remote: String,
    /// When it was posted or happened there.
    pub at: Time,
    pub author: Author,
    pub link: Option<String>,
    pub what: What,
    /// The request of ours that made it: an echo.
    pub echo_of: Option<String>,
}

/// Somebody as a service names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// The service's own id.
    pub remote: String,
    pub name: String,
    pub mail: String,
    /// A program, not a person.
    pub bot: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Somebody said it.
    Said {
        text: String,
    },
    /// What was said has other words now; `of` is the id of that piece of news.
    Edited {
        of: String,
        text: String,
    },
    Deleted {
        of: String,
    },
    /// `!note …`, `!role …` and their like, without the `!`.
    Word {
        line: String,
    },
    /// The service or somebody in it did something, as a sentence.
    Fact {
        text: String,
    },
    /// A ticket has another status there.
    Moved {
        slot: Slot,
        status: String,
        done: bool,
    },
    /// A ticket has another assignee there; empty: nobody.
    Assigned {
        slot: Slot,
        who: String,
    },
}

impl Author {
    /// What they are called where nobody knows them better.
    pub fn handle(&self) -> PersonId {
        PersonId::new(if self.name.is_empty() { &self.remote } else { &self.name })
    }
}

/// Who an author is among these people: by the service's id, then by mail.
pub fn person(people: &People, account: &str, author: &Author) -> Option<PersonId> {
    let by_id =
        |person: &&Person| person.ids.get(account).is_some_and(|id| !id.is_empty() && *id == author.remote);
    let by_mail =
        |person: &&Person| !author.mail.is_empty() && person.mail.eq_ignore_ascii_case(&author.mail);
    let known = people.values().find(by_id).or_else(|| people.values().find(by_mail));
    known.map(|person| person.id.clone())
}
