//! The harness has teeth: each way of breaking what it measures is caught by it.

use std::path::Path;
use std::sync::Arc;
use std::thread;

use warroom::journal::line::split;
use warroom::journal::{Appended, Chain, Journal, Part, verify_on};

use super::hosts::Console;
use super::{SEED, hostile, hosts, kills};
use crate::journal::sim::{SimDisk, Weather};
use crate::journal::{HOST, INCIDENT, at, faults, flips, note, power};

/// A name, and whether the variant of that name is caught.
pub type Tooth = (&'static str, fn() -> bool);

pub const ALL: [Tooth; 9] = [
    ("no sync", no_sync),
    ("no sync of the folder", no_sync_of_the_folder),
    ("no truncation after a failed write", no_truncation),
    ("no check of the hashes", no_hash_check),
    ("no lock between writers", no_lock),
    ("acknowledged before it is written", acknowledged_too_early),
    ("late news folded in the order of arrival", late_news_ignored),
    ("own late entries folded at the end", late_own_ignored),
    ("text that is not cleaned", not_cleaned),
];

fn no_sync() -> bool {
    power::catches(&Weather { sync_lies: true, ..Weather::default() })
}

fn no_sync_of_the_folder() -> bool {
    power::catches(&Weather { dir_sync_lies: true, ..Weather::default() })
}

fn no_truncation() -> bool {
    faults::catches(&Weather { truncate_lies: true, ..Weather::default() })
}

/// A reader that believes every line which looks like one.
fn no_hash_check() -> bool {
    let gullible: flips::Reader = |chain: &mut Chain, line, first| match (first, split(line)) {
        (true, _) => flips::read(chain, line, true),
        (false, Ok(split)) => split.header().err().map(|(part, _)| part),
        (false, Err(_)) => Some(Part::Frame),
    };
    flips::catches(gullible)
}

/// The simulated disk has no locks: writers on several threads are what processes without one would be.
fn no_lock() -> bool {
    const TRIES: u64 = 20;
    (0..TRIES).any(|seed| race(&SimDisk::new(seed)).is_err())
}

fn race(disk: &SimDisk) -> Result<(), String> {
    const WRITERS: u64 = 4;
    const EACH: i64 = 50;
    let dir = Path::new("/home/incident");
    let words = |error: &dyn std::fmt::Display| error.to_string();
    drop(Journal::create_on(disk.arc(), dir, INCIDENT, HOST).map_err(|error| words(&error))?);
    let disk = Arc::new(disk.clone());
    let kept: Result<Vec<i64>, String> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(|| write(&disk, dir, EACH))).collect();
        writers.into_iter().map(|writer| writer.join().map_err(|_| "a writer panicked".to_owned())?).collect()
    });
    let kept: i64 = kept?.into_iter().sum();
    let verdict = verify_on(disk.arc(), dir).map_err(|error| words(&error))?;
    if verdict.is_whole() && verdict.entries == kept as u64 { Ok(()) } else { Err(format!("{verdict:?}")) }
}

fn write(disk: &SimDisk, dir: &Path, each: i64) -> Result<i64, String> {
    let mut journal = Journal::open_on(disk.arc(), dir, HOST).map_err(|error| error.to_string())?;
    let mut kept = 0;
    while kept < each {
        match journal.append(vec![note("x")], at(kept)) {
            Ok(Appended::Written { .. }) => kept += 1,
            Ok(Appended::Moved(news)) if news.damage.is_empty() => {}
            Ok(Appended::Moved(news)) => return Err(format!("{:?}", news.damage)),
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(kept)
}

fn acknowledged_too_early() -> bool {
    kills::run(SEED, 40, &kills::TOO_EARLY).is_err_and(|why| why.contains("were acknowledged"))
}

fn late_news_ignored() -> bool {
    hosts::run(SEED, 100, &Console { late_news: false, ..hosts::SOUND }).is_err()
}

fn late_own_ignored() -> bool {
    hosts::run(SEED, 100, &Console { late_own: false, ..hosts::SOUND }).is_err()
}

fn not_cleaned() -> bool {
    let unwashed: hostile::Cleaner = (str::to_owned, str::to_owned);
    let caught = |raw: &str| hostile::scan(raw.as_bytes()).is_err();
    hostile::through_the_cleaner(SEED, 1_000, &unwashed).is_err()
        && ["\x1b[6661m", "\x1b]0;x\x07", "a\x08b", "\u{9b}31m", "\u{202e}", "\x1bc"].into_iter().all(caught)
        && !caught("\x1b[?1049h\x1b[1;2Hä\x1b[0m")
}

#[track_caller]
fn bites(name: &str) {
    let (_, caught) = ALL.iter().find(|(other, _)| *other == name).expect("a tooth of that name");
    assert!(caught(), "{name}: went unnoticed");
}

#[test]
fn teeth_of_the_simulated_disk() {
    bites("no sync");
    bites("no sync of the folder");
    bites("no truncation after a failed write");
}

#[test]
fn teeth_of_the_hash_check() {
    bites("no check of the hashes");
}

#[test]
fn teeth_of_the_lock() {
    bites("no lock between writers");
}

#[test]
fn teeth_of_the_kills() {
    bites("acknowledged before it is written");
}

#[test]
fn teeth_of_the_hosts() {
    bites("late news folded in the order of arrival");
    bites("own late entries folded at the end");
}

#[test]
fn teeth_of_the_cleaner() {
    bites("text that is not cleaned");
}
