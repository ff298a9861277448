//! The suite that examines other people's clients, over the three built-in ones: the same trait, the same promises.
//!
//! PagerDuty and Jira are small worlds here that remember what they were told, for the servers that were made of their
//! descriptions remember nothing; Slack is the stateful emulator.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use warroom::clients::conformance::{Repeat, Trial, World, check};
use warroom::clients::jira::Jira;
use warroom::clients::slack::Slack;
use warroom::clients::{Client, PagerDuty, Probe, Secret};
use warroom::config::accounts::{JiraSettings, PagerDutySettings, SlackSettings};
use warroom::incident::event::{ChatDeed, Deed, PageDeed, TicketDeed};
use warroom::incident::{EntryId, Time};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::door::start;

/// Verb, path, body, query and memory to status and body.
type Answer = fn(&str, &str, &Value, &BTreeMap<String, String>, &mut Vec<Value>) -> (u16, Value);

/// Answers by what it remembers.
struct Remembering {
    told: Arc<Mutex<Vec<Value>>>,
    answer: Answer,
}

impl Respond for Remembering {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let query: BTreeMap<String, String> = request.url.query_pairs().into_owned().collect();
        let mut told = self.told.lock().unwrap();
        let (status, answer) =
            (self.answer)(request.method.as_str(), request.url.path(), &body, &query, &mut told);
        ResponseTemplate::new(status).set_body_json(answer)
    }
}

async fn world(answer: Answer) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(Remembering { told: Arc::default(), answer }).mount(&server).await;
    server
}

fn pagerduty(
    verb: &str,
    path: &str,
    body: &Value,
    query: &BTreeMap<String, String>,
    told: &mut Vec<Value>,
) -> (u16, Value) {
    let incident = |key: &Value| {
        json!({ "id": "PT4KHLK", "incident_key": key, "status": "triggered",
            "html_url": "https://acme.pagerduty.com/incidents/PT4KHLK" })
    };
    match (verb, path) {
        ("POST", "/incidents") => {
            let key = &body["incident"]["incident_key"];
            if told.contains(key) {
                let why = "Open incident with matching dedup key already exists on this service";
                return (
                    400,
                    json!({ "error": { "code": 2001, "message": "Invalid Input Provided", "errors": [why] } }),
                );
            }
            told.push(key.clone());
            (201, json!({ "incident": incident(key) }))
        }
        ("GET", "/incidents") => {
            let key = json!(query.get("incident_key"));
            let found: Vec<Value> = told.iter().filter(|known| **known == key).map(incident).collect();
            (200, json!({ "incidents": found, "more": false }))
        }
        ("POST", path) if path.ends_with("/notes") => {
            let id = format!("PN{}", told.len());
            told.push(json!({ "id": id, "content": body["note"]["content"] }));
            (201, json!({ "note": { "id": id, "content": body["note"]["content"] } }))
        }
        ("GET", path) if path.ends_with("/notes") => {
            let notes: Vec<&Value> = told.iter().filter(|note| note.is_object()).collect();
            (200, json!({ "notes": notes }))
        }
        ("GET" | "PUT", path) if path.starts_with("/incidents/PT4KHLK") && !path.ends_with("log_entries") => {
            if body["incident"]["status"] == "acknowledged" {
                told.push(json!("acknowledged"));
            }
            let mut one = incident(&Value::Null);
            if told.contains(&json!("acknowledged")) {
                one["status"] = json!("acknowledged");
            }
            (200, json!({ "incident": one }))
        }
        _ => (
            200,
            json!({ "log_entries": [], "oncalls": [], "users": [], "priorities": [], "escalation_policies": [],
            "abilities": ["coordinated_responding"], "more": false, "user": {}, "service": { "id": "PS", "name": "data" } }),
        ),
    }
}

fn jira(
    verb: &str,
    path: &str,
    body: &Value,
    _: &BTreeMap<String, String>,
    told: &mut Vec<Value>,
) -> (u16, Value) {
    let path = path.trim_start_matches("/rest/api/3");
    match (verb, path) {
        ("POST", "/issue") => {
            let key = format!("DATA-{}", told.len() + 1);
            told.push(json!({ "key": key, "fields": { "labels": body["fields"]["labels"] } }));
            (201, json!({ "id": "1", "key": key, "self": "x" }))
        }
        ("POST", "/search/jql") => {
            let jql = body["jql"].as_str().unwrap_or_default();
            let has = |issue: &&Value| {
                issue["fields"]["labels"].as_array().is_some_and(|labels| {
                    labels.iter().any(|label| jql.contains(label.as_str().unwrap_or("-")))
                })
            };
            (200, json!({ "issues": told.iter().filter(has).collect::<Vec<_>>(), "isLast": true }))
        }
        ("POST", path) if path.ends_with("/comment") => {
            let id = (told.len() + 100).to_string();
            let comment = json!({ "id": id, "body": body["body"], "properties": body["properties"] });
            told.push(comment.clone());
            (201, comment)
        }
        ("GET", path) if path.ends_with("/comment") => {
            let comments: Vec<&Value> = told.iter().filter(|one| one["properties"].is_array()).collect();
            (200, json!({ "comments": comments, "total": comments.len(), "startAt": 0 }))
        }
        ("POST", path) if path.ends_with("/remotelink") => (200, json!({ "id": 7, "self": "x" })),
        ("GET", path) if path.ends_with("/remotelink") => (200, json!({ "id": 7, "object": {} })),
        _ => (
            200,
            json!({ "fields": { "status": { "name": "Open", "statusCategory": { "key": "new" } } },
            "accountId": "me", "issueTypes": [], "values": [], "startAt": 0, "total": 0 }),
        ),
    }
}

/// What the suite itself says; what an account lacks is another matter.
fn failures(probes: &[Probe]) -> Vec<&Probe> {
    let suite = |probe: &&Probe| {
        ["deliver", "find", "pull", "directory"].iter().any(|word| probe.what.starts_with(word))
    };
    probes.iter().filter(suite).filter(|probe| !probe.works).collect()
}

async fn examined(client: &dyn Client, trials: Vec<Trial>, now: Time) -> usize {
    let first = u128::from(now.ms().unsigned_abs()) << 80;
    let mut world = World::dry(now, first, trials);
    world.places.clear();
    let probes = check(client, &world).await;
    let failures = failures(&probes);
    assert!(failures.is_empty(), "{failures:#?}");
    probes.len()
}

#[tokio::test]
async fn pagerduty_passes_the_suite() {
    let server = world(pagerduty).await;
    let settings = PagerDutySettings {
        base: Some(server.uri()),
        from: "bot@example.com".into(),
        service: "PS12345".into(),
        ..PagerDutySettings::default()
    };
    let client = PagerDuty::new(&settings, Some(Secret::new("token-of-pagerduty")), None).unwrap();
    let trials = vec![
        Trial::new(Deed::Page(PageDeed::Open { priority: None }), Repeat::Native),
        Trial::new(Deed::Page(PageDeed::Acknowledge), Repeat::Native),
        Trial::new(Deed::Page(PageDeed::Note), Repeat::Lookup),
    ];
    assert!(examined(&client, trials, start()).await > 8);
}

#[tokio::test]
async fn jira_passes_the_suite() {
    let server = world(jira).await;
    let settings = JiraSettings {
        base: format!("{}/rest/api/3", server.uri()),
        project: "DATA".into(),
        user: "bot@example.com".into(),
        ..JiraSettings::default()
    };
    let client = Jira::new(&settings, Secret::new("token-of-jira")).unwrap();
    let open = TicketDeed::Open { follow_up: None, severity: None, owner: None, due: None };
    let trials = vec![
        Trial::new(Deed::Ticket(open), Repeat::Lookup),
        Trial::new(Deed::Ticket(TicketDeed::Comment { follow_up: None }), Repeat::Lookup),
        Trial::new(Deed::Ticket(TicketDeed::RemoteLink { url: "https://d.example".into() }), Repeat::Native),
    ];
    // Later than any search may lag behind.
    assert!(examined(&client, trials, start()).await > 8);
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn slack_passes_the_suite() {
    let why = "set by the script that starts the stand-in servers";
    let settings =
        SlackSettings { base: std::env::var("STANDIN_SLACK").expect(why), ..SlackSettings::default() };
    let token = Secret::new(std::env::var("STANDIN_SLACK_TOKEN").expect(why));
    let client = Slack::new(&settings, token, None).unwrap();
    let now = warroom::runtime::clock::now();
    let name = format!("inc-suite-{}", now.ms());
    let chat = |deed| Deed::Chat(deed);
    let trials = vec![
        Trial::new(chat(ChatDeed::Open { name, private: false }), Repeat::Native),
        Trial::new(chat(ChatDeed::Topic), Repeat::Native),
        Trial::new(chat(ChatDeed::Post { to: None, thread: None }), Repeat::Lookup),
        Trial::new(chat(ChatDeed::Edit { post: EntryId::nil() }), Repeat::Native),
        Trial::new(chat(ChatDeed::Pin { post: EntryId::nil() }), Repeat::Native),
        Trial::new(
            chat(ChatDeed::Bookmark { name: "bridge".into(), url: "https://m.example".into() }),
            Repeat::Native,
        ),
    ];
    assert!(examined(&client, trials, now).await > 10);
}
