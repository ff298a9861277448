//! Other words for an act that cannot go out as it is.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::incident::command::DeliveryCommand;
use crate::incident::{Command, EntryId};
use crate::outbox::Act;
use crate::tui::layer::Layer;
use crate::tui::layers::question;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::{boxed, paint, put};

const COLUMNS: u16 = 84;

/// The heading above the text; Tab goes between them.
pub(super) struct Edit {
    request: EntryId,
    title: Field,
    body: Field,
    in_body: bool,
    problem: String,
}

impl Edit {
    pub fn new(act: &Act) -> Self {
        let (title, body) = (Field::line(&act.heading()), Field::text(&act.body));
        Self { request: act.request, in_body: !act.body.is_empty(), title, body, problem: String::new() }
    }

    fn submit(&mut self, ctx: &Ctx) -> Vec<Msg> {
        let (request, title, body) = (self.request, self.title.value(), self.body.value());
        match question::order(Command::Delivery(DeliveryCommand::Reword { request, title, body }), ctx) {
            Ok(mut messages) => {
                messages.insert(0, Msg::Pop);
                messages
            }
            Err(problem) => {
                self.problem = problem;
                Vec::new()
            }
        }
    }
}

impl Layer for Edit {
    fn name(&self) -> &'static str {
        "edit delivery"
    }

    fn question(&self) -> Option<String> {
        Some(format!("edit/{}", self.request))
    }

    fn kept(&self) -> Option<(String, String)> {
        self.question().map(|question| (question, format!("{}\n{}", self.title.value(), self.body.value())))
    }

    fn put_back(&mut self, text: &str) {
        let (title, body) = text.split_once('\n').unwrap_or((text, ""));
        self.title.set(title);
        self.body.set(body);
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let lines = screen.height.saturating_sub(2).min(22);
        let inner =
            boxed::popup(buf, screen, (COLUMNS.min(screen.width), lines), "Other words for it", &ctx.look);
        if inner.height < 4 {
            return None;
        }
        let (x, columns) = (inner.x + 1, inner.width.saturating_sub(2));
        let heading = Rect::new(x, inner.y, columns, 1);
        let body = Rect::new(x, inner.y + 2, columns, inner.height.saturating_sub(4));
        for area in [heading, body] {
            paint(buf, area, ctx.style(Meaning::FieldText));
        }
        let style = ctx.style(Meaning::FieldText);
        let title = self.title.draw(buf, heading, style, !self.in_body);
        let text = self.body.draw(buf, body, style, self.in_body);
        let (line, meaning) = match self.problem.is_empty() {
            true => {
                ("Ctrl-S: send it like this   Tab: heading or text   Esc: back, text kept", Meaning::Muted)
            }
            false => (self.problem.as_str(), Meaning::Alert),
        };
        put(buf, x, inner.bottom() - 1, inner.right(), line, ctx.style(meaning));
        if self.in_body { text } else { title }
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Char('s') if control => return self.submit(ctx),
            KeyCode::Tab | KeyCode::BackTab => self.in_body = !self.in_body,
            KeyCode::Enter if !self.in_body => self.in_body = true,
            _ => {
                let field = if self.in_body { &mut self.body } else { &mut self.title };
                if field.key(key) {
                    self.problem.clear();
                }
            }
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, _ctx: &Ctx) -> Vec<Msg> {
        let field = if self.in_body { &mut self.body } else { &mut self.title };
        if !field.insert(text) {
            self.problem = "the paste was longer than a field takes; the rest was left out".into();
        }
        Vec::new()
    }
}
