//! A whole incident as one document: Markdown for people, JSON for programs.
//!
//! Pure and complete: what was corrected, retracted or erased is shown as such and never left out. It renders; it never
//! judges, sums up or writes what the log does not say. Start at [`markdown`] and [`json`]; the JSON's shapes, which the
//! command line shares, are in [`shape`] and [`ledgers`].

pub mod ledgers;
pub mod shape;

mod acts;
mod after;
mod markdown;
mod sections;

use serde_json::{Value, json};

use crate::incident::event::DeliveryEvent;
use crate::incident::{Class, Entry, Event, Incident};

pub use markdown::markdown;

/// `{"incident": {…}, "entries": [{…}, …]}`, the entries in the order given.
pub fn json<'a>(incident: &Incident, entries: impl IntoIterator<Item = &'a Entry>) -> Value {
    let entries: Vec<Value> = entries.into_iter().map(|entry| shape::entry(incident, entry)).collect();
    json!({ "incident": shape::incident(incident), "entries": entries })
}

/// Whether an entry is part of the story: not bookkeeping about another entry, not the first steps of a delivery.
pub fn is_story(entry: &Entry) -> bool {
    let begun = |event: &DeliveryEvent| {
        matches!(event, DeliveryEvent::Requested { .. } | DeliveryEvent::Attempted { .. })
    };
    entry.class() != Class::Bookkeeping && !matches!(&entry.event, Event::Delivery(event) if begun(event))
}
