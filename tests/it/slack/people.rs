//! People: found, invited, listed.

use serde_json::{Value, json};
use warroom::clients::Client;
use warroom::incident::PersonId;
use warroom::incident::event::{ChatDeed, Contact, FailureClass};
use wiremock::MockServer;

use super::support::*;

fn contact(name: &str, mail: &str, remote: Option<&str>) -> Contact {
    Contact {
        id: PersonId::new(name),
        name: name.to_owned(),
        mail: mail.to_owned(),
        remote: remote.map(str::to_owned),
    }
}

async fn world() -> MockServer {
    let server = server().await;
    let members = json!({"ok": true, "members": [
        {"id": "UADA00001", "name": "ada", "profile": {"real_name": "Ada L", "email": "ada@example.com", "phone": "1"}},
        {"id": "UBOB00001", "name": "bob", "real_name": "Bob M"},
        {"id": "USAM00001", "name": "sam1", "real_name": "Sam"},
        {"id": "USAM00002", "name": "sam2", "real_name": "Sam"},
        {"id": "UGONE0001", "name": "gone", "deleted": true},
        {"id": "UBOT00009", "name": "robot", "is_bot": true},
        {"id": "USLACKBOT", "name": "slackbot"}]});
    answers(&server, "users.list", members).await;
    let ada = json!({"ok": true, "user": {"id": "UADA00001"}});
    answers_to(&server, "users.lookupByEmail", "ada%40example.com", ada).await;
    answers(&server, "users.lookupByEmail", json!({"ok": false, "error": "users_not_found"})).await;
    server
}

async fn invited(server: &MockServer, who: Vec<Contact>) -> warroom::outbox::Outcome {
    deliver(&slack(server), &call(ChatDeed::Invite { who })).await
}

async fn asked_for(server: &MockServer) -> Vec<String> {
    forms(server, "conversations.invite").await.iter().map(|form| form["users"].clone()).collect()
}

#[tokio::test]
async fn people_are_found_by_id_then_mail_then_name() {
    let server = world().await;
    answers(&server, "conversations.invite", json!({"ok": true})).await;
    let who = vec![
        contact("Cid", "", Some("UCID00001")),
        contact("whoever", "ada@example.com", None),
        contact("bob m", "unknown@example.com", None),
        contact("@ada", "", None),
    ];
    let remote = confirmed(invited(&server, who).await);
    assert_eq!(remote, "invited: Cid, whoever, bob m");
    assert_eq!(asked_for(&server).await, ["UCID00001,UADA00001,UBOB00001"]);
}

/// Those who can be invited are, and whoever is missing is named.
#[tokio::test]
async fn whoever_cannot_be_found_is_named_and_stops_nobody() {
    let server = world().await;
    answers(&server, "conversations.invite", json!({"ok": true})).await;
    let who =
        vec![contact("Zoe", "zoe@example.com", None), contact("Sam", "", None), contact("Bob M", "", None)];
    let remote = confirmed(invited(&server, who).await);
    assert!(remote.starts_with("invited: Bob M; not invited: Zoe (nobody"), "{remote}");
    assert!(remote.contains("Sam (several people"), "{remote}");
    assert_eq!(forms(&server, "users.list").await.len(), 1, "the list is read once");
    let (class, message, _) = failed(invited(&server, vec![contact("Zoe", "", None)]).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("Zoe") && message.contains("invite them in Slack"), "{message}");
    assert_eq!(asked_for(&server).await.len(), 1, "nobody is invited for nothing");
}

fn three() -> Vec<Contact> {
    let three = [("Ada", "UADA00001"), ("Bob", "UBOB00001"), ("Cid", "UCID00001")];
    three.into_iter().map(|(name, id)| contact(name, "", Some(id))).collect()
}

#[tokio::test]
async fn one_who_is_refused_keeps_nobody_out() {
    let refusals = json!({"ok": false, "error": "already_in_channel", "errors": [
        {"ok": false, "user": "UADA00001", "error": "already_in_channel"},
        {"ok": false, "user": "UBOB00001", "error": "user_is_restricted"}]});
    let partly = json!({"ok": true, "errors": refusals["errors"]});
    for first in [refusals.clone(), partly] {
        let server = server().await;
        answers_once(&server, "conversations.invite", first).await;
        answers(&server, "conversations.invite", json!({"ok": true})).await;
        let remote = confirmed(invited(&server, three()).await);
        assert_eq!(remote, "invited: Ada, Cid; not invited: Bob (Slack says user_is_restricted)");
        assert_eq!(asked_for(&server).await, ["UADA00001,UBOB00001,UCID00001", "UCID00001"]);
    }
}

#[tokio::test]
async fn whoever_is_in_already_has_come() {
    let server = server().await;
    answers(&server, "conversations.invite", json!({"ok": false, "error": "already_in_channel"})).await;
    let one = vec![contact("Ada", "", Some("UADA00001"))];
    assert_eq!(confirmed(invited(&server, one).await), "invited: Ada");
    // Nobody is named: each is tried alone.
    assert_eq!(confirmed(invited(&server, three()).await), "invited: Ada, Bob, Cid");
    assert_eq!(asked_for(&server).await.len(), 1 + 1 + 3);
}

#[tokio::test]
async fn what_concerns_the_channel_fails_as_a_whole() {
    let cases: [(Value, FailureClass); 3] = [
        (json!({"ok": false, "error": "not_in_channel"}), FailureClass::Permanent),
        (json!({"ok": false, "error": "missing_scope", "needed": "channels:manage"}), FailureClass::Auth),
        (json!({"ok": false, "error": "fatal_error"}), FailureClass::Transient),
    ];
    for (answer, expected) in cases {
        let server = server().await;
        answers(&server, "conversations.invite", answer).await;
        assert_eq!(failed(invited(&server, three()).await).0, expected);
    }
}

#[tokio::test]
async fn the_directory_has_people_only() {
    let server = world().await;
    let directory = slack(&server).directory().await.expect("a directory");
    let ids: Vec<&str> = directory.people.iter().map(|person| person.remote.as_str()).collect();
    assert_eq!(ids, ["UADA00001", "UBOB00001", "USAM00001", "USAM00002"]);
    let ada = &directory.people[0];
    assert_eq!((ada.name.as_str(), ada.mail.as_str(), ada.phone.as_str()), ("Ada L", "ada@example.com", "1"));
}
