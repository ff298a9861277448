//! The client that is always there: an update becomes a file beside the journal.
//!
//! It needs no waiting for, so it is no [`super::Client`]: whoever runs a room calls it in place.
//!
//! `<incident>/updates/<request>-<audience>.md`. The name holds the request's id, so delivering twice leaves one file and
//! [`Local::find_now`] can always answer. It never reaches a network.

use std::io;
use std::path::{Path, PathBuf};

use crate::files;
use crate::incident::event::FailureClass;
use crate::outbox::{Act, Outcome};

/// Longest part of an audience's name in a file name, in characters.
const MAX_AUDIENCE: usize = 40;

pub struct Local {
    updates: PathBuf,
}

impl Local {
    /// The local record of the incident in this folder.
    pub fn beside(incident: &Path) -> Self {
        Self { updates: incident.join("updates") }
    }

    /// Where an act is kept, once it has been delivered.
    pub fn path(&self, act: &Act) -> PathBuf {
        self.updates.join(file_name(act))
    }

    fn write(&self, act: &Act) -> Result<(), Outcome> {
        files::make_private_dir(&self.updates).map_err(|error| failed(&self.updates, &error))?;
        let path = self.path(act);
        files::replace(&path, text(act).as_bytes()).map_err(|error| failed(&path, &error))?;
        files::sync_dir(&self.updates).map_err(|error| doubtful(&path, &error))
    }
}

impl Local {
    /// Keeps it, unless it is kept already. Safe to repeat.
    pub fn deliver_now(&self, act: &Act) -> Outcome {
        match self.find_now(act) {
            Outcome::NotThere => match self.write(act) {
                Ok(()) => kept(act),
                Err(outcome) => outcome,
            },
            known => known,
        }
    }

    /// Whether it is kept.
    pub fn find_now(&self, act: &Act) -> Outcome {
        let path = self.path(act);
        match path.try_exists() {
            Ok(true) => kept(act),
            Ok(false) => Outcome::NotThere,
            Err(error) => failed(&path, &error),
        }
    }
}

fn kept(act: &Act) -> Outcome {
    Outcome::Confirmed { remote: file_name(act), link: None }
}

/// The file an act is kept in; the audience is there for whoever lists the folder.
fn file_name(act: &Act) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let audience: String = act.lane.chars().take(MAX_AUDIENCE).map(plain).collect();
    format!("{}-{}.md", act.request, audience.trim_matches('-'))
}

fn text(act: &Act) -> String {
    format!("# {}\n\n{}\n\n{}\n", act.title, act.requested_at, act.body)
}

/// A full, read-only or vanished folder may be well again in a minute: nothing here is ever final.
fn failed(path: &Path, error: &io::Error) -> Outcome {
    outcome(FailureClass::Transient, path, error)
}

/// The file is there, but nobody knows whether it would survive a power cut.
fn doubtful(path: &Path, error: &io::Error) -> Outcome {
    outcome(FailureClass::Unknown, path, error)
}

fn outcome(class: FailureClass, path: &Path, error: &io::Error) -> Outcome {
    Outcome::failed(class, format!("{}: {error}", path.display()))
}
