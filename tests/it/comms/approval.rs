//! What goes outside needs the commander's word, in person, by voice or by a proposal; it is recorded (MISSION row B7).

use warroom::incident::event::SentUpdate;
use warroom::incident::words::Word;
use warroom::incident::{Command, Span};
use warroom::tui::actions::UpdateAction;
use warroom::tui::panes::Pane;

use super::console::Console;
use crate::update_pane::world::says;

const FIT: &str = "Status: investigating\n\nSome prices are wrong.\n\nNext update: 15:02 UTC";

/// A text for customers that no check doubts, and its preview.
fn previewed(who: &str) -> Console {
    let mut console = Console::new();
    console.as_(who).act(UpdateAction::Audience).keys("3");
    console.pane.set_body(FIT);
    console.act(UpdateAction::Send);
    console
}

fn sent(console: &Console) -> &SentUpdate {
    &console.world.folded.incident.updates.last().expect("an update").sent
}

fn approved_by(console: &Console) -> Option<&str> {
    sent(console).approved_by.as_ref().map(|who| who.as_str())
}

#[test]
fn b7_the_commander_approves_by_sending() {
    let mut console = previewed("alice");
    says(
        &console.screen(80, 24),
        &["To: customers, OUTSIDE", "You approve this as commander", "Enter approves, sends"],
    );
    console.keys("<enter>");
    assert_eq!(approved_by(&console), Some("alice"));
    assert!(console.layers.is_empty() && console.body().is_empty());
}

#[test]
fn b7_anybody_else_asks_or_has_heard_the_commander() {
    let mut console = previewed("bob");
    let shown = console.screen(80, 24);
    says(&shown, &["alice must approve it", "p asks alice   v alice has approved"]);
    insta::assert_snapshot!("preview_outside_80x24", shown);
    insta::assert_snapshot!("preview_outside_120x40", console.screen(120, 40));
    console.keys("<enter>");
    assert!(console.said.pop().is_some_and(|said| said.contains("p asks alice")));
    assert!(console.world.folded.incident.updates.is_empty());
    console.keys("v");
    assert_eq!(approved_by(&console), Some("alice"));
    assert!(console.body().is_empty());
}

#[test]
fn b7_proposed_it_waits_loudly_until_the_commander_sends_it() {
    let mut console = previewed("bob");
    console.keys("p");
    assert!(
        console.layers.is_empty() && console.body().is_empty(),
        "proposed and saved: the composer is free"
    );
    console.world.wait(3);
    says(
        &console.drawn(78, 20),
        &["! customers: WAITING 3m for alice's approval, from bob: v shows it", "v approval"],
    );
    console.as_("alice");
    let shown = console.drawn(78, 20);
    says(&shown, &["WAITING 3m for YOUR approval"]);
    insta::assert_snapshot!("pane_waiting_78x20", shown);
    console.act(UpdateAction::Approve);
    let shown = console.screen(80, 24);
    says(&shown, &["To: customers, from bob, 3m ago", "Some prices are wrong.", "Enter approves and sends"]);
    insta::assert_snapshot!("approval_80x24", shown);
    insta::assert_snapshot!("approval_120x40", console.screen(120, 40));
    console.keys("<enter>");
    assert_eq!(approved_by(&console), Some("alice"));
    assert_eq!(console.world.folded.incident.awaiting_approval().count(), 0);
    says(&console.drawn(78, 20), &["by alice: investigating, approved by alice"]);
}

#[test]
fn b7_approved_by_voice_the_approval_is_the_commanders() {
    let mut console = previewed("bob");
    console.keys("p").act(UpdateAction::Approve);
    console.keys("<enter>");
    assert!(console.said.pop().is_some_and(|said| said.contains("alice commands")));
    console.keys("v");
    assert_eq!(approved_by(&console), Some("alice"));
    let by = console.world.folded.incident.updates.last().map(|record| record.by.to_string());
    assert_eq!(by.as_deref(), Some("bob"));
}

#[test]
fn b7_refused_it_comes_back_with_the_reason_and_can_be_rewritten() {
    let mut console = previewed("bob");
    console.keys("p").as_("alice").act(UpdateAction::Approve);
    console.keys("x<enter>");
    says(&console.screen(80, 24), &["needs a reason"]);
    console.keys("say which prices<enter>");
    assert!(console.layers.is_empty());
    says(&console.as_("bob").drawn(78, 20), &["customers: NOT APPROVED by alice: say which prices"]);
    console.act(UpdateAction::Approve).keys("e");
    assert!(console.pane.typing() && console.layers.is_empty());
    assert_eq!(console.body(), FIT);
    assert_eq!(console.pane.audience(&console.world.ctx(), &console.world.scene()), "customers");
}

#[test]
fn b7_a_rewritten_text_answers_the_proposal() {
    let mut console = previewed("bob");
    console.keys("p").as_("alice").act(UpdateAction::Approve);
    console.keys("e").keys("Hello. ").act(UpdateAction::Send).keys("<enter>");
    let proposal = console.world.folded.incident.proposed[0].id;
    assert_eq!(sent(&console).proposal, Some(proposal));
    assert!(sent(&console).body.starts_with("Hello. "));
    assert_eq!(console.world.folded.incident.awaiting_approval().count(), 0);
    // Whoever does not command proposes the new text, and the old one is out of the way.
    let mut console = previewed("bob");
    console.keys("p").act(UpdateAction::Approve).keys("e").keys("Hello. ").act(UpdateAction::Send).keys("p");
    let waiting: Vec<String> = console
        .world
        .folded
        .incident
        .awaiting_approval()
        .map(|waiting| waiting.update.body.clone())
        .collect();
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].starts_with("Hello. "));
}

#[test]
fn b7_a_text_of_mine_is_not_lost_to_a_proposal() {
    let mut console = previewed("bob");
    console.keys("p").act(UpdateAction::Compose).keys("mine ").keys("<esc>");
    let mine = console.body();
    console.act(UpdateAction::Approve).keys("e");
    assert_eq!(console.copied.as_deref(), Some(mine.as_str()));
    assert_eq!(console.body(), FIT);
}

#[test]
fn b7_what_is_set_aside_goes_with_the_proposal() {
    let mut console = Console::new();
    console.act(UpdateAction::Audience).keys("3");
    console.pane.set_body(
        "Status: investigating\nSome prices are wrong. It will be fixed by 16:00.\nNext update: 15:02 UTC",
    );
    console.act(UpdateAction::Send);
    says(&console.screen(80, 24), &["no-promise"]);
    console.keys("p").keys("legal asked for it<enter>");
    let proposed = &console.world.folded.incident.proposed[0].update;
    assert_eq!(proposed.overrides[0].check, "no-promise");
    console.as_("alice").act(UpdateAction::Approve);
    says(&console.screen(80, 24), &["no-promise set aside by bob: legal asked for it"]);
    console.keys("<enter>");
    assert_eq!(sent(&console).overrides[0].reason, "legal asked for it");
}

#[test]
fn b7_without_a_commander_nothing_goes_outside() {
    let mut console = Console::new();
    let release = warroom::incident::command::RoleCommand::Release {
        role: "commander".into(),
        who: None,
        reason: String::new(),
    };
    console.order(Command::Role(release));
    console.act(UpdateAction::Audience).keys("3");
    console.pane.set_body(FIT);
    console.act(UpdateAction::Send).keys("<enter>");
    says(&console.screen(80, 24), &["Nobody commands who could approve it"]);
    assert!(console.world.folded.incident.updates.is_empty());
    console.keys("p").act(UpdateAction::Approve).keys("<enter>");
    assert!(console.said.pop().is_some_and(|said| said.contains("nobody commands")));
    assert!(console.world.folded.incident.updates.is_empty());
}

#[test]
fn b7_nothing_waits_says_so_and_a_passed_promise_too() {
    let mut console = Console::new();
    console.act(UpdateAction::Approve);
    assert_eq!(console.said.pop().as_deref(), Some("no update waits for approval"));
    let next = Some(console.world.now + Span::from_mins(5));
    console.order(Command::Propose(SentUpdate::new("customers", Word::Investigating, FIT, next)));
    console.world.wait(10);
    console.act(UpdateAction::Approve);
    says(&console.screen(80, 24), &["passed: none is promised"]);
}
