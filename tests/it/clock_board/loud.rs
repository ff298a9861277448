//! Loud once: the sentence when a clock runs out, one message for several, the bell only without the focus.

use crossterm::event::Event as TermEvent;
use warroom::incident::Command;
use warroom::incident::Span;
use warroom::runtime::drafts::Drafts;
use warroom::tui::app::Input;

use super::{ask, declared};
use crate::door::{Door, Log, start};

/// A P2 without a ladder within the minutes of a test, and one ask.
fn one_ask(log: &mut Log) {
    log.order("alice", declared("P3"), start());
    log.order("alice", ask("bob", "backups?", start() + Span::from_mins(5)), start());
}

fn bells(door: &Door) -> usize {
    door.asked.iter().filter(|asked| *asked == "bell").count()
}

const SENTENCE: &str = "bob was asked \"backups?\": what is the answer?";

#[test]
fn b2_a_clock_is_loud_once_then_stays_visible() {
    let mut door = Door::room((120, 40), one_ask);
    door.wait(Span::from_secs(5 * 60 - 2));
    assert!(!door.screen().contains(SENTENCE), "{}", door.screen());
    door.wait(Span::from_secs(2));
    assert!(door.screen().contains(SENTENCE), "{}", door.screen());
    assert_eq!(bells(&door), 0, "somebody looks");
    door.wait(Span::from_mins(1));
    let shown = door.screen();
    assert!(!shown.contains(SENTENCE) && shown.contains("bob: backups? OVER 1m"), "{shown}");
}

#[test]
fn b2_the_bell_rings_only_without_the_focus() {
    let mut door = Door::room((120, 40), one_ask);
    door.input(Input::Terminal(TermEvent::FocusLost));
    door.wait(Span::from_mins(6));
    assert_eq!(bells(&door), 1);
}

#[test]
fn b2_several_at_once_are_one_message() {
    let mut door = Door::room((120, 40), |log| {
        one_ask(log);
        log.order("alice", ask("carol", "rows?", start() + Span::from_mins(5)), start());
        log.order("alice", ask("dana", "who reads it?", start() + Span::from_mins(5)), start());
    });
    door.input(Input::Terminal(TermEvent::FocusLost));
    door.wait(Span::from_mins(5));
    let shown = door.screen();
    assert!(
        shown.contains("3 clocks ran out: bob: backups?, carol: rows?, dana: who reads it?; t shows them"),
        "{shown}"
    );
    assert_eq!(bells(&door), 1, "one message, one bell");
}

#[test]
fn b2_after_a_gap_one_sentence_says_what_ran_out_meanwhile() {
    let mut door = Door::room((120, 40), |log| {
        one_ask(log);
        log.order("alice", ask("carol", "rows?", start() + Span::from_mins(7)), start());
    });
    door.now = start() + Span::from_mins(9);
    door.input(Input::Tick);
    assert!(
        door.screen().contains("2 clocks ran out: bob: backups?, carol: rows?; t shows them"),
        "{}",
        door.screen()
    );
    door.enter(Drafts::default());
    assert!(
        door.screen().contains("ran out meanwhile: bob: backups?, carol: rows?; t shows them"),
        "{}",
        door.screen()
    );
}

#[test]
fn b2_put_off_it_rings_again_at_the_end_and_heard_it_does_not() {
    let mut door = Door::room((120, 40), one_ask);
    door.input(Input::Terminal(TermEvent::FocusLost));
    door.wait(Span::from_mins(5));
    assert_eq!(bells(&door), 1);
    door.keys("tz10m<tab>he is in the lift<enter><esc>");
    let put_off = door.screen();
    assert!(put_off.contains("bob: backups? put off to 14:1"), "calmer, still there:\n{put_off}");
    door.wait(Span::from_mins(9));
    assert_eq!(bells(&door), 1, "it is put off");
    door.wait(Span::from_mins(2));
    assert_eq!(bells(&door), 2, "{}", door.screen());
    assert!(door.screen().contains("bob: backups? OVER"), "{}", door.screen());
    door.keys("th<esc>").wait(Span::from_mins(30));
    assert_eq!(bells(&door), 2, "it was heard");
    assert!(door.screen().contains("bob: backups? heard, over 41m"), "{}", door.screen());
}

#[test]
fn b2_marks_speak_softly() {
    let mut door = Door::room((120, 40), |log| drop(log.order("alice", declared("P3"), start())));
    door.input(Input::Terminal(TermEvent::FocusLost));
    door.wait(Span::from_mins(10));
    let shown = door.screen();
    assert!(shown.contains("10m in: what has changed?"), "{shown}");
    assert_eq!(bells(&door), 0);
    door.wait(Span::from_mins(10));
    assert!(door.screen().contains("20m in: what has changed?"), "{}", door.screen());
    assert!(!door.screen().contains("OVER"), "{}", door.screen());
    let noted = door.events(0).iter().filter(|event| event.contains("ran_out")).count();
    assert_eq!(noted, 2, "each mark is written once");
}

#[test]
fn s0_2_when_a_rung_is_due_the_message_says_whom_to_call_and_how() {
    let Command::Declare(mut declare) = declared("P0") else { return };
    // Without the pipeline's, who is told at once.
    declare.policy.retain(|part| part.name != "pipeline");
    let declared = Command::Declare(declare);
    let mut door = Door::room((120, 40), |log| drop(log.order("alice", declared, start())));
    let before = door.wait(Span::from_mins(3)).screen();
    assert!(before.contains("escalate to lead engineer in 01:5"), "it appears before it is due:\n{before}");
    door.wait(Span::from_mins(2));
    let shown = door.screen().replace("\n ", " ");
    assert!(shown.contains("call the lead engineer (Ada Adeyemi, +44 20 7946 0002, phone or Teams) and write down the answer. P shows whom to call."), "{shown}");
}
