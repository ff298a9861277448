//! What stands out inside a note: people, things left to do, links. For highlighting and for knowing who is meant.

use std::ops::Range;

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// `@who`, with its `@`.
    Mention,
    Todo,
    Link,
}

/// Byte ranges in the order of the text; they do not overlap. A link hides what is inside it.
pub fn tokens(text: &str) -> Vec<(Range<usize>, Token)> {
    let mut found = Vec::new();
    let (mut at, mut before) = (0, None);
    while let Some(c) = text[at..].chars().next() {
        match token_at(&text[at..], before) {
            Some((len, token)) => {
                found.push((at..at + len, token));
                at += len;
                before = text[..at].chars().next_back();
            }
            None => {
                at += c.len_utf8();
                before = Some(c);
            }
        }
    }
    found
}

/// The mentions among `found`, in small letters, each once.
pub(super) fn names(text: &str, found: &[(Range<usize>, Token)]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    found
        .iter()
        .filter(|(_, token)| *token == Token::Mention)
        .map(|(range, _)| text[range.start + 1..range.end].to_lowercase())
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

pub(super) fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn token_at(text: &str, before: Option<char>) -> Option<(usize, Token)> {
    let inside_word = before.is_some_and(in_word);
    match text.as_bytes().first()? {
        // An e-mail address has a name before its "@", which may end in one of these.
        b'@' if !inside_word && !matches!(before, Some('-' | '+' | '%')) => {
            Some((mention_len(text)?, Token::Mention))
        }
        b'T' if !inside_word && before != Some('\\') => {
            let after = text.strip_prefix("TODO")?;
            (!after.starts_with(in_word)).then_some((4, Token::Todo))
        }
        b'h' if !inside_word => Some((link_len(text)?, Token::Link)),
        _ => None,
    }
}

fn mention_len(text: &str) -> Option<usize> {
    let name = &text[1..];
    let end = name.find(|c: char| !in_word(c) && !matches!(c, '.' | '-')).unwrap_or(name.len());
    // A full stop after a name ends the sentence.
    let name = name[..end].trim_end_matches(['.', '-']);
    name.starts_with(in_word).then_some(1 + name.len())
}

fn link_len(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://"].iter().find(|scheme| text.starts_with(**scheme))?;
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|');
    let link = trim_link(&text[..text.find(ends).unwrap_or(text.len())]);
    (link.len() > scheme.len()).then_some(link.len())
}

/// Punctuation at the end belongs to the sentence, and so does a bracket that the link itself did not open.
fn trim_link(link: &str) -> &str {
    let opened = link.contains('(');
    link.trim_end_matches(|c| {
        matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | ']' | '}') || (c == ')' && !opened)
    })
}
