//! Where `goto 14:05` goes: times as people type them, within what is replayed.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

use super::player::Player;
use crate::incident::{Span, Time, Zone};

/// A minute that was typed without seconds counts when any moment of it is replayed.
const MINUTE: Span = Span::from_mins(1);

/// Reads `14:05`, `2017-01-31 23:27`, `2017-01-31`, `+30m`, `-1h`, `50%`, `start` or `end`. A time alone means the next such
/// moment, or the last one before when the replay ends earlier. The error says what could have been typed.
pub fn parse_goto(text: &str, player: &Player, real: Time, zone: Zone) -> Result<Time, String> {
    let text = text.trim();
    let (start, end) = player.bounds();
    let now = player.now(real);
    match text.to_lowercase().as_str() {
        "start" | "begin" => return Ok(start),
        "end" => return Ok(end),
        _ => {}
    }
    if let Some(at) = part(text, start, end).or_else(|| shifted(text, now)) {
        return Ok(at.clamp(start, end));
    }
    if let Some(time) = clock(text) {
        return of_clock(time, now, (start, end), zone).ok_or_else(|| outside(text, (start, end), zone));
    }
    let (at, precision) = dated(text, zone).ok_or_else(|| unreadable(text))?;
    let within = at <= end && at + precision > start;
    if within { Ok(at.max(start)) } else { Err(outside(text, (start, end), zone)) }
}

fn unreadable(text: &str) -> String {
    format!("{text:?} is not a time: type 14:05, 2017-01-31 23:27, +30m, -1h, 50%, start or end")
}

fn outside(text: &str, (start, end): (Time, Time), zone: Zone) -> String {
    let at = |time| format!("{} {}", zone.date(time), zone.hms(time));
    format!("{text} is not in this replay: it runs from {} to {} {}", at(start), at(end), zone.label(end))
}

/// `50%` of the way.
fn part(text: &str, start: Time, end: Time) -> Option<Time> {
    let percent: f64 = text.strip_suffix('%')?.trim().parse().ok()?;
    let way = (end.since(start).ms() as f64 * percent.clamp(0.0, 100.0) / 100.0).round();
    percent.is_finite().then(|| start + Span::from_ms(way as i64))
}

/// `+30m` on, `-1h` back.
fn shifted(text: &str, now: Time) -> Option<Time> {
    match text.split_at_checked(1)? {
        ("+", span) => Some(now + Span::parse(span)?),
        ("-", span) => Some(now - Span::parse(span)?),
        _ => None,
    }
}

/// A time of day, and how precise it is.
fn clock(text: &str) -> Option<(NaiveTime, Span)> {
    let minutes = NaiveTime::parse_from_str(text, "%H:%M").ok().map(|time| (time, MINUTE));
    minutes.or_else(|| Some((NaiveTime::parse_from_str(text, "%H:%M:%S").ok()?, Span::from_secs(1))))
}

/// The next moment at which the clock shows that time, else the last one.
fn of_clock(
    (time, precision): (NaiveTime, Span),
    now: Time,
    (start, end): (Time, Time),
    zone: Zone,
) -> Option<Time> {
    let today = zone.from_utc_datetime(&now.calendar()).date_naive();
    // A day more on both sides than needed: a clock that is set forward leaves a time out.
    let days = (-2..=2).filter_map(|days| today.checked_add_signed(chrono::TimeDelta::days(days)));
    let moments = days.filter_map(|day| moment(day.and_time(time), zone));
    let within: Vec<Time> =
        moments.filter(|at| *at <= end && *at + precision > start).map(|at| at.max(start)).collect();
    within.iter().find(|at| **at >= now).or(within.last()).copied()
}

/// A date, with a time or without, and how precise it is.
fn dated(text: &str, zone: Zone) -> Option<(Time, Span)> {
    if let Some(exact) = Time::parse(text) {
        return Some((exact, Span::from_secs(1)));
    }
    let (date, rest) = text.split_at_checked(10)?;
    let date: NaiveDate = date.parse().ok()?;
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let (time, precision) = if rest.is_empty() { (NaiveTime::MIN, Span::from_days(1)) } else { clock(rest)? };
    Some((moment(date.and_time(time), zone)?, precision))
}

/// The first moment at which the wall shows this; none when a clock set forward leaves it out.
fn moment(wall: NaiveDateTime, zone: Zone) -> Option<Time> {
    zone.from_local_datetime(&wall).earliest().map(|at| Time::from_utc(at.to_utc()))
}
