//! Can the questions be walked? Every one is reached, none is asked twice, and each way ends with a severity.
//!
//! `next` points forward only: that alone makes every walk end, and shows at one pass what is reached.

use std::collections::{BTreeMap, BTreeSet};

use super::sense::{known_level, known_levels};
use super::tree::{Findings, Table, Text, suggest};
use crate::policy::triage::{Axes, RESERVED_KEYS};

pub fn check(root: &Table, to: &mut Findings) {
    if let Some(triage) = root.table("triage") {
        walk(root, &triage, to);
    }
    if let Some(axes) = root.table("axes") {
        grid(root, &axes, to);
    }
}

/// What an answer leads to.
struct Way<'a> {
    at: Option<usize>,
    levels: Vec<Text<'a>>,
    /// Also when it is meant to and what is written there is wrong.
    has_levels: bool,
    next: Option<Text<'a>>,
}

struct Question<'a> {
    at: Option<usize>,
    id: &'a str,
    ways: Vec<Way<'a>>,
}

impl<'a> Question<'a> {
    fn read(table: &Table<'a>) -> Self {
        let way = |table: &Table<'a>| {
            let levels = table.texts("levels");
            let wrong = table.get("levels").is_some_and(|(value, _)| !value.is_array());
            Way { at: table.at, has_levels: wrong || !levels.is_empty(), levels, next: table.text("next") }
        };
        let short = [table.table("yes"), table.table("no")];
        let answers = table.tables("answer");
        let is_short = short.iter().any(Option::is_some);
        let onward = || Way { at: table.at, levels: Vec::new(), has_levels: false, next: None };
        let yes_no = short.iter().filter(|_| is_short).map(|side| side.as_ref().map_or_else(onward, way));
        let mut ways: Vec<Way> = yes_no.chain(answers.iter().map(way)).collect();
        if ways.is_empty() {
            // `keys` complains; the questions below are not to blame.
            ways.push(onward());
        }
        Self { at: table.at, id: table.text("id").map_or("", |id| id.text), ways }
    }
}

fn walk(root: &Table, triage: &Table, to: &mut Findings) {
    let tables = triage.tables("question");
    if tables.is_empty() {
        to.say(triage.at, "triage asks nothing", "add [[triage.question]] with id, ask and yes or answer");
        return;
    }
    let questions: Vec<Question> = tables.iter().map(Question::read).collect();
    let first = triage.text("mode").is_none_or(|mode| mode.text == "first");
    let otherwise = triage.table("otherwise");
    names(&tables, to);
    tables.iter().for_each(|table| keys(table, to));
    let known = known_levels(root);
    for question in &questions {
        levels(&known, question, first, to);
        pointers(question, &questions, to);
    }
    if let Some(otherwise) = &otherwise {
        let named = otherwise.texts("levels");
        if named.is_empty() {
            to.say(otherwise.at, "`otherwise` names no severity", "write otherwise = { levels = [\"...\"] }");
        }
        named.into_iter().for_each(|name| known_level("`otherwise`", name, &known, to));
    }
    reached(&questions, first, otherwise.is_some(), to);
}

fn names(tables: &[Table], to: &mut Findings) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for id in tables.iter().filter_map(|table| table.text("id")) {
        let first = *seen.entry(id.text).or_insert(id.at);
        if first != id.at {
            let hint = format!("it is on line {} already", to.line(first));
            to.say(id.at, format!("two questions have the id {:?}", id.text), hint);
        }
    }
}

/// Each answer has a key of its own that the console does not need.
fn keys(table: &Table, to: &mut Findings) {
    let short = table.table("yes").or(table.table("no")).is_some();
    let answers = table.tables("answer");
    if !short && answers.is_empty() {
        let hint = "add yes = { levels = [\"...\"] }, or answer = [{ key = \"a\", say = \"...\" }]";
        to.say(table.at, "a question without answers", hint);
    }
    let mut taken: Vec<&str> = if short { vec!["y", "n"] } else { Vec::new() };
    for key in answers.iter().filter_map(|answer| answer.text("key")) {
        let reserved = key.text.chars().any(|key| RESERVED_KEYS.contains(key) || key.is_control());
        if taken.contains(&key.text) {
            to.say(key.at, format!("two answers have the key {:?}", key.text), "give each a key of its own");
        } else if reserved {
            to.say(
                key.at,
                format!("the key {:?} has a meaning of its own there", key.text),
                "use a digit or another letter",
            );
        }
        taken.push(key.text);
    }
}

/// Levels are known, the graver first, and nothing follows what ends the walk.
fn levels(known: &[(Text, Option<i64>)], question: &Question, first: bool, to: &mut Findings) {
    let who = format!("question {:?}", question.id);
    let rank = |name: &Text| {
        known.iter().find(|(level, _)| level.text.eq_ignore_ascii_case(name.text)).and_then(|(_, rank)| *rank)
    };
    for way in &question.ways {
        way.levels.iter().for_each(|name| known_level(&who, *name, known, to));
        let ranks: Vec<i64> = way.levels.iter().filter_map(rank).collect();
        if let (false, Some(level)) = (ranks.is_sorted(), way.levels.first()) {
            to.say(level.at, format!("{who}: the levels are not in order"), "put the graver one first");
        }
        if let Some(next) = way.next.filter(|_| first && way.has_levels) {
            let what = format!("{who}: `next` is never followed, for the levels end the walk");
            to.say(next.at, what, "leave one of the two out, or set mode = \"gravest\"");
        }
    }
}

/// `next` names a question further down.
fn pointers(question: &Question, all: &[Question], to: &mut Findings) {
    let own = all.iter().position(|other| std::ptr::eq(other, question));
    for next in question.ways.iter().filter_map(|way| way.next) {
        match all.iter().position(|other| other.id == next.text) {
            None => {
                let ids: Vec<&str> = all.iter().map(|other| other.id).collect();
                to.say(
                    next.at,
                    format!("`next` points to {:?}, which no question has", next.text),
                    suggest(next.text, &ids),
                );
            }
            Some(place) if Some(place) <= own => {
                let what =
                    format!("`next` points back to {:?}: the questions would go in a circle", next.text);
                to.say(next.at, what, "point to a question further down, or move that one down");
            }
            Some(_) => {}
        }
    }
}

/// One pass from the first question: what is reached, and what is reached without any severity so far.
fn reached(questions: &[Question], first: bool, otherwise: bool, to: &mut Findings) {
    let mut reached = vec![false; questions.len()];
    let mut bare = vec![false; questions.len()];
    (reached[0], bare[0]) = (true, true);
    for (at, question) in questions.iter().enumerate() {
        if !reached[at] {
            let what = format!("question {:?} is never reached", question.id);
            to.say(question.at, what, "point to it with `next`, or let an answer above go on");
            continue;
        }
        for way in &question.ways {
            let ends = first && way.has_levels;
            let still_bare = bare[at] && !way.has_levels;
            let next = match way.next {
                Some(next) => questions.iter().position(|other| other.id == next.text),
                None => Some(at + 1).filter(|next| *next < questions.len()),
            };
            match next.filter(|next| !ends && *next > at) {
                Some(next) => {
                    reached[next] = true;
                    bare[next] |= still_bare;
                }
                None if still_bare && !otherwise && way.next.is_none() => {
                    let what =
                        format!("question {:?}: here the walk can end without a severity", question.id);
                    to.say(way.at, what, "give the answer `levels`, or [triage] an `otherwise`");
                }
                None => {}
            }
        }
    }
}

/// Each cell of the two axes is a level, and each level is a cell.
fn grid(root: &Table, axes: &Table, to: &mut Findings) {
    let degradation = marks(axes, "degradation", to);
    let impact = marks(axes, "impact", to);
    let levels = root.tables("level");
    let ranks: Vec<u8> =
        levels.iter().filter_map(|level| mark(level.whole("rank")?)).map(|(rank, _)| rank).collect();
    if degradation.is_empty() || impact.is_empty() || ranks.len() < levels.len() {
        return;
    }
    let cells = degradation.iter().flat_map(|down| impact.iter().map(|side| Axes::rank(*down, *side)));
    let cells: BTreeSet<u8> = cells.collect();
    for cell in cells.iter().filter(|cell| !ranks.contains(cell)) {
        let what = format!("the axes lead to rank {cell}, which no [[level]] has");
        to.say(axes.at, what, "change the values, or add the level");
    }
    for rank in ranks.iter().filter(|rank| !cells.contains(rank)) {
        let what = format!("the axes never lead to rank {rank}");
        to.say(axes.at, what, "add a mark whose mean with another is that rank");
    }
}

/// The values of one axis, each once.
fn marks(axes: &Table, axis: &str, to: &mut Findings) -> BTreeSet<u8> {
    let tables = axes.tables(axis);
    if tables.is_empty() && axes.get(axis).is_some_and(|(value, _)| value.is_array()) {
        let hint = format!("add {axis} = [{{ value = 1, say = \"...\" }}]");
        to.say(axes.at, format!("the axis `{axis}` has no marks"), hint);
    }
    let mut values = BTreeSet::new();
    for (value, at) in tables.iter().filter_map(|table| mark(table.whole("value")?)) {
        if !values.insert(value) {
            let what = format!("value {value} is there twice on the axis `{axis}`");
            to.say(at, what, "each mark has a value of its own");
        }
    }
    values
}

/// A rank or a mark from 1 to 5; `shape` has complained about any other.
fn mark((value, at): (i64, usize)) -> Option<(u8, usize)> {
    u8::try_from(value).ok().filter(|value| (1..=5).contains(value)).map(|value| (value, at))
}
