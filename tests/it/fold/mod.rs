//! The fold: total, deterministic, and honest about what no longer applied.

pub mod any;
mod any_act;

use proptest::prelude::*;
use warroom::incident::event::*;
use warroom::incident::roles::COMMANDER;
use warroom::incident::rows::{Locator, MemoryStore, Placed};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Phase, Status, Word};
use warroom::incident::{
    Class, Draft, Entry, EntryId, Event, HostId, Incident, PersonId, Row, Rows, Span, Stamp, Time, When,
};
use warroom::room::Folded;

use crate::door::start;
use any::{PLAYBOOK, UNKNOWN, id, log, reread};

fn fold(entries: &[Entry]) -> Incident {
    let mut incident = Incident::default();
    entries.iter().for_each(|entry| incident.apply(entry));
    incident
}

fn folded(entries: &[Entry]) -> Folded {
    let mut store = MemoryStore::default();
    let placed: Vec<Placed> = entries
        .iter()
        .map(|entry| {
            let entry = std::sync::Arc::new(entry.clone());
            Placed { locator: store.push(entry.clone()), entry }
        })
        .collect();
    Folded::of(&placed)
}

/// The events of these people, a second apart.
fn written(events: Vec<(&str, Event)>) -> Vec<Entry> {
    let stamp = |place: usize| Stamp {
        time: start() + Span::from_secs(place as i64),
        tick: 0,
        host: HostId::new(place as u64 % 2),
    };
    let entry = |(place, (by, event)): (usize, (&str, Event))| {
        Draft::new(event, PersonId::new(by)).into_entry(id(place), place as u64 + 1, stamp(place))
    };
    events.into_iter().enumerate().map(entry).collect()
}

fn declared() -> Event {
    Event::Incident(IncidentEvent::Declared(Declared { title: "orders".into(), ..Declared::default() }))
}

fn note(text: &str) -> Event {
    Event::Note(NoteEvent::Written { kind: NoteKind::Note, text: text.into() })
}

fn assigned(role: &str, who: &str, from: Option<&str>) -> Event {
    let (role, who, from) = (role.to_owned(), PersonId::new(who), from.map(PersonId::new));
    Event::Role(RoleEvent::Assigned { role, who, from, brief: None, offer: None, readback: String::new() })
}

fn corrected(target: EntryId, text: &str, at: Option<Time>) -> Event {
    Event::Note(NoteEvent::Corrected { target, text: text.into(), at, about: false })
}

/// What an entry may change even when it no longer applies.
fn without_header_facts(incident: &Incident) -> Incident {
    let mut rest = incident.clone();
    rest.count = 0;
    rest.hosts.clear();
    rest.last = Stamp::default();
    rest.span = None;
    rest.newest_known = None;
    rest.seen.clear();
    rest.idle.clear();
    rest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_log_folds_the_same_every_time(entries in log()) {
        let incident = fold(&entries);
        prop_assert_eq!(incident.count, entries.len() as u64);
        prop_assert_eq!(&incident, &fold(&entries));
        // Everything that is derived on demand is total too.
        let _ = (incident.phase_starts(), incident.resolved_at(), incident.title());
        let _ = warroom::incident::deadline::deadlines(&incident, start() + Span::from_hours(1));
        for entry in &entries {
            let _ = warroom::incident::describe::sentence(&incident, entry);
        }
    }

    #[test]
    fn what_was_written_and_read_again_folds_to_the_same(entries in log()) {
        let again: Vec<Entry> = entries.iter().map(reread).collect();
        prop_assert_eq!(&again, &entries);
        prop_assert_eq!(fold(&again), fold(&entries));
    }

    #[test]
    fn a_checkpoint_is_the_state(entries in log(), cut in 0..40_usize) {
        let (before, after) = entries.split_at(cut.min(entries.len()));
        let kept = serde_json::to_string(&folded(before)).unwrap();
        let mut restored: Folded = serde_json::from_str(&kept).unwrap();
        prop_assert_eq!(&restored.incident, &fold(before));
        let placed = |entry: &Entry| Placed::new(entry.clone(), Locator(0));
        after.iter().for_each(|entry| restored.take_one(&placed(entry)));
        let whole = folded(&entries);
        prop_assert_eq!(restored.incident, whole.incident);
        prop_assert_eq!(restored.outbox, whole.outbox);
    }

    #[test]
    fn an_entry_that_no_longer_applies_changes_nothing(entries in log()) {
        let mut incident = Incident::default();
        for entry in &entries {
            let before = incident.clone();
            incident.apply(entry);
            if let Some(why) = incident.idle.get(&entry.id()) {
                prop_assert!(!why.is_empty());
                prop_assert_eq!(without_header_facts(&incident), without_header_facts(&before));
            }
        }
    }

    #[test]
    fn one_seat_has_one_holder_and_a_choice_one_option(entries in log()) {
        let incident = fold(&entries);
        for seat in incident.roles.seats() {
            prop_assert!(seat.many || seat.holders.len() <= 1);
        }
        for run in &incident.runs {
            let taken = |line: &&warroom::incident::checklist::Line| {
                line.step.is_some_and(|step| step.kind == warroom::playbook::StepKind::Option)
                    && line.progress() == warroom::incident::checklist::Progress::Done
            };
            let lines = run.lines();
            prop_assert!(lines.iter().filter(taken).count() <= 1);
            let summaries = run.summaries();
            prop_assert!(summaries.iter().all(|summary| summary.done <= summary.total));
        }
    }

    #[test]
    fn rows_stand_by_time_then_by_arrival(times in prop::collection::vec(-5..5_i64, 0..60)) {
        let mut rows = Rows::default();
        let mut expected: Vec<Row> = Vec::new();
        for (place, secs) in times.iter().enumerate() {
            let row = Row::new(id(place), Time::from_ms(*secs), Class::Note, Locator(place as u64));
            let at = rows.insert(row);
            prop_assert_eq!(rows.get(at), Some(row));
            expected.push(row);
        }
        expected.sort_by_key(|row| row.at);
        prop_assert_eq!(rows.as_slice(), &expected[..]);
    }

    #[test]
    fn the_timeline_lists_by_what_is_now_believed(entries in log()) {
        let folded = folded(&entries);
        let rows = folded.rows.as_slice();
        prop_assert!(rows.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let listed = entries.iter().filter(|entry| entry.class().on_timeline());
        prop_assert_eq!(rows.len(), listed.clone().count());
        for entry in listed {
            let place = folded.rows.position(entry.id()).unwrap();
            let at = folded.incident.corrected_time(entry.id()).unwrap_or(entry.at());
            prop_assert_eq!(rows[place].at, at);
            prop_assert_eq!(rows[place].class(), entry.class());
        }
    }

    #[test]
    fn retiming_moves_one_row_and_no_other(times in prop::collection::vec(-5..5_i64, 1..30), pick in 0..30_usize, to in -6..6_i64) {
        let mut rows = Rows::default();
        for (place, ms) in times.iter().enumerate() {
            rows.insert(Row::new(id(place), Time::from_ms(*ms), Class::Note, Locator(place as u64)));
        }
        let moved = id(pick % times.len());
        let others = |rows: &Rows| -> Vec<Row> {
            rows.as_slice().iter().filter(|row| row.id != moved).copied().collect()
        };
        let before = others(&rows);
        rows.retime(moved, Time::from_ms(to));
        prop_assert_eq!(others(&rows), before);
        prop_assert!(rows.as_slice().windows(2).all(|pair| pair[0].at <= pair[1].at));
        prop_assert_eq!(rows.get(rows.position(moved).unwrap()).unwrap().at, Time::from_ms(to));
    }
}

#[test]
fn an_event_of_a_newer_version_survives_byte_for_byte() {
    for body in UNKNOWN {
        let event = Event::parse(body);
        assert!(matches!(event, Event::Unknown(_)), "{body}");
        assert_eq!(event.to_json(), body);
        assert_eq!(serde_json::to_string(&event).unwrap(), body);
        assert_eq!(event.class(), Class::Unknown);
    }
}

#[test]
fn an_unknown_event_stays_visible_and_changes_nothing() {
    let known = written(vec![("alice", declared())]);
    let both = written(vec![("alice", declared()), ("alice", Event::parse(UNKNOWN[0]))]);
    assert_eq!(without_header_facts(&fold(&both)), without_header_facts(&fold(&known)));
    assert_eq!(folded(&both).rows.len(), 2);
}

#[test]
fn s3_2_two_who_assign_the_commander_at_once_later_wins_and_the_room_says_so() {
    let entries = written(vec![
        ("alice", declared()),
        ("alice", assigned(COMMANDER, "alice", None)),
        ("bob", assigned(COMMANDER, "bob", None)),
    ]);
    let folded = folded(&entries);
    assert_eq!(folded.incident.commander(), Some(&PersonId::new("bob")));
    assert_eq!(folded.rows.len(), 3, "both stay on the timeline");
    let notices: Vec<&str> = folded.incident.notices.iter().map(|notice| notice.text.as_str()).collect();
    assert_eq!(notices, ["two took commander at once: bob now, alice before"]);
}

#[test]
fn s3_2_a_proper_handover_is_no_race() {
    let entries = written(vec![
        ("alice", declared()),
        ("alice", assigned(COMMANDER, "alice", None)),
        ("alice", assigned(COMMANDER, "bob", Some("alice"))),
    ]);
    let incident = fold(&entries);
    assert_eq!(incident.notices, []);
    let role = incident.roles.get(COMMANDER).unwrap();
    assert_eq!((role.holders.len(), role.past.len()), (1, 1));
}

#[test]
fn s3_2_whoever_hands_a_shared_role_over_no_longer_holds_it() {
    let entries = written(vec![
        ("alice", declared()),
        ("alice", assigned("sme", "bob", None)),
        ("alice", assigned("sme", "carol", None)),
        ("bob", assigned("sme", "dana", Some("bob"))),
    ]);
    let incident = fold(&entries);
    let holders: Vec<&str> =
        incident.roles.get("sme").unwrap().holders.iter().map(|holding| holding.who.as_str()).collect();
    assert_eq!(holders, ["carol", "dana"]);
}

#[test]
fn two_who_move_the_status_at_once_are_told() {
    let moved = |from, to| Event::Status(StatusEvent::Moved { from, to, reason: String::new() });
    let entries = written(vec![
        ("alice", declared()),
        ("alice", moved(Status::Alerted, Status::Diagnosing)),
        ("bob", moved(Status::Alerted, Status::Fixing)),
        ("carol", moved(Status::Diagnosing, Status::Fixing)),
    ]);
    let incident = fold(&entries);
    assert_eq!(incident.status, Status::Fixing);
    assert_eq!(incident.notices[0].text, "two moved the status at once: fixing now, diagnosing before");
    assert_eq!(incident.idle[&id(3)], "it was already fixing");
}

#[test]
fn a_correction_keeps_the_time_that_an_earlier_one_set() {
    let at = start() - Span::from_mins(9);
    let entries = written(vec![
        ("alice", declared()),
        ("bob", note("restarted")),
        ("bob", corrected(id(1), "restarted the loader", Some(at))),
        ("bob", corrected(id(1), "restarted both loaders", None)),
    ]);
    let folded = folded(&entries);
    let correction = &folded.incident.notes.corrected[&id(1)];
    assert_eq!(
        (correction.text.as_str(), correction.at, correction.times),
        ("restarted both loaders", Some(at), 2)
    );
    assert_eq!(folded.rows.position(id(1)), Some(0), "it moved before the declaration");
}

#[test]
fn a_correction_that_comes_before_its_entry_still_moves_it() {
    let at = start() - Span::from_mins(9);
    let entries = written(vec![
        ("alice", declared()),
        ("bob", corrected(id(2), "restarted", Some(at))),
        ("carol", note("restart")),
    ]);
    assert_eq!(folded(&entries).rows.position(id(2)), Some(0));
}

#[test]
fn s4_2_status_gives_phase_and_word_by_one_table() {
    let table: Vec<String> =
        Status::ALL.iter().map(|status| format!("{status} {} {}", status.phase(), status.word())).collect();
    assert_eq!(
        table,
        [
            "alerted identify investigating",
            "acknowledged identify investigating",
            "triage mobilize investigating",
            "commanded mobilize investigating",
            "diagnosing diagnose investigating",
            "fixing resolve resolving",
            "verifying resolve monitoring",
            "resolved close resolved",
            "post-mortem close resolved",
            "closed close resolved",
        ]
    );
    for (name, status) in
        [("fix", Some(Status::Fixing)), ("a", None), ("post mortem", Some(Status::PostMortem)), ("", None)]
    {
        assert_eq!(Status::parse(name), status, "{name:?}");
    }
    assert_eq!(Word::parse("mon"), Some(Word::Monitoring));
    assert_eq!(Word::parse("i"), None, "investigating or identified");
}

#[test]
fn s3_1_phases_start_once_each_and_reopening_starts_them_anew() {
    let moved = |from, to| Event::Status(StatusEvent::Moved { from, to, reason: "r".into() });
    let entries = written(vec![
        ("alice", declared()),
        ("alice", moved(Status::Alerted, Status::Diagnosing)),
        ("alice", moved(Status::Diagnosing, Status::Resolved)),
        ("alice", moved(Status::Resolved, Status::Closed)),
        ("alice", moved(Status::Closed, Status::Diagnosing)),
    ]);
    let at = |place: i64| start() + Span::from_secs(place);
    assert_eq!(fold(&entries[..4]).resolved_at(), Some(at(2)), "closing later does not resolve later");
    let incident = fold(&entries);
    assert_eq!(incident.resolved_at(), None);
    let phases =
        [(Phase::Identify, at(0)), (Phase::Diagnose, at(1)), (Phase::Close, at(2)), (Phase::Diagnose, at(4))];
    assert_eq!(incident.phase_starts(), phases);
}

#[test]
fn s1_11_a_time_box_is_a_clock_until_its_phase_is_complete() {
    let attached = Event::Playbook(PlaybookEvent::Attached {
        name: "small".into(),
        digest: "d".into(),
        text: PLAYBOOK.into(),
    });
    let mut events = vec![("alice", declared()), ("alice", attached)];
    let incident = fold(&written(events.clone()));
    let clocks = warroom::incident::deadline::deadlines(&incident, start() + Span::from_hours(1));
    assert_eq!(clocks.len(), 1);
    assert_eq!(clocks[0].due, start() + Span::from_secs(1) + Span::from_mins(15));
    let steps: Vec<String> = incident.runs[0]
        .lines()
        .iter()
        .filter(|line| line.phase == 0)
        .map(|line| line.id.to_owned())
        .collect();
    for step in steps {
        events.push(("alice", Event::Step(StepEvent { run: id(1), step, act: StepAct::Ticked })));
    }
    assert_eq!(
        warroom::incident::deadline::deadlines(&fold(&written(events)), start() + Span::from_hours(1)),
        []
    );
}

#[test]
fn a_client_acts_but_is_nobody() {
    let stamp = Stamp { time: start(), tick: 0, host: HostId::new(1) };
    let entry = Draft::new(note("kept"), PersonId::new("local")).via(warroom::incident::Origin::Client);
    let incident = fold(&[entry.into_entry(id(0), 1, stamp)]);
    assert!(incident.seen.is_empty());
}

#[test]
fn a_time_that_says_no_more_than_the_stamp_is_not_kept() {
    let stamp = Stamp { time: start(), tick: 0, host: HostId::new(1) };
    let draft = |at| Draft::new(note("x"), PersonId::new("a")).at(Some(at)).into_entry(id(0), 1, stamp);
    assert_eq!(draft(When::exact(start())).header.at, None);
    let about = draft(When::about(start()));
    assert!(about.header.about && about.at() == start());
}
