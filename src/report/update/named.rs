//! When the next update comes, as a text says it in its own words: "Next update in 20 minutes", "next update at 23:50".

use super::next::{NextUpdate, next_minute, on_day};
use super::{NEXT_LINE, stated};
use crate::incident::{Span, Time, Zone};
use crate::report::check::sentence::{Token, sentences, tokens};

/// What a text says of the next update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Nothing,
    Never,
    At(Time),
    /// A time that has passed, as it is written.
    Passed(String),
    /// A time in a zone that is not read, as it is written.
    Foreign(String),
}

const UPDATE: [&str; 4] = ["update", "updates", "news", "bulletin"];
/// Before "update" within its sentence: then it is a promise, not one that was sent.
const LEADS: [&str; 5] = ["next", "will", "ll", "shall", "another"];
/// Words that may stand between "update" and its time.
const FILLERS: [&str; 28] = [
    "is",
    "comes",
    "due",
    "will",
    "be",
    "follows",
    "follow",
    "sent",
    "posted",
    "given",
    "expected",
    "planned",
    "to",
    "you",
    "at",
    "by",
    "in",
    "within",
    "around",
    "about",
    "approximately",
    "the",
    "latest",
    "no",
    "later",
    "than",
    "on",
    "time",
];
const NUMBERS: [(&str, i64); 16] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
];

/// What `body` promises at `now`. Its line `Next update: …` counts before a sentence.
pub fn named(body: &str, now: Time, zone: Zone) -> Named {
    if stated(body, NEXT_LINE).is_some_and(|said| said.to_ascii_lowercase().starts_with("none")) {
        return Named::Never;
    }
    let line = |place: &std::ops::Range<usize>| body[place.clone()].trim_start().starts_with(NEXT_LINE);
    let mut all = sentences(body);
    all.sort_by_key(|place| !line(place));
    let found = all.iter().find_map(|sentence| {
        let tokens = tokens(body, sentence);
        let places = tokens.iter().enumerate().filter(|(_, token)| UPDATE.contains(&token.text.as_str()));
        let mut promised = places
            .filter(|(place, _)| tokens[..*place].iter().any(|token| LEADS.contains(&token.text.as_str())));
        promised.find_map(|(place, _)| time(body, &tokens, place + 1, now, zone))
    });
    found.unwrap_or(Named::Nothing)
}

fn time(body: &str, tokens: &[Token], from: usize, now: Time, zone: Zone) -> Option<Named> {
    let text = |place: usize| tokens.get(place).map_or("", |token| token.text.as_str());
    let skipped = tokens.get(from..)?.iter().take_while(|token| {
        FILLERS.contains(&token.text.as_str()) || matches!(token.text.as_str(), "tomorrow" | "today")
    });
    let mut place = from + skipped.count();
    if let Some(span) = span(tokens, place) {
        return Some(Named::At(next_minute(now + span)));
    }
    let mut day = (from..place).any(|at| text(at) == "tomorrow").then(|| zone.date(now + Span::from_days(1)));
    let number =
        |at: usize, digits: usize| text(at).len() == digits && text(at).bytes().all(|b| b.is_ascii_digit());
    if number(place, 4) && number(place + 1, 2) && number(place + 2, 2) {
        day = Some(format!("{}-{}-{}", text(place), text(place + 1), text(place + 2)));
        place += 3;
    }
    let clock = tokens.get(place).filter(|token| token.text.contains(':'))?;
    if text(place + 1) == "tomorrow" {
        day = Some(zone.date(now + Span::from_days(1)));
    }
    let rest = &body[clock.range.end..];
    let label = rest.trim_start_matches(' ').split(|c: char| c.is_whitespace() || ",;.)".contains(c)).next();
    let label = label.unwrap_or_default();
    let zone = match label {
        "UTC" | "Z" => Zone::Utc,
        own if own == zone.label(now) => zone,
        _ if is_zone(label) => return Some(Named::Foreign(format!("{} {label}", clock.text))),
        _ => zone,
    };
    let written = clock.text.clone();
    Some(match day {
        Some(day) => match on_day(&day, &clock.text, now, zone) {
            Some(at) => Named::At(at),
            None => Named::Passed(format!("{day} {written}")),
        },
        None if NextUpdate::passed(&clock.text, now, zone).is_some() => Named::Passed(written),
        None => match NextUpdate::parse(&clock.text, now, zone) {
            Ok(NextUpdate::At(at)) => Named::At(at),
            _ => return None,
        },
    })
}

/// `20 minutes`, `90m`, `1h30m`, `half an hour`, `an hour`.
fn span(tokens: &[Token], place: usize) -> Option<Span> {
    let text = |place: usize| tokens.get(place).map_or("", |token| token.text.as_str());
    let letters = text(place).bytes().any(|b| b.is_ascii_alphabetic());
    if text(place) == "half" && text(place + 1) == "an" && text(place + 2) == "hour" {
        return Some(Span::from_mins(30));
    }
    if let Some(span) = Span::parse(text(place)).filter(|span| letters && *span > Span::ZERO) {
        return Some(span);
    }
    let spelled = NUMBERS.iter().find(|(name, _)| *name == text(place)).map(|(_, number)| *number);
    let number: i64 = spelled.or_else(|| text(place).parse().ok())?;
    let unit = match text(place + 1) {
        "m" | "min" | "mins" | "minute" | "minutes" => 1,
        "h" | "hr" | "hrs" | "hour" | "hours" => 60,
        "day" | "days" => 24 * 60,
        _ => return None,
    };
    (1..=31 * 24 * 60).contains(&number).then(|| Span::from_mins(number * unit))
}

/// `CET`, `PDT`, `PM`, `+01:00`: what may follow a time and changes its meaning.
fn is_zone(label: &str) -> bool {
    let capitals = (2..=5).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_uppercase());
    let offset =
        label.strip_prefix(['+', '-']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    capitals && label.ends_with('T')
        || matches!(label.to_ascii_lowercase().as_str(), "am" | "pm" | "msk")
        || offset
}
