//! Each kind of clock, one by one: what starts it, what it says, what ends it.

use warroom::incident::command::*;
use warroom::incident::deadline::{Deadline, What, deadlines, receipts};
use warroom::incident::event::*;
use warroom::incident::words::{Status, Word};
use warroom::incident::{Command, Span};

use super::world::{World, pinned};
use crate::door::start;

fn declared(severity: &str) -> World {
    let what = Declared { title: "orders".into(), ..Declared::default() };
    let severity = Some(severity.to_owned());
    World::declared(Declare { what, severity, policy: pinned(), ..Declare::default() })
}

fn named(world: &World, id: &str) -> Vec<Deadline> {
    let all = deadlines(world.incident(), world.now);
    all.into_iter().filter(|deadline| deadline.id.starts_with(id)).collect()
}

/// Minutes after the declaration at which the clocks of this kind are due.
fn minutes(world: &World, id: &str) -> Vec<i64> {
    named(world, id).iter().map(|deadline| deadline.due.since(start()).mins()).collect()
}

fn rang(world: &World) -> Vec<String> {
    let entries = world.log.placed();
    let rings = entries.iter().filter_map(|placed| match &placed.entry.event {
        Event::Clock(ClockEvent::RanOut { label, quiet: false, .. }) => Some(label.clone()),
        _ => None,
    });
    rings.collect()
}

fn severity(world: &mut World, to: &str) {
    world.order("alice", Command::Severity { to: to.into(), reason: "known better".into() });
}

fn assign(world: &mut World, who: &str) {
    world.order("alice", Command::Role(RoleCommand::Assign { role: "commander".into(), who: who.into() }));
}

#[test]
fn s1_2_the_response_time_runs_until_somebody_takes_it() {
    for (level, within) in [("P0", 15), ("P1", 60), ("P2", 240), ("P3", 24 * 60)] {
        assert_eq!(minutes(&declared(level), "response/"), [within], "{level}");
    }
    let mut world = declared("P0");
    world.wait(Span::from_mins(16));
    assert!(rang(&world).contains(&"respond to P0".to_owned()));
    assert_eq!(named(&world, "response/").len(), 1, "it stays until it is answered");
    assign(&mut world, "alice");
    assert!(named(&world, "response/").is_empty());
}

#[test]
fn s0_2_the_ladder_of_the_runbook_policy_rings_rung_by_rung() {
    let ladder = |level: &str| minutes(&declared(level), "escalation/");
    assert_eq!(ladder("P0"), [5, 15, 30], "CRITICAL");
    assert_eq!(ladder("P1"), [15, 45], "HIGH");
    assert_eq!(ladder("P2"), [30, 120], "MEDIUM");
    assert!(ladder("P3").is_empty(), "the source has no rung below MEDIUM");
    let mut world = declared("P0");
    world.wait(Span::from_mins(5));
    let first = named(&world, "escalation/").remove(0);
    assert!(first.has_rung() && matches!(&first.what, What::Escalation { .. }), "{first:?}");
    let note = "no answer, left a message".to_owned();
    world.order("alice", Command::Clock { clock: first.id.clone(), act: ClockCommand::Tried { note } });
    assert_eq!(named(&world, &first.id)[0].tried.len(), 1, "it stays");
    let note = "joins in five minutes".to_owned();
    world.order("alice", Command::Clock { clock: first.id.clone(), act: ClockCommand::Done { note } });
    assert_eq!(minutes(&world, "escalation/"), [15, 30]);
    // Who was reached is not called again because the severity has changed.
    severity(&mut world, "P1");
    assert_eq!(minutes(&world, "escalation/"), [5 + 45], "counted from the change");
}

#[test]
fn s4_12_the_cadence_makes_a_clock_for_each_audience_and_an_update_sets_it_anew() {
    let mut world = declared("P0");
    assert_eq!(minutes(&world, "update/"), [15, 15, 15], "SEV-1: channel, mail, status page");
    assert_eq!(minutes(&declared("P1"), "update/"), [60, 60]);
    assert_eq!(minutes(&declared("P2"), "update/"), [240]);
    assert!(minutes(&declared("P3"), "update/").is_empty());
    world.wait(Span::from_mins(10));
    let next = Some(world.now + Span::from_mins(20));
    world.order("alice", Command::Update(SentUpdate::new("internal", Word::Investigating, "known", next)));
    assert_eq!(minutes(&world, "update/internal"), [30], "as promised");
    world.order("alice", Command::Update(SentUpdate::new("executive", Word::Investigating, "known", None)));
    assert!(minutes(&world, "update/executive").is_empty(), "none was promised");
}

#[test]
fn changing_the_severity_restarts_the_right_clocks_and_moves_no_role() {
    let mut world = declared("P2");
    assign(&mut world, "alice");
    world.wait(Span::from_mins(20));
    let next = Some(world.now + Span::from_mins(240));
    world.order("alice", Command::Update(SentUpdate::new("internal", Word::Investigating, "known", next)));
    let roles = world.incident().roles.clone();
    severity(&mut world, "P0");
    assert_eq!(world.incident().roles, roles);
    assert_eq!(minutes(&world, "update/internal"), [20 + 15], "the cadence comes before the promise");
    assert_eq!(minutes(&world, "escalation/"), [25, 35, 50], "from the change on");
    world.wait(Span::from_mins(10));
    severity(&mut world, "P2");
    assert_eq!(minutes(&world, "update/internal"), [30 + 230], "the promise comes first again");
    let held: Vec<(String, i64)> = world
        .incident()
        .time_in_severity(world.now + Span::from_mins(5))
        .into_iter()
        .map(|(name, span)| (name.to_owned(), span.mins()))
        .collect();
    assert_eq!(held, [("P2".to_owned(), 25), ("P0".to_owned(), 10)], "time in each severity is kept");
}

#[test]
fn s4_2_triage_ends_with_a_severity_and_a_commander() {
    let mut world = World::new();
    assert_eq!(minutes(&world, "triage/"), [30]);
    severity(&mut world, "P1");
    assert!(named(&world, "triage/")[0].say.contains("a commander"));
    assign(&mut world, "alice");
    assert!(named(&world, "triage/").is_empty());
}

#[test]
fn s4_5_who_is_told_is_a_clock_where_the_source_has_a_time() {
    // P0-P3 name whom to tell and no time, SEV-1 has a time for most of them; nobody has one for the executives.
    let mut world = declared("P0");
    assert_eq!(minutes(&world, "notify/"), [5, 5, 5, 5], "at once: as long as it takes to call");
    let of = |who: &str| receipts(world.incident()).into_iter().find(|receipt| receipt.who == who).unwrap();
    assert!(of("executives").due.is_none());
    let first = of("on-call");
    assert!(first.due.is_some() && first.told.is_none());
    let act = ClockCommand::Done { note: "by phone".into() };
    world.order("alice", Command::Clock { clock: first.id.clone(), act });
    assert!(receipts(world.incident())[0].told.is_some());
}

#[test]
fn b2_an_ask_counts_down_and_ends_with_its_answer() {
    let mut world = declared("P2");
    let due = world.now + Span::from_mins(10);
    let ask = AskCommand::Ask { who: "bob".into(), what: "are the backups clean?".into(), due: Some(due) };
    world.order("alice", Command::Ask(ask));
    world.wait(Span::from_mins(11));
    assert!(rang(&world).contains(&"bob: are the backups clean?".to_owned()));
    let ask = world.incident().asks.open()[0].id;
    let more = world.now + Span::from_mins(5);
    world.order("alice", Command::Ask(AskCommand::Move { ask, due: more, reason: "restoring".into() }));
    world.wait(Span::from_mins(6));
    let rings = |world: &World| rang(world).iter().filter(|label| label.starts_with("bob:")).count();
    assert_eq!(rings(&world), 2, "set anew, it rings anew");
    world.order("alice", Command::Ask(AskCommand::Answer { ask, answer: "yes".into() }));
    assert!(named(&world, "ask/").is_empty());
}

#[test]
fn b2_a_clock_that_is_put_off_rings_at_the_new_time_and_needs_a_reason() {
    let mut world = declared("P0");
    world.wait(Span::from_mins(5));
    let id = named(&world, "escalation/")[0].id.clone();
    let snooze = |world: &World, reason: &str| Command::Clock {
        clock: id.clone(),
        act: ClockCommand::Snooze { until: world.now + Span::from_mins(7), reason: reason.into() },
    };
    let command = snooze(&world, "");
    world.order("alice", command);
    assert!(world.refused.last().is_some_and(|why| why.contains("needs a reason")), "{:?}", world.refused);
    let command = snooze(&world, "the restore ends then");
    world.order("alice", command);
    let rings = |world: &World| world.incident().clocks.get(&id).map_or(0, |state| state.rang.len());
    assert_eq!(rings(&world), 1);
    world.wait(Span::from_mins(6));
    assert_eq!(rings(&world), 1);
    world.wait(Span::from_mins(1));
    assert_eq!(rings(&world), 2);
    world.wait(Span::from_hours(5));
    assert_eq!(rings(&world), 2, "loud once, then merely there");
}

#[test]
fn s2_1_recovery_is_clocked_against_the_tier() {
    let mut world = declared("P0");
    let record = |change: ImpactChange| Command::Impact(ImpactCommand::Record(change));
    let orders = || ImpactChange { dataset: "orders".into(), ..ImpactChange::default() };
    world.wait(Span::from_mins(1));
    let good = Some(start() - Span::from_mins(3));
    world.order("alice", record(ImpactChange { tier: Some("M1".into()), last_good: good, ..orders() }));
    assert_eq!(minutes(&world, "rto/orders"), [4 * 60]);
    assert_eq!(minutes(&world, "rpo/orders"), [24 * 60 - 3]);
    world.order("alice", record(ImpactChange { contained: Some(world.now), ..orders() }));
    assert!(minutes(&world, "rpo/").is_empty(), "nothing more is lost");
    let policy = super::world::policy();
    let recovery = |world: &World| {
        let dataset = world.incident().ledger.get("orders").unwrap();
        dataset.recovery(&policy, start(), world.now).unwrap()
    };
    assert_eq!(recovery(&world).rpo_actual.map(Span::mins), Some(4));
    assert_eq!(recovery(&world).rpo_missed_by(), None);
    world.wait(Span::from_hours(5));
    assert!(rang(&world).iter().any(|label| label.starts_with("RTO")));
    world.order("alice", record(ImpactChange { recovered: Some(world.now), ..orders() }));
    assert!(minutes(&world, "rto/").is_empty());
    assert_eq!(recovery(&world).rto_missed_by().map(Span::mins), Some(61));
}

#[test]
fn s1_2_the_post_mortem_is_due_after_the_resolution_and_ends_with_closing() {
    let mut world = declared("P0");
    let to = |to, reason: &str| Command::Status { to, reason: reason.into() };
    world.order("alice", to(Status::Resolved, "bob counted the rows"));
    assert_eq!(minutes(&world, "postmortem/"), [48 * 60]);
    assert_eq!(minutes(&world, "watch/"), [24 * 60], "S1.6: watched for a day");
    assert!(minutes(&world, "escalation/").is_empty() && minutes(&world, "update/").is_empty());
    let stated = ImpactCommand::State { data: DataLoss::None, text: String::new() };
    world.order("alice", Command::Impact(stated));
    world.order("alice", to(Status::Closed, "reviewed"));
    assert!(deadlines(world.incident(), world.now).is_empty());
    let mut optional = declared("P2");
    optional.order("alice", to(Status::Resolved, "looks right"));
    assert!(minutes(&optional, "postmortem/").is_empty(), "optional: no clock");
}

#[test]
fn a_promise_outlives_the_resolution_until_the_audience_is_told() {
    let mut world = declared("P1");
    assign(&mut world, "alice");
    let next = Some(world.now + Span::from_mins(30));
    world.order("alice", Command::Update(SentUpdate::new("customers", Word::Investigating, "text", next)));
    world.order("alice", Command::Status { to: Status::Resolved, reason: "checked".into() });
    assert_eq!(minutes(&world, "update/customers"), [30]);
    world.order("alice", Command::Update(SentUpdate::new("customers", Word::Resolved, "done", None)));
    assert!(minutes(&world, "update/").is_empty());
}

#[test]
fn a_private_incident_starts_the_regulators_clock() {
    let what = Declared {
        title: "mail addresses public".into(),
        kind: Some("data-breach".into()),
        ..Declared::default()
    };
    let mut world = World::declared(Declare { what, policy: pinned(), ..Declare::default() });
    assert!(world.incident().is_private(), "its type says so");
    assert_eq!(minutes(&world, "regulatory/"), [72 * 60]);
    assert_eq!(world.incident().public_title(), "private incident");
    world.order("alice", Command::Status { to: Status::Resolved, reason: "checked".into() });
    assert_eq!(minutes(&world, "regulatory/"), [72 * 60], "it runs on after the resolution");
}

#[test]
fn b2_ten_minute_marks_ring_one_by_one_and_those_of_a_gap_are_one() {
    let mut world = declared("P2");
    let marks = |world: &World| {
        let entries = world.log.placed();
        let rings = entries.iter().filter(|placed| {
            matches!(&placed.entry.event, Event::Clock(ClockEvent::RanOut { clock, .. }) if clock.starts_with("mark/"))
        });
        rings.count()
    };
    for _ in 0..3 {
        world.wait(Span::from_mins(10));
    }
    assert_eq!(marks(&world), 3);
    world.wait(Span::from_mins(95));
    assert_eq!(marks(&world), 4, "nobody was there: one look is enough");
    assert_eq!(minutes(&world, "mark/"), [130]);
}

#[test]
fn b6_an_offer_that_is_not_accepted_becomes_a_clock_and_the_role_is_never_vacant() {
    let mut world = declared("P1");
    assign(&mut world, "alice");
    let offer =
        RoleCommand::Offer { role: "commander".into(), to: "bob".into(), brief: "prices x100".into() };
    world.order("alice", Command::Role(offer));
    assert_eq!(minutes(&world, "offer/"), [5]);
    assert_eq!(world.incident().commander().map(|who| who.as_str()), Some("alice"));
    let offer = world.incident().roles.offers()[0].id;
    world.order("bob", Command::Role(RoleCommand::Accept { offer, readback: "I have the command".into() }));
    assert_eq!(world.incident().commander().map(|who| who.as_str()), Some("bob"));
    assert!(named(&world, "offer/").is_empty());
}

#[test]
fn b5_a_decision_is_verified_by_its_time() {
    let mut world = declared("P1");
    let verify_by = Some(world.now + Span::from_mins(15));
    let propose = DecisionCommand::Propose {
        proposal: "roll back the loader".into(),
        risk: "an hour of data again".into(),
        rollback: String::new(),
        verify_by,
    };
    world.order("alice", Command::Decision(propose));
    assert!(named(&world, "verify/").is_empty(), "not decided yet");
    let decision = world.incident().polls.all()[0].id;
    let settle = DecisionCommand::Settle { decision, outcome: Outcome::Go, reason: String::new() };
    world.order("alice", Command::Decision(settle));
    assert_eq!(minutes(&world, "verify/"), [15]);
    let verify = DecisionCommand::Verify { decision, worked: true, note: "prices are right".into() };
    world.order("bob", Command::Decision(verify));
    assert!(named(&world, "verify/").is_empty());
}

#[test]
fn s1_10_a_follow_up_is_due_at_the_end_of_its_day() {
    let mut world = declared("P2");
    let due = chrono::NaiveDate::from_ymd_opt(2026, 12, 1);
    let follow_up = FollowUp { text: "confirm destructive statements".into(), due, ..FollowUp::default() };
    world.order("alice", Command::FollowUp(FollowUpCommand::Open(follow_up)));
    let clock = named(&world, "followup/").remove(0);
    assert_eq!(clock.due.to_string(), "2026-12-02T00:00:00.000Z");
}

#[test]
fn s2_7_a_policy_of_a_newer_version_is_kept_and_the_room_says_that_its_clocks_do_not_run() {
    let mut parts = pinned();
    parts[1].text = "name = \"pipeline\"\nlevel = 7\n".into();
    let texts = parts.iter().map(|part| PolicyText {
        name: part.name.clone(),
        digest: part.digest.clone(),
        text: part.text.clone(),
    });
    let mut world = declared("P0");
    world.write(Event::Policy(PolicyEvent::Pinned { parts: texts.collect() }));
    let trouble = world.incident().policy_trouble().unwrap_or_default();
    assert!(trouble.contains("cannot read the policy pipeline"), "{trouble}");
    assert!(minutes(&world, "update/").is_empty(), "the cadence was pipeline's");
    assert_eq!(minutes(&world, "escalation/"), [5, 15, 30], "the ladder is runbook's");
}

#[test]
fn s4_15_a_part_with_contacts_alone_adds_to_the_others() {
    let text = "name = \"ours\"\n[[contact]]\nlevel = \"L1\"\nrole = \"on-call engineer\"\nphone = \"+49 30 1234\"\n";
    let part = PinnedPolicy { name: "ours".into(), digest: "d".into(), text: text.into() };
    let policy: Vec<PinnedPolicy> = std::iter::once(part).chain(pinned()).collect();
    let what = Declared { title: "orders".into(), ..Declared::default() };
    let severity = Some("P0".to_owned());
    let world = World::declared(Declare { what, severity, policy, ..Declare::default() });
    let policy = world.incident().policy().expect("a policy");
    assert_eq!(policy.contact("L1").map(|contact| contact.phone.as_str()), Some("+49 30 1234"));
    assert_eq!(minutes(&world, "escalation/"), [5, 15, 30], "all else is as it was");
}

fn to(world: &mut World, status: Status, reason: &str) {
    world.order("alice", Command::Status { to: status, reason: reason.into() });
}

#[test]
fn b2_a_reopened_incident_rings_for_no_time_at_which_it_did_not_run() {
    let mut world = declared("P0");
    world.wait(Span::from_mins(4));
    to(&mut world, Status::Resolved, "bob counted the rows");
    world.wait(Span::from_hours(70));
    // Whoever is told at once is to be told at once again.
    let rings = |world: &World| rang(world).iter().filter(|label| !label.starts_with("tell ")).count();
    let before = rings(&world);
    to(&mut world, Status::Fixing, "the prices are wrong again");
    let start_again = 4 + 70 * 60;
    assert_eq!(rings(&world), before, "nothing was due while it was resolved");
    assert_eq!(minutes(&world, "escalation/"), [5, 15, 30].map(|rung| start_again + rung));
    assert_eq!(minutes(&world, "update/internal"), [start_again + 15]);
}

#[test]
fn s0_2_a_slip_that_is_taken_back_postpones_nothing() {
    let mut world = declared("P0");
    world.wait(Span::from_mins(4));
    severity(&mut world, "P2");
    let slip = world.log.placed().last().map(|placed| placed.entry.clone()).expect("an entry");
    assert_eq!(minutes(&world, "escalation/"), [34, 124]);
    let reason = "wrong key".to_owned();
    world.order("alice", Command::Undo { entry: slip.id(), event: slip.event.clone(), reason });
    assert_eq!(minutes(&world, "escalation/"), [5, 15, 30], "{:?}", world.refused);
    assert_eq!(minutes(&world, "update/internal"), [15]);
}

#[test]
fn b8_a_dataset_that_was_a_mistake_begins_anew_with_clocks_of_its_own() {
    let mut world = declared("P0");
    let record = |change: ImpactChange| Command::Impact(ImpactCommand::Record(change));
    let of = |name: &str| ImpactChange {
        dataset: name.into(),
        tier: Some("M1".into()),
        ..ImpactChange::default()
    };
    let rows = Some(Rows { count: 5000, exact: true });
    world.order("alice", record(ImpactChange { rows, ..of("sales.orders") }));
    world.order("alice", record(of("sales_orders")));
    assert_eq!(named(&world, "rto/").len(), 2, "each has its own, however it is spelt");
    let first = named(&world, "rto/sales.orders").remove(0).id;
    world.order(
        "alice",
        Command::Clock { clock: first.clone(), act: ClockCommand::Done { note: "told".into() } },
    );
    assert_eq!(named(&world, "rto/").len(), 1);
    let withdraw = ImpactCommand::Withdraw { dataset: "sales.orders".into(), reason: "wrong table".into() };
    world.order("alice", Command::Impact(withdraw));
    world.wait(Span::from_mins(1));
    world.order("alice", record(of("sales.orders")));
    let known = &world.incident().ledger.get("sales.orders").expect("a line").known;
    assert_eq!(known.rows, None, "what was said of the mistake is gone");
    assert_eq!(named(&world, "rto/sales.orders").len(), 1, "it runs");
}

#[test]
fn b9_the_cause_in_a_note_that_was_retracted_is_no_cause() {
    let mut world = declared("P1");
    let text = "a bad deploy".to_owned();
    world.order("bob", Command::Note { kind: warroom::incident::scribe::NoteKind::Hypothesis, text });
    let hypothesis = world.incident().hypotheses.all()[0].id;
    let evidence = "the diff".to_owned();
    world.order("bob", Command::Judge { hypothesis, verdict: Verdict::Confirmed, who: None, evidence });
    assert!(world.incident().hypotheses.cause().is_some());
    world.order("bob", Command::Retract { target: hypothesis, reason: "another service".into() });
    assert!(world.incident().hypotheses.cause().is_none());
    world.order("bob", Command::Restore { target: hypothesis });
    assert!(world.incident().hypotheses.cause().is_some());
    world.write(Event::Journal(JournalEvent::Erased { target: hypothesis, reason: "a name".into() }));
    let kept = &world.incident().hypotheses.all()[0];
    assert!(kept.void && !kept.text.contains("deploy"), "{kept:?}");
}

#[test]
fn the_regulators_clock_does_not_end_because_the_incident_is_private_no_more() {
    let mut world = declared("P0");
    world.order("alice", Command::Private { on: true, reason: "addresses".into() });
    world.order("alice", Command::Private { on: false, reason: "legal allowed it".into() });
    assert_eq!(minutes(&world, "regulatory/"), [72 * 60]);
}

#[test]
fn while_the_disk_is_full_no_clock_keeps_the_room_awake() {
    let mut world = declared("P0");
    let ticket = world.room.ticket();
    let note = Command::Note { kind: warroom::incident::scribe::NoteKind::Note, text: "kept".into() };
    let order = Box::new(warroom::room::Order::new(note, "alice".into()));
    world.room.handle(warroom::room::Input::Order(ticket, order), world.now);
    let unsaved = warroom::room::Input::Unsaved { why: "full".into(), hint: String::new(), lasting: false };
    world.room.handle(unsaved, world.now);
    let later = world.now + Span::from_mins(5);
    world.room.handle(
        warroom::room::Input::Unsaved { why: "full".into(), hint: String::new(), lasting: false },
        later,
    );
    assert!(world.room.wakes_at(later).is_some_and(|at| at > later), "it sleeps until the next try");
}
