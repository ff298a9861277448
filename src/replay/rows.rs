//! The timeline's rows at any moment, made anew from the index.
//!
//! Copying a million rows of 32 bytes takes milliseconds, so no state that is kept for seeking holds any: a hundred copies
//! of them would fill the memory, and a shared one would have to be taken apart for every late entry and corrected time.

use std::collections::HashMap;

use super::index::{Index, Retime};
use crate::incident::{Row, Rows, Time};

/// Where corrections have moved entries: the new time, and the seq of the correction, which decides between equal times.
type Moved = HashMap<u32, (Time, u32)>;

impl Index {
    /// The rows once `count` entries are known, exactly as a fold of those leaves them.
    pub fn rows(&self, count: usize) -> Rows {
        let moved = self.moved(count);
        let rows = if moved.is_empty() { self.unmoved(count) } else { self.merged(count, &moved) };
        Rows::from_sorted(rows)
    }

    fn unmoved(&self, count: usize) -> Vec<Row> {
        let mut rows = Vec::with_capacity(count);
        self.each(count, |_, row| rows.push(row));
        rows
    }

    fn merged(&self, count: usize, moved: &Moved) -> Vec<Row> {
        let mut is_moved = vec![false; self.len()];
        moved.keys().for_each(|target| is_moved[*target as usize] = true);
        let mut elsewhere = self.elsewhere(moved).into_iter().peekable();
        let mut rows = Vec::with_capacity(count);
        self.each(count, |seq, row| {
            if !is_moved[seq as usize] {
                while let Some((.., row)) = elsewhere.next_if(|(at, by, _)| (*at, *by) < (row.at, seq)) {
                    rows.push(row);
                }
                rows.push(row);
            }
        });
        rows.extend(elsewhere.map(|(.., row)| row));
        rows
    }

    /// The rows that were moved, in the order of where they are now.
    fn elsewhere(&self, moved: &Moved) -> Vec<(Time, u32, Row)> {
        let place = |(target, (at, by)): (&u32, &(Time, u32))| {
            let row = self.entries[*target as usize];
            (*at, *by, Row::from_packed(row.id, *at, row.packed()))
        };
        let mut rows: Vec<(Time, u32, Row)> = moved.iter().map(place).collect();
        rows.sort_unstable_by_key(|(at, by, _)| (*at, *by));
        rows
    }

    /// Listed entries that are known, by when they were first said to have happened.
    fn each(&self, count: usize, mut take: impl FnMut(u32, Row)) {
        let mut visit = |seq: usize| {
            if self.rank(seq) < count && self.is_listed(seq) {
                take(seq as u32, self.entries[seq]);
            }
        };
        match (&self.by_at, &self.order) {
            (Some(places), _) => places.iter().for_each(|seq| visit(*seq as usize)),
            (None, Some(_)) => (0..self.len()).for_each(visit),
            (None, None) => (0..count.min(self.len())).for_each(visit),
        }
    }

    fn moved(&self, count: usize) -> Moved {
        let known = |seq: u32| self.rank(seq as usize) < count;
        let holds = self.retimes.iter().filter(|retime| known(retime.seq) && known(retime.target));
        // One that comes before its target moves it when that comes.
        let placed = |retime: &Retime| (retime.at, retime.seq.max(retime.target));
        holds.map(|retime| (retime.target, placed(retime))).collect()
    }
}
