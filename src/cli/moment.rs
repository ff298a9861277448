//! Times that are typed as arguments, read as the scribe line reads them. Nobody can be asked here, so a time that may mean
//! two things is refused with both.

use super::fail::{Done, Fail};
use crate::incident::scribe::{LineTime, parse_time};
use crate::incident::{Span, Time, When, Zone};
use crate::report::update::NextUpdate;
use crate::runtime::clock;

/// The time of an `--at`, when it was given.
pub fn optional(text: Option<&str>, zone: Zone) -> Done<Option<When>> {
    text.map(|text| parse(text, zone)).transpose()
}

/// `now`, `14:03`, `-7m`, `~13:30`, `yesterday 23:10`, `2026-11-20 14:03` or RFC 3339.
pub fn parse(text: &str, zone: Zone) -> Done<When> {
    let text = text.trim();
    if text == "now" {
        return Ok(When::exact(clock::now()));
    }
    if let Some(time) = Time::parse(text) {
        return Ok(When::exact(time));
    }
    match settled(parse_time(text, clock::now(), &zone).unwrap_or(LineTime::None))? {
        Some(when) => Ok(when),
        None => Err(Fail::usage(
            format!("{text:?} is no time"),
            "write now, 14:03, -7m, ~13:30, yesterday 23:10, 2026-11-20 14:03 or 2026-11-20T14:03:00Z",
        )),
    }
}

/// The time of a scribe line, unless it may mean two things.
pub fn settled(time: LineTime) -> Done<Option<When>> {
    match time {
        LineTime::None => Ok(None),
        LineTime::Is(when) => Ok(Some(when)),
        LineTime::Ask(choices) => {
            let reason = choices.first().map(|choice| choice.reason.to_string()).unwrap_or_default();
            let offered: Vec<String> =
                choices.iter().map(|choice| format!("{} ({})", choice.when.time, choice.label)).collect();
            Err(Fail::refused(
                format!("which time is meant? {reason}"),
                format!("write {}", offered.join(" or ")),
            ))
        }
    }
}

/// `--in SPAN` or `--by TIME`, when one was given.
pub fn deadline(within: Option<&str>, by: Option<&str>, zone: Zone) -> Done<Option<Time>> {
    match (within, by) {
        (Some(span), _) => span_from_now(span).map(Some),
        (None, Some(time)) => to_come(time, zone).map(Some),
        (None, None) => Ok(None),
    }
}

fn span_from_now(text: &str) -> Done<Time> {
    let span = Span::parse(text).filter(|span| *span > Span::ZERO);
    span.map(|span| clock::now() + span)
        .ok_or_else(|| Fail::usage(format!("{text:?} is no length of time"), "write 10m, 1h or 1h30m"))
}

/// A moment that is still to come: `10m` from now, `14:20` (the next one), or RFC 3339.
pub fn to_come(text: &str, zone: Zone) -> Done<Time> {
    let (text, now) = (text.trim(), clock::now());
    if let Some(time) = Time::parse(text) {
        return Ok(time);
    }
    if let Some(time) = NextUpdate::passed(text, now, zone) {
        return Err(Fail::refused(format!("{text} has passed today"), format!("for tomorrow write {time}")));
    }
    match NextUpdate::parse(text, now, zone) {
        Ok(NextUpdate::In(span)) => Ok(now + span),
        Ok(NextUpdate::At(time)) => Ok(time),
        _ => Err(Fail::usage(
            format!("{text:?} is no time to come"),
            "write 10m, 1h, 14:20 or 2026-11-20T14:20Z",
        )),
    }
}
