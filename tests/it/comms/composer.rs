//! The composer: templates, audiences, checks with their places, history (MISSION rows B7, S1.8, S4.6, S4.12, S4.13).

use std::fs;

use warroom::incident::Command;
use warroom::incident::command::ImpactCommand;
use warroom::incident::event::ImpactChange;
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Word;
use warroom::tui::actions::UpdateAction;
use warroom::tui::panes::Pane;

use super::console::Console;
use crate::update_pane::world::says;

fn harmed(console: &mut Console, dataset: &str, team: &str) {
    let change = ImpactChange {
        dataset: dataset.into(),
        teams: Some(vec![team.to_owned()]),
        ..ImpactChange::default()
    };
    console.order(Command::Impact(ImpactCommand::Record(change)));
}

#[test]
fn s1_8_each_affected_team_is_an_audience_with_its_own_notice() {
    let mut console = Console::new();
    harmed(&mut console, "orders", "analytics");
    console.act(UpdateAction::Audience);
    let shown = console.screen(80, 24);
    says(&shown, &["team/analytics", "customers", "outside", "another"]);
    assert!(!shown.contains("team  "), "no team is called team: {shown}");
    console.keys("4").act(UpdateAction::Compose);
    says(&console.drawn(78, 20), &["Update to: team/analytics"]);
    says(&console.body(), &["analytics", "orders"]);
}

#[test]
fn s4_6_s4_13_the_kind_of_message_is_chosen_for_the_audience() {
    let mut console = Console::new();
    console.act(UpdateAction::Template);
    let shown = console.screen(80, 24);
    says(&shown, &["Message to internal", "1 first notice", "2 update", "3 resolution", "4 CAN report"]);
    console.keys("4");
    assert!(console.pane.typing(), "it can be read and changed at once");
    says(&console.body(), &["Conditions:", "Actions:", "Needs:"]);
    says(&console.drawn(78, 20), &["CAN report: investigating"]);
    // What somebody has typed is not taken away unasked.
    console.keys("mine <esc>").act(UpdateAction::Template).keys("3");
    says(&console.screen(80, 24), &["lines of yours"]);
    console.keys("r");
    says(&console.body(), &["Status: resolved"]);
}

#[test]
fn s4_6_the_first_word_is_a_first_notice_then_updates_follow() {
    let mut console = Console::new();
    console.act(UpdateAction::Compose);
    says(&console.drawn(78, 20), &["first notice: investigating"]);
    console.keys("<esc>");
    console.world.send("internal", Word::Investigating, 30);
    console.act(UpdateAction::Prefill);
    says(&console.body(), &["What we know:"]);
}

#[test]
fn s4_13_a_template_of_ones_own_is_used_and_a_wrong_one_explained() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("templates");
    fs::create_dir_all(&folder).unwrap();
    let mut console = Console::new();
    console.world.paths.config = home.path().to_owned();
    fs::write(folder.join("first-notice.md"), "OURS {{ title }}\nStatus: {{ word }}").unwrap();
    console.act(UpdateAction::Compose);
    says(&console.body(), &["OURS orders: prices x100"]);
    assert!(console.said.is_empty());
    fs::write(folder.join("first-notice.md"), "OURS {{ titel }}").unwrap();
    console.keys("<esc>").act(UpdateAction::Prefill);
    says(&console.body(), &["P1: orders: prices x100"]);
    says(&console.said.pop().unwrap_or_default(), &["no field `titel`", "the shipped template is used"]);
}

#[test]
fn b7_a_finding_is_mended_where_it_is() {
    let mut console = Console::new();
    console.act(UpdateAction::Audience).keys("3");
    console.pane.set_body(
        "Status: investigating\n\nSome prices are wrong.\nIt will be fixed by 16:00.\n\nNext update: 15:02 UTC",
    );
    console.act(UpdateAction::Send);
    let shown = console.screen(80, 24);
    says(&shown, &["1 no-promise", "b mends"]);
    insta::assert_snapshot!("findings_80x24", shown);
    insta::assert_snapshot!("findings_120x40", console.screen(120, 40));
    console.keys("b");
    assert!(console.pane.typing() && console.layers.is_empty());
    console.keys("We say more soon");
    let body = console.body();
    assert!(!body.contains("16:00"), "what is typed takes the place of the offending words: {body}");
    says(&body, &["Some prices are wrong.\n", "We say more soon", "Next update: 15:02 UTC"]);
}

#[test]
fn b7_a_secret_is_found_and_never_repeated() {
    let mut console = Console::new();
    console.pane.set_body("Status: investigating\npassword=hunter2hunter2\nNext update: 14:32 UTC");
    console.act(UpdateAction::Send);
    let shown = console.screen(80, 24);
    says(&shown, &["secrets"]);
    assert_eq!(shown.matches("hunter2hunter2").count(), 1, "only the text itself has it: {shown}");
}

#[test]
fn s4_12_the_pane_shows_who_else_is_due_and_who_is_late() {
    let mut console = Console::new();
    console.world.send("internal", Word::Investigating, 30);
    console.world.send("executive", Word::Identified, 10);
    console.world.send("customers", Word::Identified, 90);
    console.world.wait(12);
    let shown = console.drawn(78, 20);
    says(&shown, &["Update to: internal", "due in 18:00"]);
    says(&shown, &["executive  OVERDUE by 2m; 14:02 identified by bob"]);
    says(&shown, &["customers  due in 1h 18m; 14:02 identified by bob, approved by alice"]);
    assert!(shown.find("executive") < shown.find("customers"), "the most urgent comes first");
    insta::assert_snapshot!("pane_audiences_78x20", shown);
    insta::assert_snapshot!("pane_audiences_46x10", console.drawn(46, 10));
    console.act(UpdateAction::Audience);
    says(&console.screen(110, 24), &["OVERDUE by 2m; 14:02 identified by bob", "outside; "]);
}

#[test]
fn b7_history_says_what_was_set_aside_and_who_approved() {
    let mut console = Console::new();
    console.world.note(NoteKind::Note, "impact: prices are wrong");
    console.act(UpdateAction::Audience).keys("3");
    console.pane.set_body("Status: investigating\nPrices are wrong.");
    console.act(UpdateAction::Send).keys("v").keys("it is urgent<enter>");
    console.act(UpdateAction::History);
    says(&console.screen(80, 24), &["customers", "bob (alice)"]);
    console.keys("<enter>");
    says(&console.screen(80, 24), &["approved by alice", "next-named set aside: it is urgent"]);
}

#[test]
fn b7_it_draws_at_any_size() {
    let mut console = Console::new();
    console.world.send("executive", Word::Identified, 10);
    console.act(UpdateAction::Audience).keys("3");
    console.pane.set_body("It will be fixed by 16:00. [open: …]\n\u{4e16}\u{754c}");
    console.act(UpdateAction::Send).keys("p").keys("why<enter>");
    console.world.wait(12);
    for action in [UpdateAction::Approve, UpdateAction::Audience, UpdateAction::Template, UpdateAction::Send]
    {
        console.pane.set_body("It will be fixed by 16:00. [open: …]");
        console.act(action);
        for (columns, lines) in crate::desk::SIZES {
            console.drawn(columns, lines);
            if !console.layers.is_empty() {
                console.screen(columns, lines);
                console.keys("Gkjg<pgdn>");
            }
        }
        console.layers.clear();
    }
}
