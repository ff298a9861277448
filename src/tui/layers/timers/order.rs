//! What stands on the clock board, and in which order (row B2).

use crate::incident::clocks::{Act, ClockState};
use crate::incident::deadline::{Deadline, Urgency, deadlines, rungs};
use crate::incident::{Incident, Time};

/// Answered clocks that are listed at first.
const FEW: usize = 3;

/// A clock that was answered.
pub struct Answered<'a> {
    pub id: &'a str,
    pub state: &'a ClockState,
    pub done: &'a Act,
}

pub struct Board<'a> {
    /// What nobody has heard first, then what was heard or put off, then by what runs out first.
    pub running: Vec<Deadline>,
    /// The newest first.
    pub answered: Vec<Answered<'a>>,
    /// Answered ones that are not listed.
    pub more: usize,
}

impl<'a> Board<'a> {
    /// `all`: with every clock that was ever answered.
    pub fn of(incident: &'a Incident, now: Time, all: bool) -> Self {
        let answered = incident.clocks.all().filter_map(|(id, state)| {
            let done = state.done.as_ref()?;
            Some(Answered { id, state, done })
        });
        let mut answered: Vec<Answered> = answered.collect();
        answered.sort_by_key(|answered| std::cmp::Reverse(answered.done.at));
        let more = if all { 0 } else { answered.len().saturating_sub(FEW) };
        answered.truncate(answered.len() - more);
        Self { running: running(incident, now), answered, more }
    }

    /// The names of all things that can be selected, in their order.
    pub fn ids(&self) -> Vec<String> {
        let running = self.running.iter().map(|deadline| deadline.id.clone());
        let answered = self.answered.iter().map(|answered| format!("answered/{}", answered.id));
        running.chain(answered).collect()
    }
}

/// Every running clock in the order of the board and of the rail.
pub fn running(incident: &Incident, now: Time) -> Vec<Deadline> {
    let mut all = deadlines(incident, now);
    calm_lower_rungs(&mut all, incident);
    all.sort_by_key(|deadline| (urgency(deadline, now), deadline.due));
    all
}

/// Once somebody higher on the ladder was reached, a call further down is no longer loud; "done" still ends it.
fn calm_lower_rungs(all: &mut [Deadline], incident: &Incident) {
    let ladder = rungs(incident);
    let Some((at, higher)) =
        ladder.iter().enumerate().rev().find_map(|(at, rung)| Some((at, rung.reached.as_ref()?)))
    else {
        return;
    };
    let who = ladder.get(at).map_or("", |rung| rung.who.as_str());
    for deadline in all.iter_mut().filter(|deadline| deadline.acknowledged.is_none()) {
        if ladder.iter().take(at).any(|rung| rung.id == deadline.id) {
            let note = format!("the {who} was reached, who is higher up");
            deadline.acknowledged = Some(Act { note, ..higher.clone() });
        }
    }
}

/// A mark that has passed is nothing to answer: it never stands above the others.
pub fn urgency(deadline: &Deadline, now: Time) -> Urgency {
    if deadline.quiet { Urgency::Running } else { deadline.urgency(now) }
}
