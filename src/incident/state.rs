//! The state of one incident, derived from its log and from nothing else.
//!
//! [`Incident`] holds no text of the timeline: rows and entries come from
//! [`super::rows`]. It changes only through [`Incident::apply`] (in `apply.rs`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::asks::Asks;
use super::checklist::Run;
use super::clocks::Clocks;
use super::decisions::{Hypotheses, Polls};
use super::entry::{Entry, Stamp};
use super::event::{Assessment, Declared, Person, SentUpdate};
use super::follow_ups::FollowUps;
use super::ids::{EntryId, HostId, PersonId};
use super::ledger::Ledger;
use super::pinned::Pinned;
use super::roles::RoleBoard;
use super::time::{Span, Time};
use super::words::{Phase, Status};
use crate::policy::{Level, Policy};

/// What stands in channels, file names and messages for the title of a private incident.
pub const PRIVATE_TITLE: &str = "private incident";

/// Everything that can be known of an incident at one moment, but for the words of its timeline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    pub declared: Option<Declaration>,
    pub status: Status,
    /// Every change of status, the declaration first.
    pub statuses: Vec<StatusTurn>,
    pub severity: Option<String>,
    pub severities: Vec<SeverityTurn>,
    pub roles: RoleBoard,
    pub people: BTreeMap<PersonId, Person>,
    /// Everybody who wrote an entry or was named in one.
    pub seen: BTreeSet<PersonId>,
    pub runs: Vec<Run>,
    pub updates: Vec<UpdateRecord>,
    /// When the next update to an audience is due.
    pub due: BTreeMap<String, Time>,
    /// Where in the log it was last said when the next update is due, or that there is none.
    pub due_said: BTreeMap<String, Stamp>,
    /// Updates that wait for the commander's approval, or were rejected.
    pub proposed: Vec<Proposed>,
    /// What the policy was, each from its moment on; the last one holds.
    pub policies: Vec<Pinned>,
    /// What was answered at triage, the newest last.
    pub assessments: Vec<Assessed>,
    pub clocks: Clocks,
    pub asks: Asks,
    pub polls: Polls,
    pub hypotheses: Hypotheses,
    pub ledger: Ledger,
    pub follow_ups: FollowUps,
    /// It was private once: a regulator's clock does not end because it no longer is.
    pub ever_private: bool,
    /// The title before each entry that changed it.
    pub former_titles: Vec<(EntryId, String)>,
    pub links: BTreeMap<String, String>,
    pub notes: NoteChanges,
    /// Entries that came from elsewhere, by account and the service's own id: each arrives once.
    pub remotes: BTreeMap<String, EntryId>,
    /// Entries that no longer applied when their turn came, and why. They stay on the timeline.
    pub idle: BTreeMap<EntryId, String>,
    /// What the room has to say about the log itself.
    pub notices: Vec<Notice>,
    /// Entries folded.
    pub count: u64,
    /// The newest entry of each host.
    pub hosts: BTreeMap<HostId, u64>,
    /// The last entry folded.
    pub last: Stamp,
    /// When the first and the newest thing happened.
    pub span: Option<(Time, Time)>,
    /// When the newest thing became known.
    pub newest_known: Option<Time>,
}

/// The first entry, with its header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Declaration {
    pub id: EntryId,
    pub at: Time,
    pub by: PersonId,
    pub what: Declared,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusTurn {
    /// The entry that moved it.
    pub id: EntryId,
    /// Its place in the fold.
    pub stamp: Stamp,
    pub at: Time,
    pub to: Status,
    pub by: PersonId,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeverityTurn {
    /// The entry that set it.
    pub id: EntryId,
    /// From where its clocks count: from here, or, where a slip was taken back, from when this severity was first set.
    pub base: Base,
    pub at: Time,
    /// Empty: there was none any more.
    pub to: String,
    pub by: PersonId,
    pub reason: String,
}

/// A moment of the log from which clocks count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// The entry: part of the names of the clocks.
    pub id: EntryId,
    pub at: Time,
    pub stamp: Stamp,
}

impl Base {
    pub(super) fn of(entry: &Entry) -> Base {
        Base { id: entry.id(), at: entry.at(), stamp: entry.stamp() }
    }
}

/// The answers of one triage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessed {
    pub id: EntryId,
    pub at: Time,
    pub by: PersonId,
    pub answers: Vec<Assessment>,
    pub proposes: Option<String>,
}

/// An update that was put before the commander.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposed {
    pub id: EntryId,
    pub at: Time,
    pub by: PersonId,
    pub update: SentUpdate,
    pub answer: Option<Approval>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    pub approved: bool,
    pub by: PersonId,
    pub at: Time,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpdateRecord {
    pub id: EntryId,
    pub at: Time,
    pub by: PersonId,
    pub sent: SentUpdate,
}

/// Changes to entries that were already written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NoteChanges {
    pub corrected: BTreeMap<EntryId, Correction>,
    pub retracted: BTreeMap<EntryId, Retraction>,
    pub marked: BTreeSet<EntryId>,
    pub erased: BTreeMap<EntryId, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    pub text: String,
    pub at: Option<Time>,
    pub about: bool,
    pub by: PersonId,
    pub when: Time,
    /// How often it was corrected.
    pub times: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retraction {
    pub by: PersonId,
    pub when: Time,
    pub reason: String,
}

/// Something about the log that people must see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    pub about: EntryId,
    pub at: Time,
    pub text: String,
}

impl Incident {
    pub fn title(&self) -> &str {
        self.declared.as_ref().map_or("(not declared)", |declaration| declaration.what.title.as_str())
    }

    pub fn kind(&self) -> Option<&str> {
        self.declared.as_ref()?.what.kind.as_deref()
    }

    pub fn is_private(&self) -> bool {
        self.declared.as_ref().is_some_and(|declaration| declaration.what.private)
    }

    /// The title as it may stand in channels, file names and messages: a private incident has none.
    pub fn public_title(&self) -> &str {
        if self.is_private() { PRIVATE_TITLE } else { self.title() }
    }

    /// The policy that was pinned last. Without one the incident has no clocks but its own.
    pub fn policy(&self) -> Option<&Policy> {
        self.policies.last().map(Pinned::policy)
    }

    /// What the room has to say about its policy: clocks that should run do not.
    pub fn policy_trouble(&self) -> Option<String> {
        let unread = self.policies.last()?.unreadable();
        let text =
            || format!("this version cannot read the policy {}: its clocks do not run", unread.join(", "));
        (!unread.is_empty()).then(text)
    }

    /// The present severity as the pinned policy explains it.
    pub fn level(&self) -> Option<&Level> {
        self.policy()?.level(self.severity.as_deref()?)
    }

    /// The entry that set the present severity.
    pub fn severity_turn(&self) -> Option<&SeverityTurn> {
        self.severities.last().filter(|turn| !turn.to.is_empty())
    }

    /// From where the clocks of the present severity count: from when it was set, or the incident reopened, or the policy
    /// pinned, whichever came last. Nothing rings for a time at which it did not run.
    pub fn clock_base(&self) -> Option<Base> {
        let turn = self.severity_turn()?;
        let pinned = self.policies.last().map(|pinned| pinned.base);
        // What was pinned with the declaration makes no difference.
        let pinned = pinned.filter(|pinned| pinned.at > turn.base.at);
        [Some(turn.base), self.reopened(), pinned].into_iter().flatten().max_by_key(|base| base.stamp)
    }

    /// When it was last reopened.
    pub fn reopened(&self) -> Option<Base> {
        let reopens = |turns: &&[StatusTurn]| turns[0].to.is_over() && !turns[1].to.is_over();
        let turn = &self.statuses.windows(2).rfind(reopens)?[1];
        Some(Base { id: turn.id, at: turn.at, stamp: turn.stamp })
    }

    /// How long each severity has held, in the order in which they were first set.
    pub fn time_in_severity(&self, now: Time) -> Vec<(&str, Span)> {
        let end = self.resolved_at().unwrap_or(now);
        let ends = self.severities.iter().skip(1).map(|turn| turn.at).chain([end]);
        let mut spans: Vec<(&str, Span)> = Vec::new();
        for (turn, until) in self.severities.iter().zip(ends).filter(|(turn, _)| !turn.to.is_empty()) {
            let held = Span::from_ms(until.since(turn.at).ms().max(0));
            match spans.iter_mut().find(|(name, _)| *name == turn.to) {
                Some((_, sum)) => *sum = Span::from_ms(sum.ms().saturating_add(held.ms())),
                None => spans.push((&turn.to, held)),
            }
        }
        spans
    }

    /// Updates that wait for the commander's word, oldest first.
    pub fn awaiting_approval(&self) -> impl Iterator<Item = &Proposed> {
        self.proposed.iter().filter(|proposed| proposed.answer.is_none())
    }

    pub fn is_drill(&self) -> bool {
        self.declared.as_ref().is_some_and(|declaration| declaration.what.drill)
    }

    pub fn declared_at(&self) -> Option<Time> {
        self.declared.as_ref().map(|declaration| declaration.at)
    }

    pub fn phase(&self) -> Phase {
        self.status.phase()
    }

    /// When the running clock stopped: the moment of the last resolution, if it still holds.
    pub fn resolved_at(&self) -> Option<Time> {
        if !self.status.is_over() {
            return None;
        }
        let mut resolved = None;
        for turn in &self.statuses {
            match (turn.to.is_over(), resolved) {
                (true, None) => resolved = Some(turn.at),
                (false, Some(_)) => resolved = None,
                _ => {}
            }
        }
        resolved
    }

    /// When each phase was first entered.
    pub fn phase_starts(&self) -> Vec<(Phase, Time)> {
        let mut starts: Vec<(Phase, Time)> = Vec::new();
        for turn in &self.statuses {
            let phase = turn.to.phase();
            if starts.last().is_none_or(|(last, _)| *last != phase) {
                starts.push((phase, turn.at));
            }
        }
        starts
    }

    pub fn commander(&self) -> Option<&PersonId> {
        self.roles.holder(super::roles::COMMANDER)
    }

    /// The run whose checklist is shown first: the newest that is still attached.
    pub fn run(&self, id: EntryId) -> Option<&Run> {
        self.runs.iter().find(|run| run.id == id)
    }

    pub fn attached_runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| run.detached.is_none())
    }

    pub fn last_update(&self, audience: &str) -> Option<&UpdateRecord> {
        self.updates.iter().rev().find(|update| update.sent.audience == audience)
    }

    /// A person's name to show: the full name where one is known, else the handle.
    pub fn name_of<'a>(&'a self, who: &'a PersonId) -> &'a str {
        let name = self.people.get(who).map(|person| person.name.as_str());
        name.filter(|name| !name.is_empty()).unwrap_or(who.as_str())
    }
}
