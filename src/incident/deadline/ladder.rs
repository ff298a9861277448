//! The escalation ladder of the present severity (rows S0.2, S4.15): who is called when, and who was reached.

use super::kinds::{clock, slug};
use super::{Deadline, What};
use crate::incident::clocks::{Act, ClockState};
use crate::incident::state::Incident;
use crate::incident::time::Time;
use crate::policy::{Contact, Limit};

/// The beginning of the ids of these clocks.
const PREFIX: &str = "escalation/";

/// One rung of the ladder as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RungState {
    /// Of its clock; "done" on it says that somebody was reached.
    pub id: String,
    pub who: String,
    /// Paged without anybody's confirmation.
    pub auto: bool,
    pub contact: Option<Contact>,
    /// After the severity was set.
    pub after: Limit,
    pub due: Time,
    /// Who was reached once, at any severity, is not called again.
    pub reached: Option<Act>,
    /// Calls that reached nobody, oldest first, at whatever severity.
    pub tried: Vec<Act>,
}

/// Every rung of the present severity, the soonest first. Empty where there is no ladder, and once it is over.
pub fn rungs(incident: &Incident) -> Vec<RungState> {
    let (Some(policy), Some(base), Some(level)) =
        (incident.policy(), incident.clock_base(), incident.level())
    else {
        return Vec::new();
    };
    if incident.status.is_over() {
        return Vec::new();
    }
    let state = |rung: &crate::policy::Rung| {
        let who = slug(&rung.who);
        let same = || about(incident, &who);
        RungState {
            id: format!("{PREFIX}{}/{}/{who}", base.id, rung.after.span.ms()),
            who: rung.who.clone(),
            auto: rung.auto,
            contact: policy.contact(&rung.who).cloned(),
            after: rung.after.clone(),
            due: base.at + rung.after.span,
            reached: same().find_map(|state| state.done.clone()),
            tried: same().flat_map(|state| state.tried.iter().cloned()).collect(),
        }
    };
    let mut rungs: Vec<RungState> = level.escalation.iter().map(state).collect();
    rungs.sort_by_key(|rung| rung.due);
    rungs
}

/// Whatever was done about somebody, at any severity.
fn about<'a>(incident: &'a Incident, who: &'a str) -> impl Iterator<Item = &'a ClockState> {
    let all = incident.clocks.under(PREFIX);
    all.filter(move |(id, _)| id.rsplit('/').next() == Some(who)).map(|(_, state)| state)
}

/// The rungs on which nobody was reached yet, as clocks.
pub(super) fn clocks(incident: &Incident) -> impl Iterator<Item = Deadline> {
    let level = incident.level().map_or(String::new(), |level| level.name.clone());
    let open = rungs(incident).into_iter().filter(|rung| rung.reached.is_none());
    open.map(move |RungState { id, who, contact, after, due, .. }| {
        let reach = contact.as_ref().map(reach).unwrap_or_default();
        let say = format!("{level} after {after}: call the {who}{reach} and write down the answer.");
        let label = format!("escalate to {who}");
        clock(id, What::Escalation { who, contact }, due, label, say)
    })
}

/// How to reach somebody, for when nothing else works: ` (Ada, +44 20 7946 0000)`.
fn reach(contact: &Contact) -> String {
    let known = [&contact.name, &contact.phone, &contact.reach];
    let known: Vec<&str> = known.iter().map(|text| text.as_str()).filter(|text| !text.is_empty()).collect();
    if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) }
}
