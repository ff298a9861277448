//! What an event of Socket Mode tells.
//!
//! Slack delivers events at least once, and sometimes the same message as two events: they are told apart by `event_id`, then by
//! the `ts` of the message.

use std::collections::{BTreeSet, VecDeque};

use serde::Deserialize;
use serde_json::Value;

use super::memory::hash;
use super::news::{Kind, Own, Told, deleted, kind, takes_all};
use super::text::mentioned;
use super::wire::{Me, Message};
use super::{Slack, ids};
use crate::clients::Trouble;
use crate::incident::event::{Listen, Slot};
use crate::outbox::news::{News, Pull, What};

/// So many events are remembered.
const MOST: usize = 1_000;

pub enum Heard {
    Nothing,
    News(Box<News>),
    /// The channel itself has to be asked.
    Look,
}

/// What was heard lately.
#[derive(Default)]
pub struct Lately {
    known: BTreeSet<String>,
    order: VecDeque<String>,
}

impl Lately {
    /// Whether it is heard for the first time.
    fn is_first(&mut self, id: &str) -> bool {
        if id.is_empty() {
            return true;
        }
        if !self.known.insert(id.to_owned()) {
            return false;
        }
        self.order.push_back(id.to_owned());
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Payload {
    event_id: String,
    event: Value,
}

/// A reaction or a pin.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Mark {
    reaction: String,
    channel_id: String,
    item: Item,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    channel: String,
    ts: String,
}

impl Slack {
    pub(super) async fn heard(
        &self,
        pull: &Pull,
        lately: &mut Lately,
        payload: Value,
    ) -> Result<Heard, Trouble> {
        let Some(channel) = pull.place(Slot::Channel) else { return Ok(Heard::Nothing) };
        let Ok(payload) = serde_json::from_value::<Payload>(payload) else { return Ok(Heard::Nothing) };
        if !lately.is_first(&payload.event_id) {
            return Ok(Heard::Nothing);
        }
        let kind = payload.event.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        if kind == "message" {
            let Ok(message) = serde_json::from_value::<Message>(payload.event) else {
                return Ok(Heard::Look);
            };
            return if message.channel == channel {
                self.message(pull, lately, channel, message).await
            } else {
                Ok(Heard::Nothing)
            };
        }
        let mark: Mark = serde_json::from_value(payload.event).unwrap_or_default();
        match (kind.as_str(), pull.listen) {
            ("pin_added", Listen::Pinned) if mark.channel_id == channel || mark.item.channel == channel => {
                Ok(Heard::Look)
            }
            ("reaction_added", Listen::Emoji) if mark.item.channel == channel => {
                self.marked(pull, channel, &mark).await
            }
            _ => Ok(Heard::Nothing),
        }
    }

    /// A message may be marked long after it was said: it is fetched.
    async fn marked(&self, pull: &Pull, channel: &str, mark: &Mark) -> Result<Heard, Trouble> {
        if mark.reaction.split("::").next() != Some(self.settings.emoji.as_str()) {
            return Ok(Heard::Nothing);
        }
        let me = self.me().await?;
        match self.one_message(channel, &mark.item.ts).await? {
            Some(message) if matches!(self.own(&message, me), Own::No) && kind(&message) == Kind::Said => {
                self.as_said(pull, channel, me, &message).await
            }
            _ => Ok(Heard::Nothing),
        }
    }

    async fn message(
        &self,
        pull: &Pull,
        lately: &mut Lately,
        channel: &str,
        event: Message,
    ) -> Result<Heard, Trouble> {
        match event.subtype.as_str() {
            "message_changed" => self.changed(pull, channel, event).await,
            "message_deleted" => Ok(self.removed(pull, channel, &event)),
            "message_replied" => Ok(Heard::Nothing),
            _ if event.ts.is_empty() => Ok(Heard::Look),
            _ if !lately.is_first(&ids::remote(channel, &event.ts)) => Ok(Heard::Nothing),
            _ => self.new_message(pull, channel, &event).await,
        }
    }

    async fn new_message(&self, pull: &Pull, channel: &str, message: &Message) -> Result<Heard, Trouble> {
        let me = self.me().await?;
        let place = Told { channel, url: &me.url, now: pull.now };
        match (kind(message), self.own(message, me)) {
            (Kind::Fact(text), _) if pull.listen != Listen::Off => {
                self.get_to_know([message.user.clone()].into_iter().filter(|id| ids::is_user(id))).await?;
                Ok(news(self.news(&place, message, What::Fact { text: text.to_owned() })))
            }
            (Kind::Said, Own::Yes(Some(op))) => {
                let said = self.news(&place, message, What::Said { text: self.told(message, &self.names()) });
                Ok(news(News { echo_of: Some(op), ..said }))
            }
            (Kind::Said, Own::No) if takes_all(pull.listen) || message.is_word() => {
                self.as_said(pull, channel, me, message).await
            }
            _ => Ok(Heard::Nothing),
        }
    }

    async fn as_said(
        &self,
        pull: &Pull,
        channel: &str,
        me: &Me,
        message: &Message,
    ) -> Result<Heard, Trouble> {
        self.know_those_in(message).await?;
        Ok(news(self.said(&Told { channel, url: &me.url, now: pull.now }, message, &self.names())))
    }

    async fn know_those_in(&self, message: &Message) -> Result<(), Trouble> {
        let by = [message.user.clone()].into_iter().filter(|id| ids::is_user(id));
        self.get_to_know(by.chain(mentioned(&message.words()).map(str::to_owned))).await
    }

    /// Where only some messages are told, it takes the memory of what was told to know whether this one was.
    async fn changed(&self, pull: &Pull, channel: &str, event: Message) -> Result<Heard, Trouble> {
        let (Some(now), before) = (event.message, event.previous_message) else { return Ok(Heard::Look) };
        let me = self.me().await?;
        if kind(&now) == Kind::Gone {
            return Ok(if takes_all(pull.listen) {
                news(deleted(channel, &now.ts, ids::time(&event.ts)))
            } else {
                Heard::Look
            });
        }
        let same = before.as_ref().is_some_and(|before| hash(before) == hash(&now));
        let is_word = now.is_word() || before.is_some_and(|before| before.is_word());
        let before_us = ids::time(&now.ts) < pull.since;
        if same || is_word || before_us || kind(&now) != Kind::Said || !matches!(self.own(&now, me), Own::No)
        {
            return Ok(Heard::Nothing);
        }
        if !takes_all(pull.listen) {
            return Ok(if pull.listen == Listen::Off { Heard::Nothing } else { Heard::Look });
        }
        self.know_those_in(&now).await?;
        let edit = now.edit_ts().unwrap_or(&event.ts).to_owned();
        Ok(news(self.edited(&Told { channel, url: &me.url, now: pull.now }, &now, &edit, &self.names())))
    }

    fn removed(&self, pull: &Pull, channel: &str, event: &Message) -> Heard {
        let Some(ts) = event.deleted_ts.as_deref() else { return Heard::Look };
        let is_word = event.previous_message.as_ref().is_some_and(|message| message.is_word());
        let is_own = |(message, me): (&Message, &Me)| !matches!(self.own(message, me), Own::No);
        let own = event.previous_message.as_deref().zip(self.me.get()).is_some_and(is_own);
        match pull.listen {
            _ if is_word || own || ids::time(ts) < pull.since => Heard::Nothing,
            Listen::All => news(deleted(channel, ts, ids::time(&event.ts))),
            Listen::Off => Heard::Nothing,
            Listen::Pinned | Listen::Emoji => Heard::Look,
        }
    }
}

fn news(news: News) -> Heard {
    Heard::News(Box::new(news))
}
