//! What an incident is: its entries, the fold over them, the decisions. Pure.
//!
//! An incident is a log; everything else is a view of it. Start with [`Entry`] (the only
//! serialised truth), then [`Incident::apply`] (the fold), then [`decide`]. Nothing here reads a
//! clock, throws dice, touches a file or knows a terminal.

pub mod asks;
pub mod checklist;
pub mod clean;
pub mod clocks;
pub mod closing;
pub mod command;
pub mod deadline;
pub mod decide;
pub mod decisions;
pub mod describe;
pub mod entry;
pub mod event;
pub mod follow_ups;
pub mod ids;
pub mod ledger;
pub mod pinned;
pub mod roles;
pub mod rows;
pub mod scribe;
pub mod state;
pub mod time;
pub mod words;

mod apply;

pub use apply::REPEATED;
pub use command::Command;
pub use decide::{Context, Refusal, decide};
pub use entry::{Draft, Entry, Header, Origin, Stamp};
pub use event::{Class, Event};
pub use ids::{EntryId, HostId, IncidentId, PersonId};
pub use rows::{Locator, Row, Rows, Store};
pub use state::Incident;
pub use time::{Span, Time, When, Zone};
