//! Time boxes in headings: "Immediate (0-15 min)", "Recovery (30+ min)", "15–30 min", "1h-2h".
//!
//! For: the clock a phase runs against.
//! Never: guesses. A number without a unit of time is not a time box, nor is a single duration.
//! Start: [`find`]; [`split_title`] also takes the brackets out of the heading.

use std::iter::Peekable;
use std::str::Chars;

use super::TimeBox;

/// In characters; what is longer is a paragraph that became a heading by accident.
const LONGEST_HEADING: usize = 400;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(u32),
    /// Seconds in one unit.
    Unit(u32),
    /// Between two ends.
    To,
    Plus,
    Below,
    Word,
}

/// The first time box in a text.
pub(super) fn find(text: &str) -> Option<TimeBox> {
    let text: String = text.chars().take(LONGEST_HEADING).collect();
    let tokens = tokens(&text);
    (0..tokens.len()).find_map(|at| read(tokens.get(at..)?))
}

/// A heading without the brackets that hold its time box, and the time box.
pub(super) fn split_title(title: &str) -> (String, Option<TimeBox>) {
    for (open, close) in [('(', ')'), ('（', '）'), ('[', ']')] {
        let Some((before, rest)) = title.rsplit_once(open) else { continue };
        let Some((inner, after)) = rest.split_once(close) else { continue };
        if let Some(time_box) = find(inner) {
            let kept = format!("{} {}", before.trim(), after.trim());
            return (kept.trim().to_string(), Some(time_box));
        }
    }
    (title.to_string(), find(title))
}

fn read(tokens: &[Token]) -> Option<TimeBox> {
    use Token::{Below, Number, Plus, To, Unit, Word};
    match *tokens {
        [Number(start), Unit(unit), To, Number(end), Unit(end_unit), ..] => {
            Some(from_to(start, unit, end, end_unit))
        }
        [Number(start), To, Number(end), Unit(unit), ..] => Some(from_to(start, unit, end, unit)),
        [Number(start), Unit(unit), To, Word, ..]
        | [Number(start), To, Word, Unit(unit), ..]
        | [Number(start), Plus, Unit(unit), ..]
        | [Number(start), Unit(unit), Plus, ..] => Some(open(start, unit)),
        [Below, Number(end), Unit(unit), ..] => Some(from_to(0, unit, end, unit)),
        _ => None,
    }
}

fn from_to(start: u32, unit: u32, end: u32, end_unit: u32) -> TimeBox {
    let end_s = Some(end.saturating_mul(end_unit));
    TimeBox { start_s: start.saturating_mul(unit), end_s }
}

fn open(start: u32, unit: u32) -> TimeBox {
    TimeBox { start_s: start.saturating_mul(unit), end_s: None }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.peek().copied() {
        if let Some(digit) = c.to_digit(10) {
            chars.next();
            tokens.push(Token::Number(number(digit, &mut chars)));
        } else if c.is_alphabetic() {
            tokens.push(word(&take_word(&mut chars)));
        } else {
            chars.next();
            tokens.extend(symbol(c));
        }
    }
    drop_clock_origin(&mut tokens);
    tokens
}

/// "T+15 min" counts from the declaration, as every time box does.
fn drop_clock_origin(tokens: &mut Vec<Token>) {
    let origin = [Token::Word, Token::Plus];
    while let Some(at) = tokens
        .windows(3)
        .position(|three| three.starts_with(&origin) && matches!(three, [_, _, Token::Number(_)]))
    {
        tokens.drain(at..at + origin.len());
    }
}

fn number(first: u32, chars: &mut Peekable<Chars>) -> u32 {
    let mut number = first;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        number = number.saturating_mul(10).saturating_add(digit);
        chars.next();
    }
    number
}

fn take_word(chars: &mut Peekable<Chars>) -> String {
    let mut word = String::new();
    while let Some(c) = chars.next_if(|c| c.is_alphabetic()) {
        word.extend(c.to_lowercase());
    }
    word
}

fn symbol(c: char) -> Option<Token> {
    match c {
        '-' | '‐' | '‑' | '–' | '—' | '~' | '〜' | '～' => Some(Token::To),
        '+' => Some(Token::Plus),
        '<' | '≤' => Some(Token::Below),
        c if c.is_whitespace() || c == '.' => None,
        _ => Some(Token::Word),
    }
}

fn word(word: &str) -> Token {
    match word {
        "to" | "à" | "a" | "至" | "到" | "から" => Token::To,
        "first" | "within" | "premières" | "primeros" | "前" | "最初の" => Token::Below,
        "s" | "sec" | "secs" | "second" | "seconds" | "seconde" | "secondes" | "segundos" => Token::Unit(1),
        "m" | "min" | "mins" | "mn" | "minute" | "minutes" | "minuto" | "minutos" => Token::Unit(60),
        "h" | "hr" | "hrs" | "hour" | "hours" | "hora" | "horas" | "heure" | "heures" => Token::Unit(3_600),
        "d" | "day" | "days" | "día" | "días" | "jour" | "jours" => Token::Unit(86_400),
        _ => spaceless_unit(word),
    }
}

fn spaceless_unit(word: &str) -> Token {
    let units = [("分", 60), ("秒", 1), ("小时", 3_600), ("時間", 3_600), ("天", 86_400), ("日", 86_400)];
    let unit = units.into_iter().find(|(name, _)| word.starts_with(name));
    unit.map_or(Token::Word, |(_, seconds)| Token::Unit(seconds))
}
