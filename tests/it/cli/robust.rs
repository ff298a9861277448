//! Hostile input, damage, disks that refuse, readers that go away.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use super::{Home, each_line, files};

#[test]
fn hostile_lines_from_standard_input_become_harmless_notes() {
    let home = Home::declared();
    let input =
        b"plain\n\xff\xfe bad bytes\n\n\x1b[2J\x1b]0;owned\x07title\n\xe2\x80\xaereversed\nlast, no newline";
    let answer = home.run_with(&["note"], input).ok();
    assert!(!answer.out.contains('\u{1b}') && !answer.out.contains('\u{202e}'), "{:?}", answer.out);
    let texts = home.texts();
    assert_eq!(
        texts[texts.len() - 5..],
        ["plain", "\u{fffd}\u{fffd} bad bytes", "title", "reversed", "last, no newline"]
    );
}

#[test]
fn lines_that_are_too_long_are_refused_and_the_others_kept() {
    let home = Home::declared();
    let mut input = b"before\n".to_vec();
    input.extend(vec![b'x'; 3 << 20]);
    input.extend(b"\n");
    input.extend(vec![b'y'; 100 << 10]);
    input.extend(b"\nafter\n");
    let answer = home.run_with(&["note", "-"], &input);
    answer.refused(1, &["line 2 is longer", "the text has 100 KiB", "your text, which is saved nowhere"]);
    let texts = home.texts();
    assert_eq!(texts[texts.len() - 2..], ["before", "after"]);
}

#[test]
fn s2_7_damage_is_located_warned_of_and_does_not_stop_the_work() {
    let home = Home::declared();
    home.run(&["note", "before"]).ok();
    let file = home.journal();
    let mut bytes = fs::read(&file).unwrap();
    let place = bytes.windows(6).rposition(|window| window == b"before").unwrap();
    bytes[place] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let verdict = home.run(&["verify", "--json"]);
    assert_eq!(verdict.code, 3);
    let damage = each_line(&verdict.out)[0]["damage"][0].clone();
    let line = bytes[..place].iter().filter(|byte| **byte == b'\n').count() + 1;
    assert_eq!((&damage["line"], &damage["part"]), (&json!(line), &json!("body")));
    let after = home.run(&["note", "after"]).ok();
    assert!(after.err.contains("warning: the journal of INC-0001 orders-lost is damaged"), "{}", after.err);
    assert_eq!(home.texts().last().unwrap(), "after");
}

#[test]
fn s2_7_the_shipped_past_incidents_verify() {
    let home = Home::new();
    let verdicts = each_line(&home.run(&["verify", "--shipped", "--json"]).ok().out);
    assert!(verdicts.len() >= 4 && verdicts.iter().all(|verdict| verdict["whole"] == true), "{verdicts:?}");
    let names = home.run(&["replay", "--list"]).ok().out;
    assert_eq!(names.lines().count(), verdicts.len());
    home.run(&["export", "gitlab-2017-01-31"]).ok();
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_said_in_words_and_the_text_comes_back() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::declared();
    let folder = home.journal().parent().unwrap().to_owned();
    let mode = |mode| {
        for path in files(&folder).iter().chain([&folder]) {
            fs::set_permissions(
                path,
                fs::Permissions::from_mode(if path.is_dir() { mode | 0o111 } else { mode }),
            )
            .unwrap();
        }
    };
    mode(0o444);
    if fs::write(folder.join("probe"), "").is_ok() {
        // The superuser writes everywhere: a folder that is gone must do.
        let _ = fs::remove_file(folder.join("probe"));
        mode(0o644);
        return a_vanished_folder_is_said_in_words(&home);
    }
    let answer = home.run(&["note", "the only copy of this sentence"]);
    mode(0o644);
    answer.refused(1, &["not saved", "permission was denied", "hint: ", "the only copy of this sentence"]);
}

fn a_vanished_folder_is_said_in_words(home: &Home) {
    fs::remove_dir_all(home.path().join("data")).unwrap();
    fs::write(home.path().join("data"), "a file in its place").unwrap();
    let answer = home.run(&["declare", "the only copy of this sentence"]);
    answer.refused(1, &["hint: ", "the only copy of this sentence"]);
    assert_eq!(home.run(&["doctor"]).code, 1);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let home = Home::declared();
    let input: String = (0..300).map(|number| format!("note {number}\n")).collect();
    let mut child = home
        .command(&["note"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stderr, b"");
    assert_eq!(home.texts().iter().filter(|text| text.starts_with("note ")).count(), 300, "saved is saved");
    for args in [&["show"][..], &["export"], &["completions", "bash"], &["man"]] {
        let mut child = home.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{args:?}: {output:?}");
    }
}
