//! The follow-ups layer: proposals become follow-ups, follow-ups are done, nothing is lost.

use warroom::incident::event::{FollowUpKind, Priority};
use warroom::incident::{Command, PersonId, Span};
use warroom::tui::layers::follow_ups;

use super::{open, todo};
use crate::desk::{Desk, SIZES};

fn desk() -> Desk {
    let mut desk = Desk::new();
    lay(&mut desk);
    desk
}

fn lay(desk: &mut Desk) {
    let layer = follow_ups::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
}

/// The line on which the text stands.
fn line(text: &str, shown: &str) -> usize {
    shown
        .lines()
        .position(|line| line.contains(text))
        .unwrap_or_else(|| panic!("{text:?} is missing:\n{shown}"))
}

#[test]
fn s4_14_a_todo_becomes_a_follow_up_with_owner_day_priority_kind_and_place() {
    let mut desk = desk();
    desk.as_("bob").order(todo("ask the vendor for the changelog"));
    desk.as_("alice");
    assert!(desk.screen(80, 24).contains("Proposed (1)"), "{}", desk.screen(80, 24));
    desk.type_keys("<enter>dana<tab>friday<tab><left><tab><left><tab>DATA-12<enter>");
    let item = desk.incident().follow_ups.all()[0].clone();
    assert_eq!(item.what.text, "ask the vendor for the changelog");
    assert_eq!(item.what.owner, Some(PersonId::new("dana")));
    assert_eq!(item.what.due.unwrap().to_string(), "2026-01-16", "14:00 was a Thursday");
    assert_eq!((item.what.priority, item.what.kind), (Priority::High, FollowUpKind::Detective));
    assert_eq!((item.what.place.as_str(), item.what.from.is_some()), ("DATA-12", true));
    let shown = desk.screen(80, 24);
    assert!(shown.contains("Open (1)") && !shown.contains("Proposed"), "{shown}");
    assert!(shown.contains("dana, detective, DATA-12"), "{shown}");
}

#[test]
fn s4_14_a_proposal_is_dismissed_with_or_without_a_reason() {
    let mut desk = desk();
    desk.order(todo("rewrite it all"));
    desk.order(todo("ring the vendor"));
    desk.type_keys("d<enter>");
    desk.type_keys("ddone already<enter>");
    assert_eq!(desk.last_sentence(), "no follow-up: ring the vendor: done already");
    assert!(desk.screen(80, 24).contains("No follow-ups yet"), "{}", desk.screen(80, 24));
}

#[test]
fn s1_10_open_prevention_steps_are_proposed() {
    let mut desk = Desk::with_playbook("data-loss");
    lay(&mut desk);
    let shown = desk.screen(100, 30);
    assert!(shown.contains("Proposed (4)"), "{shown}");
    for text in [
        "Mark rows as deleted",
        "Switch on the database audit log",
        "restore drills",
        "prevention, Data Loss",
    ] {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
    // Taken up, it is proposed no longer, whatever was added to its words.
    desk.type_keys("<enter>dana<up><end> in orders and billing<enter>");
    let item = desk.incident().follow_ups.all()[0].clone();
    assert_eq!((item.what.kind, item.what.from), (FollowUpKind::Preventive, None));
    assert!(desk.screen(100, 30).contains("Proposed (3)"), "{}", desk.screen(100, 30));
    assert!(desk.last_sentence().starts_with("follow-up for dana"), "{}", desk.last_sentence());
    // Dismissed, it is skipped on the checklist, where it came from.
    // The next proposal has come to stand where it stood.
    desk.type_keys("dwe have no such roles<enter>");
    assert!(desk.last_sentence().starts_with("skipped: "), "{}", desk.last_sentence());
    assert!(desk.screen(100, 30).contains("Proposed (2)"), "{}", desk.screen(100, 30));
}

#[test]
fn s1_10_a_step_that_is_done_is_not_proposed() {
    let mut desk = Desk::with_playbook("data-corruption");
    lay(&mut desk);
    assert!(desk.screen(100, 30).contains("Proposed (3)"), "{}", desk.screen(100, 30));
    let run = desk.incident().runs[0].clone();
    let step = run.lines().into_iter().rfind(|line| line.depth == 0).unwrap().id.to_owned();
    let act = warroom::incident::command::StepCommand::Tick;
    desk.order(Command::Step { run: run.id, step, act });
    assert!(desk.screen(100, 30).contains("Proposed (2)"), "{}", desk.screen(100, 30));
}

#[test]
fn s4_14_done_says_how_and_can_be_opened_again() {
    let mut desk = desk();
    desk.order(open("test the restore", |_| {}));
    desk.type_keys("xtook 40 min<enter>");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("Done (1)") && shown.contains("by alice: took 40 min"), "{shown}");
    desk.type_keys("x");
    assert_eq!(desk.said.pop().as_deref(), Some("it is done: U opens it again"));
    desk.type_keys("Uonly half of it<enter>");
    assert_eq!(desk.last_sentence(), "follow-up open again: test the restore: only half of it");
    desk.type_keys("<space><enter>");
    assert!(desk.incident().follow_ups.open().is_empty(), "space says done too");
    desk.type_keys("o<enter>");
    assert_eq!(desk.incident().follow_ups.open().len(), 1);
}

#[test]
fn s4_14_open_ones_come_by_priority_and_an_overdue_one_says_so() {
    let mut desk = desk();
    let due = |day: &str| Some(day.parse().unwrap());
    desk.order(open("a low one", |what| what.priority = Priority::Low));
    desk.order(open("one of yesterday", |what| what.due = due("2026-01-14")));
    desk.order(open("one of today", |what| what.due = due("2026-01-15")));
    desk.order(open("a high one", |what| what.priority = Priority::High));
    let shown = desk.screen(80, 24);
    let lines: Vec<usize> = ["a high one", "one of yesterday", "one of today", "a low one"]
        .iter()
        .map(|text| line(text, &shown))
        .collect();
    assert!(lines.is_sorted(), "{shown}");
    assert!(shown.contains("OVERDUE since 2026-01-14") && shown.contains("due today"), "{shown}");
    desk.now = desk.now + Span::from_days(1);
    assert!(desk.screen(80, 24).contains("OVERDUE since 2026-01-15"), "{}", desk.screen(80, 24));
}

#[test]
fn s4_14_it_is_changed_in_the_same_form() {
    let mut desk = desk();
    desk.order(open("test the restore", |what| what.place = "DATA-1".into()));
    desk.type_keys("e<tab>me-too<tab>soon<enter>");
    assert!(desk.screen(80, 24).contains("is no day: type"), "{}", desk.screen(80, 24));
    desk.type_keys("<ctrl-u>2w<enter>");
    let what = &desk.incident().follow_ups.all()[0].what;
    assert_eq!(what.due.unwrap().to_string(), "2026-01-29");
    assert_eq!((what.text.as_str(), what.place.as_str()), ("test the restore", "DATA-1"));
}

#[test]
fn s4_14_the_selection_stays_where_new_ones_come() {
    let mut desk = desk();
    desk.order(open("first", |_| {}));
    desk.order(open("second", |_| {}));
    desk.type_keys("j");
    desk.order(open("urgent", |what| what.priority = Priority::High));
    desk.type_keys("x<enter>");
    assert_eq!(desk.last_sentence(), "follow-up done: second");
}

#[test]
fn s4_14_a_replay_shows_them_and_changes_nothing() {
    let mut desk = desk();
    desk.order(todo("ring the vendor"));
    desk.live = false;
    for key in ["n", "<enter>", "d", "x", "U"] {
        desk.type_keys(key);
        assert_eq!(desk.said.pop().as_deref(), Some("a replay cannot be changed"), "{key}");
    }
}

#[test]
fn s4_14_they_fit_every_size() {
    let mut desk = Desk::with_playbook("data-loss");
    desk.order(open("a long one that does not end at the end of the line but goes on and on", |_| {}));
    lay(&mut desk);
    for size in SIZES.into_iter().chain([(40, 12), (120, 40)]) {
        let shown = desk.screen(size.0, size.1);
        assert!(shown.lines().all(|line| line.chars().count() <= usize::from(size.0)), "{size:?}\n{shown}");
    }
    assert!(desk.screen(40, 12).contains("Esc back"), "{}", desk.screen(40, 12));
}
