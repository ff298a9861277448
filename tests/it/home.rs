//! Home: what it lists, what it teaches, where Enter leads; and the form for a declaration.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use warroom::incident::words::Status;
use warroom::incident::{Span, Time};
use warroom::tui::actions::{Action, HomeAction, Move};
use warroom::tui::layer::Layer;
use warroom::tui::scene::Ctx;
use warroom::tui::screens::declare::{DeclareDraft, DeclareForm};
use warroom::tui::screens::home::{Home, Past, Summary};

use crate::desk::{Desk, SIZES};
use crate::layers::{describe, press, shown};

fn summary(number: u32, title: &str, status: Status) -> Summary {
    let declared = Time::parse("2026-01-15T13:13:00Z").unwrap() + Span::from_secs(i64::from(number));
    Summary {
        reference: format!("01JZ{number:022}"),
        number,
        title: title.into(),
        severity: Some("P1".into()),
        status,
        drill: false,
        private: false,
        declared,
        last: declared,
        commander: Some("alice".into()),
        entries: 12,
        problem: None,
        follow_ups: Vec::new(),
        waits: warroom::tui::screens::home::Waits::default(),
    }
}

fn past(slug: &str, title: &str) -> Past {
    let about = "A replication problem at night, and a directory removed on the wrong host.".into();
    Past { slug: slug.into(), title: title.into(), about, span: Span::from_hours(23), entries: 120 }
}

fn shipped() -> Vec<Past> {
    vec![past("github-2018-10-21", "GitHub: two primaries"), past("gitlab-2017-01-31", "GitLab: data loss")]
}

fn home() -> Home {
    let mut mine = vec![
        summary(40, "late loads", Status::Closed),
        summary(41, "nulls in billing", Status::Triage),
        summary(42, "orders: prices x100", Status::Diagnosing),
    ];
    mine[1].commander = None;
    mine[1].drill = true;
    Home::new(mine, shipped())
}

/// The desk's context on Home: no room is open.
fn outside(desk: &Desk) -> Ctx<'_> {
    Ctx { scene: None, ..desk.ctx() }
}

fn draw(home: &Home, desk: &Desk, (columns, lines): (u16, u16)) -> String {
    let area = Rect::new(0, 0, columns, lines);
    let mut buf = Buffer::empty(area);
    home.draw(&outside(desk), area, &mut buf);
    shown(&buf)
}

const SCREEN: Rect = Rect { x: 0, y: 0, width: 80, height: 24 };

fn act(home: &mut Home, desk: &Desk, action: Action) -> Vec<String> {
    home.act(action, &outside(desk), SCREEN).iter().map(describe).collect()
}

fn click(home: &mut Home, desk: &Desk, row: u16) -> Vec<String> {
    let kind = MouseEventKind::Down(MouseButton::Left);
    let mouse = MouseEvent { kind, column: 20, row, modifiers: KeyModifiers::NONE };
    home.mouse(mouse, &outside(desk), SCREEN).iter().map(describe).collect()
}

/// The line on which the text stands.
fn line_of(text: &str, shown: &str) -> u16 {
    let place = shown.lines().position(|line| line.contains(text));
    place.unwrap_or_else(|| panic!("{text:?} is not there:\n{shown}")) as u16
}

#[test]
fn the_first_day_teaches() {
    let desk = Desk::new();
    let shown = draw(&Home::new(Vec::new(), shipped()), &desk, (80, 24));
    for taught in [
        "d  declares an incident",
        "r  replays one that really happened",
        "?  shows the keys",
        "/nowhere/data",
        "warroom connect slack",
        "gitlab-2017-01-31",
        "d declare",
    ] {
        assert!(shown.contains(taught), "{taught:?} is missing:\n{shown}");
    }
}

#[test]
fn open_incidents_come_first_and_say_who_commands() {
    let desk = Desk::new();
    let shown = draw(&home(), &desk, (80, 24));
    let order =
        ["Open incidents (2)", "INC-0042", "INC-0041", "Ended (1)", "INC-0040", "github-2018", "gitlab-2017"];
    let lines: Vec<u16> = order.iter().map(|text| line_of(text, &shown)).collect();
    assert!(lines.is_sorted(), "{shown}");
    let line =
        |text: &str| shown.lines().nth(usize::from(line_of(text, &shown))).unwrap_or_default().to_owned();
    for (row, parts) in [
        ("INC-0042", ["P1", "orders: prices x100", "diagnosing", "alice", "46m"]),
        ("INC-0041", ["P1", "DRILL nulls in billing", "triage", "NOBODY", "46m"]),
    ] {
        assert!(parts.iter().all(|part| line(row).contains(part)), "{}", line(row));
    }
}

#[test]
fn a_damaged_journal_is_said_where_it_is_listed() {
    let desk = Desk::new();
    let mut damaged = summary(7, "x", Status::Triage);
    damaged.problem = Some("the journal is damaged at line 12".into());
    let shown = draw(&Home::new(vec![damaged], Vec::new()), &desk, (80, 24));
    assert!(shown.contains("the journal is damaged at line 12"), "{shown}");
}

#[test]
fn it_fits_every_size() {
    let desk = Desk::new();
    for size in SIZES.into_iter().chain([(120, 40), (200, 50), (40, 10)]) {
        for home in [home(), Home::new(Vec::new(), Vec::new())] {
            let shown = draw(&home, &desk, size);
            assert!(
                shown.lines().all(|line| line.chars().count() <= usize::from(size.0)),
                "{size:?}\n{shown}"
            );
        }
    }
}

#[test]
fn enter_opens_ones_own_and_replays_the_shipped() {
    let (desk, mut home) = (Desk::new(), home());
    assert_eq!(act(&mut home, &desk, Action::Home(HomeAction::Open)), [format!("enter 01JZ{:022}", 42)]);
    assert_eq!(act(&mut home, &desk, Action::Move(Move::Bottom)), [""; 0]);
    assert_eq!(act(&mut home, &desk, Action::Home(HomeAction::Open)), ["replay gitlab-2017-01-31"]);
    assert_eq!(act(&mut home, &desk, Action::Home(HomeAction::Replay)), ["replay gitlab-2017-01-31"]);
}

#[test]
fn replay_offers_the_shipped_ones_then_ones_own_that_ended() {
    let (desk, mut home) = (Desk::new(), home());
    let mut messages = home.act(Action::Home(HomeAction::Replay), &outside(&desk), SCREEN);
    let Some(warroom::tui::msg::Msg::Push(mut picker)) = messages.pop() else { panic!("no picker") };
    let ctx = outside(&desk);
    assert_eq!(
        press(&mut *picker, &ctx, "<down><down><enter>"),
        ["pop".into(), format!("replay 01JZ{:022}", 40)]
    );
}

#[test]
fn new_data_leaves_the_selection_on_its_incident() {
    let (desk, mut home) = (Desk::new(), home());
    act(&mut home, &desk, Action::Move(Move::Down));
    home.refresh(Home::new(
        vec![
            summary(41, "nulls", Status::Triage),
            summary(42, "x", Status::Triage),
            summary(43, "y", Status::Triage),
        ],
        shipped(),
    ));
    assert_eq!(act(&mut home, &desk, Action::Home(HomeAction::Open)), [format!("enter 01JZ{:022}", 41)]);
}

#[test]
fn a_click_selects_and_a_second_one_opens() {
    let (desk, mut home) = (Desk::new(), home());
    let row = line_of("github-2018", &draw(&home, &desk, (80, 24)));
    assert_eq!(click(&mut home, &desk, row), [""; 0]);
    assert_eq!(click(&mut home, &desk, row), ["replay github-2018-10-21"]);
    assert_eq!(click(&mut home, &desk, 23), [""; 0], "the footer is no incident");
}

#[test]
fn places_name_everything_once() {
    let home = home();
    let names: Vec<String> = home.places().into_iter().map(|place| place.name).collect();
    assert_eq!(names, ["INC-0042", "INC-0041", "INC-0040", "github-2018-10-21", "gitlab-2017-01-31"]);
    assert_eq!(home.open_places().len(), 2);
}

fn form(desk: &Desk) -> DeclareForm {
    DeclareForm::new(DeclareDraft::default(), &outside(desk))
}

#[test]
fn a_title_and_enter_declare() {
    let desk = Desk::new();
    let mut form = form(&desk);
    let messages = press(&mut form, &outside(&desk), "orders: prices x100 hjkl q<enter>");
    assert_eq!(
        messages,
        [
            "pop",
            "declare \"orders: prices x100 hjkl q\" type - severity - playbook - commander alice status triage"
        ]
    );
    assert_eq!(form.declare_draft(), Some(DeclareDraft::default()), "nothing is kept of what was declared");
}

#[test]
fn a_type_proposes_severity_and_playbook() {
    let desk = Desk::new();
    let (mut form, ctx) = (form(&desk), outside(&desk));
    assert_eq!(press(&mut form, &ctx, "rows gone<tab><right>"), [""; 0]);
    let shown = crate::layers::screen(&form, &ctx, (80, 24));
    for text in
        ["Data loss", "< P0 >   (proposed)", "< data-loss >   (proposed)", "respond within 15 min", "alice"]
    {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
    let declared = press(&mut form, &ctx, "<enter>");
    assert_eq!(
        declared[1],
        "declare \"rows gone\" type data-loss severity P0 playbook data-loss commander alice status triage"
    );
}

#[test]
fn a_choice_outlives_a_proposal() {
    let desk = Desk::new();
    let (mut form, ctx) = (form(&desk), outside(&desk));
    // Severity P1, then a type that would propose P0; no playbook; bob commands; a drill.
    press(&mut form, &ctx, "x<tab><tab><right><right><shift-tab><right>");
    press(&mut form, &ctx, "<down><down><left><tab><ctrl-u>bob<tab><space>");
    let declared = press(&mut form, &ctx, "<enter>");
    assert_eq!(
        declared[1],
        "declare \"x\" type data-loss severity P1 playbook data-corruption commander bob status triage drill"
    );
}

#[test]
fn without_a_title_the_form_says_so_and_stays() {
    let desk = Desk::new();
    let (mut form, ctx) = (form(&desk), outside(&desk));
    assert_eq!(press(&mut form, &ctx, "<tab><tab>zz<enter>"), [""; 0]);
    let shown = crate::layers::screen(&form, &ctx, (80, 24));
    assert!(shown.contains("the title is empty"), "{shown}");
    assert!(press(&mut form, &ctx, "now<enter>")[1].starts_with("declare \"now\""), "the title has the keys");
}

#[test]
fn what_was_typed_is_there_the_next_time() {
    let desk = Desk::new();
    let (mut form, ctx) = (form(&desk), outside(&desk));
    assert_eq!(press(&mut form, &ctx, "half a ti<tab><right><esc>"), ["pop"]);
    let draft = form.declare_draft().expect("a draft");
    assert_eq!(
        (draft.title.as_str(), draft.kind.as_deref(), &draft.commander),
        ("half a ti", Some("data-loss"), &None)
    );
    let again = crate::layers::screen(&DeclareForm::new(draft, &ctx), &ctx, (80, 24));
    assert!(again.contains("half a ti") && again.contains("Data loss"), "{again}");
}

#[test]
fn a_pasted_title_is_one_line() {
    let desk = Desk::new();
    let (mut form, ctx) = (form(&desk), outside(&desk));
    form.paste("orders\n\u{1b}[31mwrong", &ctx);
    assert!(press(&mut form, &ctx, "<enter>")[1].starts_with("declare \"orders wrong\""));
}

#[test]
fn the_form_fits_every_size() {
    let desk = Desk::new();
    let ctx = outside(&desk);
    for size in SIZES.into_iter().chain([(120, 40), (40, 10)]) {
        let mut form = form(&desk);
        for keys in ["", "<tab><right>", "<tab>", "<tab>", "<tab>", "<tab>"] {
            press(&mut form, &ctx, keys);
            crate::layers::screen(&form, &ctx, size);
        }
    }
    let mut small = self::form(&desk);
    press(&mut small, &ctx, "x<tab><right><up><up>");
    assert!(
        crate::layers::screen(&small, &ctx, (40, 10)).contains("Drill"),
        "the field with the keys is visible"
    );
}

#[test]
fn a_row_says_what_is_over_and_what_waits_for_me() {
    let mut desk = Desk::new();
    desk.wait_mins(30);
    let mut one = summary(42, "orders: prices x100", Status::Diagnosing);
    one.waits.rings = vec![desk.now - Span::from_mins(3), desk.now, desk.now + Span::from_mins(1)];
    one.waits.asked = vec![desk.ctx().me.clone()];
    let home = Home::new(vec![one, summary(43, "quiet", Status::Triage)], Vec::new());
    let mut buf = Buffer::empty(Rect::new(0, 0, 80, 24));
    home.draw(&outside(&desk), buf.area, &mut buf);
    let text = shown(&buf);
    assert!(text.contains("INC-0042  OVER 2 FOR YOU orders"), "{text}");
    let mut home = home;
    home.act(Action::Move(Move::Down), &outside(&desk), buf.area);
    home.draw(&outside(&desk), buf.area, &mut buf);
    let text = shown(&buf);
    assert!(text.contains("2 clocks OVER and not heard; you were asked something"), "{text}");
    assert!(text.contains("INC-0043  quiet"), "nothing waits there:\n{text}");
}

#[test]
fn home_looks_every_few_seconds_for_what_others_did() {
    let mut door = crate::door::Door::home((80, 24));
    let looks = |door: &crate::door::Door| door.asked.iter().filter(|it| *it == "look").count();
    door.wait(Span::from_secs(30));
    assert!((5..=8).contains(&looks(&door)), "{:?}", door.asked);
}

#[test]
fn the_mark_of_the_list_changes_with_what_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let home = warroom::journal::Home::new(dir.path());
    let incident = dir.path().join("incidents").join("01JZ0000000000000000000042-orders");
    let journal = incident.join("journal");
    std::fs::create_dir_all(&journal).unwrap();
    std::fs::write(journal.join("a.jsonl"), "one").unwrap();
    let mark = || warroom::runtime::summary::mark(&home.list().unwrap());
    let before = mark();
    assert_eq!(before, mark(), "nothing happened");
    std::fs::write(journal.join("a.jsonl"), "one two").unwrap();
    assert_ne!(before, mark());
}
