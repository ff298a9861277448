//! Appending: lock, take in what others wrote, one write, one sync, release, acknowledge.
//!
//! Nothing is acknowledged before it would survive a power cut. What cannot be written is taken back, so that a refused
//! entry leaves no trace. Start at [`Journal::append`]; why a failed sync ends a file is told in the module `journal`.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

use ulid::Ulid;

use super::Placed;
use super::disk::{DiskFile, Mode};
use super::error::{AppendError, JournalError};
use super::line::Salt;
use super::merge::News;
use super::open::Journal;
use crate::incident::entry::{Draft, Entry, Stamp};
use crate::incident::ids::HostId;
use crate::incident::time::Time;

/// What became of an append.
#[derive(Clone, Debug)]
pub enum Appended {
    /// Saved: it would survive a power cut.
    Written {
        entries: Vec<Placed>,
        /// What the room should be told although everything was saved: a disk that fails, a torn line set aside, a clock
        /// that runs ahead.
        banner: Option<String>,
        /// The entries belong before others that were handed out already, because some clock runs ahead or was set back:
        /// fold again.
        late: bool,
    },
    /// Somebody else wrote meanwhile and nothing was written: fold this, decide again, try again.
    Moved(News),
}

/// What a writer keeps between two appends, to spare system calls.
#[derive(Default)]
pub(super) struct Writer {
    lock: Option<(Arc<dyn DiskFile>, (u64, u64))>,
    /// The file being written, and its place in the file table.
    pub file: Option<(usize, Arc<dyn DiskFile>)>,
    /// A sync of this segment failed: it is never written again.
    pub poisoned: Option<u32>,
    /// To be told with the next entries that are saved.
    pub banner: Option<String>,
    /// Hosts of whose clocks it was said that they run ahead.
    pub flagged: BTreeSet<HostId>,
}

/// Releases the lock when dropped.
pub(super) struct Held(Arc<dyn DiskFile>);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Entries that have their id, number and stamp, but no line yet.
pub(super) struct Batch {
    pub entries: Vec<Entry>,
    pub salts: Vec<Salt>,
}

impl Journal {
    /// Saves entries, all or none. `now` becomes their stamp unless a clock that this host trusts is ahead of it.
    pub fn append(&mut self, drafts: Vec<Draft>, now: Time) -> Result<Appended, AppendError> {
        let _held = self.lock_alone()?;
        self.look_locked().map_err(refused)?;
        let news = self.gather()?;
        if !news.is_empty() {
            return Ok(Appended::Moved(news));
        }
        if drafts.is_empty() {
            return Ok(Appended::Written { entries: Vec::new(), banner: None, late: false });
        }
        self.set_aside_tail()?;
        if self.writer.banner.is_none() {
            self.writer.banner = self.clock_warning(now);
        }
        let (batch, newest) = (self.stamp(drafts, now), self.newest);
        let entries = self.write(batch)?;
        self.anchor_now_and_then(now);
        let late = entries.first().is_some_and(|first| Some(first.entry.stamp()) < newest);
        Ok(Appended::Written { entries, banner: self.writer.banner.take(), late })
    }

    /// Writes the segment line of this host's first file, alone.
    pub(super) fn begin(&mut self) -> Result<(), JournalError> {
        let dir = self.dir.clone();
        let failed = |error: AppendError| match error {
            AppendError::Journal(error) => error,
            other => JournalError::NotMade { dir: dir.clone(), hint: other.hint(), why: other.to_string() },
        };
        let _held = self.lock_alone().map_err(failed)?;
        self.look_locked()?;
        self.gather()?;
        if self.own().is_some_and(|own| own.line > 0) {
            return Err(JournalError::Exists(dir));
        }
        self.set_aside_tail().map_err(failed)?;
        self.write(Batch { entries: Vec::new(), salts: Vec::new() }).map_err(failed)?;
        Ok(())
    }

    /// The host's lock, alone. A lock file that was deleted and made anew meanwhile is noticed.
    pub(super) fn lock_alone(&mut self) -> Result<Held, AppendError> {
        let path = self.path_of(self.host, "lock");
        loop {
            let (file, identity) = match self.writer.lock.clone() {
                Some(lock) => lock,
                None => self.open_lock(&path).map_err(|error| AppendError::refused(&error))?,
            };
            file.lock(true).map_err(|error| AppendError::refused(&error))?;
            let held = Held(file);
            match self.disk.stat(&path) {
                Ok(meta) if meta.identity == identity => return Ok(held),
                Ok(_) => self.writer.lock = None,
                Err(error)
                    if error.kind() == io::ErrorKind::NotFound && self.disk.stat(&self.dir).is_ok() =>
                {
                    self.writer.lock = None;
                }
                Err(error) => return Err(AppendError::refused(&error)),
            }
        }
    }

    fn open_lock(&mut self, path: &Path) -> io::Result<(Arc<dyn DiskFile>, (u64, u64))> {
        let file = self.disk.open(path, Mode::Write)?;
        let identity = file.stat()?.identity;
        self.writer.lock = Some((file.clone(), identity));
        Ok((file, identity))
    }

    /// Gives drafts their id, number and stamp.
    fn stamp(&self, drafts: Vec<Draft>, now: Time) -> Batch {
        let mut seq = self.last_seq();
        let mut stamp = self.trusted_clock(now);
        let mut id = id_at(now);
        let entries: Vec<Entry> = drafts
            .into_iter()
            .map(|draft| {
                stamp = Stamp::next(stamp, now, self.host);
                seq += 1;
                let own = draft.id.unwrap_or(id);
                id = id.increment().unwrap_or_else(|_| id_at(now));
                draft.into_entry(own, seq, stamp)
            })
            .collect();
        let salts = entries.iter().map(|_| random_salt()).collect();
        Batch { entries, salts }
    }

    /// This host's last number: damaged lines and what an anchor remembers count too, so that none is given twice.
    fn last_seq(&self) -> u64 {
        let own = self.sources.iter().filter(|source| source.host == self.host);
        let read = own.map(|source| source.last.seq + source.last.damaged).max().unwrap_or(0);
        read.max(self.anchoring.seq())
    }
}

/// Looking at the files is part of saving: what fails there is said in the same words.
fn refused(error: JournalError) -> AppendError {
    match error {
        JournalError::Io { source, .. } => AppendError::refused(&source),
        other => AppendError::Journal(other),
    }
}

fn id_at(now: Time) -> Ulid {
    Ulid::from_parts(u64::try_from(now.ms()).unwrap_or(0), Ulid::generate().random())
}

/// From the operating system's dice, as far as the `ulid` crate hands them out: 80 bits at a time.
fn random_salt() -> Salt {
    let low = Ulid::generate().random();
    let high = Ulid::generate().random();
    (low ^ high << 48).to_be_bytes()
}

/// A random host id.
pub(super) fn random_host() -> HostId {
    HostId::new(Ulid::generate().random() as u64)
}
