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

use crate::incident::event::{DeliveryEvent, FailureClass};
use crate::incident::{Class, Entry, Event, Incident};

pub use markdown::markdown;

/// `{"incident": {…}, "entries": [{…}, …]}`, the entries in the order given.
pub fn json<'a>(incident: &Incident, entries: impl IntoIterator<Item = &'a Entry>) -> Value {
    let entries: Vec<Value> = entries.into_iter().map(|entry| shape::entry(incident, entry)).collect();
    json!({ "incident": shape::incident(incident), "entries": entries })
}

/// Whether an entry is part of the story: not bookkeeping about another entry; of deliveries only what was kept here, and what
/// somebody has to know or has decided.
pub fn is_story(entry: &Entry) -> bool {
    let told = |event: &DeliveryEvent| match event {
        DeliveryEvent::Confirmed { remote, .. } => remote.ends_with(".md"),
        DeliveryEvent::Failed { class, .. } => matches!(class, FailureClass::Permanent | FailureClass::Auth),
        DeliveryEvent::Dropped { .. } | DeliveryEvent::TakenOver { .. } => true,
        _ => false,
    };
    match &entry.event {
        Event::Delivery(event) => told(event),
        _ => entry.class() != Class::Bookkeeping,
    }
}
