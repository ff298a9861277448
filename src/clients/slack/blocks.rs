//! A text as messages: heading, sections, links. Pure.
//!
//! What people wrote is sent as plain text blocks: nothing in it is formatted, linked or mentioned, so it reads in Slack as it
//! was written. Its addresses follow once more, to be clicked. Limits: header 150, section 3,000, 50 blocks
//! (<https://docs.slack.dev/reference/block-kit/blocks>); some 13,200 characters of blocks are refused as too long
//! (slackapi/bolt-js#2509).

use serde_json::{Value, json};

use super::text::{escaped, escaped_units, escaped_within, units};

const MOST_HEADER: usize = 150;
/// A section, less room for the mark of a part.
const MOST_SECTION: usize = 2_980;
/// All sections of one message.
const MOST_MESSAGE: usize = 11_950;
/// Sections of one message: fifty blocks, less heading and links.
const MOST_SECTIONS: usize = 48;
/// The text for notifications, and the longest that `chat.update` takes.
const MOST_FALLBACK: usize = 4_000;
/// Addresses that are repeated to be clicked: a context block has ten elements.
const MOST_LINKS: usize = 10;
const MOST_ADDRESS: usize = 500;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Escaped; for notifications and old clients.
    pub text: String,
    pub blocks: Value,
}

/// The messages that a title and a text become: one, or several that say which they are.
pub fn parts(title: &str, body: &str) -> Vec<Part> {
    let chunks = messages(body);
    let of = chunks.len().max(1);
    let mark = |number: usize| if of == 1 { String::new() } else { format!("({number}/{of})") };
    if chunks.is_empty() {
        return if title.trim().is_empty() { Vec::new() } else { vec![part(title, "", &[])] };
    }
    chunks.iter().enumerate().map(|(at, sections)| part(title, &mark(at + 1), sections)).collect()
}

/// One message alone: what does not fit is cut, and the last line says so.
pub fn single(title: &str, body: &str) -> Option<Part> {
    let chunks = messages(body);
    let Some(first) = chunks.first() else { return parts(title, body).pop() };
    let mut sections = first.clone();
    if chunks.len() > 1 {
        sections.pop();
        sections.push("[cut here: the whole text is kept with the incident]".to_owned());
    }
    Some(part(title, "", &sections))
}

fn part(title: &str, mark: &str, sections: &[String]) -> Part {
    let title = title.trim();
    let mut blocks = Vec::new();
    let mut sections = sections.to_vec();
    if !title.is_empty() {
        blocks.push(json!({"type": "header", "text": plain_text(heading(title, mark))}));
    } else if let Some(first) = sections.first_mut().filter(|_| !mark.is_empty()) {
        *first = format!("{mark}\n{first}");
    }
    let body = sections.join("\n");
    blocks.extend(sections.iter().map(|text| json!({"type": "section", "text": plain_text(escaped(text))})));
    blocks.extend(links(&body));
    let head =
        if title.is_empty() { String::new() } else { format!("{title} {mark}").trim_end().to_owned() + "\n" };
    let text = escaped_within(format!("{head}{body}").trim(), MOST_FALLBACK);
    Part { text, blocks: Value::Array(blocks) }
}

fn heading(title: &str, mark: &str) -> String {
    if mark.is_empty() {
        return escaped_within(title, MOST_HEADER);
    }
    format!("{} {mark}", escaped_within(title, MOST_HEADER - units(mark) - 1))
}

fn plain_text(escaped: String) -> Value {
    json!({"type": "plain_text", "text": escaped, "emoji": false})
}

/// The addresses of a text, to be clicked. They show themselves: no words hide where one leads.
fn links(text: &str) -> Option<Value> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '"')) {
        let word = word.trim_start_matches(['(', '[', '{', '\'', '`']);
        let word = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '`']);
        let start = word.find("https://").or_else(|| word.find("http://"));
        let Some(address) = start.map(|at| &word[at..]) else { continue };
        let usable = units(address) <= MOST_ADDRESS && reqwest::Url::parse(address).is_ok();
        if usable && found.len() < MOST_LINKS && !found.iter().any(|known| known == address) {
            found.push(address.to_owned());
        }
    }
    let link = |address: &String| json!({"type": "mrkdwn", "text": format!("<{}>", escaped(address)), "verbatim": true});
    let elements: Vec<Value> = found.iter().map(link).collect();
    (!elements.is_empty()).then(|| json!({"type": "context", "elements": elements}))
}

/// The sections of each message, in lines as they were; a line is broken only where it alone is too long.
fn messages(body: &str) -> Vec<Vec<String>> {
    let mut messages: Vec<Vec<String>> = Vec::new();
    let mut length = 0;
    for section in sections(body) {
        let long = section.chars().map(escaped_units).sum::<usize>();
        let full = messages
            .last()
            .is_none_or(|sections| length + long > MOST_MESSAGE || sections.len() >= MOST_SECTIONS);
        if full {
            messages.push(Vec::new());
            length = 0;
        }
        length += long;
        if let Some(last) = messages.last_mut() {
            last.push(section);
        }
    }
    messages
}

fn sections(body: &str) -> Vec<String> {
    let mut sections = Vec::new();
    let (mut current, mut length) = (String::new(), 0);
    for line in body.trim().lines().flat_map(short_lines) {
        let long = line.chars().map(escaped_units).sum::<usize>() + 1;
        if length + long > MOST_SECTION && length > 0 {
            sections.push(std::mem::take(&mut current));
            length = 0;
        }
        if length > 0 {
            current.push('\n');
        }
        current.push_str(line);
        length += long;
    }
    sections.push(current);
    sections.retain(|section| !section.trim().is_empty());
    sections
}

/// A line in pieces that fit in a section.
fn short_lines(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (at, c) in line.char_indices() {
        if length + escaped_units(c) > MOST_SECTION - 1 {
            pieces.push(&line[start..at]);
            (start, length) = (at, 0);
        }
        length += escaped_units(c);
    }
    pieces.push(&line[start..]);
    pieces
}
