//! The check that lists what a project requires.

use serde_json::json;
use warroom::clients::{Client, Probe};
use warroom::config::accounts::Edition;
use wiremock::MockServer;
use wiremock::matchers::any;

use super::*;

async fn whole(fields: serde_json::Value) -> MockServer {
    let server = MockServer::start().await;
    let api = "/rest/api/3";
    for (path, body) in [
        ("/serverInfo", json!({ "version": "1001", "deploymentType": "Cloud" })),
        ("/myself", json!({ "accountId": "me", "displayName": "War Room" })),
        ("/project/DATA", json!({ "id": "1", "key": "DATA", "name": "Data" })),
        (
            "/project/DATA/statuses",
            json!([{ "id": "3", "name": "Task", "statuses": [{ "id": "1", "name": "To Do" }, { "id": "5", "name": "Done" }] }]),
        ),
        (
            "/issue/createmeta/DATA/issuetypes",
            json!({ "issueTypes": [{ "id": "3", "name": "Task" }], "total": 1 }),
        ),
        ("/issue/createmeta/DATA/issuetypes/3", json!({ "fields": fields, "total": 1 })),
        ("/priority/search", json!({ "values": [{ "id": "1", "name": "Highest" }], "isLast": true })),
        ("/issueLinkType", json!({ "issueLinkTypes": [{ "id": "1", "name": "Relates" }] })),
        ("/issue/DATA-4/transitions", json!({ "transitions": [{ "id": "1", "name": "start work" }] })),
    ] {
        answers(&server, "GET", &format!("{api}{path}"), 200, body).await;
    }
    answers(&server, "POST", &format!("{api}/search/jql"), 200, json!({ "issues": [{ "key": "DATA-4" }] }))
        .await;
    server
}

fn plain() -> serde_json::Value {
    json!([{ "fieldId": "labels", "name": "Labels" }, { "fieldId": "summary", "name": "Summary", "required": true }])
}

async fn check(server: &MockServer, change: impl FnOnce(&mut JiraSettings)) -> Vec<Probe> {
    let mut settings = settings(&server.uri(), Edition::Cloud);
    settings.drill = None;
    change(&mut settings);
    client(&settings).probe().await
}

fn broken(probes: &[Probe]) -> Vec<&str> {
    probes.iter().filter(|probe| !probe.works).map(|probe| probe.what.as_str()).collect()
}

#[tokio::test]
async fn everything_that_fits_is_said_to_work() {
    let server = whole(plain()).await;
    let probes = check(&server, |_| ()).await;
    assert_eq!(broken(&probes), [""; 0], "{probes:#?}");
    let says: Vec<&str> = probes.iter().map(|probe| probe.what.as_str()).collect();
    for what in [
        "address",
        "token",
        "project DATA",
        "type Task of DATA",
        "transition closed of DATA",
        "transition diagnosing of DATA",
        "priority of sev1",
        "link Relates",
    ] {
        assert!(says.contains(&what), "{what}: {says:?}");
    }
}

#[tokio::test]
async fn a_required_field_is_listed_with_name_id_kind_and_values() {
    let fields = json!([
        { "fieldId": "customfield_9", "name": "Root cause", "required": true, "schema": { "type": "option" }, "allowedValues": [{ "value": "Code" }, { "value": "Data" }] },
        { "fieldId": "customfield_8", "name": "Filled", "required": true, "hasDefaultValue": true, "schema": { "type": "string" } },
    ]);
    let server = whole(fields).await;
    let probes = check(&server, |_| ()).await;
    assert_eq!(broken(&probes), ["field labels of Task", "field Root cause of Task"]);
    let probe = probes.iter().find(|probe| probe.what.contains("Root cause")).unwrap();
    assert!(
        probe.says.contains("customfield_9, option") && probe.says.contains("Code, Data"),
        "{}",
        probe.says
    );
    assert!(probe.hint.contains("[jira].fields"), "{}", probe.hint);
    let set =
        |settings: &mut JiraSettings| settings.fields = toml::from_str("'root cause' = 'Code'").unwrap();
    assert_eq!(broken(&check(&server, set).await), ["field labels of Task"]);
}

#[tokio::test]
async fn names_that_jira_does_not_have_are_answered_with_those_it_has() {
    let server = whole(plain()).await;
    let probes = check(&server, |settings| {
        settings.follow_up_type = "Epic".into();
        settings.link_type = "Causes".into();
        settings.priorities = toml::from_str("sev1 = 'P1'").unwrap();
        settings.transitions = toml::from_str("closed = 'Shut'").unwrap();
        settings.fields = toml::from_str("Nope = 1").unwrap();
    })
    .await;
    let wrong = [
        "field Nope of Task",
        "type Epic of DATA",
        "transition closed of DATA",
        "priority of sev1",
        "link Causes",
    ];
    assert_eq!(broken(&probes), wrong);
    for (what, names) in
        [("type Epic", "Task"), ("link", "Relates"), ("priority", "Highest"), ("transition", "To Do, Done")]
    {
        let probe = probes.iter().find(|probe| probe.what.starts_with(what)).unwrap();
        assert!(probe.says.contains(names) || probe.works, "{probe:?}");
    }
}

#[tokio::test]
async fn a_wrong_edition_is_noticed_and_whoever_is_not_let_in_learns_no_more() {
    let server = MockServer::start().await;
    answers(
        &server,
        "GET",
        "/rest/api/3/serverInfo",
        200,
        json!({ "deploymentType": "Server", "version": "10.3" }),
    )
    .await;
    let page = wiremock::ResponseTemplate::new(401).set_body_raw("<html>", "text/html");
    wiremock::Mock::given(any()).respond_with(page).with_priority(9).mount(&server).await;
    let probes = check(&server, |_| ()).await;
    assert_eq!(broken(&probes), ["address", "token"]);
    assert!(probes[0].hint.contains("data-center"), "{probes:?}");
    assert_eq!(probes.len(), 2);
}
