//! What is to be done outside, in words that every client of its kind understands.
//!
//! A deed says what, never how: the service's own terms live beside its client. The text that people read is the
//! `title` and `body` of the request, so that it can be put right without knowing the deed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::incident::ids::{EntryId, PersonId};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Kept beside the journal.
    #[default]
    Record,
    Chat(ChatDeed),
    Page(PageDeed),
    Ticket(TicketDeed),
}

/// Something in a chat. But for `Open` and `Adopt` it happens in the incident's channel, which must be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatDeed {
    /// Makes the incident's channel; one that is ours already is adopted. It is confirmed with the channel's id.
    Open {
        name: String,
        private: bool,
    },
    /// The incident's channel is this one, by id or name.
    Adopt {
        channel: String,
    },
    /// The body becomes the channel's topic.
    Topic,
    Bookmark {
        name: String,
        url: String,
    },
    Invite {
        who: Vec<Contact>,
    },
    /// The title is a heading, the body the text. It is confirmed with the message's id.
    Post {
        /// Another channel than the incident's, by id or name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// The message that it answers, by the service's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<String>,
    },
    /// Title and body take the place of those of a post of ours.
    Edit {
        post: EntryId,
    },
    /// Pins a post of ours.
    Pin {
        post: EntryId,
    },
}

/// Something at a paging service. But for `Open` and `Take` it is about the incident there, which must be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageDeed {
    /// Opens an incident there, which pages whoever is on call. It is confirmed with the incident's id.
    Open {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<String>,
    },
    /// The incident there is this one, by id or address.
    Take {
        incident: String,
    },
    Acknowledge,
    Resolve,
    /// The body becomes a note.
    Note,
    /// The body is told to the subscribers.
    StatusUpdate,
    Priority {
        name: String,
    },
    /// Pages these people, or the named escalation policies; the body is the message.
    Responders {
        who: Vec<Contact>,
    },
    /// Pages the next rung of the service's own ladder, or this one (from 1).
    Escalate {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<u32>,
    },
}

/// Something in a tracker. `follow_up` names the ticket of a follow-up; without it the incident's own is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketDeed {
    /// The title is the summary, the body the description. It is confirmed with the ticket's key.
    Open {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follow_up: Option<EntryId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        severity: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<Contact>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<NaiveDate>,
    },
    /// The ticket is this one, by key or address.
    Adopt {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follow_up: Option<EntryId>,
        key: String,
    },
    /// Links the follow-up's ticket to the incident's.
    Link { follow_up: EntryId },
    /// The body becomes a comment.
    Comment {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follow_up: Option<EntryId>,
    },
    /// To the status that the account's settings give for this word, such as `diagnosing` or `closed`.
    Move {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follow_up: Option<EntryId>,
        to: String,
    },
    Assign {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follow_up: Option<EntryId>,
        who: Contact,
    },
    /// The body becomes a file of this name.
    Attach { name: String },
    /// Keeps an address with the ticket; the title is its name.
    RemoteLink { url: String },
}

/// Somebody as the outside knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub id: PersonId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mail: String,
    /// The service's own id, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
}

/// A thing outside that later deeds are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The incident's channel.
    Channel,
    /// The incident at the paging service.
    Page,
    /// The incident's ticket.
    Ticket,
    /// The ticket of this follow-up.
    FollowUp(EntryId),
    /// The message that this request has posted.
    Post(EntryId),
}

impl Slot {
    /// The ticket of a follow-up, or the incident's.
    pub fn ticket(follow_up: Option<EntryId>) -> Slot {
        follow_up.map_or(Slot::Ticket, Slot::FollowUp)
    }
}

impl Deed {
    /// What is known once the deed is done; `request` names it.
    pub fn makes(&self, request: EntryId) -> Option<Slot> {
        match self {
            Deed::Chat(ChatDeed::Open { .. } | ChatDeed::Adopt { .. }) => Some(Slot::Channel),
            Deed::Chat(ChatDeed::Post { .. }) => Some(Slot::Post(request)),
            Deed::Page(PageDeed::Open { .. } | PageDeed::Take { .. }) => Some(Slot::Page),
            Deed::Ticket(TicketDeed::Open { follow_up, .. } | TicketDeed::Adopt { follow_up, .. }) => {
                Some(Slot::ticket(*follow_up))
            }
            _ => None,
        }
    }

    /// What must be known before the deed can be done: where it happens, and what else it is about.
    pub fn needs(&self) -> [Option<Slot>; 2] {
        match self {
            Deed::Record => [None, None],
            Deed::Chat(deed) => deed.needs(),
            Deed::Page(PageDeed::Open { .. } | PageDeed::Take { .. }) => [None, None],
            Deed::Page(_) => [Some(Slot::Page), None],
            Deed::Ticket(deed) => deed.needs(),
        }
    }

    /// The state that the deed sets, by a name: of two that set the same, only the newer one has to be done.
    pub fn sets(&self) -> Option<String> {
        match self {
            Deed::Chat(ChatDeed::Open { .. } | ChatDeed::Adopt { .. }) => Some("channel".to_owned()),
            Deed::Page(PageDeed::Open { .. } | PageDeed::Take { .. }) => Some("page".to_owned()),
            Deed::Ticket(TicketDeed::Open { follow_up, .. } | TicketDeed::Adopt { follow_up, .. }) => {
                Some(format!("ticket/{follow_up:?}"))
            }
            Deed::Chat(ChatDeed::Topic) => Some("topic".to_owned()),
            Deed::Chat(ChatDeed::Edit { post }) => Some(format!("edit/{post}")),
            Deed::Page(PageDeed::Priority { .. }) => Some("priority".to_owned()),
            Deed::Page(PageDeed::Acknowledge) => Some("acknowledge".to_owned()),
            Deed::Page(PageDeed::Resolve) => Some("resolve".to_owned()),
            Deed::Ticket(TicketDeed::Move { follow_up, .. }) => Some(format!("move/{follow_up:?}")),
            Deed::Ticket(TicketDeed::Assign { follow_up, .. }) => Some(format!("assign/{follow_up:?}")),
            _ => None,
        }
    }

    /// Whether nothing is written there by it: something that is there is taken.
    pub fn only_looks(&self) -> bool {
        matches!(
            self,
            Deed::Chat(ChatDeed::Adopt { .. })
                | Deed::Page(PageDeed::Take { .. })
                | Deed::Ticket(TicketDeed::Adopt { .. })
        )
    }

    /// The address that the deed keeps there under a name.
    pub fn address(&mut self) -> Option<&mut String> {
        match self {
            Deed::Chat(ChatDeed::Bookmark { url, .. }) | Deed::Ticket(TicketDeed::RemoteLink { url }) => {
                Some(url)
            }
            _ => None,
        }
    }

    /// What the deed names, where it names one thing: a channel, an incident, a priority.
    pub fn argument(&mut self) -> Option<&mut String> {
        match self {
            Deed::Chat(ChatDeed::Open { name, .. }) => Some(name),
            Deed::Chat(ChatDeed::Adopt { channel }) => Some(channel),
            Deed::Chat(ChatDeed::Bookmark { name, .. }) => Some(name),
            Deed::Page(PageDeed::Take { incident }) => Some(incident),
            Deed::Page(PageDeed::Priority { name }) => Some(name),
            Deed::Ticket(TicketDeed::Adopt { key, .. }) => Some(key),
            Deed::Ticket(TicketDeed::Move { to, .. }) => Some(to),
            _ => None,
        }
    }

    /// Whether whoever reads it is reached by it: it is confirmed before it is ordered.
    pub fn pages(&self) -> bool {
        matches!(
            self,
            Deed::Page(PageDeed::Open { .. } | PageDeed::Responders { .. } | PageDeed::Escalate { .. })
        )
    }
}

impl ChatDeed {
    fn needs(&self) -> [Option<Slot>; 2] {
        match self {
            ChatDeed::Open { .. } | ChatDeed::Adopt { .. } | ChatDeed::Post { to: Some(_), .. } => {
                [None, None]
            }
            ChatDeed::Edit { post } | ChatDeed::Pin { post } => {
                [Some(Slot::Channel), Some(Slot::Post(*post))]
            }
            _ => [Some(Slot::Channel), None],
        }
    }
}

impl TicketDeed {
    fn needs(&self) -> [Option<Slot>; 2] {
        match self {
            TicketDeed::Open { .. } | TicketDeed::Adopt { .. } => [None, None],
            TicketDeed::Link { follow_up } => [Some(Slot::FollowUp(*follow_up)), Some(Slot::Ticket)],
            TicketDeed::Comment { follow_up }
            | TicketDeed::Move { follow_up, .. }
            | TicketDeed::Assign { follow_up, .. } => [Some(Slot::ticket(*follow_up)), None],
            TicketDeed::Attach { .. } | TicketDeed::RemoteLink { .. } => [Some(Slot::Ticket), None],
        }
    }
}
