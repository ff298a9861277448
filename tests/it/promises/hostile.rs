//! Hostile text: whatever is typed, pasted or piped in, the terminal receives no control byte that we did not write.
//!
//! Strings are put together from known troubles and from any characters at all. Every escape sequence among them carries a
//! number that the console never writes, so that one which comes through is told from one of ours.

use std::collections::BTreeSet;
use std::fmt::Write;

use portable_pty::CommandBuilder;
use warroom::incident::clean::{clean_line, clean_text, from_bytes};

use super::world::{BINARY, House, INCIDENT, said};
use super::{Promise, side_by_side};
use crate::journal::Dice;
use crate::pty::Pty;

/// The number that only hostile sequences carry.
const POISON: &str = "6661";
const PIECES: [&str; 48] = [
    "a",
    "Z",
    " ",
    "  ",
    "[",
    "]",
    "31m",
    "\\",
    "\n",
    "\r",
    "\t",
    "\0",
    "\x07",
    "\x08",
    "\x7f",
    "\x0e",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\x1bP",
    "\x1b[6661m",
    "\x1b[6661;1H",
    "\x1b[?6661h",
    "\x1b]6661;evil\x07",
    "\x1b]6661;evil\x1b\\",
    "\x1bP6661q\x1b\\",
    "\x1b_6661\x1b\\",
    "\x1b[6661J",
    "\u{9b}6661m",
    "\u{9b}",
    "\u{9c}",
    "\u{9d}",
    "\u{9d}6661;\u{9c}",
    "\u{85}",
    "\u{202e}",
    "\u{2066}",
    "\u{200d}",
    "\u{200c}",
    "\u{301}",
    "é",
    "👩",
    "\u{fe0f}",
    "\u{2028}",
    "\u{e0041}",
    "\u{feff}",
    "\u{a0}",
    "م",
    "数",
];

/// What may never be kept, but for a line break in a text of several lines.
pub fn banned(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}'
            | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{e0000}'..='\u{e007f}')
}

fn hostile(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..1 + dice.roll(16) {
        match dice.roll(8) {
            0 => text.extend(char::from_u32(dice.roll(0x11_0000) as u32)),
            1 => text.extend(char::from_u32(dice.roll(0x300) as u32)),
            _ => text.push_str(PIECES[dice.roll(PIECES.len() as u64) as usize]),
        }
    }
    text
}

/// Makes text safe: the line first, then the text of several lines.
pub type Cleaner = (fn(&str) -> String, fn(&str) -> String);
pub const CLEANER: Cleaner = (|text| clean_line(text).into_owned(), |text| clean_text(text).into_owned());

pub fn through_the_cleaner(seed: u64, count: u64, cleaner: &Cleaner) -> Promise {
    side_by_side(|worker, workers| {
        let mut dice = Dice::new(Dice::seed_of(seed, worker));
        (0..count.div_ceil(workers)).try_for_each(|_| check(&hostile(&mut dice), cleaner))
    })?;
    Ok(format!("{count} hostile strings through the cleaner, nothing banned came out, twice is as once"))
}

fn check(dirty: &str, (line, text): &Cleaner) -> Result<(), String> {
    let (clean, lines) = (line(dirty), text(dirty));
    if clean.chars().any(banned) || lines.chars().any(|c| c != '\n' && banned(c)) {
        return Err(format!("{dirty:?} came out as {clean:?} and {lines:?}"));
    }
    if line(&clean) != clean || text(&lines) != lines {
        return Err(format!("{dirty:?} is not clean at once: {clean:?}, {lines:?}"));
    }
    // The same string with its bytes out of step, as a program may print it.
    let broken = dirty.as_bytes().get(1..).map(from_bytes).unwrap_or_default();
    if broken.chars().any(|c| c != '\n' && banned(c)) {
        return Err(format!("the bytes of {dirty:?} came out as {broken:?}"));
    }
    Ok(())
}

/// Lines of one console, which is paged through.
const BATCH: u64 = 500;
const SIZE: (u16, u16) = (120, 50);

/// Hostile lines through `warroom note -`, then looked at in the console; each must have been on the screen.
pub fn through_a_terminal(seed: u64, count: u64) -> Promise {
    let mut bytes = 0;
    for batch in 0..count.div_ceil(BATCH) {
        let dice = Dice::seed_of(seed, batch);
        let lines = BATCH.min(count - batch * BATCH);
        let raw = one_console(&mut Dice::new(dice), lines);
        let raw = raw.map_err(|why| format!("dice {dice:#x}: {why}"))?;
        scan(&raw).map_err(|why| format!("dice {dice:#x}: {why}"))?;
        bytes += raw.len();
    }
    Ok(format!("{count} hostile lines on a real terminal, {bytes} bytes received, no control byte but ours"))
}

/// All that a console wrote while it was paged through.
fn one_console(dice: &mut Dice, lines: u64) -> Result<Vec<u8>, String> {
    let house = House::new()?;
    let mut input = String::new();
    for number in 0..lines {
        // One line, one entry: only line breaks would change the count.
        let line = hostile(dice).replace('\n', "");
        let _ = writeln!(input, "{} {line}", mark(number));
    }
    let written = house.run(&["note", "-"], input.as_bytes())?;
    if !written.status.success() {
        return Err(said(&written));
    }
    scan(&written.stdout).map_err(|why| format!("what `note` answered: {why}"))?;
    for words in [["tail", "-n", "9999"].as_slice(), &["show"], &["export"]] {
        scan(&house.run(words, b"")?.stdout).map_err(|why| format!("what {words:?} printed: {why}"))?;
    }
    let mut command = CommandBuilder::new(BINARY);
    command.args(["open", INCIDENT]);
    let pty = Pty::in_home(house.into_dir(), command, &[("COLORTERM", "truecolor")], SIZE.0, SIZE.1);
    page_through(&pty, lines);
    pty.send("qq");
    pty.wait_exit();
    Ok(pty.raw())
}

fn mark(number: u64) -> String {
    format!("line{number:05}")
}

fn page_through(pty: &Pty, lines: u64) {
    let marks: Vec<String> = (0..lines).map(mark).collect();
    let on =
        |screen: &str| marks.iter().filter(|mark| screen.contains(*mark)).cloned().collect::<BTreeSet<_>>();
    pty.wait_for(marks.last().expect("some lines"));
    pty.send("g");
    let mut seen = on(&pty.wait_for(&marks[0]));
    while seen.len() < marks.len() {
        pty.send("\x1b[6~");
        let next = marks.iter().find(|mark| !seen.contains(*mark)).expect("one is missing");
        seen.extend(on(&pty.wait_for(next)));
    }
}

/// Whether some output holds nothing but text and the sequences that the console itself writes.
pub fn scan(raw: &[u8]) -> Result<(), String> {
    let text = str::from_utf8(raw).map_err(|error| format!("not UTF-8: {error}"))?;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '\x1b' => {
                after_ours(after).ok_or_else(|| format!("a sequence of somebody else: {}", shown(rest)))?
            }
            '\n' | '\r' => after,
            _ if banned(c) => return Err(format!("{c:?} at {}", shown(rest))),
            _ => after,
        };
    }
    Ok(())
}

fn shown(text: &str) -> String {
    format!("{:?}", text.chars().take(40).collect::<String>())
}

/// The questions that the console asks the terminal.
const QUESTIONS: [&str; 1] = ["]11;?\x1b\\"];

/// What follows a sequence of ours; `None` for any other.
fn after_ours(text: &str) -> Option<&str> {
    if let Some(rest) = QUESTIONS.iter().find_map(|question| text.strip_prefix(question)) {
        return Some(rest);
    }
    let text = text.strip_prefix('[')?;
    let end = text.find(|c: char| !matches!(c, '0'..='9' | ';' | ':' | '?' | '<' | '>'))?;
    let ours = text[end..].starts_with(['H', 'J', 'K', 'X', 'm', 'h', 'l', 'c', 'u'])
        && !text[..end].contains(POISON);
    ours.then(|| &text[end + 1..])
}
