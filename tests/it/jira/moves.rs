//! Moving tickets.

use serde_json::{Value, json};
use warroom::clients::Client;
use warroom::incident::event::{FailureClass, TicketDeed};
use warroom::outbox::Outcome;
use wiremock::MockServer;

use super::*;

const ISSUE: &str = "/rest/api/3/issue/DATA-1";
const TRANSITIONS: &str = "/rest/api/3/issue/DATA-1/transitions";

fn to(word: &str) -> Call {
    call(TicketDeed::Move { follow_up: None, to: word.into() }, word, "")
}

async fn stands_at(server: &MockServer, id: &str, name: &str) {
    let status = json!({ "id": id, "name": name });
    answers(server, "GET", ISSUE, 200, json!({ "key": "DATA-1", "fields": { "status": status } })).await;
}

async fn offers(server: &MockServer, offered: Value) {
    answers(server, "GET", TRANSITIONS, 200, json!({ "transitions": offered })).await;
}

#[tokio::test]
async fn a_word_of_ours_becomes_the_transition_of_that_name_or_to_that_status() {
    let offered = json!([
        { "id": "9", "name": "done", "to": { "id": "5", "name": "Done" }, "isAvailable": false },
        { "id": "11", "name": "START WORK", "to": { "id": "3", "name": "In Progress" } },
        { "id": "31", "name": "Finish", "to": { "id": "5", "name": "DONE" } },
    ]);
    for (word, id, status) in [("diagnosing", "11", "In Progress"), ("Closed", "31", "DONE")] {
        let server = MockServer::start().await;
        stands_at(&server, "1", "To Do").await;
        offers(&server, offered.clone()).await;
        answers(&server, "POST", TRANSITIONS, 204, json!(null)).await;
        assert_eq!(confirmed(deliver(&cloud(&server), &to(word)).await).0, status);
        assert_eq!(
            sent(&server, "POST").await,
            [(TRANSITIONS.to_owned(), json!({ "transition": { "id": id } }))]
        );
    }
}

#[tokio::test]
async fn a_ticket_that_is_there_already_is_left_alone() {
    let server = MockServer::start().await;
    stands_at(&server, "5", "done").await;
    let (class, what, _) = failed(deliver(&cloud(&server), &to("closed")).await);
    assert_eq!((class, what.as_str()), (FailureClass::AlreadyDone, "done"));
    assert!(sent(&server, "POST").await.is_empty());
}

#[tokio::test]
async fn a_transition_that_is_gone_is_answered_with_those_that_are_offered() {
    let server = MockServer::start().await;
    stands_at(&server, "1", "To Do").await;
    offers(
        &server,
        json!([{ "id": "2", "name": "Begin\u{1b}[5m", "to": { "id": "3", "name": "In\u{202e} Progress" } }]),
    )
    .await;
    let (class, message, _) = failed(deliver(&cloud(&server), &to("closed")).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("\"Begin\" (to In Progress)"), "{message}");
    assert!(message.contains("[jira].transitions.closed"), "{message}");
}

#[tokio::test]
async fn a_word_that_is_not_mapped_names_the_setting() {
    let server = MockServer::start().await;
    let (class, message, _) = failed(deliver(&cloud(&server), &to("stable")).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("set [jira].transitions.stable"), "{message}");
}

#[tokio::test]
async fn two_who_move_it_at_once_are_a_passing_failure() {
    let server = MockServer::start().await;
    stands_at(&server, "1", "To Do").await;
    offers(&server, json!([{ "id": "2", "name": "Done" }])).await;
    answers(&server, "POST", TRANSITIONS, 409, json!({ "errorMessages": ["in use"] })).await;
    assert_eq!(failed(deliver(&cloud(&server), &to("closed")).await).0, FailureClass::Transient);
}

#[tokio::test]
async fn a_doubtful_move_is_judged_by_where_the_ticket_stands() {
    let server = MockServer::start().await;
    stands_at(&server, "5", "Done").await;
    assert_eq!(confirmed(cloud(&server).find(&to("closed")).await).0, "Done");
    let server = MockServer::start().await;
    stands_at(&server, "1", "To Do").await;
    offers(&server, json!([{ "id": "2", "name": "Done", "to": { "id": "5", "name": "Done" } }])).await;
    assert_eq!(cloud(&server).find(&to("closed")).await, Outcome::NotThere);
}

#[tokio::test]
async fn a_ticket_that_this_account_moved_since_the_attempt_was_moved_whatever_it_offers_now() {
    for (author, is_ours) in [("me", true), ("somebody", false)] {
        let server = MockServer::start().await;
        let history = json!({ "id": "1", "created": "2026-11-30T12:00:03.000+0000", "author": { "accountId": author },
            "items": [{ "field": "status", "to": "3", "toString": "In Progress" }] });
        let issue = json!({ "key": "DATA-1", "fields": { "status": { "id": "3", "name": "In Progress" } },
            "changelog": { "histories": [history] } });
        answers(&server, "GET", ISSUE, 200, issue).await;
        answers(&server, "GET", "/rest/api/3/myself", 200, json!({ "accountId": "me" })).await;
        offers(&server, json!([])).await;
        let outcome = cloud(&server).find(&to("diagnosing")).await;
        match is_ours {
            true => assert_eq!(confirmed(outcome).0, "Start work"),
            false => assert!(matches!(outcome, Outcome::CannotTell { .. }), "{outcome:?}"),
        }
    }
}
