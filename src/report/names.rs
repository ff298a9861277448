//! Names that only insiders should read: people who hold roles, places where the room meets, datasets, a private title.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::incident::{Incident, PersonId};

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
/// Mail to these reaches no single person.
const SHARED: [&str; 9] =
    ["support", "help", "status", "info", "contact", "security", "privacy", "hello", "service"];
/// Parts of the names of hosts that are not reached from outside.
const INSIDE: [&str; 6] = ["internal", "local", "lan", "corp", "intra", "localdomain"];
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
    let past = incident.roles.seats();
    let past = past.iter().flat_map(|seat| seat.past.iter().map(|past| &past.who));
    let people: BTreeSet<&PersonId> =
        incident.roles.people().into_iter().chain(past).chain(incident.people.keys()).collect();
    for person in people {
        let handle = person.as_str();
        let everyday = EVERYDAY.contains(&handle) || handle.chars().count() < SHORTEST_NAME;
        let typed = if everyday { format!("@{handle}") } else { handle.to_owned() };
        all.extend(words(text, &typed, false).map(|range| Found { range, what: "a person's handle" }));
        let name = incident.name_of(person);
        let telling = |part: &&str| {
            let everyday = EVERYDAY.contains(&part.to_lowercase().as_str());
            part.chars().count() >= SHORTEST_NAME && !everyday
        };
        let parts = name.split_whitespace().filter(telling);
        for part in [name].into_iter().filter(telling).chain(parts).filter(|part| *part != handle) {
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
    all.extend(addresses(text));
    all.extend(cards(text));
    sorted(all)
}

/// Mail addresses of people, and hosts that only we reach.
fn addresses(text: &str) -> Vec<Found> {
    let mut at = 0;
    let mut all = Vec::new();
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || "<>(),;\"'".contains(c)) {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let start = at + piece.find(word).unwrap_or_default();
        at += piece.len();
        let range = start..start + word.len();
        let mail = word.split_once('@').filter(|(_, domain)| domain.contains('.'));
        if mail.is_some_and(|(who, _)| !who.is_empty() && !SHARED.contains(&who.to_lowercase().as_str())) {
            all.push(Found { range, what: "a mail address" });
        } else if is_inside(host(word).unwrap_or(word).split(['/', ':']).next().unwrap_or_default()) {
            all.push(Found { range, what: "a host of ours" });
        }
    }
    all
}

fn is_inside(host: &str) -> bool {
    let lower = host.to_ascii_lowercase();
    let part = lower.split('.').skip(1).any(|part| INSIDE.contains(&part));
    let numbers: Vec<u8> = lower.split('.').filter_map(|part| part.parse().ok()).collect();
    let all = numbers.len() == 4 && lower.split('.').count() == 4;
    part || all && matches!(numbers.as_slice(), [10, ..] | [192, 168, ..] | [172, 16..=31, ..] | [127, ..])
}

/// Numbers of 13 to 19 digits with the check digit of a payment card.
fn cards(text: &str) -> Vec<Found> {
    let mut all = Vec::new();
    let mut digits: Vec<(usize, u32)> = Vec::new();
    for (at, c) in text.char_indices().chain([(text.len(), '.')]) {
        match c.to_digit(10) {
            Some(digit) => digits.push((at, digit)),
            None if matches!(c, ' ' | '-') && digits.last().is_some_and(|(last, _)| last + 1 == at) => {}
            None => {
                let values: Vec<u32> = digits.iter().map(|(_, digit)| *digit).collect();
                if let (Some((first, _)), Some((last, _)), true) =
                    (digits.first(), digits.last(), is_card(&values))
                {
                    all.push(Found { range: *first..last + 1, what: "a card number" });
                }
                digits.clear();
            }
        }
    }
    all
}

fn is_card(digits: &[u32]) -> bool {
    let doubled = |(place, digit): (usize, &u32)| match (place % 2, digit * 2) {
        (0, _) => *digit,
        (_, twice) if twice > 9 => twice - 9,
        (_, twice) => twice,
    };
    let sum: u32 = digits.iter().rev().enumerate().map(doubled).sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10)
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
