//! A number of rows as people type and read it (row B8): `5000` is counted, `~5000`, `5k` and `1.2M` are estimates.

use std::fmt;

use crate::incident::event::Rows;

impl Rows {
    /// Reads `5000`, `5,000`, `~5000`, `5k`, `1.2M`, `2G`. A `~` or a unit makes it an estimate.
    pub fn parse(text: &str) -> Option<Rows> {
        let text = text.trim();
        let (about, number) = text.strip_prefix('~').map_or((false, text), |rest| (true, rest.trim_start()));
        let digits = number.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit: u64 = match &number[digits.len()..] {
            "" => return whole(digits).map(|count| Rows { count, exact: !about }),
            "k" | "K" => 1_000,
            "m" | "M" => 1_000_000,
            "g" | "G" | "b" | "B" => 1_000_000_000,
            _ => return None,
        };
        let (before, after) = digits.trim_end().split_once('.').unwrap_or((digits.trim_end(), ""));
        let count = whole(before)?.checked_mul(unit)?.checked_add(part(after, unit)?)?;
        Some(Rows { count, exact: false })
    }

    /// As it is typed: `5000`, `~5000`.
    pub fn typed(self) -> String {
        format!("{}{}", if self.exact { "" } else { "~" }, self.count)
    }
}

/// `~5,000 rows`, `exactly 5,000 rows`
impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mark, noun) =
            (if self.exact { "exactly " } else { "~" }, if self.count == 1 { "row" } else { "rows" });
        f.pad(&format!("{mark}{} {noun}", grouped(self.count)))
    }
}

/// A whole number, its digits in groups or not.
fn whole(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | '_' | ' ')).collect();
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    all.then(|| digits.parse().ok()).flatten()
}

/// What the digits after the point are of a unit; what is finer than a row is dropped.
fn part(digits: &str, unit: u64) -> Option<u64> {
    let mut place = unit;
    digits.bytes().try_fold(0_u64, |sum, digit| {
        place /= 10;
        digit.is_ascii_digit().then(|| sum + u64::from(digit - b'0') * place)
    })
}

/// `1,234,567`
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
