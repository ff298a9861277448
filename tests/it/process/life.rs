//! A child's life: when it starts, what it sees, how it ends, and when it is started again.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::timeout;
use warroom::clients::Client;
use warroom::clients::process::Process;
use warroom::config::accounts::{ProcessSettings, ServiceKind};
use warroom::incident::Span;
use warroom::incident::event::FailureClass;

use super::{TOKEN, child, confirmed, failed, post, process, python, secrets, started, with_timeout};

/// Looks until it is so; ten seconds are a failure.
async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let look = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(10), look).await.unwrap_or_else(|_| panic!("never: {what}"));
}

#[cfg(unix)]
fn alive(pid: i32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    // A process that has ended and that nobody has reaped is still there.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let zombie = stat.rsplit_once(") ").is_some_and(|(_, after)| after.starts_with('Z'));
    !zombie && Pid::from_raw(pid).is_some_and(|pid| test_kill_process(pid).is_ok())
}

fn pids(remote: &str) -> Vec<i32> {
    remote.split(' ').map(|pid| pid.parse().expect("a number")).collect()
}

#[test]
fn nothing_is_started_before_the_first_call_not_even_a_runtime() {
    let settings = ProcessSettings { command: vec!["/nowhere/client".into()], ..ProcessSettings::default() };
    let process = Process::new("pigeon", &settings, BTreeMap::new()).expect("nothing is looked for yet");
    assert_eq!(process.name(), "pigeon");
    assert!(process.patience() > Duration::from_secs(20), "its start, its turn and its answer");
}

#[test]
fn a_program_is_a_whole_path_or_a_name_and_never_what_lies_around() {
    let made = |name: &str, command: &[&str]| {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        Process::new(name, &ProcessSettings { command, ..ProcessSettings::default() }, BTreeMap::new()).err()
    };
    for wrong in ["./client.py", "clients/client.py", "../client", "."] {
        let trouble = made("pigeon", &[wrong]).expect("refused");
        assert_eq!(trouble.class, FailureClass::Permanent);
        assert!(trouble.message.contains("whole path"), "{}", trouble.message);
    }
    assert!(made("pigeon", &["python3", "x"]).is_none());
    assert!(made("pigeon", &["~/clients/x"]).is_none());
    assert!(made("pigeon", &[]).is_none());
    assert!(made("../pigeon", &[]).is_some(), "a name is no path");
}

#[tokio::test]
async fn without_a_command_the_account_names_the_program_on_the_path() {
    let settings = ProcessSettings::default();
    let process = Process::new("never-installed", &settings, BTreeMap::new()).expect("a name");
    let (message, _) = failed(process.deliver(&post(1, "b")).await, FailureClass::Auth);
    assert!(message.contains("no program warroom-client-never-installed on PATH: install it"), "{message}");
}

#[tokio::test]
async fn one_child_serves_all_calls_and_each_account_has_its_own() {
    if !python() {
        return;
    }
    let process = process("good");
    for number in 1..=3 {
        assert_eq!(confirmed(process.deliver(&post(number, "b")).await), format!("m{number}"));
    }
    assert_eq!(confirmed(process.deliver(&post(1, "b")).await), "m1", "it remembers: it is the same child");
    assert_eq!(
        confirmed(super::process("good").deliver(&post(9, "b")).await),
        "m1",
        "another account, another child"
    );
}

#[tokio::test]
async fn calls_at_the_same_time_wait_for_their_turn_and_get_their_own_answers() {
    if !python() {
        return;
    }
    for mode in ["good", "four"] {
        let process = process(mode);
        let calls: Vec<_> = (1..=12).map(|number| post(number, "b")).collect();
        let mut got = Vec::new();
        let mut together = tokio::task::JoinSet::new();
        let process = std::sync::Arc::new(process);
        for call in calls {
            let process = process.clone();
            together.spawn(async move { confirmed(process.deliver(&call).await) });
        }
        while let Some(remote) = together.join_next().await {
            got.push(remote.expect("no panic"));
        }
        got.sort();
        got.dedup();
        assert_eq!(got.len(), 12, "{got:?}");
    }
}

#[tokio::test]
async fn the_child_sees_the_cookie_and_no_token_of_anybody() {
    if !python() {
        return;
    }
    // Cargo's own variables stand for the tokens that are in our environment.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let seen = confirmed(process("environment").deliver(&post(1, "b")).await);
    assert!(seen.contains("WARROOM_CLIENT") && seen.contains("PATH"), "{seen}");
    assert!(!seen.contains("CARGO") && !seen.contains(TOKEN), "{seen}");
    assert!(seen.ends_with("| /"), "it is not in the folder that we are in: {seen}");
}

#[tokio::test]
async fn no_secret_is_in_what_is_said_of_an_account() {
    if !python() {
        return;
    }
    let process = process("refuses");
    let (message, _) = failed(process.deliver(&post(1, "b")).await, FailureClass::Auth);
    assert!(message.contains("the token [secret] is not valid"), "{message}");
    assert!(!format!("{:?}", process.probe().await).contains(TOKEN));
}

#[tokio::test]
async fn what_can_never_work_holds_the_account_and_says_what_to_do() {
    if !python() {
        return;
    }
    for (mode, says) in [
        ("protocol", "speaks version 2 of the protocol, and warroom speaks 1: install"),
        ("paging", "service = \"chat\""),
    ] {
        let (message, _) = failed(process(mode).deliver(&post(1, "b")).await, FailureClass::Auth);
        assert!(message.contains(says), "{message}");
    }
    let paging = ProcessSettings { service: ServiceKind::Paging, ..child("paging") };
    confirmed(started(&paging).deliver(&post(1, "b")).await);
}

#[tokio::test]
async fn after_a_crash_it_is_started_again_later_each_time() {
    if !python() {
        return;
    }
    let process = process("dies");
    let mut waits = Vec::new();
    for number in 1..=3 {
        failed(process.deliver(&post(number, "b")).await, FailureClass::Transient);
        let (message, wait) = failed(process.deliver(&post(number, "b")).await, FailureClass::Transient);
        assert!(message.contains("KeyError"), "it says why it waits: {message}");
        let wait = wait.expect("how long");
        waits.push(wait.ms());
        tokio::time::sleep(Duration::from_millis(wait.ms() as u64)).await;
    }
    assert!(waits[0] <= 501 && waits[2] > 1001, "{waits:?}");
}

#[tokio::test]
async fn a_child_that_died_once_works_again() {
    if !python() {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let mut settings = child("dies-once");
    settings.command.push(dir.path().join("died").display().to_string());
    let process = started(&settings);
    failed(process.deliver(&post(1, "b")).await, FailureClass::Transient);
    let (_, wait) = failed(process.deliver(&post(1, "b")).await, FailureClass::Transient);
    tokio::time::sleep(Duration::from_millis(wait.expect("how long").ms() as u64)).await;
    assert_eq!(confirmed(process.deliver(&post(1, "b")).await), "m1");
}

#[cfg(unix)]
#[tokio::test]
async fn everything_that_it_started_ends_with_it() {
    if !python() {
        return;
    }
    let process = process("grandchild");
    let all = pids(&confirmed(process.deliver(&post(1, "b")).await));
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|pid| alive(*pid)));
    drop(process);
    eventually("all of them have ended", || all.iter().all(|pid| !alive(*pid))).await;
}

#[cfg(unix)]
#[test]
fn it_ends_with_the_runtime_too() {
    if !python() {
        return;
    }
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let process = process("grandchild");
    let first = runtime();
    let all = first.block_on(async { pids(&confirmed(process.deliver(&post(1, "b")).await)) });
    drop(first);
    let second = runtime();
    second.block_on(eventually("all of them have ended", || all.iter().all(|pid| !alive(*pid))));
    // And in another runtime there is another child, after a while.
    let (message, wait) = failed(second.block_on(process.deliver(&post(2, "b"))), FailureClass::Transient);
    assert!(message.contains("warroom has stopped it") && wait.is_some(), "{message}");
}

#[cfg(unix)]
#[tokio::test]
async fn asked_to_end_it_ends_by_itself_and_one_that_does_not_is_ended() {
    if !python() {
        return;
    }
    let process = process("grandchild");
    let all = pids(&confirmed(process.deliver(&post(1, "b")).await));
    process.shut_down().await;
    eventually("all of them have ended", || all.iter().all(|pid| !alive(*pid))).await;
    let deaf = super::process("deaf");
    confirmed(deaf.deliver(&post(1, "b")).await);
    timeout(Duration::from_secs(8), deaf.shut_down()).await.expect("not longer than two seconds and a bit");
}

#[tokio::test]
async fn a_child_that_breaks_the_protocol_is_ended_and_the_others_are_not_kept_waiting() {
    if !python() {
        return;
    }
    for mode in ["garbage", "not-utf8", "long"] {
        let (message, _) = failed(process(mode).deliver(&post(1, "b")).await, FailureClass::Transient);
        assert!(message.contains("it broke the protocol with"), "{mode}: {message}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_child_that_is_silent_at_its_start_is_given_up() {
    if !python() {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("pid");
    let mut settings = child("silent");
    settings.command.push(file.display().to_string());
    let process = started(&settings);
    let (message, wait) = failed(process.deliver(&post(1, "b")).await, FailureClass::Transient);
    assert!(message.contains("said nothing within 5 s") && wait.is_some(), "{message}");
    let pid = std::fs::read_to_string(file).expect("it was started").parse().expect("a number");
    eventually("it has ended", || !alive(pid)).await;
}

#[tokio::test]
async fn who_waits_too_long_for_a_turn_is_told_that_nothing_was_sent() {
    if !python() {
        return;
    }
    let process = started(&with_timeout(child("late"), 1000));
    process.probe().await; // it runs, so both calls are in time
    let (one, two) = (post(1, "b"), post(2, "b"));
    let (first, second) = tokio::join!(process.deliver(&one), process.deliver(&two));
    failed(first, FailureClass::Transient);
    let (message, wait) = failed(second, FailureClass::Transient);
    assert!(message.contains("busy with other calls"), "{message}");
    assert_eq!(wait, Some(Span::from_secs(1)));
}

#[tokio::test]
async fn a_call_that_its_caller_gives_up_leaves_the_child_well() {
    if !python() {
        return;
    }
    let process = process("good");
    confirmed(process.deliver(&post(1, "b")).await);
    for number in 2..20 {
        let given_up = timeout(Duration::from_micros(number * 40), process.directory()).await;
        drop(given_up);
    }
    assert_eq!(confirmed(process.deliver(&post(30, "b")).await), "m2");
}

#[tokio::test]
async fn an_account_that_cannot_be_started_is_a_probe_that_fails() {
    let settings = ProcessSettings { command: vec!["/nowhere/client".into()], ..ProcessSettings::default() };
    let process = Process::new("pigeon", &settings, secrets()).expect("settings");
    let probes = process.probe().await;
    assert!(!probes[0].works && probes[0].says.contains("put the command right"), "{probes:?}");
    // Whoever puts the program there need not wait for long.
    let (_, wait) = failed(process.deliver(&post(1, "b")).await, FailureClass::Auth);
    assert!(wait.is_some_and(|wait| wait <= Span::from_secs(2)), "{wait:?}");
}
