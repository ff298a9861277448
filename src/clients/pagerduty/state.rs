//! Acknowledges, resolves, and sets the priority: states, which may be set twice without harm.

use serde_json::{Value, json};

use super::deeds::Work;
use super::refusal::{self, ALREADY_ACKNOWLEDGED, ALREADY_RESOLVED, NO_SUCH_PRIORITY};
use super::wire::{Incident, OneIncident, Thing};
use crate::clients::Trouble;
use crate::incident::clean::clean_line;
use crate::outbox::Outcome;

pub(super) const ACKNOWLEDGED: &str = "acknowledged";
pub(super) const RESOLVED: &str = "resolved";

impl Work<'_> {
    pub(super) async fn acknowledge(&self) -> Result<Outcome, Trouble> {
        match self.look().await?.status.as_str() {
            ACKNOWLEDGED => return Ok(self.already()),
            RESOLVED => return Err(over()),
            _ => {}
        }
        match self.set(json!({ "status": ACKNOWLEDGED })).await {
            Err(trouble) if trouble.code == ALREADY_ACKNOWLEDGED => Ok(self.already()),
            Err(trouble) if trouble.code == ALREADY_RESOLVED => Err(over()),
            done => Ok(self.confirmed(&done?)),
        }
    }

    pub(super) async fn resolve(&self) -> Result<Outcome, Trouble> {
        if self.look().await?.status == RESOLVED {
            return Ok(self.already());
        }
        match self.set(json!({ "status": RESOLVED })).await {
            Err(trouble) if trouble.code == ALREADY_RESOLVED => Ok(self.already()),
            done => Ok(self.confirmed(&done?)),
        }
    }

    pub(super) async fn set_priority(&self, name: &str) -> Result<Outcome, Trouble> {
        let priority = self.priority(name).await?;
        match self.set(json!({ "priority": priority })).await {
            Err(trouble) if trouble.code == NO_SUCH_PRIORITY => {
                let known = self.priorities().await.map(|known| names(&known)).unwrap_or_default();
                Err(unknown_priority(name, &known))
            }
            done => Ok(self.confirmed(&done?)),
        }
    }

    async fn set(&self, change: Value) -> Result<Incident, Trouble> {
        let one: OneIncident =
            self.rest.put(&self.path(""), &changed(change)).await.map_err(|t| self.gone(t))?;
        Ok(one.incident)
    }

    /// The reference to a priority by its name, in any case of letters.
    pub(super) async fn priority(&self, name: &str) -> Result<Value, Trouble> {
        let known = self.priorities().await?;
        let found = known.iter().find(|priority| is_called(priority, name));
        let found = found.ok_or_else(|| unknown_priority(name, &names(&known)))?;
        Ok(json!({ "id": found.id, "type": "priority_reference" }))
    }

    async fn priorities(&self) -> Result<Vec<Thing>, Trouble> {
        let listed = self.rest.list("priorities", &[], "priorities").await;
        Ok(listed.map_err(without_priorities)?.items)
    }
}

/// A change of an incident, as PagerDuty wants it.
pub(super) fn changed(mut change: Value) -> Value {
    change["type"] = json!("incident_reference");
    json!({ "incident": change })
}

pub(super) fn is_called(thing: &Thing, name: &str) -> bool {
    let name = name.trim();
    [&thing.name, &thing.summary].into_iter().any(|known| known.trim().eq_ignore_ascii_case(name))
}

fn over() -> Trouble {
    Trouble::permanent("the incident is resolved there: reopen it in PagerDuty, or open a new one")
        .code(ALREADY_RESOLVED)
}

fn without_priorities(trouble: Trouble) -> Trouble {
    if ![refusal::NOT_PAID, refusal::NOT_FOUND].contains(&trouble.code.as_str()) {
        return trouble;
    }
    let message = "this PagerDuty account has no priorities: turn them on there, or take `priorities` out of [pagerduty]";
    Trouble { message: message.to_owned(), ..trouble }
}

fn names(known: &[Thing]) -> String {
    known.iter().map(|priority| clean_line(priority.called()).into_owned()).collect::<Vec<_>>().join(", ")
}

fn unknown_priority(name: &str, known: &str) -> Trouble {
    let there = if known.is_empty() { "there are none".to_owned() } else { format!("there are {known}") };
    Trouble::permanent(format!(
        "PagerDuty has no priority {:?}: {there}; put `priorities` in [pagerduty] right, or name one of them",
        clean_line(name)
    ))
    .code(NO_SUCH_PRIORITY)
}
