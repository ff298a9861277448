//! Help, palette, command line, backfill, kinds and detail: keys in, messages out.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use warroom::incident::scribe::NoteKind;
use warroom::incident::{Class, Command, Span, When};
use warroom::tui::actions::{self, Context};
use warroom::tui::keys::typed;
use warroom::tui::layer::Layer;
use warroom::tui::layers::command_line::{CommandLine, parse};
use warroom::tui::layers::help::Help;
use warroom::tui::layers::palette::Palette;
use warroom::tui::layers::{backfill, detail, kinds};
use warroom::tui::msg::Msg;
use warroom::tui::scene::Ctx;
use warroom::tui::screens::home::Place;

use crate::desk::{Desk, SIZES};

/// A message in words; messages hold layers, so they cannot derive it.
pub fn describe(message: &Msg) -> String {
    match message {
        Msg::Order(command) => format!("order {command:?}"),
        Msg::OrderSaying(command, say) => format!("order {command:?} saying {say}"),
        Msg::OrderAt(command, when) => format!("order {command:?}{}", moment(*when)),
        Msg::Act(action) => format!("act {}", actions::find(*action).map_or("?", |spec| spec.name)),
        Msg::Line(line) => format!("line {line}"),
        Msg::Push(layer) => format!("push {}", layer.name()),
        Msg::Pop => "pop".into(),
        Msg::Say(_, text) => format!("say {text}"),
        Msg::Declare(declare) => declared(declare),
        Msg::Enter(reference) => format!("enter {reference}"),
        Msg::Replay { name, .. } => format!("replay {name}"),
        Msg::Goto(at) => format!("goto {at}"),
        Msg::Seek(text) => format!("seek {text}"),
        Msg::Attach(name) => format!("attach {name}"),
        Msg::Theme(name) => format!("theme {name}"),
        Msg::Export(path) => format!("export {}", path.as_deref().unwrap_or("-")),
        Msg::Kinds(hidden) => {
            format!("hide {}", hidden.iter().map(|class| class.name()).collect::<Vec<_>>().join(" "))
        }
        Msg::Zone(zone) => format!("zone {zone:?}"),
        Msg::Quit => "quit".into(),
        _ => "another message".into(),
    }
}

fn moment(when: Option<When>) -> String {
    when.map_or(String::new(), |when| format!(" at {}{}", if when.about { "~" } else { "" }, when.time))
}

fn declared(declare: &warroom::incident::command::Declare) -> String {
    let or = |text: Option<&str>| text.unwrap_or("-").to_owned();
    let what = &declare.what;
    format!(
        "declare {:?} type {} severity {} playbook {} commander {} status {}{}",
        what.title,
        or(what.kind.as_deref()),
        or(declare.severity.as_deref()),
        or(declare.playbook.as_ref().map(|playbook| playbook.name.as_str())),
        or(declare.commander.as_ref().map(|who| who.as_str())),
        what.status.name(),
        if what.drill { " drill" } else { "" }
    )
}

/// What a layer answers to keys.
pub fn press(layer: &mut dyn Layer, ctx: &Ctx, keys: &str) -> Vec<String> {
    typed(keys).into_iter().flat_map(|key| layer.key(key, ctx)).map(|message| describe(&message)).collect()
}

/// What a layer shows.
pub fn screen(layer: &dyn Layer, ctx: &Ctx, (columns, lines): (u16, u16)) -> String {
    let area = Rect::new(0, 0, columns, lines);
    let mut buf = Buffer::empty(area);
    layer.draw(ctx, area, &mut buf);
    shown(&buf)
}

pub fn shown(buf: &Buffer) -> String {
    let area = buf.area;
    let line = |y| (0..area.width).map(|x| buf[(x, y)].symbol()).collect::<String>();
    (0..area.height).map(|y| line(y).trim_end().to_owned() + "\n").collect()
}

const ROOM: [Context; 4] = [Context::Timeline, Context::Live, Context::Room, Context::Everywhere];
const HOME: [Context; 2] = [Context::Home, Context::Everywhere];
const NOTHING: [&str; 0] = [];

fn outside(desk: &Desk) -> Ctx<'_> {
    Ctx { scene: None, ..desk.ctx() }
}

fn replayed() -> Desk {
    let mut desk = Desk::new();
    desk.wait_mins(30);
    desk.live = false;
    desk
}

// Help

#[test]
fn help_lists_this_place_first_and_enter_runs() {
    let desk = Desk::new();
    let mut help = Help::new(&ROOM, &desk.ctx());
    let first = screen(&help, &desk.ctx(), (100, 30));
    let (here, there) = (first.find("timeline").unwrap(), first.find("live room").unwrap());
    assert!(here < there && first.contains("show the whole entry"), "{first}");
    assert_eq!(press(&mut help, &desk.ctx(), "severity<enter>"), ["pop", "act severity"]);
}

#[test]
fn help_closes_on_its_own_key_only_while_nothing_is_searched() {
    let desk = Desk::new();
    for (keys, expected) in [
        ("?", vec!["pop"]),
        ("q", vec!["pop"]),
        ("<esc>", vec!["pop"]),
        ("a?q", vec![]),
        ("a<esc>", vec!["pop"]),
    ] {
        let mut help = Help::new(&HOME, &outside(&desk));
        assert_eq!(press(&mut help, &outside(&desk), keys), expected, "{keys}");
    }
}

#[test]
fn help_says_why_something_cannot_work_now() {
    let (desk, replay) = (Desk::new(), replayed());
    for (ctx, search, why) in [
        (outside(&desk), "severity", "needs a live room"),
        (outside(&desk), "zoom", "needs a room"),
        (desk.ctx(), "skip-silence", "needs a replay"),
        (desk.ctx(), "open the selected incident", "only on Home"),
        (replay.ctx(), "severity", "a replay cannot be changed"),
    ] {
        let mut help = Help::new(&HOME, &ctx);
        press(&mut help, &ctx, search);
        assert!(screen(&help, &ctx, (110, 20)).contains(why), "{search}: {}", screen(&help, &ctx, (110, 20)));
        assert_eq!(press(&mut help, &ctx, "<enter>"), [format!("say {why}")]);
    }
}

#[test]
fn help_explains_the_scribe_line() {
    let desk = Desk::new();
    let mut help = Help::new(&ROOM, &desk.ctx());
    press(&mut help, &desk.ctx(), "scribe line");
    let shown = screen(&help, &desk.ctx(), (100, 30));
    for text in ["-7m", "14:03", "yesterday 23:10", "~13:30", "TODO", "@who", "a decision", "a hypothesis"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert_eq!(press(&mut help, &desk.ctx(), "<enter>"), NOTHING);
}

// Palette

fn places() -> Vec<Place> {
    let place = |reference: &str, name: &str, about: &str, past| Place {
        reference: reference.into(),
        name: name.into(),
        about: about.into(),
        past,
    };
    vec![
        place("01JZ", "INC-0042", "P1 orders: prices x100", false),
        place("gitlab-2017-01-31", "gitlab-2017-01-31", "the database that was deleted", true),
    ]
}

#[test]
fn the_palette_finds_by_a_few_letters() {
    let mut desk = Desk::with_playbook("data-loss");
    desk.order(Command::Note { kind: NoteKind::Note, text: "@bob looks".into() });
    let first_step = desk.incident().runs[0].lines()[0].text.to_owned();
    let step = format!("tick: {first_step}");
    for (typed, expected) in [
        ("sevrty", "act severity".to_owned()),
        ("skipsil", "say needs a replay".to_owned()),
        ("commander alice", "line role commander alice".to_owned()),
        ("prices", "enter 01JZ".to_owned()),
        ("gitlab", "replay gitlab-2017-01-31".to_owned()),
        (&step, "order Step".to_owned()),
    ] {
        let ctx = desk.ctx();
        let mut palette = Palette::new(&ctx, &ROOM, places());
        press(&mut palette, &ctx, typed);
        let messages = press(&mut palette, &ctx, "<enter>");
        let last = messages.last().cloned().unwrap_or_default();
        assert!(last.starts_with(&expected), "{typed}: {messages:?}\n{}", screen(&palette, &ctx, (100, 30)));
    }
}

#[test]
fn the_palette_lists_everything_before_anything_is_typed() {
    let desk = Desk::new();
    let palette = Palette::new(&desk.ctx(), &ROOM, places());
    let shown = screen(&palette, &desk.ctx(), (100, 30));
    assert!(
        shown.contains("a command, step, person or incident") && shown.contains("detail: show"),
        "{shown}"
    );
    let mut palette = Palette::new(&desk.ctx(), &ROOM, places());
    assert_eq!(press(&mut palette, &desk.ctx(), "zzzzqqq<enter>"), NOTHING);
    assert!(screen(&palette, &desk.ctx(), (100, 30)).contains("nothing matches"));
    assert_eq!(press(&mut palette, &desk.ctx(), "<esc>"), ["pop"]);
}

// Command line

fn check(desk: &Desk, line: &str, expected: &str) {
    let answer = match parse(line, &desk.ctx()) {
        Ok(messages) => messages.iter().map(describe).collect::<Vec<_>>().join("; "),
        Err(why) => format!("no: {why}"),
    };
    assert!(answer.starts_with(expected), "{line:?}\n gave     {answer}\n expected {expected}");
}

#[test]
fn lines_become_messages() {
    let mut desk = Desk::new();
    desk.wait_mins(30);
    for (line, expected) in [
        ("", ""),
        ("severity", "act severity"),
        (":zoom", "act zoom"),
        ("note", "act note"),
        ("note restarted the loader", "order Note { kind: Note, text: \"restarted the loader\" }"),
        (
            "note -7m ?bad deploy",
            "order Note { kind: Hypothesis, text: \"bad deploy\" } at 2026-01-15T14:23:00.000Z",
        ),
        (
            "note ~14:05 it began",
            "order Note { kind: Note, text: \"it began\" } at ~2026-01-15T14:05:00.000Z",
        ),
        ("decision pause the loads", "order Note { kind: Decision, text: \"pause the loads\" }"),
        ("title prices wrong", "order Retitle { title: \"prices wrong\" }"),
        ("type data-loss", "order Retype { kind: \"data-loss\" }"),
        ("type nonsense", "no: there is no incident type"),
        ("severity p1", "order Severity { to: \"P1\", reason: \"\" }"),
        ("severity P9 why", "no: severity: use one of P0, P1, P2, P3"),
        ("status fix found it", "order Status { to: Fixing, reason: \"found it\" }"),
        ("status diagnosign", "no: there is no status \"diagnosign\": did you mean diagnosing?"),
        ("resolve loads are fresh", "order Status { to: Resolved, reason: \"loads are fresh\" }"),
        ("resolve", "push choose"),
        ("status closed", "push form"),
        ("reopen", "no: reopen REASON"),
        ("reopen it came back", "order Status { to: Diagnosing, reason: \"it came back\" }"),
        ("role ic Bob", "order Role(Assign { role: \"commander\", who: PersonId(\"bob\") })"),
        ("role commander none", "no: "),
        ("role commander", "no: role ROLE WHO"),
        ("hand-over commander bob here you go", "no: "),
        ("attach data-loss", "attach data-loss"),
        (
            "link bridge https://meet.example/1",
            "order Link { what: \"bridge\", url: \"https://meet.example/1\" }",
        ),
        ("link bridge", "no: there is no link"),
        ("goto 14:05", "goto 2026-01-15T14:05:00.000Z"),
        ("goto 2026-01-14 09:00", "goto 2026-01-14T09:00:00.000Z"),
        ("goto soonish", "no: \"soonish\" is not a time"),
        ("theme dark", "theme dark"),
        ("theme", "act theme"),
        ("zone local", "zone Local"),
        ("zone mars", "no: zone utc or zone local"),
        ("export out.md", "export out.md"),
        ("export", "act export"),
        ("open INC-42", "enter INC-42"),
        ("replay gitlab-2017-01-31", "replay gitlab-2017-01-31"),
        ("quit", "act quit"),
        ("q", "act quit"),
        ("q!", "quit"),
        ("severty P1", "no: there is no command \"severty\": did you mean severity?"),
        ("zoom in", "no: zoom takes nothing after it"),
        ("xyzzyplugh", "no: there is no command \"xyzzyplugh\": "),
    ] {
        check(&desk, line, expected);
    }
}

#[test]
fn a_held_role_is_handed_over_or_released() {
    let mut desk = Desk::new();
    let assign =
        warroom::incident::command::RoleCommand::Assign { role: "commander".into(), who: "alice".into() };
    desk.order(Command::Role(assign));
    check(&desk, "role commander none", "order Role(Release { role: \"commander\", who: None");
    check(
        &desk,
        "hand-over commander bob two tables left",
        "order Role(Offer { role: \"commander\", to: PersonId(\"bob\")",
    );
}

#[test]
fn a_replay_is_gone_through_by_its_own_time() {
    let desk = replayed();
    for (line, expected) in [
        ("goto 14:05", "seek 14:05"),
        ("seek +30m", "seek +30m"),
        ("goto 50%", "seek 50%"),
        ("goto end", "seek end"),
        ("title x", "no: a replay cannot be changed"),
        ("note x", "no: a replay cannot be changed"),
    ] {
        check(&desk, line, expected);
    }
}

#[test]
fn without_a_room_a_line_says_so() {
    let desk = Desk::new();
    let why = parse("note x", &outside(&desk)).err().unwrap_or_default();
    assert!(why.starts_with("no incident is open"), "{why}");
}

#[test]
fn a_wrong_line_stays_and_says_why() {
    let desk = Desk::new();
    let (mut line, ctx) = (CommandLine::new(Vec::new()), desk.ctx());
    assert_eq!(press(&mut line, &ctx, "severty P1<enter>"), NOTHING);
    let shown = screen(&line, &ctx, (80, 24));
    assert!(shown.contains("did you mean severity?") && shown.contains(":severty P1"), "{shown}");
    assert_eq!(press(&mut line, &ctx, "<ctrl-u>severity P1<enter>"), ["pop", "line severity P1"]);
}

#[test]
fn tab_completes_verbs_then_what_they_take() {
    let desk = Desk::new();
    for (typed, expected) in [
        ("resol<tab>", ":resolve"),
        ("severity <tab>", ":severity P0"),
        ("severity <tab><tab>", ":severity P1"),
        ("severity <tab><shift-tab>", ":severity P3"),
        ("status di<tab>", ":status diagnosing"),
        ("role comm<tab>al<tab>", ":role commander alice"),
        ("attach data-l<tab>", ":attach data-loss"),
        ("theme hi<tab>", ":theme high-contrast"),
        ("note ab<tab>", ":note ab"),
    ] {
        let (mut line, ctx) = (CommandLine::new(Vec::new()), desk.ctx());
        press(&mut line, &ctx, typed);
        let shown = screen(&line, &ctx, (80, 24));
        assert_eq!(shown.lines().last(), Some(expected), "{typed}\n{shown}");
    }
}

#[test]
fn earlier_lines_come_back_and_the_typed_one_too() {
    let desk = Desk::new();
    let (mut line, ctx) = (CommandLine::new(vec!["zoom".into(), "theme dark".into()]), desk.ctx());
    for (keys, expected) in [
        ("ha", ":ha"),
        ("<up>", ":theme dark"),
        ("<up>", ":zoom"),
        ("<up>", ":zoom"),
        ("<down>", ":theme dark"),
        ("<down>", ":ha"),
        ("<down>", ":ha"),
    ] {
        press(&mut line, &ctx, keys);
        assert_eq!(screen(&line, &ctx, (40, 10)).lines().last(), Some(expected), "{keys}");
    }
}

// Backfill

const PASTED: &str = "14:02 pager went off\n14:05 !decision: pause the loads\n\n- 14:09 @carol looks";

#[test]
fn a_pasted_timeline_becomes_entries() {
    let mut desk = Desk::new();
    desk.wait_mins(30);
    let (mut layer, ctx) = (backfill::layer(PASTED, &desk.ctx()), desk.ctx());
    let preview = screen(&*layer, &ctx, (100, 24));
    for text in ["3 of 3 lines", "2026-01-15 14:02", "pager went off", "2026-01-15 14:09"] {
        assert!(preview.contains(text), "{text}: {preview}");
    }
    assert_eq!(
        press(&mut *layer, &ctx, "s"),
        [
            "pop",
            "order Note { kind: Note, text: \"pager went off\" } at 2026-01-15T14:02:00.000Z",
            "order Note { kind: Decision, text: \"pause the loads\" } at 2026-01-15T14:05:00.000Z",
            "order Note { kind: Note, text: \"@carol looks\" } at 2026-01-15T14:09:00.000Z",
        ]
    );
}

#[test]
fn backfill_rows_are_left_out_and_edited() {
    let mut desk = Desk::new();
    desk.wait_mins(30);
    let (mut layer, ctx) = (backfill::layer(PASTED, &desk.ctx()), desk.ctx());
    // The first is left out, the second gets other words and keeps its time, the third another time.
    assert_eq!(press(&mut *layer, &ctx, " <enter><ctrl-u>> stop the loads s q<enter>"), NOTHING);
    assert_eq!(press(&mut *layer, &ctx, "<down><enter><home>~14:10 <enter>"), NOTHING);
    assert!(screen(&*layer, &ctx, (100, 24)).contains("2 of 3 lines"));
    assert_eq!(
        press(&mut *layer, &ctx, "<ctrl-s>"),
        [
            "pop",
            "order Note { kind: Action, text: \"stop the loads s q\" } at 2026-01-15T14:05:00.000Z",
            "order Note { kind: Note, text: \"@carol looks\" } at ~2026-01-15T14:10:00.000Z",
        ]
    );
}

#[test]
fn backfill_saves_nothing_on_esc_and_nothing_in_a_replay() {
    let desk = replayed();
    let (mut layer, ctx) = (backfill::layer(PASTED, &desk.ctx()), desk.ctx());
    assert_eq!(press(&mut *layer, &ctx, "s"), NOTHING);
    assert!(screen(&*layer, &ctx, (100, 24)).contains("a replay cannot be changed"));
    assert_eq!(press(&mut *layer, &ctx, "<enter>x<esc><esc>"), ["pop"]);
}

#[test]
fn an_unclear_time_blocks_until_it_is_chosen() {
    let desk = Desk::new();
    // It is 14:00: 16:30 today has not come yet, and yesterday's may not be meant.
    let (mut layer, ctx) = (backfill::layer("16:30 the load failed\nno time here", &desk.ctx()), desk.ctx());
    assert!(screen(&*layer, &ctx, (100, 24)).contains("which time?"), "{}", screen(&*layer, &ctx, (100, 24)));
    assert_eq!(press(&mut *layer, &ctx, "<down>s"), NOTHING);
    assert!(screen(&*layer, &ctx, (100, 24)).contains("not clear yet"));
    assert_eq!(
        press(&mut *layer, &ctx, "cs"),
        [
            "pop",
            "order Note { kind: Note, text: \"the load failed\" } at 2026-01-14T16:30:00.000Z",
            "order Note { kind: Note, text: \"no time here\" }",
        ]
    );
}

// Kinds

#[test]
fn kinds_are_toggled_and_applied() {
    for (keys, expected) in
        [("<enter>", "hide "), (" <enter>", "hide note"), ("  <enter>", "hide "), ("na<enter>", "hide ")]
    {
        let desk = Desk::new();
        let mut layer = kinds::layer(&[]);
        assert_eq!(press(&mut *layer, &desk.ctx(), keys), ["pop", expected], "{keys:?}");
    }
    let desk = Desk::new();
    let mut layer = kinds::layer(&[Class::Note]);
    let only = press(&mut *layer, &desk.ctx(), "o<enter>");
    assert!(!only[1].contains("decision") && only[1].contains("hide note hypothesis"), "{only:?}");
    assert!(!only[1].contains("correction") && !only[1].contains("delivery"), "{only:?}");
    assert_eq!(press(&mut *kinds::layer(&[]), &desk.ctx(), "n<esc>"), ["pop"]);
}

// Detail

#[test]
fn an_entry_is_shown_whole() {
    let mut desk = Desk::new();
    desk.order(Command::Note { kind: NoteKind::Finding, text: "the index is gone".into() });
    let target = last(&desk);
    desk.wait_mins(10);
    let at = Some(When::about(desk.now - Span::from_mins(25)));
    desk.order(Command::Correct { target, text: "the index was never built".into(), at });
    desk.order(Command::Mark { target, on: true });
    desk.order(Command::Retract { target, reason: "wrong table".into() });
    let layer = open_detail(&desk, target);
    let shown = screen(&*layer, &desk.ctx(), (80, 24));
    for text in [
        "finding",
        "the index was never built",
        "the index is gone",
        "by alice, Thu 2026-01-15 14:10:00 UTC: wrong table",
        "about Thu 2026-01-15 13:45:00 UTC",
        "Thu 2026-01-15 14:00:00 UTC, as first written",
        "marked as important",
        "console, host 000000000007",
        &target.to_string(),
    ] {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
}

#[test]
fn detail_passes_the_keys_of_the_timeline_on() {
    let mut desk = Desk::new();
    desk.order(Command::Note { kind: NoteKind::Note, text: "x".into() });
    let id = last(&desk);
    for (key, expected) in [
        ("e", vec!["pop", "act correct"]),
        ("x", vec!["pop", "act retract"]),
        ("m", vec!["pop", "act mark"]),
        ("y", vec!["pop", "act copy"]),
        ("o", vec!["pop", "act open-link"]),
        ("<esc>", vec!["pop"]),
        ("jGzu", vec![]),
    ] {
        assert_eq!(press(&mut *open_detail(&desk, id), &desk.ctx(), key), expected, "{key}");
    }
}

fn open_detail(desk: &Desk, id: warroom::incident::EntryId) -> Box<dyn Layer> {
    let scene = desk.scene();
    let row = scene.rows.position(id).and_then(|place| scene.rows.get(place)).expect("a row");
    detail::layer(&desk.ctx(), &scene, scene.entry(row).expect("an entry"))
}

// All of them

#[test]
fn every_layer_fits_every_size() {
    let mut desk = Desk::with_playbook("data-loss");
    desk.order(Command::Note { kind: NoteKind::Note, text: "wide 漢字 ".repeat(40) });
    let ctx = desk.ctx();
    let id = desk.incident().runs[0].id;
    let layers: [Box<dyn Layer>; 6] = [
        Box::new(Help::new(&ROOM, &ctx)),
        Box::new(Palette::new(&ctx, &ROOM, places())),
        Box::new(CommandLine::new(Vec::new())),
        backfill::layer(&format!("16:30 {}\n{PASTED}", "long 漢字 ".repeat(60)), &ctx),
        kinds::layer(&[]),
        open_detail(&desk, id),
    ];
    for mut layer in layers {
        for keys in ["", "<down><down>", "a", "<enter>"] {
            press(&mut *layer, &ctx, keys);
            for size in SIZES.into_iter().chain([(40, 10), (80, 24), (120, 40)]) {
                screen(&*layer, &ctx, size);
            }
        }
    }
}

/// The entry that stands last on the timeline.
fn last(desk: &Desk) -> warroom::incident::EntryId {
    desk.scene().rows.as_slice().last().expect("a row").id
}
