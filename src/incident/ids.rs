//! Identifiers: who, where and which. They are handed in from outside; nothing here rolls dice.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One entry of a journal: a ULID, unique everywhere, sortable by the time it was made.
pub type EntryId = ulid::Ulid;
/// One incident: a ULID.
pub type IncidentId = ulid::Ulid;

/// The random identity of one machine's home: 48 bits, written as 12 hexadecimal digits.
///
/// Each host writes only its own journal files, so the union of two copies of an incident is
/// the union of their files.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct HostId(u64);

impl HostId {
    const MASK: u64 = (1 << 48) - 1;

    /// Keeps the lowest 48 bits.
    pub const fn new(bits: u64) -> Self {
        Self(bits & Self::MASK)
    }
}

impl fmt::Display for HostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}", self.0)
    }
}

impl FromStr for HostId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.len() == 12 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let bits = digits.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        bits.map(Self).ok_or_else(|| format!("{text:?} is not a host id (12 hexadecimal digits)"))
    }
}

impl Serialize for HostId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HostId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Hex;
        impl serde::de::Visitor<'_> for Hex {
            type Value = HostId;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("12 hexadecimal digits")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<HostId, E> {
                text.parse().map_err(E::custom)
            }
        }
        from.deserialize_str(Hex)
    }
}

/// Who: a short handle such as `alice`, lower case, without spaces. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonId(Arc<str>);

impl PersonId {
    /// Longest handle kept, in characters.
    pub const MAX: usize = 64;

    /// Makes a handle of any text: cleaned, lower case, spaces to dashes, a leading `@` dropped.
    pub fn new(text: &str) -> Self {
        let clean = super::clean::clean_line(text);
        let handle: String = clean
            .trim()
            .trim_start_matches('@')
            .chars()
            .map(|c| if c.is_whitespace() { '-' } else { c })
            .flat_map(char::to_lowercase)
            .take(Self::MAX)
            .collect();
        Self(handle.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for PersonId {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
