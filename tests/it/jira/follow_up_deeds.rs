//! Links, assignees and remote links.

use serde_json::json;
use warroom::clients::Client;
use warroom::incident::event::{FailureClass, TicketDeed};
use warroom::outbox::Outcome;
use wiremock::MockServer;

use super::*;

fn link() -> Call {
    let Ok(follow_up) = OP.parse() else { panic!("an id") };
    call(TicketDeed::Link { follow_up }, "", "")
}

#[tokio::test]
async fn a_follow_up_is_linked_once_and_without_a_comment() {
    let server = MockServer::start().await;
    answers(
        &server,
        "GET",
        "/rest/api/3/issue/DATA-1",
        200,
        json!({ "key": "DATA-1", "fields": { "issuelinks": [] } }),
    )
    .await;
    answers(&server, "POST", "/rest/api/3/issueLink", 201, json!(null)).await;
    assert_eq!(confirmed(deliver(&cloud(&server), &link()).await).0, "DATA-1/link/DATA-2");
    let wanted = json!({ "type": { "name": "Relates" }, "inwardIssue": { "key": "DATA-1" }, "outwardIssue": { "key": "DATA-2" } });
    assert_eq!(sent(&server, "POST").await, [("/rest/api/3/issueLink".to_owned(), wanted)]);
    assert_eq!(cloud(&server).find(&link()).await, Outcome::NotThere);
}

#[tokio::test]
async fn a_link_that_is_there_in_either_direction_is_not_made_again() {
    for end in ["inwardIssue", "outwardIssue"] {
        let server = MockServer::start().await;
        let there = json!([{ "type": { "name": "relates" }, end: { "key": "DATA-2" } }]);
        answers(
            &server,
            "GET",
            "/rest/api/3/issue/DATA-1",
            200,
            json!({ "fields": { "issuelinks": there } }),
        )
        .await;
        assert_eq!(failed(deliver(&cloud(&server), &link()).await).0, FailureClass::AlreadyDone);
        assert_eq!(confirmed(cloud(&server).find(&link()).await).0, "DATA-1/link/DATA-2");
        assert!(sent(&server, "POST").await.is_empty());
    }
}

#[tokio::test]
async fn somebody_is_assigned_by_what_names_them_there() {
    let server = MockServer::start().await;
    answers(
        &server,
        "GET",
        "/rest/api/2/issue/DATA-1",
        200,
        json!({ "fields": { "assignee": { "name": "bob" } } }),
    )
    .await;
    answers(&server, "PUT", "/rest/api/2/issue/DATA-1/assignee", 204, json!(null)).await;
    let mut who = contact("ada", "");
    who.remote = Some("al".into());
    let assign = call(TicketDeed::Assign { follow_up: None, who }, "", "");
    assert_eq!(confirmed(deliver(&data_center(&server), &assign).await).0, "al");
    assert_eq!(sent(&server, "PUT").await[0].1, json!({ "name": "al" }));
    assert_eq!(data_center(&server).find(&assign).await, Outcome::NotThere);
}

#[tokio::test]
async fn somebody_whom_jira_does_not_know_is_a_clear_failure() {
    let server = MockServer::start().await;
    answers(&server, "GET", "/rest/api/3/user/assignable/search", 200, json!([])).await;
    let assign = call(TicketDeed::Assign { follow_up: None, who: contact("ada", "a@b.c") }, "", "");
    let (class, message, _) = failed(deliver(&cloud(&server), &assign).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("ada") && message.contains("account id"), "{message}");
}

#[tokio::test]
async fn an_address_is_kept_under_an_id_of_its_own_so_that_twice_is_once() {
    let server = MockServer::start().await;
    let at = "/rest/api/3/issue/DATA-1/remotelink";
    answers(&server, "POST", at, 200, json!({ "id": 1 })).await;
    let keep = call(TicketDeed::RemoteLink { url: "https://grafana.example/d/1".into() }, "dashboard", "");
    let (first, _) = confirmed(deliver(&cloud(&server), &keep).await);
    let (again, _) = confirmed(deliver(&cloud(&server), &keep).await);
    assert_eq!(first, again);
    let (_, body) = sent(&server, "POST").await.remove(0);
    assert_eq!(body["globalId"], first);
    assert_eq!(body["object"], json!({ "url": "https://grafana.example/d/1", "title": "dashboard" }));
    answers(&server, "GET", at, 404, json!({ "errorMessages": ["none"] })).await;
    assert_eq!(cloud(&server).find(&keep).await, Outcome::NotThere);
}

#[tokio::test]
async fn an_address_that_is_found_there_is_confirmed() {
    let server = MockServer::start().await;
    let at = "/rest/api/3/issue/DATA-1/remotelink";
    answers(&server, "POST", at, 201, json!({ "id": 1 })).await;
    let keep = call(TicketDeed::RemoteLink { url: "https://x.example".into() }, "", "");
    let (id, _) = confirmed(deliver(&cloud(&server), &keep).await);
    answers(&server, "GET", at, 200, json!({ "id": 1, "globalId": id })).await;
    assert_eq!(confirmed(cloud(&server).find(&keep).await).0, id);
    let odd = call(TicketDeed::RemoteLink { url: "javascript:alert(1)".into() }, "", "");
    assert_eq!(failed(deliver(&cloud(&server), &odd).await).0, FailureClass::Permanent);
}

#[tokio::test]
async fn what_is_no_ticket_or_has_none_yet_is_refused() {
    let server = MockServer::start().await;
    let mut early = link();
    early.needs = [None, None];
    assert_eq!(failed(deliver(&cloud(&server), &early).await).0, FailureClass::Permanent);
    let mut other = link();
    other.act.deed = Deed::Record;
    assert_eq!(failed(deliver(&cloud(&server), &other).await).0, FailureClass::Permanent);
    assert!(server.received_requests().await.unwrap().is_empty());
}
