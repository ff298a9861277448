//! The role board, and the questions that change it, the severity and the status.

use warroom::incident::command::RoleCommand;
use warroom::incident::deadline::deadlines;
use warroom::incident::words::Status;
use warroom::incident::{Command, PersonId};
use warroom::tui::actions::{Action, Move, RolesAction};
use warroom::tui::layers::{roles, severity, status, timers};
use warroom::tui::panes::Pane;
use warroom::tui::panes::roles::RolesPane;

use crate::desk::{Desk, SIZES};

fn assign(desk: &mut Desk, role: &str, who: &str) {
    desk.order(Command::Role(RoleCommand::Assign { role: role.into(), who: PersonId::new(who) }));
}

fn holder(desk: &Desk, role: &str) -> String {
    desk.incident().roles.holder(role).map(PersonId::to_string).unwrap_or_default()
}

#[test]
fn s3_2_the_board_shows_duty_holder_time_in_role_and_nobody() {
    let mut desk = Desk::new();
    assign(&mut desk, "commander", "alice");
    desk.wait_mins(47);
    let shown = desk.draw(&RolesPane::default(), 100, 16);
    let line = |text: &str| shown.lines().find(|line| line.contains(text)).unwrap_or_default().to_owned();
    assert!(line("Commander").contains("alice 47m"), "{shown}");
    assert!(line("Commander").contains("leads, decides and delegates"), "{shown}");
    assert!(line("Scribe").contains("NOBODY"), "{shown}");
    assert!(
        line("Deputy").contains('-') && !line("Deputy").contains("NOBODY"),
        "calm for an optional one: {shown}"
    );
    assert!(shown.contains("3 vacant"), "{shown}");
    assert!(shown.contains("typically: data scientist or analyst"), "{shown}");
}

#[test]
fn s3_2_small_it_flows_several_seats_to_a_line() {
    let mut desk = Desk::new();
    assign(&mut desk, "commander", "alice");
    assign(&mut desk, "liaison", "carol");
    assign(&mut desk, "sme", "bob");
    desk.wait_mins(3);
    let shown = desk.draw(&RolesPane::default(), 80, 4);
    let first = shown.lines().nth(1).unwrap_or_default();
    assert!(first.contains("Commander alice 3m   Deputy -   Scribe NOBODY 3m   Liaison carol 3m"), "{shown}");
    assert!(shown.contains("SME bob 3m"), "{shown}");
    let narrow = desk.draw(&RolesPane::default(), 30, 6);
    assert!(narrow.contains("Scribe NOBODY"), "{narrow}");
}

#[test]
fn s3_2_two_hats_are_warned_about() {
    let mut desk = Desk::new();
    assign(&mut desk, "commander", "alice");
    desk.wait_mins(1);
    let layer = roles::assign(&desk.ctx(), &desk.scene(), "scribe");
    desk.push(layer);
    assert!(
        desk.screen(80, 24).contains("writes down what happens"),
        "the duty is shown: {}",
        desk.screen(80, 24)
    );
    desk.type_keys("alice<enter>");
    assert_eq!(desk.said, ["alice wears two hats now: scribe and commander"]);
    let tall = desk.draw(&RolesPane::default(), 80, 20);
    assert!(tall.contains("alice wears two hats: commander, scribe"), "{tall}");
    let small = desk.draw(&RolesPane::default(), 80, 6);
    assert!(small.contains("alice wears two hats"), "{small}");
}

#[test]
fn s3_2_releasing_a_needed_role_asks_first() {
    let mut desk = Desk::new();
    assign(&mut desk, "commander", "alice");
    let mut pane = RolesPane::default();
    desk.act(&mut pane, Action::Roles(RolesAction::Release));
    assert!(desk.screen(80, 24).contains("NOBODY: leads, decides"), "{}", desk.screen(80, 24));
    desk.type_keys("n");
    assert_eq!(holder(&desk, "commander"), "alice");
    desk.act(&mut pane, Action::Roles(RolesAction::Release));
    desk.type_keys("y");
    assert_eq!(holder(&desk, "commander"), "");
}

#[test]
fn s3_2_several_may_hold_one_role_and_one_of_them_is_released() {
    let mut desk = Desk::new();
    assign(&mut desk, "sme", "bob");
    assign(&mut desk, "sme", "carol");
    let mut pane = RolesPane::default();
    desk.act(&mut pane, Action::Move(Move::Bottom));
    assert!(desk.draw(&pane, 60, 12).contains("bob 0s, carol 0s"));
    desk.act(&mut pane, Action::Roles(RolesAction::Release));
    desk.type_keys("j<enter>");
    assert_eq!(holder(&desk, "sme"), "bob");
    assert!(!desk.incident().roles.holds("sme", &PersonId::new("carol")));
}

#[test]
fn s3_2_a_role_of_ones_own_is_defined_and_assigned() {
    let mut desk = Desk::new();
    let mut pane = RolesPane::default();
    desk.act(&mut pane, Action::Roles(RolesAction::Define));
    desk.type_keys("legal<enter>watches what we may say<enter>");
    desk.act(&mut pane, Action::Move(Move::Bottom));
    desk.act(&mut pane, Action::Roles(RolesAction::Assign));
    desk.type_keys("dora<enter>");
    let shown = desk.draw(&pane, 80, 20);
    assert!(shown.contains("legal") && shown.contains("dora 0s"), "{shown}");
    assert!(shown.contains("watches what we may say"), "{shown}");
}

#[test]
fn the_key_for_roles_asks_which_one_first() {
    let mut desk = Desk::new();
    assign(&mut desk, "commander", "alice");
    let layer = roles::pick(&desk.ctx(), &desk.scene());
    desk.push(layer);
    assert!(desk.screen(100, 24).contains("Scribe: NOBODY"), "{}", desk.screen(100, 24));
    desk.type_keys("<enter>carol<enter>");
    assert_eq!(holder(&desk, "scribe"), "carol", "the first vacant role is selected");
}

#[test]
fn roles_of_a_replay_cannot_be_changed() {
    let mut desk = Desk::new();
    desk.live = false;
    let mut pane = RolesPane::default();
    for act in [RolesAction::Assign, RolesAction::HandOver, RolesAction::Release, RolesAction::Define] {
        desk.act(&mut pane, Action::Roles(act));
        assert_eq!(desk.said.pop().as_deref(), Some("a replay cannot be changed"), "{act:?}");
    }
}

#[test]
fn a_click_selects_a_seat_in_both_layouts() {
    let mut desk = Desk::new();
    let mut pane = RolesPane::default();
    desk.click(&mut pane, 5, 5);
    assert_eq!(pane.role(&desk.scene()).as_deref(), Some("scribe"), "{}", desk.draw(&pane, 46, 12));
    let area = ratatui::layout::Rect::new(0, 0, 80, 4);
    pane.click((27, 1).into(), &desk.ctx(), &desk.scene(), area);
    assert_eq!(pane.role(&desk.scene()).as_deref(), Some("deputy"), "{}", desk.draw(&pane, 80, 4));
}

#[test]
fn the_board_draws_at_any_size() {
    let mut desk = Desk::new();
    for role in ["commander", "scribe", "liaison"] {
        assign(&mut desk, role, "a-person-with-a-rather-long-name");
    }
    let mut pane = RolesPane::default();
    for (columns, lines) in SIZES {
        for to in [Move::Down, Move::Bottom, Move::Right, Move::Up] {
            let area = ratatui::layout::Rect::new(0, 0, columns, lines);
            pane.act(Action::Move(to), &desk.ctx(), &desk.scene(), area);
            pane.click((0, 0).into(), &desk.ctx(), &desk.scene(), area);
            desk.draw(&pane, columns, lines);
        }
    }
}

#[test]
fn s1_2_the_severity_layer_says_what_each_level_means_and_asks_why() {
    let mut desk = Desk::new();
    desk.order(Command::Severity { to: "P2".into(), reason: String::new() });
    let layer = severity::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
    let shown = desk.screen(90, 40);
    for text in ["Respond within 15 min", "Page on-call and executives", "Post-mortem within 48 hours", "now"]
    {
        assert!(shown.contains(text), "{text:?} is missing: {shown}");
    }
    assert!(desk.screen(80, 24).contains("P3 low"), "{}", desk.screen(80, 24));
    desk.type_keys("0<enter>");
    assert!(desk.screen(90, 24).contains("Respond within 15 min"), "{}", desk.screen(90, 24));
    desk.type_keys("<enter>");
    assert!(desk.screen(90, 24).contains("needs a reason"), "{}", desk.screen(90, 24));
    desk.type_keys("customers see it<enter>");
    assert_eq!(desk.incident().severity.as_deref(), Some("P0"));
}

#[test]
fn s4_2_the_status_layer_moves_resolves_and_reopens() {
    let mut desk = Desk::new();
    let open = |desk: &mut Desk| {
        let layer = status::layer(&desk.ctx(), &desk.scene());
        desk.push(layer);
    };
    open(&mut desk);
    let shown = desk.screen(80, 24);
    assert!(shown.contains("IDENTIFY") && shown.contains("(o) alerted"), "{shown}");
    assert!(shown.contains("looking for the cause") && shown.contains("( ) closed"), "{shown}");
    desk.type_keys("<enter>");
    assert_eq!(desk.incident().status, Status::Acknowledged, "the next one is selected");
    open(&mut desk);
    desk.type_keys("r");
    assert!(desk.screen(80, 24).contains("Nobody has verified yet"), "{}", desk.screen(80, 24));
    desk.type_keys("rrow counts match<enter>");
    assert_eq!(desk.incident().status, Status::Resolved);
    open(&mut desk);
    desk.type_keys("r<enter>");
    assert!(desk.screen(80, 24).contains("needs a reason"), "{}", desk.screen(80, 24));
    desk.type_keys("prices wrong again<enter>");
    assert_eq!(desk.incident().status, Status::Diagnosing);
}

#[test]
fn the_clocks_are_listed_soonest_first_and_overdue_ones_loudly() {
    let mut desk = Desk::with_playbook("data-loss");
    desk.wait_mins(17);
    assert_eq!(deadlines(desk.incident(), desk.now).len(), 2);
    let layer = timers::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
    let shown = desk.screen(80, 24);
    assert!(shown.contains("OVER by 2m") && shown.contains("13:00 left"), "{shown}");
    assert!(shown.contains("Running 00:17:00"), "{shown}");
    assert!(shown.find("Immediate") < shown.find("Assessment"), "{shown}");
    desk.type_keys("<enter>");
    assert_eq!(desk.acts.len(), 1);
}
