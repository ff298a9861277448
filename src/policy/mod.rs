//! What an organisation has agreed on: severities, incident types, audiences. Data, not code.
//!
//! A policy is a TOML file under `sample-data/policies/`; this module turns its text into types
//! and explains its mistakes. It never reads a file and never looks at an incident.

use serde::{Deserialize, Serialize};

use crate::incident::time::Span;

/// A severity scheme and what goes with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: String,
    #[serde(default)]
    pub about: String,
    /// From the gravest to the mildest.
    #[serde(rename = "level")]
    pub levels: Vec<Level>,
    #[serde(rename = "type", default)]
    pub types: Vec<IncidentType>,
    #[serde(rename = "audience", default)]
    pub audiences: Vec<Audience>,
}

/// One severity (MISSION row S1.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    pub name: String,
    pub word: String,
    pub definition: String,
    #[serde(default)]
    pub examples: Vec<String>,
    /// Somebody must have taken it within this time, in words, such as "15 min".
    pub response: String,
    #[serde(default)]
    pub notify: String,
    #[serde(default)]
    pub postmortem: String,
}

/// One type of incident (MISSION row S1.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentType {
    pub name: String,
    pub title: String,
    pub about: String,
    /// The severities it usually has, the proposed one first.
    pub severity: Vec<String>,
    /// The playbook that is attached when it is declared.
    #[serde(default)]
    pub playbook: Option<String>,
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    pub name: String,
    pub about: String,
    /// Minutes until the next update, as proposed by the composer.
    pub next_min: u32,
}

impl Policy {
    /// Reads a policy. The error says where it is wrong.
    pub fn parse(text: &str) -> Result<Policy, String> {
        let policy: Policy = toml::from_str(text).map_err(|error| error.to_string())?;
        if policy.levels.is_empty() {
            return Err("a policy needs at least one [[level]]".into());
        }
        for kind in &policy.types {
            for severity in &kind.severity {
                if policy.level(severity).is_none() {
                    return Err(format!(
                        "type {:?} names severity {severity:?}, which no [[level]] has",
                        kind.name
                    ));
                }
            }
        }
        Ok(policy)
    }

    /// A level by its name, ignoring case; a bare number counts from the gravest.
    pub fn level(&self, name: &str) -> Option<&Level> {
        self.levels.iter().find(|level| level.name.eq_ignore_ascii_case(name.trim()))
    }

    /// 0 is the gravest.
    pub fn rank(&self, name: &str) -> Option<usize> {
        self.levels.iter().position(|level| level.name.eq_ignore_ascii_case(name))
    }

    pub fn kind(&self, name: &str) -> Option<&IncidentType> {
        let name = name.trim().to_lowercase().replace([' ', '_'], "-");
        self.types.iter().find(|kind| kind.name == name)
    }

    pub fn audience(&self, name: &str) -> Option<&Audience> {
        self.audiences.iter().find(|audience| audience.name == name)
    }

    /// How long after an update to `audience` the next one is proposed.
    pub fn next_update(&self, audience: &str) -> Span {
        Span::from_mins(self.audience(audience).map_or(30, |audience| i64::from(audience.next_min)))
    }
}
