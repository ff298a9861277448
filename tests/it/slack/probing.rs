//! What an account can do, by really asking.

use serde_json::json;
use warroom::clients::slack::Slack;
use warroom::clients::{Client, Probe, Secret};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::support::*;

fn of<'a>(probes: &'a [Probe], what: &str) -> &'a Probe {
    probes.iter().find(|probe| probe.what == what).unwrap_or_else(|| panic!("no probe of {what}"))
}

#[tokio::test]
async fn scopes_are_read_from_the_header_and_each_says_what_is_lost() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200)
        .insert_header("x-oauth-scopes", "chat:write, channels:write,users:read")
        .set_body_json(json!({"ok": true, "team": "Acme", "user": "warroom", "bot_id": "B1"}));
    Mock::given(method("POST")).and(path("/auth.test")).respond_with(answer).mount(&server).await;
    let probes = slack(&server).probe().await;
    assert_eq!(of(&probes, "token").says, "the app warroom in Acme");
    assert!(of(&probes, "chat:write").works && of(&probes, "channels:manage").works);
    let lost = of(&probes, "channels:history");
    assert!(!lost.works && lost.hint.contains("nothing is heard"), "{lost:?}");
    assert_eq!(server.received_requests().await.unwrap().len(), 1, "the header is enough");
}

#[tokio::test]
async fn without_the_header_each_scope_is_tried_by_a_call_that_changes_nothing() {
    let server = server().await;
    answers(&server, "users.list", json!({"ok": false, "error": "missing_scope", "needed": "users:read"}))
        .await;
    answers(&server, "chat.update", json!({"ok": false, "error": "message_not_found"})).await;
    answers(&server, "conversations.create", json!({"ok": false, "error": "invalid_name_required"})).await;
    let probes = slack(&server).probe().await;
    assert!(of(&probes, "chat:write").works && of(&probes, "channels:manage").works);
    let lost = of(&probes, "users:read");
    assert!(!lost.works && lost.says.contains("users:read") && !lost.hint.is_empty(), "{lost:?}");
    for form in forms(&server, "conversations.create").await {
        assert_eq!(form["name"], "", "no channel is made");
    }
    assert_eq!(forms(&server, "chat.update").await[0]["ts"], "1.000000", "a message of 1970");
    assert!(forms(&server, "chat.postMessage").await.is_empty());
}

#[tokio::test]
async fn a_token_that_is_not_accepted_says_what_to_do_and_nothing_else_is_tried() {
    let server = MockServer::start().await;
    answers(&server, "auth.test", json!({"ok": false, "error": "invalid_auth"})).await;
    let probes = slack(&server).probe().await;
    assert_eq!(probes.len(), 1);
    assert!(!probes[0].works && probes[0].says.contains("xoxb-"), "{probes:?}");
}

#[tokio::test]
async fn the_app_token_is_tried_in_the_header_alone() {
    let server = server().await;
    let opened =
        ResponseTemplate::new(200).set_body_json(json!({"ok": true, "url": "wss://x.example/?ticket=1"}));
    let mock = Mock::given(path("/apps.connections.open")).and(header("authorization", "Bearer xapp-secret"));
    mock.respond_with(opened).expect(1).mount(&server).await;
    let app = Some(Secret::new("xapp-secret"));
    let slack = Slack::new(&settings(&server.uri()), Secret::new(TOKEN), app).unwrap();
    assert!(of(&slack.probe().await, "app token").works);
    let bodies = forms(&server, "apps.connections.open").await;
    assert!(bodies.iter().all(|form| form.is_empty()));
}
