//! What is told: once, as it was written, and found again.

use serde_json::{Value, json};
use warroom::clients::Client;
use warroom::incident::event::{ChatDeed, FailureClass};
use warroom::outbox::Outcome;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::support::*;

async fn posts(server: &MockServer) {
    answers(server, "chat.postMessage", json!({"ok": true, "channel": CHANNEL, "ts": ts(1)})).await;
    answers(server, "chat.getPermalink", json!({"ok": true, "permalink": "https://acme.slack.com/x"})).await;
}

fn blocks(form: &Form) -> Vec<Value> {
    serde_json::from_str(&form["blocks"]).expect("blocks are JSON")
}

fn texts<'a>(blocks: &'a [Value], kind: &str) -> Vec<&'a str> {
    let of_kind = blocks.iter().filter(|block| block["type"] == kind);
    of_kind.map(|block| block["text"]["text"].as_str().expect("text")).collect()
}

/// A message of ours.
fn marked(secs: i64, op: &str) -> Value {
    let ours = json!({"user": "UBOT00001", "bot_id": "BBOT00001",
        "metadata": {"event_type": "warroom_op", "event_payload": {"op_id": op}}});
    with(said(secs, "x"), ours)
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[tokio::test]
async fn a_post_carries_heading_words_and_its_request_and_is_confirmed_with_channel_and_ts() {
    let server = server().await;
    posts(&server).await;
    let outcome = deliver(&slack(&server), &post()).await;
    let link = Some("https://acme.slack.com/x".to_owned());
    assert_eq!(outcome, Outcome::Confirmed { remote: format!("{CHANNEL}/{}", ts(1)), link });
    let form = forms(&server, "chat.postMessage").await.remove(0);
    assert_eq!(texts(&blocks(&form), "header"), ["SEV1 Loader hangs"]);
    assert_eq!(texts(&blocks(&form), "section"), ["It hangs."]);
    assert_eq!(form["text"], "SEV1 Loader hangs\nIt hangs.");
    let metadata: Value = serde_json::from_str(&form["metadata"]).expect("JSON");
    assert_eq!(metadata, json!({"event_type": "warroom_op", "event_payload": {"op_id": op()}}));
    assert_eq!((form["unfurl_links"].as_str(), form["link_names"].as_str()), ("false", "false"));
}

#[tokio::test]
async fn every_attempt_sends_the_same_client_msg_id_and_other_requests_another() {
    let server = server().await;
    posts(&server).await;
    let slack = slack(&server);
    let mut other = post();
    other.act.request = ulid::Ulid::from_parts(1_700_000_000_000, 8);
    for call in [&post(), &post(), &other] {
        confirmed(deliver(&slack, call).await);
    }
    let ids: Vec<String> =
        forms(&server, "chat.postMessage").await.iter().map(|form| form["client_msg_id"].clone()).collect();
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
    let parts: Vec<usize> = ids[0].split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12]);
    assert_eq!(&ids[0][14..15], "5", "version");
    assert!("89ab".contains(&ids[0][19..20]), "variant: {}", ids[0]);
}

/// MISSION: text of people can never mention anybody, nor become markup.
#[tokio::test]
async fn no_text_mentions_anybody_or_hides_an_address() {
    let server = server().await;
    posts(&server).await;
    let body = "<!here> <@U1> <#C1> <!subteam^S1> @here *bold* _it_ `x` <https://evil.example|click> R&D a<b\n\
                see https://ok.example/a?b=1&c=2.";
    confirmed(deliver(&slack(&server), &worded("<!channel> & <@U2>", body)).await);
    let form = forms(&server, "chat.postMessage").await.remove(0);
    let blocks = blocks(&form);
    assert_eq!(texts(&blocks, "header"), ["&lt;!channel&gt; &amp; &lt;@U2&gt;"]);
    assert!(!form["text"].contains('<') && !form["text"].contains('>'), "{}", form["text"]);
    for block in blocks.iter().filter(|block| block["type"] != "context") {
        assert_eq!(block["text"]["type"], "plain_text");
        assert!(!block["text"]["text"].as_str().unwrap().contains(['<', '>']), "{block}");
    }
    let links = blocks.iter().find(|block| block["type"] == "context").expect("links");
    let shown: Vec<&str> =
        links["elements"].as_array().unwrap().iter().map(|link| link["text"].as_str().unwrap()).collect();
    assert_eq!(shown, ["<https://evil.example>", "<https://ok.example/a?b=1&amp;c=2>"]);
}

#[tokio::test]
async fn a_long_text_becomes_several_messages_within_every_limit_and_loses_nothing() {
    let server = server().await;
    posts(&server).await;
    let lines: Vec<String> = (0..700).map(|n| format!("line {n} <&> {}", "ä🧯".repeat(n % 30))).collect();
    let body = format!("{}\n{}", lines.join("\n"), "x".repeat(7_000));
    confirmed(deliver(&slack(&server), &worded(&"T".repeat(200), &body)).await);
    let forms = forms(&server, "chat.postMessage").await;
    assert!(forms.len() > 2, "{} messages", forms.len());
    let mut sections = String::new();
    for (at, form) in forms.iter().enumerate() {
        let blocks = blocks(form);
        let header = texts(&blocks, "header")[0].to_owned();
        assert!(header.ends_with(&format!("({}/{})", at + 1, forms.len())), "{header}");
        assert!(units(&header) <= 150 && blocks.len() <= 50 && units(&form["text"]) <= 4_000);
        let all = texts(&blocks, "section");
        assert!(all.iter().all(|text| units(text) <= 3_000));
        assert!(all.iter().map(|text| units(text)).sum::<usize>() <= 12_000);
        sections.extend(all.iter().map(|text| text.replace('\n', "")));
        assert!(form["metadata"].contains(&format!("{}/{}", op(), at + 1)), "each has its own op");
    }
    let plain = sections.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    assert_eq!(plain, body.replace('\n', ""));
}

#[tokio::test]
async fn a_later_attempt_sends_only_the_parts_that_are_not_there() {
    let server = server().await;
    posts(&server).await;
    let there = marked(1, &format!("{}/1", op()));
    answers(&server, "conversations.history", history(&[there])).await;
    let mut call = worded("Long", &"word ".repeat(4_000));
    (call.act.attempts, call.act.attempted_at) = (2, Some(at(500)));
    let remote = confirmed(deliver(&slack(&server), &call).await);
    assert_eq!(remote, format!("{CHANNEL}/{}", ts(1)), "it is named by its first part");
    let sent = forms(&server, "chat.postMessage").await;
    assert_eq!(sent.len(), 1);
    assert!(sent[0]["metadata"].contains(&format!("{}/2", op())));
    let looked = forms(&server, "conversations.history").await.remove(0);
    assert_eq!(looked["include_all_metadata"], "true");
    assert!(
        looked["oldest"].as_str() < ts(0).as_str(),
        "from before the first attempt: {}",
        looked["oldest"]
    );
}

/// An act is found by its op alone, and only when all of it is there.
#[tokio::test]
async fn a_post_is_found_by_its_op_when_every_part_is_there() {
    let mark = |secs: i64, op: String| marked(secs, &op);
    let forged = with(mark(2, op()), json!({"user": "UADA00001", "bot_id": "BOTHER001"}));
    let cases = [
        (post(), vec![forged], false),
        (post(), vec![mark(2, op())], true),
        (post(), vec![mark(2, format!("{}X", op())), said(3, &op())], false),
        (worded("L", &"word ".repeat(4_000)), vec![mark(2, format!("{}/1", op()))], false),
        (
            worded("L", &"word ".repeat(4_000)),
            vec![mark(2, format!("{}/1", op())), mark(3, format!("{}/2", op()))],
            true,
        ),
    ];
    for (call, messages, there) in cases {
        let server = server().await;
        answers(&server, "conversations.history", history(&messages)).await;
        let outcome = slack(&server).find(&call).await;
        match there {
            true => assert_eq!(confirmed(outcome), format!("{CHANNEL}/{}", ts(2))),
            false => assert_eq!(outcome, Outcome::NotThere),
        }
        assert!(forms(&server, "chat.postMessage").await.is_empty(), "looking posts nothing");
    }
}

#[tokio::test]
async fn looking_reads_every_page_even_after_a_short_one() {
    let server = server().await;
    let second = json!({"ok": true, "messages": [marked(1, &op())], "has_more": false});
    answers_to(&server, "conversations.history", "cursor=more", second).await;
    let first =
        json!({"ok": true, "messages": [], "has_more": true, "response_metadata": {"next_cursor": "more"}});
    answers(&server, "conversations.history", first).await;
    assert_eq!(confirmed(slack(&server).find(&post()).await), format!("{CHANNEL}/{}", ts(1)));
}

#[tokio::test]
async fn a_reply_is_posted_and_looked_for_in_its_thread() {
    let server = server().await;
    posts(&server).await;
    answers(&server, "conversations.replies", history(&[said(0, "parent")])).await;
    let reply = call(ChatDeed::Post { to: None, thread: Some(MESSAGE.to_owned()) });
    let slack = slack(&server);
    confirmed(deliver(&slack, &reply).await);
    assert_eq!(forms(&server, "chat.postMessage").await[0]["thread_ts"], "1700000001.000100");
    assert_eq!(slack.find(&reply).await, Outcome::NotThere);
    assert_eq!(forms(&server, "conversations.replies").await[0]["ts"], "1700000001.000100");
    let elsewhere = call(ChatDeed::Post { to: None, thread: Some("C99999999/1.000001".to_owned()) });
    assert_eq!(failed(deliver(&slack, &elsewhere).await).0, FailureClass::Permanent);
}

/// "It is not there" is said only where it would be seen.
#[tokio::test]
async fn with_a_clock_ahead_of_slacks_nothing_is_said_to_be_missing() {
    let server = server().await;
    let answer = ResponseTemplate::new(200)
        .insert_header("date", "Tue, 14 Nov 2023 22:00:00 GMT")
        .set_body_json(history(&[]));
    Mock::given(method("POST")).and(path("/conversations.history")).respond_with(answer).mount(&server).await;
    let Outcome::CannotTell { message } = slack(&server).find(&post()).await else {
        panic!("it cannot tell")
    };
    assert!(message.contains("clock is 13m") && message.contains("look in the channel"), "{message}");
}

#[tokio::test]
async fn a_look_that_is_not_allowed_asks_a_person_and_one_without_scope_names_it() {
    let server = server().await;
    answers_once(&server, "conversations.history", json!({"ok": false, "error": "not_in_channel"})).await;
    let lacking = json!({"ok": false, "error": "missing_scope", "needed": "channels:history", "provided": "chat:write"});
    answers(&server, "conversations.history", lacking).await;
    let slack = slack(&server);
    assert!(
        matches!(slack.find(&post()).await, Outcome::CannotTell { message } if message.contains("/invite"))
    );
    let (class, message, _) = failed(slack.find(&post()).await);
    assert_eq!(class, FailureClass::Auth);
    assert!(message.contains("channels:history") && message.contains("chat:write"), "{message}");
}

#[tokio::test]
async fn other_channels_are_named_by_name_or_id() {
    let server = server().await;
    posts(&server).await;
    let channels = json!({"ok": true, "channels": [{"id": "C0STATUS01", "name": "status"}]});
    answers(&server, "conversations.list", channels).await;
    let slack = slack(&server);
    for to in ["#status", "status", "C0STATUS01"] {
        let mut call = call(ChatDeed::Post { to: Some(to.to_owned()), thread: None });
        call.needs = [None, None];
        confirmed(deliver(&slack, &call).await);
    }
    let sent = forms(&server, "chat.postMessage").await;
    assert!(sent.iter().all(|form| form["channel"] == "C0STATUS01"));
    assert_eq!(forms(&server, "conversations.list").await.len(), 1, "a name is looked up once");
    let nowhere = call(ChatDeed::Post { to: Some("#nowhere".to_owned()), thread: None });
    let (class, message, _) = failed(deliver(&slack, &nowhere).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("nowhere") && message.contains("/invite"), "{message}");
}

#[tokio::test]
async fn an_edit_keeps_the_posts_mark_and_fits_in_one_message() {
    let server = server().await;
    answers(&server, "chat.update", json!({"ok": true, "channel": CHANNEL, "ts": ts(1)})).await;
    let first = ulid::Ulid::from_parts(1, 1);
    let mut call = call(ChatDeed::Edit { post: first });
    call.act.body = "a line of words\n".repeat(2_000);
    assert_eq!(confirmed(deliver(&slack(&server), &call).await), MESSAGE);
    let form = forms(&server, "chat.update").await.remove(0);
    assert_eq!((form["channel"].as_str(), form["ts"].as_str()), (CHANNEL, "1700000001.000100"));
    assert!(form["metadata"].contains(&first.to_string()));
    assert!(units(&form["text"]) <= 4_000);
    assert!(texts(&blocks(&form), "section").last().unwrap().contains("cut here"));
}

#[tokio::test]
async fn a_pin_that_is_there_already_is_done() {
    let server = server().await;
    answers(&server, "pins.add", json!({"ok": false, "error": "already_pinned"})).await;
    let pin = call(ChatDeed::Pin { post: ulid::Ulid::nil() });
    assert_eq!(confirmed(deliver(&slack(&server), &pin).await), MESSAGE);
    assert_eq!(forms(&server, "pins.add").await[0]["timestamp"], "1700000001.000100");
    assert_eq!(slack(&server).find(&pin).await, Outcome::NotThere, "a state is simply set again");
}

/// MISSION: an exercise is told as one, and only where exercises are told.
#[tokio::test]
async fn a_drill_is_marked_and_stays_in_the_channel_of_drills() {
    let server = server().await;
    posts(&server).await;
    let mut settings = settings(&server.uri());
    settings.drill = Some("C0DRILLS1".to_owned());
    let mut told = call(ChatDeed::Post { to: Some("status".to_owned()), thread: None });
    told.drill = true;
    confirmed(deliver(&client(&settings), &told).await);
    let form = forms(&server, "chat.postMessage").await.remove(0);
    assert_eq!(form["channel"], "C0DRILLS1");
    assert_eq!(texts(&blocks(&form), "header"), ["[DRILL] SEV1 Loader hangs"]);
    let (class, message, _) = failed(deliver(&slack(&server), &told).await);
    assert_eq!(class, FailureClass::Permanent);
    assert!(message.contains("set drill"), "{message}");
}

#[tokio::test]
async fn nothing_to_say_is_not_said_and_a_page_is_no_business_of_a_chat() {
    let server = server().await;
    let slack = slack(&server);
    assert_eq!(failed(deliver(&slack, &worded("", " \n ")).await).0, FailureClass::Permanent);
    let mut page = post();
    page.act.deed = warroom::incident::event::Deed::Page(warroom::incident::event::PageDeed::Acknowledge);
    assert_eq!(failed(deliver(&slack, &page).await).0, FailureClass::Permanent);
    let mut early = post();
    early.needs = [None, None];
    assert!(failed(deliver(&slack, &early).await).1.contains("no channel yet"));
    assert!(server.received_requests().await.unwrap().is_empty());
}
