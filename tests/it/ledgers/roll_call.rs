//! The roll call: who is expected, who answered, who is MISSING.

use warroom::incident::command::RoleCommand;
use warroom::incident::event::ImpactChange;
use warroom::incident::{Command, PersonId};
use warroom::tui::layers::roll_call;

use super::record;
use crate::desk::{Desk, SIZES};

fn desk() -> Desk {
    let mut desk = Desk::new();
    let layer = roll_call::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
    desk
}

#[test]
fn b6_the_teams_of_the_policy_and_of_the_ledger_are_expected() {
    let mut desk = desk();
    let teams = Some(vec!["finance".into(), "Analytics".into()]);
    desk.order(record(ImpactChange { dataset: "orders".into(), teams, ..ImpactChange::default() }));
    let shown = desk.screen(80, 24);
    assert!(shown.contains("Nobody has called the roll yet"), "{shown}");
    for team in ["data engineering", "platform", "analytics", "customer support", "finance"] {
        assert!(shown.contains(team), "{team} is missing:\n{shown}");
    }
    let lines = shown.lines().filter(|line| line.contains("expected, not called yet"));
    assert_eq!(lines.count(), 5, "analytics is expected once:\n{shown}");
    assert!(shown.contains("Say: \"Roll call."), "{shown}");
}

#[test]
fn b6_the_call_shows_who_is_here_since_when_and_who_is_missing() {
    let mut desk = desk();
    desk.type_keys("c");
    assert!(desk.screen(80, 24).contains("data engineering, platform"), "prefilled: {}", desk.screen(80, 24));
    desk.type_keys(", legal<enter>");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("0 of 5 here, called by alice at 14:00 UTC"), "{shown}");
    assert_eq!(shown.matches("MISSING").count(), 5, "{shown}");
    desk.wait_mins(2);
    desk.type_keys("j<enter>bob<enter>");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("here: bob since 14:02 UTC") && shown.contains("1 of 5 here"), "{shown}");
    assert_eq!(desk.last_sentence(), "platform is here: bob");
}

#[test]
fn b6_a_team_that_came_by_itself_is_shown() {
    let mut desk = desk();
    desk.order(Command::Role(RoleCommand::Present { team: "legal".into(), who: PersonId::new("lee") }));
    let shown = desk.screen(80, 24);
    assert!(shown.contains("here: lee since 14:00 UTC"), "{shown}");
    desk.order(Command::Role(RoleCommand::Call { teams: vec!["legal".into()] }));
    assert!(desk.screen(80, 24).contains("MISSING"), "a new call asks everybody anew");
}

#[test]
fn b6_it_fits_every_size() {
    let desk = desk();
    for size in SIZES.into_iter().chain([(40, 12), (120, 40)]) {
        let shown = desk.screen(size.0, size.1);
        assert!(shown.lines().all(|line| line.chars().count() <= usize::from(size.0)), "{size:?}\n{shown}");
    }
}
