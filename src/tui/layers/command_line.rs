//! The `:` line: one line at the bottom of the screen, with completion, history and errors in place.
//!
//! [`parse`] turns a line into messages and is pure; the layer only edits the line, and keeps it when it is wrong. Verbs
//! are in `verbs` and `acts`, what Tab offers in `complete`, the times of `goto` in `seek`.

mod acts;
mod complete;
mod seek;
mod verbs;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::{blank, paint, put, width, wrap};
use complete::Candidate;

pub use verbs::parse;

/// Most candidates shown above the line.
const SHOWN: usize = 8;

pub struct CommandLine {
    field: Field,
    history: Vec<String>,
    /// Which line of the history is shown; counts from the newest.
    recalled: Option<usize>,
    /// What was typed before the history was looked at.
    typed: String,
    problem: String,
    /// The ways to go on from what is typed.
    offered: Vec<Candidate>,
    /// Which of them Tab has put into the line.
    taken: Option<usize>,
}

impl CommandLine {
    /// `history`: earlier lines, the newest last.
    pub fn new(history: Vec<String>) -> CommandLine {
        CommandLine {
            field: Field::default(),
            history,
            recalled: None,
            typed: String::new(),
            problem: String::new(),
            offered: complete::verbs(""),
            taken: None,
        }
    }

    /// Begun already.
    pub fn typed(mut self, text: &str) -> CommandLine {
        self.field.set(text);
        self.offered.clear();
        self
    }

    fn submit(&mut self, ctx: &Ctx) -> Vec<Msg> {
        let line = self.field.value().trim().to_owned();
        if line.is_empty() {
            return vec![Msg::Pop];
        }
        match parse(&line, ctx) {
            // The application parses it again and keeps it in its history.
            Ok(_) => vec![Msg::Pop, Msg::Line(line)],
            Err(problem) => {
                self.problem = problem;
                Vec::new()
            }
        }
    }

    /// Goes to the next candidate, or back; one alone is taken, and what may follow it is offered.
    fn complete(&mut self, by: isize, ctx: &Ctx) {
        let count = self.offered.len();
        let next = match self.taken {
            Some(place) => (place + count).wrapping_add_signed(by) % count.max(1),
            None if by < 0 => count.saturating_sub(1),
            None => 0,
        };
        let Some(candidate) = self.offered.get(next) else { return };
        self.field.set(&candidate.line);
        self.problem.clear();
        self.taken = Some(next);
        if count == 1 {
            self.offer(ctx);
        }
    }

    fn offer(&mut self, ctx: &Ctx) {
        (self.offered, self.taken) = (complete::candidates(&self.field.value(), ctx), None);
    }

    fn recall(&mut self, older: bool, ctx: &Ctx) {
        let next = match (self.recalled, older) {
            (None, true) => Some(0),
            (None, false) => return,
            (Some(place), true) => Some((place + 1).min(self.history.len().saturating_sub(1))),
            (Some(place), false) => place.checked_sub(1),
        };
        if self.recalled.is_none() {
            self.typed = self.field.value();
        }
        let line = match next {
            Some(place) => self.history.iter().rev().nth(place),
            None => Some(&self.typed),
        };
        if let Some(line) = line.cloned() {
            self.field.set(&line);
            self.recalled = next;
            self.problem.clear();
            self.offer(ctx);
        }
    }

    fn edit(&mut self, key: KeyEvent, ctx: &Ctx) {
        if self.field.key(key) {
            self.problem.clear();
            self.recalled = None;
            self.offer(ctx);
        }
    }

    /// What stands above the line: the problem, or what may be typed.
    fn draw_above(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) {
        let room = usize::from(screen.height.saturating_sub(1));
        if !self.problem.is_empty() {
            let lines = wrap::wrap(&self.problem, screen.width.saturating_sub(2));
            let lines = &lines[..lines.len().min(room)];
            let area = above(screen, lines.len(), ctx, buf);
            for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
                put(buf, area.x + 1, y, area.right(), line, ctx.style(Meaning::Alert));
            }
            return;
        }
        draw_candidates(&self.offered, self.taken, ctx, screen, room.min(SHOWN), buf);
    }
}

/// The lines above the bottom one, blanked.
fn above(screen: Rect, lines: usize, ctx: &Ctx, buf: &mut Buffer) -> Rect {
    let height = (lines as u16).min(screen.height.saturating_sub(1));
    let area = Rect::new(screen.x, screen.bottom().saturating_sub(1 + height), screen.width, height);
    blank(buf, area, ctx.style(Meaning::Text));
    area
}

/// The list around the candidate that Tab has reached, in columns of its names and what they mean.
fn draw_candidates(
    candidates: &[Candidate],
    at: Option<usize>,
    ctx: &Ctx,
    screen: Rect,
    most: usize,
    buf: &mut Buffer,
) {
    let shown = candidates.len().min(most);
    let first = at.map_or(0, |at| (at + 1).saturating_sub(shown));
    let area = above(screen, shown, ctx, buf);
    let names = candidates.iter().map(|candidate| width(&candidate.name)).max().unwrap_or(0);
    for ((place, candidate), y) in candidates.iter().enumerate().skip(first).zip(area.top()..area.bottom()) {
        put(buf, area.x + 1, y, area.right(), &candidate.name, ctx.style(Meaning::Text));
        put(buf, area.x + 3 + names, y, area.right(), &candidate.about, ctx.style(Meaning::Muted));
        if at == Some(place) {
            paint(buf, Rect::new(area.x, y, area.width, 1), ctx.style(Meaning::Selection));
        }
    }
}

impl Layer for CommandLine {
    fn name(&self) -> &'static str {
        "command line"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        if screen.is_empty() {
            return None;
        }
        self.draw_above(ctx, screen, buf);
        let line = Rect::new(screen.x, screen.bottom() - 1, screen.width, 1);
        blank(buf, line, ctx.style(Meaning::FieldText));
        let x = put(buf, line.x, line.y, line.right(), ":", ctx.style(Meaning::Accent));
        let area = Rect::new(x, line.y, line.right().saturating_sub(x), 1);
        self.field.draw(buf, area, ctx.style(Meaning::FieldText), true)
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            // As in other command lines: nothing left to take back means to leave.
            KeyCode::Backspace if self.field.is_empty() => return vec![Msg::Pop],
            KeyCode::Enter => return self.submit(ctx),
            KeyCode::Tab => self.complete(1, ctx),
            KeyCode::BackTab => self.complete(-1, ctx),
            KeyCode::Up => self.recall(true, ctx),
            KeyCode::Down => self.recall(false, ctx),
            _ => self.edit(key, ctx),
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, ctx: &Ctx) -> Vec<Msg> {
        let whole = self.field.insert(text);
        self.offer(ctx);
        self.problem = if whole { String::new() } else { "the paste was longer than a line takes".into() };
        Vec::new()
    }
}
