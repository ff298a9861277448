//! The clock of a replay: it runs at a multiple of real time, stands, and never passes its end.

use crate::incident::{Span, Time};

/// Times real time.
pub const SPEEDS: [u32; 9] = [1, 2, 5, 10, 30, 60, 120, 300, 1000];

/// The one that a replay opens with: an hour takes a minute.
const FIRST_SPEED: usize = 5;

/// Virtual time `at` was at real time `real`; from there it runs, or it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    at: Time,
    real: Time,
    end: Time,
    running: bool,
    gear: usize,
}

impl Clock {
    /// Stands at `at` and will not run past `end`.
    pub fn new(at: Time, end: Time) -> Self {
        Self { at, real: at, end, running: false, gear: FIRST_SPEED }
    }

    pub fn now(&self, real: Time) -> Time {
        if !self.running {
            return self.at;
        }
        (self.at + self.scaled(real.since(self.real))).clamp(self.at, self.end.max(self.at))
    }

    /// The virtual time that passes within `real`.
    pub fn scaled(&self, real: Span) -> Span {
        Span::from_ms(real.ms().saturating_mul(i64::from(self.speed())))
    }

    /// The first real moment at which the running clock shows `at` or later.
    pub fn real_of(&self, at: Time) -> Time {
        let (ahead, speed) = (at.since(self.at).ms().max(0), i64::from(self.speed()));
        self.real + Span::from_ms(ahead / speed + i64::from(ahead % speed > 0))
    }

    pub fn set(&mut self, at: Time, real: Time) {
        (self.at, self.real) = (at, real);
    }

    pub fn run(&mut self, running: bool, real: Time) {
        self.set(self.now(real), real);
        self.running = running;
    }

    pub fn is_running(&self) -> bool {
        self.running
    }

    pub fn speed(&self) -> u32 {
        SPEEDS[self.gear]
    }

    /// One gear up or down; whether there was one.
    pub fn shift(&mut self, up: bool, real: Time) -> bool {
        let gear = if up { self.gear + 1 } else { self.gear.wrapping_sub(1) };
        let exists = gear < SPEEDS.len();
        if exists {
            self.set(self.now(real), real);
            self.gear = gear;
        }
        exists
    }
}
