//! The driver of one running incident: orders and news go in, effects come out. No I/O, no clock.
//!
//! One order is decided, appended and folded before the next is decided, so nothing is ever decided
//! on a state that the journal does not have. When another process has written meanwhile, the
//! journal answers with its entries and the order is decided again. Start at [`Room::handle`].

mod folded;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crate::incident::command::{ClockCommand, DeliveryCommand};
use crate::incident::deadline::{Deadline, deadlines, ringing};
use crate::incident::event::{DeliveryEvent, FailureClass, SentUpdate, UpdateEvent};
use crate::incident::rows::Placed;
use crate::incident::{
    Command, Context, Draft, Entry, EntryId, Event, HostId, Incident, Origin, PersonId, Refusal, Span, Time,
    When, decide,
};
use crate::outbox::{Next, Outbox};
use crate::policy::Policy;

pub use crate::outbox::{LOCAL, Outcome};
pub use folded::Folded;

/// A command and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub command: Command,
    pub by: PersonId,
    /// When it happened, if not now.
    pub at: Option<When>,
    pub via: Origin,
    /// The id of its first entry, for an order that was given before; else the room makes one.
    pub id: Option<EntryId>,
}

impl Order {
    pub fn new(command: Command, by: PersonId) -> Self {
        Self { command, by, at: None, via: Origin::Console, id: None }
    }

    pub fn at(mut self, at: Option<When>) -> Self {
        self.at = at;
        self
    }

    pub fn via(mut self, via: Origin) -> Self {
        self.via = via;
        self
    }

    pub fn with_id(mut self, id: EntryId) -> Self {
        self.id = Some(id);
        self
    }
}

/// Names an order until it is done or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

pub enum Input {
    Order(Ticket, Box<Order>),
    /// Entries that others wrote.
    News(Vec<Placed>),
    /// The entries of the order in flight, synced.
    Written(Vec<Placed>),
    /// The same, but they belong before entries that were folded already; and the whole fold, made anew with them.
    WrittenLate(Vec<Placed>, Box<Folded>),
    /// Others had written first; nothing of ours was.
    Moved(Vec<Placed>),
    /// The append in flight failed and nothing of it was saved.
    /// `lasting`: it would fail again, however often it were tried.
    Unsaved {
        why: String,
        hint: String,
        lasting: bool,
    },
    /// The whole fold, made anew because an entry came in late.
    Refolded(Box<Folded>),
    /// The outcome of a call.
    Delivered {
        request: EntryId,
        outcome: Outcome,
    },
    /// Time has passed.
    Tick,
}

#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Write these, synced, in one piece.
    Append(Vec<Draft>),
    /// An order is saved; its entries.
    Saved {
        ticket: Ticket,
        entries: Vec<Arc<Entry>>,
    },
    Refused {
        ticket: Ticket,
        refusal: Refusal,
    },
    /// Not saved; it stays first in line and is tried again from `retry_at` on.
    Waiting {
        ticket: Ticket,
        why: String,
        hint: String,
        retry_at: Time,
    },
    Deliver {
        request: EntryId,
        client: String,
    },
    Find {
        request: EntryId,
        client: String,
    },
}

pub struct Room {
    pub folded: Folded,
    pub policy: Policy,
    host: HostId,
    /// Whether this process carries out the outside acts of this host.
    delivers: bool,
    queue: VecDeque<Queued>,
    in_flight: bool,
    retry_at: Option<Time>,
    failures: u32,
    calls: BTreeSet<EntryId>,
    /// Those of them that only ask whether it arrived.
    looking: BTreeSet<EntryId>,
    /// When the next clock runs out.
    rings: Option<Time>,
    next_ticket: u64,
    seed: u64,
    next_id: u64,
}

/// An order in line, with the id of its first entry: it never changes, however often it is tried.
struct Queued {
    ticket: Ticket,
    id: EntryId,
    order: Order,
}

/// In whose name a clock runs out.
const CLOCK: &str = "clock";

/// Seconds before the first and between later tries to save.
const SAVE_RETRY_S: [i64; 4] = [1, 2, 5, 10];

impl Room {
    pub fn new(folded: Folded, policy: Policy, host: HostId, delivers: bool) -> Self {
        Self {
            folded,
            policy,
            host,
            delivers,
            queue: VecDeque::new(),
            in_flight: false,
            retry_at: None,
            failures: 0,
            calls: BTreeSet::new(),
            looking: BTreeSet::new(),
            rings: Some(Time::default()),
            next_ticket: 0,
            seed: 0,
            next_id: 0,
        }
    }

    /// Ids are made from this number, the host and a count. Two rooms that write at once must not share it, so
    /// whoever runs one passes a random number.
    pub fn seeded(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    pub fn delivers(&self) -> bool {
        self.delivers
    }

    /// Whether this process carries out the outside acts of this host from now on.
    pub fn set_delivers(&mut self, delivers: bool) {
        self.delivers = delivers;
    }

    /// An id for the first entry of an order; the ids just behind it are free for its other entries.
    fn fresh_id(&mut self, now: Time) -> EntryId {
        self.next_id += 1;
        let host = self.host.to_string();
        let high = mixed(self.seed ^ host.bytes().fold(0, |sum, byte| sum << 5 ^ u64::from(byte)));
        let low = mixed(high ^ self.next_id);
        let random = (u128::from(high) << 64 | u128::from(low)) & !0xff;
        EntryId::from_parts(now.ms().unsigned_abs(), random)
    }

    pub fn incident(&self) -> &Incident {
        &self.folded.incident
    }

    pub fn outbox(&self) -> &Outbox {
        &self.folded.outbox
    }

    /// A fresh name for an order.
    pub fn ticket(&mut self) -> Ticket {
        self.next_ticket += 1;
        Ticket(self.next_ticket)
    }

    /// Orders that are not saved yet, oldest first.
    pub fn unsaved(&self) -> impl Iterator<Item = (EntryId, &Order)> {
        self.queue.iter().map(|queued| (queued.id, &queued.order))
    }

    /// When [`Input::Tick`] would change something.
    pub fn wakes_at(&self, now: Time) -> Option<Time> {
        let due = self.folded.outbox.next(self.host, now, &self.calls).map(|_| now);
        let delivery = due.or_else(|| self.folded.outbox.wakes_at(self.host, now)).filter(|_| self.delivers);
        // While something is in line no clock is written down; whatever ends that looks again.
        let ring = self.rings.filter(|_| self.delivers && !self.in_flight && self.queue.is_empty());
        self.retry_at.into_iter().chain(delivery).chain(ring).min()
    }

    /// Whether a clock has run out and nobody has written that down.
    pub fn owes_a_ring(&self, now: Time) -> bool {
        !ringing(deadlines(&self.folded.incident, now), now).is_empty()
    }

    /// Forgets an order that could not be saved; answers it so that its text is not lost.
    pub fn withdraw(&mut self, ticket: Ticket) -> Option<Order> {
        let place = self.queue.iter().position(|queued| queued.ticket == ticket)?;
        if place == 0 && self.in_flight {
            return None;
        }
        self.queue.remove(place).map(|queued| queued.order)
    }

    pub fn handle(&mut self, input: Input, now: Time) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Order(ticket, order) => self.enqueue(ticket, *order, now),
            Input::News(news) => self.news(&news, &mut effects),
            Input::Written(placed) => {
                self.folded.take(&placed);
                self.written(&placed, &mut effects);
            }
            Input::WrittenLate(placed, folded) => {
                self.folded = *folded;
                self.written(&placed, &mut effects);
            }
            Input::Moved(news) => {
                self.in_flight = false;
                self.news(&news, &mut effects);
            }
            Input::Unsaved { why, hint, lasting: true } => self.never(why, hint, &mut effects),
            Input::Unsaved { why, hint, lasting: false } => self.unsaved_append(why, hint, now, &mut effects),
            Input::Refolded(folded) => self.folded = *folded,
            Input::Delivered { request, outcome } => self.delivered(request, outcome, now),
            Input::Tick => {}
        }
        self.pump(now, &mut effects);
        effects
    }

    fn enqueue(&mut self, ticket: Ticket, order: Order, now: Time) {
        let id = order.id.unwrap_or_else(|| self.fresh_id(now));
        self.queue.push_back(Queued { ticket, id, order });
    }

    /// Entries that others wrote, or that a doubtful write of ours left behind: then the order is done.
    fn news(&mut self, news: &[Placed], effects: &mut Vec<Effect>) {
        self.folded.take(news);
        let Some(first) = self.queue.front().map(|queued| queued.id).filter(|_| !self.in_flight) else {
            return;
        };
        if !news.iter().any(|placed| placed.entry.id() == first) {
            return;
        }
        let ours = |placed: &&Placed| placed.entry.id().0 & !0xff == first.0 & !0xff;
        let ours: Vec<Placed> = news.iter().filter(ours).cloned().collect();
        self.retry_at = None;
        self.written(&ours, effects);
    }

    /// The journal will never take it as it is.
    fn never(&mut self, why: String, hint: String, effects: &mut Vec<Effect>) {
        self.in_flight = false;
        if let Some(queued) = self.queue.pop_front() {
            effects.push(Effect::Refused { ticket: queued.ticket, refusal: Refusal { why, hint } });
        }
    }

    fn written(&mut self, placed: &[Placed], effects: &mut Vec<Effect>) {
        self.in_flight = false;
        self.failures = 0;
        let Some(Queued { ticket, .. }) = self.queue.pop_front() else { return };
        let entries = placed.iter().map(|placed| Arc::clone(&placed.entry)).collect();
        effects.push(Effect::Saved { ticket, entries });
        for placed in placed {
            self.follow_up(&placed.entry, effects);
        }
    }

    /// What our own entry asks for next.
    fn follow_up(&mut self, entry: &Entry, effects: &mut Vec<Effect>) {
        match &entry.event {
            Event::Delivery(DeliveryEvent::Attempted { request, .. }) => {
                if let Some(act) = self.folded.outbox.get(*request) {
                    effects.push(Effect::Deliver { request: *request, client: act.client.clone() });
                }
            }
            // Only now does the outbox know: had the call ended before, it would be looked for once more.
            Event::Delivery(
                DeliveryEvent::Confirmed { request, .. }
                | DeliveryEvent::Failed { request, .. }
                | DeliveryEvent::Dropped { request, .. },
            ) => {
                self.calls.remove(request);
            }
            _ => {}
        }
    }

    /// An order that the room gives itself, in the name of whoever asked for the act.
    fn own_order(&mut self, command: DeliveryCommand, by: PersonId, now: Time) {
        let ticket = self.ticket();
        let order = Order::new(Command::Delivery(command), by).via(Origin::Client);
        self.enqueue(ticket, order, now);
    }

    fn unsaved_append(&mut self, why: String, hint: String, now: Time, effects: &mut Vec<Effect>) {
        self.in_flight = false;
        let wait = SAVE_RETRY_S[(self.failures as usize).min(SAVE_RETRY_S.len() - 1)];
        self.failures += 1;
        let retry_at = now + Span::from_secs(wait);
        self.retry_at = Some(retry_at);
        if let Some(queued) = self.queue.front() {
            effects.push(Effect::Waiting { ticket: queued.ticket, why, hint, retry_at });
        }
    }

    fn delivered(&mut self, request: EntryId, outcome: Outcome, now: Time) {
        let Some(act) = self.folded.outbox.get(request) else { return };
        let (by, attempt) = (PersonId::new(&act.client), act.attempts.saturating_add(1));
        let looked_for = self.looking.remove(&request);
        let command = match outcome {
            Outcome::Confirmed { remote, link } => DeliveryCommand::Confirm { request, remote, link },
            Outcome::Failed { class, message, retry_after } => {
                // A look that failed says nothing about the act: it is as doubtful as before, and never resent blindly.
                let class = if looked_for && class != FailureClass::AlreadyDone {
                    FailureClass::Unknown
                } else {
                    class
                };
                DeliveryCommand::Fail { request, class, message, retry_after }
            }
            Outcome::NotThere => DeliveryCommand::Attempt { request, attempt },
        };
        self.own_order(command, by, now);
    }

    /// Starts whatever can be started.
    fn pump(&mut self, now: Time, effects: &mut Vec<Effect>) {
        self.pump_outbox(now, effects);
        self.pump_clocks(now);
        // A clock that was set back must not keep anything unsaved.
        let longest = now + Span::from_secs(SAVE_RETRY_S[SAVE_RETRY_S.len() - 1]);
        self.retry_at = self.retry_at.map(|at| at.min(longest));
        if self.in_flight || self.retry_at.is_some_and(|at| at > now) {
            return;
        }
        self.retry_at = None;
        while let Some(Queued { ticket, id, order }) = self.queue.front() {
            let context = Context { policy: &self.policy, now, by: &order.by };
            match decide(&self.folded.incident, &order.command, context) {
                Ok(events) => {
                    effects.push(Effect::Append(drafts(events, *id, order)));
                    self.in_flight = true;
                    return;
                }
                Err(refusal) => {
                    // Somebody else wrote down that the clock ran out: nobody asked for it here, nobody is told.
                    if !is_ring(&order.command) {
                        effects.push(Effect::Refused { ticket: *ticket, refusal });
                    }
                    self.queue.pop_front();
                }
            }
        }
    }

    /// Writes down which clocks have run out: once for each, whoever is first. Like the outside acts it is the business of
    /// the one process that delivers.
    fn pump_clocks(&mut self, now: Time) {
        if !self.delivers || self.in_flight || !self.queue.is_empty() {
            return;
        }
        let all = deadlines(&self.folded.incident, now);
        self.rings = all.iter().map(Deadline::rings_at).filter(|at| *at > now).min();
        for deadline in ringing(all, now) {
            let due = deadline.rings_at();
            let act = ClockCommand::RunOut { due };
            let ticket = self.ticket();
            let order = Order::new(Command::Clock { clock: deadline.id, act }, PersonId::new(CLOCK))
                .at(Some(When::exact(due)))
                .via(Origin::Client);
            self.enqueue(ticket, order, now);
        }
    }

    fn pump_outbox(&mut self, now: Time, effects: &mut Vec<Effect>) {
        if !self.delivers {
            return;
        }
        while let Some(next) = self.folded.outbox.next(self.host, now, &self.calls) {
            let (Next::Attempt(request) | Next::Find(request)) = next;
            self.calls.insert(request);
            let Some(act) = self.folded.outbox.get(request) else { return };
            let (client, attempt) = (act.client.clone(), act.attempts.saturating_add(1));
            match next {
                Next::Find(_) => {
                    self.looking.insert(request);
                    effects.push(Effect::Find { request, client });
                }
                Next::Attempt(_) => {
                    self.own_order(DeliveryCommand::Attempt { request, attempt }, PersonId::new(&client), now)
                }
            }
        }
    }
}

/// Whether time alone has given this order.
const fn is_ring(command: &Command) -> bool {
    matches!(command, Command::Clock { act: ClockCommand::RunOut { .. }, .. })
}

/// The entries of an order, with their ids. An update and the request to deliver it are one write: no crash
/// comes between them.
fn drafts(events: Vec<Event>, first: EntryId, order: &Order) -> Vec<Draft> {
    let mut ids = (0..).map(|n| EntryId::from(first.0.wrapping_add(n)));
    let mut drafts = Vec::new();
    for event in events {
        let Some(id) = ids.next() else { break };
        let request = match &event {
            Event::Update(UpdateEvent::Sent(sent)) => Some(requested(id, sent)),
            _ => None,
        };
        drafts.push(Draft::new(event, order.by.clone()).at(order.at).via(order.via).with_id(id));
        if let (Some(request), Some(id)) = (request, ids.next()) {
            drafts.push(Draft::new(request, order.by.clone()).via(Origin::Client).with_id(id));
        }
    }
    drafts
}

/// The request to deliver an update to the client that is always there.
fn requested(subject: EntryId, sent: &SentUpdate) -> Event {
    Event::Delivery(DeliveryEvent::Requested {
        client: LOCAL.to_owned(),
        lane: sent.audience.clone(),
        subject,
        title: format!("{} update", sent.audience),
        body: sent.body.clone(),
    })
}

/// Spreads the bits of a number over all of it (the finaliser of SplitMix64).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
