//! The policy of an incident: as it was pinned, and read from that text alone.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::event::PolicyText;
use super::state::Base;
use crate::policy::Policy;

/// Texts that hold from a moment on. They are read at the first question about them: most of what looks at an incident,
/// such as a list of thousands, never asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pinned {
    /// From where it holds.
    pub base: Base,
    pub parts: Vec<PolicyText>,
    #[serde(skip)]
    read: OnceLock<Box<Read>>,
}

#[derive(Clone, Debug)]
struct Read {
    policy: Policy,
    /// Parts that this version cannot read, by name.
    unreadable: Vec<String>,
}

/// What was read follows from the text.
impl PartialEq for Pinned {
    fn eq(&self, other: &Self) -> bool {
        (self.base, &self.parts) == (other.base, &other.parts)
    }
}

impl Pinned {
    pub fn new(base: Base, parts: Vec<PolicyText>) -> Pinned {
        Pinned { base, parts, read: OnceLock::new() }
    }

    /// A part that this version cannot read is left out.
    pub fn policy(&self) -> &Policy {
        &self.read().policy
    }

    /// Parts that this version cannot read, by name: their clocks do not run.
    pub fn unreadable(&self) -> &[String] {
        &self.read().unreadable
    }

    fn read(&self) -> &Read {
        self.read.get_or_init(|| {
            let (mut policies, mut unreadable) = (Vec::new(), Vec::new());
            for part in &self.parts {
                match Policy::recall(&part.text) {
                    Ok(policy) => policies.push(policy),
                    Err(_) => unreadable.push(part.name.clone()),
                }
            }
            Box::new(Read { policy: Policy::compose(policies).unwrap_or_default(), unreadable })
        })
    }
}
