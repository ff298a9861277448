//! A whole check of a journal: every line, every link, every file's place, and what the anchors remember.
//!
//! It reads, and changes nothing. Start at [`verify()`].

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::anchor::{Anchor, parse_anchor_name, read_anchor};
use super::chain::Chain;
use super::damage::{Damage, Part};
use super::digest::Digest;
use super::disk::{Disk, DiskFile, Mode, RealDisk};
use super::error::JournalError;
use super::lines::Lines;
use super::merge::blame_link;
use super::open::Journal;
use super::source::{Source, Step};
use crate::incident::event::Event;
use crate::incident::ids::{EntryId, HostId};

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Sound entries, each counted once.
    pub entries: u64,
    /// Those of them whose body was erased on purpose.
    pub erased: u64,
    pub hosts: Vec<HostVerdict>,
    pub damage: Vec<Damage>,
    /// Last lines without their newline.
    pub torn: Vec<Torn>,
    /// Journals that end, or leave out numbers, before entries that are known to have been safe.
    pub cut: Vec<Cut>,
    /// Numbers that two entries of one host share: a home was copied and both copies were used.
    pub forks: Vec<Fork>,
    /// Torn lines that a writer has set aside, by file name. They were never acknowledged.
    pub set_aside: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostVerdict {
    pub host: HostId,
    pub entries: u64,
    pub last_seq: u64,
    pub last_h: Option<Digest>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    pub file: String,
    /// Where the unfinished line begins.
    pub byte: u64,
    /// Its length so far, in bytes.
    pub len: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    pub host: HostId,
    /// Last number before the cut.
    pub after: u64,
    /// A later number that is known to have been given.
    pub known: u64,
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    pub host: HostId,
    pub seq: u64,
    pub first: EntryId,
    pub second: EntryId,
}

impl Verdict {
    /// Nothing is damaged, torn, cut or forked. Erased bodies and lines set aside are no fault.
    pub fn is_whole(&self) -> bool {
        self.damage.is_empty() && self.torn.is_empty() && self.cut.is_empty() && self.forks.is_empty()
    }
}

/// Checks the journal in an incident's folder.
pub fn verify(dir: &Path) -> Result<Verdict, JournalError> {
    verify_on(Arc::new(RealDisk), dir)
}

/// [`verify()`] on another disk.
pub fn verify_on(disk: Arc<dyn Disk>, dir: &Path) -> Result<Verdict, JournalError> {
    let mut journal = Journal::open_on(disk, dir, HostId::default())?;
    let names = journal.disk.list(&journal.dir).map_err(JournalError::io("listing", &journal.dir))?;
    let locks = hold_all(&journal, &names);
    journal.look_locked()?;
    drop(locks);
    let mut check = Check::default();
    check.read_anchors(&journal, &names);
    for at in 0..journal.sources.len() {
        let (before, rest) = journal.sources.split_at_mut(at);
        let Some(source) = rest.first_mut() else { continue };
        check.file(source).map_err(JournalError::io("reading", &source.path))?;
        check.file_before(before.last(), source).map_err(JournalError::io("reading", &source.path))?;
    }
    check.verdict.set_aside = names.into_iter().filter(|name| name.contains(".torn.")).collect();
    check.verdict.set_aside.sort();
    Ok(check.finish())
}

/// So that no line is taken for torn while its writer is at it. A lock that cannot be had is done without.
fn hold_all(journal: &Journal, names: &[String]) -> Vec<Arc<dyn DiskFile>> {
    let locks = names.iter().filter(|name| name.ends_with(".lock"));
    let opened = locks.filter_map(|name| journal.disk.open(&journal.dir.join(name), Mode::Read).ok());
    opened.filter(|lock| lock.lock(false).is_ok()).collect()
}

/// The check under way.
#[derive(Default)]
struct Check {
    verdict: Verdict,
    hosts: BTreeMap<HostId, Host>,
}

/// What was seen of one host.
#[derive(Default)]
struct Host {
    /// By number.
    seen: BTreeMap<u64, EntryId>,
    last: Option<(u64, Digest)>,
    /// Some line since the last sound one is damaged.
    damaged: bool,
    anchor: Option<Anchor>,
    /// Digest of the line that the anchor remembers; the last one's, if it was written twice.
    anchored: Option<Digest>,
}

impl Check {
    fn file(&mut self, source: &mut Source) -> std::io::Result<()> {
        let mut lines = source.lines();
        while let Some(taken) = source.step(&mut lines)? {
            if taken.clears_link {
                blame_link(&mut self.verdict.damage, source);
            }
            match taken.step {
                Step::Segment => {}
                Step::Damage(damage) => {
                    self.hosts.entry(source.host).or_default().damaged = true;
                    self.verdict.damage.push(damage);
                }
                Step::Entry { placed, h } => {
                    self.entry(source.host, placed.entry.header.seq, placed.entry.id(), h);
                    self.verdict.erased += u64::from(placed.entry.event == Event::Erased);
                }
            }
        }
        if source.tail_len() > 0 {
            let (file, byte, len) = (source.name.clone(), source.offset, source.tail_len());
            self.verdict.torn.push(Torn { file, byte, len });
        }
        Ok(())
    }

    fn entry(&mut self, host: HostId, seq: u64, id: EntryId, h: Digest) {
        let seen = self.hosts.entry(host).or_default();
        if seen.anchor.as_ref().is_some_and(|anchor| anchor.seq == seq) {
            seen.anchored = Some(h);
        }
        if let Some(first) = seen.seen.get(&seq) {
            if *first != id {
                self.verdict.forks.push(Fork { host, seq, first: *first, second: id });
                self.verdict.entries += 1;
            }
            seen.last = Some((seq, h));
            return;
        }
        let after = seen.last.map_or(0, |(last, _)| last);
        // Damaged bytes may have been any number of lines; they are reported already.
        if seq > after + 1 && !seen.damaged {
            let why = format!("numbers {} to {} are missing", after + 1, seq - 1);
            self.verdict.cut.push(Cut { host, after, known: seq, why });
        }
        seen.seen.insert(seq, id);
        (seen.last, seen.damaged) = (Some((seq, h)), false);
        self.verdict.entries += 1;
    }

    /// Whether a segment continues the one before it.
    fn file_before(&mut self, before: Option<&Source>, source: &Source) -> std::io::Result<()> {
        let Some(head) = &source.head else { return Ok(()) };
        let before = before.filter(|before| before.host == source.host);
        if let Some(why) = misplaced(before, source, &head.prev)? {
            self.verdict.damage.push(source.damage(1, 0, Part::Segment, why));
        }
        let other = before.and_then(|before| before.incident()).filter(|other| *other != head.incident);
        if let Some(other) = other {
            let why = format!("it belongs to incident {}, the file before to {other}", head.incident);
            self.verdict.damage.push(source.damage(1, 0, Part::Segment, why));
        }
        Ok(())
    }

    fn read_anchors(&mut self, journal: &Journal, names: &[String]) {
        for (name, host) in names.iter().filter_map(|name| Some((name, parse_anchor_name(name)?))) {
            match read_anchor(&*journal.disk, &journal.dir.join(name)) {
                Ok(anchor) => self.hosts.entry(host).or_default().anchor = anchor,
                Err(error) => {
                    let why = format!("the anchor cannot be read: {error}");
                    self.verdict.damage.push(Damage {
                        file: name.clone(),
                        line: 1,
                        byte: 0,
                        part: Part::File,
                        why,
                    });
                }
            }
        }
    }

    fn finish(mut self) -> Verdict {
        self.verdict.cut.extend(self.hosts.iter().filter_map(|(host, seen)| seen.cut(*host)));
        let hosts = self.hosts.into_iter().map(|(host, seen)| HostVerdict {
            host,
            entries: seen.seen.len() as u64,
            last_seq: seen.last.map_or(0, |(seq, _)| seq),
            last_h: seen.last.map(|(_, h)| h),
        });
        self.verdict.hosts = hosts.collect();
        self.verdict
    }
}

impl Host {
    /// What the anchor remembers and the files have not.
    fn cut(&self, host: HostId) -> Option<Cut> {
        let Anchor { seq: known, h } = self.anchor.as_ref()?;
        let after = self.last.map_or(0, |(seq, _)| seq);
        let why = match self.anchored {
            Some(stored) if stored.to_string() == *h => return None,
            Some(_) => "the entry that the anchor remembers has another digest",
            None if after >= *known || self.damaged => return None,
            None => "it ends before the last entry that was known to be safe",
        };
        Some(Cut { host, after, known: *known, why: why.to_owned() })
    }
}

/// Why a segment does not continue the file before it; `None` when it does.
fn misplaced(before: Option<&Source>, source: &Source, prev: &str) -> std::io::Result<Option<String>> {
    if source.segment == 1 {
        return Ok((!prev.is_empty()).then(|| "the first segment names one before it".to_owned()));
    }
    let Some(before) = before.filter(|before| before.segment + 1 == source.segment) else {
        return Ok(Some(format!("segment {} is missing", source.segment - 1)));
    };
    let at_end = before.chain.tip().is_none_or(|tip| tip.to_string() == prev);
    if at_end || holds_digest(before, prev)? {
        return Ok(None);
    }
    Ok(Some(format!("it does not continue segment {}", before.segment)))
}

/// Whether some line of a file has the digest `h`: a segment begun after a failed sync continues the last safe line.
fn holds_digest(source: &Source, h: &str) -> std::io::Result<bool> {
    let mut lines = Lines::new(source.file.clone(), 0, source.offset);
    while let Some(line) = lines.next()? {
        if Chain::stored(line.bytes).is_some_and(|stored| stored.as_bytes() == h.as_bytes()) {
            return Ok(true);
        }
    }
    Ok(false)
}
