//! The board (`t`): order, what stands there, what its keys do.

use insta::assert_snapshot;
use warroom::incident::Span;
use warroom::incident::command::ClockCommand;
use warroom::incident::deadline::deadlines;
use warroom::tui::actions::{Action, RoomAction};
use warroom::tui::layers::timers;

use super::{ask, busy, calm_desk, clock, desk, id_of, p0};
use crate::desk::{Desk, SIZES};
use crate::door::Door;

fn open(desk: &mut Desk) {
    let layer = timers::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
}

#[test]
fn b2_the_board_shows_every_clock_what_ran_out_first() {
    let mut desk = busy();
    open(&mut desk);
    for (columns, lines) in [(80, 24), (120, 40)] {
        assert_snapshot!(format!("board_{columns}x{lines}"), desk.screen(columns, lines));
    }
}

#[test]
fn b2_the_order_is_not_heard_then_heard_then_by_due_and_marks_stay_quiet() {
    let mut desk = desk();
    let early = desk.now + Span::from_mins(4);
    desk.order(ask("bob", "backups?", early));
    desk.wait_mins(6);
    desk.order(clock(&id_of(&desk, "backups"), ClockCommand::Acknowledge));
    open(&mut desk);
    let shown = desk.screen(100, 60);
    let at = |text: &str| shown.find(text).unwrap_or_else(|| panic!("no {text:?} in\n{shown}"));
    assert!(at("OVER by 1m") < at("bob: backups?"), "the ladder's rung is not heard:\n{shown}");
    assert!(at("bob: backups?") < at("look up, 10m"), "{shown}");
    assert!(at("look up, 10m") < at("escalate to engineering manager"), "{shown}");
    assert!(shown.contains("heard, over 2m") && shown.contains("heard by alice 14:06 UTC"), "{shown}");
    assert!(
        shown.contains("customers see it") || shown.contains("P0 after 15 min: call"),
        "what to say:\n{shown}"
    );
    desk.wait_mins(20);
    let shown = desk.screen(100, 60);
    let mark = shown.lines().find(|line| line.contains("look up")).expect("a mark").to_owned();
    assert!(mark.contains("now") && !mark.contains("OVER"), "{mark}");
}

#[test]
fn b2_a_clock_is_heard_put_off_with_a_reason_answered_and_runs_again() {
    let mut desk = calm_desk();
    desk.wait_mins(6);
    let lead = id_of(&desk, "lead engineer");
    open(&mut desk);
    desk.type_keys("h");
    assert_eq!(desk.last_sentence(), "heard: escalate to lead engineer");
    desk.type_keys("z<enter>");
    assert!(desk.screen(80, 24).contains("until when?"), "{}", desk.screen(80, 24));
    desk.type_keys("10m<enter>");
    assert!(desk.screen(80, 24).contains("needs a reason"), "{}", desk.screen(80, 24));
    desk.type_keys("she lands at 14:15<enter>");
    assert!(desk.last_sentence().contains("put off to 2026-01-15 14:16 UTC"), "{}", desk.last_sentence());
    let shown = desk.screen(80, 24);
    assert!(shown.contains("put off to 14:16 UTC by alice 14:06: she lands at 14:15"), "{shown}");
    desk.type_keys("d");
    desk.type_keys("took the call from the taxi<enter>");
    assert!(desk.incident().clocks.is_done(&lead));
    let shown = desk.screen(120, 40);
    let answered = shown.find("Answered").expect("a section of its own");
    assert!(shown[answered..].contains("took the call from"), "{shown}");
    desk.type_keys("G");
    desk.type_keys("r");
    assert_eq!(desk.last_sentence(), "runs again: escalate to lead engineer");
    assert!(!desk.incident().clocks.is_done(&lead));
}

#[test]
fn b2_what_has_not_run_out_is_not_heard() {
    let mut desk = calm_desk();
    open(&mut desk);
    desk.type_keys("h");
    assert!(desk.said.last().unwrap().contains("has not run out yet"), "{:?}", desk.said);
}

#[test]
fn b2_an_ask_that_was_heard_and_moved_is_loud_again_when_it_runs_out() {
    use warroom::incident::command::AskCommand;
    use warroom::incident::deadline::Urgency;
    let mut desk = desk();
    let due = desk.now + Span::from_mins(2);
    desk.order(ask("bob", "backups?", due));
    desk.wait_mins(3);
    let id = id_of(&desk, "backups");
    desk.order(clock(&id, ClockCommand::Acknowledge));
    let ask = desk.incident().asks.all()[0].id;
    let due = desk.now + Span::from_mins(1);
    desk.order(warroom::incident::Command::Ask(AskCommand::Move {
        ask,
        due,
        reason: "asked for more".into(),
    }));
    desk.wait_mins(2);
    let all = deadlines(desk.incident(), desk.now);
    let found = all.iter().find(|deadline| deadline.id == id).unwrap();
    assert_eq!(found.urgency(desk.now), Urgency::Over);
    desk.order(clock(&id, ClockCommand::Acknowledge));
}

#[test]
fn b2_enter_goes_where_a_clock_is_answered() {
    let mut desk = calm_desk();
    let due = desk.now + Span::from_mins(1);
    desk.order(ask("bob", "backups?", due));
    open(&mut desk);
    desk.type_keys("<enter>");
    assert_eq!(desk.acts, [Action::Room(RoomAction::Ask)]);
    assert!(desk.layers.is_empty(), "the board makes room");
}

#[test]
fn s4_12_enter_on_an_update_opens_the_composer_for_that_audience() {
    let mut door = Door::room((120, 40), p0);
    door.keys("t");
    let ids = timers::order::running(door.app.live().unwrap().room.incident(), door.now);
    let place = ids.iter().position(|deadline| deadline.label == "update executive").unwrap();
    door.keys(&"j".repeat(place)).keys("<enter>");
    let shown = door.screen();
    assert!(shown.contains("Update to: executive"), "{shown}");
    door.keys("what we know");
    assert!(door.app.drafts().unwrap().1.update.unwrap().body.contains("what we know"));
}

#[test]
fn b2_the_selection_stays_with_its_clock() {
    let mut desk = desk();
    let due = desk.now + Span::from_mins(30);
    desk.order(ask("bob", "the last one", due));
    open(&mut desk);
    let all = timers::order::running(desk.incident(), desk.now);
    let place = all.iter().position(|deadline| deadline.label.contains("the last one")).unwrap();
    desk.type_keys(&"j".repeat(place));
    let sooner = desk.now + Span::from_mins(1);
    desk.order(ask("carol", "sooner", sooner));
    desk.type_keys("<enter>");
    assert_eq!(desk.acts, [Action::Room(RoomAction::Ask)], "still an ask, whatever came before it");
}

#[test]
fn s2_1_the_board_sums_up_severities_and_recovery_against_the_tier() {
    let mut desk = desk();
    let good = desk.now - Span::from_mins(2);
    desk.wait_mins(10);
    desk.order(super::impact(good));
    desk.order(warroom::incident::Command::Severity { to: "P1".into(), reason: "shop only".into() });
    desk.wait_mins(36);
    open(&mut desk);
    let shown = desk.screen(120, 40);
    assert!(shown.contains("Severity P0 for 10m, then P1 for 36m"), "{shown}");
    assert!(shown.contains("RTO 30 s MISSED, out for 46m"), "{shown}");
    assert!(shown.contains("RPO 5 min MISSED, at risk 48m"), "{shown}");
    assert!(shown.contains("RTO 30 s orders"), "its clock runs too:\n{shown}");
}

#[test]
fn b2_in_a_replay_the_board_can_only_be_looked_at() {
    let mut desk = desk();
    desk.wait_mins(6);
    desk.live = false;
    open(&mut desk);
    let shown = desk.screen(80, 24);
    assert!(shown.contains("look only"), "{shown}");
    for key in ["h", "z", "d", "r"] {
        desk.type_keys(key);
        assert_eq!(desk.said.pop().as_deref(), Some("a replay cannot be changed"), "{key}");
    }
    desk.type_keys("<esc>");
    assert!(desk.layers.is_empty());
}

#[test]
fn b2_the_board_fits_every_size() {
    let mut desk = desk();
    desk.order(super::impact(desk.now));
    desk.wait_mins(7);
    open(&mut desk);
    for (columns, lines) in SIZES.into_iter().chain([(40, 12)]) {
        let shown = desk.screen(columns, lines);
        assert!(shown.lines().all(|line| line.chars().count() <= usize::from(columns)), "{shown}");
    }
    assert!(desk.screen(40, 12).contains("OVER by"), "{}", desk.screen(40, 12));
}

#[test]
fn s4_2_triage_within_its_time_is_a_clock_that_names_what_is_missing() {
    let mut desk = Desk::new();
    desk.order(warroom::incident::Command::Pin(super::policies()));
    desk.wait_mins(31);
    open(&mut desk);
    let shown = desk.screen(80, 24);
    assert!(shown.contains("it still needs a severity and a commander"), "{shown}");
    desk.type_keys("<enter>");
    assert_eq!(desk.acts, [Action::Room(RoomAction::Severity)]);
}

#[test]
fn s1_2_the_post_mortem_is_due_after_the_resolution() {
    use warroom::incident::words::Status;
    let mut desk = desk();
    desk.wait_mins(50);
    desk.order(warroom::incident::Command::Status { to: Status::Resolved, reason: "counts match".into() });
    desk.wait_mins(10);
    open(&mut desk);
    let shown = desk.screen(80, 24);
    assert!(shown.contains("It took 00:50:00"), "{shown}");
    assert!(shown.contains("post-mortem") && shown.contains("2026-01-17 14:50 UTC"), "{shown}");
    assert!(shown.contains("1d 23h left") && shown.contains("watch ends"), "{shown}");
    assert!(
        !shown.contains("escalate") && !shown.contains("update internal"),
        "the others have stopped:\n{shown}"
    );
}

#[test]
fn s4_12_each_audience_of_the_severity_has_its_clock() {
    let mut desk = desk();
    desk.wait_mins(16);
    open(&mut desk);
    let shown = desk.screen(80, 50);
    for (audience, channel) in
        [("internal", "incident channel"), ("executive", "mail"), ("customers", "status page")]
    {
        let line = shown.lines().find(|line| line.contains(&format!("update {audience}"))).expect(audience);
        assert!(line.contains("OVER by 1m"), "{line}");
        assert!(shown.contains(&format!("update to {audience} ({channel}) is due")), "{shown}");
    }
}

#[test]
fn s1_2_the_response_time_is_a_clock_until_somebody_takes_it() {
    use warroom::incident::command::RoleCommand;
    let mut desk = Desk::new();
    desk.order(warroom::incident::Command::Pin(super::policies()));
    desk.order(warroom::incident::Command::Severity { to: "P0".into(), reason: String::new() });
    desk.wait_mins(16);
    open(&mut desk);
    let shown = desk.screen(80, 40);
    let line = shown.lines().find(|line| line.contains("respond to P0")).expect("its clock");
    assert!(line.contains("14:15 UTC") && line.contains("OVER by 1m"), "{line}");
    assert!(shown.contains("P0 asks for somebody within 15 min: who takes it?"), "{shown}");
    let take = RoleCommand::Assign { role: "commander".into(), who: "alice".into() };
    desk.order(warroom::incident::Command::Role(take));
    assert!(!desk.screen(80, 40).contains("respond to P0"), "{}", desk.screen(80, 40));
}

#[test]
fn s4_12_an_audience_that_was_told_in_another_way_hears_again_in_its_rhythm() {
    let mut desk = desk();
    desk.wait_mins(16);
    let place = timers::order::running(desk.incident(), desk.now);
    let place = place.iter().position(|deadline| deadline.label == "update executive").unwrap();
    open(&mut desk);
    desk.type_keys(&"j".repeat(place));
    desk.type_keys("dtold by phone<enter>");
    let all = deadlines(desk.incident(), desk.now);
    let next = all.iter().find(|deadline| deadline.label == "update executive").expect("the next one runs");
    assert_eq!(next.left(desk.now), Span::from_mins(15));
    assert!(desk.screen(120, 40).contains("told by phone"), "{}", desk.screen(120, 40));
}

#[test]
fn b2_a_clock_that_was_put_off_says_until_when_on_the_board_and_the_rail() {
    let mut desk = desk();
    desk.wait_mins(6);
    let (clock_of_lead, until) = (id_of(&desk, "lead engineer"), desk.now + Span::from_mins(10));
    desk.order(clock(&clock_of_lead, ClockCommand::Snooze { until, reason: "she lands".into() }));
    open(&mut desk);
    let shown = desk.screen(80, 24);
    let line = shown.lines().find(|line| line.contains("escalate to lead engineer")).expect("its line");
    assert!(line.contains("put off to 14:16") && !line.contains("heard"), "{shown}");
}

#[test]
fn b2_the_selection_follows_the_clock_when_the_board_is_sorted_anew() {
    let mut desk = desk();
    let soon = desk.now + Span::from_mins(1);
    desk.order(ask("bob", "backups?", soon));
    desk.order(ask("carol", "rows?", soon + Span::from_mins(1)));
    desk.wait_mins(4);
    open(&mut desk);
    desk.type_keys("h");
    let heard = desk.last_sentence();
    let label = heard.strip_prefix("heard: ").expect("the first clock was heard").to_owned();
    desk.type_keys("d");
    let shown = desk.screen(80, 24);
    assert!(shown.contains(&format!("{label}: what came of it?")), "the same clock, not the next:\n{shown}");
}

#[test]
fn b2_a_lower_rung_is_calm_once_somebody_higher_was_reached() {
    let mut desk = desk();
    desk.wait_mins(20);
    let higher = id_of(&desk, "escalate to engineering manager");
    desk.order(clock(&higher, ClockCommand::Done { note: "joins".into() }));
    open(&mut desk);
    let shown = desk.screen(100, 60);
    let line = shown.lines().find(|line| line.contains("escalate to lead engineer")).expect("its line");
    assert!(line.contains("heard") && !line.contains("OVER"), "{shown}");
    assert!(shown.contains("the engineering manager was reached"), "{shown}");
}
