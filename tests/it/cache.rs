//! Checkpoints and kept summaries: quick, and never believed against the journal.

#[path = "../../benches/made/mod.rs"]
mod made;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

use warroom::incident::scribe::NoteKind;
use warroom::incident::{Draft, Event, HostId, IncidentId, PersonId};
use warroom::journal::{Appended, IncidentDir, Journal, Mark};
use warroom::room::{Folded, Input as RoomInput};
use warroom::runtime::cache::summaries::Summaries;
use warroom::runtime::cache::{self, Keeper};
use warroom::runtime::clock;
use warroom::runtime::live::{LiveRuntime, Opened, Outside, Reading, Report};
use warroom::tui::app::Input;

use crate::door::Door;

const HOST: HostId = HostId::new(0x0a1b_2c3d_4e5f);
const ID: IncidentId = IncidentId::from_parts(1_795_000_000_000, 7);

/// An incident's folder and, beside it, a cache.
struct Place {
    root: TempDir,
}

impl Place {
    fn with(entries: usize) -> Self {
        let place = Self { root: tempfile::tempdir().unwrap() };
        made::journal(&place.dir(), ID, HOST, entries).unwrap();
        place
    }

    fn dir(&self) -> PathBuf {
        self.root.path().join(format!("{ID}-prices"))
    }

    fn cache(&self) -> PathBuf {
        self.root.path().join("cache")
    }

    fn checkpoint(&self) -> PathBuf {
        cache::path(&self.cache(), ID)
    }

    fn file(&self) -> PathBuf {
        self.dir().join("journal").join(warroom::journal::file_name(HOST, 1))
    }

    fn fold(&self) -> (Mark, Folded) {
        let mut folded = Folded::default();
        let mut journal = Journal::open(&self.dir(), HOST).unwrap();
        journal.take_in_with(&mut |placed| folded.take_one(&placed)).unwrap();
        (journal.mark().unwrap(), folded)
    }

    fn save(&self) {
        let (mark, folded) = self.fold();
        cache::save(&self.checkpoint(), &mark, &folded).unwrap();
    }

    fn append(&self, text: &str) {
        let mut journal = Journal::open(&self.dir(), HOST).unwrap();
        journal.take_in().unwrap();
        assert!(matches!(journal.append(vec![note(text)], clock::now()), Ok(Appended::Written { .. })));
    }

    /// Opens the room as if its journal were a large one.
    fn open(&self) -> (Opened, Receiver<Report>) {
        let (reports, reported) = channel();
        let slug = "prices".to_owned();
        let dir = IncidentDir { path: self.dir(), id: ID, slug, number: 1 };
        let report = move |report| drop(reports.send(report));
        (
            LiveRuntime::open(&dir, HOST, &self.cache(), &Keeper::new(1), Outside::default(), report)
                .unwrap(),
            reported,
        )
    }
}

fn note(text: &str) -> Draft {
    let event = warroom::incident::event::NoteEvent::Written { kind: NoteKind::Note, text: text.to_owned() };
    Draft::new(Event::Note(event), PersonId::new("alice"))
}

fn assert_same(one: &Folded, other: &Folded) {
    assert_eq!(one.incident, other.incident);
    assert_eq!(one.outbox, other.outbox);
    assert_eq!(one.rows.as_slice(), other.rows.as_slice());
}

/// Reports up to the one that says how far the journal is read, in one word each.
fn until_done(reported: &Receiver<Report>, mut on: impl FnMut(Report)) {
    loop {
        match reported.recv_timeout(Duration::from_secs(30)).expect("a report") {
            Report::Reading(Reading::Done) => return,
            report => on(report),
        }
    }
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_checkpoint_is_the_fold() {
    let place = Place::with(700);
    place.save();
    let (mark, folded) = place.fold();
    let found = cache::load(&place.checkpoint()).unwrap();
    assert_same(&found.folded, &folded);
    assert_eq!(found.mark, mark);
    assert!(cache::holds(&place.dir(), &found.mark, &found.seal));
}

#[test]
fn what_came_since_is_folded_on_top() {
    let place = Place::with(300);
    place.save();
    place.append("one more");
    place.append("and another");
    let (journal, found) = cache::resume(&place.dir(), HOST, &place.checkpoint()).unwrap();
    let (mark, folded) = place.fold();
    assert_same(&found.folded, &folded);
    assert_eq!(journal.mark().unwrap().newest, mark.newest);
    // And once more, from a checkpoint that was itself gone on from.
    cache::renew(&place.dir(), HOST, &place.checkpoint()).unwrap();
    let renewed = cache::load(&place.checkpoint()).unwrap();
    assert_same(&renewed.folded, &folded);
    assert!(cache::holds(&place.dir(), &renewed.mark, &renewed.seal));
}

#[test]
fn no_flipped_bit_passes() {
    let place = Place::with(40);
    place.save();
    let sound = fs::read(place.checkpoint()).unwrap();
    for at in (0..sound.len()).step_by(11).chain(sound.len() - 40..sound.len()) {
        let mut bytes = sound.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(place.checkpoint(), bytes).unwrap();
        assert!(cache::load(&place.checkpoint()).is_none(), "byte {at}");
    }
}

#[test]
fn a_checkpoint_that_is_cut_foreign_or_missing_is_ignored() {
    let place = Place::with(40);
    assert!(cache::load(&place.checkpoint()).is_none());
    place.save();
    let sound = fs::read(place.checkpoint()).unwrap();
    let newer = String::from_utf8_lossy(&sound[..14]).replace(" 2", " 3").into_bytes();
    let other = [newer.as_slice(), &sound[14..]].concat();
    for bytes in
        [&sound[..sound.len() - 1], &sound[..30], b"", b"\n\n", &other, &[sound.clone(), vec![0]].concat()]
    {
        fs::write(place.checkpoint(), bytes).unwrap();
        assert!(cache::load(&place.checkpoint()).is_none());
    }
}

#[test]
fn a_journal_that_is_shorter_or_another_is_read_anew() {
    let place = Place::with(40);
    place.save();
    let bytes = fs::read(place.file()).unwrap();
    fs::write(place.file(), &bytes[..bytes.len() - 300]).unwrap();
    assert!(cache::resume(&place.dir(), HOST, &place.checkpoint()).is_none());
    // The same length, another last line.
    fs::write(place.file(), &bytes).unwrap();
    flip(&place.file(), bytes.len() - 30);
    assert!(cache::resume(&place.dir(), HOST, &place.checkpoint()).is_none());
}

#[test]
fn without_a_checkpoint_the_room_is_shown_and_the_journal_read_behind() {
    let place = Place::with(900);
    let (opened, reported) = place.open();
    assert_eq!(opened.reading, Reading::Percent(0));
    assert!(opened.folded.incident.declared.is_some(), "its title is there at once");
    let mut whole = None;
    until_done(&reported, |report| {
        if let Report::Room(RoomInput::Refolded(folded)) = report {
            whole = Some(folded);
        }
    });
    assert_same(&whole.unwrap(), &place.fold().1);
    drop(opened);
    // The next time there is one.
    let (opened, reported) = place.open();
    assert_eq!(opened.reading, Reading::Verifying);
    assert_same(&opened.folded, &place.fold().1);
    until_done(&reported, |_| panic!("nothing had changed"));
}

#[test]
fn orders_work_while_the_journal_is_verified() {
    let place = Place::with(900);
    place.save();
    let (opened, reported) = place.open();
    assert_eq!(opened.reading, Reading::Verifying);
    opened.runtime.append(vec![note("saved meanwhile")], 0);
    let mut written = false;
    let mut done = false;
    while !(written && done) {
        match reported.recv_timeout(Duration::from_secs(30)).expect("a report") {
            Report::Room(RoomInput::Written(entries)) => written = entries.len() == 1,
            Report::Reading(Reading::Done) => done = true,
            // The file has changed: the journal looks again and finds its own.
            _ => {}
        }
    }
    drop(opened);
    assert_eq!(place.fold().1.incident.count, 901);
}

#[test]
fn damage_before_the_checkpoint_is_noticed() {
    let place = Place::with(900);
    place.save();
    let middle = fs::metadata(place.file()).unwrap().len() as usize / 2;
    flip(&place.file(), middle);
    let (opened, reported) = place.open();
    assert_eq!(opened.reading, Reading::Verifying);
    let (mut said, mut damaged, mut refolded) = (false, false, None);
    until_done(&reported, |report| match report {
        Report::Banner(_) => said = true,
        Report::Damage(text) => damaged = text.contains("JOURNAL DAMAGED"),
        Report::Room(RoomInput::Refolded(folded)) => refolded = Some(folded),
        _ => {}
    });
    assert!(said && damaged);
    assert_eq!(refolded.unwrap().incident.count, 899);
    // What is damaged is told each time, so it has no checkpoint.
    assert!(!place.checkpoint().exists());
}

#[test]
fn erased_words_do_not_come_back_from_a_checkpoint() {
    let place = Place::with(2_500);
    place.save();
    let mut journal = Journal::open(&place.dir(), HOST).unwrap();
    let news = journal.take_in().unwrap();
    let update = news.entries.iter().find(|placed| placed.entry.class() == warroom::incident::Class::Update);
    journal.erase(update.unwrap().entry.id()).unwrap();
    drop(journal);
    let (_opened, reported) = place.open();
    let mut refolded = None;
    until_done(&reported, |report| {
        if let Report::Room(RoomInput::Refolded(folded)) = report {
            refolded = Some(folded);
        }
    });
    assert!(refolded.unwrap().incident.updates.is_empty());
    let found = cache::load(&place.checkpoint()).unwrap();
    assert!(found.folded.incident.updates.is_empty(), "the checkpoint is another one");
}

#[test]
fn a_room_says_how_far_it_has_read_and_keeps_what_is_typed() {
    let mut door = Door::room((120, 40), |_| {});
    door.input(Input::Reading(Reading::Percent(40)));
    assert!(door.screen().contains("reading 40 %"));
    door.keys("ifirst words<enter>");
    assert!(door.screen().contains("still reading the journal, 40 %"));
    assert!(door.screen().contains("first words"));
    door.input(Input::Reading(Reading::Verifying));
    door.keys("<esc>");
    assert!(door.screen().contains("verifying"));
    door.input(Input::Reading(Reading::Done));
    assert!(!door.screen().contains("verifying"));
}

#[test]
fn a_summary_is_made_once_for_each_state_of_the_journal() {
    let place = Place::with(40);
    let ask = |expect: &str, make: &str| {
        let mut kept = Summaries::<String>::load(&place.cache());
        assert_eq!(kept.of(ID, &place.dir(), || make.to_owned()), expect);
        kept.save();
    };
    ask("first", "first");
    ask("first", "second");
    place.append("more");
    ask("second", "second");
    ask("second", "third");
    fs::write(place.cache().join("summaries.json"), "{}").unwrap();
    ask("fourth", "fourth");
    fs::remove_dir_all(place.cache()).unwrap();
    ask("fifth", "fifth");
}

/// Long enough to be read by several threads; each flip costs the line it is in, wherever that is.
#[test]
fn a_long_file_is_read_in_stretches_and_damage_is_still_found() {
    let place = Place::with(3_000);
    let sound = fs::read(place.file()).unwrap();
    assert!(sound.len() > 1 << 20, "longer than a stretch");
    assert_eq!(place.fold().1.incident.count, 3_000);
    for share in 1..12 {
        let at = sound.len() * share / 12;
        let mut bytes = sound.clone();
        bytes[at] ^= if bytes[at] == b'\n' || bytes[at] ^ 4 == b'\n' { 2 } else { 4 };
        fs::write(place.file(), &bytes).unwrap();
        let mut seen = Vec::new();
        let end = Journal::scan(&place.dir(), &mut |placed| seen.push(placed.entry.header.seq)).unwrap();
        let line = sound[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        assert_eq!(end.damage.iter().map(|damage| damage.line).collect::<Vec<_>>(), [line], "byte {at}");
        let expected: Vec<u64> = (1..=3_000).filter(|seq| seq + 1 != line).collect();
        assert_eq!(seen, expected);
    }
}
