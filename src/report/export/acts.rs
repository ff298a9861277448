//! The stable JSON shapes of the acts of command: the policy, asks, decisions, causes, offers, approvals (rows B2, B5 to B9).
//!
//! Words of several parts are written as in the journal, such as `ruled_out`.

use serde_json::{Map, Value, json};

use crate::incident::Incident;
use crate::incident::decisions::Hypothesis;

/// Members of the state of an incident.
pub fn members(incident: &Incident) -> Map<String, Value> {
    let now = incident.newest_known.unwrap_or_default();
    let held = incident.time_in_severity(now);
    let held: Vec<Value> =
        held.iter().map(|(severity, span)| json!({ "severity": severity, "seconds": span.secs() })).collect();
    let members = [
        ("policy", policy(incident)),
        ("time_in_severity", json!(held)),
        ("assessments", json!(incident.assessments)),
        ("asks", json!(incident.asks.all())),
        ("decisions", json!(incident.polls.all())),
        ("hypotheses", json!(hypotheses(incident).collect::<Vec<_>>())),
        ("offers", json!(incident.roles.offers())),
        ("proposed_updates", json!(incident.proposed)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The policy in force, by the names and digests of its parts; `null`: none is pinned.
fn policy(incident: &Incident) -> Value {
    let Some(pinned) = incident.policies.last() else { return Value::Null };
    let part =
        |part: &crate::incident::event::PolicyText| json!({ "name": part.name, "digest": part.digest });
    json!({ "since": pinned.base.at, "parts": pinned.parts.iter().map(part).collect::<Vec<_>>() })
}

/// What may be the cause; a hypothesis that was retracted is none.
fn hypotheses(incident: &Incident) -> impl Iterator<Item = &Hypothesis> {
    let retracted = &incident.notes.retracted;
    incident.hypotheses.all().iter().filter(|hypothesis| !retracted.contains_key(&hypothesis.id))
}
