//! What is heard by asking.

use serde_json::{Value, json};
use warroom::clients::Client;
use warroom::incident::event::Listen;
use warroom::outbox::news::{News, What};
use wiremock::MockServer;

use super::support::*;

async fn hears(messages: &[Value]) -> MockServer {
    let server = server().await;
    knows_ada(&server).await;
    answers(&server, "conversations.history", history(messages)).await;
    server
}

/// The first history of several.
async fn then(server: &MockServer, messages: &[Value]) {
    answers_once(server, "conversations.history", history(messages)).await;
}

async fn heard(server: &MockServer, listen: Listen) -> Vec<News> {
    slack(server).pull(&pull(listen)).await.expect("news").news
}

/// Each piece in a few words.
fn short(news: &[News]) -> Vec<String> {
    let line = |news: &News| match &news.what {
        What::Said { text } => format!("{}: {text}", news.author.name),
        What::Edited { of, text } => format!("edited {of}: {text}"),
        What::Deleted { of } => format!("deleted {of}"),
        What::Word { line } => format!("{} orders {line}", news.author.name),
        What::Fact { text } => format!("{} {text}", news.author.name),
        other => format!("{other:?}"),
    };
    news.iter().map(line).collect()
}

#[tokio::test]
async fn a_message_is_told_with_its_author_time_id_and_link_and_the_oldest_comes_first() {
    let server = hears(&[said(1, "first"), said(2, "second")]).await;
    let news = heard(&server, Listen::All).await;
    assert_eq!(short(&news), ["ada: first", "ada: second"]);
    let first = &news[0];
    assert_eq!(first.remote, format!("{CHANNEL}/{}", ts(1)));
    assert_eq!(first.at, at(1));
    assert_eq!((first.author.remote.as_str(), first.author.mail.as_str()), ("UADA00001", "ada@example.com"));
    let link = format!("https://acme.slack.com/archives/{CHANNEL}/p1700000001000100");
    assert_eq!(first.link.as_deref(), Some(link.as_str()));
    assert_eq!(forms(&server, "users.info").await.len(), 1, "she is asked for once");
}

#[tokio::test]
async fn every_kind_of_message_becomes_what_it_is() {
    let subtype = |secs: i64, name: &str| with(said(secs, "x joined"), json!({"subtype": name}));
    let mut messages = vec![
        with(said(1, "see this"), json!({"subtype": "file_share", "files": [{"name": "log.txt"}]})),
        with(said(2, "waves"), json!({"subtype": "me_message"})),
        with(said(3, "also to the channel"), json!({"subtype": "thread_broadcast"})),
        json!({"subtype": "bot_message", "bot_id": "BPAGER001", "username": "Pager", "text": "", "ts": ts(4),
            "attachments": [{"fallback": "disk is full"}]}),
        with(said(5, ""), json!({"subtype": "channel_archive"})),
    ];
    let noise = [
        "channel_join",
        "channel_leave",
        "channel_topic",
        "channel_purpose",
        "channel_name",
        "group_join",
        "message_replied",
        "ekm_access_denied",
        "pinned_item",
        "tombstone",
        "of_tomorrow",
    ];
    messages.extend(noise.iter().enumerate().map(|(at, name)| subtype(10 + at as i64, name)));
    let news = heard(&hears(&messages).await, Listen::All).await;
    assert_eq!(
        short(&news),
        [
            "ada: see this\n[file: log.txt]",
            "ada: * waves",
            "ada: also to the channel",
            "Pager: disk is full",
            "ada archived the channel in Slack",
        ]
    );
    assert!(news[3].author.bot && news[3].author.remote == "BPAGER001");
}

/// Markup becomes plain words, and nothing in it can steer a terminal.
#[tokio::test]
async fn markup_becomes_plain_and_harmless_text() {
    let cases = [
        ("hi <@UADA00001>, <#C1|ops> and <!here>", "hi @ada, #ops and @here"),
        ("<https://x.example/a?b=1&amp;c=2|the graph>", "the graph (https://x.example/a?b=1&c=2)"),
        ("<https://x.example> <mailto:a@b.example|a@b.example>", "https://x.example a@b.example"),
        ("<!subteam^S1|@data> <!date^1^{date}|today> &lt;b&gt; &amp;amp;", "@data today <b> &amp;"),
        ("a &lt; b &lt;@UADA00001&gt;", "a < b <@UADA00001>"),
        ("\u{1b}[2Jgone\u{202e}", "gone"),
        ("an end <@U", "an end <@U"),
    ];
    for (raw, plain) in cases {
        let news = heard(&hears(&[said(1, raw)]).await, Listen::All).await;
        assert_eq!(short(&news), [format!("ada: {plain}")], "{raw}");
    }
}

#[tokio::test]
async fn our_own_messages_are_echoes_and_nobody_can_forge_one() {
    let ours = json!({"user": "UBOT00001", "bot_id": "BBOT00001"});
    let op =
        json!({"metadata": {"event_type": "warroom_op", "event_payload": {"op_id": format!("{}/2", op())}}});
    let messages = [
        with(with(said(1, "ours"), ours.clone()), op.clone()),
        with(said(2, "ours without a mark"), ours),
        with(said(3, "forged"), op),
    ];
    let news = heard(&hears(&messages).await, Listen::All).await;
    let echoes: Vec<Option<String>> = news.iter().map(|news| news.echo_of.clone()).collect();
    assert_eq!(echoes, [Some(super::support::op()), None]);
    assert_eq!(short(&news[1..]), ["ada: forged"]);
}

#[tokio::test]
async fn words_for_warroom_count_whatever_is_listened_to_but_only_from_people() {
    let bot = json!({"text": "!note robot", "bot_id": "BPAGER001", "subtype": "bot_message", "ts": ts(3)});
    let messages = [
        said(1, "!note it &lt;hangs&gt;\nstill"),
        said(2, "!SEV 2"),
        bot,
        said(4, "!important"),
        said(5, "so !note"),
    ];
    let server = hears(&messages).await;
    for listen in [Listen::Off, Listen::Pinned, Listen::Emoji] {
        answers(&server, "pins.list", json!({"ok": true, "items": []})).await;
        let news = heard(&server, listen).await;
        assert_eq!(short(&news), ["ada orders note it <hangs> still", "ada orders SEV 2"], "{listen:?}");
    }
    let all = heard(&server, Listen::All).await;
    assert_eq!(all.iter().filter(|news| matches!(news.what, What::Word { .. })).count(), 2);
    assert_eq!(all.len(), 5);
}

#[tokio::test]
async fn a_word_from_before_the_cursor_is_not_given_again() {
    let server = hears(&[said(1, "!note old"), said(3, "!note new")]).await;
    let mut ask = pull(Listen::All);
    ask.cursor = Some(format!("{}/4", ts(2)));
    assert_eq!(short(&pulled(&slack(&server), &mut ask).await.news), ["ada orders note new"]);
}

#[tokio::test]
async fn pinned_messages_are_told_once_whenever_they_are_pinned() {
    let server = hears(&[said(1, "a"), said(2, "b")]).await;
    let pin = |created: i64, message: Value| json!({"created": START_S + created, "message": message});
    answers_once(&server, "pins.list", json!({"ok": true, "items": []})).await;
    let old = pin(-500, said(-600, "pinned before the incident"));
    let late = pin(50, said(-900, "what led to it"));
    let items = json!({"ok": true, "items": [pin(60, said(1, "a")), late, old]});
    answers(&server, "pins.list", items).await;
    let (slack, mut ask) = (slack(&server), pull(Listen::Pinned));
    assert!(pulled(&slack, &mut ask).await.news.is_empty());
    let news = pulled(&slack, &mut ask).await.news;
    assert_eq!(short(&news), ["ada: what led to it", "ada: a"]);
    assert!(pulled(&slack, &mut ask).await.news.is_empty(), "once");
}

#[tokio::test]
async fn messages_marked_with_the_emoji_are_told_once() {
    let marked = |name: &str| json!({"reactions": [{"name": name, "count": 1}]});
    let server =
        hears(&[with(said(1, "a"), marked("pushpin::skin-tone-2")), with(said(2, "b"), marked("eyes"))])
            .await;
    then(&server, &[said(1, "a"), said(2, "b")]).await;
    let (slack, mut ask) = (slack(&server), pull(Listen::Emoji));
    assert!(pulled(&slack, &mut ask).await.news.is_empty());
    assert_eq!(short(&pulled(&slack, &mut ask).await.news), ["ada: a"]);
    assert!(pulled(&slack, &mut ask).await.news.is_empty());
}

#[tokio::test]
async fn asking_again_tells_nothing_twice_but_every_edit_and_deletion_once() {
    let edited = with(said(2, "two!"), json!({"edited": {"ts": ts(9)}}));
    let server = hears(&[edited, said(3, "three")]).await;
    then(&server, &[said(1, "one"), said(2, "two")]).await;
    let (slack, mut ask) = (slack(&server), pull(Listen::All));
    assert_eq!(pulled(&slack, &mut ask).await.news.len(), 2);
    let news = pulled(&slack, &mut ask).await.news;
    // What is older than the oldest message in sight may only be out of sight.
    let of = format!("{CHANNEL}/{}", ts(2));
    assert_eq!(short(&news), [format!("edited {of}: two!"), "ada: three".to_owned()]);
    assert_eq!(news[0].remote, format!("{of}/edited/{}", ts(9)));
    let batch = pulled(&slack, &mut ask).await;
    assert_eq!((batch.news, batch.cursor), (vec![], None));
}

#[tokio::test]
async fn a_message_that_vanishes_between_others_was_deleted() {
    let server = hears(&[said(1, "one"), said(3, "three")]).await;
    then(&server, &[said(1, "one"), said(2, "two"), said(3, "three")]).await;
    let (slack, mut ask) = (slack(&server), pull(Listen::All));
    pulled(&slack, &mut ask).await;
    let news = pulled(&slack, &mut ask).await.news;
    let of = format!("{CHANNEL}/{}", ts(2));
    assert_eq!(short(&news), [format!("deleted {of}")]);
    assert_eq!((news[0].remote.clone(), news[0].at), (format!("{of}/deleted"), at(1000)));
    assert!(pulled(&slack, &mut ask).await.news.is_empty());
}

/// A batch that was never kept comes again; after a restart the cursor says what is new.
#[tokio::test]
async fn what_was_not_kept_is_told_again_and_a_restart_tells_only_what_is_new() {
    let changed = with(said(1, "one!"), json!({"edited": {"ts": ts(3)}}));
    let server = hears(&[changed, said(2, "two"), said(4, "four")]).await;
    then(&server, &[said(1, "one"), said(2, "two")]).await;
    then(&server, &[said(1, "one"), said(2, "two")]).await;
    let first = slack(&server);
    let mut ask = pull(Listen::All);
    let lost = first.pull(&ask).await.expect("news");
    let kept = pulled(&first, &mut ask).await;
    assert_eq!(lost.news, kept.news);
    let again = pulled(&slack(&server), &mut ask).await.news;
    let of = format!("{CHANNEL}/{}", ts(1));
    assert_eq!(short(&again), [format!("edited {of}: one!"), "ada: four".to_owned()]);
}

#[tokio::test]
async fn it_reads_back_to_what_it_knows_and_no_further() {
    let server = server().await;
    knows_ada(&server).await;
    let page = |messages: &[Value], next: &str| {
        with(history(messages), json!({"has_more": true, "response_metadata": {"next_cursor": next}}))
    };
    answers_to(&server, "conversations.history", "cursor=p2", page(&[said(1, "1"), said(2, "2")], "p3"))
        .await;
    answers_to(&server, "conversations.history", "cursor=p3", page(&[said(-1, "long ago")], "p4")).await;
    answers(&server, "conversations.history", page(&[said(3, "3"), said(4, "4")], "p2")).await;
    let (slack, mut ask) = (slack(&server), pull(Listen::All));
    assert_eq!(short(&pulled(&slack, &mut ask).await.news), ["ada: 1", "ada: 2", "ada: 3", "ada: 4"]);
    assert_eq!(forms(&server, "conversations.history").await.len(), 3);
    pulled(&slack, &mut ask).await;
    assert_eq!(forms(&server, "conversations.history").await.len(), 4, "one page tells that nothing is new");
}

#[tokio::test]
async fn threads_are_read_when_something_was_said_in_them() {
    let parent = |count: u64, latest: i64| {
        with(said(1, "parent"), json!({"thread_ts": ts(1), "reply_count": count, "latest_reply": ts(latest)}))
    };
    let reply = |secs: i64| with(said(secs, &format!("reply {secs}")), json!({"thread_ts": ts(1)}));
    let server = hears(&[parent(1, 5)]).await;
    then(&server, &[parent(2, 5)]).await;
    then(&server, &[parent(2, 5)]).await;
    answers_once(
        &server,
        "conversations.replies",
        json!({"ok": true, "messages": [parent(2, 5), reply(3), reply(5)]}),
    )
    .await;
    answers(&server, "conversations.replies", json!({"ok": true, "messages": [parent(1, 5), reply(5)]}))
        .await;
    let (slack, mut ask) = (slack(&server), pull(Listen::All));
    let news = pulled(&slack, &mut ask).await.news;
    assert_eq!(short(&news), ["ada: parent", "ada: reply 3", "ada: reply 5"]);
    assert!(news[2].link.as_deref().unwrap().ends_with(&format!("?thread_ts={}&cid={CHANNEL}", ts(1))));
    assert!(pulled(&slack, &mut ask).await.news.is_empty());
    assert_eq!(forms(&server, "conversations.replies").await.len(), 1, "a quiet thread is not read again");
    assert_eq!(short(&pulled(&slack, &mut ask).await.news), [format!("deleted {CHANNEL}/{}", ts(3))]);
}

#[tokio::test]
async fn without_the_scope_for_people_they_go_by_their_ids() {
    let server = server().await;
    answers(&server, "conversations.history", history(&[said(1, "x <@UBOB00001>")])).await;
    answers(&server, "users.info", json!({"ok": false, "error": "missing_scope", "needed": "users:read"}))
        .await;
    let news = heard(&server, Listen::All).await;
    assert_eq!((news[0].author.remote.as_str(), news[0].author.name.as_str()), ("UADA00001", ""));
    assert_eq!(short(&news), [": x @UBOB00001"]);
}

#[tokio::test]
async fn odd_fields_cost_no_page_and_no_channel_asks_nothing() {
    let odd =
        json!({"ts": ts(1), "text": null, "user": null, "reactions": null, "files": null, "bot_id": null});
    let server = hears(&[json!(null), json!({"ts": 5}), odd, said(2, "fine")]).await;
    let news = heard(&server, Listen::All).await;
    assert_eq!(short(&news).last().map(String::as_str), Some("ada: fine"));
    let nowhere = warroom::outbox::news::Pull { places: vec![], ..pull(Listen::All) };
    let before = server.received_requests().await.unwrap().len();
    assert!(slack(&server).pull(&nowhere).await.expect("nothing").news.is_empty());
    assert_eq!(server.received_requests().await.unwrap().len(), before);
}
