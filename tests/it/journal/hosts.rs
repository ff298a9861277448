//! Several hosts: a merged incident is the union of their files.

use warroom::journal::{Appended, Journal, file_name, verify, write_segment};

use super::{HOST, INCIDENT, OTHER, at, entries, file_of, folder_with, note, put, segment, texts, write};

#[test]
fn two_hosts_merge_as_their_union() {
    let dir = folder_with(HOST, &segment(HOST, &["a1", "a2", "a3"]));
    put(dir.path(), OTHER, &segment(OTHER, &["b1", "b2"]));
    let mut journal = Journal::open(dir.path(), HOST).expect("a journal");
    let news = journal.take_in().expect("readable");
    // The same seconds on both; the host breaks the tie.
    assert_eq!(texts(&news.entries), ["a1", "b1", "a2", "b2", "a3"]);
    let verdict = verify(dir.path()).expect("readable");
    assert!(verdict.is_whole() && verdict.hosts.len() == 2, "{verdict:?}");
    assert_eq!(write(&mut journal, "a4", at(60)).header.seq, 4);
}

#[test]
fn a_host_that_arrives_late_is_said_so() {
    let dir = folder_with(HOST, &segment(HOST, &["a1", "a2"]));
    let mut journal = Journal::open(dir.path(), HOST).expect("a journal");
    assert!(!journal.take_in().expect("readable").late);
    put(dir.path(), OTHER, &segment(OTHER, &["b1"]));
    let Ok(Appended::Moved(news)) = journal.append(vec![note("a3")], at(60)) else { panic!("a new file") };
    assert!(news.late && texts(&news.entries) == ["b1"]);
    // A copying tool replaces the file as a whole.
    put(&dir.path().join("."), OTHER, &segment(OTHER, &["b1", "b2"]));
    let grown = dir.path().join("journal/.b.tmp");
    std::fs::write(&grown, segment(OTHER, &["b1", "b2", "b3"])).expect("room on the disk");
    std::fs::rename(&grown, file_of(dir.path(), OTHER)).expect("renamed");
    assert_eq!(texts(&journal.take_in().expect("readable").entries), ["b2", "b3"]);
}

/// A copying tool lays what it has over what was newer, as a new file or into the same one.
#[test]
fn an_older_copy_of_anothers_file_takes_nothing_back_and_stops_nobody() {
    let dir = folder_with(HOST, &segment(HOST, &["a1"]));
    put(dir.path(), OTHER, &segment(OTHER, &["b1", "b2", "b3"]));
    let mut journal = Journal::open(dir.path(), HOST).expect("a journal");
    assert_eq!(journal.take_in().expect("readable").entries.len(), 4);
    for fresh_file in [true, false] {
        if fresh_file {
            std::fs::remove_file(file_of(dir.path(), OTHER)).expect("removed");
        }
        put(dir.path(), OTHER, &segment(OTHER, &["b1"]));
        assert!(journal.take_in().expect("readable").is_empty());
        write(&mut journal, "on it goes", at(60));
    }
    put(dir.path(), OTHER, &segment(OTHER, &["b1", "b2", "b3", "b4"]));
    assert_eq!(texts(&journal.take_in().expect("readable").entries), ["b4"]);
}

#[test]
fn a_second_host_joins_with_its_own_file() {
    let dir = folder_with(HOST, &segment(HOST, &["a1"]));
    let mut journal = Journal::open(dir.path(), OTHER).expect("a journal");
    let entry = write(&mut journal, "b1", at(0));
    assert_eq!((entry.header.seq, journal.incident()), (1, Some(INCIDENT)));
    assert!(entry.stamp().time >= at(1), "a clock that runs behind adopts the newer one");
    assert!(verify(dir.path()).expect("readable").is_whole());
}

/// Two copies of a home wrote under one host id.
#[test]
fn a_fork_is_reported() {
    let first = segment(HOST, &["a1", "a2"]);
    let dir = folder_with(HOST, &first);
    let other = entries(HOST, 2, &["another a2"]).remove(0);
    let mut other = warroom::incident::entry::Entry { header: other.header, event: other.event };
    other.header.id = other.header.id.increment().expect("room for one more");
    let text = String::from_utf8(write_segment(INCIDENT, HOST, &[other], |_| [1; 16])).expect("UTF-8");
    let (_, line) = text.split_once('\n').expect("two lines");
    // As the next segment, by whatever tool merged the two.
    let mut bytes = Vec::new();
    let tip = String::from_utf8_lossy(&first[..]).lines().last().map(|line| line[6..70].to_owned());
    let tip = tip.and_then(|h| warroom::journal::Digest::from_bytes(h.as_bytes()));
    let segment = warroom::journal::Segment::new(INCIDENT, HOST, 2, tip);
    let prev = segment.encode(&mut bytes);
    let entry = warroom::journal::line::decode(line.trim_end().as_bytes()).expect("a line");
    warroom::journal::line::encode(&prev, &entry, [1; 16], &mut bytes);
    std::fs::write(dir.path().join("journal").join(file_name(HOST, 2)), bytes).expect("room on the disk");
    let verdict = verify(dir.path()).expect("readable");
    assert_eq!(verdict.forks.first().map(|fork| fork.seq), Some(2), "{verdict:?}");
    assert_eq!(verdict.entries, 3, "both are kept");
}

#[test]
fn a_missing_segment_is_reported() {
    let dir = folder_with(HOST, &segment(HOST, &["a1"]));
    std::fs::rename(file_of(dir.path(), HOST), dir.path().join("journal").join(file_name(HOST, 2)))
        .expect("renamed");
    let verdict = verify(dir.path()).expect("readable");
    assert!(verdict.damage.iter().any(|damage| damage.why.contains("renamed")), "{verdict:?}");
}
