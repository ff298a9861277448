//! The lines that warroom and a client exchange, version 1: one JSON object each.
//!
//! `sample-data/clients/README.md` explains them to whoever writes a client; a test holds the two together. Fields that are not
//! named here are ignored, on both sides. Nothing here is ever written to a journal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::incident::Time;
use crate::incident::event::{Deed, FailureClass, Listen, Slot};

/// The version that is spoken here.
pub const PROTOCOL: u32 = 1;
/// Longest line, in bytes without its line break, in either direction.
pub const LONGEST_LINE: usize = 1 << 20;
/// Set in the environment of every client, so that one that is run by hand can print its help instead.
pub const COOKIE: (&str, &str) = ("WARROOM_CLIENT", "1");

/// The capabilities that are no deeds.
pub const PULL: &str = "pull";
pub const LISTEN: &str = "listen";
pub const DIRECTORY: &str = "directory";

/// What warroom says without waiting for an answer to a number.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word<'a> {
    Hello {
        protocol: u32,
        host: &'a str,
        features: &'a [&'a str],
    },
    Configure(Configure<'a>),
    /// Events up to this cursor are kept.
    Ack {
        cursor: &'a str,
    },
    Shutdown {},
}

/// What an account was given in the settings. It is made where it is sent and dropped there: it has the secrets.
#[derive(Clone, Serialize)]
pub struct Configure<'a> {
    pub account: &'a str,
    pub options: &'a Value,
    pub secrets: BTreeMap<&'a str, &'a str>,
    /// Where drills go.
    pub drill: Option<&'a str>,
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca: Option<String>,
}

impl std::fmt::Debug for Configure<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Configure").field("account", &self.account).finish_non_exhaustive()
    }
}

/// A call: it is answered with its number.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    pub id: u64,
    #[serde(flatten)]
    pub ask: Ask,
    /// Milliseconds from the moment at which it is sent.
    pub deadline_ms: u64,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum Ask {
    Deliver(Box<Wanted>),
    Find(Box<Wanted>),
    Probe,
    Directory,
    Pull(Since),
    Listen(Since),
}

impl Ask {
    pub const fn name(&self) -> &'static str {
        match self {
            Ask::Deliver(_) => "deliver",
            Ask::Find(_) => "find",
            Ask::Probe => "probe",
            Ask::Directory => "directory",
            Ask::Pull(_) => "pull",
            Ask::Listen(_) => "listen",
        }
    }
}

/// One outside act.
#[derive(Clone, Debug, Serialize)]
pub struct Wanted {
    /// The same for every attempt.
    pub op_id: String,
    /// The deed's name, such as `chat.post`.
    pub name: &'static str,
    pub deed: Deed,
    /// Where it happens, by the client's own id.
    pub place: Option<String>,
    /// What else it is about, by the client's own id.
    pub other: Option<String>,
    pub title: String,
    pub body: String,
    pub drill: bool,
    /// From 1.
    pub attempt: u32,
    pub requested_at: Time,
    pub attempted_at: Option<Time>,
}

/// What is asked for with `pull` and `listen`.
#[derive(Clone, Debug, Serialize)]
pub struct Since {
    pub places: Vec<Known>,
    pub cursor: Option<String>,
    pub since: Time,
    pub listen: Listen,
}

/// Something of the incident that the client has.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    pub slot: Slot,
    pub remote: String,
}

/// What a client says.
#[derive(Clone, Debug)]
pub enum Heard {
    Hello(Hello),
    Ready,
    /// It cannot work with what it was given.
    Refused(Fault),
    Reply(Reply),
    Events(Events),
    Log(String),
    /// A word of a newer version.
    Other,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Hello {
    pub protocol: u32,
    pub name: String,
    pub version: String,
    /// `chat`, `paging` or `tickets`.
    pub service: String,
    pub capabilities: Vec<String>,
    /// By deed; a deed that is not named: none.
    pub idempotency: BTreeMap<String, Repeat>,
    pub limits: Limits,
}

/// What happens when a deed is asked for again with the same op id.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Nothing new: the service or the client knows the op id.
    Native,
    /// It would happen twice, but `find` can tell whether it has happened.
    Lookup,
    /// It would happen twice, and nothing can tell.
    #[default]
    #[serde(other)]
    None,
}

#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Most characters of a title and a body together.
    pub text: Option<usize>,
    /// Most calls that are sent before the first of them is answered.
    pub calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { text: None, calls: 1 }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reply {
    pub id: u64,
    pub ok: Option<Value>,
    pub err: Option<Fault>,
    pub found: Option<Done>,
    pub missing: Option<bool>,
    pub unclear: Option<String>,
}

/// What a deed has brought about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Done {
    pub remote: String,
    pub link: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Fault {
    pub class: FailureClass,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub retry_after_ms: Option<i64>,
    #[serde(default)]
    pub code: String,
    /// With `already_done`: what there is.
    #[serde(default)]
    pub remote: String,
    #[serde(default)]
    pub link: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Events {
    pub events: Vec<Happened>,
    pub cursor: Option<String>,
    pub more: bool,
}

/// One piece of news.
#[derive(Clone, Debug, Deserialize)]
pub struct Happened {
    pub remote: String,
    pub at: Time,
    #[serde(default)]
    pub author: Whoever,
    #[serde(default)]
    pub link: Option<String>,
    #[serde(default)]
    pub echo_of: Option<String>,
    /// One of [`Happening`], or of a newer version's.
    pub what: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Whoever {
    pub remote: String,
    pub name: String,
    pub mail: String,
    pub bot: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    Said { text: String },
    Edited { of: String, text: String },
    Deleted { of: String },
    Word { line: String },
    Fact { text: String },
    Moved { slot: Slot, status: String, done: bool },
    Assigned { slot: Slot, who: String },
}

impl Happening {
    pub const NAMES: [&'static str; 7] = ["said", "edited", "deleted", "word", "fact", "moved", "assigned"];
}

/// Reads a line of a client; a line that is none of the protocol's is an error that says why.
pub fn read(line: &str, mask: impl Fn(&str) -> String) -> Result<Heard, String> {
    let mut value: Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
    mask_all(&mut value, &mask);
    let Value::Object(mut fields) = value else { return Err("no JSON object".to_owned()) };
    if fields.contains_key("id") {
        return parse(Value::Object(fields)).map(Heard::Reply);
    }
    if fields.contains_key("events") {
        return parse(Value::Object(fields)).map(Heard::Events);
    }
    let mut take = |key: &str| fields.remove(key);
    if let Some(hello) = take("hello") {
        return parse(hello).map(Heard::Hello);
    }
    if take("ready").is_some() {
        return Ok(Heard::Ready);
    }
    if let Some(fault) = take("err") {
        return parse(fault).map(Heard::Refused);
    }
    match take("log") {
        Some(log) => Ok(Heard::Log(log["text"].as_str().unwrap_or_default().to_owned())),
        None => Ok(Heard::Other),
    }
}

fn parse<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// After the parse, so that no secret can break or hide in the JSON around it.
fn mask_all(value: &mut Value, mask: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = mask(text),
        Value::Array(items) => items.iter_mut().for_each(|item| mask_all(item, mask)),
        Value::Object(fields) => fields.values_mut().for_each(|field| mask_all(field, mask)),
        _ => {}
    }
}
