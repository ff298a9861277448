//! That a clock ran out is written once, whoever was there and however often somebody came back.

use std::sync::{Arc, Mutex};

use warroom::incident::Span;
use warroom::room::{Effect, Folded, Input, Room};
use warroom::runtime::drafts::Drafts;

use super::{ask, declared};
use crate::door::{Door, Log, host, policy, start};

fn one_ask(log: &mut Log) {
    log.order("alice", declared("P3"), start());
    log.order("alice", ask("bob", "backups?", start() + Span::from_mins(5)), start());
}

fn rang(door: &Door) -> Vec<String> {
    door.events(0)
        .into_iter()
        .filter(|event| event.contains("ran_out") && event.contains("backups"))
        .collect()
}

#[test]
fn b2_that_a_clock_ran_out_is_one_line_of_the_timeline() {
    let mut door = Door::room((120, 40), one_ask);
    door.wait(Span::from_mins(9));
    assert_eq!(rang(&door).len(), 1, "{:?}", rang(&door));
    let shown = door.screen();
    assert_eq!(shown.matches("ran out: bob: backups?").count(), 1, "{shown}");
    let line = shown.lines().find(|line| line.contains("ran out: bob")).unwrap().to_owned();
    assert!(line.contains("14:05:00"), "at the moment it was due: {line}");
    for _ in 0..3 {
        door.enter(Drafts::default());
        door.wait(Span::from_secs(30));
    }
    assert_eq!(rang(&door).len(), 1, "after coming back: {:?}", rang(&door));
}

#[test]
fn b2_what_ran_out_while_nobody_was_there_is_written_on_coming_back() {
    let mut door = Door::room((120, 40), one_ask);
    door.now = start() + Span::from_hours(2);
    door.enter(Drafts::default());
    assert_eq!(rang(&door).len(), 1);
    let marks = door.events(0).iter().filter(|event| event.contains("look up")).count();
    assert!(marks <= 1, "marks that passed meanwhile are one");
}

/// Two rooms over one journal, as two consoles on two hosts have it: both believe that they carry out what is due.
#[test]
fn b2_two_consoles_write_it_once_and_nobody_is_told_of_the_second_try() {
    let log = Arc::new(Mutex::new(Log::default()));
    one_ask(&mut log.lock().unwrap());
    let open = || Room::new(Folded::of(&log.lock().unwrap().placed()), policy(), host(), true);
    let (mut first, mut second) = (open(), open());
    let due = start() + Span::from_mins(5);
    let drafts = |effects: Vec<Effect>| {
        effects.into_iter().find_map(|effect| match effect {
            Effect::Append(drafts) => Some(drafts),
            _ => None,
        })
    };
    let mine = drafts(first.handle(Input::Tick, due)).expect("the first writes");
    let theirs = drafts(second.handle(Input::Tick, due)).expect("so would the second");
    assert_eq!((mine.len(), theirs.len()), (1, 1));
    let written = log.lock().unwrap().write(mine, due);
    first.handle(Input::Written(written.clone()), due);
    // The journal answers the second with what the first wrote; the order is decided again.
    let after = second.handle(Input::Moved(written), due);
    let said: Vec<&Effect> = after.iter().filter(|it| matches!(it, Effect::Refused { .. })).collect();
    assert!(said.is_empty(), "nobody asked for it: {said:?}");
    assert!(drafts(after).is_none(), "it is not written again");
    assert!(!second.owes_a_ring(due));
}
