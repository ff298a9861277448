//! Going on where somebody stopped: how far each file had been read, and reading from there.
//!
//! For checkpoints, which are caches: a mark that does not fit the files any more is refused and nothing is lost but time.
//! What stands before a mark is believed here and not checked; whoever resumes has it checked behind ([`Journal::reread`]).
//! Start at [`Journal::mark`] and [`Journal::resume`].

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::chain::Chain;
use super::digest::Digest;
use super::disk::{DiskFile, Mode};
use super::error::JournalError;
use super::line::{self, MAX_LINE};
use super::merge::ScanEnd;
use super::open::Journal;
use super::segment::{Segment, parse_file_name};
use super::source::{Last, Source};
use super::{Disk, Placed, RealDisk};
use crate::incident::entry::Stamp;
use crate::incident::ids::HostId;

/// Bytes read first to find a line's begin from its end.
const GUESS: usize = 4096;

/// How far one file was read, all of it sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMark {
    pub name: String,
    /// End of the last line that was read.
    pub len: u64,
    pub lines: u64,
    /// Digest of that line.
    pub h: String,
    pub seq: u64,
    pub stamp: Stamp,
    /// What stands before was known to survive a power cut.
    pub safe_to: u64,
}

/// How far a whole journal was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// In the order of the file table, on which locators depend.
    pub files: Vec<FileMark>,
    pub newest: Option<Stamp>,
}

impl Mark {
    /// Bytes that were read.
    pub fn len(&self) -> u64 {
        self.files.iter().map(|file| file.len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Journal {
    /// How far this journal has been read; `None` where something in it is damaged, because that must be told each time.
    pub fn mark(&self) -> Option<Mark> {
        let mut sources: Vec<&Source> = self.sources.iter().collect();
        sources.sort_by_key(|source| source.number);
        let files: Option<Vec<FileMark>> = sources.into_iter().map(mark_of).collect();
        Some(Mark { files: files?, newest: self.newest })
    }

    /// Takes everything up to `mark` for read; false, and nothing taken, where the files are not those of the mark. Only
    /// for a journal that has read nothing yet.
    pub fn resume(&mut self, mark: &Mark) -> bool {
        self.load_anchor();
        let resumed = self.sources.is_empty() && mark.files.iter().all(|file| self.resume_file(file));
        if resumed {
            self.newest = mark.newest;
        } else {
            self.sources.clear();
            self.table = Arc::default();
        }
        resumed
    }

    fn resume_file(&mut self, file: &FileMark) -> bool {
        let Some(mut source) = self.open_marked(file) else { return false };
        if !take_as_read(&mut source, file) {
            return false;
        }
        let place = self.add(source);
        let source = &mut self.sources[place];
        if source.last.seq == source.anchored {
            source.safe_to = source.offset;
        }
        true
    }

    fn open_marked(&self, file: &FileMark) -> Option<Source> {
        let key = parse_file_name(&file.name)?;
        let path = self.dir.join(&file.name);
        let opened = self.disk.open(&path, Mode::Read).ok()?;
        let meta = opened.stat().ok().filter(|meta| meta.len >= file.len)?;
        Some(Source::new(path, key, opened, meta))
    }

    /// Reads and checks from the start what stands before `mark`, and nothing behind it, in the order of the fold.
    pub fn reread(dir: &Path, mark: &Mark, sink: &mut dyn FnMut(Placed)) -> Result<ScanEnd, JournalError> {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let mut journal = Self::open_on(disk, dir, HostId::default())?;
        for file in &mark.files {
            let missing = || JournalError::Shrunk { file: file.name.clone(), len: 0, read: file.len };
            let mut source = journal.open_marked(file).ok_or_else(missing)?;
            source.meta.len = file.len;
            journal.add(source);
        }
        journal.merge(sink)
    }

    /// Bytes of all files as they are now.
    pub fn measure(&mut self) -> Result<u64, JournalError> {
        self.look()?;
        Ok(self.sources.iter().map(|source| source.meta.len).sum())
    }

    /// The first `bytes` of each file only, of a journal that is then thrown away: what an incident is about.
    pub fn peek(dir: &Path, bytes: u64, sink: &mut dyn FnMut(Placed)) -> Result<(), JournalError> {
        let mut journal = Self::open(dir, HostId::default())?;
        journal.look()?;
        for source in &mut journal.sources {
            source.meta.len = source.meta.len.min(bytes);
        }
        journal.merge(sink).map(drop)
    }
}

fn mark_of(source: &Source) -> Option<FileMark> {
    let sound = source.damaged.is_empty() && source.head.is_some();
    let h = source.chain.tip().filter(|_| sound)?;
    Some(FileMark {
        name: source.name.clone(),
        len: source.offset,
        lines: source.line,
        h: h.to_string(),
        seq: source.last.seq,
        stamp: source.last.stamp,
        safe_to: source.safe_to,
    })
}

/// The cheap check: the file begins as it should, and its line at the mark is the one that was read there.
fn take_as_read(source: &mut Source, mark: &FileMark) -> bool {
    let Some(h) = Digest::from_bytes(mark.h.as_bytes()) else { return false };
    let Some(head) = head(&*source.file, mark.len) else { return false };
    if (head.host, head.segment) != (source.host, source.segment) || !ends_with(&*source.file, mark, h) {
        return false;
    }
    (source.offset, source.line, source.head) = (mark.len, mark.lines, Some(head));
    source.last = Last { seq: mark.seq, stamp: mark.stamp, damaged: 0 };
    source.safe_to = mark.safe_to.min(mark.len);
    source.chain.advance(h);
    true
}

fn head(file: &dyn DiskFile, len: u64) -> Option<Segment> {
    let mut bytes = vec![0; usize::try_from(len).ok()?.min(GUESS)];
    let n = file.read_full_at(&mut bytes, 0).ok()?;
    let end = memchr::memchr(b'\n', &bytes[..n])?;
    Chain::default().begin(&bytes[..end]).ok()
}

fn ends_with(file: &dyn DiskFile, mark: &FileMark, h: Digest) -> bool {
    let Some(bytes) = last_line(file, mark.len) else { return false };
    if mark.lines == 1 {
        return Chain::stored(&bytes) == Some(h);
    }
    let Ok(split) = line::split(&bytes) else { return false };
    split.h == h
        && split.entry().is_ok_and(|entry| (entry.header.seq, entry.stamp()) == (mark.seq, mark.stamp))
}

/// The line that ends at `end`, without its newline.
fn last_line(file: &dyn DiskFile, end: u64) -> Option<Vec<u8>> {
    let mut want = GUESS;
    loop {
        let from = end.saturating_sub(want as u64);
        let mut bytes = vec![0; usize::try_from(end - from).ok()?];
        let n = file.read_full_at(&mut bytes, from).ok()?;
        if n != bytes.len() || bytes.pop() != Some(b'\n') {
            return None;
        }
        match memchr::memrchr(b'\n', &bytes) {
            Some(before) => return Some(bytes.split_off(before + 1)),
            None if from == 0 => return Some(bytes),
            None if want > MAX_LINE => return None,
            None => want *= 4,
        }
    }
}
