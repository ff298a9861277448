//! A room without a screen: opens an incident, carries out one order after the other, delivers what is owed, and is gone.
//!
//! For the command line. It never waits for a disk to recover (it reports, and whoever asked keeps the text) and never
//! delivers beside another process that does: that takes the incident's delivery lock. Start at [`Session::carry_out`].

use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::crew::{Crew, Cursors, Kind, directory};
use super::live::Outside;
use super::{clock, dice};
use crate::clients::{Local, Trouble};
use crate::incident::event::FailureClass;
use crate::incident::rows::Placed;
use crate::incident::{Draft, Entry, EntryId, HostId, Incident, Refusal};
use crate::journal::{Appended, Damage, Journal, JournalError, News};
use crate::outbox::directory::{Directory, Kept};
use crate::outbox::news::Pull;
use crate::outbox::routes::Routes;
use crate::policy::Policy;
use crate::room::{Call, Effect, Folded, Input, LOCAL, Order, Outcome, Room, Ticket};

/// Held by the one process that carries out an incident's outside acts on this machine.
pub const DELIVERY_LOCK: &str = "deliver.lock";

/// The file of that lock, for its owner alone.
pub(super) fn lock_file(dir: &Path) -> Option<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(dir.join(DELIVERY_LOCK)).ok()
}

/// One incident, open for reading or for orders.
pub struct Session {
    dir: PathBuf,
    journal: Journal,
    room: Room,
    local: Local,
    crew: Option<Crew>,
    outside: Outside,
    damage: Vec<Damage>,
    banner: Option<String>,
    /// Another process delivers and rings: it was waited for once, and may be stopped.
    rung_elsewhere: bool,
    written: Vec<Arc<Entry>>,
}

/// Why an order was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    #[error("{}", .0.why)]
    Refused(Refusal),
    /// Nothing of it was saved, or perhaps nothing; whoever gave the order still has the text.
    #[error("{why}")]
    Unsaved { why: String, hint: String },
}

impl NotDone {
    pub fn hint(&self) -> &str {
        match self {
            NotDone::Refused(refusal) => &refusal.hint,
            NotDone::Unsaved { hint, .. } => hint,
        }
    }
}

impl From<JournalError> for NotDone {
    fn from(error: JournalError) -> Self {
        NotDone::Unsaved { why: error.to_string(), hint: error.hint() }
    }
}

/// What became of the acts this host owes the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Every act that could be tried now was.
    Tried,
    /// Another process holds the delivery lock: it delivers.
    LeftToAnother,
}

impl Session {
    /// Opens an incident's folder and folds it.
    pub fn open(dir: &Path, host: HostId, policy: Policy) -> Result<Self, JournalError> {
        Self::with(Journal::open(dir, host)?, dir, host, policy)
    }

    /// A session on a journal that was just created.
    pub fn with(
        mut journal: Journal,
        dir: &Path,
        host: HostId,
        policy: Policy,
    ) -> Result<Self, JournalError> {
        let news = journal.take_in()?;
        let mut folded = Folded::default();
        folded.take(&news.entries);
        let room = Room::new(folded, policy, host, false).seeded(dice::seed());
        let local = Local::beside(dir);
        Ok(Self {
            dir: dir.to_owned(),
            journal,
            room,
            local,
            crew: None,
            outside: Outside::default(),
            damage: news.damage,
            banner: None,
            rung_elsewhere: false,
            written: Vec::new(),
        })
    }

    /// The accounts through which it tells the outside.
    pub fn connected(mut self, outside: Outside, routes: Routes) -> Self {
        self.outside = outside;
        self.room.routes = routes;
        self
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub fn incident(&self) -> &Incident {
        self.room.incident()
    }

    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Lines of the journal that are not believed.
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Something about the last write that people should see, though all was saved.
    pub fn banner(&self) -> Option<&str> {
        self.banner.as_deref()
    }

    /// The entries that this session has written, oldest first.
    pub fn written(&self) -> &[Arc<Entry>] {
        &self.written
    }

    /// Every entry in the order of the fold.
    pub fn log(&mut self) -> Result<Vec<Arc<Entry>>, JournalError> {
        let mut log = Vec::new();
        self.journal.rescan(&mut |placed| log.push(placed.entry))?;
        Ok(log)
    }

    /// The journal itself, for the one act that is no entry: erasing a body.
    pub fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// Takes in what other processes have written; answers the new entries.
    pub fn catch_up(&mut self) -> Result<Vec<Placed>, JournalError> {
        let news = self.journal.take_in()?;
        let entries = news.entries.clone();
        let input = if news.late { Input::Refolded(self.refold()?) } else { Input::News(news.entries) };
        self.damage.extend(news.damage);
        // A room that does not deliver answers news with no effects.
        let _ = self.room.handle(input, clock::now());
        Ok(entries)
    }

    /// Decides, saves and folds one order. Answers its entries. A clock that has run out is written down before it: the
    /// order may be what answers it.
    pub fn carry_out(&mut self, order: Order) -> Result<Vec<EntryId>, NotDone> {
        self.ring()?;
        let saved = self.decided(order)?;
        // What the order has set may have run out already, as in a declaration that comes late.
        if let Err(why) = self.ring() {
            self.banner = Some(format!("saved, but not that a clock has run out: {why}"));
        }
        Ok(saved)
    }

    /// Writes down which clocks have run out, unless another process does.
    fn ring(&mut self) -> Result<(), NotDone> {
        /// As long as another command takes to write; an open console rings by itself.
        const PATIENCE: Duration = Duration::from_millis(200);
        if !self.room.owes_a_ring(clock::now()) {
            return Ok(());
        }
        let patience = if self.rung_elsewhere { Duration::ZERO } else { PATIENCE };
        let Some(_lock) = self.delivery_lock(patience) else {
            self.rung_elsewhere = true;
            return Ok(());
        };
        self.catch_up()?;
        // Nobody outside is called for it: an entry must not wait for that.
        self.room.set_rings(true);
        let effects = self.room.handle(Input::Tick, clock::now());
        let ran = self.run(effects, None);
        self.room.set_rings(false);
        ran.map(|_| ())
    }

    fn decided(&mut self, order: Order) -> Result<Vec<EntryId>, NotDone> {
        let ticket = self.room.ticket();
        let effects = self.room.handle(Input::Order(ticket, Box::new(order)), clock::now());
        let nothing =
            || NotDone::Unsaved { why: "the order was not carried out".into(), hint: String::new() };
        self.run(effects, Some(ticket))?.ok_or_else(nothing)
    }

    /// Tries the acts that this host owes the outside, unless another process does within `patience`.
    pub fn deliver(&mut self, patience: Duration) -> Result<Delivery, NotDone> {
        if !self.owes() && !self.room.owes_a_ring(clock::now()) {
            return Ok(Delivery::Tried);
        }
        let Some(_lock) = self.delivery_lock(patience) else { return Ok(Delivery::LeftToAnother) };
        // Whoever held the lock before may have delivered them meanwhile.
        self.catch_up()?;
        self.room.set_delivers(true);
        let effects = self.room.handle(Input::Tick, clock::now());
        let ran = self.run(effects, None);
        self.room.set_delivers(false);
        ran.map(|_| Delivery::Tried)
    }

    /// The same until nothing of it can be done any more, for `most` at most.
    pub fn deliver_for(&mut self, patience: Duration, most: Duration) -> Result<Delivery, NotDone> {
        /// Between two looks at what another process delivers.
        const LOOK: Duration = Duration::from_millis(200);
        let end = Instant::now() + most;
        loop {
            let delivery = self.deliver(patience)?;
            let left = end.saturating_duration_since(Instant::now());
            let wait = match (delivery, self.room.calls_at(clock::now())) {
                (Delivery::LeftToAnother, _) if self.owes() => LOOK,
                (Delivery::Tried, Some(at)) => {
                    Duration::from_millis(at.since(clock::now()).ms().max(1).unsigned_abs())
                }
                _ => return Ok(delivery),
            };
            if wait > left {
                return Ok(delivery);
            }
            thread::sleep(wait);
            self.catch_up()?;
        }
    }

    /// Takes in what happened outside since it was asked last, unless another process listens. Answers what went wrong, by
    /// account.
    pub fn hear(&mut self, patience: Duration, cursors: &Cursors) -> Result<Vec<(String, Trouble)>, NotDone> {
        let Some(_lock) = self.delivery_lock(patience) else { return Ok(Vec::new()) };
        self.catch_up()?;
        self.room.set_delivers(true);
        let pulls = self.room.pulls(clock::now());
        let mut wrong = Vec::new();
        let mut done = Ok(());
        for (account, pull) in pulls.into_iter().filter_map(|(account, pull)| Some((account, pull?))) {
            match self.hear_one(&account, pull, cursors) {
                Ok(None) => {}
                Ok(Some(trouble)) => wrong.push((account, trouble)),
                Err(error) => {
                    done = Err(error);
                    break;
                }
            }
        }
        self.room.set_delivers(false);
        done.map(|()| wrong)
    }

    fn hear_one(&mut self, account: &str, pull: Pull, cursors: &Cursors) -> Result<Option<Trouble>, NotDone> {
        /// Most pages of one look.
        const MOST: usize = 100;
        let mut cursor = cursors.read(account);
        for _ in 0..MOST {
            let from = Pull { cursor: cursor.clone(), now: clock::now(), ..pull.clone() };
            let Some(crew) = self.crew() else { return Ok(None) };
            let batch = match crew.ask(account, async |client| client.pull(&from).await) {
                Ok(batch) => batch,
                Err(trouble) => return Ok(Some(trouble)),
            };
            let more = batch.more;
            cursor = batch.cursor.clone().or(cursor);
            let input = Input::Heard { account: account.to_owned(), batch };
            let effects = self.room.handle(input, clock::now());
            self.run(effects, None)?;
            if let Some(cursor) = &cursor {
                // A cursor that is lost brings the same news again, and they arrive once.
                let _ = cursors.keep(account, cursor);
            }
            if !more {
                break;
            }
        }
        Ok(None)
    }

    /// Asks every account who is who and on call there, and keeps it for when nothing can be asked. Answers what went wrong.
    pub fn ask_who_is_who(&mut self, cache: &Path) -> Vec<(String, Trouble)> {
        let names: Vec<String> =
            self.room.routes.accounts.iter().map(|account| account.name.clone()).collect();
        let Some(crew) = self.crew() else { return Vec::new() };
        let mut wrong = Vec::new();
        for name in names {
            match crew.ask(&name, async |client| client.directory().await) {
                Ok(directory) if directory == Directory::default() => {}
                Ok(directory) => {
                    let kept = Kept { at: clock::now(), directory };
                    if let Err(error) = directory::write(cache, &name, &kept) {
                        wrong.push((name, Trouble::transient(format!("it cannot be kept: {error}"))));
                    }
                }
                Err(trouble) => wrong.push((name, trouble)),
            }
        }
        wrong
    }

    fn crew(&mut self) -> Option<&Crew> {
        if self.crew.is_none() {
            self.crew = Crew::start(self.outside.accounts.clone(), &self.outside.config).ok().flatten();
        }
        self.crew.as_ref()
    }

    /// Whether this host owes anybody but the local record anything.
    pub fn owes_outside(&self) -> bool {
        let host = self.journal.host();
        self.room.outbox().open().any(|act| act.host == host && act.client != LOCAL)
    }

    fn owes(&self) -> bool {
        let host = self.journal.host();
        self.room.outbox().open().any(|act| act.host == host)
    }

    fn delivery_lock(&self, patience: Duration) -> Option<File> {
        const BETWEEN_TRIES: Duration = Duration::from_millis(20);
        let file = lock_file(&self.dir)?;
        let deadline = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Some(file),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(BETWEEN_TRIES),
                Err(_) => return None,
            }
        }
    }

    /// Executes effects until none is left. `Some` entries when `ticket` was saved meanwhile.
    fn run(&mut self, effects: Vec<Effect>, ticket: Option<Ticket>) -> Result<Option<Vec<EntryId>>, NotDone> {
        let mut left = VecDeque::from(effects);
        let mut saved = None;
        while let Some(effect) = left.pop_front() {
            match effect {
                Effect::Append(drafts) => left.extend(self.append(drafts)?),
                Effect::Saved { ticket: done, entries } if Some(done) == ticket => {
                    saved = Some(entries.iter().map(|entry| entry.id()).collect())
                }
                Effect::Refused { ticket: refused, refusal } if Some(refused) == ticket => {
                    return Err(NotDone::Refused(refusal));
                }
                Effect::Waiting { ticket, why, hint, .. } => {
                    self.room.withdraw(ticket);
                    if saved.is_none() {
                        return Err(NotDone::Unsaved { why, hint });
                    }
                    // The order itself is safe: refusing it now would make people give it twice.
                    self.banner = Some(format!("saved, but not queued for delivery: {why}"));
                    return Ok(saved);
                }
                Effect::Deliver(call) => left.extend(self.call(Kind::Deliver, &call)),
                Effect::Find(call) => left.extend(self.call(Kind::Find, &call)),
                Effect::Kept { .. } | Effect::Saved { .. } | Effect::Refused { .. } => {}
            }
        }
        Ok(saved)
    }

    fn append(&mut self, drafts: Vec<Draft>) -> Result<Vec<Effect>, NotDone> {
        let now = clock::now();
        match self.journal.append(drafts, now) {
            Ok(Appended::Written { entries, banner, late }) => {
                self.banner = banner.or(self.banner.take());
                self.written.extend(entries.iter().map(|placed| placed.entry.clone()));
                // They are saved by now: a journal that cannot be read again must not make it look otherwise.
                let refolded = if late { self.refold().ok() } else { None };
                let input = match refolded {
                    Some(folded) => Input::WrittenLate(entries, folded),
                    None => Input::Written(entries),
                };
                Ok(self.room.handle(input, now))
            }
            Ok(Appended::Moved(news)) => self.moved(news),
            Err(error) => {
                let (why, hint, lasting) = (error.to_string(), error.hint(), error.is_lasting());
                let input = Input::Unsaved { why, hint, lasting };
                Ok(self.room.handle(input, now))
            }
        }
    }

    fn moved(&mut self, news: News) -> Result<Vec<Effect>, NotDone> {
        self.damage.extend(news.damage);
        if !news.late {
            return Ok(self.room.handle(Input::Moved(news.entries), clock::now()));
        }
        let folded = self.refold()?;
        let mut effects = self.room.handle(Input::Refolded(folded), clock::now());
        effects.extend(self.room.handle(Input::Moved(Vec::new()), clock::now()));
        Ok(effects)
    }

    fn refold(&mut self) -> Result<Box<Folded>, JournalError> {
        let mut folded = Folded::default();
        self.journal.rescan(&mut |placed| folded.take_one(&placed))?;
        Ok(Box::new(folded))
    }

    fn call(&mut self, kind: Kind, call: &Call) -> Vec<Effect> {
        let outcome = match (call.act.client.as_str(), kind) {
            (LOCAL, Kind::Deliver) => self.local.deliver_now(&call.act),
            (LOCAL, Kind::Find) => self.local.find_now(&call.act),
            _ => self.call_outside(kind, call),
        };
        let request = call.act.request;
        self.room.handle(Input::Delivered { request, outcome }, clock::now())
    }

    fn call_outside(&mut self, kind: Kind, call: &Call) -> Outcome {
        match self.crew() {
            Some(crew) => crew.call_now(kind, call),
            None => {
                let why = format!("the account {} is not configured here", call.act.client);
                Outcome::failed(FailureClass::Auth, format!("{why}: see `warroom connect`"))
            }
        }
    }
}
