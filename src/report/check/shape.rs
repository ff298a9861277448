//! Checks of the text as such: its length, open places, the status and the next update that it names.

use super::{About, Finding};
use crate::incident::words::Word;
use crate::incident::{Time, Zone};
use crate::policy::Audience;
use crate::report::update::{STATUS_LINE, placeholders, stated};

/// A reader should know when to look again. `None` is fine where it is over.
pub(super) fn next_named(body: &str, about: &About) -> Option<Finding> {
    match about.next {
        Some(next) => unnamed(body, next),
        None if about.word == Word::Resolved => None,
        None => Some(Finding::new(
            "next-named",
            "No next update is planned, and it is not over yet.",
            "choose when the next update comes",
        )),
    }
}

fn unnamed(body: &str, next: Time) -> Option<Finding> {
    let named = [Zone::Utc, Zone::Local].iter().any(|zone| body.contains(&zone.hm(next)));
    let at = Zone::Utc.hm(next);
    let why = format!("The text does not say when the next update comes ({at} UTC).");
    (!named).then(|| Finding::new("next-named", why, format!("write: Next update: {at} UTC")))
}

pub(super) fn open_places(body: &str) -> Option<Finding> {
    let open = placeholders(body);
    let first = open.first()?;
    let count = match open.len() {
        1 => "1 place".to_owned(),
        n => format!("{n} places"),
    };
    let why = format!("{count} still to fill in: {}", open.join(", "));
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
