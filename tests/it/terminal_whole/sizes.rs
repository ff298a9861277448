//! Any size, and no colour.

use super::{leave, room, room_with};

#[test]
fn one_by_one_and_back() {
    let pty = room();
    pty.see("ihalf a thought", "> half a thought");
    for (columns, rows) in [(1, 1), (2, 60), (300, 1), (1, 1), (59, 16), (500, 200)] {
        pty.resize(columns, rows);
        // Keys are taken at any size, and the layers are drawn at it.
        pty.send("x");
    }
    pty.resize(120, 36);
    pty.wait_for("half a thoughtxxxxxx");
    pty.wait_for("declared: orders are wrong");
    pty.gone("\x1b", "Enter save");
    pty.see("?", "Help");
    for (columns, rows) in [(1, 1), (20, 5), (60, 16), (3, 100)] {
        pty.resize(columns, rows);
        pty.send("\x1b[B");
    }
    pty.resize(120, 36);
    // What is searched for is new on the screen: every size before it was taken by then.
    pty.see("zyxw", "zyxw");
    pty.send("\x7f\x7f\x7f\x7f");
    pty.wait_for("Help");
    pty.gone("\x1b", "Help");
    leave(&pty);
}

#[test]
fn too_small_says_what_it_needs() {
    let pty = room();
    pty.resize(60, 15);
    pty.wait_for("warroom needs 60x16, this is 60x15");
    pty.resize(60, 16);
    pty.wait_for("Timeline");
    leave(&pty);
}

/// Whether a `CSI ... m` among the bytes names a colour; 39 and 49 only take one off.
fn coloured(raw: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(raw).into_owned();
    let sequences =
        text.split("\x1b[").skip(1).filter_map(|rest| rest.split_once('m').map(|(inside, _)| inside));
    let plain =
        |inside: &&str| inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b';' || byte == b':');
    let colour = |number: &str| matches!(number.parse(), Ok(30_u16..=38 | 40..=48 | 90..=107));
    sequences.filter(plain).find(|inside| inside.split([';', ':']).any(colour)).map(str::to_owned)
}

#[test]
fn no_color_means_none_and_the_selection_is_reversed() {
    let pty = room_with(&[("NO_COLOR", "1")]);
    pty.see("k?", "Help");
    pty.gone("\x1b", "Help");
    leave(&pty);
    assert_eq!(coloured(&pty.raw()), None);
    let reversed = b"\x1b[7m";
    assert!(pty.raw().windows(reversed.len()).any(|window| window == reversed), "nothing is set off");
}

#[test]
fn the_check_for_colours_can_fail() {
    let pty = room();
    leave(&pty);
    assert!(coloured(&pty.raw()).is_some(), "with colours there are some");
}
