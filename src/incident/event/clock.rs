//! What happened to a clock: it ran out, somebody heard it, put it off, or answered it.
//!
//! Clocks are derived ([`crate::incident::deadline`]); these entries only say what people and time did to one. A clock is
//! named by its id, which is the same wherever and whenever it is derived.

use serde::{Deserialize, Serialize};

use crate::incident::time::Time;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockEvent {
    /// It ran out. Written once for each clock and due time, by whichever process noticed first.
    RanOut {
        clock: String,
        label: String,
        due: Time,
        /// Too small for the timeline, such as a ten-minute mark.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        quiet: bool,
    },
    /// Somebody has heard it; it stays visible.
    Acknowledged { clock: String, label: String },
    /// It rings again at `until`.
    Snoozed { clock: String, label: String, until: Time, reason: String },
    /// It was answered: told, called, finished.
    Done {
        clock: String,
        label: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Somebody was called and did not answer, or could not help: the clock goes on.
    Tried { clock: String, label: String, note: String },
    /// It counts again: takes `Done`, `Snoozed` or `Acknowledged` back.
    Restarted {
        clock: String,
        label: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

impl ClockEvent {
    pub fn clock(&self) -> &str {
        match self {
            ClockEvent::RanOut { clock, .. }
            | ClockEvent::Acknowledged { clock, .. }
            | ClockEvent::Snoozed { clock, .. }
            | ClockEvent::Done { clock, .. }
            | ClockEvent::Tried { clock, .. }
            | ClockEvent::Restarted { clock, .. } => clock,
        }
    }
}
