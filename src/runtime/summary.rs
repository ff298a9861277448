//! What a list says of each incident of this home: one line, and the follow-ups that are still open (row S4.14).
//!
//! Two thousand journals are not read to show one screen: what did not change is taken from the kept summaries. Start at
//! [`all`] and [`follow_ups`].

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cache::{self, summaries::Summaries};
use super::clock;
use crate::incident::deadline::deadlines;
use crate::incident::event::FollowUp;
use crate::incident::follow_ups::proposals;
use crate::incident::state::PRIVATE_TITLE;
use crate::incident::words::Status;
use crate::incident::{EntryId, HostId, Incident, PersonId, Time};
use crate::journal::{IncidentDir, Journal};

/// What the list says of one incident of this home.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The ULID.
    pub reference: String,
    pub number: u32,
    pub title: String,
    pub severity: Option<String>,
    pub status: Status,
    pub drill: bool,
    /// Its words are shown to whoever sits here, and kept nowhere but in its journal and checkpoint.
    pub private: bool,
    pub declared: Time,
    /// When the newest entry was recorded.
    pub last: Time,
    pub commander: Option<String>,
    pub entries: u64,
    /// What is wrong with its journal.
    pub problem: Option<String>,
    /// By priority, then by due day.
    pub follow_ups: Vec<OpenFollowUp>,
    pub waits: Waits,
}

/// What waits for somebody. No words of the incident: times, roles, people and counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Waits {
    /// When the clocks that nobody has heard ring, the earliest first.
    pub rings: Vec<Time>,
    /// The roles that are offered, and to whom.
    pub offers: Vec<(PersonId, String)>,
    /// Whom an open ask is for, once for each.
    pub asked: Vec<PersonId>,
    /// Updates that wait for the commander.
    pub approvals: usize,
    /// Follow-ups that were ever opened.
    pub opened: usize,
    /// Follow-ups that are proposed and neither taken up nor dismissed.
    pub proposals: usize,
}

impl Waits {
    /// Clocks that ran out by now and were not heard.
    pub fn over(&self, now: Time) -> usize {
        self.rings.iter().filter(|at| **at <= now).count()
    }

    fn of(incident: &Incident, now: Time) -> Self {
        let clocks = deadlines(incident, now).into_iter();
        let mut rings: Vec<Time> = clocks
            .filter(|clock| !clock.quiet && clock.acknowledged.is_none())
            .map(|clock| clock.rings_at())
            .collect();
        rings.sort();
        let open = !incident.status.is_over();
        let offers = incident.roles.offers().iter().filter(|_| open);
        let asked = incident.asks.open().into_iter().filter(|_| open);
        Self {
            rings,
            offers: offers.map(|offer| (offer.to.clone(), offer.role.clone())).collect(),
            asked: asked.map(|ask| ask.who.clone()).collect(),
            approvals: if open { incident.awaiting_approval().count() } else { 0 },
            opened: incident.follow_ups.all().len(),
            proposals: proposals(incident).len(),
        }
    }
}

/// A follow-up that is not done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenFollowUp {
    pub id: EntryId,
    pub what: FollowUp,
}

impl Summary {
    /// As people name it: `INC-0042`.
    pub fn name(&self) -> String {
        format!("INC-{:04}", self.number)
    }

    /// `INC-0042 DRILL orders: prices x100`
    pub fn label(&self) -> String {
        let drill = if self.drill { "DRILL " } else { "" };
        let private = if self.private { "PRIVATE " } else { "" };
        format!("{} {drill}{private}{}", self.name(), self.title)
    }

    /// As it may be kept: of a private incident no words.
    fn without_words(self) -> Self {
        match self.private {
            true => Self { title: PRIVATE_TITLE.to_owned(), follow_ups: Vec::new(), ..self },
            false => self,
        }
    }
}

impl OpenFollowUp {
    /// Its last day is over.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.what.due.is_some_and(|due| due < today)
    }
}

/// Every open follow-up with its incident: what is overdue first, then by priority and day.
pub fn follow_ups(all: &[Summary], today: NaiveDate) -> Vec<(&Summary, &OpenFollowUp)> {
    let mut open: Vec<(&Summary, &OpenFollowUp)> =
        all.iter().flat_map(|summary| summary.follow_ups.iter().map(move |open| (summary, open))).collect();
    open.sort_by_key(|(_, open)| {
        let what = &open.what;
        (!open.is_overdue(today), what.priority, what.due.is_none(), what.due)
    });
    open
}

/// One for each incident; a journal that has not changed is not read again. `kept` is [`crate::config::Paths::cache`].
pub fn all(dirs: &[IncidentDir], host: HostId, kept: &Path) -> Vec<Summary> {
    let mut summaries = Summaries::load(kept);
    let line = |dir: &IncidentDir| {
        let known = summaries.of(dir.id, &dir.path, || summary(dir, host, kept).without_words());
        let summary = if known.private { summary(dir, host, kept) } else { known };
        // The number is the home's own and may have been given since.
        Summary { number: dir.number, ..summary }
    };
    let lines = dirs.iter().map(line).collect();
    summaries.save();
    lines
}

/// What changes when an incident is added or something is written to one; no journal is read for it.
pub fn mark(dirs: &[IncidentDir]) -> u64 {
    let mut mark = DefaultHasher::new();
    for dir in dirs {
        (dir.id.to_string(), dir.number).hash(&mut mark);
        let files = std::fs::read_dir(dir.path.join("journal")).into_iter().flatten().flatten();
        let mut seen: Vec<_> = files
            .filter_map(|file| {
                let meta = file.metadata().ok()?;
                Some((file.file_name(), meta.len(), meta.modified().ok()))
            })
            .collect();
        seen.sort();
        seen.hash(&mut mark);
    }
    mark.finish()
}

/// From its checkpoint, or folded from the journal.
fn summary(dir: &IncidentDir, host: HostId, kept: &Path) -> Summary {
    let (incident, problem) = match cache::resume(&dir.path, host, &cache::path(kept, dir.id)) {
        Some((_, found)) => (found.folded.incident, None),
        None => read(dir, host),
    };
    let declared = incident.declared_at().unwrap_or_default();
    let open = incident.follow_ups.open().into_iter();
    Summary {
        reference: dir.id.to_string(),
        number: dir.number,
        title: if incident.declared.is_some() { incident.title().to_owned() } else { dir.slug.clone() },
        severity: incident.severity.clone(),
        status: incident.status,
        drill: incident.is_drill(),
        private: incident.is_private(),
        declared,
        last: incident.span.map_or(declared, |(_, last)| last),
        commander: incident.commander().map(|who| who.to_string()),
        entries: incident.count,
        problem,
        waits: Waits::of(&incident, clock::now()),
        follow_ups: open.map(|item| OpenFollowUp { id: item.id, what: item.what.clone() }).collect(),
    }
}

/// The whole journal, and what is wrong with it.
fn read(dir: &IncidentDir, host: HostId) -> (Incident, Option<String>) {
    let mut incident = Incident::default();
    let read = Journal::open(&dir.path, host)
        .and_then(|mut journal| journal.take_in_with(&mut |placed| incident.apply(&placed.entry)));
    let problem = match read {
        Ok(end) if end.damage.is_empty() => None,
        Ok(end) => Some(format!("{} damaged lines", end.damage.len())),
        Err(error) => Some(error.to_string()),
    };
    (incident, problem)
}
