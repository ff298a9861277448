//! Acknowledge, resolve, priority: set once or found to be so.

use super::*;

fn priority(name: &str) -> PageDeed {
    PageDeed::Priority { name: name.to_owned() }
}

#[tokio::test]
async fn an_open_incident_is_acknowledged_and_resolved() {
    for (deed, from, status) in [
        (PageDeed::Acknowledge, "triggered", "acknowledged"),
        (PageDeed::Resolve, "triggered", "resolved"),
        (PageDeed::Resolve, "acknowledged", "resolved"),
    ] {
        let server = MockServer::start().await;
        on(&server, "GET", "/incidents/PT4KHLK", ok(incident(from))).await;
        on(&server, "PUT", "/incidents/PT4KHLK", ok(incident(status))).await;
        assert_eq!(confirmed(&client(&server).deliver(&call(deed)).await), PAGE);
        let body = json!({ "incident": { "type": "incident_reference", "status": status } });
        assert_eq!(sent(&server, "PUT").await, body);
    }
}

#[tokio::test]
async fn what_is_done_already_is_a_success_without_a_write() {
    for (deed, status) in [(PageDeed::Acknowledge, "acknowledged"), (PageDeed::Resolve, "resolved")] {
        let server = MockServer::start().await;
        on(&server, "GET", "/incidents/PT4KHLK", ok(incident(status))).await;
        assert_eq!(client(&server).deliver(&call(deed)).await, already());
        assert!(asked(&server, "PUT").await.is_empty());
    }
}

#[tokio::test]
async fn somebody_who_was_quicker_between_look_and_write_is_a_success_too() {
    for (deed, code) in [(PageDeed::Acknowledge, 1002), (PageDeed::Resolve, 1001)] {
        let server = MockServer::start().await;
        on(&server, "GET", "/incidents/PT4KHLK", ok(incident("triggered"))).await;
        on(&server, "PUT", "/incidents/PT4KHLK", refused(400, code, "Incident Already …")).await;
        assert_eq!(client(&server).deliver(&call(deed)).await, already());
    }
}

#[tokio::test]
async fn a_resolved_incident_cannot_be_acknowledged_and_that_is_said() {
    let server = MockServer::start().await;
    once(&server, "GET", "/incidents/PT4KHLK", ok(incident("resolved"))).await;
    on(&server, "GET", "/incidents/PT4KHLK", ok(incident("triggered"))).await;
    on(&server, "PUT", "/incidents/PT4KHLK", refused(400, 1001, "Incident Already Resolved")).await;
    let client = client(&server);
    for _ in 0..2 {
        let outcome = client.deliver(&call(PageDeed::Acknowledge)).await;
        failed(&outcome, FailureClass::Permanent, &["resolved there", "reopen"]);
    }
}

#[tokio::test]
async fn a_priority_is_set_by_its_name() {
    let server = MockServer::start().await;
    on(&server, "GET", "/priorities", ok(priorities())).await;
    on(&server, "PUT", "/incidents/PT4KHLK", ok(incident("triggered"))).await;
    assert_eq!(confirmed(&client(&server).deliver(&call(priority("p1"))).await), PAGE);
    let set = &sent(&server, "PUT").await["incident"]["priority"];
    assert_eq!(*set, json!({ "id": "PSLWBL8", "type": "priority_reference" }));
}

#[tokio::test]
async fn a_priority_that_is_unknown_here_or_there_lists_those_that_are_known() {
    let server = MockServer::start().await;
    on(&server, "GET", "/priorities", ok(priorities())).await;
    on(&server, "PUT", "/incidents/PT4KHLK", refused(400, 1020, "Invalid priority")).await;
    for name in ["SEV9", "P1"] {
        let outcome = client(&server).deliver(&call(priority(name))).await;
        failed(&outcome, FailureClass::Permanent, &["there are P1, P2", name]);
    }
}

#[tokio::test]
async fn an_account_without_priorities_is_told_so() {
    let server = MockServer::start().await;
    on(&server, "GET", "/priorities", ResponseTemplate::new(402)).await;
    let outcome = client(&server).deliver(&call(priority("P1"))).await;
    failed(&outcome, FailureClass::Permanent, &["has no priorities", "turn them on"]);
}

#[tokio::test]
async fn a_state_is_found_only_where_it_stands_as_asked() {
    let table = [
        (PageDeed::Acknowledge, "acknowledged", true),
        (PageDeed::Acknowledge, "triggered", false),
        (PageDeed::Acknowledge, "resolved", false),
        (PageDeed::Resolve, "resolved", true),
        (PageDeed::Resolve, "acknowledged", false),
        (priority("P2"), "triggered", true),
        (priority("P1"), "triggered", false),
    ];
    for (deed, status, there) in table {
        let server = MockServer::start().await;
        on(&server, "GET", "/incidents/PT4KHLK", ok(incident(status))).await;
        let found = client(&server).find(&call(deed.clone())).await;
        match there {
            true => assert_eq!(confirmed(&found), PAGE, "{deed:?} {status}"),
            false => assert_eq!(found, Outcome::NotThere, "{deed:?} {status}"),
        }
    }
}

#[tokio::test]
async fn a_lost_answer_to_a_state_is_simply_tried_again() {
    let server = MockServer::start().await;
    on(&server, "GET", "/incidents/PT4KHLK", ok(incident("triggered"))).await;
    on(&server, "PUT", "/incidents/PT4KHLK", ResponseTemplate::new(500)).await;
    let outcome = client(&server).deliver(&call(PageDeed::Resolve)).await;
    failed(&outcome, FailureClass::Transient, &["500"]);
}

#[tokio::test]
async fn a_deed_that_came_too_early_says_what_is_missing() {
    let server = MockServer::start().await;
    let mut early = call(PageDeed::Acknowledge);
    early.needs = [None, None];
    for outcome in [client(&server).deliver(&early).await, client(&server).find(&early).await] {
        failed(&outcome, FailureClass::Permanent, &["no page yet"]);
    }
}
