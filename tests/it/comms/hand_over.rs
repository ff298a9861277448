//! A role is offered with its brief and accepted; nothing is vacant or moves meanwhile (MISSION row B6).

use warroom::incident::command::RoleCommand;
use warroom::incident::{Command, PersonId};
use warroom::tui::actions::{Action, Move, RolesAction};
use warroom::tui::panes::roles::RolesPane;

use crate::desk::{Desk, SIZES};

pub fn assign(desk: &mut Desk, role: &str, who: &str) {
    desk.order(Command::Role(RoleCommand::Assign { role: role.into(), who: PersonId::new(who) }));
}

fn holder(desk: &Desk, role: &str) -> String {
    desk.incident().roles.holder(role).map(PersonId::to_string).unwrap_or_default()
}

/// alice commands for 20 minutes and has offered it to bob two minutes ago.
fn offered() -> (Desk, RolesPane) {
    let mut desk = Desk::with_playbook("data-loss");
    assign(&mut desk, "commander", "alice");
    desk.order(Command::Severity { to: "P1".into(), reason: String::new() });
    desk.wait_mins(20);
    let mut pane = RolesPane::default();
    desk.act(&mut pane, Action::Roles(RolesAction::HandOver));
    desk.type_keys("bob<enter><enter>");
    desk.wait_mins(2);
    (desk, pane)
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}

#[test]
fn b6_the_brief_is_made_from_the_log_and_can_be_changed() {
    let mut desk = Desk::with_playbook("data-loss");
    assign(&mut desk, "commander", "alice");
    desk.order(Command::Severity { to: "P1".into(), reason: String::new() });
    desk.wait_mins(20);
    let mut pane = RolesPane::default();
    desk.act(&mut pane, Action::Roles(RolesAction::Assign));
    desk.type_keys("h");
    desk.type_keys("alice<enter>");
    says(&desk.screen(80, 24), &["already"]);
    desk.type_keys("<ctrl-u>bob<enter>");
    says(&desk.screen(80, 24), &["What bob has to know", "P1", "Enter: offer it to bob"]);
    desk.type_keys("Call the vendor. <enter>");
    assert_eq!(holder(&desk, "commander"), "alice", "nothing changes hands by offering");
    let offer = &desk.incident().roles.offers()[0];
    assert_eq!((offer.from.as_str(), offer.to.as_str()), ("alice", "bob"));
    says(&offer.brief, &["Call the vendor. ", "P1", "Data Loss 0/17"]);
}

#[test]
fn b6_the_board_says_waiting_until_it_is_accepted() {
    let (desk, pane) = offered();
    let shown = desk.draw(&pane, 80, 24);
    says(&shown, &["WAITING: offered to bob 2m ago, alice still holds it", "alice 22m", "WAITING for bob"]);
    says(&desk.draw(&pane, 80, 4), &["Commander alice 22m > bob WAITING 2m"]);
    insta::assert_snapshot!("offered_80x24", shown);
    insta::assert_snapshot!("offered_small", desk.draw(&pane, 46, 7));
}

#[test]
fn b6_the_successor_sees_it_first_reads_the_brief_and_accepts() {
    let (mut desk, mut pane) = offered();
    desk.as_("bob");
    let shown = desk.draw(&pane, 46, 14);
    says(&shown, &["Commander offered to you", "! OFFERED TO YOU 2m ago by alice: Enter"]);
    insta::assert_snapshot!("offered_to_me_46x14", shown);
    says(&desk.draw(&pane, 80, 6), &["! alice offers you Commander, 2m ago: v shows the brief"]);
    desk.act(&mut pane, Action::Roles(RolesAction::Assign));
    let brief = desk.screen(80, 24);
    says(&brief, &["alice holds it until bob accepts.", "Data Loss 0/17", "Enter accepts"]);
    insta::assert_snapshot!("offer_80x24", brief);
    insta::assert_snapshot!("offer_120x40", desk.screen(120, 40));
    desk.type_keys("<enter>");
    says(&desk.screen(80, 24), &["Six duties", "may stay empty"]);
    desk.type_keys("<enter>");
    assert!(desk.layers.is_empty());
    assert_eq!(holder(&desk, "commander"), "bob");
    assert!(desk.incident().roles.offers().is_empty());
    says(&desk.last_sentence(), &["bob accepted Commander from alice"]);
    says(&desk.draw(&pane, 60, 20), &["after alice; leads"]);
}

#[test]
fn b6_accepted_by_voice_it_needs_what_was_read_back() {
    let (mut desk, mut pane) = offered();
    desk.act(&mut pane, Action::Roles(RolesAction::Answer));
    desk.type_keys("<enter><enter>");
    says(&desk.screen(80, 24), &["write what bob read back"]);
    assert_eq!(holder(&desk, "commander"), "alice");
    desk.type_keys("P1, loads are paused<enter>");
    assert_eq!(holder(&desk, "commander"), "bob");
    says(&desk.last_sentence(), &["by voice: P1, loads are paused"]);
}

#[test]
fn b6_declined_and_taken_back_the_role_stays_where_it_was() {
    let (mut desk, mut pane) = offered();
    desk.as_("bob").act(&mut pane, Action::Roles(RolesAction::Answer));
    desk.type_keys("x<enter>");
    says(&desk.screen(80, 24), &["say why"]);
    desk.type_keys("on the train<enter>");
    assert!(desk.layers.is_empty() && desk.incident().roles.offers().is_empty());
    assert_eq!(holder(&desk, "commander"), "alice");
    says(&desk.last_sentence(), &["declined: bob: on the train"]);
    desk.as_("alice").act(&mut pane, Action::Roles(RolesAction::HandOver));
    desk.type_keys("carol<enter><enter>");
    desk.act(&mut pane, Action::Roles(RolesAction::Answer));
    desk.type_keys("t");
    assert!(desk.layers.is_empty() && desk.incident().roles.offers().is_empty());
    assert_eq!(holder(&desk, "commander"), "alice");
}

#[test]
fn b6_a_new_offer_takes_the_place_of_the_old_one_and_says_so() {
    let (mut desk, mut pane) = offered();
    desk.act(&mut pane, Action::Roles(RolesAction::HandOver));
    says(&desk.screen(80, 24), &["bob has not accepted: this takes its"]);
    desk.type_keys("carol<enter><enter>");
    let offers: Vec<&str> = desk.incident().roles.offers().iter().map(|offer| offer.to.as_str()).collect();
    assert_eq!(offers, ["carol"]);
}

#[test]
fn b6_an_offer_that_is_gone_says_so() {
    let (mut desk, mut pane) = offered();
    desk.act(&mut pane, Action::Roles(RolesAction::Answer));
    let offer = desk.incident().roles.offers()[0].id;
    desk.order(Command::Role(RoleCommand::Accept { offer, readback: "yes".into() }));
    says(&desk.screen(80, 24), &["stands no longer"]);
    desk.type_keys("<enter>");
    assert!(desk.layers.is_empty());
    desk.act(&mut pane, Action::Roles(RolesAction::Answer));
    assert_eq!(desk.said.pop().as_deref(), Some("no role is offered to anybody"));
}

#[test]
fn b6_what_is_offered_to_me_is_answered_from_any_selection() {
    let (mut desk, mut pane) = offered();
    assign(&mut desk, "scribe", "carol");
    desk.act(&mut pane, Action::Move(Move::Bottom));
    desk.as_("bob").act(&mut pane, Action::Roles(RolesAction::Answer));
    says(&desk.screen(80, 24), &["Commander: offered to bob"]);
}

#[test]
fn b6_a_replay_shows_the_offer_and_answers_nothing() {
    let (mut desk, mut pane) = offered();
    desk.live = false;
    desk.as_("bob").act(&mut pane, Action::Roles(RolesAction::Answer));
    assert_eq!(desk.said.pop().as_deref(), Some("a replay cannot be changed"));
    let shown = desk.draw(&pane, 80, 24);
    says(&shown, &["WAITING: offered to bob"]);
    assert!(!shown.contains("TO YOU"), "{shown}");
}

#[test]
fn b6_it_draws_at_any_size() {
    let (mut desk, mut pane) = offered();
    desk.as_("bob").act(&mut pane, Action::Roles(RolesAction::Answer));
    for (columns, lines) in SIZES {
        desk.draw(&pane, columns, lines);
        desk.screen(columns, lines);
        desk.type_keys("jGk<pgdn>g");
    }
}
