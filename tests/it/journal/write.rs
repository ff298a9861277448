//! Writing: one console, several at once, and what each learns of the others.

use warroom::incident::rows::Store;
use warroom::journal::{Appended, Journal, News, verify};

use super::{HOST, INCIDENT, at, file_of, note, texts, write};

fn open(dir: &std::path::Path) -> Journal {
    Journal::open(dir, HOST).expect("a journal")
}

#[test]
fn what_is_written_is_read_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    let Ok(Appended::Written { entries, banner: None, late: false }) =
        journal.append(vec![note("one"), note("two")], at(1))
    else {
        panic!("a sound disk")
    };
    let News { entries: read, damage, late } = open(dir.path()).take_in().expect("readable");
    assert_eq!((read, damage, late), (entries.clone(), vec![], false));
    let store = journal.store();
    assert_eq!(store.read(entries[1].locator), Some(entries[1].entry.clone()));
    assert_eq!(entries[1].entry.header.seq, 2);
    assert!(
        entries[0].entry.stamp() < entries[1].entry.stamp() && entries[0].entry.id() < entries[1].entry.id()
    );
    assert_eq!(journal.incident(), Some(INCIDENT));
    assert!(Journal::create(dir.path(), INCIDENT, HOST).is_err(), "there is one already");
}

#[cfg(unix)]
#[test]
fn files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    write(&mut Journal::create(dir.path(), INCIDENT, HOST).expect("a journal"), "x", at(1));
    let mode = |path| std::fs::metadata(path).map(|meta| meta.permissions().mode() & 0o777).ok();
    assert_eq!(mode(dir.path().join("journal")), Some(0o700));
    assert_eq!(mode(file_of(dir.path(), HOST)), Some(0o600));
}

#[test]
fn a_journal_that_moved_is_not_written_to() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut ours = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    let mut theirs = open(dir.path());
    write(&mut theirs, "I command", at(1));
    let Ok(Appended::Moved(news)) = ours.append(vec![note("no, I do")], at(2)) else {
        panic!("decided on an old state")
    };
    assert_eq!(texts(&news.entries), ["I command"]);
    assert!(matches!(ours.append(vec![note("fine")], at(2)), Ok(Appended::Written { .. })));
    assert_eq!(texts(&theirs.take_in().expect("readable").entries), ["fine"]);
    assert!(theirs.take_in().expect("readable").is_empty());
}

#[test]
fn four_writers_keep_the_chain() {
    const WRITERS: i64 = 4;
    const EACH: i64 = 50;
    let dir = tempfile::tempdir().expect("a folder");
    drop(Journal::create(dir.path(), INCIDENT, HOST).expect("a journal"));
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let mut journal = open(dir.path());
            scope.spawn(move || {
                (0..EACH).for_each(|n| drop(write(&mut journal, &format!("{writer}/{n}"), at(n))))
            });
        }
    });
    let verdict = verify(dir.path()).expect("readable");
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!(
        (verdict.entries, verdict.hosts[0].last_seq),
        ((WRITERS * EACH) as u64, (WRITERS * EACH) as u64)
    );
    let news = open(dir.path()).take_in().expect("readable");
    let stamps: Vec<_> = news.entries.iter().map(|placed| placed.entry.stamp()).collect();
    assert!(stamps.is_sorted() && !news.late);
}

/// The clock was set back by an hour: the stamps fall, the rescan still comes in order.
#[test]
fn a_clock_set_back_is_sorted_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    write(&mut journal, "second", at(7_200));
    write(&mut journal, "first", at(0));
    assert_eq!(texts(&open(dir.path()).take_in().expect("readable").entries), ["first", "second"]);
    let mut streamed = Vec::new();
    let end = Journal::scan(dir.path(), &mut |placed| streamed.push(placed)).expect("readable");
    assert!(end.late && texts(&streamed) == ["second", "first"]);
    let mut sorted = Vec::new();
    let end = open(dir.path()).rescan(&mut |placed| sorted.push(placed)).expect("readable");
    assert!(!end.late && texts(&sorted) == ["first", "second"]);
}

#[test]
fn a_long_line_is_read_whole() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    let book = "playbook ".repeat(100_000);
    write(&mut journal, &book, at(1));
    write(&mut journal, "short", at(2));
    let news = open(dir.path()).take_in().expect("readable");
    assert_eq!(texts(&news.entries), [book, "short".to_owned()]);
    assert!(journal.append(vec![note(&"x".repeat(17 << 20))], at(3)).is_err(), "too long for a line");
    write(&mut journal, "still fine", at(4));
    assert!(verify(dir.path()).expect("readable").is_whole());
}

#[test]
fn a_file_that_shrank_is_not_written_to() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    write(&mut journal, "x", at(1));
    let path = file_of(dir.path(), HOST);
    let file = std::fs::OpenOptions::new().write(true).open(path).expect("a file");
    file.set_len(40).expect("cut");
    let refused = journal.append(vec![note("y")], at(2)).expect_err("its end is gone");
    assert!(refused.to_string().contains("became shorter"), "{refused}");
}
