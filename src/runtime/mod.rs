//! Carries out what a room asks for: writes, calls, waits. The only layer that asks what time it is.

pub mod clock;
pub mod headless;
