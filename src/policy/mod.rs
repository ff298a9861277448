//! What an organisation has agreed on: severities, clocks, who is told, whom to call. Data, not code.
//!
//! A policy is a TOML file under `sample-data/policies/`; this module turns its text into types and explains its
//! mistakes. It never reads a file and never looks at an incident. A field that a policy does not have is absent and
//! makes no clock; policies are laid over each other by the rank of their levels ([`Policy::compose`]).

mod compose;
mod limit;
mod lookup;
mod nearest;
mod read;
pub mod triage;
mod words;

use serde::{Deserialize, Serialize};

pub use limit::Limit;
pub use lookup::translate;
pub use nearest::nearest;
pub use read::Diagnostic;
pub use triage::{Axes, Triage};

/// A severity scheme and what goes with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    pub name: String,
    #[serde(default)]
    pub about: String,
    /// From the gravest to the mildest.
    #[serde(rename = "level", default)]
    pub levels: Vec<Level>,
    #[serde(rename = "type", default)]
    pub types: Vec<IncidentType>,
    #[serde(rename = "audience", default)]
    pub audiences: Vec<Audience>,
    /// Whom to call, by level of escalation, and outside (MISSION row S4.15).
    #[serde(rename = "contact", default)]
    pub contacts: Vec<Contact>,
    /// When to escalate, whatever the clocks say (MISSION row S4.15).
    #[serde(default)]
    pub escalate_when: Vec<String>,
    /// Recovery targets (MISSION row S2.1).
    #[serde(rename = "tier", default)]
    pub tiers: Vec<Tier>,
    /// What fails how often (MISSION row S2.2).
    #[serde(rename = "failure", default)]
    pub failures: Vec<Failure>,
    #[serde(default)]
    pub triage: Option<Triage>,
    #[serde(default)]
    pub axes: Option<Axes>,
    #[serde(default)]
    pub rules: Rules,
    /// The policies it was composed of, the first that has a field wins; empty: it is one file.
    #[serde(skip)]
    pub parts: Vec<String>,
}

/// One severity (MISSION rows S1.2, S3.3, S4.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Level {
    pub name: String,
    /// 1 is the gravest; the same rank in two policies is the same severity.
    pub rank: u8,
    /// What other policies call it.
    #[serde(default)]
    pub also: Vec<String>,
    pub word: String,
    pub definition: String,
    #[serde(default)]
    pub examples: Vec<String>,
    /// Somebody must have taken it within this time.
    #[serde(default)]
    pub response: Option<Limit>,
    #[serde(default)]
    pub notify: Vec<Notify>,
    #[serde(rename = "update", default)]
    pub updates: Vec<Cadence>,
    #[serde(default)]
    pub escalation: Vec<Rung>,
    #[serde(default)]
    pub postmortem: Option<PostMortem>,
    /// Who commands it, in words (MISSION row S4.7).
    #[serde(default)]
    pub commander: String,
}

/// Somebody who is told at a severity (MISSION rows S1.2, S4.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notify {
    pub who: String,
    /// Absent: no clock. `0 min`: at once.
    #[serde(default)]
    pub within: Option<Limit>,
    /// How: `page`, `message`, `ticket`, `phone` or any other word.
    #[serde(default)]
    pub how: String,
    /// What for, or an exception, such as `outside working hours on the next business day`.
    #[serde(default)]
    pub note: String,
}

/// How often an audience is told (MISSION row S4.12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cadence {
    pub audience: String,
    pub every: Limit,
    /// Where, in words, such as `status page`.
    #[serde(default)]
    pub channel: String,
    /// Also at each milestone, if that comes first.
    #[serde(default)]
    pub milestones: bool,
}

/// A rung of the escalation ladder (MISSION row S0.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    /// After the severity was set, while the incident runs.
    pub after: Limit,
    /// Whom to alert: the role of a [`Contact`], or any other words.
    pub who: String,
    /// A paging service that is connected pages them by itself when the rung is due; else somebody confirms it.
    #[serde(default)]
    pub auto: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostMortem {
    pub need: Need,
    /// After the resolution.
    #[serde(default)]
    pub due: Option<Limit>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    Required,
    Optional,
    None,
}

/// One type of incident (MISSION row S1.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IncidentType {
    pub name: String,
    pub title: String,
    pub about: String,
    /// The severities it usually has, the proposed one first.
    pub severity: Vec<String>,
    /// The playbook that is attached when it is declared.
    #[serde(default)]
    pub playbook: Option<String>,
    /// Roles that it needs beside the five, such as `security`.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Its words stay out of titles and channels; a regulator's clock runs.
    #[serde(default)]
    pub private: bool,
}

/// Who is told, and how one speaks to them (MISSION rows S1.8, S4.13).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Audience {
    pub name: String,
    pub about: String,
    /// The span until the next update where the severity has no cadence for it.
    #[serde(default)]
    pub next: Option<Limit>,
    /// A template under `sample-data/templates/`, without `.md`.
    #[serde(default)]
    pub template: String,
    /// Outside the organisation: the commander approves, and nothing is promised.
    #[serde(default)]
    pub external: bool,
    /// Most characters of one message on its channel.
    #[serde(default)]
    pub longest: Option<usize>,
}

/// Whom to call (MISSION row S4.15).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// `L1` to `L4`; empty: outside the organisation.
    #[serde(default)]
    pub level: String,
    pub role: String,
    #[serde(default)]
    pub name: String,
    /// How to reach them, in words.
    #[serde(default)]
    pub reach: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub available: String,
}

/// A recovery target (MISSION row S2.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tier {
    pub name: String,
    pub about: String,
    /// How much data may be lost, as time.
    pub rpo: Limit,
    /// How long until it is back.
    pub rto: Limit,
    /// Such as `99.9 %`.
    #[serde(default)]
    pub availability: String,
    #[serde(default)]
    pub how: String,
}

/// One line of the failure inventory (MISSION row S2.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub what: String,
    pub often: String,
    pub impact: String,
}

/// The clocks and bounds that hold at every severity. Absent: no clock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Triage and a commander within this time of the declaration (MISSION row S4.2).
    #[serde(default)]
    pub triage: Option<Limit>,
    /// Between two moments at which the commander looks up: what has changed?
    #[serde(default)]
    pub mark: Option<Limit>,
    /// Until a role that was offered should have been accepted.
    #[serde(default)]
    pub accept: Option<Limit>,
    /// How long a resolved incident is watched (MISSION row S1.6).
    #[serde(default)]
    pub watch: Option<Limit>,
    /// Until the regulator must have been told of a private incident.
    #[serde(default)]
    pub regulatory: Option<Limit>,
    /// Most people that one person can lead.
    #[serde(default)]
    pub span_of_control: Option<usize>,
    /// Teams that a roll call expects.
    #[serde(default)]
    pub roll_call: Vec<String>,
}
