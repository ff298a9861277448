//! B2: who is asked for what, back in how long, and what they answered.

use warroom::incident::Time;
use warroom::tui::layers::asks;

use super::{ask, assign, line};
use crate::desk::Desk;
use crate::door::{Door, corruption};

fn opened(desk: &mut Desk) {
    let layer = asks::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
}

fn due(desk: &Desk) -> Option<Time> {
    desk.incident().asks.all().last().expect("an ask").due
}

#[test]
fn b2_asks_name_tab_what_enter_is_enough_and_says_what_to_say() {
    let mut desk = Desk::new();
    opened(&mut desk);
    desk.type_keys("bob<tab>check the backups<enter>");
    assert!(desk.layers.is_empty(), "the form is gone");
    assert_eq!(desk.last_sentence(), "asks bob: check the backups, back by 14:10 UTC");
    assert_eq!(desk.said, ["bob: check the backups, back by 14:10 UTC. Say it, and have it read back."]);
}

#[test]
fn b2_asks_take_a_span_a_time_or_no_clock() {
    for (typed, expected) in [
        ("5m", Some("2026-01-15T14:05:00Z")),
        ("90", Some("2026-01-15T15:30:00Z")),
        ("14:20", Some("2026-01-15T14:20:00Z")),
        ("", None),
        ("none", None),
    ] {
        let mut desk = Desk::new();
        opened(&mut desk);
        desk.type_keys(&format!("bob<tab>count the rows<tab><ctrl-u>{typed}<enter>"));
        assert_eq!(due(&desk), expected.and_then(Time::parse), "{typed:?}");
    }
}

#[test]
fn b2_asks_a_wrong_time_or_nobody_keeps_the_form_and_its_words() {
    let mut desk = Desk::new();
    opened(&mut desk);
    desk.type_keys("<tab>count the rows<tab>soon<enter>");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("nobody is named") && shown.contains("count the rows"), "{shown}");
    desk.type_keys("<up><up>bob<enter>");
    assert!(desk.screen(80, 24).contains("is not a time"), "{}", desk.screen(80, 24));
    assert!(desk.incident().asks.all().is_empty());
}

#[test]
fn b2_asks_a_role_means_its_holder() {
    let mut desk = Desk::new();
    assign(&mut desk, "scribe", "carol");
    for (typed, expected) in [("scribe", "carol"), ("Scribe", "carol"), ("@dana", "dana")] {
        opened(&mut desk);
        desk.type_keys(&format!("{typed}<tab>write it down<enter>"));
        assert_eq!(desk.incident().asks.all().last().unwrap().who.as_str(), expected);
    }
}

#[test]
fn b2_asks_a_role_that_nobody_or_several_hold_is_asked_about() {
    let mut desk = Desk::new();
    assign(&mut desk, "sme", "bob");
    assign(&mut desk, "sme", "dana");
    opened(&mut desk);
    desk.type_keys("liaison<tab>tell finance<enter>");
    assert!(desk.screen(80, 24).contains("nobody holds Liaison: name somebody"), "{}", desk.screen(80, 24));
    desk.type_keys("<up><ctrl-u>sme<enter>");
    assert!(desk.screen(80, 24).contains("name one of bob, dana"), "{}", desk.screen(80, 24));
}

#[test]
fn b2_asks_tab_completes_a_name_and_leaves_a_whole_one_alone() {
    let mut desk = Desk::new();
    ask(&mut desk, "bobby", "look", 5);
    ask(&mut desk, "bob", "look", 5);
    opened(&mut desk);
    desk.type_keys("bob<tab>count<enter>");
    assert_eq!(desk.incident().asks.all().last().unwrap().who.as_str(), "bob");
    opened(&mut desk);
    desk.type_keys("bobb<tab><tab>count<enter>");
    assert_eq!(desk.incident().asks.all().last().unwrap().who.as_str(), "bobby");
}

#[test]
fn b2_asks_that_are_open_stand_below_with_their_countdown_and_enter_answers() {
    let mut desk = Desk::new();
    ask(&mut desk, "bob", "check the backups", 10);
    ask(&mut desk, "carol", "tell finance", 3);
    desk.wait_mins(4);
    opened(&mut desk);
    let shown = desk.screen(80, 24);
    assert!(line(&shown, "carol: tell finance").contains("OVER by 1m"), "{shown}");
    assert!(line(&shown, "bob: check").contains("05:58 left"), "{shown}");
    let (carol, bob) = (shown.find("carol: tell").unwrap(), shown.find("bob: check").unwrap());
    assert!(carol < bob, "the soonest first: {shown}");
    // Nothing typed: the asks were meant.
    desk.type_keys("<enter><enter>");
    assert!(desk.screen(80, 24).contains("tell finance"), "{}", desk.screen(80, 24));
    desk.type_keys("they know<enter>");
    assert_eq!(desk.last_sentence(), "carol answers \"tell finance\": they know");
    let shown = desk.screen(80, 24);
    assert!(line(&shown, "carol: tell finance").contains("answered 14:04"), "{shown}");
    assert!(shown.contains("they know"), "{shown}");
}

#[test]
fn b2_asks_get_more_time_are_withdrawn_and_opened_again() {
    let mut desk = Desk::new();
    ask(&mut desk, "bob", "check the backups", 10);
    opened(&mut desk);
    desk.type_keys("<enter>m<ctrl-u>20m<tab>the tape is slow<enter>");
    assert_eq!(desk.last_sentence(), "more time for check the backups: back by 14:20 UTC: the tape is slow");
    desk.type_keys("w<enter>");
    assert_eq!(desk.last_sentence(), "ask withdrawn: check the backups");
    desk.type_keys("<enter>");
    assert_eq!(desk.said, ["it is settled: U opens it again"]);
    desk.type_keys("U");
    assert!(desk.incident().asks.all()[0].is_open());
}

#[test]
fn b2_asks_a_selection_stays_on_its_ask() {
    let mut desk = Desk::new();
    ask(&mut desk, "bob", "check the backups", 10);
    opened(&mut desk);
    desk.type_keys("<pgdn>");
    ask(&mut desk, "carol", "tell finance", 2);
    desk.type_keys("<enter>");
    assert!(desk.screen(80, 24).contains("check the backups"), "{}", desk.screen(80, 24));
}

#[test]
fn b2_asks_in_a_replay_are_looked_at_and_not_changed() {
    let mut desk = Desk::new();
    ask(&mut desk, "bob", "check the backups", 10);
    desk.live = false;
    opened(&mut desk);
    assert!(desk.screen(80, 24).contains("bob: check the backups"));
    desk.type_keys("<enter>mwU");
    assert!(desk.said.iter().all(|said| said == "a replay cannot be changed"), "{:?}", desk.said);
    assert_eq!((desk.said.len(), desk.layers.len()), (4, 1));
}

#[test]
fn b2_asks_what_is_typed_survives_esc_and_the_words_are_told_when_it_is_saved() {
    let mut door = Door::room((100, 30), corruption);
    door.keys("abob<tab>check the back<esc>");
    assert!(!door.screen().contains("check the back"), "{}", door.screen());
    door.keys("a<tab>ups<enter>");
    let shown = door.screen();
    assert!(shown.contains("bob: check the backups, back by 14:10 UTC. Say it"), "{shown}");
    assert!(door.events(0).last().unwrap().contains("check the backups"));
}

#[test]
fn b2_asks_that_are_not_saved_are_not_said() {
    let mut door = Door::room((100, 30), corruption);
    door.broken = Some("no space left".into());
    door.keys("abob<tab>check the backups<enter>");
    assert!(!door.screen().contains("have it read back"), "{}", door.screen());
}

#[test]
fn b2_asks_a_short_list_keeps_its_footer() {
    let mut desk = Desk::new();
    ask(&mut desk, "bob", "look", 10);
    opened(&mut desk);
    assert!(desk.screen(80, 24).contains("PgDn, or Enter with nothing typed"), "{}", desk.screen(80, 24));
}
