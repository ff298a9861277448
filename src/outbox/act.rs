//! One outside act and how far it is.

use serde::{Deserialize, Serialize};

use crate::incident::event::{Deed, FailureClass, Requested};
use crate::incident::{Entry, EntryId, HostId, PersonId, Time};

/// One outside act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Names the act everywhere, at the remote too.
    pub request: EntryId,
    /// Its place among all requests.
    #[serde(default)]
    pub number: usize,
    /// Who carries it out: the host that asked for it, or the one that took it over.
    pub host: HostId,
    pub by: PersonId,
    pub client: String,
    pub lane: String,
    pub subject: EntryId,
    pub title: String,
    pub body: String,
    #[serde(default)]
    pub deed: Deed,
    pub requested_at: Time,
    pub attempts: u32,
    #[serde(default)]
    pub attempted_at: Option<Time>,
    /// What it needed, as it was when it was last tried: by the service's own ids.
    #[serde(default)]
    pub attempted_in: [Option<String>; 2],
    pub state: State,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not tried yet, or to be tried again at somebody's word.
    Waiting {
        from: Time,
    },
    /// It failed for a passing reason, and is tried again from `from` on.
    Failing {
        from: Time,
        message: String,
    },
    /// A call is under way, or was when the process ended.
    Attempted {
        at: Time,
    },
    /// Nobody knows whether it arrived: it must be found before any resend.
    Doubtful {
        since: Time,
        next: Time,
        message: String,
    },
    /// Somebody has to decide: edit, retry, look again or drop.
    Stuck {
        class: FailureClass,
        message: String,
    },
    Confirmed {
        at: Time,
        remote: String,
        link: Option<String>,
    },
    Dropped {
        at: Time,
    },
    /// A newer act sets the same anew.
    Superseded {
        by: EntryId,
    },
}

impl State {
    pub const fn is_settled(&self) -> bool {
        matches!(self, State::Confirmed { .. } | State::Dropped { .. } | State::Superseded { .. })
    }

    /// In one word, the same in every JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            State::Waiting { .. } => "waiting",
            State::Failing { .. } => "failing",
            State::Attempted { .. } => "attempted",
            State::Doubtful { .. } => "doubtful",
            State::Stuck { .. } => "stuck",
            State::Confirmed { .. } => "confirmed",
            State::Dropped { .. } => "dropped",
            State::Superseded { .. } => "superseded",
        }
    }

    /// What went wrong last.
    pub fn message(&self) -> Option<&str> {
        match self {
            State::Failing { message, .. }
            | State::Doubtful { message, .. }
            | State::Stuck { message, .. } => Some(message),
            _ => None,
        }
    }

    /// Whether nothing goes on until a person does something.
    pub const fn needs_person(&self) -> bool {
        matches!(self, State::Stuck { .. })
    }
}

impl Act {
    pub(super) fn new(entry: &Entry, requested: &Requested) -> Self {
        let Requested { client, lane, subject, title, body, deed } = requested.clone();
        let at = entry.at();
        Self {
            request: entry.id(),
            number: 0,
            host: entry.header.host,
            by: entry.by().clone(),
            client,
            lane,
            subject,
            title,
            body,
            deed,
            requested_at: at,
            attempts: 0,
            attempted_at: None,
            attempted_in: [None, None],
            state: State::Waiting { from: at },
        }
    }

    /// Since when nobody knows whether it arrived.
    pub fn doubted_since(&self) -> Option<Time> {
        match &self.state {
            State::Doubtful { since, .. } => Some(*since),
            State::Attempted { at } => Some(*at),
            _ => None,
        }
    }

    /// Whether it certainly did nothing so far: never tried, or refused.
    pub fn is_untold(&self) -> bool {
        match &self.state {
            State::Waiting { .. } => self.attempts == 0,
            State::Stuck { class, .. } => matches!(class, FailureClass::Permanent | FailureClass::Auth),
            _ => false,
        }
    }

    /// What can be put right of it: the name that it gives, or its heading.
    pub fn heading(&self) -> String {
        self.deed.clone().argument().map_or_else(|| self.title.clone(), |argument| argument.clone())
    }

    /// Whether it has words at all.
    pub fn has_words(&self) -> bool {
        use crate::incident::event::{ChatDeed, PageDeed, TicketDeed};
        let wordless = matches!(
            &self.deed,
            Deed::Page(
                PageDeed::Acknowledge
                    | PageDeed::Resolve
                    | PageDeed::Escalate { .. }
                    | PageDeed::Responders { .. }
            ) | Deed::Chat(ChatDeed::Pin { .. } | ChatDeed::Invite { .. })
                | Deed::Ticket(
                    TicketDeed::Link { .. } | TicketDeed::Assign { .. } | TicketDeed::Attach { .. }
                )
        );
        !wordless
    }

    /// Whether its words may still be changed: it cannot have arrived.
    pub fn can_be_reworded(&self) -> bool {
        match &self.state {
            State::Waiting { .. } | State::Failing { .. } => true,
            State::Stuck { class, .. } => *class != FailureClass::Unknown,
            _ => false,
        }
    }
}

/// One outside act and what its client must know to carry it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub act: Act,
    /// What the deed needs ([`Deed::needs`]), by the service's own ids, as far as it is known.
    pub needs: [Option<String>; 2],
    /// An exercise: whatever is written says so.
    pub drill: bool,
    pub now: Time,
}

impl Call {
    /// Names the act at the remote: the same for every attempt.
    pub fn op(&self) -> String {
        self.act.request.to_string()
    }

    pub fn deed(&self) -> &Deed {
        &self.act.deed
    }

    /// Where it happens: the channel, the page, the ticket.
    pub fn place(&self) -> Option<&str> {
        self.needs[0].as_deref()
    }

    /// What else it is about: the message that is edited, the ticket that is linked.
    pub fn other(&self) -> Option<&str> {
        self.needs[1].as_deref()
    }
}
