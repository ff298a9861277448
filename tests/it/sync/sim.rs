//! The outbox in a world that goes wrong: seeded, in virtual time, without threads.
//!
//! One host tells a service that never notices a repetition, over a network that refuses, loses replies, delays what was sent,
//! asks to wait, answers with errors, while the process crashes between any two steps and other processes write the same
//! journal. In the end every act must have been applied exactly once, or given up by a person, and every piece of news must be
//! one entry. The broken variants ([`Mutant`]) show that the judge can see.

use std::collections::{BTreeMap, VecDeque};

use warroom::incident::command::{Declare, DeliveryCommand};
use warroom::incident::event::{ChatDeed, Declared, Deed, FailureClass, Requested};
use warroom::incident::scribe::NoteKind;
use warroom::incident::{Command, Draft, EntryId, Event, Origin, PersonId, Span, Time};
use warroom::outbox::news::{Author, Batch, News, What};
use warroom::outbox::pace::Pace;
use warroom::outbox::routes::{Account, Routes, Service};
use warroom::outbox::{Outcome, State};
use warroom::room::{Effect, Folded, Input, Order, Room};

use crate::door::{Log, policy, start};

/// What is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    None,
    /// An act whose fate is unknown is simply sent again.
    ResendsBlindly,
    /// "It is not there" is believed at once.
    NeverSettles,
    /// The call is made before the attempt is saved.
    CallsBeforeItSaves,
    /// Whoever restarts forgets what was attempted.
    ForgetsAttempts,
    /// News carry no id.
    NewsWithoutIds,
    /// A failure that passes is taken for the end.
    GivesUpSilently,
    /// What a person has decided meanwhile is not looked at before an act is sent.
    SendsWhatWasDecided,
}

impl Mutant {
    pub const ALL: [Mutant; 7] = [
        Mutant::ResendsBlindly,
        Mutant::NeverSettles,
        Mutant::CallsBeforeItSaves,
        Mutant::ForgetsAttempts,
        Mutant::NewsWithoutIds,
        Mutant::GivesUpSilently,
        Mutant::SendsWhatWasDecided,
    ];
}

/// What one schedule came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    pub acts: usize,
    pub lost: usize,
    pub doubled: usize,
    pub out_of_order: usize,
    /// Acts that a person had to decide about.
    pub asked: usize,
    /// News that became no entry, or more than one.
    pub news_wrong: usize,
    pub crashes: usize,
    /// Acts that were sent after somebody had given them up or seen them there.
    pub sent_after_all: usize,
    /// It did not come to rest.
    pub restless: bool,
}

impl Verdict {
    pub fn is_right(&self) -> bool {
        (self.lost, self.doubled, self.out_of_order, self.news_wrong, self.sent_after_all) == (0, 0, 0, 0, 0)
            && !self.restless
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
pub struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }
}

/// How long a call may be under way, and the client's patience; `SETTLE` is longer than both together.
const LATEST_S: u64 = 15;
const PATIENCE_S: u64 = 10;
const SETTLE: Span = Span::from_secs(30);
const LANES: u64 = 3;
/// Virtual time after which nothing goes wrong any more, and after which all must be over.
const STORM: Span = Span::from_mins(20);
const MOST: Span = Span::from_hours(24);

/// Something that is under way outside: it survives the crash of whoever sent it.
struct UnderWay {
    at: Time,
    op: EntryId,
    lane: String,
}

enum Reply {
    Outcome(EntryId, Outcome),
    News(Batch),
}

struct World {
    dice: Dice,
    mutant: Mutant,
    log: Log,
    room: Room,
    now: Time,
    /// Messages there: what was applied, in order.
    applied: Vec<(String, EntryId)>,
    under_way: Vec<UnderWay>,
    replies: Vec<(Time, Reply)>,
    /// What the service will say, piece by piece; how often each was said.
    news: Vec<News>,
    asked: usize,
    crashes: usize,
    requests: Vec<(String, EntryId)>,
    sent_after_all: usize,
}

fn routes(mutant: Mutant) -> Routes {
    let settle = if mutant == Mutant::NeverSettles { Span::ZERO } else { SETTLE };
    let account = Account {
        name: "slack".into(),
        title: "Slack".into(),
        service: Service::Chat,
        settle,
        pace: Some(Pace::new(600, 20)),
        lane_pace: Some(Pace::new(60, 3)),
        ..Account::default()
    };
    Routes { accounts: vec![account], ..Routes::default() }
}

fn room(log: &Log, mutant: Mutant, seed: u64) -> Room {
    let mut placed = log.placed();
    if mutant == Mutant::ForgetsAttempts {
        placed.retain(|placed| {
            let attempted = matches!(
                placed.entry.event,
                Event::Delivery(warroom::incident::event::DeliveryEvent::Attempted { .. })
            );
            !attempted
        });
    }
    Room::new(Folded::of(&placed), policy(), crate::door::host(), true).seeded(seed).routed(routes(mutant))
}

/// Runs one schedule.
pub fn run(seed: u64, mutant: Mutant) -> Verdict {
    let mut log = Log::default();
    let what = Declared { title: "storm".into(), ..Declared::default() };
    log.order("alice", Command::Declare(Declare { what, ..Declare::default() }), start());
    let room = room(&log, mutant, seed);
    let mut world = World {
        dice: Dice(seed ^ 0x5eed),
        mutant,
        log,
        room,
        now: start(),
        applied: Vec::new(),
        under_way: Vec::new(),
        replies: Vec::new(),
        news: Vec::new(),
        asked: 0,
        crashes: 0,
        requests: Vec::new(),
        sent_after_all: 0,
    };
    let acts = 3 + world.dice.below(8);
    for n in 0..acts {
        world.request(n);
        world.pass(Span::from_secs(world_gap(n, seed)));
    }
    world.calm_down();
    world.judge()
}

fn world_gap(n: u64, seed: u64) -> i64 {
    i64::try_from((seed >> (n % 8)) % 40).unwrap_or(1)
}

impl World {
    fn storm(&self) -> bool {
        self.now.since(start()) < STORM
    }

    fn request(&mut self, n: u64) {
        let lane = format!("C{}", self.dice.below(LANES));
        let deed = Deed::Chat(ChatDeed::Post { to: Some(lane.clone()), thread: None });
        let subject = self.room.incident().declared.as_ref().unwrap().id;
        let (client, title, body) = ("slack".to_owned(), format!("act {n}"), "text".to_owned());
        let requested = Requested { client, lane, subject, title, body, deed };
        self.order(Command::Delivery(DeliveryCommand::Request(Box::new(requested))));
    }

    fn order(&mut self, command: Command) {
        let ticket = self.room.ticket();
        let order = Order::new(command, PersonId::new("alice"));
        let effects = self.room.handle(Input::Order(ticket, Box::new(order)), self.now);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut left = VecDeque::from(effects);
        while let Some(effect) = left.pop_front() {
            match effect {
                Effect::Append(drafts) => {
                    let Some(input) = self.append(drafts) else { return };
                    left.extend(self.room.handle(input, self.now));
                }
                Effect::Deliver(call) => self.deliver(call.act.request, call.act.lane.clone()),
                Effect::Find(call) => self.find(call.act.request),
                Effect::Saved { .. }
                | Effect::Refused { .. }
                | Effect::Waiting { .. }
                | Effect::Kept { .. } => {}
            }
        }
    }

    /// `None`: the process crashed, before or after the write.
    fn append(&mut self, drafts: Vec<Draft>) -> Option<Input> {
        if self.mutant == Mutant::SendsWhatWasDecided {
            // The attempt was decided before somebody else wrote, and is not decided again.
            let first = drafts.first().map(|draft| draft.event.clone());
            if let Some(Event::Delivery(warroom::incident::event::DeliveryEvent::Attempted {
                request, ..
            })) = first
                && self.dice.percent(20)
            {
                self.by_another(DeliveryCommand::Drop { request, reason: "not needed".into() });
                let placed = self.log.write(drafts, self.now);
                let lane = self.room.outbox().get(request).unwrap().lane.clone();
                self.deliver(request, lane);
                return Some(Input::Written(placed));
            }
        }
        if self.mutant == Mutant::CallsBeforeItSaves {
            for draft in &drafts {
                if let Event::Delivery(warroom::incident::event::DeliveryEvent::Attempted {
                    request, ..
                }) = draft.event
                {
                    let lane = self.room.outbox().get(request).unwrap().lane.clone();
                    self.under_way.push(UnderWay { at: self.now, op: request, lane });
                }
            }
        }
        if self.storm() && self.dice.percent(4) {
            // The journal is full for a moment.
            return Some(Input::Unsaved { why: "full".into(), hint: String::new(), lasting: false });
        }
        if self.storm() && self.dice.percent(5) {
            // Another process was first.
            let note = Command::Note { kind: NoteKind::Note, text: "meanwhile".into() };
            let news = self.log.order("bob", note, self.now);
            return Some(Input::Moved(news));
        }
        if self.storm() && self.dice.percent(4) {
            self.crash();
            return None;
        }
        let placed = self.log.write(drafts, self.now);
        for placed in &placed {
            if let Event::Delivery(warroom::incident::event::DeliveryEvent::Requested(request)) =
                &placed.entry.event
            {
                self.requests.push((request.lane.clone(), placed.entry.id()));
            }
        }
        if self.storm() && self.dice.percent(4) {
            self.crash();
            return None;
        }
        Some(Input::Written(placed))
    }

    /// Everything in memory is gone; what is under way outside goes on.
    fn crash(&mut self) {
        self.crashes += 1;
        self.replies.clear();
        let seed = self.dice.roll();
        self.room = room(&self.log, self.mutant, seed);
    }

    /// Other accounts hold from here on: every call under way is cut off, and says so.
    fn reconnect(&mut self) {
        let cut = |(_, reply): (Time, Reply)| match reply {
            Reply::Outcome(request, _) => Some(request),
            Reply::News(_) => None,
        };
        let requests: Vec<EntryId> = std::mem::take(&mut self.replies).into_iter().filter_map(cut).collect();
        for request in requests {
            let outcome = Outcome::failed(FailureClass::Unknown, "the call was cut off");
            let effects = self.room.handle(Input::Delivered { request, outcome }, self.now);
            self.carry_out(effects);
        }
    }

    fn later(&mut self, most_s: u64) -> Time {
        self.now + Span::from_ms(i64::try_from(self.dice.below(most_s * 1000)).unwrap_or(0))
    }

    fn reply(&mut self, at: Time, request: EntryId, outcome: Outcome) {
        let outcome = match outcome {
            Outcome::Failed { class: FailureClass::Unknown, message, .. }
                if self.mutant == Mutant::ResendsBlindly =>
            {
                Outcome::failed(FailureClass::Transient, message)
            }
            Outcome::Failed { class: FailureClass::Transient, message, .. }
                if self.mutant == Mutant::GivesUpSilently =>
            {
                Outcome::failed(FailureClass::AlreadyDone, message)
            }
            outcome => outcome,
        };
        self.replies.push((at, Reply::Outcome(request, outcome)));
    }

    fn deliver(&mut self, op: EntryId, lane: String) {
        let decided =
            |outbox: &warroom::outbox::Outbox| outbox.get(op).is_some_and(|act| act.state.is_settled());
        self.sent_after_all += usize::from(decided(&Folded::of(&self.log.placed()).outbox));
        if self.mutant == Mutant::CallsBeforeItSaves {
            return self.reply(self.now, op, Outcome::confirmed("ts"));
        }
        let wait = Span::from_secs(i64::try_from(self.dice.below(40)).unwrap_or(1));
        let fault = if self.storm() { self.dice.below(100) } else { 99 };
        let at = self.later(2);
        let apply = |at| UnderWay { at, op, lane: lane.clone() };
        match fault {
            0..=9 => self.reply(at, op, Outcome::failed(FailureClass::Transient, "refused")),
            10..=17 => {
                let class = FailureClass::Transient;
                self.reply(at, op, Outcome::Failed { class, message: "429".into(), retry_after: Some(wait) });
            }
            18..=25 => self.reply(at, op, Outcome::failed(FailureClass::Unknown, "500, not applied")),
            26..=33 => {
                self.under_way.push(apply(at));
                self.reply(at, op, Outcome::failed(FailureClass::Unknown, "502, applied"));
            }
            34..=45 => {
                // The client gives up; the message is still on its way.
                let late = self.later(LATEST_S);
                self.under_way.push(apply(late));
                let at = self.now + Span::from_secs(PATIENCE_S as i64);
                self.reply(at, op, Outcome::failed(FailureClass::Unknown, "no answer"));
            }
            46..=49 => self.reply(at, op, Outcome::failed(FailureClass::Permanent, "too long")),
            50..=52 => self.reply(at, op, Outcome::failed(FailureClass::Auth, "revoked")),
            53..=58 => {
                // The reply comes after a crash, or while another reply is under way.
                self.under_way.push(apply(at));
                self.crash();
            }
            _ => {
                self.under_way.push(apply(at));
                self.reply(at + Span::from_ms(1), op, Outcome::confirmed("ts"));
            }
        }
    }

    fn find(&mut self, op: EntryId) {
        let there = self.applied.iter().any(|(_, applied)| *applied == op);
        let fault = if self.storm() { self.dice.below(100) } else { 99 };
        let at = self.later(2);
        let outcome = match fault {
            0..=11 => Outcome::failed(FailureClass::Transient, "cannot look"),
            12..=14 => Outcome::failed(FailureClass::Permanent, "no such page"),
            15..=19 => Outcome::CannotTell { message: "nothing tells".into() },
            _ if there => Outcome::confirmed("ts"),
            _ => Outcome::NotThere,
        };
        self.reply(at, op, outcome);
    }

    /// The service says something, perhaps twice, perhaps late, perhaps what we said ourselves.
    fn say(&mut self) {
        let n = self.news.len();
        let echo = self.applied.last().map(|(_, op)| op.to_string()).filter(|_| self.dice.percent(40));
        let news = News {
            remote: format!("C0/{n}"),
            at: self.now,
            author: Author { remote: "U1".into(), name: "Bob".into(), ..Author::default() },
            link: None,
            what: What::Said { text: format!("piece {n}") },
            echo_of: echo,
        };
        self.news.push(news);
        let mut said: Vec<News> = self.news.iter().rev().take(3).cloned().collect();
        if self.dice.percent(50) {
            said.reverse();
        }
        if self.dice.percent(30) {
            said.extend(said.clone());
        }
        let at = self.later(3);
        self.replies.push((at, Reply::News(Batch { news: said, cursor: Some(n.to_string()), more: false })));
    }

    /// Lets time pass, step by step: whatever is due happens in its order.
    fn pass(&mut self, span: Span) {
        let until = self.now + span;
        for _ in 0..20_000 {
            let replies = self.replies.iter().map(|(at, _)| *at);
            let outside = self.under_way.iter().map(|under_way| under_way.at);
            let wake = self.room.wakes_at(self.now);
            let Some(next) = replies.chain(outside).chain(wake).min().filter(|next| *next <= until) else {
                break;
            };
            self.now = self.now.max(next);
            self.step();
        }
        self.now = self.now.max(until);
    }

    fn step(&mut self) {
        let now = self.now;
        while let Some(place) = self.under_way.iter().position(|under_way| under_way.at <= now) {
            let UnderWay { op, lane, .. } = self.under_way.remove(place);
            self.applied.push((lane, op));
        }
        if self.storm() && self.dice.percent(2) {
            self.crash();
        }
        if self.storm() && self.dice.percent(6) {
            self.say();
        }
        if self.storm() && self.dice.percent(5) {
            self.meddle();
        }
        if self.storm() && self.dice.percent(2) {
            self.reconnect();
        }
        if let Some(place) = self.replies.iter().position(|(at, _)| *at <= now) {
            let (_, reply) = self.replies.remove(place);
            let input = match reply {
                Reply::Outcome(request, outcome) => Input::Delivered { request, outcome },
                Reply::News(mut batch) => {
                    if self.mutant == Mutant::NewsWithoutIds {
                        let unique = self.dice.roll();
                        batch
                            .news
                            .iter_mut()
                            .for_each(|news| news.remote = format!("{}-{unique}", news.remote));
                    }
                    Input::Heard { account: "slack".into(), batch }
                }
            };
            let effects = self.room.handle(input, now);
            return self.carry_out(effects);
        }
        let effects = self.room.handle(Input::Tick, now);
        self.carry_out(effects);
    }

    /// A person acts in the middle of it: drops, looks again, rewords, says that it arrived, another process does the same.
    fn meddle(&mut self) {
        let in_doubt = |state: &State| {
            matches!(state, State::Doubtful { .. } | State::Stuck { class: FailureClass::Unknown, .. })
        };
        let open: Vec<(EntryId, bool)> =
            self.room.outbox().open().map(|act| (act.request, in_doubt(&act.state))).collect();
        if open.is_empty() {
            return;
        }
        let (request, doubtful) = open[self.dice.below(open.len() as u64) as usize];
        let there = self.applied.iter().any(|(_, op)| *op == request);
        let coming = self.under_way.iter().any(|under_way| under_way.op == request);
        let command = match self.dice.below(5) {
            // Whoever drops an act knows that it may have arrived.
            0 => DeliveryCommand::Drop { request, reason: "not needed".into() },
            1 => DeliveryCommand::Seek { request },
            2 => DeliveryCommand::Reword { request, title: "other".into(), body: "words".into() },
            3 if doubtful && there => DeliveryCommand::Confirm { request, remote: "seen".into(), link: None },
            // Nobody sends again what may be there without a look.
            4 if !doubtful || (!there && !coming) => DeliveryCommand::Retry { request },
            _ => return,
        };
        if self.dice.percent(50) {
            self.order(Command::Delivery(command));
        } else {
            // By another process, which does not know what this one has under way.
            self.by_another(command);
        }
    }

    fn by_another(&mut self, command: DeliveryCommand) {
        let folded = Folded::of(&self.log.placed());
        let mut other = Room::new(folded, policy(), crate::door::host(), false).seeded(self.dice.roll());
        let ticket = other.ticket();
        let order = Order::new(Command::Delivery(command), PersonId::new("bob"));
        for effect in other.handle(Input::Order(ticket, Box::new(order)), self.now) {
            if let Effect::Append(drafts) = effect {
                let news = self.log.write(drafts, self.now);
                let effects = self.room.handle(Input::News(news), self.now);
                self.carry_out(effects);
            }
        }
    }

    /// A person looks at what needs one, and decides by what is really there.
    fn decide(&mut self) {
        let stuck: Vec<(EntryId, FailureClass)> = self
            .room
            .outbox()
            .open()
            .filter_map(|act| match act.state {
                State::Stuck { class, .. } => Some((act.request, class)),
                _ => None,
            })
            .collect();
        for (request, class) in stuck {
            self.asked += 1;
            let there = self.applied.iter().any(|(_, op)| *op == request);
            let coming = self.under_way.iter().any(|under_way| under_way.op == request);
            let command = match class {
                FailureClass::Unknown if there => {
                    DeliveryCommand::Confirm { request, remote: "seen".into(), link: None }
                }
                FailureClass::Unknown if coming => continue,
                FailureClass::Permanent => {
                    DeliveryCommand::Reword { request, title: "shorter".into(), body: String::new() }
                }
                _ => DeliveryCommand::Retry { request },
            };
            self.order(Command::Delivery(command));
        }
    }

    fn calm_down(&mut self) {
        self.pass(STORM);
        // What was said last, heard once more by whoever runs now.
        let said = self.news.clone();
        self.replies.push((self.now, Reply::News(Batch { news: said, cursor: None, more: false })));
        while self.now.since(start()) < MOST {
            self.pass(Span::from_mins(10));
            if self.room.outbox().open().next().is_none() && self.under_way.is_empty() {
                break;
            }
            self.decide();
        }
    }

    fn judge(&self) -> Verdict {
        let count = |op: EntryId| self.applied.iter().filter(|(_, applied)| *applied == op).count();
        let outbox = Folded::of(&self.log.placed()).outbox;
        let settled = |op: EntryId| outbox.get(op).is_some_and(|act| act.state.is_settled());
        // What a person has given up need not be there.
        let given_up =
            |op: EntryId| outbox.get(op).is_some_and(|act| matches!(act.state, State::Dropped { .. }));
        let lost = self.requests.iter().filter(|(_, op)| count(*op) == 0 && !given_up(*op)).count();
        Verdict {
            acts: self.requests.len(),
            lost,
            doubled: self.requests.iter().filter(|(_, op)| count(*op) > 1).count(),
            out_of_order: self.out_of_order(),
            asked: self.asked,
            news_wrong: self.news_wrong(),
            sent_after_all: self.sent_after_all,
            crashes: self.crashes,
            restless: self.requests.iter().any(|(_, op)| !settled(*op)),
        }
    }

    /// What was given up while it was under way may come after what went on without it.
    fn out_of_order(&self) -> usize {
        let outbox = Folded::of(&self.log.placed()).outbox;
        let stands =
            |op: EntryId| !outbox.get(op).is_some_and(|act| matches!(act.state, State::Dropped { .. }));
        let number = |op: EntryId| self.requests.iter().position(|(_, request)| *request == op);
        let mut last: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        let mut wrong = 0;
        for (lane, op) in self.applied.iter().filter(|(_, op)| stands(*op)) {
            if last.insert(lane, number(*op)).is_some_and(|before| before > number(*op)) {
                wrong += 1;
            }
        }
        wrong
    }

    fn news_wrong(&self) -> usize {
        let entries = self.log.placed();
        let told = |news: &News| {
            let text = format!("piece {}", news.remote.rsplit('/').next().unwrap());
            let is = |event: &Event| matches!(event, Event::Note(warroom::incident::event::NoteEvent::Written { text: said, .. }) if *said == text);
            entries
                .iter()
                .filter(|placed| placed.entry.header.via == Origin::Slack && is(&placed.entry.event))
                .count()
        };
        self.news.iter().filter(|news| told(news) != usize::from(news.echo_of.is_none())).count()
    }
}
