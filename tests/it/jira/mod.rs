//! The client for Jira: against answers of every kind, against Atlassian's own descriptions, and its rich text.

mod checks;
mod failures;
mod follow_up_deeds;
mod hears;
mod moves;
mod notes;
mod opens;
mod rich_text;
mod stand_ins;

use std::collections::BTreeMap;

use serde_json::Value;
use warroom::clients::jira::Jira;
use warroom::clients::{Call, Client, Secret};
use warroom::config::accounts::{Edition, JiraSettings};
use warroom::incident::event::{Contact, Deed, FailureClass, TicketDeed};
use warroom::incident::{EntryId, HostId, PersonId, Span, Time};
use warroom::outbox::{Act, Outcome, State};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const OP: &str = "01JDMZ3V8W7X6Y5Z4A3B2C1D0E";
const TAG: &str = "wr-op-01jdmz3v8w7x6y5z4a3b2c1d0e";
const TOKEN: &str = "jira-token-in-tests";

/// 2026-11-30T12:00:00Z.
const NOON: Time = Time::from_ms(1_796_040_000_000);

fn settings(base: &str, edition: Edition) -> JiraSettings {
    JiraSettings {
        base: base.to_owned(),
        edition,
        user: if edition == Edition::Cloud { "ada@example.com".into() } else { String::new() },
        project: "DATA".into(),
        priorities: BTreeMap::from([("sev1".into(), "Highest".into())]),
        transitions: BTreeMap::from([
            ("closed".into(), "Done".into()),
            ("diagnosing".into(), "Start work".into()),
        ]),
        drill: Some("DRILL".into()),
        ..JiraSettings::default()
    }
}

fn client(settings: &JiraSettings) -> Jira {
    Jira::new(settings, Secret::new(TOKEN)).expect("a client")
}

fn cloud(server: &MockServer) -> Jira {
    client(&settings(&server.uri(), Edition::Cloud))
}

fn data_center(server: &MockServer) -> Jira {
    client(&settings(&server.uri(), Edition::DataCenter))
}

/// A call about DATA-1, and DATA-2 where another ticket is needed, made at noon for the first time.
fn call(deed: TicketDeed, title: &str, body: &str) -> Call {
    let request: EntryId = OP.parse().expect("an id");
    let act = Act {
        number: 0,
        request,
        host: HostId::new(1),
        by: PersonId::new("ada"),
        client: "jira".into(),
        lane: "ticket".into(),
        subject: request,
        title: title.into(),
        body: body.into(),
        deed: Deed::Ticket(deed),
        requested_at: NOON,
        attempts: 1,
        attempted_at: Some(NOON),
        attempted_in: Default::default(),
        state: State::Attempted { at: NOON },
    };
    Call { act, needs: [Some("DATA-1".into()), Some("DATA-2".into())], drill: false, now: NOON }
}

fn later(mut call: Call, secs: i64) -> Call {
    call.now = NOON.saturating_add(Span::from_secs(secs));
    call
}

fn contact(id: &str, mail: &str) -> Contact {
    Contact { id: PersonId::new(id), name: String::new(), mail: mail.into(), remote: None }
}

fn open() -> TicketDeed {
    TicketDeed::Open { follow_up: None, severity: None, owner: None, due: None }
}

const COMMENT: TicketDeed = TicketDeed::Comment { follow_up: None };

/// The server answers this call with this.
async fn answers(server: &MockServer, verb: &str, at: &str, status: u16, body: Value) {
    let answer = ResponseTemplate::new(status).set_body_json(body);
    Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(server).await;
}

/// The bodies of the calls that were made with this verb, in order.
async fn sent(server: &MockServer, verb: &str) -> Vec<(String, Value)> {
    let made = server.received_requests().await.expect("recorded");
    let ours = made.iter().filter(|one| one.method.as_str() == verb);
    ours.map(|one| (one.url.path().to_owned(), serde_json::from_slice(&one.body).unwrap_or_default()))
        .collect()
}

#[track_caller]
fn confirmed(outcome: Outcome) -> (String, Option<String>) {
    match outcome {
        Outcome::Confirmed { remote, link } => (remote, link),
        other => panic!("not confirmed: {other:?}"),
    }
}

#[track_caller]
fn failed(outcome: Outcome) -> (FailureClass, String, Option<Span>) {
    match outcome {
        Outcome::Failed { class, message, retry_after } => (class, message, retry_after),
        other => panic!("not failed: {other:?}"),
    }
}

async fn deliver(jira: &Jira, call: &Call) -> Outcome {
    jira.deliver(call).await
}
