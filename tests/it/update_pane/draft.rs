//! Drafts of updates, filled in from the log (MISSION rows S4.13, S1.8, B7).

use warroom::incident::command::{Command, Declare, RoleCommand, StepCommand};
use warroom::incident::event::{Declared, Person};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Status, Word};
use warroom::incident::{PersonId, Span, Time, When, Zone};
use warroom::report::update::{self, NextUpdate, RESOLUTION, UPDATE, placeholders, template};

use super::world::{World, says};

#[test]
fn s4_13_an_update_is_filled_in_from_the_log() {
    let mut world = World::declared();
    world.order(Command::Name(Person {
        id: PersonId::new("alice"),
        name: "Alice Liddell".into(),
        mail: String::new(),
        phone: String::new(),
    }));
    world.status(Status::Diagnosing);
    world.note(NoteKind::Finding, "all rows since 13:55 are wrong");
    world.note(NoteKind::Note, "impact: revenue report shows x100");
    world.note(NoteKind::Note, "coffee is empty");
    let marked = world.note(NoteKind::Note, "backups of 13:00 are complete");
    world.order(Command::Mark { target: marked, on: true });
    world.note(NoteKind::Decision, "pause all loads");
    world.note(NoteKind::Action, "rolled the loader back");
    world.note(NoteKind::Todo, "tell finance");
    world.step(0, StepCommand::Tick);
    world.step(1, StepCommand::Start);
    world.wait(30);
    let next = Some(world.now + Span::from_mins(30));
    let draft = world.draft("internal", Word::Investigating, next);
    assert_eq!(
        draft,
        "P1: orders: prices x100\n2026-11-21 14:32 UTC\n\nStatus: investigating\nRunning since: 14:02 UTC\n\n\
         What we know:\n- all rows since 13:55 are wrong\n- backups of 13:00 are complete\n\n\
         Impact:\n- revenue report shows x100\n\n\
         Actions taken:\n- decided: pause all loads\n- rolled the loader back\n- Pause downstream loads\n\n\
         Next steps:\n- under way: Find the last good row\n- tell finance\n\n\
         Next update: 15:02 UTC\nCommander: Alice Liddell"
    );
    assert!(placeholders(&draft).is_empty());
}

#[test]
fn s4_13_what_the_log_does_not_say_is_left_to_a_person() {
    let mut world = World::new();
    let what = Declared { title: "late data".into(), drill: true, ..Declared::default() };
    world.order(Command::Declare(Declare { what, ..Declare::default() }));
    let draft = world.draft("internal", Word::Investigating, None);
    let open = placeholders(&draft);
    let expected = [
        "[severity: …]",
        "[what we know: …]",
        "[impact: …]",
        "[affected data: …]",
        "[actions taken: …]",
        "[next steps: …]",
        "[commander: …]",
    ];
    assert_eq!(open, expected);
    says(&draft, &["DRILL: late data", "Next update: none planned"]);
}

#[test]
fn s4_13_a_resolution_is_filled_in_from_the_log() {
    let mut world = World::declared();
    world.note(NoteKind::Finding, "root cause: a deploy changed cents to euros");
    world.note(NoteKind::Action, "looked at the logs");
    world.wait(60);
    world.status(Status::Fixing);
    world.note(NoteKind::Action, "restored prices from 13:00");
    world.note(NoteKind::Todo, "test units in the loader");
    world.wait(67);
    world.order(Command::Status { to: Status::Resolved, reason: "checks are green for 30 min".into() });
    let draft = world.draft("customers", Word::Resolved, None);
    assert_eq!(
        draft,
        "P1, resolved: orders: prices x100\n2026-11-21 16:09 UTC\n\nStatus: resolved\n\n\
         What happened:\norders: prices x100, from 14:02 UTC to 16:09 UTC.\n\n\
         Impact:\n- Duration: 2h 07m\n- Users affected: [how many users, or what part of them: …]\n\
         - Data: [none, delayed or lost, and which: …]\n\n\
         Root cause:\n- a deploy changed cents to euros\n\n\
         Resolution:\n- restored prices from 13:00\n- checks are green for 30 min\n\n\
         Next steps:\n- Review: [when: …]\n- test units in the loader\n\n\
         Commander: alice\n\
         Thank you to everybody who helped, and for your patience to everybody who had to wait."
    );
}

#[test]
fn s4_13_templates_name_only_fields_that_exist() {
    let world = World::declared();
    for word in Word::ALL {
        let draft = world.draft("internal", word, None);
        assert!(draft.contains(&format!("Status: {word}")), "{draft}");
        assert!(!draft.contains(['{', '}']), "{draft}");
    }
    let field = |name: &str| (name == "a").then(|| "{b}".to_owned());
    assert_eq!(template::fill("x {a}", field).unwrap(), "x {b}", "what is filled in is not read again");
    assert!(template::fill("ok\n{nothing}", field).unwrap_err().contains("line 2"));
    assert!(template::fill("{a", field).is_err());
    assert!([UPDATE, RESOLUTION].iter().all(|template| template.contains(update::STATUS_LINE)));
    assert!(UPDATE.contains(update::NEXT_LINE));
}

#[test]
fn b7_an_update_tells_what_is_new_since_the_last_to_the_same_audience() {
    let mut world = World::declared();
    world.note(NoteKind::Finding, "old finding");
    world.note(NoteKind::Action, "old action");
    world.wait(1);
    world.send("internal", Word::Investigating, 30);
    assert!(world.draft("internal", Word::Investigating, None).contains("[actions taken: …]"));
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
        &world.draft("customers", Word::Investigating, None),
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
    says(&draft, &["- 7 million rows are bad", "[actions taken: …]"]);
    assert!(!draft.contains("disk") && !draft.contains("7 rows"), "{draft}");
}

#[test]
fn s1_8_only_insiders_are_told_where_the_room_meets() {
    let mut world = World::declared();
    world.order(Command::Link { what: "bridge".into(), url: "https://meet.example/1".into() });
    says(&world.draft("internal", Word::Investigating, None), &["Room: https://meet.example/1"]);
    assert!(!world.draft("customers", Word::Investigating, None).contains("Room"));
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
    assert_eq!(due("9:05").unwrap().unwrap(), "2026-11-22T09:05");
    assert_eq!(due("usual").unwrap().unwrap(), "2026-11-21T15:03");
    assert_eq!(due("none").unwrap(), None);
    for wrong in ["", "0", "25:00", "soon", "14:3o", "400d", "é"] {
        assert!(due(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn the_preview_doubts_what_the_text_does_not_say() {
    let doubts = |body: &str| update::doubts(body, Word::Monitoring, Time::parse("2026-11-21T15:02:00Z"));
    assert!(doubts("Status: monitoring\nNext update: 15:02 UTC").is_empty());
    assert_eq!(doubts("Status: resolving\nsoon").len(), 2);
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
