//! One flipped bit anywhere is noticed and located, and costs no more than the line it is in.

use std::path::Path;

use warroom::journal::line::{Body, split};
use warroom::journal::{Chain, Digest, Part, Segment, verify_on};

use super::sim::SimDisk;
use super::{Dice, HOST, file_of, number_from_env, segment};

const DIR: &str = "/home/incident";

/// Some 20 KB with every kind of line: short, long, unknown, erased.
fn journal() -> Vec<u8> {
    let long = "latency climbs while the failover waits for the old primary, which nobody dares to fence. "
        .repeat(4);
    let texts: Vec<String> = (0..30).map(|n| format!("{n} J*: {}", &long[..(n * 23) % long.len()])).collect();
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

/// The line through the chain: its part that is damaged, or nothing.
fn read(chain: &mut Chain, line: &[u8], first: bool) -> Option<Part> {
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

/// All flips, each through its line and the next: the line is damaged, the next is not.
#[test]
fn every_flip_is_noticed_in_its_line() {
    let bytes = journal();
    let lines = lines_of(&bytes);
    let chains = chains(&bytes, &lines);
    assert!(bytes.len() > 16_000, "{} bytes", bytes.len());
    let half = lines.len() / 2;
    std::thread::scope(|scope| {
        for range in [0..half, half..lines.len()] {
            let (bytes, lines, chains) = (&bytes, &lines, &chains);
            scope.spawn(move || range.for_each(|n| flip_line(bytes, lines, &chains[n], n)));
        }
    });
}

fn flip_line(bytes: &[u8], lines: &[(usize, usize)], chain: &Chain, n: usize) {
    let (start, end) = lines[n];
    let next_end = lines.get(n + 1).map_or(end, |next| next.1);
    let after = lines.get(n + 2).map(|(start, end)| &bytes[*start..*end]);
    let mut window = bytes[start..bytes.len().min(next_end + 1)].to_vec();
    for at in 0..=end - start {
        for bit in 0..8 {
            window[at] ^= 1 << bit;
            check_flip(chain, &window, n, (at, bit), end - start, after);
            window[at] ^= 1 << bit;
        }
    }
}

fn check_flip(chain: &Chain, window: &[u8], n: usize, flip: (usize, u32), len: usize, after: Option<&[u8]>) {
    let mut chain = chain.clone();
    let parts: Vec<Option<Part>> = lines_of(window)
        .into_iter()
        .enumerate()
        .map(|(i, (start, end))| read(&mut chain, &window[start..end], n == 0 && i == 0))
        .collect();
    if flip.0 == len {
        // The newline: two lines run together, or the file has no last line any more, which `verify` calls torn.
        assert!(parts.iter().all(Option::is_some), "line {n}, newline, bit {}: {parts:?}", flip.1);
        if let Some(after) = after.filter(|_| !parts.is_empty()) {
            assert_eq!(read(&mut chain, after, false), None, "line {n}: the line after the joined two");
        }
        return;
    }
    assert!(
        parts.first().is_some_and(Option::is_some),
        "line {n}, byte {}, bit {} went unnoticed",
        flip.0,
        flip.1
    );
    if after.is_some() {
        assert_eq!(
            parts.last(),
            Some(&None),
            "line {n}, byte {}, bit {}: the next line suffers",
            flip.0,
            flip.1
        );
    }
}

/// Flips through the whole reader: the verdict names file, line, byte and part.
#[test]
fn the_reader_locates_a_flip() {
    let bytes = journal();
    let lines = lines_of(&bytes);
    let mut dice = Dice::new(11);
    for _ in 0..number_from_env("WARROOM_FLIPS", 300) {
        let at = dice.roll(bytes.len() as u64) as usize;
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << dice.roll(8);
        let disk = SimDisk::new(1);
        disk.put(&file_of(Path::new(DIR), HOST), &flipped);
        let verdict = verify_on(disk.arc(), Path::new(DIR)).expect("readable");
        let n = lines.partition_point(|(_, end)| *end < at);
        let (start, end) = lines[n];
        if n + 1 == lines.len() && at == end {
            assert_eq!(verdict.torn.first().map(|torn| torn.byte), Some(start as u64));
            continue;
        }
        let found = verdict.damage.first().unwrap_or_else(|| panic!("byte {at} went unnoticed"));
        assert_eq!((found.line, found.byte), (n as u64 + 1, start as u64), "byte {at}: {found}");
        let last = n + 2 >= lines.len();
        assert!(
            expected(&bytes[start..end], at - start, n, last).contains(&found.part),
            "byte {at}: {found}"
        );
    }
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
