//! Choosing one of a few: a list with a line of explanation for each.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::actions::{Action, Context};
use crate::tui::keys::Key;
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::{boxed, paint, put, width, wrap};

/// One thing to choose.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// A key that chooses it at once.
    pub key: Option<char>,
    pub name: String,
    pub about: String,
    /// Why it cannot be chosen now; empty: it can.
    pub blocked: String,
}

impl Item {
    pub fn new(name: impl Into<String>, about: impl Into<String>) -> Self {
        Self { key: None, name: name.into(), about: about.into(), blocked: String::new() }
    }

    pub fn key(mut self, key: char) -> Self {
        self.key = Some(key);
        self
    }
}

/// What choosing the item with this index means.
pub type Chosen = Box<dyn Fn(usize, &Ctx) -> Vec<Msg>>;

pub struct Choose {
    title: String,
    about: String,
    items: Vec<Item>,
    pick: Pick,
    /// Fewest columns, where the screen has them.
    least: u16,
    chosen: Chosen,
}

impl Choose {
    pub fn new(title: impl Into<String>, about: impl Into<String>, items: Vec<Item>, chosen: Chosen) -> Self {
        Self { title: title.into(), about: about.into(), items, pick: Pick::default(), least: 30, chosen }
    }

    /// As wide as the question's longest line, within bounds.
    pub fn fitting(mut self) -> Self {
        self.least = self.about.lines().map(width).max().unwrap_or(0).saturating_add(4).clamp(30, 90);
        self
    }

    pub fn at(mut self, selected: usize) -> Self {
        self.pick.selected = selected;
        self
    }

    fn choose(&self, index: usize, ctx: &Ctx) -> Vec<Msg> {
        let Some(item) = self.items.get(index) else { return Vec::new() };
        if !item.blocked.is_empty() {
            return vec![Msg::Say(crate::tui::msg::Tone::Warning, item.blocked.clone())];
        }
        let mut messages = vec![Msg::Pop];
        messages.extend((self.chosen)(index, ctx));
        messages
    }

    /// The box inside, the lines of the question, and the first line of the list.
    fn layout(&self, screen: Rect) -> (u16, u16, usize) {
        let names = self.items.iter().map(|item| width(&item.name)).max().unwrap_or(0);
        let abouts = self.items.iter().map(|item| width(&item.about)).max().unwrap_or(0);
        let columns =
            (names + abouts + 10).max(width(&self.title) + 6).clamp(self.least, 90).min(screen.width);
        let question =
            if self.about.is_empty() { 0 } else { wrap::wrap(&self.about, columns.saturating_sub(4)).len() };
        (columns, question as u16, self.items.len())
    }

    fn draw_item(&self, index: usize, ctx: &Ctx, line: Rect, buf: &mut Buffer) {
        let item = &self.items[index];
        let names = self.items.iter().map(|item| width(&item.name)).max().unwrap_or(0);
        let text = if item.blocked.is_empty() { Meaning::Text } else { Meaning::Muted };
        let key = item.key.map_or(String::new(), |key| key.to_string());
        let end = line.right();
        put(buf, line.x + 1, line.y, end, &key, ctx.style(Meaning::Key));
        put(buf, line.x + 3, line.y, end, &item.name, ctx.style(text));
        let about = if item.blocked.is_empty() { &item.about } else { &item.blocked };
        let x = line.x + 5 + names;
        put(buf, x, line.y, end, about, ctx.style(Meaning::Muted));
        if x < end && width(about) > end - x {
            put(buf, end - 1, line.y, end, ctx.look.glyphs.ellipsis, ctx.style(Meaning::Muted));
        }
        if index == self.pick.selected {
            paint(buf, line, ctx.style(Meaning::Selection));
        }
    }
}

impl Layer for Choose {
    fn name(&self) -> &'static str {
        "choose"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let (columns, question, items) = self.layout(screen);
        let lines = items as u16 + question + 2 + u16::from(question > 0);
        let inner = boxed::popup(buf, screen, (columns, lines), &self.title, &ctx.look);
        let mut y = inner.y;
        if question > 0 {
            for line in wrap::wrap(&self.about, columns.saturating_sub(4)) {
                put(buf, inner.x + 1, y, inner.right(), line, ctx.style(Meaning::Text));
                y += 1;
            }
            y += 1;
        }
        let height = inner.bottom().saturating_sub(y);
        let first = self.pick.first(items, usize::from(height));
        for (index, y) in (first..items).zip(y..inner.bottom()) {
            self.draw_item(index, ctx, Rect::new(inner.x, y, inner.width, 1), buf);
        }
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        if let KeyCode::Char(c) = key.code
            && let Some(index) = self.items.iter().position(|item| item.key == Some(c))
        {
            return self.choose(index, ctx);
        }
        match key.code {
            KeyCode::Esc | KeyCode::Char('q') => vec![Msg::Pop],
            KeyCode::Enter => self.choose(self.pick.selected, ctx),
            _ => {
                if let Some(Action::Move(to)) = ctx.keymap.action(&[Context::Everywhere], Key::from(key)) {
                    self.pick.act(to, self.items.len(), 10);
                }
                Vec::new()
            }
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let (columns, question, items) = self.layout(screen);
        let lines = items as u16 + question + 2 + u16::from(question > 0);
        let area = boxed::centred(screen, columns, lines);
        let top = area.y + 1 + question + u16::from(question > 0);
        let height = area.bottom().saturating_sub(top + 1);
        let inside =
            (top..top + height).contains(&mouse.row) && (area.x..area.right()).contains(&mouse.column);
        match mouse.kind {
            MouseEventKind::ScrollDown => {
                self.pick.selected = (self.pick.selected + 1).min(items.saturating_sub(1))
            }
            MouseEventKind::ScrollUp => self.pick.selected = self.pick.selected.saturating_sub(1),
            MouseEventKind::Down(_) if inside => {
                let index = self.pick.first(items, usize::from(height)) + usize::from(mouse.row - top);
                return self.choose(index, ctx);
            }
            _ => {}
        }
        Vec::new()
    }
}
