//! kill -9 in the middle of typing: entries are all there, and so is what was half typed.

use super::{again, assert_verifies, beside_ok, drafts, kill, leave, room, wait_until};

#[test]
fn half_typed_text_survives_kill_9() {
    let pty = room();
    pty.see("isaved before\r", "alice saved before");
    pty.see("half a note", "> half a note");
    pty.gone("\x1b", "Enter save");
    pty.see("u", "esc back");
    pty.see("half an update ", "half an update");
    wait_until("both texts on disk", || {
        let kept = drafts(pty.home());
        kept.contains("half a note") && kept.contains("half an update")
    });
    kill(&pty);

    let back = again(&pty);
    back.wait_for("half a note");
    back.wait_for("saved before");
    back.wait_for("A draft of");
    back.see("u", "half an update");
    back.gone("\x1b", "esc back");
    assert_verifies(pty.home());
    back.see("i and the rest\r", "alice half a note and the rest");
    back.gone("\x1b", "Enter save");
    leave(&back);
    assert!(beside_ok(pty.home(), &["show"], b"").contains("half a note and the rest"));
}

/// Acknowledged means kept: what the timeline has shown as saved is there after a kill at any moment.
#[test]
fn every_entry_that_was_shown_survives_kill_9() {
    let pty = room();
    pty.send("i");
    for number in 0..20 {
        pty.send(&format!("entry number {number}.\r"));
    }
    pty.wait_for("entry number 19.");
    kill(&pty);
    assert_verifies(pty.home());
    let kept = beside_ok(pty.home(), &["show"], b"");
    for number in 0..20 {
        assert!(kept.contains(&format!("entry number {number}.")), "entry {number} is lost:\n{kept}");
    }
}

#[test]
fn a_declaration_survives_kill_9() {
    let pty = room();
    kill(&pty);
    assert_verifies(pty.home());
    leave(&again(&pty));
}
