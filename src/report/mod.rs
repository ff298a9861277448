//! An incident's log as text for people and programs. Pure: it reads entries and state, and writes strings.
//!
//! [`update`] drafts what is said, [`check`] looks at it before it goes out, [`history`] knows who was told what,
//! [`brief`] is what a successor must know, [`export`] is the whole incident as one document.

pub mod brief;
pub mod check;
pub mod export;
pub mod history;
pub mod impact;
pub mod ledger;
pub mod update;

mod names;
pub mod outside;
