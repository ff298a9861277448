//! Writing a batch of lines: one write, one sync, and what to do when either fails.
//!
//! The caller holds the lock and has taken in what others wrote. Start at [`Journal::write`]; why a failed sync ends a file is
//! told in the module `journal`.

use std::io;
use std::sync::Arc;

use super::Placed;
use super::append::Batch;
use super::digest::Digest;
use super::disk::{DiskFile, Meta, Mode};
use super::error::{AppendError, JournalError, words};
use super::line::{MAX_LINE, encode};
use super::open::Journal;
use super::segment::{Segment, file_name};
use super::source::{Last, Source};
use super::table::{MAX_FILES, locator};

/// At most so many bytes of others are written again, where no anchor says how far they are safe.
const AGAIN: u64 = 256 << 10;

/// Where the next lines go.
struct Target {
    file: Arc<dyn DiskFile>,
    meta: Meta,
    /// Its place among the sources; `None` for a file that is not there yet.
    source: Option<usize>,
    segment: u32,
    offset: u64,
    /// What stands before is known to survive a power cut.
    safe_to: u64,
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
    /// Writes and syncs; after a failed sync once more, in the next segment.
    pub(super) fn write(&mut self, batch: Batch) -> Result<Vec<Placed>, AppendError> {
        let target = self.target()?;
        let failed = match self.write_to(&target, &batch)? {
            Ok(lines) => return Ok(self.settle(target, batch, lines)),
            Err(Failure::Write(error)) => return Err(self.take_back(&target, &error)),
            Err(Failure::Sync(error)) => error,
        };
        let former = self.abandon(&target, &failed);
        let next = self.next_segment(self.after(target.segment), target.tip.or(target.prev))?;
        let again = match self.write_to(&next, &batch)? {
            Ok(lines) => {
                let (why, segment) = (words(&failed), next.segment);
                let banner =
                    format!("{why} while saving; saved in segment {segment} instead: check the disk");
                self.writer.banner = Some(banner);
                return Ok(self.settle(next, batch, lines));
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
        let result = write_again(target).and_then(|()| target.file.write_all_at(&lines.bytes, target.offset));
        let result = result.map_err(Failure::Write);
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

    /// Puts the file's length back, or removes a new file. Says whether that worked.
    fn take_back(&mut self, target: &Target, error: &io::Error) -> AppendError {
        let removed = target.source.is_none()
            && self.disk.remove(&self.dir.join(file_name(self.host, target.segment))).is_ok();
        if removed || target.file.set_len(target.offset).is_ok() {
            return AppendError::refused(error);
        }
        AppendError::doubtful(error)
    }

    /// Takes what was written for read. It is safe by now: nothing here may fail.
    fn settle(&mut self, target: Target, batch: Batch, lines: Lines) -> Vec<Placed> {
        let place = match target.source {
            Some(place) => place,
            None => self.adopt(&target),
        };
        let len = target.offset + lines.bytes.len() as u64;
        let source = &mut self.sources[place];
        source.line += lines.places.len() as u64 + u64::from(lines.head.is_some());
        (source.offset, source.meta.len, source.safe_to) = (len, len, len);
        if let Some((head, h)) = lines.head {
            source.chain.advance(h);
            source.head = Some(head);
        }
        if let (Some(entry), Some((_, h))) = (batch.entries.last(), lines.places.last()) {
            source.chain.advance(*h);
            source.last = Last { seq: entry.header.seq, stamp: entry.stamp(), damaged: 0 };
            self.newest = self.newest.max(Some(entry.stamp()));
            self.anchoring.wrote(entry.header.seq, *h);
        }
        let number = source.number;
        let placed = batch.entries.into_iter().zip(lines.places);
        placed.map(|(entry, (offset, _))| Placed::new(entry, locator(number, offset))).collect()
    }

    fn adopt(&mut self, target: &Target) -> usize {
        let path = self.dir.join(file_name(self.host, target.segment));
        let place =
            self.add(Source::new(path, (self.host, target.segment), target.file.clone(), target.meta));
        self.writer.file = Some((self.sources[place].number, target.file.clone()));
        place
    }

    /// This host's last file, or a new one.
    fn target(&mut self) -> Result<Target, AppendError> {
        let Some(own) = self.own() else { return self.next_segment(1, None) };
        let (segment, offset, safe_to, line) = (own.segment, own.offset, own.safe_to, own.line);
        let tip = own.chain.tip();
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
        let (file, meta) = (self.file_of(place)?, self.sources[place].meta);
        Ok(Target { file, meta, source: Some(place), segment, offset, safe_to, tip, prev })
    }

    fn next_segment(&mut self, segment: u32, prev: Option<Digest>) -> Result<Target, AppendError> {
        if self.sources.len() >= MAX_FILES {
            return Err(JournalError::TooManyFiles(MAX_FILES).into());
        }
        let path = self.dir.join(file_name(self.host, segment));
        let opened = self.disk.open(&path, Mode::New).and_then(|file| Ok((file.stat()?, file)));
        let (meta, file) = opened.map_err(|error| AppendError::refused(&error))?;
        Ok(Target { file, meta, source: None, segment, offset: 0, safe_to: 0, tip: None, prev })
    }

    pub(super) fn place_of_own(&self) -> usize {
        let after = self.sources.partition_point(|source| source.host <= self.host);
        after.saturating_sub(1)
    }

    /// The handle for writing one of this host's files; kept open.
    pub(super) fn file_of(&mut self, place: usize) -> Result<Arc<dyn DiskFile>, AppendError> {
        let source = &self.sources[place];
        if let Some((number, file)) = &self.writer.file
            && *number == source.number
            && file.stat().is_ok_and(|meta| meta.identity == source.meta.identity)
        {
            return Ok(file.clone());
        }
        let opened = self.disk.open(&source.path, Mode::Write);
        let file = opened.map_err(|error| AppendError::refused(&error))?;
        // Whoever made the file may have died before its name was safe.
        self.disk.sync_dir(&self.dir).map_err(|error| AppendError::refused(&error))?;
        self.writer.file = Some((source.number, file.clone()));
        Ok(file)
    }
}

/// Writes the last lines of others again, byte for byte: one who died, or whose sync failed, may have left them in memory
/// only, marked as written. The new lines hang on them.
fn write_again(target: &Target) -> io::Result<()> {
    let from = target.safe_to.max(target.offset.saturating_sub(AGAIN));
    let mut bytes = vec![0; usize::try_from(target.offset - from).unwrap_or(0)];
    if bytes.is_empty() {
        return Ok(());
    }
    let n = target.file.read_full_at(&mut bytes, from)?;
    target.file.write_all_at(&bytes[..n], from)
}
