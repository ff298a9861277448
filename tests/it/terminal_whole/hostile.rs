//! Hostile text, wherever it comes in, is text on the screen: the terminal gets no control byte that is not ours.

use std::ops::RangeInclusive;

use super::{beside, beside_ok, leave, room, room_with};
use crate::pty::Pty;

/// Sequences that would do harm, and characters that would lie about what is read.
const HOSTILE: [&str; 16] = [
    "\x1b]0;pwned\x07",
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b[2J\x1b[6n",
    "\x1b[31;4242m",
    "\x1b[?1049;4242l",
    "\x1bPq\x1b\\",
    "\x1b_Gi=1;AAAA\x1b\\",
    "\x1bc",
    "\u{9b}6n",
    "\u{9d}0;pwned\u{9c}",
    "\u{202e}gnorw\u{202c}",
    "\u{2066}a\u{2069}\u{061c}\u{200f}",
    "z\u{200b}e\u{200d}r\u{feff}o",
    "a\0b\x07c\x08d\x0be\x0cf\x7f",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{e0041}\u{e007f}\u{2028}\u{2029}\u{85}",
];

/// What the console itself writes: ours to the last byte.
const CSI_FINALS: &[u8] = b"HmJKhlcu";
/// Copying writes `52;c;` too, but nothing is copied here.
const OSC_OURS: [&str; 1] = ["11;?"];

/// The first thing among the bytes that the console does not write, with what stands around it.
fn foreign(raw: &[u8]) -> Option<String> {
    let mut at = 0;
    while at < raw.len() {
        match known(&raw[at..]) {
            Some(length) => at += length,
            None => {
                let around = &raw[at.saturating_sub(20)..(at + 20).min(raw.len())];
                return Some(format!("byte {at}: {:?}", String::from_utf8_lossy(around)));
            }
        }
    }
    None
}

/// The length of what begins here, if the console may write it.
fn known(rest: &[u8]) -> Option<usize> {
    match rest {
        [0x1b, b'[', inside @ ..] => csi(inside).map(|length| length + 2),
        [0x1b, b']', inside @ ..] => osc(inside).map(|length| length + 2),
        [0x1b, b'\\', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => printable(rest),
    }
}

fn csi(inside: &[u8]) -> Option<usize> {
    let end = inside.iter().position(|byte| (0x40..=0x7e).contains(byte))?;
    let small = |number: &[u8]| number.len() <= 4 && number != b"4242";
    let plain = |byte: &u8| matches!(byte, b'0'..=b'9' | b';' | b':' | b'?' | b'<' | b'>');
    let ours =
        inside[..end].iter().all(plain) && inside[..end].split(|byte| !byte.is_ascii_digit()).all(small);
    (ours && CSI_FINALS.contains(&inside[end])).then_some(end + 1)
}

fn osc(inside: &[u8]) -> Option<usize> {
    let ours = OSC_OURS.iter().any(|start| inside.starts_with(start.as_bytes()));
    let end = inside.iter().position(|byte| matches!(byte, 0x07 | 0x1b))?;
    ours.then_some(end + usize::from(inside[end] == 0x07))
}

fn printable(rest: &[u8]) -> Option<usize> {
    const BIDI: [RangeInclusive<char>; 4] = [
        '\u{200b}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{e0000}'..='\u{e007f}',
    ];
    let length = rest.len().min(4);
    let text = match std::str::from_utf8(&rest[..length]) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).ok()?,
    };
    let first = text.chars().next()?;
    let lies = BIDI.iter().any(|range| range.contains(&first)) || matches!(first, '\u{61c}' | '\u{feff}');
    (!first.is_control() && !lies).then(|| first.len_utf8())
}

#[test]
fn the_check_for_foreign_bytes_can_fail() {
    assert_eq!(foreign("\x1b[?2026h\x1b[1;2H\x1b[0;38;5;7mé\x1b]11;?\x1b\\\x1b[?2026l".as_bytes()), None);
    for hostile in &HOSTILE[..14] {
        assert!(foreign(hostile.as_bytes()).is_some(), "{hostile:?} goes through");
    }
}

/// The hostile strings in a row, in an order that `seed` decides, with words between them.
fn line(seed: u64) -> String {
    let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut text = format!("line{seed} ");
    for _ in 0..5 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        text += HOSTILE[(random % HOSTILE.len() as u64) as usize];
        text += ["word ", "", "\u{1b}", "[", "日本 "][(random >> 32) as usize % 5];
    }
    text.replace(['\n', '\r'], "")
}

/// Painted anew from nothing, the screen is what it was: no character was left behind or drawn over.
#[track_caller]
fn assert_painted(pty: &Pty) {
    let (before, from) = (pty.screen(), pty.raw().len());
    pty.send("\x0c");
    let cleared = pty.wait_for_bytes(b"\x1b[2J", from);
    pty.wait_for_bytes(b"\x1b[?2026l", cleared);
    let after = pty.screen();
    let changed = before.lines().zip(after.lines()).find(|(before, after)| before != after);
    assert_eq!(changed, None, "painted anew it is another screen");
}

/// The quick form of the promise: 300 strings from outside, each of them seen on the screen.
#[test]
fn hostile_notes_are_harmless_on_the_screen() {
    let pty = room_with(&[("WARROOM_NOW", "2026-11-21T14:10:00Z")]);
    let lines: Vec<String> = (1..=300).map(line).collect();
    let input = lines.join("\n") + "\nlast one\n";
    let output = beside(pty.home(), &["note", "-"], input.as_bytes());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(foreign(&output.stdout), None, "on standard output");
    assert_eq!(foreign(&output.stderr), None, "on standard error");
    pty.wait_for("last one");
    for number in (10..=300).step_by(10) {
        pty.see(&format!("/line{number} "), &format!("Timeline (1) /line{number}"));
        pty.see("\r\r", "recorded");
        pty.gone("\x1b", "recorded");
        assert_painted(&pty);
        pty.gone("\x1b", "/line");
    }
    pty.gone("z", "┌2 ");
    pty.send("g");
    for number in (10..=300).step_by(10) {
        pty.see("jjjjjjjjjj", &format!("line{} ", number - 1));
    }
    pty.see("G", "last one");
    pty.see("z", "┌2 ");
    leave(&pty);
    assert_eq!(foreign(&pty.raw()), None);
}

#[test]
fn bytes_that_are_no_text_are_shown_as_such() {
    let pty = room();
    let said = beside_ok(pty.home(), &["note", "-"], b"broken \xff\xfe\xc3\x28 \xed\xa0\x80\x9b6n utf8\n");
    assert_eq!(foreign(said.as_bytes()), None);
    pty.see("", "bob broken");
    leave(&pty);
    assert_eq!(foreign(&pty.raw()), None);
}

/// Pasted, the bytes between the brackets are text, except for the end of the paste.
#[test]
fn hostile_pastes_are_harmless() {
    let pty = room();
    pty.send("i");
    pty.wait_for("Enter save");
    for (number, hostile) in HOSTILE.iter().enumerate() {
        pty.paste(&format!("paste{number} {hostile} end{number}."));
        pty.wait_for(&format!("end{number}."));
        pty.see("\r", &format!("alice paste{number} "));
    }
    pty.send("\x1b");
    pty.wait_gone("Enter save");
    leave(&pty);
    assert_eq!(foreign(&pty.raw()), None);
    assert_eq!(foreign(beside_ok(pty.home(), &["show"], b"").as_bytes()), None);
}

#[test]
fn a_pasted_line_of_a_megabyte_is_cut_in_words() {
    let pty = room();
    pty.send("i");
    pty.wait_for("Enter save");
    pty.paste(&"0123456789abcde ".repeat(1 << 16));
    pty.wait_for("the rest was left out");
    pty.see("\r", "alice 0123456789abcde");
    pty.see("\x1b", "i writes a note");
    leave(&pty);
    assert_eq!(foreign(&pty.raw()), None);
}

#[test]
fn a_megabyte_pasted_into_the_composer_is_cut_in_words() {
    for line in ["0123456789abcde ", "\n", "日"] {
        let pty = room();
        pty.see("u", "esc back");
        pty.paste(&line.repeat((1 << 20) / line.len()));
        pty.see("", "the rest was left out");
        // It is full: what is taken out makes room.
        pty.see(&("\x7f".repeat(8) + " typed "), "typed");
        pty.gone("\x1b", "esc back");
        leave(&pty);
        assert_eq!(foreign(&pty.raw()), None);
    }
}

#[test]
fn a_megabyte_from_another_program_is_refused_in_words_and_the_next_line_saved() {
    let pty = room();
    let mut input = "x".repeat(3 << 20).into_bytes();
    input.extend_from_slice(b"\nthe next one\n");
    let output = beside(pty.home(), &["note", "-"], &input);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(complained.contains("longer than"), "{complained}");
    pty.wait_for("the next one");
    leave(&pty);
}
