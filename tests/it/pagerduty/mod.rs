//! The PagerDuty client, against answers of every kind and against the published description.
//!
//! MISSION rows S0.2 (rungs page through PagerDuty), S0.7 (alerting) and S4.3 (acknowledge in PagerDuty).

mod events;
mod failures;
mod ladder;
mod lookups;
mod news;
mod open;
mod proxy;
mod responders;
mod samples;
mod standin;
mod state;
mod texts;

use serde_json::{Value, json};
use warroom::clients::{Call, Client, PagerDuty, Secret};
use warroom::config::accounts::PagerDutySettings;
use warroom::incident::event::{Deed, FailureClass, PageDeed};
use warroom::incident::{EntryId, HostId, PersonId, Span, Time};
use warroom::outbox::{Act, Outcome, State};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const OP: &str = "01KBB8Y5J0ABCDEFGHJKMNPQRS";
const PAGE: &str = "PT4KHLK";
const FROM: &str = "alice@example.com";
const KEY: &str = "e93facc04764012d7bfb002500d5d1a6";

fn now() -> Time {
    Time::parse("2026-11-30T10:00:00.000Z").unwrap()
}

fn op() -> EntryId {
    OP.parse().unwrap()
}

fn tag() -> String {
    format!("(wr-op-{})", OP.to_ascii_lowercase())
}

fn settings(base: &str) -> PagerDutySettings {
    PagerDutySettings {
        base: Some(base.to_owned()),
        events_base: Some(base.to_owned()),
        from: FROM.into(),
        service: "PWIXJZS".into(),
        escalation_policy: "PT20YPA".into(),
        drill: Some("PDRILLS".into()),
        ..PagerDutySettings::default()
    }
}

fn token() -> Option<Secret> {
    Some(Secret::new("u+tokentoken"))
}

fn client(server: &MockServer) -> PagerDuty {
    PagerDuty::new(&settings(&server.uri()), token(), None).unwrap()
}

fn call(deed: PageDeed) -> Call {
    let act = Act {
        number: 0,
        request: op(),
        host: HostId::new(1),
        by: PersonId::new("alice"),
        client: "pagerduty".into(),
        lane: "token".into(),
        subject: op(),
        title: "SEV1 Loader is down".into(),
        body: "Severity: SEV1".into(),
        deed: Deed::Page(deed),
        requested_at: now(),
        attempts: 1,
        attempted_at: Some(now()),
        attempted_in: Default::default(),
        state: State::Attempted { at: now() },
    };
    Call { act, needs: [Some(PAGE.into()), None], drill: false, now: now() }
}

fn drill(deed: PageDeed) -> Call {
    Call { drill: true, ..call(deed) }
}

fn incident(status: &str) -> Value {
    json!({ "incident": {
        "id": PAGE, "type": "incident", "status": status, "incident_key": OP,
        "html_url": "https://acme.pagerduty.com/incidents/PT4KHLK",
        "escalation_policy": { "id": "PT20YPA", "type": "escalation_policy_reference" },
        "assignments": [{ "at": "2026-11-30T10:00:00Z", "assignee": { "id": "PALICE", "type": "user_reference" } }],
        "priority": { "id": "P53ZZH5", "type": "priority_reference", "summary": "P2" },
    }})
}

fn priorities() -> Value {
    let priority =
        |id: &str, name: &str| json!({ "id": id, "type": "priority", "summary": name, "name": name });
    json!({ "priorities": [priority("PSLWBL8", "P1"), priority("P53ZZH5", "P2")], "more": false })
}

fn refused(status: u16, code: u32, message: &str) -> ResponseTemplate {
    let body = json!({ "error": { "message": message, "code": code, "errors": [] } });
    ResponseTemplate::new(status).set_body_json(body)
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

async fn on(server: &MockServer, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(server).await;
}

/// Answers once; what is mounted later comes after it.
async fn once(server: &MockServer, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(at)).respond_with(answer).up_to_n_times(1).mount(server).await;
}

async fn asked(server: &MockServer, verb: &str) -> Vec<Request> {
    let all = server.received_requests().await.unwrap();
    all.into_iter().filter(|request| request.method.as_str() == verb).collect()
}

/// The body of the only call with this verb.
async fn sent(server: &MockServer, verb: &str) -> Value {
    let asked = asked(server, verb).await;
    assert_eq!(asked.len(), 1, "one {verb}");
    asked[0].body_json().unwrap()
}

fn confirmed(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Confirmed { remote, .. } => remote,
        other => panic!("not confirmed: {other:?}"),
    }
}

#[track_caller]
fn failed(outcome: &Outcome, expected: FailureClass, says: &[&str]) {
    let Outcome::Failed { class, message, .. } = outcome else { panic!("did not fail: {outcome:?}") };
    assert_eq!(*class, expected, "{message}");
    for words in says {
        assert!(message.contains(words), "{words:?} is not in {message:?}");
    }
}

fn already() -> Outcome {
    Outcome::failed(FailureClass::AlreadyDone, PAGE)
}

fn short_timeout(server: &MockServer) -> PagerDuty {
    let mut settings = settings(&server.uri());
    settings.common.timeout = Span::from_ms(150);
    PagerDuty::new(&settings, token(), None).unwrap()
}

#[test]
fn without_a_token_and_a_routing_key_it_says_what_to_set() {
    let trouble = PagerDuty::new(&PagerDutySettings::default(), None, None).err().unwrap();
    assert!(trouble.message.contains("token or a routing_key"), "{trouble}");
}

#[test]
fn a_from_that_is_no_mail_address_is_refused_at_once() {
    let bad = PagerDutySettings { from: "alice\r\nX: y@z".into(), ..PagerDutySettings::default() };
    let trouble = PagerDuty::new(&bad, token(), None).err().unwrap();
    assert!(trouble.message.contains("from ="), "{trouble}");
}

#[tokio::test]
async fn every_call_carries_token_version_and_from_and_oauth_is_a_bearer() {
    let server = MockServer::start().await;
    on(&server, "GET", "/incidents/PT4KHLK", ok(incident("acknowledged"))).await;
    client(&server).deliver(&call(PageDeed::Acknowledge)).await;
    let oauth = PagerDuty::new(&settings(&server.uri()), Some(Secret::new("pdus+abcdef")), None).unwrap();
    oauth.deliver(&call(PageDeed::Acknowledge)).await;
    let asked = asked(&server, "GET").await;
    let header = |n: usize, name: &str| asked[n].headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header(0, "authorization"), "Token token=u+tokentoken");
    assert_eq!(header(0, "accept"), "application/vnd.pagerduty+json;version=2");
    assert_eq!(header(0, "from"), FROM);
    assert_eq!(header(1, "authorization"), "Bearer pdus+abcdef");
}
