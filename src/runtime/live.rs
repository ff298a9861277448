//! A room with a screen: its journal on a thread of its own, its calls on another, its news as they come.
//!
//! The screen never waits for a disk or a network. A large journal is not read before its room is shown: a checkpoint stands
//! in for it while it is checked behind ([`Reading::Verifying`]), and without one it is read while the room says how far
//! ([`Reading::Percent`]). Start at [`LiveRuntime::open`].

mod begin;
mod writer;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::cache::{self, Job, Keeper};
use super::crew::{Crew, Cursors, Kind, Said};
use super::headless::lock_file;
use crate::clients::Local;
use crate::config::accounts::Accounts;
use crate::incident::{Draft, HostId, Time};
use crate::journal::{Follower, IncidentDir, JournalError, JournalStore};
use crate::outbox::directory::Kept;
use crate::outbox::news::Pull;
use crate::outbox::{Call, LOCAL};
use crate::room::{Folded, Input};
use begin::{Begun, First};
use writer::{Writer, said};

/// Work that may wait for one thread.
const QUEUE: usize = 256;

/// What the threads report.
pub enum Report {
    Room(Input),
    /// Lines that are not believed.
    Damage(String),
    /// The journal cannot be read at present.
    Unreadable(String),
    /// Saved, but something should be known.
    Banner(String),
    /// How far the journal is read and checked.
    Reading(Reading),
    /// An account was heard from at this time, or why not.
    Account {
        name: String,
        at: Time,
        trouble: Option<String>,
    },
    /// Who is on call at an account.
    Directory {
        name: String,
        kept: Box<Kept>,
    },
}

/// How much of the journal what is shown rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// All of it, read and checked.
    #[default]
    Done,
    /// A checkpoint and what came since; the journal before it is being checked. Everything works.
    Verifying,
    /// So much of it; nothing can be decided on that.
    Percent(u8),
}

enum Work {
    /// `heard`: how many reports about the log the room had taken in when it decided this.
    Append { drafts: Vec<Draft>, heard: u64 },
    /// Some file changed.
    Changed,
    /// The journal before the checkpoint is what the checkpoint said.
    Verified,
    /// It is not: fold everything again.
    Refold,
    /// The room is left. Others may hold the channel's other end for a while.
    Leave,
}

/// With the lock that allows it: it is held until the last call in line is made, though the room be left before.
struct Errand {
    kind: Kind,
    call: Box<Call>,
    _lock: Arc<File>,
}

/// Dropping it ends its threads; the journal's is waited for.
pub struct LiveRuntime {
    dir: PathBuf,
    work: Option<SyncSender<Work>>,
    calls: Option<SyncSender<Errand>>,
    /// The clients that have a network; absent where no account is configured.
    crew: Option<Crew>,
    cursors: Cursors,
    journal: Option<JoinHandle<()>>,
    _follower: Option<Follower>,
    /// Held while this process carries out the outside acts of this host.
    lock: Option<Arc<File>>,
    /// The journal is still being read for the first time.
    reading: Arc<AtomicBool>,
}

/// A room that can be shown.
pub struct Opened {
    pub runtime: LiveRuntime,
    pub folded: Folded,
    pub store: JournalStore,
    pub damage: Option<String>,
    pub reading: Reading,
    /// Whether this process delivers.
    pub delivers: bool,
}

impl LiveRuntime {
    /// Opens an incident's journal, folds it or takes its checkpoint, then hands it to its thread. `cache` is
    /// [`crate::config::Paths::cache`].
    pub fn open(
        dir: &IncidentDir,
        host: HostId,
        cache: &Path,
        keeper: &Keeper,
        outside: Outside,
        report: impl Fn(Report) + Send + Sync + Clone + 'static,
    ) -> Result<Opened, JournalError> {
        let job = Job { dir: dir.path.clone(), host, checkpoint: cache::path(cache, dir.id) };
        let Begun { journal, folded, damage, first } = begin::begin(&job, keeper)?;
        let (store, shown) = (journal.store(), first.reading());
        let (work, todo) = sync_channel(QUEUE);
        let (changed, unseen) = (work.clone(), Arc::new(AtomicBool::new(false)));
        let waiting = unseen.clone();
        // One change in line covers all that come before the thread looks.
        let tell = move || {
            if !waiting.swap(true, Ordering::AcqRel) {
                let _ = changed.try_send(Work::Changed);
            }
        };
        let follower = Follower::start(&dir.path, tell).ok();
        if let First::Checkpoint { mark, seal } = &first {
            begin::verify(job.dir.clone(), mark.clone(), seal.clone(), work.clone());
        }
        let reading = Arc::new(AtomicBool::new(matches!(first, First::Unread { .. })));
        let (keeper, trusted) = (keeper.clone(), matches!(first, First::Whole { orderly: true }));
        // A journal without a checkpoint has all its entries before it.
        let since = if trusted { folded.incident.count } else { 0 };
        let writer = Writer {
            journal,
            report: report.clone(),
            checkpoint: job,
            keeper,
            since,
            trusted,
            told: 0,
            stale: false,
            unseen,
        };
        let flag = reading.clone();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || writer.run(&first, &flag, &todo));
        let thread = thread.map_err(|source| JournalError::no_thread(&dir.path, source))?;
        let lock = delivery_lock(&dir.path);
        let calls = spawn_calls(dir.path.clone(), report.clone());
        let cursors = Cursors::new(cache, dir.id);
        let crew = outside.crew(&cursors, report);
        let delivers = lock.is_some();
        let runtime = Self {
            dir: dir.path.clone(),
            work: Some(work),
            calls,
            crew,
            cursors,
            journal: Some(thread),
            _follower: follower,
            lock: lock.map(Arc::new),
            reading,
        };
        Ok(Opened { runtime, folded, store, damage: said(&damage), reading: shown, delivers })
    }

    /// Has these entries written; `false` when the journal's thread is gone. `heard` counts the reports about the
    /// log that came before the decision: when another is on its way, nothing is written and the order is decided
    /// again, so that no order rests on a state that the journal has left behind.
    pub fn append(&self, drafts: Vec<Draft>, heard: u64) -> bool {
        self.work.as_ref().is_some_and(|work| work.send(Work::Append { drafts, heard }).is_ok())
    }

    /// `false` when the call cannot be made now. Its answer comes as a report.
    pub fn call(&self, kind: Kind, call: Box<Call>, report: impl Fn(Report) + Send + 'static) -> bool {
        let Some(lock) = self.lock.clone() else { return false };
        if call.act.client == LOCAL {
            let errand = Errand { kind, call, _lock: lock };
            return self.calls.as_ref().is_some_and(|calls| calls.try_send(errand).is_ok());
        }
        let Some(crew) = &self.crew else { return false };
        crew.call(kind, *call, move |request, outcome| {
            report(Report::Room(Input::Delivered { request, outcome }));
            // Held until then: nobody else may deliver while a call is under way.
            drop(lock);
        });
        true
    }

    /// Talks through other accounts from here on. Calls under way are doubtful then, and looked for by the new ones.
    pub fn reconnect(&mut self, outside: Outside, report: impl Fn(Report) + Send + Sync + 'static) {
        if let Some(old) = self.crew.take() {
            // What it has under way is told to be cut off; nobody waits for that here.
            let _ = std::thread::Builder::new().name("farewell".into()).spawn(move || drop(old));
        }
        self.crew = outside.crew(&self.cursors, report);
    }

    /// What is wanted of an account; `None`: nothing, now. Only the process that delivers hears.
    pub fn want(&self, account: &str, pull: Option<Pull>) {
        if let Some(crew) = &self.crew {
            crew.want(account, pull.filter(|_| self.lock.is_some()));
        }
    }

    /// News of an account up to this cursor are kept.
    pub fn kept(&self, account: &str, cursor: String) {
        if let Some(crew) = &self.crew {
            crew.kept(account, cursor, &self.cursors);
        }
    }

    /// Whether this process delivers, now that another may have stopped.
    pub fn takes_over_delivery(&mut self) -> bool {
        if self.lock.is_none() {
            self.lock = delivery_lock(&self.dir).map(Arc::new);
        }
        self.lock.is_some()
    }
}

impl Drop for LiveRuntime {
    fn drop(&mut self) {
        self.calls.take();
        self.crew.take();
        self._follower.take();
        if let Some(work) = self.work.take() {
            let _ = work.try_send(Work::Leave);
        }
        let reads = self.reading.load(Ordering::Acquire);
        // A journal that is still being read for the first time has nothing to save.
        if let Some(thread) = self.journal.take().filter(|_| !reads) {
            let _ = thread.join();
        }
    }
}

/// The lock that makes this process the one that delivers; `None` when another has it.
fn delivery_lock(dir: &Path) -> Option<File> {
    let file = lock_file(dir)?;
    match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
    }
}

/// The accounts of a room, before anything of them is started.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    pub accounts: Accounts,
    /// Where relative files of tokens lie.
    pub config: PathBuf,
}

impl Outside {
    fn crew(self, cursors: &Cursors, report: impl Fn(Report) + Send + Sync + 'static) -> Option<Crew> {
        // Without threads for it nothing is told; each act says that it could not be.
        let crew = Crew::start(self.accounts, &self.config).ok()??;
        crew.listen(cursors, move |said| match said {
            Said::News { account, batch } => report(Report::Room(Input::Heard { account, batch })),
            Said::State { account, trouble } => {
                report(Report::Account { name: account, at: super::clock::now(), trouble });
            }
            Said::Directory { account, kept } => report(Report::Directory { name: account, kept }),
        });
        Some(crew)
    }
}

/// The thread that makes the calls of the local record. It ends when the room is left; a call under way is not waited for.
fn spawn_calls(dir: PathBuf, report: impl Fn(Report) + Send + 'static) -> Option<SyncSender<Errand>> {
    let (calls, todo) = sync_channel::<Errand>(QUEUE);
    let local = Local::beside(&dir);
    let run = move || {
        while let Ok(errand) = todo.recv() {
            let act = &errand.call.act;
            let (request, outcome) = match errand.kind {
                Kind::Deliver => (act.request, local.deliver_now(act)),
                Kind::Find => (act.request, local.find_now(act)),
            };
            report(Report::Room(Input::Delivered { request, outcome }));
        }
    };
    std::thread::Builder::new().name("clients".into()).spawn(run).ok()?;
    Some(calls)
}
