//! Front matter: the `key: value` lines between two `---` at the top.
//!
//! For: owner, reviewers, incident type; the little of YAML that runbooks use.
//! Never: rejects a file. What it does not understand is kept as text in `extra` or left out.
//! Start: [`split`], which also says where the Markdown body begins.

use super::FrontMatter;
use super::text::clean;

pub(super) struct Split<'a> {
    pub front: FrontMatter,
    pub body: &'a str,
    /// Lines before the body, so that line numbers stay those of the file.
    pub lines_before: u32,
    /// A first line `---` with no closing one: the block was read as text.
    pub unclosed: bool,
}

pub(super) fn split(source: &str) -> Split<'_> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let none = |unclosed| Split { front: FrontMatter::default(), body: source, lines_before: 0, unclosed };
    let mut lines = source.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else {
        return none(false);
    };
    let mut read = first.len();
    let mut block = Vec::new();
    for line in lines {
        read += line.len();
        if matches!(line.trim_end(), "---" | "...") {
            let lines_before = u32::try_from(block.len() + 2).unwrap_or(u32::MAX);
            let body = source.get(read..).unwrap_or("");
            return Split { front: read_block(&block), body, lines_before, unclosed: false };
        }
        block.push(line);
    }
    // A rule as the first line is ordinary Markdown; only `key:` below it means front matter.
    none(block.first().is_some_and(|line| key_value(line).is_some()))
}

fn read_block(lines: &[&str]) -> FrontMatter {
    let mut front = FrontMatter::default();
    let mut open: Option<(String, Vec<String>)> = None;
    for line in lines {
        if let Some((key, value)) = key_value(line) {
            store(&mut front, open.take());
            open = Some((key, values(value)));
        } else if let Some((_, values)) = &mut open {
            values.extend(continuation(line));
        }
    }
    store(&mut front, open);
    front
}

/// An unindented `key: value`.
fn key_value(line: &str) -> Option<(String, &str)> {
    let (key, value) = line.split_once(':')?;
    let named = key.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let spaced = value.is_empty() || value.starts_with(char::is_whitespace);
    (named && spaced).then(|| (key.to_lowercase(), value.trim()))
}

/// `[a, b]` is a list; anything else is one value. `>` and `|` announce lines to come.
fn values(value: &str) -> Vec<String> {
    match value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(list) => list.split(',').filter_map(scalar).collect(),
        None if matches!(value, ">" | "|" | ">-" | "|-") => Vec::new(),
        None => scalar(value).into_iter().collect(),
    }
}

/// A `- item` or an indented line below its key.
fn continuation(line: &str) -> Option<String> {
    let trimmed = line.trim();
    scalar(trimmed.strip_prefix("- ").unwrap_or(trimmed))
}

fn scalar(value: &str) -> Option<String> {
    let value = value.trim();
    let quoted = ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote)));
    let plain = || value.split_once(" #").map_or(value, |(before, _comment)| before);
    let text = clean(quoted.unwrap_or_else(plain));
    (!text.is_empty() && !text.starts_with('#')).then_some(text)
}

fn store(front: &mut FrontMatter, entry: Option<(String, Vec<String>)>) {
    let Some((key, values)) = entry else { return };
    let text = values.join(", ");
    let one = (!text.is_empty()).then(|| text.clone());
    match key.as_str() {
        "type" | "kind" => front.kind = one,
        "severity" => front.severity = one,
        "owner" | "owner_slack" => front.owner = one,
        "reviewed" | "last_reviewed" | "last_reviewed_on" => front.reviewed = one,
        "reviewer" | "reviewers" => front.reviewers = names(&values),
        _ => {
            front.extra.insert(key, text);
        }
    }
}

fn names(values: &[String]) -> Vec<String> {
    let names = values.iter().flat_map(|value| value.split(','));
    names.map(|name| name.trim().to_string()).filter(|name| !name.is_empty()).collect()
}
