//! Text from outside, made safe to keep and to draw.
//!
//! Whatever was typed, pasted, fetched or printed by a command passes through here once, before it becomes part of an entry.
//! It takes out what could steer a terminal, reorder a line or hide from its reader; it never judges or escapes the words
//! themselves, and ordinary text in any script comes out as it went in. Cleaning twice is the same as cleaning once.
//! Start at [`clean_line`].

use std::borrow::Cow;

use unicode_segmentation::GraphemeCursor;
use unicode_width::UnicodeWidthChar;

/// More marks than this on one letter are no spelling of any living language, but they do climb over the rows around them.
const MARKS_IN_A_ROW: usize = 4;
const TAB: &str = "    ";
const ESC: char = '\u{1b}';

/// For a field of one line: line breaks and tabs, with the spaces after them, become one space, and nothing at either end.
pub fn clean_line(text: &str) -> Cow<'_, str> {
    clean(text, Shape::Line)
}

/// For text of several lines: every kind of line break becomes `\n`, a tab four spaces.
pub fn clean_text(text: &str) -> Cow<'_, str> {
    clean(text, Shape::Lines)
}

/// The output of some program, of which nothing is known; bytes that are no UTF-8 become `U+FFFD`.
pub fn from_bytes(bytes: &[u8]) -> String {
    clean_text(&String::from_utf8_lossy(bytes)).into_owned()
}

/// The longest start of `text` of at most `max_bytes` that splits no visible character, and whether anything was cut off.
///
/// A single visible character longer than `max_bytes` is split between its code points.
pub fn clip(text: &str, max_bytes: usize) -> (&str, bool) {
    if text.len() <= max_bytes {
        return (text, false);
    }
    let at_char = (0..=max_bytes).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let mut cursor = GraphemeCursor::new(at_char, text.len(), true);
    let at = match cursor.is_boundary(text, 0) {
        Ok(true) => at_char,
        _ => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
    };
    (&text[..if at == 0 { at_char } else { at }], true)
}

#[derive(Copy, Clone, PartialEq)]
enum Shape {
    Line,
    Lines,
}

fn clean(text: &str, shape: Shape) -> Cow<'_, str> {
    let harmless = |b: u8| matches!(b, b' '..=b'~') || (b == b'\n' && shape == Shape::Lines);
    if text.bytes().all(harmless) {
        return Cow::Borrowed(text);
    }
    let cleaned = Cleaner::new(text.len(), shape).run(text);
    if cleaned == text { Cow::Borrowed(text) } else { Cow::Owned(cleaned) }
}

struct Cleaner {
    out: String,
    shape: Shape,
    /// Marks since the last letter. Starts full, as does each line: a mark without a letter would land on our own frame.
    marks: usize,
    /// A joiner waits here until the character after it shows whether it joins anything.
    joiner: Option<char>,
    /// A line break or tab of a one-line text waits here for something to separate.
    gap: bool,
}

impl Cleaner {
    fn new(capacity: usize, shape: Shape) -> Self {
        Self { out: String::with_capacity(capacity), shape, marks: MARKS_IN_A_ROW, joiner: None, gap: false }
    }

    fn run(mut self, text: &str) -> String {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            rest = match c {
                '\r' => {
                    self.line_break();
                    after.strip_prefix('\n').unwrap_or(after)
                }
                '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                    self.line_break();
                    after
                }
                ESC | '\u{80}'..='\u{9f}' => after_sequence(c, after),
                _ => {
                    self.take(c);
                    after
                }
            };
        }
        self.out
    }

    fn line_break(&mut self) {
        self.joiner = None;
        match self.shape {
            Shape::Line => self.gap = true,
            Shape::Lines => {
                self.out.push('\n');
                self.marks = MARKS_IN_A_ROW;
            }
        }
    }

    fn take(&mut self, c: char) {
        match c {
            '\t' if self.shape == Shape::Line => self.gap = true,
            '\t' => TAB.chars().for_each(|c| self.put(c)),
            '\u{200c}' | '\u{200d}' => self.hold(c),
            _ if hidden(c) => {}
            _ => self.put(c),
        }
    }

    /// Emoji families, Persian and Indic scripts need joiners; between Latin letters they only make two equal words differ.
    fn hold(&mut self, joiner: char) {
        if !self.gap && self.out.chars().next_back().is_some_and(joinable) {
            self.joiner.get_or_insert(joiner);
        }
    }

    fn put(&mut self, c: char) {
        if self.gap && c == ' ' {
            return;
        }
        self.close_gap();
        let mark = c.width() == Some(0);
        if mark && self.marks >= MARKS_IN_A_ROW {
            return;
        }
        self.marks = if mark { self.marks + 1 } else { 0 };
        self.out.extend(self.joiner.take().filter(|_| joinable(c)));
        self.out.push(c);
    }

    fn close_gap(&mut self) {
        if !std::mem::take(&mut self.gap) {
            return;
        }
        self.joiner = None;
        if !self.out.is_empty() && !self.out.ends_with(' ') {
            self.out.push(' ');
            self.marks = 0;
        }
    }
}

fn joinable(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && !matches!(c, '\u{200c}' | '\u{200d}')
}

/// Characters that leave no trace of their own on the screen, yet change what is drawn or compared.
fn hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // Soft hyphen, and the fillers which look like a space but are letters.
        | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{3164}' | '\u{ffa0}'
        // Direction.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Of no width.
        | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        // Tags, which spell out invisible text.
        | '\u{e0000}'..='\u{e007f}')
}

/// What follows the escape sequence that `introducer` begins (ECMA-48, section 5).
///
/// A control string with no end is taken for text, and only its introducer is lost: a stray byte must not swallow a report.
fn after_sequence(introducer: char, after: &str) -> &str {
    let Some((kind, body)) = split_introducer(introducer, after) else {
        return after;
    };
    match kind {
        b'[' => skip_one(skip(skip(body, 0x30..=0x3f), 0x20..=0x2f), 0x40..=0x7e),
        b']' | b'P' | b'X' | b'^' | b'_' => after_control_string(body),
        0x20..=0x2f => {
            let end = skip(body, 0x20..=0x2f);
            let done = skip_one(end, 0x30..=0x7e);
            if done.len() == end.len() { after } else { done }
        }
        0x30..=0x7e => body,
        _ => after,
    }
}

/// The seven-bit name of the sequence and the text after it.
fn split_introducer(introducer: char, after: &str) -> Option<(u8, &str)> {
    match introducer {
        ESC => {
            let kind = *after.as_bytes().first().filter(|b| b.is_ascii())?;
            Some((kind, &after[1..]))
        }
        '\u{90}' => Some((b'P', after)),
        '\u{98}' => Some((b'X', after)),
        '\u{9b}' => Some((b'[', after)),
        '\u{9d}' => Some((b']', after)),
        '\u{9e}' => Some((b'^', after)),
        '\u{9f}' => Some((b'_', after)),
        _ => None,
    }
}

/// Any control character but a line break ends the search, so that many unfinished strings together cost one pass.
fn after_control_string(body: &str) -> &str {
    let ends = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    let Some(end) = body.find(ends) else {
        return body;
    };
    let rest = &body[end..];
    ["\u{7}", "\u{1b}\\", "\u{9c}"].iter().find_map(|mark| rest.strip_prefix(mark)).unwrap_or(body)
}

type Bytes = std::ops::RangeInclusive<u8>;

fn skip(text: &str, bytes: Bytes) -> &str {
    text.trim_start_matches(|c| u8::try_from(c).is_ok_and(|b| bytes.contains(&b)))
}

fn skip_one(text: &str, bytes: Bytes) -> &str {
    match text.as_bytes().first() {
        Some(b) if bytes.contains(b) => &text[1..],
        _ => text,
    }
}
