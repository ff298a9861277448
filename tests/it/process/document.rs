//! The protocol's document says what is spoken: every line of it is made or read here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use warroom::clients::process::deeds::{examples, name, names};
use warroom::clients::process::wire::{
    Ask, COOKIE, Configure, Happening, Heard, Known, LONGEST_LINE, PROTOCOL, Request, Since, Wanted, Word,
    read,
};
use warroom::incident::Time;
use warroom::incident::event::{ChatDeed, Deed, Listen, Slot};

use super::{here, now};

fn document() -> String {
    std::fs::read_to_string(here("sample-data/clients/README.md")).expect("the document")
}

/// The lines of all code blocks that are marked with this word.
fn block(document: &str, mark: &str) -> Vec<String> {
    let fence = format!("```json {mark}\n");
    let bodies = document.split(&fence).skip(1).filter_map(|rest| rest.split("```").next());
    bodies.flat_map(str::lines).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn line(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("JSON")
}

#[test]
fn every_deed_stands_in_the_document_as_it_is_sent() {
    let document = document();
    let row = |deed: &Deed| format!("| `{}` | `{}` |", name(deed), line(deed));
    let missing: Vec<String> = examples().iter().map(row).filter(|row| !document.contains(row)).collect();
    assert!(missing.is_empty(), "these rows are missing:\n{}", missing.join("\n"));
    let rows = document
        .lines()
        .filter(|line| ["| `chat.", "| `page.", "| `ticket."].iter().any(|it| line.starts_with(it)));
    assert_eq!(rows.count(), examples().len(), "a row is there that no deed has");
}

#[test]
fn a_deeds_name_is_its_path_in_json_and_no_two_are_the_same() {
    for deed in examples() {
        let Value::Object(outer) = serde_json::to_value(&deed).expect("JSON") else { panic!("{deed:?}") };
        let (kind, inner) = outer.iter().next().expect("one");
        let inner =
            inner.as_str().or_else(|| inner.as_object()?.keys().next().map(String::as_str)).expect("a name");
        assert_eq!(format!("{kind}.{inner}"), name(&deed));
    }
    // `ticket.open` has two examples.
    assert_eq!(names().iter().collect::<BTreeSet<_>>().len(), 25);
}

fn wanted() -> Wanted {
    Wanted {
        op_id: "01JBWARR00M0000000000000P1".into(),
        name: "chat.post",
        deed: Deed::Chat(ChatDeed::Post { to: None, thread: None }),
        place: Some("!r:example.com".into()),
        other: None,
        title: "Orders are late".into(),
        body: "Cause found; mending it.".into(),
        drill: false,
        attempt: 1,
        requested_at: now(),
        attempted_at: Time::parse("2026-11-02T03:04:06Z"),
    }
}

fn since(cursor: Option<&str>) -> Since {
    let places = vec![Known { slot: Slot::Channel, remote: "!r:example.com".into() }];
    Since { places, cursor: cursor.map(str::to_owned), since: now(), listen: Listen::All }
}

/// Everything that warroom can say, once.
fn said_by_warroom() -> Vec<String> {
    let options = serde_json::json!({"homeserver": "https://matrix.example.com"});
    let configure = Configure {
        account: "matrix",
        options: &options,
        secrets: BTreeMap::from([("token", "syt_…")]),
        drill: Some("!drills:example.com"),
        ca: None,
    };
    let words = [
        line(&Word::Hello { protocol: PROTOCOL, host: "0.1.0", features: &[] }),
        line(&Word::Configure(configure)),
        line(&Word::Ack { cursor: "s72595_4483" }),
        line(&Word::Shutdown {}),
    ];
    let asks = [
        Ask::Deliver(Box::new(wanted())),
        Ask::Find(Box::new(wanted())),
        Ask::Probe,
        Ask::Directory,
        Ask::Pull(since(None)),
        Ask::Listen(since(Some("s72595_4483"))),
    ];
    let calls = asks.into_iter().zip(1..).map(|(ask, id)| line(&Request { id, ask, deadline_ms: 10_000 }));
    words.into_iter().chain(calls).collect()
}

#[test]
fn what_warroom_says_stands_in_the_document_word_for_word() {
    let stands: BTreeSet<String> = block(&document(), "warroom").into_iter().collect();
    let said: BTreeSet<String> = said_by_warroom().into_iter().collect();
    let missing: Vec<&String> = said.difference(&stands).collect();
    assert!(missing.is_empty(), "missing:\n{missing:#?}");
    let more: Vec<&String> = stands.difference(&said).collect();
    assert!(more.is_empty(), "nobody says:\n{more:#?}");
}

#[test]
fn what_a_client_says_in_the_document_is_understood() {
    let lines = block(&document(), "client");
    let mut kinds = BTreeSet::new();
    for line in &lines {
        let heard = read(line, str::to_owned).unwrap_or_else(|why| panic!("{line}: {why}"));
        kinds.insert(match heard {
            Heard::Hello(_) => "hello",
            Heard::Ready => "ready",
            Heard::Refused(_) => "err",
            Heard::Reply(_) => "reply",
            Heard::Events(_) => "events",
            Heard::Log(_) => "log",
            Heard::Other => panic!("nobody knows {line}"),
        });
    }
    assert_eq!(kinds.len(), 6, "one of each: {kinds:?}");
}

#[test]
fn every_kind_of_news_stands_in_the_document() {
    let document = document();
    let rows: Vec<&str> = document.lines().filter_map(|line| line.strip_prefix("| `{\"")).collect();
    let kinds: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let json = format!("{{\"{}", row.split("` |").next()?);
            let one: BTreeMap<String, Value> = serde_json::from_str(&json).expect("JSON");
            serde_json::from_str::<Happening>(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
            one.into_keys().next()
        })
        .collect();
    assert_eq!(kinds, Happening::NAMES);
}

#[test]
fn the_numbers_of_the_document_are_ours() {
    let document = document();
    for number in [format!("{}={}", COOKIE.0, COOKIE.1), "1,048,576 bytes".to_owned(), "version 1".to_owned()]
    {
        assert!(document.contains(&number), "{number}");
    }
    assert_eq!(LONGEST_LINE, 1_048_576);
}

#[test]
fn the_settings_of_the_document_are_read() {
    let document = document();
    let toml = document
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("a block of settings");
    let settings: toml::Table = toml.parse().expect("TOML");
    let account = settings["client"]["matrix"].clone();
    let read: warroom::config::accounts::ProcessSettings = account.try_into().expect("settings of a client");
    assert!(read.rest.is_empty(), "{:?}", read.rest);
    assert_eq!(read.drill.as_deref(), Some("!drills:example.com"));
}
