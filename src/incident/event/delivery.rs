//! The life of one outside act; [`crate::outbox`] folds these.

use serde::{Deserialize, Serialize};

use super::deed::Deed;
use crate::incident::ids::{EntryId, HostId};
use crate::incident::time::Span;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryEvent {
    /// The id of this entry names the act everywhere.
    Requested(Box<Requested>),
    Attempted {
        request: EntryId,
        attempt: u32,
    },
    Confirmed {
        request: EntryId,
        remote: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
    },
    Failed {
        request: EntryId,
        class: FailureClass,
        message: String,
        /// How long the remote asked us to wait.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<Span>,
        /// Nothing outside tells whether it arrived: only a person can.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ask: bool,
    },
    /// A person gave it up.
    Dropped {
        request: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A person has it sent (again): it is not there, or what kept it back is mended.
    Retried {
        request: EntryId,
    },
    /// A person has it looked for again.
    Sought {
        request: EntryId,
    },
    /// A person put the words right; it is sent with these.
    Reworded {
        request: EntryId,
        title: String,
        body: String,
    },
    /// The host that writes this carries out the open acts of that one from here on.
    TakenOver {
        from: HostId,
    },
    /// What of a channel becomes part of the timeline, from here on.
    Tuned {
        client: String,
        listen: Listen,
    },
}

impl DeliveryEvent {
    /// The act that it happens to; a request makes one, and the others concern none.
    pub fn request(&self) -> Option<EntryId> {
        match self {
            DeliveryEvent::Requested(_) | DeliveryEvent::TakenOver { .. } | DeliveryEvent::Tuned { .. } => {
                None
            }
            DeliveryEvent::Attempted { request, .. }
            | DeliveryEvent::Confirmed { request, .. }
            | DeliveryEvent::Failed { request, .. }
            | DeliveryEvent::Dropped { request, .. }
            | DeliveryEvent::Retried { request }
            | DeliveryEvent::Sought { request }
            | DeliveryEvent::Reworded { request, .. } => Some(*request),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// Which account delivers it: `local` is the record beside the journal.
    pub client: String,
    /// The lane whose order is kept: a channel, a token, a ticket.
    pub lane: String,
    /// The entry that it is about.
    pub subject: EntryId,
    pub title: String,
    pub body: String,
    #[serde(default, skip_serializing_if = "is_record")]
    pub deed: Deed,
}

fn is_record(deed: &Deed) -> bool {
    *deed == Deed::Record
}

/// Why a delivery failed; the same five everywhere.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// Try again by itself.
    Transient,
    /// Nobody knows whether it arrived: find it before any resend.
    Unknown,
    /// It will never work as it is: edit it or drop it.
    Permanent,
    /// It had been done before: a success.
    AlreadyDone,
    /// The account waits until somebody mends it.
    Auth,
}

/// Which messages of a channel become entries.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listen {
    Off,
    /// What somebody pins.
    #[default]
    Pinned,
    /// What somebody marks with the configured emoji.
    Emoji,
    All,
}

impl Listen {
    pub const ALL: [Listen; 4] = [Listen::Off, Listen::Pinned, Listen::Emoji, Listen::All];

    pub const fn name(self) -> &'static str {
        match self {
            Listen::Off => "off",
            Listen::Pinned => "pinned",
            Listen::Emoji => "emoji",
            Listen::All => "all",
        }
    }
}
