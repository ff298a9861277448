//! Asks: who is to find out or do what, and back in how long (row B2).

use serde::{Deserialize, Serialize};

use crate::incident::ids::{EntryId, PersonId};
use crate::incident::time::Time;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskEvent {
    /// The id of this entry names the ask.
    Asked {
        who: PersonId,
        what: String,
        /// Back by then; absent: no clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Time>,
    },
    Answered {
        ask: EntryId,
        answer: String,
    },
    /// More time, or less.
    Moved {
        ask: EntryId,
        due: Time,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    Withdrawn {
        ask: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Takes the answer or the withdrawal back.
    Reopened {
        ask: EntryId,
    },
}
