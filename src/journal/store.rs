//! Reading one entry at its place: what panes, search and exports do.
//!
//! A store checks the entry's body against its header; the chain was checked when the journal was read. It stays good while
//! the journal grows, and answers nothing for an entry that is damaged now.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::line::{MAX_LINE, decode};
use super::table::{FileTable, place};
use super::window::Window;
use crate::incident::entry::Entry;
use crate::incident::rows::{Locator, Store};

/// Bytes read at first; most lines are shorter.
const GUESS: usize = 1024;
/// Entries kept in memory, at most.
const KEPT: usize = 4096;

/// Reads entries of a journal by place. `Send`, not `Sync`: each thread clones its own.
pub struct JournalStore {
    table: Arc<FileTable>,
    cache: RefCell<Cache>,
    window: RefCell<Window>,
}

/// The last entries read: full halves are dropped, the oldest first.
#[derive(Default)]
struct Cache {
    young: HashMap<Locator, Arc<Entry>>,
    old: HashMap<Locator, Arc<Entry>>,
    erasures: u64,
}

impl JournalStore {
    pub(super) fn new(table: Arc<FileTable>) -> Self {
        Self { table, cache: RefCell::default(), window: RefCell::default() }
    }

    fn fetch(&self, locator: Locator) -> Option<Arc<Entry>> {
        let (number, offset) = place(locator);
        let file = self.table.file(number)?;
        let mut line = Vec::new();
        while line.len() < MAX_LINE {
            let (had, want) = (line.len(), line.len().max(GUESS));
            line.resize(had + want, 0);
            let n = file.read_full_at(&mut line[had..], offset + had as u64).ok()?;
            if let Some(end) = memchr::memchr(b'\n', &line[had..had + n]) {
                return decode(&line[..had + end]).ok().map(Arc::new);
            }
            if n < want {
                return None;
            }
        }
        None
    }
}

impl Store for JournalStore {
    fn read(&self, locator: Locator) -> Option<Arc<Entry>> {
        let mut cache = self.cache.borrow_mut();
        cache.forget_erased(self.table.erasures());
        if let Some(entry) = cache.get(locator) {
            return Some(entry);
        }
        let entry = self.fetch(locator)?;
        cache.put(locator, entry.clone());
        Some(entry)
    }

    fn might_hold(&self, locator: Locator, needle: &str) -> bool {
        let (number, offset) = place(locator);
        let mut window = self.window.borrow_mut();
        if !window.covers(number, offset) {
            let Some(file) = self.table.file(number) else { return true };
            window.load(&*file, number, offset);
        }
        window.might_hold(offset, needle)
    }
}

/// A clone starts with an empty cache.
impl Clone for JournalStore {
    fn clone(&self) -> Self {
        Self::new(self.table.clone())
    }
}

impl Cache {
    fn get(&mut self, locator: Locator) -> Option<Arc<Entry>> {
        if let Some(entry) = self.young.get(&locator) {
            return Some(entry.clone());
        }
        let entry = self.old.remove(&locator)?;
        self.put(locator, entry.clone());
        Some(entry)
    }

    fn put(&mut self, locator: Locator, entry: Arc<Entry>) {
        if self.young.len() >= KEPT / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(locator, entry);
    }

    fn forget_erased(&mut self, erasures: u64) {
        if self.erasures != erasures {
            *self = Self { erasures, ..Self::default() };
        }
    }
}
