//! What the role board warns about, and what a new commander is told (MISSION rows S3.2, S4.7).

use warroom::incident::command::{AskCommand, RoleCommand};
use warroom::incident::words::Status;
use warroom::incident::{Command, PersonId};
use warroom::tui::layers::roles;
use warroom::tui::panes::roles::RolesPane;

use super::hand_over::assign;
use crate::desk::Desk;

#[test]
fn s3_2_nobody_has_an_age_since_the_declaration_or_the_last_holder() {
    let mut desk = Desk::new();
    assign(&mut desk, "commander", "alice");
    desk.wait_mins(12);
    let shown = desk.draw(&RolesPane::default(), 80, 24);
    assert!(shown.contains("NOBODY for 12m"), "{shown}");
    assign(&mut desk, "scribe", "bob");
    desk.wait_mins(10);
    let who = None;
    desk.order(Command::Role(RoleCommand::Release { role: "scribe".into(), who, reason: String::new() }));
    desk.wait_mins(3);
    let shown = desk.draw(&RolesPane::default(), 80, 24);
    let scribe = shown.lines().find(|line| line.contains("Scribe")).unwrap_or_default();
    assert!(scribe.contains("NOBODY for 3m"), "{shown}");
    desk.order(Command::Status { to: Status::Resolved, reason: "checked".into() });
    let shown = desk.draw(&RolesPane::default(), 80, 24);
    assert!(!shown.contains("NOBODY") && !shown.contains("vacant"), "nobody is missed any more: {shown}");
}

#[test]
fn s3_2_more_than_seven_to_lead_ask_for_a_deputy() {
    let mut desk = Desk::new();
    assign(&mut desk, "commander", "alice");
    for who in ["b", "c", "d", "e", "f", "g"] {
        assign(&mut desk, "sme", who);
    }
    let ask = |desk: &mut Desk, who: &str| {
        let who = PersonId::new(who);
        desk.order(Command::Ask(AskCommand::Ask { who, what: "look".into(), due: None }));
    };
    ask(&mut desk, "b");
    ask(&mut desk, "h");
    let shown = desk.draw(&RolesPane::default(), 80, 24);
    assert!(!shown.contains("to lead"), "seven are not too many: {shown}");
    ask(&mut desk, "i");
    let shown = desk.draw(&RolesPane::default(), 80, 24);
    assert!(shown.contains("alice leads 8 people, more than 7 each: name a deputy"), "{shown}");
    assert!(shown.contains("8 people to lead"), "{shown}");
    assign(&mut desk, "deputy", "j");
    let shown = desk.draw(&RolesPane::default(), 80, 24);
    assert!(!shown.contains("to lead"), "a deputy shares them: {shown}");
}

#[test]
fn s4_7_whoever_assigns_the_commander_reads_who_usually_does_and_the_six_duties() {
    let mut desk = Desk::with_policies(&["data", "pipeline"]);
    desk.order(Command::Severity { to: "P0".into(), reason: String::new() });
    let layer = roles::assign(&desk.ctx(), &desk.scene(), "commander");
    desk.push(layer);
    let shown = desk.screen(80, 24);
    for part in ["At P0: engineering manager or a senior engineer", "Six duties", "hand out tasks"] {
        assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
    }
    insta::assert_snapshot!("commander_80x24", shown);
    desk.type_keys("bob");
    let small = desk.screen(40, 8);
    assert!(small.contains("| bob"), "what is typed is seen however small the box is:\n{small}");
    desk.type_keys("<enter>");
    assert_eq!(desk.incident().commander().map(PersonId::as_str), Some("bob"));
}
