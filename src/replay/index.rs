//! What a replay remembers of each entry: 40 bytes, in the order of the fold; the text stays in the journal.
//!
//! Three orders meet here. The fold goes by stamp (`seq`), knowledge by when an entry became known (`rank`), the timeline by
//! when it happened. In most journals all three are one and the same, and then only one of them is kept.

use crate::incident::words::Phase;
use crate::incident::{Row, Time};

/// All entries of one journal.
#[derive(Default)]
pub(super) struct Index {
    /// By seq, as written; those that the timeline does not list included.
    pub entries: Vec<Row>,
    /// By rank.
    pub known: Vec<Time>,
    pub order: Option<Order>,
    /// Seqs by when the entries happened; absent: the order of the fold.
    pub by_at: Option<Vec<u32>>,
    /// By seq.
    pub retimes: Vec<Retime>,
    /// By rank.
    pub turns: Vec<Turn>,
    /// Ranks of decisions and updates, rising.
    pub marks: Vec<u32>,
}

/// How the order of the fold and the order of knowledge differ.
pub(super) struct Order {
    rank_of: Vec<u32>,
    seq_of: Vec<u32>,
}

/// A correction of the time of an earlier entry.
#[derive(Clone, Copy)]
pub(super) struct Retime {
    pub seq: u32,
    pub target: u32,
    pub at: Time,
}

/// A declaration or a move of the status.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    pub rank: u32,
    /// The phase from then on, as known then.
    pub phase: Phase,
}

impl Index {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn rank(&self, seq: usize) -> usize {
        self.order.as_ref().map_or(seq, |order| order.rank_of[seq] as usize)
    }

    pub fn seq(&self, rank: usize) -> usize {
        self.order.as_ref().map_or(rank, |order| order.seq_of[rank] as usize)
    }

    /// Whether the timeline has a row for it.
    pub fn is_listed(&self, seq: usize) -> bool {
        self.entries[seq].class().on_timeline()
    }

    /// How many entries were known at `at`.
    pub fn known_by(&self, at: Time) -> usize {
        self.known.partition_point(|known| *known <= at)
    }

    /// The phase once `count` entries are known.
    pub fn phase(&self, count: usize) -> Phase {
        let turns = self.turns.partition_point(|turn| (turn.rank as usize) < count);
        turns.checked_sub(1).map_or(Phase::Identify, |last| self.turns[last].phase)
    }

    /// When the first and the last entry became known.
    pub fn bounds(&self) -> (Time, Time) {
        match (self.known.first(), self.known.last()) {
            (Some(first), Some(last)) => (*first, *last),
            _ => (Time::default(), Time::default()),
        }
    }
}

impl Order {
    /// Sorts `known` (by seq) by time; of those known at once, the first of the fold goes first. `None`: nothing moved.
    pub fn sort(known: &mut Vec<Time>) -> Option<Self> {
        let seq_of = sorted_by(known)?;
        let mut rank_of = vec![0; known.len()];
        for (rank, seq) in seq_of.iter().enumerate() {
            rank_of[*seq as usize] = rank as u32;
        }
        *known = seq_of.iter().map(|seq| known[*seq as usize]).collect();
        Some(Self { rank_of, seq_of })
    }
}

/// The places of `keys` in rising order, equal ones as they stand; `None` when they rise already.
pub(super) fn sorted_by(keys: &[Time]) -> Option<Vec<u32>> {
    if keys.is_sorted() {
        return None;
    }
    let mut places: Vec<u32> = (0..keys.len() as u32).collect();
    places.sort_by_key(|place| keys[*place as usize]);
    Some(places)
}
