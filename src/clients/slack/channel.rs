//! The incident's channel: made, adopted, given its topic and its bookmarks.
//!
//! A channel of ours can be told from others of the same name: our app made it, and its purpose carries the request's tag.

use serde_json::Value;

use super::api::Repeat;
use super::find_channel::unknown;
use super::text::escaped_within;
use super::wire::{Bookmark, Bookmarks, Channel, OneBookmark, OneChannel};
use super::{Slack, ids};
use crate::clients::{Call, Trouble, marked, needs, op_tag};
use crate::incident::clean::clean_line;
use crate::incident::event::Slot;
use crate::incident::{Span, Time};
use crate::outbox::{Act, Outcome};

/// Longest topic and longest purpose, and the longest title and address of a bookmark.
const MOST_TOPIC: usize = 250;
const MOST_BOOKMARK: usize = 256;
const MOST_ADDRESS: usize = 2048;
/// How far this computer's clock and Slack's may be apart.
const CLOCKS_APART: Span = Span::from_secs(60);

impl Slack {
    pub(super) async fn open(&self, call: &Call, name: &str, private: bool) -> Result<Outcome, Trouble> {
        if call.drill {
            return self.adopt(call, self.drill_channel()?).await;
        }
        let is_private = if private { "true" } else { "false" };
        let form = [("name", name), ("is_private", is_private)];
        match self.api.call::<OneChannel>("conversations.create", &form, Repeat::Never).await {
            Ok(made) => {
                self.mark(&made.channel.id, &call.act).await;
                self.confirmed(&made.channel.id).await
            }
            Err(trouble) if trouble.code == "name_taken" => self.take_ours(call, name).await,
            Err(trouble) => Err(trouble),
        }
    }

    /// Makes a new channel recognisable. Should it fail, the channel can still be told by who made it, and when.
    async fn mark(&self, channel: &str, act: &Act) {
        let purpose = format!("War room of an incident, kept by warroom ({})", op_tag(act.request));
        let form = [("channel", channel), ("purpose", purpose.as_str())];
        let _ = self.api.safe::<Value>("conversations.setPurpose", &form).await;
    }

    /// The name is taken: by an earlier attempt of ours, or by somebody else.
    async fn take_ours(&self, call: &Call, name: &str) -> Result<Outcome, Trouble> {
        let found = self.channel_named(name).await?.found;
        match found {
            Some(channel) if self.is_ours(&channel, &call.act).await? => {
                not_archived(&channel)?;
                self.mark(&channel.id, &call.act).await;
                self.confirmed(&channel.id).await
            }
            _ => Err(Trouble::permanent(format!(
                "the name {} is taken by another channel: adopt that one (channel adopt {0}), or choose another name",
                clean_line(name)
            ))
            .code("name_taken")),
        }
    }

    pub(super) async fn find_open(&self, call: &Call, name: &str, private: bool) -> Result<Outcome, Trouble> {
        if call.drill {
            return Ok(Outcome::NotThere);
        }
        let search = self.channel_named(name).await?;
        match search.found {
            Some(channel) if self.is_ours(&channel, &call.act).await? => self.confirmed(&channel.id).await,
            // The name is somebody else's: no attempt of ours can have got it.
            Some(_) => Ok(Outcome::NotThere),
            None if private && !search.complete => Ok(Outcome::CannotTell {
                message: format!(
                    "private channels cannot be looked for without the scope groups:read: see whether #{} is there",
                    clean_line(name)
                ),
            }),
            None => Ok(Outcome::NotThere),
        }
    }

    /// Whether an attempt of this request has made the channel.
    async fn is_ours(&self, channel: &Channel, act: &Act) -> Result<bool, Trouble> {
        if channel.creator != self.me().await?.user_id {
            return Ok(false);
        }
        let purpose = channel.purpose.value.as_str();
        if purpose.contains(&op_tag(act.request)) {
            return Ok(true);
        }
        // Another request has marked it.
        let others = purpose.contains("wr-op-");
        let made = Time::from_ms(channel.created.saturating_mul(1000));
        Ok(!others && made >= act.requested_at.saturating_sub(CLOCKS_APART))
    }

    pub(super) async fn adopt(&self, call: &Call, typed: &str) -> Result<Outcome, Trouble> {
        let typed = if call.drill { self.drill_channel()? } else { typed };
        let wanted = ids::channel_as_typed(typed);
        let by_id = if ids::is_channel(&wanted) { self.channel_info(&wanted).await? } else { None };
        let found = match by_id {
            Some(channel) => Some(channel),
            None => self.channel_named(&wanted.to_lowercase()).await?.found,
        };
        let channel = found.ok_or_else(|| unknown(typed))?;
        not_archived(&channel)?;
        // Who may only listen changes nothing, not even who is in the channel.
        if !channel.is_member && !self.settings.common.read_only {
            self.join(&channel).await?;
        }
        self.confirmed(&channel.id).await
    }

    async fn join(&self, channel: &Channel) -> Result<(), Trouble> {
        if channel.is_private {
            return Err(Trouble::permanent(format!(
                "#{} is private and the app is not in it: /invite the app there, then retry",
                clean_line(&channel.name)
            )));
        }
        self.api.safe::<Value>("conversations.join", &[("channel", &channel.id)]).await.map(drop)
    }

    async fn confirmed(&self, channel: &str) -> Result<Outcome, Trouble> {
        // Without it the channel is confirmed all the same.
        let link = self.me().await.ok().and_then(|me| ids::archive(&me.url, channel));
        Ok(Outcome::Confirmed { remote: channel.to_owned(), link })
    }

    pub(super) async fn topic(&self, call: &Call) -> Result<Outcome, Trouble> {
        let Some(channel) = call.place() else { return Ok(needs(Slot::Channel)) };
        let topic = escaped_within(clean_line(&marked(call.drill, &call.act.body)).trim(), MOST_TOPIC);
        let form = [("channel", channel), ("topic", topic.as_str())];
        self.api.safe::<Value>("conversations.setTopic", &form).await?;
        Ok(Outcome::confirmed(channel))
    }

    pub(super) async fn bookmark(&self, call: &Call, name: &str, url: &str) -> Result<Outcome, Trouble> {
        let Some(channel) = call.place() else { return Ok(needs(Slot::Channel)) };
        let title = cut(clean_line(name).trim(), MOST_BOOKMARK);
        let link = url.trim();
        let usable =
            link.len() <= MOST_ADDRESS && (link.starts_with("https://") || link.starts_with("http://"));
        if !usable || title.is_empty() {
            return Err(Trouble::permanent(format!(
                "a bookmark needs a name and an address of at most {MOST_ADDRESS} characters that begins with https://"
            )));
        }
        let all: Bookmarks = self.api.safe("bookmarks.list", &[("channel_id", channel)]).await?;
        let same = |known: &&Bookmark| known.link == link || known.title == title;
        match all.bookmarks.iter().find(same) {
            Some(known) if known.link == link && known.title == title => Ok(Outcome::confirmed(&known.id)),
            Some(known) => self.change_bookmark(channel, &known.id, &title, link).await,
            None => self.add_bookmark(channel, &title, link).await,
        }
    }

    async fn change_bookmark(
        &self,
        channel: &str,
        id: &str,
        title: &str,
        link: &str,
    ) -> Result<Outcome, Trouble> {
        let form = [("channel_id", channel), ("bookmark_id", id), ("title", title), ("link", link)];
        self.api.safe::<Value>("bookmarks.edit", &form).await?;
        Ok(Outcome::confirmed(id))
    }

    /// Safe to repeat: whoever comes again finds it in the list.
    async fn add_bookmark(&self, channel: &str, title: &str, link: &str) -> Result<Outcome, Trouble> {
        let form = [("channel_id", channel), ("title", title), ("type", "link"), ("link", link)];
        let made: OneBookmark = self.api.safe("bookmarks.add", &form).await?;
        Ok(Outcome::confirmed(made.bookmark.id))
    }
}

fn not_archived(channel: &Channel) -> Result<(), Trouble> {
    if !channel.is_archived {
        return Ok(());
    }
    let why =
        format!("#{} is archived: unarchive it in Slack, or take another one", clean_line(&channel.name));
    Err(Trouble::permanent(why).code("is_archived"))
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
