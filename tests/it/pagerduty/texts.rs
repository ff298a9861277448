//! Notes and status updates: each once, each with our mark.

use super::*;

fn note(content: &str) -> Value {
    json!({ "id": "PWL7QXS", "user": { "id": "PXPGF42", "type": "user_reference", "summary": "Earline" },
        "content": content, "created_at": "2026-11-30T10:00:00Z" })
}

fn log(entries: Value) -> ResponseTemplate {
    ok(json!({ "log_entries": entries, "more": false }))
}

#[tokio::test]
async fn a_note_carries_the_mark_of_its_act() {
    let server = MockServer::start().await;
    on(&server, "POST", "/incidents/PT4KHLK/notes", ok(json!({ "note": note("x") }))).await;
    assert_eq!(client(&server).deliver(&call(PageDeed::Note)).await, Outcome::confirmed("PWL7QXS"));
    let body = json!({ "note": { "content": format!("Severity: SEV1\n{}", tag()) } });
    assert_eq!(sent(&server, "POST").await, body);
}

#[tokio::test]
async fn a_drills_note_says_that_it_is_one() {
    let server = MockServer::start().await;
    on(&server, "POST", "/incidents/PT4KHLK/notes", ok(json!({ "note": note("x") }))).await;
    client(&server).deliver(&drill(PageDeed::Note)).await;
    let body = sent(&server, "POST").await;
    assert!(body["note"]["content"].as_str().unwrap().starts_with("[DRILL] Severity"));
}

#[tokio::test]
async fn a_doubtful_note_is_found_by_its_mark_alone() {
    let ours = format!("whatever\n{}", tag());
    let theirs = "Severity: SEV1\n(wr-op-01kbb8y5j0zzzzzzzzzzzzzzzz)";
    for (content, found) in [(ours.as_str(), Outcome::confirmed("PWL7QXS")), (theirs, Outcome::NotThere)] {
        let server = MockServer::start().await;
        on(&server, "GET", "/incidents/PT4KHLK/notes", ok(json!({ "notes": [note(content)] }))).await;
        assert_eq!(client(&server).find(&call(PageDeed::Note)).await, found);
    }
}

#[tokio::test]
async fn a_look_that_fails_concludes_nothing() {
    let server = MockServer::start().await;
    on(&server, "GET", "/incidents/PT4KHLK/notes", ResponseTemplate::new(500)).await;
    let found = client(&server).find(&call(PageDeed::Note)).await;
    assert!(matches!(found, Outcome::Failed { .. }), "{found:?}");
}

#[tokio::test]
async fn a_status_update_carries_the_mark_and_is_found_in_the_log() {
    let server = MockServer::start().await;
    let answer = json!({ "status_update": { "id": "PUPDATE", "message": "m" } });
    on(&server, "POST", "/incidents/PT4KHLK/status_updates", ok(answer)).await;
    let client = client(&server);
    assert_eq!(client.deliver(&call(PageDeed::StatusUpdate)).await, Outcome::confirmed("PUPDATE"));
    assert_eq!(sent(&server, "POST").await, json!({ "message": format!("Severity: SEV1\n{}", tag()) }));

    let entry = json!({ "id": "R1", "type": "status_update_log_entry", "message": format!("x {}", tag()) });
    once(&server, "GET", "/incidents/PT4KHLK/log_entries", log(json!([entry]))).await;
    on(&server, "GET", "/incidents/PT4KHLK/log_entries", log(json!([]))).await;
    assert_eq!(client.find(&call(PageDeed::StatusUpdate)).await, Outcome::confirmed("R1"));
    let missing = client.find(&call(PageDeed::StatusUpdate)).await;
    assert!(matches!(missing, Outcome::CannotTell { .. }), "its absence proves nothing: {missing:?}");
}

#[tokio::test]
async fn a_lost_answer_to_a_text_is_in_doubt_and_never_repeated_blindly() {
    for deed in [PageDeed::Note, PageDeed::StatusUpdate] {
        let server = MockServer::start().await;
        for below in ["notes", "status_updates"] {
            let answer = ResponseTemplate::new(200).set_body_string("<html>not JSON</html>");
            on(&server, "POST", &format!("/incidents/PT4KHLK/{below}"), answer).await;
        }
        failed(&client(&server).deliver(&call(deed)).await, FailureClass::Unknown, &["could not be read"]);
    }
}
