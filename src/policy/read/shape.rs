//! Does the file have the keys and values that the schema knows? Every difference is a finding with what to write.

use toml::de::DeValue;

use super::schema::{Field, Shape};
use super::tree::{Findings, Table, Text, suggest, whole};
use crate::policy::{Limit, nearest};

const LENGTHS: &str = "write 15 min, 4 h, 30 s, 2 days, 1 week or 1 business day";

/// `what`: the table in words. `broken`: the file is no TOML, so that what seems to be missing may be there, and a line
/// that was complained about already is left alone.
pub fn check(table: &Table, fields: &[Field], what: &str, broken: bool, to: &mut Findings) {
    for (key, value, at) in table.entries() {
        if broken && to.has(key.at) {
            continue;
        }
        match fields.iter().find(|field| field.key == key.text) {
            Some(field) => check_value(key, field, (value, at), broken, to),
            None => unknown(key, fields, what, to),
        }
    }
    for field in fields.iter().filter(|field| field.must && !broken && table.get(field.key).is_none()) {
        to.say(table.at, format!("{what} has no `{}`", field.key), format!("add {}", example(field)));
    }
}

fn unknown(key: Text, fields: &[Field], what: &str, to: &mut Findings) {
    let names: Vec<&str> = fields.iter().map(|field| field.key).collect();
    let hint = match meant(key.text, &names).or_else(|| nearest(key.text, &names)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it may have {}", names.join(", ")),
    };
    to.say(key.at, format!("{what} has no key `{}`", key.text), hint);
}

/// Other words for the same, and the plural of a name.
fn meant<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    const OTHER_WORDS: [(&str, &str); 10] = [
        ("severity", "level"),
        ("severities", "level"),
        ("priority", "level"),
        ("priorities", "level"),
        ("kind", "type"),
        ("category", "type"),
        ("stakeholder", "audience"),
        ("person", "contact"),
        ("people", "contact"),
        ("description", "about"),
    ];
    let typed = typed.to_lowercase().replace('-', "_");
    let word = OTHER_WORDS.iter().find(|(other, _)| *other == typed).map_or(typed.as_str(), |(_, name)| name);
    names.iter().find(|name| **name == word || word.strip_suffix('s') == Some(name)).copied()
}

fn check_value(key: Text, field: &Field, (value, at): (&DeValue, usize), broken: bool, to: &mut Findings) {
    match (&field.shape, value) {
        (Shape::One(fields), DeValue::Table(inner)) => {
            check(&Table::inner(inner, at), fields, &format!("[{}]", key.text), broken, to);
        }
        (Shape::Many(fields), DeValue::Array(list)) => {
            for item in list.iter() {
                let at = item.span().start;
                match item.get_ref() {
                    DeValue::Table(inner) => {
                        check(&Table::inner(inner, at), fields, &format!("[[{}]]", key.text), broken, to);
                    }
                    other => to.say(at, inside(key, other), format!("write {}", example(field))),
                }
            }
        }
        (Shape::Texts, DeValue::Array(list)) => {
            for item in list.iter().filter(|item| !item.get_ref().is_str()) {
                to.say(item.span().start, inside(key, item.get_ref()), "put each text in quotes");
            }
        }
        _ => {
            if let Some((what, hint)) = wrong(field, value) {
                to.say(at, format!("`{}`{what}", key.text), hint);
            }
        }
    }
}

/// What is in a list and should not be.
fn inside(key: Text, value: &DeValue) -> String {
    format!("`{}` has {} in it", key.text, a(value.type_str()))
}

/// What is wrong with a single value, and what to write.
fn wrong(field: &Field, value: &DeValue) -> Option<(String, String)> {
    let write = || format!("write {}", example(field));
    match (&field.shape, value) {
        (Shape::Text, DeValue::String(text)) => {
            (field.must && text.trim().is_empty()).then(|| (" is empty".to_owned(), write()))
        }
        (Shape::Flag, DeValue::Boolean(_)) => None,
        (Shape::Whole(from, until), DeValue::Integer(_)) => {
            let fits = whole(value).is_some_and(|number| number >= *from && number <= *until);
            (!fits).then(|| (" is out of range".to_owned(), format!("write a number from {from} to {until}")))
        }
        (Shape::Length, DeValue::String(text)) => wrong_length(text, false),
        (Shape::Period, DeValue::String(text)) => wrong_length(text, true),
        (Shape::Length | Shape::Period, DeValue::Integer(_)) => {
            Some((" is a number without a unit".to_owned(), LENGTHS.replace("write", "write, in quotes,")))
        }
        (Shape::Key, DeValue::String(text)) => (text.chars().count() != 1)
            .then(|| (format!(": {text:?} is not one character"), "write one letter or digit".to_owned())),
        (Shape::Word(words), DeValue::String(text)) => {
            (!words.contains(&text.as_ref())).then(|| (format!(" cannot be {text:?}"), suggest(text, words)))
        }
        (shape, other) => Some((format!(" is {}, not {}", a(other.type_str()), wanted(shape)), write())),
    }
}

fn wrong_length(text: &str, repeated: bool) -> Option<(String, String)> {
    match Limit::parse(text) {
        None => Some((format!(": {text:?} is not a length of time"), LENGTHS.to_owned())),
        Some(limit) if repeated && limit.span.ms() == 0 => {
            let hint = "leave it out, or write at least 1 min";
            Some((" is no time at all".to_owned(), hint.to_owned()))
        }
        Some(_) => None,
    }
}

/// `an integer`, `a string`
fn a(kind: &str) -> String {
    if kind.starts_with(['a', 'i']) { format!("an {kind}") } else { format!("a {kind}") }
}

fn wanted(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text => "a text",
        Shape::Texts => "a list of texts",
        Shape::Flag => "true or false",
        Shape::Whole(..) => "a whole number",
        Shape::Length | Shape::Period => "a length of time",
        Shape::Key => "one character in quotes",
        Shape::Word(_) => "a word",
        Shape::One(_) => "a table",
        Shape::Many(_) => "a list of tables",
    }
}

/// `rank = 1`, `notify = [{ who = "..." }]`
fn example(field: &Field) -> String {
    let inner = |fields: &[Field]| {
        let needed: Vec<String> = fields.iter().filter(|field| field.must).map(example).collect();
        if needed.is_empty() { "{ ... }".to_owned() } else { format!("{{ {} }}", needed.join(", ")) }
    };
    let value = match &field.shape {
        Shape::Text => "\"...\"".to_owned(),
        Shape::Texts => "[\"...\"]".to_owned(),
        Shape::Flag => "true".to_owned(),
        Shape::Whole(from, _) => from.to_string(),
        Shape::Length | Shape::Period => "\"15 min\"".to_owned(),
        Shape::Key => "\"a\"".to_owned(),
        Shape::Word(words) => format!("{:?}", words.first().unwrap_or(&"")),
        Shape::One(fields) => inner(fields),
        Shape::Many(fields) => format!("[{}]", inner(fields)),
    };
    format!("{} = {value}", field.key)
}
