//! No key is lost, and a paste is never taken for keys.

use super::{beside_ok, leave, room};
use crate::pty::Pty;

#[test]
fn a_burst_of_500_keys_arrives_complete() {
    let pty = room();
    pty.send("i");
    let burst: String = (0..100).map(|number| format!("{number:03}, ")).collect();
    assert_eq!(burst.len(), 500);
    pty.send(&burst);
    pty.wait_for("099,");
    pty.send("\r");
    pty.wait_for("000, 001, 002");
    assert!(beside_ok(pty.home(), &["show"], b"").contains(burst.trim()), "keys were lost");
    pty.send("\x1b");
    pty.wait_gone("Enter save");
    leave(&pty);
}

#[test]
fn keys_typed_before_the_first_frame_are_not_lost() {
    let pty = Pty::warroom(&[], &[], 120, 36);
    pty.see("dtyped ahead", "Title typed ahead");
    pty.see("\r", "declared: typed ahead");
    leave(&pty);
}

#[test]
fn a_paste_outside_a_field_is_refused_with_a_word() {
    let pty = Pty::warroom(&[], &[], 120, 36);
    pty.wait_for("No incidents yet");
    pty.paste("qqq");
    pty.wait_for("pasted outside a field, nothing was done");
    super::declare(&pty);
    // Every letter of it would do something.
    pty.paste("diuqxzs");
    pty.wait_for("pasted outside a field, nothing was done");
    leave(&pty);
}

#[test]
fn a_line_pasted_into_the_scribe_line_waits_for_enter() {
    let pty = room();
    pty.send("i");
    pty.wait_for("Enter save");
    pty.paste("copied from a log\r");
    pty.wait_for("> copied from a log");
    assert!(pty.screen_contains("Timeline (2)"), "saved by the paste:\n{}", pty.screen());
    pty.see("\r", "alice copied from a log");
    pty.send("\x1b");
    pty.wait_gone("Enter save");
    leave(&pty);
}

#[test]
fn a_sequence_torn_apart_is_still_one_key() {
    let pty = room();
    pty.send("iab");
    pty.wait_for("> ab");
    pty.send("\x1b[");
    pty.send("D");
    pty.send("X");
    pty.wait_for("> aXb");
}
