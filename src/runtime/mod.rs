//! Carries out what a room asks for: writes, calls, waits. The only layer that asks what time it is.

pub mod accounts;
pub mod cache;
pub mod clock;
pub mod crew;
pub mod declare;
pub mod dice;
pub mod drafts;
pub mod headless;
pub mod live;
pub mod past;
pub mod summary;
