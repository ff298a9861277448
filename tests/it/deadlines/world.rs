//! A room that rings its clocks over a journal in memory, and people who do anything to it.

use proptest::prelude::*;
use warroom::config::{Paths, shipped};
use warroom::incident::command::*;
use warroom::incident::deadline::deadlines;
use warroom::incident::event::*;
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Status, Word};
use warroom::incident::{Command, Draft, Event, Incident, Span, Time};
use warroom::policy::Policy;
use warroom::room::{Effect, Folded, Input, Order, Room};

use crate::door::{Log, host, start};

pub struct World {
    pub room: Room,
    pub log: Log,
    pub now: Time,
    pub refused: Vec<String>,
}

/// What somebody does next: the kind, three numbers to make it of, and the seconds that pass before.
pub type Deed = (u8, u8, u8, u8, i64);

pub fn deed() -> impl Strategy<Value = Deed> {
    let wait = prop_oneof![3 => 0..120_i64, 3 => 60..1200_i64, 1 => 0..200_000_i64];
    (0..26_u8, any::<u8>(), any::<u8>(), any::<u8>(), wait)
}

pub fn paths() -> Paths {
    Paths { config: "/nowhere".into(), data: "/nowhere".into(), state: "/nowhere".into() }
}

/// The three policies of the scripted incident, composed.
pub fn policy() -> Policy {
    shipped::policy(&paths(), &["data", "pipeline", "runbook"]).expect("the shipped policies")
}

pub fn pinned() -> Vec<PinnedPolicy> {
    shipped::pinned_policy(&paths(), &["data", "pipeline", "runbook"]).expect("the shipped policies")
}

impl World {
    pub fn new() -> Self {
        let what = Declared { title: "orders: prices x100".into(), ..Declared::default() };
        let playbook = shipped::playbook(&paths(), "data-loss").ok();
        Self::declared(Declare { what, policy: pinned(), playbook, ..Declare::default() })
    }

    pub fn declared(declare: Declare) -> Self {
        let room = Room::new(Folded::default(), policy(), host(), true).seeded(7);
        let mut world = Self { room, log: Log::default(), now: start(), refused: Vec::new() };
        world.order("alice", Command::Declare(declare));
        world
    }

    pub fn incident(&self) -> &Incident {
        self.room.incident()
    }

    /// The journal answers at once.
    pub fn input(&mut self, input: Input) {
        let mut left: Vec<Effect> = self.room.handle(input, self.now);
        while !left.is_empty() {
            let effect = left.remove(0);
            match effect {
                Effect::Append(drafts) => {
                    let placed = self.log.write(drafts, self.now);
                    left.extend(self.room.handle(Input::Written(placed), self.now));
                }
                Effect::Refused { refusal, .. } => self.refused.push(refusal.to_string()),
                _ => {}
            }
        }
    }

    pub fn order(&mut self, by: &str, command: Command) {
        let ticket = self.room.ticket();
        self.input(Input::Order(ticket, Box::new(Order::new(command, by.into()))));
    }

    /// An entry that no command of this version makes.
    pub fn write(&mut self, event: Event) {
        let placed = self.log.write(vec![Draft::new(event, "newer".into())], self.now);
        self.input(Input::News(placed));
    }

    pub fn wait(&mut self, span: Span) {
        self.now = self.now + span;
        self.input(Input::Tick);
    }

    /// The console crashes and comes back: the room is folded anew from the journal.
    pub fn restart(&mut self) {
        let folded = Folded::of(&self.log.placed());
        assert_eq!(&folded.incident, self.room.incident(), "the fold of the log is the room");
        self.room = Room::new(folded, policy(), host(), true).seeded(self.now.ms().unsigned_abs());
        self.input(Input::Tick);
    }

    pub fn carry_out(&mut self, deed: &Deed) {
        let (kind, a, b, c, wait) = *deed;
        self.wait(Span::from_secs(wait));
        if kind == 0 {
            return self.restart();
        }
        let by = ["alice", "bob"][usize::from(c) % 2];
        if let Some(command) = self.command(kind, a, b, c) {
            self.order(by, command);
        }
    }

    fn command(&self, kind: u8, a: u8, b: u8, c: u8) -> Option<Command> {
        let of = |count: usize| (count > 0).then(|| usize::from(a) % count);
        let later = |n: u8| self.now + Span::from_mins(i64::from(n) + 1);
        let who = || ["alice", "bob", "carol"][usize::from(b) % 3].into();
        let incident = self.incident();
        let reason = || "because".to_owned();
        Some(match kind {
            1 | 2 => {
                let to = ["P0", "P1", "SEV-3", "P3"][usize::from(a) % 4].to_owned();
                Command::Severity { to, reason: reason() }
            }
            3 | 4 => {
                let to = Status::ALL[usize::from(a) % Status::ALL.len()];
                Command::Status { to, reason: reason() }
            }
            5 => Command::Role(RoleCommand::Assign { role: "commander".into(), who: who() }),
            6 => Command::Role(RoleCommand::Offer { role: "commander".into(), to: who(), brief: "b".into() }),
            7 => {
                let offer = incident.roles.offers().get(of(incident.roles.offers().len())?)?.id;
                match b % 2 {
                    0 => Command::Role(RoleCommand::Accept { offer, readback: "yes".into() }),
                    _ => Command::Role(RoleCommand::Decline { offer, reason: reason() }),
                }
            }
            8 => Command::Ask(AskCommand::Ask { who: who(), what: "backups?".into(), due: Some(later(a)) }),
            9 | 10 => {
                let ask = incident.asks.all().get(of(incident.asks.all().len())?)?.id;
                Command::Ask(match b % 4 {
                    0 => AskCommand::Answer { ask, answer: "clean".into() },
                    1 => AskCommand::Move { ask, due: later(c), reason: reason() },
                    2 => AskCommand::Withdraw { ask, reason: reason() },
                    _ => AskCommand::Reopen { ask },
                })
            }
            11 => Command::Decision(DecisionCommand::Propose {
                proposal: "roll back".into(),
                risk: String::new(),
                rollback: String::new(),
                verify_by: Some(later(a)),
            }),
            12 | 13 => {
                let decision = incident.polls.all().get(of(incident.polls.all().len())?)?.id;
                Command::Decision(match b % 4 {
                    0 | 1 => DecisionCommand::Settle { decision, outcome: Outcome::Go, reason: reason() },
                    2 => DecisionCommand::Verify { decision, worked: c.is_multiple_of(2), note: reason() },
                    _ => DecisionCommand::Reopen { decision },
                })
            }
            14 | 15 => {
                let audience = ["internal", "executive", "customers"][usize::from(b) % 3];
                let next = (!c.is_multiple_of(3)).then(|| later(c / 4));
                Command::Update(SentUpdate::new(audience, Word::Investigating, "text", next))
            }
            16 => Command::Propose(SentUpdate::new("customers", Word::Investigating, "text", Some(later(c)))),
            17 => {
                let proposal = incident.awaiting_approval().next()?.id;
                match b % 2 {
                    0 => Command::Approve { proposal, by_voice: incident.commander().cloned() },
                    _ => Command::Reject { proposal, reason: reason() },
                }
            }
            18 | 19 => Command::Impact(ImpactCommand::Record(ImpactChange {
                dataset: ["orders", "users"][usize::from(a) % 2].into(),
                tier: b.is_multiple_of(2).then(|| ["M1", "M2", "M3"][usize::from(c) % 3].into()),
                last_good: b.is_multiple_of(3).then_some(self.now),
                contained: b.is_multiple_of(5).then_some(self.now),
                recovered: b.is_multiple_of(7).then_some(self.now),
                note: Some(format!("{c}")),
                ..ImpactChange::default()
            })),
            20 => Command::FollowUp(FollowUpCommand::Open(FollowUp {
                text: "add a check".into(),
                due: chrono::NaiveDate::from_ymd_opt(2026, 11, 20 + u32::from(a % 8)),
                ..FollowUp::default()
            })),
            21 => {
                let item = incident.follow_ups.all().get(of(incident.follow_ups.all().len())?)?.id;
                match b % 2 {
                    0 => Command::FollowUp(FollowUpCommand::Close { follow_up: item, note: reason() }),
                    _ => Command::FollowUp(FollowUpCommand::Reopen { follow_up: item, reason: reason() }),
                }
            }
            22 => Command::Private { on: a.is_multiple_of(2), reason: reason() },
            23 => {
                let run = incident.runs.first()?;
                let lines = run.lines();
                let step = lines.get(of(lines.len())?)?.id.to_owned();
                let act = if b.is_multiple_of(4) { StepCommand::Reopen } else { StepCommand::Tick };
                Command::Step { run: run.id, step, act }
            }
            24 => {
                let all = deadlines(incident, self.now);
                let clock = all.get(of(all.len())?)?.id.clone();
                let act = match b % 5 {
                    0 => ClockCommand::Acknowledge,
                    1 | 2 => ClockCommand::Snooze { until: later(c), reason: reason() },
                    3 => ClockCommand::Done { note: reason() },
                    _ => ClockCommand::Tried { note: reason() },
                };
                Command::Clock { clock, act }
            }
            _ => {
                let known: Vec<&str> = incident.clocks.all().map(|(id, _)| id).collect();
                match (b % 2, of(known.len())) {
                    (0, Some(place)) => {
                        let act = ClockCommand::Restart { reason: reason() };
                        Command::Clock { clock: known[place].to_owned(), act }
                    }
                    _ => Command::Note { kind: NoteKind::Todo, text: "look again".into() },
                }
            }
        })
    }
}
