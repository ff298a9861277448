//! Names that only insiders should read: people who hold roles, places where the room meets, datasets, a private title.

use std::ops::Range;

use crate::incident::Incident;

/// A name in a text, in bytes, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub range: Range<usize>,
    pub what: &'static str,
}

/// Handles that are words of every day: they count only with their `@`.
const EVERYDAY: [&str; 14] = [
    "will", "mark", "may", "art", "bill", "sue", "rob", "june", "april", "hope", "grace", "faith", "max",
    "data",
];
/// Links that everybody may see have this in their name.
const PUBLIC: [&str; 2] = ["status", "public"];
/// A part of a name shorter than this, in characters, is too common to be told by.
const SHORTEST_NAME: usize = 3;
/// A word of a private title shorter than this gives nothing away.
const SHORTEST_WORD: usize = 4;
/// Words of a title that say nothing.
const COMMON: [&str; 16] = [
    "data", "incident", "problem", "issue", "with", "from", "that", "this", "have", "been", "after", "into",
    "were", "their", "private", "some",
];

/// People who hold roles, the links of the incident, and their hosts.
pub(super) fn found(text: &str, incident: &Incident) -> Vec<Found> {
    let mut all = Vec::new();
    for person in incident.roles.people() {
        let handle = person.as_str();
        let everyday = EVERYDAY.contains(&handle) || handle.chars().count() < SHORTEST_NAME;
        let typed = if everyday { format!("@{handle}") } else { handle.to_owned() };
        all.extend(words(text, &typed, false).map(|range| Found { range, what: "a person's handle" }));
        let name = incident.name_of(person);
        let parts = name.split_whitespace().filter(|part| part.chars().count() >= SHORTEST_NAME);
        for part in [name].into_iter().chain(parts).filter(|part| *part != handle) {
            all.extend(words(text, part, true).map(|range| Found { range, what: "a person's name" }));
        }
    }
    for (name, link) in &incident.links {
        if PUBLIC.iter().any(|public| name.to_ascii_lowercase().contains(public)) {
            continue;
        }
        all.extend(words(text, link.trim(), false).map(|range| Found { range, what: "an internal link" }));
        let host = host(link).filter(|host| host.contains('.'));
        all.extend(host.into_iter().flat_map(|host| {
            words(text, host, false).map(|range| Found { range, what: "the host of an internal link" })
        }));
    }
    sorted(all)
}

/// Names of the ledger's datasets; of `warehouse.orders` also `orders`.
pub(super) fn datasets_in(text: &str, incident: &Incident) -> Vec<Found> {
    let mut all = Vec::new();
    for dataset in incident.ledger.datasets() {
        let last = dataset.name.rsplit(['.', '/']).next().unwrap_or_default();
        for name in [dataset.name.as_str(), last] {
            if name.chars().count() >= SHORTEST_NAME {
                all.extend(words(text, name, false).map(|range| Found { range, what: "a dataset" }));
            }
        }
    }
    sorted(all)
}

/// The telling words of the title.
pub(super) fn title_words_in(text: &str, incident: &Incident) -> Vec<Found> {
    let telling = incident.title().split(|c: char| !c.is_alphanumeric()).filter(|word| {
        word.chars().count() >= SHORTEST_WORD && !COMMON.contains(&word.to_lowercase().as_str())
    });
    let hits = telling.flat_map(|word| words(text, word, false));
    sorted(hits.map(|range| Found { range, what: "a word of the title" }).collect())
}

/// In the order of the text; of two that overlap, the longer one.
fn sorted(mut all: Vec<Found>) -> Vec<Found> {
    all.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    let mut kept: Vec<Found> = Vec::new();
    for found in all {
        if kept.last().is_none_or(|last| last.range.end <= found.range.start) {
            kept.push(found);
        }
    }
    kept
}

/// Where `needle` stands as words of its own.
fn words<'a>(text: &'a str, needle: &'a str, exact: bool) -> impl Iterator<Item = Range<usize>> + 'a {
    let fold = |text: &str| if exact { text.to_owned() } else { text.to_ascii_lowercase() };
    let (folded, wanted) = (fold(text), fold(needle));
    let mut hits = Vec::new();
    let mut from = 0;
    while let Some(at) = folded[from..].find(&wanted).map(|at| from + at).filter(|_| !wanted.is_empty()) {
        let end = at + wanted.len();
        let part = |c: char| c.is_alphanumeric() || c == '_';
        let before = folded[..at].chars().next_back().is_some_and(part) && wanted.starts_with(part);
        let after = folded[end..].chars().next().is_some_and(part) && wanted.ends_with(part);
        if !before && !after {
            hits.push(at..end);
        }
        from = end;
    }
    hits.into_iter()
}

/// `meet.example` of `https://meet.example/42`.
fn host(link: &str) -> Option<&str> {
    let (_, rest) = link.split_once("://")?;
    let rest = rest.split(['/', '?', '#']).next()?;
    let host = rest.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then_some(host)
}
