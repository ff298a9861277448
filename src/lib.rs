//! warroom: the war room that still works when the tools are the incident.
//!
//! A bird's-eye view and the invariants of each layer are in `ARCHITECTURE.md`. Start reading at
//! [`incident`] (what an incident is), then [`room`] (how one is run), then [`tui`] (how it looks).

pub mod cli;
pub mod clients;
pub mod config;
pub mod files;
pub mod incident;
pub mod journal;
pub mod outbox;
pub mod playbook;
pub mod policy;
pub mod replay;
pub mod report;
pub mod room;
pub mod runtime;
pub mod secret;
pub mod tui;
