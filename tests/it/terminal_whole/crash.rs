//! kill -9 in the middle of typing: entries are all there, and so is what was half typed.

use super::{again, assert_verifies, beside_ok, kill, leave, room, texts, wait_until};

#[test]
fn half_typed_text_survives_kill_9() {
    let pty = room();
    pty.send("isaved before\r");
    pty.wait_for("alice    saved before");
    pty.send("ihalf a note");
    pty.wait_for("half a note");
    pty.send("\x1b");
    pty.wait_gone("Enter save");
    pty.send("u");
    pty.wait_for("esc back");
    pty.send("half an update ");
    pty.wait_for("half an update");
    let drafts = pty.home().join("state/drafts");
    wait_until("both texts on disk", || {
        let kept = texts(&drafts);
        kept.contains("half a note") && kept.contains("half an update")
    });
    kill(&pty);

    let back = again(&pty);
    back.wait_for("half a note");
    back.wait_for("half an update");
    back.wait_for("saved before");
    assert_verifies(pty.home());
    back.send("i and the rest\r");
    back.wait_for("half a note and the rest");
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
