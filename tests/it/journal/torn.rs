//! A write that was cut short: the tail is set aside, nothing before it is touched, and writing goes on.

use warroom::journal::{Appended, Journal, verify};

use super::{HOST, at, file_of, folder_with, note, segment, texts};

const TEXTS: [&str; 3] = ["one", "two", "three, which is torn"];

#[test]
fn a_torn_tail_recovers_at_every_byte() {
    let whole = segment(HOST, &TEXTS);
    let before = segment(HOST, &TEXTS[..2]).len();
    let dir = folder_with(HOST, &whole);
    let journal = dir.path().join("journal");
    for end in before..whole.len() {
        std::fs::write(file_of(dir.path(), HOST), &whole[..end]).expect("room on the disk");
        recover(dir.path(), end - before);
        let aside = std::fs::read(journal.join(format!("{HOST}.0001.torn.1"))).unwrap_or_default();
        assert_eq!(aside, &whole[before..end], "what was torn at {end} is kept as it was");
        std::fs::remove_dir_all(&journal)
            .and_then(|()| std::fs::create_dir(&journal))
            .expect("a fresh folder");
    }
}

fn recover(dir: &std::path::Path, torn: usize) {
    let mut journal = Journal::open(dir, HOST).expect("a journal");
    let news = journal.take_in().expect("readable");
    assert_eq!(texts(&news.entries), ["one", "two"]);
    assert!(news.damage.is_empty(), "an unfinished line is no damage: {:?}", news.damage);
    let Ok(Appended::Written { entries, banner, .. }) = journal.append(vec![note("again")], at(9)) else {
        panic!("a torn tail must not stop an append")
    };
    assert_eq!((entries[0].entry.header.seq, banner.is_some()), (3, torn > 0));
    drop(journal);
    let verdict = verify(dir).expect("readable");
    assert!(verdict.is_whole() && verdict.entries == 3, "{verdict:?}");
    assert_eq!(verdict.set_aside.len(), usize::from(torn > 0));
}

#[test]
fn a_torn_first_line_recovers() {
    let whole = segment(HOST, &[]);
    for end in [0, 1, 80, whole.len() - 1] {
        let dir = folder_with(HOST, &whole[..end]);
        let named = dir.path().join(format!("{}-x", super::INCIDENT));
        std::fs::create_dir(&named).expect("a folder");
        std::fs::rename(dir.path().join("journal"), named.join("journal")).expect("moved");
        let mut journal = Journal::open(&named, HOST).expect("a journal");
        super::write(&mut journal, "first", at(1));
        drop(journal);
        let verdict = verify(&named).expect("readable");
        assert!(verdict.is_whole() && verdict.entries == 1, "{end}: {verdict:?}");
    }
}

#[test]
fn a_damaged_last_line_lets_appends_go_on() {
    let whole = segment(HOST, &TEXTS);
    let last = segment(HOST, &TEXTS[..2]).len();
    for at_byte in [last, last + 10, last + 100, whole.len() - 30, whole.len() - 2] {
        let mut bytes = whole.clone();
        bytes[at_byte] ^= 1;
        let dir = folder_with(HOST, &bytes);
        let mut journal = Journal::open(dir.path(), HOST).expect("a journal");
        assert_eq!(journal.take_in().expect("readable").damage.len(), 1);
        let entry = super::write(&mut journal, "on it goes", at(9));
        assert_eq!(entry.header.seq, 4, "the damaged line had number 3");
        drop(journal);
        let verdict = verify(dir.path()).expect("readable");
        assert_eq!((verdict.entries, verdict.damage.len(), verdict.cut.len()), (3, 1, 0), "{verdict:?}");
    }
}

#[test]
fn a_journal_cut_before_its_anchor_is_reported() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), super::INCIDENT, HOST).expect("a journal");
    (0..5).for_each(|n| drop(super::write(&mut journal, "x", at(n))));
    drop(journal);
    assert!(verify(dir.path()).expect("readable").is_whole());
    let path = file_of(dir.path(), HOST);
    let bytes = std::fs::read(&path).expect("readable");
    let end = memchr::memchr_iter(b'\n', &bytes).nth(3).expect("a fourth line");
    std::fs::write(&path, &bytes[..=end]).expect("cut cleanly");
    let verdict = verify(dir.path()).expect("readable");
    assert_eq!(verdict.cut.first().map(|cut| (cut.after, cut.known)), Some((3, 5)), "{verdict:?}");
    // The lost numbers are not given again, and the gap stays visible.
    let mut journal = Journal::open(dir.path(), HOST).expect("a journal");
    assert_eq!(super::write(&mut journal, "after the cut", at(20)).header.seq, 6);
    drop(journal);
    assert_eq!(verify(dir.path()).expect("readable").cut.len(), 1);
}
