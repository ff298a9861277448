//! Reading tokens: from the environment, a command, or a file that only its owner can read. Nothing here prints one.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::accounts::TokenSource;
use crate::secret::Secret;

/// How long a command may take: it may have to ask a person.
const COMMAND: Duration = Duration::from_secs(30);
/// What a command has printed is there soon after it has ended.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// Longest token, in bytes.
const MOST: u64 = 64 << 10;

/// Reads one. The error says what to do, and never quotes what was read.
pub fn read(source: &TokenSource, config: &Path) -> Result<Secret, String> {
    let text = match source {
        TokenSource::Env(name) => {
            // What is no name may be the token itself: it is not repeated.
            if !is_variable(name) {
                return Err("`env` is no name of a variable: name the one that holds the token".to_owned());
            }
            std::env::var(name).map_err(|_| format!("the variable {name} is not set: export {name}=…"))?
        }
        TokenSource::Command(words) => run(words)?,
        TokenSource::File(path) => file(&config.join(path))?,
    };
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("{} gives nothing", name(source)));
    }
    if text.contains(|c: char| c.is_control()) {
        return Err(format!("{} gives more than one line", name(source)));
    }
    Ok(Secret::new(text))
}

/// Whether it can be the name of a variable. One in which capitals and small letters are mixed looks like a token.
pub fn is_variable(name: &str) -> bool {
    let mixed =
        name.contains(|c: char| c.is_ascii_uppercase()) && name.contains(|c: char| c.is_ascii_lowercase());
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !mixed
}

/// The source in words.
pub fn name(source: &TokenSource) -> String {
    match source {
        TokenSource::Env(name) => format!("the variable {name}"),
        TokenSource::Command(words) => {
            format!("the command {}", words.first().map(String::as_str).unwrap_or_default())
        }
        TokenSource::File(path) => format!("the file {}", path.display()),
    }
}

fn file(path: &Path) -> Result<String, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    let file = std::fs::File::open(path).map_err(wrong)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().map_err(wrong)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(format!("others can read {0}: chmod 600 {0}", path.display()));
        }
    }
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text).map_err(wrong)?;
    Ok(text)
}

fn run(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("the command of a token is empty")?;
    let failed = |why: String| format!("the command {program} of a token {why}");
    // What it complains about may hold what it should not.
    let spawned = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = spawned.map_err(|error| failed(format!("cannot be run: {error}")))?;
    let mut pipe = child.stdout.take().ok_or_else(|| failed("has no output".into()))?.take(MOST);
    let (done, read) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        // Whoever waits may have given up.
        let _ = done.send(pipe.read_to_string(&mut text).map(|_| text));
    });
    let end = Instant::now() + COMMAND;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(10)),
            Ok(None) => {
                // It is gone either way.
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(format!("took longer than {} s", COMMAND.as_secs())));
            }
            Err(error) => return Err(failed(error.to_string())),
        }
    };
    if !status.success() {
        return Err(failed(format!("ended with {status}: run it by hand")));
    }
    // A child of it may hold its output open.
    let text = read.recv_timeout(LAST_WORDS).map_err(|_| failed("left something running behind".into()))?;
    text.map_err(|error| failed(format!("printed something that is no text: {error}")))
}
