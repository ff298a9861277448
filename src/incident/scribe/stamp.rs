//! The time at the start of a line, as it is written; what moment it means is for `times` to say.

use chrono::{FixedOffset, NaiveDate, NaiveTime};

use super::dates::take_iso_date;
use super::tokens::in_word;
use crate::incident::time::Span;

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub about: bool,
    pub written: Written,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// `-7m`
    Ago(Span),
    /// `14:03`, `yesterday 23:10`, `2026-11-20 14:03Z`
    At { day: Day, clock: Clock },
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Day {
    Unsaid,
    Today,
    Yesterday,
    On(NaiveDate),
    /// Worked out from the lines around it, so it may be a day too late.
    Likely(NaiveDate),
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub time: NaiveTime,
    /// As written: `Z`, `UTC`, `+01:00`. Otherwise the displayed zone is meant.
    pub offset: Option<FixedOffset>,
}

/// The time that `text` starts with, and what follows it and its separator.
pub(super) fn take_stamp(text: &str) -> Option<(Stamp, &str)> {
    let (stamp, rest) = take_wrapped(text).or_else(|| take_bare(text))?;
    Some((stamp, skip_separator(rest)))
}

/// `[14:03]`, `**14:03**`: how timelines are often set.
fn take_wrapped(text: &str) -> Option<(Stamp, &str)> {
    const WRAPPERS: [(&str, &str); 4] = [("[", "]"), ("(", ")"), ("**", "**"), ("`", "`")];
    WRAPPERS.iter().find_map(|(open, close)| {
        let (inner, rest) = text.strip_prefix(open)?.split_once(close)?;
        let (stamp, after) = take_bare(inner.trim())?;
        skip_separator(after).is_empty().then_some((stamp, rest))
    })
}

fn take_bare(text: &str) -> Option<(Stamp, &str)> {
    let (tilde, text) = strip_tilde(text);
    if let Some(found) = take_ago(text) {
        return Some((Stamp { about: tilde, written: Written::Ago(found.0) }, found.1));
    }
    let (day, rest) = take_day(text).unwrap_or((Day::Unsaid, text));
    let iso = day != Day::Unsaid && text[..text.len() - rest.len()].ends_with(['T', 't']);
    let (later_tilde, rest) = strip_tilde(rest);
    let (clock, rest) = take_clock_of(rest, iso)?;
    Some((Stamp { about: tilde || later_tilde, written: Written::At { day, clock } }, rest))
}

fn strip_tilde(text: &str) -> (bool, &str) {
    text.strip_prefix('~').map_or((false, text), |rest| (true, rest))
}

/// `-1h30m`, one word, every number with its unit.
fn take_ago(text: &str) -> Option<(Span, &str)> {
    let text = text.strip_prefix('-')?;
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (span, rest) = text.split_at(end);
    let has_unit = span.ends_with(|c: char| c.is_ascii_alphabetic());
    (has_unit && ends_word(rest)).then_some((Span::parse(span)?, rest))
}

fn take_day(text: &str) -> Option<(Day, &str)> {
    if let Some((date, rest)) = take_iso_date(text) {
        // The "T" of ISO 8601, or the "_" of many a log.
        let clock = rest.strip_prefix(['T', 't', '_']).or_else(|| skip_spaces(rest))?;
        return Some((Day::On(date), clock));
    }
    [("yesterday", Day::Yesterday), ("today", Day::Today)].iter().find_map(|(word, day)| {
        let (head, rest) = text.split_at_checked(word.len())?;
        let rest = head.eq_ignore_ascii_case(word).then(|| skip_spaces(rest))??;
        Some((*day, rest))
    })
}

/// `14:03`, `14:03:22.5`, `2:03 PM`, each with or without a zone, and then the end of the word.
fn take_clock(text: &str) -> Option<(Clock, &str)> {
    take_clock_of(text, false)
}

/// `iso`: it follows a `T`, and may be exact about its zone in every way that ISO 8601 allows.
fn take_clock_of(text: &str, iso: bool) -> Option<(Clock, &str)> {
    let (hour, rest) = take_digits(text, 1, 2)?;
    let (minute, rest) = take_digits(rest.strip_prefix(':')?, 2, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => {
            take_digits(after, 2, 2).map(|(second, rest)| (Some(second), rest))?
        }
        _ => (None, rest),
    };
    let (milli, rest) = take_fraction(rest);
    let (hour, rest) = take_half_day(hour, rest);
    // "9:00-10:00" says from when until when.
    let range = rest.starts_with('-') && second.is_none() && !iso;
    let (offset, rest) = if range { (None, rest) } else { take_offset(rest) };
    let time = NaiveTime::from_hms_milli_opt(hour, minute, second.unwrap_or(0), milli)?;
    ends_word(rest).then_some((Clock { time, offset }, rest))
}

/// Of a second, in whole milliseconds.
fn take_fraction(text: &str) -> (u32, &str) {
    let Some(digits) = text.strip_prefix(['.', ',']) else {
        return (0, text);
    };
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &digits[..digits.len() - rest.len()];
    if digits.is_empty() {
        return (0, text);
    }
    let milli = digits.bytes().chain(*b"00").take(3).fold(0, |sum, b| sum * 10 + u32::from(b - b'0'));
    (milli, rest)
}

fn take_half_day(hour: u32, text: &str) -> (u32, &str) {
    let word = skip_spaces(text).unwrap_or(text);
    let Some((half, rest)) = word.split_at_checked(2) else {
        return (hour, text);
    };
    let hour_of_12 = hour % 12;
    match half.to_ascii_lowercase().as_str() {
        _ if !(1..=12).contains(&hour) || rest.starts_with(in_word) => (hour, text),
        "am" => (hour_of_12, rest),
        "pm" => (hour_of_12 + 12, rest),
        _ => (hour, text),
    }
}

fn take_offset(text: &str) -> (Option<FixedOffset>, &str) {
    let apart = skip_spaces(text);
    let utc = FixedOffset::east_opt(0);
    if let Some(rest) = text.strip_prefix(['Z', 'z']).filter(|rest| !rest.starts_with(in_word)) {
        return (utc, rest);
    }
    let word = apart.unwrap_or(text);
    for name in ["utc", "gmt"] {
        if let Some((head, rest)) = word.split_at_checked(name.len())
            && head.eq_ignore_ascii_case(name)
            && ends_word(rest)
        {
            return (utc, rest);
        }
    }
    take_numeric_offset(word).map_or((None, text), |(offset, rest)| (Some(offset), rest))
}

/// `+01:00`, `-0500`
fn take_numeric_offset(text: &str) -> Option<(FixedOffset, &str)> {
    let east = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    const FARTHEST_HOURS: u32 = 14;
    let (number, rest) = match take_digits(&text[1..], 4, 4) {
        Some(found) => found,
        None => {
            let (hours, rest) = take_digits(&text[1..], 2, 2)?;
            let (mins, rest) = take_digits(rest.strip_prefix(':')?, 2, 2)?;
            (hours * 100 + mins, rest)
        }
    };
    let (hours, mins) = (number / 100, number % 100);
    if hours > FARTHEST_HOURS || mins > 59 || !ends_word(rest) {
        return None;
    }
    let seconds = i32::try_from(hours * 3600 + mins * 60).ok()?;
    Some((FixedOffset::east_opt(east * seconds)?, rest))
}

/// A number of `least` to `most` digits, with no further digit behind it.
pub(super) fn take_digits(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let count = text.bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
    let numeric = (least..=most).contains(&count);
    numeric.then(|| Some((text[..count].parse().ok()?, &text[count..])))?
}

/// The text after one space or more, which must be there.
fn skip_spaces(text: &str) -> Option<&str> {
    let rest = text.trim_start();
    (rest.len() < text.len()).then_some(rest)
}

fn ends_word(rest: &str) -> bool {
    let rest = rest.strip_prefix([':', ',']).unwrap_or(rest);
    rest.is_empty() || rest.starts_with(char::is_whitespace)
}

/// Of `14:03 - text` and its like; but `14:03 - 14:10 outage` keeps its dash, for it says until when.
fn skip_separator(rest: &str) -> &str {
    let rest = rest.trim_start();
    let Some(after) = rest.strip_prefix([':', ',', '-', '–', '—', '|']).filter(|after| ends_word(after))
    else {
        return rest;
    };
    let after = after.trim_start();
    if take_clock(after).is_some() { rest } else { after }
}
