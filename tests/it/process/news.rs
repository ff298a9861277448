//! News that a client tells, and those it is asked for.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;
use warroom::clients::Client;
use warroom::incident::event::{FailureClass, Listen, Slot};
use warroom::outbox::news::{Batch, Pull, What};

use super::{confirmed, now, post, process, python};

fn since(cursor: Option<&str>) -> Pull {
    let places = vec![(Slot::Channel, "C1".to_owned())];
    Pull { places, cursor: cursor.map(str::to_owned), since: now(), now: now(), listen: Listen::All }
}

async fn next(news: &mut mpsc::Receiver<Batch>) -> Batch {
    timeout(Duration::from_secs(10), news.recv())
        .await
        .expect("news within ten seconds")
        .expect("somebody tells them")
}

#[tokio::test]
async fn what_is_told_arrives_clean_with_its_cursor_and_the_echo_of_what_was_ours() {
    if !python() {
        return;
    }
    let process = process("good");
    let (to, mut news) = mpsc::channel(4);
    let listening = process.listen(since(None), to).expect("it may be able to");
    let posting = async {
        // Until it listens, nothing is told of a post; the first call it gets is `listen`.
        let call = post(1, "wo\u{1b}[31mrds");
        confirmed(process.deliver(&call).await);
        let batch = next(&mut news).await;
        assert_eq!(batch.cursor.as_deref(), Some("1"));
        assert_eq!(batch.news[0].remote, "m1");
        assert_eq!(batch.news[0].echo_of, Some(call.op()));
        assert_eq!(batch.news[0].author.name, "Ann", "no colours");
        assert_eq!(batch.news[0].what, What::Said { text: "words".into() });
        process.heard("1").await;
        confirmed(process.deliver(&post(2, "more")).await);
        assert_eq!(next(&mut news).await.news.len(), 1, "the second alone");
        let probes = process.probe().await;
        assert!(
            probes.iter().any(|probe| probe.says.contains("kept 1")),
            "it heard that they are kept: {probes:?}"
        );
    };
    tokio::select! {
        trouble = listening => panic!("it stopped listening: {trouble:?}"),
        () = posting => {}
    }
}

#[tokio::test]
async fn what_is_asked_for_goes_on_from_the_cursor() {
    if !python() {
        return;
    }
    let process = process("good");
    assert_eq!(process.pull(&since(None)).await.expect("nothing yet").news, []);
    confirmed(process.deliver(&post(1, "b")).await);
    let batch = process.pull(&since(None)).await.expect("one");
    assert_eq!((batch.news.len(), batch.cursor.as_deref(), batch.more), (1, Some("1"), false));
    assert_eq!(process.pull(&since(Some("1"))).await.expect("none").news, []);
}

#[tokio::test]
async fn who_cannot_tell_is_asked_instead() {
    if !python() {
        return;
    }
    let process = process("asked");
    let (to, _news) = mpsc::channel(4);
    let trouble = process.listen(since(None), to.clone()).expect("nobody knows yet").await;
    assert_eq!((trouble.class, trouble.code.as_str()), (FailureClass::Transient, "pull"));
    assert!(process.listen(since(None), to).is_none(), "now it is known");
    process.pull(&since(None)).await.expect("and it can be asked");
}

#[tokio::test]
async fn a_flood_that_nobody_has_acknowledged_ends_the_child_and_not_the_memory() {
    if !python() {
        return;
    }
    let process = process("floods");
    // It takes one and then none: the queue between is bounded.
    let (to, _kept_full) = mpsc::channel(1);
    let listening = process.listen(since(None), to).expect("it can");
    let calls = async {
        for number in 0..100 {
            process.deliver(&post(number, "b")).await;
        }
        std::future::pending::<()>().await;
    };
    let ended = async {
        loop {
            let probes = process.probe().await;
            if probes.iter().any(|probe| probe.says.contains("events that were not acknowledged")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        trouble = listening => assert!(trouble.message.contains("not acknowledged"), "{trouble:?}"),
        () = calls => unreachable!(),
        () = ended => {}
        () = tokio::time::sleep(Duration::from_secs(20)) => panic!("nobody stopped the flood"),
    }
}

#[tokio::test]
async fn when_the_child_dies_whoever_listens_is_told() {
    if !python() {
        return;
    }
    let process = process("dies");
    let (to, _news) = mpsc::channel(4);
    let listening = process.listen(since(None), to).expect("it can");
    let killing = async {
        process.deliver(&post(1, "b")).await;
        std::future::pending::<()>().await;
    };
    let trouble = tokio::select! {
        trouble = listening => trouble,
        () = killing => unreachable!(),
        () = tokio::time::sleep(Duration::from_secs(10)) => panic!("nobody is told"),
    };
    assert_eq!(trouble.class, FailureClass::Transient);
    assert!(trouble.message.contains("exit status: 3"), "{trouble:?}");
}
