//! One file of a journal: its name, its first line, and a whole one from given entries.
//!
//! `<host>.<segment>.jsonl`; the first line says which incident and host it belongs to and what the last `h` of the segment
//! before was, so that a missing segment shows. Pure.

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::line::{self, OPEN, Salt};
use crate::incident::entry::Entry;
use crate::incident::ids::{HostId, IncidentId};

/// Version of the format, written into every segment. Readers accept any: what they do not know they keep.
pub const FORMAT: u32 = 1;

const SEGMENT: &[u8] = b"\",\"segment\":";

/// What the first line of a file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub warroom: u32,
    pub incident: IncidentId,
    pub host: HostId,
    /// Number of the file among its host's, from 1.
    pub segment: u32,
    /// Last `h` of the segment before; empty for the first.
    pub prev: String,
}

impl Segment {
    pub fn new(incident: IncidentId, host: HostId, segment: u32, prev: Option<Digest>) -> Self {
        let prev = prev.map(|digest| digest.to_string()).unwrap_or_default();
        Self { warroom: FORMAT, incident, host, segment, prev }
    }

    /// Appends the first line, newline included, and answers its `h`.
    pub fn encode(&self, out: &mut Vec<u8>) -> Digest {
        // A struct of strings and numbers: serialising it cannot fail.
        let json = serde_json::to_vec(self).unwrap_or_default();
        let h = Digest::of(&[&json]);
        for piece in [OPEN, h.as_bytes(), SEGMENT, &json, b"}\n"] {
            out.extend_from_slice(piece);
        }
        h
    }

    /// Its digest and its JSON, byte-strict, unchecked.
    pub(super) fn split(line: &[u8]) -> Result<(Digest, &[u8]), &'static str> {
        let rest = line.strip_prefix(OPEN).ok_or("the file does not begin as a journal does")?;
        let (h, rest) = rest.split_at_checked(Digest::LEN).ok_or("the segment line is cut short")?;
        let json = rest.strip_prefix(SEGMENT).ok_or("the first line is not a segment line")?;
        let json = json.strip_suffix(b"}").ok_or("the segment line does not end as it should")?;
        Ok((Digest::from_bytes(h).ok_or("the segment line is cut short")?, json))
    }

    pub(super) fn parse(json: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(json).map_err(|error| format!("the segment line cannot be read: {error}"))
    }
}

/// `<host>.<4 digits>.jsonl`
pub fn file_name(host: HostId, segment: u32) -> String {
    format!("{host}.{segment:04}.jsonl")
}

/// Host and number of a journal file's name; `None` for any other file.
pub fn parse_file_name(name: &str) -> Option<(HostId, u32)> {
    let (host, number) = name.strip_suffix(".jsonl")?.split_once('.')?;
    let digits = number.len() >= 4 && number.bytes().all(|b| b.is_ascii_digit());
    let number = digits.then(|| number.parse().ok()).flatten()?;
    Some((host.parse().ok()?, number))
}

/// The bytes of a host's first segment with these entries: how shipped sample journals are made, the same bytes each time
/// when `salt` answers the same.
pub fn write_segment(
    incident: IncidentId,
    host: HostId,
    entries: &[Entry],
    mut salt: impl FnMut(&Entry) -> Salt,
) -> Vec<u8> {
    let mut out = Vec::new();
    let first = Segment::new(incident, host, 1, None).encode(&mut out);
    entries.iter().fold(first, |prev, entry| line::encode(&prev, entry, salt(entry), &mut out));
    out
}
