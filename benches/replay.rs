//! What a seek costs in a journal on disk: anywhere in it, at once, with nothing folded on the way there.
//!
//! `cargo bench --bench replay`; `WARROOM_BENCH_MILLION=1` adds the journal of a million entries.

use std::path::PathBuf;

use divan::Bencher;
use tempfile::TempDir;
use ulid::Ulid;

use warroom::incident::entry::{Draft, Entry, Stamp};
use warroom::incident::event::{Declared, Event, IncidentEvent, NoteEvent, SentUpdate, UpdateEvent};
use warroom::incident::ids::{HostId, IncidentId, PersonId};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Word;
use warroom::incident::{Span, Time, When};
use warroom::journal::{Journal, write_segment};
use warroom::replay::{Player, Recording};

const HOST: HostId = HostId::new(0xa1b2_c3d4_e5f6);
const START: Time = Time::from_ms(1_795_000_000_000);
const TEXT: &str =
    "replica lag on orders-db-3 is 412 s and rising; paused the nightly compaction job and told the on-call";
/// Milliseconds between two entries.
const PACE_MS: i64 = 700;

fn main() {
    divan::main();
}

/// A busy room: mostly notes, some corrected, one of fifty remembered late, one of five hundred an update.
fn event(n: usize) -> Event {
    let text = || format!("{n}: {TEXT}");
    match n {
        0 => Event::Incident(IncidentEvent::Declared(Declared {
            title: "orders".into(),
            ..Declared::default()
        })),
        _ if n.is_multiple_of(500) => {
            Event::Update(UpdateEvent::Sent(SentUpdate::new("internal", Word::Investigating, text(), None)))
        }
        _ if n.is_multiple_of(100) => Event::Note(NoteEvent::Corrected {
            target: id(n - 7),
            text: text(),
            at: Some(START + Span::from_ms((n as i64 - 30) * PACE_MS)),
            about: true,
        }),
        _ if n.is_multiple_of(40) => {
            Event::Note(NoteEvent::Written { kind: NoteKind::Decision, text: text() })
        }
        _ => Event::Note(NoteEvent::Written { kind: NoteKind::Note, text: text() }),
    }
}

fn id(n: usize) -> Ulid {
    Ulid::from_parts(START.ms() as u64, n as u128)
}

fn entry(n: usize) -> Entry {
    let time = START + Span::from_ms(n as i64 * PACE_MS);
    let remembered = n.is_multiple_of(50).then(|| When::about(time - Span::from_mins(7)));
    let draft = Draft::new(event(n), PersonId::new(["alice", "bob", "carol"][n % 3])).at(remembered);
    draft.into_entry(id(n), n as u64 + 1, Stamp { time, tick: 0, host: HOST })
}

/// A journal on disk. With `late`, the last hundredth was recorded long after it had become known elsewhere.
fn written(count: usize, late: bool) -> (TempDir, PathBuf) {
    let home = tempfile::tempdir_in(std::env::var("WARROOM_BENCH_DIR").unwrap_or_else(|_| ".".to_owned()));
    let home = home.expect("a folder");
    let mut entries: Vec<Entry> = (0..count).map(entry).collect();
    for entry in entries.iter_mut().rev().take(if late { count / 100 } else { 0 }) {
        entry.header.known =
            Some(START + Span::from_ms(entry.header.seq as i64 % 97 * PACE_MS * count as i64 / 100));
    }
    std::fs::create_dir(home.path().join("journal")).expect("a folder");
    let bytes = write_segment(IncidentId::nil(), HOST, &entries, |entry| entry.id().to_bytes());
    std::fs::write(home.path().join(format!("journal/{HOST}.0001.jsonl")), bytes).expect("room on the disk");
    let path = home.path().to_owned();
    (home, path)
}

fn opened(path: &std::path::Path) -> Player {
    let mut journal = Journal::open(path, HOST).expect("a journal");
    let mut recording = Recording::default();
    journal.take_in_with(&mut |placed| recording.take(&placed)).expect("its entries");
    Player::new(recording, Box::new(journal.store()))
}

fn sizes() -> Vec<usize> {
    let million = std::env::var_os("WARROOM_BENCH_MILLION").map(|_| 1_000_000);
    [5_000, 100_000].into_iter().chain(million).collect()
}

/// Moments all over the replay, in an order that helps nobody.
fn moments(player: &Player) -> impl Iterator<Item = Time> + use<> {
    let (start, end) = player.bounds();
    let length = end.since(start).ms();
    (1_i64..).map(move |n| start + Span::from_ms(n.wrapping_mul(0x9E37_79B9).rem_euclid(length)))
}

fn seeks(bencher: Bencher, count: usize, late: bool) {
    let (_home, path) = written(count, late);
    let mut player = opened(&path);
    let mut to = moments(&player);
    bencher.bench_local(|| player.seek(to.next().unwrap_or(START), START));
}

#[divan::bench(args = sizes(), sample_count = 200, sample_size = 1)]
fn seek_anywhere(bencher: Bencher, count: usize) {
    seeks(bencher, count, false);
}

/// The same with an import of a hundredth of the entries, known all along and folded last.
#[divan::bench(args = sizes(), sample_count = 50, sample_size = 1)]
fn seek_among_late_entries(bencher: Bencher, count: usize) {
    seeks(bencher, count, true);
}

#[divan::bench(args = sizes(), sample_count = 200, sample_size = 1)]
fn step_back(bencher: Bencher, count: usize) {
    let (_home, path) = written(count, false);
    let mut player = opened(&path);
    player.end(START);
    bencher.bench_local(|| player.step(false, START));
}

/// Sixty frames a second at the highest speed.
#[divan::bench(args = sizes(), sample_count = 200, sample_size = 1)]
fn a_frame_at_1000x(bencher: Bencher, count: usize) {
    let (_home, path) = written(count, false);
    let mut player = opened(&path);
    while player.faster(START) {}
    player.play(START);
    let mut real = START;
    bencher.bench_local(|| {
        real = real + Span::from_ms(16);
        player.tick(real)
    });
}

#[divan::bench(args = sizes(), sample_count = 200, sample_size = 1)]
fn ruler(bencher: Bencher, count: usize) {
    let (_home, path) = written(count, false);
    let player = opened(&path);
    bencher.bench_local(|| player.ruler(200));
}

/// Reading, checking, folding: until the first picture.
#[divan::bench(args = sizes(), sample_count = 3, sample_size = 1)]
fn open(bencher: Bencher, count: usize) {
    let (_home, path) = written(count, false);
    bencher.bench_local(|| opened(&path));
}
