//! What is shipped inside the program: playbooks, policies, past incidents. The user's own files win.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use super::Paths;
use super::settings::nearest;
use crate::incident::command::PinnedPlaybook;
use crate::incident::decide::MAX_PLAYBOOK;
use crate::policy::Policy;

static SAMPLE_DATA: Dir = include_dir!("$CARGO_MANIFEST_DIR/sample-data");

/// A past incident that is shipped: its name and the journal files that make it.
pub struct PastIncident {
    pub slug: String,
    /// File name and content of each journal segment.
    pub segments: Vec<(&'static str, &'static [u8])>,
}

/// Every shipped past incident, by name.
pub fn past_incidents() -> Vec<PastIncident> {
    let Some(dir) = SAMPLE_DATA.get_dir("incidents") else { return Vec::new() };
    let mut past: Vec<PastIncident> = dir.dirs().filter_map(past_incident).collect();
    past.sort_by(|a, b| a.slug.cmp(&b.slug));
    past
}

fn past_incident(dir: &'static Dir) -> Option<PastIncident> {
    let slug = dir.path().file_name()?.to_str()?.to_owned();
    let journal = SAMPLE_DATA.get_dir(dir.path().join("journal"))?;
    let segments = journal.files().filter_map(|file| {
        let name = file.path().file_name()?.to_str()?;
        name.ends_with(".jsonl").then_some((name, file.contents()))
    });
    Some(PastIncident { slug, segments: segments.collect() })
}

/// Names of the playbooks that can be attached: the user's own and the shipped ones.
pub fn playbook_names(paths: &Paths) -> Vec<String> {
    let own = std::fs::read_dir(paths.config.join("playbooks")).into_iter().flatten().flatten();
    let mut names: Vec<String> = own.filter_map(|file| stem(&file.path())).collect();
    if let Some(dir) = SAMPLE_DATA.get_dir("playbooks") {
        names.extend(dir.files().filter_map(|file| stem(file.path())));
    }
    names.sort();
    names.dedup();
    names
}

fn stem(path: &Path) -> Option<String> {
    let markdown = path.extension().is_some_and(|extension| extension == "md");
    markdown.then(|| path.file_stem()?.to_str().map(str::to_owned)).flatten()
}

/// A playbook by its name, or by the path of any Markdown file. The error says what there is.
pub fn playbook(paths: &Paths, name: &str) -> Result<PinnedPlaybook, String> {
    let own = paths.config.join("playbooks").join(format!("{name}.md"));
    for file in [own, PathBuf::from(name)] {
        if file.is_file() {
            return read_playbook(&file);
        }
    }
    let shipped = SAMPLE_DATA.get_file(format!("playbooks/{name}.md"));
    if let Some(text) = shipped.and_then(|file| file.contents_utf8()) {
        return Ok(pin(name, text));
    }
    let names = playbook_names(paths);
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let hint = match nearest(name, &known) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("use one of {}, or the path of a Markdown file", known.join(", ")),
    };
    Err(format!("there is no playbook {name:?}: {hint}"))
}

/// Reads any Markdown file as a playbook; text that is not UTF-8 is read as far as it goes.
fn read_playbook(file: &Path) -> Result<PinnedPlaybook, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", file.display());
    // Looked at before it is read: a preview reads whatever file is pointed at.
    if std::fs::metadata(file).map_err(wrong)?.len() > MAX_PLAYBOOK as u64 {
        return Err(format!("{}: longer than {} KiB: no playbook", file.display(), MAX_PLAYBOOK / 1024));
    }
    let bytes = std::fs::read(file).map_err(wrong)?;
    let name = file.file_stem().map_or_else(|| "playbook".into(), |stem| stem.to_string_lossy());
    let name = crate::incident::clean::clean_line(&name).into_owned();
    Ok(pin(&name, &String::from_utf8_lossy(&bytes)))
}

/// A playbook with the digest of its text.
pub fn pin(name: &str, text: &str) -> PinnedPlaybook {
    PinnedPlaybook {
        name: name.to_owned(),
        digest: hex(&Sha256::digest(text.as_bytes())),
        text: text.to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A policy by name: the user's file, else the shipped one.
pub fn policy(paths: &Paths, name: &str) -> Result<Policy, String> {
    let own = paths.config.join("policies").join(format!("{name}.toml"));
    if own.is_file() {
        let text = std::fs::read_to_string(&own).map_err(|error| format!("{}: {error}", own.display()))?;
        return Policy::parse(&text).map_err(|why| format!("{}: {why}", own.display()));
    }
    let shipped = SAMPLE_DATA.get_file(format!("policies/{name}.toml")).and_then(|file| file.contents_utf8());
    let text = shipped.ok_or_else(|| format!("there is no policy {name:?}: set `policy = \"data\"`"))?;
    Policy::parse(text)
}
