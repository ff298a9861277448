//! The calls of a room: what is tried next, how fast, and what came of it.

use std::collections::BTreeMap;

use super::{Effect, Order, Room};
use crate::incident::command::DeliveryCommand;
use crate::incident::event::{DeliveryEvent, FailureClass, IncidentEvent, NoteEvent, Slot};
use crate::incident::scribe::NoteKind;
use crate::incident::{Command, Entry, EntryId, Event, HostId, Origin, PersonId, Refusal, Span, Time};
use crate::outbox::news::Pull;
use crate::outbox::pace::Bucket;
use crate::outbox::routes::Account;
use crate::outbox::wishes::says;
use crate::outbox::{Act, Call, Next, Outbox, Outcome, SEEN, State};

/// How fast each account and lane may be used, as far as this process has used it.
#[derive(Default)]
pub(super) struct Paces {
    accounts: BTreeMap<String, Bucket>,
    lanes: BTreeMap<(String, String), Bucket>,
}

impl Paces {
    fn wait(&self, account: &Account, act: &Act, now: Time) -> Span {
        let whole = self.accounts.get(&account.name).map_or(Span::ZERO, |bucket| bucket.wait(now));
        let lane = (account.name.clone(), act.lane.clone());
        let lane = self.lanes.get(&lane).map_or(Span::ZERO, |bucket| bucket.wait(now));
        whole.max(lane)
    }

    fn take(&mut self, account: &Account, act: &Act, now: Time) {
        if let Some(pace) = account.pace {
            self.accounts.entry(account.name.clone()).or_insert_with(|| Bucket::new(pace)).take(now);
        }
        if let Some(pace) = account.lane_pace {
            let lane = (account.name.clone(), act.lane.clone());
            self.lanes.entry(lane).or_insert_with(|| Bucket::new(pace)).take(now);
        }
    }
}

/// So far the clocks of two machines may be apart.
const APART: Span = Span::from_secs(5);

impl Room {
    /// How long the act has to wait for its turn; only what is sent has to.
    /// `None`: nothing is written there now.
    fn turn(&self, next: Next, now: Time) -> Option<Span> {
        let act = self.folded.outbox.get(next.request());
        let account = act.and_then(|act| self.routes.get(&act.client));
        match (next, act, account) {
            (Next::Attempt(_), Some(act), Some(account)) => {
                self.may_tell(act).then(|| self.paces.wait(account, act, now))
            }
            _ => Some(Span::ZERO),
        }
    }

    /// When the next call may be made.
    pub fn calls_at(&self, now: Time) -> Option<Time> {
        let outbox = &self.folded.outbox;
        let due =
            outbox.nexts(self.host, now, &self.calls).filter_map(|next| Some(now + self.turn(next, now)?));
        due.chain(outbox.wakes_at(self.host, now)).min()
    }

    pub(super) fn pump_outbox(&mut self, now: Time, effects: &mut Vec<Effect>) {
        if !self.delivers {
            return;
        }
        let nexts: Vec<Next> = self.folded.outbox.nexts(self.host, now, &self.calls).collect();
        for next in nexts {
            if self.turn(next, now) != Some(Span::ZERO) {
                continue;
            }
            let request = next.request();
            let Some(act) = self.folded.outbox.get(request) else { continue };
            if let (Next::Attempt(_), Some(account)) = (next, self.routes.get(&act.client)) {
                self.paces.take(account, act, now);
            }
            let (client, attempt) = (PersonId::new(&act.client), act.attempts.saturating_add(1));
            self.calls.insert(request);
            match next {
                Next::Find(_) => {
                    self.looking.insert(request);
                    effects.extend(self.call(request, now).map(Effect::Find));
                }
                Next::Attempt(_) => {
                    self.own_order(DeliveryCommand::Attempt { request, attempt }, client, now)
                }
            }
        }
    }

    /// What is wanted of each account: news of what it has for this incident, where it has anything.
    pub fn pulls(&self, now: Time) -> Vec<(String, Option<Pull>)> {
        let pull = |account: &Account| {
            let outbox = &self.folded.outbox;
            let places: Vec<(Slot, String)> = outbox
                .places(&account.name)
                .filter(|(slot, _)| !matches!(slot, Slot::Post(_)))
                .map(|(slot, place)| (slot, place.remote.clone()))
                .collect();
            // Their clock is not ours.
            let since = self.folded.incident.declared_at().unwrap_or(now) - APART;
            let listen = outbox.listens(&account.name).unwrap_or(account.listen);
            let wanted = !places.is_empty() && self.delivers && self.is_awake(now);
            (account.name.clone(), wanted.then_some(Pull { places, cursor: None, since, now, listen }))
        };
        self.routes.accounts.iter().map(pull).collect()
    }

    /// Whether anything new may matter: until a week after the resolution.
    fn is_awake(&self, now: Time) -> bool {
        const AFTERWARDS: Span = Span::from_days(7);
        self.folded.incident.resolved_at().is_none_or(|at| now.since(at) < AFTERWARDS)
    }

    fn call(&self, request: EntryId, now: Time) -> Option<Box<Call>> {
        self.folded.outbox.call(request, self.folded.incident.is_drill(), now).map(Box::new)
    }

    /// What our own entry asks for next.
    pub(super) fn follow_up(&mut self, entry: &Entry, effects: &mut Vec<Effect>) {
        match &entry.event {
            Event::Delivery(DeliveryEvent::Attempted { request, .. }) => {
                match self.call(*request, entry.header.rec) {
                    Some(call) if matches!(call.act.state, State::Attempted { .. }) => {
                        effects.push(Effect::Deliver(call));
                    }
                    _ => self.gave_way(*request),
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

    /// An order that the room gives itself, in the name of the client.
    fn own_order(&mut self, command: DeliveryCommand, by: PersonId, now: Time) {
        let ticket = self.ticket();
        let order = Order::new(Command::Delivery(command), by).via(Origin::Client);
        self.enqueue(ticket, order, now);
    }

    pub(super) fn delivered(&mut self, request: EntryId, outcome: Outcome, now: Time) {
        let looked_for = self.looking.remove(&request);
        let Some(act) = self.folded.outbox.get(request) else { return };
        // Somebody has decided meanwhile.
        if act.state.is_settled() {
            self.calls.remove(&request);
            return;
        }
        let in_doubt =
            matches!(act.state, State::Doubtful { .. } | State::Stuck { class: FailureClass::Unknown, .. });
        let by = PersonId::new(&act.client);
        let settle = self.routes.get(&act.client).map_or(Span::ZERO, |account| account.settle);
        let believed_at = act.attempted_at.map(|at| at + settle).filter(|at| *at > now);
        let attempt = act.attempts.saturating_add(1);
        let fail = |class, message, retry_after, ask| DeliveryCommand::Fail {
            request,
            class,
            message,
            retry_after,
            ask,
        };
        let command = match outcome {
            Outcome::Confirmed { remote, link } => DeliveryCommand::Confirm { request, remote, link },
            Outcome::Failed { class: FailureClass::AlreadyDone, message, .. } => {
                fail(FailureClass::AlreadyDone, message, None, false)
            }
            // A look that failed says nothing about the act: it is as doubtful as before, and never resent blindly.
            // The same holds for what a call says that was given up already.
            Outcome::Failed { message, retry_after, .. } if looked_for || in_doubt => {
                fail(FailureClass::Unknown, message, retry_after, false)
            }
            Outcome::Failed { class, message, retry_after } => fail(class, message, retry_after, false),
            Outcome::CannotTell { message } => fail(FailureClass::Unknown, message, None, true),
            // The call that is doubted may still be under way: what is not there yet may come.
            Outcome::NotThere => match believed_at {
                None if !self.may_tell(act) => {
                    let wait = Some(Span::from_ms(LOOK_MS));
                    fail(FailureClass::Unknown, "not there, and nothing may be sent".to_owned(), wait, false)
                }
                Some(at) => {
                    let wait = Some(Span::from_ms(at.since(now).ms().clamp(1, LOOK_MS)));
                    fail(FailureClass::Unknown, "not there so far".to_owned(), wait, false)
                }
                None => DeliveryCommand::Attempt { request, attempt },
            },
        };
        self.own_order(command, by, now);
    }

    /// Whether the account may be told of it, as it is configured now.
    fn may_tell(&self, act: &Act) -> bool {
        self.routes.get(&act.client).is_none_or(|account| {
            account.may_tell(&self.folded.incident) || (account.read_only && act.deed.only_looks())
        })
    }

    /// What everybody should see of a confirmation: where the channel, page or ticket is, and who was paged.
    pub(super) fn told(&self, command: &Command) -> Vec<Event> {
        let Command::Delivery(DeliveryCommand::Confirm { request, link, .. }) = command else {
            return Vec::new();
        };
        let Some(act) = self.folded.outbox.get(*request).filter(|act| !act.state.is_settled()) else {
            return Vec::new();
        };
        let what = match act.deed.makes(*request) {
            Some(Slot::Channel) => "channel",
            Some(Slot::Page) => "page",
            Some(Slot::Ticket) => "ticket",
            _ => return self.paged(act).into_iter().collect(),
        };
        let url = link.clone().filter(|link| link.starts_with("http"));
        let linked = url.map(|url| Event::Incident(IncidentEvent::Linked { what: what.to_owned(), url }));
        self.paged(act).into_iter().chain(linked).collect()
    }

    fn paged(&self, act: &Act) -> Option<Event> {
        let account =
            self.routes.get(&act.client).map_or(act.client.as_str(), |account| account.title.as_str());
        let text = format!("{account}: {} (asked by {})", says(&act.deed, &act.title), act.by);
        let kind = NoteKind::Action;
        act.deed.pages().then_some(Event::Note(NoteEvent::Written { kind, text }))
    }

    /// Whether an attempt may still be made as it was meant: nobody has decided about the act, or tried it, since.
    pub(super) fn may_attempt(&self, request: EntryId, attempt: u32) -> bool {
        self.folded.outbox.get(request).is_some_and(|act| {
            let undecided = !act.state.is_settled() && !act.state.needs_person();
            undecided && act.host == self.host && act.attempts.saturating_add(1) == attempt
        })
    }

    /// An attempt that is not made: its lane is free again.
    pub(super) fn gave_way(&mut self, request: EntryId) {
        self.calls.remove(&request);
        self.looking.remove(&request);
    }
}

/// Longest wait before something that is not there is looked for again, while it may still come.
const LOOK_MS: i64 = 5_000;

/// Yes, or why not and what to do.
type Can = Result<(), (&'static str, &'static str)>;

/// Whether what a person wants done with an act can be done.
pub(super) fn check(outbox: &Outbox, host: HostId, order: &Order) -> Result<(), Refusal> {
    let Command::Delivery(command) = &order.command else { return Ok(()) };
    // What a client says of its call is no decision.
    if order.via == Origin::Client {
        return Ok(());
    }
    let (request, can): (EntryId, fn(&Act) -> Can) = match command {
        DeliveryCommand::Drop { request, .. } => (*request, droppable),
        DeliveryCommand::Retry { request } => (*request, retriable),
        DeliveryCommand::Seek { request } => (*request, seekable),
        DeliveryCommand::Reword { request, .. } => (*request, rewordable),
        DeliveryCommand::Confirm { request, remote, .. } if remote == SEEN => (*request, seen),
        DeliveryCommand::Confirm { request, .. } => (*request, arrived),
        DeliveryCommand::TakeOver { from } if *from == host => {
            return Err(Refusal::new("those deliveries are this machine's own", "they go out by themselves"));
        }
        _ => return Ok(()),
    };
    let act =
        outbox.get(request).ok_or_else(|| Refusal::new("there is no such delivery", "see `warroom sync`"))?;
    can(act).map_err(|(why, hint)| Refusal::new(why, hint))
}

const SETTLED: (&str, &str) = ("that delivery is over", "ask for it anew");

fn droppable(act: &Act) -> Can {
    match act.state {
        _ if act.state.is_settled() => Err(SETTLED),
        State::Attempted { .. } => Err(("a call is under way", "wait for its answer")),
        _ => Ok(()),
    }
}

fn retriable(act: &Act) -> Can {
    match act.state {
        _ if act.state.is_settled() => Err(SETTLED),
        State::Attempted { .. } => Err(("a call is under way", "wait for its answer")),
        State::Doubtful { .. } => Err((
            "it may have arrived, and is being looked for",
            "have it looked for again; what cannot be found comes back to you",
        )),
        _ => Ok(()),
    }
}

fn seekable(act: &Act) -> Can {
    match act.state {
        _ if act.state.is_settled() => Err(SETTLED),
        _ if act.attempts == 0 => Err(("it was never sent", "it goes out by itself")),
        State::Attempted { .. } => Err(("a call is under way", "wait for its answer")),
        _ => Ok(()),
    }
}

fn arrived(act: &Act) -> Can {
    match act.state {
        _ if act.state.is_settled() => Err(SETTLED),
        _ if act.attempts == 0 => Err(("it was never sent", "it goes out by itself")),
        State::Attempted { .. } => Err(("a call is under way", "wait for its answer")),
        _ => Ok(()),
    }
}

/// Others are about it: they need to know where it is.
fn seen(act: &Act) -> Can {
    arrived(act)?;
    match act.deed.makes(act.request) {
        None | Some(Slot::Post(_)) => Ok(()),
        Some(_) => Err(("others need to know where it is", "give its id or address there")),
    }
}

fn rewordable(act: &Act) -> Can {
    if !act.has_words() {
        return Err(("it has no words that could be put right", "drop it, and ask for it anew"));
    }
    match act.can_be_reworded() {
        true => Ok(()),
        false if act.state.is_settled() => Err(SETTLED),
        false => Err(("it may have arrived as it is", "have it looked for first")),
    }
}
