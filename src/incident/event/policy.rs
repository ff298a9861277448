//! The policy of an incident, pinned by its whole text (row S2.7): the journal replays anywhere with nothing else.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyEvent {
    /// Holds from here on. The first of the parts that has a field wins.
    Pinned { parts: Vec<PolicyText> },
}

/// One policy file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyText {
    pub name: String,
    /// SHA-256 of `text`, 64 hexadecimal digits.
    pub digest: String,
    pub text: String,
}
