//! Closing: what is still open, and the orders that close an incident (rows S4.2, B7).
//!
//! For: the question in the console and `warroom status closed`. Never: a rule of its own; [`super::decide`] says what is
//! refused, this says it before anything is written. Start at [`loose_ends`] and [`close`].

use super::checklist::{Line, Progress};
use super::command::{Command, ImpactCommand};
use super::deadline::{What, deadlines};
use super::decide::{Context, Refusal, decide};
use super::event::{DataLoss, Verdict};
use super::follow_ups::proposals;
use super::ledger::Stated;
use super::state::Incident;
use super::words::Status;

/// A kind of thing that should be finished before an incident is closed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LooseKind {
    Datasets,
    /// A private incident of which the regulator has not been told.
    Regulator,
    /// Decided, and nobody has said whether it worked.
    Decisions,
    /// What may be the cause, and is still being tested.
    Hypotheses,
    Asks,
    /// Updates that wait for the commander's word.
    Approvals,
    /// TODO notes and prevention steps that are neither a follow-up nor dismissed.
    Todos,
    FollowUps,
    /// Of the checklists that are attached.
    Steps,
}

/// What is open of one kind; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LooseEnd {
    pub kind: LooseKind,
    /// Each in a few words.
    pub names: Vec<String>,
}

impl LooseKind {
    const ALL: [LooseKind; 9] = [
        LooseKind::Datasets,
        LooseKind::Regulator,
        LooseKind::Decisions,
        LooseKind::Hypotheses,
        LooseKind::Asks,
        LooseKind::Approvals,
        LooseKind::Todos,
        LooseKind::FollowUps,
        LooseKind::Steps,
    ];

    /// `datasets not recovered`
    pub const fn name(self) -> &'static str {
        match self {
            LooseKind::Datasets => "datasets not recovered",
            LooseKind::Regulator => "regulator not told",
            LooseKind::Decisions => "decisions to verify",
            LooseKind::Hypotheses => "hypotheses being tested",
            LooseKind::Asks => "asks without an answer",
            LooseKind::Approvals => "updates waiting for approval",
            LooseKind::Todos => "TODOs and prevention steps nobody took up",
            LooseKind::FollowUps => "follow-ups open",
            LooseKind::Steps => "checklist steps open",
        }
    }

    fn of(self, incident: &Incident) -> Vec<String> {
        match self {
            LooseKind::Datasets => incident.ledger.open().map(|dataset| dataset.name.clone()).collect(),
            LooseKind::Regulator => {
                let clocks = deadlines(incident, incident.newest_known.unwrap_or_default());
                let regulator = clocks.into_iter().filter(|clock| clock.what == What::Regulatory);
                regulator.map(|clock| clock.label).collect()
            }
            LooseKind::Decisions => {
                let polls = incident.polls.all().iter().filter(|poll| poll.awaits_verification());
                polls.map(|poll| poll.proposal.clone()).collect()
            }
            LooseKind::Hypotheses => {
                let all = incident.hypotheses.standing();
                let tested = all.filter(|hypothesis| hypothesis.verdict == Verdict::Testing);
                tested.map(|hypothesis| hypothesis.text.clone()).collect()
            }
            LooseKind::Steps => {
                let lines = incident.attached_runs().flat_map(|run| run.lines());
                let open = |line: &Line| {
                    line.counts() && matches!(line.progress(), Progress::Open | Progress::Started)
                };
                lines.filter(open).map(|line| line.text.to_owned()).collect()
            }
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

/// The orders that close it: what became of the data, where that is said now, the resolution of what still runs, then the
/// status. Refused as a whole, so that nothing is stated by a closing that does not happen.
pub fn close(
    incident: &Incident,
    said: Option<(DataLoss, &str)>,
    reason: &str,
    context: Context,
) -> Result<Vec<Command>, Refusal> {
    let mut after = incident.clone();
    let mut orders = Vec::new();
    if let Some((data, text)) = said {
        let state = Command::Impact(ImpactCommand::State { data, text: text.to_owned() });
        decide(&after, &state, context)?;
        let (by, at) = (context.by.clone(), context.now);
        after.ledger.stated = Some(Stated { data, text: text.to_owned(), by, at });
        orders.push(state);
    }
    let mut why = reason;
    if !incident.status.is_over() {
        let resolved = Command::Status { to: Status::Resolved, reason: reason.to_owned() };
        decide(&after, &resolved, context)?;
        after.status = Status::Resolved;
        orders.push(resolved);
        // Said once: closing repeats it only where something is left open.
        why = if incident.ledger.open().next().is_some() { reason } else { "" };
    }
    let closed = Command::Status { to: Status::Closed, reason: why.to_owned() };
    decide(&after, &closed, context)?;
    orders.push(closed);
    Ok(orders)
}
