//! What is heard: every kind of line in the log, once, in order, by whom.

use super::*;
use warroom::incident::event::{Listen, Slot};
use warroom::outbox::news::{Batch, Pull, What};
use wiremock::matchers::query_param;

const LOG: &str = "/incidents/PT4KHLK/log_entries";
const NOTES: &str = "/incidents/PT4KHLK/notes";

fn pull(cursor: Option<&str>) -> Pull {
    Pull {
        places: vec![(Slot::Page, PAGE.into())],
        cursor: cursor.map(str::to_owned),
        since: now() - Span::from_hours(1),
        now: now(),
        listen: Listen::All,
    }
}

fn alice() -> Value {
    json!({ "id": "PALICE", "type": "user_reference", "summary": "Alice" })
}

fn robot() -> Value {
    json!({ "id": "PSRV", "type": "service_reference", "summary": "Loader" })
}

fn entry(kind: &str, agent: Value, more: Value) -> Value {
    let mut entry = json!({ "id": "R1", "type": format!("{kind}_log_entry"), "summary": "Its summary",
        "created_at": "2026-11-30T09:30:00Z", "agent": agent, "channel": { "type": "api" },
        "html_url": "https://acme.pagerduty.com/incidents/PT4KHLK/log_entries/R1" });
    for (key, value) in more.as_object().unwrap() {
        entry[key] = value.clone();
    }
    entry
}

fn at(id: &str, time: &str) -> Value {
    entry("acknowledge", alice(), json!({ "id": id, "created_at": time }))
}

async fn heard_with(log: Value, notes: Value) -> Batch {
    let server = MockServer::start().await;
    on(&server, "GET", LOG, ok(json!({ "log_entries": log, "more": false }))).await;
    on(&server, "GET", NOTES, ok(json!({ "notes": notes }))).await;
    client(&server).pull(&pull(None)).await.unwrap()
}

async fn fact(entry: Value) -> String {
    let batch = heard_with(json!([entry]), json!([])).await;
    match &batch.news[0].what {
        What::Fact { text } => text.clone(),
        other => panic!("no fact: {other:?}"),
    }
}

#[tokio::test]
async fn every_kind_of_line_becomes_a_sentence() {
    let to =
        json!({ "assignees": [{ "id": "PBOB", "summary": "Bob" }, { "id": "PCAROL", "summary": "Carol" }] });
    let none = json!({});
    let sms = json!({ "user": { "summary": "Bob" }, "channel": { "type": "auto", "notification":
        { "type": "sms_notification", "status": "success" } } });
    let call = json!({ "channel": { "type": "auto", "user": { "summary": "Bob" }, "notification":
        { "type": "phone_notification", "status": "no_answer" } } });
    let changed = json!({ "changeset": ["Updated serial to 123"] });
    let field = json!({ "channel": { "type": "api", "changeset": { "application_fields":
        [{ "name": "service", "old_value": null, "value": "PIZW265" }] } } });
    for (kind, agent, more, expected) in [
        (
            "trigger",
            robot(),
            json!({ "event_details": { "description": "Loader is down" } }),
            "triggered the page: Loader is down",
        ),
        ("trigger", robot(), none.clone(), "triggered the page: Its summary"),
        ("acknowledge", alice(), none.clone(), "acknowledged the page"),
        ("unacknowledge", robot(), none.clone(), "the acknowledgement ran out: the page is open again"),
        ("unacknowledge", alice(), none.clone(), "took the acknowledgement back"),
        ("resolve", alice(), none.clone(), "resolved the page"),
        ("resolve", alice(), json!({ "note": "restarted" }), "resolved the page (restarted)"),
        ("resolve", Value::Null, none.clone(), "the page was resolved without a person"),
        ("assign", robot(), to.clone(), "assigned the page to Bob, Carol"),
        ("assign", robot(), none.clone(), "assigned the page: Its summary"),
        ("delegate", alice(), to.clone(), "handed the page over to Bob, Carol"),
        ("escalate", alice(), to.clone(), "escalated the page to Bob, Carol"),
        ("escalate", robot(), to.clone(), "nobody had answered: escalated to Bob, Carol"),
        (
            "exhaust_escalation_path",
            robot(),
            none.clone(),
            "everybody on the escalation policy was paged, and nobody answered",
        ),
        (
            "repeat_escalation_path",
            robot(),
            none.clone(),
            "nobody answered: the escalation policy begins again",
        ),
        ("notify", robot(), sms, "notified Bob by sms"),
        ("notify", robot(), call, "notified Bob by a call: no_answer"),
        (
            "snooze",
            alice(),
            json!({ "channel": { "type": "website", "duration": 3600 } }),
            "snoozed the page for 1h 00m",
        ),
        (
            "snooze",
            alice(),
            json!({ "changed_actions": [{ "at": "2026-11-30T12:00:00Z" }] }),
            "snoozed the page until 2026-11-30T12:00:00Z",
        ),
        ("reach_ack_limit", robot(), none.clone(), "acknowledged so often that further ones are not logged"),
        ("reach_trigger_limit", robot(), none.clone(), "triggered so often that further ones are not logged"),
        ("urgency_change", alice(), none.clone(), "the urgency was changed: Its summary"),
        ("custom_field_value_change", alice(), changed, "a field was changed: Updated serial to 123"),
        ("field_value_change", alice(), field, "a field was changed: service: nothing → PIZW265"),
        ("merge_with_moon", alice(), none.clone(), "Its summary [merge with moon]"),
        ("status_update", alice(), json!({ "message": "All well" }), "Its summary: All well [status update]"),
    ] {
        assert_eq!(fact(entry(kind, agent, more)).await, expected, "{kind}");
    }
}

#[tokio::test]
async fn a_line_with_fields_of_another_shape_is_still_heard() {
    let odd = json!({ "id": "R1", "type": "odd_log_entry", "summary": "Odd", "agent": 7, "assignees": "x", "created_at": 5 });
    assert_eq!(fact(odd).await, "Odd [odd]");
    assert_eq!(fact(json!({ "id": "R1" })).await, "of no kind");
}

#[tokio::test]
async fn news_name_their_author_their_place_and_their_time() {
    let batch = heard_with(json!([entry("acknowledge", alice(), json!({}))]), json!([])).await;
    let news = &batch.news[0];
    assert_eq!((news.remote.as_str(), news.at), ("R1", now() - Span::from_mins(30)));
    assert_eq!(
        (news.author.remote.as_str(), news.author.name.as_str(), news.author.bot),
        ("PALICE", "Alice", false)
    );
    assert_eq!(news.link.as_deref(), Some("https://acme.pagerduty.com/incidents/PT4KHLK/log_entries/R1"));
    for (agent, name) in [(robot(), "Loader"), (Value::Null, "PagerDuty")] {
        let batch = heard_with(json!([entry("trigger", agent, json!({}))]), json!([])).await;
        assert_eq!((batch.news[0].author.name.as_str(), batch.news[0].author.bot), (name, true));
    }
}

#[tokio::test]
async fn hostile_text_is_cleaned_and_a_hostile_link_left_out() {
    let nasty = "a\u{1b}]52;c;x\u{7}b\nc\u{202e}d";
    let line = entry(
        "acknowledge",
        json!({ "id": "P\u{1b}[2J1", "type": "user_reference", "summary": nasty }),
        json!({ "note": nasty, "html_url": "javascript:alert(1)" }),
    );
    let batch = heard_with(json!([line]), json!([])).await;
    let text = format!("{:?}", batch.news);
    assert!(!text.contains("\\u{1b}") && !text.contains("\\u{202e}") && !text.contains("\\u{7}"), "{text}");
    assert_eq!(batch.news[0].link, None);
}

fn note(id: &str, time: &str, content: &str) -> Value {
    json!({ "id": id, "user": alice(), "content": content, "created_at": time })
}

#[tokio::test]
async fn a_note_is_said_once_in_full_under_the_id_of_its_line() {
    let line = entry("annotate", alice(), json!({ "channel": { "type": "note", "summary": "Killed the" } }));
    let notes = json!([
        note("N2", "2026-11-30T09:30:01Z", "Another one"),
        note("N1", "2026-11-30T09:30:00Z", "Killed the\nlong queries"),
        note("NOLD", "2026-11-29T09:30:00Z", "Long ago"),
        note("NNEW", "2026-11-30T09:59:59Z", "Its line is on its way"),
    ]);
    let batch = heard_with(json!([line]), notes).await;
    let said = |text: &str| What::Said { text: text.into() };
    let heard: Vec<_> = batch.news.into_iter().map(|news| (news.remote, news.what)).collect();
    let expected = vec![
        ("R1".to_owned(), said("Killed the\nlong queries")),
        ("note/N2".to_owned(), said("Another one")),
    ];
    assert_eq!(heard, expected);
}

#[tokio::test]
async fn our_own_echoes_are_known_and_come_without_the_mark() {
    let ours = format!("Restarted\n{}", tag());
    let annotated = entry("annotate", alice(), json!({ "channel": { "type": "note", "summary": ours } }));
    let updated = entry("status_update", alice(), json!({ "id": "R2", "message": ours }));
    let opened =
        entry("trigger", alice(), json!({ "id": "R3", "channel": { "type": "api", "incident_key": OP } }));
    let theirs = entry(
        "trigger",
        robot(),
        json!({ "id": "R4", "channel": { "type": "api", "incident_key": "disk/1" } }),
    );
    let batch = heard_with(json!([annotated, updated, opened, theirs]), json!([])).await;
    let echoes: Vec<_> = batch.news.iter().map(|news| news.echo_of.as_deref()).collect();
    assert_eq!(echoes, [Some(OP), Some(OP), Some(OP), None]);
    assert_eq!(batch.news[0].what, What::Said { text: "Restarted".into() });
    let in_notes = json!([note("N1", "2026-11-30T09:30:00Z", &ours)]);
    let bare = entry("annotate", alice(), json!({}));
    let batch = heard_with(json!([bare]), in_notes).await;
    assert_eq!(batch.news[0].echo_of.as_deref(), Some(OP), "where the log leaves the text out");
}

#[tokio::test]
async fn the_oldest_comes_first_and_the_cursor_is_the_newest_time() {
    let log = json!([
        at("R3", "2026-11-30T09:50:00Z"),
        at("R1", "2026-11-30T11:30:00+02:00"),
        at("R2", "2026-11-30T09:40:00Z")
    ]);
    let batch = heard_with(log, json!([])).await;
    let ids: Vec<_> = batch.news.iter().map(|news| news.remote.as_str()).collect();
    assert_eq!(ids, ["R1", "R2", "R3"]);
    assert_eq!(batch.cursor.as_deref(), Some("2026-11-30T09:50:00.000Z"));
    assert!(!batch.more);
}

#[tokio::test]
async fn a_time_that_lies_ahead_hides_nothing_that_comes_until_then() {
    let batch = heard_with(json!([at("R1", "2036-01-01T00:00:00Z")]), json!([])).await;
    assert_eq!(batch.cursor, Some(now().to_string()));
}

#[tokio::test]
async fn whoever_quotes_our_mark_and_goes_on_is_heard() {
    let quote = format!("> Restarted {}\nDid it help?", tag());
    let flat = format!("Restarted {}", tag());
    for (text, echo, said) in [(&quote, None, quote.as_str()), (&flat, Some(OP), "Restarted")] {
        let line = entry("annotate", alice(), json!({ "channel": { "type": "note", "summary": text } }));
        let batch = heard_with(json!([line]), json!([])).await;
        assert_eq!(batch.news[0].echo_of.as_deref(), echo);
        assert_eq!(batch.news[0].what, What::Said { text: said.into() });
    }
}

#[tokio::test]
async fn a_line_without_an_id_has_the_same_name_at_each_look() {
    let nameless = json!({ "type": "resolve_log_entry", "created_at": "2026-11-30T09:30:00Z" });
    for _ in 0..2 {
        let batch = heard_with(json!([nameless]), json!([])).await;
        assert_eq!(batch.news[0].remote, "PT4KHLK/2026-11-30T09:30:00Z/resolve");
    }
}

#[tokio::test]
async fn each_look_goes_back_a_little_behind_the_last_one() {
    for (cursor, since) in [
        (None, "2026-11-30T08:58:00.000Z"),
        (Some("2026-11-30T09:50:00.000Z"), "2026-11-30T09:48:00.000Z"),
        (Some("nonsense"), "2026-11-30T08:58:00.000Z"),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path(LOG))
            .and(query_param("since", since))
            .and(query_param("is_overview", "false"))
            .and(query_param("include[]", "channels"))
            .respond_with(ok(json!({ "log_entries": [], "more": false })))
            .mount(&server)
            .await;
        on(&server, "GET", NOTES, ok(json!({ "notes": [] }))).await;
        let batch = client(&server).pull(&pull(cursor)).await.unwrap();
        let kept = cursor.filter(|cursor| *cursor != "nonsense");
        assert_eq!(batch.cursor.as_deref(), kept, "nothing new leaves the cursor where it was");
    }
}

#[tokio::test]
async fn pages_are_followed_and_more_is_not_believed_for_ever() {
    let server = MockServer::start().await;
    for (offset, ids) in [("0", ["R3", "R2"]), ("2", ["R1", "R2"])] {
        let page = json!({ "log_entries": ids.map(|id| at(id, "2026-11-30T09:50:00Z")), "more": true });
        Mock::given(method("GET"))
            .and(path(LOG))
            .and(query_param("offset", offset))
            .respond_with(ok(page))
            .mount(&server)
            .await;
    }
    // The same again, although there is said to be more.
    let again = json!({ "log_entries": [at("R1", "2026-11-30T09:50:00Z")], "more": true });
    Mock::given(method("GET"))
        .and(path(LOG))
        .and(query_param("offset", "4"))
        .respond_with(ok(again))
        .mount(&server)
        .await;
    on(&server, "GET", NOTES, ok(json!({ "notes": [] }))).await;
    let batch = client(&server).pull(&pull(None)).await.unwrap();
    let ids: Vec<_> = batch.news.iter().map(|news| news.remote.as_str()).collect();
    assert_eq!(ids, ["R1", "R2", "R3"]);
}

#[tokio::test]
async fn the_last_page_that_pagerduty_lists_is_the_last_that_is_asked_for_and_the_gap_is_said() {
    let server = MockServer::start().await;
    let page = |request: &wiremock::Request| {
        let offset: usize =
            request.url.query_pairs().find(|(key, _)| key == "offset").unwrap().1.parse().unwrap();
        assert!(offset + 100 <= 10_000, "error 2002");
        let entries: Vec<Value> =
            (offset..offset + 100).map(|n| at(&format!("R{n}"), "2026-11-30T09:50:00Z")).collect();
        ok(json!({ "log_entries": entries, "more": true }))
    };
    Mock::given(method("GET")).and(path(LOG)).respond_with(page).mount(&server).await;
    on(&server, "GET", NOTES, ok(json!({ "notes": [] }))).await;
    let batch = client(&server).pull(&pull(None)).await.unwrap();
    assert_eq!(batch.news.len(), 10_001);
    assert!(matches!(&batch.news[0].what, What::Fact { text } if text.contains("oldest lines are missing")));
}

#[tokio::test]
async fn without_a_page_nothing_is_asked() {
    let server = MockServer::start().await;
    let nowhere = Pull { places: Vec::new(), ..pull(None) };
    assert_eq!(client(&server).pull(&nowhere).await.unwrap(), Batch::default());
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn with_a_routing_key_alone_nothing_is_heard_and_nothing_is_wrong() {
    let server = MockServer::start().await;
    let keyed = PagerDuty::new(&settings(&server.uri()), None, Some(Secret::new(KEY))).unwrap();
    let event = Pull { places: vec![(Slot::Page, format!("events:{OP}"))], ..pull(None) };
    assert_eq!(keyed.pull(&event).await.unwrap(), Batch::default());
}

#[tokio::test]
async fn an_incident_that_is_gone_and_a_token_that_is_refused_are_said() {
    for (answer, class, says) in [
        (refused(404, 2100, "Not Found"), FailureClass::Permanent, "no incident PT4KHLK"),
        (ResponseTemplate::new(401), FailureClass::Auth, "token"),
        (ok(json!({ "entries": [] })), FailureClass::Transient, "has no log_entries"),
    ] {
        let server = MockServer::start().await;
        on(&server, "GET", LOG, answer).await;
        let trouble = client(&server).pull(&pull(None)).await.unwrap_err();
        assert_eq!(trouble.class, class);
        assert!(trouble.message.contains(says), "{trouble}");
    }
}
