//! What arrives from outside becomes entries, once, with the time and the author it has there (MISSION rows B1, B3).

use warroom::incident::Span;
use warroom::incident::event::{FailureClass, Slot};
use warroom::outbox::news::{Author, News, What};
use warroom::outbox::{Outcome, State};

use super::world::{World, news, said};
use crate::door::start;

fn room() -> World {
    let mut world = World::declared();
    world.ask("channel open").answer_all();
    world
}

#[test]
fn a_message_is_an_entry_with_the_time_it_was_posted_its_author_and_its_address() {
    let mut world = room();
    world.now = start() + Span::from_mins(10);
    world.hear(vec![said(60, "the loader is back")]);
    let id = world.entry("slack:C1/60");
    let placed = world.log.placed();
    let entry = &placed.iter().find(|placed| placed.entry.id() == id).unwrap().entry;
    assert_eq!(
        (entry.at(), entry.known_at()),
        (start() + Span::from_secs(60), start() + Span::from_secs(60))
    );
    assert_eq!((entry.by().as_str(), entry.header.via), ("bob", warroom::incident::Origin::Slack));
    assert_eq!(world.timeline().last().unwrap(), "bob: the loader is back");
    assert_eq!(world.kept.last().unwrap(), &("slack".into(), Some("C1/60".into())));
    assert_eq!(
        world.room.incident().people[&"bob".into()].ids["slack"],
        "U0BOB",
        "and is known from here on"
    );
}

#[test]
fn whatever_arrives_twice_in_any_order_is_one_entry() {
    let mut world = room();
    let before = world.timeline().len();
    let (one, two) = (said(1, "one"), said(2, "two"));
    world.hear(vec![two.clone(), one.clone(), two.clone()]).hear(vec![one, two]);
    assert_eq!(world.timeline()[before..], ["bob: two", "bob: one"]);
    assert_eq!(world.kept.len(), 2, "the service is told each time");
}

#[test]
fn an_edit_is_a_correction_and_a_deletion_a_retraction() {
    let mut world = room();
    let edit = news(3, What::Edited { of: "C1/1".into(), text: "13:36, not 13:35".into() });
    let edit = News { remote: "C1/1/edited/3".into(), ..edit };
    world.hear(vec![said(1, "13:35"), edit.clone(), said(2, "nonsense")]);
    let gone = News { remote: "C1/2/deleted".into(), ..news(4, What::Deleted { of: "C1/2".into() }) };
    world.hear(vec![edit, gone]);
    assert!(world.timeline().contains(&"bob: 13:36, not 13:35".to_owned()), "{:?}", world.timeline());
    let incident = world.room.incident();
    assert!(incident.notes.retracted[&world.entry("slack:C1/2")].reason.contains("deleted in Slack"));
    assert_eq!(incident.notes.corrected[&world.entry("slack:C1/1")].times, 1);
}

#[test]
fn our_own_echo_is_no_entry_and_settles_what_was_in_doubt() {
    let mut world = room();
    world.ask("channel post hello");
    let request = world.calls[0].act.request;
    world.answer(Outcome::failed(FailureClass::Unknown, "no answer"));
    assert_eq!(world.act("post").state.name(), "doubtful");
    let before = world.timeline().len();
    world.hear(vec![News { echo_of: Some(request.to_string()), ..said(9, "hello") }]);
    assert_eq!(world.timeline().len(), before);
    assert!(matches!(&world.act("post").state, State::Confirmed { remote, .. } if remote == "C1/9"));
}

#[test]
fn words_in_the_channel_act_like_the_consoles_commands() {
    let mut world = room();
    let word = |n, line: &str| news(n, What::Word { line: line.into() });
    world.hear(vec![
        word(1, "note ?a bad deploy"),
        word(2, "role commander me"),
        word(3, "sev P0 everything is wrong"),
        word(4, "update We look into it."),
        said(5, "and a word"),
    ]);
    let incident = world.room.incident();
    assert_eq!(incident.commander().unwrap().as_str(), "bob");
    assert_eq!(incident.severity.as_deref(), Some("P0"));
    assert_eq!(incident.updates.last().unwrap().by.as_str(), "bob");
    assert_eq!(incident.hypotheses.all()[0].text, "a bad deploy");
    assert_eq!(world.timeline().last().unwrap(), "bob: and a word");
    let severity = incident.severities.last().unwrap();
    assert_eq!(
        (severity.at, severity.reason.as_str()),
        (start() + Span::from_secs(3), "everything is wrong")
    );
    let before = world.log.placed().len();
    world.hear(vec![word(3, "sev P0 everything is wrong"), word(1, "note ?a bad deploy")]);
    assert_eq!(world.log.placed().len(), before, "said twice, done once");
}

#[test]
fn who_may_not_command_is_answered_and_nothing_is_lost() {
    let mut world = room();
    let author = Author { remote: "U0EVE".into(), name: "Eve".into(), ..Author::default() };
    let word = News { author, ..news(1, What::Word { line: "sev P0 panic".into() }) };
    world.hear(vec![word]);
    assert_eq!(world.room.incident().severity.as_deref(), Some("P1"));
    assert_eq!(world.timeline().last().unwrap(), "eve: !sev P0 panic (eve may not command from Slack)");
    let reply = world.act("post");
    assert!(reply.body.contains("add them to commands in [slack]"), "{}", reply.body);
    let mut world = room();
    world.hear(vec![news(1, What::Word { line: "sev P9".into() })]);
    assert!(world.timeline().last().unwrap().starts_with("bob: !sev P9 (there is no severity"));
}

#[test]
fn a_ticket_that_is_done_there_closes_its_follow_up_here() {
    use warroom::incident::Command;
    use warroom::incident::command::FollowUpCommand;
    use warroom::incident::event::FollowUp;
    let mut world = World::declared();
    let what = FollowUp { text: "a contract".into(), ..FollowUp::default() };
    world.order("alice", Command::FollowUp(FollowUpCommand::Open(what)));
    world.ask("ticket open").answer_all();
    let id = world.room.incident().follow_ups.all()[0].id;
    let moved = What::Moved { slot: Slot::FollowUp(id), status: "Done".into(), done: true };
    let batch = warroom::outbox::news::Batch { news: vec![news(1, moved)], cursor: None, more: false };
    world.input(warroom::room::Input::Heard { account: "jira".into(), batch });
    let closed = world.room.incident().follow_ups.all()[0].closed.clone().unwrap();
    assert!(closed.note.starts_with("Done in Jira"), "{}", closed.note);
    let asked: Vec<String> = world.asked();
    assert!(
        !asked.iter().any(|asked| asked.contains("move to closed")),
        "it is not told what it said: {asked:?}"
    );
}

#[test]
fn a_message_without_an_end_is_bounded_and_says_where_the_rest_is() {
    let mut world = room();
    world.hear(vec![said(1, &"long ".repeat(20_000))]);
    let text = world.timeline().last().unwrap().clone();
    assert!(text.len() < 17_000 && text.ends_with("https://acme.slack.com/archives/C1/p1"), "{}", text.len());
}

#[test]
fn a_name_that_anybody_can_take_makes_nobody_somebody_else() {
    let mut world = room();
    // A stranger calls themselves bob, whom the settings let command, and whom people.toml knows by another id.
    let author = Author { remote: "U0EVIL".into(), name: "bob".into(), ..Author::default() };
    let word = News { author: author.clone(), ..news(1, What::Word { line: "role commander me".into() }) };
    let says = News { author, ..said(2, "trust me") };
    world.hear(vec![word, says, said(3, "it is really me")]);
    assert_eq!(world.room.incident().commander(), None);
    let timeline = world.timeline();
    assert!(timeline.iter().any(|line| line.starts_with("bob.slack: trust me")), "{timeline:#?}");
    assert_eq!(timeline.last().unwrap(), "bob: it is really me");
    assert_eq!(
        world.room.incident().people[&"bob".into()].ids["slack"],
        "U0BOB",
        "and nobody's id is replaced"
    );
    // Two strangers of one name are two people.
    let other = Author { remote: "U0TWO".into(), name: "bob".into(), ..Author::default() };
    world.hear(vec![News { author: other, ..said(4, "me too") }]);
    assert_eq!(world.timeline().last().unwrap(), "bob.u0two: me too");
}

#[test]
fn an_update_that_two_machines_hear_is_sent_once() {
    use warroom::incident::entry::Stamp;
    use warroom::incident::rows::Placed;
    let mut world = room();
    world.hear(vec![news(1, What::Word { line: "update We look into it.".into() })]);
    let asked = world.asked().len();
    // The same from another host, which had not heard of it.
    let theirs: Vec<Placed> = world
        .log
        .placed()
        .into_iter()
        .rev()
        .take_while(|placed| placed.entry.header.rec >= world.now)
        .map(|placed| {
            let mut entry = (*placed.entry).clone();
            entry.header.id = warroom::incident::EntryId::from(entry.header.id.0 ^ (1 << 20));
            entry.header.host = warroom::incident::HostId::new(0xbb);
            entry.header.tick += 1000;
            if let warroom::incident::Event::Delivery(warroom::incident::event::DeliveryEvent::Requested(
                request,
            )) = &mut entry.event
            {
                request.subject = warroom::incident::EntryId::from(request.subject.0 ^ (1 << 20));
            }
            Placed { entry: entry.into(), locator: placed.locator }
        })
        .collect();
    assert!(theirs.iter().any(|placed| placed.entry.header.remote.is_some()));
    let mut all = world.log.placed();
    let mut later: Vec<Placed> = theirs.into_iter().rev().collect();
    later.sort_by_key(|placed| placed.entry.stamp());
    all.extend(later);
    let folded = warroom::room::Folded::of(&all);
    let _ = Stamp::default();
    let updates =
        folded.outbox.all().filter(|act| act.body.contains("We look into it.") && act.client == "slack");
    assert_eq!(updates.count(), 1);
    assert_eq!(folded.incident.updates.len(), 1);
    assert!(asked > 0);
}

#[test]
fn the_words_of_a_note_follow_its_message_and_what_a_command_did_stays() {
    let mut world = room();
    let word = |n, line: &str| news(n, What::Word { line: line.into() });
    let edited = |n, of: &str, text: &str| News {
        remote: format!("{of}/edited/{n}"),
        ..news(n, What::Edited { of: of.into(), text: text.into() })
    };
    let gone =
        |n, of: &str| News { remote: format!("{of}/deleted"), ..news(n, What::Deleted { of: of.into() }) };
    world.hear(vec![word(1, "note the feed is late"), word(2, "note nonsense"), word(3, "SEV P0 all of it")]);
    let before = world.log.placed().len();
    world.hear(vec![
        edited(4, "C1/1", "!Note 13:59 the feed is wrong"),
        gone(5, "C1/2"),
        edited(6, "C1/3", "!sev P2 some of it"),
        gone(7, "C1/3"),
    ]);
    assert!(world.timeline().contains(&"bob: the feed is wrong".to_owned()), "{:?}", world.timeline());
    let notes = &world.room.incident().notes;
    assert!(notes.corrected.contains_key(&world.entry("slack:C1/1")));
    assert!(notes.retracted.contains_key(&world.entry("slack:C1/2")));
    assert_eq!(world.room.incident().severity.as_deref(), Some("P0"));
    assert_eq!(world.log.placed().len(), before + 2, "a correction and a retraction, no more");
}
