//! A disk that is full, broken or read-only at every Nth call: refused in words, the file clean, and on it goes.

use std::io::ErrorKind;
use std::path::Path;

use warroom::incident::ids::EntryId;
use warroom::journal::{AppendError, Appended, Journal, file_name, verify_on};

use super::sim::{SimDisk, Weather};
use super::{HOST, INCIDENT, at, note, texts, write};
use crate::promises::Promise;

const DIR: &str = "/home/incident";
const KINDS: [ErrorKind; 3] = [ErrorKind::StorageFull, ErrorKind::Other, ErrorKind::ReadOnlyFilesystem];

fn begun(disk: &SimDisk) -> Journal {
    let mut journal = Journal::create_on(disk.arc(), Path::new(DIR), INCIDENT, HOST).expect("a sound disk");
    for n in 0..3 {
        write(&mut journal, &format!("before {n}"), at(n));
    }
    journal
}

/// Every Nth call fails while entries are written, the more the rarer; the error says what was broken.
fn one(kind: ErrorKind, every: u64, weather: &Weather) -> Result<u64, String> {
    let disk = SimDisk::new(every);
    let mut journal = begun(&disk);
    disk.set_weather(Weather { every, kind: Some(kind), ..weather.clone() });
    let (mut saved, mut refused, mut doubtful) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..12 + every as i64 {
        let words = format!("entry {n}");
        match journal.append(vec![note(&words), note(&words)], at(10 + n)) {
            Ok(Appended::Written { entries, .. }) => {
                saved.extend(entries.iter().map(|placed| placed.entry.id()))
            }
            Ok(Appended::Moved(_)) => {}
            Err(AppendError::Doubtful { .. }) => doubtful.push(words),
            Err(error) => {
                assert!(error.to_string().starts_with("not saved: ") && !error.hint().is_empty(), "{error}");
                refused.push(words);
                if doubtful.is_empty() {
                    clean(&disk)?;
                }
            }
        }
    }
    let failures = disk.failures();
    disk.set_weather(weather.clone());
    saved.push(write(&mut journal, "afterwards", at(1_000)).header.id);
    healed(&disk, &saved, &refused)?;
    Ok(failures)
}

/// After a refusal every file ends with a whole line.
fn clean(disk: &SimDisk) -> Result<(), String> {
    let ends = |segment| disk.contents(&Path::new(DIR).join("journal").join(file_name(HOST, segment)));
    let torn = (1..200).map(ends).any(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
    if torn { Err("a half-written line was left behind".to_owned()) } else { Ok(()) }
}

fn healed(disk: &SimDisk, saved: &[EntryId], refused: &[String]) -> Result<(), String> {
    let mut journal =
        Journal::open_on(disk.arc(), Path::new(DIR), HOST).map_err(|error| error.to_string())?;
    let news = journal.take_in().map_err(|error| error.to_string())?;
    let found: Vec<EntryId> = news.entries.iter().map(|placed| placed.entry.id()).collect();
    if let Some(lost) = saved.iter().find(|id| !found.contains(id)) {
        return Err(format!("{lost} was acknowledged and is gone"));
    }
    if let Some(words) = texts(&news.entries).iter().find(|words| refused.contains(words)) {
        return Err(format!("{words} was refused and is there"));
    }
    let verdict = verify_on(disk.arc(), Path::new(DIR)).map_err(|error| error.to_string())?;
    if verdict.is_whole() { Ok(()) } else { Err(format!("not whole: {verdict:?}")) }
}

/// Every Nth call fails, for N from 1 to `most`, in each way.
pub fn run(most: u64) -> Promise {
    let mut failures = 0;
    for every in 1..=most {
        for kind in KINDS {
            let outcome = one(kind, every, &Weather::default());
            failures += outcome.map_err(|why| format!("{kind:?}, every {every} calls: {why}"))?;
        }
    }
    Ok(format!(
        "N = 1..{most}, {} kinds: {failures} failed calls, 0 acknowledged lost, 0 refused kept",
        KINDS.len()
    ))
}

#[test]
fn every_nth_call_may_fail() {
    run(60).unwrap_or_else(|why| panic!("{why}"));
    let failures: Result<u64, String> = (1..=60).map(|every| one(KINDS[0], every, &Weather::default())).sum();
    assert!(failures.is_ok_and(|failures| failures > 150), "so few calls failed that nothing was tested");
}

/// Whether a disk, and so a journal, that skips what matters is noticed.
pub fn catches(lies: &Weather) -> bool {
    (1..=60).any(|every| KINDS.iter().any(|kind| one(*kind, every, lies).is_err()))
}

#[test]
fn a_refusal_names_its_cause() {
    let cases = [
        (ErrorKind::StorageFull, "not saved: the disk is full"),
        (ErrorKind::ReadOnlyFilesystem, "not saved: the file system is read-only"),
        (ErrorKind::PermissionDenied, "not saved: permission was denied"),
    ];
    for (kind, expected) in cases {
        let disk = SimDisk::new(1);
        let mut journal = begun(&disk);
        disk.set_weather(Weather { every: 1, kind: Some(kind), ..Weather::default() });
        let refused = journal.append(vec![note("lost?")], at(9)).expect_err("every call fails");
        assert_eq!(refused.to_string(), expected);
    }
}

/// A sync fails: the entry goes to the next segment, with a banner, and readers see one journal, whatever the power does.
#[test]
fn a_failed_sync_ends_the_file() {
    for seed in 0..40 {
        let disk = SimDisk::new(seed);
        let mut journal = begun(&disk);
        disk.set_weather(Weather { syncs_fail: 1, ..Weather::default() });
        let outcome = journal.append(vec![note("through the storm")], at(10));
        let Ok(Appended::Written { banner: Some(banner), .. }) = outcome else {
            panic!("saved, with a banner")
        };
        assert!(banner.contains("saved in segment 2 instead"), "{banner}");
        write(&mut journal, "after", at(11));
        drop(journal);
        for power_cut in [false, true] {
            if power_cut {
                disk.cut_power();
            }
            let verdict = verify_on(disk.arc(), Path::new(DIR)).expect("a sound disk");
            assert!(
                verdict.forks.is_empty() && verdict.cut.is_empty() && verdict.entries == 5,
                "{verdict:?}"
            );
            let news =
                Journal::open_on(disk.arc(), Path::new(DIR), HOST).and_then(|mut journal| journal.take_in());
            assert_eq!(texts(&news.expect("readable").entries)[3..], ["through the storm", "after"]);
        }
    }
}

/// Both syncs fail: refused, and the file that failed is never written again.
#[test]
fn two_failed_syncs_refuse() {
    let disk = SimDisk::new(5);
    let mut journal = begun(&disk);
    disk.set_weather(Weather { syncs_fail: 2, ..Weather::default() });
    let refused = journal.append(vec![note("not saved")], at(10)).expect_err("no sync worked");
    assert!(matches!(refused, AppendError::Refused { .. }), "{refused}");
    let before = disk.contents(&Path::new(DIR).join("journal").join(file_name(HOST, 1)));
    write(&mut journal, "saved", at(11));
    assert_eq!(disk.contents(&Path::new(DIR).join("journal").join(file_name(HOST, 1))), before);
    let verdict = verify_on(disk.arc(), Path::new(DIR)).expect("a sound disk");
    assert!(verdict.is_whole() && verdict.entries == 4, "{verdict:?}");
}

#[test]
fn a_folder_that_vanished_is_said_so() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    write(&mut journal, "here", at(1));
    std::fs::rename(dir.path().join("journal"), dir.path().join("elsewhere")).expect("renamed");
    let refused = journal.append(vec![note("where?")], at(2)).expect_err("nowhere to write");
    assert_eq!(refused.to_string(), "not saved: the incident's folder or a file in it has vanished");
    std::fs::rename(dir.path().join("elsewhere"), dir.path().join("journal")).expect("renamed");
    write(&mut journal, "back", at(3));
}
