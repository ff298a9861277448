//! What people ask for. [`super::decide::decide`] turns a command into events, or refuses it in words.

use super::event::{Declared, Event, FailureClass, Person, SentUpdate};
use super::ids::{EntryId, PersonId};
use super::scribe::NoteKind;
use super::time::{Span, Time, When};
use super::words::Status;

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Declare(Declare),
    Retitle {
        title: String,
    },
    Retype {
        kind: String,
    },
    Link {
        what: String,
        url: String,
    },
    Note {
        kind: NoteKind,
        text: String,
    },
    Correct {
        target: EntryId,
        text: String,
        at: Option<When>,
    },
    Retract {
        target: EntryId,
        reason: String,
    },
    Restore {
        target: EntryId,
    },
    Mark {
        target: EntryId,
        on: bool,
    },
    Status {
        to: Status,
        reason: String,
    },
    Severity {
        to: String,
        reason: String,
    },
    Role(RoleCommand),
    Name(Person),
    Attach(PinnedPlaybook),
    Detach {
        run: EntryId,
        reason: String,
    },
    Step {
        run: EntryId,
        step: String,
        act: StepCommand,
    },
    Update(SentUpdate),
    UpdateDue {
        audience: String,
        next: Option<Time>,
    },
    Delivery(DeliveryCommand),
    Erase {
        target: EntryId,
        reason: String,
    },
    /// The compensating entry for an entry of the journal.
    Undo {
        entry: EntryId,
        event: Event,
    },
}

/// Everything but the title can be filled in later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declare {
    pub what: Declared,
    pub severity: Option<String>,
    pub severity_reason: String,
    pub commander: Option<PersonId>,
    pub playbook: Option<PinnedPlaybook>,
}

/// A playbook with its whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedPlaybook {
    pub name: String,
    /// SHA-256 of the text, 64 hexadecimal digits; whoever reads the file computes it.
    pub digest: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum RoleCommand {
    Define {
        role: String,
        duty: String,
    },
    /// Replaces the holder where one person holds the role.
    Assign {
        role: String,
        who: PersonId,
    },
    Release {
        role: String,
        who: Option<PersonId>,
        reason: String,
    },
    /// Refused unless somebody holds the role.
    HandOver {
        role: String,
        to: PersonId,
        brief: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum StepCommand {
    Tick,
    Start,
    Reopen,
    Skip {
        reason: String,
    },
    Assign {
        who: Option<PersonId>,
    },
    Note {
        text: String,
    },
    /// The step's id is made from the text.
    Add {
        phase: String,
        text: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum DeliveryCommand {
    Request { client: String, lane: String, subject: EntryId, title: String, body: String },
    Attempt { request: EntryId, attempt: u32 },
    Confirm { request: EntryId, remote: String, link: Option<String> },
    Fail { request: EntryId, class: FailureClass, message: String, retry_after: Option<Span> },
    Drop { request: EntryId, reason: String },
}
