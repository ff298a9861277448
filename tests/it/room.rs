//! The driver of one incident, over a journal that fails, is overtaken, or answers late.

use warroom::incident::command::RoleCommand;
use warroom::incident::event::{FailureClass, SentUpdate};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Word;
use warroom::incident::{Command, Draft, EntryId, Event, Span, Time};
use warroom::room::{Effect, Folded, Input, Order, Outcome, Room, Ticket};

use crate::door::{Log, host, policy, start};

/// A room and the journal that it believes in.
struct Desk {
    room: Room,
    log: Log,
    /// Entries of the log that the room has folded.
    known: usize,
    now: Time,
    broken: bool,
    /// An append that the journal has not answered yet.
    pending: Option<Vec<Draft>>,
    /// What else came out, in words.
    said: Vec<String>,
}

impl Desk {
    fn new(delivers: bool) -> Self {
        let mut log = crate::decide::declared();
        log.order("alice", assign("alice"), start());
        Self::open(log, delivers)
    }

    /// The room of a journal, as after a start.
    fn open(log: Log, delivers: bool) -> Self {
        let placed = log.placed();
        let room = Room::new(Folded::of(&placed), policy(), host(), delivers);
        let (known, now) = (placed.len(), start() + Span::from_mins(1));
        let mut desk = Self { room, log, known, now, broken: false, pending: None, said: Vec::new() };
        desk.input(Input::Tick);
        desk
    }

    fn input(&mut self, input: Input) {
        for effect in self.room.handle(input, self.now) {
            let text = match effect {
                Effect::Append(drafts) => {
                    assert!(self.pending.replace(drafts).is_none(), "one append at a time");
                    continue;
                }
                Effect::Saved { ticket, entries } => {
                    format!("saved {} with {} entries", ticket.0, entries.len())
                }
                Effect::Refused { ticket, refusal } => format!("refused {}: {refusal}", ticket.0),
                Effect::Waiting { ticket, why, retry_at, .. } => {
                    format!("waiting {} for {} s: {why}", ticket.0, retry_at.since(self.now).secs())
                }
                Effect::Deliver(call) => format!("deliver to {}", call.act.client),
                Effect::Find(call) => format!("find at {}", call.act.client),
                Effect::Kept { account, .. } => format!("kept {account}"),
            };
            self.said.push(text);
        }
    }

    fn order(&mut self, command: Command) -> Ticket {
        let ticket = self.room.ticket();
        self.input(Input::Order(ticket, Box::new(Order::new(command, "alice".into()))));
        ticket
    }

    /// The journal answers once, as the real one would.
    fn answer(&mut self) {
        let Some(drafts) = self.pending.take() else { return };
        let placed = self.log.placed();
        if placed.len() > self.known {
            let news = placed[self.known..].to_vec();
            self.known = placed.len();
            return self.input(Input::Moved(news));
        }
        if self.broken {
            let (why, hint) = ("the disk is full".into(), "free some space".into());
            return self.input(Input::Unsaved { why, hint, lasting: false });
        }
        let written = self.log.write(drafts, self.now);
        self.known += written.len();
        self.input(Input::Written(written));
    }

    /// Until the journal has nothing to do.
    fn settle(&mut self) -> &mut Self {
        while self.pending.is_some() && !(self.broken && self.log.placed().len() == self.known) {
            self.answer();
        }
        if self.broken {
            self.answer();
        }
        self
    }

    fn wait(&mut self, secs: i64) {
        self.now = self.now + Span::from_secs(secs);
        self.input(Input::Tick);
    }

    fn said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }

    /// The delivery events of the journal, by their kind.
    fn deliveries(&self) -> Vec<String> {
        let placed = self.log.placed();
        let events = placed.iter().filter_map(|placed| match &placed.entry.event {
            Event::Delivery(event) => Some(format!("{event:?}")),
            _ => None,
        });
        events.map(|event| event.split([' ', '{', '(']).next().unwrap_or_default().to_owned()).collect()
    }

    fn request(&self) -> EntryId {
        self.room.outbox().open().next().expect("an open act").request
    }

    fn outcome(&mut self, outcome: Outcome) {
        let request = self.request();
        self.input(Input::Delivered { request, outcome });
        self.settle();
    }
}

fn assign(who: &str) -> Command {
    Command::Role(RoleCommand::Assign { role: "commander".into(), who: who.into() })
}

fn offer(to: &str) -> Command {
    Command::Role(RoleCommand::Offer { role: "commander".into(), to: to.into(), brief: String::new() })
}

fn accept(offer: EntryId) -> Command {
    Command::Role(RoleCommand::Accept { offer, readback: "I have it".into() })
}

fn note(text: &str) -> Command {
    Command::Note { kind: NoteKind::Note, text: text.into() }
}

fn update() -> Command {
    let (audience, body) = ("internal".into(), "prices are wrong".into());
    Command::Update(SentUpdate {
        audience,
        word: Word::Investigating,
        body,
        next: None,
        approved_by: None,
        proposal: None,
        overrides: Vec::new(),
    })
}

fn confirmed() -> Outcome {
    Outcome::Confirmed { remote: "7.md".into(), link: None }
}

fn failed(class: FailureClass, retry_after: Option<i64>) -> Outcome {
    Outcome::Failed { class, message: "no answer".into(), retry_after: retry_after.map(Span::from_secs) }
}

#[test]
fn orders_are_written_one_at_a_time_and_in_their_order() {
    let mut desk = Desk::new(false);
    desk.order(note("one"));
    desk.order(note("two"));
    desk.order(note(""));
    assert_eq!(desk.room.unsaved().count(), 3);
    assert_eq!(desk.said(), [""; 0], "nothing is called saved before it is");
    desk.settle();
    assert_eq!(
        desk.said(),
        [
            "saved 1 with 1 entries",
            "saved 2 with 1 entries",
            "refused 3: the note is empty: type what happened"
        ]
    );
    assert_eq!(desk.room.unsaved().count(), 0);
}

#[test]
fn nothing_is_folded_before_it_is_synced() {
    let mut desk = Desk::new(false);
    let before = desk.room.incident().count;
    desk.order(note("one"));
    assert_eq!(desk.room.incident().count, before);
    desk.answer();
    assert_eq!(desk.room.incident().count, before + 1);
}

#[test]
fn two_processes_cannot_both_hand_over_the_command() {
    let mut desk = Desk::new(false);
    desk.order(offer("bob"));
    desk.settle();
    let offered = desk.room.incident().roles.offers()[0].id;
    desk.log.order("bob", accept(offered), start());
    desk.order(accept(offered));
    desk.settle();
    assert_eq!(
        desk.said(),
        ["saved 1 with 1 entries", "refused 2: that offer stands no longer: offer the role again"]
    );
    assert_eq!(desk.room.incident().commander(), Some(&"bob".into()));
    assert_eq!(desk.room.incident().notices, []);
}

#[test]
fn an_order_that_was_overtaken_is_decided_on_the_new_state() {
    let mut desk = Desk::new(false);
    desk.log.order("bob", assign("bob"), start());
    desk.order(assign("carol"));
    desk.settle();
    let last = desk.log.placed().pop().unwrap();
    assert_eq!(
        last.entry.event.to_json(),
        r#"{"role":{"assigned":{"role":"commander","who":"carol","from":"bob"}}}"#
    );
}

#[test]
fn what_cannot_be_saved_stays_first_and_is_tried_again() {
    let mut desk = Desk::new(false);
    desk.broken = true;
    desk.order(note("first"));
    desk.order(note("second"));
    desk.settle();
    assert_eq!(desk.said(), ["waiting 1 for 1 s: the disk is full"]);
    let texts: Vec<String> = desk.room.unsaved().map(|(_, order)| format!("{:?}", order.command)).collect();
    assert!(texts.len() == 2 && texts[0].contains("first"), "{texts:?}");
    assert_eq!(desk.room.wakes_at(desk.now), Some(desk.now + Span::from_secs(1)));
    // Each try waits longer, up to ten seconds.
    for (wait, next) in [(1, 2), (2, 5), (5, 10), (10, 10)] {
        desk.now = desk.now + Span::from_secs(wait) - Span::from_ms(1);
        desk.input(Input::Tick);
        assert!(desk.pending.is_none(), "not before its time");
        desk.now = desk.now + Span::from_ms(1);
        desk.input(Input::Tick);
        desk.settle();
        assert_eq!(desk.said(), [format!("waiting 1 for {next} s: the disk is full")]);
    }
    desk.broken = false;
    desk.wait(10);
    desk.settle();
    assert_eq!(desk.said(), ["saved 1 with 1 entries", "saved 2 with 1 entries"]);
    assert_eq!(desk.room.wakes_at(desk.now), None);
}

#[test]
fn what_cannot_be_saved_can_be_withdrawn_with_its_text() {
    let mut desk = Desk::new(false);
    desk.broken = true;
    let first = desk.order(note("first"));
    let second = desk.order(note("second"));
    assert_eq!(desk.room.withdraw(first), None, "it is being written");
    desk.settle();
    let order = desk.room.withdraw(first).unwrap();
    assert_eq!(order.command, note("first"));
    assert_eq!(desk.room.withdraw(first), None);
    desk.broken = false;
    desk.wait(1);
    desk.settle();
    assert_eq!(desk.said().last().unwrap(), &format!("saved {} with 1 entries", second.0));
    assert_eq!(desk.log.placed().len(), 3);
}

#[test]
fn an_attempt_is_journalled_before_the_call_and_the_outcome_after() {
    let mut desk = Desk::new(true);
    desk.order(update());
    desk.answer();
    assert_eq!(desk.deliveries(), ["Requested"], "with the update itself: neither is ever without the other");
    assert!(
        !desk.said().contains(&"deliver to local".to_owned()),
        "nothing is called before it is written down"
    );
    desk.answer();
    assert_eq!(desk.deliveries(), ["Requested", "Attempted"]);
    assert_eq!(desk.said().last().unwrap(), "deliver to local");
    desk.outcome(confirmed());
    assert_eq!(desk.deliveries(), ["Requested", "Attempted", "Confirmed"]);
    assert_eq!(desk.room.outbox().open().count(), 0);
    desk.wait(1000);
    assert_eq!(desk.pending, None, "and that is all");
}

#[test]
fn deliveries_are_in_the_name_of_a_client_and_make_nobody_appear() {
    let mut desk = Desk::new(true);
    desk.order(update());
    desk.settle();
    desk.outcome(confirmed());
    let seen: Vec<&str> = desk.room.incident().seen.iter().map(|who| who.as_str()).collect();
    assert_eq!(seen, ["alice"]);
}

#[test]
fn after_a_crash_between_call_and_outcome_it_is_found_not_resent() {
    let mut desk = Desk::new(true);
    desk.order(update());
    desk.settle();
    let mut again = Desk::open(std::mem::take(&mut desk.log), true);
    assert_eq!(again.said(), ["find at local"]);
    again.outcome(confirmed());
    assert_eq!(again.deliveries(), ["Requested", "Attempted", "Confirmed"]);
}

#[test]
fn what_is_not_found_after_a_crash_is_attempted_once_more() {
    let mut desk = Desk::new(true);
    desk.order(update());
    desk.settle();
    let mut again = Desk::open(std::mem::take(&mut desk.log), true);
    again.outcome(Outcome::NotThere);
    assert_eq!(again.said(), ["find at local", "saved 1 with 1 entries", "deliver to local"]);
    assert_eq!(again.deliveries(), ["Requested", "Attempted", "Attempted"]);
    again.outcome(confirmed());
    assert_eq!(again.room.outbox().open().count(), 0);
}

#[test]
fn a_look_that_fails_leaves_it_doubtful_and_is_repeated() {
    let mut desk = Desk::new(true);
    desk.order(update());
    desk.settle();
    let mut again = Desk::open(std::mem::take(&mut desk.log), true);
    again.outcome(failed(FailureClass::Transient, None));
    for _ in 0..3 {
        again.said();
        let wake = again.room.wakes_at(again.now).expect("it is looked for again");
        again.now = wake;
        again.input(Input::Tick);
        again.settle();
        assert_eq!(again.said(), ["find at local"], "never resent blindly");
        again.outcome(failed(FailureClass::Transient, None));
    }
    again.now = again.room.wakes_at(again.now).unwrap();
    again.input(Input::Tick);
    again.outcome(confirmed());
    assert_eq!(again.room.outbox().open().count(), 0);
}

#[test]
fn a_passing_failure_is_tried_again_when_it_was_asked_to() {
    let mut desk = Desk::new(true);
    desk.order(update());
    desk.settle();
    desk.outcome(failed(FailureClass::Transient, Some(90)));
    desk.said();
    let wake = desk.room.wakes_at(desk.now).unwrap();
    assert_eq!(wake.since(desk.now).secs(), 90);
    desk.now = wake;
    assert_eq!(desk.room.wakes_at(desk.now), Some(desk.now), "whoever is woken then must be told to act");
    desk.input(Input::Tick);
    desk.settle();
    assert_eq!(desk.said().last().unwrap(), "deliver to local");
}

#[test]
fn a_failing_client_never_holds_up_an_entry() {
    let mut desk = Desk::new(true);
    desk.order(update());
    desk.settle();
    desk.outcome(failed(FailureClass::Auth, None));
    desk.said();
    desk.order(note("goes on"));
    desk.settle();
    assert_eq!(desk.said().len(), 1);
}

#[test]
fn a_process_that_does_not_deliver_leaves_it_to_another() {
    let mut desk = Desk::new(false);
    desk.order(update());
    desk.settle();
    desk.wait(1000);
    desk.settle();
    assert_eq!(desk.deliveries(), ["Requested"]);
    assert_eq!(desk.room.wakes_at(desk.now), None);
    let mut console = Desk::open(std::mem::take(&mut desk.log), true);
    console.settle();
    assert_eq!(console.said().last().unwrap(), "deliver to local");
}

#[test]
fn a_fold_made_anew_takes_the_place_of_the_old() {
    let mut desk = Desk::new(false);
    desk.log.order("bob", note("arrived late"), start());
    let placed = desk.log.placed();
    desk.known = placed.len();
    desk.input(Input::Refolded(Box::new(Folded::of(&placed))));
    assert_eq!(desk.room.incident().count, placed.len() as u64);
    desk.order(note("after it"));
    desk.settle();
    assert_eq!(desk.said(), ["saved 1 with 1 entries"]);
}

#[test]
fn news_of_others_comes_in_between() {
    let mut desk = Desk::new(false);
    let news = desk.log.order("bob", assign("bob"), start());
    desk.known += news.len();
    desk.input(Input::News(news));
    assert_eq!(desk.room.incident().commander(), Some(&"bob".into()));
}
