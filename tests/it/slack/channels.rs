//! The incident's channel.

use serde_json::{Value, json};
use warroom::clients::{Client, op_tag};
use warroom::incident::event::{ChatDeed, FailureClass};
use warroom::outbox::Outcome;

use super::support::*;

fn open(private: bool) -> warroom::clients::Call {
    call(ChatDeed::Open { name: "inc-loader".to_owned(), private })
}

fn tag() -> String {
    op_tag(open(false).act.request)
}

/// A channel of that name: by whom, when, and what its purpose says.
fn taken(creator: &str, created: i64, purpose: &str) -> Value {
    json!({"ok": true, "channels": [{"id": "C0INC0001", "name": "inc-loader", "creator": creator,
        "created": START_S + created, "purpose": {"value": purpose}, "is_member": true}]})
}

#[tokio::test]
async fn a_channel_is_made_marked_and_confirmed_with_its_id_and_link() {
    let server = server().await;
    answers(&server, "conversations.create", json!({"ok": true, "channel": {"id": "C0INC0001"}})).await;
    answers(&server, "conversations.setPurpose", json!({"ok": true})).await;
    let outcome = deliver(&slack(&server), &open(true)).await;
    let link = Some("https://acme.slack.com/archives/C0INC0001".to_owned());
    assert_eq!(outcome, Outcome::Confirmed { remote: "C0INC0001".to_owned(), link });
    let made = forms(&server, "conversations.create").await.remove(0);
    assert_eq!((made["name"].as_str(), made["is_private"].as_str()), ("inc-loader", "true"));
    assert!(forms(&server, "conversations.setPurpose").await[0]["purpose"].contains(&tag()));
}

/// A name that is taken is ours only where our app made the channel for this very request.
#[tokio::test]
async fn a_taken_name_is_adopted_only_when_it_is_ours() {
    let cases = [
        (taken("UBOT00001", -9_000, &tag()), true),
        (taken("UBOT00001", 1, ""), true),
        (taken("UBOT00001", -9_000, ""), false),
        (taken("UBOT00001", 1, "wr-op-of-another-request"), false),
        (taken("UADA00001", 1, &tag()), false),
        (json!({"ok": true, "channels": []}), false),
    ];
    for (list, ours) in cases {
        let server = server().await;
        answers(&server, "conversations.create", json!({"ok": false, "error": "name_taken"})).await;
        answers(&server, "conversations.list", list.clone()).await;
        let slack = slack(&server);
        let found = slack.find(&open(false)).await;
        if ours {
            assert_eq!(confirmed(deliver(&slack, &open(false)).await), "C0INC0001", "{list}");
            assert_eq!(confirmed(found), "C0INC0001");
        } else {
            let (class, message, _) = failed(deliver(&slack, &open(false)).await);
            assert_eq!(class, FailureClass::Permanent);
            assert!(
                message.contains("channel adopt inc-loader") && message.contains("another name"),
                "{message}"
            );
            assert_eq!(found, Outcome::NotThere, "{list}");
        }
    }
}

#[tokio::test]
async fn private_channels_that_cannot_be_seen_are_not_said_to_be_missing() {
    let server = server().await;
    let lacking = json!({"ok": false, "error": "missing_scope", "needed": "groups:read", "provided": ""});
    answers_to(&server, "conversations.list", "private_channel", lacking).await;
    answers(&server, "conversations.list", json!({"ok": true, "channels": []})).await;
    let slack = slack(&server);
    assert!(
        matches!(slack.find(&open(true)).await, Outcome::CannotTell { message } if message.contains("groups:read"))
    );
    assert_eq!(slack.find(&open(false)).await, Outcome::NotThere);
}

#[tokio::test]
async fn a_lost_answer_to_the_making_of_a_channel_is_in_doubt() {
    let server = server().await;
    answers(&server, "conversations.create", json!({"ok": false, "error": "fatal_error"})).await;
    assert_eq!(failed(deliver(&slack(&server), &open(false)).await).0, FailureClass::Unknown);
}

async fn world(channel: Value) -> wiremock::MockServer {
    let server = server().await;
    answers(&server, "conversations.info", json!({"ok": true, "channel": channel})).await;
    answers(&server, "conversations.list", json!({"ok": true, "channels": [channel]})).await;
    answers(&server, "conversations.join", json!({"ok": true})).await;
    server
}

fn adopt(channel: &str) -> warroom::clients::Call {
    call(ChatDeed::Adopt { channel: channel.to_owned() })
}

#[tokio::test]
async fn a_channel_is_adopted_by_id_name_or_address_and_joined_where_needed() {
    for typed in ["C0INC0001", "#Data-Ops", "data-ops", "https://acme.slack.com/archives/C0INC0001/p17"] {
        let server = world(json!({"id": "C0INC0001", "name": "data-ops", "is_member": false})).await;
        assert_eq!(confirmed(deliver(&slack(&server), &adopt(typed)).await), "C0INC0001", "{typed}");
        assert_eq!(forms(&server, "conversations.join").await.len(), 1);
    }
    let server = world(json!({"id": "C0INC0001", "name": "data-ops", "is_member": true})).await;
    confirmed(deliver(&slack(&server), &adopt("data-ops")).await);
    assert!(forms(&server, "conversations.join").await.is_empty(), "it is in already");
    let server = world(json!({"id": "C0INC0001", "name": "data-ops", "is_member": false})).await;
    let mut settings = settings(&server.uri());
    settings.common.read_only = true;
    assert_eq!(confirmed(deliver(&client(&settings), &adopt("data-ops")).await), "C0INC0001");
    assert!(forms(&server, "conversations.join").await.is_empty(), "who only listens joins nothing");
}

#[tokio::test]
async fn a_channel_that_cannot_be_adopted_says_what_to_do() {
    let cases = [
        (json!({"id": "C0INC0001", "name": "data-ops", "is_private": true}), "/invite the app"),
        (json!({"id": "C0INC0001", "name": "data-ops", "is_archived": true}), "unarchive"),
        (json!({"id": "C0INC0009", "name": "another"}), "no channel data-ops"),
    ];
    for (channel, hint) in cases {
        let server = world(channel).await;
        let (class, message, _) = failed(deliver(&slack(&server), &adopt("data-ops")).await);
        assert_eq!(class, FailureClass::Permanent);
        assert!(message.contains(hint), "{message}");
    }
    let server = server().await;
    answers(&server, "conversations.info", json!({"ok": false, "error": "channel_not_found"})).await;
    answers(&server, "conversations.list", json!({"ok": true, "channels": []})).await;
    let (class, message, _) = failed(deliver(&slack(&server), &adopt("C0GONE0001")).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("C0GONE0001"), "{message}");
}

#[tokio::test]
async fn a_topic_is_one_line_of_250_with_entities_whole() {
    let server = server().await;
    answers(&server, "conversations.setTopic", json!({"ok": true})).await;
    let mut topic = call(ChatDeed::Topic);
    topic.act.body = format!("SEV1 | <!here>\n{}", "&".repeat(300));
    assert_eq!(confirmed(deliver(&slack(&server), &topic).await), CHANNEL);
    let sent = forms(&server, "conversations.setTopic").await.remove(0)["topic"].clone();
    assert!(sent.encode_utf16().count() <= 250 && sent.starts_with("SEV1 | &lt;!here&gt; &amp;"), "{sent}");
    assert!(sent.ends_with("&amp;…"), "{sent}");
}

#[tokio::test]
async fn a_bookmark_is_added_once_and_changed_where_title_or_address_is_known() {
    let cases = [
        (json!([]), Some("bookmarks.add"), "Bk2"),
        (
            json!([{"id": "Bk1", "title": "Dash", "link": "https://old.example"}]),
            Some("bookmarks.edit"),
            "Bk1",
        ),
        (json!([{"id": "Bk1", "title": "Old", "link": "https://d.example"}]), Some("bookmarks.edit"), "Bk1"),
        (json!([{"id": "Bk1", "title": "Dash", "link": "https://d.example"}]), None, "Bk1"),
    ];
    for (known, written, id) in cases {
        let server = server().await;
        answers(&server, "bookmarks.list", json!({"ok": true, "bookmarks": known})).await;
        answers(&server, "bookmarks.edit", json!({"ok": true})).await;
        answers(&server, "bookmarks.add", json!({"ok": true, "bookmark": {"id": "Bk2"}})).await;
        let mark = call(ChatDeed::Bookmark { name: "Dash".to_owned(), url: "https://d.example".to_owned() });
        assert_eq!(confirmed(deliver(&slack(&server), &mark).await), id);
        for name in ["bookmarks.add", "bookmarks.edit"] {
            let count = forms(&server, name).await.len();
            assert_eq!(count, usize::from(written == Some(name)), "{name} {known}");
        }
    }
    let server = server().await;
    let mark = call(ChatDeed::Bookmark { name: "Dash".to_owned(), url: "javascript:alert(1)".to_owned() });
    assert_eq!(failed(deliver(&slack(&server), &mark).await).0, FailureClass::Permanent);
}
