//! An incident's log as text for people and programs. Pure: it reads entries and state, and writes strings.

pub mod export;
pub mod update;
