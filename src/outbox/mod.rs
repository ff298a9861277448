//! What still has to be told to the outside: a fold of delivery events, and nothing else.
//!
//! It knows no service, no clock and no network. The room asks it what may be tried next
//! ([`Outbox::next`]); every attempt is journalled before the call is made, so that after a crash
//! the outbox knows which acts may have happened ([`State::Doubtful`]).

use std::collections::btree_map::Entry::Vacant;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::incident::event::{DeliveryEvent, FailureClass};
use crate::incident::{Entry, EntryId, Event, HostId, Span, Time};

/// Fewest and most seconds between two attempts that failed for a passing reason, and between two looks for an act
/// that may have arrived.
const RETRY_FIRST_S: i64 = 1;
const RETRY_MOST_S: i64 = 300;

/// The client that is always there: a file beside the journal.
pub const LOCAL: &str = "local";

/// What a client says of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Confirmed {
        remote: String,
        link: Option<String>,
    },
    Failed {
        class: FailureClass,
        message: String,
        retry_after: Option<Span>,
    },
    /// `find` found nothing: it may be sent again.
    NotThere,
}

/// One outside act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    pub request: EntryId,
    pub host: HostId,
    pub client: String,
    pub lane: String,
    pub subject: EntryId,
    pub title: String,
    pub body: String,
    pub requested_at: Time,
    pub attempts: u32,
    pub state: State,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not tried yet, or to be tried again from `from` on.
    Waiting {
        from: Time,
    },
    /// A call is under way, or was when the process ended.
    Attempted {
        at: Time,
    },
    /// Nobody knows whether it arrived: it must be found before any resend.
    Doubtful {
        since: Time,
        message: String,
    },
    /// Somebody has to decide: edit, retry or drop.
    Stuck {
        class: FailureClass,
        message: String,
    },
    Confirmed {
        at: Time,
        remote: String,
        link: Option<String>,
    },
    Dropped {
        at: Time,
    },
}

impl Act {
    /// When to look for a doubtful act again: the longer it is doubtful, the more rarely.
    fn look_again(&self, since: Time) -> Time {
        let age = since.since(self.requested_at).secs();
        since + Span::from_secs(age.clamp(RETRY_FIRST_S, RETRY_MOST_S))
    }
}

impl State {
    pub fn is_settled(&self) -> bool {
        matches!(self, State::Confirmed { .. } | State::Dropped { .. })
    }
}

/// What may be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Journal the attempt, then make the call.
    Attempt(EntryId),
    /// Ask the remote whether it has it.
    Find(EntryId),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outbox {
    acts: BTreeMap<EntryId, Act>,
    /// Not settled yet, oldest first.
    open: BTreeSet<EntryId>,
}

impl Outbox {
    /// Takes in one entry; all but delivery events leave it as it is.
    pub fn apply(&mut self, entry: &Entry) {
        let Event::Delivery(event) = &entry.event else { return };
        let at = entry.at();
        match event {
            DeliveryEvent::Requested { client, lane, subject, title, body } => {
                let act = Act {
                    request: entry.id(),
                    host: entry.header.host,
                    client: client.clone(),
                    lane: lane.clone(),
                    subject: *subject,
                    title: title.clone(),
                    body: body.clone(),
                    requested_at: at,
                    attempts: 0,
                    state: State::Waiting { from: at },
                };
                // Whoever names an act a second time does not make it undone.
                if let Vacant(place) = self.acts.entry(entry.id()) {
                    place.insert(act);
                    self.open.insert(entry.id());
                }
            }
            DeliveryEvent::Attempted { request, attempt } => {
                self.set(*request, State::Attempted { at });
                if let Some(act) = self.acts.get_mut(request) {
                    act.attempts = act.attempts.max(*attempt);
                }
            }
            DeliveryEvent::Confirmed { request, remote, link } => {
                self.set(*request, State::Confirmed { at, remote: remote.clone(), link: link.clone() })
            }
            DeliveryEvent::Failed { request, class, message, retry_after } => {
                let state = self.after_failure(*request, *class, message, *retry_after, at);
                self.set(*request, state);
            }
            DeliveryEvent::Dropped { request, .. } => self.set(*request, State::Dropped { at }),
        }
    }

    fn after_failure(
        &self,
        request: EntryId,
        class: FailureClass,
        message: &str,
        retry_after: Option<Span>,
        at: Time,
    ) -> State {
        let attempts = self.acts.get(&request).map_or(1, |act| act.attempts);
        match class {
            FailureClass::Transient => {
                State::Waiting { from: at + retry_after.unwrap_or_else(|| backoff(attempts)) }
            }
            FailureClass::Unknown => State::Doubtful { since: at, message: message.to_owned() },
            FailureClass::AlreadyDone => State::Confirmed { at, remote: message.to_owned(), link: None },
            FailureClass::Permanent | FailureClass::Auth => {
                State::Stuck { class, message: message.to_owned() }
            }
        }
    }

    /// A settled act stays settled, whatever arrives late.
    fn set(&mut self, request: EntryId, state: State) {
        let Some(act) = self.acts.get_mut(&request) else { return };
        if act.state.is_settled() {
            return;
        }
        if state.is_settled() {
            self.open.remove(&request);
        }
        act.state = state;
    }

    pub fn get(&self, request: EntryId) -> Option<&Act> {
        self.acts.get(&request)
    }

    /// Acts that are not settled, oldest first.
    pub fn open(&self) -> impl Iterator<Item = &Act> {
        self.open.iter().filter_map(|request| self.acts.get(request))
    }

    /// The acts that deliver one entry.
    pub fn about(&self, subject: EntryId) -> impl Iterator<Item = &Act> {
        self.acts.values().filter(move |act| act.subject == subject)
    }

    /// What `host` may do now: the oldest act of each lane, unless it waits. Lanes keep their order;
    /// one that is stuck does not stop the others. `busy` names the calls this process has under way.
    pub fn next(&self, host: HostId, now: Time, busy: &BTreeSet<EntryId>) -> Option<Next> {
        let mut lanes = BTreeSet::new();
        self.open().filter(|act| act.host == host).find_map(|act| {
            let first = lanes.insert((&act.client, &act.lane));
            if !first || busy.contains(&act.request) {
                return None;
            }
            match &act.state {
                State::Waiting { from } if *from <= now => Some(Next::Attempt(act.request)),
                State::Attempted { .. } => Some(Next::Find(act.request)),
                State::Doubtful { since, .. } if act.look_again(*since) <= now => {
                    Some(Next::Find(act.request))
                }
                _ => None,
            }
        })
    }

    /// When [`Outbox::next`] may answer differently by time alone.
    pub fn wakes_at(&self, host: HostId, now: Time) -> Option<Time> {
        let waits = self.open().filter(|act| act.host == host).filter_map(|act| match act.state {
            State::Waiting { from } => Some(from),
            State::Doubtful { since, .. } => Some(act.look_again(since)),
            _ => None,
        });
        waits.filter(|from| *from > now).min()
    }
}

/// Doubles with each attempt; whoever waits adds jitter.
fn backoff(attempts: u32) -> Span {
    let doubled = RETRY_FIRST_S.saturating_mul(1_i64 << attempts.min(20));
    Span::from_secs(doubled.min(RETRY_MOST_S))
}
