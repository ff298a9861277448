//! Reading a long stretch of one sound file with every processor: an opening, or a rescan.
//!
//! Each line holds the digest that the next one continues, so stretches can be checked apart. It stops at the first line that is
//! not as it should be, and takes nothing of it: damage is the business of [`Source::step`], line by line. Start at [`Gallop::next`].

use std::num::NonZero;
use std::thread;

use super::Placed;
use super::chain::Chain;
use super::digest::Digest;
use super::line;
use super::source::{Last, Source};
use super::table::locator;
use crate::incident::entry::Entry;
use crate::incident::ids::HostId;

/// Less than this is read line by line: threads cost more than they save.
const WORTH: u64 = 512 << 10;
/// Bytes read at once.
const STRETCH: usize = 1 << 20;
/// More processors than this only wait for the fold.
const MOST_THREADS: usize = 4;

/// Stretches of one file.
pub(super) struct Gallop {
    bytes: Vec<u8>,
    threads: usize,
    stopped: bool,
}

/// A sound line.
struct Sound {
    entry: Entry,
    h: Digest,
    /// Bytes that it takes in the file, newline included.
    taken: u64,
}

impl Gallop {
    /// `None` where line by line is as good.
    pub fn begin(source: &Source) -> Option<Self> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
        let worth = threads > 1 && source.tail_len() >= WORTH && source.line > 0;
        worth.then(|| Self { bytes: Vec::new(), threads, stopped: false })
    }

    /// The entries of the next stretch; `None` when the rest is to be read line by line.
    pub fn next(&mut self, source: &mut Source) -> Option<Vec<Placed>> {
        let tip = source.chain.only_tip().filter(|_| !self.stopped)?;
        let len = self.fill(source)?;
        let parts = split(&self.bytes[..len], self.threads);
        let mut placed = Vec::new();
        for (lines, sound) in decode_all(&parts, tip, source.host) {
            placed.extend(lines.into_iter().map(|line| take(source, line)));
            if !sound {
                self.stopped = true;
                break;
            }
        }
        Some(placed)
    }

    /// Reads a stretch of whole lines and answers its length.
    fn fill(&mut self, source: &Source) -> Option<usize> {
        let want = usize::try_from(source.tail_len()).unwrap_or(STRETCH).min(STRETCH);
        self.bytes.resize(want, 0);
        // What cannot be read is reported by whoever reads line by line.
        let n = source.file.read_full_at(&mut self.bytes, source.offset).ok()?;
        memchr::memrchr(b'\n', &self.bytes[..n]).map(|last| last + 1)
    }
}

/// Takes a line for read, as [`Source::step`] does.
fn take(source: &mut Source, line: Sound) -> Placed {
    let offset = source.offset;
    source.offset += line.taken;
    source.line += 1;
    source.chain.advance(line.h);
    source.last = Last { seq: line.entry.header.seq, stamp: line.entry.stamp(), damaged: 0 };
    if source.last.seq == source.anchored {
        source.safe_to = source.safe_to.max(source.offset);
    }
    Placed::new(line.entry, locator(source.number, offset))
}

/// Parts of whole lines, of about the same length.
fn split(bytes: &[u8], parts: usize) -> Vec<&[u8]> {
    let mut rest = bytes;
    let mut out = Vec::with_capacity(parts);
    for left in (1..=parts).rev() {
        let aim = rest.len() / left;
        let end = if left == 1 {
            Some(rest.len())
        } else {
            memchr::memchr(b'\n', &rest[aim..]).map(|at| aim + at + 1)
        };
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        out.push(part);
        rest = after;
    }
    out.retain(|part| !part.is_empty());
    out
}

/// The sound lines at the begin of each part, and whether that is all of it.
fn decode_all(parts: &[&[u8]], tip: Digest, host: HostId) -> Vec<(Vec<Sound>, bool)> {
    let last_h = |part: &[u8]| {
        let lines = part.strip_suffix(b"\n").unwrap_or(part);
        let last = memchr::memrchr(b'\n', lines).map_or(lines, |before| &lines[before + 1..]);
        Chain::stored(last)
    };
    let tips = std::iter::once(Some(tip)).chain(parts.iter().map(|part| last_h(part)));
    let work: Vec<_> = parts.iter().zip(tips).collect();
    thread::scope(|scope| {
        let (first, others) =
            work.split_first().map_or((None, &[][..]), |(first, others)| (Some(first), others));
        let spawned: Vec<_> =
            others.iter().map(|(part, tip)| scope.spawn(move || decode(part, *tip, host))).collect();
        let first = first.map(|(part, tip)| decode(part, *tip, host));
        let others = spawned.into_iter().map(|thread| thread.join().unwrap_or_default());
        first.into_iter().chain(others).collect()
    })
}

fn decode(part: &[u8], tip: Option<Digest>, host: HostId) -> (Vec<Sound>, bool) {
    let mut sound = Vec::with_capacity(part.len() / 400);
    let Some(mut tip) = tip else { return (sound, false) };
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', part) {
        let Some((entry, h)) = decode_one(&part[start..end], &tip, host) else { return (sound, false) };
        sound.push(Sound { entry, h, taken: (end + 1 - start) as u64 });
        tip = h;
        start = end + 1;
    }
    (sound, true)
}

fn decode_one(bytes: &[u8], tip: &Digest, host: HostId) -> Option<(Entry, Digest)> {
    let split = line::split(bytes).ok()?;
    if split.link(tip) != split.h {
        return None;
    }
    let entry = split.entry().ok()?;
    (entry.header.host == host).then_some((entry, split.h))
}
