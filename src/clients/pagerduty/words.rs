//! Notes and status updates. PagerDuty keeps whatever it gets, as often as it gets it: each carries the mark of its act.

use serde_json::json;

use super::deeds::Work;
use super::tag;
use super::wire::{OneNote, OneUpdate};
use crate::clients::{Trouble, marked};
use crate::incident::clean::clean_text;
use crate::outbox::Outcome;

impl Work<'_> {
    pub(super) async fn note(&self) -> Result<Outcome, Trouble> {
        let body = json!({ "note": { "content": self.words() } });
        let one: OneNote = self.rest.post(&self.path("/notes"), &body).await.map_err(|t| self.gone(t))?;
        self.kept(&one.note.id)
    }

    pub(super) async fn status_update(&self) -> Result<Outcome, Trouble> {
        let body = json!({ "message": self.words() });
        let one: OneUpdate =
            self.rest.post(&self.path("/status_updates"), &body).await.map_err(|t| self.gone(t))?;
        self.kept(&one.status_update.id)
    }

    /// The body of the act with its mark; in a drill it says so.
    pub(super) fn words(&self) -> String {
        let text = marked(self.call.drill, &clean_text(&self.call.act.body));
        tag::marked_with(&text, self.call.act.request)
    }

    /// Confirmed by the id that it got; where the answer names none, by the act's own.
    pub(super) fn kept(&self, id: &str) -> Result<Outcome, Trouble> {
        let remote =
            if id.is_empty() { self.call.op() } else { crate::incident::clean::clean_line(id).into_owned() };
        Ok(Outcome::confirmed(remote))
    }
}
