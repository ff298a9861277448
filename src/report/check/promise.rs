//! Whether a text promises a time by which it will be over (rows B7, S1.8: never to customers).
//!
//! It looks for a limit of time ("by 15:00", "within 2 hours", "tomorrow") in a sentence that speaks of the end or of the
//! future. Sentences about the next update, and about what has happened, are left alone.

use super::Finding;
use super::sentence::{Token, sentences, tokens};
use crate::incident::words::Word;

const CHECK: &str = "no-promise";
const FIX: &str = "say what is being done and when the next update comes; outside, nobody is promised an end";

/// The end of an incident.
const END: [&str; 20] = [
    "fixed",
    "fix",
    "resolved",
    "resolution",
    "solved",
    "restored",
    "recovered",
    "repaired",
    "back",
    "available",
    "complete",
    "completed",
    "finished",
    "done",
    "normal",
    "online",
    "running",
    "up",
    "over",
    "working",
];
const FUTURE: [&str; 23] = [
    "will",
    "ll",
    "shall",
    "should",
    "expect",
    "expects",
    "expected",
    "aim",
    "aims",
    "hope",
    "plan",
    "plans",
    "planned",
    "estimate",
    "estimated",
    "estimates",
    "anticipate",
    "anticipated",
    "going",
    "likely",
    "intend",
    "target",
    "promise",
];
const PAST: [&str; 6] = ["was", "were", "has", "have", "had", "been"];
/// A state that lasts until some time.
const TROUBLE: [&str; 9] =
    ["unavailable", "delayed", "down", "late", "offline", "missing", "affected", "broken", "stale"];
/// A sentence with one of these is about the next message.
const UPDATE: [&str; 4] = ["update", "updates", "news", "bulletin"];
/// So is one in which we say that we will do one of these.
const TELL: [&str; 8] = ["tell", "say", "write", "share", "inform", "post", "report", "hear"];
/// Words between "by" and the time.
const FILLERS: [&str; 18] = [
    "about",
    "around",
    "approximately",
    "roughly",
    "the",
    "next",
    "less",
    "than",
    "under",
    "at",
    "most",
    "another",
    "a",
    "an",
    "few",
    "couple",
    "of",
    "later",
];
/// Of these, those that stand for a number.
const SOME: [&str; 6] = ["a", "an", "few", "couple", "half", "several"];
const NUMBERS: [&str; 14] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen",
    "thirty", "half",
];
const UNITS: [&str; 19] = [
    "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "h", "hr", "hrs",
    "hour", "hours", "day", "days", "week", "weeks",
];
/// What "end of" may be followed by.
const PERIODS: [&str; 6] = ["day", "business", "week", "today", "month", "shift"];
const DAYS: [&str; 16] = [
    "tomorrow",
    "tonight",
    "today",
    "noon",
    "midday",
    "midnight",
    "morning",
    "afternoon",
    "evening",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// Days that need no "by" before them.
const BARE_DAYS: [&str; 2] = ["tomorrow", "tonight"];

/// What is not of one moment: how things usually are.
const USUALLY: [&str; 5] = ["normally", "usually", "typically", "always", "every"];
/// With these before it, "back" is no end: we report back.
const BACK: [&str; 5] = ["report", "get", "write", "come", "reporting"];
/// An end as a label has it: "Expected resolution: 15:00".
const GOALS: [&str; 6] = ["resolution", "recovery", "restoration", "repair", "fix", "completion"];
const EXPECTED: [&str; 6] = ["expected", "estimated", "time", "target", "planned", "anticipated"];
const PARTS: [&str; 5] = ["morning", "afternoon", "evening", "week", "weekend"];

/// How a time is said.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Limit {
    /// `15:00`, `3 pm`, `Monday`, `end of day`.
    Moment,
    /// `2 hours`.
    Span,
}

pub(super) fn promised(body: &str, word: Word) -> Option<Finding> {
    let found = sentences(body).into_iter().find_map(|sentence| {
        let tokens = tokens(body, &sentence);
        let (first, last) = promise(&tokens, word)?;
        Some(first.range.start..last.range.end)
    })?;
    let words = &body[found.clone()];
    Some(Finding::new(CHECK, format!("The text promises an end: {words:?}."), FIX).at(found))
}

/// The words that promise: from the first to the last. Of a sentence that is about the next message too, each part.
fn promise(tokens: &[Token], word: Word) -> Option<(&Token, &Token)> {
    if !is_of_next(tokens) {
        return promise_in(tokens, word);
    }
    let mut parts = tokens.split(|token| matches!(token.text.as_str(), "and" | "but"));
    parts.find_map(|part| if is_of_next(part) { None } else { promise_in(part, word) })
}

fn has(tokens: &[Token], words: &[&str]) -> bool {
    tokens.iter().any(|token| words.contains(&token.text.as_str()))
}

/// Whether it speaks of an end; "we report back" does not.
fn ends(tokens: &[Token]) -> bool {
    tokens.iter().enumerate().any(|(place, token)| {
        let returns = token.text == "back" && place > 0 && BACK.contains(&tokens[place - 1].text.as_str());
        !returns && END.contains(&token.text.as_str())
    })
}

/// Whether it is about the next message.
fn is_of_next(tokens: &[Token]) -> bool {
    let back = tokens.windows(2).any(|two| two[1].text == "back" && BACK.contains(&two[0].text.as_str()));
    has(tokens, &UPDATE) || has(tokens, &FUTURE) && !ends(tokens) && (back || has(tokens, &TELL))
}

fn promise_in(tokens: &[Token], word: Word) -> Option<(&Token, &Token)> {
    let (ends, future) = (ends(tokens), has(tokens, &FUTURE));
    if let Some(eta) = tokens.iter().find(|token| token.text == "eta") {
        return Some((eta, tokens.last()?));
    }
    if has(tokens, &PAST) && !future || has(tokens, &USUALLY) && !ends {
        return None;
    }
    (0..tokens.len()).find_map(|place| {
        let sentence = Sentence { ends, future, word };
        let last = goal_at(tokens, place).or_else(|| limit_at(tokens, place, sentence))?;
        Some((&tokens[place], &tokens[last]))
    })
}

/// "Estimated time to resolution: 2 hours", "Expected resolution: 15:00"; answers its last token.
fn goal_at(tokens: &[Token], place: usize) -> Option<usize> {
    let goal = GOALS.contains(&tokens[place].text.as_str()) && has(&tokens[..place], &EXPECTED);
    goal.then(|| time(tokens, place + 1)).flatten().map(|(_, last)| last)
}

#[derive(Copy, Clone)]
struct Sentence {
    ends: bool,
    future: bool,
    word: Word,
}

/// Whether a promise stands at `place`; answers its last token.
fn limit_at(tokens: &[Token], place: usize, sentence: Sentence) -> Option<usize> {
    let Sentence { ends, future, word } = sentence;
    let before = |words: &[&str]| tokens[..place].iter().any(|token| words.contains(&token.text.as_str()));
    // "Data from before 12:00 will be restored" sets no limit to the restoring.
    let led = place == 0 && (ends || future) || before(&END) || before(&FUTURE);
    let of_data =
        place > 0 && matches!(tokens[place - 1].text.as_str(), "from" | "since" | "data" | "between");
    let name = tokens[place].text.as_str();
    if BARE_DAYS.contains(&name) && (ends || future) {
        return Some(place);
    }
    let next = tokens.get(place + 1).map_or("", |token| token.text.as_str());
    let part = name == "later" && next == "today" || name == "this" && PARTS.contains(&next);
    if part && ends && (future || word != Word::Resolved) {
        return Some(place + 1);
    }
    let (limit, last) = time(tokens, place + 1)?;
    let promises = match name {
        _ if of_data => false,
        "by" | "before" => limit == Limit::Moment && led && (ends || future),
        "within" if word == Word::Resolved => future,
        "within" => (ends || future) && tokens.get(last + 1).is_none_or(|next| next.text != "of"),
        "until" | "till" => before(&TROUBLE),
        "in" => future && led,
        "at" | "around" | "about" => limit == Limit::Moment && future && ends && led,
        _ => false,
    };
    promises.then_some(last)
}

/// A time that begins at `from`, after words such as "about"; and its last token.
fn time(tokens: &[Token], from: usize) -> Option<(Limit, usize)> {
    let fillers = tokens.get(from..)?.iter().take_while(|token| FILLERS.contains(&token.text.as_str()));
    let fillers: Vec<&str> = fillers.map(|token| token.text.as_str()).collect();
    let place = from + fillers.len();
    let some = fillers.iter().any(|filler| SOME.contains(filler));
    let moment = moment(tokens, place).map(|last| (Limit::Moment, last));
    moment.or_else(|| span(tokens, place, some).map(|last| (Limit::Span, last)))
}

/// The last token of `15:00`, `3 pm`, `monday`, `end of the day`.
fn moment(tokens: &[Token], place: usize) -> Option<usize> {
    let text = |place: usize| tokens.get(place).map_or("", |token| token.text.as_str());
    let word = text(place);
    if DAYS.contains(&word) || matches!(word, "eod" | "cob") {
        return Some(place);
    }
    if word == "end" && text(place + 1) == "of" {
        return (place + 2..place + 4).find(|at| PERIODS.contains(&text(*at)));
    }
    match after_digits(word)? {
        "am" | "pm" => Some(place),
        rest if rest.starts_with(':') => Some(place),
        "" if matches!(text(place + 1), "am" | "pm" | "utc") => Some(place + 1),
        _ => None,
    }
}

/// The last token of `2 hours`, `90min`, `2-3 hours`, `half an hour`; with `some` before it, of `hours` alone.
fn span(tokens: &[Token], place: usize, some: bool) -> Option<usize> {
    let word = tokens.get(place)?.text.as_str();
    let alone = some && UNITS.contains(&word) || after_digits(word).is_some_and(|rest| UNITS.contains(&rest));
    if alone {
        return Some(place);
    }
    let counts = |token: &&Token| {
        let text = token.text.as_str();
        after_digits(text) == Some("")
            || NUMBERS.contains(&text)
            || matches!(text, "to" | "or" | "an" | "a" | "more")
    };
    let last = place + tokens[place..].iter().take_while(counts).count();
    let unit = tokens.get(last).filter(|token| UNITS.contains(&token.text.as_str()));
    unit.filter(|_| last > place).map(|_| last)
}

/// What follows the digits that a word begins with; `None`: it begins with none.
fn after_digits(word: &str) -> Option<&str> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.len() < word.len()).then_some(rest)
}
