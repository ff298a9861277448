//! Checkpoints: what a long journal had been folded to, so that its room opens at once.
//!
//! `<state>/cache/<incident>.fold`. A cache and nothing more: it may be deleted or damaged at any time, one that does not fit
//! is ignored, and failing to write one is no failure. Whoever shows a checkpoint says "verifying" until the journal has
//! been read behind it. Start at [`load`] and [`save`]; the bytes are in [`image`].

mod image;
mod keeper;
pub mod summaries;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::incident::{HostId, IncidentId};
use crate::journal::{Journal, JournalError, Mark};
use crate::room::Folded;

pub use image::seal;
pub use keeper::{Job, Keeper};

/// Bytes from which a journal gets a checkpoint and is not read before its room is shown: some 17,000 entries, 20 ms.
pub const LARGE: u64 = 8 << 20;
/// New entries after which an open room has its checkpoint renewed.
pub const RENEWED_AFTER: u64 = 50_000;
/// New entries for which it is worth renewing when the room is left; fewer are read again within milliseconds.
pub const WORTH: u64 = 2_000;

/// A fold, and how far the journal had been read for it.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub mark: Mark,
    pub folded: Folded,
    /// Digest of both: a fold of the same entries has the same.
    pub seal: String,
}

/// Where an incident's checkpoint is kept; `cache` is [`crate::config::Paths::cache`].
pub fn path(cache: &Path, incident: IncidentId) -> PathBuf {
    cache.join(format!("{incident}.fold"))
}

/// The checkpoint, if there is a sound one that this warroom understands.
pub fn load(path: &Path) -> Option<Checkpoint> {
    image::read(&fs::File::open(path).ok()?)
}

/// Writes a checkpoint in the place of the one before.
pub fn save(path: &Path, mark: &Mark, folded: &Folded) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        crate::files::make_private_dir(folder)?;
    }
    let temporary = path.with_extension(format!("{}.part", std::process::id()));
    let written = private(&temporary).and_then(|file| image::write(file, mark, folded));
    written.and_then(|()| fs::rename(&temporary, path)).inspect_err(|_| {
        // What is left of a failed write is of no use to anybody.
        let _ = fs::remove_file(&temporary);
    })
}

fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Deletes a checkpoint: it does not fit, or holds words that were erased.
pub fn forget(path: &Path) {
    // One that cannot be deleted is found out again when it is next verified.
    let _ = fs::remove_file(path);
}

/// Opens a journal where its checkpoint ends and folds what came since. `None`: there is no checkpoint that fits.
pub fn resume(dir: &Path, host: HostId, checkpoint: &Path) -> Option<(Journal, Checkpoint)> {
    let mut found = load(checkpoint)?;
    let mut journal = Journal::open(dir, host).ok()?;
    if !journal.resume(&found.mark) {
        return None;
    }
    let folded = &mut found.folded;
    let end = journal.take_in_with(&mut |placed| folded.take_one(&placed)).ok()?;
    // What is damaged, or belongs before the mark, is the business of a whole reading.
    (!end.late && end.damage.is_empty()).then_some((journal, found))
}

/// Brings a checkpoint up to date, or makes the first one. Reads the whole journal where none fits.
pub fn renew(dir: &Path, host: HostId, checkpoint: &Path) -> Result<(), JournalError> {
    let resumed = resume(dir, host, checkpoint).map(|(journal, found)| (journal.mark(), found.folded));
    let (mark, folded) = match resumed {
        Some(resumed) => resumed,
        None => whole(dir, host)?,
    };
    if let Some(mark) = mark {
        // A full disk costs the next opening a second.
        let _ = save(checkpoint, &mark, &folded);
    }
    Ok(())
}

fn whole(dir: &Path, host: HostId) -> Result<(Option<Mark>, Folded), JournalError> {
    let mut folded = Folded::default();
    let mut journal = Journal::open(dir, host)?;
    let end = journal.take_in_with(&mut |placed| folded.take_one(&placed))?;
    Ok((journal.mark().filter(|_| !end.late), folded))
}

/// Folds the journal up to the mark of a checkpoint anew; whether it comes to the same.
pub fn holds(dir: &Path, mark: &Mark, expected: &str) -> bool {
    let mut folded = Folded::default();
    let read = Journal::reread(dir, mark, &mut |placed| folded.take_one(&placed));
    let sound = read.is_ok_and(|end| !end.late && end.damage.is_empty());
    sound && seal(mark, &folded).is_ok_and(|seal| seal == expected)
}
