//! The words runbooks use: which headings announce steps, which sentences offer a choice, which
//! commands destroy data. The lists themselves are in `lexicon`.
//!
//! For: judging a heading or a line by its words alone.
//! Never: looks at what stands below a heading; that is for `steps`.
//! Start: [`verdict`].

use super::lexicon::{
    CHOICE_PARTS, CHOICE_PHRASES, DESTRUCTIVE_COMMANDS, DESTRUCTIVE_TEXT, EXPLAIN_WORDS, IMPERATIVES,
    ITEM_IMPERATIVES, REFER_PHRASES, REFER_WORDS, STEP_PARTS, STEP_PHRASES, STEP_STEMS, STEP_WORDS,
};
use super::text::words;
use super::time_box;

/// What a heading says about the list items below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Steps,
    Neutral,
    /// Explains; plain bullets are no steps, numbers and boxes are.
    Explains,
    /// Points elsewhere or sums up; only boxes are steps.
    Refers,
}

/// "Verify the status" is an instruction; otherwise, where several words speak, the last one is
/// the head noun: "response template" is a template.
pub(super) fn verdict(title: &str) -> Verdict {
    let words = words(title);
    let first = words.iter().find(|word| !word.starts_with(|c: char| c.is_numeric()));
    let instructs = first.is_some_and(|word| IMPERATIVES.contains(&word.as_str()));
    if instructs || time_box::find(title).is_some() {
        return Verdict::Steps;
    }
    let spoken = (0..words.len()).rev().find_map(|at| word_verdict(&words, at));
    spoken.unwrap_or(Verdict::Neutral)
}

fn word_verdict(words: &[String], at: usize) -> Option<Verdict> {
    let word = words.get(at)?.as_str();
    let rest = words.get(at..).unwrap_or_default();
    if REFER_WORDS.contains(&word) || starts_with_phrase(rest, REFER_PHRASES) {
        return Some(Verdict::Refers);
    }
    if EXPLAIN_WORDS.contains(&word) {
        return Some(Verdict::Explains);
    }
    let steps = STEP_STEMS.iter().any(|stem| word.starts_with(stem))
        || STEP_WORDS.contains(&word)
        || starts_with_phrase(rest, STEP_PHRASES);
    if steps { Some(Verdict::Steps) } else { spaceless_verdict(word) }
}

/// Within one run of Chinese or Japanese, again the last part that says something decides.
fn spaceless_verdict(word: &str) -> Option<Verdict> {
    if word.is_ascii() {
        return None;
    }
    let last = |parts: &[&str]| {
        parts.iter().filter(|part| !part.is_ascii()).filter_map(|part| word.rfind(part)).max()
    };
    let steps = last(STEP_PARTS).map(|at| (at, Verdict::Steps));
    let is_spaceless = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    let explains = word.contains(is_spaceless).then(|| last(EXPLAIN_WORDS)).flatten();
    let explains = explains.map(|at| (at, Verdict::Explains));
    steps.into_iter().chain(explains).max_by_key(|(at, _)| *at).map(|(_, verdict)| verdict)
}

fn starts_with_phrase(words: &[String], phrases: &[&[&str]]) -> bool {
    phrases.iter().any(|phrase| {
        words.len() >= phrase.len() && words.iter().zip(phrase.iter()).all(|(word, p)| word == p)
    })
}

/// The sentence offers alternatives; only with items below it is it a choice.
pub(super) fn offers_choice(text: &str) -> bool {
    let words = words(text);
    (0..words.len()).any(|at| starts_with_phrase(words.get(at..).unwrap_or_default(), CHOICE_PHRASES))
        || CHOICE_PARTS.iter().any(|part| text.contains(part))
}

/// The item tells someone to do something; used where no heading helps.
pub(super) fn is_imperative(text: &str) -> bool {
    let words = words(text);
    let first = words.first().map(String::as_str).unwrap_or_default();
    IMPERATIVES.contains(&first) || ITEM_IMPERATIVES.contains(&first)
}

pub(super) fn destroys_as_command(command: &str) -> bool {
    let command = command.to_lowercase();
    DESTRUCTIVE_COMMANDS.iter().any(|marker| command.contains(marker))
}

pub(super) fn destroys_as_text(text: &str) -> bool {
    DESTRUCTIVE_TEXT.iter().any(|marker| text.contains(marker))
}

/// Languages whose blocks are meant to be run; others may be output or settings.
pub(super) fn is_command_language(lang: &str) -> bool {
    matches!(lang, "bash" | "sh" | "shell" | "zsh" | "console" | "sql" | "psql" | "powershell")
}

/// The sentence announces what the terminal answers, not what to type.
pub(super) fn announces_output(text: &str) -> bool {
    words(text).iter().any(|word| matches!(word.as_str(), "output" | "outputs" | "prints" | "feedback"))
}
