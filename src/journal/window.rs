//! A stretch of one file in lower case, so that a search looks at bytes before it parses lines.

use memchr::memmem::Finder;

use super::disk::DiskFile;

/// Bytes of a stretch. Searches go through a file line by line, forwards or backwards.
const LEN: u64 = 256 << 10;
/// Bytes behind it, for the line that begins at its end. A longer line is read in full instead.
const OVERLAP: u64 = 8 << 10;

#[derive(Default)]
pub(super) struct Window {
    file: usize,
    start: u64,
    text: Vec<u8>,
    finder: Option<Finder<'static>>,
}

impl Window {
    pub fn covers(&self, file: usize, offset: u64) -> bool {
        !self.text.is_empty() && self.file == file && offset / LEN == self.start / LEN
    }

    pub fn load(&mut self, file: &dyn DiskFile, number: usize, offset: u64) {
        (self.file, self.start) = (number, offset / LEN * LEN);
        self.text.resize((LEN + OVERLAP) as usize, 0);
        // What could not be read is no text: every question about it is answered by reading the line itself.
        let n = file.read_full_at(&mut self.text, self.start).unwrap_or(0);
        self.text.truncate(n);
        self.text.make_ascii_lowercase();
    }

    /// Whether the line at `offset` may hold `needle`. JSON writes quotes, backslashes and control characters in another way, and
    /// capitals beyond ASCII are left as they are: with those only a full reading tells.
    pub fn might_hold(&mut self, offset: u64, needle: &str) -> bool {
        let plain = |b: u8| b.is_ascii_graphic() && b != b'"' && b != b'\\' || b == b' ';
        if !needle.bytes().all(plain) {
            return true;
        }
        let from = usize::try_from(offset - self.start).unwrap_or(usize::MAX);
        let Some(rest) = self.text.get(from..) else { return true };
        let Some(end) = memchr::memchr(b'\n', rest) else { return true };
        if self.finder.as_ref().is_none_or(|finder| finder.needle() != needle.as_bytes()) {
            self.finder = Some(Finder::new(needle.as_bytes()).into_owned());
        }
        self.finder.as_ref().is_none_or(|finder| finder.find(&rest[..end]).is_some())
    }
}
