//! Clocks (row B2): for any sequence of commands no deadline is ever lost, and none fires twice.

mod each;
mod world;

use std::collections::BTreeMap;

use proptest::prelude::*;
use warroom::incident::deadline::{Deadline, What, deadlines, next_ring, ringing};
use warroom::incident::event::{ClockEvent, Event};
use warroom::incident::{Span, Time};

use world::{World, deed};

/// What may end or reset a clock of this kind, by the group of the event. Time is not among them.
fn may_end(what: &What, event: &Event) -> bool {
    if matches!(event, Event::Clock(ClockEvent::Done { .. }) | Event::Policy(_)) {
        return true;
    }
    let status = matches!(event, Event::Status(_));
    match what {
        What::Response | What::Triage => status || matches!(event, Event::Role(_) | Event::Severity(_)),
        What::Notify { .. } | What::Escalation { .. } => status || matches!(event, Event::Severity(_)),
        What::Update { .. } => status || matches!(event, Event::Update(_) | Event::Severity(_)),
        What::PhaseBox { .. } => status || matches!(event, Event::Step(_) | Event::Playbook(_)),
        What::Ask { .. } => matches!(event, Event::Ask(_)),
        What::Verify { .. } => matches!(event, Event::Decision(_)),
        What::Offer { .. } => matches!(event, Event::Role(_)),
        What::Approval { .. } => matches!(event, Event::Update(_)),
        What::Rto { .. } | What::Rpo { .. } => status || matches!(event, Event::Impact(_)),
        What::Mark => status || matches!(event, Event::Clock(_)),
        What::Regulatory => matches!(event, Event::Incident(_)),
        What::Watch | What::PostMortem => status || matches!(event, Event::Severity(_)),
        What::FollowUp { .. } => matches!(event, Event::FollowUp(_)),
    }
}

/// Each clock by its id, with the time at which it is due.
fn running(world: &World) -> BTreeMap<String, Deadline> {
    let all = deadlines(world.incident(), world.now);
    all.into_iter().map(|deadline| (deadline.id.clone(), deadline)).collect()
}

/// Every ring in the log: no clock rings twice for the same moment.
fn rings(world: &World) -> Result<usize, TestCaseError> {
    let mut seen: BTreeMap<(String, Time), usize> = BTreeMap::new();
    for placed in world.log.placed() {
        if let Event::Clock(ClockEvent::RanOut { clock, due, .. }) = &placed.entry.event {
            *seen.entry((clock.clone(), *due)).or_default() += 1;
        }
    }
    let twice: Vec<_> = seen.iter().filter(|(_, count)| **count > 1).collect();
    prop_assert!(twice.is_empty(), "fired twice: {twice:?}");
    Ok(seen.len())
}

/// After the room had its turn, everything that is over has rung, and time alone decides when the next one does.
fn all_rung(world: &World) -> Result<(), TestCaseError> {
    let silent: Vec<String> = ringing(deadlines(world.incident(), world.now), world.now)
        .into_iter()
        .map(|clock| clock.id)
        .collect();
    prop_assert!(silent.is_empty(), "over and silent: {silent:?}");
    if let Some(next) = next_ring(world.incident(), world.now) {
        prop_assert!(
            world.room.wakes_at(world.now).is_some_and(|wakes| wakes <= next),
            "sleeps past a clock"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("WARROOM_LONG").is_some() { 2_000 } else { 150 }))]

    #[test]
    fn b2_no_deadline_is_lost_and_none_fires_twice(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut world = World::new();
        let mut before = running(&world);
        let mut length = world.log.placed().len();
        for deed in deeds {
            world.carry_out(&deed);
            let after = running(&world);
            let written: Vec<Event> =
                world.log.placed()[length..].iter().map(|placed| placed.entry.event.clone()).collect();
            length = world.log.placed().len();
            for (id, clock) in &before {
                let ended = || written.iter().any(|event| may_end(&clock.what, event));
                prop_assert!(after.contains_key(id) || ended(), "{id} was lost by {deed:?}: {written:?}");
                if let Some(now) = after.get(id) {
                    prop_assert!(now.rang.len() >= clock.rang.len(), "{id} forgot that it rang");
                }
            }
            rings(&world)?;
            all_rung(&world)?;
            before = after;
        }
        // A day later everything that can ring has rung, once.
        world.wait(Span::from_hours(24));
        rings(&world)?;
        all_rung(&world)?;
    }
}
