//! The journal of one incident as one process sees it: which files there are and how far each was read.
//!
//! Start at [`Journal::take_in`]; writing is in `append.rs`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::anchor::Anchoring;
use super::append::Writer;
use super::disk::{Disk, DiskFile, Mode, RealDisk};
use super::error::JournalError;
use super::segment::parse_file_name;
use super::source::Source;
use super::store::JournalStore;
use super::table::{FileTable, MAX_FILES};
use crate::incident::entry::Stamp;
use crate::incident::ids::{HostId, IncidentId};

/// A folder that changed less than this before it was listed is listed again: its time of change is coarse.
const SETTLED: Duration = Duration::from_secs(2);

/// One incident's journal. Reading goes on from where it stopped; several may be open at once, in any process.
pub struct Journal {
    pub(super) disk: Arc<dyn Disk>,
    /// The `journal` folder.
    pub(super) dir: PathBuf,
    pub(super) host: HostId,
    pub(super) named: Option<IncidentId>,
    pub(super) table: Arc<FileTable>,
    /// Sorted by host and segment.
    pub(super) sources: Vec<Source>,
    /// The newest stamp handed out.
    pub(super) newest: Option<Stamp>,
    pub(super) writer: Writer,
    pub(super) anchoring: Anchoring,
    /// The folder's time of change when it was listed, once that can be relied on.
    listed: Option<i128>,
}

impl Journal {
    /// Makes the journal of a new incident in its folder, with this host's first file.
    pub fn create(dir: &Path, incident: IncidentId, host: HostId) -> Result<Self, JournalError> {
        Self::create_on(Arc::new(RealDisk), dir, incident, host)
    }

    /// Opens the journal in an incident's folder; reads nothing yet.
    pub fn open(dir: &Path, host: HostId) -> Result<Self, JournalError> {
        Self::open_on(Arc::new(RealDisk), dir, host)
    }

    /// [`Journal::create`] on another disk.
    pub fn create_on(
        disk: Arc<dyn Disk>,
        dir: &Path,
        incident: IncidentId,
        host: HostId,
    ) -> Result<Self, JournalError> {
        let folder = journal_dir(dir);
        disk.make_dir(&folder).map_err(JournalError::io("making the folder", &folder))?;
        let mut journal = Self::open_on(disk, dir, host)?;
        journal.named = Some(incident);
        journal.begin()?;
        for folder in [Some(dir), dir.parent()].into_iter().flatten() {
            journal.disk.sync_dir(folder).map_err(JournalError::io("syncing the folder", folder))?;
        }
        Ok(journal)
    }

    /// [`Journal::open`] on another disk.
    pub fn open_on(disk: Arc<dyn Disk>, dir: &Path, host: HostId) -> Result<Self, JournalError> {
        let folder = journal_dir(dir);
        disk.stat(&folder).map_err(|_| JournalError::Missing(dir.to_owned()))?;
        Ok(Self {
            disk,
            named: incident_of_name(dir),
            dir: folder,
            host,
            table: Arc::default(),
            sources: Vec::new(),
            newest: None,
            writer: Writer::default(),
            anchoring: Anchoring::default(),
            listed: None,
        })
    }

    pub fn host(&self) -> HostId {
        self.host
    }

    /// The incident, by the files' first lines (once read), else by the folder's name.
    pub fn incident(&self) -> Option<IncidentId> {
        self.sources.iter().find_map(Source::incident).or(self.named)
    }

    /// The folder of the journal's files.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The files that are known of so far.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.table.paths()
    }

    /// Reads single entries by place; stays good while the journal grows. One for each thread: clone it.
    pub fn store(&self) -> JournalStore {
        JournalStore::new(self.table.clone())
    }

    pub(super) fn path_of(&self, host: HostId, what: &str) -> PathBuf {
        self.dir.join(format!("{host}.{what}"))
    }

    /// Looks at the folder while no local process writes: what is there then was acknowledged, or never will be.
    pub(super) fn look(&mut self) -> Result<(), JournalError> {
        let lock = self.disk.open(&self.path_of(self.host, "lock"), Mode::Read).ok();
        let held = lock.filter(|lock| lock.lock(false).is_ok());
        let result = self.look_locked();
        if let Some(lock) = held {
            // Closing it lets go of it too.
            let _ = lock.unlock();
        }
        result
    }

    /// Finds new files and the present length of all.
    pub(super) fn look_locked(&mut self) -> Result<(), JournalError> {
        self.load_anchor();
        self.list_if_changed()?;
        for source in &mut self.sources {
            match self.disk.stat(&source.path) {
                // An older copy of another host's file was laid over it. What was read stays read, and nothing stops us.
                Ok(meta) if source.host != self.host && meta.len < source.offset => {}
                Ok(meta) if meta.identity == source.meta.identity => source.meta = meta,
                Ok(_) => {
                    source.file = open_to_read(&*self.disk, &source.path)?;
                    source.meta = source.file.stat().map_err(JournalError::io("looking at", &source.path))?;
                    source.looked_to = 0;
                    self.table.replace(source.number, source.file.clone());
                }
                // A file of another host may be on its way through a copying tool.
                Err(_) if source.host != self.host => {}
                Err(error) => return Err(JournalError::io("looking at", &source.path)(error)),
            }
            if source.meta.len < source.offset {
                let (file, len, read) = (source.name.clone(), source.meta.len, source.offset);
                return Err(JournalError::Shrunk { file, len, read });
            }
        }
        Ok(())
    }

    // Compared with a folder's modification time, which the same clock made.
    #[expect(
        clippy::disallowed_methods,
        reason = "the file system's time is asked about, not the incident's"
    )]
    fn list_if_changed(&mut self) -> Result<(), JournalError> {
        let io = JournalError::io("looking at", &self.dir);
        let changed = self.disk.stat(&self.dir).map_err(io)?.modified;
        if self.listed == Some(changed) {
            return Ok(());
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let settled = changed + (SETTLED.as_nanos() as i128) < now.as_nanos() as i128;
        let names = self.disk.list(&self.dir).map_err(JournalError::io("listing", &self.dir))?;
        self.open_new(names)?;
        self.listed = settled.then_some(changed);
        Ok(())
    }

    fn open_new(&mut self, names: Vec<String>) -> Result<(), JournalError> {
        let known: HashSet<_> = self.sources.iter().map(|source| (source.host, source.segment)).collect();
        let mut new: Vec<_> = names.iter().filter_map(|name| Some((parse_file_name(name)?, name))).collect();
        new.retain(|(key, _)| !known.contains(key));
        new.sort();
        for (key, name) in new {
            let path = self.dir.join(name);
            let file = open_to_read(&*self.disk, &path)?;
            let meta = file.stat().map_err(JournalError::io("looking at", &path))?;
            if self.sources.len() >= MAX_FILES {
                return Err(JournalError::TooManyFiles(MAX_FILES));
            }
            self.add(Source::new(path, key, file, meta));
        }
        Ok(())
    }

    /// Takes a file in and answers its place among the sources, of which there are less than [`MAX_FILES`].
    pub(super) fn add(&mut self, mut source: Source) -> usize {
        source.anchored = if source.host == self.host { self.anchoring.seq() } else { 0 };
        source.number = self.table.add(source.path.clone(), source.file.clone());
        let key = (source.host, source.segment);
        let place = self.sources.partition_point(|other| (other.host, other.segment) < key);
        self.sources.insert(place, source);
        place
    }

    /// This host's last file.
    pub(super) fn own(&self) -> Option<&Source> {
        self.sources.iter().rfind(|source| source.host == self.host)
    }
}

/// Two consoles on one incident are nothing unusual, so closing only leaves a better anchor behind.
impl Drop for Journal {
    fn drop(&mut self) {
        let _ = self.anchor();
    }
}

/// The folder of the journal inside the incident's.
pub(super) fn journal_dir(incident: &Path) -> PathBuf {
    incident.join("journal")
}

/// `<ulid>-<slug>`
fn incident_of_name(dir: &Path) -> Option<IncidentId> {
    let name = dir.file_name()?.to_str()?;
    IncidentId::from_string(name.get(..26)?).ok()
}

fn open_to_read(disk: &dyn Disk, path: &Path) -> Result<Arc<dyn DiskFile>, JournalError> {
    disk.open(path, Mode::Read).map_err(JournalError::io("opening", path))
}
