//! The command line as scripts meet it: the real binary, a home of its own, JSON, exit codes, many processes at once.

mod declare;
mod robust;
mod together;
mod work;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_warroom");

/// A home that is thrown away, and who acts in it.
pub struct Home {
    dir: TempDir,
}

/// What a command answered.
pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Home {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// A home with one incident of the type data-loss, called `orders-lost`.
    pub fn declared() -> Self {
        let home = Self::new();
        home.run(&["declare", "--type", "data-loss", "Orders lost"]).ok();
        home
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The home itself, for a program that takes it over.
    pub fn into_dir(self) -> TempDir {
        self.dir
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        for name in ["WARROOM_INCIDENT", "WARROOM_NOW", "WARROOM_CONFIG", "WARROOM_DATA", "WARROOM_STATE"] {
            command.env_remove(name);
        }
        command.args(args).env("WARROOM_HOME", self.path()).env("USER", "alice").stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Answer {
        Answer::of(self.command(args).output().unwrap())
    }

    /// What a command answers at a moment, such as `2026-11-21T14:00:00Z`.
    pub fn at(&self, now: &str, args: &[&str]) -> Answer {
        Answer::of(self.command(args).env("WARROOM_NOW", now).output().unwrap())
    }

    pub fn run_with(&self, args: &[&str], input: &[u8]) -> Answer {
        let mut command = self.command(args);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        let _ = writer.join();
        Answer::of(output)
    }

    pub fn json(&self, args: &[&str]) -> Value {
        let answer = self.run(&[args, &["--json"]].concat());
        assert_eq!(answer.code, 0, "{args:?}: {}", answer.err);
        serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{args:?}: {error}: {}", answer.out))
    }

    pub fn state(&self) -> Value {
        self.json(&["show"])
    }

    /// How each entry of the timeline reads.
    pub fn texts(&self) -> Vec<String> {
        let entries = self.state()["entries"].as_array().unwrap().clone();
        entries.iter().map(|entry| entry["text"].as_str().unwrap().to_owned()).collect()
    }

    pub fn journal(&self) -> PathBuf {
        let incident = files(&self.path().join("data/incidents")).remove(0);
        files(&incident.join("journal"))
            .into_iter()
            .find(|file| file.to_string_lossy().ends_with(".jsonl"))
            .unwrap()
    }
}

impl Answer {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("only UTF-8 is ever printed");
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self
    }

    /// Refused with words that contain all of these.
    pub fn refused(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(self.err.contains("error: "), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not in {}", self.err);
        }
    }
}

pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(dir).into_iter().flatten().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

pub fn each_line(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
