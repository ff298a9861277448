//! The byte sequences of keys: plain characters, `ESC O x`, `ESC [ ... x`, the Linux console, and the kitty
//! protocol's `u` form. Knows nothing of pastes, mice or answers.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{Step, key};

/// A character or control byte.
pub(super) fn plain(bytes: &[u8]) -> Step {
    let (code, modifiers) = match bytes[0] {
        b'\r' => (KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => (KeyCode::Tab, KeyModifiers::NONE),
        0x7f => (KeyCode::Backspace, KeyModifiers::NONE),
        0 => (KeyCode::Char(' '), KeyModifiers::CONTROL),
        byte @ 0x01..=0x1a => (KeyCode::Char(char::from(byte - 1 + b'a')), KeyModifiers::CONTROL),
        byte @ 0x1c..=0x1f => (KeyCode::Char(char::from(byte - 0x1c + b'4')), KeyModifiers::CONTROL),
        _ => return character(bytes),
    };
    Step::Event(key(code, modifiers), 1)
}

fn character(bytes: &[u8]) -> Step {
    let length = match bytes[0] {
        0x00..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Step::Skip(1),
    };
    let head = &bytes[..length.min(bytes.len())];
    match std::str::from_utf8(head) {
        Ok(text) => text.chars().next().map_or(Step::Skip(1), |typed| typed_key(typed, length)),
        Err(error) if error.error_len().is_none() => Step::NeedMore,
        Err(_) => Step::Skip(1),
    }
}

fn typed_key(typed: char, length: usize) -> Step {
    let shift = if typed.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    Step::Event(key(KeyCode::Char(typed), shift), length)
}

/// `ESC O x`: arrows and F1-F4 in application mode, the keypad.
pub(super) fn ss3(rest: &[u8]) -> Step {
    const LENGTH: usize = 3;
    let Some(last) = rest.first() else {
        return Step::NeedMore;
    };
    match letter(*last) {
        Some(code) => Step::Event(key(code, KeyModifiers::NONE), LENGTH),
        None if *last == b'M' => Step::Event(key(KeyCode::Enter, KeyModifiers::NONE), LENGTH),
        None => Step::Skip(LENGTH),
    }
}

/// `ESC [ [ A` to `E`: F1-F5 of the Linux console.
pub(super) fn linux_console(tail: &[u8]) -> Step {
    const LENGTH: usize = 4;
    match tail.first() {
        None => Step::NeedMore,
        Some(last @ b'A'..=b'E') => Step::Event(key(KeyCode::F(last - b'A' + 1), KeyModifiers::NONE), LENGTH),
        Some(_) => Step::Skip(LENGTH),
    }
}

/// The final letter of a cursor or function key.
fn letter(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => return None,
    })
}

/// `ESC [ parameters last`: a key with its modifiers, or nothing known.
pub(super) fn csi(parameters: &[u8], last: u8) -> Option<KeyEvent> {
    let fields = Fields::parse(parameters)?;
    let (modifiers, kind) = fields.modifiers();
    let code = match last {
        b'Z' => return Some(KeyEvent::new(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT)),
        b'u' => return unicode_key(fields.first(0), modifiers, kind),
        b'~' if fields.first(0) == 27 => return unicode_key(fields.first(2), modifiers, kind),
        b'~' => tilde(fields.first(0))?,
        letter_byte => letter(letter_byte)?,
    };
    Some(KeyEvent::new_with_kind(code, modifiers, kind))
}

fn tilde(number: u32) -> Option<KeyCode> {
    let number = u8::try_from(number).ok()?;
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23..=26 => KeyCode::F(number - 12),
        28 | 29 => KeyCode::F(number - 13),
        31..=34 => KeyCode::F(number - 14),
        _ => return None,
    })
}

/// The kitty protocol (and xterm's modifyOtherKeys) name a key by its code point.
fn unicode_key(code: u32, modifiers: KeyModifiers, kind: KeyEventKind) -> Option<KeyEvent> {
    const PRIVATE_USE: std::ops::RangeInclusive<u32> = 57344..=63743;
    const KEYPAD_DIGITS: std::ops::RangeInclusive<u32> = 57399..=57408;
    let (code, modifiers) = match code {
        9 if modifiers.contains(KeyModifiers::SHIFT) => (KeyCode::BackTab, modifiers),
        9 => (KeyCode::Tab, modifiers),
        13 | 57414 => (KeyCode::Enter, modifiers),
        27 => (KeyCode::Esc, modifiers),
        127 => (KeyCode::Backspace, modifiers),
        code if KEYPAD_DIGITS.contains(&code) => {
            (KeyCode::Char(char::from_digit(code - KEYPAD_DIGITS.start(), 10)?), modifiers)
        }
        code if PRIVATE_USE.contains(&code) => return None,
        code => shifted(char::from_u32(code)?, modifiers),
    };
    Some(KeyEvent::new_with_kind(code, modifiers, kind))
}

/// These protocols report the unshifted letter; the rest of the console knows `A` as `A` with Shift.
fn shifted(typed: char, modifiers: KeyModifiers) -> (KeyCode, KeyModifiers) {
    let mut upper = typed.to_uppercase();
    match (modifiers.contains(KeyModifiers::SHIFT), upper.next(), upper.next()) {
        (true, Some(only), None) => (KeyCode::Char(only), modifiers),
        _ => (KeyCode::Char(typed), modifiers),
    }
}

/// Parameters `a:b;c:d;...`, at most three fields of two numbers; an absent one is 0.
struct Fields([[u32; 2]; 3]);

impl Fields {
    fn parse(parameters: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(parameters).ok()?;
        if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b';' | b':')) {
            return None;
        }
        let mut fields = [[0; 2]; 3];
        for (field, part) in fields.iter_mut().zip(text.split(';')) {
            for (number, digits) in field.iter_mut().zip(part.split(':')) {
                *number = digits.parse().unwrap_or(0);
            }
        }
        Some(Self(fields))
    }

    fn first(&self, field: usize) -> u32 {
        self.0[field][0]
    }

    /// The second field: modifiers as a bit mask plus one, then press, repeat or release.
    fn modifiers(&self) -> (KeyModifiers, KeyEventKind) {
        const BITS: [KeyModifiers; 6] = [
            KeyModifiers::SHIFT,
            KeyModifiers::ALT,
            KeyModifiers::CONTROL,
            KeyModifiers::SUPER,
            KeyModifiers::HYPER,
            KeyModifiers::META,
        ];
        let [mask, kind] = self.0[1];
        let mask = mask.saturating_sub(1);
        let held = BITS.iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0);
        let kind = match kind {
            2 => KeyEventKind::Repeat,
            3 => KeyEventKind::Release,
            _ => KeyEventKind::Press,
        };
        (held.fold(KeyModifiers::NONE, |all, (_, one)| all | *one), kind)
    }
}
