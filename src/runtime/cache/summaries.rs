//! What the list of incidents said of each, so that two thousand journals are not read to show one screen.
//!
//! `<state>/cache/summaries.json`: one line per incident, good for as long as none of its journal's files has another length or
//! another time of change. Start at [`Summaries::load`] and [`Summaries::of`].

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::incident::IncidentId;

/// The file's first word: another version is ignored, and so is another warroom's.
const VERSION: &str = concat!("2 ", env!("CARGO_PKG_VERSION"));

/// The files of a journal as they were: name, bytes, nanoseconds of the last change.
type Files = Vec<(String, u64, u128)>;

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    files: Files,
    summary: T,
}

#[derive(Serialize, Deserialize)]
struct Whole<T> {
    version: String,
    incidents: HashMap<IncidentId, Kept<T>>,
}

/// Summaries of one kind. `T` is the list's own: this file knows no incident.
pub struct Summaries<T> {
    path: PathBuf,
    old: HashMap<IncidentId, Kept<T>>,
    new: HashMap<IncidentId, Kept<T>>,
    changed: bool,
}

impl<T: Serialize + DeserializeOwned + Clone> Summaries<T> {
    /// What was kept; nothing where that cannot be read. `cache` is [`crate::config::Paths::cache`].
    pub fn load(cache: &Path) -> Self {
        let path = cache.join("summaries.json");
        let whole = std::fs::read(&path).ok().and_then(|text| serde_json::from_slice::<Whole<T>>(&text).ok());
        let old = whole.filter(|whole| whole.version == VERSION).map(|whole| whole.incidents);
        Self { path, old: old.unwrap_or_default(), new: HashMap::new(), changed: false }
    }

    /// The summary of the incident in the folder `dir`; made anew where its journal has changed.
    pub fn of(&mut self, id: IncidentId, dir: &Path, make: impl FnOnce() -> T) -> T {
        // Looked at before it is read: what is written meanwhile makes the next look differ.
        let files = files(dir);
        let kept = self.old.remove(&id).filter(|kept| Some(&kept.files) == files.as_ref());
        self.changed |= kept.is_none();
        let summary = kept.map_or_else(make, |kept| kept.summary);
        if let Some(files) = files {
            self.new.insert(id, Kept { files, summary: summary.clone() });
        }
        summary
    }

    /// Writes what was asked for, if any of it is new; the others are gone.
    pub fn save(self) {
        if !self.changed && self.old.is_empty() {
            return;
        }
        let whole = Whole { version: VERSION.to_owned(), incidents: self.new };
        let folder = self.path.parent().unwrap_or(Path::new("."));
        // A cache: what cannot be written is made again next time.
        if let (Ok(text), Ok(())) = (serde_json::to_vec(&whole), crate::files::make_private_dir(folder)) {
            let _ = crate::files::replace(&self.path, &text);
        }
    }
}

/// `None` where the folder cannot be read.
fn files(dir: &Path) -> Option<Files> {
    let mut files = Files::new();
    for file in std::fs::read_dir(dir.join("journal")).ok()? {
        let file = file.ok()?;
        let name = file.file_name().into_string().ok()?;
        if name.ends_with(".jsonl") {
            let meta = file.metadata().ok()?;
            let modified = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            files.push((name, meta.len(), modified.as_nanos()));
        }
    }
    files.sort();
    Some(files)
}
