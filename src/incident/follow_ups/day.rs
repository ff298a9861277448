//! The day by which a follow-up is due, as people type it (row S4.14). Days are UTC days.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::incident::time::Time;

/// What may be typed, for hints.
pub const DAYS: &str = "2026-12-01, friday, 3d, 2w, tomorrow";
/// Later than this, a due day is a slip of the finger: ten years, in days.
const FURTHEST: u64 = 3_660;

/// Reads `2026-12-01`, `today`, `tomorrow`, `friday` (the next one, never today), `3d` and `2w`.
pub fn parse_day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "today" => return Some(today),
        "tomorrow" => return today.succ_opt(),
        _ => {}
    }
    if let Ok(weekday) = text.parse::<Weekday>() {
        let ahead = (weekday.num_days_from_monday() + 7 - today.weekday().num_days_from_monday()) % 7;
        return today.checked_add_days(Days::new(u64::from(if ahead == 0 { 7 } else { ahead })));
    }
    span(&text).and_then(|days| today.checked_add_days(Days::new(days))).or_else(|| date(&text))
}

fn date(text: &str) -> Option<NaiveDate> {
    let iso = text.len() == 10;
    iso.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// `3d`, `2w`, `+3d`, in days.
fn span(text: &str) -> Option<u64> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (number, of) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d')?, 1),
    };
    let days = number.trim().parse::<u64>().ok()?.checked_mul(of)?;
    (days <= FURTHEST).then_some(days)
}

/// The UTC day of a moment.
pub fn day_of(time: Time) -> NaiveDate {
    time.calendar().date()
}
