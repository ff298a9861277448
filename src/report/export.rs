//! A whole incident as one document: Markdown for people, JSON for programs.
//!
//! Pure and complete: what was corrected, retracted or erased is shown as such and never left out. It renders; it never
//! judges, sums up or writes what the log does not say. Start at [`markdown`] and [`json`]; the JSON's shapes, which the
//! command line shares, are in [`shape`].

pub mod shape;

mod markdown;
mod sections;

use serde_json::{Value, json};

use crate::incident::{Entry, Incident};

pub use markdown::markdown;

/// `{"incident": {…}, "entries": [{…}, …]}`, the entries in the order given.
pub fn json<'a>(incident: &Incident, entries: impl IntoIterator<Item = &'a Entry>) -> Value {
    let entries: Vec<Value> = entries.into_iter().map(|entry| shape::entry(incident, entry)).collect();
    json!({ "incident": shape::incident(incident), "entries": entries })
}
