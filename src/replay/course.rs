//! Getting from one moment to another without folding everything: states kept along the way.
//!
//! A [`Point`] is a state and the number of entries known for which it is a true beginning. As long as entries became known
//! in the order of the fold, that is every later number; an entry that was recorded long after it became known (an import)
//! narrows it, and whatever no longer begins the fold is not used.

use super::index::Index;
use crate::incident::rows::Placed;
use crate::incident::{Rows, Store};
use crate::room::Folded;

/// Most states kept, evenly over the journal. Each is a copy of the incident and its outbox, without rows.
const MOST_POINTS: usize = 128;
/// Fewest entries between two of them.
const FEWEST_BETWEEN: usize = 256;

/// The fold of those of the first `next` entries that are known.
pub(super) struct Point {
    pub folded: Folded,
    /// The seq that is looked at next.
    pub next: usize,
    /// Entries folded.
    pub count: usize,
    /// It begins the fold for this many entries known, at least and at most.
    least: usize,
    most: usize,
}

impl Default for Point {
    fn default() -> Self {
        Self { folded: Folded::default(), next: 0, count: 0, least: 0, most: usize::MAX }
    }
}

impl Point {
    pub fn begins(&self, count: usize) -> bool {
        (self.least..=self.most).contains(&count)
    }

    /// A copy to keep.
    fn bare(&self) -> Self {
        let (incident, outbox) = (self.folded.incident.clone(), self.folded.outbox.clone());
        let folded = Folded { incident, outbox, rows: Rows::default() };
        Self { folded, ..*self }
    }

    /// Folds the next entry, or passes over it while it is not known.
    fn pass(&mut self, known: usize, index: &Index, store: &dyn Store) {
        let (seq, rank) = (self.next, index.rank(self.next));
        self.next += 1;
        if rank >= known {
            self.most = self.most.min(rank);
            return;
        }
        self.least = self.least.max(rank + 1);
        self.count += 1;
        let row = index.entries[seq];
        match store.read(row.locator()) {
            Some(entry) => self.folded.take_one(&Placed { entry, locator: row.locator() }),
            // Damaged since: it stays on the timeline, and changes nothing.
            None if index.is_listed(seq) => drop(self.folded.rows.insert(row)),
            None => {}
        }
    }
}

/// The states kept of one journal, the earliest first.
pub(super) struct Course {
    points: Vec<Point>,
    between: usize,
    /// The state before the first entry that was passed over: what follows it is folded again for each late entry.
    base: Option<Point>,
}

impl Default for Course {
    fn default() -> Self {
        Self { points: Vec::new(), between: FEWEST_BETWEEN, base: None }
    }
}

impl Course {
    /// Whether a state of `count` entries is wanted, while a journal is read from its beginning.
    pub fn wants(&self, count: usize) -> bool {
        count.is_multiple_of(self.between)
    }

    /// Keeps the fold of the first `count` entries.
    pub fn keep(&mut self, folded: &Folded, count: usize) {
        let (incident, outbox) = (folded.incident.clone(), folded.outbox.clone());
        let folded = Folded { incident, outbox, rows: Rows::default() };
        self.points.push(Point { folded, next: count, count, least: count, most: usize::MAX });
        if self.points.len() > MOST_POINTS {
            // How long the journal is shows only at its end.
            self.between *= 2;
            let between = self.between;
            self.points.retain(|point| point.count.is_multiple_of(between));
        }
    }

    /// Takes in when the entries became known, which shows only once all have been read.
    pub fn settle(&mut self, index: &Index) {
        let (mut seq, mut least) = (0, 0);
        for point in &mut self.points {
            while seq < point.next {
                least = least.max(index.rank(seq) + 1);
                seq += 1;
            }
            point.least = least;
        }
    }

    /// The state of `known` entries, its rows included: `from` carried on where it is the nearest beginning.
    pub fn reach(&mut self, known: usize, mut from: Point, index: &Index, store: &dyn Store) -> Point {
        // First, so that the old rows and the new ones are never in memory together.
        from.folded.rows = Rows::default();
        let mut point = match self.nearest(known) {
            Some(kept) if !from.begins(known) || from.count < kept.count => kept.bare(),
            None if !from.begins(known) => Point::default(),
            _ => from,
        };
        self.advance(&mut point, known, index, store);
        point.folded.rows = index.rows(known);
        point
    }

    /// The same beside the replay, which stays as it is.
    pub fn peek(&self, known: usize, index: &Index, store: &dyn Store) -> Folded {
        let mut point = self.nearest(known).map(Point::bare).unwrap_or_default();
        while point.count < known && point.next < index.len() {
            point.pass(known, index, store);
        }
        Folded { rows: index.rows(known), ..point.folded }
    }

    fn nearest(&self, known: usize) -> Option<&Point> {
        let kept = self.points.iter().chain(&self.base).filter(|point| point.begins(known));
        kept.max_by_key(|point| point.count)
    }

    /// Folds on until `known` entries are in; `point` must begin that fold.
    pub fn advance(&mut self, point: &mut Point, known: usize, index: &Index, store: &dyn Store) {
        while point.count < known && point.next < index.len() {
            if point.most == usize::MAX && index.rank(point.next) >= known {
                self.keep_base(point);
            }
            point.pass(known, index, store);
        }
    }

    fn keep_base(&mut self, point: &Point) {
        let kept =
            self.base.as_ref().is_some_and(|base| (base.next, base.least) == (point.next, point.least));
        if !kept {
            self.base = Some(point.bare());
        }
    }
}
