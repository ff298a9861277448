//! The data-impact ledger as lines of a message, one for each dataset (MISSION row B8); [`super::ledger`] has it as a table.

use crate::incident::ledger::{Dataset, Recovery};
use crate::incident::{Incident, Span, Time, Zone};
use crate::policy::Policy;
use crate::report::ledger::as_of;
use crate::report::update::{clock, one_line};

/// How to speak of the ledger: whose tiers count, and as of when.
#[derive(Copy, Clone)]
pub struct Lines<'a> {
    pub incident: &'a Incident,
    pub policy: &'a Policy,
    pub now: Time,
    pub zone: Zone,
    /// For executives: whether it came later than agreed, and no more.
    pub brief: bool,
}

impl Lines<'_> {
    /// `orders: corrupt, ~5,000 rows, data from 10:00 UTC to 12:00 UTC; used by revenue dashboard; not recovered yet`
    pub fn line(&self, dataset: &Dataset) -> String {
        let parts = [self.harm(dataset), used_by(dataset), self.course(dataset)];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        let name = one_line(&dataset.name);
        if said.is_empty() { name } else { format!("{name}: {}", said.join("; ")) }
    }

    /// `orders: corrupt, ~5,000 rows, data from 10:00 UTC to 12:00 UTC`
    pub fn harmed(&self, dataset: &Dataset) -> String {
        let harm = self.harm(dataset).map(|harm| format!(": {harm}")).unwrap_or_default();
        format!("{}{harm}", one_line(&dataset.name))
    }

    /// `orders, recovered 16:00 UTC (replay from the source)`
    pub fn good_again(&self, dataset: &Dataset) -> String {
        format!("{}, {}", one_line(&dataset.name), self.state(dataset))
    }

    fn harm(&self, dataset: &Dataset) -> Option<String> {
        let known = &dataset.known;
        let kinds: Vec<&str> = known.kinds.iter().flatten().map(|kind| kind.name()).collect();
        let kinds = (!kinds.is_empty()).then(|| kinds.join(" and "));
        let rows = known.rows.map(|rows| rows.to_string());
        let said: Vec<String> = [kinds, rows, self.window(dataset)].into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join(", "))
    }

    /// Which data is meant, by the time that it is about.
    fn window(&self, dataset: &Dataset) -> Option<String> {
        let at = |time: Time| clock(time, self.now, self.zone);
        match (dataset.known.from, dataset.known.until) {
            (Some(from), Some(until)) => Some(format!("data from {} to {}", at(from), at(until))),
            (Some(from), None) => Some(format!("data since {}", at(from))),
            (None, Some(until)) => Some(format!("data until {}", at(until))),
            (None, None) => None,
        }
    }

    /// What became of it so far, and what was agreed on.
    fn course(&self, dataset: &Dataset) -> Option<String> {
        let known = &dataset.known;
        let at = |time: Time| clock(time, self.now, self.zone);
        let contained =
            known.contained.filter(|_| !dataset.is_recovered()).map(|time| format!("contained {}", at(time)));
        let began = self.incident.declared_at();
        let recovery =
            began.and_then(|began| dataset.recovery(self.policy, began, as_of(self.incident, self.now)));
        let targets = recovery.and_then(|recovery| targets(&recovery, self.brief));
        let said: Vec<String> =
            [contained, Some(self.state(dataset)), targets].into_iter().flatten().collect();
        Some(said.join(", "))
    }

    fn state(&self, dataset: &Dataset) -> String {
        let Some(time) = dataset.known.recovered else { return "not recovered yet".to_owned() };
        let how = dataset.known.how.as_deref().map(|how| format!(" ({})", one_line(how))).unwrap_or_default();
        format!("recovered {}{how}", clock(time, self.now, self.zone))
    }
}

fn used_by(dataset: &Dataset) -> Option<String> {
    let users: Vec<String> = dataset.known.consumers.iter().flatten().map(|user| one_line(user)).collect();
    (!users.is_empty()).then(|| format!("used by {}", users.join(", ")))
}

/// `back after 46m; target 30 s (M2)`, and how much data is at risk where that is more than was agreed on.
fn targets(recovery: &Recovery, brief: bool) -> Option<String> {
    let tier = &recovery.tier;
    let late = recovery.rto_missed_by().is_some();
    if brief {
        return late.then(|| format!("later than agreed (target {})", tier.rto));
    }
    let took = recovery.rto_actual.max(Span::ZERO).short();
    let took = if recovery.recovered { format!("back after {took}") } else { format!("{took} so far") };
    let mut said = format!("{took}; target {} ({})", tier.rto, tier.name);
    if let (Some(lost), Some(_)) = (recovery.rpo_actual, recovery.rpo_missed_by()) {
        said.push_str(&format!("; data of {} at risk; at most {} was agreed", lost.short(), tier.rpo));
    }
    Some(said)
}
