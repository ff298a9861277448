//! Clocks that run out: one model for all of them, derived from the incident and never stored (row B2).
//!
//! Pure: the same incident has the same clocks. What people did to one (heard it, put it off, answered it) is looked up
//! by its id in [`Incident::clocks`]. A clock ends by what it is about (the update is sent, the ask is answered) or by
//! "done"; it never ends by time. Start at [`deadlines`]; how each is made is in `kinds`.

mod kinds;
mod ladder;

use super::clocks::{Act, Snooze};
use super::ids::{EntryId, PersonId};
use super::state::Incident;
use super::time::{Span, Time};
use crate::policy::Contact;

pub use kinds::{Receipt, receipts};
pub use ladder::{RungState, rungs};

#[derive(Clone, Debug, PartialEq)]
pub struct Deadline {
    /// The same wherever and whenever it is derived; set anew, a clock has another one or another `due`.
    pub id: String,
    pub what: What,
    pub due: Time,
    /// A few words for the rail, such as `update internal`.
    pub label: String,
    /// What to say when it runs out.
    pub say: String,
    /// It asks for a look, not for an act: no line of the timeline when it runs out.
    pub quiet: bool,
    /// The times at which it rang.
    pub rang: Vec<Time>,
    pub acknowledged: Option<Act>,
    pub snoozed: Option<Snooze>,
    pub tried: Vec<Act>,
}

/// What a clock is about.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Somebody must take it (rows S1.2, S4.1).
    Response,
    /// Triage and a commander (row S4.2).
    Triage,
    /// Somebody is to be told at this severity (row S4.5).
    Notify {
        who: String,
    },
    /// The next status update to an audience (row S4.12).
    Update {
        audience: String,
    },
    /// A rung of the escalation ladder (row S0.2), and whom to call, as far as known.
    Escalation {
        who: String,
        contact: Option<Contact>,
    },
    /// The time box of a playbook's phase (row S1.11).
    PhaseBox {
        run: EntryId,
        phase: usize,
    },
    Ask {
        ask: EntryId,
        who: PersonId,
    },
    /// Whether a decision worked (row B5).
    Verify {
        decision: EntryId,
    },
    /// A role that was offered and is not accepted yet (row B6).
    Offer {
        offer: EntryId,
    },
    /// An update that waits for the commander's approval (row B7).
    Approval {
        proposal: EntryId,
    },
    /// A dataset should be back (row S2.1).
    Rto {
        dataset: String,
    },
    /// From here on more is lost than its tier allows (row S2.1).
    Rpo {
        dataset: String,
    },
    /// Every ten minutes: what has changed?
    Mark,
    /// The regulator must have been told.
    Regulatory,
    /// A resolved incident is watched until then (row S1.6).
    Watch,
    PostMortem,
    FollowUp {
        follow_up: EntryId,
    },
}

impl What {
    /// One word, as in exports.
    pub const fn name(&self) -> &'static str {
        match self {
            What::Response => "response",
            What::Triage => "triage",
            What::Notify { .. } => "notify",
            What::Update { .. } => "update",
            What::Escalation { .. } => "escalation",
            What::PhaseBox { .. } => "phase",
            What::Ask { .. } => "ask",
            What::Verify { .. } => "verify",
            What::Offer { .. } => "offer",
            What::Approval { .. } => "approval",
            What::Rto { .. } => "rto",
            What::Rpo { .. } => "rpo",
            What::Mark => "mark",
            What::Regulatory => "regulatory",
            What::Watch => "watch",
            What::PostMortem => "post-mortem",
            What::FollowUp { .. } => "follow-up",
        }
    }
}

/// How urgent a clock is to whoever looks.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// It ran out and nobody has heard it.
    Over,
    /// It ran out; somebody has heard it or put it off.
    Heard,
    Running,
}

impl Deadline {
    /// Time left; negative when overdue.
    pub fn left(&self, now: Time) -> Span {
        self.due.since(now)
    }

    pub fn is_over(&self, now: Time) -> bool {
        self.due <= now
    }

    /// When it rings: at its end, or where it was put off to.
    pub fn rings_at(&self) -> Time {
        self.snoozed.as_ref().map_or(self.due, |snooze| snooze.until.max(self.due))
    }

    /// Whether the ring at [`Deadline::rings_at`] is recorded.
    pub fn has_rung(&self) -> bool {
        self.rang.contains(&self.rings_at())
    }

    pub fn urgency(&self, now: Time) -> Urgency {
        let put_off = self.snoozed.as_ref().is_some_and(|snooze| snooze.until > now);
        match (self.is_over(now), self.acknowledged.is_some() || put_off) {
            (false, _) => Urgency::Running,
            (true, true) => Urgency::Heard,
            (true, false) => Urgency::Over,
        }
    }

    /// Where it is looked up by name: its id's beginning, or words of its label.
    pub fn is_named(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        !name.is_empty()
            && (self.id.to_lowercase().starts_with(&name) || self.label.to_lowercase().contains(&name))
    }
}

/// Every running clock, the soonest first. What ran out and is not answered stays in the list.
pub fn deadlines(incident: &Incident, now: Time) -> Vec<Deadline> {
    let mut all = kinds::derive(incident, now);
    all.retain(|deadline| !incident.clocks.is_done(&deadline.id));
    for deadline in &mut all {
        if let Some(state) = incident.clocks.get(&deadline.id) {
            deadline.rang = state.rang.iter().copied().collect();
            // Set anew, such as an ask that was moved: that it ran out before was heard, not that it does again.
            deadline.acknowledged = state.acknowledged.clone().filter(|act| act.at >= deadline.due);
            deadline.snoozed.clone_from(&state.snoozed);
            deadline.tried.clone_from(&state.tried);
        }
    }
    all.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
    all
}

/// One clock by its id.
pub fn deadline(incident: &Incident, id: &str, now: Time) -> Option<Deadline> {
    deadlines(incident, now).into_iter().find(|deadline| deadline.id == id)
}

/// Those of the clocks whose ring is due and not recorded yet, the earliest first.
pub fn ringing(all: Vec<Deadline>, now: Time) -> Vec<Deadline> {
    let mut due: Vec<Deadline> =
        all.into_iter().filter(|deadline| deadline.rings_at() <= now && !deadline.has_rung()).collect();
    due.sort_by_key(Deadline::rings_at);
    due
}

/// When the next ring is due, if time alone decides.
pub fn next_ring(incident: &Incident, now: Time) -> Option<Time> {
    let rings = deadlines(incident, now).into_iter().map(|deadline| deadline.rings_at());
    rings.filter(|at| *at > now).min()
}
