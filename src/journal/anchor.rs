//! The anchor: a small file that remembers the last safe entry, because a clean cut at the end is invisible to the chain.
//!
//! A hint for `verify`, never needed to read. Written behind a sync only, so it can never be ahead of the journal.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::disk::{Disk, Mode};
use super::error::JournalError;
use super::open::Journal;
use crate::incident::ids::HostId;
use crate::incident::time::{Span, Time};

/// Appends leave an anchor no more often than this.
const INTERVAL: Span = Span::from_secs(5);
/// An anchor is two short members; whatever is longer is none.
const MAX_BYTES: usize = 256;

/// The last entry of a host that was known to be safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Anchor {
    pub seq: u64,
    pub h: String,
}

/// Which anchors this process has seen, has to write, and when it last did.
#[derive(Default)]
pub(super) struct Anchoring {
    loaded: bool,
    stored: Option<Anchor>,
    unsaved: Option<Anchor>,
    /// When the last anchor was written, or the first entry since.
    since: Option<Time>,
}

impl Anchoring {
    pub fn wrote(&mut self, seq: u64, h: Digest) {
        self.unsaved = Some(Anchor { seq, h: h.to_string() });
    }

    /// The highest number that an anchor remembers; 0 without one.
    pub fn seq(&self) -> u64 {
        self.stored.as_ref().map_or(0, |anchor| anchor.seq)
    }
}

impl Journal {
    /// Leaves an anchor of what this process has written, if there is anything new: on closing, before a delivery.
    pub fn anchor(&mut self) -> Result<(), JournalError> {
        let Some(unsaved) = self.anchoring.unsaved.clone() else { return Ok(()) };
        let Ok(_held) = self.lock_alone() else { return Ok(()) };
        let path = self.path_of(self.host, "head");
        let stored = read_anchor(&*self.disk, &path).ok().flatten();
        if stored.is_some_and(|stored| stored.seq >= unsaved.seq) {
            self.anchoring.unsaved = None;
            return Ok(());
        }
        self.save_anchor(unsaved).map_err(JournalError::io("writing", &path))
    }

    /// After an append, under its lock: keeps the anchor a few seconds behind at most. Failing is no harm.
    pub(super) fn anchor_now_and_then(&mut self, now: Time) {
        let since = *self.anchoring.since.get_or_insert(now);
        if now.since(since).abs() < INTERVAL {
            return;
        }
        self.anchoring.since = Some(now);
        if let Some(unsaved) = self.anchoring.unsaved.clone() {
            let _ = self.save_anchor(unsaved);
        }
    }

    /// Learns, once, which number the anchor remembers: a journal that was cut must not give the lost numbers again.
    pub(super) fn load_anchor(&mut self) {
        if !self.anchoring.loaded {
            self.anchoring.stored = read_anchor(&*self.disk, &self.path_of(self.host, "head")).ok().flatten();
            self.anchoring.loaded = true;
        }
    }

    fn save_anchor(&mut self, anchor: Anchor) -> io::Result<()> {
        let new = self.path_of(self.host, "head.new");
        let file = self.disk.open(&new, Mode::Write)?;
        let text = serde_json::to_vec(&anchor)?;
        file.write_all_at(&text, 0)?;
        file.set_len(text.len() as u64)?;
        // A torn anchor would accuse a sound journal.
        file.sync_data()?;
        self.disk.rename(&new, &self.path_of(self.host, "head"))?;
        self.anchoring.stored = Some(anchor);
        self.anchoring.unsaved = None;
        Ok(())
    }
}

/// `None` for a missing or an empty file: a power cut may leave one.
pub(super) fn read_anchor(disk: &dyn Disk, path: &Path) -> io::Result<Option<Anchor>> {
    let file = match disk.open(path, Mode::Read) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut text = [0; MAX_BYTES];
    let n = file.read_full_at(&mut text, 0)?;
    if text[..n].iter().all(|b| *b == 0) {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&text[..n])?))
}

/// The host of an anchor's file name.
pub(super) fn parse_anchor_name(name: &str) -> Option<HostId> {
    name.strip_suffix(".head")?.parse().ok()
}
