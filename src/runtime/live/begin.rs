//! What a room is opened with: everything, a checkpoint, or the first pages.

use std::path::PathBuf;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use super::writer::refold;
use super::{Reading, Work};
use crate::journal::{Damage, Journal, JournalError, Mark};
use crate::room::Folded;
use crate::runtime::cache::{self, Job, Keeper};

/// Bytes of each file that are read at once of a large journal: its title, its playbook, its first team.
const FIRST_PAGES: u64 = 256 << 10;

/// The first frame goes first.
const FIRST_FRAME: Duration = Duration::from_millis(100);

/// A journal and what is known of it when its room is first shown.
pub(super) struct Begun {
    pub journal: Journal,
    pub folded: Folded,
    pub damage: Vec<Damage>,
    pub first: First,
}

/// What is left to do before all of it is known and checked.
pub(super) enum First {
    /// Nothing. `orderly`: no entry had to be sorted, so that a checkpoint can be gone on from.
    Whole { orderly: bool },
    /// To fold up to the mark, and compare with the seal.
    Checkpoint { mark: Mark, seal: String },
    /// To read so many bytes.
    Unread { bytes: u64 },
}

impl First {
    pub fn reading(&self) -> Reading {
        match self {
            First::Whole { .. } => Reading::Done,
            First::Checkpoint { .. } => Reading::Verifying,
            First::Unread { .. } => Reading::Percent(0),
        }
    }
}

pub(super) fn begin(job: &Job, keeper: &Keeper) -> Result<Begun, JournalError> {
    let mut journal = Journal::open(&job.dir, job.host)?;
    let bytes = journal.measure()?;
    if !keeper.is_large(bytes) {
        return whole(journal);
    }
    if let Some((journal, found)) = cache::resume(&job.dir, job.host, &job.checkpoint) {
        let first = First::Checkpoint { mark: found.mark, seal: found.seal };
        return Ok(Begun { journal, folded: found.folded, damage: Vec::new(), first });
    }
    let mut folded = Folded::default();
    Journal::peek(&job.dir, FIRST_PAGES, &mut |placed| folded.take_one(&placed))?;
    Ok(Begun { journal, folded, damage: Vec::new(), first: First::Unread { bytes } })
}

/// Reads everything, entry by entry, so that no journal is held in memory twice.
fn whole(mut journal: Journal) -> Result<Begun, JournalError> {
    let mut folded = Folded::default();
    let end = journal.take_in_with(&mut |placed| folded.take_one(&placed))?;
    if end.late {
        folded = refold(&mut journal)?;
    }
    Ok(Begun { journal, folded, damage: end.damage, first: First::Whole { orderly: !end.late } })
}

/// Reads the journal behind a checkpoint on a thread of its own, which takes as long as it takes.
pub(super) fn verify(dir: PathBuf, mark: Mark, seal: String, work: SyncSender<Work>) {
    let check = move || {
        std::thread::sleep(FIRST_FRAME);
        let work_then = if cache::holds(&dir, &mark, &seal) { Work::Verified } else { Work::Refold };
        // The room may have been left meanwhile.
        let _ = work.send(work_then);
    };
    // Without a thread the room goes on saying "verifying", which is true.
    let _ = std::thread::Builder::new().name("verify".into()).spawn(check);
}
