//! Undo restores what was seen before; history stays.

use std::collections::BTreeSet;

use proptest::prelude::*;
use warroom::incident::checklist::Progress;
use warroom::incident::command::StepCommand;
use warroom::incident::event::{NoteEvent, StepAct};
use warroom::incident::{Command, Context, Event, Incident, PersonId, Span, decide};

use super::{declared, every_command, ordered, small, status, step};
use crate::door::{Log, policy, start};

/// What people see of an incident, without who did it when.
fn seen(incident: &Incident) -> impl PartialEq + std::fmt::Debug + use<> {
    let holders = |role: &str| -> BTreeSet<PersonId> {
        incident
            .roles
            .get(role)
            .into_iter()
            .flat_map(|role| &role.holders)
            .map(|holding| holding.who.clone())
            .collect()
    };
    let seats = incident.roles.seats();
    let roles: Vec<_> = seats.iter().map(|seat| (seat.role.to_owned(), holders(seat.role))).collect();
    let steps: Vec<_> = incident.attached_runs().map(|run| (run.id, steps(run))).collect();
    let notes = (
        incident.notes.retracted.keys().copied().collect::<Vec<_>>(),
        incident.notes.marked.clone(),
        incident.notes.corrected.keys().copied().collect::<Vec<_>>(),
    );
    (incident.title().to_owned(), incident.status, incident.severity.clone(), roles, steps, notes)
}

/// Progress, reason and owner of every step that is not as the playbook has it.
fn steps(run: &warroom::incident::checklist::Run) -> Vec<(String, Progress, String, Option<PersonId>)> {
    let lines = run.lines().into_iter().filter_map(|line| Some((line.id.to_owned(), line.state?)));
    let touched = lines.filter(|(_, state)| state.progress != Progress::Open || state.owner.is_some());
    touched.map(|(id, state)| (id, state.progress, state.reason.clone(), state.owner.clone())).collect()
}

fn undo(log: &Log, entry: &warroom::incident::Entry) -> Option<Vec<Event>> {
    let policy = policy();
    let command = Command::Undo { entry: entry.id(), event: entry.event.clone(), reason: String::new() };
    decide(
        log.incident(),
        &command,
        Context { policy: &policy, now: crate::door::start() + Span::from_hours(1), by: &"alice".into() },
    )
    .ok()
}

/// Undoes what was just written, newest first; `false` where that is refused.
fn undone(log: &mut Log, written: &[warroom::incident::rows::Placed]) -> bool {
    written.iter().rev().all(|placed| {
        let Some(events) = undo(log, &placed.entry) else { return false };
        let drafts = events.into_iter().map(|event| warroom::incident::Draft::new(event, "alice".into()));
        log.write(drafts.collect(), start());
        true
    })
}

#[test]
fn undo_goes_back_to_what_a_step_was() {
    use StepCommand::{Reopen, Start, Tick};
    let skip = || StepCommand::Skip { reason: "known".into() };
    for (before, then) in [(Start, Tick), (Tick, Reopen), (Start, Reopen), (skip(), Reopen), (Tick, skip())] {
        let mut log = declared();
        ordered(&mut log, [Command::Attach(small())]);
        let first = step(&log, "Look", before.clone());
        ordered(&mut log, [first]);
        let was = seen(log.incident());
        let command = step(&log, "Look", then.clone());
        let written = log.order("alice", command, start());
        assert!(undone(&mut log, &written), "{before:?} {then:?}");
        assert_eq!(seen(log.incident()), was, "{before:?} {then:?}");
    }
}

#[test]
fn undo_goes_back_further_than_one_act() {
    let mut log = declared();
    ordered(&mut log, [Command::Attach(small())]);
    let mut before = Vec::new();
    let acts = [("Look", StepCommand::Start), ("Look", StepCommand::Tick), ("Replay", StepCommand::Tick)];
    let more = [("Correct", StepCommand::Tick), ("Choose", StepCommand::Reopen)];
    for (turn, (beginning, act)) in acts.into_iter().chain(more).enumerate() {
        let was = seen(log.incident());
        let command = step(&log, beginning, act);
        before.push((was, log.order("alice", command, start() + Span::from_secs(turn as i64))));
    }
    for (was, written) in before.iter().rev() {
        assert!(undone(&mut log, written));
        assert_eq!(seen(log.incident()), *was);
    }
}

#[test]
fn undo_does_not_undo_what_others_did_since() {
    let mut log = declared();
    ordered(&mut log, [Command::Attach(small())]);
    let tick = step(&log, "Look", StepCommand::Tick);
    let ticked = log.order("alice", tick, start());
    let reopen = step(&log, "Look", StepCommand::Reopen);
    log.order("bob", reopen, start());
    assert_eq!(undo(&log, &ticked[0].entry), None);
    let released = {
        ordered(&mut log, [super::assign("commander", "alice")]);
        log.order("alice", super::release("commander", None), start())
    };
    log.order("bob", super::assign("commander", "bob"), start());
    assert_eq!(undo(&log, &released[0].entry), None, "bob keeps the command");
}

#[test]
fn an_update_that_was_sent_stays_sent() {
    let mut log = declared();
    let update = warroom::incident::event::SentUpdate {
        audience: "internal".into(),
        word: warroom::incident::words::Word::Investigating,
        body: "b".into(),
        next: None,
        approved_by: None,
        proposal: None,
        overrides: Vec::new(),
    };
    let sent = log.order("alice", Command::Update(update), start());
    let entry = &sent[0].entry;
    super::check(
        &log,
        Command::Undo { entry: entry.id(), event: entry.event.clone(), reason: String::new() },
        "an update that was sent cannot be taken back / send a correction to the same audience",
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Some commands, each a second after the other; then one more and its undo.
    #[test]
    fn undo_restores_what_was_seen(picks in prop::collection::vec(any::<prop::sample::Index>(), 1..12)) {
        let policy = policy();
        let mut log = declared();
        ordered(&mut log, [Command::Attach(small()), status(warroom::incident::words::Status::Triage, "")]);
        let mut now = start();
        for (turn, pick) in picks.iter().enumerate() {
            now = now + Span::from_secs(1);
            let commands = every_command(&log);
            let command = pick.get(&commands);
            let Ok(events) = decide(log.incident(), command, Context { policy: &policy, now: crate::door::start() + Span::from_hours(1), by: &"alice".into() }) else { continue };
            // Undone by what is seen: a note by its retraction, a step that was added by skipping it.
            let kept = events.iter().any(|event| match event {
                Event::Note(NoteEvent::Written { .. }) => true,
                Event::Step(step) => matches!(step.act, StepAct::Added { .. }),
                _ => false,
            });
            let was = seen(log.incident());
            let drafts = events.into_iter().map(|event| warroom::incident::Draft::new(event, "alice".into()));
            let written = log.write(drafts.collect(), now);
            now = now + Span::from_secs(1);
            if turn + 1 == picks.len() && !kept && undone(&mut log, &written) {
                prop_assert_eq!(seen(log.incident()), was, "{:?}", command);
            }
        }
    }
}
