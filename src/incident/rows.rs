//! The timeline's order, without its text: one small row per entry, sorted by when it happened.
//!
//! Text is read from the journal only for the rows that are looked at ([`Store`]), so memory stays
//! bounded however long the incident. Where to start: [`Rows::insert`] and [`Rows::get`].

use std::collections::HashMap;
use std::sync::Arc;

use super::entry::Entry;
use super::event::Class;
use super::ids::EntryId;
use super::time::Time;

/// Where the journal keeps an entry: opaque to everyone but the [`Store`] that issued it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locator(pub u64);

/// One line of the timeline before its text is read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: EntryId,
    /// When it happened, after corrections.
    pub at: Time,
    /// Class in the top byte, locator below: a million rows stay at 32 bytes each.
    packed: u64,
}

impl Row {
    const LOCATOR_BITS: u32 = 56;

    pub fn new(id: EntryId, at: Time, class: Class, locator: Locator) -> Self {
        let low = locator.0 & ((1 << Self::LOCATOR_BITS) - 1);
        Self { id, at, packed: (class as u64) << Self::LOCATOR_BITS | low }
    }

    pub fn of(entry: &Entry, locator: Locator) -> Self {
        Self::new(entry.id(), entry.at(), entry.class(), locator)
    }

    pub fn class(self) -> Class {
        Class::from_u8((self.packed >> Self::LOCATOR_BITS) as u8)
    }

    pub fn locator(self) -> Locator {
        Locator(self.packed & ((1 << Self::LOCATOR_BITS) - 1))
    }

    /// The packed class and locator, for a cache file.
    pub fn packed(self) -> u64 {
        self.packed
    }

    pub fn from_packed(id: EntryId, at: Time, packed: u64) -> Self {
        Self { id, at, packed }
    }
}

/// An entry and where it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub entry: Arc<Entry>,
    pub locator: Locator,
}

impl Placed {
    pub fn new(entry: Entry, locator: Locator) -> Self {
        Self { entry: Arc::new(entry), locator }
    }
}

/// Reads entries by their place.
pub trait Store {
    /// `None` when the place holds nothing readable any more.
    fn read(&self, locator: Locator) -> Option<Arc<Entry>>;

    /// Whether the entry's words, as they are kept, may hold `needle`, which is in lower case. Quicker than reading it;
    /// `true` where that is not known.
    fn might_hold(&self, _locator: Locator, _needle: &str) -> bool {
        true
    }
}

/// Rows in the order of when they happened; ties keep the order of arrival.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    rows: Vec<Row>,
}

impl Rows {
    pub fn from_sorted(rows: Vec<Row>) -> Self {
        Self { rows }
    }

    /// Puts a row in its place and answers where that is. At the end this is constant time.
    pub fn insert(&mut self, row: Row) -> usize {
        let place = match self.rows.last() {
            Some(last) if last.at > row.at => self.rows.partition_point(|other| other.at <= row.at),
            _ => self.rows.len(),
        };
        self.rows.insert(place, row);
        place
    }

    /// Moves an entry whose time was corrected.
    pub fn retime(&mut self, id: EntryId, at: Time) {
        if let Some(place) = self.position(id) {
            let mut row = self.rows.remove(place);
            row.at = at;
            self.insert(row);
        }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn get(&self, place: usize) -> Option<Row> {
        self.rows.get(place).copied()
    }

    pub fn as_slice(&self) -> &[Row] {
        &self.rows
    }

    /// Where an entry stands. Searches from the end, where people look.
    pub fn position(&self, id: EntryId) -> Option<usize> {
        self.rows.iter().rposition(|row| row.id == id)
    }

    /// The first row at or after `at`.
    pub fn at_or_after(&self, at: Time) -> usize {
        self.rows.partition_point(|row| row.at < at)
    }
}

/// Entries in memory: for tests, and for journals that are read whole.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    entries: Vec<Arc<Entry>>,
    places: HashMap<EntryId, usize>,
}

impl MemoryStore {
    pub fn push(&mut self, entry: Arc<Entry>) -> Locator {
        let place = self.entries.len();
        self.places.insert(entry.id(), place);
        self.entries.push(entry);
        Locator(place as u64)
    }

    pub fn find(&self, id: EntryId) -> Option<&Arc<Entry>> {
        self.places.get(&id).and_then(|place| self.entries.get(*place))
    }

    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }
}

impl Store for MemoryStore {
    fn read(&self, locator: Locator) -> Option<Arc<Entry>> {
        self.entries.get(locator.0 as usize).cloned()
    }
}
