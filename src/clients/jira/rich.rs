//! Text as people type it, read for the little markup that it may hold: paragraphs, headings, lists, code, addresses.
//!
//! Everything else stays the text that it is: no sign of anybody's can become markup of Jira's. What the parts look like there is
//! in [`super::adf`] and [`super::wiki`].

use crate::incident::clean::clean_text;

#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Heading {
        level: u8,
        text: String,
    },
    /// Lines that belong together.
    Paragraph(Vec<String>),
    Bullets(Vec<String>),
    /// Numbered from 1.
    Numbers(Vec<String>),
    Code {
        language: String,
        text: String,
    },
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline {
    Text(String),
    /// An address with http or https.
    Link {
        text: String,
        url: String,
    },
}

/// Never fails: what is no markup is a paragraph.
pub fn blocks(text: &str) -> Vec<Block> {
    let text = clean_text(text);
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    let mut broken = true;
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            broken = true;
            continue;
        }
        let joined = !std::mem::take(&mut broken);
        match fence(line) {
            Some(language) => blocks.push(code(language, &mut lines)),
            None => add(&mut blocks, line, joined),
        }
    }
    blocks
}

fn fence(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("```").map(str::trim).filter(|rest| !rest.contains('`'))
}

fn code<'a>(language: &str, lines: &mut impl Iterator<Item = &'a str>) -> Block {
    let ends = |line: &&str| line.trim() != "```";
    let text: Vec<&str> = lines.by_ref().take_while(ends).collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-');
    let language = language.chars().take_while(|c| plain(*c)).collect();
    Block::Code { language, text: text.join("\n") }
}

/// A line goes on where the block before it is of its kind.
fn add(blocks: &mut Vec<Block>, line: &str, joined: bool) {
    if let Some((level, text)) = heading(line) {
        return blocks.push(Block::Heading { level, text: text.to_owned() });
    }
    if let Some(text) = bullet(line) {
        match blocks.last_mut() {
            Some(Block::Bullets(items)) => items.push(text.to_owned()),
            _ => blocks.push(Block::Bullets(vec![text.to_owned()])),
        }
        return;
    }
    if let Some((number, text)) = numbered(line) {
        match blocks.last_mut() {
            Some(Block::Numbers(items)) if number == items.len() + 1 => return items.push(text.to_owned()),
            _ if number == 1 => return blocks.push(Block::Numbers(vec![text.to_owned()])),
            // A number that continues nothing is part of a sentence.
            _ => {}
        }
    }
    match blocks.last_mut() {
        Some(Block::Paragraph(lines)) if joined => lines.push(line.to_owned()),
        _ => blocks.push(Block::Paragraph(vec![line.to_owned()])),
    }
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let text = line.get(level..)?.strip_prefix(' ')?.trim();
    ((1..=6).contains(&level) && !text.is_empty()).then_some((level as u8, text))
}

fn bullet(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "))?.trim();
    (!text.is_empty()).then_some(text)
}

fn numbered(line: &str) -> Option<(usize, &str)> {
    let (number, text) = line.trim_start().split_once(". ")?;
    let plain = !number.is_empty() && number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.trim();
    let number = number.parse().ok().filter(|_| plain && !text.is_empty())?;
    Some((number, text))
}

/// The pieces of a line: addresses, `[words](https://…)`, and the text between.
pub fn inlines(line: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    let (mut text, mut rest) = (String::new(), line);
    while let Some(c) = rest.chars().next() {
        let word_goes_on = text.chars().next_back().is_some_and(char::is_alphanumeric);
        let found = if c == '[' { named_link(rest) } else { bare_link(rest).filter(|_| !word_goes_on) };
        let Some((link, length)) = found else {
            text.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        out.extend((!text.is_empty()).then(|| Inline::Text(std::mem::take(&mut text))));
        out.push(link);
        rest = &rest[length..];
    }
    out.extend((!text.is_empty()).then_some(Inline::Text(text)));
    out
}

fn named_link(rest: &str) -> Option<(Inline, usize)> {
    let (words, after) = rest[1..].split_once("](")?;
    let end = after.find(')')?;
    let url = &after[..end];
    let whole = bare_link(url).filter(|(_, length)| *length == url.len());
    let plain = !words.trim().is_empty() && !words.contains(['[', ']']);
    let link = Inline::Link { text: words.to_owned(), url: url.to_owned() };
    whole.filter(|_| plain).map(|_| (link, 1 + words.len() + 2 + end + 1))
}

fn bare_link(rest: &str) -> Option<(Inline, usize)> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme))?;
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | '\\' | '^' | '`');
    let end = rest.find(ends).unwrap_or(rest.len());
    let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '*', '_']);
    let link = Inline::Link { text: url.to_owned(), url: url.to_owned() };
    (url.len() > scheme.len()).then_some((link, url.len()))
}
