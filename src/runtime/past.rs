//! The shipped past incidents: looked at as they are embedded, unpacked into the cache to be replayed.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::Paths;
use crate::config::shipped::PastIncident;
use crate::files;
use crate::incident::Incident;
use crate::journal::line;

/// What a past incident came to, folded from the embedded text. It was verified when it was shipped.
pub fn folded(past: &PastIncident) -> Incident {
    let mut incident = Incident::default();
    for (_, bytes) in &past.segments {
        let lines = bytes.split(|byte| *byte == b'\n').skip(1);
        for entry in lines.filter_map(|line| line::decode(line).ok()) {
            incident.apply(&entry);
        }
    }
    incident
}

/// Writes a past incident where it can be read like any other, unless it is there already; answers its folder.
pub fn unpack(paths: &Paths, past: &PastIncident) -> io::Result<PathBuf> {
    let folder = paths.cache().join("past").join(&past.slug);
    let journal = folder.join("journal");
    std::fs::create_dir_all(&journal)?;
    for (name, bytes) in &past.segments {
        write_if_other(&journal.join(name), bytes)?;
    }
    Ok(folder)
}

/// Another process may be reading, so the file appears whole or not at all.
fn write_if_other(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    files::replace(path, bytes)
}
