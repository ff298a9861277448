//! A box to read, that scrolls: a decision in full, the history of a hypothesis.

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
use crate::tui::widgets::{boxed, put};

/// Most columns of the lines.
const COLUMNS: u16 = 72;
/// Lines of a page, for the keys that turn it.
const PAGE: usize = 10;

/// How far it is scrolled.
#[derive(Default)]
pub struct Page {
    top: usize,
    /// How far it can be, as found when it was drawn last.
    furthest: Cell<usize>,
}

impl Page {
    /// The columns of the lines on this screen.
    pub fn width(screen: Rect) -> u16 {
        COLUMNS.min(screen.width.saturating_sub(4))
    }

    pub fn draw(&self, title: &str, footer: &str, sheet: &Sheet, ctx: &Ctx, screen: Rect, buf: &mut Buffer) {
        let lines = sheet.len().min(usize::from(u16::MAX) / 2) as u16;
        let area = boxed::centred(screen, Self::width(screen) + 4, lines + 4);
        let inner = boxed::popup(buf, screen, (area.width, area.height), title, &ctx.look);
        // The footer and the line above it go first when there is no room.
        let roomy = inner.height > 4 || inner.height >= lines + 2;
        let height = if roomy { inner.height.saturating_sub(2) } else { inner.height };
        let body =
            Rect::new(area.x + 2, area.y + 1, area.width.saturating_sub(4), height).intersection(inner);
        self.furthest.set(sheet.len().saturating_sub(usize::from(body.height)));
        sheet.draw(buf, body, sheet.first(self.top, None, body.height), None, &ctx.look);
        if body.bottom() < inner.bottom() {
            put(buf, body.x, inner.bottom() - 1, body.right(), footer, ctx.style(Meaning::Muted));
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
        let mut pick = Pick { selected: self.top, top: 0 };
        pick.act(to, self.furthest.get() + 1, PAGE);
        self.top = pick.selected;
    }
}
