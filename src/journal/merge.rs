//! Reading what is new in all files of a journal, in the order of the stamps.
//!
//! Each file is read from start to end in bounded memory; the oldest of the files' next entries goes first. A host's stamps
//! rise within its files unless its clock was set back; then [`ScanEnd::late`] says so, and [`Journal::rescan`] sorts.

use std::path::Path;
use std::sync::Arc;

use super::damage::{Damage, Part};
use super::error::JournalError;
use super::gallop::Gallop;
use super::lines::Lines;
use super::lookup::holds_entry;
use super::open::Journal;
use super::source::{Source, Step};
use super::{Disk, Placed, RealDisk};
use crate::incident::entry::Stamp;
use crate::incident::ids::{EntryId, HostId};
use crate::incident::rows::{Locator, Store};

/// What came in since the last look.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// In the order of their stamps.
    pub entries: Vec<Placed>,
    pub damage: Vec<Damage>,
    /// Some entry belongs before one that had been handed out already: fold again from there.
    pub late: bool,
}

impl News {
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.damage.is_empty()
    }
}

/// How a scan went.
#[derive(Clone, Debug, Default)]
pub struct ScanEnd {
    pub entries: u64,
    pub damage: Vec<Damage>,
    /// Entries were handed out after younger ones: drop what was made of them and call [`Journal::rescan`].
    pub late: bool,
}

impl Journal {
    /// Everything on the first call, then only what is new in any file of any host.
    pub fn take_in(&mut self) -> Result<News, JournalError> {
        self.look()?;
        self.gather()
    }

    /// What is new in the files as they were when last looked at.
    pub(super) fn gather(&mut self) -> Result<News, JournalError> {
        let before = self.newest;
        let mut entries = Vec::new();
        let end = self.merge(&mut |placed| entries.push(placed))?;
        if end.late {
            entries.sort_by_key(|placed: &Placed| (placed.entry.stamp(), placed.entry.id()));
        }
        let late = entries.first().is_some_and(|first| Some(first.entry.stamp()) < before);
        Ok(News { entries, damage: end.damage, late })
    }

    /// The whole journal of an incident's folder, entry by entry, in bounded memory.
    pub fn scan(dir: &Path, sink: &mut dyn FnMut(Placed)) -> Result<ScanEnd, JournalError> {
        Self::scan_on(Arc::new(RealDisk), dir, sink)
    }

    fn scan_on(
        disk: Arc<dyn Disk>,
        dir: &Path,
        sink: &mut dyn FnMut(Placed),
    ) -> Result<ScanEnd, JournalError> {
        Self::open_on(disk, dir, HostId::default())?.take_in_with(sink)
    }

    /// [`Journal::take_in`] entry by entry: a big journal is folded without ever being in memory as a whole, and this
    /// journal goes on from there.
    pub fn take_in_with(&mut self, sink: &mut dyn FnMut(Placed)) -> Result<ScanEnd, JournalError> {
        self.look()?;
        self.merge(sink)
    }

    /// Everything once more, sorted for sure: 32 bytes of memory for each entry, and a read for each.
    pub fn rescan(&mut self, sink: &mut dyn FnMut(Placed)) -> Result<ScanEnd, JournalError> {
        self.sources.iter_mut().for_each(Source::rewind);
        self.newest = None;
        self.look()?;
        let mut order: Vec<(Stamp, Locator)> = Vec::new();
        let end = self.merge(&mut |placed| order.push((placed.entry.stamp(), placed.locator)))?;
        order.sort();
        let store = self.store();
        for (_, locator) in order {
            if let Some(entry) = store.read(locator) {
                sink(Placed { entry, locator });
            }
        }
        Ok(ScanEnd { late: false, ..end })
    }

    pub(super) fn merge(&mut self, sink: &mut dyn FnMut(Placed)) -> Result<ScanEnd, JournalError> {
        let mut end = ScanEnd::default();
        let mut same = Same::default();
        self.gallop(&mut same, &mut end, sink)?;
        let mut cursors = Vec::new();
        for at in 0..self.sources.len() {
            if self.sources[at].has_news() {
                let mut cursor = Cursor { at, lines: self.sources[at].lines(), next: None };
                cursor.advance(&mut self.sources[at], &mut end.damage)?;
                cursors.push(cursor);
            }
        }
        let mut same = Same::default();
        while let Some(oldest) = oldest(&mut cursors) {
            let at = oldest.at;
            let next = oldest.advance(&mut self.sources[at], &mut end.damage)?;
            let Some(placed) = next else { continue };
            self.hand_out(at, placed, &mut same, &mut end, sink)?;
        }
        Ok(end)
    }

    /// Reads what can be read quickly, when only one file has news.
    fn gallop(
        &mut self,
        same: &mut Same,
        end: &mut ScanEnd,
        sink: &mut dyn FnMut(Placed),
    ) -> Result<(), JournalError> {
        let mut with_news = (0..self.sources.len()).filter(|at| self.sources[*at].has_news());
        let (Some(at), None) = (with_news.next(), with_news.next()) else { return Ok(()) };
        if self.sources[at].line == 0 {
            self.first_line(at, end)?;
        }
        let Some(mut gallop) = Gallop::begin(&self.sources[at]) else { return Ok(()) };
        while let Some(stretch) = gallop.next(&mut self.sources[at]) {
            for placed in stretch {
                self.hand_out(at, placed, same, end, sink)?;
            }
        }
        Ok(())
    }

    fn first_line(&mut self, at: usize, end: &mut ScanEnd) -> Result<(), JournalError> {
        let source = &mut self.sources[at];
        let taken = source.step(&mut source.lines());
        let taken = taken.map_err(|error| JournalError::io("reading", &source.path)(error))?;
        if let Some(Step::Damage(damage)) = taken.map(|taken| taken.step) {
            end.damage.push(damage);
        }
        Ok(())
    }

    fn hand_out(
        &mut self,
        at: usize,
        placed: Placed,
        same: &mut Same,
        end: &mut ScanEnd,
        sink: &mut dyn FnMut(Placed),
    ) -> Result<(), JournalError> {
        if !same.repeats(&placed) && !self.written_before(at, &placed)? {
            let stamp = placed.entry.stamp();
            end.late |= Some(stamp) < self.newest;
            self.newest = self.newest.max(Some(stamp));
            end.entries += 1;
            sink(placed);
        }
        Ok(())
    }

    /// Whether an earlier segment of the host has the same entry: one that was written twice because a sync failed.
    fn written_before(&self, at: usize, placed: &Placed) -> Result<bool, JournalError> {
        let (source, header) = (&self.sources[at], &placed.entry.header);
        if source.segment == 1 {
            return Ok(false);
        }
        let earlier = self.sources[..at].iter().rev().take_while(|earlier| earlier.host == source.host);
        for earlier in earlier.filter(|earlier| earlier.last.seq >= header.seq) {
            let io = JournalError::io("reading", &earlier.path);
            if holds_entry(earlier, header.id).map_err(io)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// One file in the merge, with its next entry.
struct Cursor {
    at: usize,
    lines: Lines,
    next: Option<Placed>,
}

impl Cursor {
    /// Hands out the entry at hand and fetches the next.
    fn advance(
        &mut self,
        source: &mut Source,
        damage: &mut Vec<Damage>,
    ) -> Result<Option<Placed>, JournalError> {
        let out = self.next.take();
        while self.next.is_none() {
            let taken = source.step(&mut self.lines);
            let taken = taken.map_err(|error| JournalError::io("reading", &source.path)(error))?;
            let Some(taken) = taken else { break };
            if taken.clears_link {
                blame_link(damage, source);
            }
            match taken.step {
                Step::Entry { placed, .. } => self.next = Some(placed),
                Step::Damage(found) => damage.push(found),
                Step::Segment => {}
            }
        }
        Ok(out)
    }
}

/// The line before the present one was damaged in its digest only.
pub(super) fn blame_link(damage: &mut [Damage], source: &Source) {
    if let Some(last) = damage.iter_mut().rfind(|damage| damage.file == source.name)
        && last.line + 1 == source.line
        && last.part == Part::Header
    {
        last.part = Part::Link;
        last.why = "its digest is damaged; the line after it fits its content".to_owned();
    }
}

/// The file whose next entry is the oldest; the first of several.
fn oldest(cursors: &mut [Cursor]) -> Option<&mut Cursor> {
    if cursors.len() == 1 {
        return cursors.first_mut().filter(|cursor| cursor.next.is_some());
    }
    cursors
        .iter_mut()
        .filter(|cursor| cursor.next.is_some())
        .min_by_key(|cursor| cursor.next.as_ref().map(|placed| (placed.entry.stamp(), placed.entry.id())))
}

/// The entries last handed out that share one stamp.
#[derive(Default)]
struct Same {
    stamp: Option<Stamp>,
    ids: Vec<EntryId>,
}

impl Same {
    fn repeats(&mut self, placed: &Placed) -> bool {
        let (stamp, id) = (Some(placed.entry.stamp()), placed.entry.id());
        if self.stamp != stamp {
            self.stamp = stamp;
            self.ids.clear();
        }
        let known = self.ids.contains(&id);
        if !known {
            self.ids.push(id);
        }
        known
    }
}
