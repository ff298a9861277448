//! Things of an incident that are named on the command line: an ask, a decision, a hypothesis, an offer.
//!
//! By the end (or the beginning) of the id that the lists print, by `last`, or by words that only one of them has.

use super::desk::id_matches;
use super::fail::{Done, Fail};
use super::print::short_id;
use crate::incident::EntryId;

/// For the help of an argument.
pub const ID: &str = "The end of an id as the list prints it, words of it, or `last`";

/// Most things that are named in a hint.
const MOST_NAMED: usize = 5;

/// Something that can be named.
pub struct Thing {
    pub id: EntryId,
    /// In a few words.
    pub says: String,
    /// Whether what is to be done can be done to it: `last` and words mean only such.
    pub fits: bool,
}

/// The one that `reference` means. `things` come oldest first; `kind` is what they are, as in `ask`.
pub fn pick(kind: &str, reference: &str, things: impl Iterator<Item = Thing>) -> Done<EntryId> {
    let things: Vec<Thing> = things.collect();
    let wanted = reference.trim();
    if wanted.eq_ignore_ascii_case("last") {
        let last = things.iter().rev().find(|thing| thing.fits);
        return last.map(|thing| thing.id).ok_or_else(|| nothing(kind, reference, &things));
    }
    let id = wanted.to_ascii_uppercase();
    let by_id: Vec<&Thing> = things.iter().filter(|thing| id_matches(thing.id, &id)).collect();
    let hits = if by_id.is_empty() { by_words(&things, wanted) } else { by_id };
    match hits.as_slice() {
        [one] => Ok(one.id),
        [] => Err(nothing(kind, reference, &things)),
        many => {
            let what = format!("{} {kind}s are named {reference:?}", many.len());
            Err(Fail::refused(what, format!("give the id: {}", list(many.iter().copied()))))
        }
    }
}

fn by_words<'a>(things: &'a [Thing], words: &str) -> Vec<&'a Thing> {
    let words = words.to_lowercase();
    let said = |thing: &&Thing| !words.is_empty() && thing.fits && thing.says.to_lowercase().contains(&words);
    things.iter().filter(said).collect()
}

fn nothing(kind: &str, reference: &str, things: &[Thing]) -> Fail {
    let fitting: Vec<&Thing> = things.iter().filter(|thing| thing.fits).collect();
    match fitting.is_empty() {
        true => Fail::refused(
            format!("there is no {kind} for that"),
            format!("`warroom {}` lists them", verb(kind)),
        ),
        false => {
            let hint = format!("there is {}", list(fitting.into_iter().rev()));
            Fail::refused(format!("no {kind} is named {reference:?}"), hint)
        }
    }
}

fn verb(kind: &str) -> &str {
    match kind {
        "decision" => "decide",
        "follow-up" | "proposal" => "followup",
        "hypothesis" => "cause",
        "offer" => "role",
        "proposed update" => "update --history",
        other => other,
    }
}

fn list<'a>(things: impl Iterator<Item = &'a Thing>) -> String {
    let mut named: Vec<String> =
        things.map(|thing| format!("{} ({})", short_id(thing.id), thing.says)).collect();
    if named.len() > MOST_NAMED {
        named.truncate(MOST_NAMED);
        named.push("…".to_owned());
    }
    named.join(", ")
}
