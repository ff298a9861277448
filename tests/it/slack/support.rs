//! A Slack of which each test says what it answers.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use ulid::Ulid;
use warroom::clients::slack::Slack;
use warroom::clients::{Call, Client, Secret};
use warroom::config::accounts::SlackSettings;
use warroom::incident::event::{ChatDeed, Deed, FailureClass, Listen, Slot};
use warroom::incident::{HostId, PersonId, Span, Time};
use warroom::outbox::news::{Batch, Pull};
use warroom::outbox::{Act, Outcome, State};
use wiremock::matchers::{body_string_contains, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub const TOKEN: &str = "xoxb-a-token-nobody-may-see";
pub const CHANNEL: &str = "C024BE91L";
pub const MESSAGE: &str = "C024BE91L/1700000001.000100";
/// 2023-11-14T22:13:20Z.
pub const START_S: i64 = 1_700_000_000;

pub fn at(secs: i64) -> Time {
    Time::from_ms((START_S + secs) * 1000)
}

pub fn settings(base: &str) -> SlackSettings {
    SlackSettings { base: base.to_owned(), ..SlackSettings::default() }
}

pub fn client(settings: &SlackSettings) -> Slack {
    Slack::new(settings, Secret::new(TOKEN), None).expect("usable settings")
}

pub fn slack(server: &MockServer) -> Slack {
    client(&settings(&server.uri()))
}

/// A Slack that knows who we are, and nothing else.
pub async fn server() -> MockServer {
    let server = MockServer::start().await;
    let me = json!({"ok": true, "url": "https://acme.slack.com/", "team": "Acme", "user": "warroom",
        "user_id": "UBOT00001", "bot_id": "BBOT00001"});
    answers(&server, "auth.test", me).await;
    server
}

pub async fn answers(server: &MockServer, name: &str, body: Value) {
    let answer = ResponseTemplate::new(200).set_body_json(body);
    Mock::given(method("POST")).and(path(format!("/{name}"))).respond_with(answer).mount(server).await;
}

/// Once, before whatever is answered otherwise.
pub async fn answers_once(server: &MockServer, name: &str, body: Value) {
    let answer = ResponseTemplate::new(200).set_body_json(body);
    let mock = Mock::given(method("POST")).and(path(format!("/{name}"))).respond_with(answer);
    mock.up_to_n_times(1).with_priority(1).mount(server).await;
}

/// Where the form says so.
pub async fn answers_to(server: &MockServer, name: &str, form: &str, body: Value) {
    let answer = ResponseTemplate::new(200).set_body_json(body);
    let mock = Mock::given(method("POST")).and(path(format!("/{name}"))).and(body_string_contains(form));
    mock.respond_with(answer).with_priority(2).mount(server).await;
}

pub type Form = BTreeMap<String, String>;

/// The forms that a method was called with.
pub async fn forms(server: &MockServer, name: &str) -> Vec<Form> {
    let all = server.received_requests().await.expect("recording");
    let of = all.into_iter().filter(|request| request.url.path() == format!("/{name}"));
    of.map(|request| form(&String::from_utf8_lossy(&request.body))).collect()
}

pub fn form(body: &str) -> Form {
    let url = reqwest::Url::parse(&format!("http://x/?{body}")).expect("a form");
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// A call with everything that any chat deed needs.
pub fn call(deed: ChatDeed) -> Call {
    let act = Act {
        number: 0,
        request: Ulid::from_parts(1_700_000_000_000, 7),
        host: HostId::default(),
        by: PersonId::new("ada"),
        client: "slack".to_owned(),
        lane: "channel".to_owned(),
        subject: Ulid::nil(),
        title: "SEV1 Loader hangs".to_owned(),
        body: "It hangs.".to_owned(),
        deed: Deed::Chat(deed),
        requested_at: at(0),
        attempts: 1,
        attempted_at: Some(at(0)),
        attempted_in: Default::default(),
        state: State::Attempted { at: at(0) },
    };
    Call { act, needs: [Some(CHANNEL.to_owned()), Some(MESSAGE.to_owned())], drill: false, now: at(1) }
}

pub fn post() -> Call {
    call(ChatDeed::Post { to: None, thread: None })
}

pub fn worded(title: &str, body: &str) -> Call {
    let mut call = post();
    (call.act.title, call.act.body) = (title.to_owned(), body.to_owned());
    call
}

/// The id of the request of every [`call`].
pub fn op() -> String {
    post().op()
}

pub async fn deliver(slack: &Slack, call: &Call) -> Outcome {
    slack.deliver(call).await
}

pub fn failed(outcome: Outcome) -> (FailureClass, String, Option<Span>) {
    match outcome {
        Outcome::Failed { class, message, retry_after } => (class, message, retry_after),
        other => panic!("expected a failure: {other:?}"),
    }
}

pub fn confirmed(outcome: Outcome) -> String {
    match outcome {
        Outcome::Confirmed { remote, .. } => remote,
        other => panic!("expected a confirmation: {other:?}"),
    }
}

pub fn pull(listen: Listen) -> Pull {
    Pull {
        places: vec![(Slot::Channel, CHANNEL.to_owned())],
        cursor: None,
        since: at(0),
        now: at(1000),
        listen,
    }
}

/// One pull, and the cursor for the next.
pub async fn pulled(slack: &Slack, pull: &mut Pull) -> Batch {
    let batch = slack.pull(pull).await.expect("a batch");
    if batch.cursor.is_some() {
        pull.cursor = batch.cursor.clone();
    }
    batch
}

/// A message of Ada's, so many seconds after the start.
pub fn said(secs: i64, text: &str) -> Value {
    json!({"type": "message", "user": "UADA00001", "text": text, "ts": ts(secs)})
}

pub fn with(mut message: Value, more: Value) -> Value {
    let (Value::Object(into), Value::Object(more)) = (&mut message, more) else { panic!("objects") };
    into.extend(more);
    message
}

pub fn ts(secs: i64) -> String {
    format!("{}.000100", START_S + secs)
}

pub fn history(messages: &[Value]) -> Value {
    let newest_first: Vec<&Value> = messages.iter().rev().collect();
    json!({"ok": true, "messages": newest_first, "has_more": false})
}

pub async fn knows_ada(server: &MockServer) {
    let ada = json!({"ok": true, "user": {"id": "UADA00001", "name": "ada", "real_name": "Ada L",
        "profile": {"display_name": "ada", "email": "ada@example.com"}}});
    answers(server, "users.info", ada).await;
}
