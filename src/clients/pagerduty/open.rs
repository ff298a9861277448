//! Opens an incident, or takes one that is there.
//!
//! The id of the act is the incident's key: PagerDuty refuses a second open incident with it, and the first can be found by it.
//! It is opened with its title alone: the published description and PagerDuty's own examples disagree on what the details are,
//! and a page must not fail for them. The details follow as a note, the priority as an act of its own, which may be wrong
//! without keeping anybody asleep.

use serde_json::{Value, json};

use super::deeds::Work;
use super::rest::Rest;
use super::wire::{Incident, OneIncident};
use super::{key, refusal};
use crate::clients::{Trouble, marked};
use crate::incident::clean::clean_line;
use crate::incident::event::FailureClass;
use crate::outbox::Outcome;

/// Most characters of an incident's title.
pub(super) const MOST_TITLE: usize = 1024;

/// What a look by key has shown.
pub(super) enum ByKey {
    Found(Box<Incident>),
    /// Nothing has this key.
    Nothing,
    /// Something was shown, but not as asked for: nothing can be concluded.
    Unsure,
}

impl Work<'_> {
    pub(super) async fn open(&self) -> Result<Outcome, Trouble> {
        self.rest.from()?;
        let service = self.service()?.to_owned();
        let body = json!({ "incident": self.incident_body(&service) });
        match self.rest.post::<OneIncident>("incidents", &body).await {
            Ok(one) => opened(&one.incident),
            Err(trouble) if exists(&trouble) => self.adopt().await,
            Err(trouble) => Err(trouble),
        }
    }

    fn incident_body(&self, service: &str) -> Value {
        let mut incident = json!({
            "type": "incident",
            "title": title(self.call.drill, &self.call.act.title),
            "service": { "id": service, "type": "service_reference" },
            "urgency": "high",
            "incident_key": self.call.op(),
        });
        // A drill follows the policy of the drills' own service: another one would page whoever is on call.
        let policy = self.settings.escalation_policy.trim();
        if !policy.is_empty() && !self.call.drill {
            incident["escalation_policy"] = json!({ "id": policy, "type": "escalation_policy_reference" });
        }
        incident
    }

    fn service(&self) -> Result<&str, Trouble> {
        let (service, missing) = match self.call.drill {
            true => (
                self.settings.drill.as_deref().unwrap_or_default().trim(),
                "a drill pages nobody: set `drill` in [pagerduty] of config.toml to the id of a service for drills",
            ),
            false => (
                self.settings.service.trim(),
                "PagerDuty opens incidents on a service: set `service` in [pagerduty] of config.toml to its id",
            ),
        };
        if service.is_empty() { Err(Trouble::permanent(missing)) } else { key::checked(service) }
    }

    /// The incident that carries our key.
    async fn adopt(&self) -> Result<Outcome, Trouble> {
        match by_key(self.rest, &self.call.op()).await? {
            ByKey::Found(incident) => opened(&incident),
            ByKey::Nothing | ByKey::Unsure => {
                Err(Trouble::unknown("PagerDuty has an incident with this key already, but does not show it"))
            }
        }
    }

    pub(super) async fn take(&self, incident: &str) -> Result<Outcome, Trouble> {
        let id = key::incident(incident)?;
        let one = self.rest.get::<OneIncident>(&format!("incidents/{id}"), &[]).await;
        opened(&one.map_err(|trouble| no_such(trouble, id))?.incident)
    }
}

/// A title of one line that fits.
pub(super) fn title(drill: bool, text: &str) -> String {
    let text = clean_line(text);
    let text = if text.is_empty() { "Incident" } else { &text };
    marked(drill, text).chars().take(MOST_TITLE).collect()
}

fn opened(incident: &Incident) -> Result<Outcome, Trouble> {
    if incident.id.is_empty() {
        return Err(Trouble::unknown("PagerDuty's answer names no incident"));
    }
    let remote = key::checked(&incident.id)?.to_owned();
    Ok(Outcome::Confirmed { remote, link: key::link(incident.html_url.as_deref()) })
}

/// Whether the refusal says that an incident with our key is open.
fn exists(trouble: &Trouble) -> bool {
    let said = trouble.message.to_lowercase();
    trouble.class == FailureClass::Permanent
        && (said.contains("already exists") || said.contains("matching dedup key"))
}

/// What a missing incident means to whoever asked for it.
pub(super) fn no_such(trouble: Trouble, id: &str) -> Trouble {
    if trouble.code != refusal::NOT_FOUND {
        return trouble;
    }
    let message = format!(
        "there is no incident {id} in PagerDuty: check the id, and that the token is one of the same account and region"
    );
    Trouble { message, ..trouble }
}

/// The incident that was opened with this key. What the list shows is compared: a filter that a proxy drops answers anything.
pub(super) async fn by_key(rest: &Rest, dedup_key: &str) -> Result<ByKey, Trouble> {
    let shown = shown_for(rest, dedup_key).await?;
    let nothing = shown.is_empty();
    let ours = |incident: &Incident| incident.incident_key == dedup_key;
    // One that is open goes before one that is over.
    let (closed, open): (Vec<_>, Vec<_>) =
        shown.into_iter().filter(ours).partition(|incident| incident.status == "resolved");
    Ok(match open.into_iter().chain(closed).next() {
        Some(incident) => ByKey::Found(Box::new(incident)),
        None if nothing => ByKey::Nothing,
        None => ByKey::Unsure,
    })
}

/// The incident of an event. Those that have alerts show no key of their own, but are listed under their alerts' keys.
pub(super) async fn of_event(rest: &Rest, dedup_key: &str) -> Result<Option<String>, Trouble> {
    let shown = shown_for(rest, dedup_key).await?;
    match shown.as_slice() {
        [one] if one.incident_key.is_empty() || one.incident_key == dedup_key => {
            Ok(Some(key::checked(&one.id)?.to_owned()))
        }
        _ => Ok(None),
    }
}

async fn shown_for(rest: &Rest, dedup_key: &str) -> Result<Vec<Incident>, Trouble> {
    // Without a range the last month alone would be looked at.
    let query = [("incident_key", dedup_key), ("date_range", "all")];
    let (shown, _) = rest.page("incidents", &query, "incidents", 0).await?;
    Ok(shown.into_iter().filter_map(|incident| serde_json::from_value(incident).ok()).collect())
}
