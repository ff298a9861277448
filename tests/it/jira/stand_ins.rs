//! Every call that the client makes, judged by Atlassian's own descriptions of its two editions.
//!
//! Between the client and the validating mock stands a wire that records: the mock says in a header what of a request breaks the
//! description.

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use warroom::clients::Client;
use warroom::clients::jira::Jira;
use warroom::config::accounts::Edition;
use warroom::incident::event::{Slot, TicketDeed};
use warroom::outbox::news::Pull;

use super::*;

/// What went over a wire, in both directions.
#[derive(Clone, Default)]
struct Record {
    asked: Arc<Mutex<Vec<u8>>>,
    answered: Arc<Mutex<Vec<u8>>>,
}

/// Forwards to a stand-in, byte for byte. Answers the address to speak to.
async fn wire(stand_in: &str) -> (String, Record) {
    let to = stand_in.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let record = Record::default();
    let kept = record.clone();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let far = TcpStream::connect(&to).await.expect("the stand-in listens");
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::spawn(copy(near_in, far_out, kept.asked.clone()));
            tokio::spawn(copy(far_in, near_out, kept.answered.clone()));
        }
    });
    (base, record)
}

/// Records before it passes on: whoever has an answer can read the record of it.
async fn copy(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    record: Arc<Mutex<Vec<u8>>>,
) {
    let mut bytes = [0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        record.lock().unwrap().extend_from_slice(&bytes[..read]);
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

fn lines(bytes: &Mutex<Vec<u8>>) -> Vec<String> {
    String::from_utf8_lossy(&bytes.lock().unwrap()).lines().map(str::to_owned).collect()
}

impl Record {
    fn calls(&self) -> Vec<String> {
        let verbs = ["GET ", "POST ", "PUT "];
        let is_call = |line: &String| line.ends_with("HTTP/1.1");
        lines(&self.asked)
            .into_iter()
            .filter(is_call)
            .filter_map(|line| {
                // A body without a line break at its end stands before the next call.
                let start = verbs.iter().filter_map(|verb| line.find(verb)).min()?;
                line[start..]
                    .split(" HTTP")
                    .next()
                    .map(|call| call.split('?').next().unwrap_or(call).to_owned())
            })
            .collect()
    }

    /// What of our requests breaks the description: told in a header, or, where the description has no answer for it, as an error
    /// of the mock's own.
    fn violations(&self) -> Vec<String> {
        let mut all = Vec::new();
        for line in lines(&self.answered) {
            if line.contains("stoplight.io/prism/errors#") && !is_their_fault(&line) {
                all.push(line);
            } else if let Some(list) =
                line.to_ascii_lowercase().find("sl-violations: ").map(|at| &line[at + 15..])
            {
                let found: Vec<Value> = serde_json::from_str(list).expect("a list of violations");
                let ours = found.iter().filter(|one| one["location"][0] == "request");
                all.extend(ours.map(Value::to_string));
            }
        }
        all
    }
}

/// Both describe the form of an upload as something that no form is: a list on Cloud, a string on a Data Center.
fn is_their_fault(error: &str) -> bool {
    // The next answer may follow on the same line.
    let body = error.split("HTTP/1.1").next().unwrap_or(error);
    let problem: Value = serde_json::from_str(body).unwrap_or_default();
    let [only] = problem["validation"].as_array().map_or(&[][..], Vec::as_slice) else { return false };
    let says = only["message"].as_str().unwrap_or_default();
    matches!(says, "Request body must be array" | "Request body must be string")
}

/// Each deed, some about whoever has this mail.
fn deeds(mail: &str) -> Vec<Call> {
    let follow_up = Some(OP.parse().unwrap());
    let who = contact("somebody", mail);
    let mut known = who.clone();
    known.remote = Some("somebody-else".into());
    let due = NaiveDate::from_ymd_opt(2026, 12, 24);
    let rich = "# Heading\nStatus: open\n\n- one\n- two https://x.example\n\n```sql\nselect 1\n```";
    let ticket = |deed: TicketDeed| call(deed, "Loader down", rich);
    vec![
        ticket(TicketDeed::Open {
            follow_up: None,
            severity: Some("sev1".into()),
            owner: Some(who.clone()),
            due,
        }),
        ticket(TicketDeed::Open { follow_up, severity: None, owner: None, due: None }),
        ticket(TicketDeed::Adopt { follow_up: None, key: "DATA-1".into() }),
        ticket(TicketDeed::Link { follow_up: OP.parse().unwrap() }),
        ticket(COMMENT),
        ticket(TicketDeed::Move { follow_up: None, to: "closed".into() }),
        ticket(TicketDeed::Assign { follow_up: None, who }),
        ticket(TicketDeed::Assign { follow_up: None, who: known }),
        ticket(TicketDeed::Attach { name: "loader.md".into() }),
        ticket(TicketDeed::RemoteLink { url: "https://grafana.example/d/1".into() }),
    ]
}

/// Everything that the client can do.
async fn all_of_it(jira: &Jira, mail: &str) -> Vec<String> {
    let mut failed = Vec::new();
    for call in deeds(mail) {
        let outcome = jira.deliver(&call).await;
        let done = matches!(
            &outcome,
            Outcome::Confirmed { .. } | Outcome::Failed { class: FailureClass::AlreadyDone, .. }
        );
        // Neither mock can take an upload, see below.
        let excused = matches!(call.deed(), Deed::Ticket(TicketDeed::Attach { .. }));
        failed.extend((!done && !excused).then(|| format!("{:?}: {outcome:?}", call.deed())));
        jira.find(&call).await;
    }
    let places = vec![(Slot::Ticket, "DATA-1".to_owned())];
    jira.pull(&Pull { places, ..Pull::default() }).await.expect("news");
    jira.probe().await;
    failed
}

const CALLS: [&str; 22] = [
    "GET /myself",
    "GET /serverInfo",
    "POST /issue",
    "GET /issue/DATA-1",
    "POST /issueLink",
    "GET /issueLinkType",
    "GET /issue/DATA-1/comment",
    "POST /issue/DATA-1/comment",
    "GET /issue/DATA-1/transitions",
    "POST /issue/DATA-1/transitions",
    "PUT /issue/DATA-1/assignee",
    "POST /issue/DATA-1/attachments",
    "GET /issue/DATA-1/remotelink",
    "POST /issue/DATA-1/remotelink",
    "GET /user/assignable/search",
    "GET /issue/createmeta/DATA/issuetypes",
    "GET /issue/createmeta/DATA/issuetypes/1",
    "GET /project/DATA",
    "GET /project/DATA/statuses",
    "GET /priority",
    "POST /search",
    "GET /project/DRILL",
];

fn assert_complete(record: &Record, api: &str) {
    let calls = record.calls();
    for wanted in CALLS {
        let (verb, path) = wanted.split_once(' ').unwrap();
        let begins = format!("{verb} {api}{path}");
        // On Cloud two of them have longer names.
        let may_go_on = matches!(path, "/search" | "/priority");
        let made = calls.iter().any(|call| *call == begins || (may_go_on && call.starts_with(&begins)));
        assert!(made, "{wanted} was never made: {calls:#?}");
    }
    assert_eq!(record.violations(), [""; 0], "requests that break the description");
}

fn stand_in(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: start the stand-in servers"))
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn every_call_is_valid_by_the_description_of_cloud() {
    let (base, record) = wire(&stand_in("STANDIN_JIRA_CLOUD")).await;
    let mut settings = settings(&base, Edition::Cloud);
    (settings.issue_type, settings.follow_up_type) = ("Bug".into(), "Bug".into());
    settings.transitions = BTreeMap::from([("closed".into(), "Close Issue".into())]);
    settings.fields = toml::from_str("Assignee = 'x'").unwrap();
    let failed = all_of_it(&client(&settings), "mia@example.com").await;
    assert_complete(&record, "/rest/api/3");
    assert!(failed.is_empty(), "{failed:#?}");
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn every_call_is_valid_by_the_description_of_data_center() {
    let (base, record) = wire(&stand_in("STANDIN_JIRA_DC")).await;
    // The description leaves `/rest` to the address of the server.
    let mut settings = settings(&format!("{base}/api/2"), Edition::DataCenter);
    (settings.issue_type, settings.follow_up_type) = ("Bug".into(), "Bug".into());
    settings.transitions = BTreeMap::from([("closed".into(), "Close Issue".into())]);
    // It knows nothing of personal access tokens either.
    settings.user = "ada".into();
    settings.fields = toml::from_str("'My Multi Select' = 'x'").unwrap();
    let failed = all_of_it(&client(&settings), "fred@example.com").await;
    assert_complete(&record, "/api/2");
    assert!(failed.is_empty(), "{failed:#?}");
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn a_broken_request_would_be_noticed() {
    warroom::clients::http::install_crypto();
    let (base, record) = wire(&stand_in("STANDIN_JIRA_CLOUD")).await;
    let send = |path: &str| {
        let request =
            reqwest::Client::new().post(format!("{base}/rest/api/3{path}")).basic_auth("a", Some("b"));
        request.json(&serde_json::json!({ "jql": 5 })).send()
    };
    send("/search/jql").await.unwrap().text().await.unwrap();
    assert_eq!(record.violations().len(), 1, "{:?}", record.violations());
    send("/nowhere").await.unwrap().text().await.unwrap();
    assert_eq!(record.violations().len(), 2, "{:?}", record.violations());
}
