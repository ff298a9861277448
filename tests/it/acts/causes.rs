//! B9: what may be the cause; open, being tested, ruled out by evidence, confirmed.

use warroom::incident::Command;
use warroom::incident::event::Verdict;
use warroom::tui::layers::causes;

use super::{line, suspect};
use crate::desk::Desk;

fn opened(desk: &mut Desk) {
    let layer = causes::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
}

fn verdict(desk: &Desk, place: usize) -> Verdict {
    desk.incident().hypotheses.all()[place].verdict
}

#[test]
fn b9_a_hypothesis_is_written_tested_ruled_out_by_evidence_and_opened_again() {
    let mut desk = Desk::new();
    opened(&mut desk);
    desk.type_keys("n?bad deploy 13:35<enter>");
    assert_eq!(desk.incident().hypotheses.all()[0].text, "bad deploy 13:35");
    desk.type_keys("tbob<enter>");
    assert!(line(&desk.screen(80, 24), "bad deploy").contains("bob tests it"), "{}", desk.screen(80, 24));
    desk.type_keys("x<enter>");
    assert!(desk.screen(80, 24).contains("needs the evidence"), "{}", desk.screen(80, 24));
    desk.type_keys("the old version does it too<enter>");
    let shown = desk.screen(80, 24);
    assert!(line(&shown, "bad deploy").contains("ruled out by alice"), "{shown}");
    assert!(shown.contains("the old version does it too"), "{shown}");
    desk.type_keys("o");
    assert_eq!(verdict(&desk, 0), Verdict::Open);
    desk.type_keys("<enter>");
    let shown = desk.screen(80, 24);
    for said in ["testing (bob), said alice", "ruled out, said alice", "open, said alice"] {
        assert!(shown.contains(said), "{said}\n{shown}");
    }
}

#[test]
fn b9_the_confirmed_cause_stands_first() {
    let mut desk = Desk::new();
    suspect(&mut desk, "clock skew");
    suspect(&mut desk, "the vendor changed units");
    opened(&mut desk);
    desk.type_keys("jcall rows since 13:36 are x100<enter>");
    let shown = desk.screen(80, 24);
    assert!(shown.find("Confirmed as cause").unwrap() < shown.find("clock skew").unwrap(), "{shown}");
    assert_eq!(desk.incident().hypotheses.cause().unwrap().text, "the vendor changed units");
}

#[test]
fn b9_nothing_typed_means_that_one_tests_it_oneself() {
    let mut desk = Desk::new();
    suspect(&mut desk, "clock skew");
    opened(&mut desk);
    desk.type_keys("t<enter>");
    assert!(desk.screen(80, 24).contains("alice tests it"), "{}", desk.screen(80, 24));
}

#[test]
fn b9_a_retracted_one_is_not_listed() {
    let mut desk = Desk::new();
    suspect(&mut desk, "clock skew");
    let target = desk.incident().hypotheses.all()[0].id;
    desk.order(Command::Retract { target, reason: String::new() });
    opened(&mut desk);
    assert!(desk.screen(80, 24).contains("Nobody has said yet"), "{}", desk.screen(80, 24));
    desk.type_keys("txco<enter>");
    assert_eq!(desk.layers.len(), 1);
}

#[test]
fn b9_in_a_replay_they_are_looked_at() {
    let mut desk = Desk::new();
    suspect(&mut desk, "clock skew");
    desk.live = false;
    opened(&mut desk);
    desk.type_keys("ntxco");
    assert_eq!(desk.said.len(), 5);
    desk.type_keys("<enter>");
    assert!(desk.screen(80, 24).contains("thought of by alice"), "{}", desk.screen(80, 24));
}
