//! Between our words and Slack's: escaping on the way out, reading `<…>` and entities on the way in. Pure.
//!
//! Slack gives `&`, `<` and `>` a meaning, and no other character
//! (<https://docs.slack.dev/messaging/formatting-message-text>): with these three escaped no text mentions anybody.

use std::collections::BTreeMap;

use crate::incident::clean::clean_text;

/// Ids of people to their names.
pub type Names = BTreeMap<String, String>;

/// Length as Slack's limits count it, in UTF-16 units: no other way of counting gives more.
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

pub fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        put_escaped(&mut out, c);
        out
    })
}

fn put_escaped(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        c => out.push(c),
    }
}

/// How long one character is once it is escaped.
pub fn escaped_units(c: char) -> usize {
    match c {
        '&' => 5,
        '<' | '>' => 4,
        c => c.len_utf16(),
    }
}

/// Escaped, and cut with `…` where it would be longer than `most` units: never inside of an entity.
pub fn escaped_within(text: &str, most: usize) -> String {
    if text.chars().map(escaped_units).sum::<usize>() <= most {
        return escaped(text);
    }
    let mut out = String::new();
    let mut left = most.saturating_sub(1);
    for c in text.chars() {
        let Some(rest) = left.checked_sub(escaped_units(c)) else { break };
        left = rest;
        put_escaped(&mut out, c);
    }
    format!("{}…", out.trim_end())
}

/// Slack's markup as plain text, safe to keep.
pub fn plain(text: &str, names: &Names) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&unescaped(&rest[..at]));
        let inner = &rest[at + 1..];
        let Some(end) = inner.find('>') else {
            out.push('<');
            rest = inner;
            continue;
        };
        out.push_str(&token(&inner[..end], names));
        rest = &inner[end + 1..];
    }
    out.push_str(&unescaped(rest));
    clean_text(&out).trim().to_owned()
}

/// What stands between `<` and `>`.
fn token(inner: &str, names: &Names) -> String {
    let (what, label) = match inner.split_once('|') {
        Some((what, label)) => (what, Some(label).filter(|label| !label.is_empty())),
        None => (inner, None),
    };
    let label = label.map(unescaped);
    let mut kind = what.chars();
    match kind.next() {
        Some('@') => {
            let name =
                names.get(kind.as_str()).cloned().or(label).unwrap_or_else(|| kind.as_str().to_owned());
            format!("@{}", name.trim_start_matches('@'))
        }
        Some('#') => format!("#{}", label.as_deref().unwrap_or(kind.as_str()).trim_start_matches('#')),
        Some('!') => special(kind.as_str(), label),
        _ => link(&unescaped(what), label),
    }
}

fn special(what: &str, label: Option<String>) -> String {
    let name = what.split('^').next().unwrap_or(what);
    match (name, label) {
        ("date", Some(said)) => said,
        (_, Some(said)) => format!("@{}", said.trim_start_matches('@')),
        (name, None) => format!("@{name}"),
    }
}

fn link(address: &str, label: Option<String>) -> String {
    let bare = address.trim_start_matches("mailto:");
    match label {
        Some(label) if label != address && label != bare && !address.ends_with(&format!("//{label}")) => {
            format!("{label} ({address})")
        }
        _ => bare.to_owned(),
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The ids of the people whom a text mentions.
pub fn mentioned(text: &str) -> impl Iterator<Item = &str> {
    text.split("<@")
        .skip(1)
        .filter_map(|rest| rest.split(['>', '|']).next())
        .filter(|id| super::ids::is_user(id))
}
