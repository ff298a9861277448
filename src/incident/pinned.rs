//! The policy of an incident: as it was pinned, and read from that text alone.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::event::PolicyText;
use super::time::Time;
use crate::policy::Policy;

/// Texts that hold from a moment on. They are read at the first question about them: most of what looks at an incident,
/// such as a list of thousands, never asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pinned {
    pub at: Time,
    pub parts: Vec<PolicyText>,
    #[serde(skip)]
    read: OnceLock<Box<Policy>>,
}

/// What was read follows from the text.
impl PartialEq for Pinned {
    fn eq(&self, other: &Self) -> bool {
        (self.at, &self.parts) == (other.at, &other.parts)
    }
}

impl Pinned {
    pub fn new(at: Time, parts: Vec<PolicyText>) -> Pinned {
        Pinned { at, parts, read: OnceLock::new() }
    }

    /// A part that this version cannot read is left out.
    pub fn policy(&self) -> &Policy {
        self.read.get_or_init(|| {
            let read = self.parts.iter().filter_map(|part| Policy::recall(&part.text).ok()).collect();
            Box::new(Policy::compose(read).unwrap_or_default())
        })
    }

    /// Parts that this version cannot read, by name: their clocks do not run.
    pub fn unreadable(&self) -> Vec<&str> {
        // What was read names its parts; where all are there, nothing need be read again.
        let all = self.policy().parts.len().max(1);
        if all == self.parts.len() && !self.policy().levels.is_empty() {
            return Vec::new();
        }
        let unread = |part: &&PolicyText| Policy::recall(&part.text).is_err();
        self.parts.iter().filter(unread).map(|part| part.name.as_str()).collect()
    }
}
