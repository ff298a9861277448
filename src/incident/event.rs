//! What can happen in an incident: nested enums, one group per subject.
//!
//! Serialised as `{"group":{"kind":{fields}}}`. An event that this version does not know is kept
//! byte for byte ([`Event::Unknown`]), shown as unknown, and written back as it came.

mod ask;
mod class;
mod clock;
mod decision;
mod deed;
mod delivery;
mod follow_up;
mod impact;
mod policy;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::ids::{EntryId, PersonId};
use super::scribe::NoteKind;
use super::time::Time;
use super::words::{Status, Word};

pub use ask::AskEvent;
pub use class::Class;
pub use clock::ClockEvent;
pub use decision::{DecisionEvent, HypothesisEvent, Outcome, Verdict};
pub use deed::{ChatDeed, Contact, Deed, PageDeed, Slot, TicketDeed};
pub use delivery::{DeliveryEvent, FailureClass, Listen, Requested};
pub use follow_up::{FollowUp, FollowUpEvent, FollowUpKind, Priority};
pub use impact::{DataLoss, Harm, ImpactChange, ImpactEvent, Rows};
pub use policy::{PolicyEvent, PolicyText};

/// The body of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Incident(IncidentEvent),
    Note(NoteEvent),
    Status(StatusEvent),
    Severity(SeverityEvent),
    Role(RoleEvent),
    Person(PersonEvent),
    Playbook(PlaybookEvent),
    Step(StepEvent),
    Update(UpdateEvent),
    Delivery(DeliveryEvent),
    Journal(JournalEvent),
    Policy(PolicyEvent),
    Clock(ClockEvent),
    Ask(AskEvent),
    Decision(DecisionEvent),
    Hypothesis(HypothesisEvent),
    Impact(ImpactEvent),
    FollowUp(FollowUpEvent),
    /// Of a newer version, or damaged beyond understanding: the body as it stands.
    Unknown(Arc<str>),
    /// The body was erased; the header and the chain still stand.
    Erased,
}

/// The events that are serialised as such; [`Event`] adds the two that are not.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Known<'a> {
    Incident(Held<'a, IncidentEvent>),
    Note(Held<'a, NoteEvent>),
    Status(Held<'a, StatusEvent>),
    Severity(Held<'a, SeverityEvent>),
    Role(Held<'a, RoleEvent>),
    Person(Held<'a, PersonEvent>),
    Playbook(Held<'a, PlaybookEvent>),
    Step(Held<'a, StepEvent>),
    Update(Held<'a, UpdateEvent>),
    Delivery(Held<'a, DeliveryEvent>),
    Journal(Held<'a, JournalEvent>),
    Policy(Held<'a, PolicyEvent>),
    Clock(Held<'a, ClockEvent>),
    Ask(Held<'a, AskEvent>),
    Decision(Held<'a, DecisionEvent>),
    Hypothesis(Held<'a, HypothesisEvent>),
    Impact(Held<'a, ImpactEvent>),
    FollowUp(Held<'a, FollowUpEvent>),
}

/// Borrowed when writing, owned when reading.
enum Held<'a, T> {
    Borrowed(&'a T),
    Owned(T),
}

impl<T: Serialize> Serialize for Held<'_, T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Held::Borrowed(value) => value.serialize(to),
            Held::Owned(value) => value.serialize(to),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Held<'_, T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::deserialize(from).map(Held::Owned)
    }
}

impl<T> Held<'_, T>
where
    T: Clone,
{
    fn take(self) -> T {
        match self {
            Held::Borrowed(value) => value.clone(),
            Held::Owned(value) => value,
        }
    }
}

impl Event {
    /// Reads a body. Total: what is not understood becomes [`Event::Unknown`].
    pub fn parse(body: &str) -> Event {
        match serde_json::from_str::<Known>(body) {
            Ok(known) => known.into(),
            Err(_) => Event::Unknown(body.into()),
        }
    }

    /// The body as one line of JSON.
    pub fn to_json(&self) -> String {
        let known = match self {
            Event::Incident(e) => Known::Incident(Held::Borrowed(e)),
            Event::Note(e) => Known::Note(Held::Borrowed(e)),
            Event::Status(e) => Known::Status(Held::Borrowed(e)),
            Event::Severity(e) => Known::Severity(Held::Borrowed(e)),
            Event::Role(e) => Known::Role(Held::Borrowed(e)),
            Event::Person(e) => Known::Person(Held::Borrowed(e)),
            Event::Playbook(e) => Known::Playbook(Held::Borrowed(e)),
            Event::Step(e) => Known::Step(Held::Borrowed(e)),
            Event::Update(e) => Known::Update(Held::Borrowed(e)),
            Event::Delivery(e) => Known::Delivery(Held::Borrowed(e)),
            Event::Journal(e) => Known::Journal(Held::Borrowed(e)),
            Event::Policy(e) => Known::Policy(Held::Borrowed(e)),
            Event::Clock(e) => Known::Clock(Held::Borrowed(e)),
            Event::Ask(e) => Known::Ask(Held::Borrowed(e)),
            Event::Decision(e) => Known::Decision(Held::Borrowed(e)),
            Event::Hypothesis(e) => Known::Hypothesis(Held::Borrowed(e)),
            Event::Impact(e) => Known::Impact(Held::Borrowed(e)),
            Event::FollowUp(e) => Known::FollowUp(Held::Borrowed(e)),
            Event::Unknown(raw) => return raw.to_string(),
            Event::Erased => return "null".to_owned(),
        };
        // Plain structs of strings and numbers: serialising them cannot fail.
        serde_json::to_string(&known).unwrap_or_else(|_| "null".to_owned())
    }

    /// Whether its words are somebody's own, to be corrected or retracted. What changed the incident is undone
    /// instead: striking out its words would not take it back.
    pub fn is_written(&self) -> bool {
        matches!(self, Event::Note(NoteEvent::Written { .. }))
    }

    pub fn class(&self) -> Class {
        match self {
            Event::Incident(_) => Class::Incident,
            Event::Note(NoteEvent::Written { kind, .. }) => Class::of_note(*kind),
            Event::Note(_) | Event::Person(_) | Event::Journal(_) | Event::Policy(_) => Class::Bookkeeping,
            Event::Status(_) => Class::Status,
            Event::Severity(_) => Class::Severity,
            Event::Role(_) => Class::Role,
            Event::Playbook(_) => Class::Playbook,
            Event::Step(_) => Class::Step,
            Event::Update(_) => Class::Update,
            Event::Delivery(_) => Class::Delivery,
            Event::Clock(ClockEvent::RanOut { quiet: true, .. }) => Class::Bookkeeping,
            Event::Clock(_) => Class::Clock,
            Event::Ask(_) => Class::Ask,
            Event::Decision(_) => Class::Decision,
            Event::Hypothesis(_) => Class::Hypothesis,
            Event::Impact(_) => Class::Impact,
            Event::FollowUp(_) => Class::Todo,
            Event::Unknown(_) => Class::Unknown,
            Event::Erased => Class::Erased,
        }
    }
}

impl From<Known<'_>> for Event {
    fn from(known: Known<'_>) -> Event {
        match known {
            Known::Incident(e) => Event::Incident(e.take()),
            Known::Note(e) => Event::Note(e.take()),
            Known::Status(e) => Event::Status(e.take()),
            Known::Severity(e) => Event::Severity(e.take()),
            Known::Role(e) => Event::Role(e.take()),
            Known::Person(e) => Event::Person(e.take()),
            Known::Playbook(e) => Event::Playbook(e.take()),
            Known::Step(e) => Event::Step(e.take()),
            Known::Update(e) => Event::Update(e.take()),
            Known::Delivery(e) => Event::Delivery(e.take()),
            Known::Journal(e) => Event::Journal(e.take()),
            Known::Policy(e) => Event::Policy(e.take()),
            Known::Clock(e) => Event::Clock(e.take()),
            Known::Ask(e) => Event::Ask(e.take()),
            Known::Decision(e) => Event::Decision(e.take()),
            Known::Hypothesis(e) => Event::Hypothesis(e.take()),
            Known::Impact(e) => Event::Impact(e.take()),
            Known::FollowUp(e) => Event::FollowUp(e.take()),
        }
    }
}

impl Serialize for Event {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.to_json()).map_err(serde::ser::Error::custom)?;
        raw.serialize(to)
    }
}

/// The incident as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentEvent {
    Declared(Declared),
    Retitled {
        title: String,
    },
    Retyped {
        kind: String,
    },
    /// Keeps the incident's words out of titles and channels, or lets them out again.
    Private {
        on: bool,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A place that belongs to the incident: `bridge`, `channel`, `ticket`, `source` or any other name.
    Linked {
        what: String,
        url: String,
    },
    Unlinked {
        what: String,
    },
}

/// The first entry of an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    pub title: String,
    /// One of the policy's incident types (MISSION row S1.1), such as `data-loss`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drill: bool,
    /// Its words stay out of titles and channels.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
    /// Who reported it, when that is not who declares it (MISSION row S1.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
    /// Where the report came from: a channel, a ticket, an alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    #[serde(default)]
    pub status: Status,
}

/// What the scribe does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteEvent {
    Written {
        kind: NoteKind,
        text: String,
    },
    /// Replaces what is shown of `target`; the original stays in the journal.
    Corrected {
        target: EntryId,
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Time>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        about: bool,
    },
    Retracted {
        target: EntryId,
        #[serde(default)]
        reason: String,
    },
    /// Takes a retraction back.
    Restored {
        target: EntryId,
    },
    /// Sets or clears the important mark.
    Marked {
        target: EntryId,
        on: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusEvent {
    Moved {
        from: Status,
        to: Status,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeverityEvent {
    Set {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// A level of the policy, such as `P1`.
        to: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        /// The entry that had set this severity before a slip that is taken back: its clocks count on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restores: Option<EntryId>,
    },
    /// There is none any more: takes the first one back.
    Cleared {
        from: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The questions of triage and what was answered (rows S1.5, S4.4).
    Assessed {
        answers: Vec<Assessment>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposes: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub question: String,
    pub answer: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleEvent {
    /// A custom role beside the five of MISSION row S3.2.
    Defined { role: String, duty: String },
    Assigned {
        role: String,
        who: PersonId,
        /// The holder whom this replaces, as known when it was decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<PersonId>,
        /// The brief of a hand-over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        brief: Option<String>,
        /// The offer that is accepted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offer: Option<EntryId>,
        /// What the successor read back.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        readback: String,
    },
    Released {
        role: String,
        who: PersonId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A hand-over is offered with its brief; until it is accepted, `from` holds the role (row B6). The id of this entry
    /// names the offer; accepting is an `Assigned` that names it.
    Offered { role: String, from: PersonId, to: PersonId, brief: String },
    /// Declined by the successor, or taken back.
    Declined {
        offer: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A roll call begins: these teams should answer.
    Called { teams: Vec<String> },
    /// A team answers the roll call.
    Present { team: String, who: PersonId },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonEvent {
    Named(Person),
}

/// Somebody, as far as known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mail: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Who it is elsewhere: account name to the service's own id, such as `slack` to `U024BE7LH`.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub ids: std::collections::BTreeMap<String, String>,
}

impl Person {
    /// Somebody of whom only the handle is known.
    pub fn new(id: PersonId) -> Self {
        let ids = std::collections::BTreeMap::new();
        Self { id, name: String::new(), mail: String::new(), phone: String::new(), ids }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaybookEvent {
    /// Pins the whole text, so that the journal replays anywhere with nothing else. The id of this
    /// entry names the run.
    Attached {
        name: String,
        /// SHA-256 of `text`, 64 hexadecimal digits.
        digest: String,
        text: String,
    },
    Detached {
        run: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

/// Something done to a step of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEvent {
    pub run: EntryId,
    /// The step's id within its playbook; for [`StepAct::Added`] the id it gets.
    pub step: String,
    pub act: StepAct,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepAct {
    Ticked,
    Started,
    /// Back to open: the compensation of ticked, started and skipped.
    Reopened,
    Skipped {
        reason: String,
    },
    Assigned {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        who: Option<PersonId>,
    },
    Noted {
        text: String,
    },
    Added {
        phase: String,
        text: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateEvent {
    Sent(SentUpdate),
    /// The next update to this audience is due at another time, or not at all.
    Due {
        audience: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Time>,
    },
    /// It waits for the commander's approval (row B7). The id of this entry names the proposal.
    Proposed(SentUpdate),
    /// It is not approved; the words stay readable.
    Rejected {
        proposal: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

/// A status update as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentUpdate {
    pub audience: String,
    pub word: Word,
    pub body: String,
    /// When the next one is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Time>,
    /// Who approved it, where approval was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<PersonId>,
    /// The proposal that was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<EntryId>,
    /// Checks that it does not pass, and why it went out nevertheless.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

impl SentUpdate {
    pub fn new(audience: impl Into<String>, word: Word, body: impl Into<String>, next: Option<Time>) -> Self {
        let (audience, body) = (audience.into(), body.into());
        Self { audience, word, body, next, approved_by: None, proposal: None, overrides: Vec::new() }
    }
}

/// A check that somebody set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The name of the check, such as `no-promise`.
    pub check: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalEvent {
    /// The body of `target` was erased on purpose; its header and the chain still verify.
    Erased {
        target: EntryId,
        #[serde(default)]
        reason: String,
    },
}
