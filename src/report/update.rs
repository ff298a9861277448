//! Messages to audiences, filled in from the log: first notice, update, resolution, notice to a team, CAN report (MISSION
//! rows S1.8, S4.6, S4.13).
//!
//! For the composer and the command line. A draft says only what the log says; what it does not say is left as a
//! [placeholder](placeholders) for a person. Nothing here sends or saves anything. Start at [`Message::draft`]; the wording is
//! in `sample-data/templates`, the fields it can use in [`fields`], the choice of entries in `facts`.

pub mod fields;
pub mod template;

mod closing;
mod facts;
mod fill;
mod message;
mod named;
mod next;
mod shipped;
mod work;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::incident::describe::headline;
use crate::incident::words::Word;
use crate::incident::{Incident, Time, Zone};

pub use facts::can_speak;
pub(super) use facts::{Heading, Said, one_line};
pub use message::{Draft, Kind, Message};
pub use named::{Named, named};
pub use next::NextUpdate;
pub use shipped::SHIPPED;
pub use template::Template;

/// The line of a draft that holds the word; every template has it.
pub const STATUS_LINE: &str = "Status: ";
/// The line of a draft that promises the next update; a last message has it only when there is one.
pub const NEXT_LINE: &str = "Next update: ";

/// How a place that a person has to fill in begins and ends: `[impact: …]`.
const PLACE_OPENS: char = '[';
const PLACE_ENDS: [&str; 2] = ["…]", "...]"];
/// Longest placeholder, in bytes; a longer bracket is somebody's text.
const LONGEST_PLACE: usize = 160;

/// Single words in brackets that ask for something.
const BLANKS: [&str; 10] =
    ["todo", "tbd", "xxx", "fill", "insert", "name", "date", "time", "reason", "placeholder"];
const MOST_BLANK_WORDS: usize = 5;
/// What people write where they do not know yet.
const STAND_INS: [&str; 5] = ["TBD", "XXX", "???", "<TODO>", "<TBD>"];

/// An update as it is being written: what the composer keeps across a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateDraft {
    /// Empty: the policy's first.
    pub audience: String,
    /// `None`: as the status of the incident says.
    pub word: Option<Word>,
    pub next: NextUpdate,
    /// The next update as the text promises it.
    pub promised: Option<Time>,
    pub body: String,
}

impl UpdateDraft {
    /// Whether nothing of it was typed by a person.
    pub fn is_empty(&self) -> bool {
        self.body.trim().is_empty()
    }
}

/// The first line of a text that says something of its own, not the status or the next update.
pub fn gist(body: &str) -> &str {
    let frame = |line: &&str| {
        !line.is_empty() && !line.starts_with(STATUS_LINE.trim()) && !line.starts_with(NEXT_LINE.trim())
    };
    let mut lines = body.lines().map(str::trim);
    headline(lines.find(frame).unwrap_or(body))
}

/// The word that the incident stands at: with a confirmed cause nobody is looking for one.
pub fn usual_word(incident: &Incident) -> Word {
    match incident.status.word() {
        Word::Investigating if incident.hypotheses.cause().is_some() => Word::Identified,
        word => word,
    }
}

/// A place for a person to fill in.
fn place(what: &str) -> String {
    format!("[{what}: …]")
}

/// The places that are still to be filled in, in the order of the text.
pub fn placeholders(text: &str) -> Vec<&str> {
    text.lines().flat_map(|line| places(line).into_iter().map(|range| &line[range])).collect()
}

/// Where in one line they are, in bytes.
pub fn places(line: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = line[from..].find(PLACE_OPENS).map(|open| from + open) {
        let close = line[open..].find(']').map(|close| open + close + 1);
        let Some(close) = close else { break };
        // Of "[a [b: …]" the inner one is the placeholder.
        let open = line[open..close].rfind(PLACE_OPENS).map_or(open, |inner| open + inner);
        let place = &line[open..close];
        let marked = PLACE_ENDS.iter().any(|end| place.ends_with(end));
        let link = line[close..].starts_with(['(', '[', ':']);
        if place.len() <= LONGEST_PLACE && (marked || !link && is_blank_to_fill(place)) {
            found.push(open..close);
        }
        from = close;
    }
    found.extend(
        stand_ins(line)
            .filter(|place| !found.iter().any(|other| place.start < other.end && other.start < place.end))
            .collect::<Vec<_>>(),
    );
    found.sort_by_key(|place| place.start);
    found
}

/// `[fill me]`, `[TODO]`: a few words, or one that asks for something.
fn is_blank_to_fill(place: &str) -> bool {
    let inner = place.trim_matches(['[', ']']);
    let words: Vec<&str> = inner.split_whitespace().collect();
    let plain = inner.chars().all(|c| c.is_alphabetic() || c == ' ');
    match words.as_slice() {
        [one] => BLANKS.contains(&one.to_ascii_lowercase().as_str()),
        several => plain && (2..=MOST_BLANK_WORDS).contains(&several.len()),
    }
}

/// `TBD`, `XXX`, `???`, `<TODO>` as words of their own.
fn stand_ins(line: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut at = 0;
    line.split_inclusive(char::is_whitespace).filter_map(move |piece| {
        let start = at;
        at += piece.len();
        let word = piece.trim_end().trim_end_matches(['.', ',', ';', ':', '!', ')']);
        let open = word.len() - word.trim_start_matches(['(', '"']).len();
        STAND_INS.contains(&&word[open..]).then_some(start + open..start + word.len())
    })
}

/// The next update as a draft promises it: `15:02 UTC`, with its date when that is another day.
pub fn promise(next: Option<Time>, now: Time, zone: Zone) -> String {
    next.map_or_else(|| "none planned".to_owned(), |next| clock(next, now, zone))
}

/// `14:32 UTC`, with its date when that is another day than `now`.
pub(super) fn clock(time: Time, now: Time, zone: Zone) -> String {
    let date = zone.date(time);
    let short = format!("{} {}", zone.hm(time), zone.label(time));
    if date == zone.date(now) { short } else { format!("{date} {short}") }
}

/// What the line that begins with `heading` says.
pub fn stated<'a>(body: &'a str, heading: &str) -> Option<&'a str> {
    body.lines().find_map(|line| line.strip_prefix(heading)).map(str::trim)
}

/// The text with its line `heading` saying `value`; a text without that line stays as it is.
pub fn restate<'a>(body: &'a str, heading: &str, value: &str) -> Cow<'a, str> {
    let Some(old) = stated(body, heading).filter(|old| *old != value) else { return Cow::Borrowed(body) };
    Cow::Owned(body.replacen(&format!("{heading}{old}"), &format!("{heading}{value}"), 1))
}
