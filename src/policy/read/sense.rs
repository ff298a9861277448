//! Can it be meant? Levels, people and names of a policy that refer to each other.

use std::collections::BTreeMap;

use super::tree::{Findings, Table, Text, suggest};
use crate::policy::Limit;

pub fn check(root: &Table, to: &mut Findings) {
    let levels = root.tables("level");
    let says_more =
        ["contact", "audience", "tier", "type", "failure"].iter().any(|part| !root.tables(part).is_empty());
    if levels.is_empty() && !says_more {
        let at = root.get("level").map(|(_, at)| at);
        to.say(
            at,
            "no level: a policy needs at least one [[level]]",
            "add [[level]] with name, rank = 1, word, definition; a part that only adds to others has contacts or audiences",
        );
    }
    ranks(&levels, to);
    level_names(&levels, to);
    levels.iter().for_each(|level| ladder(level, to));
    cadences(root, &levels, to);
    types(root, to);
    once(&root.tables("audience"), "name", "audience", to);
    once(&root.tables("contact"), "role", "contact", to);
    once(&root.tables("tier"), "name", "tier", to);
}

/// Every name that a level has, its own and those of other policies, with its rank.
pub fn known_levels<'a>(root: &Table<'a>) -> Vec<(Text<'a>, Option<i64>)> {
    let named = root.tables("level").into_iter().flat_map(|level| {
        let rank = level.whole("rank").map(|(rank, _)| rank);
        let names = level.text("name").into_iter().chain(level.texts("also"));
        names.map(move |name| (name, rank)).collect::<Vec<_>>()
    });
    named.collect()
}

/// Says that no level has this name, if so.
pub fn known_level(who: &str, name: Text, known: &[(Text, Option<i64>)], to: &mut Findings) {
    let typed = name.text.trim();
    if known.iter().any(|(level, _)| level.text.eq_ignore_ascii_case(typed)) {
        return;
    }
    let names: Vec<&str> = known.iter().map(|(level, _)| level.text).collect();
    let what = format!("{who} names severity {typed:?}, which no [[level]] has");
    to.say(name.at, what, suggest(&typed.to_uppercase(), &names));
}

/// From the gravest to the mildest, each once.
fn ranks(levels: &[Table], to: &mut Findings) {
    let mut before: Option<i64> = None;
    let ranks = levels.iter().filter_map(|level| level.whole("rank"));
    for (rank, at) in ranks.filter(|(rank, _)| (1..=5).contains(rank)) {
        match before {
            Some(before) if rank == before => {
                to.say(at, format!("rank {rank} is there twice"), "each level has a rank of its own");
            }
            Some(before) if rank < before => {
                let what = format!("rank {rank} comes after rank {before}");
                to.say(at, what, "put the gravest level, rank 1, first");
            }
            _ => {}
        }
        before = before.max(Some(rank));
    }
}

/// A name means one level only.
fn level_names(levels: &[Table], to: &mut Findings) {
    let mut seen: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (index, level) in levels.iter().enumerate() {
        for name in level.text("name").into_iter().chain(level.texts("also")) {
            let first = *seen.entry(name.text.to_lowercase()).or_insert((index, name.at));
            if first.1 != name.at {
                let hint = format!("it is on line {} already", to.line(first.1));
                let what = match first.0 == index {
                    true => format!("the level is called {:?} twice", name.text),
                    false => format!("two levels are called {:?}", name.text),
                };
                to.say(name.at, what, hint);
            }
        }
    }
}

/// The rungs go from early to late.
fn ladder(level: &Table, to: &mut Findings) {
    let mut latest: Option<Limit> = None;
    for (after, at) in level.tables("escalation").iter().filter_map(|rung| rung.limit("after")) {
        match &latest {
            Some(before) if after.span <= before.span => {
                let what = format!("the rung after {after} is not later than the one after {before}");
                to.say(at, what, "put the earlier rung first");
            }
            _ => latest = Some(after),
        }
    }
}

/// An audience that is told regularly is declared, and told once.
fn cadences(root: &Table, levels: &[Table], to: &mut Findings) {
    let audiences = root.tables("audience");
    let declared: Vec<&str> =
        audiences.iter().filter_map(|audience| audience.text("name")).map(|name| name.text).collect();
    for level in levels {
        let updates = level.tables("update");
        once(&updates, "audience", "cadence of this level for", to);
        for audience in updates.iter().filter_map(|cadence| cadence.text("audience")) {
            let group = audience.text.split('/').next().unwrap_or(audience.text);
            if !declared.contains(&audience.text) && !declared.contains(&group) {
                let what = format!("an update goes to {:?}, which no [[audience]] has", audience.text);
                to.say(audience.at, what, suggest(audience.text, &declared));
            }
        }
    }
}

fn types(root: &Table, to: &mut Findings) {
    let types = root.tables("type");
    let known = known_levels(root);
    once(&types, "name", "type", to);
    for kind in &types {
        let name = kind.text("name");
        if let Some(name) = name.filter(|name| name.text != in_kebab_case(name.text)) {
            let what = format!("type {:?} can never be found", name.text);
            to.say(name.at, what, format!("call it {:?}", in_kebab_case(name.text)));
        }
        let who = format!("type {:?}", name.map_or("", |name| name.text));
        let severities = kind.texts("severity");
        if severities.is_empty() && kind.get("severity").is_some_and(|(value, _)| value.is_array()) {
            to.say(kind.at, format!("{who} has no severity"), "name at least one level, the usual one first");
        }
        severities.into_iter().for_each(|severity| known_level(&who, severity, &known, to));
    }
}

/// As `Policy::kind` looks for it.
fn in_kebab_case(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '_'], "-")
}

/// Of tables with the same name only the first is ever found.
fn once(tables: &[Table], key: &str, what: &str, to: &mut Findings) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for name in tables.iter().filter_map(|table| table.text(key)) {
        let first = *seen.entry(name.text.to_lowercase()).or_insert(name.at);
        if first != name.at {
            let hint = format!("it is on line {} already", to.line(first));
            to.say(name.at, format!("{what} {:?} is there twice", name.text), hint);
        }
    }
}
