//! The updates that were sent to an audience, or to all, newest first; Enter shows one whole. Works in a replay too, as of its moment.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::one_line;
use super::receipt::receipts;
use crate::incident::EntryId;
use crate::incident::state::UpdateRecord;
use crate::report::update::promise;
use crate::tui::actions::{Action, Context, Move};
use crate::tui::keys::Key;
use crate::tui::layer::Layer;
use crate::tui::layers::page::Page;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, put};

const COLUMNS: u16 = 84;
/// How far a page key moves, in lines.
const PAGE: usize = 10;

pub(super) struct History {
    /// `None`: all of them.
    audience: Option<String>,
    pick: Pick,
}

impl History {
    /// Of one audience first, where it was told something and others were too.
    pub(super) fn about(audience: &str, scene: &Scene) -> Self {
        let told = scene.incident.last_update(audience).is_some();
        let others = audiences(scene).len() > 1;
        Self { audience: (told && others).then(|| audience.to_owned()), pick: Pick::default() }
    }

    /// The updates that are listed, the newest first.
    fn records<'a>(&self, scene: &Scene<'a>) -> Vec<&'a UpdateRecord> {
        let wanted = |record: &&UpdateRecord| {
            self.audience.as_ref().is_none_or(|audience| record.sent.audience == *audience)
        };
        scene.incident.updates.iter().rev().filter(wanted).collect()
    }

    /// The audience after this one; after the last one, all of them.
    fn turn(&mut self, scene: &Scene) {
        let all = audiences(scene);
        let now = self.audience.as_deref().and_then(|now| all.iter().position(|audience| *audience == now));
        let next = now.map_or(0, |place| place + 1);
        (self.audience, self.pick) = (all.get(next).map(|audience| (*audience).to_owned()), Pick::default());
    }

    fn title(&self, scene: &Scene) -> String {
        let count = self.records(scene).len();
        match &self.audience {
            Some(audience) => format!("Updates to {audience} ({count})"),
            None => format!("Updates sent ({count})"),
        }
    }
}

/// Everybody who was told something, in the order in which they were first told.
fn audiences<'a>(scene: &Scene<'a>) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for record in &scene.incident.updates {
        if !all.contains(&record.sent.audience.as_str()) {
            all.push(&record.sent.audience);
        }
    }
    all
}

fn line(record: &UpdateRecord, ctx: &Ctx) -> String {
    let zone = ctx.look.zone;
    let when = format!("{} {}", zone.date(record.at), zone.hm(record.at));
    let sent = &record.sent;
    let approved = sent.approved_by.as_ref().filter(|who| **who != record.by);
    let approved = approved.map(|who| format!(" ({who})")).unwrap_or_default();
    format!("{when}  {:<10} {:<13} {}{approved}  {}", sent.audience, sent.word, record.by, one_line(sent))
}

impl Layer for History {
    fn name(&self) -> &'static str {
        "update history"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let records = self.records(&scene);
        let lines = u16::try_from(records.len().max(2) + 4).unwrap_or(u16::MAX);
        let title = self.title(&scene);
        let inner = boxed::popup(buf, screen, (COLUMNS.min(screen.width), lines), &title, &ctx.look);
        let mut sheet = Sheet::new(inner.width.saturating_sub(2));
        if records.is_empty() {
            sheet.line(0, Meaning::Muted, "none yet");
        }
        for (index, record) in records.iter().enumerate() {
            sheet.item(index).line(0, Meaning::Text, &line(record, ctx));
        }
        let area = above_hint(inner);
        let first = self.pick.first(records.len(), usize::from(area.height));
        sheet.draw(buf, area, first, Some(self.pick.selected), &ctx.look);
        let turn = if audiences(&scene).len() > 1 { "   Tab next audience" } else { "" };
        hint(buf, inner, &format!("Enter shows it whole{turn}   Esc back"), ctx);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        let records = self.records(&scene);
        match key.code {
            KeyCode::Esc | KeyCode::Char('q') => return vec![Msg::Pop],
            KeyCode::Tab => self.turn(&scene),
            KeyCode::Enter => {
                let record = records.get(self.pick.selected);
                let whole =
                    record.map(|record| Msg::Push(Box::new(Whole { update: record.id, page: Page::wide() })));
                return whole.into_iter().collect();
            }
            _ => {}
        }
        if let Some(to) = moved(key, ctx) {
            self.pick.act(to, records.len(), PAGE);
        }
        Vec::new()
    }
}

/// One update, every word of it.
struct Whole {
    update: EntryId,
    page: Page,
}

impl Whole {
    fn sheet(&self, ctx: &Ctx, scene: &Scene, record: &UpdateRecord, width: u16) -> Sheet {
        let (zone, sent) = (ctx.look.zone, &record.sent);
        let mut sheet = Sheet::new(width);
        let when = format!("{} {} {}", zone.date(record.at), zone.hms(record.at), zone.label(record.at));
        let approved =
            sent.approved_by.as_ref().map(|who| format!(", approved by {}", scene.incident.name_of(who)));
        let by = scene.incident.name_of(&record.by);
        sheet.say(0, Meaning::Muted, &format!("{when}, by {by}{}", approved.unwrap_or_default()));
        let next = promise(sent.next, record.at, zone);
        sheet.say(0, Meaning::Muted, &format!("Status: {}   Next update: {next}", sent.word));
        for (meaning, text) in receipts(scene.outbox, record.id, zone) {
            sheet.say(0, meaning, &text);
        }
        for aside in &sent.overrides {
            sheet.say(0, Meaning::Warning, &format!("{} set aside: {}", aside.check, aside.reason));
        }
        sheet.gap().say(0, Meaning::Text, &sent.body);
        sheet
    }
}

impl Layer for Whole {
    fn name(&self) -> &'static str {
        "update"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let record = scene.incident.updates.iter().find(|record| record.id == self.update)?;
        let sheet = self.sheet(ctx, &scene, record, self.page.width(screen));
        let title = format!("Update to {}", record.sent.audience);
        self.page.draw(&title, "y copies   Esc back", &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let record =
            ctx.scene.and_then(|scene| scene.incident.updates.iter().find(|record| record.id == self.update));
        match (key.code, record) {
            (KeyCode::Esc | KeyCode::Char('q') | KeyCode::Enter, _) | (_, None) => vec![Msg::Pop],
            (KeyCode::Char('y'), Some(record)) => vec![Msg::Copy(record.sent.body.clone())],
            (_, Some(_)) => {
                self.page.key(key, ctx);
                Vec::new()
            }
        }
    }
}

fn moved(key: KeyEvent, ctx: &Ctx) -> Option<Move> {
    match ctx.keymap.action(&[Context::Everywhere], Key::from(key)) {
        Some(Action::Move(to)) => Some(to),
        _ => None,
    }
}

/// The part of a box that is left above its last line, with a column free on each side.
fn above_hint(inner: Rect) -> Rect {
    let keeps = if inner.height >= 4 { 2 } else { 0 };
    Rect::new(inner.x + 1, inner.y, inner.width.saturating_sub(2), inner.height - keeps)
}

fn hint(buf: &mut Buffer, inner: Rect, text: &str, ctx: &Ctx) {
    if inner.height >= 4 {
        put(buf, inner.x + 1, inner.bottom() - 1, inner.right(), text, ctx.style(Meaning::Muted));
    }
}
