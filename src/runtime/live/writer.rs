//! The journal's thread: appends, takes in what others wrote, and reads what was not read before the room was shown.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::begin::First;
use super::{Reading, Report, Work};
use crate::incident::Draft;
use crate::incident::rows::{Locator, Placed};
use crate::journal::{AppendError, Appended, Damage, Journal, JournalError, News, place_of};
use crate::room::{Folded, Input};
use crate::runtime::cache::{self, Job, Keeper, RENEWED_AFTER, WORTH};
use crate::runtime::clock;

pub(super) struct Writer<R> {
    pub journal: Journal,
    pub report: R,
    pub checkpoint: Job,
    pub keeper: Keeper,
    /// Entries since the checkpoint was made.
    pub since: u64,
    /// The journal was read whole and in order: a checkpoint of it can be believed.
    pub trusted: bool,
    /// Reports about the log so far.
    pub told: u64,
    /// Reading failed on the way: what was taken in then may be lost to the room, and only a fold from the start knows.
    pub stale: bool,
    /// A change is in line and not looked at.
    pub unseen: Arc<AtomicBool>,
}

/// How often the journal is looked at when nothing says that it changed: a folder that was moved away and back is
/// watched no more.
const LOOK: Duration = Duration::from_secs(5);

impl<R: Fn(Report)> Writer<R> {
    /// Until the room is left. `reading` is true while the journal is read for the first time.
    pub fn run(mut self, first: &First, reading: &AtomicBool, todo: &Receiver<Work>) {
        if let First::Unread { bytes } = first {
            self.read_whole(*bytes);
        }
        reading.store(false, Ordering::Release);
        self.flag_clocks();
        loop {
            let work = match todo.recv_timeout(LOOK) {
                Ok(work) => work,
                Err(RecvTimeoutError::Timeout) => Work::Changed,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            match work {
                Work::Append { drafts, heard } => self.append(drafts, heard),
                Work::Changed => self.changed(),
                Work::Verified => self.verified(),
                Work::Refold => self.replace_checkpoint(),
                Work::Leave => break,
            }
        }
        if self.since >= WORTH {
            self.renew();
        }
        // A head that cannot be anchored costs only the proof of a clean cut; the entries are safe.
        let _ = self.journal.anchor();
    }

    fn read_whole(&mut self, bytes: u64) {
        let mut progress = Progress::new(bytes);
        let mut folded = Folded::default();
        let (journal, report) = (&mut self.journal, &self.report);
        let end = journal.take_in_with(&mut |placed| {
            folded.take_one(&placed);
            if let Some(percent) = progress.after(placed.locator) {
                report(Report::Reading(Reading::Percent(percent)));
            }
        });
        let whole = end.and_then(|end| {
            let folded = if end.late { refold(&mut self.journal)? } else { folded };
            Ok((end, folded))
        });
        match whole {
            Ok((end, folded)) => self.all_read(end.late, &end.damage, folded),
            // The room stays as it is: nothing may be decided on half a journal.
            Err(error) => self.unreadable(&error),
        }
    }

    fn all_read(&mut self, late: bool, damage: &[Damage], folded: Folded) {
        self.trusted = !late;
        if let Some(mark) = self.journal.mark().filter(|_| !late) {
            // A full disk costs the next opening a second.
            let _ = cache::save(&self.checkpoint.checkpoint, &mark, &folded);
        }
        if let Some(damage) = said(damage) {
            (self.report)(Report::Damage(damage));
        }
        self.tell(Input::Refolded(Box::new(folded)));
        (self.report)(Report::Reading(Reading::Done));
    }

    fn verified(&mut self) {
        self.trusted = true;
        (self.report)(Report::Reading(Reading::Done));
    }

    /// The journal is not what the checkpoint said: somebody erased, damaged or replaced something before its end.
    fn replace_checkpoint(&mut self) {
        cache::forget(&self.checkpoint.checkpoint);
        let mut folded = Folded::default();
        match self.journal.rescan(&mut |placed| folded.take_one(&placed)) {
            Ok(end) => {
                let words =
                    "the journal was changed before its end since this room was last open: it was read again";
                (self.report)(Report::Banner(words.to_owned()));
                self.all_read(end.late, &end.damage, folded);
            }
            Err(error) => self.unreadable(&error),
        }
    }

    /// Says something about the log; the room counts these too.
    fn tell(&mut self, input: Input) {
        self.told += 1;
        (self.report)(Report::Room(input));
    }

    fn append(&mut self, drafts: Vec<Draft>, heard: u64) {
        if self.stale {
            self.changed();
        }
        if heard != self.told {
            return self.tell(Input::Moved(Vec::new()));
        }
        match self.journal.append(drafts, clock::now()) {
            Ok(Appended::Written { entries, banner, late }) => {
                if let Some(banner) = banner {
                    (self.report)(Report::Banner(banner));
                }
                self.grown(entries.len());
                let refolded = if late { refold(&mut self.journal).ok() } else { None };
                let input = match refolded {
                    Some(folded) => Input::WrittenLate(entries, Box::new(folded)),
                    None => Input::Written(entries),
                };
                self.tell(input);
            }
            Ok(Appended::Moved(news)) => {
                let entries = self.news(news);
                self.tell(Input::Moved(entries));
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

    fn failed(&mut self, error: &AppendError) {
        self.stale |= matches!(error, AppendError::Journal(_));
        let (why, hint, lasting) = (error.to_string(), error.hint(), error.is_lasting());
        self.tell(Input::Unsaved { why, hint, lasting });
    }

    /// Reports what came besides the entries; answers the entries, unless the whole had to be folded again.
    fn news(&mut self, news: News) -> Vec<Placed> {
        self.grown(news.entries.len());
        if let Some(damage) = said(&news.damage) {
            (self.report)(Report::Damage(damage));
        }
        if !news.late && !self.stale {
            return news.entries;
        }
        match refold(&mut self.journal) {
            Ok(folded) => {
                self.stale = false;
                self.tell(Input::Refolded(Box::new(folded)));
                Vec::new()
            }
            Err(_) => news.entries,
        }
    }

    fn changed(&mut self) {
        self.unseen.store(false, Ordering::Release);
        match self.journal.take_in() {
            Ok(news) if news.is_empty() && !self.stale => {}
            Ok(news) => {
                let entries = self.news(news);
                if !entries.is_empty() {
                    self.tell(Input::News(entries));
                }
                self.flag_clocks();
            }
            Err(error) => self.unreadable(&error),
        }
    }

    fn unreadable(&mut self, error: &JournalError) {
        self.stale = true;
        (self.report)(Report::Unreadable(format!("JOURNAL NOT READABLE: {error}. {}", error.hint())));
    }

    fn grown(&mut self, entries: usize) {
        self.since += entries as u64;
        if self.since >= RENEWED_AFTER {
            self.renew();
        }
    }

    fn renew(&mut self) {
        let large = || self.journal.mark().is_some_and(|mark| self.keeper.is_large(mark.len()));
        if self.trusted && large() {
            self.keeper.renew(self.checkpoint.clone());
            self.since = 0;
        }
    }
}

pub(super) fn refold(journal: &mut Journal) -> Result<Folded, JournalError> {
    let mut folded = Folded::default();
    journal.rescan(&mut |placed| folded.take_one(&placed))?;
    Ok(folded)
}

pub(super) fn said(damage: &[Damage]) -> Option<String> {
    let first = damage.first()?;
    let more = if damage.len() > 1 { format!(" and {} more", damage.len() - 1) } else { String::new() };
    Some(format!("JOURNAL DAMAGED: {first}{more}. What is readable is shown; warroom verify tells all"))
}

/// How much of the files has been read.
struct Progress {
    total: u64,
    said: u8,
    entries: u64,
    /// The last offset in each file.
    reached: HashMap<usize, u64>,
}

impl Progress {
    /// Entries between two looks: a few hundredths of a second.
    const EVERY: u64 = 4096;

    fn new(total: u64) -> Self {
        Self { total: total.max(1), said: 0, entries: 0, reached: HashMap::new() }
    }

    /// The percentage, when it has changed.
    fn after(&mut self, locator: Locator) -> Option<u8> {
        self.entries += 1;
        if !self.entries.is_multiple_of(Self::EVERY) {
            return None;
        }
        let (file, offset) = place_of(locator);
        self.reached.insert(file, offset);
        let percent = (self.reached.values().sum::<u64>() * 100 / self.total).min(99) as u8;
        let news = percent != self.said;
        self.said = percent;
        news.then_some(percent)
    }
}
