//! One flipped bit anywhere is noticed and located, and costs no more than the line it is in.

use std::path::Path;

use warroom::journal::line::{Body, split};
use warroom::journal::{Chain, Digest, Part, Segment, verify_on};

use super::sim::SimDisk;
use super::{Dice, HOST, file_of, segment};
use crate::promises::{Promise, side_by_side};

const DIR: &str = "/home/incident";

/// Bytes of the journal in the quick form.
const SMALL: usize = 20_000;

/// At least so many bytes with every kind of line: short, long, unknown, erased.
fn journal(size: usize) -> Vec<u8> {
    let long = "latency climbs while the failover waits for the old primary, which nobody dares to fence. "
        .repeat(4);
    let shortest = segment(HOST, &[""]).len() - segment(HOST, &[]).len();
    let texts = (0..).map(|n| format!("{n} J*: {}", &long[..(n * 23) % long.len()]));
    let sizes = texts.clone().scan(0, |total, text| {
        let before = *total;
        *total += shortest + text.len();
        Some(before)
    });
    let texts: Vec<String> =
        texts.zip(sizes).take_while(|(_, before)| *before < size).map(|(text, _)| text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut bytes = segment(HOST, &texts);
    erase_line(&mut bytes, 12);
    bytes
}

fn erase_line(bytes: &mut [u8], number: usize) {
    let (start, end) = lines_of(bytes)[number];
    let (at, blank) = warroom::journal::line::erasure(&bytes[start..end]).expect("a line");
    bytes[start + at..end].copy_from_slice(&blank);
}

/// Begin and end of each line, newlines left out.
fn lines_of(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', bytes);
    ends.map(|end| (std::mem::replace(&mut start, end + 1), end)).collect()
}

/// What makes of the next line the part of it that is damaged, or nothing.
pub type Reader = fn(&mut Chain, line: &[u8], first: bool) -> Option<Part>;

/// The line through the chain, as the journal's reader does it.
pub fn read(chain: &mut Chain, line: &[u8], first: bool) -> Option<Part> {
    if first {
        return chain.begin(line).err().map(|(part, _)| part);
    }
    match chain.follow(line) {
        Err((part, _)) => Some(part),
        Ok(linked) => linked.split.entry().err().map(|(part, _)| {
            chain.body_damaged(line);
            part
        }),
    }
}

/// The chain before each line.
fn chains(bytes: &[u8], lines: &[(usize, usize)]) -> Vec<Chain> {
    let mut chain = Chain::default();
    let before = lines.iter().enumerate().map(|(n, (start, end))| {
        let before = chain.clone();
        assert_eq!(read(&mut chain, &bytes[*start..*end], n == 0), None, "line {n} of the sound journal");
        before
    });
    before.collect()
}

/// All flips of a journal of `size` bytes, each through its line and the next: the line is damaged, the next is not.
pub fn all(size: usize, reader: Reader) -> Promise {
    let bytes = journal(size);
    let lines = lines_of(&bytes);
    let chains = chains(&bytes, &lines);
    side_by_side(|worker, workers| {
        let own = (0..lines.len()).filter(|n| *n as u64 % workers == worker);
        own.map(|n| flip_line(&bytes, &lines, &chains[n], n, reader)).collect::<Result<Vec<()>, String>>()
    })?;
    Ok(format!(
        "{} flips, every bit of {} bytes, each noticed in its line, the next line sound",
        bytes.len() * 8,
        bytes.len()
    ))
}

#[test]
fn every_flip_is_noticed_in_its_line() {
    all(SMALL, read).unwrap_or_else(|why| panic!("{why}"));
}

/// Whether a reader that skips what matters is noticed.
pub fn catches(reader: Reader) -> bool {
    all(SMALL, reader).is_err()
}

fn flip_line(
    bytes: &[u8],
    lines: &[(usize, usize)],
    chain: &Chain,
    n: usize,
    reader: Reader,
) -> Result<(), String> {
    let (start, end) = lines[n];
    let next_end = lines.get(n + 1).map_or(end, |next| next.1);
    let after = lines.get(n + 2).map(|(start, end)| &bytes[*start..*end]);
    let mut window = bytes[start..bytes.len().min(next_end + 1)].to_vec();
    for at in 0..=end - start {
        for bit in 0..8 {
            window[at] ^= 1 << bit;
            let newline = at == end - start;
            check_flip(chain, &window, n == 0, newline, after, reader)
                .map_err(|why| format!("line {n}, byte {at}, bit {bit}: {why}"))?;
            window[at] ^= 1 << bit;
        }
    }
    Ok(())
}

fn check_flip(
    chain: &Chain,
    window: &[u8],
    first: bool,
    newline: bool,
    after: Option<&[u8]>,
    reader: Reader,
) -> Result<(), String> {
    let mut chain = chain.clone();
    let lines = lines_of(window).into_iter().enumerate();
    let parts: Vec<Option<Part>> =
        lines.map(|(i, (start, end))| reader(&mut chain, &window[start..end], first && i == 0)).collect();
    if newline {
        // Two lines run together, or the file has no last line any more, which `verify` calls torn.
        let after = after.filter(|_| !parts.is_empty()).and_then(|after| reader(&mut chain, after, false));
        let told = parts.iter().all(Option::is_some);
        return if told && after.is_none() { Ok(()) } else { Err(format!("{parts:?}, then {after:?}")) };
    }
    if !parts.first().is_some_and(Option::is_some) {
        return Err("it went unnoticed".to_owned());
    }
    if after.is_some() && parts.last() != Some(&None) {
        return Err(format!("the next line suffers: {parts:?}"));
    }
    Ok(())
}

/// Flips through the whole reader: the verdict names file, line, byte and part.
pub fn through_the_reader(seed: u64, count: u64, size: usize) -> Promise {
    let bytes = journal(size);
    let lines = lines_of(&bytes);
    side_by_side(|worker, workers| {
        let mut dice = Dice::new(Dice::seed_of(seed, worker));
        (0..count.div_ceil(workers)).try_for_each(|_| {
            let (at, bit) = (dice.roll(bytes.len() as u64) as usize, dice.roll(8));
            locate(&bytes, &lines, at, bit as u32).map_err(|why| format!("byte {at}, bit {bit}: {why}"))
        })
    })?;
    Ok(format!("{count} flips through the whole reader of {} bytes, each located", bytes.len()))
}

#[test]
fn the_reader_locates_a_flip() {
    through_the_reader(0, 300, SMALL).unwrap_or_else(|why| panic!("{why}"));
}

fn locate(bytes: &[u8], lines: &[(usize, usize)], at: usize, bit: u32) -> Result<(), String> {
    let mut flipped = bytes.to_vec();
    flipped[at] ^= 1 << bit;
    let disk = SimDisk::new(1);
    disk.put(&file_of(Path::new(DIR), HOST), &flipped);
    let verdict = verify_on(disk.arc(), Path::new(DIR)).map_err(|error| error.to_string())?;
    let n = lines.partition_point(|(_, end)| *end < at);
    let (start, end) = lines[n];
    if n + 1 == lines.len() && at == end {
        let torn = verdict.torn.first().map(|torn| torn.byte);
        return if torn == Some(start as u64) { Ok(()) } else { Err(format!("torn at {torn:?}")) };
    }
    let found = verdict.damage.first().ok_or("it went unnoticed")?;
    let parts = expected(&bytes[start..end], at - start, n, n + 2 >= lines.len());
    let located = (found.line, found.byte) == (n as u64 + 1, start as u64) && parts.contains(&found.part);
    if located { Ok(()) } else { Err(format!("reported as {found}")) }
}

/// The parts that a flip at this byte of a line may be reported as.
fn expected(line: &[u8], at: usize, n: usize, last: bool) -> Vec<Part> {
    const H: std::ops::Range<usize> = 6..6 + Digest::LEN;
    if n == 0 {
        return vec![Part::Segment];
    }
    let split = split(line).expect("sound");
    let head_at = H.end + 9;
    // A byte may become a newline, and then the line falls apart.
    let mut parts = vec![Part::Frame];
    if H.contains(&at) {
        parts.push(Part::Link);
        parts.extend(last.then_some(Part::Header));
    } else if (head_at..head_at + split.head.len()).contains(&at) {
        parts.push(Part::Header);
    } else if at == line.len() || at > head_at + split.head.len() && matches!(split.body, Body::Kept { .. }) {
        parts.push(Part::Body);
    }
    parts
}

#[test]
fn a_segment_line_reads_back() {
    let mut out = Vec::new();
    let segment = Segment::new(super::INCIDENT, HOST, 3, Some(Digest::of(&[b"before"])));
    segment.encode(&mut out);
    assert_eq!(Chain::default().begin(&out[..out.len() - 1]).ok(), Some(segment));
}
