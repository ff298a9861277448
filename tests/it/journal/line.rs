//! One line: what survives, what a newer version may add, what an erasure leaves.

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use warroom::incident::event::Event;
use warroom::incident::rows::Store;
use warroom::journal::line::{decode, encode};
use warroom::journal::{Digest, Journal, verify};

use super::{HOST, INCIDENT, at, entries, file_of, folder_with, note, segment, texts, write};

fn sha(pieces: &[&str]) -> String {
    Sha256::digest(pieces.concat()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The check that the documentation gives, done here without the journal's own code.
#[test]
fn a_line_checks_with_json_and_sha256_alone() {
    let text = String::from_utf8(segment(HOST, &["über \"quoted\" ,\"salt\": text", "two"])).expect("UTF-8");
    let mut prev = String::new();
    for (n, line) in text.lines().enumerate() {
        let value: Value = serde_json::from_str(line).expect("JSON");
        let h = value["h"].as_str().expect("a digest");
        if n == 0 {
            let json = line
                .split_once("\"segment\":")
                .and_then(|(_, rest)| rest.strip_suffix('}'))
                .expect("a segment");
            assert_eq!(sha(&[json]), h);
        } else {
            let (_, rest) = line.split_once("\"head\":").expect("a head");
            let (head, rest) = rest.split_once(",\"salt\":").expect("a salt");
            let (_, body) = rest.split_once(",\"body\":").expect("a body");
            let body = body.strip_suffix('}').expect("an end");
            assert_eq!(sha(&[&prev, head]), h, "line {n}");
            assert_eq!(sha(&[value["salt"].as_str().expect("a salt"), body]), value["head"]["d"], "line {n}");
        }
        prev = h.to_owned();
    }
}

#[test]
fn erasing_keeps_the_chain_and_the_length() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    write(&mut journal, "one", at(1));
    let secret = write(&mut journal, "hunter2", at(2));
    write(&mut journal, "three", at(3));
    let before = std::fs::read(file_of(dir.path(), HOST)).expect("readable");
    let store = journal.store();
    let placed = journal.rescan(&mut |placed| drop(store.read(placed.locator))).map(|end| end.entries);
    assert_eq!(placed.ok(), Some(3));
    journal.erase(secret.id()).expect("erased");
    journal.erase(secret.id()).expect("erased twice is erased");
    write(&mut journal, "four", at(4));
    let after = std::fs::read(file_of(dir.path(), HOST)).expect("readable");
    assert!(memchr::memmem::find(&after, b"hunter2").is_none());
    assert!(after.len() > before.len());
    let mut seen = Vec::new();
    journal.rescan(&mut |placed| seen.push(store.read(placed.locator).expect("readable"))).expect("readable");
    assert_eq!(seen[1].event, Event::Erased, "the store forgot what it had kept");
    let verdict = verify(dir.path()).expect("readable");
    assert!(verdict.is_whole() && verdict.erased == 1 && verdict.entries == 4, "{verdict:?}");
    assert!(journal.erase(INCIDENT).is_err(), "an id that no line has");
}

/// A power cut in the middle of an erasure: damage that says so, and the erasure can be done again.
#[test]
fn an_erasure_cut_short_can_be_repeated() {
    let mut bytes = segment(HOST, &["one", "the password is hunter2 and it is long enough to span", "three"]);
    let start = segment(HOST, &["one"]).len();
    let end = start + memchr::memchr(b'\n', &bytes[start..]).expect("a newline");
    let (from, blank) = warroom::journal::line::erasure(&bytes[start..end]).expect("a line");
    bytes[start + from..start + from + 30].copy_from_slice(&blank[..30]);
    let dir = folder_with(HOST, &bytes);
    let verdict = verify(dir.path()).expect("readable");
    assert!(verdict.damage[0].why.contains("erase the entry again"), "{verdict:?}");
    assert_eq!(verdict.entries, 2, "its neighbours are sound");
    let mut journal = Journal::open(dir.path(), HOST).expect("a journal");
    journal.erase(entries(HOST, 2, &["two"])[0].id()).expect("found by its header");
    let verdict = verify(dir.path()).expect("readable");
    assert!(verdict.is_whole() && verdict.erased == 1, "{verdict:?}");
}

#[test]
fn events_of_a_newer_version_survive() {
    let raw = r#"{"hologram":{"shown":{"to":["everyone",1.50],"x":null}}}"#;
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    let mut draft = note("");
    draft.event = Event::Unknown(raw.into());
    journal.append(vec![draft], at(1)).expect("saved");
    let news = Journal::open(dir.path(), HOST).and_then(|mut journal| journal.take_in()).expect("readable");
    assert_eq!(news.entries[0].entry.event, Event::Unknown(raw.into()));
    let mut draft = note("");
    draft.event = news.entries[0].entry.event.clone();
    journal.append(vec![draft], at(2)).expect("saved again");
    let text = std::fs::read_to_string(file_of(dir.path(), HOST)).expect("readable");
    assert_eq!(text.matches(raw).count(), 2, "byte for byte");
}

#[test]
fn what_would_break_the_line_is_kept_as_text() {
    for body in ["{\"a\":\n1}", "not JSON", ""] {
        let mut entry = entries(HOST, 1, &["x"]).remove(0);
        entry.event = Event::Unknown(body.into());
        let mut out = Vec::new();
        encode(&Digest::of(&[]), &entry, [7; 16], &mut out);
        assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 1);
        let read = decode(&out[..out.len() - 1]).expect("a sound line");
        assert_eq!(read.event, Event::Unknown(serde_json::to_string(body).expect("JSON").into()));
    }
}

#[test]
fn unknown_header_fields_are_tolerated() {
    let bytes = segment(HOST, &["one"]);
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (first, line) = text.trim_end().split_once('\n').expect("two lines");
    let head =
        line.split_once("\"head\":").and_then(|(_, rest)| rest.split_once(",\"salt\":")).expect("a head").0;
    let newer = head.replace(",\"by\":", ",\"mood\":{\"of\":\"the room\"},\"by\":");
    let prev: Value = serde_json::from_str(first).expect("JSON");
    let h = sha(&[prev["h"].as_str().expect("a digest"), &newer]);
    let old: Value = serde_json::from_str(line).expect("JSON");
    let line = line.replace(head, &newer).replacen(old["h"].as_str().expect("a digest"), &h, 1);
    let dir = folder_with(HOST, format!("{first}\n{line}\n").as_bytes());
    let news = Journal::open(dir.path(), HOST).and_then(|mut journal| journal.take_in()).expect("readable");
    assert_eq!((texts(&news.entries), news.damage), (vec!["one".to_owned()], vec![]));
}
