//! Times that are typed as arguments, read as the scribe line reads them. Nobody can be asked here, so a time that may mean
//! two things is refused with both.

use super::fail::{Done, Fail};
use crate::incident::scribe::{LineTime, parse_line};
use crate::incident::{Time, When, Zone};
use crate::runtime::clock;

/// The time of an `--at`, when it was given.
pub fn optional(text: Option<&str>, zone: Zone) -> Done<Option<When>> {
    text.map(|text| parse(text, zone)).transpose()
}

/// `14:03`, `-7m`, `~13:30`, `yesterday 23:10`, `2026-11-20 14:03` or RFC 3339.
pub fn parse(text: &str, zone: Zone) -> Done<When> {
    let text = text.trim();
    if let Some(time) = Time::parse(text) {
        return Ok(When::exact(time));
    }
    // The scribe line reads a time in front of some text: what is left of ours must be that text alone.
    const TEXT: &str = "x";
    let line = parse_line(&format!("{text} {TEXT}"), clock::now(), &zone);
    match settled(line.time)? {
        Some(when) if line.text == TEXT => Ok(when),
        _ => Err(Fail::usage(
            format!("{text:?} is no time"),
            "write 14:03, -7m, ~13:30, yesterday 23:10, 2026-11-20 14:03 or 2026-11-20T14:03:00Z",
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
