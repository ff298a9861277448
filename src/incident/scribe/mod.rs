//! The scribe line: one typed line becomes one note, with its kind, its time and whom it names.
//!
//! It reads; it never fails and never guesses. What is not clearly a mark or a time is text, and a time that can mean two
//! things comes back as a question. Start at [`parse_line`]; [`backfill`] reads a whole pasted timeline the same way.

mod backfill;
mod dates;
mod stamp;
mod times;
mod tokens;

use chrono::TimeZone;
use serde::{Deserialize, Serialize};

pub use backfill::{BackfillRow, MAX_ROWS, backfill};
pub use times::{AskReason, LineTime, TimeChoice};
pub use tokens::{Token, tokens};

use super::clean::clean_line;
use super::time::{Span, Time};
use stamp::{Stamp, take_stamp};

/// What a note is to the story of the incident.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    #[default]
    Note,
    Decision,
    Hypothesis,
    Finding,
    Action,
    Todo,
}

impl NoteKind {
    pub const ALL: [NoteKind; 6] =
        [Self::Note, Self::Decision, Self::Hypothesis, Self::Finding, Self::Action, Self::Todo];

    /// What is typed before the text, and drawn before it.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Note => "",
            Self::Decision => "!",
            Self::Hypothesis => "?",
            Self::Finding => "#",
            Self::Action => ">",
            Self::Todo => "TODO",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Decision => "decision",
            Self::Hypothesis => "hypothesis",
            Self::Finding => "finding",
            Self::Action => "action",
            Self::Todo => "todo",
        }
    }
}

/// A line as it was meant. Its text is clean, trimmed, and may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScribeLine {
    pub kind: NoteKind,
    /// Without marks and time; mentions stay in.
    pub text: String,
    pub time: LineTime,
    /// Lower case, each once, in the order of the text.
    pub mentions: Vec<String>,
}

/// Reads `[time] [mark] text` or `[mark] [time] text`; times without a date or zone are meant in `zone`.
///
/// A `\` before a mark or a time makes it text, and everything after it too.
pub fn parse_line(line: &str, now: Time, zone: &impl TimeZone) -> ScribeLine {
    let read = Reading::of(line);
    let time = read.stamp.map_or(LineTime::None, |stamp| times::settle(stamp, now, zone));
    ScribeLine { kind: read.kind, text: read.text, time, mentions: read.mentions }
}

/// Reads a time that stands alone, as `14:03`, `-7m` or `2026-11-20 21:00`. `None`: it is no time.
pub fn parse_time(text: &str, now: Time, zone: &impl TimeZone) -> Option<LineTime> {
    // A line has its time in front of some text: what is left of ours must be that text alone.
    const TEXT: &str = "x";
    let line = parse_line(&format!("{text} {TEXT}"), now, zone);
    (line.text == TEXT && line.time != LineTime::None).then_some(line.time)
}

/// A note without a time happened when its first letter was typed, but nobody types for longer than two minutes without
/// having been interrupted.
pub fn plain_note_time(first_key: Time, enter: Time) -> Time {
    const LONGEST_TYPING: Span = Span::from_mins(2);
    first_key.max(enter - LONGEST_TYPING).min(enter)
}

/// A line taken apart, before anything is asked about its time.
#[derive(Clone, Debug)]
struct Reading {
    kind: NoteKind,
    stamp: Option<Stamp>,
    text: String,
    mentions: Vec<String>,
}

impl Reading {
    fn of(line: &str) -> Self {
        let line = clean_line(line);
        let (mut kind, mut stamp, mut rest) = (None, None, line.trim());
        let escaped = loop {
            if let Some(literal) = unescape(rest) {
                rest = literal;
                break true;
            }
            if kind.is_none()
                && let Some((found, after)) = take_mark(rest)
            {
                (kind, rest) = (Some(found), after.trim_start());
            } else if stamp.is_none()
                && let Some((found, after)) = take_stamp(rest)
            {
                (stamp, rest) = (Some(found), after.trim_start());
            } else {
                break false;
            }
        };
        let found = tokens(rest);
        let todo = !escaped && found.iter().any(|(_, token)| *token == Token::Todo);
        let kind = kind.unwrap_or(if todo { NoteKind::Todo } else { NoteKind::Note });
        Self { kind, stamp, text: rest.to_owned(), mentions: tokens::names(rest, &found) }
    }
}

/// The line without its backslash, when that backslash protects something; a Windows path keeps its own.
fn unescape(text: &str) -> Option<&str> {
    let literal = text.strip_prefix('\\')?;
    let protected = literal.trim_start_matches('\\');
    (take_mark(protected).is_some() || take_stamp(protected).is_some()).then_some(literal)
}

fn take_mark(text: &str) -> Option<(NoteKind, &str)> {
    let first = text.chars().next()?;
    let after = &text[first.len_utf8()..];
    let apart = after.is_empty() || after.starts_with(char::is_whitespace);
    // "!!!", "?!" and "!=" are how people write, not what they mark.
    let doubled = after.starts_with(['!', '?', '=']);
    match first {
        '!' if !doubled => Some(
            take_word(after, "action")
                .map(|text| (NoteKind::Action, text))
                .unwrap_or((NoteKind::Decision, take_word(after, "decision").unwrap_or(after))),
        ),
        '?' if !doubled => Some((NoteKind::Hypothesis, take_word(after, "hypothesis").unwrap_or(after))),
        '#' if apart => Some((NoteKind::Finding, after)),
        '#' => take_word(after, "finding").map(|text| (NoteKind::Finding, text)),
        '>' if apart => Some((NoteKind::Action, after)),
        _ => take_todo(text).map(|text| (NoteKind::Todo, text)),
    }
}

/// `TODO`, or in any case with its colon: in small letters alone it is a word like another.
fn take_todo(text: &str) -> Option<&str> {
    let after = take_word(text, "todo")?;
    (text.starts_with("TODO") || text.as_bytes().get(4) == Some(&b':')).then_some(after)
}

/// What follows `word` (given in small letters, matched in any) and a colon after it.
fn take_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (head, after) = text.split_at_checked(word.len())?;
    let whole = head.eq_ignore_ascii_case(word) && !after.starts_with(tokens::in_word);
    whole.then(|| after.strip_prefix(':').unwrap_or(after))
}
