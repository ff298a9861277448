//! Every way in which a call can fail, and what the outbox is told.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use warroom::clients::slack::Slack;
use warroom::clients::{Client, Secret};
use warroom::incident::Span;
use warroom::incident::event::{ChatDeed, FailureClass};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::support::*;
use FailureClass::{Auth, Permanent, Transient, Unknown};

async fn failing(name: &str, answer: ResponseTemplate) -> MockServer {
    let server = server().await;
    Mock::given(method("POST")).and(path(format!("/{name}"))).respond_with(answer).mount(&server).await;
    server
}

fn says(error: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"ok": false, "error": error}))
}

#[tokio::test]
async fn each_answer_to_a_post_has_its_class() {
    let html = |status: u16| ResponseTemplate::new(status).set_body_raw("<html>no</html>", "text/html");
    let cases = [
        (says("ratelimited"), Transient),
        (ResponseTemplate::new(429).insert_header("retry-after", "30"), Transient),
        (says("service_unavailable"), Transient),
        (html(503).insert_header("retry-after", "7"), Transient),
        (html(401), Auth),
        (says("invalid_auth"), Auth),
        (says("token_revoked"), Auth),
        (says("account_inactive"), Auth),
        (says("not_authed"), Auth),
        (says("missing_scope"), Auth),
        (html(500), Unknown),
        (html(503), Unknown),
        (html(200), Unknown),
        (ResponseTemplate::new(200).set_body_raw("{\"ok\":tr", "application/json"), Unknown),
        (ResponseTemplate::new(200).set_body_json(json!({"ok": true})), Unknown),
        (says("fatal_error"), Unknown),
        (says("internal_error"), Unknown),
        (ResponseTemplate::new(200).set_body_json(json!({"ok": false})), Unknown),
        (says("not_in_channel"), Permanent),
        (says("is_archived"), Permanent),
        (says("channel_not_found"), Permanent),
        (says("msg_too_long"), Permanent),
        (says("invented_tomorrow"), Permanent),
        (html(404), Permanent),
    ];
    for (answer, expected) in cases {
        let shown = format!("{answer:?}");
        let server = failing("chat.postMessage", answer).await;
        let (class, message, _) = failed(deliver(&slack(&server), &post()).await);
        assert_eq!(class, expected, "{message}\n{shown}");
        assert_eq!(forms(&server, "chat.postMessage").await.len(), 1, "one delivery is one try");
    }
}

/// What may be done twice is simply tried again.
#[tokio::test]
async fn what_sets_a_state_is_never_in_doubt() {
    let answers =
        [ResponseTemplate::new(500), says("fatal_error"), ResponseTemplate::new(200).set_body_string("?")];
    for answer in answers {
        let server = failing("pins.add", answer).await;
        let pin = call(ChatDeed::Pin { post: ulid::Ulid::nil() });
        assert_eq!(failed(deliver(&slack(&server), &pin).await).0, Transient);
    }
}

#[tokio::test]
async fn retry_after_is_passed_on_from_a_post_and_from_a_pull() {
    let busy = || {
        ResponseTemplate::new(429)
            .insert_header("retry-after", "30")
            .set_body_json(json!({"ok": false, "error": "ratelimited"}))
    };
    let server = failing("chat.postMessage", busy()).await;
    assert_eq!(failed(deliver(&slack(&server), &post()).await).2, Some(Span::from_secs(30)));
    let server = failing("conversations.history", busy()).await;
    let trouble = slack(&server).pull(&pull(Default::default())).await.expect_err("too many calls");
    assert_eq!((trouble.class, trouble.retry_after), (Transient, Some(Span::from_secs(30))));
}

#[tokio::test]
async fn a_post_without_an_answer_in_time_may_have_arrived() {
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    let server = failing("chat.postMessage", slow).await;
    let mut settings = settings(&server.uri());
    settings.common.timeout = Span::from_ms(200);
    assert_eq!(failed(deliver(&client(&settings), &post()).await).0, Unknown);
}

#[tokio::test]
async fn a_connection_that_breaks_may_have_brought_it_and_one_that_was_refused_cannot() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let slack = client(&settings(&address));
    let broken = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut some = [0; 64];
        let _ = stream.read(&mut some).await.unwrap();
    });
    assert_eq!(failed(deliver(&slack, &post()).await).0, Unknown);
    broken.await.unwrap();
    assert_eq!(failed(deliver(&slack, &post()).await).0, Transient, "nobody listens there any more");
}

#[tokio::test]
async fn the_token_goes_into_the_header_and_into_no_message() {
    let server = MockServer::start().await;
    let echo = ResponseTemplate::new(400).set_body_string(format!("bad token {TOKEN}"));
    let mock = Mock::given(method("POST")).and(header("authorization", format!("Bearer {TOKEN}")));
    mock.respond_with(echo).mount(&server).await;
    let (_, message, _) = failed(deliver(&slack(&server), &post()).await);
    assert!(message.contains("[secret]") && !message.contains(TOKEN), "{message}");
    let sent = server.received_requests().await.unwrap().remove(0);
    assert!(!String::from_utf8_lossy(&sent.body).contains(TOKEN) && !sent.url.as_str().contains(TOKEN));
}

#[test]
fn an_address_that_is_not_encrypted_is_refused_at_once() {
    let refused = Slack::new(&settings("http://slack.example/api"), Secret::new(TOKEN), None).err();
    assert!(refused.is_some_and(|trouble| trouble.message.contains("https")));
}
