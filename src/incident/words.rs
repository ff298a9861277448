//! The words of the field in one table: workflow status (S4.2), phase (S3.1), word in updates (S4.13).
//!
//! Only the status is stored. Phase and word derive from it by [`Status::phase`] and
//! [`Status::word`], so that they can never disagree.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where an incident stands in its workflow (MISSION row S4.2).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// An alert or a report came in; nobody has taken it.
    #[default]
    Alerted,
    /// Somebody has taken it.
    Acknowledged,
    /// Impact and severity are being assessed.
    Triage,
    /// A commander leads; the team is forming.
    Commanded,
    /// The cause is being looked for.
    Diagnosing,
    /// A fix is being carried out.
    Fixing,
    /// The fix is in; recovery is being confirmed.
    Verifying,
    /// Recovery is confirmed.
    Resolved,
    /// The review is under way.
    PostMortem,
    /// Nothing is left to do.
    Closed,
}

/// The five phases of the rail (MISSION row S3.1).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Identify,
    Mobilize,
    Diagnose,
    Resolve,
    Close,
}

/// What an outsider is told (MISSION row S4.13).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    Investigating,
    Identified,
    Resolving,
    Monitoring,
    Resolved,
}

impl Status {
    pub const ALL: [Status; 10] = [
        Status::Alerted,
        Status::Acknowledged,
        Status::Triage,
        Status::Commanded,
        Status::Diagnosing,
        Status::Fixing,
        Status::Verifying,
        Status::Resolved,
        Status::PostMortem,
        Status::Closed,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Status::Alerted => "alerted",
            Status::Acknowledged => "acknowledged",
            Status::Triage => "triage",
            Status::Commanded => "commanded",
            Status::Diagnosing => "diagnosing",
            Status::Fixing => "fixing",
            Status::Verifying => "verifying",
            Status::Resolved => "resolved",
            Status::PostMortem => "post-mortem",
            Status::Closed => "closed",
        }
    }

    /// One line for the picker.
    pub const fn about(self) -> &'static str {
        match self {
            Status::Alerted => "an alert or report came in, nobody has taken it",
            Status::Acknowledged => "somebody has taken it",
            Status::Triage => "impact and severity are being assessed",
            Status::Commanded => "a commander leads, the team is forming",
            Status::Diagnosing => "looking for the cause",
            Status::Fixing => "a fix is being carried out",
            Status::Verifying => "the fix is in, recovery is being confirmed",
            Status::Resolved => "recovery is confirmed",
            Status::PostMortem => "the review is under way",
            Status::Closed => "nothing is left to do",
        }
    }

    pub const fn phase(self) -> Phase {
        match self {
            Status::Alerted | Status::Acknowledged => Phase::Identify,
            Status::Triage | Status::Commanded => Phase::Mobilize,
            Status::Diagnosing => Phase::Diagnose,
            Status::Fixing | Status::Verifying => Phase::Resolve,
            Status::Resolved | Status::PostMortem | Status::Closed => Phase::Close,
        }
    }

    pub const fn word(self) -> Word {
        match self {
            Status::Alerted | Status::Acknowledged | Status::Triage => Word::Investigating,
            Status::Commanded | Status::Diagnosing => Word::Investigating,
            Status::Fixing => Word::Resolving,
            Status::Verifying => Word::Monitoring,
            Status::Resolved | Status::PostMortem | Status::Closed => Word::Resolved,
        }
    }

    /// From `resolved` on, the incident no longer runs.
    pub const fn is_over(self) -> bool {
        matches!(self, Status::Resolved | Status::PostMortem | Status::Closed)
    }

    /// By its name, or any unambiguous beginning of one.
    pub fn parse(text: &str) -> Option<Status> {
        let text = text.trim().to_lowercase().replace([' ', '_'], "-");
        by_prefix(Self::ALL.iter().map(|status| (status.name(), *status)), &text)
    }
}

impl Phase {
    pub const ALL: [Phase; 5] =
        [Phase::Identify, Phase::Mobilize, Phase::Diagnose, Phase::Resolve, Phase::Close];

    pub const fn name(self) -> &'static str {
        match self {
            Phase::Identify => "identify",
            Phase::Mobilize => "mobilize",
            Phase::Diagnose => "diagnose",
            Phase::Resolve => "resolve",
            Phase::Close => "close",
        }
    }
}

impl Word {
    pub const ALL: [Word; 5] =
        [Word::Investigating, Word::Identified, Word::Resolving, Word::Monitoring, Word::Resolved];

    pub const fn name(self) -> &'static str {
        match self {
            Word::Investigating => "investigating",
            Word::Identified => "identified",
            Word::Resolving => "resolving",
            Word::Monitoring => "monitoring",
            Word::Resolved => "resolved",
        }
    }

    pub fn parse(text: &str) -> Option<Word> {
        let text = text.trim().to_lowercase();
        by_prefix(Self::ALL.iter().map(|word| (word.name(), *word)), &text)
    }
}

/// The one value whose name is, or alone begins with, `text`.
fn by_prefix<T>(names: impl Iterator<Item = (&'static str, T)> + Clone, text: &str) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    if let Some((_, exact)) = names.clone().find(|(name, _)| *name == text) {
        return Some(exact);
    }
    let mut hits = names.filter(|(name, _)| name.starts_with(text));
    let first = hits.next()?;
    hits.next().is_none().then_some(first.1)
}

macro_rules! show_by_name {
    ($($kind:ty),*) => {$(
        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    )*};
}
show_by_name!(Status, Phase, Word);
