//! Comments and files.

use serde_json::{Value, json};
use warroom::clients::Client;
use warroom::incident::event::{FailureClass, TicketDeed};
use warroom::outbox::Outcome;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

#[tokio::test]
async fn a_cloud_comment_hides_its_op_id_in_a_property_and_is_found_by_it() {
    let server = MockServer::start().await;
    let at = "/rest/api/3/issue/DATA-1/comment";
    answers(&server, "POST", at, 201, json!({ "id": 77 })).await;
    let note = call(COMMENT, "note", "we restart it");
    let (remote, link) = confirmed(deliver(&cloud(&server), &note).await);
    assert_eq!(remote, "DATA-1/comment/77");
    assert_eq!(link, Some(format!("{}/browse/DATA-1?focusedCommentId=77", server.uri())));
    let (_, body) = sent(&server, "POST").await.remove(0);
    assert_eq!(body["properties"], json!([{ "key": "warroom.op", "value": OP }]));
    assert!(!body["body"].to_string().contains(TAG), "the tag is not in the text");
    let listed = json!({ "total": 1, "comments": [{ "id": "77", "properties": body["properties"] }] });
    let page = Mock::given(method("GET")).and(path(at)).and(query_param("expand", "properties"));
    page.respond_with(ResponseTemplate::new(200).set_body_json(listed)).mount(&server).await;
    assert_eq!(confirmed(cloud(&server).find(&note).await).0, "DATA-1/comment/77");
}

#[tokio::test]
async fn a_data_center_comment_ends_in_its_op_id_and_is_found_by_it() {
    let server = MockServer::start().await;
    let at = "/rest/api/2/issue/DATA-1/comment";
    answers(&server, "POST", at, 201, json!({ "id": "77" })).await;
    let note = call(COMMENT, "note", "*now*");
    confirmed(deliver(&data_center(&server), &note).await);
    let (_, body) = sent(&server, "POST").await.remove(0);
    assert_eq!(body["body"], format!("\\*now\\*\n\n^{TAG}^"));
    let listed = json!({ "total": 2, "comments": [{ "id": "3", "body": format!("I saw {TAG}") }, { "id": "77", "body": body["body"] }] });
    answers(&server, "GET", at, 200, listed).await;
    assert_eq!(confirmed(data_center(&server).find(&note).await).0, "DATA-1/comment/77");
}

#[tokio::test]
async fn a_comment_is_not_there_only_when_all_were_read() {
    let empty = json!({ "total": 0, "comments": [] });
    let endless = json!({ "total": 5000, "comments": [{ "id": "1" }] });
    for (page, whole) in [(empty, true), (endless, false)] {
        let server = MockServer::start().await;
        answers(&server, "GET", "/rest/api/3/issue/DATA-1/comment", 200, page).await;
        let outcome = cloud(&server).find(&call(COMMENT, "", "x")).await;
        match whole {
            true => assert_eq!(outcome, Outcome::NotThere),
            false => assert!(matches!(outcome, Outcome::CannotTell { .. }), "{outcome:?}"),
        }
    }
}

fn attach() -> Call {
    call(TicketDeed::Attach { name: "loader.md".into() }, "", "# All of it\nläuft")
}

/// The last ten letters of the op id are part of it.
fn name() -> String {
    format!("loader-{}.md", &OP.to_lowercase()[16..])
}

async fn holds(server: &MockServer, attachment: Value) {
    let issue = json!({ "key": "DATA-1", "fields": { "attachment": attachment } });
    answers(server, "GET", "/rest/api/3/issue/DATA-1", 200, issue).await;
}

#[tokio::test]
async fn a_file_is_named_after_its_op_and_sent_past_the_forgery_check() {
    let server = MockServer::start().await;
    holds(&server, json!([])).await;
    let upload = Mock::given(method("POST")).and(path("/rest/api/3/issue/DATA-1/attachments"));
    let made = ResponseTemplate::new(200).set_body_json(json!([{ "id": "500", "filename": name() }]));
    upload.and(header("x-atlassian-token", "no-check")).respond_with(made).mount(&server).await;
    assert_eq!(confirmed(deliver(&cloud(&server), &attach()).await).0, "500");
    let made = server.received_requests().await.unwrap();
    let form = String::from_utf8_lossy(&made[1].body).into_owned();
    assert!(form.contains(&format!("name=\"file\"; filename=\"{}\"", name())), "{form}");
    assert!(form.contains("# All of it\nläuft"), "{form}");
}

#[tokio::test]
async fn a_file_is_found_by_name_and_size_and_not_sent_twice() {
    let size = "# All of it\nläuft".len();
    let server = MockServer::start().await;
    holds(
        &server,
        json!([{ "id": "4", "filename": "loader.md" }, { "id": "5", "filename": name(), "size": size }]),
    )
    .await;
    assert_eq!(confirmed(cloud(&server).find(&attach()).await).0, "5");
    assert_eq!(failed(deliver(&cloud(&server), &attach()).await).0, FailureClass::AlreadyDone);
    assert!(sent(&server, "POST").await.is_empty());
}

#[tokio::test]
async fn a_file_that_arrived_in_part_is_shown_to_a_person() {
    let server = MockServer::start().await;
    holds(&server, json!([{ "id": "5", "filename": name(), "size": 3 }])).await;
    let outcome = cloud(&server).find(&attach()).await;
    assert!(
        matches!(&outcome, Outcome::CannotTell { message } if message.contains("3 bytes")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_too_long_is_said_so() {
    let server = MockServer::start().await;
    holds(&server, json!([])).await;
    answers(
        &server,
        "POST",
        "/rest/api/3/issue/DATA-1/attachments",
        413,
        json!({ "errorMessages": ["too big"] }),
    )
    .await;
    let (class, message, _) = failed(deliver(&cloud(&server), &attach()).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("too long"), "{message}");
}
