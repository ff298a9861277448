//! What a client says of its account, fit to be shown.

use serde::Deserialize;
use serde_json::Value;

use super::answers::words;
use super::link::Link;
use super::wire::PROTOCOL;
use crate::clients::{Directory, Probe, Trouble};
use crate::incident::clean::clean_line;

/// A probe as a client writes it.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Tried {
    what: String,
    works: bool,
    says: String,
    hint: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AllTried {
    probes: Vec<Tried>,
}

pub fn started(link: &Link) -> Probe {
    let hello = &link.hello;
    let who = clean_line(&format!("{} {}", hello.name, hello.version)).into_owned();
    let can = clean_line(&hello.capabilities.join(", ")).into_owned();
    Probe::ok("client", format!("{who} speaks version {PROTOCOL} and can {can}"))
}

pub fn not_started(trouble: &Trouble) -> Probe {
    let hint = "warroom client check runs it alone and shows what is wrong with it";
    Probe::fails("client", trouble.message.clone(), hint)
}

pub fn of(asked: Result<Value, Trouble>) -> Vec<Probe> {
    match asked {
        Ok(ok) => {
            serde_json::from_value(ok).map_or_else(|_| vec![unreadable()], |all: AllTried| all.probes())
        }
        Err(trouble) => {
            vec![Probe::fails("account", trouble.message, "put right what it says, then look again")]
        }
    }
}

fn unreadable() -> Probe {
    Probe::fails("account", "its answer to probe cannot be read", "run warroom client check with its command")
}

impl AllTried {
    fn probes(self) -> Vec<Probe> {
        let line = |text: &str| clean_line(text).into_owned();
        let shown = |tried: Tried| Probe {
            what: line(&tried.what),
            works: tried.works,
            says: words(&tried.says),
            hint: line(&tried.hint),
        };
        self.probes.into_iter().map(shown).collect()
    }
}

/// What it said beside the protocol: no failure, but who looks for one wants to see it.
pub fn last_words(link: &Link) -> Option<Probe> {
    let said = link.last_words();
    (!said.is_empty()).then(|| Probe::ok("last words", said.join(" | ")))
}

/// Who is who, cleaned.
pub fn directory(ok: Value) -> Result<Directory, String> {
    let cleaned = cleaned(ok);
    serde_json::from_value(with_all_fields(cleaned))
        .map_err(|error| format!("a directory that cannot be read ({error})"))
}

fn cleaned(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean_line(&text).into_owned()),
        Value::Array(items) => items.into_iter().map(cleaned).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, field)| (key, cleaned(field))).collect(),
        other => other,
    }
}

fn with_all_fields(value: Value) -> Value {
    let Value::Object(mut fields) = value else { return value };
    for list in ["people", "on_call", "ladders", "priorities"] {
        fields.entry(list).or_insert_with(|| Value::Array(Vec::new()));
    }
    Value::Object(fields)
}
