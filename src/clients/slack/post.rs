//! What we say: posted once, edited, pinned, and found again after a doubtful attempt.
//!
//! A long text becomes several messages, each with an op of its own (`<op>/<n>`), so that a call that broke off in the middle
//! goes on where it stopped. A post is found by the op in its metadata; only when every part is there is it confirmed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry::Vacant;

use serde_json::json;

use super::api::Repeat;
use super::blocks::{Part, parts, single};
use super::history::Place;
use super::news::Own;
use super::wire::{Permalink, Posted};
use super::{EVENT_TYPE, Slack, ids, locked};
use crate::clients::{Call, Trouble, marked, needs};
use crate::incident::event::{FailureClass, Slot};
use crate::incident::{EntryId, Span};
use crate::outbox::Outcome;

/// How long before the attempt a look begins, by our clock: that much it may be ahead of Slack's.
const LOOK_BACK: Span = Span::from_secs(120);
/// So many of our own messages are remembered.
const MOST_SENT: usize = 500;

/// The parts of a post that are there: op to `ts`.
type There = BTreeMap<String, String>;

/// Title and body as they are told.
fn words(call: &Call) -> (String, String) {
    let (title, body) = (&call.act.title, &call.act.body);
    if title.trim().is_empty() {
        return (String::new(), marked(call.drill, body));
    }
    (marked(call.drill, title), body.clone())
}

fn all_parts(call: &Call) -> Result<Vec<Part>, Trouble> {
    let (title, body) = words(call);
    let parts = parts(&title, &body);
    if parts.is_empty() {
        Err(Trouble::permanent("there is nothing to post: write a text"))
    } else {
        Ok(parts)
    }
}

impl Slack {
    /// Where a post goes: another channel, the drills', or the incident's own.
    async fn target(&self, call: &Call, to: Option<&str>) -> Result<Option<String>, Trouble> {
        match (to, call.place()) {
            (Some(_), _) if call.drill => self.channel_id(self.drill_channel()?).await.map(Some),
            (Some(to), _) => self.channel_id(to).await.map(Some),
            (None, place) => Ok(place.map(str::to_owned)),
        }
    }

    pub(super) async fn post(
        &self,
        call: &Call,
        to: Option<&str>,
        thread: Option<&str>,
    ) -> Result<Outcome, Trouble> {
        let Some(channel) = self.target(call, to).await? else { return Ok(needs(Slot::Channel)) };
        let parts = all_parts(call)?;
        let thread = thread.map(|thread| parent_ts(thread, &channel)).transpose()?;
        let mut there = self.known_parts(call, &channel, thread, parts.len()).await?;
        let op = call.op();
        for (at, part) in parts.iter().enumerate() {
            let op = ids::part_op(&op, at + 1, parts.len());
            if let Vacant(missing) = there.entry(op.clone()) {
                let sent = self.send_part(&channel, thread, &op, part).await;
                missing.insert(sent.map_err(|trouble| so_far(trouble, at, parts.len()))?);
            }
        }
        let first = there.get(&ids::part_op(&op, 1, parts.len())).cloned().unwrap_or_default();
        Ok(self.posted(&channel, &first).await)
    }

    /// What an earlier attempt has left there. A post of one part may be sent without that knowledge, for it is only sent again
    /// when it is known not to be there.
    async fn known_parts(
        &self,
        call: &Call,
        channel: &str,
        thread: Option<&str>,
        of: usize,
    ) -> Result<There, Trouble> {
        if call.act.attempts <= 1 {
            return Ok(There::new());
        }
        match self.parts_there(call, channel, thread).await {
            Ok((there, _)) => Ok(there),
            Err(trouble)
                if of == 1 && matches!(trouble.class, FailureClass::Permanent | FailureClass::Auth) =>
            {
                Ok(There::new())
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn send_part(
        &self,
        channel: &str,
        thread: Option<&str>,
        op: &str,
        part: &Part,
    ) -> Result<String, Trouble> {
        let (blocks, metadata, id) = (part.blocks.to_string(), metadata(op), ids::client_msg_id(op));
        self.remember(&id, op);
        let mut form = vec![
            ("channel", channel),
            ("text", &part.text),
            ("blocks", &blocks),
            ("metadata", &metadata),
            ("client_msg_id", &id),
            ("unfurl_links", "false"),
            ("unfurl_media", "false"),
            ("link_names", "false"),
            ("parse", "none"),
        ];
        form.extend(thread.map(|parent| ("thread_ts", parent)));
        let posted: Posted = self.api.call("chat.postMessage", &form, Repeat::Never).await?;
        if posted.ts.is_empty() {
            return Err(Trouble::unknown("Slack said yes without saying where the message is"));
        }
        Ok(posted.ts)
    }

    fn remember(&self, id: &str, op: &str) {
        let mut sent = locked(&self.sent);
        if sent.len() >= MOST_SENT {
            sent.pop_first();
        }
        sent.insert(id.to_owned(), ids::request_of(op).to_owned());
    }

    async fn posted(&self, channel: &str, ts: &str) -> Outcome {
        Outcome::Confirmed { remote: ids::remote(channel, ts), link: self.link(channel, ts).await }
    }

    /// Slack's own link; ours where it gives none. The post is there in any case.
    async fn link(&self, channel: &str, ts: &str) -> Option<String> {
        let form = [("channel", channel), ("message_ts", ts)];
        let asked = self.api.safe::<Permalink>("chat.getPermalink", &form).await;
        let given = asked.ok().map(|asked| asked.permalink).filter(|link| link.starts_with("https://"));
        match given {
            Some(link) => Some(link),
            None => ids::permalink(&self.me().await.ok()?.url, channel, ts, None),
        }
    }

    pub(super) async fn find_post(
        &self,
        call: &Call,
        to: Option<&str>,
        thread: Option<&str>,
    ) -> Result<Outcome, Trouble> {
        let Some(channel) = self.target(call, to).await? else { return Ok(Outcome::NotThere) };
        let thread = thread.map(|thread| parent_ts(thread, &channel)).transpose()?;
        let of = all_parts(call)?.len();
        let (there, doubt) = self.parts_there(call, &channel, thread).await?;
        let op = call.op();
        let all = (1..=of).all(|number| there.contains_key(&ids::part_op(&op, number, of)));
        match (all, there.get(&ids::part_op(&op, 1, of)), doubt) {
            (true, Some(first), _) => Ok(self.posted(&channel, first).await),
            (_, _, Some(message)) => Ok(Outcome::CannotTell { message }),
            _ => Ok(Outcome::NotThere),
        }
    }

    /// The parts that are there, and why there might be others that cannot be seen.
    async fn parts_there(
        &self,
        call: &Call,
        channel: &str,
        thread: Option<&str>,
    ) -> Result<(There, Option<String>), Trouble> {
        let act = &call.act;
        let first = act.attempted_at.filter(|_| act.attempts <= 1).unwrap_or(act.requested_at);
        let oldest = ids::ts(first.saturating_sub(LOOK_BACK));
        let stretch = self.since(Place { channel, thread }, &oldest).await?;
        let (op, me) = (call.op(), self.me().await?);
        // Others could copy the mark of a message of ours.
        let ours = stretch.messages.iter().filter(|message| !matches!(self.own(message, me), Own::No));
        let there = ours
            .filter_map(|message| Some((message.op()?.to_owned(), message.ts.clone())))
            .filter(|(op_there, _)| ids::request_of(op_there) == op)
            .collect();
        let ahead = stretch.there.map(|there| call.now.since(there)).filter(|ahead| *ahead > LOOK_BACK);
        let doubt = match ahead {
            Some(ahead) => Some(format!(
                "this computer's clock is {} ahead of Slack's: look in the channel whether it is there",
                ahead.short()
            )),
            None if !stretch.whole => {
                Some("more was said since than can be read: look in the channel".to_owned())
            }
            None => None,
        };
        Ok((there, doubt))
    }

    /// Setting the words of a message may be repeated.
    pub(super) async fn edit(&self, call: &Call, post: EntryId) -> Result<Outcome, Trouble> {
        let Some(remote) = call.other() else { return Ok(needs(Slot::Post(post))) };
        let (channel, ts) = message_of(remote)?;
        let (title, body) = words(call);
        let part = single(&title, &body).ok_or_else(|| Trouble::permanent("an edit needs a text"))?;
        // The message stays recognisable as what the first request has posted.
        let (blocks, metadata) = (part.blocks.to_string(), metadata(&post.to_string()));
        let form = [
            ("channel", channel),
            ("ts", ts),
            ("text", &part.text),
            ("blocks", &blocks),
            ("metadata", &metadata),
            ("link_names", "false"),
            ("parse", "none"),
        ];
        self.api.safe::<Posted>("chat.update", &form).await?;
        Ok(Outcome::confirmed(remote))
    }

    pub(super) async fn pin(&self, call: &Call) -> Result<Outcome, Trouble> {
        let Some(remote) = call.other() else { return Ok(needs(Slot::Post(call.act.request))) };
        let (channel, ts) = message_of(remote)?;
        let form = [("channel", channel), ("timestamp", ts)];
        match self.api.safe::<serde_json::Value>("pins.add", &form).await {
            Ok(_) => Ok(Outcome::confirmed(remote)),
            Err(trouble) if trouble.code == "already_pinned" => Ok(Outcome::confirmed(remote)),
            Err(trouble) => Err(trouble),
        }
    }
}

fn metadata(op: &str) -> String {
    json!({"event_type": EVENT_TYPE, "event_payload": {"op_id": op}}).to_string()
}

fn message_of(remote: &str) -> Result<(&str, &str), Trouble> {
    let wrong = || Trouble::permanent(format!("{remote:?} names no message: drop this and post anew"));
    ids::parted(remote).ok_or_else(wrong)
}

/// The `ts` of the message that is answered, given as `<channel>/<ts>` or as a `ts` of this channel.
fn parent_ts<'a>(thread: &'a str, channel: &str) -> Result<&'a str, Trouble> {
    match ids::parted(thread) {
        Some((of, ts)) if of == channel => Ok(ts),
        None if ids::parted(&ids::remote(channel, thread)).is_some() => Ok(thread),
        _ => Err(Trouble::permanent(format!("{thread:?} is no message of this channel: answer another one"))),
    }
}

/// Says which parts are there already.
fn so_far(trouble: Trouble, sent: usize, of: usize) -> Trouble {
    if sent == 0 || of == 1 {
        return trouble;
    }
    let message = format!("{} of {of} parts are there; then: {}", sent, trouble.message);
    Trouble { message, ..trouble }
}
