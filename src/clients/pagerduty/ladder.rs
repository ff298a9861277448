//! Pages the next rung of an incident's escalation policy, or a given one.
//!
//! PagerDuty does not say on which rung an incident is. It follows from who is assigned and who is on call on which rung, and
//! where one person stands on several, from the log. What remains unclear is asked, never guessed: it pages people.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::deeds::Work;
use super::key;
use super::state::{RESOLVED, changed};
use super::wire::{Duty, Incident, LogEntry, OneIncident};
use crate::clients::Trouble;
use crate::outbox::Outcome;

impl Work<'_> {
    pub(super) async fn escalate(&self, level: Option<u32>) -> Result<Outcome, Trouble> {
        let incident = self.look().await?;
        if incident.status == RESOLVED {
            return Err(Trouble::permanent("the incident is resolved there: nobody can be paged for it"));
        }
        let level = match level {
            Some(level) => level,
            None => self.rung(&incident).await?.ok_or_else(unclear)?.saturating_add(1),
        };
        let body = changed(json!({ "escalation_level": level }));
        let one: OneIncident = self.rest.put_once(&self.path(""), &body).await.map_err(|t| self.gone(t))?;
        Ok(self.confirmed(&one.incident))
    }

    /// The rung that is paged now, from 1, where it can be told.
    pub(super) async fn rung(&self, incident: &Incident) -> Result<Option<u32>, Trouble> {
        let possible = self.possible_rungs(incident).await?;
        match possible.as_slice() {
            [] => Ok(None),
            [rung] => Ok(Some(*rung)),
            several => {
                let by_log = rung_by_log(&self.whole_log().await?);
                Ok(several.contains(&by_log).then_some(by_log))
            }
        }
    }

    /// The rungs on which everybody who is assigned is on call.
    async fn possible_rungs(&self, incident: &Incident) -> Result<Vec<u32>, Trouble> {
        let assigned: BTreeSet<&str> = incident
            .assignments
            .iter()
            .map(|given| given.assignee.id.as_str())
            .filter(|id| !id.is_empty())
            .collect();
        if assigned.is_empty() || incident.escalation_policy.id.is_empty() {
            return Ok(Vec::new());
        }
        let policy = key::checked(&incident.escalation_policy.id)?;
        let duties =
            self.rest.list::<Duty>("oncalls", &[("escalation_policy_ids[]", policy)], "oncalls").await?;
        let mut rungs: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
        for duty in duties.items.iter().filter(|duty| duty.escalation_policy.id == policy) {
            rungs.entry(duty.escalation_level).or_default().insert(&duty.user.id);
        }
        Ok(rungs.into_iter().filter(|(_, who)| assigned.is_subset(who)).map(|(rung, _)| rung).collect())
    }

    async fn whole_log(&self) -> Result<Vec<LogEntry>, Trouble> {
        let path = self.path("/log_entries");
        let mut log =
            self.rest.list::<LogEntry>(&path, &[("is_overview", "false")], "log_entries").await?.items;
        log.sort_by(|a, b| a.head.created_at.cmp(&b.head.created_at));
        Ok(log)
    }
}

/// Counts the escalations since the ladder was last begun; the oldest entry comes first.
fn rung_by_log(log: &[LogEntry]) -> u32 {
    log.iter().fold(1, |rung, entry| match entry.head.kind.as_str() {
        "escalate_log_entry" => rung + 1,
        "repeat_escalation_path_log_entry" | "delegate_log_entry" => 1,
        _ => rung,
    })
}

fn unclear() -> Trouble {
    Trouble::permanent(
        "PagerDuty does not tell which rung is paged now (the incident may be assigned by hand): name the rung, such as `page escalate 2`, or a person",
    )
}
