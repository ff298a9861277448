//! A box with a list in it whose things take several lines each: severities, statuses, clocks.
//!
//! It owns the selection and nothing else; the layer that uses it makes the lines.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::actions::{Action, Context};
use crate::tui::keys::Key;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, put};

/// Lines of a page.
const PAGE: usize = 5;

pub struct Listing {
    title: &'static str,
    /// What may be done, in the last line.
    footer: &'static str,
    columns: u16,
    pub selected: usize,
}

/// What a key or a click meant.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Nothing,
    Chosen(usize),
    Back,
}

impl Listing {
    /// `columns` is the most that the lines take.
    pub fn new(title: &'static str, footer: &'static str, columns: u16, selected: usize) -> Self {
        Self { title, footer, columns, selected }
    }

    /// The columns of the lines on this screen.
    pub fn width(&self, screen: Rect) -> u16 {
        self.columns.min(screen.width.saturating_sub(4))
    }

    fn body(&self, sheet: &Sheet, screen: Rect) -> (Rect, Rect) {
        let lines = sheet.len().min(usize::from(u16::MAX) / 2) as u16;
        let area = boxed::centred(screen, self.width(screen).saturating_add(4), lines.saturating_add(4));
        let (width, height) = (area.width.saturating_sub(4), area.height.saturating_sub(2));
        // The footer and the line above it go first when there is no room.
        let kept = if height > 4 || height >= lines + 2 { height.saturating_sub(2) } else { height };
        (area, Rect::new(area.x + 2, area.y + 1, width, kept).intersection(area))
    }

    pub fn draw(&self, sheet: &Sheet, ctx: &Ctx, screen: Rect, buf: &mut Buffer) {
        let (area, body) = self.body(sheet, screen);
        let inner = boxed::popup(buf, screen, (area.width, area.height), self.title, &ctx.look);
        let first = sheet.first(0, Some(self.selected), body.height);
        sheet.draw(buf, body, first, Some(self.selected), &ctx.look);
        if body.bottom() < inner.bottom() {
            put(buf, body.x, inner.bottom() - 1, body.right(), self.footer, ctx.style(Meaning::Muted));
        }
    }

    /// A key, in a list of `count` things.
    pub fn key(&mut self, key: KeyEvent, count: usize, ctx: &Ctx) -> Answer {
        match key.code {
            KeyCode::Esc | KeyCode::Char('q') => return Answer::Back,
            KeyCode::Enter if count > 0 => return Answer::Chosen(self.selected.min(count - 1)),
            _ => {}
        }
        if let Some(Action::Move(to)) = ctx.keymap.action(&[Context::Everywhere], Key::from(key)) {
            let mut pick = Pick { selected: self.selected, top: 0 };
            pick.act(to, count, PAGE);
            self.selected = pick.selected;
        }
        Answer::Nothing
    }

    pub fn mouse(&mut self, mouse: MouseEvent, sheet: &Sheet, count: usize, screen: Rect) -> Answer {
        let (_, body) = self.body(sheet, screen);
        match mouse.kind {
            MouseEventKind::ScrollDown => self.selected = (self.selected + 1).min(count.saturating_sub(1)),
            MouseEventKind::ScrollUp => self.selected = self.selected.saturating_sub(1),
            MouseEventKind::Down(_) if body.contains((mouse.column, mouse.row).into()) => {
                let first = sheet.first(0, Some(self.selected), body.height);
                let hit = sheet.item_at(first + usize::from(mouse.row - body.y));
                return hit.map_or(Answer::Nothing, Answer::Chosen);
            }
            _ => {}
        }
        Answer::Nothing
    }
}
