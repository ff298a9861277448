//! What goes wrong on the way: each failure has its class, its words and its wait.

use super::*;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// A note may not be repeated, an acknowledgement may.
async fn both(note: ResponseTemplate, state: ResponseTemplate) -> (Outcome, Outcome) {
    let server = MockServer::start().await;
    on(&server, "POST", "/incidents/PT4KHLK/notes", note).await;
    on(&server, "GET", "/incidents/PT4KHLK", ok(incident("triggered"))).await;
    on(&server, "PUT", "/incidents/PT4KHLK", state).await;
    let client = client(&server);
    (client.deliver(&call(PageDeed::Note)).await, client.deliver(&call(PageDeed::Acknowledge)).await)
}

#[tokio::test]
async fn every_code_has_its_class_and_says_what_to_do() {
    use FailureClass::{Auth, Permanent, Transient, Unknown};
    for (status, code, class, says) in [
        (400, 1001, Permanent, "resolved there"),
        (400, 1003, Permanent, "change of its status"),
        (400, 1006, Permanent, "cannot be escalated"),
        (400, 1008, Permanent, "set `from`"),
        (400, 1020, Permanent, "priority"),
        (400, 2001, Permanent, "does not take it"),
        (400, 2002, Permanent, "10,000"),
        (401, 2006, Auth, "make a new API key"),
        (403, 2010, Auth, "the token may not do this"),
        (500, 2016, Unknown, "may have arrived"),
        (400, 2016, Unknown, "may have arrived"),
        (429, 2020, Transient, "too many calls"),
        (404, 2100, Permanent, "no incident PT4KHLK"),
        (402, 0, Permanent, "plan"),
        (422, 9999, Permanent, "its own words"),
    ] {
        let answer = || refused(status, code, "its own words");
        let (note, _) = both(answer(), answer()).await;
        failed(&note, class, &[says]);
    }
}

#[tokio::test]
async fn details_of_a_refusal_are_quoted_as_list_and_as_object_and_cleaned() {
    for errors in [json!(["Title is \u{1b}[31mbad"]), json!({ "title": ["Title is bad"] })] {
        let body = json!({ "error": { "message": "Invalid", "code": 2001, "errors": errors } });
        let answer = ResponseTemplate::new(400).set_body_json(body);
        let (note, _) = both(answer.clone(), answer).await;
        failed(&note, FailureClass::Permanent, &["Title is bad"]);
    }
}

#[tokio::test]
async fn a_limit_is_waited_out_as_the_service_says() {
    for (name, value, wait) in [
        ("retry-after", "3", Some(3)),
        ("ratelimit-reset", "42", Some(42)),
        ("ratelimit-reset", "soon", None),
        ("x-none", "1", None),
    ] {
        let answer = refused(429, 2020, "Rate Limit Exceeded").insert_header(name, value);
        let (note, state) = both(answer.clone(), answer).await;
        for outcome in [note, state] {
            let Outcome::Failed { class, retry_after, .. } = outcome else { panic!() };
            assert_eq!((class, retry_after), (FailureClass::Transient, wait.map(Span::from_secs)), "{name}");
        }
    }
}

#[tokio::test]
async fn an_expired_session_that_answers_html_is_a_matter_of_the_token() {
    let html = ResponseTemplate::new(401).set_body_string("<html><body>Log in</body></html>");
    let (note, state) = both(html.clone(), html).await;
    for outcome in [note, state] {
        failed(&outcome, FailureClass::Auth, &["does not accept the token", "set `token`"]);
    }
}

#[tokio::test]
async fn a_server_that_broke_leaves_a_note_in_doubt_and_a_state_to_be_tried_again() {
    for status in [500, 502, 503, 504] {
        let answer = ResponseTemplate::new(status).set_body_string("<h1>oops</h1>");
        let (note, state) = both(answer.clone(), answer).await;
        failed(&note, FailureClass::Unknown, &[]);
        failed(&state, FailureClass::Transient, &[]);
    }
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "9");
    let (note, _) = both(busy.clone(), busy).await;
    assert!(
        matches!(note, Outcome::Failed { class: FailureClass::Transient, retry_after: Some(wait), .. } if wait == Span::from_secs(9))
    );
}

#[tokio::test]
async fn garbage_with_a_good_status_is_no_success() {
    for garbage in ["", "null", "[]", "{\"note\":3}", "<html>"] {
        let answer = ResponseTemplate::new(200).set_body_string(garbage);
        let (note, state) = both(answer.clone(), answer).await;
        failed(&note, FailureClass::Unknown, &["could not be read"]);
        failed(&state, FailureClass::Transient, &["could not be read"]);
    }
}

#[tokio::test]
async fn a_look_before_the_write_that_fails_leaves_no_doubt() {
    let server = MockServer::start().await;
    on(&server, "GET", "/incidents/PT4KHLK", ResponseTemplate::new(500)).await;
    let escalate = call(PageDeed::Escalate { level: Some(2) });
    failed(&client(&server).deliver(&escalate).await, FailureClass::Transient, &["500"]);
}

#[tokio::test]
async fn no_answer_in_time_leaves_a_note_in_doubt() {
    let server = MockServer::start().await;
    let late = ok(json!({})).set_delay(std::time::Duration::from_secs(20));
    on(&server, "POST", "/incidents/PT4KHLK/notes", late).await;
    failed(
        &short_timeout(&server).deliver(&call(PageDeed::Note)).await,
        FailureClass::Unknown,
        &["no answer"],
    );
}

#[tokio::test]
async fn nobody_listening_means_that_nothing_arrived() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = PagerDuty::new(&settings(&format!("http://{free}")), token(), None).unwrap();
    failed(&client.deliver(&call(PageDeed::Note)).await, FailureClass::Transient, &["no connection"]);
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_leaves_a_note_in_doubt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let breaks = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
    });
    let client = PagerDuty::new(&settings(&format!("http://{at}")), token(), None).unwrap();
    failed(&client.deliver(&call(PageDeed::Note)).await, FailureClass::Unknown, &["broke"]);
    breaks.await.unwrap();
}

#[tokio::test]
async fn a_token_is_never_quoted() {
    let answer = ResponseTemplate::new(400).set_body_string("bad token u+tokentoken");
    let (note, _) = both(answer.clone(), answer).await;
    failed(&note, FailureClass::Permanent, &["[secret]"]);
}

#[tokio::test]
async fn a_deed_of_another_kind_of_service_is_refused() {
    let server = MockServer::start().await;
    let mut other = call(PageDeed::Note);
    other.act.deed = Deed::Record;
    failed(&client(&server).deliver(&other).await, FailureClass::Permanent, &["another account"]);
}
