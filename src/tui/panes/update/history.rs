//! The updates that were sent, newest first; Enter shows one whole. Works in a replay too, as of its moment.

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
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, put};

const COLUMNS: u16 = 84;
/// How far a page key moves, in lines.
const PAGE: usize = 10;

#[derive(Default)]
pub(super) struct History {
    pick: Pick,
}

/// All that were sent, the newest first.
fn newest_first<'a>(scene: &Scene<'a>) -> Vec<&'a UpdateRecord> {
    scene.incident.updates.iter().rev().collect()
}

fn line(record: &UpdateRecord, ctx: &Ctx) -> String {
    let zone = ctx.look.zone;
    let when = format!("{} {}", zone.date(record.at), zone.hm(record.at));
    let sent = &record.sent;
    format!("{when}  {:<10} {:<13} {}  {}", sent.audience, sent.word, record.by, one_line(sent))
}

impl Layer for History {
    fn name(&self) -> &'static str {
        "update history"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let records = newest_first(&scene);
        let lines = u16::try_from(records.len().max(2) + 4).unwrap_or(u16::MAX);
        let title = format!("Updates sent ({})", records.len());
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
        hint(buf, inner, "Enter shows it whole   Esc back", ctx);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        let records = newest_first(&scene);
        match key.code {
            KeyCode::Esc | KeyCode::Char('q') => return vec![Msg::Pop],
            KeyCode::Enter => {
                let record = records.get(self.pick.selected);
                let whole = record.map(|record| Msg::Push(Box::new(Whole { update: record.id, top: 0 })));
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
    top: usize,
}

impl Whole {
    fn sheet(&self, ctx: &Ctx, scene: &Scene, record: &UpdateRecord, width: u16) -> Sheet {
        let (zone, sent) = (ctx.look.zone, &record.sent);
        let mut sheet = Sheet::new(width);
        let when = format!("{} {} {}", zone.date(record.at), zone.hms(record.at), zone.label(record.at));
        sheet.say(0, Meaning::Muted, &format!("{when}, by {}", scene.incident.name_of(&record.by)));
        let next = promise(sent.next, record.at, zone);
        sheet.say(0, Meaning::Muted, &format!("Status: {}   Next update: {next}", sent.word));
        for (meaning, text) in receipts(scene.outbox, record.id, zone) {
            sheet.say(0, meaning, &text);
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
        let columns = COLUMNS.min(screen.width);
        let sheet = self.sheet(ctx, &scene, record, columns.saturating_sub(4));
        let lines = u16::try_from(sheet.len() + 4).unwrap_or(u16::MAX);
        let title = format!("Update to {}", record.sent.audience);
        let inner = boxed::popup(buf, screen, (columns, lines), &title, &ctx.look);
        let area = above_hint(inner);
        let first = sheet.first(self.top, None, area.height);
        sheet.draw(buf, area, first, None, &ctx.look);
        hint(buf, inner, "y copies   Esc back", ctx);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let record =
            ctx.scene.and_then(|scene| scene.incident.updates.iter().find(|record| record.id == self.update));
        match (key.code, record) {
            (KeyCode::Esc | KeyCode::Char('q') | KeyCode::Enter, _) | (_, None) => vec![Msg::Pop],
            (KeyCode::Char('y'), Some(record)) => vec![Msg::Copy(record.sent.body.clone())],
            (_, Some(record)) => {
                // As many lines as the text has at least; the last screenful is the frame's to find.
                let mut pick = Pick { selected: self.top, top: 0 };
                if let Some(to) = moved(key, ctx) {
                    pick.act(to, record.sent.body.lines().count(), PAGE);
                }
                self.top = pick.selected;
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
