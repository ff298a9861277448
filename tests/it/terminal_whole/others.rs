//! Other processes at work on the same incident.

use std::fmt::Write;

use super::{again, assert_verifies, beside_ok, leave, room};

#[test]
fn a_note_from_another_process_appears_at_once() {
    let pty = room();
    beside_ok(pty.home(), &["note", "!decision stop the loader"], b"");
    pty.see("", "bob ! stop the loader");
    leave(&pty);
}

#[test]
fn two_consoles_show_each_others_entries() {
    let first = room();
    let second = again(&first);
    first.see("ifrom the first\r", "alice from the first");
    second.see("", "alice from the first");
    second.see("ifrom the second\r", "alice from the second");
    first.see("", "alice from the second");
    for pty in [&first, &second] {
        pty.see("\x1b", "i writes a note");
        leave(pty);
    }
    assert_verifies(first.home());
}

/// Orders of the console and of another process cross: both are saved, none is decided on an old state.
#[test]
fn the_console_and_the_command_line_take_turns() {
    let pty = room();
    for number in 0..5 {
        beside_ok(pty.home(), &["note", &format!("theirs {number}")], b"");
        pty.see(&format!("iours {number}\r"), &format!("alice ours {number}"));
        pty.gone("\x1b", "Enter save");
    }
    for number in 0..5 {
        pty.see("", &format!("bob theirs {number}"));
    }
    assert_verifies(pty.home());
    leave(&pty);
}

#[test]
fn five_hundred_lines_pile_in_and_the_typed_text_stays() {
    let pty = room();
    let lines = (0..500).fold(String::new(), |mut lines, number| {
        writeln!(lines, "pile {number}.").unwrap();
        lines
    });
    let typed: String = (0..100).map(|number| format!("k{number} ")).collect();
    let home = pty.home().to_owned();
    let pile = std::thread::spawn(move || beside_ok(&home, &["note", "-"], lines.as_bytes()));
    pty.send("i");
    for piece in typed.as_bytes().chunks(7) {
        pty.send(std::str::from_utf8(piece).unwrap());
    }
    pty.wait_for("k99");
    pile.join().unwrap();
    pty.see("", "bob pile 499.");
    pty.see("\r", "Timeline (503)");
    pty.gone("\x1b", "Enter save");
    pty.see("/k98 k99", "Timeline (1)");
    pty.gone("\x1b", "/k98");
    let shown = beside_ok(pty.home(), &["show"], b"");
    assert!(shown.contains(typed.trim()), "typed text was changed:\n{shown}");
    assert_verifies(pty.home());
    leave(&pty);
}
