//! "Help me decide": the questions that lead to a severity (MISSION rows S1.5, S3.3, S4.4).
//!
//! Data and a walk over it: [`Walk`] knows which question comes next and what the answers propose. Unsure always means
//! the graver way.

mod reach;
mod walk;

use serde::{Deserialize, Serialize};

pub use walk::{Proposal, Walk};

/// Keys that no answer may have: the console moves, goes back, asks for help and says "unsure" with them.
pub const RESERVED_KEYS: &str = "-hjklgGq?:/ ";

/// How answers make a severity.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A tree: the first answer that has a level ends the walk.
    #[default]
    First,
    /// A card: all questions are asked, the gravest level wins.
    Gravest,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Triage {
    #[serde(default)]
    pub mode: Mode,
    /// Asked beside the tree, answered in words.
    #[serde(rename = "assess", default)]
    pub assess: Vec<Assess>,
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
    /// When no answer had a level.
    #[serde(default)]
    pub otherwise: Option<Outcome>,
}

/// One of the questions about the damage, such as: what data is affected?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assess {
    pub ask: String,
    /// What an answer may name, such as `table, time range, rows`.
    #[serde(default)]
    pub help: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub id: String,
    pub ask: String,
    #[serde(default)]
    pub help: String,
    /// Short for two answers with the keys `y` and `n`.
    #[serde(default)]
    pub yes: Option<Outcome>,
    #[serde(default)]
    pub no: Option<Outcome>,
    /// Where yes and no are not enough.
    #[serde(rename = "answer", default)]
    pub answers: Vec<Answer>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub key: char,
    pub say: String,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Where an answer leads: to levels, to a question, or (neither) to the next question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The graver first; several: a person chooses, unsure takes the first.
    #[serde(default)]
    pub levels: Vec<String>,
    /// The id of another question.
    #[serde(default)]
    pub next: Option<String>,
    /// What to do at once.
    #[serde(default)]
    pub then: String,
}

/// Two axes whose mean is the severity (MISSION row S3.3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axes {
    pub degradation: Vec<Mark>,
    pub impact: Vec<Mark>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// 1 is the gravest.
    pub value: u8,
    pub say: String,
}

impl Axes {
    /// What the two axes ask.
    pub const DEGRADATION: &'static str = "How bad is it?";
    pub const IMPACT: &'static str = "Who feels it?";

    /// The rank of a cell: the mean, rounded to the graver.
    pub fn rank(degradation: u8, impact: u8) -> u8 {
        (degradation.saturating_add(impact) / 2).max(1)
    }
}
