//! Dates as people write them, alone on a line above what happened that day.

use chrono::{Datelike, NaiveDate};

use super::stamp::take_digits;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// `2026-11-20` or `2026/11/20` at the start of `text`.
pub(super) fn take_iso_date(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = take_digits(text, 4, 4)?;
    let mark = rest.chars().next().filter(|c| matches!(c, '-' | '/'))?;
    let (month, rest) = take_digits(&rest[1..], 2, 2)?;
    let (day, rest) = take_digits(rest.strip_prefix(mark)?, 2, 2)?;
    Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?, rest))
}

/// The date, when the line holds nothing else: `## 2026-11-20`, `Fri 20 Nov 2026`, `November 20th`, `Yesterday`.
///
/// `today` is for the lines that do not name a year. `20/11/2026` is no date here: half the world reads it otherwise.
pub(super) fn heading(line: &str, today: NaiveDate) -> Option<NaiveDate> {
    const LONGEST: usize = 48;
    if line.len() > LONGEST {
        return None;
    }
    let bare = line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '#' | '*' | '_' | '=' | '-' | ':' | '[' | ']')
    });
    let words: Vec<String> = bare
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    from_words(words.strip_prefix(&["date:"]).unwrap_or(&words), today)
}

fn from_words(words: &[&str], today: NaiveDate) -> Option<NaiveDate> {
    match words {
        [weekday, rest @ ..] | [rest @ .., weekday]
            if !rest.is_empty() && is_named(weekday.trim_matches(['(', ')', '.']), &WEEKDAYS) =>
        {
            from_words(rest, today)
        }
        ["today"] => Some(today),
        ["yesterday"] => today.pred_opt(),
        [iso] => take_iso_date(iso).filter(|(_, rest)| rest.is_empty()).map(|(date, _)| date),
        [a, b] => year_before(today, day_and_month(a, b)?),
        [a, b, year] => {
            let (day, month) = day_and_month(a, b)?;
            let (year, rest) = take_digits(year, 4, 4)?;
            rest.is_empty().then(|| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day))?
        }
        _ => None,
    }
}

/// In either order: `20 Nov`, `November 20th`.
fn day_and_month(a: &str, b: &str) -> Option<(u32, u32)> {
    let of = |day: &str, month: &str| Some((day_number(day)?, month_number(month)?));
    of(a, b).or_else(|| of(b, a))
}

fn day_number(word: &str) -> Option<u32> {
    let (day, rest) = take_digits(word, 1, 2)?;
    matches!(rest, "" | "." | "st" | "nd" | "rd" | "th").then_some(day)
}

fn month_number(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    let at = MONTHS.iter().position(|name| is_named(word, &[name]))?;
    u32::try_from(at + 1).ok()
}

/// In full, or cut to three letters or more.
fn is_named(word: &str, names: &[&str]) -> bool {
    word.len() >= 3 && names.iter().any(|name| name.starts_with(word))
}

/// A day without a year is the last such day that is not ahead.
fn year_before(today: NaiveDate, (day, month): (u32, u32)) -> Option<NaiveDate> {
    // Eight years are enough to meet a 29 February, even across 1900.
    (0..=8)
        .filter_map(|years| NaiveDate::from_ymd_opt(today.year() - years, month, day))
        .find(|date| *date <= today)
}
