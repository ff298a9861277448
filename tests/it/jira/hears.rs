//! What is heard of tickets.

use serde_json::{Value, json};
use warroom::clients::Client;
use warroom::incident::event::Slot;
use warroom::outbox::news::{Batch, Pull, What};
use wiremock::MockServer;

use super::*;

fn pull(cursor: Option<String>) -> Pull {
    let follow_up = Slot::FollowUp(OP.parse().unwrap());
    let places =
        vec![(Slot::Channel, "C1".into()), (Slot::Ticket, "DATA-1".into()), (follow_up, "DATA-9".into())];
    Pull { places, cursor, since: NOON, now: NOON, ..Pull::default() }
}

/// DATA-1 as given; DATA-9 has been deleted.
async fn server(api: &str, issue: Value, comments: Value) -> MockServer {
    let server = MockServer::start().await;
    answers(&server, "GET", &format!("{api}/issue/DATA-1"), 200, issue).await;
    answers(&server, "GET", &format!("{api}/issue/DATA-9"), 404, json!({ "errorMessages": ["gone"] })).await;
    answers(
        &server,
        "GET",
        &format!("{api}/issue/DATA-1/comment"),
        200,
        json!({ "total": 1, "comments": comments }),
    )
    .await;
    answers(&server, "GET", &format!("{api}/myself"), 200, json!({ "accountId": "me", "name": "me" })).await;
    server
}

fn issue(updated: &str, histories: Value) -> Value {
    let status = json!({ "id": "5", "name": "Done\u{202e}", "statusCategory": { "id": 3, "key": "done" } });
    json!({ "key": "DATA-1", "fields": { "status": status, "updated": updated }, "changelog": { "histories": histories } })
}

fn at(time: &str) -> String {
    format!("2026-11-30T{time}.000+0000")
}

#[tokio::test]
async fn statuses_and_assignees_are_heard_with_stable_ids_and_ours_are_echoes() {
    let change = |id: &str, time: &str, who: &str, field: &str, to: &str, name: &str| {
        json!({ "id": id, "created": at(time), "author": { "accountId": who, "displayName": who },
            "items": [{ "field": field, "to": to, "toString": name }, { "field": "rank" }] })
    };
    let histories = json!([
        change("13", "12:03:00", "me", "status", "5", "Done"),
        change("12", "12:02:00", "bob", "assignee", "b", "Bob B"),
        change("11", "12:01:00", "bob", "status", "3", "In Progress"),
        change("10", "11:59:00", "bob", "status", "1", "Before the incident"),
    ]);
    let server = server("/rest/api/3", issue(&at("12:03:00"), histories), json!([])).await;
    let batch = cloud(&server).pull(&pull(None)).await.unwrap();
    let ids: Vec<&str> = batch.news.iter().map(|one| one.remote.as_str()).collect();
    assert_eq!(ids, ["DATA-1/status/11", "DATA-1/assignee/12", "DATA-1/status/13"]);
    let moved = |status: &str, done| What::Moved { slot: Slot::Ticket, status: status.into(), done };
    assert_eq!(batch.news[0].what, moved("In Progress", false));
    assert_eq!(batch.news[1].what, What::Assigned { slot: Slot::Ticket, who: "Bob B".into() });
    assert_eq!(batch.news[2].what, moved("Done", true));
    let echoes: Vec<bool> = batch.news.iter().map(|one| one.echo_of.is_some()).collect();
    assert_eq!(echoes, [false, false, true]);
}

fn comment(id: &str, created: &str, updated: &str, body: Value) -> Value {
    json!({ "id": id, "created": at(created), "updated": at(updated), "body": body,
        "author": { "accountId": "bob", "name": "bob", "displayName": "Bob\u{1b}[1m", "emailAddress": "bob@example.com" } })
}

#[tokio::test]
async fn cloud_comments_become_plain_text_and_ours_carry_their_act() {
    let rich = json!({ "type": "doc", "version": 1, "content": [
        { "type": "paragraph", "content": [
            { "type": "mention", "attrs": { "id": "x", "text": "@Ada" } }, { "type": "text", "text": " look\u{1b}[2J" },
            { "type": "hardBreak" }, { "type": "text", "text": "here", "marks": [{ "type": "link", "attrs": { "href": "https://x.example" } }] },
        ] },
        { "type": "bulletList", "content": [{ "type": "listItem", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": "one" }] }] }] },
    ] });
    let mut ours = comment("2", "12:05:00", "12:05:00", json!({}));
    ours["properties"] = json!([{ "key": "warroom.op", "value": OP }]);
    let server = server(
        "/rest/api/3",
        issue(&at("12:05:00"), json!([])),
        json!([ours, comment("1", "12:01:00", "12:01:00", rich)]),
    )
    .await;
    let news = cloud(&server).pull(&pull(None)).await.unwrap().news;
    assert_eq!(news[0].remote, "DATA-1/comment/1");
    assert_eq!(news[0].what, What::Said { text: "@Ada look\nhere (https://x.example)\n- one".into() });
    assert_eq!((news[0].author.name.as_str(), news[0].author.mail.as_str()), ("Bob", "bob@example.com"));
    assert_eq!(news[0].link, Some(format!("{}/browse/DATA-1?focusedCommentId=1", server.uri())));
    assert_eq!(news[1].echo_of.as_deref(), Some(OP));
}

#[tokio::test]
async fn data_center_comments_lose_their_markup_and_ours_their_tag() {
    let theirs = json!("see [the page|https://x.example] \\{a\\} [~ada]");
    let ours = json!(format!("done\n\n^{TAG}^"));
    let comments =
        json!([comment("1", "12:01:00", "12:01:00", theirs), comment("2", "12:02:00", "12:02:00", ours)]);
    let server = server("/rest/api/2", issue(&at("12:02:00"), json!([])), comments).await;
    let news = data_center(&server).pull(&pull(None)).await.unwrap().news;
    assert_eq!(news[0].what, What::Said { text: "see the page (https://x.example) {a} @ada".into() });
    assert_eq!((&news[1].what, news[1].echo_of.as_deref()), (&What::Said { text: "done".into() }, Some(OP)));
}

async fn again(cursor: Option<String>, updated: &str, comments: Value) -> (Batch, usize) {
    let server = server("/rest/api/3", issue(&at(updated), json!([])), comments).await;
    let batch = cloud(&server).pull(&pull(cursor)).await.unwrap();
    (batch, server.received_requests().await.unwrap().len())
}

#[tokio::test]
async fn a_ticket_that_did_not_change_costs_one_call_and_a_changed_comment_is_an_edit() {
    let words = |text: &str| json!({ "type": "doc", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": text }] }] });
    let (first, _) =
        again(None, "12:01:00", json!([comment("1", "12:01:00", "12:01:00", words("old"))])).await;
    assert_eq!(first.news.len(), 1);
    let (same, calls) = again(first.cursor.clone(), "12:01:00", json!([])).await;
    assert_eq!((same.news.len(), same.cursor, calls), (0, None, 2), "one for each ticket");
    let comments = json!([
        comment("1", "12:01:00", "12:09:00", words("new")),
        comment("2", "12:08:00", "12:08:00", words("other")),
        comment("0", "11:01:00", "11:01:00", words("before the incident")),
    ]);
    let (edited, _) = again(first.cursor, "12:09:00", comments).await;
    let of = "DATA-1/comment/1".to_owned();
    let edit = edited.news.iter().find(|one| matches!(one.what, What::Edited { .. })).expect("an edit");
    assert_eq!(edit.what, What::Edited { of, text: "new".into() });
    assert!(edit.remote.starts_with("DATA-1/comment/1@"));
    assert!(edited.news.iter().any(|one| one.remote == "DATA-1/comment/2"));
    assert!(!edited.news.iter().any(|one| one.remote == "DATA-1/comment/0"));
}

#[tokio::test]
async fn without_a_history_another_status_is_still_heard() {
    let stands = |id: &str, time: &str| json!({ "key": "DATA-1", "fields": { "status": { "id": id, "name": id, "statusCategory": { "key": "done" } }, "updated": at(time) } });
    let before = server("/rest/api/2", stands("1", "12:01:00"), json!([])).await;
    let first = data_center(&before).pull(&pull(None)).await.unwrap();
    assert!(first.news.is_empty());
    let after = server("/rest/api/2", stands("5", "12:02:00"), json!([])).await;
    let news = data_center(&after).pull(&pull(first.cursor)).await.unwrap().news;
    assert_eq!(news[0].what, What::Moved { slot: Slot::Ticket, status: "5".into(), done: true });
    assert!(news[0].remote.starts_with("DATA-1/status/5@"));
}

#[tokio::test]
async fn a_cursor_that_cannot_be_read_starts_at_the_beginning_and_a_lost_ticket_is_said_when_it_is_the_only_one()
 {
    let (batch, _) = again(
        Some("{not ours".into()),
        "12:01:00",
        json!([comment("1", "12:01:00", "12:01:00", json!("x"))]),
    )
    .await;
    assert_eq!(batch.news.len(), 1);
    let server = server("/rest/api/3", json!({}), json!([])).await;
    let mut only = pull(None);
    only.places.remove(1);
    assert!(cloud(&server).pull(&only).await.is_err());
}
