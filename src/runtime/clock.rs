//! What time it is: the one place in the program that asks.
//!
//! `WARROOM_NOW` replaces the clock, for tests and demonstrations: a time such as `2026-11-21T14:00:00Z` stands still, the same
//! with a `+` behind it runs on from there. A value that is no time is ignored; `doctor` says so.

use std::sync::OnceLock;
use std::time::Instant;

use crate::incident::{Span, Time};

/// The variable that replaces the clock.
pub const VARIABLE: &str = "WARROOM_NOW";

#[derive(Clone, Copy)]
enum Clock {
    Real,
    Frozen(Time),
    RunningFrom(Time, Instant),
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks")]
pub fn now() -> Time {
    static CLOCK: OnceLock<Clock> = OnceLock::new();
    match CLOCK.get_or_init(from_env) {
        Clock::Real => Time::from_utc(chrono::Utc::now()),
        Clock::Frozen(time) => *time,
        Clock::RunningFrom(time, start) => {
            *time + Span::from_ms(i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX))
        }
    }
}

fn from_env() -> Clock {
    let Ok(text) = std::env::var(VARIABLE) else { return Clock::Real };
    match (text.strip_suffix('+'), Time::parse(&text)) {
        (_, Some(time)) => Clock::Frozen(time),
        (Some(start), None) => {
            Time::parse(start).map_or(Clock::Real, |time| Clock::RunningFrom(time, Instant::now()))
        }
        (None, None) => Clock::Real,
    }
}
