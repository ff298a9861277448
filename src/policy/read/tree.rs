//! A TOML file with the place of everything in it, and the findings about it.
//!
//! What has the wrong type is not there for these readers: `shape` has said so already.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::Diagnostic;
use crate::policy::{Limit, nearest};

/// What was found so far.
pub struct Findings {
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
    found: Vec<Diagnostic>,
    /// The lines of those.
    lines: BTreeSet<usize>,
}

impl Findings {
    pub fn new(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(newlines).collect(),
            found: Vec::new(),
            lines: BTreeSet::new(),
        }
    }

    /// `at`: bytes from the beginning of the text; `None`: the whole file.
    pub fn say(&mut self, at: impl Into<Option<usize>>, what: impl Into<String>, hint: impl Into<String>) {
        let line = at.into().map_or(0, |at| self.line(at));
        self.lines.insert(line);
        self.found.push(Diagnostic { line, what: what.into(), hint: hint.into() });
    }

    /// The line of a place, counted from 1.
    pub fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    /// Whether something was found on the line of this place.
    pub fn has(&self, at: usize) -> bool {
        self.lines.contains(&self.line(at))
    }

    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort();
        self.found.dedup();
        self.found
    }
}

/// `did you mean P0?`, or all names there are.
pub fn suggest(typed: &str, names: &[&str]) -> String {
    match nearest(typed, names) {
        Some(near) => format!("did you mean {near}?"),
        None if names.is_empty() => "there is none".to_owned(),
        None => {
            let mut names = names.to_vec();
            names.dedup();
            format!("use one of {}", names.join(", "))
        }
    }
}

/// A text and where it stands.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    pub text: &'a str,
    pub at: usize,
}

/// A table and where it begins; the file itself has no place.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub at: Option<usize>,
    entries: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    pub fn root(entries: &'a DeTable<'a>) -> Self {
        Self { at: None, entries }
    }

    /// A table that is the value of a key or stands in a list.
    pub fn inner(entries: &'a DeTable<'a>, at: usize) -> Self {
        Self { at: Some(at), entries }
    }

    /// Key, where it stands, value, and where that stands.
    pub fn entries(&self) -> impl Iterator<Item = (Text<'a>, &'a DeValue<'a>, usize)> + use<'a> {
        self.entries.iter().map(|(key, value)| {
            let key = Text { text: key.get_ref(), at: key.span().start };
            (key, value.get_ref(), value.span().start)
        })
    }

    pub fn get(&self, key: &str) -> Option<(&'a DeValue<'a>, usize)> {
        self.entries().find(|(name, ..)| name.text == key).map(|(_, value, at)| (value, at))
    }

    pub fn text(&self, key: &str) -> Option<Text<'a>> {
        let (value, at) = self.get(key)?;
        Some(Text { text: value.as_str()?, at })
    }

    pub fn texts(&self, key: &str) -> Vec<Text<'a>> {
        let list = self.get(key).and_then(|(value, _)| value.as_array());
        let items = list.into_iter().flat_map(|list| list.iter());
        items
            .filter_map(|item| Some(Text { text: item.get_ref().as_str()?, at: item.span().start }))
            .collect()
    }

    pub fn whole(&self, key: &str) -> Option<(i64, usize)> {
        let (value, at) = self.get(key)?;
        Some((whole(value)?, at))
    }

    pub fn limit(&self, key: &str) -> Option<(Limit, usize)> {
        let text = self.text(key)?;
        Some((Limit::parse(text.text)?, text.at))
    }

    pub fn table(&self, key: &str) -> Option<Table<'a>> {
        let (value, at) = self.get(key)?;
        Some(Table::inner(value.as_table()?, at))
    }

    /// A list of tables; what is no table is left out.
    pub fn tables(&self, key: &str) -> Vec<Table<'a>> {
        let list = self.get(key).and_then(|(value, _)| value.as_array());
        let items = list.into_iter().flat_map(|list| list.iter());
        items.filter_map(|item| Some(Table::inner(item.get_ref().as_table()?, item.span().start))).collect()
    }
}

/// A whole number that fits.
pub fn whole(value: &DeValue) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}
