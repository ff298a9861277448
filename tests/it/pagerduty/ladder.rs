//! Escalating: the next rung where it can be told, the named one otherwise.

use super::*;

fn escalate(level: Option<u32>) -> Call {
    call(PageDeed::Escalate { level })
}

fn duty(level: u32, user: &str) -> Value {
    json!({ "user": { "id": user, "type": "user_reference" }, "escalation_level": level,
        "escalation_policy": { "id": "PT20YPA", "type": "escalation_policy_reference" } })
}

fn entry(kind: &str, minute: u32) -> Value {
    json!({ "id": format!("R{minute}"), "type": format!("{kind}_log_entry"), "summary": format!("{kind} it"),
        "created_at": format!("2026-11-30T10:{minute:02}:00Z") })
}

async fn world(server: &MockServer, duties: Value, log: Value) {
    on(server, "GET", "/incidents/PT4KHLK", ok(incident("triggered"))).await;
    on(server, "GET", "/oncalls", ok(json!({ "oncalls": duties, "more": false }))).await;
    on(server, "GET", "/incidents/PT4KHLK/log_entries", ok(json!({ "log_entries": log }))).await;
    on(server, "PUT", "/incidents/PT4KHLK", ok(incident("triggered"))).await;
}

#[tokio::test]
async fn the_next_rung_follows_the_one_on_which_the_assigned_are_on_call() {
    let server = MockServer::start().await;
    world(&server, json!([duty(1, "PBOB"), duty(2, "PALICE"), duty(3, "PCAROL")]), json!([])).await;
    assert_eq!(confirmed(&client(&server).deliver(&escalate(None)).await), PAGE);
    let body = json!({ "incident": { "type": "incident_reference", "escalation_level": 3 } });
    assert_eq!(sent(&server, "PUT").await, body);
}

#[tokio::test]
async fn where_one_person_stands_on_several_rungs_the_log_decides() {
    let server = MockServer::start().await;
    let duties = json!([duty(1, "PALICE"), duty(2, "PALICE"), duty(3, "PALICE")]);
    // Newest first, as PagerDuty lists them: the policy began again after the first escalation.
    let log = json!([
        entry("escalate", 40),
        entry("repeat_escalation_path", 30),
        entry("escalate", 20),
        entry("trigger", 0)
    ]);
    world(&server, duties, log).await;
    client(&server).deliver(&escalate(None)).await;
    assert_eq!(sent(&server, "PUT").await["incident"]["escalation_level"], 3);
}

#[tokio::test]
async fn an_unclear_rung_is_asked_about_and_nobody_is_paged() {
    for duties in [json!([]), json!([duty(1, "PBOB")])] {
        let server = MockServer::start().await;
        world(&server, duties, json!([])).await;
        let outcome = client(&server).deliver(&escalate(None)).await;
        failed(&outcome, FailureClass::Permanent, &["name the rung"]);
        assert!(asked(&server, "PUT").await.is_empty());
    }
}

#[tokio::test]
async fn a_named_rung_is_paged_and_a_refusal_says_what_else_to_do() {
    let server = MockServer::start().await;
    on(&server, "GET", "/incidents/PT4KHLK", ok(incident("acknowledged"))).await;
    on(&server, "PUT", "/incidents/PT4KHLK", refused(400, 1006, "Cannot escalate")).await;
    let outcome = client(&server).deliver(&escalate(Some(7))).await;
    failed(&outcome, FailureClass::Permanent, &["cannot be escalated", "page somebody by name"]);
    assert_eq!(sent(&server, "PUT").await["incident"]["escalation_level"], 7);
}

#[tokio::test]
async fn a_resolved_incident_is_not_escalated() {
    let server = MockServer::start().await;
    on(&server, "GET", "/incidents/PT4KHLK", ok(incident("resolved"))).await;
    failed(&client(&server).deliver(&escalate(Some(2))).await, FailureClass::Permanent, &["resolved there"]);
}

#[tokio::test]
async fn a_lost_answer_to_an_escalation_is_in_doubt() {
    let server = MockServer::start().await;
    on(&server, "GET", "/incidents/PT4KHLK", ok(incident("triggered"))).await;
    on(&server, "PUT", "/incidents/PT4KHLK", ResponseTemplate::new(502)).await;
    failed(&client(&server).deliver(&escalate(Some(2))).await, FailureClass::Unknown, &["502"]);
}

#[tokio::test]
async fn a_doubtful_escalation_is_found_only_where_the_named_rung_is_paged() {
    let server = MockServer::start().await;
    world(&server, json!([duty(1, "PBOB"), duty(2, "PALICE")]), json!([entry("escalate", 3)])).await;
    let client = client(&server);
    assert_eq!(confirmed(&client.find(&escalate(Some(2))).await), PAGE);
    for level in [None, Some(1)] {
        let Outcome::CannotTell { message } = client.find(&escalate(level)).await else {
            panic!("{level:?}")
        };
        assert!(message.contains("escalate it"), "what a person needs to know: {message}");
    }
}
