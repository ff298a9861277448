//! Whom to call (`P`): the ladder, receipts, contacts, the call and its answer.

use insta::assert_snapshot;
use warroom::incident::Command;
use warroom::incident::command::ClockCommand;
use warroom::incident::deadline::{receipts, rungs};
use warroom::tui::layers::{contacts, failures};

use super::{busy, desk};
use crate::desk::{Desk, SIZES};

fn open(desk: &mut Desk) {
    let layer = contacts::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
}

#[test]
fn s4_15_whom_to_call_on_one_screen() {
    let mut desk = busy();
    open(&mut desk);
    for (columns, lines) in [(80, 24), (120, 40)] {
        assert_snapshot!(format!("contacts_{columns}x{lines}"), desk.screen(columns, lines));
    }
    desk.type_keys("<enter>");
    for (columns, lines) in [(80, 24), (120, 40)] {
        assert_snapshot!(format!("call_{columns}x{lines}"), desk.screen(columns, lines));
    }
}

#[test]
fn s0_2_a_rung_prompts_for_the_call_and_the_answer_is_recorded() {
    let mut desk = desk();
    desk.wait_mins(6);
    open(&mut desk);
    assert!(desk.screen(80, 24).contains("OVER by 1m"), "{}", desk.screen(80, 24));
    desk.type_keys("<enter>");
    let call = desk.screen(80, 24);
    for text in [
        "lead engineer (L2)",
        "Ada Adeyemi",
        "+44 20 7946 0002",
        "orders: prices x100: P0 (critical)",
        "alice commands.",
    ] {
        assert!(call.contains(text), "no {text:?} in\n{call}");
    }
    desk.type_keys("y");
    assert_eq!(desk.copied.as_deref(), Some("+44 20 7946 0002"));
    desk.type_keys("r");
    desk.type_keys("joins in 5 min<enter>");
    assert_eq!(desk.last_sentence(), "done: escalate to lead engineer: joins in 5 min");
    assert_eq!(desk.layers.len(), 1, "the call is over, the list is there");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("reached by alice 14:06 UTC: joins in 5 min"), "{shown}");
    desk.order(Command::Severity { to: "P1".into(), reason: "shop only".into() });
    let again = &rungs(desk.incident())[0];
    assert!(again.who == "lead engineer" && again.reached.is_some(), "who was reached is not called again");
}

#[test]
fn s0_2_no_answer_is_recorded_and_the_next_level_is_proposed() {
    let mut desk = desk();
    desk.wait_mins(6);
    open(&mut desk);
    desk.type_keys("<enter>n<enter>");
    assert_eq!(desk.last_sentence(), "tried: escalate to lead engineer: no answer");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("engineering manager (L3)"), "{shown}");
    desk.type_keys("y");
    let call = desk.screen(80, 24);
    assert!(call.contains("Grace Gomez") && call.contains("+44 20 7946 0003"), "{call}");
    desk.type_keys("r<enter>");
    assert!(
        desk.last_sentence().starts_with("done: escalate to engineering manager"),
        "{}",
        desk.last_sentence()
    );
    let shown = desk.screen(80, 24);
    assert!(shown.contains("tried by alice 14:06 UTC: no answer"), "{shown}");
}

#[test]
fn s0_2_a_rung_can_be_answered_before_it_is_due_and_put_off_with_a_reason() {
    let mut desk = desk();
    open(&mut desk);
    desk.type_keys("jj<enter>");
    assert!(desk.screen(80, 24).contains("VP of engineering"), "{}", desk.screen(80, 24));
    desk.type_keys("r");
    desk.type_keys("knows of it<enter>");
    assert_eq!(desk.last_sentence(), "done: escalate to VP of engineering: knows of it");
    desk.type_keys("k<enter>l");
    desk.type_keys("20m<tab>in a plane until then<enter>");
    assert!(desk.last_sentence().contains("put off to 2026-01-15 14:20 UTC"), "{}", desk.last_sentence());
}

#[test]
fn s4_5_who_was_told_is_receipted() {
    let mut desk = desk();
    open(&mut desk);
    let shown = desk.screen(80, 40);
    assert!(shown.contains("Who is told at P0") && shown.contains("executives"), "{shown}");
    let place = receipts(desk.incident()).iter().position(|receipt| receipt.who == "executives").unwrap();
    desk.type_keys(&"j".repeat(3 + place));
    desk.type_keys("<enter>paged, they read it<enter>");
    let told = receipts(desk.incident());
    let told = told.iter().find(|receipt| receipt.who == "executives").unwrap().told.clone().unwrap();
    assert_eq!((told.by.as_str(), told.note.as_str()), ("alice", "paged, they read it"));
    assert!(
        desk.screen(80, 40).contains("told by alice 14:00 UTC: paged, they read it"),
        "{}",
        desk.screen(80, 40)
    );
}

#[test]
fn s4_15_a_call_to_somebody_off_the_ladder_is_noted() {
    let mut desk = desk();
    open(&mut desk);
    let found = (0..30).find(|_| {
        desk.type_keys("j<enter>");
        let found = desk.screen(80, 24).contains("Ines Ito") && desk.layers.last().unwrap().name() == "call";
        if !found && desk.layers.len() > 1 {
            desk.type_keys("<esc>");
        }
        found
    });
    assert!(found.is_some(), "{}", desk.screen(80, 24));
    desk.type_keys("r");
    desk.type_keys("is at her desk<enter>");
    assert_eq!(desk.last_sentence(), "called on-call (Ines Ito): is at her desk");
}

#[test]
fn s4_15_when_to_escalate_calls_whoever_is_next() {
    let mut desk = desk();
    open(&mut desk);
    let shown = desk.screen(80, 60);
    assert!(shown.contains("the cause is not known when the response time is over"), "{shown}");
    assert!(shown.contains("Kafka infrastructure team") && shown.contains("#kafka-help"), "{shown}");
    desk.type_keys("Gk<enter>");
    assert!(desk.screen(80, 24).contains("lead engineer (L2)"), "{}", desk.screen(80, 24));
}

#[test]
fn s2_2_the_failure_inventory_is_a_table() {
    let mut desk = desk();
    open(&mut desk);
    desk.type_keys("G<enter>");
    assert_eq!(desk.layers.last().unwrap().name(), "failures");
    assert_snapshot!("failures_80x24", desk.screen(80, 24));
    desk.type_keys("<esc>");
    assert_eq!(desk.layers.last().unwrap().name(), "contacts");
}

#[test]
fn s4_15_without_a_ladder_or_contacts_it_says_what_is_missing() {
    let mut desk = Desk::new();
    open(&mut desk);
    let shown = desk.screen(80, 24);
    assert!(shown.contains("No severity is set"), "{shown}");
    assert!(shown.contains("names no contacts"), "{shown}");
    desk.type_keys("y");
    assert!(desk.said.last().unwrap().contains("no phone is known"), "{:?}", desk.said);
}

#[test]
fn s4_15_in_a_replay_it_can_only_be_looked_at() {
    let mut desk = desk();
    desk.wait_mins(6);
    desk.live = false;
    open(&mut desk);
    desk.type_keys("<enter>");
    for key in ["r", "n", "l"] {
        desk.type_keys(key);
        assert_eq!(desk.said.pop().as_deref(), Some("a replay cannot be changed"), "{key}");
    }
    desk.type_keys("<esc><esc>");
    assert!(desk.layers.is_empty());
}

#[test]
fn s4_15_it_fits_every_size() {
    let mut desk = desk();
    desk.wait_mins(6);
    open(&mut desk);
    let fits = |desk: &Desk| {
        for (columns, lines) in SIZES.into_iter().chain([(40, 12)]) {
            let shown = desk.screen(columns, lines);
            assert!(shown.lines().all(|line| line.chars().count() <= usize::from(columns)), "{shown}");
        }
    };
    fits(&desk);
    desk.type_keys("<enter>");
    fits(&desk);
    let small = desk.screen(40, 12);
    assert!(small.contains("+44 20 7946 0002"), "{small}");
    let layer = failures::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
    fits(&desk);
}

#[test]
fn s0_2_a_rung_that_was_heard_is_calm_on_the_ladder_too() {
    let mut desk = desk();
    desk.wait_mins(6);
    desk.order(super::clock(&super::id_of(&desk, "lead engineer"), ClockCommand::Acknowledge));
    open(&mut desk);
    let shown = desk.screen(80, 24);
    assert!(shown.contains("heard, over 1m") && shown.contains("heard by alice 14:06 UTC"), "{shown}");
    assert!(!shown.contains("OVER"), "{shown}");
}
