//! What is typed and not yet saved in the journal, on disk within a quarter of a second of the key.
//!
//! `<state>/drafts/<incident>.json`, for one person on one machine; never part of the log. A hanging disk never holds up a
//! key: the console only puts the newest text into a slot, a thread of its own writes it. A draft that cannot be read is
//! set aside, never deleted. Start at [`load`] and [`DraftSaver`].

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::files;
use crate::incident::scribe::NoteKind;
use crate::incident::{EntryId, IncidentId, Span, Time, When};
use crate::report::update::UpdateDraft;

/// How long the first unsaved key waits for the keys behind it. With the write it stays under the promised 250 ms,
/// however long somebody types on.
pub const GATHER: Span = Span::from_ms(100);
/// How long a failed write waits for the next try.
const RETRY: Duration = Duration::from_secs(1);
/// How long leaving waits for a disk that does not answer.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// A note that was given and may not be saved. Its id is that of its entry: given again, it becomes one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsaved {
    pub id: EntryId,
    pub kind: NoteKind,
    pub text: String,
    pub at: Option<When>,
}

/// The texts of one incident that are not in its journal yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drafts {
    /// The scribe line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scribe: String,
    /// Lines that were sent off but could not be saved.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsaved: Vec<Unsaved>,
    /// What was typed into questions that were left, by question.
    pub asked: BTreeMap<String, String>,
    /// The status update in the composer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update: Option<UpdateDraft>,
}

impl Drafts {
    pub fn is_empty(&self) -> bool {
        self.scribe.is_empty()
            && self.unsaved.is_empty()
            && self.asked.is_empty()
            && self.update.as_ref().is_none_or(UpdateDraft::is_empty)
    }
}

/// Where the drafts of an incident are kept; `dir` is [`crate::config::Paths::drafts`].
pub fn path(dir: &Path, incident: IncidentId) -> PathBuf {
    dir.join(format!("{incident}.json"))
}

/// Reads the drafts of an incident, and says what went wrong, if anything did. What cannot be understood is set aside.
pub fn load(dir: &Path, incident: IncidentId) -> (Drafts, Option<String>) {
    let path = path(dir, incident);
    let trouble = match fs::read(&path) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(drafts) => return (drafts, None),
            Err(error) => Some(set_aside(&path, &error)),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(format!("the drafts cannot be read: {}: {error}", path.display())),
    };
    (Drafts::default(), trouble)
}

fn set_aside(path: &Path, why: &serde_json::Error) -> String {
    let aside = free_name(path);
    match fs::rename(path, &aside) {
        Ok(()) => format!(
            "the drafts were damaged ({why}): they are kept as {}, readable with any editor",
            aside.display()
        ),
        Err(error) => {
            format!("the drafts are damaged ({why}) and cannot be moved: {}: {error}", path.display())
        }
    }
}

/// `.broken`, or `.broken-2` and so on: what was set aside before stays.
fn free_name(path: &Path) -> PathBuf {
    let name = |number: usize| {
        let ending = if number == 1 { ".broken".to_owned() } else { format!(".broken-{number}") };
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    (1..).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(1))
}

/// Writes the drafts of an incident, or takes their file away when there are none. Done means synced.
pub fn save(dir: &Path, incident: IncidentId, drafts: &Drafts) -> io::Result<()> {
    let path = path(dir, incident);
    if drafts.is_empty() {
        return remove(&path).and_then(|removed| if removed { files::sync_dir(dir) } else { Ok(()) });
    }
    files::make_private_dir(dir)?;
    files::replace(&path, &serde_json::to_vec_pretty(drafts)?)?;
    files::sync_dir(dir)
}

fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Keeps what is typed on disk, the newest only, without ever waiting for one.
///
/// [`touch`](DraftSaver::touch) after every change, [`tick`](DraftSaver::tick) at the time that [`due`](DraftSaver::due)
/// names, [`flush`](DraftSaver::flush) before leaving. A thread writes; it ends with the saver.
pub struct DraftSaver {
    shared: Arc<Shared>,
    dir: PathBuf,
    /// Changed and not yet handed to the thread.
    pending: Option<Pending>,
    /// What was handed over last.
    handed: Option<(IncidentId, Drafts)>,
}

struct Pending {
    incident: IncidentId,
    drafts: Drafts,
    /// The first key that is not on its way to the disk.
    since: Time,
    /// The same by a clock that nobody sets, and that does not stand still in a demonstration.
    started: Instant,
}

impl DraftSaver {
    /// `dir` is [`crate::config::Paths::drafts`].
    pub fn new(dir: PathBuf) -> Self {
        let shared = Arc::new(Shared::default());
        let writer = Writer { shared: Arc::clone(&shared), dir: dir.clone() };
        if let Err(error) = thread::Builder::new().name("drafts".into()).spawn(move || writer.run()) {
            let mut slot = shared.lock();
            slot.orphaned = true;
            slot.problem = Some(format!("drafts are saved only on leaving: {error}"));
        }
        Self { shared, dir, pending: None, handed: None }
    }

    /// The texts as they are now. Cheap when nothing has changed.
    pub fn touch(&mut self, now: Time, incident: IncidentId, drafts: Drafts) {
        match &mut self.pending {
            Some(pending) if pending.incident == incident => pending.drafts = drafts,
            _ => {
                self.hand_over();
                let news =
                    self.handed.as_ref().is_none_or(|(other, old)| *other != incident || *old != drafts);
                let pending = Pending { incident, drafts, since: now, started: Instant::now() };
                self.pending = news.then_some(pending);
            }
        }
    }

    /// When [`DraftSaver::tick`] has something to do.
    pub fn due(&self, now: Time) -> Option<Time> {
        let pending = self.pending.as_ref()?;
        let waited = i64::try_from(pending.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        let left = GATHER.ms().saturating_sub(waited).max(0);
        Some((now + Span::from_ms(left)).min(pending.since + GATHER))
    }

    /// Hands what is due to the writing thread.
    pub fn tick(&mut self, now: Time) {
        if self.due(now).is_some_and(|due| due <= now) {
            self.hand_over();
        }
    }

    /// Why the newest text is not on disk, while that is so.
    pub fn problem(&self) -> Option<String> {
        self.shared.lock().problem.clone()
    }

    /// Writes everything now and waits for it, at most [`PATIENCE`]. The error says why it is not on disk.
    pub fn flush(&mut self) -> Result<(), String> {
        self.hand_over();
        let until = Instant::now() + PATIENCE;
        let mut slot = self.shared.lock();
        if slot.orphaned {
            let left = std::mem::take(&mut slot.newest);
            return left.iter().try_for_each(|(incident, drafts)| write(&self.dir, *incident, drafts));
        }
        let tries = slot.tries;
        slot.hurry = true;
        self.shared.changed.notify_all();
        while !slot.is_idle() {
            let left = until.saturating_duration_since(Instant::now());
            // A write that was begun after we asked and failed will not do better by waiting.
            let hopeless = slot.problem.is_some() && slot.tries >= tries + 2;
            if left.is_zero() || hopeless {
                return Err(slot.problem.clone().unwrap_or_else(|| "the disk does not answer".to_owned()));
            }
            slot = self.shared.wait(slot, left);
        }
        Ok(())
    }

    fn hand_over(&mut self) {
        let Some(Pending { incident, drafts, .. }) = self.pending.take() else { return };
        self.shared.lock().newest.insert(incident, drafts.clone());
        self.shared.changed.notify_all();
        self.handed = Some((incident, drafts));
    }
}

/// The thread ends by itself, after what is still in the slot; nobody waits for it.
impl Drop for DraftSaver {
    fn drop(&mut self) {
        self.hand_over();
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

/// What the console and the writing thread share. The lock is held to look and to swap, never while writing.
#[derive(Default)]
struct Shared {
    slot: Mutex<Slot>,
    changed: Condvar,
}

#[derive(Default)]
struct Slot {
    /// The newest texts that are not on disk yet.
    newest: BTreeMap<IncidentId, Drafts>,
    writing: bool,
    /// Writes begun so far.
    tries: u64,
    /// Somebody waits: try again at once.
    hurry: bool,
    closed: bool,
    /// There is no thread to write.
    orphaned: bool,
    problem: Option<String>,
}

impl Slot {
    fn is_idle(&self) -> bool {
        self.newest.is_empty() && !self.writing
    }
}

impl Shared {
    /// Nothing in a slot can be half done, so a thread that panicked has spoilt nothing.
    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, slot: MutexGuard<'a, Slot>, most: Duration) -> MutexGuard<'a, Slot> {
        self.changed.wait_timeout(slot, most).unwrap_or_else(PoisonError::into_inner).0
    }
}

struct Writer {
    shared: Arc<Shared>,
    dir: PathBuf,
}

impl Writer {
    fn run(self) {
        while let Some((incident, drafts)) = self.next() {
            let written = write(&self.dir, incident, &drafts);
            if !self.done(incident, drafts, written) {
                return;
            }
        }
    }

    /// The next text to write; `None` when there will be none.
    fn next(&self) -> Option<(IncidentId, Drafts)> {
        let mut slot = self.shared.lock();
        loop {
            if let Some(next) = slot.newest.pop_first() {
                slot.writing = true;
                slot.tries += 1;
                return Some(next);
            }
            if slot.closed {
                return None;
            }
            slot.hurry = false;
            slot = self.shared.changed.wait(slot).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes note of the outcome; answers whether to go on. A text that could not be written waits for another try,
    /// unless a newer one has come.
    fn done(&self, incident: IncidentId, drafts: Drafts, written: Result<(), String>) -> bool {
        let mut slot = self.shared.lock();
        slot.writing = false;
        slot.problem = written.err();
        let failed = slot.problem.is_some();
        if failed {
            slot.newest.entry(incident).or_insert(drafts);
        }
        self.shared.changed.notify_all();
        let until = Instant::now() + RETRY;
        while failed && !slot.hurry && !slot.closed && Instant::now() < until {
            slot = self.shared.wait(slot, until.saturating_duration_since(Instant::now()));
        }
        // Somebody who waits is served at once, but only once.
        slot.hurry = slot.hurry && !failed;
        !(failed && slot.closed)
    }
}

fn write(dir: &Path, incident: IncidentId, drafts: &Drafts) -> Result<(), String> {
    save(dir, incident, drafts)
        .map_err(|error| format!("the draft is not on disk: {}: {error}", path(dir, incident).display()))
}
