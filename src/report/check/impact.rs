//! Whether the impact is said at once: readers outside, and executives, look for it first (row B7).

use super::Finding;
use crate::report::update::{NEXT_LINE, STATUS_LINE};

const CHECK: &str = "impact-first";
const FIX: &str = "say in the first lines what people notice; the cause can wait";
/// By then the impact should have been said: so many lines that say something, or so many characters.
const LINES: usize = 5;
const CHARACTERS: usize = 300;

const IMPACT: [&str; 27] = [
    "impact",
    "affect",
    "unavailable",
    "delay",
    "late",
    "missing",
    "wrong",
    "incorrect",
    "lost",
    "slow",
    "error",
    "fail",
    "cannot",
    "can't",
    "unable",
    "down",
    "outage",
    "degraded",
    "stale",
    "users",
    "customers",
    "notice",
    "outdated",
    "duplicate",
    "not see",
    "exposed",
    "inaccurate",
];
const CAUSE: [&str; 6] = ["root cause", "because", "due to", "caused by", "the cause was", "the cause is"];

pub(super) fn comes_late(body: &str) -> Option<Finding> {
    let text = body.to_ascii_lowercase();
    let first = |words: &[&str]| words.iter().filter_map(|word| find(&text, word)).min();
    let window = window(&text);
    let impact = first(&IMPACT).filter(|at| *at < window);
    let cause = first(&CAUSE).filter(|at| *at < window);
    match (impact, cause) {
        (Some(impact), Some(cause)) if cause < impact => {
            let line = line_around(body, cause);
            let why = format!("The cause comes before the impact: {:?}.", &body[line.clone()]);
            Some(Finding::new(CHECK, why, FIX).at(line))
        }
        (Some(_), _) => None,
        (None, _) => {
            Some(Finding::new(CHECK, format!("The first {LINES} lines do not say the impact."), FIX))
        }
    }
}

/// Where the first lines end.
fn window(text: &str) -> usize {
    let mut said = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let lower = |name: &str| name.to_ascii_lowercase();
        let frame = line.starts_with(&lower(STATUS_LINE)) || line.starts_with(&lower(NEXT_LINE));
        said += usize::from(!line.trim().is_empty() && !frame);
        if said > LINES {
            break;
        }
        end += line.len();
    }
    let by_count = text.char_indices().nth(CHARACTERS).map_or(text.len(), |(at, _)| at);
    end.max(by_count)
}

/// Where a word begins with these letters. What stands in a placeholder counts: it is asked for elsewhere.
fn find(text: &str, word: &str) -> Option<usize> {
    let begins = |at: &usize| !text[..*at].chars().next_back().is_some_and(char::is_alphanumeric);
    text.match_indices(word).map(|(at, _)| at).find(begins)
}

fn line_around(body: &str, at: usize) -> std::ops::Range<usize> {
    let start = body[..at].rfind('\n').map_or(0, |place| place + 1);
    let end = body[at..].find('\n').map_or(body.len(), |place| at + place);
    start..end
}
