//! Socket Mode, against a websocket server that behaves as each test says.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, accept_async};
use warroom::clients::slack::{Rhythm, Slack};
use warroom::clients::{Client, Secret, Trouble};
use warroom::incident::Span;
use warroom::incident::event::{FailureClass, Listen};
use warroom::outbox::news::{Batch, News, What};
use wiremock::{MockServer, ResponseTemplate};

use super::support::*;

const APP_TOKEN: &str = "xapp-nobody-may-see-this";
/// Far more than anything here takes, and less than anybody would wait.
const LONG: Duration = Duration::from_secs(20);

struct World {
    api: MockServer,
    listener: TcpListener,
}

impl World {
    async fn new() -> Self {
        let (api, listener) = (server().await, TcpListener::bind("127.0.0.1:0").await.unwrap());
        let url = format!("ws://{}/link?ticket=a-secret-ticket", listener.local_addr().unwrap());
        answers(&api, "apps.connections.open", json!({"ok": true, "url": url})).await;
        Self { api, listener }
    }

    /// With an empty channel, and Ada.
    async fn quiet() -> Self {
        let world = Self::new().await;
        answers(&world.api, "conversations.history", history(&[])).await;
        knows_ada(&world.api).await;
        world
    }

    async fn line(&self) -> Line {
        let (stream, _) = self.listener.accept().await.unwrap();
        Line(accept_async(stream).await.unwrap())
    }

    fn client(&self, rhythm: Rhythm) -> Slack {
        let app = Some(Secret::new(APP_TOKEN));
        Slack::new(&settings(&self.api.uri()), Secret::new(TOKEN), app).unwrap().with_rhythm(rhythm)
    }

    fn listen(&self, listen: Listen, rhythm: Rhythm) -> Ear {
        let (slack, (news, heard)) = (self.client(rhythm), mpsc::channel(64));
        let task = tokio::spawn(async move {
            let later = slack.listen(pull(listen), news).expect("there is an app token");
            later.await
        });
        Ear { heard, task }
    }
}

struct Line(WebSocketStream<TcpStream>);

impl Line {
    async fn send(&mut self, value: Value) {
        self.0.send(Message::text(value.to_string())).await.unwrap();
    }

    async fn hello(&mut self) {
        self.send(json!({"type": "hello", "num_connections": 1})).await;
    }

    async fn event(&mut self, envelope: &str, id: &str, event: Value) {
        let payload = json!({"event_id": id, "event": event});
        self.send(json!({"envelope_id": envelope, "type": "events_api", "payload": payload})).await;
    }

    async fn next(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(LONG, self.0.next()).await.expect("something is said");
        next.and_then(Result::ok)
    }

    /// What is received next is this acknowledgement.
    async fn acked(&mut self, envelope: &str) {
        let Some(Message::Text(text)) = self.next().await else { panic!("no acknowledgement of {envelope}") };
        let said: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(said, json!({"envelope_id": envelope}));
    }

    /// Waits until everything before has been taken in.
    async fn settled(&mut self) {
        self.event("settled", "", json!({"type": "nothing"})).await;
        self.acked("settled").await;
    }
}

struct Ear {
    heard: mpsc::Receiver<Batch>,
    task: tokio::task::JoinHandle<Trouble>,
}

impl Ear {
    async fn next(&mut self) -> News {
        let batch = tokio::time::timeout(LONG, self.heard.recv()).await.expect("news").expect("it listens");
        assert_eq!(batch.news.len(), 1, "{batch:?}");
        batch.news.into_iter().next().unwrap()
    }

    async fn hears(&mut self, text: &str) {
        let news = self.next().await;
        assert_eq!(news.what, What::Said { text: text.to_owned() });
    }

    async fn ends(self) -> Trouble {
        tokio::time::timeout(LONG, self.task).await.expect("it ends").unwrap()
    }
}

fn message(secs: i64, text: &str) -> Value {
    with(said(secs, text), json!({"channel": CHANNEL}))
}

#[tokio::test]
async fn without_an_app_token_it_has_to_be_asked() {
    let server = server().await;
    assert!(slack(&server).listen(pull(Listen::All), mpsc::channel(1).0).is_none());
}

#[tokio::test]
async fn events_become_news_with_the_same_ids_as_by_asking() {
    let world = World::quiet().await;
    let mut ear = world.listen(Listen::All, Rhythm::default());
    let mut line = world.line().await;
    line.hello().await;
    line.event("e1", "Ev1", message(1, "it &amp; hangs")).await;
    line.acked("e1").await;
    let news = ear.next().await;
    assert_eq!((news.remote, news.at), (format!("{CHANNEL}/{}", ts(1)), at(1)));
    assert_eq!(
        (news.what, news.author.mail.as_str()),
        (What::Said { text: "it & hangs".into() }, "ada@example.com")
    );
    let changed = json!({"type": "message", "subtype": "message_changed", "channel": CHANNEL, "ts": ts(9),
        "message": with(said(1, "it ran"), json!({"edited": {"ts": ts(8)}})), "previous_message": said(1, "it hangs")});
    line.event("e2", "Ev2", changed).await;
    let edited = ear.next().await;
    assert_eq!(edited.remote, format!("{CHANNEL}/{}/edited/{}", ts(1), ts(8)));
    let deleted = json!({"type": "message", "subtype": "message_deleted", "channel": CHANNEL, "ts": ts(10),
        "deleted_ts": ts(1), "previous_message": said(1, "it ran")});
    line.event("e3", "Ev3", deleted).await;
    assert_eq!(ear.next().await.remote, format!("{CHANNEL}/{}/deleted", ts(1)));
}

/// Slack waits three seconds: "received" is said before anybody looks into it.
#[tokio::test]
async fn an_envelope_is_acknowledged_before_it_is_understood() {
    let world = World::new().await;
    answers(&world.api, "conversations.history", history(&[])).await;
    let never = ResponseTemplate::new(200).set_delay(Duration::from_secs(600));
    let mock = wiremock::Mock::given(wiremock::matchers::path("/users.info")).respond_with(never);
    mock.mount(&world.api).await;
    let mut ear = world.listen(Listen::All, Rhythm::default());
    let mut line = world.line().await;
    line.hello().await;
    for envelope in ["e1", "e2", "e3"] {
        line.event(envelope, envelope, message(1, "who am I?")).await;
        line.acked(envelope).await;
    }
    assert!(ear.heard.try_recv().is_err(), "nothing could be told yet");
}

#[tokio::test]
async fn the_same_event_twice_is_told_once_and_so_is_the_same_message_in_two_events() {
    let world = World::quiet().await;
    let mut ear = world.listen(Listen::All, Rhythm::default());
    let mut line = world.line().await;
    line.hello().await;
    line.event("e1", "Ev1", message(1, "one")).await;
    line.event("e2", "Ev1", message(1, "one")).await;
    line.event("e3", "Ev2", message(1, "one")).await;
    line.event("e4", "Ev3", message(2, "two")).await;
    for envelope in ["e1", "e2", "e3", "e4"] {
        line.acked(envelope).await;
    }
    ear.hears("one").await;
    ear.hears("two").await;
}

#[tokio::test]
async fn garbage_other_channels_and_our_own_words_are_passed_over() {
    let world = World::quiet().await;
    let mut ear = world.listen(Listen::All, Rhythm::default());
    let mut line = world.line().await;
    line.hello().await;
    line.0.send(Message::text("Ping from somewhere")).await.unwrap();
    line.0.send(Message::binary(vec![0xff, 0x00])).await.unwrap();
    line.send(json!({"type": "of_tomorrow", "payload": 7})).await;
    line.send(json!([1, 2])).await;
    line.event("e1", "Ev1", with(message(1, "elsewhere"), json!({"channel": "C0OTHER01"}))).await;
    line.event("e2", "Ev2", with(message(2, "ours"), json!({"bot_id": "BBOT00001"}))).await;
    line.event(
        "e3",
        "Ev3",
        json!({"type": "message", "channel": CHANNEL, "subtype": "channel_join", "ts": ts(3)}),
    )
    .await;
    line.event("e4", "Ev4", message(4, "heard")).await;
    for envelope in ["e1", "e2", "e3", "e4"] {
        line.acked(envelope).await;
    }
    ear.hears("heard").await;
}

/// The new socket is open before the old one is dropped, and the old one is served until then.
#[tokio::test]
async fn a_warned_line_is_replaced_without_a_gap() {
    for reason in ["warning", "refresh_requested"] {
        let world = World::quiet().await;
        let mut ear = world.listen(Listen::All, Rhythm::default());
        let mut old = world.line().await;
        old.hello().await;
        old.send(json!({"type": "disconnect", "reason": reason})).await;
        let mut new = world.line().await;
        old.event("e1", "Ev1", message(1, "on the old line")).await;
        old.acked("e1").await;
        ear.hears("on the old line").await;
        new.hello().await;
        assert!(matches!(old.next().await, Some(Message::Close(_)) | None), "now it is left");
        new.event("e2", "Ev1", message(1, "on the old line")).await;
        new.event("e3", "Ev2", message(2, "on the new line")).await;
        new.acked("e2").await;
        new.acked("e3").await;
        ear.hears("on the new line").await;
    }
}

#[tokio::test]
async fn an_old_line_that_dies_while_the_new_one_opens_stops_nothing() {
    let world = World::quiet().await;
    let mut ear = world.listen(Listen::All, Rhythm::default());
    let mut old = world.line().await;
    old.hello().await;
    old.send(json!({"type": "disconnect", "reason": "warning"})).await;
    let mut new = world.line().await;
    drop(old);
    new.hello().await;
    new.event("e1", "Ev1", message(1, "still here")).await;
    new.acked("e1").await;
    ear.hears("still here").await;
}

/// What was said while no line was up is asked for.
#[tokio::test]
async fn a_line_that_comes_up_asks_for_what_was_said_before() {
    let world = World::new().await;
    knows_ada(&world.api).await;
    answers(&world.api, "conversations.history", history(&[said(1, "before")])).await;
    let mut ear = world.listen(Listen::All, Rhythm::default());
    let mut line = world.line().await;
    line.hello().await;
    let batch = ear.heard.recv().await.expect("a batch");
    assert_eq!(batch.news[0].what, What::Said { text: "before".into() });
    assert!(batch.cursor.is_some(), "and the cursor moves");
}

/// More at once than can wait: what found no room is asked for, and nothing is lost.
#[tokio::test]
async fn a_flood_of_events_loses_nothing() {
    const FLOOD: i64 = 300;
    let world = World::new().await;
    knows_ada(&world.api).await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(1)).set_body_json(history(&[]));
    let mock = wiremock::Mock::given(wiremock::matchers::path("/conversations.history")).respond_with(slow);
    mock.up_to_n_times(1).with_priority(1).mount(&world.api).await;
    let all: Vec<Value> = (1..=FLOOD).map(|n| said(n, &format!("{n}"))).collect();
    answers(&world.api, "conversations.history", history(&all)).await;
    let mut ear = world.listen(Listen::All, Rhythm::default());
    let mut line = world.line().await;
    line.hello().await;
    for n in 1..=FLOOD {
        line.event(&format!("e{n}"), &format!("Ev{n}"), message(n, &format!("{n}"))).await;
        line.acked(&format!("e{n}")).await;
    }
    let mut heard = std::collections::BTreeSet::new();
    while heard.len() < FLOOD as usize {
        let batch =
            tokio::time::timeout(LONG, ear.heard.recv()).await.expect("all of them").expect("it listens");
        heard.extend(batch.news.into_iter().map(|news| news.remote));
    }
}

#[tokio::test]
async fn a_pin_asks_for_the_pins_and_a_mark_for_its_message() {
    let world = World::quiet().await;
    answers_once(&world.api, "pins.list", json!({"ok": true, "items": []})).await;
    let pins = json!({"ok": true, "items": [{"created": START_S + 5, "message": said(1, "pinned")}]});
    answers(&world.api, "pins.list", pins).await;
    let mut ear = world.listen(Listen::Pinned, Rhythm::default());
    let mut line = world.line().await;
    line.hello().await;
    line.event("e1", "Ev1", message(2, "only said")).await;
    line.event("e2", "Ev2", json!({"type": "pin_added", "channel_id": CHANNEL, "item": {"type": "message"}}))
        .await;
    line.settled_after(&["e1", "e2"]).await;
    ear.hears("pinned").await;

    answers(
        &world.api,
        "conversations.replies",
        json!({"ok": true, "messages": [said(-50, "old"), said(3, "marked")]}),
    )
    .await;
    let mut ear = world.listen(Listen::Emoji, Rhythm::default());
    let mut line = world.line().await;
    line.hello().await;
    let mark = |name: &str| json!({"type": "reaction_added", "reaction": name, "item": {"channel": CHANNEL, "ts": ts(3)}});
    line.event("e1", "Ev1", mark("eyes")).await;
    line.event("e2", "Ev2", mark("pushpin")).await;
    line.settled_after(&["e1", "e2"]).await;
    ear.hears("marked").await;
    assert_eq!(forms(&world.api, "conversations.replies").await.len(), 1);
}

impl Line {
    async fn settled_after(&mut self, envelopes: &[&str]) {
        for envelope in envelopes {
            self.acked(envelope).await;
        }
        self.settled().await;
    }
}

#[tokio::test]
async fn each_reason_for_an_end_has_its_class() {
    let cases = [
        ("link_disabled", FailureClass::Auth, None),
        ("too_many_websockets", FailureClass::Transient, Some(Span::from_secs(60))),
        ("of_tomorrow", FailureClass::Transient, None),
    ];
    for (reason, class, wait) in cases {
        let world = World::quiet().await;
        let ear = world.listen(Listen::All, Rhythm::default());
        let mut line = world.line().await;
        line.hello().await;
        line.send(json!({"type": "disconnect", "reason": reason})).await;
        let trouble = ear.ends().await;
        assert_eq!((trouble.class, trouble.retry_after), (class, wait), "{reason}");
    }
}

#[tokio::test]
async fn a_line_that_breaks_ends_and_says_so() {
    let world = World::quiet().await;
    let ear = world.listen(Listen::All, Rhythm::default());
    let mut line = world.line().await;
    line.hello().await;
    drop(line);
    assert_eq!(ear.ends().await.class, FailureClass::Transient);
}

fn hasty() -> Rhythm {
    let brief = Duration::from_millis(100);
    Rhythm { open: Duration::from_millis(500), ping: brief, dead: brief, ..Rhythm::default() }
}

#[tokio::test]
async fn a_silent_line_is_asked_and_then_given_up() {
    let world = World::quiet().await;
    let ear = world.listen(Listen::All, hasty());
    let mut line = world.line().await;
    line.hello().await;
    // The server reads no more, so it answers no ping.
    let trouble = ear.ends().await;
    assert_eq!(trouble.class, FailureClass::Transient);
    assert!(trouble.message.contains("ping"), "{}", trouble.message);
}

#[tokio::test]
async fn a_line_that_answers_pings_lives_on() {
    let world = World::quiet().await;
    let mut ear = world.listen(Listen::All, Rhythm { dead: LONG, ..hasty() });
    let mut line = world.line().await;
    line.hello().await;
    for _ in 0..3 {
        assert!(matches!(line.next().await, Some(Message::Ping(_))));
    }
    line.event("e1", "Ev1", message(1, "alive")).await;
    ear.hears("alive").await;
}

#[tokio::test]
async fn a_line_that_never_says_hello_or_never_connects_is_given_up() {
    let world = World::quiet().await;
    let ear = world.listen(Listen::All, hasty());
    let _silent = world.line().await;
    let trouble = ear.ends().await;
    assert_eq!(trouble.class, FailureClass::Transient);
    assert!(trouble.message.contains("hello"), "{}", trouble.message);

    let world = World::quiet().await;
    let ear = world.listen(Listen::All, hasty());
    let _stream = world.listener.accept().await.unwrap();
    let trouble = ear.ends().await;
    assert!(
        trouble.class == FailureClass::Transient && trouble.message.contains("connected"),
        "{}",
        trouble.message
    );
}

#[tokio::test]
async fn an_address_that_is_no_socket_or_not_encrypted_is_refused_and_never_quoted() {
    let plain = MockServer::start().await;
    let cases = [
        (plain.uri().replace("http://", "ws://") + "/?ticket=a-secret-ticket", FailureClass::Transient),
        ("ws://slack.example/?ticket=a-secret-ticket".to_owned(), FailureClass::Permanent),
        ("http://127.0.0.1:9/?ticket=a-secret-ticket".to_owned(), FailureClass::Permanent),
        ("ws://127.0.0.1:9/?ticket=a-secret-ticket".to_owned(), FailureClass::Transient),
    ];
    for (url, class) in cases {
        let world = World::quiet().await;
        answers_once(&world.api, "apps.connections.open", json!({"ok": true, "url": url})).await;
        let trouble = world.listen(Listen::All, Rhythm::default()).ends().await;
        assert_eq!(trouble.class, class, "{url}: {}", trouble.message);
        assert!(!trouble.message.contains("a-secret-ticket"), "{}", trouble.message);
    }
}

#[tokio::test]
async fn an_app_token_that_is_not_accepted_says_which_one() {
    let world = World::quiet().await;
    answers_once(
        &world.api,
        "apps.connections.open",
        json!({"ok": false, "error": "not_allowed_token_type"}),
    )
    .await;
    let trouble = world.listen(Listen::All, Rhythm::default()).ends().await;
    assert_eq!(trouble.class, FailureClass::Auth);
    assert!(
        trouble.message.contains("app_token") && trouble.message.contains("xapp-"),
        "{}",
        trouble.message
    );
    let asked = world.api.received_requests().await.unwrap();
    let asked = asked.iter().find(|request| request.url.path() == "/apps.connections.open").unwrap();
    assert_eq!(asked.headers["authorization"], format!("Bearer {APP_TOKEN}"));
    assert!(asked.body.is_empty());
}
