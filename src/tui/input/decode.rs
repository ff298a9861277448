//! Bytes of a terminal -> crossterm's events. Pure: no descriptor, no clock, no thread.
//!
//! It never fails: what it does not know is skipped whole, so that no `[31m` ends up in a text field. Answers of
//! the terminal (OSC, DCS, device attributes), however late, are skipped too. Memory is bounded: an endless paste
//! comes in pieces, an endless sequence is dropped.
//!
//! Start at [`Decoder::push`]; `step` decides what the next bytes are, `keys` knows the sequences of keys.

mod keys;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

const ESC: u8 = 0x1b;
const PASTE_START: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";
/// Bytes after which a paste without an end is handed over in pieces.
const PASTE_PIECE: usize = 1 << 20;
/// Bytes after which a sequence without an end is given up.
const SEQUENCE_LIMIT: usize = 4096;

/// Collects bytes until they are events.
#[derive(Default)]
pub struct Decoder {
    bytes: Vec<u8>,
    /// The text so far while inside a bracketed paste.
    paste: Option<Vec<u8>>,
}

/// What the first bytes of the buffer are.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    Event(Event, usize),
    Skip(usize),
    PasteStart,
    NeedMore,
}

impl Decoder {
    /// Takes in `bytes` and appends every event that is complete.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<Event>) {
        self.bytes.extend_from_slice(bytes);
        let mut used = 0;
        while used < self.bytes.len() {
            let taken =
                if self.paste.is_some() { self.pasted(used, events) } else { self.typed(used, events) };
            if taken == 0 {
                break;
            }
            used += taken;
        }
        self.bytes.drain(..used);
    }

    /// Takes what stands at `at` outside of a paste; returns the bytes taken, 0 for too few.
    fn typed(&mut self, at: usize, events: &mut Vec<Event>) -> usize {
        let rest = &self.bytes[at..];
        match step(rest) {
            Step::Event(event, length) => {
                events.push(event);
                length
            }
            Step::Skip(length) => length,
            Step::PasteStart => {
                self.paste = Some(Vec::new());
                PASTE_START.len()
            }
            Step::NeedMore if rest.len() > SEQUENCE_LIMIT => rest.len(),
            Step::NeedMore => 0,
        }
    }

    /// The same inside a paste.
    fn pasted(&mut self, at: usize, events: &mut Vec<Event>) -> usize {
        let mut text = self.paste.take().unwrap_or_default();
        let (taken, ended) = take_paste(&self.bytes[at..], &mut text);
        if ended || text.len() >= PASTE_PIECE {
            events.push(Event::Paste(String::from_utf8_lossy(&text).into_owned()));
            text.clear();
        }
        self.paste = (!ended).then_some(text);
        taken
    }

    /// True while a pause decides what the bytes mean: half a sequence, or somebody pressed Esc.
    pub fn is_waiting(&self) -> bool {
        self.paste.is_none() && !self.bytes.is_empty()
    }

    /// The pause is over: what was held back are single keys.
    pub fn flush(&mut self, events: &mut Vec<Event>) {
        if !self.is_waiting() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        match bytes[..] {
            [ESC] => events.push(key(KeyCode::Esc, KeyModifiers::NONE)),
            [ESC, byte] if byte.is_ascii_graphic() => {
                events.push(key(KeyCode::Char(char::from(byte)), KeyModifiers::ALT));
            }
            _ => {}
        }
    }
}

/// Moves pasted text over; returns the bytes used and whether the end was among them. A tail that may be the
/// beginning of the end marker stays.
fn take_paste(bytes: &[u8], text: &mut Vec<u8>) -> (usize, bool) {
    if let Some(at) = bytes.windows(PASTE_END.len()).position(|window| window == PASTE_END) {
        text.extend_from_slice(&bytes[..at]);
        return (at + PASTE_END.len(), true);
    }
    let partial = (1..PASTE_END.len()).rev().find(|&length| bytes.ends_with(&PASTE_END[..length]));
    let taken = bytes.len() - partial.unwrap_or(0);
    text.extend_from_slice(&bytes[..taken]);
    (taken, false)
}

pub(crate) fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn step(bytes: &[u8]) -> Step {
    match bytes {
        [] | [ESC] => Step::NeedMore,
        [ESC, b'[', rest @ ..] => csi(rest),
        [ESC, b'O', rest @ ..] => keys::ss3(rest),
        [ESC, b']' | b'P' | b'_' | b'^', rest @ ..] => string(rest),
        [ESC, ESC, ..] => Step::Event(key(KeyCode::Esc, KeyModifiers::NONE), 1),
        [ESC, rest @ ..] => with_alt(keys::plain(rest)),
        _ => keys::plain(bytes),
    }
}

fn with_alt(step: Step) -> Step {
    match step {
        Step::Event(Event::Key(mut pressed), length) => {
            pressed.modifiers |= KeyModifiers::ALT;
            Step::Event(Event::Key(pressed), length + 1)
        }
        Step::Skip(length) => Step::Skip(length + 1),
        other => other,
    }
}

/// An answer of the terminal: skipped up to its end (BEL or ST).
fn string(rest: &[u8]) -> Step {
    const INTRODUCER: usize = 2;
    for (at, byte) in rest.iter().enumerate() {
        match (byte, rest.get(at + 1)) {
            (0x07, _) => return Step::Skip(INTRODUCER + at + 1),
            (&ESC, Some(b'\\')) => return Step::Skip(INTRODUCER + at + 2),
            _ => {}
        }
    }
    Step::NeedMore
}

/// A control sequence, after `ESC [`: parameters, then one final byte.
fn csi(rest: &[u8]) -> Step {
    const INTRODUCER: usize = 2;
    if let [b'[', tail @ ..] = rest {
        return keys::linux_console(tail);
    }
    let Some(end) = rest.iter().position(|byte| !(0x20..=0x3f).contains(byte)) else {
        return Step::NeedMore;
    };
    let (parameters, length) = (&rest[..end], INTRODUCER + end + 1);
    if rest[end] == ESC {
        return Step::Skip(INTRODUCER + end);
    }
    let event = match (parameters, rest[end]) {
        (b"200", b'~') => return Step::PasteStart,
        // The mouse report of terminals too old for the one asked for: three bytes of coordinates follow.
        (b"", b'M') if rest.len() < 4 => return Step::NeedMore,
        (b"", b'M') => return Step::Skip(INTRODUCER + 4),
        (b"", b'I') => Some(Event::FocusGained),
        (b"", b'O') => Some(Event::FocusLost),
        ([b'<', report @ ..], last @ (b'M' | b'm')) => mouse(report, last == b'm').map(Event::Mouse),
        (parameters, last) => keys::csi(parameters, last).map(Event::Key),
    };
    event.map_or(Step::Skip(length), |event| Step::Event(event, length))
}

/// An SGR mouse report, `button;column;row`, both counted from 1.
fn mouse(report: &[u8], released: bool) -> Option<MouseEvent> {
    let mut numbers = std::str::from_utf8(report).ok()?.split(';').map(|text| text.parse::<u16>().ok());
    let (code, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    Some(MouseEvent {
        kind: mouse_kind(code, released)?,
        column: column.saturating_sub(1),
        row: row.saturating_sub(1),
        modifiers: mouse_modifiers(code),
    })
}

fn mouse_kind(code: u16, released: bool) -> Option<MouseEventKind> {
    const MOTION: u16 = 32;
    const KIND: u16 = 0b1110_0011;
    let button = match code & 0b11 {
        0 => Some(MouseButton::Left),
        1 => Some(MouseButton::Middle),
        2 => Some(MouseButton::Right),
        _ => None,
    };
    Some(match code & KIND {
        64 => MouseEventKind::ScrollUp,
        65 => MouseEventKind::ScrollDown,
        66 => MouseEventKind::ScrollLeft,
        67 => MouseEventKind::ScrollRight,
        0..=2 if released => MouseEventKind::Up(button?),
        0..=2 => MouseEventKind::Down(button?),
        kind if kind & !0b11 == MOTION => button.map_or(MouseEventKind::Moved, MouseEventKind::Drag),
        _ => return None,
    })
}

fn mouse_modifiers(code: u16) -> KeyModifiers {
    [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)]
        .into_iter()
        .filter(|(bit, _)| code & bit != 0)
        .fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier)
}
