//! Every call that the client can make, against servers that check it against PagerDuty's published description.

use super::proxy::{Prefer, Proxy};
use super::*;
use std::collections::BTreeSet;
use warroom::incident::event::{Contact, Listen, Slot};
use warroom::outbox::news::Pull;

fn standin(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: .ci/run starts the stand-in servers"))
}

/// The examples of an incident are acknowledged or resolved; most deeds need one that is neither.
fn is_open() -> Vec<(&'static str, &'static str)> {
    let open = "\"status\":\"triggered\"";
    vec![("\"status\":\"resolved\"", open), ("\"status\":\"acknowledged\"", open)]
}

/// Without a text.
fn bare(call: Call) -> Call {
    Call { act: Act { body: String::new(), ..call.act }, ..call }
}

fn contact(name: &str, mail: &str, remote: Option<&str>) -> Contact {
    Contact {
        id: PersonId::new(name),
        name: name.into(),
        mail: mail.into(),
        remote: remote.map(str::to_owned),
    }
}

/// No call broke the description, and these were made.
fn check(proxy: &Proxy, expected: &[&str]) {
    let passed = proxy.passed();
    let broken: Vec<_> = passed.iter().filter(|call| !call.violations.is_empty()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    let made: BTreeSet<String> = passed.iter().map(|call| format!("{} {}", call.verb, call.path)).collect();
    let expected: BTreeSet<String> = expected.iter().map(|call| (*call).to_owned()).collect();
    assert_eq!(made, expected);
}

async fn before(prefers: Vec<Prefer>, reworded: Vec<(&'static str, &'static str)>) -> (Proxy, PagerDuty) {
    let proxy = Proxy::before(&standin("STANDIN_PAGERDUTY"), prefers, reworded).await;
    let mut settings = settings(&proxy.base);
    settings.common.timeout = Span::from_secs(30);
    settings.priorities = [("SEV1".to_owned(), "P1".to_owned())].into();
    settings.rungs = [("CTO".to_owned(), "PXPGF42".to_owned())].into();
    let client = PagerDuty::new(&settings, token(), None).unwrap();
    (proxy, client)
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn opening_and_taking_keep_to_the_description() {
    let (proxy, client) = before(vec![], vec![]).await;
    let open = PageDeed::Open { priority: Some("P1".into()) };
    assert_eq!(confirmed(&client.deliver(&bare(call(open.clone()))).await), PAGE);
    assert_eq!(confirmed(&client.deliver(&bare(drill(open.clone()))).await), PAGE);
    // The example has another key: that nothing is concluded from it is right.
    assert!(matches!(client.find(&call(open)).await, Outcome::CannotTell { .. }));
    let take = PageDeed::Take { incident: "https://acme.pagerduty.com/incidents/PT4KHLK".into() };
    assert_eq!(confirmed(&client.deliver(&call(take)).await), PAGE);
    check(&proxy, &["POST /incidents", "GET /incidents", "GET /incidents/PT4KHLK"]);
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn states_keep_to_the_description() {
    let (proxy, client) = before(vec![], is_open()).await;
    for deed in [PageDeed::Acknowledge, PageDeed::Resolve, PageDeed::Priority { name: "P2".into() }] {
        assert_eq!(confirmed(&client.deliver(&call(deed.clone())).await), PAGE);
        client.find(&call(deed)).await;
    }
    check(&proxy, &["GET /priorities", "GET /incidents/PT4KHLK", "PUT /incidents/PT4KHLK"]);
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn texts_keep_to_the_description() {
    let (proxy, client) = before(vec![], vec![]).await;
    for deed in [PageDeed::Note, PageDeed::StatusUpdate] {
        assert_eq!(confirmed(&client.deliver(&call(deed)).await), "PWL7QXS");
    }
    assert_eq!(client.find(&call(PageDeed::Note)).await, Outcome::NotThere);
    assert!(matches!(client.find(&call(PageDeed::StatusUpdate)).await, Outcome::CannotTell { .. }));
    check(
        &proxy,
        &[
            "POST /incidents/PT4KHLK/notes",
            "GET /incidents/PT4KHLK/notes",
            "POST /incidents/PT4KHLK/status_updates",
            "GET /incidents/PT4KHLK/log_entries",
        ],
    );
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn responders_keep_to_the_description() {
    let not_a_user = vec![Prefer("GET", "/users/PLADDER", "code=404")];
    let (proxy, client) = before(not_a_user, vec![]).await;
    let who = vec![
        contact("Carol", "", Some("PXPGF42")),
        contact("Head of data", "", Some("PLADDER")),
        contact("x", "125.greenholt.earline@graham.name", None),
        contact("Earline Greenholt", "", None),
        contact("Engineering Escalation Policy", "", None),
    ];
    let ask = call(PageDeed::Responders { who });
    assert!(matches!(client.deliver(&ask).await, Outcome::Confirmed { .. }));
    assert!(matches!(client.find(&ask).await, Outcome::CannotTell { .. }));
    check(
        &proxy,
        &[
            "GET /users",
            "GET /users/me",
            "GET /users/PXPGF42",
            "GET /users/PLADDER",
            "GET /escalation_policies/PLADDER",
            "GET /escalation_policies",
            "POST /incidents/PT4KHLK/responder_requests",
            "GET /incidents/PT4KHLK",
            "GET /incidents/PT4KHLK/log_entries",
        ],
    );
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn escalating_keeps_to_the_description() {
    let (proxy, client) = before(vec![], is_open()).await;
    let next = client.deliver(&call(PageDeed::Escalate { level: None })).await;
    failed(&next, FailureClass::Permanent, &["name the rung"]);
    let named = call(PageDeed::Escalate { level: Some(2) });
    assert_eq!(confirmed(&client.deliver(&named).await), PAGE);
    assert!(matches!(client.find(&named).await, Outcome::CannotTell { .. }));
    check(
        &proxy,
        &[
            "GET /incidents/PT4KHLK",
            "GET /oncalls",
            "PUT /incidents/PT4KHLK",
            "GET /incidents/PT4KHLK/log_entries",
        ],
    );
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn listening_keeps_to_the_description() {
    let (proxy, client) = before(vec![], vec![]).await;
    let places = vec![(Slot::Page, PAGE.to_owned())];
    let pull = Pull { places, cursor: None, since: now(), now: now(), listen: Listen::All };
    let batch = client.pull(&pull).await.unwrap();
    assert_eq!(batch.news[0].remote, "Q02JTSNZWHSEKV");
    check(&proxy, &["GET /incidents/PT4KHLK/log_entries", "GET /incidents/PT4KHLK/notes"]);
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn directory_and_probe_keep_to_the_description() {
    let (proxy, client) = before(vec![], vec![]).await;
    let directory = client.directory().await.unwrap();
    assert!(!directory.people.is_empty() && !directory.on_call.is_empty() && !directory.ladders.is_empty());
    assert!(directory.priorities.contains(&"P1".to_owned()));
    let token = client.probe().await.into_iter().find(|probe| probe.what == "token").unwrap();
    assert!(token.works, "{token:?}");
    check(
        &proxy,
        &[
            "GET /users",
            "GET /oncalls",
            "GET /escalation_policies",
            "GET /priorities",
            "GET /abilities",
            "GET /users/me",
            "GET /services/PWIXJZS",
            "GET /services/PDRILLS",
            "GET /escalation_policies/PT20YPA",
            "GET /users/PXPGF42",
        ],
    );
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn documented_refusals_are_understood() {
    use FailureClass::{Auth, Permanent, Transient};
    for (wish, class) in [
        ("code=400", Permanent),
        ("code=401", Auth),
        ("code=403", Auth),
        ("code=404", Permanent),
        ("code=429", Transient),
    ] {
        let wishes = vec![Prefer("POST", "/incidents/PT4KHLK/notes", wish)];
        let (_proxy, client) = before(wishes, vec![]).await;
        failed(&client.deliver(&call(PageDeed::Note)).await, class, &[]);
    }
}

#[tokio::test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
async fn events_keep_to_the_description() {
    let proxy = Proxy::before(&standin("STANDIN_PAGERDUTY_EVENTS"), vec![], vec![]).await;
    let client = PagerDuty::new(&settings(&proxy.base), None, Some(Secret::new(KEY))).unwrap();
    let place = format!("events:{OP}");
    for priority in [None, Some("P1"), Some("P2"), Some("P3"), Some("P4")] {
        let open = PageDeed::Open { priority: priority.map(str::to_owned) };
        assert_eq!(confirmed(&client.deliver(&call(open)).await), place);
    }
    for deed in [PageDeed::Acknowledge, PageDeed::Resolve] {
        let mut at_event = call(deed);
        at_event.needs = [Some(place.clone()), None];
        assert_eq!(confirmed(&client.deliver(&at_event).await), place);
    }
    check(&proxy, &["POST /enqueue"]);
}
