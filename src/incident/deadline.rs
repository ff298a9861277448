//! Clocks that run out: derived from the incident, never stored.
//!
//! Pure: the same incident always has the same deadlines. What is overdue is a question of `now`
//! and answered by whoever shows them.

use super::ids::EntryId;
use super::state::Incident;
use super::time::{Span, Time};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub what: What,
    pub due: Time,
    /// A few words for the rail, such as `update internal`.
    pub label: String,
    /// What to say when it runs out.
    pub say: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The next status update to an audience.
    Update { audience: String },
    /// The time box of a playbook's phase.
    PhaseBox { run: EntryId, phase: usize },
}

impl Deadline {
    /// Time left; negative when overdue.
    pub fn left(&self, now: Time) -> Span {
        self.due.since(now)
    }
}

/// Every running clock, the soonest first. An incident that is over has none.
pub fn deadlines(incident: &Incident) -> Vec<Deadline> {
    if incident.status.is_over() {
        return Vec::new();
    }
    let updates = incident.due.iter().map(|(audience, due)| Deadline {
        what: What::Update { audience: audience.clone() },
        due: *due,
        label: format!("update {audience}"),
        say: format!("The update to {audience} is due: what do we know now?"),
    });
    let mut all: Vec<Deadline> = updates.chain(phase_boxes(incident)).collect();
    all.sort_by_key(|deadline| deadline.due);
    all
}

fn phase_boxes(incident: &Incident) -> impl Iterator<Item = Deadline> + '_ {
    incident.attached_runs().flat_map(|run| {
        let open = run.summaries().into_iter().enumerate().filter(|(_, summary)| !summary.is_complete());
        open.filter_map(|(phase, summary)| {
            let due = summary.ends?;
            let left = summary.total - summary.done;
            let say =
                format!("Time for {:?} is up with {left} open: go on, skip, or ask for help?", summary.title);
            Some(Deadline { what: What::PhaseBox { run: run.id, phase }, due, label: summary.title, say })
        })
    })
}
