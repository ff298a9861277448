//! Whether a doubtful write arrived. Only our own mark, or a state that stands as it was asked for, counts as found.

use super::PagerDuty;
use super::deeds::{Way, Work, page_deed};
use super::open::{ByKey, by_key};
use super::refusal::NOT_FOUND;
use super::state::{ACKNOWLEDGED, RESOLVED, is_called};
use super::wire::{LogEntry, Notes};
use super::{key, tag};
use crate::clients::{Call, Trouble, needs};
use crate::incident::Span;
use crate::incident::clean::clean_line;
use crate::incident::event::{PageDeed, Slot};
use crate::outbox::Outcome;

/// Clocks differ, ours and PagerDuty's.
const CLOCKS: Span = Span::from_mins(10);

impl PagerDuty {
    pub(super) async fn seek(&self, call: &Call) -> Result<Outcome, Trouble> {
        match page_deed(call)? {
            // What Events v2 takes can be sent again without harm, and nothing of it can be read.
            PageDeed::Open { .. } if self.rest.is_none() => Ok(Outcome::NotThere),
            PageDeed::Open { .. } => self.work(call, String::new())?.seek_opened().await,
            PageDeed::Take { incident } => self.work(call, String::new())?.seek_taken(incident).await,
            deed => {
                let Some(place) = call.place() else { return Ok(needs(Slot::Page)) };
                match self.way(call, place).await? {
                    Way::Rest(work) => work.seek(deed).await,
                    Way::Events(..) => Ok(Outcome::NotThere),
                }
            }
        }
    }
}

impl Work<'_> {
    async fn seek(&self, deed: &PageDeed) -> Result<Outcome, Trouble> {
        match deed {
            PageDeed::Note => self.seek_note().await,
            PageDeed::StatusUpdate => self.seek_status_update().await,
            PageDeed::Responders { .. } => self.seek_responders().await,
            PageDeed::Escalate { level } => self.seek_escalation(*level).await,
            state => self.seek_state(state).await,
        }
    }

    async fn seek_opened(&self) -> Result<Outcome, Trouble> {
        Ok(match by_key(self.rest, &self.call.op()).await? {
            ByKey::Found(incident) => Outcome::Confirmed {
                remote: key::checked(&incident.id)?.to_owned(),
                link: key::link(incident.html_url.as_deref()),
            },
            ByKey::Nothing => Outcome::NotThere,
            ByKey::Unsure => {
                cannot_tell("PagerDuty shows incidents with other keys than ours: look whether it was opened")
            }
        })
    }

    async fn seek_taken(&self, incident: &str) -> Result<Outcome, Trouble> {
        match self.take(incident).await {
            Err(trouble) if trouble.code == NOT_FOUND => Ok(Outcome::NotThere),
            found => found,
        }
    }

    /// A state that is not as asked for may be set (again).
    async fn seek_state(&self, deed: &PageDeed) -> Result<Outcome, Trouble> {
        let incident = self.look().await?;
        let stands = match deed {
            PageDeed::Acknowledge => incident.status == ACKNOWLEDGED,
            PageDeed::Resolve => incident.status == RESOLVED,
            PageDeed::Priority { name } => is_called(&incident.priority, name),
            _ => false,
        };
        Ok(if stands { self.confirmed(&incident) } else { Outcome::NotThere })
    }

    /// The list of notes is whole: what is not in it was not written.
    async fn seek_note(&self) -> Result<Outcome, Trouble> {
        let listed: Notes = self.rest.get(&self.path("/notes"), &[]).await.map_err(|t| self.gone(t))?;
        let (op, mut notes) = (self.call.op(), listed.notes.iter());
        match notes.find(|note| tag::carries(&note.content.as_str().into(), &op)) {
            Some(note) => self.kept(&note.id),
            None => Ok(Outcome::NotThere),
        }
    }

    /// Status updates have no list of their own; that they leave a line in the log is not promised.
    async fn seek_status_update(&self) -> Result<Outcome, Trouble> {
        match self.marked_entry().await? {
            Some(entry) => self.kept(&entry.head.id),
            None => Ok(cannot_tell(
                "PagerDuty's log does not show the status update: look whether its subscribers got it",
            )),
        }
    }

    async fn seek_responders(&self) -> Result<Outcome, Trouble> {
        let (incident, op) = (self.look().await?, self.call.op());
        if [&incident.responder_requests, &incident.incidents_responders]
            .iter()
            .any(|list| tag::carries(list, &op))
        {
            return self.kept("");
        }
        match self.marked_entry().await? {
            Some(entry) => self.kept(&entry.head.id),
            None => Ok(cannot_tell(
                "PagerDuty does not show our request: look at the incident's responders there",
            )),
        }
    }

    /// A named rung that is paged now is as asked for; "the next one" cannot be recognised.
    async fn seek_escalation(&self, level: Option<u32>) -> Result<Outcome, Trouble> {
        let incident = self.look().await?;
        if let Some(level) = level
            && self.rung(&incident).await? == Some(level)
        {
            return Ok(self.confirmed(&incident));
        }
        let log = self.log_since_request().await?;
        let newest =
            log.iter().filter(|entry| entry.head.kind == "escalate_log_entry").max_by_key(|entry| entry.at());
        Ok(cannot_tell(&match newest {
            Some(entry) => {
                let (what, when) = (clean_line(&entry.head.summary), clean_line(&entry.head.created_at));
                format!(
                    "PagerDuty's newest escalation is {what:?} of {when}: only a person can tell whether it is this one"
                )
            }
            None => {
                "PagerDuty's log shows no escalation since then: look whether somebody was paged".to_owned()
            }
        }))
    }

    async fn marked_entry(&self) -> Result<Option<LogEntry>, Trouble> {
        let op = self.call.op();
        Ok(self.log_since_request().await?.into_iter().find(|entry| tag::carries(&entry.raw, &op)))
    }

    async fn log_since_request(&self) -> Result<Vec<LogEntry>, Trouble> {
        // Of several attempts the first may be the one that arrived.
        let since = (self.call.act.requested_at - CLOCKS).to_string();
        let query = [("is_overview", "false"), ("include[]", "channels"), ("since", since.as_str())];
        Ok(self
            .rest
            .list(&self.path("/log_entries"), &query, "log_entries")
            .await
            .map_err(|t| self.gone(t))?
            .items)
    }
}

fn cannot_tell(message: &str) -> Outcome {
    Outcome::CannotTell { message: message.to_owned() }
}
