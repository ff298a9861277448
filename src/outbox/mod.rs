//! What still has to be told to the outside: a fold of delivery events, and nothing else.
//!
//! It knows no service, no clock and no network. The room asks it what may be tried next
//! ([`Outbox::next`]); every attempt is journalled before the call is made, so that after a crash
//! the outbox knows which acts may have happened ([`State::Attempted`], [`State::Doubtful`]). What calls bring back that later
//! acts need (a channel, a ticket) is a [`Place`]. What arrives from outside is [`news`], who is told what is [`routes`].

mod act;
pub mod directory;
pub mod news;
pub mod pace;
pub mod routes;
pub mod wishes;

use std::collections::btree_map::Entry::Vacant;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use act::{Act, Call, State};

use crate::incident::event::{ChatDeed, Deed, DeliveryEvent, FailureClass, Listen, Requested, Slot};
use crate::incident::{Entry, EntryId, Event, HostId, Span, Time};

/// Seconds within which the first retry of a passing failure lies, and the most that later ones may wait.
const RETRY_FIRST_S: i64 = 2;
const RETRY_MOST_S: i64 = 300;

/// The client that is always there: a file beside the journal.
pub const LOCAL: &str = "local";

/// In the place of the service's own id: a person has looked, and it is there.
pub const SEEN: &str = "seen by a person";

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
    /// `find` cannot tell, now or ever: a person has to look.
    CannotTell {
        message: String,
    },
}

impl Outcome {
    pub fn failed(class: FailureClass, message: impl Into<String>) -> Outcome {
        Outcome::Failed { class, message: message.into(), retry_after: None }
    }

    pub fn confirmed(remote: impl Into<String>) -> Outcome {
        Outcome::Confirmed { remote: remote.into(), link: None }
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

impl Next {
    pub const fn request(self) -> EntryId {
        match self {
            Next::Attempt(request) | Next::Find(request) => request,
        }
    }
}

/// Something outside that belongs to the incident: its channel, its page, a ticket, a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The service's own id.
    pub remote: String,
    pub link: Option<String>,
    /// The act that made or adopted it.
    pub request: EntryId,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outbox {
    acts: BTreeMap<EntryId, Act>,
    /// Every request in the order of the fold: ids made in the same millisecond have none.
    order: Vec<EntryId>,
    /// Those that are not settled, by their place in that order.
    open: BTreeSet<usize>,
    /// By account. A list, for a map's key cannot be a pair in JSON.
    #[serde(with = "places_as_list")]
    places: BTreeMap<(String, Slot), Place>,
    /// Until when a service has asked an account to wait.
    held: BTreeMap<String, Time>,
    /// What of each account's channel becomes part of the timeline, where somebody chose.
    listens: BTreeMap<String, Listen>,
    /// What was said of requests that are not there yet: another host's, or our own after a clock was set back.
    early: BTreeMap<EntryId, Vec<(Time, DeliveryEvent)>>,
}

mod places_as_list {
    use super::{BTreeMap, Place, Slot};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Places = BTreeMap<(String, Slot), Place>;

    pub fn serialize<S: Serializer>(places: &Places, to: S) -> Result<S::Ok, S::Error> {
        places.iter().collect::<Vec<_>>().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Places, D::Error> {
        Ok(Vec::<((String, Slot), Place)>::deserialize(from)?.into_iter().collect())
    }
}

impl Outbox {
    /// Takes in one entry; all but delivery events leave it as it is.
    pub fn apply(&mut self, entry: &Entry) {
        let Event::Delivery(event) = &entry.event else { return };
        match event {
            DeliveryEvent::Requested(requested) => self.request(entry, requested),
            DeliveryEvent::TakenOver { from } => self.take_over(*from, entry.header.host),
            DeliveryEvent::Tuned { client, listen } => {
                self.listens.insert(client.clone(), *listen);
            }
            event => self.happen(event, entry.at()),
        }
    }

    fn take_over(&mut self, from: HostId, host: HostId) {
        for request in self.open().map(|act| act.request).collect::<Vec<_>>() {
            if let Some(act) = self.acts.get_mut(&request).filter(|act| act.host == from) {
                act.host = host;
            }
        }
    }

    /// Something happens to an act, or will have, once its request is there.
    fn happen(&mut self, event: &DeliveryEvent, at: Time) {
        let Some(request) = event.request() else { return };
        if !self.acts.contains_key(&request) {
            self.early.entry(request).or_default().push((at, event.clone()));
            return;
        }
        match event {
            DeliveryEvent::Attempted { attempt, .. } => self.attempt(request, *attempt, at),
            DeliveryEvent::Confirmed { remote, link, .. } => {
                self.confirm(request, at, remote, link.as_deref())
            }
            DeliveryEvent::Failed { class, message, retry_after, ask, .. } => {
                self.fail(request, *class, message, *retry_after, *ask, at)
            }
            DeliveryEvent::Dropped { .. } => self.set(request, State::Dropped { at }),
            DeliveryEvent::Retried { .. } => self.retry(request, at),
            DeliveryEvent::Sought { .. } => self.seek(request, at),
            DeliveryEvent::Reworded { title, body, .. } => self.reword(request, title, body, at),
            DeliveryEvent::Requested(_) | DeliveryEvent::TakenOver { .. } | DeliveryEvent::Tuned { .. } => {}
        }
    }

    fn attempt(&mut self, request: EntryId, attempt: u32, at: Time) {
        let Some(act) = self.acts.get(&request) else { return };
        // What is in doubt is looked for where it was sent, wherever the channel is by then.
        let places =
            act.deed.needs().map(|slot| self.place(&act.client, slot?).map(|place| place.remote.clone()));
        if let Some(act) = self.acts.get_mut(&request).filter(|act| !act.state.is_settled()) {
            act.attempts = act.attempts.max(attempt);
            act.attempted_at = Some(at);
            act.attempted_in = places;
        }
        self.set(request, State::Attempted { at });
    }

    /// Whoever mends an account mends it for all that it kept out.
    fn retry(&mut self, request: EntryId, at: Time) {
        let locked = |act: &Act| matches!(act.state, State::Stuck { class: FailureClass::Auth, .. });
        let account = self.get(request).filter(|act| locked(act)).map(|act| act.client.clone());
        let same = |act: &&Act| account.as_ref() == Some(&act.client) && locked(act);
        let all: Vec<EntryId> = self.open().filter(same).map(|act| act.request).collect();
        for request in all.into_iter().chain([request]) {
            self.set(request, State::Waiting { from: at });
        }
    }

    fn request(&mut self, entry: &Entry, requested: &Requested) {
        let act = Act::new(entry, requested);
        // Whoever names an act a second time does not make it undone.
        let Vacant(place) = self.acts.entry(entry.id()) else { return };
        let (client, lane, sets) = (act.client.clone(), act.lane.clone(), act.deed.sets());
        place.insert(Act { number: self.order.len(), ..act });
        if let Some(sets) = sets {
            self.supersede(entry, &client, &lane, &sets);
        }
        self.open.insert(self.order.len());
        self.order.push(entry.id());
        for (at, event) in self.early.remove(&entry.id()).unwrap_or_default() {
            self.happen(&event, at);
        }
    }

    /// A state that is set anew need not be set to what it was meant to be before, unless that is or was under way.
    fn supersede(&mut self, entry: &Entry, client: &str, lane: &str, sets: &str) {
        let waits = |act: &&Act| {
            act.client == client
                && act.lane == lane
                && act.is_untold()
                && act.deed.sets().as_deref() == Some(sets)
        };
        let older: Vec<EntryId> = self.open().filter(waits).map(|act| act.request).collect();
        for request in older.into_iter().filter(|request| *request != entry.id()) {
            self.set(request, State::Superseded { by: entry.id() });
        }
    }

    fn confirm(&mut self, request: EntryId, at: Time, remote: &str, link: Option<&str>) {
        let Some(act) = self.acts.get(&request) else { return };
        let (client, makes) = (act.client.clone(), act.deed.makes(request));
        let (remote, link) = (remote.to_owned(), link.map(str::to_owned));
        // That somebody has seen it says that it is there, not where.
        if let Some(slot) = makes.filter(|_| !act.state.is_settled() && remote != SEEN) {
            let place = Place { remote: remote.clone(), link: link.clone(), request };
            self.places.insert((client, slot), place);
        }
        self.set(request, State::Confirmed { at, remote, link });
    }

    fn fail(
        &mut self,
        request: EntryId,
        class: FailureClass,
        message: &str,
        retry_after: Option<Span>,
        ask: bool,
        at: Time,
    ) {
        let Some(act) = self.acts.get(&request) else { return };
        if class == FailureClass::AlreadyDone {
            return self.confirm(request, at, message, None);
        }
        let attempts = act.attempts;
        if let Some(wait) = retry_after.filter(|_| class == FailureClass::Transient) {
            self.held.insert(act.client.clone(), at + wait);
        }
        let message = message.to_owned();
        let state = match class {
            FailureClass::Transient => {
                let wait = retry_after.unwrap_or_else(|| jittered(request, attempts));
                State::Failing { from: at + wait, message }
            }
            FailureClass::Unknown if ask => State::Stuck { class, message },
            FailureClass::Unknown => {
                let since = act.doubted_since().unwrap_or(at);
                let next = at + retry_after.unwrap_or_else(|| look_again(since, at));
                State::Doubtful { since, next, message }
            }
            FailureClass::Permanent | FailureClass::Auth | FailureClass::AlreadyDone => {
                State::Stuck { class, message }
            }
        };
        self.set(request, state);
    }

    fn seek(&mut self, request: EntryId, at: Time) {
        let Some(act) = self.acts.get(&request).filter(|act| act.attempts > 0) else { return };
        let since = act.doubted_since().unwrap_or(at);
        self.set(request, State::Doubtful { since, next: at, message: "looked for again".to_owned() });
    }

    /// What may have arrived keeps its words: others may have read them.
    fn reword(&mut self, request: EntryId, title: &str, body: &str, at: Time) {
        let Some(act) = self.acts.get_mut(&request).filter(|act| act.can_be_reworded()) else { return };
        // Of a deed that names something, the heading is that name.
        if let Some(argument) = act.deed.argument().filter(|_| !title.is_empty()) {
            title.clone_into(argument);
        }
        if let Some(address) = act.deed.address().filter(|_| !body.is_empty()) {
            body.clone_into(address);
        }
        (act.title, act.body) = (title.to_owned(), body.to_owned());
        act.state = State::Waiting { from: at };
    }

    /// A settled act stays settled, whatever arrives late.
    fn set(&mut self, request: EntryId, state: State) {
        let Some(act) = self.acts.get_mut(&request) else { return };
        if act.state.is_settled() {
            return;
        }
        if state.is_settled() {
            self.open.remove(&act.number);
        }
        act.state = state;
    }

    pub fn get(&self, request: EntryId) -> Option<&Act> {
        self.acts.get(&request)
    }

    /// Every act there was, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Act> {
        self.order.iter().filter_map(|request| self.acts.get(request))
    }

    /// Acts that are not settled, oldest first.
    pub fn open(&self) -> impl Iterator<Item = &Act> {
        self.open.iter().filter_map(|number| self.acts.get(self.order.get(*number)?))
    }

    /// The acts that deliver one entry.
    pub fn about(&self, subject: EntryId) -> impl Iterator<Item = &Act> {
        self.all().filter(move |act| act.subject == subject)
    }

    /// What an account has for the incident.
    pub fn place(&self, client: &str, slot: Slot) -> Option<&Place> {
        self.places.get(&(client.to_owned(), slot))
    }

    /// All that an account has for the incident.
    pub fn places(&self, client: &str) -> impl Iterator<Item = (Slot, &Place)> {
        self.places
            .iter()
            .filter(move |((owner, _), _)| owner == client)
            .map(|((_, slot), place)| (*slot, place))
    }

    /// Whether an account has it, or was asked for it.
    pub fn has_or_awaits(&self, client: &str, slot: Slot) -> bool {
        self.place(client, slot).is_some() || self.awaited(client, slot).next().is_some()
    }

    /// The open acts that would make it.
    pub fn awaited<'a>(&'a self, client: &'a str, slot: Slot) -> impl Iterator<Item = &'a Act> {
        self.open().filter(move |act| act.client == client && act.deed.makes(act.request) == Some(slot))
    }

    /// What of an account's channel becomes part of the timeline, where somebody chose.
    pub fn listens(&self, client: &str) -> Option<Listen> {
        self.listens.get(client).copied()
    }

    /// What keeps all acts of an account back: one that somebody has to let in again.
    pub fn locked_out(&self, client: &str) -> Option<&Act> {
        self.open().find(|act| {
            act.client == client && matches!(act.state, State::Stuck { class: FailureClass::Auth, .. })
        })
    }

    /// All that its client must know to carry an act out.
    pub fn call(&self, request: EntryId, drill: bool, now: Time) -> Option<Call> {
        let act = self.get(request)?.clone();
        let needs = act.attempted_in.clone();
        Some(Call { act, needs, drill, now })
    }

    /// What an act waits for that is not there yet.
    pub fn lacks(&self, act: &Act) -> Option<Slot> {
        act.deed.needs().into_iter().flatten().find(|slot| self.place(&act.client, *slot).is_none())
    }

    /// What the act is about was never made, and nothing is under way that would make it: its lane goes on without it, until
    /// somebody asks for that thing anew.
    pub fn is_orphan(&self, act: &Act) -> bool {
        let waits = matches!(act.state, State::Waiting { .. } | State::Failing { .. });
        waits && self.lacks(act).is_some_and(|slot| self.awaited(&act.client, slot).next().is_none())
    }

    /// Whether those behind it wait for it. A page that was refused has done nothing, and nobody stays asleep for it.
    fn holds_lane(&self, act: &Act) -> bool {
        let refused = matches!(act.state, State::Stuck { class: FailureClass::Permanent, .. });
        let refused_page = refused && matches!(act.deed, Deed::Page(_));
        !(refused_page || self.is_orphan(act))
    }

    /// The act that it waits behind, where that one waits for a person.
    pub fn behind(&self, act: &Act) -> Option<&Act> {
        let first = self.open().find(|first| {
            (&first.client, &first.lane, first.host) == (&act.client, &act.lane, act.host)
                && self.holds_lane(first)
        });
        first.filter(|first| first.number < act.number && self.needs_person(first))
    }

    /// Whether nothing goes on with it until a person does something.
    pub fn needs_person(&self, act: &Act) -> bool {
        act.state.needs_person() || self.is_orphan(act)
    }

    /// What is wrong with it, in words.
    pub fn message<'a>(&self, act: &'a Act) -> Option<&'a str> {
        if self.is_orphan(act) {
            return Some("what it is about was never made there: drop it, or ask for that thing first");
        }
        act.state.message()
    }

    /// The oldest act of each lane of `host`, where it may go on. Lanes keep their order; one that is stuck does not stop the
    /// others, but an account that lets nobody in does, and so does a service that asked to be left alone.
    fn heads(&self, host: HostId) -> impl Iterator<Item = &Act> {
        let mut lanes = BTreeSet::new();
        let locked: BTreeSet<&str> = self
            .open()
            .filter(|act| matches!(act.state, State::Stuck { class: FailureClass::Auth, .. }))
            .map(|act| act.client.as_str())
            .collect();
        // One that is on its way, or may be, comes before an older one that is asked for again.
        let mut on_its_way: BTreeMap<(&str, &str), EntryId> = BTreeMap::new();
        for act in self.open().filter(|act| act.host == host) {
            if matches!(act.state, State::Attempted { .. } | State::Doubtful { .. }) {
                on_its_way.entry((&act.client, &act.lane)).or_insert(act.request);
            }
        }
        let next = move |act: &&Act| {
            on_its_way.get(&(&*act.client, &*act.lane)).is_none_or(|first| *first == act.request)
        };
        self.open()
            .filter(move |act| act.host == host && self.holds_lane(act))
            .filter(next)
            .filter(move |act| lanes.insert((&act.client, &act.lane)))
            .filter(move |act| !locked.contains(act.client.as_str()))
    }

    /// From when on the act may be tried or looked for.
    fn ready_at(&self, act: &Act) -> Option<(Time, Next)> {
        let held = self.held.get(&act.client).copied().unwrap_or_default();
        match &act.state {
            // A stamp may run ahead of the clock: what merely waits its turn does not wait for that.
            State::Waiting { .. } if self.lacks(act).is_none() => Some((held, Next::Attempt(act.request))),
            State::Failing { from, .. } if self.lacks(act).is_none() => {
                Some(((*from).max(held), Next::Attempt(act.request)))
            }
            State::Attempted { .. } => Some((held, Next::Find(act.request))),
            State::Doubtful { next, .. } => Some(((*next).max(held), Next::Find(act.request))),
            _ => None,
        }
    }

    /// What `host` may do now. `busy` names the calls this process has under way.
    pub fn next(&self, host: HostId, now: Time, busy: &BTreeSet<EntryId>) -> Option<Next> {
        self.nexts(host, now, busy).next()
    }

    /// Everything that `host` may do now, one for each lane.
    pub fn nexts(&self, host: HostId, now: Time, busy: &BTreeSet<EntryId>) -> impl Iterator<Item = Next> {
        self.heads(host)
            .filter(|act| !busy.contains(&act.request))
            .filter_map(move |act| self.ready_at(act))
            .filter(move |(at, _)| *at <= now)
            .map(|(_, next)| next)
    }

    /// When [`Outbox::next`] may answer differently by time alone.
    pub fn wakes_at(&self, host: HostId, now: Time) -> Option<Time> {
        self.heads(host).filter_map(|act| self.ready_at(act)).map(|(at, _)| at).filter(|at| *at > now).min()
    }
}

/// Full jitter: anything up to a bound that doubles with each attempt. It is made from the act itself, so that the same log
/// always waits equally long, and a thousand acts that failed together do not come back together.
fn jittered(request: EntryId, attempts: u32) -> Span {
    let bound = RETRY_FIRST_S.saturating_mul(1_i64 << attempts.saturating_sub(1).min(20)).min(RETRY_MOST_S);
    let dice = mixed(request.0 as u64 ^ (request.0 >> 64) as u64 ^ u64::from(attempts));
    let most_ms = bound.saturating_mul(1000).unsigned_abs();
    Span::from_ms(i64::try_from(dice % (most_ms + 1)).unwrap_or(0))
}

/// How long until a doubtful act is looked for again: the longer it is doubtful, the more rarely.
fn look_again(since: Time, now: Time) -> Span {
    Span::from_secs(now.since(since).secs().clamp(1, RETRY_MOST_S))
}

/// Spreads the bits of a number over all of it (the finaliser of SplitMix64).
pub(crate) fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The posts of ours at an account, but for those that were given up; the newest last.
pub fn posts<'a>(outbox: &'a Outbox, client: &'a str) -> impl Iterator<Item = &'a Act> {
    let gone = |act: &Act| matches!(act.state, State::Dropped { .. } | State::Superseded { .. });
    let posts = |act: &Act| matches!(act.deed, Deed::Chat(ChatDeed::Post { .. }));
    outbox.all().filter(move |act| act.client == client && posts(act) && !gone(act))
}
