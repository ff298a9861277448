//! A file system that is really full, then really read-only: refused in words, the text given back, and on it goes.
//!
//! Needs to mount a tiny file system, which only root may, and not everywhere; where it may not, it says so on the terminal.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::Promise;
use super::world::{House, number_of, said};

/// Unmounted when dropped.
struct Mounted {
    at: tempfile::TempDir,
}

impl Mounted {
    fn new(size: &str) -> Result<Self, String> {
        let at = tempfile::tempdir().map_err(|error| error.to_string())?;
        let options = format!("size={size},mode=0700");
        let words = ["-t", "tmpfs", "-o", &options, "tmpfs"].map(str::to_owned);
        mount("mount", &[words.as_slice(), &[path(at.path())]].concat())?;
        Ok(Self { at })
    }

    fn again(&self, options: &str) -> Result<(), String> {
        mount("mount", &["-o".to_owned(), format!("remount,{options}"), path(self.at.path())])
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = mount("umount", &["-l".to_owned(), path(self.at.path())]);
    }
}

fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn mount(program: &str, args: &[String]) -> Result<(), String> {
    let output =
        Command::new(program).args(args).stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(said(&output)) }
}

pub fn run() -> Promise {
    match Mounted::new("400k") {
        Ok(mounted) => tried(&mounted),
        Err(why) => {
            let words = format!("SKIPPED, no tiny file system could be mounted: {}", why.trim());
            // Not through `eprintln`, which the test harness would keep to itself.
            let _ = writeln!(std::io::stderr(), "{words}");
            Ok(words)
        }
    }
}

fn tried(mounted: &Mounted) -> Promise {
    let ballast = mounted.at.path().join("ballast");
    fs::write(&ballast, vec![0; 64 << 10]).map_err(|error| error.to_string())?;
    let house = House::in_folder(mounted.at.path())?;
    let mut kept = 0;
    let refused = fill(&house, &mut kept)?;
    refusal(&refused, "not saved: the disk is full", &format!("n/{kept} "))?;
    still_whole(&house, kept)?;
    fs::remove_file(&ballast).map_err(|error| error.to_string())?;
    one_more(&house, &mut kept)?;

    mounted.again("ro")?;
    let read_only = note(&house, kept)?;
    refusal(&read_only, "read-only", &format!("n/{kept}"))?;
    still_whole(&house, kept)?;
    mounted.again("rw")?;
    one_more(&house, &mut kept)?;
    Ok(format!(
        "{kept} entries on a tmpfs of 400 kB: full, emptied, read-only, writable again; refused in words, whole"
    ))
}

/// Notes until the disk is full; answers the refusal.
fn fill(house: &House, kept: &mut u64) -> Result<Output, String> {
    const LINES: u64 = 2_000;
    let filler = "x".repeat(900);
    let lines: String = (0..LINES).map(|number| format!("n/{number} {filler}\n")).collect();
    let output = house.run(&["note", "-", "--json"], lines.as_bytes())?;
    *kept = output.stdout.iter().filter(|byte| **byte == b'\n').count() as u64;
    if *kept == 0 || *kept == LINES { Err(format!("{kept} saved: {}", said(&output))) } else { Ok(output) }
}

fn note(house: &House, number: u64) -> Result<Output, String> {
    house.run(&["note", &format!("n/{number}")], b"")
}

fn one_more(house: &House, kept: &mut u64) -> Result<(), String> {
    let output = note(house, *kept)?;
    if !output.status.success() {
        return Err(format!("it does not go on: {}", said(&output)));
    }
    *kept += 1;
    still_whole(house, *kept)
}

/// Refused with exit code 1, with the cause, and with the text that was not saved.
fn refusal(output: &Output, cause: &str, text: &str) -> Result<(), String> {
    let words = String::from_utf8_lossy(&output.stderr);
    let well = output.status.code() == Some(1) && words.contains(cause) && words.contains(text);
    if well { Ok(()) } else { Err(format!("not refused for {cause:?} with {text:?}: {}", said(output))) }
}

fn still_whole(house: &House, kept: u64) -> Result<(), String> {
    let verdict = house.verify()?;
    let numbers: Vec<u64> = house.notes()?.iter().filter_map(|text| number_of(text, "n")).collect();
    let well = verdict.is_whole() && numbers.iter().copied().eq(0..kept);
    let files: Vec<PathBuf> = fs::read_dir(house.incident()?.join("journal"))
        .map_err(|error| error.to_string())?
        .flatten()
        .map(|file| file.path())
        .collect();
    if well {
        Ok(())
    } else {
        Err(format!("{kept} saved, {} there, {verdict:?} of {files:?}", numbers.len()))
    }
}
