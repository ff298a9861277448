//! The brief of a hand-over: generated, readable in full, and changed before it is offered (MISSION row B6).
//!
//! Enter offers, Alt-Enter is a new line: an offer can be taken back, and moves nothing before it is accepted.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::incident::command::RoleCommand;
use crate::incident::{Command, PersonId};
use crate::tui::layer::Layer;
use crate::tui::layers::question::order;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::{boxed, paint, put, wrap};

const COLUMNS: u16 = 84;
/// Fewest lines of the text; longer ones have as many as the screen, and scroll beyond.
const LINES: u16 = 7;

pub struct BriefLayer {
    role: String,
    to: PersonId,
    field: Field,
    /// The brief as it was generated.
    initial: String,
    problem: String,
}

impl BriefLayer {
    pub fn new(role: &str, to: PersonId, brief: &str) -> Self {
        let mut field = Field::text(brief);
        field.to_top();
        Self { role: role.to_owned(), to, initial: field.value(), field, problem: String::new() }
    }

    fn submit(&mut self, ctx: &Ctx) -> Vec<Msg> {
        let command = RoleCommand::Offer {
            role: self.role.clone(),
            to: self.to.clone(),
            brief: self.field.value().trim().to_owned(),
        };
        match order(Command::Role(command), ctx) {
            Ok(orders) => {
                self.initial = self.field.value();
                let said = format!("offered to {}: it changes hands when {} accepts (v)", self.to, self.to);
                [Msg::Pop].into_iter().chain(orders).chain([Msg::Say(Tone::Info, said)]).collect()
            }
            Err(problem) => {
                self.problem = problem;
                Vec::new()
            }
        }
    }

    fn footer(&self) -> (String, Meaning) {
        match self.problem.is_empty() {
            true => {
                (format!("Enter: offer it to {}   Alt-Enter: new line   Esc: back", self.to), Meaning::Muted)
            }
            false => (self.problem.clone(), Meaning::Alert),
        }
    }
}

impl Layer for BriefLayer {
    fn name(&self) -> &'static str {
        "brief"
    }

    fn question(&self) -> Option<String> {
        Some(format!("brief/{}/{}", self.role, self.to))
    }

    fn kept(&self) -> Option<(String, String)> {
        let text = Some(self.field.value()).filter(|text| *text != self.initial);
        self.question().zip(text)
    }

    fn put_back(&mut self, text: &str) {
        self.field.set(text);
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let columns = COLUMNS.min(screen.width);
        let about =
            format!("What {} has to know. Say it aloud, change it: it is kept with the offer.", self.to);
        let about = wrap::wrap(&about, columns.saturating_sub(4));
        let text = self.field.value();
        let text = wrap::wrap(&text, columns.saturating_sub(4)).len().min(usize::from(screen.height));
        let text = (text as u16).saturating_add(1).max(LINES);
        let lines = (about.len() as u16).saturating_add(text + 4);
        let inner = boxed::popup(buf, screen, (columns, lines), "Hand over: the brief", &ctx.look);
        let (x, end) = (inner.x + 1, inner.right().saturating_sub(1));
        let mut y = inner.y;
        for line in about {
            put(buf, x, y, end.min(inner.right()), line, ctx.style(Meaning::Text));
            y += 1;
        }
        let keeps = if inner.height > 3 { 2 } else { 0 };
        let height = inner.bottom().saturating_sub(y + keeps);
        let area = Rect::new(x, y, end.saturating_sub(x), height).intersection(inner);
        paint(buf, area, ctx.style(Meaning::FieldText));
        let cursor = self.field.draw(buf, area, ctx.style(Meaning::FieldText), true);
        let (footer, meaning) = self.footer();
        if keeps > 0 {
            put(buf, x, inner.bottom() - 1, end, &footer, ctx.style(meaning));
        }
        cursor
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Enter if !key.modifiers.contains(KeyModifiers::ALT) => return self.submit(ctx),
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
