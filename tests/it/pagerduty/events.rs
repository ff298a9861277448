//! With a routing key alone: open, acknowledge, resolve, all safe to repeat.

use super::*;

fn key() -> Option<Secret> {
    Some(Secret::new(KEY))
}

fn keyed(server: &MockServer) -> PagerDuty {
    PagerDuty::new(&settings(&server.uri()), None, key()).unwrap()
}

fn open(priority: Option<&str>) -> Call {
    call(PageDeed::Open { priority: priority.map(str::to_owned) })
}

fn at_event(deed: PageDeed) -> Call {
    let mut call = call(deed);
    call.needs = [Some(format!("events:{OP}")), None];
    call
}

fn taken() -> ResponseTemplate {
    ResponseTemplate::new(202).set_body_json(json!({ "status": "success", "dedup_key": OP }))
}

#[tokio::test]
async fn an_event_is_triggered_under_the_id_of_its_act() {
    let server = MockServer::start().await;
    on(&server, "POST", "/enqueue", taken()).await;
    let outcome = keyed(&server).deliver(&open(Some("P3"))).await;
    assert_eq!(outcome, Outcome::confirmed(format!("events:{OP}")));
    let expected = json!({
        "routing_key": KEY, "event_action": "trigger", "dedup_key": OP, "client": "warroom",
        "payload": {
            "summary": "SEV1 Loader is down", "severity": "warning", "source": "warroom",
            "custom_details": { "details": "Severity: SEV1" },
        },
    });
    assert_eq!(sent(&server, "POST").await, expected);
    assert!(asked(&server, "POST").await[0].headers.get("authorization").is_none());
}

#[tokio::test]
async fn severity_comes_from_the_priority_then_from_the_title_and_is_critical_in_doubt() {
    for (priority, title, severity) in [
        (Some("P1"), "x", "critical"),
        (Some("SEV2"), "x", "error"),
        (Some("low"), "SEV1 x", "info"),
        (Some("Bananas"), "SEV3 x", "warning"),
        (None, "sev2: x", "error"),
        (None, "Loader is down", "critical"),
    ] {
        let server = MockServer::start().await;
        on(&server, "POST", "/enqueue", taken()).await;
        let mut call = open(priority);
        call.act.title = title.to_owned();
        keyed(&server).deliver(&call).await;
        assert_eq!(sent(&server, "POST").await["payload"]["severity"], severity, "{priority:?} {title}");
    }
}

#[tokio::test]
async fn what_was_triggered_is_acknowledged_and_resolved_by_its_key() {
    for (deed, action) in [(PageDeed::Acknowledge, "acknowledge"), (PageDeed::Resolve, "resolve")] {
        let server = MockServer::start().await;
        on(&server, "POST", "/enqueue", taken()).await;
        assert_eq!(confirmed(&keyed(&server).deliver(&at_event(deed)).await), format!("events:{OP}"));
        let body = json!({ "routing_key": KEY, "event_action": action, "dedup_key": OP });
        assert_eq!(sent(&server, "POST").await, body);
    }
}

#[tokio::test]
async fn everything_else_says_that_it_needs_a_token() {
    let server = MockServer::start().await;
    let client = keyed(&server);
    for deed in [PageDeed::Note, PageDeed::StatusUpdate, PageDeed::Escalate { level: None }] {
        failed(&client.deliver(&at_event(deed)).await, FailureClass::Permanent, &["REST API token"]);
    }
    for deed in [PageDeed::Take { incident: PAGE.into() }, PageDeed::Acknowledge] {
        failed(&client.deliver(&call(deed)).await, FailureClass::Permanent, &["REST API token"]);
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_drill_never_goes_through_a_routing_key() {
    let server = MockServer::start().await;
    let outcome = keyed(&server).deliver(&drill(PageDeed::Open { priority: None })).await;
    failed(&outcome, FailureClass::Permanent, &["no place for a drill"]);
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn every_failure_of_an_event_but_a_refusal_is_tried_again() {
    let limited = ResponseTemplate::new(429).insert_header("retry-after", "7");
    let invalid = json!({ "status": "invalid event", "message": "Event object is invalid", "errors": ["Invalid routing key"] });
    let invalid = ResponseTemplate::new(400).set_body_json(invalid);
    for (answer, class, says) in [
        (limited, FailureClass::Transient, "too many calls"),
        (ResponseTemplate::new(500), FailureClass::Transient, "500"),
        (invalid, FailureClass::Permanent, "Invalid routing key"),
    ] {
        let server = MockServer::start().await;
        on(&server, "POST", "/enqueue", answer).await;
        failed(&keyed(&server).deliver(&open(None)).await, class, &[says]);
    }
    let server = MockServer::start().await;
    assert_eq!(keyed(&server).find(&open(None)).await, Outcome::NotThere, "the same key again does no harm");
}

#[tokio::test]
async fn a_routing_key_is_never_quoted() {
    let server = MockServer::start().await;
    on(&server, "POST", "/enqueue", ResponseTemplate::new(400).set_body_string(format!("bad key {KEY}")))
        .await;
    let Outcome::Failed { message, .. } = keyed(&server).deliver(&open(None)).await else { panic!() };
    assert!(message.contains("[secret]") && !message.contains(KEY), "{message}");
}

#[tokio::test]
async fn with_a_token_the_incident_of_an_event_is_found_by_its_key() {
    let server = MockServer::start().await;
    let mut of_alert = incident("triggered")["incident"].clone();
    of_alert["incident_key"] = Value::Null;
    let listed = json!({ "incidents": [of_alert], "more": false });
    once(&server, "GET", "/incidents", ok(listed)).await;
    on(&server, "GET", "/incidents", ok(json!({ "incidents": [], "more": false }))).await;
    let note = json!({ "note": { "id": "PNOTE", "content": "x" } });
    on(&server, "POST", "/incidents/PT4KHLK/notes", ok(note)).await;
    on(&server, "POST", "/enqueue", taken()).await;
    let both = PagerDuty::new(&settings(&server.uri()), token(), key()).unwrap();
    assert_eq!(both.deliver(&at_event(PageDeed::Note)).await, Outcome::confirmed("PNOTE"));
    let not_listed = both.deliver(&at_event(PageDeed::Resolve)).await;
    assert_eq!(confirmed(&not_listed), format!("events:{OP}"), "else by its key");
}
