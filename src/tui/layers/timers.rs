//! Every clock of the incident, the soonest first, with what to say when it runs out.
//!
//! It only reads: a clock is derived from the incident, and set by what it is about.

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::listing::{Answer, Listing};
use super::step::text::moment;
use crate::incident::Incident;
use crate::incident::deadline::{Deadline, What, deadlines};
use crate::tui::actions::{Action, RoomAction};
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

const COLUMNS: u16 = 70;

struct TimersLayer {
    list: Listing,
}

pub fn layer(_ctx: &Ctx, _scene: &Scene) -> Box<dyn Layer> {
    Box::new(TimersLayer { list: Listing::new("Clocks", "Enter: go there   Esc: back", COLUMNS, 0) })
}

impl TimersLayer {
    fn sheet(&self, ctx: &Ctx, scene: &Scene, screen: Rect) -> Sheet {
        let mut sheet = Sheet::new(self.list.width(screen));
        running(&mut sheet, ctx, scene);
        let all = deadlines(scene.incident);
        if all.is_empty() {
            sheet.gap().say(0, Meaning::Muted, nothing(scene.incident));
        }
        for (index, deadline) in all.iter().enumerate() {
            sheet.item(None).gap();
            one(sheet.item(index), ctx, scene, deadline);
        }
        sheet
    }
}

/// How long it has been going on.
fn running(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene) {
    let Some(declared) = scene.incident.declared_at() else { return };
    let until = scene.incident.resolved_at();
    let took = until.unwrap_or(scene.now).since(declared);
    let word = if until.is_some() { "It took" } else { "Running" };
    let when = moment(ctx.look.zone, declared, scene.now);
    sheet.say(0, Meaning::Text, &format!("{word} {}, declared {when}", took.hms()));
}

fn nothing(incident: &Incident) -> &'static str {
    match incident.status.is_over() {
        true => "The incident is over: its clocks have stopped.",
        false => "No clock runs. A status update sets the next one; so does a playbook with time boxes.",
    }
}

fn one(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene, deadline: &Deadline) {
    let row = sheet.len();
    let left = deadline.left(scene.now);
    let (text, meaning) = match left.is_negative() {
        true => (format!("OVER by {}", left.abs().short()), Meaning::Alert),
        false => (format!("{} left", left.clock()), Meaning::Info),
    };
    let columns = sheet.width().saturating_sub(width(&text) + 1);
    sheet.say_at_most(0, Meaning::Text, &deadline.label, columns, 1).right(row, meaning, &text);
    let due = moment(ctx.look.zone, deadline.due, scene.now);
    sheet.say(2, Meaning::Muted, &format!("due {due}; say then: {}", deadline.say));
}

impl Layer for TimersLayer {
    fn name(&self) -> &'static str {
        "timers"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        self.list.draw(&self.sheet(ctx, &scene, screen), ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let count = ctx.scene.map_or(0, |scene| deadlines(scene.incident).len());
        match self.list.key(key, count, ctx) {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(index) => go(index, ctx),
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return Vec::new() };
        let sheet = self.sheet(ctx, &scene, screen);
        match self.list.mouse(mouse, &sheet, deadlines(scene.incident).len(), screen) {
            Answer::Chosen(index) => go(index, ctx),
            _ => Vec::new(),
        }
    }
}

/// To where the clock can be answered.
fn go(index: usize, ctx: &Ctx) -> Vec<Msg> {
    let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
    let all = deadlines(scene.incident);
    let action = match all.get(index).map(|deadline| &deadline.what) {
        Some(What::Update { .. }) => RoomAction::FocusUpdate,
        Some(What::PhaseBox { .. }) => RoomAction::FocusChecklist,
        None => return vec![Msg::Pop],
    };
    vec![Msg::Pop, Msg::Act(Action::Room(action))]
}
