//! What PagerDuty sends, as far as it is used. Every field may be missing or null: samples and accounts differ.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Null is as good as missing.
fn lenient<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

/// Anything with an id: a reference, a user, a policy, a service, a priority.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Thing {
    #[serde(deserialize_with = "lenient")]
    pub id: String,
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub kind: String,
    #[serde(deserialize_with = "lenient")]
    pub summary: String,
    #[serde(deserialize_with = "lenient")]
    pub name: String,
    #[serde(deserialize_with = "lenient")]
    pub email: String,
    #[serde(deserialize_with = "lenient")]
    pub status: String,
    #[serde(deserialize_with = "lenient")]
    pub html_url: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub contact_methods: Vec<ContactMethod>,
    #[serde(deserialize_with = "lenient")]
    pub escalation_rules: Vec<Rule>,
}

impl Thing {
    /// What people call it.
    pub fn called(&self) -> &str {
        [&self.name, &self.summary, &self.id]
            .into_iter()
            .find(|text| !text.is_empty())
            .map_or("", String::as_str)
    }

    pub fn is_user(&self) -> bool {
        matches!(self.kind.as_str(), "user" | "user_reference")
    }
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct ContactMethod {
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub kind: String,
    #[serde(deserialize_with = "lenient")]
    pub address: String,
    #[serde(deserialize_with = "lenient")]
    pub country_code: Option<u32>,
}

/// One rung of an escalation policy.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Rule {
    #[serde(deserialize_with = "lenient")]
    pub targets: Vec<Thing>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Incident {
    #[serde(deserialize_with = "lenient")]
    pub id: String,
    #[serde(deserialize_with = "lenient")]
    pub status: String,
    #[serde(deserialize_with = "lenient")]
    pub incident_key: String,
    #[serde(deserialize_with = "lenient")]
    pub html_url: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub priority: Thing,
    #[serde(deserialize_with = "lenient")]
    pub escalation_policy: Thing,
    #[serde(deserialize_with = "lenient")]
    pub assigned_via: String,
    #[serde(deserialize_with = "lenient")]
    pub assignments: Vec<Assignment>,
    /// Searched for our tag alone: the description and the samples do not agree on its shape.
    #[serde(deserialize_with = "lenient")]
    pub responder_requests: Value,
    #[serde(deserialize_with = "lenient")]
    pub incidents_responders: Value,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Assignment {
    #[serde(deserialize_with = "lenient")]
    pub assignee: Thing,
}

#[derive(Deserialize)]
pub(super) struct OneIncident {
    pub incident: Incident,
}

#[derive(Deserialize)]
pub(super) struct OneUser {
    pub user: Thing,
}

#[derive(Deserialize)]
pub(super) struct OneService {
    pub service: Thing,
}

#[derive(Deserialize)]
pub(super) struct OnePolicy {
    pub escalation_policy: Thing,
}

#[derive(Deserialize)]
pub(super) struct Abilities {
    pub abilities: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Note {
    #[serde(deserialize_with = "lenient")]
    pub id: String,
    #[serde(deserialize_with = "lenient")]
    pub user: Thing,
    #[serde(deserialize_with = "lenient")]
    pub content: String,
    #[serde(deserialize_with = "lenient")]
    pub created_at: String,
}

#[derive(Deserialize)]
pub(super) struct OneNote {
    pub note: Note,
}

#[derive(Deserialize)]
pub(super) struct Notes {
    pub notes: Vec<Note>,
}

#[derive(Deserialize)]
pub(super) struct OneUpdate {
    pub status_update: Thing,
}

#[derive(Deserialize)]
pub(super) struct OneRequest {
    pub responder_request: Thing,
}

/// Who is on call on which rung, and until when.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Duty {
    #[serde(deserialize_with = "lenient")]
    pub user: Thing,
    #[serde(deserialize_with = "lenient")]
    pub escalation_policy: Thing,
    #[serde(deserialize_with = "lenient")]
    pub schedule: Thing,
    #[serde(deserialize_with = "lenient")]
    pub escalation_level: u32,
    #[serde(deserialize_with = "lenient")]
    pub end: String,
}

/// One line of an incident's log, with the whole of it for what has no field of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct LogEntry {
    pub head: LogHead,
    pub raw: Value,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LogHead {
    #[serde(deserialize_with = "lenient")]
    pub id: String,
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub kind: String,
    #[serde(deserialize_with = "lenient")]
    pub summary: String,
    #[serde(deserialize_with = "lenient")]
    pub created_at: String,
    #[serde(deserialize_with = "lenient")]
    pub html_url: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub agent: Option<Thing>,
    #[serde(deserialize_with = "lenient")]
    pub user: Thing,
    #[serde(deserialize_with = "lenient")]
    pub assignees: Vec<Thing>,
    #[serde(deserialize_with = "lenient")]
    pub note: String,
}

impl<'de> Deserialize<'de> for LogEntry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = Value::deserialize(from)?;
        // A field of another shape than expected costs the entry its details, never its place in the log.
        let head = serde_json::from_value(raw.clone()).unwrap_or_else(|_| bare(&raw));
        Ok(Self { head, raw })
    }
}

fn bare(raw: &Value) -> LogHead {
    let text = |key: &str| raw.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (id, kind, summary, created_at) = (text("id"), text("type"), text("summary"), text("created_at"));
    LogHead { id, kind, summary, created_at, ..LogHead::default() }
}

impl LogEntry {
    /// A text somewhere inside, such as `/channel/summary`; empty: there is none.
    pub fn text(&self, pointer: &str) -> &str {
        self.raw.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}
