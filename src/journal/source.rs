//! One file of a journal as it is being read: how far, what its chain says, who wrote last.
//!
//! Start at [`Source::step`], which takes one line.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::Placed;
use super::chain::Chain;
use super::damage::{Damage, Part};
use super::digest::Digest;
use super::disk::{DiskFile, Meta};
use super::line::MAX_LINE;
use super::lines::Lines;
use super::segment::Segment;
use super::table::locator;
use crate::incident::entry::{Entry, Stamp};
use crate::incident::ids::{HostId, IncidentId};

/// A file and how far it has been read.
pub(super) struct Source {
    /// Its number in the file table.
    pub number: usize,
    pub name: String,
    pub path: PathBuf,
    pub host: HostId,
    pub segment: u32,
    pub file: Arc<dyn DiskFile>,
    /// As of the last look at the folder.
    pub meta: Meta,
    /// Length up to which an unfinished line has been looked at in vain.
    pub looked_to: u64,
    /// End of the last complete line.
    pub offset: u64,
    /// Complete lines read.
    pub line: u64,
    pub chain: Chain,
    pub head: Option<Segment>,
    pub last: Last,
    /// The number that the host's anchor remembered when this process began.
    pub anchored: u64,
    /// What stands before is known to survive a power cut: this process synced it, or an anchor says so.
    pub safe_to: u64,
    /// Where damaged lines begin: they may look sound to whoever does not know the line before.
    pub damaged: Vec<u64>,
}

/// The last sound line of a host.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Last {
    pub seq: u64,
    pub stamp: Stamp,
    /// Damaged lines since; each of them may have had a number.
    pub damaged: u64,
}

/// What one line turned out to be.
pub(super) enum Step {
    Entry {
        placed: Placed,
        h: Digest,
    },
    /// The first line of the file.
    Segment,
    Damage(Damage),
}

/// A line that was read, and whether it shows that the damaged one before it was damaged in its digest only.
pub(super) struct Taken {
    pub step: Step,
    pub clears_link: bool,
}

impl Source {
    pub fn new(path: PathBuf, (host, segment): (HostId, u32), file: Arc<dyn DiskFile>, meta: Meta) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self {
            number: 0,
            name,
            path,
            host,
            segment,
            file,
            meta,
            looked_to: 0,
            offset: 0,
            line: 0,
            chain: Chain::default(),
            head: None,
            last: Last::default(),
            anchored: 0,
            safe_to: 0,
            damaged: Vec::new(),
        }
    }

    /// Forgets what was read of it.
    pub fn rewind(&mut self) {
        (self.looked_to, self.offset, self.line) = (0, 0, 0);
        (self.chain, self.head, self.last) = (Chain::default(), None, Last::default());
        self.damaged.clear();
    }

    pub fn has_news(&self) -> bool {
        self.meta.len > self.offset && self.meta.len != self.looked_to
    }

    /// Bytes behind the last complete line.
    pub fn tail_len(&self) -> u64 {
        self.meta.len.saturating_sub(self.offset)
    }

    pub fn lines(&self) -> Lines {
        Lines::new(self.file.clone(), self.offset, self.meta.len)
    }

    /// Takes the next complete line; `None` when there is none up to the length last seen.
    pub fn step(&mut self, lines: &mut Lines) -> io::Result<Option<Taken>> {
        let Some(line) = lines.next()? else {
            self.looked_to = self.meta.len;
            return Ok(None);
        };
        let offset = self.offset;
        self.offset += line.taken;
        self.line += 1;
        let mut clears_link = false;
        let found = if self.line == 1 {
            self.begin(line.bytes).map(|()| Step::Segment)
        } else {
            self.follow(line.bytes, &mut clears_link)
                .map(|(entry, h)| Step::Entry { placed: Placed::new(entry, locator(self.number, offset)), h })
        };
        let step = found.unwrap_or_else(|(part, why)| {
            self.last.damaged += 1;
            self.damaged.push(offset);
            Step::Damage(self.damage(self.line, offset, part, why))
        });
        Ok(Some(Taken { step, clears_link }))
    }

    fn begin(&mut self, bytes: &[u8]) -> Result<(), (Part, String)> {
        let head = self.chain.begin(bytes)?;
        if (head.host, head.segment) != (self.host, self.segment) {
            let why = format!("it says segment {} of host {}: the file was renamed", head.segment, head.host);
            return Err((Part::Segment, why));
        }
        self.head = Some(head);
        Ok(())
    }

    fn follow(&mut self, bytes: &[u8], clears_link: &mut bool) -> Result<(Entry, Digest), (Part, String)> {
        if bytes.len() >= MAX_LINE {
            return Err((Part::Frame, format!("no line ends within {MAX_LINE} bytes")));
        }
        let linked = self.chain.follow(bytes)?;
        *clears_link = linked.clears_link;
        let h = linked.split.h;
        let entry = linked.split.entry().inspect_err(|_| self.chain.body_damaged(bytes))?;
        if entry.header.host != self.host {
            return Err((Part::Header, format!("it belongs to host {}", entry.header.host)));
        }
        self.last = Last { seq: entry.header.seq, stamp: entry.stamp(), damaged: 0 };
        if self.last.seq == self.anchored {
            self.safe_to = self.safe_to.max(self.offset);
        }
        Ok((entry, h))
    }

    pub fn damage(&self, line: u64, byte: u64, part: Part, why: impl Into<String>) -> Damage {
        Damage { file: self.name.clone(), line, byte, part, why: why.into() }
    }

    pub fn incident(&self) -> Option<IncidentId> {
        self.head.as_ref().map(|head| head.incident)
    }
}
