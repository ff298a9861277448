//! Times that are typed into a field: read as the scribe line reads them, and refused where they may mean two things.

use crate::incident::scribe::{LineTime, parse_time};
use crate::incident::{Time, Zone};

/// What may be typed, for hints.
pub fn hint(zone: Zone, now: Time) -> String {
    format!("now, -7m, 14:03, yesterday 23:10 or 2026-11-20 21:00, in {}", zone.label(now))
}

/// `None`: nothing was typed.
pub fn moment(text: &str, now: Time, zone: Zone) -> Result<Option<Time>, String> {
    let text = text.trim();
    match text {
        "" => return Ok(None),
        _ if text.eq_ignore_ascii_case("now") => return Ok(Some(now)),
        _ => {}
    }
    if let Some(time) = Time::parse(text) {
        return Ok(Some(time));
    }
    match parse_time(text, now, &zone) {
        Some(LineTime::Is(when)) => Ok(Some(when.time)),
        Some(LineTime::Ask(choices)) => {
            let reason = choices.first().map(|choice| choice.reason.to_string()).unwrap_or_default();
            let offered: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
            Err(format!("{text}: {reason}. Type {}.", offered.join(" or ")))
        }
        _ => Err(format!("{text:?} is no time: type {}", hint(zone, now))),
    }
}

/// As it would be typed: `2026-11-20 21:00`, with seconds where they matter.
pub fn text(time: Time, zone: Zone) -> String {
    let clock = if time.ms().rem_euclid(60_000) == 0 { zone.hm(time) } else { zone.hms(time) };
    format!("{} {clock}", zone.date(time))
}
