//! What to look at before a message goes out (MISSION row B7): each check names the offending words and what to do.
//!
//! A check doubts; a person decides, and may set it aside with a reason. Nothing here changes a text. Start at [`check`].

mod data;
mod impact;
mod promise;
mod secrets;
pub(super) mod sentence;
mod shape;

use std::ops::Range;

pub use secrets::masked;

use super::names::{self, Found};
use crate::incident::words::Word;
use crate::incident::{Incident, Time};
use crate::policy::{Audience, Policy};

/// The name of each check, and what it asks for.
pub const CHECKS: [(&str, &str); 10] = [
    ("no-promise", "outside, no time is promised by which it will be resolved"),
    ("next-named", "the text says when the next update comes"),
    ("impact-first", "outside and to executives, the impact is said before the cause"),
    ("data-loss", "the last message says whether data was lost, as the ledger has it"),
    ("length", "the text is no longer than its channel takes"),
    ("placeholders", "every place is filled in"),
    ("secrets", "no key, token or password goes out"),
    ("word", "the text says the status that it is sent with"),
    ("private", "nothing of a private incident is named"),
    ("internal-names", "outside, no people, rooms, hosts, addresses and card numbers are named"),
];

/// The name under which an audience is known that reads like executives, where its template does not say so.
const EXECUTIVE: &str = "executive";
/// Most words that one finding shows.
const MOST_SHOWN: usize = 5;

/// What a text is checked against.
#[derive(Copy, Clone)]
pub struct About<'a> {
    pub incident: &'a Incident,
    pub policy: &'a Policy,
    pub audience: &'a str,
    pub word: Word,
    pub next: Option<Time>,
    pub now: Time,
}

impl<'a> About<'a> {
    fn audience(&self) -> Option<&'a Audience> {
        self.policy.audience(self.audience)
    }

    fn is_external(&self) -> bool {
        self.audience().is_some_and(|audience| audience.external)
    }

    fn is_executive(&self) -> bool {
        let named = self.audience().is_some_and(|audience| audience.template == EXECUTIVE);
        named || self.audience == EXECUTIVE
    }
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// One of [`CHECKS`].
    pub check: &'static str,
    /// What is wrong, with the offending words; never a secret itself.
    pub why: String,
    pub fix: String,
    /// Where it is in the text, in bytes, on the borders of characters; `None`: something is missing.
    pub range: Option<Range<usize>>,
}

impl Finding {
    fn new(check: &'static str, why: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { check, why: why.into(), fix: fix.into(), range: None }
    }

    fn at(mut self, range: Range<usize>) -> Self {
        self.range = Some(range);
        self
    }
}

/// Everything to look at, in the order of [`CHECKS`]; empty: nothing.
pub fn check(body: &str, about: &About) -> Vec<Finding> {
    let external = about.is_external();
    let mut all = Vec::new();
    if external {
        all.extend(promise::promised(body, about.word));
    }
    all.extend(shape::next_named(body, about));
    if external || about.is_executive() {
        all.extend(impact::comes_late(body));
    }
    if about.word == Word::Resolved {
        all.extend(data::disagrees(body, &about.incident.ledger));
    }
    all.extend(about.audience().and_then(|audience| shape::too_long(body, audience)));
    all.extend(shape::open_places(body));
    all.extend(secrets::found(body));
    all.extend(shape::other_word(body, about.word));
    all.extend(private(body, about.incident, external));
    if external {
        all.extend(internal_names(body, about.incident));
    }
    all
}

/// A private incident is not to be told by its title or its data: not outside, and inside not to everybody.
fn private(body: &str, incident: &Incident, external: bool) -> Option<Finding> {
    if !incident.is_private() {
        return None;
    }
    let found = [names::title_words_in(body, incident), names::datasets_in(body, incident)].concat();
    let fix = match external {
        true => "say it without these words: the incident is private",
        false => "say it without these words, or say why everybody who reads it may know",
    };
    named(body, "private", &found, "Of a private incident the text names", fix)
}

fn internal_names(body: &str, incident: &Incident) -> Option<Finding> {
    let fix = "leave them out: readers outside need neither our people nor our rooms";
    named(body, "internal-names", &names::found(body, incident), "The text names", fix)
}

fn named(body: &str, check: &'static str, found: &[Found], why: &str, fix: &str) -> Option<Finding> {
    let first = found.first()?;
    let mut shown: Vec<String> = Vec::new();
    for found in found {
        let words = format!("{:?} ({})", &body[found.range.clone()], found.what);
        if !shown.contains(&words) && shown.len() < MOST_SHOWN {
            shown.push(words);
        }
    }
    Some(Finding::new(check, format!("{why} {}.", shown.join(", ")), fix).at(first.range.clone()))
}
