//! A replay's time cut into equal pieces, for a ruler of any width.

use super::index::Index;
use crate::incident::Time;
use crate::incident::words::Phase;

/// What became known in one piece of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub count: u32,
    /// At its end.
    pub phase: Phase,
    /// A decision or an update is in it.
    pub important: bool,
}

/// Which piece a time falls into, and where a piece begins; each the inverse of the other.
#[derive(Clone, Copy, Debug)]
pub struct Ruler {
    start: Time,
    /// Milliseconds, the last one included: never zero.
    length: i128,
    pieces: i128,
}

impl Ruler {
    pub(super) fn new((start, end): (Time, Time), pieces: usize) -> Self {
        let length = i128::from(end.ms()) - i128::from(start.ms()) + 1;
        Self { start, length: length.max(1), pieces: pieces.max(1) as i128 }
    }

    /// Times outside fall into the first or the last.
    pub fn piece(&self, at: Time) -> usize {
        let past = i128::from(at.ms()) - i128::from(self.start.ms());
        (past * self.pieces).div_euclid(self.length).clamp(0, self.pieces - 1) as usize
    }

    pub fn begin(&self, piece: usize) -> Time {
        let past = (piece as i128 * self.length + self.pieces - 1) / self.pieces;
        Time::from_ms((i128::from(self.start.ms()) + past) as i64)
    }

    pub(super) fn buckets(&self, index: &Index) -> Vec<Bucket> {
        let mut from = 0;
        let each = (1..=self.pieces as usize).map(|piece| {
            let edge = self.begin(piece);
            let to = index.known.partition_point(|known| *known < edge);
            let bucket = Bucket {
                count: (to - from) as u32,
                phase: index.phase(to),
                important: marks_before(index, from) < marks_before(index, to),
            };
            from = to;
            bucket
        });
        each.collect()
    }
}

fn marks_before(index: &Index, count: usize) -> usize {
    index.marks.partition_point(|rank| (*rank as usize) < count)
}
