//! The files of one journal by number, shared between the journal and its stores.
//!
//! A [`Locator`] is a file's number here and an offset in it; a file keeps its number for as long as the process runs.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::disk::DiskFile;
use crate::incident::rows::Locator;

/// Bits of a locator that hold the offset: a terabyte. The 16 bits above hold the file's number.
const OFFSET_BITS: u32 = 40;

/// Most files of one journal.
pub(super) const MAX_FILES: usize = 1 << 16;

#[derive(Default)]
pub(super) struct FileTable {
    slots: RwLock<Vec<Slot>>,
    /// Counts erasures: whoever keeps entries in memory must forget them when this moves.
    erasures: AtomicU64,
}

#[derive(Clone)]
struct Slot {
    path: PathBuf,
    file: Arc<dyn DiskFile>,
}

impl FileTable {
    /// Takes a file in and answers its number.
    pub fn add(&self, path: PathBuf, file: Arc<dyn DiskFile>) -> usize {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        slots.push(Slot { path, file });
        slots.len() - 1
    }

    /// The file under a path has become another one.
    pub fn replace(&self, number: usize, file: Arc<dyn DiskFile>) {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get_mut(number) {
            slot.file = file;
        }
    }

    pub fn file(&self, number: usize) -> Option<Arc<dyn DiskFile>> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.get(number).map(|slot| slot.file.clone())
    }

    pub fn paths(&self) -> Vec<PathBuf> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.iter().map(|slot| slot.path.clone()).collect()
    }

    pub fn erased(&self) {
        self.erasures.fetch_add(1, Ordering::Release);
    }

    pub fn erasures(&self) -> u64 {
        self.erasures.load(Ordering::Acquire)
    }
}

pub(super) fn locator(file: usize, offset: u64) -> Locator {
    Locator((file as u64) << OFFSET_BITS | offset)
}

/// A locator's file, by number, and the offset of its line there.
pub fn place(locator: Locator) -> (usize, u64) {
    ((locator.0 >> OFFSET_BITS) as usize, locator.0 & ((1 << OFFSET_BITS) - 1))
}
