//! Which program is a client, and how it is started and ended.
//!
//! Only a whole path or a name on PATH is run: never a file that happens to lie where somebody works, for that may be an
//! incident's folder, which others write. The child sees no variable of ours but the few it cannot work without, for the others'
//! tokens stand there too.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::process::{Child, Command};

use super::wire::COOKIE;
use crate::clients::Trouble;

/// What a client finds in its environment besides the cookie, where we have it.
const HANDED_ON: [&str; 21] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "SYSTEMROOT",
    "TEMP",
    "USERPROFILE",
];

/// A program that was found, and its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    pub path: PathBuf,
    pub arguments: Vec<String>,
}

/// What an account's command means. Nothing is looked for yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Where {
    Path(PathBuf),
    /// A name, to be found on PATH.
    Named(String),
}

/// Reads the command of the account `name`; an empty one stands for `warroom-client-NAME`.
pub fn command(name: &str, command: &[String]) -> Result<(Where, Vec<String>), Trouble> {
    let Some((program, arguments)) = command.split_first() else {
        return named(name).map(|place| (place, Vec::new()));
    };
    if program.is_empty() {
        return Err(wrong(name, "the command begins with an empty word"));
    }
    let path = at_home(program);
    let place = match () {
        () if path.is_absolute() => Where::Path(path),
        () if path.components().count() == 1 && !program.starts_with('.') => Where::Named(program.clone()),
        () => return Err(wrong(name, &format!("{program} depends on where warroom is started"))),
    };
    Ok((place, arguments.to_vec()))
}

fn wrong(name: &str, what: &str) -> Trouble {
    Trouble::permanent(format!("client {name}: {what}; write the program's whole path, or a name on PATH"))
}

fn named(name: &str) -> Result<Where, Trouble> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(plain) {
        return Err(wrong(name, "there is no command, and the name is no part of a program's name"));
    }
    Ok(Where::Named(format!("warroom-client-{name}")))
}

fn at_home(program: &str) -> PathBuf {
    match (program.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(program),
    }
}

impl Where {
    /// The file; where there is none, what to do.
    pub fn look(&self) -> Result<PathBuf, String> {
        match self {
            Where::Path(path) if path.is_file() => Ok(path.clone()),
            Where::Path(path) => {
                Err(format!("there is no program {}: put the command right", path.display()))
            }
            Where::Named(name) => on_path(name, std::env::var_os("PATH").as_deref()).ok_or_else(|| {
                format!("there is no program {name} on PATH: install it, or write the command's whole path")
            }),
        }
    }
}

/// Relative folders of PATH are passed over.
fn on_path(name: &str, path: Option<&OsStr>) -> Option<PathBuf> {
    let folders = std::env::split_paths(path?).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

impl Program {
    /// Starts it in a process group of its own, away from the terminal and from the folder we are in.
    pub fn start(&self) -> io::Result<(Child, Group)> {
        let mut command = self.bare();
        command.env(COOKIE.0, COOKIE.1);
        spawn(command)
    }

    /// Starts it as somebody would who does not know what it is.
    pub fn start_by_hand(&self) -> io::Result<(Child, Group)> {
        spawn(self.bare())
    }

    fn bare(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).env_clear();
        command.envs(HANDED_ON.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        // A client in Python leaves nothing where it lies.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0).current_dir("/");
        command
    }
}

fn spawn(mut command: Command) -> io::Result<(Child, Group)> {
    let child = command.spawn()?;
    let group = Group::of(&child);
    Ok((child, group))
}

/// A child with whatever it has started; when this is dropped, all of them end.
#[derive(Debug)]
pub struct Group(Mutex<Option<u32>>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(Mutex::new(child.id()))
    }

    /// The number of the process, until it is reaped.
    pub fn id(&self) -> Option<u32> {
        *self.lock()
    }

    pub fn kill(&self) {
        if let Some(id) = *self.lock() {
            kill_group(id);
        }
    }

    /// Ends all of them and forgets the number: once the child is reaped it may be somebody else's.
    pub fn end(&self) {
        if let Some(id) = self.lock().take() {
            kill_group(id);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever holds this wants the group to live: when it is dropped, all of them end, whoever else knows the group.
#[derive(Debug)]
pub struct Reins(pub std::sync::Arc<Group>);

impl Drop for Reins {
    fn drop(&mut self) {
        self.0.kill();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(unix)]
fn kill_group(id: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // An error says that nobody is left.
        let _ = kill_process_group(pid, Signal::KILL);
    }
}

/// Here the child alone is ended, by [`Child`] itself.
#[cfg(not(unix))]
fn kill_group(_id: u32) {}
