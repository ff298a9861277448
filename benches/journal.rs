//! What an append and an opening cost, beside the raw system calls in the same run.
//!
//! `cargo bench --bench journal`; `WARROOM_BENCH_MILLION=1` adds the journal of a million entries.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use divan::Bencher;
use tempfile::TempDir;
use ulid::Ulid;

use warroom::incident::entry::{Draft, Entry};
use warroom::incident::event::{Event, NoteEvent};
use warroom::incident::ids::{HostId, IncidentId, PersonId};
use warroom::incident::scribe::NoteKind;
use warroom::incident::time::Time;
use warroom::journal::{Appended, Journal, write_segment};

const HOST: HostId = HostId::new(0xa1b2_c3d4_e5f6);
const START_MS: i64 = 1_795_000_000_000;
const TEXT: &str =
    "replica lag on orders-db-3 is 412 s and rising; paused the nightly compaction job and told the on-call";

fn main() {
    percentiles();
    divan::main();
}

fn note(n: usize) -> Draft {
    let written = NoteEvent::Written { kind: NoteKind::Note, text: format!("{n}: {TEXT}") };
    Draft::new(Event::Note(written), PersonId::new("alice"))
}

fn home() -> TempDir {
    tempfile::tempdir_in(std::env::var("WARROOM_BENCH_DIR").unwrap_or_else(|_| ".".to_owned()))
        .expect("a folder")
}

/// Append and raw call in turn on the same disk, so that its moods hit both.
fn percentiles() {
    const ROUNDS: usize = 2_000;
    let home = home();
    let mut journal = Journal::create(home.path(), IncidentId::nil(), HOST).expect("a journal");
    let raw = OpenOptions::new().create(true).append(true).open(home.path().join("raw")).expect("a file");
    let line = vec![b'x'; 420];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for n in 0..ROUNDS {
        let begun = std::time::Instant::now();
        append_one(&mut journal, n);
        ours.push(begun.elapsed());
        let begun = std::time::Instant::now();
        append_raw(&raw, &line);
        theirs.push(begun.elapsed());
    }
    for (name, times) in [("append", &mut ours), ("raw append + fdatasync", &mut theirs)] {
        times.sort();
        println!("{name:>24}: p50 {:?}, p99 {:?}", times[ROUNDS / 2], times[ROUNDS * 99 / 100]);
    }
}

fn append_one(journal: &mut Journal, n: usize) {
    let now = Time::from_ms(START_MS + n as i64);
    assert!(matches!(journal.append(vec![note(n)], now), Ok(Appended::Written { .. })));
}

fn append_raw(mut file: &File, line: &[u8]) {
    file.write_all(line).expect("room on the disk");
    file.sync_data().expect("a sound disk");
}

#[divan::bench]
fn append_synced(bencher: Bencher) {
    let home = home();
    let mut journal = Journal::create(home.path(), IncidentId::nil(), HOST).expect("a journal");
    let mut n = 0;
    bencher.bench_local(|| {
        n += 1;
        append_one(&mut journal, n);
    });
}

#[divan::bench]
fn raw_append_synced(bencher: Bencher) {
    let home = home();
    let file = OpenOptions::new().create(true).append(true).open(home.path().join("raw")).expect("a file");
    bencher.bench_local(|| append_raw(&file, &[b'x'; 420]));
}

/// Entries as a busy room writes them.
fn entries(count: usize) -> Vec<Entry> {
    let people = ["alice", "bob", "carol", "dave"];
    let entry = |n: usize| {
        let time = Time::from_ms(START_MS + n as i64 * 700);
        let stamp = warroom::incident::entry::Stamp { time, tick: 0, host: HOST };
        let mut draft = note(n);
        draft.by = PersonId::new(people[n % people.len()]);
        draft.into_entry(Ulid::from_parts(time.ms() as u64, n as u128), n as u64 + 1, stamp)
    };
    (0..count).map(entry).collect()
}

fn written(count: usize) -> (TempDir, PathBuf) {
    let home = home();
    std::fs::create_dir(home.path().join("journal")).expect("a folder");
    let path = home.path().join(format!("journal/{HOST}.0001.jsonl"));
    let bytes = write_segment(IncidentId::nil(), HOST, &entries(count), |entry| entry.id().to_bytes());
    std::fs::write(&path, bytes).expect("room on the disk");
    (home, path)
}

fn sizes() -> Vec<usize> {
    let million = std::env::var_os("WARROOM_BENCH_MILLION").map(|_| 1_000_000);
    [1_000, 100_000].into_iter().chain(million).collect()
}

/// Open, read, check every digest, parse, and keep all entries.
#[divan::bench(args = sizes(), sample_count = 10)]
fn open_and_take_in(bencher: Bencher, count: usize) {
    let (home, _) = written(count);
    bencher.bench_local(|| {
        let news = Journal::open(home.path(), HOST).and_then(|mut journal| journal.take_in());
        assert!(news.is_ok_and(|news| news.entries.len() == count && news.damage.is_empty()));
    });
}

/// The same, keeping nothing.
#[divan::bench(args = sizes(), sample_count = 10)]
fn open_and_scan(bencher: Bencher, count: usize) {
    let (home, _) = written(count);
    bencher.bench_local(|| {
        let end = Journal::scan(home.path(), &mut |placed| drop(divan::black_box(placed)));
        assert!(end.is_ok_and(|end| end.entries == count as u64));
    });
}

/// What it is measured against: read, split at newlines, one SHA-256 over each line.
#[divan::bench(args = sizes(), sample_count = 10)]
fn read_split_hash(bencher: Bencher, count: usize) {
    use sha2::{Digest, Sha256};
    let (_home, path) = written(count);
    bencher.bench_local(|| {
        let file = File::open(&path).expect("a file");
        let mut bytes = vec![0; file.metadata().expect("a length").len() as usize];
        file.read_exact_at(&mut bytes, 0).expect("its bytes");
        let lines = memchr::memchr_iter(b'\n', &bytes);
        lines.fold(0, |start, end| {
            divan::black_box(Sha256::digest(&bytes[start..end]));
            end + 1
        })
    });
}
