//! Erasing the body of an entry for good: a password typed into a note, a redacted export.
//!
//! The one place that changes bytes which were acknowledged. The line keeps its length, its header and its place in the
//! chain. The caller appends [`crate::incident::event::JournalEvent::Erased`] first, so that an erasure cut short by a power
//! cut is seen (the line is then damaged in its body) and can be done again.

use std::io;

use super::disk::{Disk, DiskFile, Mode};
use super::error::JournalError;
use super::line::erasure;
use super::lookup::{find_entry, header_of};
use super::open::Journal;
use crate::incident::ids::{EntryId, HostId};

impl Journal {
    /// Overwrites the body and the salt of an entry in every file of this folder that has it, torn lines that were set aside
    /// included, and returns when that would survive a power cut. Copies elsewhere keep theirs.
    pub fn erase(&mut self, target: EntryId) -> Result<(), JournalError> {
        self.look()?;
        let mut found = self.erase_aside(target)?;
        for at in 0..self.sources.len() {
            found |= self.erase_in(at, target)?;
        }
        self.table.erased();
        if found { Ok(()) } else { Err(JournalError::NoEntry(target)) }
    }

    fn erase_in(&self, at: usize, target: EntryId) -> Result<bool, JournalError> {
        let source = &self.sources[at];
        let io = || JournalError::io("erasing in", &source.path);
        let _held = self.hold(source.host).map_err(io())?;
        let Some(found) = find_entry(source, target).map_err(io())? else { return Ok(false) };
        let Some((start, bytes)) = erasure(&found.bytes) else { return Ok(false) };
        let file = self.disk.open(&source.path, Mode::Write).map_err(io())?;
        let written = file.write_all_at(&bytes, found.offset + start as u64);
        written.and_then(|()| file.sync_data()).map_err(io())?;
        Ok(true)
    }

    /// The lock of any host whose file is to be changed.
    fn hold(&self, host: HostId) -> io::Result<HeldFile> {
        let file = self.disk.open(&self.path_of(host, "lock"), Mode::Write)?;
        file.lock(true)?;
        Ok(HeldFile(file))
    }

    /// Blanks what follows the header in every torn line of the entry.
    fn erase_aside(&self, target: EntryId) -> Result<bool, JournalError> {
        let names = self.disk.list(&self.dir).map_err(JournalError::io("listing", &self.dir))?;
        let mut found = false;
        for name in names.iter().filter(|name| name.contains(".torn.")) {
            let path = self.dir.join(name);
            found |= blank_body(&*self.disk, &path, target).map_err(JournalError::io("erasing in", &path))?;
        }
        Ok(found)
    }
}

fn blank_body(disk: &dyn Disk, path: &std::path::Path, target: EntryId) -> io::Result<bool> {
    let file = disk.open(path, Mode::Write)?;
    let mut bytes = vec![0; usize::try_from(file.stat()?.len).unwrap_or(usize::MAX)];
    file.read_full_at(&mut bytes, 0)?;
    let head = header_of(&bytes);
    if memchr::memmem::find(head, format!("\"id\":\"{target}\"").as_bytes()).is_none() {
        return Ok(false);
    }
    let kept = head.len();
    bytes[kept..].fill(b' ');
    file.write_all_at(&bytes[kept..], kept as u64)?;
    file.sync_data()?;
    Ok(true)
}

/// Lets go of the lock when dropped.
struct HeldFile(std::sync::Arc<dyn DiskFile>);

impl Drop for HeldFile {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}
