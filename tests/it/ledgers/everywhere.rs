//! The open follow-ups of every incident, from Home, and how quick that is with two thousand of them.

use std::time::Instant;

use warroom::incident::event::{FollowUp, Priority};
use warroom::incident::words::Status;
use warroom::incident::{EntryId, Span};
use warroom::tui::app::Input;
use warroom::tui::screens::home::{Home, OpenFollowUp, Summary};

use crate::door::{Door, start};

fn summary(number: u32, follow_ups: Vec<OpenFollowUp>) -> Summary {
    Summary {
        reference: format!("01JZ{number:022}"),
        number,
        title: format!("incident {number}"),
        severity: Some("P1".into()),
        status: Status::Resolved,
        drill: number == 2,
        private: false,
        declared: start() - Span::from_days(i64::from(number)),
        last: start(),
        commander: None,
        entries: 12,
        problem: None,
        follow_ups,
        waits: warroom::tui::screens::home::Waits::default(),
    }
}

fn open(id: u32, text: &str, due: Option<&str>, priority: Priority) -> OpenFollowUp {
    let due = due.map(|day| day.parse().unwrap());
    let what =
        FollowUp { text: text.into(), due, priority, owner: Some("dana".into()), ..FollowUp::default() };
    OpenFollowUp { id: EntryId::from_parts(1, u128::from(id)), what }
}

pub fn door(size: (u16, u16)) -> Door {
    let mut door = Door::home(size);
    let one = vec![
        open(1, "move the alerts", None, Priority::Low),
        open(2, "test the restore every month", Some("2026-11-20"), Priority::Medium),
    ];
    let two = vec![
        open(3, "schema contract with the shop team", Some("2026-11-30"), Priority::High),
        open(4, "today's one", Some("2026-11-21"), Priority::Medium),
    ];
    let all = vec![summary(1, one), summary(2, two), summary(3, Vec::new())];
    door.input(Input::Listed(Box::new(Home::new(all, Vec::new()))));
    door
}

#[test]
fn s4_14_home_lists_the_open_follow_ups_of_every_incident() {
    let mut door = door((100, 30));
    let shown = door.keys("f").screen();
    assert!(shown.contains("4 open, 1 OVERDUE"), "{shown}");
    let order = ["test the restore", "schema contract", "today's one", "move the alerts"];
    let lines: Vec<usize> =
        order.iter().map(|text| shown.lines().position(|line| line.contains(text)).unwrap()).collect();
    assert!(lines.is_sorted(), "{shown}");
    for text in [
        "OVERDUE since 2026-11-20",
        "due 2026-11-30",
        "due today",
        "no day",
        "dana",
        "INC-0001 incident 1",
        "INC-0002 DRILL incident 2",
    ] {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
}

#[test]
fn s4_14_enter_goes_to_the_incident() {
    let mut door = door((80, 24));
    door.keys("fj<enter>");
    assert_eq!(door.asked, [format!("enter 01JZ{:022}", 2)]);
    let mut none = Door::home((80, 24));
    assert!(none.keys("f").screen().contains("None was opened yet"), "{}", none.screen());
    assert!(!none.keys("<enter><esc>").screen().contains("None was opened yet"), "{}", none.screen());
}

#[test]
fn s4_14_it_fits_every_size() {
    for size in crate::desk::SIZES.into_iter().chain([(40, 12)]) {
        door(size).keys("fj").screen();
    }
}

#[test]
fn s4_14_two_thousand_incidents_are_listed_at_once() {
    let all: Vec<Summary> = (0..2_000)
        .map(|number| {
            let follow_ups =
                (0..3).map(|n| open(number * 3 + n, "a thing to do", Some("2026-11-20"), Priority::Medium));
            summary(number, follow_ups.collect())
        })
        .collect();
    let mut door = Door::home((80, 24));
    door.input(Input::Listed(Box::new(Home::new(all, Vec::new()))));
    let begun = Instant::now();
    let shown = door.keys("fG").screen();
    // Without optimisation, on a busy machine: far more than it takes, far less than reading journals would.
    assert!(begun.elapsed().as_millis() < 2_000, "{:?}", begun.elapsed());
    assert!(shown.contains("a thing to do"), "{shown}");
}
