//! Every way out gives the terminal back as it was.

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use super::{again, declare, leave, room, room_with};
use crate::pty::{Pty, last_setting};

#[test]
fn q_leaves() {
    leave(&room());
}

#[test]
fn ctrl_c_twice_leaves_from_anywhere_and_keeps_the_text() {
    let pty = room();
    pty.see("ihalf a thought", "> half a thought");
    pty.see("\x03", "Ctrl-C again leaves");
    pty.send("\x03");
    assert_eq!(pty.wait_exit().exit_code(), 0);
    pty.assert_restored();
    again(&pty).wait_for("half a thought");
}

/// Asked to end with a text half typed: nothing is asked, the text is kept.
#[track_caller]
fn ends_by(signal: Signal, code: u32) {
    let pty = room();
    pty.see("ihalf a thought", "> half a thought");
    pty.kill(signal);
    assert_eq!(pty.wait_exit().exit_code(), code);
    pty.assert_restored();
    again(&pty).wait_for("half a thought");
}

#[test]
fn sigterm_leaves() {
    ends_by(Signal::TERM, 143);
}

#[test]
fn sighup_leaves() {
    ends_by(Signal::HUP, 129);
}

#[test]
fn sigint_leaves() {
    ends_by(Signal::INT, 130);
}

#[test]
fn a_second_signal_does_no_harm() {
    let pty = room();
    pty.kill(Signal::TERM);
    // The first may have done it already.
    let _ = rustix::process::kill_process(pty.pid(), Signal::TERM);
    assert_eq!(pty.wait_exit().exit_code(), 143);
    pty.assert_restored();
}

/// A shell with job control that has the console in the foreground.
fn shell() -> Pty {
    let mut command = CommandBuilder::new("sh");
    command.arg("-i");
    let pty = Pty::with_environment(command, &[("PS1", "PROMPT> "), ("PS2", "")], 120, 36);
    pty.wait_for("PROMPT>");
    pty.send(&format!("'{}'\r", env!("CARGO_BIN_EXE_warroom")));
    declare(&pty);
    pty
}

#[test]
fn ctrl_z_and_fg() {
    let pty = shell();
    pty.see("inot yet", "> not yet");
    pty.gone("\x1b", "Enter save");
    pty.send("\x1a");
    let stopped = pty.wait_for("Stopped");
    assert!(
        stopped.contains("PROMPT>") && !stopped.contains("Timeline"),
        "the shell's screen is back:\n{stopped}"
    );
    assert!(pty.with_screen(|screen| !screen.alternate_screen() && !screen.hide_cursor()));
    assert_eq!(last_setting(&pty.raw(), 1000), Some(false), "the mouse is the shell's again");
    pty.send("echo at the sh''ell\r");
    pty.wait_for("at the shell");
    pty.see("fg\r", "declared: orders are wrong");
    pty.see("i now\r", "alice not yet now");
    pty.send("\x03\x03");
    pty.wait_until("the shell", |screen| screen.trim_end().ends_with("PROMPT>"));
    pty.send("exit\r");
    pty.wait_exit();
    pty.assert_restored();
}

#[test]
fn the_editor_has_the_terminal_and_gives_it_back() {
    let script = "#!/bin/sh\n[ -t 0 ] && [ -t 1 ] && echo 'from the editor' >> \"$1\"\n";
    let folder = tempfile::tempdir().unwrap();
    let editor = folder.path().join("editor");
    std::fs::write(&editor, script).unwrap();
    let editor = format!("sh '{}'", editor.display());
    let pty = room_with(&[("EDITOR", &editor)]);
    pty.see("4E", "A draft of");
    assert!(pty.with_screen(|screen| screen.alternate_screen()), "the console has the screen again");
    pty.see("\x13", "Send this update?");
    pty.see("G", "from the editor");
    pty.gone("\x1b", "Send this update?");
    pty.see("istill typing", "> still typing");
    pty.gone("\x1b", "Enter save");
    leave(&pty);
}

#[test]
fn an_editor_that_is_missing_or_fails_leaves_the_text() {
    let pty = room_with(&[("EDITOR", "false")]);
    pty.see("u", "esc back");
    pty.see("precious ", "precious");
    pty.gone("\x1b", "esc back");
    pty.see("E", "ended with an error");
    pty.see("u", "precious");
    pty.gone("\x1b", "esc back");
    leave(&pty);
}

#[test]
fn an_editor_that_dies_in_raw_mode_leaves_a_whole_terminal() {
    let pty =
        room_with(&[("EDITOR", "stty raw -echo; printf '\\033[?1049h\\033[?25l\\033[?1000h'; kill -9 $$ #")]);
    pty.see("4E", "ended with an error");
    pty.see("1istill typing", "> still typing");
    pty.gone("\x1b", "Enter save");
    leave(&pty);
}

#[test]
fn not_a_terminal_is_said_and_ends() {
    for arguments in [&[][..], &["replay", "gitlab-2017-01-31"]] {
        let home = tempfile::tempdir().unwrap();
        let output = super::beside(home.path(), arguments, b"");
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{:?}", output.status);
        assert!(complained.contains("not a terminal"), "{complained}");
        assert!(output.stdout.is_empty(), "nothing is written to a pipe: {:?}", output.stdout);
    }
}

#[test]
fn a_dumb_terminal_is_said_and_ends() {
    let pty = Pty::warroom(&[], &[("TERM", "dumb")], 80, 24);
    assert!(matches!(pty.wait_exit().exit_code(), 1 | 2), "{}", pty.screen());
    assert!(!pty.raw().contains(&0x1b), "a dumb terminal was sent sequences: {}", pty.screen());
    pty.wait_for("TERM");
    pty.assert_restored();
}
