//! The shipped Matrix client, against a homeserver that is scripted here.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;
use warroom::clients::process::Process;
use warroom::clients::process::deeds::A_POST;
use warroom::clients::{Call, Client, Secret};
use warroom::config::accounts::{Common, ProcessSettings};
use warroom::incident::event::{ChatDeed, Contact, Deed, FailureClass, Listen, Slot};
use warroom::incident::{PersonId, Span};
use warroom::outbox::Outcome;
use warroom::outbox::news::{Pull, What};
use wiremock::matchers::{
    body_partial_json, header, method, path, path_regex, query_param, query_param_is_missing,
};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::{TOKEN, call, confirmed, failed, here, now, open, post, python, secrets};

const API: &str = "/_matrix/client/v3";
const ROOM: &str = "!r:example.com";
const ROOM_PATH: &str = "/_matrix/client/v3/rooms/!r:example.com";

fn client(server: &MockServer) -> Process {
    made(&server.uri(), secrets())
}

fn made(homeserver: &str, secrets: BTreeMap<String, Secret>) -> Process {
    let options =
        toml::Table::from_iter([("homeserver".to_owned(), toml::Value::String(homeserver.to_owned()))]);
    let settings = ProcessSettings {
        common: Common { timeout: Span::from_secs(10), ..Common::default() },
        command: vec![here("sample-data/clients/matrix.py")],
        options,
        drill: Some("!drills:example.com".into()),
        ..ProcessSettings::default()
    };
    Process::new("matrix", &settings, secrets).expect("sound settings")
}

/// A homeserver that knows whose the token is.
async fn homeserver() -> MockServer {
    let server = MockServer::start().await;
    answers(&server, "GET", &format!("{API}/account/whoami"), 200, json!({"user_id": "@bot:example.com"}))
        .await;
    server
}

async fn answers(server: &MockServer, verb: &str, to: &str, status: u16, body: Value) {
    Mock::given(method(verb))
        .and(Encoded(to.to_owned()))
        .and(header("authorization", format!("Bearer {TOKEN}")))
        .respond_with(ResponseTemplate::new(status).set_body_json(body))
        .mount(server)
        .await;
}

/// A path, whichever of its characters were escaped on the way.
struct Encoded(String);

impl wiremock::Match for Encoded {
    fn matches(&self, request: &Request) -> bool {
        decoded(request.url.path()) == self.0
    }
}

fn decoded(path: &str) -> String {
    let signs = [("%21", "!"), ("%3A", ":"), ("%40", "@"), ("%24", "$"), ("%23", "#")];
    signs.iter().fold(path.to_owned(), |path, (code, sign)| path.replace(code, sign))
}

async fn bodies(server: &MockServer, verb: &str) -> Vec<(String, Value)> {
    let all = server.received_requests().await.expect("they are recorded");
    let ours = all.iter().filter(|request| request.method.as_str() == verb);
    ours.map(|request| {
        (decoded(request.url.path()), serde_json::from_slice(&request.body).unwrap_or_default())
    })
    .collect()
}

fn in_room(mut call: Call) -> Call {
    call.needs =
        call.needs.map(|need| need.map(|need| if need == "!dry-channel" { ROOM.to_owned() } else { need }));
    call
}

#[tokio::test]
async fn a_post_goes_under_its_op_id_as_plain_text_that_mentions_nobody() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let call = in_room(post(1, "@room <b>late</b>"));
    let to = format!("{ROOM_PATH}/send/m.room.message/{}", call.op());
    answers(&server, "PUT", &to, 200, json!({"event_id": "$e1"})).await;
    let outcome = client(&server).deliver(&call).await;
    let link = Some("https://matrix.to/#/%21r%3Aexample.com/%24e1".to_owned());
    assert_eq!(outcome, Outcome::Confirmed { remote: "$e1".into(), link });
    let (_, sent) = bodies(&server, "PUT").await.remove(0);
    assert_eq!(sent["body"], "Orders are late\n\n@room <b>late</b>");
    assert_eq!(sent["m.mentions"], json!({}), "an empty one: nobody is mentioned");
    assert!(sent.get("formatted_body").is_none());
    assert_eq!(sent["dev.warroom.op_id"], call.op());
}

#[tokio::test]
async fn an_edit_replaces_and_a_pin_is_added_once() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let edit = in_room(call(1, Deed::Chat(ChatDeed::Edit { post: A_POST }), "new"));
    answers(
        &server,
        "PUT",
        &format!("{ROOM_PATH}/send/m.room.message/{}", edit.op()),
        200,
        json!({"event_id": "$e2"}),
    )
    .await;
    let pins = format!("{ROOM_PATH}/state/m.room.pinned_events/");
    answers(&server, "GET", &pins, 200, json!({"pinned": ["$old"]})).await;
    answers(&server, "PUT", &pins, 200, json!({"event_id": "$s"})).await;
    let client = client(&server);
    assert_eq!(confirmed(client.deliver(&edit).await), "$e2");
    confirmed(client.deliver(&in_room(call(2, Deed::Chat(ChatDeed::Pin { post: A_POST }), ""))).await);
    let sent = bodies(&server, "PUT").await;
    assert_eq!(sent[0].1["m.relates_to"], json!({"rel_type": "m.replace", "event_id": "dry-post"}));
    assert_eq!(sent[0].1["m.new_content"]["body"], "Orders are late\n\nnew");
    assert_eq!(sent[1].1, json!({"pinned": ["$old", "dry-post"]}));
}

#[tokio::test]
async fn a_room_is_opened_once_and_found_by_its_op_id() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let call = open(1, "");
    let alias = format!("{API}/directory/room/#inc-1:example.com");
    let taken = json!({"errcode": "M_ROOM_IN_USE", "error": "taken"});
    Mock::given(path(format!("{API}/createRoom")))
        .and(body_partial_json(json!({"room_alias_name": "inc-1", "preset": "public_chat"})))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"room_id": ROOM})))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    answers(&server, "POST", &format!("{API}/createRoom"), 400, taken).await;
    answers(&server, "GET", &alias, 200, json!({"room_id": ROOM})).await;
    let state = format!("{ROOM_PATH}/state/dev.warroom.op_id/");
    answers(&server, "GET", &state, 200, json!({"op_id": call.op()})).await;
    let client = client(&server);
    for _ in 0..2 {
        assert_eq!(confirmed(client.deliver(&call).await), ROOM, "the second time it is adopted: it is ours");
    }
    assert_eq!(confirmed(client.find(&call).await), ROOM);
    // Another act with the same name: another's room is never taken for ours.
    let (message, _) = failed(client.deliver(&open(2, "")).await, FailureClass::Permanent);
    assert!(message.contains("another room has the name inc-1: adopt it"), "{message}");
    failed(client.find(&open(2, "")).await, FailureClass::Permanent);
}

#[tokio::test]
async fn a_room_that_nobody_opened_is_missing_and_a_drill_opens_none() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let alias = format!("{API}/directory/room/#inc-1:example.com");
    answers(&server, "GET", &alias, 404, json!({"errcode": "M_NOT_FOUND", "error": "no"})).await;
    let client = client(&server);
    assert_eq!(client.find(&open(1, "")).await, Outcome::NotThere);
    let mut drill = open(2, "");
    drill.drill = true;
    assert_eq!(confirmed(client.deliver(&drill).await), "!drills:example.com");
}

#[tokio::test]
async fn a_lost_post_is_found_by_its_op_id_and_nobody_elses_is_taken_for_it() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let call = in_room(post(1, "b"));
    let event = |sender: &str, op: &str, id: &str| json!({"event_id": id, "sender": sender, "content": {"dev.warroom.op_id": op}});
    let forged = in_room(post(2, "b"));
    let chunk = json!({"chunk": [event("@eve:example.com", &forged.op(), "$eve"), event("@bot:example.com", &call.op(), "$mine")]});
    answers(&server, "GET", &format!("{ROOM_PATH}/messages"), 200, chunk).await;
    let client = client(&server);
    assert_eq!(confirmed(client.find(&call).await), "$mine");
    // Not found: its transaction id makes sending it again harmless.
    assert_eq!(client.find(&forged).await, Outcome::NotThere);
}

#[tokio::test]
async fn people_are_invited_by_their_id_unless_they_are_there_and_who_has_none_is_named() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let member = |user: &str| format!("{ROOM_PATH}/state/m.room.member/{user}");
    answers(&server, "GET", &member("@in:example.com"), 200, json!({"membership": "join"})).await;
    answers(&server, "GET", &member("@out:example.com"), 404, json!({"errcode": "M_NOT_FOUND"})).await;
    answers(&server, "POST", &format!("{ROOM_PATH}/invite"), 200, json!({})).await;
    let contact = |id: &str, remote: Option<&str>| Contact {
        id: PersonId::new(id),
        name: String::new(),
        mail: String::new(),
        remote: remote.map(str::to_owned),
    };
    let who = vec![contact("in", Some("@in:example.com")), contact("out", Some("@out:example.com"))];
    let client = client(&server);
    confirmed(client.deliver(&in_room(call(1, Deed::Chat(ChatDeed::Invite { who }), ""))).await);
    assert_eq!(
        bodies(&server, "POST").await,
        [(format!("{ROOM_PATH}/invite"), json!({"user_id": "@out:example.com"}))]
    );
    let nameless = in_room(call(2, Deed::Chat(ChatDeed::Invite { who: vec![contact("zoe", None)] }), ""));
    let (message, _) = failed(client.deliver(&nameless).await, FailureClass::Permanent);
    assert!(message.contains("no Matrix id is known of zoe"), "{message}");
}

#[tokio::test]
async fn topic_and_adoption_are_states_that_can_be_set_twice() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    answers(&server, "PUT", &format!("{ROOM_PATH}/state/m.room.topic/"), 200, json!({"event_id": "$t"}))
        .await;
    answers(&server, "POST", &format!("{API}/join/#war:example.com"), 200, json!({"room_id": ROOM})).await;
    let client = client(&server);
    confirmed(client.deliver(&in_room(call(1, Deed::Chat(ChatDeed::Topic), "SEV2 | orders"))).await);
    assert_eq!(bodies(&server, "PUT").await[0].1, json!({"topic": "SEV2 | orders"}));
    let adopt = call(2, Deed::Chat(ChatDeed::Adopt { channel: "#war:example.com".into() }), "");
    assert_eq!(confirmed(client.deliver(&adopt).await), ROOM);
}

#[tokio::test]
async fn each_error_means_what_it_means_to_the_outbox() {
    if !python() {
        return;
    }
    use FailureClass::{Auth, Permanent, Transient};
    let json_error = |status: u16, code: &str| {
        ResponseTemplate::new(status).set_body_json(json!({"errcode": code, "error": "no"}))
    };
    let limited = ResponseTemplate::new(429)
        .set_body_json(json!({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 7000}));
    let html = ResponseTemplate::new(502).set_body_string("<html>bad gateway</html>");
    let cases = [
        (json_error(401, "M_UNKNOWN_TOKEN"), Auth, None, "M_UNKNOWN_TOKEN"),
        (ResponseTemplate::new(401).set_body_string("<html>login</html>"), Auth, None, "401"),
        (json_error(403, "M_FORBIDDEN"), Permanent, None, "give the account the right"),
        (json_error(413, "M_TOO_LARGE"), Permanent, None, "M_TOO_LARGE"),
        (limited, Transient, Some(Span::from_secs(7)), "too often"),
        (
            json_error(429, "M_LIMIT_EXCEEDED").insert_header("Retry-After", "5"),
            Transient,
            Some(Span::from_secs(5)),
            "429",
        ),
        // Unknown; its transaction id makes it harmless to send it again.
        (html, Transient, None, "502"),
        (json_error(500, "M_UNKNOWN"), Transient, None, "M_UNKNOWN"),
        (ResponseTemplate::new(200).set_body_string("garbage"), Transient, None, "event_id"),
    ];
    for (answer, class, after, says) in cases {
        let server = homeserver().await;
        Mock::given(method("PUT")).respond_with(answer).mount(&server).await;
        let (message, wait) = failed(client(&server).deliver(&in_room(post(1, "b"))).await, class);
        assert!(message.contains(says), "{says}: {message}");
        assert_eq!(wait, after, "{message}");
    }
}

fn since(cursor: Option<&str>, listen: Listen) -> Pull {
    let places = vec![(Slot::Channel, ROOM.to_owned())];
    Pull { places, cursor: cursor.map(str::to_owned), since: now(), now: now(), listen }
}

fn event(id: &str, sender: &str, kind: &str, content: Value) -> Value {
    json!({"event_id": id, "sender": sender, "type": kind, "content": content, "origin_server_ts": 1_793_588_700_000_i64})
}

fn synced(next: &str, timeline: Value) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_json(json!({"next_batch": next, "rooms": {"join": {ROOM: {"timeline": timeline}}}}))
}

#[tokio::test]
async fn what_people_say_edit_and_take_back_is_heard_with_the_echo_of_our_own() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let mut own = event("$2", "@bot:example.com", "m.room.message", json!({"body": "ours"}));
    own["unsigned"] = json!({"transaction_id": "01OP"});
    let forged = json!({"body": "x", "dev.warroom.op_id": "01OP"});
    let replaced = json!({"body": "* b", "m.new_content": {"body": "better"}, "m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}});
    let timeline = json!({"events": [
        event("$1", "@ann:example.com", "m.room.message", json!({"body": "the loader\u{1b}[2J is down"})),
        own,
        event("$3", "@ann:example.com", "m.room.message", replaced),
        event("$4", "@eve:example.com", "m.room.message", forged),
        event("$5", "@ann:example.com", "m.room.redaction", json!({"redacts": "$1"})),
        event("$6", "@ann:example.com", "m.room.member", json!({"membership": "join"})),
    ]});
    Mock::given(path(format!("{API}/sync")))
        .and(query_param_is_missing("since"))
        .respond_with(synced("s1", timeline))
        .mount(&server)
        .await;
    let batch = client(&server).pull(&since(None, Listen::All)).await.expect("news");
    assert_eq!(batch.cursor.as_deref(), Some("s1"));
    let got: Vec<_> = batch
        .news
        .iter()
        .map(|news| (news.remote.as_str(), news.echo_of.as_deref(), news.what.clone()))
        .collect();
    let said = |text: &str| What::Said { text: text.to_owned() };
    assert_eq!(
        got,
        [
            ("$1", None, said("the loader is down")),
            ("$2", Some("01OP"), said("ours")),
            ("$3", None, What::Edited { of: "$1".into(), text: "better".into() }),
            ("$4", None, said("x")),
            ("$5", None, What::Deleted { of: "$1".into() }),
        ]
    );
    assert_eq!(batch.news[0].author.name, "ann");
}

#[tokio::test]
async fn a_gap_is_filled_and_the_next_look_goes_on_from_the_cursor() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let said = |id: &str| event(id, "@ann:example.com", "m.room.message", json!({"body": id}));
    let limited = json!({"limited": true, "prev_batch": "p", "events": [said("$9")]});
    Mock::given(path(format!("{API}/sync")))
        .and(query_param("since", "s1"))
        .respond_with(synced("s2", limited))
        .mount(&server)
        .await;
    let page = json!({"chunk": [said("$8"), said("$7")]});
    Mock::given(path_regex("/messages$"))
        .and(query_param("from", "p"))
        .and(query_param("to", "s1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page))
        .mount(&server)
        .await;
    let batch = client(&server).pull(&since(Some("s1"), Listen::All)).await.expect("news");
    let ids: Vec<_> = batch.news.iter().map(|news| news.remote.as_str()).collect();
    assert_eq!((ids, batch.cursor.as_deref()), (vec!["$7", "$8", "$9"], Some("s2")));
}

#[tokio::test]
async fn what_somebody_pins_is_heard_where_pins_are_listened_to() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let mut pins =
        event("$p", "@ann:example.com", "m.room.pinned_events", json!({"pinned": ["$old", "$new"]}));
    pins["unsigned"] = json!({"prev_content": {"pinned": ["$old"]}});
    let chat = event("$c", "@ann:example.com", "m.room.message", json!({"body": "chatter"}));
    Mock::given(path(format!("{API}/sync")))
        .respond_with(synced("s1", json!({"events": [chat, pins]})))
        .mount(&server)
        .await;
    let pinned = event("$new", "@bob:example.com", "m.room.message", json!({"body": "cause found"}));
    answers(&server, "GET", &format!("{ROOM_PATH}/event/$new"), 200, pinned).await;
    let batch = client(&server).pull(&since(None, Listen::Pinned)).await.expect("news");
    let got: Vec<_> =
        batch.news.iter().map(|news| (news.remote.as_str(), news.author.name.as_str())).collect();
    assert_eq!(got, [("$new", "bob")]);
    assert_eq!(client(&server).pull(&since(None, Listen::Off)).await.expect("nothing").news, []);
}

#[tokio::test]
async fn listening_goes_on_only_after_what_was_told_is_kept() {
    if !python() {
        return;
    }
    let server = homeserver().await;
    let said =
        |id: &str| json!({"events": [event(id, "@ann:example.com", "m.room.message", json!({"body": id}))]});
    Mock::given(path(format!("{API}/sync")))
        .and(query_param_is_missing("since"))
        .respond_with(synced("s1", said("$1")))
        .mount(&server)
        .await;
    Mock::given(path(format!("{API}/sync")))
        .and(query_param("since", "s1"))
        .respond_with(synced("s2", said("$2")))
        .mount(&server)
        .await;
    let quiet = synced("s2", json!({"events": []})).set_delay(Duration::from_secs(60));
    Mock::given(path(format!("{API}/sync")))
        .and(query_param("since", "s2"))
        .respond_with(quiet)
        .mount(&server)
        .await;
    let client = client(&server);
    let (to, mut news) = mpsc::channel(4);
    let listening = client.listen(since(None, Listen::All), to).expect("it can");
    let hearing = async {
        let first = timeout(Duration::from_secs(10), news.recv()).await.expect("in time").expect("told");
        assert_eq!(first.cursor.as_deref(), Some("s1"));
        // While a whole call goes to and fro, nothing more is asked for.
        client.probe().await;
        let syncs = || async {
            let all = server.received_requests().await.expect("recorded");
            all.iter().filter(|request| request.url.path().ends_with("/sync")).count()
        };
        assert_eq!(syncs().await, 1);
        client.heard("s1").await;
        let second = timeout(Duration::from_secs(10), news.recv()).await.expect("in time").expect("told");
        assert_eq!((second.news[0].remote.as_str(), second.cursor.as_deref()), ("$2", Some("s2")));
    };
    tokio::select! {
        trouble = listening => panic!("it stopped: {trouble:?}"),
        () = hearing => {}
    }
}

#[tokio::test]
async fn without_a_token_or_with_a_dead_one_it_says_what_to_do() {
    if !python() {
        return;
    }
    let server = MockServer::start().await;
    let unknown = json!({"errcode": "M_UNKNOWN_TOKEN", "error": "logged out"});
    answers(&server, "GET", &format!("{API}/account/whoami"), 401, unknown).await;
    let probes = client(&server).probe().await;
    assert!(probes.iter().any(|probe| !probe.works && probe.hint.contains("new access token")), "{probes:?}");
    let tokenless = made("https://matrix.example.com", BTreeMap::new());
    let (message, _) = failed(tokenless.deliver(&open(1, "")).await, FailureClass::Auth);
    assert!(message.contains("set secrets.token"), "{message}");
}
