//! What each kind of refusal means to the outbox.

use std::time::Duration;

use serde_json::json;
use warroom::clients::Client;
use warroom::clients::jira::Jira;
use warroom::config::accounts::Edition;
use warroom::incident::Span;
use warroom::incident::event::FailureClass;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

const LOGIN: &str = "<html><title>Unauthorized (401)</title>Basic Authentication Failure</html>";

async fn met_with(answer: ResponseTemplate) -> (FailureClass, String, Option<Span>) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    failed(deliver(&cloud(&server), &call(COMMENT, "", "text")).await)
}

fn answer(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

#[tokio::test]
async fn a_401_with_a_page_instead_of_json_locks_the_account_and_says_what_to_do() {
    let (class, message, _) = met_with(answer(401).set_body_raw(LOGIN, "text/html")).await;
    assert_eq!(class, FailureClass::Auth);
    assert!(message.contains("make a new one") && !message.contains(TOKEN), "{message}");
    assert_eq!(met_with(answer(401)).await.0, FailureClass::Auth);
}

#[tokio::test]
async fn a_login_that_was_refused_shows_in_a_header_even_of_a_404() {
    let refused = answer(404).insert_header("X-Seraph-LoginReason", "AUTHENTICATED_FAILED");
    assert_eq!(met_with(refused).await.0, FailureClass::Auth);
    let captcha = answer(403).insert_header("X-Seraph-LoginReason", "AUTHENTICATION_DENIED");
    let (class, message, _) = met_with(captcha).await;
    assert_eq!(class, FailureClass::Auth);
    assert!(message.contains("CAPTCHA"), "{message}");
    let elsewhere = answer(302).insert_header("Location", "https://login.example");
    assert_eq!(met_with(elsewhere).await.0, FailureClass::Auth);
}

#[tokio::test]
async fn a_token_without_the_scope_locks_but_a_missing_permission_does_not() {
    let scope =
        answer(403).set_body_json(json!({ "code": 403, "message": "Forbidden; scope does not match" }));
    let (class, message, _) = met_with(scope).await;
    assert_eq!(class, FailureClass::Auth);
    assert!(message.contains("scope"), "{message}");
    let permission =
        answer(403).set_body_json(json!({ "errorMessages": ["You cannot comment."], "errors": {} }));
    let (class, message, _) = met_with(permission).await;
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("You cannot comment."), "{message}");
}

#[tokio::test]
async fn too_many_calls_wait_as_long_as_jira_says_in_any_of_its_ways() {
    let limited = |name: &str, value: &str| answer(429).insert_header(name, value);
    for (answer, secs) in [
        (limited("Retry-After", "17").insert_header("X-RateLimit-Reset", "2026-11-30T13:00Z"), Some(17)),
        (limited("X-RateLimit-Reset", "2026-11-30T12:00:30Z"), Some(30)),
        (limited("X-RateLimit-Reset", "2026-11-30T12:02Z"), Some(120)),
        (limited("Retry-After", "0").insert_header("X-RateLimit-Interval-Seconds", "60"), Some(60)),
        (answer(429), None),
    ] {
        let (class, _, wait) = met_with(answer).await;
        assert_eq!((class, wait), (FailureClass::Transient, secs.map(Span::from_secs)));
    }
    let per_issue = limited("RateLimit-Reason", "jira-per-issue-on-write");
    assert!(met_with(per_issue).await.1.contains("one ticket"));
}

#[tokio::test]
async fn a_503_that_names_a_time_did_nothing_and_any_other_5xx_may_have() {
    let (class, _, wait) = met_with(answer(503).insert_header("Retry-After", "5")).await;
    assert_eq!((class, wait), (FailureClass::Transient, Some(Span::from_secs(5))));
    for status in [500, 502, 503, 504] {
        assert_eq!(met_with(answer(status)).await.0, FailureClass::Unknown, "{status}");
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_is_unknown() {
    for body in [LOGIN, "", "{\"id\":", "[]", "null"] {
        assert_eq!(met_with(answer(201).set_body_string(body)).await.0, FailureClass::Unknown, "{body:?}");
    }
}

#[tokio::test]
async fn what_will_never_work_is_permanent_and_quotes_jira_cleanly() {
    for status in [400, 404, 410, 413, 422, 415] {
        let said = json!({ "errorMessages": ["odd\u{1b}[31m\nthing"], "errors": {} });
        let (class, message, _) = met_with(answer(status).set_body_json(said)).await;
        assert_eq!(class, FailureClass::Permanent, "{status}");
        assert!(!message.contains(['\u{1b}', '\n']), "{message:?}");
    }
}

#[tokio::test]
async fn reading_is_never_doubtful() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer(502)).mount(&server).await;
    let outcome = cloud(&server).find(&call(COMMENT, "", "text")).await;
    assert_eq!(failed(outcome).0, FailureClass::Transient);
}

fn hurried(base: &str) -> Jira {
    let mut settings = settings(base, Edition::Cloud);
    settings.common.timeout = Span::from_secs(1);
    client(&settings)
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_unknown() {
    let server = MockServer::start().await;
    let slow = answer(201).set_delay(Duration::from_secs(30));
    Mock::given(any()).respond_with(slow).mount(&server).await;
    assert_eq!(
        failed(hurried(&server.uri()).deliver(&call(COMMENT, "", "x")).await).0,
        FailureClass::Unknown
    );
}

#[tokio::test]
async fn a_connection_that_is_refused_delivered_nothing_and_one_that_breaks_may_have() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let breaks = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 64];
        let _ = tokio::io::AsyncReadExt::read(&mut socket, &mut bytes).await;
    };
    let jira = hurried(&base);
    let note = call(COMMENT, "", "x");
    let (outcome, ()) = tokio::join!(jira.deliver(&note), breaks);
    assert_eq!(failed(outcome).0, FailureClass::Unknown);
    drop(listener);
    assert_eq!(failed(jira.deliver(&note).await).0, FailureClass::Transient);
}

#[test]
fn settings_that_cannot_work_are_refused_at_once() {
    let refused = |change: fn(&mut JiraSettings)| {
        let mut settings = settings("https://acme.atlassian.net", Edition::Cloud);
        change(&mut settings);
        Jira::new(&settings, Secret::new(TOKEN)).map(|_| ()).unwrap_err().message
    };
    assert!(refused(|settings| settings.base.clear()).contains("[jira].base"));
    assert!(refused(|settings| settings.base = "http://jira.example".into()).contains("https"));
    assert!(refused(|settings| settings.project.clear()).contains("[jira].project"));
    assert!(refused(|settings| settings.drill = Some("a\" OR 1".into())).contains("[jira].drill"));
}
