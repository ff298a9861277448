//! The layers that lie over the screen.

pub mod ask;
pub mod attach;
pub mod backfill;
pub mod choose;
pub mod command_line;
pub mod detail;
pub mod entry;
pub mod help;
pub mod kinds;
pub mod listing;
pub mod palette;
pub mod preview;
pub mod question;
pub mod roles;
pub mod room;
pub mod severity;
pub mod status;
pub mod step;
pub mod timers;
