//! A room with a screen: its journal on a thread of its own, its calls on another, its news as they come.
//!
//! The screen never waits for a disk or a network. Start at [`LiveRuntime::open`].

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::clock;
use super::headless::DELIVERY_LOCK;
use crate::clients::{Client, Local};
use crate::incident::{Draft, HostId};
use crate::journal::{AppendError, Appended, Damage, Follower, Journal, JournalError, JournalStore, News};
use crate::outbox::Act;
use crate::room::{Folded, Input};

/// Work that may wait for one thread.
const QUEUE: usize = 256;

/// What the threads report.
pub enum Report {
    Room(Input),
    /// Lines that are not believed.
    Damage(String),
    /// Saved, but something should be known.
    Banner(String),
}

enum Work {
    Append(Vec<Draft>),
    /// Some file changed.
    Changed,
}

enum Call {
    Deliver(Act),
    Find(Act),
}

/// Dropping it ends its threads; the journal's is waited for.
pub struct LiveRuntime {
    work: Option<SyncSender<Work>>,
    calls: Option<SyncSender<Call>>,
    journal: Option<JoinHandle<()>>,
    _follower: Option<Follower>,
    /// Held while this process carries out the outside acts of this host.
    lock: Option<File>,
}

/// A journal that was read whole.
pub struct Opened {
    pub runtime: LiveRuntime,
    pub folded: Folded,
    pub store: JournalStore,
    pub damage: Option<String>,
    /// Whether this process delivers.
    pub delivers: bool,
}

impl LiveRuntime {
    /// Opens and folds an incident's journal, then hands it to its thread.
    pub fn open(
        dir: &Path,
        host: HostId,
        report: impl Fn(Report) + Send + Clone + 'static,
    ) -> Result<Opened, JournalError> {
        let mut journal = Journal::open(dir, host)?;
        let (folded, damage) = fold(&mut journal)?;
        let store = journal.store();
        let (work, todo) = sync_channel(QUEUE);
        let changed = work.clone();
        // A full queue means that the thread will look anyway.
        let follower = Follower::start(dir, move || drop(changed.try_send(Work::Changed))).ok();
        let journal_report = report.clone();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || Writer { journal, report: journal_report }.run(&todo))
            .ok();
        let lock = delivery_lock(dir);
        let calls = spawn_calls(dir.to_owned(), report);
        let delivers = lock.is_some();
        let runtime = Self { work: Some(work), calls, journal: thread, _follower: follower, lock };
        Ok(Opened { runtime, folded, store, damage: said(&damage), delivers })
    }

    /// Has these entries written. One append is under way at a time, so the queue has room.
    pub fn append(&self, drafts: Vec<Draft>) {
        if let Some(work) = &self.work {
            let _ = work.send(Work::Append(drafts));
        }
    }

    pub fn deliver(&self, act: Act) {
        self.call(Call::Deliver(act));
    }

    pub fn find(&self, act: Act) {
        self.call(Call::Find(act));
    }

    fn call(&self, call: Call) {
        if let (Some(calls), Some(_)) = (&self.calls, &self.lock) {
            let _ = calls.try_send(call);
        }
    }
}

impl Drop for LiveRuntime {
    fn drop(&mut self) {
        self.calls.take();
        self._follower.take();
        self.work.take();
        if let Some(thread) = self.journal.take() {
            let _ = thread.join();
        }
    }
}

/// Reads everything, entry by entry, so that no journal is held in memory twice.
fn fold(journal: &mut Journal) -> Result<(Folded, Vec<Damage>), JournalError> {
    let mut folded = Folded::default();
    let end = journal.take_in_with(&mut |placed| folded.take_one(&placed))?;
    if !end.late {
        return Ok((folded, end.damage));
    }
    refold(journal).map(|folded| (folded, end.damage))
}

fn refold(journal: &mut Journal) -> Result<Folded, JournalError> {
    let mut folded = Folded::default();
    journal.rescan(&mut |placed| folded.take_one(&placed))?;
    Ok(folded)
}

fn said(damage: &[Damage]) -> Option<String> {
    let first = damage.first()?;
    let more = if damage.len() > 1 { format!(" and {} more", damage.len() - 1) } else { String::new() };
    Some(format!("JOURNAL DAMAGED: {first}{more}. What is readable is shown; warroom verify tells all"))
}

/// The lock that makes this process the one that delivers; `None` when another has it.
fn delivery_lock(dir: &Path) -> Option<File> {
    let file = File::options().create(true).truncate(false).write(true).open(dir.join(DELIVERY_LOCK)).ok()?;
    match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
    }
}

struct Writer<R> {
    journal: Journal,
    report: R,
}

impl<R: Fn(Report)> Writer<R> {
    /// Until the room is left.
    fn run(mut self, todo: &Receiver<Work>) {
        self.flag_clocks();
        while let Ok(work) = todo.recv() {
            match work {
                Work::Append(drafts) => self.append(drafts),
                Work::Changed => self.changed(),
            }
        }
        // A head that cannot be anchored costs only the proof of a clean cut; the entries are safe.
        let _ = self.journal.anchor();
    }

    fn append(&mut self, drafts: Vec<Draft>) {
        match self.journal.append(drafts, clock::now()) {
            Ok(Appended::Written { entries, banner, late }) => {
                if let Some(banner) = banner {
                    (self.report)(Report::Banner(banner));
                }
                let refolded = if late { refold(&mut self.journal).ok() } else { None };
                let input = match refolded {
                    Some(folded) => Input::WrittenLate(entries, Box::new(folded)),
                    None => Input::Written(entries),
                };
                (self.report)(Report::Room(input));
            }
            Ok(Appended::Moved(news)) => {
                let entries = self.news(news);
                (self.report)(Report::Room(Input::Moved(entries)));
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Whoever only reads must see it too.
    fn flag_clocks(&mut self) {
        while let Some(words) = self.journal.clock_warning(clock::now()) {
            (self.report)(Report::Banner(words));
        }
    }

    fn failed(&self, error: &AppendError) {
        (self.report)(Report::Room(Input::Unsaved { why: error.to_string(), hint: error.hint() }));
    }

    /// Reports what came besides the entries; answers the entries, unless the whole had to be folded again.
    fn news(&mut self, news: News) -> Vec<crate::incident::rows::Placed> {
        if let Some(damage) = said(&news.damage) {
            (self.report)(Report::Damage(damage));
        }
        if !news.late {
            return news.entries;
        }
        match refold(&mut self.journal) {
            Ok(folded) => {
                (self.report)(Report::Room(Input::Refolded(Box::new(folded))));
                Vec::new()
            }
            Err(_) => news.entries,
        }
    }

    fn changed(&mut self) {
        match self.journal.take_in() {
            Ok(news) if news.is_empty() => {}
            Ok(news) => {
                let entries = self.news(news);
                if !entries.is_empty() {
                    (self.report)(Report::Room(Input::News(entries)));
                }
                self.flag_clocks();
            }
            Err(error) => {
                (self.report)(Report::Damage(format!("JOURNAL NOT READABLE: {error}. {}", error.hint())))
            }
        }
    }
}

/// The thread that makes the calls. It ends when the room is left; a call under way is not waited for.
fn spawn_calls(dir: PathBuf, report: impl Fn(Report) + Send + 'static) -> Option<SyncSender<Call>> {
    let (calls, todo) = sync_channel::<Call>(QUEUE);
    let client: Arc<dyn Client + Sync> = Arc::new(Local::beside(&dir));
    let run = move || {
        while let Ok(call) = todo.recv() {
            let (request, outcome) = match call {
                Call::Deliver(act) => (act.request, client.deliver(&act)),
                Call::Find(act) => (act.request, client.find(&act)),
            };
            report(Report::Room(Input::Delivered { request, outcome }));
        }
    };
    std::thread::Builder::new().name("clients".into()).spawn(run).ok()?;
    Some(calls)
}
