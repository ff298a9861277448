//! Drafts: what is typed survives a crash, a damaged file and a disk that does not answer.

use std::path::Path;
use std::time::{Duration, Instant};

use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Word;
use warroom::incident::{EntryId, IncidentId, Span, Time, When};
use warroom::report::update::{NextUpdate, UpdateDraft};
use warroom::runtime::drafts::{self, DraftSaver, Drafts, GATHER, Unsaved};

const ID: IncidentId = IncidentId::from_bytes([7; 16]);
const NOW: Time = Time::from_ms(1_795_270_000_000);

fn typed(scribe: &str) -> Drafts {
    Drafts { scribe: scribe.into(), ..Drafts::default() }
}

fn full() -> Drafts {
    let update = UpdateDraft {
        audience: "customers".into(),
        word: Some(Word::Identified),
        next: NextUpdate::In(Span::from_mins(45)),
        promised: Some(NOW),
        body: "two\nlines, ä and \"quotes\"".into(),
    };
    Drafts {
        scribe: "?maybe the loader".into(),
        unsaved: vec![unsaved(1, "a"), unsaved(2, "b")],
        update: Some(update),
        asked: [("Skip/why".to_owned(), "nobody has the key".to_owned())].into(),
    }
}

fn names(dir: &Path) -> Vec<String> {
    let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut names: Vec<String> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn drafts_come_back_as_they_were() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("state/drafts");
    assert_eq!(drafts::load(&dir, ID), (Drafts::default(), None));
    drafts::save(&dir, ID, &full()).unwrap();
    assert_eq!(drafts::load(&dir, ID), (full(), None));
    assert_eq!(names(&dir), [format!("{ID}.json")], "no temporary file is left");
    drafts::save(&dir, ID, &Drafts::default()).unwrap();
    assert!(names(&dir).is_empty(), "where nothing is kept there is no file");
    drafts::save(&dir, ID, &Drafts::default()).unwrap();
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_them() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("drafts");
    drafts::save(&dir, ID, &full()).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&dir), mode(&drafts::path(&dir, ID))), (0o700, 0o600));
}

#[test]
fn a_damaged_file_is_set_aside_and_said() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    for (damage, aside) in
        [(&b"{\"scribe\":\"half a li"[..], "json.broken"), (&b"\xff\xfe"[..], "json.broken-2")]
    {
        std::fs::write(drafts::path(dir, ID), damage).unwrap();
        let (found, trouble) = drafts::load(dir, ID);
        assert!(found.is_empty());
        assert!(trouble.is_some_and(|words| words.contains(aside)), "it says where the text is");
        assert_eq!(
            std::fs::read(dir.join(format!("{ID}.{aside}"))).unwrap(),
            damage,
            "nothing of it is lost"
        );
        assert_eq!(drafts::load(dir, ID), (Drafts::default(), None), "it is said once");
    }
}

#[test]
fn a_file_of_another_version_is_read_as_far_as_it_goes() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(drafts::path(home.path(), ID), r#"{"scribe":"x","later":{"a":1},"update":{"body":"b"}}"#)
        .unwrap();
    let (found, trouble) = drafts::load(home.path(), ID);
    assert_eq!((found.scribe.as_str(), trouble), ("x", None));
    assert_eq!(found.update.unwrap().body, "b");
}

#[test]
fn typing_on_does_not_put_the_write_off() {
    let home = tempfile::tempdir().unwrap();
    let mut saver = DraftSaver::new(home.path().to_owned());
    assert_eq!(saver.due(NOW), None);
    saver.touch(NOW, ID, typed("a"));
    let key = NOW + Span::from_ms(60);
    saver.touch(key, ID, typed("ab"));
    assert!(saver.due(key).is_some_and(|due| due <= NOW + GATHER), "it counts from the first key");
    saver.tick(NOW + GATHER);
    assert_eq!(saver.due(NOW + GATHER), None);
    saver.flush().unwrap();
    assert_eq!(drafts::load(home.path(), ID).0, typed("ab"));
    saver.touch(NOW + GATHER, ID, typed("ab"));
    assert_eq!(saver.due(NOW + GATHER), None, "what is there is not written again");
}

/// `WARROOM_NOW` can make the clock stand; somebody may set it back.
#[test]
fn a_clock_that_stands_still_does_not_hold_drafts_up() {
    let home = tempfile::tempdir().unwrap();
    let mut saver = DraftSaver::new(home.path().to_owned());
    saver.touch(NOW, ID, typed("a"));
    let until = Instant::now() + Duration::from_secs(10);
    while drafts::load(home.path(), ID).0.is_empty() {
        assert!(Instant::now() < until, "the draft never reached the disk");
        let wait = saver.due(NOW).map_or(5, |due| due.since(NOW).ms().unsigned_abs());
        std::thread::sleep(Duration::from_millis(wait));
        saver.tick(NOW - Span::from_hours(1));
        saver.tick(NOW);
    }
}

#[test]
fn each_incident_has_its_own() {
    let home = tempfile::tempdir().unwrap();
    let other = IncidentId::from_bytes([8; 16]);
    let mut saver = DraftSaver::new(home.path().to_owned());
    saver.touch(NOW, ID, typed("one"));
    saver.touch(NOW, other, typed("two"));
    saver.flush().unwrap();
    assert_eq!(drafts::load(home.path(), ID).0, typed("one"));
    assert_eq!(drafts::load(home.path(), other).0, typed("two"));
    saver.touch(NOW, ID, typed("three"));
    drop(saver);
    let until = Instant::now() + Duration::from_secs(10);
    while drafts::load(home.path(), ID).0 != typed("three") {
        assert!(Instant::now() < until, "leaving without a flush still hands the text to the disk");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_disk_that_refuses_is_said_and_tried_again() {
    let home = tempfile::tempdir().unwrap();
    // A file where the folder should be refuses everybody, root included.
    let dir = home.path().join("drafts");
    std::fs::write(&dir, "in the way").unwrap();
    let mut saver = DraftSaver::new(dir.clone());
    saver.touch(NOW, ID, typed("precious"));
    let why = saver.flush().unwrap_err();
    assert!(why.contains("not on disk"), "{why}");
    assert_eq!(saver.problem(), Some(why));
    std::fs::remove_file(&dir).unwrap();
    saver.flush().unwrap();
    assert_eq!(saver.problem(), None);
    assert_eq!(drafts::load(&dir, ID).0, typed("precious"));
}

fn unsaved(id: u128, text: &str) -> Unsaved {
    let at = Some(When::exact(Time::from_ms(1_000)));
    Unsaved { id: EntryId::from(id), kind: NoteKind::Note, text: text.into(), at }
}
