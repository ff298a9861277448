//! A box with lines that scroll and a last line that says which keys work: what is read before it is answered.
//!
//! It owns how far it is scrolled and nothing else; the layer that uses it makes the lines.

use std::cell::Cell;

use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::actions::{Action, Context};
use crate::tui::keys::Key;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, put, put_right};

/// Widest box, in columns: a line of text that is still read easily.
const COLUMNS: u16 = 84;
/// How far a page key scrolls, in lines.
const PAGE: usize = 10;
/// From this height on, inside the frame, the keys have a line, and a gap above it.
const WITH_HINT: u16 = 4;

#[derive(Default)]
pub struct Page {
    top: usize,
    /// The last line that the frame before could begin with; only a frame knows how the text breaks.
    furthest: Cell<usize>,
}

impl Page {
    /// The columns of the lines on this screen.
    pub fn width(screen: Rect) -> u16 {
        COLUMNS.min(screen.width).saturating_sub(4)
    }

    /// Draws the lines; how many of them are seen stands beside the hint, when that is not all.
    pub fn draw(&self, title: &str, sheet: &Sheet, hint: &str, ctx: &Ctx, screen: Rect, buf: &mut Buffer) {
        let lines = u16::try_from(sheet.len() + 4).unwrap_or(u16::MAX);
        let inner = boxed::popup(buf, screen, (COLUMNS, lines), title, &ctx.look);
        let keeps = if inner.height >= WITH_HINT { 2 } else { 0 };
        let body = Rect::new(inner.x + 1, inner.y, inner.width.saturating_sub(2), inner.height - keeps);
        let height = usize::from(body.height);
        self.furthest.set(sheet.len().saturating_sub(height));
        let first = self.top.min(self.furthest.get());
        sheet.draw(buf, body, first, None, &ctx.look);
        if keeps > 0 {
            let y = inner.bottom() - 1;
            let end = put(buf, body.x, y, body.right(), hint, ctx.style(Meaning::Muted));
            if sheet.len() > height {
                let seen = format!("{}/{}", (first + height).min(sheet.len()), sheet.len());
                put_right(buf, end.saturating_add(1), y, body.right(), &seen, ctx.style(Meaning::Muted));
            }
        }
    }

    /// Scrolls, when the key means that.
    pub fn key(&mut self, key: KeyEvent, ctx: &Ctx) {
        if let Some(Action::Move(to)) = ctx.keymap.action(&[Context::Everywhere], Key::from(key)) {
            let mut pick = Pick { selected: self.top.min(self.furthest.get()), top: 0 };
            pick.act(to, self.furthest.get() + 1, PAGE);
            self.top = pick.selected;
        }
    }

    pub fn mouse(&mut self, mouse: MouseEvent) {
        self.top = match mouse.kind {
            MouseEventKind::ScrollDown => (self.top + 1).min(self.furthest.get()),
            MouseEventKind::ScrollUp => self.top.saturating_sub(1),
            _ => self.top,
        };
    }
}
