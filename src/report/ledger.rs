//! One line of the data-impact ledger as labelled facts, in words (rows B8, S2.1): for the layer, the command line, exports.

use crate::incident::event::{DataLoss, Harm};
use crate::incident::ledger::{Dataset, Recovery, Stated};
use crate::incident::{Incident, Span, Time, Zone};
use crate::policy::Policy;

/// As of when recovery times are told: they stop counting when the incident is over.
pub fn as_of(incident: &Incident, now: Time) -> Time {
    incident.resolved_at().unwrap_or(now).min(now)
}

/// How a fact is meant.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Weight {
    Plain,
    /// Reached: contained, recovered, within the target.
    Good,
    /// A target was missed, but nothing can be done about it any more.
    Missed,
    /// Still going wrong.
    Urgent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub label: &'static str,
    pub text: String,
    pub weight: Weight,
}

/// Whose targets count, as of when, and how times are shown.
#[derive(Copy, Clone)]
pub struct Reader<'a> {
    pub policy: &'a Policy,
    /// When the incident began: recovery times count from there.
    pub began: Time,
    pub now: Time,
    pub zone: Zone,
}

/// `lost and corrupt, ~5,000 rows`
pub fn harm(dataset: &Dataset) -> String {
    let names: Vec<&str> = dataset.known.kinds.iter().flatten().map(|kind| kind.name()).collect();
    let kinds = if names.is_empty() { "harm not known yet".to_owned() } else { names.join(" and ") };
    let rows = dataset.known.rows.map(|rows| format!(", {rows}")).unwrap_or_default();
    format!("{kinds}{rows}")
}

/// `no data was lost: all rows are back`
pub fn stated(stated: &Stated) -> String {
    let word = match stated.data {
        DataLoss::None => "no data was lost",
        DataLoss::Delayed => "data came late",
        DataLoss::Lost => "data is lost for good",
    };
    if stated.text.is_empty() { word.to_owned() } else { format!("{word}: {}", stated.text) }
}

impl<'a> Reader<'a> {
    /// Of the ledger of this incident; what is still open counts up to `now`, or to its end.
    pub fn of(incident: &Incident, policy: &'a Policy, now: Time, zone: Zone) -> Self {
        let now = as_of(incident, now);
        Self { policy, began: incident.declared_at().unwrap_or(now), now, zone }
    }

    /// Everything known of a dataset but its name, kinds and rows.
    pub fn facts(&self, dataset: &Dataset) -> Vec<Fact> {
        let known = &dataset.known;
        let list = |items: &Option<Vec<String>>| items.as_ref().map(|items| items.join(", "));
        let plain =
            |label, text: Option<String>| text.map(|text| Fact { label, text, weight: Weight::Plain });
        let recovery = dataset.recovery(self.policy, self.began, self.now);
        let all = [
            plain("window", self.window(known.from, known.until)),
            plain("used by", list(&known.consumers)),
            plain("teams", list(&known.teams)),
            plain("last good", known.last_good.map(|at| self.moment(at))),
            self.contained(dataset),
            Some(self.recovered(dataset)),
            recovery.as_ref().map(rto),
            recovery.as_ref().and_then(rpo),
            self.unknown_tier(dataset, recovery.is_some()),
            plain("note", known.note.clone()),
        ];
        all.into_iter().flatten().collect()
    }

    /// `2026-11-20 21:00 UTC`
    pub fn moment(&self, at: Time) -> String {
        format!("{} {} {}", self.zone.date(at), self.zone.hm(at), self.zone.label(at))
    }

    fn window(&self, from: Option<Time>, until: Option<Time>) -> Option<String> {
        match (from, until) {
            (Some(from), Some(until)) => Some(format!("{} to {}", self.moment(from), self.moment(until))),
            (Some(from), None) => Some(format!("since {}", self.moment(from))),
            (None, Some(until)) => Some(format!("until {}", self.moment(until))),
            (None, None) => None,
        }
    }

    /// That harm goes on is said only where some was recorded that can.
    fn contained(&self, dataset: &Dataset) -> Option<Fact> {
        let spreads = dataset.known.kinds.iter().flatten().any(|harm| *harm != Harm::Delayed);
        let (text, weight) = match (dataset.known.contained, dataset.is_recovered()) {
            (Some(at), _) => (self.moment(at), Weight::Good),
            (None, true) => ("with the recovery".to_owned(), Weight::Plain),
            (None, false) if spreads => ("not contained yet".to_owned(), Weight::Urgent),
            (None, false) => return None,
        };
        Some(Fact { label: "contained", text, weight })
    }

    fn recovered(&self, dataset: &Dataset) -> Fact {
        let how = dataset.known.how.as_ref().map(|how| format!(", {how}")).unwrap_or_default();
        let (text, weight) = match dataset.known.recovered {
            Some(at) => (format!("{}{how}", self.moment(at)), Weight::Good),
            None => (format!("not yet{how}"), Weight::Plain),
        };
        Fact { label: "recovered", text, weight }
    }

    /// A tier that the policy in force does not know is said, not dropped.
    fn unknown_tier(&self, dataset: &Dataset, known: bool) -> Option<Fact> {
        let tier = dataset.known.tier.as_ref().filter(|_| !known)?;
        let text = format!("{tier} (the policy does not know it: no targets)");
        Some(Fact { label: "tier", text, weight: Weight::Plain })
    }
}

/// How long until it is back.
fn rto(recovery: &Recovery) -> Fact {
    let (tier, over) = (&recovery.tier, recovery.rto_missed_by());
    let so_far = if recovery.recovered { "" } else { " so far" };
    let text =
        format!("{}{so_far}; {} allows {}{}", took(recovery.rto_actual), tier.name, tier.rto, missed(over));
    Fact { label: "RTO", text, weight: weight(over, recovery.recovered) }
}

/// How much data is gone, as time.
fn rpo(recovery: &Recovery) -> Option<Fact> {
    let (tier, over) = (&recovery.tier, recovery.rpo_missed_by());
    let so_far = if recovery.contained { "" } else { " so far" };
    let lost = took(recovery.rpo_actual?);
    let text = format!("{lost} of data{so_far}; {} allows {}{}", tier.name, tier.rpo, missed(over));
    Some(Fact { label: "RPO", text, weight: weight(over, recovery.contained) })
}

/// What was back before it was declared took no time.
fn took(span: Span) -> String {
    span.max(Span::ZERO).short()
}

fn missed(over: Option<Span>) -> String {
    over.map(|over| format!(", MISSED by {}", over.short())).unwrap_or_default()
}

fn weight(over: Option<Span>, ended: bool) -> Weight {
    match (over, ended) {
        (Some(_), true) => Weight::Missed,
        (Some(_), false) => Weight::Urgent,
        (None, true) => Weight::Good,
        (None, false) => Weight::Plain,
    }
}
