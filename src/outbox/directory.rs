//! Who is who at a service and who is on call there, kept for when nothing can be asked, and how old that is.

use serde::{Deserialize, Serialize};

use crate::incident::Time;

/// What was read of a service, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub at: Time,
    pub directory: Directory,
}

/// Who is who at a service, and who is on call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Directory {
    pub people: Vec<Entry>,
    pub on_call: Vec<OnCall>,
    /// Escalation policies and their rungs.
    pub ladders: Vec<Ladder>,
    pub priorities: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    pub remote: String,
    pub name: String,
    pub mail: String,
    pub phone: String,
}

/// Somebody who is on call now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OnCall {
    pub who: Entry,
    /// The rung, from 1.
    pub level: u32,
    pub ladder: String,
    pub schedule: String,
    pub until: Option<Time>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ladder {
    pub remote: String,
    pub name: String,
    /// Whom each rung pages, in order.
    pub rungs: Vec<Vec<String>>,
}
