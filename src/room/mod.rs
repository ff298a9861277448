//! The driver of one running incident: orders and news go in, effects come out. No I/O, no clock.
//!
//! One order is decided, appended and folded before the next is decided, so nothing is ever decided
//! on a state that the journal does not have. When another process has written meanwhile, the
//! journal answers with its entries and the order is decided again. Start at [`Room::handle`].

mod folded;

use std::collections::{BTreeSet, VecDeque};

use crate::incident::command::DeliveryCommand;
use crate::incident::event::{DeliveryEvent, FailureClass, UpdateEvent};
use crate::incident::rows::Placed;
use crate::incident::{
    Command, Context, Draft, EntryId, Event, HostId, Incident, Origin, PersonId, Refusal, Span, Time, When,
    decide,
};
use crate::outbox::{Next, Outbox};
use crate::policy::Policy;

pub use folded::Folded;

/// The client that is always there: a file beside the journal.
pub const LOCAL: &str = "local";

/// A command and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub command: Command,
    pub by: PersonId,
    /// When it happened, if not now.
    pub at: Option<When>,
    pub via: Origin,
}

impl Order {
    pub fn new(command: Command, by: PersonId) -> Self {
        Self { command, by, at: None, via: Origin::Console }
    }

    pub fn at(mut self, at: Option<When>) -> Self {
        self.at = at;
        self
    }

    pub fn via(mut self, via: Origin) -> Self {
        self.via = via;
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
    Unsaved {
        why: String,
        hint: String,
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

#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Write these, synced, in one piece.
    Append(Vec<Draft>),
    /// An order is saved; its entries.
    Saved {
        ticket: Ticket,
        entries: Vec<EntryId>,
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
    queue: VecDeque<(Ticket, Order)>,
    in_flight: bool,
    retry_at: Option<Time>,
    failures: u32,
    calls: BTreeSet<EntryId>,
    /// Those of them that only ask whether it arrived.
    looking: BTreeSet<EntryId>,
    next_ticket: u64,
}

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
            next_ticket: 0,
        }
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
    pub fn unsaved(&self) -> impl Iterator<Item = &(Ticket, Order)> {
        self.queue.iter()
    }

    /// When [`Input::Tick`] would change something.
    pub fn wakes_at(&self, now: Time) -> Option<Time> {
        let due = self.folded.outbox.next(self.host, now, &self.calls).map(|_| now);
        let delivery = due.or_else(|| self.folded.outbox.wakes_at(self.host, now)).filter(|_| self.delivers);
        self.retry_at.into_iter().chain(delivery).min()
    }

    /// Forgets an order that could not be saved; answers it so that its text is not lost.
    pub fn withdraw(&mut self, ticket: Ticket) -> Option<Order> {
        let place = self.queue.iter().position(|(other, _)| *other == ticket)?;
        if place == 0 && self.in_flight {
            return None;
        }
        self.queue.remove(place).map(|(_, order)| order)
    }

    pub fn handle(&mut self, input: Input, now: Time) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Order(ticket, order) => self.queue.push_back((ticket, *order)),
            Input::News(news) => self.folded.take(&news),
            Input::Written(placed) => {
                self.folded.take(&placed);
                self.written(&placed, &mut effects);
            }
            Input::WrittenLate(placed, folded) => {
                self.folded = *folded;
                self.written(&placed, &mut effects);
            }
            Input::Moved(news) => {
                self.folded.take(&news);
                self.in_flight = false;
            }
            Input::Unsaved { why, hint } => self.unsaved_append(why, hint, now, &mut effects),
            Input::Refolded(folded) => self.folded = *folded,
            Input::Delivered { request, outcome } => self.delivered(request, outcome),
            Input::Tick => {}
        }
        self.pump(now, &mut effects);
        effects
    }

    fn written(&mut self, placed: &[Placed], effects: &mut Vec<Effect>) {
        self.in_flight = false;
        self.failures = 0;
        let Some((ticket, _)) = self.queue.pop_front() else { return };
        effects
            .push(Effect::Saved { ticket, entries: placed.iter().map(|placed| placed.entry.id()).collect() });
        for placed in placed {
            self.follow_up(&placed.entry, effects);
        }
    }

    /// What our own entry asks for next.
    fn follow_up(&mut self, entry: &crate::incident::Entry, effects: &mut Vec<Effect>) {
        match &entry.event {
            Event::Update(UpdateEvent::Sent(sent)) => {
                let title = format!("{} update", sent.audience);
                let request = DeliveryCommand::Request {
                    client: LOCAL.to_owned(),
                    lane: sent.audience.clone(),
                    subject: entry.id(),
                    title,
                    body: sent.body.clone(),
                };
                self.own_order(request, entry.by().clone());
            }
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
    fn own_order(&mut self, command: DeliveryCommand, by: PersonId) {
        let ticket = self.ticket();
        let order = Order::new(Command::Delivery(command), by).via(Origin::Client);
        self.queue.push_back((ticket, order));
    }

    fn unsaved_append(&mut self, why: String, hint: String, now: Time, effects: &mut Vec<Effect>) {
        self.in_flight = false;
        let wait = SAVE_RETRY_S[(self.failures as usize).min(SAVE_RETRY_S.len() - 1)];
        self.failures += 1;
        let retry_at = now + Span::from_secs(wait);
        self.retry_at = Some(retry_at);
        if let Some((ticket, _)) = self.queue.front() {
            effects.push(Effect::Waiting { ticket: *ticket, why, hint, retry_at });
        }
    }

    fn delivered(&mut self, request: EntryId, outcome: Outcome) {
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
        self.own_order(command, by);
    }

    /// Starts whatever can be started.
    fn pump(&mut self, now: Time, effects: &mut Vec<Effect>) {
        self.pump_outbox(now, effects);
        if self.in_flight || self.retry_at.is_some_and(|at| at > now) {
            return;
        }
        self.retry_at = None;
        while let Some((ticket, order)) = self.queue.front() {
            let context = Context { policy: &self.policy };
            match decide(&self.folded.incident, &order.command, context) {
                Ok(events) => {
                    let draft = |event| Draft::new(event, order.by.clone()).at(order.at).via(order.via);
                    effects.push(Effect::Append(events.into_iter().map(draft).collect()));
                    self.in_flight = true;
                    return;
                }
                Err(refusal) => {
                    effects.push(Effect::Refused { ticket: *ticket, refusal });
                    self.queue.pop_front();
                }
            }
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
                    self.own_order(DeliveryCommand::Attempt { request, attempt }, PersonId::new(&client))
                }
            }
        }
    }
}
