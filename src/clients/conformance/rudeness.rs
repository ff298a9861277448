//! What a program must bear: words of a later version, lines that are none, long ones, its end, and those who start it by hand.

use std::time::Duration;

use serde_json::{Value, json};

use super::deeds::{trials, wanted};
use super::judged;
use super::talk::{Bench, Talk};
use crate::clients::Probe;
use crate::clients::process::wire::{Ask, Hello, Reply, Request, Word};
use crate::incident::event::FailureClass;

const IGNORED: &str = "fields, words and calls of a later version must not disturb it";
const READ_ON: &str = "pass over a line that cannot be read, with a word on stderr, and read on";
const LONG: &str = "a line has up to 1,048,576 bytes: read all of it; a text that is too long is permanent";
const END: &str = "end within two seconds, with status 0, after shutdown and when the input ends";
const HAND: &str = "without WARROOM_CLIENT=1 in the environment: print what it is, and end";
/// Characters of the long text.
const LONG_TEXT: usize = 512 << 10;

/// Each in a conversation of its own.
pub async fn borne(bench: &Bench, hello: &Hello) -> Vec<Probe> {
    vec![
        judged("unknown call", unknown_call(bench).await, IGNORED),
        judged("unknown deed", unknown_deed(bench).await, IGNORED),
        judged("unknown fields and words", unknown_fields(bench).await, IGNORED),
        judged("garbage line", garbage(bench).await, READ_ON),
        judged("long line", long_line(bench, hello).await, LONG),
        judged(
            "killed and started again",
            killed(bench, hello).await,
            "leave nothing behind that a second start trips over",
        ),
        judged("shutdown", shut_down(bench).await, END),
        judged("end of input", hung_up(bench).await, END),
        judged("run by hand", by_hand(bench).await, HAND),
    ]
}

async fn unknown_call(bench: &Bench) -> Result<String, String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    let reply =
        talk.ask_as(json!({"call": "levitate", "deadline_ms": bench.within.as_millis() as u64})).await?;
    refused(&reply)?;
    lives(&mut talk).await
}

async fn unknown_deed(bench: &Bench) -> Result<String, String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    let call = json!({
        "call": "deliver", "op_id": "01UNKNOWNDEEDUNKNOWNDEEDUN", "name": "chat.levitate",
        "deed": {"chat": {"levitate": {"height": 3}}}, "place": "x", "other": null, "title": "t", "body": "b",
        "drill": false, "attempt": 1, "deadline_ms": bench.within.as_millis() as u64,
    });
    refused(&talk.ask_as(call).await?)?;
    lives(&mut talk).await
}

fn refused(reply: &Reply) -> Result<(), String> {
    match &reply.err {
        Some(fault) if fault.class == FailureClass::Permanent => Ok(()),
        Some(fault) => Err(format!("it answers {:?}; it must be permanent: it will never work", fault.class)),
        None => Err("it does not answer err".to_owned()),
    }
}

async fn unknown_fields(bench: &Bench) -> Result<String, String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    talk.line(r#"{"weather":{"of":"a later version"}}"#).await;
    let mut call = probe(bench)?;
    call["colour"] = json!({"of": ["a", "later", "version"]});
    talk.ask_as(call).await.map(|_| "passed over".to_owned())
}

async fn garbage(bench: &Bench) -> Result<String, String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    talk.line("this is no JSON").await;
    talk.line("[\"no object\"]").await;
    lives(&mut talk).await
}

async fn long_line(bench: &Bench, hello: &Hello) -> Result<String, String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    let ask = first_deed(bench, hello, "ö".repeat(LONG_TEXT / 2)).ok_or("it can do nothing")?;
    talk.ask(ask).await?;
    lives(&mut talk).await
}

async fn killed(bench: &Bench, hello: &Hello) -> Result<String, String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    let ask = first_deed(bench, hello, "b".to_owned()).ok_or("it can do nothing")?;
    let mut call =
        serde_json::to_value(Request { id: 0, ask, deadline_ms: 1000 }).map_err(|error| error.to_string())?;
    talk.send(&mut call).await;
    talk.group.kill();
    drop(talk);
    let (mut talk, _) = Talk::ready(bench).await?;
    lives(&mut talk).await
}

fn first_deed(bench: &Bench, hello: &Hello, body: String) -> Option<Ask> {
    let mut trial = trials(hello).into_iter().next()?;
    trial.body = body;
    let world = super::World::dry(bench.now, bench.first, Vec::new());
    Some(Ask::Deliver(wanted(&world.call(500, &trial))))
}

fn probe(bench: &Bench) -> Result<Value, String> {
    let request = Request { id: 0, ask: Ask::Probe, deadline_ms: bench.within.as_millis() as u64 };
    serde_json::to_value(request).map_err(|error| error.to_string())
}

/// Whether it still answers.
pub async fn lives(talk: &mut Talk) -> Result<String, String> {
    match talk.ask(Ask::Probe).await? {
        Reply { ok: Some(_), .. } => Ok("it goes on".to_owned()),
        Reply { err: Some(fault), .. } => {
            Err(format!("after it, probe answers {:?}: {}", fault.class, fault.message))
        }
        _ => Err("after it, probe answers neither ok nor err".to_owned()),
    }
}

async fn shut_down(bench: &Bench) -> Result<String, String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    talk.say(&Word::Shutdown {}).await;
    talk.ends().await
}

async fn hung_up(bench: &Bench) -> Result<String, String> {
    let (mut talk, _) = Talk::ready(bench).await?;
    talk.hang_up();
    talk.ends().await
}

async fn by_hand(bench: &Bench) -> Result<String, String> {
    let mut talk = Talk::start_by_hand(bench)?;
    let said = talk.any_line(Duration::from_secs(2)).await.is_some();
    talk.ends().await?;
    if said || talk.has_words().await {
        Ok("it says what it is".to_owned())
    } else {
        Err("it says nothing".to_owned())
    }
}
