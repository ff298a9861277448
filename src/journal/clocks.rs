//! Other hosts' clocks: which are followed, and which only flagged.
//!
//! A clock that runs more than [`Stamp::MAX_AHEAD_MS`] ahead of ours is not believed: its entries are kept where they say
//! they belong, our stamps do not follow it, and the room is told once. Whether ours is the wrong one, people must see.

use super::open::Journal;
use crate::incident::entry::Stamp;
use crate::incident::ids::HostId;
use crate::incident::time::{Span, Time};

impl Journal {
    /// The newest of the hosts' last stamps that is not too far ahead of our clock to be believed.
    pub(super) fn trusted_clock(&self, now: Time) -> Stamp {
        let lasts = self.sources.iter().map(|source| source.last.stamp);
        lasts.filter(|stamp| !is_ahead(*stamp, now)).max().unwrap_or_default()
    }

    /// Words about a host whose clock runs too far ahead of `now` to be followed; once for each.
    pub fn clock_warning(&mut self, now: Time) -> Option<String> {
        let newest = self.sources.iter().map(|source| source.last.stamp);
        let ahead =
            newest.filter(|stamp| is_ahead(*stamp, now) && !self.writer.flagged.contains(&stamp.host));
        let stamp = ahead.max()?;
        self.writer.flagged.insert(stamp.host);
        Some(words(stamp, now, self.host))
    }
}

fn is_ahead(stamp: Stamp, now: Time) -> bool {
    stamp.time.ms().saturating_sub(now.ms()) > Stamp::MAX_AHEAD_MS
}

fn words(stamp: Stamp, now: Time, own: HostId) -> String {
    let by = Span::from_ms(stamp.time.ms().saturating_sub(now.ms())).short();
    if stamp.host == own {
        return format!(
            "this machine's clock is {by} behind what it was before: its entries are kept, check it"
        );
    }
    format!(
        "the clock of host {} is {by} ahead of ours: its entries are kept, its time is not followed",
        stamp.host
    )
}
