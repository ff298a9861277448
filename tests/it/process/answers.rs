//! What a client's answers, and its silence, mean to the outbox.

use serde_json::{Value, json};
use warroom::clients::process::Process;
use warroom::clients::{Call, Client};
use warroom::config::accounts::ProcessSettings;
use warroom::incident::Span;
use warroom::incident::event::{ChatDeed, Deed, FailureClass, PageDeed};
use warroom::outbox::Outcome;

use super::{call, child, confirmed, edit, failed, open, post, process, python, started, with_timeout};

#[tokio::test]
async fn a_delivery_brings_back_the_clients_id_and_an_address() {
    if !python() {
        return;
    }
    let outcome = process("good").deliver(&post(1, "b")).await;
    let link = Some("https://chat.example.com/m1".to_owned());
    assert_eq!(outcome, Outcome::Confirmed { remote: "m1".into(), link });
}

/// A scripted answer to `deliver`.
async fn answered(process: &Process, make: fn(usize, &str) -> Call, answer: Value) -> Outcome {
    process.deliver(&make(1, &answer.to_string())).await
}

#[tokio::test]
async fn each_class_of_failure_reaches_the_outbox_and_unknown_is_tried_again_where_that_is_harmless() {
    if !python() {
        return;
    }
    use FailureClass::{Auth, Permanent, Transient, Unknown};
    let process = process("good");
    let classes = [("transient", Transient), ("permanent", Permanent), ("auth", Auth), ("unknown", Unknown)];
    for (word, class) in classes {
        let answer =
            json!({"err": {"class": word, "message": "no \u{1b}[31mway", "retry_after_ms": 30_000, "x": 1}});
        let (message, wait) = failed(answered(&process, edit, answer.clone()).await, class);
        assert_eq!(message, "client pigeon: no way");
        assert_eq!(wait, Some(Span::from_secs(30)), "Retry-After wins");
        // A post carries its op id: native.
        let native = if class == Unknown { Transient } else { class };
        failed(answered(&process, post, answer.clone()).await, native);
        // An opening can be looked for, so it is.
        failed(answered(&process, open, answer).await, class);
    }
}

#[tokio::test]
async fn already_done_is_a_success_if_it_says_what_there_is() {
    if !python() {
        return;
    }
    let process = process("good");
    let there = json!({"err": {"class": "already_done", "message": "it exists", "remote": "C7", "link": "javascript:x"}});
    assert_eq!(answered(&process, open, there).await, Outcome::confirmed("C7"), "and no address but http");
    let nameless = json!({"err": {"class": "already_done", "message": "it exists"}});
    let (message, _) = failed(answered(&process, open, nameless.clone()).await, FailureClass::Unknown);
    assert!(message.contains("not under which id"), "{message}");
    // Nothing is made by an edit: what it was about is its id.
    assert_eq!(answered(&process, edit, nameless).await, Outcome::confirmed("dry-post"));
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_doubtful_and_not_a_success() {
    if !python() {
        return;
    }
    let process = process("good");
    for nothing in [json!({}), json!({"ok": 3}), json!({"ok": {"remote": ""}})] {
        failed(answered(&process, open, nothing).await, FailureClass::Unknown);
    }
}

#[tokio::test]
async fn find_confirms_only_what_the_client_has_found() {
    if !python() {
        return;
    }
    let process = process("good");
    let remote = confirmed(process.deliver(&open(1, "b")).await);
    assert_eq!(confirmed(process.find(&open(1, "b")).await), remote);
    assert_eq!(process.find(&open(2, "b")).await, Outcome::NotThere);
    let unclear = json!({"unclear": "the search is\ndown"}).to_string();
    assert_eq!(
        process.find(&open(1, &unclear)).await,
        Outcome::CannotTell { message: "the search is down".into() }
    );
    // What is repeated without harm needs no certainty.
    assert_eq!(process.find(&post(1, &unclear)).await, Outcome::NotThere);
    let failing = json!({"err": {"class": "unknown", "message": "timeout"}}).to_string();
    failed(process.find(&open(1, &failing)).await, FailureClass::Transient);
}

#[tokio::test]
async fn where_nothing_can_tell_the_client_is_not_asked_and_a_person_is() {
    if !python() {
        return;
    }
    // This child would find anything.
    let Outcome::CannotTell { message } = process("guesses").find(&edit(1, "b")).await else {
        panic!("it guesses")
    };
    assert!(message.contains("look there"), "{message}");
}

#[tokio::test]
async fn a_lost_answer_is_unknown_or_tried_again_by_what_the_client_has_promised() {
    if !python() {
        return;
    }
    for (make, class) in [
        (edit as fn(usize, &str) -> Call, FailureClass::Unknown),
        (open, FailureClass::Unknown),
        (post, FailureClass::Transient),
    ] {
        let (message, _) = failed(process("dies").deliver(&make(1, "b")).await, class);
        assert!(
            message.contains("exit status: 3") && message.contains("KeyError: 'the reason, [secret]'"),
            "{message}"
        );
        let late = started(&with_timeout(child("late"), 300));
        let (message, _) = failed(late.deliver(&make(1, "b")).await, class);
        assert!(message.contains("did not answer deliver within 0.3 s"), "{message}");
        let (message, _) = failed(process("garbage").deliver(&make(1, "b")).await, class);
        assert!(message.contains("broke the protocol"), "{message}");
    }
}

#[tokio::test]
async fn what_the_client_cannot_do_is_permanent_and_says_so() {
    if !python() {
        return;
    }
    let process = process("good");
    let page = call(1, Deed::Page(PageDeed::Open { priority: None }), "b");
    let (message, _) = failed(process.deliver(&page).await, FailureClass::Permanent);
    assert_eq!(message, "client pigeon: it cannot page.open: drop this, or do it by hand");
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_and_not_cut() {
    if !python() {
        return;
    }
    let process = process("good");
    let (message, _) = failed(process.deliver(&post(1, &"x".repeat(700_000))).await, FailureClass::Permanent);
    assert!(message.contains("characters, and it takes 600000: shorten it"), "{message}");
    // Three bytes each: within its limit, and longer than a line may be.
    let (message, _) = failed(process.deliver(&post(2, &"€".repeat(500_000))).await, FailureClass::Permanent);
    assert!(message.contains("1048576 can be sent"), "{message}");
    confirmed(process.deliver(&post(3, &"€".repeat(300_000))).await);
}

#[tokio::test]
async fn a_deed_without_its_place_is_not_sent() {
    if !python() {
        return;
    }
    let mut early = post(1, "b");
    early.needs = [None, None];
    let (message, _) = failed(process("dies").deliver(&early).await, FailureClass::Permanent);
    assert_eq!(message, "the incident has no channel yet");
}

#[tokio::test]
async fn a_read_only_account_writes_nothing_and_a_drill_goes_where_drills_go() {
    if !python() {
        return;
    }
    let mut settings = child("echo");
    settings.common.read_only = true;
    failed(started(&settings).deliver(&post(1, "b")).await, FailureClass::Permanent);

    let mut drill = call(1, Deed::Chat(ChatDeed::Post { to: Some("#everybody".into()), thread: None }), "b");
    drill.drill = true;
    let sent = confirmed(process("echo").deliver(&drill).await);
    assert!(sent.contains(r##""deed": {"chat": {"post": {"to": "#drills"}}}"##), "{sent}");
    assert!(sent.contains(r#""drill": true"#), "{sent}");

    let nowhere = ProcessSettings { drill: None, ..child("echo") };
    let (message, _) = failed(started(&nowhere).deliver(&drill).await, FailureClass::Permanent);
    assert!(message.contains("set drill"), "{message}");
}

#[tokio::test]
async fn the_texts_of_a_drill_are_marked() {
    if !python() {
        return;
    }
    let sent = |title: &str| {
        let mut drill = post(1, "the text");
        drill.drill = true;
        drill.act.title = title.to_owned();
        async move { confirmed(process("echo").deliver(&drill).await) }
    };
    let titled = sent("Orders").await;
    assert!(titled.contains(r#""title": "[DRILL] Orders""#), "{titled}");
    assert!(titled.contains(r#""body": "the text""#), "one mark is enough: {titled}");
    let untitled = sent("").await;
    assert!(untitled.contains(r#""body": "[DRILL] the text""#), "{untitled}");
}

#[tokio::test]
async fn what_it_says_of_its_account_is_shown_clean() {
    if !python() {
        return;
    }
    let process = process("good");
    let probes = process.probe().await;
    assert!(probes[0].says.starts_with("child 7 speaks version 1 and can chat.open"), "{probes:?}");
    assert_eq!((probes[1].what.as_str(), probes[1].says.as_str()), ("token", "it works"));
    assert_eq!(process.directory().await.expect("a directory").people[0].name, "Ann Lee");
}
