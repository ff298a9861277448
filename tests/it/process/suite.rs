//! The suite that examines clients: the shipped ones pass, and it catches each that breaks a promise.

use std::time::Duration;

use tokio::sync::Mutex;
use warroom::clients::conformance::{CheckOptions, Repeat, Trial, World, check, check_command};
use warroom::clients::{Call, Client, Later, Probe, Trouble};
use warroom::incident::event::{ChatDeed, Deed};
use warroom::outbox::Outcome;
use warroom::outbox::news::{Batch, Pull};

use super::{broken, check_options, child_command, here, now, python, shown};

async fn passes(command: &[String]) {
    if !python() {
        return;
    }
    let found = check_command(command, &check_options()).await;
    assert!(broken(&found).is_empty(), "{}", shown(&found));
    for promise in [
        "hello",
        "configure",
        "deliver chat.post",
        "chat.post with the same op_id",
        "unknown call",
        "unknown deed",
        "garbage line",
        "long line",
        "shutdown",
        "end of input",
        "run by hand",
        "secrets",
        "killed and started again",
        "warroom: deliver chat.post",
    ] {
        assert!(
            found.iter().any(|probe| probe.what == promise),
            "nobody asked for {promise}:\n{}",
            shown(&found)
        );
    }
}

#[tokio::test]
async fn the_shipped_webhook_client_passes() {
    passes(&[here("sample-data/clients/webhook.py")]).await;
}

#[tokio::test]
async fn the_shipped_matrix_client_passes() {
    passes(&[here("sample-data/clients/matrix.py")]).await;
}

#[tokio::test]
async fn a_child_that_was_written_from_the_protocol_alone_passes() {
    passes(&child_command("good")).await;
}

/// Runs the suite on a child that breaks one promise and returns what fails.
async fn caught(mode: &str, within_ms: u64) -> Vec<Probe> {
    let options = CheckOptions { within: Duration::from_millis(within_ms), ..check_options() };
    let found = check_command(&child_command(mode), &options).await;
    found.into_iter().filter(|probe| !probe.works).collect()
}

#[track_caller]
fn catches(found: &[Probe], what: &str, says: &str) {
    let hit = found.iter().find(|probe| probe.what == what);
    let probe = hit.unwrap_or_else(|| panic!("{what} does not fail:\n{}", shown(found)));
    assert!(probe.says.contains(says), "{what} says: {}", probe.says);
    assert!(!probe.hint.is_empty(), "{what} says nothing of what to do");
}

macro_rules! caught {
    ($($test:ident: $mode:literal => $($what:literal, $says:literal),*;)*) => {$(
        #[tokio::test]
        async fn $test() {
            if python() {
                let found = caught($mode, 2000).await;
                $(catches(&found, $what, $says);)*
            }
        }
    )*};
}

caught! {
    another_version_of_the_protocol_is_caught: "protocol" => "hello", "version 2";
    a_misspelt_deed_is_caught: "misspelt" => "capabilities", "chat.psot";
    a_refusal_in_the_dry_world_is_caught: "refuses" => "configure", "refuses";
    a_forgotten_op_id_is_caught: "forgets" => "chat.post with the same op_id", "first m";
    a_lookup_that_finds_nothing_is_caught: "blind" => "find chat.open", "does not find";
    a_lookup_that_guesses_is_caught: "guesses" => "find chat.open that was never sent", "found";
    garbage_on_the_output_is_caught: "garbage" => "deliver chat.post", "is none";
    bytes_that_are_no_utf8_are_caught: "not-utf8" => "deliver chat.post", "UTF-8";
    a_line_that_is_too_long_is_caught: "long" => "deliver chat.post", "longer than";
    a_death_over_a_call_is_caught_with_its_last_words: "dies" => "deliver chat.post", "KeyError: 'the reason, [secret]'";
    a_secret_on_the_output_is_caught: "leaks" => "secrets", "its output";
    a_secret_among_the_errors_is_caught: "leaks-errors" => "secrets", "its errors";
    a_child_that_does_not_name_its_channel_is_caught: "unnamed" => "deliver chat.open", "no remote";
    a_child_that_dies_of_garbage_is_caught: "fragile" => "garbage line", "ended";
    a_child_that_does_what_it_does_not_know_is_caught: "unknown-ok" => "unknown call", "does not answer err";
    a_child_that_does_any_deed_is_caught: "does-anything" => "unknown deed", "does not answer err";
    a_child_that_dies_of_a_later_version_is_caught: "strict" => "unknown fields and words", "a field that I do not know";
    a_child_that_cuts_long_lines_is_caught: "short" => "long line", "no answer";
    a_child_that_tells_nothing_is_caught: "mute" => "listen", "no answer to listen";
    news_that_are_told_again_are_caught: "retells" => "acknowledged events", "told again", "pull and cursor", "told again";
    a_child_that_does_not_end_is_caught: "deaf" => "shutdown", "still there", "end of input", "still there";
    a_child_that_waits_for_whoever_starts_it_is_caught: "speaks-to-anybody" => "run by hand", "still there";
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_secret_in_the_arguments_of_a_grandchild_is_caught() {
    if python() {
        catches(&caught("leaks-arguments", 5000).await, "secrets", "arguments");
    }
}

#[tokio::test]
async fn what_a_killed_child_leaves_in_the_way_of_the_next_is_caught() {
    if !python() {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let mut command = child_command("locks");
    command.push(dir.path().join("lock").display().to_string());
    let found = check_command(&command, &check_options()).await;
    catches(
        &broken(&found).into_iter().cloned().collect::<Vec<_>>(),
        "killed and started again",
        "FileExistsError",
    );
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_caught() {
    if python() {
        catches(&caught("late", 700).await, "deliver chat.post", "no answer to deliver within 0.7 s");
    }
}

#[tokio::test]
async fn a_command_that_is_none_is_a_clear_finding() {
    for (command, says) in [
        (vec![], "no command"),
        (vec!["./client.py".to_owned()], "whole path"),
        (vec!["/nowhere/client".to_owned()], "no program /nowhere/client"),
    ] {
        let found = check_command(&command, &check_options()).await;
        assert_eq!(found.len(), 1);
        catches(&found, "command", says);
    }
}

/// A client inside the process that breaks one promise.
#[derive(Default)]
struct Fake {
    posts: Mutex<Vec<String>>,
    forgets: bool,
    guesses: bool,
    hasty: bool,
    hangs: bool,
}

impl Client for Fake {
    fn name(&self) -> &str {
        "fake"
    }

    fn deliver<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async move {
            if call.place().is_none() && !self.hasty {
                return warroom::clients::needs(warroom::incident::event::Slot::Channel);
            }
            let mut posts = self.posts.lock().await;
            if self.forgets || !posts.contains(&call.op()) {
                posts.push(call.op());
            }
            let at = posts.iter().rposition(|op| *op == call.op()).unwrap_or_default();
            Outcome::confirmed(format!("m{at}"))
        })
    }

    fn find<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async move {
            let posts = self.posts.lock().await;
            match posts.iter().rposition(|op| *op == call.op()) {
                Some(at) => Outcome::confirmed(format!("m{at}")),
                None if self.guesses => Outcome::confirmed("m0"),
                None => Outcome::NotThere,
            }
        })
    }

    fn pull<'a>(&'a self, _pull: &'a Pull) -> Later<'a, Result<Batch, Trouble>> {
        Box::pin(async move {
            if self.hangs {
                std::future::pending::<()>().await;
            }
            Ok(Batch::default())
        })
    }

    fn probe<'a>(&'a self) -> Later<'a, Vec<Probe>> {
        Box::pin(async { vec![Probe::ok("token", "it works")] })
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(50)
    }
}

async fn fails(fake: Fake) -> Vec<String> {
    let trial = Trial::new(Deed::Chat(ChatDeed::Post { to: None, thread: None }), Repeat::Native);
    let found = check(&fake, &World::dry(now(), super::FIRST, vec![trial])).await;
    assert!(found.len() >= 6, "{}", shown(&found));
    broken(&found).into_iter().map(|probe| probe.what.clone()).collect()
}

#[tokio::test]
async fn the_suite_over_the_trait_passes_who_keeps_its_promises_and_catches_who_does_not() {
    assert_eq!(fails(Fake::default()).await, [""; 0]);
    assert_eq!(
        fails(Fake { forgets: true, ..Fake::default() }).await,
        ["deliver chat.post twice", "find chat.post"]
    );
    assert_eq!(
        fails(Fake { guesses: true, ..Fake::default() }).await,
        ["find chat.post that was never sent"]
    );
    assert_eq!(fails(Fake { hasty: true, ..Fake::default() }).await, ["deliver chat.post without its place"]);
    assert_eq!(fails(Fake { hangs: true, ..Fake::default() }).await, ["pull"]);
}
