//! How fast an account may be used: a token bucket, as the services count.
//!
//! Pure: the time is handed in. A bucket is kept by whoever makes the calls and is not journalled; a process that starts
//! anew starts with a full one, and the service's own `Retry-After` covers the difference.

use crate::incident::{Span, Time};

/// So many calls in a minute, and so many at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    pub per_minute: u32,
    pub burst: u32,
}

impl Pace {
    pub const fn new(per_minute: u32, burst: u32) -> Self {
        Self { per_minute, burst }
    }
}

#[derive(Clone, Debug)]
pub struct Bucket {
    pace: Pace,
    /// Thousandths of a call.
    left: u64,
    filled_at: Option<Time>,
}

/// A call, in the units of `left`.
const CALL: u64 = 60_000;

impl Bucket {
    pub fn new(pace: Pace) -> Self {
        Self { pace, left: u64::from(pace.burst.max(1)) * CALL, filled_at: None }
    }

    fn filled(&self, now: Time) -> u64 {
        let passed = self.filled_at.map_or(0, |at| now.since(at).ms().max(0).unsigned_abs());
        let most = u64::from(self.pace.burst.max(1)) * CALL;
        self.left.saturating_add(passed.saturating_mul(u64::from(self.pace.per_minute))).min(most)
    }

    /// How long until a call may be made; zero: now.
    pub fn wait(&self, now: Time) -> Span {
        let missing = CALL.saturating_sub(self.filled(now));
        let rate = u64::from(self.pace.per_minute.max(1));
        Span::from_ms(i64::try_from(missing.div_ceil(rate)).unwrap_or(i64::MAX))
    }

    /// Makes a call, if one may be made now.
    pub fn take(&mut self, now: Time) -> bool {
        let filled = self.filled(now);
        let may = filled >= CALL;
        // A clock that was set back must not hold everybody up.
        self.left = if may { filled - CALL } else { filled };
        self.filled_at = Some(now);
        may
    }
}
