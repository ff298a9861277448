//! Opening and taking: one incident for one act, whatever happens.

use super::*;

fn open(priority: Option<&str>) -> PageDeed {
    PageDeed::Open { priority: priority.map(str::to_owned) }
}

fn taken(incident: &str) -> PageDeed {
    PageDeed::Take { incident: incident.to_owned() }
}

async fn listed(server: &MockServer, incidents: Value) {
    on(server, "GET", "/incidents", ok(json!({ "incidents": incidents, "more": false }))).await;
}

#[tokio::test]
async fn an_incident_is_opened_under_the_id_of_its_act() {
    let server = MockServer::start().await;
    on(&server, "POST", "/incidents", ResponseTemplate::new(201).set_body_json(incident("triggered"))).await;
    let outcome = client(&server).deliver(&call(open(Some("p2")))).await;
    let link = Some("https://acme.pagerduty.com/incidents/PT4KHLK".to_owned());
    assert_eq!(outcome, Outcome::Confirmed { remote: PAGE.into(), link });
    let expected = json!({ "incident": {
        "type": "incident", "title": "SEV1 Loader is down", "urgency": "high", "incident_key": OP,
        "service": { "id": "PWIXJZS", "type": "service_reference" },
        "escalation_policy": { "id": "PT20YPA", "type": "escalation_policy_reference" },
    }});
    assert_eq!(sent(&server, "POST").await, expected);
}

#[tokio::test]
async fn an_incident_with_our_key_is_adopted_instead_of_opened_twice() {
    let server = MockServer::start().await;
    let body = json!({ "error": { "message": "Invalid Input Provided", "code": 2001,
        "errors": ["Open incident with matching dedup key already exists on this service"] }});
    on(&server, "POST", "/incidents", ResponseTemplate::new(400).set_body_json(body)).await;
    listed(&server, json!([incident("triggered")["incident"]])).await;
    let outcome = client(&server).deliver(&call(open(None))).await;
    assert_eq!(confirmed(&outcome), PAGE);
    let look = &asked(&server, "GET").await[0];
    assert!(look.url.query().unwrap().contains(&format!("incident_key={OP}&date_range=all")), "{}", look.url);
}

#[tokio::test]
async fn a_drill_goes_to_the_drills_service_and_policy_and_is_marked() {
    let server = MockServer::start().await;
    on(&server, "POST", "/incidents", ResponseTemplate::new(201).set_body_json(incident("triggered"))).await;
    client(&server).deliver(&drill(open(None))).await;
    let body = sent(&server, "POST").await;
    assert_eq!(body["incident"]["service"]["id"], "PDRILLS");
    assert_eq!(body["incident"]["title"], "[DRILL] SEV1 Loader is down");
    assert_eq!(body["incident"].get("escalation_policy"), None, "the policy of real incidents is left alone");
}

#[tokio::test]
async fn a_drill_without_a_service_for_drills_pages_nobody() {
    let server = MockServer::start().await;
    let none = PagerDutySettings { drill: None, ..settings(&server.uri()) };
    let outcome = PagerDuty::new(&none, token(), None).unwrap().deliver(&drill(open(None))).await;
    failed(&outcome, FailureClass::Permanent, &["a drill pages nobody", "`drill`"]);
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_setting_that_is_missing_is_named() {
    let server = MockServer::start().await;
    for (bad, says) in [
        (PagerDutySettings { service: String::new(), ..settings(&server.uri()) }, "set `service`"),
        (PagerDutySettings { from: String::new(), ..settings(&server.uri()) }, "set `from`"),
        (
            PagerDutySettings { service: "../users".into(), ..settings(&server.uri()) },
            "is no id of PagerDuty",
        ),
    ] {
        let outcome = PagerDuty::new(&bad, token(), None).unwrap().deliver(&call(open(None))).await;
        failed(&outcome, FailureClass::Permanent, &[says]);
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_title_of_many_lines_becomes_one_line_that_fits() {
    let server = MockServer::start().await;
    on(&server, "POST", "/incidents", ResponseTemplate::new(201).set_body_json(incident("triggered"))).await;
    let mut long = call(open(None));
    long.act.title = format!("one\ntwo \u{1b}[31m{}", "x".repeat(3000));
    client(&server).deliver(&long).await;
    let title = sent(&server, "POST").await["incident"]["title"].as_str().unwrap().to_owned();
    assert_eq!(title.chars().count(), 1024);
    assert!(title.starts_with("one two x"), "{title}");
}

#[tokio::test]
async fn a_doubtful_opening_is_found_by_its_key_alone() {
    let other = json!({ "id": "POTHER", "incident_key": "another", "status": "triggered" });
    let mut over = incident("resolved")["incident"].clone();
    over["id"] = json!("POVER");
    let ours = incident("triggered")["incident"].clone();
    for (shown, expected) in [
        (json!([]), Some(Outcome::NotThere)),
        (json!([other]), None),
        (
            json!([other, over, ours]),
            Some(Outcome::Confirmed {
                remote: PAGE.into(),
                link: Some("https://acme.pagerduty.com/incidents/PT4KHLK".into()),
            }),
        ),
    ] {
        let server = MockServer::start().await;
        listed(&server, shown).await;
        let found = client(&server).find(&call(open(None))).await;
        match expected {
            Some(expected) => assert_eq!(found, expected),
            None => {
                assert!(matches!(found, Outcome::CannotTell { .. }), "a filter that was dropped: {found:?}")
            }
        }
    }
}

#[tokio::test]
async fn an_incident_is_taken_by_id_or_address() {
    for text in [
        "PT4KHLK",
        " PT4KHLK ",
        "https://acme.pagerduty.com/incidents/PT4KHLK",
        "https://acme.eu.pagerduty.com/incidents/PT4KHLK/timeline?x=1#y",
    ] {
        let server = MockServer::start().await;
        on(&server, "GET", "/incidents/PT4KHLK", ok(incident("resolved"))).await;
        assert_eq!(confirmed(&client(&server).deliver(&call(taken(text))).await), PAGE, "{text}");
        assert_eq!(confirmed(&client(&server).find(&call(taken(text))).await), PAGE, "{text}");
    }
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_clearly() {
    let server = MockServer::start().await;
    on(&server, "GET", "/incidents/PNONE", refused(404, 2100, "Not Found")).await;
    let client = client(&server);
    failed(&client.deliver(&call(taken("PNONE"))).await, FailureClass::Permanent, &["no incident PNONE"]);
    assert_eq!(client.find(&call(taken("PNONE"))).await, Outcome::NotThere);
    for text in ["https://acme.pagerduty.com/users/PABC", "P/../users", "", "P4?x=1"] {
        let outcome = client.deliver(&call(taken(text))).await;
        failed(&outcome, FailureClass::Permanent, &["it looks like"]);
    }
    assert_eq!(asked(&server, "GET").await.len(), 2);
}
