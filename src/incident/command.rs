//! What people ask for. [`super::decide::decide`] turns a command into events, or refuses it in words.

use super::event::{
    Assessment, DataLoss, Declared, Event, FailureClass, FollowUp, ImpactChange, Listen, Outcome, Person,
    Requested, SentUpdate, Verdict,
};
use super::ids::{EntryId, HostId, PersonId};
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
    Private {
        on: bool,
        reason: String,
    },
    /// The policy that holds from here on; the first of the parts that has a field wins.
    Pin(Vec<PinnedPolicy>),
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
    /// Keeps what was answered at triage, and sets the severity that it proposes where one is named.
    Assess {
        answers: Vec<Assessment>,
        to: Option<String>,
        reason: String,
    },
    Clock {
        clock: String,
        act: ClockCommand,
    },
    Ask(AskCommand),
    Decision(DecisionCommand),
    /// What is thought of a hypothesis now.
    Judge {
        hypothesis: EntryId,
        verdict: Verdict,
        who: Option<PersonId>,
        evidence: String,
    },
    Impact(ImpactCommand),
    FollowUp(FollowUpCommand),
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
    /// Asks the commander to approve an update.
    Propose(SentUpdate),
    /// Sends a proposed update; by the commander, or with the commander's word.
    Approve {
        proposal: EntryId,
        /// Who approved it, when that is not who gives this command.
        by_voice: Option<PersonId>,
    },
    Reject {
        proposal: EntryId,
        reason: String,
    },
    UpdateDue {
        audience: String,
        next: Option<Time>,
    },
    Delivery(DeliveryCommand),
    /// Something outside, in the words of the outbox; the room knows what is connected. `file`: what is to be
    /// attached, where something is.
    Outside {
        line: String,
        file: String,
    },
    Erase {
        target: EntryId,
        reason: String,
    },
    /// The compensating entry for an entry of the journal.
    Undo {
        entry: EntryId,
        event: Event,
        /// Empty: "undone".
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum ClockCommand {
    /// Time has done it; given by the room itself.
    RunOut {
        due: Time,
    },
    Acknowledge,
    Snooze {
        until: Time,
        reason: String,
    },
    Done {
        note: String,
    },
    Tried {
        note: String,
    },
    Restart {
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum AskCommand {
    Ask { who: PersonId, what: String, due: Option<Time> },
    Answer { ask: EntryId, answer: String },
    Move { ask: EntryId, due: Time, reason: String },
    Withdraw { ask: EntryId, reason: String },
    Reopen { ask: EntryId },
}

#[derive(Clone, Debug, PartialEq)]
pub enum DecisionCommand {
    Propose { proposal: String, risk: String, rollback: String, verify_by: Option<Time> },
    Object { decision: EntryId, who: PersonId, objection: String },
    Settle { decision: EntryId, outcome: Outcome, reason: String },
    Verify { decision: EntryId, worked: bool, note: String },
    Reopen { decision: EntryId },
}

#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "made once for an order, never kept")]
pub enum ImpactCommand {
    /// Opens the line where there is none.
    Record(ImpactChange),
    Withdraw {
        dataset: String,
        reason: String,
    },
    /// What became of the data in the end.
    State {
        data: DataLoss,
        text: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum FollowUpCommand {
    Open(FollowUp),
    Change { follow_up: EntryId, now: FollowUp },
    Close { follow_up: EntryId, note: String },
    Reopen { follow_up: EntryId, reason: String },
    Dismiss { todo: EntryId, reason: String },
}

/// Everything but the title can be filled in later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declare {
    pub what: Declared,
    pub severity: Option<String>,
    pub severity_reason: String,
    pub commander: Option<PersonId>,
    pub playbook: Option<PinnedPlaybook>,
    /// The policy that is pinned; empty: whoever saves it puts the configured one here.
    pub policy: Vec<PinnedPolicy>,
    /// What was answered at triage, when the severity came from there.
    pub answers: Vec<Assessment>,
}

/// A policy with its whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedPolicy {
    pub name: String,
    /// SHA-256 of the text, 64 hexadecimal digits; whoever reads the file computes it.
    pub digest: String,
    pub text: String,
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
    /// Offers a role with its brief; its holder keeps it until the successor accepts.
    Offer {
        role: String,
        to: PersonId,
        brief: String,
    },
    /// By the successor, or for one who read it back by voice.
    Accept {
        offer: EntryId,
        readback: String,
    },
    Decline {
        offer: EntryId,
        reason: String,
    },
    /// Begins a roll call.
    Call {
        teams: Vec<String>,
    },
    Present {
        team: String,
        who: PersonId,
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
    Request(Box<Requested>),
    Attempt {
        request: EntryId,
        attempt: u32,
    },
    Confirm {
        request: EntryId,
        remote: String,
        link: Option<String>,
    },
    /// `ask`: only a person can tell whether it arrived.
    Fail {
        request: EntryId,
        class: FailureClass,
        message: String,
        retry_after: Option<Span>,
        ask: bool,
    },
    Drop {
        request: EntryId,
        reason: String,
    },
    Retry {
        request: EntryId,
    },
    Seek {
        request: EntryId,
    },
    Reword {
        request: EntryId,
        title: String,
        body: String,
    },
    TakeOver {
        from: HostId,
    },
    Tune {
        client: String,
        listen: Listen,
    },
}
