//! Closing: what is still open, and the orders that close an incident (rows S4.2, B7).
//!
//! For: the question in the console and `warroom status closed`. Never: a rule of its own; [`super::decide`] says what is
//! refused, this says it before anything is written. Start at [`loose_ends`] and [`close`].

use super::command::{Command, ImpactCommand};
use super::decide::{Context, Refusal, decide};
use super::event::DataLoss;
use super::follow_ups::proposals;
use super::ledger::Stated;
use super::state::Incident;
use super::words::Status;

/// A kind of thing that should be finished before an incident is closed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LooseKind {
    Datasets,
    Asks,
    /// Updates that wait for the commander's word.
    Approvals,
    /// TODO notes and prevention steps that are neither a follow-up nor dismissed.
    Todos,
    FollowUps,
}

/// What is open of one kind; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LooseEnd {
    pub kind: LooseKind,
    /// Each in a few words.
    pub names: Vec<String>,
}

impl LooseKind {
    const ALL: [LooseKind; 5] =
        [LooseKind::Datasets, LooseKind::Asks, LooseKind::Approvals, LooseKind::Todos, LooseKind::FollowUps];

    /// `datasets not recovered`
    pub const fn name(self) -> &'static str {
        match self {
            LooseKind::Datasets => "datasets not recovered",
            LooseKind::Asks => "asks without an answer",
            LooseKind::Approvals => "updates waiting for approval",
            LooseKind::Todos => "TODOs and prevention steps nobody took up",
            LooseKind::FollowUps => "follow-ups open",
        }
    }

    fn of(self, incident: &Incident) -> Vec<String> {
        match self {
            LooseKind::Datasets => incident.ledger.open().map(|dataset| dataset.name.clone()).collect(),
            LooseKind::Asks => {
                incident.asks.open().iter().map(|ask| format!("{}: {}", ask.who, ask.what)).collect()
            }
            LooseKind::Approvals => {
                incident.awaiting_approval().map(|proposed| proposed.update.audience.clone()).collect()
            }
            LooseKind::Todos => proposals(incident).into_iter().map(|proposal| proposal.text).collect(),
            LooseKind::FollowUps => {
                incident.follow_ups.open().iter().map(|item| item.what.text.clone()).collect()
            }
        }
    }
}

impl LooseEnd {
    /// `follow-ups open (2)`
    pub fn counted(&self) -> String {
        format!("{} ({})", self.kind.name(), self.names.len())
    }

    /// `follow-ups open (2): restore drill; schema contract`
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.counted(), self.names.join("; "))
    }
}

/// Everything that is not finished, the gravest kind first.
pub fn loose_ends(incident: &Incident) -> Vec<LooseEnd> {
    let ends = LooseKind::ALL.into_iter().map(|kind| LooseEnd { kind, names: kind.of(incident) });
    ends.filter(|end| !end.names.is_empty()).collect()
}

/// The orders that close it: what became of the data, where that is said now, then the status. Refused as a whole, so that
/// nothing is stated by a closing that does not happen.
pub fn close(
    incident: &Incident,
    said: Option<(DataLoss, &str)>,
    reason: &str,
    context: Context,
) -> Result<Vec<Command>, Refusal> {
    let closed = Command::Status { to: Status::Closed, reason: reason.to_owned() };
    let Some((data, text)) = said else {
        decide(incident, &closed, context)?;
        return Ok(vec![closed]);
    };
    let state = Command::Impact(ImpactCommand::State { data, text: text.to_owned() });
    decide(incident, &state, context)?;
    let mut after = incident.clone();
    let (by, at) = (context.by.clone(), context.now);
    after.ledger.stated = Some(Stated { data, text: text.to_owned(), by, at });
    decide(&after, &closed, context)?;
    Ok(vec![state, closed])
}
