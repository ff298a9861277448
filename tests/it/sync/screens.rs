//! The outbox on the screen: lights, what needs somebody and the keys that mend it, at several sizes.

use warroom::incident::command::Declare;
use warroom::incident::event::{Declared, FailureClass};
use warroom::incident::words::Status;
use warroom::incident::{Command, Span};
use warroom::outbox::Outcome;

use super::world::routes;
use crate::door::{Door, Log, start};

/// What a service says to each act, by its title; everything else is confirmed.
type Says = fn(&str) -> Option<Outcome>;

fn declared(log: &mut Log) {
    let what =
        Declared { title: "orders: prices x100".into(), status: Status::Triage, ..Declared::default() };
    let declare =
        Declare { what, severity: Some("P1".into()), commander: Some("alice".into()), ..Declare::default() };
    log.order("alice", Command::Declare(declare), start());
}

fn room(size: (u16, u16), says: Says) -> Door {
    let mut door = Door::room_with(size, |setup| setup.routes = routes(), declared);
    door.says = says;
    door
}

fn fine(_: &str) -> Option<Outcome> {
    None
}

fn troubled(title: &str) -> Option<Outcome> {
    let failed = |class, message: &str| Some(Outcome::failed(class, message));
    match title {
        "first notice" => failed(
            FailureClass::Permanent,
            "Slack: not_in_channel: invite the bot to the channel, then retry",
        ),
        "people" => None,
        "priority P1" | "P1" => {
            Some(Outcome::CannotTell { message: "nothing there tells whether it was set".into() })
        }
        title if title.starts_with("P1 orders") => None,
        _ => None,
    }
}

fn locked_out(_: &str) -> Option<Outcome> {
    Some(Outcome::failed(
        FailureClass::Auth,
        "Slack: token_revoked: run `warroom connect slack` with a new token",
    ))
}

fn silent(_: &str) -> Option<Outcome> {
    Some(Outcome::failed(FailureClass::Transient, "no connection: the name cannot be resolved"))
}

/// The footer.
fn last_line(door: &Door) -> String {
    door.screen().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn each_service_has_a_light_and_says_for_how_long_it_has_not_heard() {
    let mut door = room((160, 40), fine);
    assert!(last_line(&door).contains("Slack ok  PagerDuty ok  Jira ok  saved"), "{}", last_line(&door));
    door.says = silent;
    door.keys(":channel open<enter>").wait(Span::from_mins(6));
    let line = last_line(&door);
    assert!(line.contains("Slack has not heard this for 6m"), "{line}");
    assert!(line.contains("PagerDuty ok"), "{line}");
    door.says = fine;
    door.wait(Span::from_mins(6));
    assert!(last_line(&door).contains("Slack ok  PagerDuty ok  Jira ok  saved"), "{}", last_line(&door));
}

#[test]
fn on_a_narrow_screen_what_is_well_gives_way_to_what_is_not() {
    let mut door = room((80, 24), fine);
    assert!(last_line(&door).contains("ok"), "{}", last_line(&door));
    door.says = locked_out;
    door.keys(":channel open<enter>").wait(Span::from_secs(10));
    let line = last_line(&door);
    assert!(line.contains("Slack needs you") && line.contains("saved"), "{line}");
    door.resize(62, 18);
    let line = last_line(&door);
    assert!(line.contains("Slack needs you") && line.contains("saved") && !line.contains("Jira"), "{line}");
}

#[test]
fn j_shows_what_it_will_do_and_does_it_after_a_yes() {
    let mut door = room((120, 40), fine);
    door.keys("J");
    insta::assert_snapshot!("join_120x40", door.screen());
    let before = door.entries().len();
    door.keys("n");
    assert_eq!(door.entries().len(), before, "no is no");
    door.keys("Jy");
    assert!(door.events(before).iter().any(|event| event.contains("inc-20261121-orders-prices-x100")));
}

#[test]
fn the_outbox_shows_what_needs_somebody_and_the_keys_that_mend_it() {
    for (size, name) in [((120, 40), "outbox_120x40"), ((80, 24), "outbox_80x24")] {
        let mut door = room(size, troubled);
        door.keys("Jy").wait(Span::from_secs(90)).keys("O");
        insta::assert_snapshot!(name, door.screen());
    }
}

#[test]
fn a_refused_act_is_edited_and_goes_out_with_other_words() {
    fn too_long(title: &str) -> Option<Outcome> {
        let refused = Outcome::failed(FailureClass::Permanent, "Slack: msg_too_long: shorten it");
        (!title.contains("short")).then_some(refused).filter(|_| title.contains("P1") || title.is_empty())
    }
    let mut door = room((100, 30), fine);
    door.keys(":channel open<enter>").wait(Span::from_secs(30));
    door.says = too_long;
    door.keys(":channel post a very long story<enter>").wait(Span::from_secs(2)).keys("O");
    assert!(door.screen().contains("msg_too_long"), "{}", door.screen());
    door.keys("e");
    insta::assert_snapshot!("edit_100x30", door.screen());
    door.keys("<tab>short<ctrl-s>").wait(Span::from_secs(2));
    let events = door.events(0).join("\n");
    assert!(events.contains("\"reworded\"") && events.contains("\"title\":\"short\""), "{events}");
    assert!(!door.screen().contains("msg_too_long"), "{}", door.screen());
}

#[test]
fn a_doubt_is_decided_by_whoever_has_looked() {
    fn nobody_knows(title: &str) -> Option<Outcome> {
        title.is_empty().then_some(Outcome::CannotTell { message: "nothing there tells".into() })
    }
    let mut door = room((100, 30), fine);
    door.keys(":channel open<enter>").wait(Span::from_secs(30));
    door.says = nobody_knows;
    door.keys(":channel post hello<enter>").wait(Span::from_secs(2)).keys("O");
    assert!(door.screen().contains("DID IT ARRIVE?"), "{}", door.screen());
    door.keys("ay");
    assert!(door.events(0).last().unwrap().contains("seen by a person"), "{:?}", door.events(0).last());
    assert!(!door.screen().contains("DID IT ARRIVE?"));
}

#[test]
fn a_replay_shows_the_outbox_of_its_moment_and_tells_nobody() {
    let mut door = room((100, 30), fine);
    door.keys("Jy").wait(Span::from_secs(90));
    let before = door.entries().len();
    door.replay();
    door.keys("<end>O").keys("nrxaJ");
    assert!(door.screen().contains("Outbox"), "{}", door.screen());
    assert_eq!(door.entries().len(), before);
}

#[test]
fn p_pages_whoever_is_on_the_ladder_after_a_yes() {
    let policy = include_str!("../../../sample-data/policies/runbook.toml");
    let mut door = Door::room_with(
        (100, 40),
        |setup| setup.routes = routes(),
        |log| {
            declared(log);
            let pin = warroom::incident::command::PinnedPolicy {
                name: "runbook".into(),
                digest: "0".repeat(64),
                text: policy.into(),
            };
            log.order("alice", Command::Pin(vec![pin]), start());
            let set = Command::Severity { to: "CRITICAL".into(), reason: "down".into() };
            log.order("alice", set, start());
        },
    );
    door.keys(":page take PT4KHLK<enter>").wait(Span::from_secs(2));
    door.keys("Pp");
    assert!(door.screen().contains("page lead-engineer"), "{}", door.screen());
    door.keys("y");
    assert!(door.events(0).iter().any(|event| event.contains("PLEAD01")), "the configured id is paged");
}
