//! Opening, finding and adopting tickets.

use chrono::NaiveDate;
use serde_json::json;
use warroom::clients::Client;
use warroom::config::accounts::Edition;
use warroom::incident::Span;
use warroom::incident::event::{FailureClass, TicketDeed};
use warroom::outbox::Outcome;
use wiremock::MockServer;

use super::*;

fn full() -> TicketDeed {
    TicketDeed::Open {
        follow_up: None,
        severity: Some("SEV1".into()),
        owner: Some(contact("ada", "ada@example.com")),
        due: NaiveDate::from_ymd_opt(2026, 12, 24),
    }
}

// S4.3: the ticket is opened through the outbox.
#[tokio::test]
async fn a_cloud_ticket_carries_its_op_id_as_label_and_property() {
    let server = MockServer::start().await;
    let found = json!([{ "accountId": "acc-1", "emailAddress": "ADA@example.com", "active": true }]);
    answers(&server, "GET", "/rest/api/3/user/assignable/search", 200, found).await;
    answers(&server, "POST", "/rest/api/3/issue", 201, json!({ "id": "10", "key": "DATA-7" })).await;
    let (remote, link) =
        confirmed(deliver(&cloud(&server), &call(full(), "Loader down", "Status: open")).await);
    assert_eq!((remote.as_str(), link), ("DATA-7", Some(format!("{}/browse/DATA-7", server.uri()))));
    let (_, body) = sent(&server, "POST").await.remove(0);
    assert_eq!(body["properties"], json!([{ "key": "warroom.op", "value": OP }]));
    let fields = &body["fields"];
    assert_eq!(fields["labels"], json!([TAG]));
    assert_eq!(fields["project"], json!({ "key": "DATA" }));
    assert_eq!(fields["priority"], json!({ "name": "Highest" }));
    assert_eq!(fields["assignee"], json!({ "accountId": "acc-1" }));
    assert_eq!(fields["duedate"], "2026-12-24");
    assert_eq!(fields["description"]["type"], "doc");
}

#[tokio::test]
async fn a_data_center_ticket_has_wiki_markup_and_names() {
    let server = MockServer::start().await;
    let found = json!([{ "name": "al", "emailAddress": "ada@example.com" }, { "name": "ada2" }]);
    answers(&server, "GET", "/rest/api/2/user/assignable/search", 200, found).await;
    answers(&server, "POST", "/rest/api/2/issue", 201, json!({ "id": "10", "key": "DATA-7" })).await;
    confirmed(deliver(&data_center(&server), &call(full(), "Loader down", "call [~bob] {code}")).await);
    let (_, body) = sent(&server, "POST").await.remove(0);
    assert_eq!(body["fields"]["description"], r"call \[\~bob\] \{code\}");
    assert_eq!(body["fields"]["assignee"], json!({ "name": "al" }));
    assert_eq!(body["fields"]["labels"], json!([TAG]));
    assert!(body.get("properties").is_none());
}

#[tokio::test]
async fn whoever_has_a_user_is_signed_in_with_it_and_others_by_the_token_alone() {
    for (edition, user, wanted) in [
        (Edition::Cloud, "ada@example.com", "Basic YWRhQGV4YW1wbGUuY29tOmppcmEtdG9rZW4taW4tdGVzdHM="),
        (Edition::Cloud, "", "Bearer jira-token-in-tests"),
        (Edition::DataCenter, "", "Bearer jira-token-in-tests"),
        (Edition::DataCenter, "ada", "Basic YWRhOmppcmEtdG9rZW4taW4tdGVzdHM="),
    ] {
        let server = MockServer::start().await;
        let mut settings = settings(&server.uri(), edition);
        settings.user = user.into();
        client(&settings).deliver(&call(open(), "x", "y")).await;
        let made = server.received_requests().await.unwrap();
        assert_eq!(made[0].headers["authorization"], wanted);
    }
}

#[tokio::test]
async fn a_base_that_names_the_api_is_used_as_it_stands() {
    let server = MockServer::start().await;
    answers(&server, "POST", "/jira/rest/api/2/issue", 201, json!({ "key": "DATA-7" })).await;
    let jira = client(&settings(&format!("{}/jira/rest/api/2/", server.uri()), Edition::DataCenter));
    let (_, link) = confirmed(deliver(&jira, &call(open(), "x", "y")).await);
    assert_eq!(link, Some(format!("{}/jira/browse/DATA-7", server.uri())));
}

#[tokio::test]
async fn of_two_people_who_fit_nobody_is_assigned() {
    let server = MockServer::start().await;
    let found = json!([{ "accountId": "a", "emailAddress": "" }, { "accountId": "b", "emailAddress": "" }]);
    answers(&server, "GET", "/rest/api/3/user/assignable/search", 200, found).await;
    answers(&server, "POST", "/rest/api/3/issue", 201, json!({ "key": "DATA-7" })).await;
    confirmed(deliver(&cloud(&server), &call(full(), "x", "y")).await);
    let (_, body) = sent(&server, "POST").await.remove(0);
    assert!(body["fields"].get("assignee").is_none());
}

#[tokio::test]
async fn an_account_that_may_not_look_for_people_still_opens_tickets() {
    let server = MockServer::start().await;
    answers(&server, "GET", "/rest/api/3/user/assignable/search", 403, json!({ "errorMessages": ["no"] }))
        .await;
    answers(&server, "POST", "/rest/api/3/issue", 201, json!({ "key": "DATA-7" })).await;
    confirmed(deliver(&cloud(&server), &call(full(), "x", "y")).await);
}

#[tokio::test]
async fn a_summary_is_one_line_of_at_most_255_units() {
    let server = MockServer::start().await;
    answers(&server, "POST", "/rest/api/3/issue", 201, json!({ "key": "DATA-7" })).await;
    let title = format!("a\nb {}", "😀".repeat(300));
    confirmed(deliver(&cloud(&server), &call(open(), &title, "")).await);
    let (_, body) = sent(&server, "POST").await.remove(0);
    let summary = body["fields"]["summary"].as_str().unwrap();
    assert!(summary.starts_with("a b "));
    assert!((250..=255).contains(&summary.encode_utf16().count()), "{}", summary.encode_utf16().count());
}

#[tokio::test]
async fn a_drill_opens_a_marked_ticket_in_its_own_project_and_adopts_no_real_one() {
    let server = MockServer::start().await;
    answers(&server, "POST", "/rest/api/3/issue", 201, json!({ "key": "DRILL-1" })).await;
    let mut drill = call(open(), "Loader down", "text");
    drill.drill = true;
    confirmed(deliver(&cloud(&server), &drill).await);
    let (_, body) = sent(&server, "POST").await.remove(0);
    assert_eq!(body["fields"]["project"], json!({ "key": "DRILL" }));
    assert_eq!(body["fields"]["summary"], "[DRILL] Loader down");
    let mut adopt = call(TicketDeed::Adopt { follow_up: None, key: "DATA-3".into() }, "", "");
    adopt.drill = true;
    let (class, message, _) = failed(deliver(&cloud(&server), &adopt).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("real ticket"), "{message}");
}

#[tokio::test]
async fn configured_fields_take_the_shapes_that_the_project_asks_for() {
    let server = MockServer::start().await;
    let types = json!({ "issueTypes": [{ "id": "3", "name": "Task" }], "total": 1 });
    answers(&server, "GET", "/rest/api/3/issue/createmeta/DATA/issuetypes", 200, types).await;
    let field = |id: &str, name: &str, schema: serde_json::Value| json!({ "fieldId": id, "name": name, "schema": schema });
    let form = json!({ "total": 9, "fields": [
        field("customfield_1", "Team", json!({ "type": "option" })),
        field("customfield_2", "Systems", json!({ "type": "array", "items": "option" })),
        field("customfield_3", "Reviewer", json!({ "type": "user" })),
        field("customfield_4", "Points", json!({ "type": "number" })),
        field("customfield_5", "Impact", json!({ "type": "string", "custom": "x:textarea" })),
        field("customfield_6", "Where", json!({ "type": "option-with-child" })),
        field("components", "Components", json!({ "type": "array", "items": "component" })),
        field("labels", "Labels", json!({ "type": "array", "items": "string" })),
        field("customfield_7", "Seen", json!({ "type": "date" })),
    ] });
    answers(&server, "GET", "/rest/api/3/issue/createmeta/DATA/issuetypes/3", 200, form).await;
    answers(&server, "POST", "/rest/api/3/issue", 201, json!({ "key": "DATA-7" })).await;
    let mut settings = settings(&server.uri(), Edition::Cloud);
    settings.fields = toml::from_str(
        "team = 'Data'\nSystems = ['a', 'b']\ncustomfield_3 = 'acc-2'\nPoints = '3'\nImpact = 'much'\n\
         Where = 'EU > Berlin'\ncomponents = 'loader'\nlabels = ['incident']\nSeen = 2026-11-30",
    )
    .unwrap();
    confirmed(deliver(&client(&settings), &call(open(), "x", "y")).await);
    let (_, body) = sent(&server, "POST").await.remove(0);
    let fields = &body["fields"];
    assert_eq!(fields["customfield_1"], json!({ "value": "Data" }));
    assert_eq!(fields["customfield_2"], json!([{ "value": "a" }, { "value": "b" }]));
    assert_eq!(fields["customfield_3"], json!({ "accountId": "acc-2" }));
    assert_eq!(fields["customfield_4"], json!(3.0));
    assert_eq!(fields["customfield_5"]["type"], "doc");
    assert_eq!(fields["customfield_6"], json!({ "value": "EU", "child": { "value": "Berlin" } }));
    assert_eq!(fields["components"], json!([{ "name": "loader" }]));
    assert_eq!(fields["labels"], json!(["incident", TAG]));
    assert_eq!(fields["customfield_7"], "2026-11-30");
}

#[tokio::test]
async fn a_field_that_nobody_knows_stops_the_ticket_before_it_is_sent() {
    let server = MockServer::start().await;
    let types = json!({ "values": [{ "id": "3", "name": "Task" }], "isLast": true });
    answers(&server, "GET", "/rest/api/2/issue/createmeta/DATA/issuetypes", 200, types).await;
    let form = json!({ "values": [{ "fieldId": "customfield_1", "name": "Team" }], "isLast": true });
    answers(&server, "GET", "/rest/api/2/issue/createmeta/DATA/issuetypes/3", 200, form).await;
    let mut settings = settings(&server.uri(), Edition::DataCenter);
    settings.fields = toml::from_str("Taem = 'Data'").unwrap();
    let (class, message, _) = failed(deliver(&client(&settings), &call(open(), "x", "y")).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("\"Taem\"") && message.contains("Team"), "{message}");
    assert!(sent(&server, "POST").await.is_empty());
}

#[tokio::test]
async fn a_refused_field_is_named_with_the_setting_that_helps() {
    let server = MockServer::start().await;
    let body = json!({ "errorMessages": [], "errors": { "customfield_9": "Root cause is required." } });
    answers(&server, "POST", "/rest/api/3/issue", 400, body).await;
    let (class, message, _) = failed(deliver(&cloud(&server), &call(open(), "x", "y")).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("customfield_9 (Root cause is required.)"), "{message}");
    assert!(message.contains("set them in [jira].fields"), "{message}");
}

#[tokio::test]
async fn a_create_whose_answer_cannot_be_read_is_unknown_and_found_by_its_label() {
    let server = MockServer::start().await;
    answers(&server, "POST", "/rest/api/3/issue", 201, json!("<html>")).await;
    let lost = call(open(), "x", "y");
    let jira = cloud(&server);
    assert_eq!(failed(deliver(&jira, &lost).await).0, FailureClass::Unknown);
    let found = json!({ "issues": [
        { "id": "8", "key": "DATA-8", "fields": { "labels": ["wr-op-another"] } },
        { "id": "9", "key": "DATA-9", "fields": { "labels": ["incident", TAG] } },
    ], "isLast": true });
    answers(&server, "POST", "/rest/api/3/search/jql", 200, found).await;
    assert_eq!(confirmed(jira.find(&lost).await).0, "DATA-9");
    let (_, asked) = sent(&server, "POST").await.pop().unwrap();
    assert_eq!(asked["jql"], format!("project = \"DATA\" AND labels = \"{TAG}\" ORDER BY created ASC"));
}

#[tokio::test]
async fn not_found_is_believed_only_once_the_index_must_have_it() {
    let server = MockServer::start().await;
    answers(&server, "POST", "/rest/api/2/search", 200, json!({ "issues": [], "total": 0 })).await;
    let jira = data_center(&server);
    let (class, message, wait) = failed(jira.find(&later(call(open(), "x", "y"), 59)).await);
    assert_eq!((class, wait), (FailureClass::Unknown, Some(Span::from_secs(10))));
    assert!(message.contains("not visible yet"));
    assert_eq!(jira.find(&later(call(open(), "x", "y"), 60)).await, Outcome::NotThere);
}

#[tokio::test]
async fn the_old_search_that_is_gone_says_which_setting_is_wrong() {
    let server = MockServer::start().await;
    answers(&server, "POST", "/rest/api/2/search", 410, json!({ "errorMessages": ["removed"] })).await;
    let (class, message, _) = failed(data_center(&server).find(&later(call(open(), "x", "y"), 99)).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("`edition`"), "{message}");
}

#[tokio::test]
async fn a_ticket_is_adopted_by_key_or_address_under_the_key_it_has_now() {
    let server = MockServer::start().await;
    answers(&server, "GET", "/rest/api/3/issue/DATA-12", 200, json!({ "id": "1", "key": "NEW-3" })).await;
    let board = format!("{}/jira/boards/7?selectedIssue=DATA-12", server.uri());
    let page = format!("{}/browse/data-12?focusedCommentId=4", server.uri());
    for given in ["data-12", " DATA-12 ", &page, &board] {
        let adopt = TicketDeed::Adopt { follow_up: None, key: given.to_owned() };
        assert_eq!(confirmed(deliver(&cloud(&server), &call(adopt, "", "")).await).0, "NEW-3", "{given}");
    }
    for given in ["12", "DATA", "DATA-x", "https://elsewhere.example/browse/DATA-12", "../DATA-1"] {
        let adopt = TicketDeed::Adopt { follow_up: None, key: given.to_owned() };
        assert_eq!(
            failed(deliver(&cloud(&server), &call(adopt, "", "")).await).0,
            FailureClass::Permanent,
            "{given}"
        );
    }
}
