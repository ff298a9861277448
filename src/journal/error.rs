//! What can go wrong, in words: what happened (`Display`) and what to do next (`hint`).

use std::io;
use std::path::{Path, PathBuf};

use super::line::MAX_LINE;
use crate::incident::ids::EntryId;

/// A journal that cannot be opened, read or changed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("there is no journal in {}", .0.display())]
    Missing(PathBuf),
    #[error("{} already holds a journal", .0.display())]
    Exists(PathBuf),
    #[error("no journal was made in {}: {why}", .dir.display())]
    NotMade { dir: PathBuf, why: String, hint: String },
    #[error("nothing in {} says which incident it is", .0.display())]
    NoIncident(PathBuf),
    #[error("{file} became shorter while it was open: {len} bytes are left of {read}")]
    Shrunk { file: String, len: u64, read: u64 },
    #[error("the journal has more than {0} files")]
    TooManyFiles(usize),
    #[error("no line of this journal has the entry {0}")]
    NoEntry(EntryId),
    #[error("{doing} {} failed: {}", .path.display(), words(.source))]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

impl JournalError {
    /// The system has no thread left to look after the journal in `dir`.
    pub fn no_thread(dir: &Path, source: io::Error) -> Self {
        Self::Io { doing: "looking after", path: dir.to_owned(), source }
    }

    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }

    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Missing(_) => "give the incident's own folder, the one with `journal` in it".to_owned(),
            Self::Exists(_) => "open it instead of creating it".to_owned(),
            Self::NotMade { hint, .. } => hint.clone(),
            Self::NoIncident(_) => "name the folder <ulid>-<slug>, as it was".to_owned(),
            Self::Shrunk { .. } => "close it, run `verify`, and put the file back from a copy".to_owned(),
            Self::TooManyFiles(_) => "move the files of hosts that are gone to another folder".to_owned(),
            Self::NoEntry(_) => {
                "check the id; on a shared incident the entry may not have arrived yet".to_owned()
            }
            Self::Io { source, .. } => remedy(source).to_owned(),
        }
    }
}

/// Entries that were not saved, or perhaps not.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Nothing was saved and the file is as it was before.
    #[error("not saved: {why}")]
    Refused { why: String, hint: String },
    /// The write failed and could not be taken back either: the entries may turn up.
    #[error("perhaps not saved: {why}, and the half-written lines could not be taken back")]
    Doubtful { why: String, hint: String },
    #[error("not saved: the entry is {len} bytes long; {MAX_LINE} is the most")]
    TooLong { len: usize },
    #[error("not saved: {0}")]
    Journal(#[from] JournalError),
}

impl AppendError {
    /// It would fail again, however often it were tried.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            AppendError::TooLong { .. }
                | AppendError::Journal(JournalError::NoIncident(_) | JournalError::TooManyFiles(_))
        )
    }

    pub(super) fn refused(source: &io::Error) -> Self {
        Self::Refused { why: words(source), hint: remedy(source).to_owned() }
    }

    pub(super) fn doubtful(source: &io::Error) -> Self {
        let hint = format!("look at the timeline before you write it again; {}", remedy(source));
        Self::Doubtful { why: words(source), hint }
    }

    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Refused { hint, .. } | Self::Doubtful { hint, .. } => hint.clone(),
            Self::TooLong { .. } => "keep the text in a file and link it".to_owned(),
            Self::Journal(error) => error.hint(),
        }
    }
}

/// An I/O error as a person would say it.
pub(super) fn words(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::StorageFull => "the disk is full".to_owned(),
        Kind::QuotaExceeded => "your disk quota is used up".to_owned(),
        Kind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        Kind::PermissionDenied => "permission was denied".to_owned(),
        Kind::NotFound => "the incident's folder or a file in it has vanished".to_owned(),
        Kind::FileTooLarge => "the file has reached its largest allowed size".to_owned(),
        _ => format!("the disk reported an error ({error})"),
    }
}

fn remedy(error: &io::Error) -> &'static str {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => "free some space, then send it again",
        Kind::ReadOnlyFilesystem => "mount the file system for writing, then send it again",
        Kind::PermissionDenied => "check who owns the incident's folder and its permissions",
        Kind::NotFound => "check whether the folder was moved or unmounted, put it back, then send it again",
        _ => "try again; if it keeps failing copy the incident's folder to another disk and check this one",
    }
}
