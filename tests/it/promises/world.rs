//! A home for the real binary, with one incident in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use tempfile::TempDir;
use warroom::incident::event::{Event, NoteEvent};
use warroom::incident::ids::HostId;
use warroom::journal::{Journal, Verdict, verify};

pub const BINARY: &str = env!("CARGO_BIN_EXE_warroom");
/// The incident's slug.
pub const INCIDENT: &str = "orders-lost";

/// Who waits here for a program that hangs waits for ever: the programs are expected to end.
pub struct House {
    dir: TempDir,
}

impl House {
    /// A home with one open incident.
    pub fn new() -> Result<Self, String> {
        Self::in_folder(&std::env::temp_dir())
    }

    /// The same below a folder, which may be on a file system of its own.
    pub fn in_folder(folder: &Path) -> Result<Self, String> {
        let dir = tempfile::tempdir_in(folder).map_err(|error| error.to_string())?;
        let house = Self { dir };
        let declared = house.run(&["declare", "--type", "data-loss", "Orders lost"], b"")?;
        if declared.status.success() { Ok(house) } else { Err(format!("not declared: {}", said(&declared))) }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The temporary folder itself, for whoever runs the program in it next.
    pub fn into_dir(self) -> TempDir {
        self.dir
    }

    /// The binary, in this home only.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        self.settle(&mut command);
        command.args(args);
        command
    }

    /// Sends a command to live here.
    pub fn settle(&self, command: &mut Command) {
        for name in ["WARROOM_NOW", "WARROOM_CONFIG", "WARROOM_DATA", "WARROOM_STATE"] {
            command.env_remove(name);
        }
        command.env("WARROOM_HOME", self.path()).env("USER", "alice").env("WARROOM_INCIDENT", INCIDENT);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    }

    pub fn run(&self, args: &[&str], input: &[u8]) -> Result<Output, String> {
        let mut child = self.command(args).spawn().map_err(|error| error.to_string())?;
        let stdin = child.stdin.take();
        let output = thread::scope(|scope| {
            // It may end without having read everything.
            scope.spawn(move || drop(stdin.map(|mut stdin| stdin.write_all(input))));
            child.wait_with_output()
        });
        output.map_err(|error| error.to_string())
    }

    /// The incident's folder.
    pub fn incident(&self) -> Result<PathBuf, String> {
        let found = fs::read_dir(self.path().join("data/incidents")).map_err(|error| error.to_string())?;
        found.flatten().map(|entry| entry.path()).find(|path| path.is_dir()).ok_or("no incident".to_owned())
    }

    pub fn verify(&self) -> Result<Verdict, String> {
        verify(&self.incident()?).map_err(|error| error.to_string())
    }

    /// The texts of all notes, in the order of the fold.
    pub fn notes(&self) -> Result<Vec<String>, String> {
        let journal = Journal::open(&self.incident()?, HostId::default());
        let news = journal.and_then(|mut journal| journal.take_in()).map_err(|error| error.to_string())?;
        let note = |event: &Event| match event {
            Event::Note(NoteEvent::Written { text, .. }) => Some(text.clone()),
            _ => None,
        };
        Ok(news.entries.iter().filter_map(|placed| note(&placed.entry.event)).collect())
    }
}

/// What a program said, for a message.
pub fn said(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    format!("{}: {}{}", output.status, text(&output.stdout), text(&output.stderr))
}

/// The number in a text `name/number filler`, if it is of that name.
pub fn number_of(text: &str, name: &str) -> Option<u64> {
    text.split(' ').next()?.strip_prefix(name)?.strip_prefix('/')?.parse().ok()
}
