//! News that a program tells or is asked for: each with a cursor, none of them again once it is kept.

use std::collections::BTreeSet;

use super::calls::{Trial, World};
use super::deeds::wanted;
use super::talk::{Bench, Talk};
use super::{Repeat, judged};
use crate::clients::Probe;
use crate::clients::process::events::batch;
use crate::clients::process::wire::{Ask, Events, Heard, Hello, LISTEN, PULL, Since, Word};
use crate::incident::event::{ChatDeed, Deed, Listen, Slot};
use crate::outbox::news::Batch;

const TELL: &str =
    "with options.check, whatever is posted is told as an event with an id, a cursor and echo_of = its op_id";
const KEPT: &str =
    "events up to a cursor that was acknowledged, or that is asked from, must not be told again";

pub async fn told(bench: &Bench, hello: &Hello) -> Vec<Probe> {
    let has = |capability: &str| hello.capabilities.iter().any(|known| known == capability);
    let mut found = Vec::new();
    if has(PULL) {
        found.push(judged("pull and cursor", pulled(bench, has("chat.post")).await, KEPT));
    }
    if has(LISTEN) && has("chat.post") {
        let first = listened(bench).await;
        found.push(judged(
            "listen",
            first.as_ref().map(|_| "it tells what happens".into()).map_err(Clone::clone),
            TELL,
        ));
        if let Ok((talk, kept)) = first {
            found.push(judged("acknowledged events", not_again(bench, talk, kept).await, KEPT));
        }
    }
    found
}

async fn pulled(bench: &Bench, posts: bool) -> Result<String, String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    if posts {
        post(bench, &mut talk, 700).await?;
    }
    let first = pull(bench, &mut talk, None).await?;
    if posts && first.news.is_empty() {
        return Err("what was posted is not among the news".to_owned());
    }
    let second = pull(bench, &mut talk, first.cursor.clone()).await?;
    none_of(&ids(&first), &second)
}

async fn pull(bench: &Bench, talk: &mut Talk, cursor: Option<String>) -> Result<Batch, String> {
    let reply = talk.ask(Ask::Pull(since(bench, cursor))).await?;
    let ok = reply.ok.ok_or("it does not answer ok")?;
    let events: Events = serde_json::from_value(ok).map_err(|error| error.to_string())?;
    batch(events)
}

/// Listens, posts, and waits until the post is told.
async fn listened(bench: &Bench) -> Result<(Talk, Batch), String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    listen(bench, &mut talk, None).await?;
    let op = post(bench, &mut talk, 800).await?;
    let told = next_batch(bench, &mut talk).await?;
    if told.cursor.is_none() {
        return Err("its events have no cursor".to_owned());
    }
    if !told.news.iter().any(|news| news.echo_of.as_deref() == Some(op.as_str())) {
        return Err("no event says that it is the echo of what was posted".to_owned());
    }
    Ok((talk, told))
}

/// Acknowledges, asks again from there, posts again: only the second post may come.
async fn not_again(bench: &Bench, mut talk: Talk, kept: Batch) -> Result<String, String> {
    let cursor = kept.cursor.clone().unwrap_or_default();
    talk.say(&Word::Ack { cursor: &cursor }).await;
    listen(bench, &mut talk, Some(cursor)).await?;
    post(bench, &mut talk, 801).await?;
    let told = next_batch(bench, &mut talk).await?;
    none_of(&ids(&kept), &told)
}

async fn listen(bench: &Bench, talk: &mut Talk, cursor: Option<String>) -> Result<(), String> {
    let reply = talk.ask(Ask::Listen(since(bench, cursor))).await?;
    reply.ok.map(|_| ()).ok_or_else(|| "it does not answer ok to listen".to_owned())
}

async fn post(bench: &Bench, talk: &mut Talk, number: usize) -> Result<String, String> {
    let world = World::dry(bench.now, bench.first, Vec::new());
    let trial = Trial::new(Deed::Chat(ChatDeed::Post { to: None, thread: None }), Repeat::None);
    let call = world.call(number, &trial);
    let reply = talk.ask(Ask::Deliver(wanted(&call))).await?;
    reply.ok.map(|_| call.op()).ok_or_else(|| "it does not post".to_owned())
}

async fn next_batch(bench: &Bench, talk: &mut Talk) -> Result<Batch, String> {
    if !talk.events.is_empty() {
        return batch(talk.events.remove(0));
    }
    match talk.hear(bench.within, "listen").await? {
        Heard::Events(events) => batch(events),
        _ => Err("it says something that nobody has asked for".to_owned()),
    }
}

fn since(bench: &Bench, cursor: Option<String>) -> Since {
    let world = World::dry(bench.now, bench.first, Vec::new());
    let channel = world.places.get(&Slot::Channel).cloned().unwrap_or_default();
    let known = crate::clients::process::wire::Known { slot: Slot::Channel, remote: channel };
    Since { places: vec![known], cursor, since: bench.now, listen: Listen::All }
}

fn ids(batch: &Batch) -> BTreeSet<String> {
    batch.news.iter().map(|news| news.remote.clone()).collect()
}

fn none_of(kept: &BTreeSet<String>, told: &Batch) -> Result<String, String> {
    match ids(told).intersection(kept).next() {
        Some(again) => Err(format!("{again} is told again")),
        None => Ok("what is kept is not told again".to_owned()),
    }
}
