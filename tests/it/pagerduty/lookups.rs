//! The directory, and what a probe finds out.

use super::*;
use warroom::clients::{Directory, Entry, Ladder, OnCall, Probe};

fn alice() -> Value {
    json!({ "id": "PALICE", "type": "user", "name": "Alice", "email": FROM, "contact_methods": [
        { "type": "email_contact_method", "address": FROM },
        { "type": "sms_contact_method", "address": "555", "country_code": 1 },
        { "type": "phone_contact_method", "address": "030 123", "country_code": 49 },
    ]})
}

fn policy() -> Value {
    let target = |name: &str| json!({ "id": "P", "summary": name, "type": "user_reference" });
    json!({ "id": "PT20YPA", "type": "escalation_policy", "name": "Data", "escalation_rules": [
        { "targets": [target("Alice"), target("Daily")] }, { "targets": [target("Bob")] },
    ]})
}

async fn world(server: &MockServer) {
    on(server, "GET", "/users", ok(json!({ "users": [alice()], "more": false }))).await;
    let duty = |level: u32, id: &str, end: Value| {
        json!({
            "user": { "id": id, "summary": "Bob", "type": "user_reference" },
            "escalation_policy": { "id": "PT20YPA", "summary": "Data" },
            "schedule": { "summary": "Daily" }, "escalation_level": level, "end": end,
        })
    };
    let duties = json!([duty(2, "PBOB", Value::Null), duty(1, "PALICE", json!("2026-12-01T09:00:00Z"))]);
    on(server, "GET", "/oncalls", ok(json!({ "oncalls": duties, "more": false }))).await;
    on(
        server,
        "GET",
        "/escalation_policies",
        ok(json!({ "escalation_policies": [policy()], "more": false })),
    )
    .await;
    on(server, "GET", "/escalation_policies/PT20YPA", ok(json!({ "escalation_policy": policy() }))).await;
    on(server, "GET", "/abilities", ok(json!({ "abilities": ["teams", "coordinated_responding"] }))).await;
    on(server, "GET", "/users/me", ok(json!({ "user": alice() }))).await;
    on(server, "GET", "/users/PALICE", ok(json!({ "user": alice() }))).await;
    let service = |name: &str, status: &str| ok(json!({ "service": { "name": name, "status": status } }));
    on(server, "GET", "/services/PWIXJZS", service("Loader", "active")).await;
    on(server, "GET", "/services/PDRILLS", service("Drills", "disabled")).await;
}

#[tokio::test]
async fn the_directory_has_numbers_to_call_rungs_and_priorities() {
    let server = MockServer::start().await;
    world(&server).await;
    on(&server, "GET", "/priorities", ok(priorities())).await;
    let entry = |remote: &str, name: &str, mail: &str, phone: &str| Entry {
        remote: remote.into(),
        name: name.into(),
        mail: mail.into(),
        phone: phone.into(),
    };
    let alice = entry("PALICE", "Alice", FROM, "+49 030 123");
    let on_call = |who: Entry, level: u32, until: Option<&str>| OnCall {
        who,
        level,
        ladder: "Data".into(),
        schedule: "Daily".into(),
        until: until.and_then(Time::parse),
    };
    let rungs = vec![vec!["Alice".to_owned(), "Daily".to_owned()], vec!["Bob".to_owned()]];
    let expected = Directory {
        people: vec![alice.clone()],
        on_call: vec![
            on_call(alice, 1, Some("2026-12-01T09:00:00Z")),
            on_call(entry("PBOB", "Bob", "", ""), 2, None),
        ],
        ladders: vec![Ladder { remote: "PT20YPA".into(), name: "Data".into(), rungs }],
        priorities: vec!["P1".into(), "P2".into()],
    };
    assert_eq!(client(&server).directory().await.unwrap(), expected);
}

#[tokio::test]
async fn an_account_without_priorities_has_a_directory_all_the_same() {
    let server = MockServer::start().await;
    world(&server).await;
    on(&server, "GET", "/priorities", refused(402, 2000, "Payment Required")).await;
    let found = client(&server).directory().await.unwrap();
    assert!(found.priorities.is_empty() && found.people.len() == 1);
}

#[tokio::test]
async fn a_directory_needs_a_token() {
    let server = MockServer::start().await;
    let keyed = PagerDuty::new(&settings(&server.uri()), None, Some(Secret::new(KEY))).unwrap();
    let trouble = keyed.directory().await.unwrap_err();
    assert!(trouble.message.contains("REST API token"), "{trouble}");
}

fn found<'a>(probes: &'a [Probe], what: &str) -> &'a Probe {
    probes.iter().find(|probe| probe.what == what).unwrap_or_else(|| panic!("{what} is not in {probes:?}"))
}

#[tokio::test]
async fn a_probe_tries_each_thing_and_says_what_to_do() {
    let server = MockServer::start().await;
    world(&server).await;
    on(&server, "GET", "/priorities", ok(priorities())).await;
    let mut settings = settings(&server.uri());
    settings.priorities = [("SEV1".to_owned(), "P1".to_owned()), ("SEV3".to_owned(), "P7".to_owned())].into();
    settings.rungs =
        [("Head of data".to_owned(), "PALICE".to_owned()), ("CTO".to_owned(), "no id".to_owned())].into();
    let probes = PagerDuty::new(&settings, token(), Some(Secret::new("short"))).unwrap().probe().await;
    for (what, works, says) in [
        ("token", true, "the key of Alice"),
        ("from", true, "Alice"),
        ("service", true, "Loader"),
        ("drill", false, "Drills is disabled"),
        ("escalation_policy", true, "Data"),
        ("priorities", false, "there is no P7; there are P1, P2"),
        ("coordinated_responding", true, "can be added"),
        ("rung Head of data", true, "a user"),
        ("rung CTO", false, "is no id of PagerDuty"),
        ("routing_key", false, "32"),
    ] {
        let probe = found(&probes, what);
        assert_eq!(probe.works, works, "{probe:?}");
        assert!(probe.says.contains(says), "{probe:?}");
        assert!(works || !probe.hint.is_empty(), "{probe:?}");
    }
    let written = server
        .received_requests()
        .await
        .unwrap()
        .into_iter()
        .find(|request| request.method.as_str() != "GET");
    assert!(written.is_none(), "a probe writes nothing and pages nobody");
}

#[tokio::test]
async fn a_key_of_the_account_works_though_it_is_nobodys() {
    let server = MockServer::start().await;
    on(&server, "GET", "/users/me", refused(400, 2001, "account-level token")).await;
    on(&server, "GET", "/abilities", ok(json!({ "abilities": [] }))).await;
    on(&server, "GET", "/users", ok(json!({ "users": [], "more": false }))).await;
    let probes = client(&server).probe().await;
    assert!(found(&probes, "token").works);
    for what in ["from", "service", "priorities", "coordinated_responding"] {
        assert!(!found(&probes, what).works, "{what}");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_is_said_once() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(401).set_body_string("<html>"))
        .mount(&server)
        .await;
    let probes = client(&server).probe().await;
    assert_eq!(probes.len(), 1);
    assert!(
        !probes[0].works
            && probes[0].says.contains("does not accept the token")
            && probes[0].hint.contains("region")
    );
}

#[tokio::test]
async fn a_routing_key_is_never_tried_out() {
    let server = MockServer::start().await;
    let keyed = PagerDuty::new(&settings(&server.uri()), None, Some(Secret::new(KEY))).unwrap();
    let probes = keyed.probe().await;
    assert!(found(&probes, "routing_key").works && probes[0].says.contains("without paging somebody"));
    assert!(server.received_requests().await.unwrap().is_empty());
}
