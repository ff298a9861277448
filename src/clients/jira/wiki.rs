//! Rich text of a Jira Data Center: wiki markup, written and read.
//!
//! Every sign that could begin markup is escaped, so that nothing which somebody typed becomes a macro, a mention, a picture or a
//! table. Rules: "Text Formatting Notation Help" in Jira itself; the signs that a backslash escapes are those of Atlassian's renderer
//! (`BackslashEscapeRendererComponent`), everything else is written as an entity, which it preserves.

use super::rich::{self, Block, Inline};

/// A text as wiki markup.
pub fn markup(text: &str) -> String {
    let blocks: Vec<String> = rich::blocks(text).iter().map(block).collect();
    blocks.join("\n\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { level, text } => format!("h{level}. {}", line(text)),
        Block::Paragraph(lines) => each(lines, ""),
        Block::Bullets(items) => each(items, "* "),
        Block::Numbers(items) => each(items, "# "),
        Block::Code { text, .. } => code(text),
    }
}

fn each(lines: &[String], mark: &str) -> String {
    let lines: Vec<String> = lines.iter().map(|text| format!("{mark}{}", line(text))).collect();
    lines.join("\n")
}

/// Nothing can be escaped inside a macro: text that would end it is no longer code.
fn code(text: &str) -> String {
    if text.to_lowercase().contains("{noformat") {
        let lines: Vec<String> = text.lines().map(line).collect();
        return lines.join("\n");
    }
    format!("{{noformat}}\n{text}\n{{noformat}}")
}

fn line(text: &str) -> String {
    let pieces: Vec<String> = rich::inlines(text)
        .iter()
        .map(|piece| match piece {
            Inline::Text(text) => escaped(text),
            Inline::Link { text, url } if text == url => format!("[{}]", address(url)),
            Inline::Link { text, url } => format!("[{}|{}]", escaped(text), address(url)),
        })
        .collect();
    at_line_start(&pieces.concat())
}

/// Signs that Jira lets be escaped by a backslash.
fn has_escape(c: char) -> bool {
    has_meaning(c) || matches!(c, '?' | '@' | '%' | '+' | '-')
}

/// Those that mean something wherever they stand.
fn has_meaning(c: char) -> bool {
    matches!(c, '{' | '}' | '[' | ']' | '|' | '!' | '*' | '_' | '^' | '~' | '(' | ')')
}

/// Text in which no sign means anything.
pub fn escaped(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (n, &c) in chars.iter().enumerate() {
        let before = n.checked_sub(1).map(|n| chars[n]);
        push_escaped(c, before, &chars[n + 1..], &mut out);
    }
    out
}

fn push_escaped(c: char, before: Option<char>, after: &[char], out: &mut String) {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let next = after.first().copied();
    match c {
        // Two of them would break the line, one would escape what follows.
        '\\' => out.push_str("&#92;"),
        '&' if is_entity(after) => out.push_str("&amp;"),
        // The faces `:D` and `:P`; the others have a bracket, which is escaped.
        ':' if matches!(next, Some('D' | 'P' | 'p')) => out.push_str("&#58;"),
        // Dates, versions and words with dashes stay readable.
        '-' | '+' if word(before) && word(next) => out.push(c),
        '-' | '+' => out.extend(['\\', c]),
        '?' if before == Some('?') || next == Some('?') => out.extend(['\\', c]),
        c if has_meaning(c) => out.extend(['\\', c]),
        c => out.push(c),
    }
}

/// Whether `&` begins something that a browser would read as one sign.
fn is_entity(after: &[char]) -> bool {
    let end = after.iter().take(12).position(|c| *c == ';');
    end.is_some_and(|end| end > 0 && after[..end].iter().all(|c| c.is_ascii_alphanumeric() || *c == '#'))
}

/// `h1. `, `bq. ` and `#` mean something at the start of a line.
fn at_line_start(line: &str) -> String {
    let trimmed = line.trim_start();
    if trimmed.starts_with('#') {
        return line.replacen('#', "&#35;", 1);
    }
    let word = trimmed.split('.').next().unwrap_or_default();
    let is_mark =
        matches!(word, "bq" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") && trimmed.len() > word.len();
    if is_mark { line.replacen('.', "&#46;", 1) } else { line.to_owned() }
}

/// An address that cannot end its own brackets.
fn address(url: &str) -> String {
    let safe =
        |c: char| c.is_ascii_graphic() && !matches!(c, '{' | '}' | '[' | ']' | '|' | '\\' | '!' | '^' | '"');
    let mut bytes = [0; 4];
    let part = |c: char| match c {
        c if safe(c) => c.to_string(),
        c => c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect(),
    };
    url.chars().map(part).collect()
}

/// Wiki markup as plain text: without escapes, links with their address beside them.
pub fn plain(markup: &str) -> String {
    let markup = markup.replace("\r\n", "\n");
    let mut code = false;
    let mut out: Vec<String> = Vec::new();
    for line in markup.lines() {
        let fence = matches!(macro_name(line), Some("noformat" | "code"));
        code ^= fence;
        match fence {
            true => out.push("```".to_owned()),
            false if code => out.push(line.to_owned()),
            false => out.push(plain_line(line)),
        }
    }
    out.join("\n").trim().to_owned()
}

/// The macro that is all of a line.
fn macro_name(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix('{')?.strip_suffix('}')?;
    (!inner.contains(['{', '}'])).then(|| inner.split(':').next().unwrap_or(inner))
}

fn plain_line(line: &str) -> String {
    let (mark, rest) = line_mark(line);
    let mut out = mark;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let skip_to = match c {
            '\\' => match chars.next_if(|(_, next)| has_escape(*next)) {
                Some((_, next)) => {
                    out.push(next);
                    None
                }
                None => {
                    out.push(c);
                    None
                }
            },
            '[' => link(&rest[at..], &mut out).map(|length| at + length),
            '&' => entity(&rest[at..], &mut out).map(|length| at + length),
            c => {
                out.push(c);
                None
            }
        };
        if let Some(end) = skip_to {
            while chars.next_if(|(at, _)| *at < end).is_some() {}
        }
    }
    out
}

fn line_mark(line: &str) -> (String, &str) {
    let level = line.strip_prefix('h').and_then(|rest| rest.split_once(". "));
    if let Some((level, rest)) = level
        && let Ok(level @ 1..=6) = level.parse::<usize>()
    {
        return (format!("{} ", "#".repeat(level)), rest);
    }
    match line.strip_prefix("* ").or_else(|| line.strip_prefix("# ")) {
        Some(rest) => ("- ".to_owned(), rest),
        None => (String::new(), line),
    }
}

/// `[words|address]`, `[address]` or `[~somebody]`; what is none of them is text. Answers its length.
fn link(rest: &str, out: &mut String) -> Option<usize> {
    let end = rest.find(']').filter(|end| !rest[..*end].contains('\\'));
    let Some(end) = end else {
        out.push('[');
        return None;
    };
    let inner = &rest[1..end];
    match inner.split_once('|') {
        Some((words, url)) => out.push_str(&format!("{words} ({})", url.split('|').next().unwrap_or(url))),
        None if inner.starts_with('~') => {
            out.push_str(&format!("@{}", inner[1..].trim_start_matches("accountid:")))
        }
        None if inner.contains("://") || inner.starts_with("mailto:") => out.push_str(inner),
        None => out.push_str(&rest[..=end]),
    }
    Some(end + 1)
}

/// The entities that are written here, and those that people know.
fn entity(rest: &str, out: &mut String) -> Option<usize> {
    let known = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"')];
    if let Some((name, sign)) = known.iter().find(|(name, _)| rest.starts_with(name)) {
        out.push(*sign);
        return Some(name.len());
    }
    let number = rest.strip_prefix("&#").and_then(|rest| rest.split_once(';')).map(|(number, _)| number);
    let sign = number.and_then(|number| number.parse().ok()).and_then(char::from_u32);
    out.push(sign.unwrap_or('&'));
    sign.map(|_| number.map_or(0, str::len) + 3)
}
