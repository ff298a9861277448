//! B5: proposal, strong objections, outcome, verification; three keystrokes in the plain case.

use warroom::incident::event::Outcome;
use warroom::tui::layers::decide;

use super::{line, propose};
use crate::desk::Desk;
use crate::door::{Door, corruption};
use crate::pty::Pty;

fn opened(desk: &mut Desk) {
    let layer = decide::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
}

fn poll(desk: &Desk) -> &warroom::incident::decisions::Poll {
    desk.incident().polls.all().last().expect("a decision")
}

#[test]
fn b5_three_keystrokes_beside_the_words_decide() {
    let mut door = Door::room((100, 30), corruption);
    let before = door.entries().len();
    door.keys("dpause the loads<enter>");
    let shown = door.screen();
    assert!(shown.contains("I propose: pause the loads."), "{shown}");
    assert!(shown.contains("Any strong objections?"), "{shown}");
    door.keys("<enter>");
    let events = door.events(before);
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[0].contains("proposed") && events[1].contains("\"outcome\":\"go\""), "{events:?}");
    let shown = door.screen();
    assert!(shown.contains("Decided: pause the loads. We look at 14:30 UTC whether it worked."), "{shown}");
}

#[test]
fn b5_go_typed_ahead_of_the_disk_is_not_lost() {
    let mut door = Door::room((100, 30), corruption);
    door.broken = Some("the disk is slow".into());
    door.keys("dpause the loads<enter><enter>");
    assert!(door.screen().contains("it goes ahead then"), "{}", door.screen());
    door.broken = None;
    door.wait(warroom::incident::Span::from_secs(15));
    let events = door.events(0);
    assert!(events.last().unwrap().contains("\"outcome\":\"go\""), "{events:?}");
}

#[test]
fn b5_the_form_takes_risk_roll_back_and_when_to_verify() {
    let mut desk = Desk::new();
    opened(&mut desk);
    desk.type_keys("fail over<tab>five minutes lost<tab>fail back<tab><ctrl-u>15m<enter>");
    let shown = desk.screen(80, 24);
    for said in ["The risk: five minutes lost.", "To go back: fail back.", "We look at 14:15 UTC"] {
        assert!(shown.contains(said), "{said}\n{shown}");
    }
    assert_eq!(poll(&desk).risk, "five minutes lost");
}

#[test]
fn b5_against_strong_objections_it_goes_ahead_only_with_the_reason() {
    let mut desk = Desk::new();
    opened(&mut desk);
    desk.type_keys("fail over<enter>o<up>bob<tab>the replica lags<enter>");
    assert!(desk.screen(80, 24).contains("OBJECTION bob: the replica lags"), "{}", desk.screen(80, 24));
    desk.type_keys("<enter><enter>");
    assert!(desk.screen(80, 24).contains("say why it goes ahead"), "{}", desk.screen(80, 24));
    assert!(poll(&desk).is_open());
    desk.type_keys("the lag is 2 s<enter>");
    assert_eq!(desk.last_sentence(), "decided: fail over: the lag is 2 s");
    assert!(desk.layers.is_empty());
}

#[test]
fn b5_no_go_withdrawn_and_nothing_yet() {
    for (keys, outcome) in [
        ("ntoo late<enter>", Some(Outcome::NoGo)),
        ("w<enter>", Some(Outcome::Withdrawn)),
        ("e", None),
        ("<esc>", None),
    ] {
        let mut desk = Desk::new();
        opened(&mut desk);
        desk.type_keys(&format!("fail over<enter>{keys}"));
        assert_eq!(poll(&desk).settled.as_ref().map(|settled| settled.outcome), outcome, "{keys}");
        assert!(desk.layers.is_empty(), "{keys}");
    }
}

#[test]
fn b5_what_is_open_or_to_be_verified_comes_first_and_is_gone_on_with() {
    let mut desk = Desk::new();
    propose(&mut desk, "fail over");
    opened(&mut desk);
    assert!(line(&desk.screen(80, 24), "fail over").contains("any strong objections?"));
    desk.type_keys("<enter>g");
    assert_eq!(poll(&desk).settled.as_ref().unwrap().outcome, Outcome::Go);
    desk.wait_mins(31);
    let shown = desk.screen(80, 24);
    assert!(line(&shown, "fail over").contains("verify: OVER by 1m"), "{shown}");
    desk.type_keys("vnthe replica is empty<enter>");
    assert_eq!(desk.last_sentence(), "it did not work: fail over: the replica is empty");
    assert!(line(&desk.screen(80, 24), "fail over").contains("it did NOT work"), "{}", desk.screen(80, 24));
    assert!(!poll(&desk).awaits_verification());
}

#[test]
fn b5_a_new_one_beside_open_ones_is_one_key_more() {
    let mut desk = Desk::new();
    propose(&mut desk, "fail over");
    opened(&mut desk);
    desk.type_keys("dpause the loads<enter><enter>");
    assert_eq!(poll(&desk).proposal, "pause the loads");
    assert!(poll(&desk).settled.is_some());
    assert!(desk.incident().polls.all()[0].is_open());
}

#[test]
fn b5_a_decision_opens_again() {
    let mut desk = Desk::new();
    propose(&mut desk, "fail over");
    opened(&mut desk);
    desk.type_keys("<enter><enter>U");
    assert!(poll(&desk).is_open());
    assert_eq!(desk.last_sentence(), "decision open again: fail over");
}

#[test]
fn b5_in_a_replay_decisions_are_read_only() {
    let mut desk = Desk::new();
    propose(&mut desk, "fail over");
    desk.live = false;
    opened(&mut desk);
    desk.type_keys("<enter><enter>gonwv");
    assert!(poll(&desk).is_open());
    assert!(desk.said.iter().all(|said| said == "a replay cannot be changed"), "{:?}", desk.said);
}

#[test]
fn b5_the_proposal_survives_esc() {
    let mut door = Door::room((80, 24), corruption);
    door.keys("dpause the<esc>d<end> loads<enter>");
    assert!(door.screen().contains("I propose: pause the loads."), "{}", door.screen());
}

#[test]
fn b5_on_a_real_terminal_both_entries_are_in_the_journal() {
    let pty = Pty::warroom(&[], &[], 120, 36);
    pty.wait_for("No incidents yet");
    pty.see("d", "Declare an incident");
    pty.see("orders are wrong\r", "declared: orders are wrong");
    // All of it at once: Enter twice does not wait for the disk.
    pty.see("dpause the loads\r\r", "Decided: pause the loads.");
    let shown = std::process::Command::new(env!("CARGO_BIN_EXE_warroom"))
        .args(["show", "--json"])
        .env_clear()
        .envs([("WARROOM_HOME", pty.home().as_os_str()), ("USER", "bob".as_ref())])
        .output()
        .expect("warroom runs");
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("proposes: pause the loads"), "{shown}");
    assert!(shown.contains("decided: pause the loads"), "{shown}");
    pty.send("qq");
    pty.wait_exit();
    pty.assert_restored();
}
