//! The home of all incidents on this machine: whose it is, which incidents there are, what they are called.
//!
//! `<data>/host.json` binds a random host id to the machine; `<data>/incidents/<ulid>-<slug>/` holds one incident each, with
//! its journal and, in `number`, the number by which this home calls it. Nothing here reads a journal.
//! Start at [`Home::find`].

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::append::random_host;
use super::digest::Digest;
use super::disk::{Disk, Mode, RealDisk};
use super::error::words;
use crate::incident::ids::{HostId, IncidentId};

/// The folder of all data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    pub data: PathBuf,
}

/// One incident's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentDir {
    pub path: PathBuf,
    pub id: IncidentId,
    pub slug: String,
    /// The home's own number, from 1; 0 for a folder outside the home.
    pub number: u32,
}

/// The home cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{doing} {} failed: {}", .path.display(), words(.source))]
pub struct HomeError {
    doing: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl HomeError {
    fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self { doing, path, source }
    }

    /// What to do next.
    pub fn hint(&self) -> String {
        "check that the data folder exists, is yours and has room, or set WARROOM_DATA to another one"
            .to_owned()
    }
}

/// Which machine a host id belongs to.
#[derive(Serialize, Deserialize)]
struct HostFile {
    host: HostId,
    /// Digest of the machine's identity; the identity itself is nobody's business.
    machine: String,
}

impl Home {
    /// Longest slug kept, in bytes.
    const SLUG_MAX: usize = 60;

    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into() }
    }

    /// The id of this machine's home, made on first use. A home that was copied from another machine gets a new one, so that
    /// two machines never write to one file.
    pub fn host_id(&self) -> Result<HostId, HomeError> {
        let path = self.data.join("host.json");
        let machine = machine_digest();
        if let Some(host) = stored_host(&path, &machine) {
            return Ok(host);
        }
        let _lock = self.lock()?;
        if let Some(host) = stored_host(&path, &machine) {
            return Ok(host);
        }
        let host = random_host();
        let text = serde_json::to_vec(&HostFile { host, machine }).unwrap_or_default();
        replace_file(&path, &text).map_err(HomeError::at("writing", &path))?;
        Ok(host)
    }

    /// Makes the folder of a new incident and gives it the next number. Its journal is the caller's to create.
    pub fn create_incident(&self, id: IncidentId, slug: &str) -> Result<IncidentDir, HomeError> {
        let _lock = self.lock()?;
        let number = self.numbered()?.iter().map(|dir| dir.number).max().unwrap_or(0) + 1;
        let slug = slugify(slug);
        let path = self.incidents().join(format!("{id}-{slug}"));
        RealDisk.make_dir(&path).map_err(HomeError::at("making", &path))?;
        write_number(&path, number)?;
        Ok(IncidentDir { path, id, slug, number })
    }

    /// All incidents, the oldest first. Folders that were copied in get their numbers now, if this home may be written.
    pub fn list(&self) -> Result<Vec<IncidentDir>, HomeError> {
        let found = self.unlocked()?;
        if found.iter().all(|dir| dir.number > 0) {
            return Ok(found);
        }
        let Ok(_lock) = self.lock() else { return Ok(found) };
        self.numbered()
    }

    /// The incident that a person means: an ULID or at least 4 characters of one's start, a slug or its start, a number as
    /// `42` or `INC-0042`, or the path of an incident's folder.
    pub fn find(&self, reference: &str) -> Result<IncidentDir, super::NotFound> {
        if let Some(dir) = IncidentDir::at(Path::new(reference)) {
            return Ok(dir);
        }
        super::reference::find(self.list()?, reference)
    }

    pub fn incidents(&self) -> PathBuf {
        self.data.join("incidents")
    }

    fn lock(&self) -> Result<fs::File, HomeError> {
        let path = self.data.join("home.lock");
        RealDisk.make_dir(&self.data).map_err(HomeError::at("making", &self.data))?;
        let mut options = fs::OpenOptions::new();
        options.create(true).write(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(HomeError::at("opening", &path))?;
        file.lock().map_err(HomeError::at("locking", &path))?;
        Ok(file)
    }

    /// All incidents as they are, oldest first; a missing number is 0.
    fn unlocked(&self) -> Result<Vec<IncidentDir>, HomeError> {
        let folder = self.incidents();
        let names = match RealDisk.list(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            listed => listed.map_err(HomeError::at("listing", &folder))?,
        };
        let mut dirs: Vec<_> = names.iter().filter_map(|name| IncidentDir::named(&folder, name)).collect();
        dirs.sort_by_key(|dir| dir.id);
        Ok(dirs)
    }

    /// All incidents, those without a number given one. The caller holds the home's lock.
    fn numbered(&self) -> Result<Vec<IncidentDir>, HomeError> {
        let mut dirs = self.unlocked()?;
        let mut last = dirs.iter().map(|dir| dir.number).max().unwrap_or(0);
        let mut taken = std::collections::HashSet::new();
        for dir in &mut dirs {
            // A copied folder may bring along a number that is taken.
            if dir.number == 0 || !taken.insert(dir.number) {
                last += 1;
                write_number(&dir.path, last)?;
                dir.number = last;
                taken.insert(last);
            }
        }
        Ok(dirs)
    }
}

impl IncidentDir {
    /// `INC-0042`, as it is shown.
    pub fn label(&self) -> String {
        format!("INC-{:04}", self.number)
    }

    /// The folder at a path, if it is an incident's: it has a journal, and its name begins with an ULID.
    pub fn at(path: &Path) -> Option<Self> {
        let path = if path.join("journal").is_dir() { path } else { return None };
        let whole = path.canonicalize().ok()?;
        Self::named(whole.parent()?, whole.file_name()?.to_str()?)
    }

    fn named(folder: &Path, name: &str) -> Option<Self> {
        let id = IncidentId::from_string(name.get(..26)?).ok()?;
        let slug = name.get(26..)?.trim_start_matches('-').to_owned();
        let path = folder.join(name);
        let number = fs::read_to_string(path.join("number")).ok().and_then(|text| text.trim().parse().ok());
        Some(Self { path, id, slug, number: number.unwrap_or(0) })
    }
}

/// A title as part of a folder's name: letters and digits of any script, lower case, dashes between.
pub(super) fn slugify(title: &str) -> String {
    let lower = title.chars().flat_map(char::to_lowercase);
    let dashed: String = lower.map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
    let mut slug = words.join("-");
    while slug.len() > Home::SLUG_MAX {
        slug.pop();
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "incident".to_owned() } else { slug.to_owned() }
}

fn write_number(dir: &Path, number: u32) -> Result<(), HomeError> {
    let path = dir.join("number");
    replace_file(&path, format!("{number}\n").as_bytes()).map_err(HomeError::at("writing", &path))
}

fn stored_host(path: &Path, machine: &str) -> Option<HostId> {
    let file: HostFile = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (file.machine == machine).then_some(file.host)
}

/// Writes beside the file and renames, so that a reader sees the old or the new one.
fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let file = RealDisk.open(&new, Mode::Write)?;
    file.set_len(0)?;
    file.write_all_at(bytes, 0)?;
    file.sync_data()?;
    fs::rename(&new, path)
}

/// What tells this machine from a copy of its disk: systemd's machine id, else the host's name.
fn machine_digest() -> String {
    let identity =
        ["/etc/machine-id", "/var/lib/dbus/machine-id"].iter().find_map(|path| fs::read(path).ok());
    let identity = identity.filter(|id| !id.trim_ascii().is_empty()).unwrap_or_else(host_name);
    Digest::of(&[b"warroom", identity.trim_ascii()]).to_string()
}

#[cfg(unix)]
fn host_name() -> Vec<u8> {
    rustix::system::uname().nodename().to_bytes().to_vec()
}

#[cfg(not(unix))]
fn host_name() -> Vec<u8> {
    std::env::var("COMPUTERNAME").unwrap_or_default().into_bytes()
}
