//! The status update: drafted from the log, composed, previewed, kept until it is saved.

mod draft;
pub mod world;

use ratatui::layout::Rect;
use warroom::incident::Span;
use warroom::incident::command::{Command, DeliveryCommand};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Status, Word};
use warroom::report::update::NextUpdate;
use warroom::room::LOCAL;
use warroom::tui::actions::{Action, Move, UpdateAction};
use warroom::tui::layer::Layer;
use warroom::tui::msg::{Msg, Tone};
use warroom::tui::panes::Pane;
use warroom::tui::panes::update::{Edit, UpdatePane};

use world::{AREA, World, pushed, says};

#[test]
fn composing_fills_in_and_keeps_what_is_typed() {
    let mut world = World::declared();
    let mut pane = UpdatePane::default();
    assert!(world.act(&mut pane, UpdateAction::Compose).is_empty());
    assert!(pane.typing());
    says(&pane.draft_state().body, &["P1: orders: prices x100", "Next update: 14:32 UTC"]);
    // Keys that mean something elsewhere are text here.
    world.keys(&mut pane, "quwfEn@?:d ");
    assert!(pane.draft_state().body.starts_with("quwfEn@?:d P1:"));
    world.keys(&mut pane, "<esc>");
    assert!(!pane.typing());
    says(&world.drawn(&pane, AREA), &["not sent yet", "Nothing was sent to internal"]);
    world.wait(5);
    world.act(&mut pane, UpdateAction::Compose);
    assert!(pane.draft_state().body.starts_with("quwfEn@?:d P1:"), "going on does not fill in anew");
    world.keys(&mut pane, "<enter><backspace>");
    assert!(pane.paste("two\nlines", &world.ctx(), &world.scene()).is_empty());
    says(&pane.draft_state().body, &["two\nlines"]);
}

#[test]
fn tab_goes_to_the_next_place_and_typing_replaces_it() {
    let world = World::declared();
    let mut pane = UpdatePane::default();
    pane.set_body("a [one: …] b\n[two: …]");
    world.act(&mut pane, UpdateAction::Compose);
    world.keys(&mut pane, "<tab>1<tab>2");
    assert_eq!(pane.draft_state().body, "a 1 b\n2");
    assert!(matches!(world.keys(&mut pane, "<tab>")[..], [Msg::Say(Tone::Info, _)]));
    pane.set_body("[one: …] [two: …]");
    world.keys(&mut pane, "<tab><tab><tab><left>x");
    assert_eq!(pane.draft_state().body.matches('…').count(), 2, "moving away takes nothing");
}

#[test]
fn filling_in_asks_before_it_overwrites() {
    let mut world = World::declared();
    let mut pane = UpdatePane::default();
    world.act(&mut pane, UpdateAction::Prefill);
    world.note(NoteKind::Note, "impact: prices are in cents");
    assert!(world.act(&mut pane, UpdateAction::Prefill).is_empty(), "nobody's words are lost");
    says(&pane.draft_state().body, &["prices are in cents"]);
    pane.set_body("my own words");
    let mut question = pushed(world.act(&mut pane, UpdateAction::Prefill));
    assert_eq!(question.name(), "choose");
    let answers = world.answers(&mut *question, "r");
    assert!(answers.iter().any(|answer| matches!(answer, Msg::Copy(text) if text == "my own words")));
    world.give(&mut pane, answers);
    says(&pane.draft_state().body, &["prices are in cents"]);
}

#[test]
fn the_text_follows_audience_word_and_next_update() {
    let world = World::declared();
    let mut pane = UpdatePane::default();
    world.act(&mut pane, UpdateAction::Compose);
    world.keys(&mut pane, "Hello. <esc>");
    let mut words = pushed(world.act(&mut pane, UpdateAction::Word));
    world.give(&mut pane, world.answers(&mut *words, "2"));
    let mut next = pushed(world.act(&mut pane, UpdateAction::Next));
    world.give(&mut pane, world.answers(&mut *next, "15:15<enter>"));
    let body = pane.draft_state().body;
    says(&body, &["Hello. P1", "Status: identified", "Next update: 15:15 UTC"]);
    let mut audiences = pushed(world.act(&mut pane, UpdateAction::Audience));
    world.give(&mut pane, world.answers(&mut *audiences, "3"));
    assert_eq!(pane.audience(&world.ctx(), &world.scene()), "customers");
    says(&pane.draft_state().body, &["Hello. P1", "Next update: 15:02 UTC"]);
    // Any other name can be typed.
    let mut audiences = pushed(world.act(&mut pane, UpdateAction::Audience));
    let mut name = pushed(world.answers(&mut *audiences, "+"));
    world.give(&mut pane, world.answers(&mut *name, "finance<enter>"));
    assert_eq!(pane.audience(&world.ctx(), &world.scene()), "finance");
}

#[test]
fn without_a_text_the_next_update_moves_the_running_clock() {
    let mut world = World::declared();
    world.send("internal", Word::Investigating, 30);
    let mut pane = UpdatePane::default();
    let mut next = pushed(world.act(&mut pane, UpdateAction::Next));
    let answers = world.answers(&mut *next, "none<enter>");
    let orders = |message: &Msg| matches!(message, Msg::Order(Command::UpdateDue { audience, next: None }) if audience == "internal");
    assert!(answers.iter().any(orders));
}

#[test]
fn a_draft_that_lay_too_long_promises_anew() {
    let mut world = World::declared();
    let mut pane = UpdatePane::default();
    world.act(&mut pane, UpdateAction::Compose);
    world.keys(&mut pane, "x<esc>");
    world.wait(45);
    let preview = pushed(world.act(&mut pane, UpdateAction::Send));
    says(&pane.draft_state().body, &["Next update: 15:17 UTC"]);
    says(&world.layer(&*preview, Rect::new(0, 0, 80, 24)), &["Next update: 15:17 UTC, in 30m"]);
}

/// Enter, and a reason where one is asked for.
fn send(world: &World, preview: &mut dyn Layer) -> Vec<Msg> {
    let first = world.answers(preview, "<enter>");
    match first.iter().any(|message| matches!(message, Msg::Push(_))) {
        true => world.answers(&mut *pushed(first), "no time<enter>"),
        false => first,
    }
}

#[test]
fn b7_the_preview_names_the_target_and_what_is_still_open() {
    let mut world = World::declared();
    world.send("internal", Word::Investigating, 30);
    world.wait(1);
    world.note(NoteKind::Finding, "prices are in cents");
    world.note(NoteKind::Action, "paused loads");
    let mut pane = UpdatePane::default();
    world.act(&mut pane, UpdateAction::Compose);
    let mut preview = pushed(world.keys(&mut pane, "<ctrl-s>"));
    let seen = world.layer(&*preview, Rect::new(0, 0, 100, 40));
    says(&seen, &["To: internal", "goes to the local record (no client is configured)"]);
    says(&seen, &["1 placeholders: Still to fill in (2): [which data, from when to when: …]"]);
    says(&seen, &["- prices are in cents", "Enter sends, with a reason", "d takes them out"]);
    says(&world.layer(&*preview, Rect::new(0, 0, 40, 10)), &["To: internal", "1 placeholders: Still"]);
    assert!(matches!(world.answers(&mut *preview, "<esc>")[..], [Msg::Pop]));
    let back = world.answers(&mut *preview, "e");
    assert!(matches!(back[..], [Msg::Pop, Msg::Act(Action::Update(UpdateAction::Compose))]));
    let mut reason = pushed(world.answers(&mut *preview, "<ctrl-s>"));
    says(&world.layer(&*reason, Rect::new(0, 0, 80, 24)), &["Set aside: placeholders."]);
    assert!(world.answers(&mut *reason, "<enter>").is_empty(), "not without a reason");
    let sends = world.answers(&mut *reason, "it is night<enter>");
    assert!(matches!(sends[..2], [Msg::Pop, Msg::Pop]), "the question and the preview go");
    let Some(Msg::Order(Command::Update(sent))) = sends.last() else { panic!("it is sent") };
    assert_eq!((sent.audience.as_str(), sent.word), ("internal", Word::Investigating));
    assert_eq!(sent.next, Some(world.now + Span::from_mins(30)));
    assert_eq!(sent.body, pane.draft_state().body);
    let aside: Vec<(&str, &str)> =
        sent.overrides.iter().map(|aside| (aside.check.as_str(), aside.reason.as_str())).collect();
    assert_eq!(aside, [("placeholders", "it is night")]);
}

#[test]
fn b7_lines_with_open_places_go_with_one_key() {
    let mut world = World::declared();
    world.note(NoteKind::Note, "impact: revenue is wrong");
    let mut pane = UpdatePane::default();
    world.act(&mut pane, UpdateAction::Compose);
    world.keys(&mut pane, "[severity: …]: it is slow, [why: …]<enter>");
    let mut preview = pushed(world.keys(&mut pane, "<ctrl-s>"));
    let dropped = world.answers(&mut *preview, "d");
    assert!(matches!(
        dropped[..],
        [Msg::Pop, Msg::Composer(_), Msg::Act(Action::Update(UpdateAction::Send))]
    ));
    world.give(&mut pane, dropped);
    let body = pane.draft_state().body;
    assert!(!body.contains('…') && !body.contains("Affected:"), "{body}");
    assert_eq!(body.lines().next(), Some("it is slow,"), "what else the line says stays");
    says(&body, &["What happens:\n- revenue is wrong\n\nNext update: 14:32 UTC\nCommander: alice"]);
    let mut preview = pushed(world.act(&mut pane, UpdateAction::Send));
    let sends = world.answers(&mut *preview, "<enter>");
    assert!(matches!(sends.last(), Some(Msg::Order(Command::Update(sent))) if sent.overrides.is_empty()));
}

#[test]
fn the_text_stays_until_it_is_saved() {
    let mut world = World::declared();
    let mut pane = UpdatePane::default();
    pane.set_body("All is well again.");
    let mut preview = pushed(world.act(&mut pane, UpdateAction::Send));
    let sends = send(&world, &mut *preview);
    world.give(&mut pane, sends);
    assert_eq!(pane.draft_state().body, "All is well again.", "nothing is lost before it is saved");
    let again = pushed(world.act(&mut pane, UpdateAction::Send));
    says(&world.layer(&*again, Rect::new(0, 0, 80, 24)), &["being saved already"]);
    pane.sent("internal");
    assert!(pane.draft_state().is_empty());
    // Whoever typed on meanwhile keeps the text.
    pane.edit(Edit::Ordered("sent".into()), &world.ctx(), &world.scene());
    pane.set_body("sent, and more");
    pane.sent("internal");
    assert_eq!(pane.draft_state().body, "sent, and more");
    // After a crash between saving and clearing.
    world.send("internal", Word::Investigating, 30);
    pane.set_body("P1: orders: prices x100\nStill looking.");
    let again = pushed(world.act(&mut pane, UpdateAction::Send));
    says(&world.layer(&*again, Rect::new(0, 0, 80, 24)), &["was sent at 14:02 already"]);
}

#[test]
fn at_rest_it_shows_the_last_update_and_its_receipt() {
    let mut world = World::declared();
    let update = world.send("internal", Word::Identified, 30);
    let pane = UpdatePane::default();
    let request = DeliveryCommand::Request(Box::new(warroom::incident::event::Requested {
        client: LOCAL.into(),
        lane: "internal".into(),
        subject: update,
        title: "t".into(),
        body: "b".into(),
        deed: warroom::incident::event::Deed::Record,
    }));
    let request = world.order(Command::Delivery(request));
    says(&world.drawn(&pane, AREA), &["waiting to go to the local record"]);
    world.order(Command::Delivery(DeliveryCommand::Attempt { request, attempt: 1 }));
    world.order(Command::Delivery(DeliveryCommand::Confirm { request, remote: "f".into(), link: None }));
    world.wait(12);
    let seen = world.drawn(&pane, AREA);
    says(&seen, &["4 Update to: internal", "due in 18:00", "14:02 UTC, 12m ago, by bob: identified"]);
    says(&seen, &["kept in the local record", "Still looking.", "enter writes"]);
    world.wait(20);
    says(&world.drawn(&pane, AREA), &["OVERDUE by 2m"]);
    says(&world.drawn(&pane, Rect::new(0, 0, 28, 6)), &["internal", "OVERDUE by 2m"]);
    says(&world.drawn(&pane, Rect::new(0, 0, 20, 3)), &["-02:00"]);
    world.status(Status::Resolved);
    says(&world.drawn(&pane, AREA), &["OVERDUE by 2m"]);
    world.order(Command::UpdateDue { audience: "internal".into(), next: None });
    assert!(!world.drawn(&pane, AREA).contains("OVERDUE"), "a promise ends by keeping it or taking it back");
}

#[test]
fn a_word_that_was_told_stands_until_the_status_moves_on() {
    let mut world = World::declared();
    world.send("internal", Word::Identified, 30);
    let mut pane = UpdatePane::default();
    world.act(&mut pane, UpdateAction::Compose);
    says(&pane.draft_state().body, &["Status: identified"]);
    world.status(Status::Resolved);
    let mut pane = UpdatePane::default();
    world.act(&mut pane, UpdateAction::Compose);
    let body = pane.draft_state().body;
    says(&body, &["P1, resolved:"]);
    assert!(!body.contains("Next update"), "{body}");
}

#[test]
fn a_replay_can_be_read_and_not_changed() {
    let mut world = World::declared();
    world.send("internal", Word::Investigating, 30);
    world.live = false;
    let mut pane = UpdatePane::default();
    for action in [UpdateAction::Compose, UpdateAction::Send, UpdateAction::Prefill, UpdateAction::Word] {
        let said = world.act(&mut pane, action);
        assert!(matches!(&said[..], [Msg::Say(Tone::Warning, text)] if text == "a replay cannot be changed"));
    }
    assert!(!pane.typing() && pane.draft_state().is_empty());
    let seen = world.drawn(&pane, AREA);
    says(&seen, &["Still looking.", "h history"]);
    assert!(!seen.contains("writes"), "{seen}");
    assert_eq!(pushed(world.act(&mut pane, UpdateAction::History)).name(), "update history");
}

#[test]
fn history_lists_what_was_sent_and_shows_it_whole() {
    let mut world = World::declared();
    world.send("internal", Word::Investigating, 30);
    world.wait(5);
    world.send("customers", Word::Identified, 30);
    let mut history = pushed(world.act(&mut UpdatePane::default(), UpdateAction::History));
    let screen = Rect::new(0, 0, 80, 24);
    says(&world.layer(&*history, screen), &["Updates to internal (1)", "Tab next audience"]);
    world.answers(&mut *history, "<tab>");
    says(&world.layer(&*history, screen), &["Updates to customers (1)"]);
    world.answers(&mut *history, "<tab>");
    let seen = world.layer(&*history, screen);
    says(&seen, &["Updates sent (2)", "14:07  customers", "14:02  internal"]);
    assert!(seen.find("customers") < seen.find("internal"), "the newest comes first");
    let mut whole = pushed(world.answers(&mut *history, "j<enter>"));
    says(&world.layer(&*whole, screen), &["Update to internal", "Still looking.", "Next update: 14:32 UTC"]);
    assert!(
        matches!(&world.answers(&mut *whole, "y")[..], [Msg::Copy(text)] if text.contains("Still looking."))
    );
    assert!(matches!(world.answers(&mut *whole, "<esc>")[..], [Msg::Pop]));
}

#[test]
fn the_editor_gets_the_text_and_gives_it_back() {
    let world = World::declared();
    let mut pane = UpdatePane::default();
    let asked = world.act(&mut pane, UpdateAction::Editor);
    assert!(matches!(&asked[..], [Msg::Editor(text)] if text.contains("What happens")));
    pane.set_body("from the editor\n\u{1b}[31mred\n\n");
    assert_eq!(pane.draft_state().body.lines().next(), Some("from the editor"));
    assert!(!pane.draft_state().body.contains('\u{1b}'));
}

#[test]
fn a_draft_comes_back_as_it_was() {
    let world = World::declared();
    let mut pane = UpdatePane::default();
    world.act(&mut pane, UpdateAction::Compose);
    world.keys(&mut pane, "mine <esc>");
    pane.edit(Edit::Audience("customers".into()), &world.ctx(), &world.scene());
    pane.edit(Edit::Next(NextUpdate::In(Span::from_mins(10))), &world.ctx(), &world.scene());
    let kept = serde_json::to_string(&pane.draft_state()).unwrap();
    let mut other = UpdatePane::default();
    other.restore(serde_json::from_str(&kept).unwrap());
    assert_eq!(other.draft_state(), pane.draft_state());
    assert_eq!(other.audience(&world.ctx(), &world.scene()), "customers");
}

#[test]
fn it_draws_at_every_size() {
    let mut world = World::declared();
    world.send("internal", Word::Investigating, 30);
    let mut pane = UpdatePane::default();
    let mut history = pushed(world.act(&mut pane, UpdateAction::History));
    let whole = pushed(world.answers(&mut *history, "<enter>"));
    let mut layers = vec![history, whole];
    for typing in [false, true] {
        if typing {
            world.act(&mut pane, UpdateAction::Compose);
            layers.push(pushed(world.act(&mut pane, UpdateAction::Send)));
        }
        let sizes = (0..12).flat_map(|width| (0..8).map(move |height| (width, height)));
        for (width, height) in sizes.chain([(46, 10), (78, 20), (20, 3), (300, 90)]) {
            let area = Rect::new(0, 0, width, height);
            world.drawn(&pane, area);
            for to in [Move::Bottom, Move::Up, Move::PageDown, Move::Top] {
                pane.act(Action::Move(to), &world.ctx(), &world.scene(), area);
            }
            for layer in &mut layers {
                world.layer(&**layer, area);
                world.answers(&mut **layer, "Gkjg<pgdn>");
            }
        }
    }
}
