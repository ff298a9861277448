//! The complete lines of a file, in bounded memory: one chunk at a time, up to a given end.
//!
//! An unfinished line at the end is left for later; it may be a write under way.

use std::io;
use std::sync::Arc;

use super::disk::DiskFile;
use super::line::MAX_LINE;

/// Bytes asked of the file at once.
const CHUNK: usize = 256 << 10;

/// Reads lines from `offset` up to `limit`.
pub(super) struct Lines {
    file: Arc<dyn DiskFile>,
    /// Bytes read and not yet handed out: `buffer[begin..end]`.
    buffer: Vec<u8>,
    begin: usize,
    end: usize,
    /// How far behind `begin` there is no newline for sure.
    searched: usize,
    next_read: u64,
    limit: u64,
}

/// One line, without its newline.
pub(super) struct Line<'a> {
    pub bytes: &'a [u8],
    /// Bytes that it takes in the file, newline included.
    pub taken: u64,
}

impl Lines {
    pub fn new(file: Arc<dyn DiskFile>, offset: u64, limit: u64) -> Self {
        Self { file, buffer: Vec::new(), begin: 0, end: 0, searched: 0, next_read: offset, limit }
    }

    /// The next complete line. A run of [`MAX_LINE`] bytes without a newline counts as one, so that memory stays bounded.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            let waiting = &self.buffer[self.begin..self.end];
            if let Some(found) = memchr::memchr(b'\n', &waiting[self.searched..]) {
                return Ok(Some(self.hand_out(self.searched + found, 1)));
            }
            self.searched = waiting.len();
            if self.searched >= MAX_LINE {
                return Ok(Some(self.hand_out(MAX_LINE, 0)));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    fn hand_out(&mut self, len: usize, newline: usize) -> Line<'_> {
        let start = self.begin;
        self.begin += len + newline;
        self.searched = 0;
        Line { bytes: &self.buffer[start..start + len], taken: (len + newline) as u64 }
    }

    /// Reads one more chunk behind what waits; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let left = usize::try_from(self.limit.saturating_sub(self.next_read)).unwrap_or(usize::MAX);
        let want = left.min(CHUNK);
        if want == 0 {
            return Ok(false);
        }
        self.buffer.copy_within(self.begin..self.end, 0);
        self.end -= self.begin;
        self.begin = 0;
        if self.buffer.len() < self.end + want {
            self.buffer.resize(self.end + want, 0);
        }
        let n = self.file.read_full_at(&mut self.buffer[self.end..self.end + want], self.next_read)?;
        self.end += n;
        self.next_read += n as u64;
        Ok(n > 0)
    }
}
