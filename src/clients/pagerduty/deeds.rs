//! What is written at PagerDuty: which deed goes which way.
//!
//! An incident is reached through REST by its id. One that was opened through Events v2 has only its key: with a token its
//! incident is looked up by that key; without one it can still be acknowledged and resolved.

use super::events::{Events, Word};
use super::rest::Rest;
use super::{PagerDuty, key, open, wire};
use crate::clients::{Call, Trouble, needs};
use crate::config::accounts::PagerDutySettings;
use crate::incident::event::{Deed, FailureClass, PageDeed, Slot};
use crate::outbox::Outcome;

/// One deed at one incident, through REST.
pub(super) struct Work<'a> {
    pub rest: &'a Rest,
    pub settings: &'a PagerDutySettings,
    pub call: &'a Call,
    /// Its id; empty where the deed makes it known.
    pub incident: String,
}

/// How an incident can be reached.
pub(super) enum Way<'a> {
    Rest(Work<'a>),
    /// By its key.
    Events(&'a Events, &'a str),
}

impl PagerDuty {
    pub(super) async fn carry_out(&self, call: &Call) -> Result<Outcome, Trouble> {
        match page_deed(call)? {
            PageDeed::Open { priority } => self.open(call, priority.as_deref()).await,
            PageDeed::Take { incident } => self.work(call, String::new())?.take(incident).await,
            deed => {
                let Some(place) = call.place() else { return Ok(needs(Slot::Page)) };
                match self.way(call, place).await? {
                    Way::Rest(work) => work.do_it(deed).await,
                    Way::Events(events, key) => events.say(word_for(deed)?, key).await,
                }
            }
        }
    }

    async fn open(&self, call: &Call, priority: Option<&str>) -> Result<Outcome, Trouble> {
        match (&self.rest, &self.events) {
            (None, Some(events)) => events.trigger(call, priority).await,
            _ => self.work(call, String::new())?.open().await,
        }
    }

    pub(super) fn work<'a>(&'a self, call: &'a Call, incident: String) -> Result<Work<'a>, Trouble> {
        let rest = self.rest.as_ref().ok_or_else(needs_token)?;
        Ok(Work { rest, settings: &self.settings, call, incident })
    }

    pub(super) async fn way<'a>(&'a self, call: &'a Call, place: &'a str) -> Result<Way<'a>, Trouble> {
        let Some(dedup_key) = key::event_key(place) else {
            return Ok(Way::Rest(self.work(call, key::checked(place)?.to_owned())?));
        };
        if let Some(rest) = &self.rest
            && let Some(incident) = open::of_event(rest, dedup_key).await?
        {
            return Ok(Way::Rest(self.work(call, incident)?));
        }
        let events = self.events.as_ref().ok_or_else(|| {
            Trouble::permanent(
                "PagerDuty does not show the incident that was opened with the routing key: set routing_key in [pagerduty], or take the incident by its id",
            )
        })?;
        Ok(Way::Events(events, dedup_key))
    }
}

impl Work<'_> {
    async fn do_it(&self, deed: &PageDeed) -> Result<Outcome, Trouble> {
        match deed {
            PageDeed::Acknowledge => self.acknowledge().await,
            PageDeed::Resolve => self.resolve().await,
            PageDeed::Note => self.note().await,
            PageDeed::StatusUpdate => self.status_update().await,
            PageDeed::Priority { name } => self.set_priority(name).await,
            PageDeed::Responders { who } => self.add_responders(who).await,
            PageDeed::Escalate { level } => self.escalate(*level).await,
            PageDeed::Open { .. } => self.open().await,
            PageDeed::Take { incident } => self.take(incident).await,
        }
    }

    /// A path below the incident: `/notes`; empty: the incident.
    pub(super) fn path(&self, below: &str) -> String {
        format!("incidents/{}{below}", self.incident)
    }

    /// The incident as it stands.
    pub(super) async fn look(&self) -> Result<wire::Incident, Trouble> {
        let one: wire::OneIncident = self.rest.get(&self.path(""), &[]).await.map_err(|t| self.gone(t))?;
        Ok(one.incident)
    }

    /// Says which incident is not there.
    pub(super) fn gone(&self, trouble: Trouble) -> Trouble {
        open::no_such(trouble, &self.incident)
    }

    /// Done before: a success that names the incident.
    pub(super) fn already(&self) -> Outcome {
        Outcome::failed(FailureClass::AlreadyDone, self.incident.clone())
    }

    pub(super) fn confirmed(&self, incident: &wire::Incident) -> Outcome {
        Outcome::Confirmed { remote: self.incident.clone(), link: key::link(incident.html_url.as_deref()) }
    }
}

pub(super) fn page_deed(call: &Call) -> Result<&PageDeed, Trouble> {
    match call.deed() {
        Deed::Page(deed) => Ok(deed),
        _ => Err(Trouble::permanent("PagerDuty opens and follows pages: this belongs to another account")),
    }
}

/// What Events v2 can say of an incident that is open.
fn word_for(deed: &PageDeed) -> Result<Word, Trouble> {
    match deed {
        PageDeed::Acknowledge => Ok(Word::Acknowledge),
        PageDeed::Resolve => Ok(Word::Resolve),
        _ => Err(needs_token()),
    }
}

pub(super) fn needs_token() -> Trouble {
    Trouble::permanent(
        "a routing key can only open, acknowledge and resolve: this needs a REST API token; set `token` in [pagerduty] of config.toml",
    )
}
