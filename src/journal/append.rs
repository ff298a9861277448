//! Appending: lock, take in what others wrote, one write, one sync, release, acknowledge.
//!
//! Nothing is acknowledged before it would survive a power cut. What cannot be written is taken back, so that a refused
//! entry leaves no trace. Start at [`Journal::append`]; why a failed sync ends a file is told in the module `journal`.

use std::io;
use std::path::Path;
use std::sync::Arc;

use ulid::Ulid;

use super::Placed;
use super::digest::Digest;
use super::disk::{DiskFile, Mode};
use super::error::{AppendError, JournalError, words};
use super::journal::Journal;
use super::line::{MAX_LINE, Salt, encode};
use super::merge::News;
use super::segment::{Segment, file_name};
use super::source::{Last, Source};
use super::table::locator;
use crate::incident::entry::{Draft, Entry, Stamp};
use crate::incident::ids::HostId;
use crate::incident::time::Time;

/// What became of an append.
#[derive(Clone, Debug)]
pub enum Appended {
    /// Saved: it would survive a power cut.
    Written {
        entries: Vec<Placed>,
        /// What the room should be told although everything was saved: a disk that fails, a torn line set aside.
        banner: Option<String>,
    },
    /// Somebody else wrote meanwhile and nothing was written: fold this, decide again, try again.
    Moved(News),
}

/// What a writer keeps between two appends, to spare system calls.
#[derive(Default)]
pub(super) struct Writer {
    lock: Option<(Arc<dyn DiskFile>, (u64, u64))>,
    /// The file being written, and its place in the file table.
    file: Option<(usize, Arc<dyn DiskFile>)>,
    /// A sync of this segment failed: it is never written again.
    poisoned: Option<u32>,
    /// To be told with the next entries that are saved.
    banner: Option<String>,
}

/// Releases the lock when dropped.
pub(super) struct Held(Arc<dyn DiskFile>);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Entries that have their id, number and stamp, but no line yet.
struct Batch {
    entries: Vec<Entry>,
    salts: Vec<Salt>,
}

/// Where the next lines go.
struct Target {
    file: Arc<dyn DiskFile>,
    /// Its place among the sources; `None` for a file that is not there yet.
    source: Option<usize>,
    segment: u32,
    offset: u64,
    /// What the first line continues; `None`: a segment line goes first.
    tip: Option<Digest>,
    /// Last `h` before a segment that begins here.
    prev: Option<Digest>,
}

/// The bytes of a batch in one file.
struct Lines {
    bytes: Vec<u8>,
    /// The segment line among them, and its `h`.
    head: Option<(Segment, Digest)>,
    /// Where each entry's line begins, and its `h`.
    places: Vec<(u64, Digest)>,
}

enum Failure {
    Write(io::Error),
    Sync(io::Error),
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
            return Ok(Appended::Written { entries: Vec::new(), banner: None });
        }
        self.load_anchor();
        self.set_aside_tail()?;
        let batch = self.stamp(drafts, now);
        let entries = self.write(batch)?;
        self.anchor_now_and_then(now);
        Ok(Appended::Written { entries, banner: self.writer.banner.take() })
    }

    /// Writes the segment line of this host's first file, alone.
    pub(super) fn begin(&mut self) -> Result<(), JournalError> {
        let exists = || JournalError::Exists(self.dir.clone());
        let _held = self.lock_alone().map_err(|_| JournalError::NoIncident(self.dir.clone()))?;
        self.look_locked()?;
        self.gather()?;
        if self.own().is_some_and(|own| own.line > 0) {
            return Err(exists());
        }
        let failed = |error: AppendError| match error {
            AppendError::Journal(error) => error,
            other => JournalError::io("making a file in", &self.dir)(io::Error::other(other.to_string())),
        };
        let made = self.set_aside_tail().and_then(|()| self.write(Batch { entries: Vec::new(), salts: Vec::new() }));
        made.map(drop).map_err(failed)
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
                Err(error) if error.kind() == io::ErrorKind::NotFound && self.disk.stat(&self.dir).is_ok() => {
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

    /// Moves what stands behind the last complete line of this host's last file to a file of its own.
    fn set_aside_tail(&mut self) -> Result<(), AppendError> {
        let Some(own) = self.own().filter(|own| own.tail_len() > 0) else { return Ok(()) };
        let (offset, name, place) = (own.offset, own.name.clone(), self.place_of_own());
        let mut tail = vec![0; usize::try_from(own.tail_len()).unwrap_or(usize::MAX)];
        let file = self.file_of(place)?;
        let rescued = file.read_full_at(&mut tail, offset).and_then(|_| self.quarantine(&name, &tail));
        let aside = rescued.map_err(|error| AppendError::refused(&error))?;
        let cut = file.set_len(offset).and_then(|()| file.sync_data());
        cut.map_err(|error| AppendError::refused(&error))?;
        self.sources[place].meta.len = offset;
        self.writer.banner = Some(format!("the last line of {name} was unfinished; it was set aside in {aside}"));
        Ok(())
    }

    /// Keeps torn bytes, once; answers the file's name.
    fn quarantine(&self, name: &str, tail: &[u8]) -> io::Result<String> {
        let stem = name.trim_end_matches(".jsonl");
        for n in 1.. {
            let aside = format!("{stem}.torn.{n}");
            let path = self.dir.join(&aside);
            let file = match self.disk.open(&path, Mode::New) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if holds(&*self.disk.open(&path, Mode::Read)?, tail)? {
                        return Ok(aside);
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            file.write_all_at(tail, 0)?;
            file.sync_data()?;
            self.disk.sync_dir(&self.dir)?;
            return Ok(aside);
        }
        Err(io::ErrorKind::AlreadyExists.into())
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
                let entry = draft.into_entry(id, seq, stamp);
                id = id.increment().unwrap_or_else(|_| id_at(now));
                entry
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

    /// The newest of the hosts' last stamps that is not too far ahead of our clock to be believed.
    fn trusted_clock(&self, now: Time) -> Stamp {
        let lasts = self.sources.iter().map(|source| source.last.stamp);
        let trusted = lasts.filter(|stamp| stamp.time.ms().saturating_sub(now.ms()) <= Stamp::MAX_AHEAD_MS);
        trusted.max().unwrap_or_default()
    }

    /// Writes and syncs; after a failed sync once more, in the next segment.
    fn write(&mut self, batch: Batch) -> Result<Vec<Placed>, AppendError> {
        let target = self.target()?;
        let failed = match self.write_to(&target, &batch)? {
            Ok(lines) => return self.settle(target, batch, lines),
            Err(Failure::Write(error)) => return Err(self.take_back(&target, &error)),
            Err(Failure::Sync(error)) => error,
        };
        let former = self.abandon(&target, &failed);
        let next = self.next_segment(self.after(target.segment), target.tip.or(target.prev))?;
        let again = match self.write_to(&next, &batch)? {
            Ok(lines) => {
                let (why, segment) = (words(&failed), next.segment);
                let banner = format!("{why} while saving; saved in segment {segment} instead: check the disk");
                self.writer.banner = Some(banner);
                return self.settle(next, batch, lines);
            }
            Err(Failure::Write(error) | Failure::Sync(error)) => error,
        };
        let latter = self.abandon(&next, &again);
        Err(if matches!(former, AppendError::Doubtful { .. }) { former } else { latter })
    }

    /// Takes back what was written and never writes this file again.
    fn abandon(&mut self, target: &Target, error: &io::Error) -> AppendError {
        let refusal = self.take_back(target, error);
        self.writer.file = None;
        if self.after(target.segment) > target.segment {
            self.writer.poisoned = Some(target.segment);
        }
        refusal
    }

    /// The number of a new file that is to follow a segment: the same where that one is gone.
    fn after(&self, segment: u32) -> u32 {
        let there = self.disk.stat(&self.dir.join(file_name(self.host, segment))).is_ok();
        segment + u32::from(there)
    }

    fn write_to(&self, target: &Target, batch: &Batch) -> Result<Result<Lines, Failure>, AppendError> {
        let lines = self.encode(target, batch)?;
        let result = target.file.write_all_at(&lines.bytes, target.offset).map_err(Failure::Write);
        let result = result.and_then(|()| target.file.sync_data().map_err(Failure::Sync));
        let new_name = target.source.is_none() || target.offset == 0;
        let named = |()| if new_name { self.disk.sync_dir(&self.dir).map_err(Failure::Sync) } else { Ok(()) };
        Ok(result.and_then(named).map(|()| lines))
    }

    fn encode(&self, target: &Target, batch: &Batch) -> Result<Lines, AppendError> {
        let mut bytes = Vec::with_capacity(batch.entries.len() * 512);
        let mut head = None;
        let mut tip = match target.tip {
            Some(tip) => tip,
            None => {
                let incident = self.incident().ok_or_else(|| JournalError::NoIncident(self.dir.clone()))?;
                let segment = Segment::new(incident, self.host, target.segment, target.prev);
                let h = segment.encode(&mut bytes);
                head = Some((segment, h));
                h
            }
        };
        let mut places = Vec::with_capacity(batch.entries.len());
        for (entry, salt) in batch.entries.iter().zip(&batch.salts) {
            let start = bytes.len();
            tip = encode(&tip, entry, *salt, &mut bytes);
            places.push((target.offset + start as u64, tip));
            let len = bytes.len() - start;
            if len >= MAX_LINE {
                return Err(AppendError::TooLong { len });
            }
        }
        Ok(Lines { bytes, head, places })
    }

    /// Puts the file's length back. Says whether that worked.
    fn take_back(&mut self, target: &Target, error: &io::Error) -> AppendError {
        if target.file.set_len(target.offset).is_err() {
            return AppendError::doubtful(error);
        }
        if target.source.is_none() {
            // An empty file would do no harm; without it a disk that fails for hours leaves no heap of them.
            let _ = self.disk.remove(&self.dir.join(file_name(self.host, target.segment)));
        }
        AppendError::refused(error)
    }

    /// Takes what was written for read.
    fn settle(&mut self, target: Target, batch: Batch, lines: Lines) -> Result<Vec<Placed>, AppendError> {
        let place = match target.source {
            Some(place) => place,
            None => self.adopt(&target)?,
        };
        let len = target.offset + lines.bytes.len() as u64;
        let source = &mut self.sources[place];
        source.line += lines.places.len() as u64 + u64::from(lines.head.is_some());
        (source.offset, source.meta.len) = (len, len);
        if let Some((head, h)) = lines.head {
            source.chain.advance(h);
            source.head = Some(head);
        }
        if let (Some(entry), Some((_, h))) = (batch.entries.last(), lines.places.last()) {
            source.chain.advance(*h);
            source.last = Last { seq: entry.header.seq, stamp: entry.stamp(), h: Some(*h), damaged: 0 };
            self.newest = self.newest.max(Some(entry.stamp()));
            self.anchoring.wrote(entry.header.seq, *h);
        }
        let number = source.number;
        let placed = batch.entries.into_iter().zip(lines.places);
        Ok(placed.map(|(entry, (offset, _))| Placed::new(entry, locator(number, offset))).collect())
    }

    fn adopt(&mut self, target: &Target) -> Result<usize, JournalError> {
        let path = self.dir.join(file_name(self.host, target.segment));
        let place = self.add(Source::new(path, (self.host, target.segment), target.file.clone()))?;
        self.writer.file = Some((self.sources[place].number, target.file.clone()));
        Ok(place)
    }

    /// This host's last file, or a new one.
    fn target(&mut self) -> Result<Target, AppendError> {
        let Some(own) = self.own() else { return self.next_segment(1, None) };
        let (segment, offset, line, tip) = (own.segment, own.offset, own.line, own.chain.tip());
        if self.writer.poisoned >= Some(segment) {
            return self.next_segment(segment + 1, tip);
        }
        if line > 0 && tip.is_none() {
            // Not even a digest is left of its lines: nothing can continue it.
            return self.next_segment(segment + 1, None);
        }
        let place = self.place_of_own();
        let before = place.checked_sub(1).map(|before| &self.sources[before]);
        let prev = before.filter(|before| before.host == self.host).and_then(|before| before.chain.tip());
        Ok(Target { file: self.file_of(place)?, source: Some(place), segment, offset, tip, prev })
    }

    fn next_segment(&mut self, segment: u32, prev: Option<Digest>) -> Result<Target, AppendError> {
        let path = self.dir.join(file_name(self.host, segment));
        let file = self.disk.open(&path, Mode::New).map_err(|error| AppendError::refused(&error))?;
        Ok(Target { file, source: None, segment, offset: 0, tip: None, prev })
    }

    fn place_of_own(&self) -> usize {
        let after = self.sources.partition_point(|source| source.host <= self.host);
        after.saturating_sub(1)
    }

    /// The handle for writing one of this host's files; kept open.
    fn file_of(&mut self, place: usize) -> Result<Arc<dyn DiskFile>, AppendError> {
        let source = &self.sources[place];
        if let Some((number, file)) = &self.writer.file {
            if *number == source.number && file.stat().is_ok_and(|meta| meta.identity == source.meta.identity) {
                return Ok(file.clone());
            }
        }
        let opened = self.disk.open(&source.path, Mode::Write);
        let file = opened.map_err(|error| AppendError::refused(&error))?;
        // Whoever made the file may have died before its name was safe.
        self.disk.sync_dir(&self.dir).map_err(|error| AppendError::refused(&error))?;
        self.writer.file = Some((source.number, file.clone()));
        Ok(file)
    }
}

/// Looking at the files is part of saving: what fails there is said in the same words.
fn refused(error: JournalError) -> AppendError {
    match error {
        JournalError::Io { source, .. } => AppendError::refused(&source),
        other => AppendError::Journal(other),
    }
}

fn holds(file: &dyn DiskFile, bytes: &[u8]) -> io::Result<bool> {
    let mut there = vec![0; bytes.len() + 1];
    let n = file.read_full_at(&mut there, 0)?;
    Ok(there[..n] == *bytes)
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
