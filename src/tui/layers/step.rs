//! One step in full, over the screen, with a menu of what can be done to it.
//!
//! It stays open while the step is worked on, so that it always shows the step as it stands.
//! Start at [`layer`]; what it shows is made in `text`, what it does in [`acts`].

pub mod acts;
pub mod text;

use std::cell::Cell;

use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::incident::checklist::{Line, Progress, Run};
use crate::tui::actions::{Action, AppAction, ChecklistAction, Context, Move, RoomAction};
use crate::tui::keys::Key;
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::flow::{Place, flow};
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, paint, put, width};
use acts::Target;

/// Most columns of the box: longer lines are hard to read.
const COLUMNS: u16 = 92;
/// Lines of a page.
const PAGE: usize = 10;

struct StepLayer {
    target: Target,
    top: usize,
    /// How far down there is to scroll. Only drawing knows the height, and keys have to stop there.
    furthest: Cell<usize>,
    /// The entry of the menu that Enter runs.
    entry: usize,
}

/// The layer of a step.
pub fn layer(target: Target) -> Box<dyn Layer> {
    Box::new(StepLayer { target, top: 0, furthest: Cell::new(0), entry: 0 })
}

/// One entry of the menu.
struct Entry {
    action: Action,
    word: &'static str,
}

/// Where everything stands on this screen.
struct Plan {
    sheet: Sheet,
    area: Rect,
    /// The part of the text.
    body: Rect,
    menu: Vec<(Entry, Place, String)>,
}

impl Plan {
    fn menu_top(&self) -> u16 {
        self.body.bottom()
    }
}

impl StepLayer {
    fn find<'a>(&self, scene: &Scene<'a>) -> Option<(&'a Run, Line<'a>)> {
        let run = scene.incident.run(self.target.run)?;
        let line = run.lines().into_iter().find(|line| line.id == self.target.step)?;
        Some((run, line))
    }

    fn plan(&self, ctx: &Ctx, scene: &Scene, screen: Rect) -> Option<Plan> {
        let (run, line) = self.find(scene)?;
        let columns = COLUMNS.min(screen.width);
        let inside = columns.saturating_sub(4);
        let mut sheet = text::sheet(ctx, scene, run, &line, inside);
        text::history(&mut sheet, ctx, scene, &self.target);
        let menu = menu(ctx, scene, &line, inside);
        let menu_lines = menu.last().map_or(0, |(_, place, _)| place.line + 1);
        let want = (sheet.len().min(usize::from(u16::MAX) / 2) as u16).saturating_add(menu_lines + 3);
        let area = boxed::centred(screen, columns, want);
        let inner =
            Rect::new(area.x + 2, area.y + 1, inside, area.height.saturating_sub(2)).intersection(area);
        // One line stays free between the text and the menu.
        let body = Rect { height: inner.height.saturating_sub(menu_lines + 1), ..inner };
        Some(Plan { sheet, area, body, menu })
    }

    fn run_entry(&self, index: usize, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        let Some((_, line)) = self.find(&scene) else { return vec![Msg::Pop] };
        let entries = entries(&scene, &line);
        entries.get(index).map_or_else(Vec::new, |entry| self.act(entry.action, ctx))
    }

    fn act(&self, action: Action, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        let Some((run, line)) = self.find(&scene) else { return vec![Msg::Pop] };
        match action {
            Action::Checklist(act) => acts::act(act, ctx, &scene, run, &line),
            Action::Room(RoomAction::Copy) => acts::copy(&line),
            Action::Room(RoomAction::OpenLink) => {
                let link = line.step.and_then(|step| step.links.first());
                link.map(|link| Msg::OpenUrl(link.clone())).into_iter().collect()
            }
            Action::App(AppAction::Back | AppAction::Quit) => vec![Msg::Pop],
            _ => Vec::new(),
        }
    }

    fn entry_count(&self, ctx: &Ctx) -> usize {
        let found =
            ctx.scene.and_then(|scene| self.find(&scene).map(|(_, line)| entries(&scene, &line).len()));
        found.unwrap_or(0)
    }

    fn scroll(&mut self, to: Move) {
        let furthest = self.furthest.get();
        self.top = match to {
            Move::Up => self.top.saturating_sub(1),
            Move::Down => self.top + 1,
            Move::PageUp | Move::HalfUp => self.top.saturating_sub(PAGE),
            Move::PageDown | Move::HalfDown => self.top + PAGE,
            Move::Top => 0,
            Move::Bottom => furthest,
            Move::Left | Move::Right => self.top,
        }
        .min(furthest);
    }
}

/// What can be done now. In a replay only copying is left.
fn entries(scene: &Scene, line: &Line) -> Vec<Entry> {
    let check = |action, word| Entry { action: Action::Checklist(action), word };
    let copy = Entry { action: Action::Room(RoomAction::Copy), word: "copy" };
    let mut entries = Vec::new();
    if scene.live {
        let tick = if line.progress() == Progress::Done { "untick" } else { "tick" };
        entries.push(check(ChecklistAction::Tick, tick));
        if line.progress() != Progress::Started {
            entries.push(check(ChecklistAction::Start, "begin"));
        }
        entries.push(check(ChecklistAction::Skip, "skip"));
        entries.push(check(ChecklistAction::Assign, "assign"));
        entries.push(check(ChecklistAction::Note, "comment"));
    }
    entries.push(copy);
    if line.step.is_some_and(|step| !step.links.is_empty()) {
        entries.push(Entry { action: Action::Room(RoomAction::OpenLink), word: "open link" });
    }
    entries.push(Entry { action: Action::App(AppAction::Back), word: "back" });
    entries
}

fn menu(ctx: &Ctx, scene: &Scene, line: &Line, columns: u16) -> Vec<(Entry, Place, String)> {
    let entries = entries(scene, line);
    let key = |entry: &Entry| ctx.keymap.key(entry.action).map_or(String::new(), |key| key.to_string());
    let keys: Vec<String> = entries.iter().map(key).collect();
    let widths = entries.iter().zip(&keys).map(|(entry, key)| width(key) + 1 + width(entry.word));
    let places = flow(widths, columns, 3);
    entries.into_iter().zip(places).zip(keys).map(|((entry, place), key)| (entry, place, key)).collect()
}

fn draw_menu(plan: &Plan, selected: usize, ctx: &Ctx, buf: &mut Buffer) {
    let bottom = plan.area.bottom().saturating_sub(1);
    for (index, (entry, place, key)) in plan.menu.iter().enumerate() {
        let (x, y) = (plan.body.x + place.x, plan.menu_top() + 1 + place.line);
        if y >= bottom {
            return;
        }
        let end = plan.body.right();
        let after = put(buf, x, y, end, key, ctx.style(Meaning::Key));
        put(buf, after + 1, y, end, entry.word, ctx.style(Meaning::Text));
        if index == selected {
            paint(buf, Rect::new(x, y, place.width, 1), ctx.style(Meaning::Selection));
        }
    }
}

impl Layer for StepLayer {
    fn name(&self) -> &'static str {
        "step"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let plan = self.plan(ctx, ctx.scene.as_ref()?, screen)?;
        boxed::popup(buf, screen, (plan.area.width, plan.area.height), "Step", &ctx.look);
        let first = plan.sheet.first(self.top, None, plan.body.height);
        plan.sheet.draw(buf, plan.body, first, None, &ctx.look);
        self.furthest.set(plan.sheet.len().saturating_sub(usize::from(plan.body.height)));
        let left = plan.sheet.len().saturating_sub(first + usize::from(plan.body.height));
        if left > 0 && plan.body.height > 0 {
            let more = format!("{left} more lines, down shows them");
            put(buf, plan.body.x, plan.menu_top(), plan.body.right(), &more, ctx.style(Meaning::Muted));
        }
        draw_menu(&plan, self.entry, ctx, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let count = self.entry_count(ctx).max(1);
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Enter => return self.run_entry(self.entry, ctx),
            KeyCode::Tab | KeyCode::Right => self.entry = (self.entry + 1) % count,
            KeyCode::BackTab | KeyCode::Left => self.entry = (self.entry + count - 1) % count,
            _ => match ctx
                .keymap
                .action(&[Context::Checklist, Context::Room, Context::Everywhere], Key::from(key))
            {
                Some(Action::Move(to)) => self.scroll(to),
                Some(action) => return self.act(action, ctx),
                None => {}
            },
        }
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.scroll(Move::Down),
            MouseEventKind::ScrollUp => self.scroll(Move::Up),
            MouseEventKind::Down(_) => {
                let Some(plan) = ctx.scene.and_then(|scene| self.plan(ctx, &scene, screen)) else {
                    return Vec::new();
                };
                let x = mouse.column.wrapping_sub(plan.body.x);
                let line = mouse.row.wrapping_sub(plan.menu_top() + 1);
                let hit = plan.menu.iter().position(|(_, place, _)| place.contains(x, line));
                return hit.map_or_else(Vec::new, |index| self.run_entry(index, ctx));
            }
            _ => {}
        }
        Vec::new()
    }
}
