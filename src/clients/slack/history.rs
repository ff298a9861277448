//! Pages of a channel, the newest first. It reads and judges nothing.

use serde_json::Value;

use super::api::{Repeat, read};
use super::wire::{Message, Page};
use super::{Slack, ids};
use crate::clients::Trouble;
use crate::incident::Time;

/// Most pages that one look reads.
const MOST_PAGES: usize = 50;
/// Most messages of a page that Slack takes.
const MOST_LIMIT: u32 = 999;

/// What was read.
#[derive(Default)]
pub struct Stretch {
    /// The newest first.
    pub messages: Vec<Message>,
    /// Nothing is missing between the newest and where the reading was to end.
    pub whole: bool,
    /// What time it is at Slack.
    pub there: Option<Time>,
}

/// Which messages: of a channel, or of one thread in it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub channel: &'a str,
    pub thread: Option<&'a str>,
}

impl<'a> Place<'a> {
    pub fn channel(channel: &'a str) -> Self {
        Self { channel, thread: None }
    }
}

impl Slack {
    /// Everything from `oldest` on.
    pub(super) async fn since(&self, place: Place<'_>, oldest: &str) -> Result<Stretch, Trouble> {
        let floor = ids::key(oldest);
        let mut stretch = self.back_to(place, Some(oldest), floor).await?;
        stretch.messages.retain(|message| ids::key(&message.ts) >= floor);
        Ok(stretch)
    }

    /// Page by page, until one reaches back to `reach`; the last page is kept whole.
    pub(super) async fn back_to(
        &self,
        place: Place<'_>,
        oldest: Option<&str>,
        reach: ids::Key,
    ) -> Result<Stretch, Trouble> {
        let mut stretch = Stretch::default();
        let mut cursor = String::new();
        for _ in 0..MOST_PAGES {
            let (page, there) = self.page(place, oldest, &cursor).await?;
            stretch.there = there.or(stretch.there);
            let messages = Message::all(page.messages);
            let reached = messages.iter().any(|message| ids::key(&message.ts) <= reach);
            stretch.messages.extend(messages);
            let next = page.response_metadata.next_cursor;
            // Replies come the oldest first: only the last page ends them.
            if next.is_empty() || next == cursor || (reached && place.thread.is_none()) {
                stretch.whole = true;
                break;
            }
            cursor = next;
        }
        Ok(stretch)
    }

    async fn page(
        &self,
        place: Place<'_>,
        oldest: Option<&str>,
        cursor: &str,
    ) -> Result<(Page, Option<Time>), Trouble> {
        let limit = self.settings.page.clamp(1, MOST_LIMIT).to_string();
        let mut form = vec![("channel", place.channel), ("limit", &limit), ("include_all_metadata", "true")];
        form.extend(oldest.map(|oldest| ("oldest", oldest)));
        form.extend((!cursor.is_empty()).then_some(("cursor", cursor)));
        form.extend(oldest.map(|_| ("inclusive", "true")));
        let method = match place.thread {
            None => "conversations.history",
            Some(parent) => {
                form.push(("ts", parent));
                "conversations.replies"
            }
        };
        let reply = self.api.ask(method, &form, Repeat::Safe).await?;
        let there = reply.at;
        Ok((read::<Page>(method, reply, Repeat::Safe)?, there))
    }

    /// One message, wherever in the channel it stands.
    pub(super) async fn one_message(&self, channel: &str, ts: &str) -> Result<Option<Message>, Trouble> {
        let form = [
            ("channel", channel),
            ("ts", ts),
            ("oldest", ts),
            ("latest", ts),
            ("inclusive", "true"),
            ("include_all_metadata", "true"),
        ];
        const METHOD: &str = "conversations.replies";
        let reply = self.api.ask(METHOD, &form, Repeat::Safe).await?;
        if reply.value.get("error").and_then(Value::as_str) == Some("thread_not_found") {
            return Ok(None);
        }
        let page: Page = read(METHOD, reply, Repeat::Safe)?;
        Ok(Message::all(page.messages).into_iter().find(|message| message.ts == ts))
    }
}
