//! The guards: no "resolved" without a verification, no "closed" without a word on the data, back with a reason.

use warroom::incident::Command;
use warroom::incident::command::{AskCommand, FollowUpCommand, ImpactCommand};
use warroom::incident::event::{DataLoss, Event, FollowUp, ImpactChange, StatusEvent};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Status;
use warroom::tui::actions::{Action, RoomAction};
use warroom::tui::layers::status;

use super::desk;
use crate::desk::{Desk, SIZES};

fn opened(desk: &mut Desk) {
    let layer = status::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
}

fn moved(desk: &mut Desk, to: Status, reason: &str) {
    desk.order(Command::Status { to, reason: reason.into() });
}

fn resolved() -> Desk {
    let mut desk = desk("data");
    moved(&mut desk, Status::Verifying, "");
    moved(&mut desk, Status::Resolved, "alice: counts match");
    desk
}

fn told(desk: &Desk) -> Option<(DataLoss, &str)> {
    desk.incident().ledger.stated.as_ref().map(|stated| (stated.data, stated.text.as_str()))
}

#[test]
fn s4_2_resolving_asks_who_checked_what_and_takes_no_silence() {
    let mut desk = desk("data");
    moved(&mut desk, Status::Verifying, "");
    opened(&mut desk);
    desk.type_keys("r");
    assert!(
        desk.screen(80, 24).contains("Who checked what, and what did they see?"),
        "{}",
        desk.screen(80, 24)
    );
    desk.type_keys("<enter>");
    assert!(desk.screen(80, 24).contains("needs the verification"), "{}", desk.screen(80, 24));
    desk.type_keys("bob: row counts match<enter>");
    let turn = desk.incident().statuses.last().unwrap();
    assert_eq!((turn.to, turn.reason.as_str()), (Status::Resolved, "bob: row counts match"));
}

#[test]
fn s4_2_where_nobody_has_verified_that_is_offered_first() {
    let mut desk = desk("data");
    moved(&mut desk, Status::Fixing, "");
    opened(&mut desk);
    desk.type_keys("r");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("Nobody has verified yet: the status is fixing"), "{shown}");
    insta::assert_snapshot!("unverified_80x24", shown);
    desk.type_keys("<enter>");
    assert_eq!(desk.incident().status, Status::Verifying);
    moved(&mut desk, Status::Fixing, "");
    opened(&mut desk);
    desk.type_keys("rrcarol: the report is right again<enter>");
    assert_eq!(desk.incident().status, Status::Resolved);
}

#[test]
fn s4_2_a_post_mortem_is_no_way_round_the_verification() {
    let mut desk = desk("data");
    opened(&mut desk);
    desk.type_keys("G<up><enter>");
    assert!(desk.screen(80, 24).contains("Nobody has verified yet"), "{}", desk.screen(80, 24));
    assert_eq!(desk.incident().status, Status::Alerted);
}

#[test]
fn s4_2_closing_states_the_data_loss_explicitly() {
    let mut desk = resolved();
    opened(&mut desk);
    desk.type_keys("c");
    insta::assert_snapshot!("close_80x24", desk.screen(80, 24));
    desk.type_keys("<enter>");
    assert!(desk.screen(80, 24).contains("say what became of the data"), "{}", desk.screen(80, 24));
    desk.type_keys("<right><right><right><enter>");
    assert!(desk.screen(80, 24).contains("lost data needs words"), "{}", desk.screen(80, 24));
    assert_eq!(
        (told(&desk), desk.incident().status),
        (None, Status::Resolved),
        "nothing is written by halves"
    );
    desk.type_keys("<tab>orders of 13:00 to 13:07<enter>");
    assert_eq!(told(&desk), Some((DataLoss::Lost, "orders of 13:00 to 13:07")));
    assert_eq!(desk.incident().status, Status::Closed);
}

#[test]
fn s4_2_what_was_said_of_the_data_is_not_asked_again() {
    let mut desk = resolved();
    desk.order(Command::Impact(ImpactCommand::State { data: DataLoss::None, text: String::new() }));
    opened(&mut desk);
    desk.type_keys("c<enter>");
    assert_eq!(desk.incident().status, Status::Closed);
}

#[test]
fn s4_2_what_is_open_is_listed_before_it_is_closed_and_one_key_away() {
    let mut desk = resolved();
    let follow_up = FollowUp { text: "a monthly restore drill".into(), ..FollowUp::default() };
    desk.order(Command::FollowUp(FollowUpCommand::Open(follow_up)));
    desk.order(Command::Ask(AskCommand::Ask {
        who: "bob".into(),
        what: "are the backups good".into(),
        due: None,
    }));
    let change = ImpactChange { dataset: "orders".into(), ..ImpactChange::default() };
    desk.order(Command::Impact(ImpactCommand::Record(change)));
    desk.order(Command::Note { kind: NoteKind::Todo, text: "write the schema contract".into() });
    opened(&mut desk);
    desk.type_keys("c");
    let shown = desk.screen(120, 40);
    for text in [
        "follow-ups open (1)",
        "a monthly restore drill",
        "bob: are the backups good",
        "orders",
        "schema contract",
    ] {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
    insta::assert_snapshot!("still_open_80x24", desk.screen(80, 24));
    insta::assert_snapshot!("still_open_120x40", shown);
    desk.type_keys("F");
    assert_eq!(desk.acts, [Action::Room(RoomAction::FollowUps)]);
    opened(&mut desk);
    desk.type_keys("cc<right><enter>");
    let refused = desk.screen(80, 24);
    assert!(refused.contains("not recovered: orders"), "{refused}");
    desk.type_keys("<tab><tab>rebuilt next week, finance knows<enter>");
    assert_eq!(desk.incident().status, Status::Closed);
}

#[test]
fn s4_2_closing_what_was_never_resolved_asks_for_the_verification_too() {
    let mut desk = desk("data");
    opened(&mut desk);
    desk.type_keys("c<right><enter>");
    assert!(desk.screen(80, 24).contains("needs the verification"), "{}", desk.screen(80, 24));
    desk.type_keys("<tab><tab>alice: a false alarm, the counts match<enter>");
    assert_eq!((desk.incident().status, told(&desk)), (Status::Closed, Some((DataLoss::None, ""))));
}

#[test]
fn s4_2_reopening_and_undo_stay_possible_with_a_reason() {
    let mut desk = resolved();
    opened(&mut desk);
    desk.type_keys("r<enter>");
    assert!(desk.screen(80, 24).contains("needs a reason"), "{}", desk.screen(80, 24));
    desk.type_keys("prices wrong again<enter>");
    assert_eq!(desk.incident().status, Status::Verifying, "where it was before");
    let event = Event::Status(StatusEvent::Moved {
        from: Status::Resolved,
        to: Status::Verifying,
        reason: "prices wrong again".into(),
    });
    let entry = desk.incident().statuses.last().unwrap().id;
    let undo = Command::Undo { entry, event, reason: "it was another table".into() };
    desk.order(undo);
    let turn = desk.incident().statuses.last().unwrap();
    assert_eq!((turn.to, turn.reason.as_str()), (Status::Resolved, "it was another table"));
}

#[test]
fn s4_2_a_replay_closes_nothing() {
    let mut desk = resolved();
    desk.live = false;
    opened(&mut desk);
    desk.type_keys("c");
    assert_eq!((desk.said.len(), desk.incident().status), (1, Status::Resolved));
}

#[test]
fn s4_2_every_size_holds_the_questions() {
    for keys in ["r", "rr", "c"] {
        let mut desk = desk("data");
        opened(&mut desk);
        desk.type_keys(keys);
        for (columns, lines) in SIZES.into_iter().chain([(40, 12), (120, 40)]) {
            desk.screen(columns, lines);
        }
    }
}
