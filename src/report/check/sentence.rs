//! A text in sentences and words, each with its place, for the checks that read meaning.

use std::ops::Range;

/// A word or number: letters, digits, and the colon of `15:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct Token {
    /// In lower case (ASCII only, so that places stay what they are).
    pub text: String,
    pub range: Range<usize>,
}

/// The sentences of a text. A line break ends one, as does a full stop before a space.
pub(in crate::report) fn sentences(body: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut chars = body.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = match c {
            '\n' | ';' => true,
            '.' | '!' | '?' => next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends {
            all.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    all.push(start..body.len());
    all.retain(|range| !body[range.clone()].trim().is_empty());
    all
}

/// The words of one sentence, with their places in the whole text.
pub(in crate::report) fn tokens(body: &str, sentence: &Range<usize>) -> Vec<Token> {
    let text = &body[sentence.clone()];
    let mut all: Vec<Token> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let digit_before = text[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit());
        let colon = c == ':' && digit_before && text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        match (c.is_alphanumeric() || colon, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let range = sentence.start + from..sentence.start + at;
                all.push(Token { text: text[from..at].to_ascii_lowercase(), range });
                start = None;
            }
            _ => {}
        }
    }
    all
}
