//! The rail: one line, what ran out first, what runs out next.

use insta::assert_snapshot;
use warroom::incident::Span;
use warroom::incident::command::ClockCommand;

use super::{ask, clock, declared, p0};
use crate::door::{Door, start};

/// The second line of the screen.
fn rail(door: &Door) -> String {
    door.screen().lines().nth(1).unwrap_or_default().trim().to_owned()
}

#[test]
fn b2_the_rail_shows_the_next_clocks_in_one_line() {
    let mut lines = Vec::new();
    for columns in [60, 80, 120, 200] {
        let mut door = Door::room((columns, 24), p0);
        door.wait(Span::from_secs(9));
        assert!(rail(&door).chars().count() < usize::from(columns), "{}", rail(&door));
        lines.push(format!("{columns:>3} {}", rail(&door)));
    }
    assert_snapshot!("rails", lines.join("\n"));
}

#[test]
fn b2_what_does_not_fit_on_the_rail_is_counted() {
    let mut door = Door::room((80, 24), p0);
    door.wait(Span::from_secs(9));
    let counter = rail(&door).rsplit(" | ").next().unwrap_or_default().to_owned();
    assert!(counter.starts_with('+') && counter[1..].parse::<u8>().is_ok(), "{}", rail(&door));
}

#[test]
fn b2_what_was_heard_is_calm_and_leaves_room_for_what_comes_next() {
    let mut door = Door::room((120, 24), |log| {
        log.order("alice", declared("P3"), start());
        for (who, mins) in [("bob", 1), ("carol", 2), ("dana", 30)] {
            log.order("alice", ask(who, "ready?", start() + Span::from_mins(mins)), start());
        }
        let heard: Vec<String> =
            log.incident().asks.all()[..2].iter().map(|ask| format!("ask/{}", ask.id)).collect();
        for id in heard {
            log.order("alice", clock(&id, ClockCommand::Acknowledge), start() + Span::from_mins(3));
        }
    });
    door.wait(Span::from_secs(5));
    let shown = rail(&door);
    assert!(shown.contains("2 over, heard | ") && shown.contains("dana: ready? in 26:5"), "{shown}");
    assert!(!shown.contains("OVER"), "{shown}");
}

#[test]
fn b2_a_mark_comes_last_but_in_its_last_minute() {
    let mut door = Door::room((160, 24), |log| {
        log.order("alice", declared("P3"), start());
        log.order("alice", ask("bob", "ready?", start() + Span::from_mins(12)), start());
    });
    door.wait(Span::from_mins(5));
    let shown = rail(&door);
    assert!(shown.find("bob: ready?") < shown.find("look up, 10m"), "{shown}");
    door.wait(Span::from_secs(4 * 60 + 10));
    let shown = rail(&door);
    assert!(shown.find("look up, 10m") < shown.find("bob: ready?"), "{shown}");
}
