//! What is shipped inside the program: playbooks, policies, past incidents. The user's own files win.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use super::Paths;
use super::settings::nearest;
use crate::incident::command::{PinnedPlaybook, PinnedPolicy};
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
    let mut names: Vec<String> = own.filter_map(|file| stem(&file.path(), "md")).collect();
    if let Some(dir) = SAMPLE_DATA.get_dir("playbooks") {
        names.extend(dir.files().filter_map(|file| stem(file.path(), "md")));
    }
    names.sort();
    names.dedup();
    names
}

/// The name of a file that ends in `.{kind}`.
fn stem(path: &Path, kind: &str) -> Option<String> {
    let right = path.extension().is_some_and(|extension| extension == kind);
    right.then(|| path.file_stem()?.to_str().map(str::to_owned)).flatten()
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

/// Longest text of a policy, in bytes.
const MAX_POLICY: u64 = 256 * 1024;

/// Names of the policies there are: the user's own and the shipped ones.
pub fn policy_names(paths: &Paths) -> Vec<String> {
    let own = std::fs::read_dir(paths.config.join("policies")).into_iter().flatten().flatten();
    let mut names: Vec<String> = own.filter_map(|file| stem(&file.path(), "toml")).collect();
    if let Some(dir) = SAMPLE_DATA.get_dir("policies") {
        names.extend(dir.files().filter_map(|file| stem(file.path(), "toml")));
    }
    names.sort();
    names.dedup();
    names
}

/// The policies of these names laid over each other, the first before the others. The error says what is wrong, line by
/// line.
pub fn policy<S: AsRef<str>>(paths: &Paths, names: &[S]) -> Result<Policy, String> {
    let parts: Result<Vec<Policy>, String> =
        names.iter().map(|name| Ok(read_policy(paths, name.as_ref())?.0)).collect();
    let whole =
        Policy::compose(parts?).ok_or_else(|| "no policy is named: set `policy = \"data\"`".to_owned())?;
    match whole.levels.is_empty() {
        true => Err(format!("{}: none of it has severities: add one that does, such as data", whole.name)),
        false => Ok(whole),
    }
}

/// The texts of the same policies with their digests, to be pinned in an incident.
pub fn pinned_policy<S: AsRef<str>>(paths: &Paths, names: &[S]) -> Result<Vec<PinnedPolicy>, String> {
    let pinned = names.iter().map(|name| {
        let (_, text) = read_policy(paths, name.as_ref())?;
        Ok(pin_policy(name.as_ref(), text))
    });
    pinned.collect()
}

/// The text of a policy with its digest.
pub(super) fn pin_policy(name: &str, text: String) -> PinnedPolicy {
    PinnedPolicy { name: name.to_owned(), digest: hex(&Sha256::digest(text.as_bytes())), text }
}

/// A policy without mistakes, and its text.
fn read_policy(paths: &Paths, name: &str) -> Result<(Policy, String), String> {
    let (place, text) = policy_text(paths, name)?;
    let policy = Policy::parse(&text).map_err(|why| format!("{place}: {why}"))?;
    Ok((policy, text))
}

/// The text of one policy and where it is: the user's file, else the shipped one.
pub(super) fn policy_text(paths: &Paths, name: &str) -> Result<(String, String), String> {
    let own = paths.config.join("policies").join(format!("{name}.toml"));
    if own.is_file() {
        let place = own.display().to_string();
        let wrong = |error: std::io::Error| format!("{place}: {error}");
        if std::fs::metadata(&own).map_err(wrong)?.len() > MAX_POLICY {
            return Err(format!("{place}: longer than {} KiB: no policy", MAX_POLICY / 1024));
        }
        let text = std::fs::read_to_string(&own).map_err(wrong)?;
        return Ok((place, text));
    }
    match shipped_policy(name) {
        Some(text) => Ok((format!("policy {name}"), text.to_owned())),
        None => Err(unknown_policy(paths, name)),
    }
}

/// The text of a shipped policy.
pub(super) fn shipped_policy(name: &str) -> Option<&'static str> {
    SAMPLE_DATA.get_file(format!("policies/{name}.toml"))?.contents_utf8()
}

fn unknown_policy(paths: &Paths, name: &str) -> String {
    let names = policy_names(paths);
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let near = nearest(name, &known).map(|near| format!("did you mean {near}? ")).unwrap_or_default();
    let folder = paths.config.join("policies");
    format!(
        "there is no policy {name:?}: {near}There is {}; your own go into {}",
        known.join(", "),
        folder.join("NAME.toml").display()
    )
}
