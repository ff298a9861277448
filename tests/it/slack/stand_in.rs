//! Against a Slack that nobody here wrote: a stateful emulator behind a proxy that checks every request against Slack's own
//! method reference. Whatever it finds wrong with a request fails the test.

use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use ulid::Ulid;
use warroom::clients::slack::Slack;
use warroom::clients::{Call, Client, Secret};
use warroom::incident::event::{ChatDeed, Contact, Listen, Slot};
use warroom::incident::{PersonId, Span, Time};
use warroom::outbox::Outcome;
use warroom::outbox::news::{Pull, What};

use super::support::{call, confirmed, settings};

const WHY: &str = "set by the script that starts the stand-in servers";

/// A path, and what is wrong with the request.
type Said = (String, Vec<String>);

/// Forwards to the stand-in, and keeps what it says of the requests.
#[derive(Clone)]
struct Checked {
    to: String,
    said: Arc<Mutex<Vec<Said>>>,
}

impl Checked {
    async fn start() -> (Self, String) {
        let to = std::env::var("STANDIN_SLACK").expect(WHY);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let checked = Self { to, said: Arc::default() };
        let serving = checked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let checked = serving.clone();
                tokio::spawn(async move { checked.forward(stream).await });
            }
        });
        (checked, address)
    }

    /// One request; the connection is closed after it.
    async fn forward(&self, mut stream: TcpStream) {
        let Some((head, body)) = read(&mut stream).await else { return };
        let path = head.split_whitespace().nth(1).unwrap_or("/").to_owned();
        let field = |name: &str| {
            let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
            line.and_then(|line| line.split_once(':'))
                .map(|(_, value)| value.trim().to_owned())
                .unwrap_or_default()
        };
        let request =
            reqwest::Client::builder().no_proxy().build().unwrap().post(format!("{}{path}", self.to));
        let request = request.header("authorization", field("authorization"));
        let request =
            if body.is_empty() { request } else { request.header("content-type", field("content-type")) };
        let answer = request.body(body).send().await.expect("the stand-in answers");
        let violations = answer.headers().get("sl-violations").map(|said| said.to_str().unwrap().to_owned());
        let violations: Vec<Value> =
            violations.map(|said| serde_json::from_str(&said).unwrap()).unwrap_or_default();
        let of_request = violations.into_iter().filter(|one| one["location"][0] == "request");
        self.said.lock().unwrap().push((path, of_request.map(|one| one.to_string()).collect()));
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            text.len()
        );
        let _ = stream.write_all(format!("{head}{text}").as_bytes()).await;
    }

    /// Every method that was called; none of them in a way that breaks its description.
    fn methods(&self) -> Vec<String> {
        let said = self.said.lock().unwrap();
        let wrong: Vec<_> = said.iter().filter(|(_, violations)| !violations.is_empty()).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        let mut methods: Vec<String> =
            said.iter().map(|(path, _)| path.trim_matches('/').to_owned()).collect();
        methods.sort();
        methods.dedup();
        methods
    }
}

async fn read(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut some = [0; 8192];
    loop {
        let read = stream.read(&mut some).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&some[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        if bytes.len() >= end + 4 + length.unwrap_or(0) {
            return Some((head, bytes.split_off(end + 4)));
        }
    }
}

#[allow(clippy::disallowed_methods)]
fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Time::from_ms(since.as_millis() as i64)
}

/// The emulator's messages carry whole seconds: they may seem older than the moment before them.
fn lately() -> Time {
    now().saturating_sub(Span::from_secs(2))
}

/// An incident of its own, in a channel of its own.
struct Told {
    slack: Slack,
    channel: Option<String>,
    other: Option<String>,
    count: u128,
}

impl Told {
    fn new(address: &str) -> Self {
        let token = Secret::new(std::env::var("STANDIN_SLACK_TOKEN").expect(WHY));
        let slack = Slack::new(&settings(address), token, Some(Secret::new("xapp-stand-in"))).unwrap();
        Self { slack, channel: None, other: None, count: 0 }
    }

    fn call(&mut self, deed: ChatDeed) -> Call {
        self.count += 1;
        let mut call = call(deed);
        call.act.request = Ulid::from_parts(now().ms() as u64, self.count);
        (call.act.requested_at, call.act.attempted_at, call.now) = (now(), Some(now()), now());
        call.needs = [self.channel.clone(), self.other.clone()];
        call
    }

    async fn done(&mut self, deed: ChatDeed) -> (Call, String) {
        let call = self.call(deed);
        let remote = confirmed(self.slack.deliver(&call).await);
        (call, remote)
    }

    fn pull(&self, listen: Listen, since: Time) -> Pull {
        let places = vec![(Slot::Channel, self.channel.clone().unwrap())];
        Pull { places, cursor: None, since, now: now(), listen }
    }
}

/// Somebody does something there without us.
async fn directly(method: &str, form: &[(&str, &str)]) -> Value {
    let state = std::env::var("STANDIN_SLACK_STATE").expect(WHY);
    let token = std::env::var("STANDIN_SLACK_TOKEN").expect(WHY);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let sent = http.post(format!("{state}/{method}")).bearer_auth(token).form(form).send().await.unwrap();
    let answer: Value = serde_json::from_str(&sent.text().await.unwrap()).unwrap();
    assert_eq!(answer["ok"], true, "{method}: {answer}");
    answer
}

fn person(name: &str, mail: &str) -> Contact {
    Contact { id: PersonId::new(name), name: name.to_owned(), mail: mail.to_owned(), remote: None }
}

/// MISSION: one incident's channel from its making to what is heard of it; no request breaks Slack's own description.
#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn an_incident_is_told_and_heard_without_one_request_that_slack_would_not_take() {
    let (checked, address) = Checked::start().await;
    let mut told = Told::new(&address);
    let since = lately();
    let name = format!(
        "inc-{}",
        Ulid::from_parts(since.ms() as u64, u128::from(std::process::id())).to_string().to_lowercase()
    );
    let (open, channel) = told.done(ChatDeed::Open { name: name.clone(), private: false }).await;
    told.channel = Some(channel.clone());
    assert_eq!(confirmed(told.slack.find(&open).await), channel, "it is found by name and mark");
    assert_eq!(confirmed(told.slack.deliver(&open).await), channel, "a second attempt adopts it");
    let stranger = told.call(ChatDeed::Open { name: name.clone(), private: false });
    assert_eq!(told.slack.find(&stranger).await, Outcome::NotThere, "another request's channel is not ours");
    told.done(ChatDeed::Adopt { channel: format!("#{name}") }).await;
    told.done(ChatDeed::Topic).await;
    for (title, url) in
        [("Dash", "https://d.example"), ("Dash", "https://e.example"), ("Dash", "https://e.example")]
    {
        told.done(ChatDeed::Bookmark { name: title.to_owned(), url: url.to_owned() }).await;
    }
    let who = vec![person("Bob", "bob@example.com"), person("Ada L", ""), person("Zoe", "zoe@example.com")];
    let (_, came) = told.done(ChatDeed::Invite { who }).await;
    assert!(came.starts_with("invited: Bob, Ada L; not invited: Zoe"), "{came}");
    directly("conversations.leave", &[("channel", &channel)]).await;
    told.done(ChatDeed::Adopt { channel: channel.clone() }).await;
    say(&mut told, &channel).await;
    hear(&told, since).await;
    let lacking = told.call(ChatDeed::Open { name: format!("{name}-p"), private: true });
    let Outcome::Failed { message, .. } = told.slack.deliver(&lacking).await else {
        panic!("the token lacks a scope")
    };
    assert!(message.contains("groups:write"), "{message}");
    let methods = checked.methods();
    for method in [
        "bookmarks.add",
        "bookmarks.edit",
        "chat.update",
        "conversations.invite",
        "conversations.join",
        "conversations.replies",
        "pins.add",
        "pins.list",
        "users.lookupByEmail",
        "users.list",
        "chat.getPermalink",
    ] {
        assert!(methods.iter().any(|called| called == method), "{method} was not exercised: {methods:?}");
    }
}

async fn say(told: &mut Told, channel: &str) {
    let (post, remote) = told.done(ChatDeed::Post { to: None, thread: None }).await;
    assert!(remote.starts_with(channel));
    assert_eq!(confirmed(told.slack.find(&post).await), remote);
    told.other = Some(remote.clone());
    told.done(ChatDeed::Edit { post: post.act.request }).await;
    told.done(ChatDeed::Pin { post: post.act.request }).await;
    told.done(ChatDeed::Pin { post: post.act.request }).await;
    let (reply, answer) = told.done(ChatDeed::Post { to: None, thread: Some(remote) }).await;
    assert_eq!(confirmed(told.slack.find(&reply).await), answer);
    let mut long = told.call(ChatDeed::Post { to: None, thread: None });
    long.act.body = "a line & <more>\n".repeat(1_500);
    let first = confirmed(told.slack.deliver(&long).await);
    long.act.attempts = 2;
    assert_eq!(confirmed(told.slack.deliver(&long).await), first, "a second attempt finds every part");
    let never = told.call(ChatDeed::Post { to: None, thread: None });
    assert_eq!(told.slack.find(&never).await, Outcome::NotThere);
}

async fn hear(told: &Told, since: Time) {
    let slack = &told.slack;
    let batch = slack.pull(&told.pull(Listen::All, since)).await.expect("news");
    assert!(batch.news.iter().all(|news| news.echo_of.is_some()), "only our own was said: {:?}", batch.news);
    let said = batch.news.iter().filter(|news| matches!(news.what, What::Said { .. })).count();
    assert!(said >= 4, "post, reply and the parts of the long one: {said}");
    assert!(batch.cursor.is_some());
    slack.pull(&told.pull(Listen::Pinned, since)).await.expect("pins");
    let people = slack.directory().await.expect("people").people;
    assert!(people.iter().any(|person| person.mail == "bob@example.com"));
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn what_a_person_says_is_heard_with_name_and_mail() {
    let (checked, address) = Checked::start().await;
    let mut told = Told::new(&address);
    let since = lately();
    let name = format!(
        "hear-{}",
        Ulid::from_parts(since.ms() as u64, u128::from(std::process::id())).to_string().to_lowercase()
    );
    told.channel = Some(told.done(ChatDeed::Open { name, private: false }).await.1);
    let channel = told.channel.clone().unwrap();
    // The emulator's token is a person's: what that person says elsewhere carries no mark of ours.
    let form = [("channel", channel.as_str()), ("text", "it *hangs* &lt;again&gt;")];
    let posted = directly("chat.postMessage", &form).await;
    let news = told.slack.pull(&told.pull(Listen::All, since)).await.expect("news").news;
    let text = What::Said { text: "it *hangs* <again>".to_owned() };
    let heard = news.iter().find(|news| news.what == text).unwrap_or_else(|| panic!("it is heard: {news:?}"));
    assert_eq!((heard.author.mail.as_str(), heard.author.bot), ("ada@example.com", false));
    assert_eq!(heard.echo_of, None);
    assert_eq!(heard.remote, format!("{channel}/{}", posted["ts"].as_str().unwrap()));
    checked.methods();
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn every_scope_is_tried_by_a_call_that_slack_would_take() {
    let (checked, address) = Checked::start().await;
    let probes = Told::new(&address).slack.probe().await;
    let works = |what: &str| probes.iter().find(|probe| probe.what == what).is_some_and(|probe| probe.works);
    assert!(
        works("token") && works("chat:write") && works("channels:manage") && works("users:read"),
        "{probes:#?}"
    );
    assert!(!works("groups:write") && !works("groups:read"), "the token lacks these: {probes:#?}");
    checked.methods();
}
