//! What happens in the room asks for what outside: MISSION rows B1, S1.8, S4.3, S4.5, S0.2.

use warroom::incident::command::{FollowUpCommand, RoleCommand};
use warroom::incident::event::{Declared, FollowUp, SentUpdate};
use warroom::incident::words::{Status, Word};
use warroom::incident::{Command, PersonId, Span};
use warroom::outbox::State;
use warroom::room::Input;

use super::world::{World, routes};

fn assign(role: &str, who: &str) -> Command {
    Command::Role(RoleCommand::Assign { role: role.into(), who: PersonId::new(who) })
}

fn update(audience: &str, text: &str) -> Command {
    Command::Update(SentUpdate::new(audience, Word::Investigating, text, None))
}

#[test]
fn s4_3_one_word_asks_for_page_channel_and_ticket_and_the_next_acknowledges() {
    let mut world = World::declared();
    assert!(world.asked().is_empty(), "nothing is told by itself");
    world.order("alice", assign("commander", "bob"));
    world.ask("join");
    assert_eq!(
        world.asked(),
        [
            "pagerduty: page whoever is on call: P1 orders: prices x100",
            "pagerduty: note",
            "pagerduty: priority P1",
            "slack: open the channel #inc-20261121-orders-prices-x100",
            "slack: set the topic",
            "slack: post: P1 orders: prices x100",
            "slack: pin the post",
            "slack: invite bob",
            "jira: open the ticket: P1 orders: prices x100",
        ]
    );
    world.answer_all().ask("join");
    assert_eq!(world.asked_since(9), ["pagerduty: acknowledge"]);
}

#[test]
fn b1_an_account_that_opens_by_itself_does_so_in_the_write_of_the_declaration() {
    let mut routes = routes();
    routes.accounts[0].on_declare = true;
    let world = World::with(routes, Declared::default());
    assert_eq!(world.asked()[0], "slack: open the channel #inc-20261121-orders-prices-x100");
    let placed = world.log.placed();
    let (first, asked) = (placed[0].entry.id().0, world.act("open the channel").request.0);
    assert_eq!(first & !0xff, asked & !0xff, "one write: no crash comes between them");
}

#[test]
fn b1_the_channel_follows_the_incident() {
    let mut world = World::declared();
    world.ask("channel open").answer_all();
    let before = world.asked().len();
    world.order("alice", assign("commander", "carol"));
    assert_eq!(
        world.asked_since(before),
        ["slack: invite carol", "slack: set the topic", "slack: bring the first notice up to date"]
    );
    let topic = world.act("set the topic");
    assert_eq!(topic.body, "P1 | triage | orders: prices x100 | commander carol");
    let invited = serde_json::to_value(&world.act("invite carol").deed).unwrap();
    assert_eq!(invited["chat"]["invite"]["who"][0]["mail"], "carol@example.com", "people are known by mail");
    world.order("alice", Command::Link { what: "bridge".into(), url: "https://meet.example/1".into() });
    assert_eq!(world.act("bookmark").title, "bridge");
}

#[test]
fn b1_what_is_set_twice_is_sent_once() {
    let mut world = World::declared();
    world.ask("channel open").answer_all();
    let (now, status) = (world.now, |to| Command::Status { to, reason: String::new() });
    world.order("alice", status(Status::Commanded));
    // The first topic is on its way: it stays. The second waits, and the third takes its place.
    world.order("alice", status(Status::Diagnosing)).order("alice", status(Status::Fixing));
    let topics: Vec<State> =
        world.room.outbox().all().filter(|act| act.title == "topic").map(|act| act.state.clone()).collect();
    let names: Vec<&str> = topics.iter().map(State::name).collect();
    assert_eq!(names, ["confirmed", "attempted", "superseded", "waiting"]);
    assert_eq!(world.now, now);
}

#[test]
fn s1_8_an_update_goes_where_its_audience_is() {
    let mut world = World::declared();
    world.order("alice", update("internal", "Prices are wrong since 13:36."));
    assert!(world.asked().is_empty(), "there is no channel and no ticket yet");
    world.ask("join").answer_all();
    let before = world.asked().len();
    world.order("alice", update("internal", "Loads are paused."));
    assert_eq!(
        world.asked_since(before),
        [
            "slack: post: P1 orders: prices x100: update to internal (investigating)",
            "jira: comment: update to internal (investigating)",
        ]
    );
    world.order("alice", update("executive", "All is well."));
    assert_eq!(world.asked().len(), before + 2, "nobody has said where executives are told");
}

#[test]
fn s1_8_an_affected_team_is_told_in_its_own_channel() {
    let mut world = World::declared();
    let mut notice = SentUpdate::new("team/finance", Word::Investigating, "Do not close the month.", None);
    notice.approved_by = None;
    world.order("alice", assign("commander", "alice"));
    world.order("alice", Command::Update(notice));
    assert!(
        world.asked().contains(
            &"slack: post in C0FIN: P1 orders: prices x100: update to team/finance (investigating)"
                .to_owned()
        ),
        "{:?} {:?}",
        world.asked(),
        world.refused
    );
    assert_eq!(world.act("post in C0FIN").lane, "C0FIN", "its order is kept there");
}

#[test]
fn b1_follow_ups_get_tickets_of_their_own_that_are_linked_and_moved() {
    let mut world = World::declared();
    let follow_up = |text: &str| {
        let what = FollowUp { text: text.into(), ..FollowUp::default() };
        Command::FollowUp(FollowUpCommand::Open(what))
    };
    world.order("alice", follow_up("a contract for prices"));
    assert!(world.asked().is_empty(), "without a ticket of the incident there is none of a follow-up");
    world.ask("ticket open");
    assert_eq!(
        world.asked()[1..],
        ["jira: open a follow-up's ticket: a contract for prices", "jira: link the follow-up's ticket"]
    );
    world.answer_all();
    world.order("alice", follow_up("a test of the feed"));
    world.answer_all();
    let id = world.room.incident().follow_ups.all()[1].id;
    let close = FollowUpCommand::Close { follow_up: id, note: "done".into() };
    world.order("alice", Command::FollowUp(close));
    assert_eq!(world.act("move to closed").lane, id.to_string());
    world.order("alice", Command::Status { to: Status::Diagnosing, reason: String::new() });
    assert_eq!(world.act("move to diagnosing").lane, "incident");
}

#[test]
fn b1_an_act_waits_for_what_it_is_about() {
    let mut world = World::declared();
    world.ask("channel open").ask("channel post hello");
    let names: Vec<String> = world.calls.iter().map(|call| call.act.title.clone()).collect();
    assert_eq!(names, ["channel"], "the channel first");
    assert!(world.room.outbox().lacks(&world.act("post")).is_some());
    world.answer(warroom::outbox::Outcome::Confirmed { remote: "C1".into(), link: None });
    assert_eq!(world.calls[0].place(), Some("C1"));
    assert_eq!(world.calls[0].act.title, "topic", "then in order");
}

#[test]
fn a_private_incident_says_nothing_outside() {
    let what =
        Declared { title: "customer list on a public bucket".into(), private: true, ..Declared::default() };
    let mut world = World::with(routes(), what);
    world.ask("join");
    let all = format!("{:?}", world.requests());
    assert!(!all.contains("bucket") && !all.contains("customer list"), "{all}");
    assert!(all.contains("private: true"), "its channel is private: {all}");
}

#[test]
fn a_drill_goes_where_drills_go_or_nowhere() {
    let mut world = World::with(routes(), Declared { drill: true, ..Declared::default() });
    world.ask("join");
    assert_eq!(world.asked()[0], "slack: adopt the channel C0DRILL");
    assert!(world.asked().iter().all(|asked| asked.starts_with("slack")), "{:?}", world.asked());
    assert!(world.calls.iter().all(|call| call.drill), "whatever is written says that it is a drill");
    world.answer_all().order("alice", update("team/finance", "An exercise."));
    assert!(!world.asked().iter().any(|asked| asked.contains("C0FIN")), "no real channel hears of it");
    world.ask("page open");
    assert_eq!(world.refused[0].why, "a drill stays out of PagerDuty");
}

#[test]
fn what_is_only_read_is_told_nothing() {
    let mut read_only = routes();
    read_only.accounts.iter_mut().for_each(|account| account.read_only = true);
    let mut world = World::with(read_only, Declared::default());
    world.ask("channel open").order("alice", update("internal", "Prices are wrong."));
    assert!(world.asked().is_empty());
    assert_eq!(world.refused[0].why, "Slack is only read");
}

#[test]
fn s0_2_a_rung_that_the_policy_has_paged_pages_by_itself_once() {
    let text = include_str!("../../../sample-data/policies/runbook.toml");
    let auto = text.replace(
        "{ after = \"5 min\", who = \"lead engineer\" }",
        "{ after = \"5 min\", who = \"lead engineer\", auto = true }",
    );
    assert_ne!(text, auto);
    let mut world = World::declared();
    let pin = warroom::incident::command::PinnedPolicy {
        name: "runbook".into(),
        digest: "0".repeat(64),
        text: auto,
    };
    world.order("alice", Command::Pin(vec![pin]));
    world.order("alice", Command::Severity { to: "CRITICAL".into(), reason: "all loads are down".into() });
    assert!(world.asked().is_empty());
    world.wait(Span::from_mins(6)).answer_all().wait(Span::from_mins(6)).answer_all();
    let pages: Vec<String> = world.asked().into_iter().filter(|asked| asked.contains("page ")).collect();
    assert_eq!(
        pages,
        ["pagerduty: page whoever is on call: CRITICAL orders: prices x100", "pagerduty: page lead-engineer"]
    );
}

#[test]
fn a_channel_that_cannot_be_opened_is_replaced_and_what_waits_for_it_goes_on() {
    use warroom::incident::event::FailureClass;
    use warroom::outbox::Outcome;
    let mut world = World::declared();
    world.ask("channel open").answer(Outcome::failed(FailureClass::Permanent, "the name is taken"));
    world.order("alice", update("internal", "Loads are paused."));
    assert!(world.asked().last().unwrap().contains("update to internal"), "it is queued all the same");
    let before = world.asked().len();
    world.ask("channel adopt orders");
    assert_eq!(world.asked_since(before), ["slack: adopt the channel orders"], "nothing is posted twice");
    assert_eq!(world.act("open the channel").state.name(), "superseded");
    world.answer_all();
    assert_eq!(world.room.outbox().open().count(), 0);
    assert_eq!(world.act("update to internal").state.name(), "confirmed");
}

#[test]
fn what_is_about_a_thing_that_was_given_up_holds_nobody_up_and_says_so() {
    use warroom::incident::command::DeliveryCommand;
    use warroom::incident::event::FailureClass;
    use warroom::outbox::Outcome;
    let mut world = World::declared();
    world.ask("channel open");
    world.answer(Outcome::confirmed("C1")).answer(Outcome::confirmed("C1"));
    // The first notice is refused, and somebody gives it up.
    world.answer(Outcome::failed(FailureClass::Permanent, "restricted_action"));
    let request = world.act("post: P1").request;
    let drop = DeliveryCommand::Drop { request, reason: "not needed".into() };
    world.order("alice", Command::Delivery(drop));
    let outbox = world.room.outbox();
    let pin = world.act("pin the post");
    assert!(outbox.is_orphan(&pin) && outbox.needs_person(&pin), "the pin waits for nothing");
    assert!(outbox.message(&pin).unwrap().contains("was never made there"));
    world.order("alice", assign("commander", "carol")).answer_all();
    assert_eq!(world.act("invite carol").state.name(), "confirmed", "its lane goes on");
    assert!(
        !world.asked().iter().any(|asked| asked.contains("first notice up to date")),
        "there is none to edit"
    );
}

#[test]
fn that_somebody_has_seen_it_is_not_where_it_is() {
    use warroom::incident::command::DeliveryCommand;
    use warroom::outbox::{Outcome, SEEN};
    let mut world = World::declared();
    world.ask("channel open");
    let request = world.act("open the channel").request;
    let confirm = |remote: &str| {
        Command::Delivery(DeliveryCommand::Confirm { request, remote: remote.into(), link: None })
    };
    world.order("alice", confirm(SEEN));
    assert_eq!(world.refused.pop().unwrap().why, "a call is under way");
    world.answer(Outcome::CannotTell { message: "nothing tells".into() });
    world.order("alice", confirm(SEEN));
    assert_eq!(world.refused.pop().unwrap().why, "others need to know where it is");
    world.order("alice", confirm("C077"));
    assert_eq!(world.calls[0].place(), Some("C077"), "what waits for it goes there");
}

#[test]
fn what_becomes_private_takes_back_what_nobody_was_told() {
    let mut world = World::declared();
    world.ask("join");
    // The channel is being opened; the rest waits.
    let before = world.asked().len();
    world.order("alice", Command::Private { on: true, reason: "personal data".into() });
    let after = format!("{:?}", world.requests().split_off(before));
    assert!(!after.contains("prices"), "{after}");
    let waiting: Vec<String> = world
        .room
        .outbox()
        .open()
        .filter(|act| act.attempts == 0)
        .map(|act| format!("{} {} {:?}", act.title, act.body, act.deed))
        .collect();
    assert!(!waiting.join("\n").contains("prices"), "{waiting:#?}");
}

#[test]
fn an_account_that_becomes_read_only_keeps_back_what_waits() {
    let mut world = World::declared();
    world.ask("channel open").ask("channel post hello");
    world.calls.clear();
    let mut routes = world.room.routes.clone();
    routes.accounts[0].read_only = true;
    world.room.routes = routes;
    world.ask("page open");
    world.wait(Span::from_mins(5));
    assert!(world.calls.iter().all(|call| call.act.client != "slack" || call.act.attempts > 0));
}

#[test]
fn a_call_is_believed_to_be_over_only_after_its_client_gives_up() {
    use warroom::config::Settings;
    use warroom::runtime::accounts;
    let text = "[slack]\ntoken = { env = \"PATH\" }\n[pagerduty]\ntoken = { env = \"PATH\" }\ntimeout = \"2m\"\n\
                [jira]\ntoken = { env = \"PATH\" }\nbase = \"https://x.example\"\nproject = \"D\"\nuser = \"a@b.c\"\n[client.hook]\n\
                command = [\"/bin/cat\"]\n";
    let settings = Settings::parse(text).unwrap();
    let routes = accounts::of(&settings.accounts(), Default::default());
    for account in &routes.accounts {
        let client =
            accounts::client(&settings.accounts(), &account.name, std::path::Path::new("/")).unwrap();
        let patience = Span::from_ms(client.patience().as_millis() as i64);
        assert!(
            account.settle > patience,
            "{}: {:?} is not longer than {patience:?}",
            account.name,
            account.settle
        );
    }
}

#[test]
fn s4_3_what_was_opened_is_linked_and_who_was_paged_is_on_the_timeline() {
    use warroom::outbox::Outcome;
    let mut world = World::declared();
    world.ask("join");
    let (page, channel) = (world.act("page whoever").request, world.act("open the channel").request);
    for (request, what) in [(page, "page"), (channel, "channel")] {
        let link = Some(format!("https://{what}.example/1"));
        let outcome = Outcome::Confirmed { remote: what.into(), link };
        world.input(Input::Delivered { request, outcome });
    }
    assert_eq!(world.room.incident().links["page"], "https://page.example/1");
    assert_eq!(world.room.incident().links["channel"], "https://channel.example/1");
    let paged = "PagerDuty: page whoever is on call: P1 orders: prices x100 (asked by alice)";
    assert_eq!(world.timeline().iter().filter(|line| line.contains(paged)).count(), 1);
    world.calls.clear();
    let bookmarks: Vec<String> =
        world.asked().into_iter().filter(|asked| asked.contains("bookmark")).collect();
    assert_eq!(bookmarks, ["slack: bookmark page"], "no channel has a bookmark of itself");
}

#[test]
fn s4_3_a_page_that_was_refused_holds_up_no_acknowledgement() {
    use warroom::incident::event::FailureClass;
    use warroom::outbox::Outcome;
    let mut world = World::declared();
    world.ask("page open").answer(Outcome::confirmed("P1INC")).answer_all();
    world.ask("page add nobody@example.com").answer(Outcome::failed(FailureClass::Permanent, "no such user"));
    world.ask("page ack").answer_all();
    assert_eq!(world.act("acknowledge").state.name(), "confirmed");
    assert_eq!(world.act("page nobody").state.name(), "stuck");
    // What may have arrived does hold up what comes after it.
    let mut world = World::declared();
    world.ask("page open").answer(Outcome::confirmed("P1INC")).answer_all();
    world.ask("page add bob").answer(Outcome::failed(FailureClass::Unknown, "no answer"));
    world.ask("page ack").answer_all();
    assert_ne!(world.act("acknowledge").state.name(), "confirmed");
}

#[test]
fn who_may_only_listen_can_still_take_over_what_is_there() {
    let mut read_only = routes();
    read_only.accounts.iter_mut().for_each(|account| account.read_only = true);
    let mut world = World::with(read_only, Declared::default());
    for line in ["channel adopt orders", "page take P1INC", "ticket adopt DATA-7"] {
        world.ask(line);
    }
    world.answer_all();
    assert_eq!(
        world.asked(),
        [
            "slack: adopt the channel orders",
            "pagerduty: take the incident P1INC",
            "jira: adopt the ticket DATA-7"
        ],
        "and nothing is posted there"
    );
    assert_eq!(world.room.outbox().open().count(), 0);
    assert!(world.refused.is_empty());
}

#[test]
fn what_was_named_wrongly_is_put_right_where_it_is_named() {
    use warroom::incident::command::DeliveryCommand;
    use warroom::incident::event::FailureClass;
    use warroom::outbox::Outcome;
    let mut world = World::declared();
    world.ask("channel adopt ordres").answer(Outcome::failed(FailureClass::Permanent, "no channel ordres"));
    let act = world.act("adopt");
    assert_eq!(act.heading(), "ordres");
    let (title, body) = ("orders".to_owned(), act.body.clone());
    let reword = DeliveryCommand::Reword { request: act.request, title, body };
    world.order("alice", Command::Delivery(reword));
    assert_eq!(world.calls.last().unwrap().act.heading(), "orders", "it is tried again with it");
    world.answer_all();
    assert_eq!(world.act("adopt the channel orders").state.name(), "confirmed");
}

#[test]
fn a_drill_takes_over_no_incident() {
    let mut routes = routes();
    routes.accounts[1].drill = Some("PDRILL1".into());
    let mut world = World::with(routes, Declared { drill: true, ..Declared::default() });
    world.ask("page take PREAL01");
    assert!(world.refused[0].why.contains("a drill takes over no incident"), "{:?}", world.refused);
    assert!(world.asked().is_empty());
}

#[test]
fn what_somebody_has_posted_is_not_written_over() {
    let mut world = World::declared();
    world.ask("channel open").answer_all();
    world.ask("channel adopt orders").answer_all();
    world.ask("channel post look at the feed").answer_all();
    let post = world.act("post").request;
    world.order("alice", Command::Severity { to: "P0".into(), reason: "all of it".into() });
    let edits = |request: &warroom::incident::event::Requested| {
        matches!(request.deed, warroom::incident::event::Deed::Chat(
            warroom::incident::event::ChatDeed::Edit { post: edited, .. }) if edited == post)
    };
    assert!(!world.requests().iter().any(edits), "{:?}", world.asked());
}

#[test]
fn nothing_is_sent_to_who_may_only_be_read_after_a_look() {
    use warroom::incident::event::FailureClass;
    use warroom::outbox::Outcome;
    let mut world = World::declared();
    world.ask("channel open").answer_all();
    world.ask("channel post hello").answer(Outcome::failed(FailureClass::Unknown, "no answer"));
    let mut read_only = routes();
    read_only.accounts.iter_mut().for_each(|account| account.read_only = true);
    world.room.routes = read_only;
    for _ in 0..30 {
        world.wait(Span::from_secs(10));
        if !world.calls.is_empty() {
            assert_ne!(world.act("post").state.name(), "attempted", "it is looked for, not sent");
            world.answer(Outcome::NotThere);
        }
    }
    assert_eq!(world.act("post").state.name(), "doubtful");
}

#[test]
fn an_older_act_that_is_asked_for_again_waits_for_what_is_on_its_way() {
    use warroom::incident::command::DeliveryCommand;
    use warroom::incident::event::FailureClass;
    use warroom::outbox::Outcome;
    let mut world = World::declared();
    world.ask("page open").answer(Outcome::confirmed("P1INC")).answer_all();
    world.ask("page ack").answer(Outcome::failed(FailureClass::Permanent, "not now"));
    world.ask("page resolve");
    assert_eq!(world.act("resolve").state.name(), "attempted");
    let retry = DeliveryCommand::Retry { request: world.act("acknowledge").request };
    world.order("alice", Command::Delivery(retry));
    assert_eq!(world.act("acknowledge").state.name(), "waiting");
    world.answer(Outcome::confirmed("P1INC"));
    assert_eq!(world.act("acknowledge").state.name(), "attempted");
}

#[test]
fn other_words_for_an_address_keep_its_name() {
    use warroom::incident::command::DeliveryCommand;
    use warroom::incident::event::{ChatDeed, Deed, FailureClass};
    use warroom::outbox::Outcome;
    let mut world = World::declared();
    world.ask("channel open").answer_all();
    world.ask("channel bookmark dash https://bad.example");
    world.answer(Outcome::failed(FailureClass::Permanent, "no such address"));
    let request = world.act("bookmark").request;
    let (title, body) = ("dash".to_owned(), "https://good.example".to_owned());
    world.order("alice", Command::Delivery(DeliveryCommand::Reword { request, title, body }));
    let bookmark = ChatDeed::Bookmark { name: "dash".into(), url: "https://good.example".into() };
    assert_eq!(world.act("bookmark").deed, Deed::Chat(bookmark));
}
