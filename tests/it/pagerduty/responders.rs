//! Asking more people in: whoever is named, and nobody else.

use super::*;
use warroom::incident::event::Contact;

const AT: &str = "/incidents/PT4KHLK/responder_requests";

fn contact(name: &str, mail: &str, remote: Option<&str>) -> Contact {
    Contact {
        id: PersonId::new(name),
        name: name.into(),
        mail: mail.into(),
        remote: remote.map(str::to_owned),
    }
}

fn responders(who: Vec<Contact>) -> Call {
    call(PageDeed::Responders { who })
}

fn user(id: &str, name: &str, email: &str) -> Value {
    json!({ "id": id, "type": "user", "name": name, "summary": name, "email": email })
}

/// Everybody whom a search may show; PagerDuty searches loosely.
async fn world(server: &MockServer) {
    let users = json!([
        user("PALICE", "Alice", FROM),
        user("PBOB", "Bob", "bob@example.com"),
        user("PBOB2", "Bobby Tables", "bob@example.com.au"),
        user("PSAM1", "Sam", "sam@example.com"),
        user("PSAM2", "Sam", "sam@example.org"),
    ]);
    on(server, "GET", "/users", ok(json!({ "users": users, "more": false }))).await;
    on(server, "GET", "/users/PCAROL", ok(json!({ "user": user("PCAROL", "Carol", "c@example.com") }))).await;
    on(server, "GET", "/users/PLADDER", refused(404, 2100, "Not Found")).await;
    on(server, "GET", "/users/PNOBODY", refused(404, 2100, "Not Found")).await;
    let policy = json!({ "id": "PLADDER", "type": "escalation_policy", "name": "Data leads" });
    on(server, "GET", "/escalation_policies/PLADDER", ok(json!({ "escalation_policy": policy }))).await;
    on(server, "GET", "/escalation_policies/PNOBODY", refused(404, 2100, "Not Found")).await;
    let policies = json!({ "escalation_policies": [policy], "more": false });
    on(server, "GET", "/escalation_policies", ok(policies)).await;
}

#[tokio::test]
async fn people_are_asked_by_id_mail_or_name_and_policies_by_id_or_name() {
    let server = MockServer::start().await;
    world(&server).await;
    on(&server, "POST", AT, ok(json!({ "responder_request": { "id": "PREQ" } }))).await;
    let outcome = client(&server)
        .deliver(&responders(vec![
            contact("Carol", "", Some("PCAROL")),
            contact("x", "BOB@example.com", None),
            contact("bob", "", None),
            contact("Head of data", "", Some("PLADDER")),
            contact("data LEADS", "", None),
        ]))
        .await;
    assert_eq!(outcome, Outcome::confirmed("PREQ"));
    let body = sent(&server, "POST").await;
    assert_eq!(body["requester_id"], "PALICE");
    assert_eq!(body["message"], format!("Severity: SEV1\n{}", tag()));
    let target = |id: &str, kind: &str| json!({ "responder_request_target": { "id": id, "type": kind } });
    let (user, policy) = ("user_reference", "escalation_policy_reference");
    let expected = json!([
        target("PCAROL", user),
        target("PBOB", user),
        target("PBOB", user),
        target("PLADDER", policy),
        target("PLADDER", policy),
    ]);
    assert_eq!(body["responder_request_targets"], expected);
}

#[tokio::test]
async fn nobody_is_guessed() {
    let server = MockServer::start().await;
    world(&server).await;
    for (who, says) in [
        (contact("Sam", "", None), "more than one \"Sam\""),
        (contact("Zoe", "", None), "no escalation policy called \"Zoe\""),
        (contact("x", "", Some("PNOBODY")), "PNOBODY is neither"),
        (contact("x", "", Some("../me")), "is no id of PagerDuty"),
    ] {
        failed(&client(&server).deliver(&responders(vec![who])).await, FailureClass::Permanent, &[says]);
    }
    failed(
        &client(&server).deliver(&responders(vec![])).await,
        FailureClass::Permanent,
        &["nobody is named"],
    );
    assert!(asked(&server, "POST").await.is_empty());
}

#[tokio::test]
async fn an_account_that_cannot_add_responders_is_told_what_it_lacks() {
    let server = MockServer::start().await;
    world(&server).await;
    on(&server, "POST", AT, refused(402, 2000, "Payment Required")).await;
    let outcome = client(&server).deliver(&responders(vec![contact("Bob", "", None)])).await;
    failed(&outcome, FailureClass::Permanent, &["coordinated_responding", "escalate instead"]);
}

#[tokio::test]
async fn who_asks_is_the_user_of_from_else_of_the_key() {
    let server = MockServer::start().await;
    on(&server, "GET", "/users", ok(json!({ "users": [], "more": false }))).await;
    on(&server, "GET", "/users/PCAROL", ok(json!({ "user": user("PCAROL", "Carol", "c@example.com") })))
        .await;
    once(&server, "GET", "/users/me", ok(json!({ "user": user("PME", "Me", "me@example.com") }))).await;
    on(&server, "GET", "/users/me", refused(400, 2001, "account-level key")).await;
    on(&server, "POST", AT, ok(json!({ "responder_request": { "id": null } }))).await;
    let ask = responders(vec![contact("Carol", "", Some("PCAROL"))]);
    assert_eq!(client(&server).deliver(&ask).await, Outcome::confirmed(OP));
    assert_eq!(sent(&server, "POST").await["requester_id"], "PME");
    failed(
        &client(&server).deliver(&ask).await,
        FailureClass::Permanent,
        &["no user by the mail", "set `from`"],
    );
}

#[tokio::test]
async fn a_doubtful_request_is_found_at_the_incident_or_a_person_is_asked() {
    let who = || responders(vec![contact("Carol", "", Some("PCAROL"))]);
    let mut with = incident("triggered");
    with["incident"]["incidents_responders"] =
        json!([{ "state": "pending", "message": format!("help {}", tag()) }]);
    let mut other = incident("triggered");
    other["incident"]["incidents_responders"] = json!([{ "state": "pending", "message": "help" }]);
    for (shown, found) in [(with, true), (other, false)] {
        let server = MockServer::start().await;
        on(&server, "GET", "/incidents/PT4KHLK", ok(shown)).await;
        on(&server, "GET", "/incidents/PT4KHLK/log_entries", ok(json!({ "log_entries": [] }))).await;
        match client(&server).find(&who()).await {
            Outcome::Confirmed { remote, .. } if found => assert_eq!(remote, OP),
            Outcome::CannotTell { .. } if !found => {}
            outcome => panic!("{found}: {outcome:?}"),
        }
    }
}
