//! The class of an event: what a list, a filter or a colour needs to know of it.

use serde::{Deserialize, Serialize};

use super::super::scribe::NoteKind;

/// What an entry is about, for lists, filters and colours.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Class {
    Note = 0,
    Decision,
    Hypothesis,
    Finding,
    Action,
    Todo,
    Incident,
    Status,
    Severity,
    Role,
    Playbook,
    Step,
    Update,
    Delivery,
    /// Corrections, retractions, marks: shown with the entry that they are about.
    Bookkeeping,
    Unknown,
    Erased,
    Damaged,
    Ask,
    Impact,
    Clock,
}

impl Class {
    pub const ALL: [Class; 21] = [
        Class::Note,
        Class::Decision,
        Class::Hypothesis,
        Class::Finding,
        Class::Action,
        Class::Todo,
        Class::Incident,
        Class::Status,
        Class::Severity,
        Class::Role,
        Class::Playbook,
        Class::Step,
        Class::Update,
        Class::Delivery,
        Class::Bookkeeping,
        Class::Unknown,
        Class::Erased,
        Class::Damaged,
        Class::Ask,
        Class::Impact,
        Class::Clock,
    ];

    /// The class with this number; numbers of a newer version read as unknown.
    pub fn from_u8(n: u8) -> Class {
        Self::ALL.get(usize::from(n)).copied().unwrap_or(Class::Unknown)
    }

    /// Whether entries of this class are lines of the timeline. Corrections and marks are shown with
    /// the entry that they are about, deliveries with what is delivered.
    pub const fn on_timeline(self) -> bool {
        !matches!(self, Class::Bookkeeping | Class::Delivery)
    }

    pub const fn of_note(kind: NoteKind) -> Class {
        match kind {
            NoteKind::Note => Class::Note,
            NoteKind::Decision => Class::Decision,
            NoteKind::Hypothesis => Class::Hypothesis,
            NoteKind::Finding => Class::Finding,
            NoteKind::Action => Class::Action,
            NoteKind::Todo => Class::Todo,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Class::Note => "note",
            Class::Decision => "decision",
            Class::Hypothesis => "hypothesis",
            Class::Finding => "finding",
            Class::Action => "action",
            Class::Todo => "todo",
            Class::Incident => "incident",
            Class::Status => "status",
            Class::Severity => "severity",
            Class::Role => "role",
            Class::Playbook => "playbook",
            Class::Step => "step",
            Class::Update => "update",
            Class::Delivery => "delivery",
            Class::Bookkeeping => "correction",
            Class::Unknown => "unknown",
            Class::Erased => "erased",
            Class::Damaged => "damaged",
            Class::Ask => "ask",
            Class::Impact => "impact",
            Class::Clock => "clock",
        }
    }
}
