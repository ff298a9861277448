//! A question answered with one line of text, such as a reason or a name.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::{boxed, put, wrap};

/// Turns the typed line into messages, or says why it cannot.
pub type Answer = Box<dyn Fn(&str, &Ctx) -> Result<Vec<Msg>, String>>;

pub struct Ask {
    title: String,
    /// What is asked, in a sentence or two.
    about: String,
    field: Field,
    /// What stood in the field at first.
    initial: String,
    /// Names that Tab completes.
    names: Vec<String>,
    problem: String,
    answer: Answer,
}

impl Ask {
    pub fn new(title: impl Into<String>, about: impl Into<String>, answer: Answer) -> Self {
        Self {
            title: title.into(),
            about: about.into(),
            field: Field::default(),
            initial: String::new(),
            names: Vec::new(),
            problem: String::new(),
            answer,
        }
    }

    pub fn with(mut self, text: &str) -> Self {
        self.field.set(text);
        self.initial = self.field.value();
        self
    }

    pub fn completing(mut self, names: Vec<String>) -> Self {
        self.names = names;
        self
    }

    fn submit(&mut self, ctx: &Ctx) -> Vec<Msg> {
        match (self.answer)(self.field.value().trim(), ctx) {
            Ok(mut messages) => {
                // It was used: nothing is left to keep.
                self.initial = self.field.value();
                messages.insert(0, Msg::Pop);
                messages
            }
            Err(problem) => {
                self.problem = problem;
                Vec::new()
            }
        }
    }

    /// Completes to the next name that begins with what is typed.
    fn complete(&mut self) {
        let typed = self.field.value().to_lowercase();
        let exact = self.names.iter().position(|name| name.to_lowercase() == typed);
        let next = match exact {
            Some(place) => self.names.get((place + 1) % self.names.len()),
            None => self.names.iter().find(|name| name.to_lowercase().starts_with(&typed)),
        };
        if let Some(name) = next.cloned() {
            self.field.set(&name);
        }
    }

    fn hint(&self) -> String {
        let typed = self.field.value().to_lowercase();
        let near: Vec<&str> = self
            .names
            .iter()
            .filter(|name| name.to_lowercase().starts_with(&typed))
            .map(String::as_str)
            .collect();
        let names = if near.is_empty() { String::new() } else { format!("   Tab: {}", near.join("  ")) };
        format!("Enter: ok   Esc: back{names}")
    }
}

impl Layer for Ask {
    fn name(&self) -> &'static str {
        "ask"
    }

    fn question(&self) -> Option<String> {
        Some(format!("{}/{}", self.title, self.about))
    }

    fn kept(&self) -> Option<(String, String)> {
        let text = Some(self.field.value()).filter(|text| *text != self.initial);
        self.question().zip(text)
    }

    fn put_back(&mut self, text: &str) {
        self.field.set(text);
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let columns = 64.min(screen.width);
        let about = wrap::wrap(&self.about, columns.saturating_sub(4));
        let problem = if self.problem.is_empty() {
            Vec::new()
        } else {
            wrap::wrap(&self.problem, columns.saturating_sub(4))
        };
        let lines = about.len() as u16 + problem.len() as u16 + 5;
        let inner = boxed::popup(buf, screen, (columns, lines), &self.title, &ctx.look);
        let (x, end, mut y) = (inner.x + 1, inner.right().saturating_sub(1), inner.y);
        // The field and the problem are always seen; a long question is cut where there is no room.
        let room = usize::from(inner.height).saturating_sub(problem.len() + 1);
        for line in about.into_iter().take(room) {
            put(buf, x, y, end, line, ctx.style(Meaning::Text));
            y += 1;
        }
        let area = Rect::new(x, y, end.saturating_sub(x), 1).intersection(inner);
        super::super::widgets::paint(buf, area, ctx.style(Meaning::FieldText));
        let cursor = self.field.draw(buf, area, ctx.style(Meaning::FieldText), true);
        y += 1;
        for line in problem {
            put(buf, x, y, end, line, ctx.style(Meaning::Alert));
            y += 1;
        }
        if y + 1 < inner.bottom() {
            put(buf, x, y + 1, end, &self.hint(), ctx.style(Meaning::Muted));
        }
        cursor
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Enter => return self.submit(ctx),
            KeyCode::Tab => self.complete(),
            _ => {
                if self.field.key(key) {
                    self.problem.clear();
                }
            }
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, _ctx: &Ctx) -> Vec<Msg> {
        if !self.field.insert(text) {
            self.problem = "the paste was longer than a field takes; the rest was left out".into();
        }
        Vec::new()
    }
}
