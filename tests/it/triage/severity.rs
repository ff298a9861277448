//! The severities: what each means, who commands it, how long it held.

use warroom::incident::Command;
use warroom::tui::layers::severity;

use super::desk;
use crate::desk::Desk;

fn set(desk: &mut Desk, to: &str, reason: &str) {
    desk.order(Command::Severity { to: to.into(), reason: reason.into() });
}

fn opened(desk: &mut Desk) {
    let layer = severity::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
}

#[test]
fn s1_2_each_level_says_what_follows_what_others_call_it_and_how_long_it_held() {
    let mut desk = desk("pipeline");
    set(&mut desk, "SEV-2", "");
    desk.wait_mins(12);
    set(&mut desk, "SEV-1", "no worker is left");
    desk.wait_mins(5);
    opened(&mut desk);
    let shown = desk.screen(80, 24);
    for text in ["SEV-1 critical (P0, SEV1, CRITICAL)", "now, 5m in all", "12m so far", "h: help me decide"] {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
    // S4.7: who commands at this level.
    assert!(shown.contains("Commands: engineering manager or a senior engineer"), "{shown}");
    insta::assert_snapshot!("severity_80x24", shown);
    insta::assert_snapshot!("severity_120x40", desk.screen(120, 40));
}

#[test]
fn s1_2_a_change_asks_why_and_moves_no_role() {
    let mut desk = desk("data");
    desk.order(Command::Role(warroom::incident::command::RoleCommand::Assign {
        role: "commander".into(),
        who: "bob".into(),
    }));
    set(&mut desk, "P2", "");
    opened(&mut desk);
    desk.type_keys("0<enter><enter>");
    assert!(desk.screen(80, 24).contains("needs a reason"), "{}", desk.screen(80, 24));
    desk.type_keys("customers see it<enter>");
    assert_eq!(desk.incident().severity.as_deref(), Some("P0"));
    assert_eq!(desk.incident().commander().map(|who| who.as_str()), Some("bob"));
}

#[test]
fn s1_2_changing_the_severity_starts_its_clocks_anew() {
    use warroom::incident::deadline::deadlines;
    let mut desk = desk("data");
    set(&mut desk, "P2", "");
    desk.wait_mins(30);
    let before: Vec<String> =
        deadlines(desk.incident(), desk.now).iter().map(|clock| clock.id.clone()).collect();
    set(&mut desk, "P0", "customers see it");
    let after = deadlines(desk.incident(), desk.now);
    let response =
        after.iter().find(|clock| clock.id.starts_with("response/")).expect("somebody must respond");
    assert!(!before.contains(&response.id) && response.left(desk.now).ms() == 15 * 60 * 1000, "{response:?}");
}
