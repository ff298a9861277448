//! The driver of one running incident: orders and news go in, effects come out. No I/O, no clock.
//!
//! One order is decided, appended and folded before the next is decided, so nothing is ever decided
//! on a state that the journal does not have. When another process has written meanwhile, the
//! journal answers with its entries and the order is decided again. Start at [`Room::handle`].

mod calls;
mod drafts;
mod folded;
mod hear;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crate::incident::command::{ClockCommand, DeliveryCommand};
use crate::incident::deadline::{Deadline, deadlines, ringing};
use crate::incident::rows::Placed;
use crate::incident::{
    Command, Context, Draft, Entry, EntryId, HostId, Incident, Origin, PersonId, Refusal, Span, Time, When,
    decide,
};
use crate::outbox::Outbox;
use crate::outbox::news::Batch;
use crate::outbox::routes::Routes;
use crate::policy::Policy;

pub use crate::outbox::{Call, LOCAL, Outcome};
use calls::Paces;
use drafts::Numbers;
pub use folded::Folded;
use hear::Heard;

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
    /// News from an account.
    Heard {
        account: String,
        batch: Batch,
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
    /// Carry it out; the attempt is journalled.
    Deliver(Box<Call>),
    /// Ask whether it arrived.
    Find(Box<Call>),
    /// News up to here are kept, or need not be.
    Kept {
        account: String,
        cursor: Option<String>,
    },
}

pub struct Room {
    pub folded: Folded,
    pub policy: Policy,
    /// Who is told what outside.
    pub routes: Routes,
    host: HostId,
    /// Whether this process carries out the outside acts of this host.
    delivers: bool,
    /// Whether it writes down which clocks have run out.
    rings_clocks: bool,
    queue: VecDeque<Queued>,
    in_flight: bool,
    retry_at: Option<Time>,
    failures: u32,
    calls: BTreeSet<EntryId>,
    /// Those of them that only ask whether it arrived.
    looking: BTreeSet<EntryId>,
    /// How fast each account and lane may be used.
    paces: Paces,
    /// When the next clock runs out.
    rings: Option<Time>,
    next_ticket: u64,
    seed: u64,
    next_id: u64,
}

/// Work in line, with the id of its first entry: it never changes, however often it is tried.
struct Queued {
    ticket: Ticket,
    id: EntryId,
    work: Work,
}

enum Work {
    Order(Box<Order>),
    News(Heard),
}

impl Queued {
    fn order(&self) -> Option<&Order> {
        match &self.work {
            Work::Order(order) => Some(order),
            Work::News(_) => None,
        }
    }
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
            routes: Routes::default(),
            host,
            delivers,
            rings_clocks: delivers,
            queue: VecDeque::new(),
            in_flight: false,
            retry_at: None,
            failures: 0,
            calls: BTreeSet::new(),
            looking: BTreeSet::new(),
            paces: Paces::default(),
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

    /// Who is told what outside.
    pub fn routed(mut self, routes: Routes) -> Self {
        self.routes = routes;
        self
    }

    pub fn delivers(&self) -> bool {
        self.delivers
    }

    /// Whether this process carries out the outside acts of this host from now on.
    pub fn set_delivers(&mut self, delivers: bool) {
        self.delivers = delivers;
        self.rings_clocks = delivers;
    }

    /// Whether this process writes down which clocks have run out, though it calls nobody.
    pub fn set_rings(&mut self, rings: bool) {
        self.rings_clocks = rings;
    }

    /// An id for the first entry of an order; the ids just behind it are free for its other entries.
    fn fresh_id(&mut self, now: Time) -> EntryId {
        self.next_id += 1;
        let host = self.host.to_string();
        let high =
            crate::outbox::mixed(self.seed ^ host.bytes().fold(0, |sum, byte| sum << 5 ^ u64::from(byte)));
        let low = crate::outbox::mixed(high ^ self.next_id);
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
        self.queue.iter().filter_map(|queued| Some((queued.id, queued.order()?)))
    }

    /// When [`Input::Tick`] would change something.
    pub fn wakes_at(&self, now: Time) -> Option<Time> {
        let delivery = self.delivers.then(|| self.calls_at(now)).flatten();
        // While something is in line no clock is written down; whatever ends that looks again.
        let ring = self.rings.filter(|_| self.rings_clocks && !self.in_flight && self.queue.is_empty());
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
        match self.queue.remove(place)?.work {
            Work::Order(order) => Some(*order),
            Work::News(_) => None,
        }
    }

    pub fn handle(&mut self, input: Input, now: Time) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Order(ticket, order) => self.enqueue(ticket, *order, now),
            Input::Heard { account, batch } => self.heard(account, batch, now),
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
        self.queue.push_back(Queued { ticket, id, work: Work::Order(Box::new(order)) });
    }

    fn heard(&mut self, account: String, batch: Batch, now: Time) {
        let (ticket, id) = (self.ticket(), self.fresh_id(now));
        self.queue.push_back(Queued { ticket, id, work: Work::News(Heard::new(account, batch)) });
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
        match self.queue.front_mut() {
            // What cannot be kept of somebody else's words is left out; the rest goes on.
            Some(Queued { work: Work::News(heard), .. }) => heard.leave_out(),
            Some(_) => {
                if let Some(queued) = self.queue.pop_front() {
                    effects.push(Effect::Refused { ticket: queued.ticket, refusal: Refusal { why, hint } });
                }
            }
            None => {}
        }
    }

    fn written(&mut self, placed: &[Placed], effects: &mut Vec<Effect>) {
        self.in_flight = false;
        self.failures = 0;
        if let Some(Queued { work: Work::News(heard), .. }) = self.queue.front_mut() {
            heard.skip();
        }
        let id = self.fresh_id(placed.first().map_or(Time::default(), |placed| placed.entry.header.rec));
        if let Some(front) = self.queue.front_mut().filter(|front| front.order().is_none()) {
            front.id = id;
            return;
        }
        let Some(Queued { ticket, .. }) = self.queue.pop_front() else { return };
        let entries = placed.iter().map(|placed| Arc::clone(&placed.entry)).collect();
        effects.push(Effect::Saved { ticket, entries });
        for placed in placed {
            self.follow_up(&placed.entry, effects);
        }
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
        while let Some(front) = self.queue.front() {
            let decided = match &front.work {
                Work::Order(order) => self.decided(front.id, order, now),
                Work::News(_) => Ok(Vec::new()),
            };
            let drafts = match decided {
                Ok(_) if front.order().is_none() => self.next_news(now),
                Ok(drafts) => drafts,
                Err(refusal) => {
                    self.refused(refusal, effects);
                    continue;
                }
            };
            if !drafts.is_empty() {
                effects.push(Effect::Append(drafts));
                self.in_flight = true;
                return;
            }
            self.done_without_entry(effects);
        }
    }

    fn decided(&self, id: EntryId, order: &Order, now: Time) -> Result<Vec<Draft>, Refusal> {
        let numbers = Numbers { first: id, host: self.host, now };
        if let Command::Outside { line, file } = &order.command {
            return drafts::outside(line, file, order, &self.folded, &self.routes, numbers);
        }
        if let Command::Delivery(DeliveryCommand::Attempt { request, attempt }) = order.command
            && !self.may_attempt(request, attempt)
        {
            return Err(Refusal::new("somebody has decided meanwhile", ""));
        }
        let context = Context { policy: &self.policy, now, by: &order.by };
        let events = decide(&self.folded.incident, &order.command, context)?;
        calls::check(&self.folded.outbox, self.host, order)?;
        let events = [events, self.told(&order.command)].concat();
        Ok(drafts::drafts(events, order, &self.folded, &self.routes, numbers))
    }

    /// Entries of the next news in line; none: nothing of them is to be kept.
    fn next_news(&mut self, now: Time) -> Vec<Draft> {
        let Some(Queued { id, work: Work::News(heard), .. }) = self.queue.front_mut() else {
            return Vec::new();
        };
        let numbers = Numbers { first: *id, host: self.host, now };
        heard.next(&self.folded, &self.routes, &self.policy, numbers)
    }

    fn refused(&mut self, refusal: Refusal, effects: &mut Vec<Effect>) {
        let Some(Queued { ticket, work: Work::Order(order), .. }) = self.queue.pop_front() else { return };
        if let Command::Delivery(DeliveryCommand::Attempt { request, .. }) = order.command {
            return self.gave_way(request);
        }
        // Somebody else wrote down that the clock ran out: nobody asked for it here, nobody is told.
        if !is_ring(&order.command) {
            effects.push(Effect::Refused { ticket, refusal });
        }
    }

    fn done_without_entry(&mut self, effects: &mut Vec<Effect>) {
        if let Some(Queued { work: Work::News(heard), .. }) = self.queue.pop_front() {
            let (account, cursor) = heard.end();
            effects.push(Effect::Kept { account, cursor });
        }
    }

    /// Writes down which clocks have run out: once for each, whoever is first. Like the outside acts it is the business of
    /// the one process that delivers.
    fn pump_clocks(&mut self, now: Time) {
        if !self.rings_clocks || self.in_flight || !self.queue.is_empty() {
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
}

/// Whether time alone has given this order.
const fn is_ring(command: &Command) -> bool {
    matches!(command, Command::Clock { act: ClockCommand::RunOut { .. }, .. })
}
