//! What a template may say: every field, its name and what it stands for.
//!
//! A text is empty and a list has no lines where the log does not say it. Fields that only insiders may read are empty in a
//! message that goes outside, whatever its template asks for. How they are filled in is in [`super::fill`].

use serde::Serialize;
use serde_json::{Value, json};

use super::template::OWN_FILTERS;

/// Name and meaning of each field of [`Fields`], in its order.
pub const FIELDS: [(&str, &str); 42] = [
    ("severity", "the severity, such as P1"),
    ("severity_word", "the severity in a word, such as high"),
    ("title", "the title; a drill begins with DRILL, a private incident has none of its own"),
    ("kind", "the type of incident, such as Data corruption"),
    ("drill", "yes or no: it is practice"),
    ("private", "yes or no: its words stay out of titles"),
    ("external", "yes or no: the message goes outside"),
    ("first", "yes or no: this audience was told nothing so far"),
    ("resolved", "yes or no: the message says that it is over"),
    ("audience", "who is told, such as executive or team/analytics"),
    ("team", "the team that is told, such as analytics"),
    ("time", "now, with date and zone"),
    ("word", "investigating, identified, resolving, monitoring or resolved"),
    ("started", "when it began; outside as the ledger knows it, else when it was declared"),
    ("ended", "when it was resolved"),
    ("duration", "how long it lasted, or has lasted so far"),
    ("cause_known", "yes or no: a cause is confirmed"),
    ("next", "when the next update comes; empty: none is planned"),
    ("commander", "who commands (inside only)"),
    ("room", "bridge and channel (inside only)"),
    ("ticket", "the incident's ticket (inside only)"),
    ("summary", "what happened and from when to when, in one sentence (inside only)"),
    ("impact", "list: what people feel; outside: how data is harmed, and notes that name nothing of ours"),
    ("users", "how many users feel it, or what part of them: from a note `users: …`, or triage"),
    ("delay", "how late the data is: from a note `delay: …`, the ledger, or triage (inside only)"),
    ("affected", "list: each dataset with its harm, time of the data, users and recovery (inside only)"),
    ("datasets", "list: the names of these datasets (inside only)"),
    ("consumers", "list: who works with them (inside only)"),
    ("avoid", "list: datasets that are not good yet, with their harm (inside only)"),
    ("usable", "list: datasets that are good again, and since when (inside only)"),
    (
        "know",
        "list: the confirmed cause, and what became known since this audience was last told (inside only)",
    ),
    ("cause", "list: the confirmed cause, and what notes call the root cause (inside only)"),
    ("actions", "list: what was done and decided since this audience was last told (inside only)"),
    ("steps", "list: what is under way, who was asked what, what is to be done (inside only)"),
    ("doing", "list: actions, then what is under way and who was asked what (inside only)"),
    ("conditions", "list: impact, affected, know (inside only)"),
    ("needs", "list: roles that nobody holds, answers that are late, notes `need: …` (inside only)"),
    ("estimate", "when it may be back, from a note `estimate: …` (inside only: nothing is promised outside)"),
    ("data", "what became of the data in the end: none, delayed or lost, and which"),
    ("fix", "list: how it was fixed (inside only)"),
    ("review", "when the post-mortem is due (inside only)"),
    ("follow_ups", "list: what is still to be done, by whom and when (inside only)"),
];

/// Every field, and every filter beside those of Jinja, one a line: for whoever writes a template.
pub fn listing() -> String {
    let widest = FIELDS.iter().chain(&OWN_FILTERS).map(|(name, _)| name.len()).max().unwrap_or_default();
    let line = |(name, meaning): &(&str, &str)| format!("{name:widest$}  {meaning}");
    FIELDS.iter().chain(&OWN_FILTERS).map(line).collect::<Vec<_>>().join("\n")
}

/// What a template is filled in with; [`FIELDS`] says what each field means.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fields {
    pub severity: String,
    pub severity_word: String,
    pub title: String,
    pub kind: String,
    pub drill: bool,
    pub private: bool,
    pub external: bool,
    pub first: bool,
    pub resolved: bool,
    pub audience: String,
    pub team: String,
    pub time: String,
    pub word: String,
    pub started: String,
    pub ended: String,
    pub duration: String,
    pub cause_known: bool,
    pub next: String,
    pub commander: String,
    pub room: String,
    pub ticket: String,
    pub summary: String,
    pub impact: Vec<String>,
    pub users: String,
    pub delay: String,
    pub affected: Vec<String>,
    pub datasets: Vec<String>,
    pub consumers: Vec<String>,
    pub avoid: Vec<String>,
    pub usable: Vec<String>,
    pub know: Vec<String>,
    pub cause: Vec<String>,
    pub actions: Vec<String>,
    pub steps: Vec<String>,
    pub doing: Vec<String>,
    pub conditions: Vec<String>,
    pub needs: Vec<String>,
    pub estimate: String,
    pub data: String,
    pub fix: Vec<String>,
    pub review: String,
    pub follow_ups: Vec<String>,
}

impl Fields {
    /// Every field filled in with something: a template is tried with it.
    pub(super) fn example() -> Value {
        let mut example = json!(Fields::default());
        for value in example.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
            *value = match value {
                Value::Bool(_) => json!(true),
                Value::Array(_) => json!(["something"]),
                _ => json!("something"),
            };
        }
        example
    }
}
