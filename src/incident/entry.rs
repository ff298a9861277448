//! An entry: one fact, written once, never changed. The only serialised truth of an incident.
//!
//! The header says when, where and by whom; the body ([`Event`]) says what. A correction is a new
//! entry that names the old one. Start reading at [`Entry`].

use serde::{Deserialize, Serialize};

use super::event::{Class, Event};
use super::ids::{EntryId, HostId, PersonId};
use super::time::{Time, When};

/// Through which door an entry came in.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    #[default]
    Console,
    Cli,
    Slack,
    Pagerduty,
    Jira,
    Import,
    Runner,
    Client,
    /// Another program that speaks for a service.
    Remote,
    /// An origin that a newer warroom knows.
    #[serde(other)]
    Other,
}

/// When an entry was recorded: a hybrid logical clock. Orders the fold, totally.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Physical time, milliseconds.
    pub time: Time,
    /// Counts entries within the same millisecond, or while the clock stands or runs backwards.
    pub tick: u32,
    /// Breaks the last tie.
    pub host: HostId,
}

impl Stamp {
    /// The stamp of the next entry: never before the newest seen, never adopting a clock that
    /// runs more than [`Stamp::MAX_AHEAD_MS`] ahead of ours.
    pub fn next(newest: Stamp, now: Time, host: HostId) -> Stamp {
        let ahead = newest.time.ms().saturating_sub(now.ms());
        if !(0..=Self::MAX_AHEAD_MS).contains(&ahead) {
            return Stamp { time: now, tick: 0, host };
        }
        Stamp { time: newest.time, tick: newest.tick.saturating_add(1), host }
    }

    /// A clock this far ahead, in milliseconds, is kept and flagged, never adopted.
    pub const MAX_AHEAD_MS: i64 = 5 * 60 * 1000;
}

/// The part of an entry that the hash chain covers and that survives an erasure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    pub id: EntryId,
    pub host: HostId,
    /// The host's running number in this incident, from 1.
    pub seq: u64,
    /// Physical part of [`Stamp`].
    pub rec: Time,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tick: u32,
    /// When the source recorded it, for imports and remote messages; absent: `rec`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Time>,
    /// When it happened; absent: `known`, else `rec`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// `at` is an estimate.
    #[serde(default, skip_serializing_if = "is_false")]
    pub about: bool,
    pub by: PersonId,
    #[serde(default, skip_serializing_if = "is_console")]
    pub via: Origin,
    /// The remote's own id: what makes an import or an echo arrive once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}
fn is_false(b: &bool) -> bool {
    !*b
}
fn is_console(origin: &Origin) -> bool {
    *origin == Origin::Console
}

/// One fact in an incident's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub header: Header,
    pub event: Event,
}

impl Entry {
    pub fn id(&self) -> EntryId {
        self.header.id
    }

    pub fn by(&self) -> &PersonId {
        &self.header.by
    }

    /// Its place in the fold.
    pub fn stamp(&self) -> Stamp {
        Stamp { time: self.header.rec, tick: self.header.tick, host: self.header.host }
    }

    /// When it became known: what "as known at T" and replay go by.
    pub fn known_at(&self) -> Time {
        self.header.known.unwrap_or(self.header.rec)
    }

    /// When it happened: what the timeline lists by.
    pub fn at(&self) -> Time {
        self.header.at.unwrap_or_else(|| self.known_at())
    }

    pub fn when(&self) -> When {
        When { time: self.at(), about: self.header.about }
    }

    pub fn class(&self) -> Class {
        self.event.class()
    }
}

/// An entry before the journal has given it its id, number and stamp.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Chosen when the order was given, so that writing it again after a doubtful failure gives one entry, not two.
    /// `None`: the journal chooses.
    pub id: Option<EntryId>,
    pub event: Event,
    pub by: PersonId,
    pub at: Option<When>,
    pub known: Option<Time>,
    pub via: Origin,
    pub remote: Option<String>,
}

impl Draft {
    pub fn new(event: Event, by: PersonId) -> Self {
        Self { id: None, event, by, at: None, known: None, via: Origin::Console, remote: None }
    }

    pub fn with_id(mut self, id: EntryId) -> Self {
        self.id = Some(id);
        self
    }

    pub fn at(mut self, at: Option<When>) -> Self {
        self.at = at;
        self
    }

    pub fn via(mut self, via: Origin) -> Self {
        self.via = via;
        self
    }

    /// It was recorded elsewhere, at that time and under that id.
    pub fn from_remote(mut self, known: Time, remote: Option<String>) -> Self {
        self.known = Some(known);
        self.remote = remote;
        self
    }

    /// The finished entry. `at` is dropped where it says no more than the stamp does.
    pub fn into_entry(self, id: EntryId, seq: u64, stamp: Stamp) -> Entry {
        let known = self.known.filter(|known| *known != stamp.time);
        let default_at = known.unwrap_or(stamp.time);
        let at = self.at.map(|when| when.time).filter(|at| *at != default_at);
        let header = Header {
            id,
            host: stamp.host,
            seq,
            rec: stamp.time,
            tick: stamp.tick,
            known,
            at,
            about: self.at.is_some_and(|when| when.about),
            by: self.by,
            via: self.via,
            remote: self.remote,
        };
        Entry { header, event: self.event }
    }
}
