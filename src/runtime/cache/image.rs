//! The bytes of a checkpoint.
//!
//! ```text
//! warroom-fold 2 <version of warroom> <seal: SHA-256 of the next line>
//! {"state":<bytes>,"digest":"<SHA-256 of the state>","rows":<count>,"blocks":["<SHA-256 of each block of rows>",…]}
//! <mark, incident and outbox as JSON>
//! <rows: id, time, class and locator; 32 bytes each, little-endian>
//! ```
//! So every byte is covered, and the blocks can be checked by several threads.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::Checkpoint;
use crate::incident::rows::{Row, Rows};
use crate::incident::{EntryId, Time};
use crate::journal::{Digest, Mark};
use crate::room::Folded;

/// Another version is ignored. A fold that changed its meaning belongs to another version of warroom.
const BEGIN: &str = concat!("warroom-fold 2 ", env!("CARGO_PKG_VERSION"), " ");
const ROW_BYTES: usize = 32;
const BLOCK_ROWS: usize = 1 << 15;
/// Longest header line, in bytes: some ten million rows and more.
const MOST_HEADER: u64 = 1 << 20;
/// Most bytes of the state: nobody's incident.
const MOST_STATE: u64 = 1 << 30;

#[derive(Serialize, Deserialize)]
struct Head {
    state: u64,
    digest: String,
    rows: usize,
    blocks: Vec<String>,
}

#[derive(Serialize)]
struct State<'a> {
    mark: &'a Mark,
    folded: &'a Folded,
}

#[derive(Deserialize)]
struct StateOwned {
    mark: Mark,
    folded: Folded,
}

/// The digest of a fold and its mark, the same for the same.
pub fn seal(mark: &Mark, folded: &Folded) -> io::Result<String> {
    encode(mark, folded).map(|(_, _, seal)| seal)
}

/// Header line, state, seal.
fn encode(mark: &Mark, folded: &Folded) -> io::Result<(Vec<u8>, Vec<u8>, String)> {
    let state = serde_json::to_vec(&State { mark, folded })?;
    let rows = folded.rows.as_slice();
    let blocks = rows.chunks(BLOCK_ROWS).map(|block| digest(&bytes_of(block))).collect();
    let head = Head { state: state.len() as u64, digest: digest(&state), rows: rows.len(), blocks };
    let mut head = serde_json::to_vec(&head)?;
    head.push(b'\n');
    let seal = digest(&head);
    Ok((head, state, seal))
}

fn digest(bytes: &[u8]) -> String {
    Digest::of(&[bytes]).to_string()
}

fn bytes_of(rows: &[Row]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(rows.len() * ROW_BYTES);
    for row in rows {
        bytes.extend_from_slice(&row.id.0.to_le_bytes());
        bytes.extend_from_slice(&row.at.ms().to_le_bytes());
        bytes.extend_from_slice(&row.packed().to_le_bytes());
    }
    bytes
}

fn row_of(bytes: &[u8; ROW_BYTES]) -> Row {
    let (id, rest) = bytes.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    let (at, rest) = rest.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    let packed = rest.first_chunk::<8>().unwrap_or(&[0; 8]);
    let (id, at) = (EntryId::from(u128::from_le_bytes(*id)), Time::from_ms(i64::from_le_bytes(*at)));
    Row::from_packed(id, at, u64::from_le_bytes(*packed))
}

pub fn write(file: File, mark: &Mark, folded: &Folded) -> io::Result<()> {
    let (head, state, seal) = encode(mark, folded)?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    writeln!(out, "{BEGIN}{seal}")?;
    out.write_all(&head)?;
    out.write_all(&state)?;
    for block in folded.rows.as_slice().chunks(BLOCK_ROWS) {
        out.write_all(&bytes_of(block))?;
    }
    out.flush()
}

/// `None` for anything that is not exactly what was written.
pub fn read(file: &File) -> Option<Checkpoint> {
    let mut reader = BufReader::new(file);
    let (first, line) = (line(&mut reader)?, line(&mut reader)?);
    let seal = first.strip_prefix(BEGIN.as_bytes())?.strip_suffix(b"\n")?;
    if digest(&line).as_bytes() != seal {
        return None;
    }
    let head: Head = serde_json::from_slice(&line).ok()?;
    let rows_at = (first.len() + line.len()) as u64 + head.state;
    let whole = rows_at + (head.rows * ROW_BYTES) as u64;
    let fits = head.blocks.len() == head.rows.div_ceil(BLOCK_ROWS) && head.state < MOST_STATE;
    if !fits || file.metadata().ok()?.len() != whole {
        return None;
    }
    let mut state = Vec::with_capacity(head.state as usize);
    reader.take(head.state).read_to_end(&mut state).ok()?;
    let next = AtomicUsize::new(0);
    let blocks = Blocks { file, rows_at, head: &head, next: &next };
    let rows = std::thread::scope(|scope| {
        // Checking the rows takes longer than everything else: two do it.
        let other = scope.spawn(move || blocks.check());
        let state = parse(&state, &head.digest);
        let rows = blocks.load();
        let sound = blocks.check() && other.join().unwrap_or(false);
        state.zip(rows).filter(|_| sound)
    });
    let (StateOwned { mark, mut folded }, rows) = rows?;
    folded.rows = Rows::from_sorted(rows);
    Some(Checkpoint { mark, folded, seal: String::from_utf8_lossy(seal).into_owned() })
}

fn line(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    reader.take(MOST_HEADER).read_until(b'\n', &mut line).ok()?;
    line.ends_with(b"\n").then_some(line)
}

fn parse(state: &[u8], expected: &str) -> Option<StateOwned> {
    (digest(state) == expected).then(|| serde_json::from_slice(state).ok()).flatten()
}

/// The rows of a checkpoint on disk.
#[derive(Clone, Copy)]
struct Blocks<'a> {
    file: &'a File,
    rows_at: u64,
    head: &'a Head,
    /// The next block that nobody checks yet.
    next: &'a AtomicUsize,
}

impl Blocks<'_> {
    fn load(&self) -> Option<Vec<Row>> {
        let mut rows = Vec::with_capacity(self.head.rows);
        let mut buffer = vec![0; BLOCK_ROWS * ROW_BYTES];
        for block in 0..self.head.blocks.len() {
            let bytes = self.read(block, &mut buffer)?;
            rows.extend(bytes.as_chunks::<ROW_BYTES>().0.iter().map(row_of));
        }
        Some(rows)
    }

    /// Takes blocks until none is left.
    fn check(&self) -> bool {
        let mut buffer = vec![0; BLOCK_ROWS * ROW_BYTES];
        loop {
            let block = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(expected) = self.head.blocks.get(block) else { return true };
            if self.read(block, &mut buffer).is_none_or(|bytes| digest(bytes) != *expected) {
                return false;
            }
        }
    }

    fn read<'b>(&self, block: usize, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let first = block * BLOCK_ROWS;
        let len = (self.head.rows - first).min(BLOCK_ROWS) * ROW_BYTES;
        let bytes = buffer.get_mut(..len)?;
        self.file.read_exact_at(bytes, self.rows_at + (first * ROW_BYTES) as u64).ok()?;
        Some(bytes)
    }
}
