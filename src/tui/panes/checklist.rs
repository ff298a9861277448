//! The checklist: the steps of the attached playbooks, who did them and when, against the clock.
//!
//! The selection is a step, remembered for each playbook, never a row: steps that are added and
//! playbooks that are attached do not move it. It never changes the incident; it asks for that with
//! messages. What is drawn is made in `sheet`; what can be done to a step is in `layers::step::acts`.

mod sheet;

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Pane;
use crate::incident::checklist::{Line, Run};
use crate::incident::{Command, EntryId};
use crate::tui::actions::{Action, ChecklistAction, Context, Move};
use crate::tui::layers::step::acts::{self, Target};
use crate::tui::layers::{question, step};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::boxed::{self, Title};
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::{put, wrap};
use sheet::{Board, clock};

/// From this width on, the selected step is shown in full beside the list.
const DETAIL_FROM: u16 = 110;
/// From this width on, a column stays free beside the frame.
const AIR_FROM: u16 = 24;
/// Columns between list and detail.
const GAP: u16 = 3;

#[derive(Default)]
pub struct ChecklistPane {
    /// The playbook somebody switched to, and the newest one then: a newer one shows itself.
    shown: Option<(EntryId, EntryId)>,
    /// The selected step of each playbook.
    selected: BTreeMap<EntryId, String>,
    filter: String,
    /// The first line shown.
    top: usize,
}

/// The list's area and, when there is room, the detail's, inside the frame.
fn areas(area: Rect) -> (Rect, Option<Rect>) {
    let edge = if area.width < AIR_FROM { 1 } else { 2 };
    let (columns, lines) = (area.width.saturating_sub(2 * edge), area.height.saturating_sub(2));
    let inner = Rect::new(area.x.saturating_add(edge), area.y.saturating_add(1), columns, lines);
    if inner.width < DETAIL_FROM {
        return (inner, None);
    }
    let list = Rect { width: inner.width / 2 - GAP, ..inner };
    let detail = Rect { x: list.right() + GAP, width: inner.width - list.width - GAP, ..inner };
    (list, Some(detail))
}

impl ChecklistPane {
    /// The playbook on show: the one switched to, else the newest.
    fn run<'a>(&self, scene: &Scene<'a>) -> Option<&'a Run> {
        let newest = scene.incident.attached_runs().last()?;
        let chosen = self.shown.filter(|(_, since)| *since == newest.id).map(|(run, _)| run);
        let chosen = chosen.and_then(|id| scene.incident.attached_runs().find(|run| run.id == id));
        Some(chosen.unwrap_or(newest))
    }

    /// The selected step's place among the lines that are listed: the chosen one, else the first
    /// that is not done.
    fn place(&self, run: &Run, lines: &[Line]) -> Option<usize> {
        let chosen = self.selected.get(&run.id);
        let kept = chosen.and_then(|id| lines.iter().position(|line| line.id == id));
        let open = || lines.iter().position(|line| line.counts() && !line.progress().is_settled());
        kept.or_else(open).or(if lines.is_empty() { None } else { Some(0) })
    }

    fn listed<'a>(&self, run: &'a Run) -> Vec<Line<'a>> {
        let wanted = self.filter.to_lowercase();
        let passes = |line: &Line| wanted.is_empty() || line.text.to_lowercase().contains(&wanted);
        run.lines().into_iter().filter(passes).collect()
    }

    fn board<'a>(&self, ctx: &Ctx, scene: &Scene, run: &'a Run, width: u16) -> Board<'a> {
        let lines = self.listed(run);
        let place = self.place(run, &lines);
        Board::new(ctx, scene, run, lines, place, width)
    }

    /// What the selected step is, if there is one.
    pub fn target(&self, scene: &Scene) -> Option<Target> {
        let run = self.run(scene)?;
        let lines = self.listed(run);
        let line = lines.get(self.place(run, &lines)?)?;
        Some(Target::new(run.id, line.id))
    }

    fn step(&mut self, to: Move, run: &Run, height: usize) {
        let lines = self.listed(run);
        let Some(place) = self.place(run, &lines) else { return };
        let next = match to {
            Move::Left | Move::Right => phase_jump(&lines, place, to == Move::Right),
            _ => {
                let mut pick = Pick { selected: place, top: 0 };
                pick.act(to, lines.len(), height);
                pick.selected
            }
        };
        if let Some(line) = lines.get(next) {
            self.selected.insert(run.id, line.id.to_owned());
        }
    }

    fn switch(&mut self, scene: &Scene, forward: bool) -> Vec<Msg> {
        let runs: Vec<&Run> = scene.incident.attached_runs().collect();
        let (Some(now), Some(newest)) = (self.run(scene), runs.last()) else { return Vec::new() };
        let place = runs.iter().position(|run| run.id == now.id).unwrap_or(0);
        let next = if forward { place + 1 } else { place + runs.len() - 1 } % runs.len();
        if runs.len() == 1 {
            return vec![Msg::Say(Tone::Info, "only one playbook is attached: A attaches another".into())];
        }
        self.shown = Some((runs[next].id, newest.id));
        self.top = 0;
        Vec::new()
    }

    /// Keeps the step selected that is selected by default or by a filter, so that a tick, mine or
    /// somebody else's, does not move the selection to the next open one between two keys.
    fn pin(&mut self, scene: &Scene) {
        if let Some(target) = self.target(scene) {
            self.selected.insert(target.run, target.step);
        }
    }

    fn checklist(&mut self, action: ChecklistAction, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        self.pin(scene);
        let Some(run) = self.run(scene) else { return vec![Msg::Say(Tone::Info, NONE_SAID.into())] };
        let lines = self.listed(run);
        let line = self.place(run, &lines).and_then(|place| lines.get(place));
        match (action, line) {
            (ChecklistAction::NextPlaybook, _) => self.switch(scene, true),
            (ChecklistAction::PreviousPlaybook, _) => self.switch(scene, false),
            (ChecklistAction::Detach, _) if scene.live => detach(run),
            (ChecklistAction::Add, None) if scene.live => vec![Msg::Push(Box::new(acts::add(run, None)))],
            (ChecklistAction::Open, Some(line)) => vec![Msg::Push(step::layer(Target::new(run.id, line.id)))],
            (_, Some(line)) => acts::act(action, ctx, scene, run, line),
            (_, None) => vec![Msg::Say(Tone::Info, "no step is listed".into())],
        }
    }

    /// Puts the first line so that the selection is shown, where it will be drawn.
    fn settle(&mut self, ctx: &Ctx, scene: &Scene, area: Rect) {
        let Some(run) = self.run(scene) else { return };
        let list = areas(area).0;
        let board = self.board(ctx, scene, run, list.width);
        self.top = board.sheet.first(self.top, board.selected, list.height);
    }

    fn draw_run(&self, ctx: &Ctx, scene: &Scene, run: &Run, area: Rect, buf: &mut Buffer, focused: bool) {
        let (list, detail) = areas(area);
        let board = self.board(ctx, scene, run, list.width);
        let clock = clock(scene, &run.summaries());
        let title = board.title(scene, &self.filter);
        let (right, meaning) = clock.unwrap_or((String::new(), Meaning::Muted));
        let right_style = Some(ctx.style(meaning));
        let title = Title { digit: Some('2'), text: &title, right: &right, right_style };
        boxed::frame(buf, area, &title, focused, &ctx.look);
        let first = board.sheet.first(self.top, board.selected, list.height);
        let highlighted = board.selected.filter(|_| focused);
        board.sheet.draw(buf, list, first, highlighted, &ctx.look);
        if let (Some(area), Some(line)) = (detail, board.line()) {
            let text = step::text::sheet(ctx, scene, run, line, area.width);
            text.draw(buf, area, 0, None, &ctx.look);
        }
    }
}

/// What the pane says while no playbook is attached.
const NONE_SAID: &str = "no playbook is attached: A attaches one";

fn draw_empty(ctx: &Ctx, scene: &Scene, area: Rect, buf: &mut Buffer, focused: bool) {
    let title = Title { digit: Some('2'), text: "Checklist", ..Title::default() };
    let inner = boxed::frame(buf, area, &title, focused, &ctx.look);
    let mut text = "No playbook attached.".to_owned();
    if scene.live {
        text.push_str(" A attaches one: a shipped playbook, or the path of any Markdown runbook.");
    }
    for (line, y) in
        wrap::wrap(&text, inner.width.saturating_sub(2)).into_iter().zip(inner.top()..inner.bottom())
    {
        put(buf, inner.x + 1, y, inner.right(), line, ctx.style(Meaning::Muted));
    }
}

/// The first step of the next phase, or of this one or the one before.
fn phase_jump(lines: &[Line], place: usize, forward: bool) -> usize {
    let phase = lines[place].phase;
    if forward {
        return lines.iter().position(|line| line.phase > phase).unwrap_or(lines.len() - 1);
    }
    let start = |phase: usize| lines.iter().position(|line| line.phase == phase).unwrap_or(0);
    match start(phase) {
        here if here < place || here == 0 => here,
        here => start(lines[here - 1].phase),
    }
}

fn detach(run: &Run) -> Vec<Msg> {
    let about = format!("Take {:?} off the checklist? What was done stays in the log.", run.title());
    let command = Command::Detach { run: run.id, reason: String::new() };
    vec![Msg::Push(question::confirm("Detach", &about, "detach it", command))]
}

impl Pane for ChecklistPane {
    fn context(&self) -> Context {
        Context::Checklist
    }

    fn draw(
        &self,
        ctx: &Ctx,
        scene: &Scene,
        area: Rect,
        buf: &mut Buffer,
        focused: bool,
    ) -> Option<Position> {
        let area = area.intersection(buf.area);
        match self.run(scene) {
            Some(run) if area.width > 2 && area.height > 2 => {
                self.draw_run(ctx, scene, run, area, buf, focused)
            }
            _ => draw_empty(ctx, scene, area, buf, focused),
        }
        None
    }

    fn act(&mut self, action: Action, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<Msg> {
        let messages = match action {
            Action::Move(to) => {
                if let Some(run) = self.run(scene) {
                    self.step(to, run, usize::from(area.height.saturating_sub(2)));
                }
                Vec::new()
            }
            Action::Checklist(action) => self.checklist(action, ctx, scene),
            _ => Vec::new(),
        };
        self.settle(ctx, scene, area);
        messages
    }

    fn click(&mut self, at: Position, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<Msg> {
        let Some(run) = self.run(scene) else { return Vec::new() };
        let list = areas(area).0;
        if !list.contains(at) {
            return Vec::new();
        }
        let board = self.board(ctx, scene, run, list.width);
        let first = board.sheet.first(self.top, board.selected, list.height);
        let row = first + usize::from(at.y - list.y);
        let Some(item) = board.sheet.item_at(row) else { return Vec::new() };
        let Some(line) = board.lines.get(item) else { return Vec::new() };
        self.selected.insert(run.id, line.id.to_owned());
        let marked = board.sheet.lines_of(item).is_some_and(|(top, _)| top == row);
        let ticks = marked && Board::mark_columns(line).contains(&(at.x - list.x));
        if ticks { acts::act(ChecklistAction::Tick, ctx, scene, run, line) } else { Vec::new() }
    }

    fn copied(&self, _ctx: &Ctx, scene: &Scene) -> Option<String> {
        let run = self.run(scene)?;
        let lines = self.listed(run);
        Some(acts::copied(lines.get(self.place(run, &lines)?)?))
    }

    fn filter(&mut self, filter: &str, _ctx: &Ctx, _scene: &Scene) {
        self.filter = filter.to_owned();
        self.top = 0;
    }

    fn refresh(&mut self, _ctx: &Ctx, scene: &Scene) {
        // While a replay plays, the selection by default follows the work.
        if scene.live {
            self.pin(scene);
        }
    }
}
