//! What a decision does not let slip: promises, what is still open, who approved, and what changed before an undo.

use warroom::incident::command::{
    AskCommand, ClockCommand, DecisionCommand, FollowUpCommand, ImpactCommand, PinnedPolicy, RoleCommand,
};
use warroom::incident::deadline::deadlines;
use warroom::incident::event::{DataLoss, FollowUp, Outcome, SentUpdate};
use warroom::incident::words::{Status, Word};
use warroom::incident::{Command, Context, Entry, Event, PersonId, Span, Time, closing, decide};

use super::{assign, declared, ordered, release, severity, status};
use crate::door::{Log, policy, start};

fn after(mins: i64) -> Time {
    start() + Span::from_mins(mins)
}

/// An hour in, as alice: `why / hint` of a refusal, else the events.
fn at(log: &Log, command: &Command, now: Time, by: &str) -> String {
    let policy = policy();
    match decide(log.incident(), command, Context { policy: &policy, now, by: &by.into() }) {
        Ok(events) => events.iter().map(Event::to_json).collect::<Vec<_>>().join("\n"),
        Err(refusal) => format!("{} / {}", refusal.why, refusal.hint),
    }
}

#[track_caller]
fn says(log: &Log, command: Command, part: &str) {
    let said = at(log, &command, after(60), "alice");
    assert!(said.contains(part), "{part:?} is missing in:\n{said}");
}

fn update(audience: &str, next: Option<Time>) -> SentUpdate {
    SentUpdate::new(audience, Word::Identified, "we know", next)
}

fn undo(entry: &Entry, reason: &str) -> Command {
    Command::Undo { entry: entry.id(), event: entry.event.clone(), reason: reason.into() }
}

/// A P1 whose policy is pinned: its clocks run.
fn clocks() -> Log {
    let text = include_str!("../../../sample-data/policies/data.toml");
    let part = PinnedPolicy { name: "data".into(), digest: "0".repeat(64), text: text.into() };
    let mut log = declared();
    ordered(&mut log, [Command::Pin(vec![part]), assign("commander", "alice"), severity("P1", "")]);
    log
}

fn clock_of(log: &Log, beginning: &str) -> String {
    let all = deadlines(log.incident(), after(1));
    all.into_iter().find(|clock| clock.id.starts_with(beginning)).expect(beginning).id
}

fn done(clock: String) -> Command {
    Command::Clock { clock, act: ClockCommand::Done { note: "by phone".into() } }
}

#[test]
fn b7_an_approval_after_the_promised_time_promises_the_usual_one() {
    let mut log = clocks();
    for (word, next, kept) in [
        (Word::Identified, Some(after(15)), true),
        (Word::Identified, None, false),
        (Word::Resolved, Some(after(15)), false),
    ] {
        let proposed = SentUpdate { word, ..update("customers", next) };
        let proposal = log.order("bob", Command::Propose(proposed), start())[0].entry.id();
        let command = Command::Approve { proposal, by_voice: None };
        let now = after(60) + Span::from_secs(7);
        let said = at(&log, &command, now, "alice");
        assert!(said.contains("\"approved_by\":\"alice\""), "{said}");
        assert_eq!(said.contains("\"next\""), kept, "{said}");
        log.order("alice", command, now);
        let due = log.incident().due.get("customers").copied();
        assert_eq!(due.is_some(), kept);
        assert!(due.is_none_or(|due| due > now && due.ms() % 60_000 == 0), "a whole minute to come: {due:?}");
    }
}

#[test]
fn b2_a_done_update_promises_the_next_word_and_its_undo_the_former_one() {
    let mut log = clocks();
    let promised = after(30);
    log.order("alice", Command::Update(update("internal", Some(promised))), start());
    let written = log.order("alice", done(clock_of(&log, "update/internal")), after(20));
    assert_eq!(written.len(), 2);
    assert!(log.incident().due["internal"] > promised);
    assert!(clock_of(&log, "update/internal") != written[0].entry.id().to_string());
    let undone = log.order("alice", undo(&written[0].entry, ""), after(21));
    assert_eq!((undone.len(), log.incident().due["internal"]), (2, promised));
    assert!(!log.incident().clocks.is_done(&clock_of(&log, "update/internal")));
}

#[test]
fn b2_what_is_still_open_is_not_done_by_its_clock() {
    let mut log = clocks();
    let ask = AskCommand::Ask { who: "bob".into(), what: "backups?".into(), due: Some(after(9)) };
    let propose = DecisionCommand::Propose {
        proposal: "replay".into(),
        risk: String::new(),
        rollback: String::new(),
        verify_by: Some(after(30)),
    };
    ordered(&mut log, [Command::Ask(ask)]);
    let decision = log.order("alice", Command::Decision(propose), start())[0].entry.id();
    let go = DecisionCommand::Settle { decision, outcome: Outcome::Go, reason: String::new() };
    let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 1);
    let follow_up = FollowUp { text: "drill".into(), due: day, ..FollowUp::default() };
    let follow_up = Command::FollowUp(FollowUpCommand::Open(follow_up));
    ordered(&mut log, [Command::Decision(go), follow_up]);
    for (clock, hint) in [("ask/", "answer it"), ("verify/", "verify it"), ("followup/", "close it")] {
        says(&log, done(clock_of(&log, clock)), hint);
    }
}

#[test]
fn b6_an_offer_is_accepted_for_somebody_else_only_as_read_back() {
    let mut log = declared();
    ordered(&mut log, [assign("commander", "alice"), super::hand_over("commander", "bob")]);
    let offer = log.incident().roles.offers()[0].id;
    let accept = |readback: &str| Command::Role(RoleCommand::Accept { offer, readback: readback.into() });
    says(&log, accept(" "), "write what bob read back");
    says(&log, accept("P1, loads paused"), "assigned");
    assert!(at(&log, &accept(""), after(1), "bob").contains("assigned"));
}

#[test]
fn b6_of_several_the_one_who_offers_hands_over_and_offers_stand_side_by_side() {
    let mut log = declared();
    ordered(&mut log, [assign("sme", "bob"), assign("sme", "carol")]);
    says(&log, super::hand_over("sme", "dana"), "bob, carol hold sme: whose is offered?");
    log.order("carol", super::hand_over("sme", "dana"), start());
    assert_eq!(log.incident().roles.offers()[0].from, PersonId::new("carol"));
    log.order("bob", super::hand_over("sme", "erin"), start());
    assert_eq!(log.incident().roles.offers().len(), 2, "another person's offer stays");
    log.order("carol", super::hand_over("sme", "dana"), start());
    assert_eq!(log.incident().roles.offers().len(), 2, "to the same person it is one");
}

#[test]
fn b7_an_audience_that_the_policy_does_not_know_may_be_outside() {
    let mut log = declared();
    ordered(&mut log, [assign("commander", "alice")]);
    let to = |audience: &str| Command::Update(update(audience, None));
    assert!(at(&log, &to("press"), after(1), "bob").contains("alice must approve it"));
    assert!(at(&log, &to("internal"), after(1), "bob").contains("sent"));
}

#[test]
fn b7_nobody_has_approved_what_stays_inside() {
    let log = declared();
    let update = SentUpdate { approved_by: Some("carol".into()), ..update("internal", None) };
    let said = at(&log, &Command::Update(update), after(1), "bob");
    assert!(said.contains("sent") && !said.contains("carol"), "{said}");
}

#[test]
fn s4_12_a_promise_is_of_a_time_to_come() {
    let log = declared();
    let due = |audience: &str, next| Command::UpdateDue { audience: audience.into(), next };
    says(&log, due("internal", Some(after(60))), "that time has passed / give one to come");
    says(&log, due(" ", None), "the update has no audience");
    says(&log, due("internal", Some(after(61))), "due");
    says(&log, Command::Update(update("internal", Some(after(59)))), "that time has passed");
    says(&log, Command::Propose(update("internal", Some(after(59)))), "that time has passed");
}

#[test]
fn s1_5_becoming_a_breach_has_the_consequences_of_being_declared_one() {
    let mut log = declared();
    let retype = Command::Retype { kind: "data-breach".into() };
    ordered(&mut log, [retype.clone()]);
    assert!(log.incident().is_private());
    let kind = policy().kind("data-breach").unwrap().clone();
    assert!(!kind.roles.is_empty());
    assert!(kind.roles.iter().all(|role| log.incident().roles.knows(role)));
    let again = at(&log, &retype, after(1), "alice");
    assert_eq!(again, r#"{"incident":{"retyped":{"kind":"data-breach"}}}"#, "once is enough");
}

#[test]
fn s4_2_closing_what_runs_resolves_it_first() {
    let log = declared();
    let (policy, by) = (policy(), PersonId::new("alice"));
    let context = Context { policy: &policy, now: after(5), by: &by };
    let said = Some((DataLoss::None, ""));
    let orders = closing::close(log.incident(), said, "a false alarm", context).unwrap();
    let stated = Command::Impact(ImpactCommand::State { data: DataLoss::None, text: String::new() });
    assert_eq!(
        orders,
        [stated, status(Status::Resolved, "a false alarm"), status(Status::Closed, "")],
        "each is an order of its own"
    );
    assert!(closing::close(log.incident(), said, "", context).is_err());
    let mut log = log;
    ordered(&mut log, orders);
    assert_eq!(log.incident().status, Status::Closed);
}

#[test]
fn undo_takes_back_only_the_last_turn() {
    let mut log = declared();
    ordered(&mut log, [severity("P2", "")]);
    let first = log.order("alice", severity("P1", "worse"), after(1)).remove(0);
    log.order("bob", severity("P2", "better"), after(2));
    let third = log.order("bob", severity("P1", "worse again"), after(3)).remove(0);
    says(&log, undo(&first.entry, "slip"), "it has changed since");
    says(&log, undo(&third.entry, "slip"), r#""to":"P2""#);
    let first = log.order("alice", status(Status::Fixing, ""), after(4)).remove(0);
    log.order("bob", status(Status::Diagnosing, ""), after(5));
    let third = log.order("bob", status(Status::Fixing, ""), after(6)).remove(0);
    says(&log, undo(&first.entry, "slip"), "it has changed since");
    says(&log, undo(&third.entry, "slip"), r#""to":"diagnosing""#);
}

#[test]
fn undo_back_to_an_end_has_the_guards_of_an_end() {
    let mut log = declared();
    ordered(&mut log, [status(Status::Resolved, "bob counted")]);
    let reopened = log.order("alice", status(Status::Fixing, "again"), after(1)).remove(0);
    says(&log, undo(&reopened.entry, ""), "resolving needs the verification");
    says(&log, undo(&reopened.entry, "bob counted once more"), r#""to":"resolved""#);
}

#[test]
fn undo_of_a_role_spares_who_took_it_since() {
    let mut log = declared();
    let first = log.order("alice", assign("commander", "bob"), after(1)).remove(0);
    says(&log, undo(&first.entry, ""), "released");
    log.order("carol", assign("commander", "carol"), after(2));
    let back = log.order("bob", assign("commander", "bob"), after(3)).remove(0);
    says(&log, undo(&first.entry, ""), "it has changed since");
    says(&log, undo(&back.entry, ""), r#""who":"carol","from":"bob""#);
    log.order("bob", release("commander", None), after(4));
    log.order("bob", assign("commander", "bob"), after(5));
    says(&log, undo(&first.entry, ""), "it has changed since");
    says(&log, undo(&back.entry, ""), "it has changed since");
}

#[test]
fn undo_of_a_clock_takes_back_what_holds_and_nothing_that_happened() {
    let mut log = clocks();
    ordered(&mut log, [Command::Update(update("internal", Some(after(30))))]);
    let id = clock_of(&log, "update/internal");
    let order = |act| Command::Clock { clock: id.clone(), act };
    let tried =
        log.order("alice", order(ClockCommand::Tried { note: "no answer".into() }), after(1)).remove(0);
    let snooze = |mins, reason: &str| ClockCommand::Snooze { until: after(mins), reason: reason.into() };
    let first = log.order("alice", order(snooze(90, "the restore")), after(2)).remove(0);
    let second = log.order("alice", order(snooze(95, "longer")), after(3)).remove(0);
    says(&log, undo(&tried.entry, ""), "a call that was tried stays");
    says(&log, undo(&first.entry, ""), "it has changed since");
    says(&log, undo(&second.entry, ""), "restarted");
    let restarted = log.order("alice", undo(&second.entry, ""), after(4)).remove(0);
    says(&log, undo(&restarted.entry, ""), "that clock counts again");
    says(&log, undo(&second.entry, ""), "it has changed since");
}

#[test]
fn undo_of_private_link_and_follow_up() {
    let mut log = declared();
    let private = Command::Private { on: true, reason: String::new() };
    let private = log.order("alice", private, after(1)).remove(0);
    says(&log, undo(&private.entry, ""), "letting its words out needs a reason");
    says(&log, undo(&private.entry, "legal allows it"), "legal allows it");
    let link = |url: &str| Command::Link { what: "bridge".into(), url: url.into() };
    let first = log.order("alice", link("https://a"), after(2)).remove(0);
    let second = log.order("alice", link("https://b"), after(3)).remove(0);
    says(&log, undo(&first.entry, ""), "it has changed since");
    says(&log, undo(&second.entry, ""), "unlinked");
    let follow_up = FollowUp { text: "drill".into(), ..FollowUp::default() };
    let opened = log.order("alice", Command::FollowUp(FollowUpCommand::Open(follow_up)), after(4)).remove(0);
    says(&log, undo(&opened.entry, ""), r#""note":"withdrawn""#);
    says(&log, undo(&opened.entry, "a double"), r#""note":"withdrawn: a double""#);
}
