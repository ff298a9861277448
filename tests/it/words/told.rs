//! Who was told what, and when (rows B7, S4.12).

use warroom::incident::Event;
use warroom::incident::event::{DeliveryEvent, SentUpdate, UpdateEvent};
use warroom::incident::words::Word;
use warroom::report::history::{audiences, history};

use super::world::{at, prices};

#[test]
fn b7_everybody_who_may_be_told_is_listed_once() {
    let mut world = prices();
    world.send("board", Word::Investigating, None);
    world.send("internal", Word::Investigating, None);
    assert_eq!(
        audiences(&world.incident, &world.policy),
        ["internal", "executive", "customers", "team", "team/analytics", "team/finance", "board"]
    );
}

#[test]
fn b7_each_audience_has_its_history() {
    let mut world = prices();
    world.send("internal", Word::Investigating, Some(at("15:02")));
    world.now = at("14:50");
    let mut sent = SentUpdate::new("customers", Word::Identified, "x", Some(at("15:20")));
    sent.approved_by = Some("alice".into());
    let update = world.by("carol", Event::Update(UpdateEvent::Sent(sent.clone())));
    let request = world.by(
        "carol",
        Event::Delivery(DeliveryEvent::Requested(Box::new(warroom::incident::event::Requested {
            client: "slack".into(),
            lane: "#status".into(),
            subject: update,
            title: "t".into(),
            body: "b".into(),
            deed: warroom::incident::event::Deed::Record,
        }))),
    );
    let link = Some("https://slack.example/1".to_owned());
    world.by(
        "carol",
        Event::Delivery(DeliveryEvent::Confirmed { request, remote: "1".into(), link: link.clone() }),
    );
    let waiting = world.by("carol", Event::Update(UpdateEvent::Proposed(sent)));
    world.now = at("15:10");
    let lines = history(&world.incident, &world.outbox, &world.policy, world.now);
    let line = |name: &str| lines.iter().find(|line| line.audience == name).unwrap();
    let inside = line("internal");
    assert_eq!((inside.count, inside.next_due, inside.overdue), (1, Some(at("15:02")), true));
    assert!(!inside.external && inside.waiting.is_none() && inside.about == "the teams at work on it");
    let outside = line("customers");
    let told = outside.last.clone().unwrap();
    assert_eq!((told.at, told.word, told.by.as_str()), (at("14:50"), Word::Identified, "carol"));
    assert_eq!(told.approved_by.unwrap().as_str(), "alice");
    assert_eq!((outside.next_due, outside.overdue, outside.external), (Some(at("15:20")), false, true));
    assert_eq!(outside.waiting, Some(waiting));
    let receipt = &outside.receipts[0];
    assert_eq!((receipt.client.as_str(), receipt.state, &receipt.link), ("slack", "delivered", &link));
    let never = line("executive");
    assert_eq!((never.last.clone(), never.count, never.next_due), (None, 0, None));
}
