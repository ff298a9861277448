//! Keys, tokens and passwords that must not leave. What is found is named by its kind and its first characters only.

use std::ops::Range;

use super::Finding;
use crate::report::update::places;

const CHECK: &str = "secrets";
const FIX: &str = "take it out, and change it where it is used: whoever reads the log has seen it";
/// How much of a secret is shown, in characters; of one shorter than [`LEAST_SHOWN`] nothing.
const SHOWN: usize = 4;
const LEAST_SHOWN: usize = 12;
/// What stands in the place of a secret where a text is shown again.
const MASK: &str = "********";
/// After "the password is" these tell no password.
const STATES: [&str; 26] = [
    "expired",
    "wrong",
    "changed",
    "rotated",
    "not",
    "in",
    "being",
    "now",
    "required",
    "the",
    "a",
    "reset",
    "needed",
    "invalid",
    "kept",
    "stored",
    "unchanged",
    "known",
    "unknown",
    "correct",
    "missing",
    "set",
    "ok",
    "safe",
    "no",
    "never",
];
/// Beginnings of tokens, the least length of the whole, and what they are.
const PREFIXES: [(&str, usize, &str); 21] = [
    ("AKIA", 20, "an AWS access key"),
    ("ASIA", 20, "an AWS access key"),
    ("xoxb-", 15, "a Slack token"),
    ("xoxp-", 15, "a Slack token"),
    ("xoxa-", 15, "a Slack token"),
    ("xoxr-", 15, "a Slack token"),
    ("xoxs-", 15, "a Slack token"),
    ("xapp-", 15, "a Slack token"),
    ("ghp_", 20, "a GitHub token"),
    ("gho_", 20, "a GitHub token"),
    ("ghs_", 20, "a GitHub token"),
    ("ghu_", 20, "a GitHub token"),
    ("ghr_", 20, "a GitHub token"),
    ("github_pat_", 20, "a GitHub token"),
    ("npm_", 20, "an npm token"),
    ("sk_live_", 16, "a payment key"),
    ("rk_live_", 16, "a payment key"),
    ("sk-", 20, "an API key"),
    ("SG.", 20, "a mail service key"),
    ("glpat-", 20, "a GitLab token"),
    ("AIza", 35, "a Google key"),
];
const PASSWORDS: [&str; 4] = ["password", "passwd", "pwd", "passphrase"];
const KEYS: [&str; 6] = ["token", "secret", "api_key", "apikey", "api-key", "access_key"];
/// Shorter values after "token" are words, longer ones with letters and digits mixed are keys.
const LEAST_KEY: usize = 16;
/// Bits for each character; English words have fewer.
const LEAST_ENTROPY: f64 = 3.3;

pub(super) fn found(body: &str) -> Vec<Finding> {
    all(body).into_iter().map(|(range, what)| finding(body, range, what)).collect()
}

/// The text with what looks like a secret blotted out: for where it is shown again.
pub fn masked(body: &str) -> String {
    let mut masked = body.to_owned();
    for (range, _) in all(body).into_iter().rev() {
        masked.replace_range(range, MASK);
    }
    masked
}

/// In the order of the text; no two of them overlap.
fn all(body: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut all: Vec<(Range<usize>, &'static str)> = private_keys(body).chain(pieces(body)).collect();
    all.extend(bearers(body));
    all.extend(told(body));
    all.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    all.retain(|(range, _)| {
        let apart = range.start >= end;
        end = end.max(range.end);
        apart
    });
    all
}

fn finding(body: &str, range: Range<usize>, what: &str) -> Finding {
    let secret = &body[range.clone()];
    let start: String = secret.chars().take(SHOWN).collect();
    let start = if secret.chars().count() < LEAST_SHOWN { String::new() } else { format!(" ({start}…)") };
    Finding::new(CHECK, format!("The text holds {what}{start}."), FIX).at(range)
}

/// `the password is X`
fn told(body: &str) -> Vec<(Range<usize>, &'static str)> {
    let pieces: Vec<Range<usize>> = all_pieces(body).collect();
    let told = pieces.windows(3).filter_map(|three| {
        let text = |at: usize| body[three[at].clone()].to_ascii_lowercase();
        let (name, is, value) = (text(0), text(1), text(2));
        let value = value.trim_matches(|c: char| c.is_ascii_punctuation());
        let password =
            PASSWORDS.iter().any(|wanted| name.ends_with(wanted)) && matches!(is.as_str(), "is" | "was");
        let masked = value.is_empty() || STATES.contains(&value) || text(2).starts_with(['<', '[', '$', '{']);
        (password && !masked).then(|| (three[2].clone(), "a password"))
    });
    told.collect()
}

/// A private key as far as its last line, or as the text goes.
fn private_keys(body: &str) -> impl Iterator<Item = (Range<usize>, &'static str)> + '_ {
    body.match_indices("-----BEGIN ").filter_map(|(at, _)| {
        let head = body[at..].find('\n').map_or(body.len(), |line| at + line);
        let last = body[head..].find("-----END").map_or(body.len(), |end| head + end);
        let end = body[last..].find('\n').map_or(body.len(), |line| last + line);
        body[at..head].contains("PRIVATE KEY").then_some((at..end, "a private key"))
    })
}

/// `Bearer` and what follows it.
fn bearers(body: &str) -> impl Iterator<Item = (Range<usize>, &'static str)> + '_ {
    let lower = body.to_ascii_lowercase();
    let hits: Vec<usize> = lower.match_indices("bearer ").map(|(at, word)| at + word.len()).collect();
    hits.into_iter().filter_map(|at| {
        let end = end_of_piece(body, at);
        let value = &body[at..end];
        (value.len() >= LEAST_KEY && is_dense(value)).then_some((at..end, "a bearer token"))
    })
}

/// Every piece without a space: what it is by itself, or by the name before its `=` or `:`.
fn pieces(body: &str) -> impl Iterator<Item = (Range<usize>, &'static str)> + '_ {
    let open: Vec<Range<usize>> = places_in(body);
    let mut before = "";
    all_pieces(body).filter_map(move |range| {
        let text = &body[range.clone()];
        // "api_key = …": the sign may stand alone, the name before it is meant.
        if matches!(text, "=" | ":") {
            return None;
        }
        let after_sign = body[..range.start].trim_end().ends_with(['=', ':']);
        let name = std::mem::replace(&mut before, text);
        let placeholder = open.iter().any(|place| place.start < range.end && range.start < place.end);
        if placeholder { None } else { piece(body, range, name, after_sign) }
    })
}

fn all_pieces(body: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + body[at..].find(|c: char| !c.is_whitespace())?;
        at = end_of_piece(body, start);
        Some(start..at)
    })
}

/// `name` is the piece before; it counts where a `=` or `:` stands between the two.
fn piece(
    body: &str,
    range: Range<usize>,
    name: &str,
    after_sign: bool,
) -> Option<(Range<usize>, &'static str)> {
    let text = &body[range.clone()];
    if let Some((at, what)) = prefixed(text) {
        return Some((range.start + at..range.end, what));
    }
    if is_jwt(text) {
        return Some((range, "a JSON web token"));
    }
    if has_credentials(text) {
        return Some((range, "a connection string with its password"));
    }
    let (name, value) = match text.split_once(['=', ':']) {
        Some((name, value)) if !value.is_empty() => (name, range.end - value.len()..range.end),
        _ if after_sign => (name.trim_end_matches([':', '=']), range),
        _ => return None,
    };
    named(name, &body[value.clone()]).map(|what| (value, what))
}

/// What a value is by its name: `db_password`, `API_KEY`.
fn named(name: &str, value: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let value = value.trim_matches(['"', '\'', '`', ',', ';']);
    let masked = value.is_empty() || value.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '…' | '•'));
    let ends =
        |names: &[&str]| names.iter().any(|wanted| name.trim_matches(['"', '\'', '`']).ends_with(wanted));
    match () {
        () if masked || value.starts_with(['<', '$', '[', '{']) => None,
        () if ends(&PASSWORDS) && !is_word(value) => Some("a password"),
        () if ends(&KEYS) && value.len() >= LEAST_KEY && is_dense(value) => Some("a key or token"),
        () => None,
    }
}

/// "password: expired" is no password; "hunter2" is one.
fn is_word(value: &str) -> bool {
    value.chars().all(|c| c.is_lowercase()) && value.len() < LEAST_KEY
}

fn prefixed(text: &str) -> Option<(usize, &'static str)> {
    PREFIXES.iter().find_map(|(prefix, least, what)| {
        let at = text.find(prefix)?;
        let word = text[at..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            .count();
        let dense = !matches!(*prefix, "sk-" | "SG.") || is_dense(&text[at..]);
        let begins = !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        (begins && dense && word >= *least).then_some((at, *what))
    })
}

fn is_jwt(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'', '`', ',', ';', '(', ')']);
    let parts: Vec<&str> = text.split('.').collect();
    let base64 = |part: &&str| {
        part.len() >= 8 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=".contains(&b))
    };
    parts.len() == 3 && text.starts_with("eyJ") && parts[..2].iter().all(base64)
}

/// `postgres://user:password@host/db`
fn has_credentials(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = host.rsplit_once('@').map(|(user, _)| user);
    user.and_then(|user| user.split_once(':'))
        .is_some_and(|(_, password)| !password.trim_matches('*').is_empty())
}

/// Letters and digits mixed so that no language has it.
fn is_dense(value: &str) -> bool {
    let mixed = value.bytes().any(|b| b.is_ascii_digit()) && value.bytes().any(|b| b.is_ascii_alphabetic());
    mixed && entropy(value) >= LEAST_ENTROPY
}

/// Shannon's, in bits for each byte.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let total = value.len().max(1) as f64;
    let share = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total);
    share.map(|share| -share * share.log2()).sum()
}

fn places_in(body: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut all = Vec::new();
    for line in body.split_inclusive('\n') {
        all.extend(places(line).into_iter().map(|place| start + place.start..start + place.end));
        start += line.len();
    }
    all
}

fn end_of_piece(body: &str, start: usize) -> usize {
    body[start..].find(char::is_whitespace).map_or(body.len(), |end| start + end)
}
