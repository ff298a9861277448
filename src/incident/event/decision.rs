//! Decisions that are polled: proposal, strong objections, outcome, verification (row B5).

use serde::{Deserialize, Serialize};

use crate::incident::ids::{EntryId, PersonId};
use crate::incident::time::Time;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionEvent {
    /// The id of this entry names the decision.
    Proposed {
        proposal: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        risk: String,
        /// How to go back if it goes wrong.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        rollback: String,
        /// By then it is looked at whether it worked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verify_by: Option<Time>,
    },
    /// "Any strong objections?" "Yes."
    Objected { decision: EntryId, who: PersonId, objection: String },
    Settled {
        decision: EntryId,
        outcome: Outcome,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    Verified {
        decision: EntryId,
        worked: bool,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Takes the outcome or the verification back.
    Reopened { decision: EntryId },
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Go,
    NoGo,
    /// Nobody decided; it no longer matters.
    Withdrawn,
}

impl Outcome {
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Go => "go",
            Outcome::NoGo => "no go",
            Outcome::Withdrawn => "withdrawn",
        }
    }
}

/// What may be the cause (row B9). A note marked `?` opens one; the id of that note names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HypothesisEvent {
    Judged {
        hypothesis: EntryId,
        verdict: Verdict,
        /// Who tests it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        who: Option<PersonId>,
        /// What speaks for or against it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        evidence: String,
    },
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    #[default]
    Open,
    Testing,
    RuledOut,
    /// Confirmed as the cause.
    Confirmed,
}

impl Verdict {
    pub const ALL: [Verdict; 4] = [Verdict::Open, Verdict::Testing, Verdict::RuledOut, Verdict::Confirmed];

    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Open => "open",
            Verdict::Testing => "testing",
            Verdict::RuledOut => "ruled out",
            Verdict::Confirmed => "confirmed",
        }
    }
}
