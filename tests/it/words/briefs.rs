//! The brief of a hand-over (row B6).

use warroom::incident::event::{Event, Outcome, RoleEvent, Verdict};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Word;
use warroom::incident::{EntryId, Zone};
use warroom::report::brief::brief;

use super::world::{World, at, prices, resolved};

fn page(world: &World) -> String {
    brief(&world.incident, &world.policy, world.spoken(), world.now, Zone::Utc)
}

#[test]
fn b6_the_brief_says_what_a_successor_must_know() {
    let mut world = prices();
    world.judge("a deploy changed cents to euros", Verdict::Testing, "");
    world.send("internal", Word::Investigating, Some(at("15:02")));
    world.decide("page the vendor", Outcome::NoGo, None);
    world.by(
        "alice",
        Event::Role(RoleEvent::Offered {
            role: "commander".into(),
            from: "alice".into(),
            to: "dora".into(),
            brief: String::new(),
        }),
    );
    let brief = page(&world);
    insta::assert_snapshot!("brief", brief);
    assert!(brief.lines().count() <= 60, "one page");
}

#[test]
fn b6_the_brief_of_an_empty_incident_says_what_is_missing() {
    let world = World::new("late data", |what| what.private = true);
    insta::assert_snapshot!("brief_empty", page(&world));
}

#[test]
fn b6_a_confirmed_cause_and_a_failed_decision_are_said() {
    let mut world = resolved();
    let decision: EntryId = world.decide("restart the loader", Outcome::Go, None);
    world.by(
        "bob",
        Event::Decision(warroom::incident::event::DecisionEvent::Verified {
            decision,
            worked: false,
            note: "same errors".into(),
        }),
    );
    let brief = page(&world);
    assert!(brief.contains("Cause:\n- confirmed: a deploy changed cents to euros"), "{brief}");
    assert!(brief.contains("- did NOT work: restart the loader"), "{brief}");
    assert!(brief.contains("- data in the end: delayed: refunds up to 4 h late"), "{brief}");
}

#[test]
fn b6_the_brief_stays_a_page() {
    let mut world = prices();
    for n in 0..40 {
        world.note(NoteKind::Finding, &format!("finding {n}"));
        world.note(NoteKind::Decision, &format!("decision {n}"));
        world.note(NoteKind::Todo, &format!("todo {n}"));
    }
    let brief = page(&world);
    assert!(brief.lines().count() <= 70, "{brief}");
    assert!(brief.contains("(36 earlier, in the log)"), "{brief}");
    assert_eq!(brief, page(&world));
}
