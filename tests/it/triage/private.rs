//! What a private incident keeps to itself: its words stand in its journal, and nowhere else.

use std::fs;
use std::path::{Path, PathBuf};

use warroom::incident::command::Declare;
use warroom::incident::event::Declared;
use warroom::incident::{Command, Span};

use crate::cli::Home;
use crate::door::{Door, start};
use crate::pty::Pty;

/// A word that stands in no name of ours.
const WORD: &str = "zebrafish";

/// Every file below `dir` whose name or text holds the word, but for those that may.
fn leaks(dir: &Path) -> Vec<PathBuf> {
    let mut leaks = Vec::new();
    for file in fs::read_dir(dir).into_iter().flatten() {
        let path = file.unwrap().path();
        let named = path.file_name().unwrap().to_string_lossy().to_lowercase().contains(WORD);
        if path.is_dir() {
            leaks.extend(self::leaks(&path));
            leaks.extend(named.then_some(path));
        } else if named || (!may(&path) && holds(&path)) {
            leaks.push(path);
        }
    }
    leaks
}

fn holds(path: &Path) -> bool {
    String::from_utf8_lossy(&fs::read(path).unwrap()).to_lowercase().contains(WORD)
}

/// The journal's own files, its checkpoint and the drafts.
fn may(path: &Path) -> bool {
    let parent = |name: &str| path.parent().is_some_and(|parent| parent.ends_with(name));
    let summaries = path.file_name().is_some_and(|name| name == "summaries.json");
    parent("journal") || parent("drafts") || (parent("cache") && !summaries)
}

fn breach() -> Home {
    let home = Home::new();
    home.run(&["declare", "--type", "data-breach", "Zebrafish payroll exposed"]).ok();
    home
}

#[test]
fn s1_5_the_words_of_a_breach_stand_in_no_path_and_no_other_file() {
    let home = breach();
    let found = home.json(&["list"]);
    assert_eq!((&found["slug"], &found["private"]), (&"private".into(), &true.into()));
    home.run(&["update", "--audience", "internal", "--body", "Security works on it.", "--next", "30m"]);
    home.run(&["note", "found in the bucket"]).ok();
    home.run(&["show"]).ok();
    home.run(&["list"]).ok();
    assert_eq!(leaks(home.path()), Vec::<PathBuf>::new());
    assert!(holds(&home.journal()), "or this test finds nothing at all");
}

#[test]
fn s1_5_the_console_keeps_the_words_of_a_breach_in_too() {
    let pty = Pty::warroom(&[], &[("USER", "alice"), ("WARROOM_NOW", "2026-11-21T14:10:00Z")], 120, 40);
    pty.see("", "declare");
    pty.see("d", "Declare an incident");
    pty.send("Zebrafish payroll exposed");
    // The third type of the policy is the breach.
    pty.see("\t\x1b[C\x1b[C\x1b[C", "its words stay out of titles");
    pty.see("\r", "took Commander");
    pty.see("i", "note");
    pty.see("found it\r", "found it");
    pty.see("\x1b", "i note");
    pty.see("q", "PRIVATE Zebrafish");
    pty.send("q");
    pty.wait_exit();
    assert_eq!(leaks(pty.home()), Vec::<PathBuf>::new());
}

#[test]
fn s1_5_anything_can_be_declared_private_and_says_so() {
    let home = Home::new();
    let declared = home.json(&["declare", "--private", "Zebrafish dismissed"]);
    assert_eq!((&declared["private"], &declared["public_title"]), (&true.into(), &"private incident".into()));
    assert_eq!(declared["slug"], "private");
    let input = br#"{"title": "Zebrafish again", "private": true}"#;
    home.run_with(&["declare", "--from-json", "-"], input).ok();
    assert_eq!(leaks(home.path()), Vec::<PathBuf>::new());
    let listed = home.run(&["list"]).ok().out;
    assert_eq!(listed.matches("(PRIVATE)").count(), 2, "{listed}");
}

#[test]
fn s1_5_the_regulators_clock_of_a_breach_runs() {
    let home = breach();
    let clocks = home.state()["incident"]["deadlines"].clone();
    let regulator = clocks.as_array().unwrap().iter().find(|clock| clock["kind"] == "regulatory");
    assert!(regulator.is_some(), "{clocks}");
}

#[test]
fn s1_5_the_header_of_a_private_room_says_so() {
    for size in [(80, 24), (120, 40)] {
        let door = Door::room(size, |log| {
            let what = Declared { title: "payroll exposed".into(), private: true, ..Declared::default() };
            log.order(
                "alice",
                Command::Declare(Declare { what, ..Declare::default() }),
                start() - Span::from_mins(3),
            );
        });
        let screen = door.screen();
        assert!(screen.lines().next().unwrap().contains("PRIVATE  payroll"), "{screen}");
    }
}
