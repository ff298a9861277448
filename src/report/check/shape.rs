//! Checks of the text as such: its length, open places, the status and the next update that it names.

use super::{About, Finding};
use crate::incident::words::Word;
use crate::incident::{Span, Time, Zone};
use crate::policy::Audience;
use crate::report::update::{Named, STATUS_LINE, named, placeholders, stated};

/// A reader should know when to look again. `None` is fine where it is over.
pub(super) fn next_named(body: &str, about: &About) -> Option<Finding> {
    match about.next {
        Some(next) => unnamed(body, next, about.now),
        None if about.word == Word::Resolved => None,
        None => Some(Finding::new(
            "next-named",
            "No next update is planned, and it is not over yet.",
            "choose when the next update comes",
        )),
    }
}

fn unnamed(body: &str, next: Time, now: Time) -> Option<Finding> {
    let says = [Zone::Utc, Zone::Local].map(|zone| named(body, now, zone));
    let at = Zone::Utc.hm(next);
    let fix = format!("write: Next update: {at} UTC");
    if says.contains(&Named::Never) {
        let why = format!("The text says that none is planned; the next update is due {at} UTC.");
        return Some(Finding::new("next-named", why, fix));
    }
    let passed = says.iter().all(|said| matches!(said, Named::Passed(_)));
    if let (true, [Named::Passed(time), _]) = (passed, &says) {
        let why = format!("The next update that the text names has passed: {time}.");
        return Some(Finding::new("next-named", why, fix));
    }
    let close = |said: &Named| matches!(said, Named::At(at) if at.since(next).abs() <= Span::from_mins(1));
    let written = [Zone::Utc, Zone::Local].iter().any(|zone| body.contains(&zone.hm(next)));
    let why = format!("The text does not say when the next update comes ({at} UTC).");
    (!written && !says.iter().any(close)).then(|| Finding::new("next-named", why, fix))
}

pub(super) fn open_places(body: &str) -> Option<Finding> {
    let open = placeholders(body);
    let first = open.first()?;
    let count = if open.len() > 1 { format!(" ({})", open.len()) } else { String::new() };
    let why = format!("Still to fill in{count}: {}", open.join(", "));
    let start = body.find(first).unwrap_or_default();
    let fix = "fill them in, or take the lines out";
    Some(Finding::new("placeholders", why, fix).at(start..start + first.len()))
}

/// The line that names the status names another one.
pub(super) fn other_word(body: &str, word: Word) -> Option<Finding> {
    let said = stated(body, STATUS_LINE)?;
    Word::parse(said).filter(|other| *other != word)?;
    let begins = |at: &usize| *at == 0 || body[..*at].ends_with('\n');
    let line = body.match_indices(STATUS_LINE).map(|(at, _)| at).find(begins)?;
    let start = line + body[line..].find(said)?;
    let why = format!("The text says {said:?}, the update is sent as {word}.");
    let fix = format!("write {word}, or choose the other word");
    Some(Finding::new("word", why, fix).at(start..start + said.len()))
}

pub(super) fn too_long(body: &str, audience: &Audience) -> Option<Finding> {
    let longest = audience.longest?;
    let (start, _) = body.char_indices().nth(longest)?;
    let count = body.chars().count();
    let why = format!("The text has {count} characters; {} takes {longest}.", audience.name);
    Some(Finding::new("length", why, "shorten it").at(start..body.len()))
}
