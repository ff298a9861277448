//! A length of time as an agreement has it: in words, such as `15 min` or `1 business day`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::incident::time::Span;

/// A limit, and the words it was agreed on in. A business day is clocked as 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub span: Span,
    pub text: String,
}

impl Limit {
    /// Reads `15 min`, `4 h`, `30 s`, `1h30m`, `2 days`, `1 week`, `1 business day`, `0 min`.
    pub fn parse(text: &str) -> Option<Limit> {
        let text = text.trim();
        let words: Vec<&str> = text.split_whitespace().collect();
        let span = match words.as_slice() {
            [number, unit] | [number, "business" | "working", unit] => {
                let number: i64 = number.parse().ok().filter(|number| (0..=100_000).contains(number))?;
                match unit.trim_end_matches('s') {
                    "" | "sec" | "second" => Span::from_secs(number),
                    "m" | "min" | "minute" => Span::from_mins(number),
                    "h" | "hour" => Span::from_hours(number),
                    "d" | "day" => Span::from_days(number),
                    "w" | "week" => Span::from_days(number * 7),
                    _ => return None,
                }
            }
            [one] => Span::parse(one)?,
            _ => return None,
        };
        Some(Limit { span, text: text.to_owned() })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Limit::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "{text:?} is not a length of time: write 15 min, 4 h, 2 days or 1 week"
            ))
        })
    }
}
