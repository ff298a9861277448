//! The data-impact ledger (rows B8, S1.5): one line for each dataset, and what became of the data in the end.

mod amount;

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::event::{DataLoss, ImpactChange, ImpactEvent};
use super::ids::{EntryId, PersonId};
use super::time::{Span, Time};
use crate::policy::{Policy, Tier};

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    pub name: String,
    /// All that is known, laid over each other. Its `dataset` and `undoes` say nothing here.
    pub known: ImpactChange,
    /// Every change that still holds, oldest first.
    pub changes: Vec<Change>,
    pub withdrawn: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub entry: EntryId,
    pub by: PersonId,
    pub at: Time,
    pub change: ImpactChange,
}

/// What was said to have become of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    pub data: DataLoss,
    pub text: String,
    pub by: PersonId,
    pub at: Time,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    all: Vec<Dataset>,
    pub stated: Option<Stated>,
}

/// Target and reality of one dataset's recovery (MISSION row S2.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    pub tier: Tier,
    /// Since the incident began; runs on while it is not recovered.
    pub rto_actual: Span,
    pub recovered: bool,
    /// From the last good moment until nothing more was damaged; unknown without a last good moment.
    pub rpo_actual: Option<Span>,
    pub contained: bool,
}

impl Recovery {
    pub fn rto_missed_by(&self) -> Option<Span> {
        over(self.rto_actual, self.tier.rto.span)
    }

    pub fn rpo_missed_by(&self) -> Option<Span> {
        over(self.rpo_actual?, self.tier.rpo.span)
    }
}

fn over(actual: Span, target: Span) -> Option<Span> {
    (actual > target).then(|| Span::from_ms(actual.ms().saturating_sub(target.ms())))
}

impl Dataset {
    pub fn is_recovered(&self) -> bool {
        self.known.recovered.is_some()
    }

    /// Against its tier; `None`: it has none, or the policy does not know it. `began`: when the incident began.
    pub fn recovery(&self, policy: &Policy, began: Time, now: Time) -> Option<Recovery> {
        let tier = policy.tier(self.known.tier.as_deref()?)?.clone();
        let known = &self.known;
        let contained = known.contained.or(known.recovered);
        Some(Recovery {
            tier,
            rto_actual: known.recovered.unwrap_or(now).since(began),
            recovered: known.recovered.is_some(),
            rpo_actual: known.last_good.map(|good| contained.unwrap_or(now).since(good)),
            contained: contained.is_some(),
        })
    }
}

impl Ledger {
    /// Every line that was not withdrawn, in the order in which they were opened.
    pub fn datasets(&self) -> impl Iterator<Item = &Dataset> {
        self.all.iter().filter(|dataset| dataset.withdrawn.is_none())
    }

    pub fn get(&self, name: &str) -> Option<&Dataset> {
        self.datasets().find(|dataset| dataset.name.eq_ignore_ascii_case(name.trim()))
    }

    /// Every team that some line names, once, in order.
    pub fn teams(&self) -> Vec<&str> {
        let mut teams: Vec<&str> = self
            .datasets()
            .flat_map(|dataset| dataset.known.teams.iter().flatten().map(String::as_str))
            .collect();
        teams.sort_unstable();
        teams.dedup();
        teams
    }

    /// Lines that are not recovered.
    pub fn open(&self) -> impl Iterator<Item = &Dataset> {
        self.datasets().filter(|dataset| !dataset.is_recovered())
    }

    pub(super) fn apply(&mut self, entry: &Entry, event: &ImpactEvent) -> Result<(), String> {
        let (by, at) = (entry.by().clone(), entry.at());
        match event {
            ImpactEvent::Recorded(change) => {
                let dataset = self.line(&change.dataset);
                // A line that was a mistake begins anew: what was said of it then no longer counts.
                if dataset.withdrawn.take().is_some() && change.undoes.is_none() {
                    dataset.changes.clear();
                }
                match change.undoes {
                    Some(undone) => dataset.changes.retain(|change| change.entry != undone),
                    None => {
                        let change = (**change).clone();
                        dataset.changes.push(Change { entry: entry.id(), by, at, change });
                    }
                }
                dataset.known = laid_over(&dataset.changes);
                if dataset.changes.is_empty() {
                    dataset.withdrawn = Some("undone".to_owned());
                }
            }
            ImpactEvent::Withdrawn { dataset, reason } => {
                let line = self.all.iter_mut().find(|line| line.name.eq_ignore_ascii_case(dataset));
                let line = line.filter(|line| line.withdrawn.is_none()).ok_or("there was no such line")?;
                line.withdrawn = Some(reason.clone());
            }
            ImpactEvent::Stated { data, text } => {
                self.stated = Some(Stated { data: *data, text: text.clone(), by, at });
            }
        }
        Ok(())
    }

    fn line(&mut self, name: &str) -> &mut Dataset {
        let place = self.all.iter().position(|line| line.name.eq_ignore_ascii_case(name));
        let place = place.unwrap_or_else(|| {
            let known = ImpactChange::default();
            self.all.push(Dataset { name: name.to_owned(), known, changes: Vec::new(), withdrawn: None });
            self.all.len() - 1
        });
        &mut self.all[place]
    }
}

/// The newest word on each field. An empty text or list says: not known after all.
fn laid_over(changes: &[Change]) -> ImpactChange {
    let mut known = ImpactChange::default();
    for Change { change, .. } in changes {
        let change = change.clone();
        known.kinds = change.kinds.or(known.kinds);
        known.from = change.from.or(known.from);
        known.until = change.until.or(known.until);
        known.rows = change.rows.or(known.rows);
        known.consumers = change.consumers.or(known.consumers);
        known.teams = change.teams.or(known.teams);
        known.last_good = change.last_good.or(known.last_good);
        known.contained = change.contained.or(known.contained);
        known.recovered = change.recovered.or(known.recovered);
        known.how = change.how.or(known.how);
        known.tier = change.tier.or(known.tier);
        known.note = change.note.or(known.note);
    }
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    let some = |list: Option<Vec<String>>| list.filter(|list| !list.is_empty());
    known.kinds = known.kinds.filter(|kinds| !kinds.is_empty());
    known.how = said(known.how);
    known.tier = said(known.tier);
    known.note = said(known.note);
    known.consumers = some(known.consumers);
    known.teams = some(known.teams);
    known
}
