//! A small box with the keys of a layer, for `?` where the layer takes every key itself.

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::page::Page;
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

/// A key and what it does.
pub type Keys = &'static [(&'static str, &'static str)];

struct KeysLayer {
    title: &'static str,
    keys: Keys,
}

/// The message that shows them.
pub fn show(title: &'static str, keys: Keys) -> Vec<Msg> {
    vec![Msg::Push(Box::new(KeysLayer { title, keys }))]
}

impl Layer for KeysLayer {
    fn name(&self) -> &'static str {
        "keys"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let page = Page::default();
        let mut sheet = Sheet::new(page.width(screen));
        let column = self.keys.iter().map(|(key, _)| width(key)).max().unwrap_or(0) + 2;
        for (key, about) in self.keys {
            let row = sheet.len();
            sheet.say(column, Meaning::Text, about).beside(row, 0, Meaning::Key, key);
        }
        page.draw(self.title, "any key: back", &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, _key: KeyEvent, _ctx: &Ctx) -> Vec<Msg> {
        vec![Msg::Pop]
    }

    fn mouse(&mut self, _mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        Vec::new()
    }
}
