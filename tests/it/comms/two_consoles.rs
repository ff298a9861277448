//! The command passed from one console to another, with the real program on two terminals (MISSION row B6).

use crate::pty::Pty;

const SIZE: (u16, u16) = (120, 40);

/// alice's console in the room of a new incident; whoever declares commands.
fn alice() -> Pty {
    let pty = Pty::warroom(&["--as", "alice"], &[], SIZE.0, SIZE.1);
    pty.wait_for("No incidents yet");
    pty.see("d", "Declare an incident");
    pty.see("orders are wrong\r", "declared: orders are wrong");
    pty
}

fn bob(first: &Pty) -> Pty {
    let home = first.home().to_str().unwrap();
    let pty = Pty::warroom(
        &["open", "--as", "bob"],
        &[("WARROOM_HOME", home), ("WARROOM_INCIDENT", "INC-0001")],
        SIZE.0,
        SIZE.1,
    );
    pty.wait_for("declared: orders are wrong");
    pty
}

#[test]
fn b6_the_command_goes_from_one_console_to_the_other_when_it_is_accepted() {
    let alice = alice();
    alice.see("3", "Roles");
    alice.see("H", "Hand over Commander");
    alice.see("bob\r", "What bob has to know");
    alice.see("\r", "WAITING");
    let bob = bob(&alice);
    bob.see("", "Commander offered to you");
    bob.see("3v", "alice holds it until bob accepts");
    bob.see("\r", "Six duties");
    bob.see("orders are wrong, nobody works on it\r", "bob accepted Commander from alice");
    let seen = alice.see("", "bob accepted Commander from alice");
    assert!(seen.contains("Commander bob"), "{seen}");
    assert!(!seen.contains("WAITING"), "nothing waits any more:\n{seen}");
}
