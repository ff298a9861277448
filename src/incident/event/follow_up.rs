//! Follow-ups: what is still to be done when the incident is over (rows S1.10, S4.14).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::incident::ids::{EntryId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpEvent {
    /// The id of this entry names the follow-up. Boxed: it is large.
    Opened(Box<FollowUp>),
    /// Replaces all of it.
    Changed { follow_up: EntryId, now: Box<FollowUp> },
    Closed {
        follow_up: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    Reopened {
        follow_up: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A proposal (a TODO note) that will not become a follow-up.
    Dismissed {
        todo: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowUp {
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// The last day, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    pub priority: Priority,
    pub kind: FollowUpKind,
    /// Where it is tracked: a ticket, an address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The TODO note that it was made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<EntryId>,
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    High,
    #[default]
    Medium,
    Low,
}

impl Priority {
    pub const ALL: [Priority; 3] = [Priority::High, Priority::Medium, Priority::Low];

    pub const fn name(self) -> &'static str {
        match self {
            Priority::High => "high",
            Priority::Medium => "medium",
            Priority::Low => "low",
        }
    }
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpKind {
    /// So that it does not happen again.
    #[default]
    Preventive,
    /// So that it is noticed sooner.
    Detective,
    /// So that what it broke is put right.
    Corrective,
}

impl FollowUpKind {
    pub const ALL: [FollowUpKind; 3] =
        [FollowUpKind::Preventive, FollowUpKind::Detective, FollowUpKind::Corrective];

    pub const fn name(self) -> &'static str {
        match self {
            FollowUpKind::Preventive => "preventive",
            FollowUpKind::Detective => "detective",
            FollowUpKind::Corrective => "corrective",
        }
    }
}
