//! Clocks that run ahead or are set back: entries are kept where they say they belong, and somebody is told.

use warroom::journal::{Appended, Journal};

use super::{HOST, INCIDENT, OTHER, at, note, texts, write};

/// Seconds.
const HOUR: i64 = 3_600;

#[test]
fn a_clock_far_ahead_is_kept_and_flagged_once_and_never_followed() {
    let dir = tempfile::tempdir().expect("a folder");
    write(
        &mut Journal::create(dir.path(), INCIDENT, OTHER).expect("a journal"),
        "from the future",
        at(2 * HOUR),
    );
    let mut journal = Journal::open(dir.path(), HOST).expect("a journal");
    journal.take_in().expect("readable");
    let Ok(Appended::Written { entries, banner: Some(banner), late: true }) =
        journal.append(vec![note("now")], at(0))
    else {
        panic!("saved, flagged, and to be folded before the other")
    };
    assert_eq!(entries[0].entry.stamp().time, at(0), "not followed");
    assert!(banner.contains(&format!("host {OTHER} is 2h 00m ahead")), "{banner}");
    let again = journal.append(vec![note("later")], at(1));
    assert!(
        matches!(again, Ok(Appended::Written { banner: None, late: true, .. })),
        "once is enough: {again:?}"
    );
    let mut sorted = Vec::new();
    journal.rescan(&mut |placed| sorted.push(placed)).expect("readable");
    assert_eq!(texts(&sorted), ["now", "later", "from the future"]);
}

#[test]
fn a_clock_a_little_ahead_is_followed() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&mut Journal::create(dir.path(), INCIDENT, OTHER).expect("a journal"), "soon", at(299));
    let mut journal = Journal::open(dir.path(), HOST).expect("a journal");
    journal.take_in().expect("readable");
    let written = journal.append(vec![note("now")], at(0));
    let Ok(Appended::Written { entries, banner: None, late: false }) = written else { panic!("{written:?}") };
    assert_eq!(entries[0].entry.stamp().time, at(299));
}

#[test]
fn the_own_clock_set_back_is_flagged_too() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    write(&mut journal, "before", at(HOUR));
    let written = journal.append(vec![note("after")], at(0));
    let Ok(Appended::Written { banner: Some(banner), late: true, .. }) = written else {
        panic!("{written:?}")
    };
    assert!(banner.contains("this machine's clock is 1h 00m behind"), "{banner}");
}
