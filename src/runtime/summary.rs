//! What a list says of each incident of this home: one line, and the follow-ups that are still open (row S4.14).
//!
//! Two thousand journals are not read to show one screen: what did not change is taken from the kept summaries. Start at
//! [`all`] and [`follow_ups`].

use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cache::{self, summaries::Summaries};
use crate::incident::event::FollowUp;
use crate::incident::state::PRIVATE_TITLE;
use crate::incident::words::Status;
use crate::incident::{EntryId, HostId, Incident, Time};
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
