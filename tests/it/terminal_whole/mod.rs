//! What only a real terminal and real files can show: it is whole after every way of leaving, no key and no text is lost,
//! hostile text stays text, and trouble with the disk is said in words and gets over.
//!
//! Each file proves one of these; this one holds what they share.

mod crash;
mod disk;
mod hostile;
mod leaving;
mod others;
mod sizes;
mod typing;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::pty::{DEADLINE, Pty};

const SIZE: (u16, u16) = (120, 36);

/// The console in the room of a new incident.
fn room() -> Pty {
    room_with(&[])
}

fn room_with(environment: &[(&str, &str)]) -> Pty {
    let pty = Pty::warroom(&[], environment, SIZE.0, SIZE.1);
    declare(&pty);
    pty
}

fn declare(pty: &Pty) {
    pty.wait_for("No incidents yet");
    pty.send("d");
    pty.wait_for("Declare an incident");
    pty.send("orders are wrong\r");
    pty.wait_for("declared: orders are wrong");
}

/// Another console, in the home of a first one that may be gone.
fn again(first: &Pty) -> Pty {
    let home = first.home().to_str().unwrap();
    let pty =
        Pty::warroom(&["open"], &[("WARROOM_HOME", home), ("WARROOM_INCIDENT", "INC-0001")], SIZE.0, SIZE.1);
    pty.wait_for("declared: orders are wrong");
    pty
}

/// Runs `warroom` beside the console, in its home, with `input` on its standard input.
fn beside(home: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_warroom"))
        .args(arguments)
        .env_clear()
        .envs([("WARROOM_HOME", home.as_os_str()), ("USER", "bob".as_ref()), ("TZ", "UTC".as_ref())])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("warroom starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    // One that ends early does not read all of it.
    let feed = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("warroom ends");
    feed.join().unwrap();
    output
}

#[track_caller]
fn beside_ok(home: &Path, arguments: &[&str], input: &[u8]) -> String {
    let output = beside(home, arguments, input);
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {:?}\n{said}{complained}", output.status);
    said.into_owned()
}

#[track_caller]
fn assert_verifies(home: &Path) {
    assert!(beside_ok(home, &["verify"], b"").starts_with("whole"), "the journal is not whole");
}

/// The one incident's folder.
fn incident(home: &Path) -> PathBuf {
    let mut folders = fs::read_dir(home.join("data/incidents")).expect("an incident");
    folders.next().expect("an incident").unwrap().path()
}

/// Polls until `holds`: for files, which wake nobody.
#[track_caller]
fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < until, "no {what} within {DEADLINE:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// What the drafts of a home say: those in place, not one that is still being written.
fn drafts(home: &Path) -> String {
    let files =
        fs::read_dir(home.join("state/drafts")).into_iter().flatten().flatten().map(|file| file.path());
    let whole = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    whole.map(|path| fs::read_to_string(path).unwrap_or_default()).collect()
}

/// Ends the program with SIGKILL and waits for that.
fn kill(pty: &Pty) {
    pty.kill(rustix::process::Signal::KILL);
    pty.wait_exit();
}

/// `q` to home, and out.
#[track_caller]
fn leave(pty: &Pty) {
    pty.send("q");
    let asked = pty.wait_until("home, or whether to leave", |screen| {
        screen.contains("Past incidents to replay") || screen.contains("Leave?")
    });
    if asked.contains("Leave?") {
        assert!(asked.contains("an update is written and not sent"), "{asked}");
        pty.send("l");
        pty.wait_for("Past incidents to replay");
    }
    pty.send("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
    pty.assert_restored();
}
