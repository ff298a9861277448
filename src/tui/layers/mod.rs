//! The layers that lie over the screen.

pub mod ask;
pub mod choose;
