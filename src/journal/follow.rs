//! Telling an open console that some file of its journal has changed.
//!
//! It says only *that* something changed; [`super::Journal::take_in`] finds out what. File notification where the system
//! has it, a look every second where it has not (a network file system, a used-up quota of watches).

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::open::journal_dir;
use super::segment::parse_file_name;

/// How often the fallback looks.
const POLL: Duration = Duration::from_secs(1);
/// What comes within this time of a change is told with it: a copying tool touches a file many times.
const SETTLE: Duration = Duration::from_millis(5);

/// Watches while it lives.
pub struct Follower {
    _watcher: Box<dyn Watcher + Send>,
    polls: bool,
}

impl Follower {
    /// Calls `on_change` on a thread of its own after changes to any journal file of the incident's folder. However many
    /// changes there are, at most one call waits.
    pub fn start(dir: &Path, on_change: impl Fn() + Send + 'static) -> notify::Result<Self> {
        let (tell, told) = sync_channel(1);
        std::thread::Builder::new()
            .name("journal-follower".to_owned())
            .spawn(move || run(&told, &on_change))?;
        let folder = journal_dir(dir);
        match notified(&folder, tell.clone()) {
            Ok(watcher) => Ok(Self { _watcher: watcher, polls: false }),
            Err(_) => Ok(Self { _watcher: polled(&folder, tell)?, polls: true }),
        }
    }

    /// True when the system gives no notification here, so that changes show up to a second late.
    pub fn polls(&self) -> bool {
        self.polls
    }
}

/// Ends when the watcher, and with it the sender, is gone.
fn run(told: &Receiver<()>, on_change: &dyn Fn()) {
    while told.recv().is_ok() {
        std::thread::sleep(SETTLE);
        // What came meanwhile is covered by this call.
        let _ = told.try_recv();
        on_change();
    }
}

fn notified(folder: &Path, tell: SyncSender<()>) -> notify::Result<Box<dyn Watcher + Send>> {
    let mut watcher = RecommendedWatcher::new(handler(tell), Config::default())?;
    watcher.watch(folder, RecursiveMode::NonRecursive)?;
    Ok(Box::new(watcher))
}

fn polled(folder: &Path, tell: SyncSender<()>) -> notify::Result<Box<dyn Watcher + Send>> {
    let mut watcher = PollWatcher::new(handler(tell), Config::default().with_poll_interval(POLL))?;
    watcher.watch(folder, RecursiveMode::NonRecursive)?;
    Ok(Box::new(watcher))
}

fn handler(tell: SyncSender<()>) -> impl FnMut(notify::Result<Event>) {
    move |event| {
        // An error may mean that events were lost: better one look too many.
        if event.is_ok_and(|event| !concerns(&event)) {
            return;
        }
        // A full channel already has a call waiting.
        let _ = tell.try_send(());
    }
}

/// Reading is no change, nor is a lock or an anchor; an event without a path may be anything.
fn concerns(event: &Event) -> bool {
    let names = || event.paths.iter().filter_map(|path| path.file_name()?.to_str());
    !matches!(event.kind, EventKind::Access(_))
        && (event.paths.is_empty() || names().any(|name| parse_file_name(name).is_some()))
}
