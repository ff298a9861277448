//! Text that is safe to show, and names made from it.
//!
//! For: one place where control, bidi and zero-width characters of a foreign document end.
//! Never: shortens what a reader needs; only slugs are cut.
//! Start: [`clean`] for a line of prose, [`clean_code`] for a block, [`slug`] for an id.

/// Long enough for a whole heading, short enough to type.
pub(super) const PHASE_SLUG_CHARS: usize = 48;
pub(super) const STEP_SLUG_CHARS: usize = 40;

/// One line: white space runs become one space, invisible and control characters go.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let kept = out.len();
        if kept > 0 {
            out.push(' ');
        }
        let start = out.len();
        out.extend(word.chars().filter(|c| !is_hostile(*c)));
        if out.len() == start {
            out.truncate(kept);
        }
    }
    out
}

/// Keeps lines and indentation of a command; empty lines around it go.
pub(super) fn clean_code(text: &str) -> String {
    let kept: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_hostile(*c)).collect();
    kept.trim_end().trim_start_matches('\n').to_string()
}

/// Control characters, and those that hide or reorder what is on the screen.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The words of a text: runs of letters and digits of any script, in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// First words that fit in `max` characters; a first word that does not fit is cut.
pub(super) fn slug(text: &str, max: usize) -> String {
    let mut slug = String::new();
    let mut used = 0;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        // A word longer than `max` is never taken whole, so a megabyte of one costs no more.
        let word: String = word.chars().take(max + 1).flat_map(char::to_lowercase).filter(keeps).collect();
        let length = word.chars().count();
        if used == 0 {
            slug.extend(word.chars().take(max));
        } else if used + 1 + length <= max {
            slug.push('-');
            slug.push_str(&word);
        } else {
            break;
        }
        used = slug.chars().count();
    }
    slug
}

fn keeps(c: &char) -> bool {
    c.is_alphanumeric()
}
