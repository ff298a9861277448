//! The journal: what it promises, on a real disk and on a simulated one that fills up, breaks and loses power.
//!
//! The forms here take seconds; `cargo bench --bench durability` runs the same code for minutes and prints its figures. The
//! several writers here are threads with a journal each, which lock against each other as processes do; the tests with real
//! processes go through the binary, see `promises`.

mod clocks;
pub mod faults;
pub mod flips;
mod follow;
mod home;
mod hosts;
mod line;
pub mod power;
pub mod sim;
mod torn;
mod write;

use std::path::Path;
use std::sync::Arc;

use warroom::incident::entry::{Draft, Entry};
use warroom::incident::event::{Event, NoteEvent};
use warroom::incident::ids::{EntryId, HostId, IncidentId, PersonId};
use warroom::incident::scribe::NoteKind;
use warroom::incident::time::Time;
use warroom::journal::{Appended, Journal, Placed, file_name, write_segment};

pub const HOST: HostId = HostId::new(0x0a1b_2c3d_4e5f);
const OTHER: HostId = HostId::new(0x0f00_0000_0001);
pub const INCIDENT: IncidentId = IncidentId::from_parts(1_795_000_000_000, 7);
const START_MS: i64 = 1_795_000_000_000;

pub fn at(n: i64) -> Time {
    Time::from_ms(START_MS + n * 1_000)
}

pub fn note(text: &str) -> Draft {
    let event = NoteEvent::Written { kind: NoteKind::Note, text: text.to_owned() };
    Draft::new(Event::Note(event), PersonId::new("alice"))
}

pub fn text(entry: &Entry) -> &str {
    match &entry.event {
        Event::Note(NoteEvent::Written { text, .. }) => text,
        _ => "",
    }
}

fn texts(entries: &[Placed]) -> Vec<String> {
    entries.iter().map(|placed| text(&placed.entry).to_owned()).collect()
}

/// Appends one note, taking in first whatever others wrote.
fn write(journal: &mut Journal, words: &str, now: Time) -> Arc<Entry> {
    loop {
        match journal.append(vec![note(words)], now) {
            Ok(Appended::Written { entries, .. }) => return entries[0].entry.clone(),
            Ok(Appended::Moved(_)) => {}
            Err(error) => panic!("{error}; {}", error.hint()),
        }
    }
}

/// Entries of one host, a second apart, from number `first` on.
fn entries(host: HostId, first: u64, texts: &[&str]) -> Vec<Entry> {
    let numbered = (first..).zip(texts);
    let entry = |(seq, words): (u64, &&str)| {
        let time = at(seq as i64);
        let stamp = warroom::incident::entry::Stamp { time, tick: 0, host };
        let id = EntryId::from_parts(time.ms() as u64, u128::from(seq) << 8 | u128::from(host == OTHER));
        note(words).into_entry(id, seq, stamp)
    };
    numbered.map(entry).collect()
}

/// The bytes of a host's first segment, the same each time.
fn segment(host: HostId, texts: &[&str]) -> Vec<u8> {
    write_segment(INCIDENT, host, &entries(host, 1, texts), |entry| entry.id().to_bytes())
}

/// A real folder with one journal file in it.
fn folder_with(host: HostId, bytes: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(dir.path().join("journal")).expect("a folder");
    put(dir.path(), host, bytes);
    dir
}

fn put(dir: &Path, host: HostId, bytes: &[u8]) {
    std::fs::write(file_of(dir, host), bytes).expect("room on the disk");
}

fn file_of(dir: &Path, host: HostId) -> std::path::PathBuf {
    dir.join("journal").join(file_name(host, 1))
}

/// A small repeatable die (xorshift64*).
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The dice of one of the schedules that a run with `seed` goes through.
    pub fn seed_of(seed: u64, number: u64) -> u64 {
        seed << 32 | number
    }

    /// From 0 to `sides` - 1.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.roll(n) == 0
    }
}
