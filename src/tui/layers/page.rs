//! A box to read, that scrolls, with a last line that says which keys work: what is read before it is answered.
//!
//! It owns how far it is scrolled and nothing else; the layer that uses it makes the lines.

use std::cell::Cell;

use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::actions::{Action, Context, Move};
use crate::tui::keys::Key;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, put, put_right};

/// Columns of a box, its frame and margins included: for sentences, and for a message that goes out.
const COLUMNS: u16 = 76;
const WIDE: u16 = 84;
/// Lines of a page, for the keys that turn it.
const PAGE: usize = 10;

/// How far it is scrolled.
pub struct Page {
    columns: u16,
    top: usize,
    /// How far it can be; only a frame knows how the text breaks.
    furthest: Cell<usize>,
}

impl Default for Page {
    fn default() -> Self {
        Self { columns: COLUMNS, top: 0, furthest: Cell::new(0) }
    }
}

impl Page {
    /// A wider box: a line of a message is as long there as where it is read.
    pub fn wide() -> Self {
        Self { columns: WIDE, ..Self::default() }
    }

    /// The columns of the lines on this screen.
    pub fn width(&self, screen: Rect) -> u16 {
        self.columns.min(screen.width).saturating_sub(4)
    }

    /// Draws the lines; how many of them are seen stands beside the footer, when that is not all.
    pub fn draw(&self, title: &str, footer: &str, sheet: &Sheet, ctx: &Ctx, screen: Rect, buf: &mut Buffer) {
        let lines = sheet.len().min(usize::from(u16::MAX) / 2) as u16;
        let inner = boxed::popup(buf, screen, (self.columns, lines + 4), title, &ctx.look);
        // The footer and the line above it go first when there is no room.
        let roomy = inner.height > 4 || inner.height >= lines + 2;
        let height = if roomy { inner.height.saturating_sub(2) } else { inner.height };
        let body = Rect::new(inner.x + 1, inner.y, inner.width.saturating_sub(2), height).intersection(inner);
        let seen = usize::from(body.height);
        self.furthest.set(sheet.len().saturating_sub(seen));
        let first = self.top.min(self.furthest.get());
        sheet.draw(buf, body, first, None, &ctx.look);
        if body.bottom() >= inner.bottom() {
            return;
        }
        let y = inner.bottom() - 1;
        let end = put(buf, body.x, y, body.right(), footer, ctx.style(Meaning::Muted));
        if sheet.len() > seen {
            let text = format!("{}/{}", (first + seen).min(sheet.len()), sheet.len());
            put_right(buf, end.saturating_add(1), y, body.right(), &text, ctx.style(Meaning::Muted));
        }
    }

    /// Scrolls, where the key is one for that.
    pub fn key(&mut self, key: KeyEvent, ctx: &Ctx) {
        if let Some(Action::Move(to)) = ctx.keymap.action(&[Context::Everywhere], Key::from(key)) {
            self.scroll(to);
        }
    }

    pub fn mouse(&mut self, mouse: MouseEvent) {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.scroll(Move::Down),
            MouseEventKind::ScrollUp => self.scroll(Move::Up),
            _ => {}
        }
    }

    fn scroll(&mut self, to: Move) {
        let mut pick = Pick { selected: self.top.min(self.furthest.get()), top: 0 };
        pick.act(to, self.furthest.get() + 1, PAGE);
        self.top = pick.selected;
    }
}
