//! Drafts of updates, filled in from the log (MISSION rows S4.13, S1.8, B7).

use warroom::incident::command::{Command, RoleCommand, StepCommand};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Word;
use warroom::incident::{Span, Time, When, Zone};
use warroom::report::update::{NextUpdate, placeholders};

use super::world::{World, says};

#[test]
fn b7_an_update_tells_what_is_new_since_the_last_to_the_same_audience() {
    let mut world = World::declared();
    world.note(NoteKind::Finding, "old finding");
    world.note(NoteKind::Action, "old action");
    world.wait(1);
    world.send("internal", Word::Investigating, 30);
    assert!(world.draft("internal", Word::Investigating, None).contains("[what is being done: …]"));
    says(&world.draft("internal", Word::Investigating, None), &["- old finding"]);
    world.wait(1);
    // It happened before the last update, but nobody knew.
    let earlier = When::exact(world.now - Span::from_mins(20));
    let finding = Command::Note { kind: NoteKind::Finding, text: "late finding".into() };
    world.order_at(finding, Some(earlier));
    world.note(NoteKind::Action, "new action");
    let draft = world.draft("internal", Word::Investigating, None);
    says(&draft, &["- late finding", "- new action"]);
    assert!(!draft.contains("old"), "{draft}");
    says(
        &world.draft("finance", Word::Investigating, None),
        &["- old finding", "- old action", "- late finding"],
    );
}

#[test]
fn b7_retracted_is_left_out_and_corrected_is_used_as_corrected() {
    let mut world = World::declared();
    let wrong = world.note(NoteKind::Finding, "the disk is full");
    let unclear = world.note(NoteKind::Finding, "7 rows are bad");
    world.step(0, StepCommand::Tick);
    world.step(0, StepCommand::Reopen);
    world.wait(1);
    world.send("internal", Word::Investigating, 30);
    world.wait(1);
    world.order(Command::Retract { target: wrong, reason: String::new() });
    world.order(Command::Correct { target: unclear, text: "7 million rows are bad".into(), at: None });
    let draft = world.draft("internal", Word::Investigating, None);
    says(&draft, &["- 7 million rows are bad", "[what is being done: …]"]);
    assert!(!draft.contains("disk") && !draft.contains("7 rows"), "{draft}");
}

#[test]
fn placeholders_are_told_from_brackets_that_people_write() {
    let text = "[prod] is down [impact: …] and [a [who: …]\n[open [x...] [[y: …]] [done: it is]\n[broken …";
    assert_eq!(placeholders(text), ["[impact: …]", "[who: …]", "[x...]", "[y: …]"]);
}

#[test]
fn the_next_update_is_read_as_people_say_it() {
    let now = Time::parse("2026-11-21T14:32:07Z").unwrap();
    let due = |text: &str| {
        let next = NextUpdate::parse(text, now, Zone::Utc)?;
        Ok::<_, String>(next.due(Span::from_mins(30), now).map(|time| time.to_string()[..16].to_owned()))
    };
    assert_eq!(due("30m").unwrap().unwrap(), "2026-11-21T15:03");
    assert_eq!(due("45").unwrap().unwrap(), "2026-11-21T15:18");
    assert_eq!(due("14:40").unwrap().unwrap(), "2026-11-21T14:40");
    assert_eq!(due("8:05").unwrap().unwrap(), "2026-11-22T08:05");
    assert!(due("14:30").unwrap_err().contains("has passed"));
    assert_eq!(due("usual").unwrap().unwrap(), "2026-11-21T15:03");
    assert_eq!(due("none").unwrap(), None);
    for wrong in ["", "0", "25:00", "soon", "14:3o", "400d", "é"] {
        assert!(due(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_custom_role_and_a_hostile_note_do_no_harm() {
    let mut world = World::declared();
    world.order(Command::Role(RoleCommand::Release {
        role: "commander".into(),
        who: None,
        reason: String::new(),
    }));
    world.note(NoteKind::Finding, "{title} [impact: …]\nsecond line \u{202e}evil");
    let draft = world.draft("internal", Word::Investigating, None);
    says(&draft, &["- {title} [impact: …] (more in the log)", "[commander: …]"]);
}
