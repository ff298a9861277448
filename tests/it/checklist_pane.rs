//! The checklist pane: steps, marks, clocks, and what can be done to a step.

use warroom::incident::checklist::Progress;
use warroom::incident::command::StepCommand;
use warroom::incident::{Command, PersonId, words::Status};
use warroom::tui::actions::{Action, ChecklistAction, Move};
use warroom::tui::layers::{attach, step};
use warroom::tui::panes::Pane;
use warroom::tui::panes::checklist::ChecklistPane;

use crate::desk::{Desk, SIZES};

fn check(act: ChecklistAction) -> Action {
    Action::Checklist(act)
}

fn step_id(desk: &Desk, beginning: &str) -> String {
    let run = desk.incident().attached_runs().last().expect("a playbook");
    let line = run.lines().into_iter().find(|line| line.text.starts_with(beginning));
    line.unwrap_or_else(|| panic!("no step begins with {beginning:?}")).id.to_owned()
}

fn step(desk: &mut Desk, beginning: &str, act: StepCommand) {
    let run = desk.incident().attached_runs().last().expect("a playbook").id;
    let step = step_id(desk, beginning);
    desk.order(Command::Step { run, step, act });
}

fn progress(desk: &Desk, beginning: &str) -> Progress {
    let run = desk.incident().attached_runs().last().expect("a playbook");
    run.progress(&step_id(desk, beginning))
}

#[test]
fn without_a_playbook_it_teaches() {
    let shown = Desk::new().draw(&ChecklistPane::default(), 46, 12);
    assert!(shown.contains("No playbook attached."), "{shown}");
    assert!(shown.contains("A attaches one"), "{shown}");
}

#[test]
fn s1_11_data_loss_shows_phases_counts_and_a_running_time_box() {
    let mut desk = Desk::with_playbook("data-loss");
    desk.wait_mins(8);
    step(&mut desk, "Pin down", StepCommand::Tick);
    let shown = desk.draw(&ChecklistPane::default(), 60, 30);
    assert!(shown.contains("2 Data Loss 1/17"), "{shown}");
    assert!(shown.lines().next().unwrap_or_default().contains("07:00 left"), "{shown}");
    for heading in ["Immediate 1/4", "Assessment 0/4", "Recovery 0/5", "Prevention 0/4"] {
        assert!(shown.contains(heading), "{heading} is missing: {shown}");
    }
    assert!(shown.contains("begins in 7m"), "{shown}");
    let done = shown.lines().find(|line| line.contains("Pin down")).unwrap_or_default();
    assert!(done.contains("[x] Pin down") && done.contains("alice 14:08"), "{shown}");
}

#[test]
fn s1_11_an_overdue_time_box_says_so_and_stops_with_the_incident() {
    let mut desk = Desk::with_playbook("data-loss");
    desk.wait_mins(17);
    let shown = desk.draw(&ChecklistPane::default(), 60, 12);
    assert!(shown.contains("over by 2m"), "{shown}");
    desk.order(Command::Status { to: Status::Resolved, reason: "counts match".into() });
    let shown = desk.draw(&ChecklistPane::default(), 60, 12);
    assert!(!shown.contains("over by"), "{shown}");
}

#[test]
fn s1_11b_the_nested_choice_takes_exactly_one_option() {
    let mut desk = Desk::with_playbook("data-corruption");
    let mut pane = ChecklistPane::default();
    let shown = desk.draw(&pane, 70, 40);
    assert_eq!(shown.matches("( ) ").count(), 4, "{shown}");
    step(&mut desk, "Replay the events", StepCommand::Tick);
    step(&mut desk, "Correct the values", StepCommand::Tick);
    let shown = desk.draw(&pane, 70, 40);
    assert_eq!(shown.matches("(o) ").count(), 1, "{shown}");
    assert!(shown.contains("(o) Correct the values"), "{shown}");
    assert!(shown.contains("[x] Choose one way"), "taking an option does the choice: {shown}");
    assert!(shown.contains("! destructive"), "danger is a word: {shown}");
    assert!(desk.draw(&pane, 46, 40).contains("! $"), "and a sign where there is no room");

    // Space on an open choice asks which.
    desk.act(&mut pane, Action::Move(Move::Top));
    step(&mut desk, "Choose one way", StepCommand::Reopen);
    for _ in 0..7 {
        desk.act(&mut pane, Action::Move(Move::Down));
    }
    desk.act(&mut pane, check(ChecklistAction::Tick));
    assert!(desk.screen(80, 24).contains("Run the pipeline again"), "{}", desk.screen(80, 24));
    desk.type_keys("j<enter>");
    assert_eq!(progress(&desk, "Replay the events"), Progress::Done);
}

#[test]
fn marks_are_not_colour_alone() {
    let mut desk = Desk::with_playbook("data-corruption");
    step(&mut desk, "Pause what reads", StepCommand::Start);
    step(&mut desk, "Set the bad rows", StepCommand::Skip { reason: "read only already".into() });
    step(&mut desk, "Look through", StepCommand::Assign { who: Some(PersonId::new("bob")) });
    let run = desk.incident().attached_runs().last().expect("a playbook").id;
    let add = StepCommand::Add { phase: "Immediate".into(), text: "Ring the warehouse team".into() };
    desk.order(Command::Step { run, step: String::new(), act: add });
    let shown = desk.draw(&ChecklistPane::default(), 80, 30);
    assert!(shown.contains("[>] Pause what reads"), "{shown}");
    assert!(shown.contains("[-] Set the bad rows"), "{shown}");
    let line = |text: &str| shown.lines().find(|line| line.contains(text)).unwrap_or_default().to_owned();
    assert!(line("Look through").contains("@bob"), "{shown}");
    assert!(line("Look through").contains('$'), "a command shows: {shown}");
    assert!(line("Ring the warehouse").contains('+'), "{shown}");
}

#[test]
fn space_ticks_and_unticks_and_the_selection_stays_on_its_step() {
    let mut desk = Desk::with_playbook("data-corruption");
    let mut pane = ChecklistPane::default();
    desk.act(&mut pane, check(ChecklistAction::Tick));
    desk.act(&mut pane, check(ChecklistAction::Tick));
    assert_eq!(
        progress(&desk, "Measure the damage"),
        Progress::Open,
        "a tick leaves the selection where it is"
    );
    desk.act(&mut pane, Action::Move(Move::Down));
    desk.act(&mut pane, check(ChecklistAction::Tick));
    assert_eq!(progress(&desk, "Pause what reads"), Progress::Done);
    // A step added above must not move the selection.
    let run = desk.incident().attached_runs().last().expect("a playbook").id;
    let add = StepCommand::Add { phase: "Immediate".into(), text: "Ring the warehouse team".into() };
    desk.order(Command::Step { run, step: String::new(), act: add });
    desk.act(&mut pane, check(ChecklistAction::Tick));
    assert_eq!(progress(&desk, "Pause what reads"), Progress::Open);
}

#[test]
fn somebody_elses_tick_does_not_move_the_selection() {
    let mut desk = Desk::with_playbook("data-corruption");
    let mut pane = ChecklistPane::default();
    pane.refresh(&desk.ctx(), &desk.scene());
    desk.as_("bob");
    step(&mut desk, "Measure the damage", StepCommand::Tick);
    desk.act(&mut pane, check(ChecklistAction::Tick));
    assert_eq!(progress(&desk, "Measure the damage"), Progress::Open);
    assert_eq!(progress(&desk, "Pause what reads"), Progress::Open);
}

#[test]
fn skipping_asks_for_a_reason_and_keeps_asking() {
    let mut desk = Desk::with_playbook("data-corruption");
    let mut pane = ChecklistPane::default();
    desk.act(&mut pane, check(ChecklistAction::Skip));
    desk.type_keys("<enter>");
    assert!(desk.screen(80, 24).contains("needs a reason"), "{}", desk.screen(80, 24));
    desk.type_keys("known already<enter>");
    assert!(desk.layers.is_empty());
    assert_eq!(progress(&desk, "Measure the damage"), Progress::Skipped);
    assert!(desk.draw(&pane, 80, 24).contains("skipped because: known already"));
}

#[test]
fn assigning_adding_and_commenting_go_to_the_selected_step() {
    let mut desk = Desk::with_playbook("data-corruption");
    let mut pane = ChecklistPane::default();
    desk.act(&mut pane, Action::Move(Move::Right));
    desk.act(&mut pane, check(ChecklistAction::Assign));
    desk.type_keys("ali<tab><enter>");
    desk.act(&mut pane, check(ChecklistAction::Note));
    desk.type_keys("no deploy today<enter>");
    desk.act(&mut pane, check(ChecklistAction::Add));
    desk.type_keys("Ask the vendor<enter>");
    let run = desk.incident().attached_runs().last().expect("a playbook");
    let state = &run.steps[&step_id(&desk, "Look through")];
    assert_eq!(state.owner, Some(PersonId::new("alice")));
    assert_eq!(state.notes[0].text, "no deploy today");
    assert_eq!(run.added[0].phase, "Root cause");
}

#[test]
fn the_step_layer_shows_the_whole_step_and_its_history() {
    let mut desk = Desk::with_playbook("data-corruption");
    desk.as_("bob").wait_mins(5);
    step(&mut desk, "Pause what reads", StepCommand::Start);
    step(&mut desk, "Pause what reads", StepCommand::Note { text: "two loads left".into() });
    let run = desk.incident().attached_runs().last().expect("a playbook").id;
    desk.push(step::layer(step::acts::Target::new(run, &step_id(&desk, "Pause what reads"))));
    let shown = desk.screen(80, 30);
    for text in
        ["airflow dags pause", "started by bob at 14:05 UTC", "two loads left", "bob began it", "space tick"]
    {
        assert!(shown.contains(text), "{text:?} is missing: {shown}");
    }
    desk.type_keys("y");
    assert_eq!(desk.copied.as_deref(), Some("airflow dags pause \"$DAG\""));
    desk.type_keys(" ");
    assert_eq!(progress(&desk, "Pause what reads"), Progress::Done);
    assert!(desk.screen(80, 30).contains("space untick"));
    desk.type_keys("<esc>");
    assert!(desk.layers.is_empty());
}

#[test]
fn a_replay_cannot_be_changed() {
    let mut desk = Desk::with_playbook("data-corruption");
    desk.live = false;
    let mut pane = ChecklistPane::default();
    for act in [ChecklistAction::Tick, ChecklistAction::Skip, ChecklistAction::Add, ChecklistAction::Detach] {
        desk.act(&mut pane, check(act));
        assert_eq!(desk.said.pop().as_deref(), Some("a replay cannot be changed"), "{act:?}");
    }
    desk.act(&mut pane, check(ChecklistAction::Open));
    let shown = desk.screen(80, 24);
    assert!(shown.contains("y copy") && !shown.contains("skip"), "{shown}");
}

#[test]
fn two_playbooks_switch_and_a_new_one_shows_itself() {
    let mut desk = Desk::with_playbook("data-corruption");
    desk.wait_mins(1);
    desk.attach("data-loss");
    let mut pane = ChecklistPane::default();
    assert!(desk.draw(&pane, 60, 12).contains("Data Loss 0/17 (2 of 2)"));
    desk.act(&mut pane, check(ChecklistAction::NextPlaybook));
    assert!(
        desk.draw(&pane, 60, 12).contains("Data Corruption 0/12 (1 of 2)"),
        "{}",
        desk.draw(&pane, 60, 12)
    );
    desk.wait_mins(1);
    desk.attach_text("extra", "# Extra\n\n## Steps\n\n- [ ] Look twice\n");
    assert!(desk.draw(&pane, 60, 12).contains("Extra 0/1 (3 of 3)"));
    desk.act(&mut pane, check(ChecklistAction::Detach));
    desk.type_keys("y");
    assert!(
        desk.draw(&pane, 60, 12).contains("(1 of 2)"),
        "back to the one before: {}",
        desk.draw(&pane, 60, 12)
    );
}

#[test]
fn a_filter_lists_what_it_matches_and_a_click_ticks_the_box() {
    let mut desk = Desk::with_playbook("data-corruption");
    let mut pane = ChecklistPane::default();
    pane.filter("PIPELINE", &desk.ctx(), &desk.scene());
    let shown = desk.draw(&pane, 60, 20);
    assert!(shown.contains("Search the pipeline logs") && !shown.contains("Measure"), "{shown}");
    pane.filter("", &desk.ctx(), &desk.scene());
    let shown = desk.draw(&pane, 46, 12);
    let row = shown.lines().position(|line| line.contains("[ ] Pause")).expect("the step is shown") as u16;
    desk.click(&mut pane, 8, row);
    assert_eq!(progress(&desk, "Pause what reads"), Progress::Open, "a click on the text selects");
    let row =
        desk.draw(&pane, 46, 12).lines().position(|line| line.contains("[ ] Pause")).expect("shown") as u16;
    desk.click(&mut pane, 3, row);
    assert_eq!(progress(&desk, "Pause what reads"), Progress::Done);
}

#[test]
fn large_it_shows_the_selected_step_in_full_beside_the_list() {
    let desk = Desk::with_playbook("data-corruption");
    let shown = desk.draw(&ChecklistPane::default(), 140, 40);
    assert!(shown.contains("SELECT count(*)"), "{shown}");
}

#[test]
fn the_selection_is_always_on_the_screen() {
    let mut desk = Desk::with_playbook("data-loss");
    let mut pane = ChecklistPane::default();
    desk.act(&mut pane, Action::Move(Move::Bottom));
    let last = desk
        .incident()
        .attached_runs()
        .last()
        .and_then(|run| run.lines().last().map(|line| line.text.to_owned()));
    let word: String = last.expect("a step").chars().take(12).collect();
    assert!(desk.draw(&pane, 46, 12).contains(&word), "{}", desk.draw(&pane, 46, 12));
    desk.act(&mut pane, Action::Move(Move::Top));
    assert!(
        desk.draw(&pane, 46, 12).contains("Immediate"),
        "the first heading comes back with the first step"
    );
}

#[test]
fn it_draws_at_any_size() {
    let mut desk = Desk::with_playbook("data-corruption");
    desk.attach_text("wide", "# 数据损坏处置手册 with a very long title that never ends\n\n## 步骤\n\n- [ ] 暂停所有下游任务并通知负责人\n");
    let mut pane = ChecklistPane::default();
    for (columns, lines) in SIZES {
        desk.draw(&pane, columns, lines);
        desk.draw(&ChecklistPane::default(), columns, lines);
        for message in [Move::Down, Move::Right, Move::Bottom, Move::Up, Move::Left] {
            let area = ratatui::layout::Rect::new(0, 0, columns, lines);
            pane.act(Action::Move(message), &desk.ctx(), &desk.scene(), area);
            pane.click((columns, lines).into(), &desk.ctx(), &desk.scene(), area);
        }
        desk.draw(&pane, columns, lines);
    }
}

#[test]
fn layers_draw_at_any_size() {
    let mut desk = Desk::with_playbook("data-corruption");
    desk.act(&mut ChecklistPane::default(), check(ChecklistAction::Open));
    let layer = attach::layer(&desk.ctx());
    desk.push(layer);
    let layer = warroom::tui::layers::severity::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
    let layer = warroom::tui::layers::status::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
    let layer = warroom::tui::layers::timers::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
    while !desk.layers.is_empty() {
        for (columns, lines) in SIZES {
            desk.screen(columns, lines);
        }
        desk.type_keys("<down>");
        desk.type_keys("<esc>");
    }
}

#[test]
fn attaching_shows_what_it_would_attach() {
    let mut desk = Desk::with_playbook("data-loss");
    let layer = attach::layer(&desk.ctx());
    desk.push(layer);
    desk.type_keys("corr");
    let shown = desk.screen(80, 30);
    assert!(shown.contains("4 phases, 12 steps"), "{shown}");
    assert!(shown.contains("[ ] Measure the damage"), "{shown}");
    desk.type_keys("<enter>");
    assert_eq!(desk.attached.as_deref(), Some("data-corruption"));
    let layer = attach::layer(&desk.ctx());
    desk.push(layer);
    desk.type_keys("data-loss<enter>");
    assert!(desk.screen(80, 30).contains("attached already"), "{}", desk.screen(80, 30));
    desk.type_keys("x/y.md<enter>");
    assert!(desk.screen(80, 30).contains("there is no playbook"), "{}", desk.screen(80, 30));
}
