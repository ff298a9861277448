//! A form of a few fields: what is asked, what is decided, what is known of a dataset.
//!
//! One field is in `part`. Enter submits from any field, Tab goes to the next one (or completes a name first). What was typed outlives Esc and a
//! crash. The form decides nothing: whoever opens it turns the values into messages or says why they cannot be used.

mod part;

use crossterm::event::{KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, paint, put, width};
use part::Kind;

pub use part::{Part, Values};

/// Columns of the box, frame included.
const COLUMNS: u16 = 76;
/// Most columns of the labels.
const LABELS: u16 = 16;

/// Turns the values into messages, or says why they cannot be used: the form then stays with its text.
pub type Submit = Box<dyn Fn(&Values, &Ctx) -> Result<Vec<Msg>, String>>;

pub struct Form {
    title: String,
    about: String,
    /// What Enter does.
    verb: &'static str,
    parts: Vec<Part>,
    focus: usize,
    problem: String,
    submit: Submit,
    used: bool,
}

impl Form {
    pub fn new(title: impl Into<String>, about: impl Into<String>, parts: Vec<Part>, submit: Submit) -> Self {
        let mut form = Self {
            title: title.into(),
            about: about.into(),
            verb: "ok",
            parts,
            focus: 0,
            problem: String::new(),
            submit,
            used: false,
        };
        form.enter(0);
        form
    }

    /// Gives the keys to a field. What it proposes is replaced by what is typed.
    fn enter(&mut self, index: usize) {
        self.focus = index;
        if let Some(part) = self.parts.get_mut(index) {
            part.select_proposed();
        }
    }

    /// What Enter does, in the footer.
    pub fn verb(mut self, verb: &'static str) -> Self {
        self.verb = verb;
        self
    }

    /// The field that has the keys at first.
    pub fn at(mut self, id: &str) -> Self {
        let index = self.parts.iter().position(|part| part.id == id).unwrap_or(0);
        self.enter(index);
        self
    }

    /// Whether nothing was typed or chosen.
    pub fn is_untouched(&self) -> bool {
        self.parts.iter().all(|part| part.value() == part.initial)
    }

    /// Whether the last field has the keys.
    pub fn is_at_end(&self) -> bool {
        self.focus + 1 >= self.parts.len()
    }

    /// The lines that its box takes on this screen, frame included.
    pub fn lines(&self, screen: Rect) -> u16 {
        self.place(screen).0.height
    }

    fn step(&mut self, by: isize) {
        let count = self.parts.len().max(1);
        self.enter((self.focus + count).wrapping_add_signed(by) % count);
    }

    fn send(&mut self, ctx: &Ctx) -> Vec<Msg> {
        match (self.submit)(&Values(&self.parts), ctx) {
            Ok(mut messages) => {
                self.used = true;
                messages.insert(0, Msg::Pop);
                messages
            }
            Err(problem) => {
                if let Some(index) = self.named_in(&problem) {
                    self.focus = index;
                }
                self.problem = problem;
                Vec::new()
            }
        }
    }

    /// The field that a refusal is about: it quotes what was typed there, or names what is still empty.
    fn named_in(&self, problem: &str) -> Option<usize> {
        let lower = problem.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        let quoted = |part: &Part| part.value().len() > 1 && problem.contains(&part.value());
        let missing = |part: &Part| part.value().is_empty() && words.contains(&part.label);
        let texts =
            || self.parts.iter().enumerate().filter(|(_, part)| matches!(part.kind, Kind::Text { .. }));
        let found =
            texts().find(|(_, part)| quoted(part)).or_else(|| texts().find(|(_, part)| missing(part)));
        found.map(|(at, _)| at)
    }

    fn edit(&mut self, key: KeyEvent) {
        let Some(part) = self.parts.get_mut(self.focus) else { return };
        let changed = match &mut part.kind {
            Kind::Text { field, .. } => field.key(key),
            Kind::One { values, place } => turn(key, place, values.len()),
            Kind::Many { values, place } => match key.code {
                KeyCode::Char(' ' | 'x') => {
                    if let Some((_, on)) = values.get_mut(*place) {
                        *on = !*on;
                    }
                    true
                }
                _ => turn(key, place, values.len()),
            },
        };
        if changed {
            self.problem.clear();
        }
    }

    fn label_columns(&self) -> u16 {
        self.parts.iter().map(|part| width(part.label) + 2).max().unwrap_or(0).min(LABELS)
    }

    fn sheet(&self, columns: u16) -> Sheet {
        let mut sheet = Sheet::new(columns);
        let value_at = self.label_columns();
        if !self.about.is_empty() {
            sheet.say(0, Meaning::Text, &self.about).gap();
        }
        for (index, part) in self.parts.iter().enumerate() {
            let focused = index == self.focus;
            let label = if focused { Meaning::Accent } else { Meaning::Muted };
            let row = sheet.len();
            sheet.item(index).line(0, label, part.label);
            match &part.kind {
                Kind::Text { .. } => {}
                Kind::One { values, place } => {
                    let value = values.get(*place).map_or("", String::as_str);
                    sheet.beside(row, value_at, Meaning::Text, &format!("< {value} >"));
                }
                Kind::Many { values, place } => {
                    let mut x = value_at;
                    for (at, (name, on)) in values.iter().enumerate() {
                        let text = format!("[{}] {name}", if *on { 'x' } else { ' ' });
                        let here = focused && at == *place;
                        sheet.beside(row, x, if here { Meaning::Accent } else { Meaning::Text }, &text);
                        x += width(&text) + 2;
                    }
                }
            }
            if focused && !part.help.is_empty() {
                sheet.say(value_at, Meaning::Muted, &part.help);
            }
        }
        if !self.problem.is_empty() {
            sheet.item(None).gap().say(0, Meaning::Alert, &self.problem);
        }
        sheet
    }

    fn place(&self, screen: Rect) -> (Rect, Rect, Sheet) {
        let columns = COLUMNS.min(screen.width).saturating_sub(4);
        let sheet = self.sheet(columns);
        let lines = sheet.len().min(usize::from(u16::MAX) / 2) as u16;
        let area = boxed::centred(screen, columns + 4, lines + 4);
        let height = area.height.saturating_sub(2);
        // The footer and the line above it go first when there is no room.
        let kept = if height > 4 || height >= lines + 2 { height.saturating_sub(2) } else { height };
        (area, Rect::new(area.x + 2, area.y + 1, columns, kept).intersection(area), sheet)
    }

    /// A problem is said below the fields: it must be seen wherever the focus is.
    fn first(&self, sheet: &Sheet, height: u16) -> usize {
        let end = sheet.len().saturating_sub(usize::from(height));
        let at_focus = sheet.first(0, Some(self.focus), height);
        let shown = sheet.lines_of(self.focus).is_none_or(|(first, _)| first >= end);
        if self.problem.is_empty() || !shown { at_focus } else { end }
    }

    fn footer(&self) -> String {
        let choose = match self.parts.get(self.focus).map(|part| &part.kind) {
            Some(Kind::One { .. }) => "   Left/Right: choose",
            Some(Kind::Many { .. }) => "   Left/Right, Space: choose",
            Some(Kind::Text { names, .. }) if !names.is_empty() => "   Tab: complete, next",
            _ if self.parts.len() > 1 => "   Tab: next",
            _ => "",
        };
        format!("Enter: {}{choose}   Esc: back, text kept", self.verb)
    }
}

/// Left and right, round the end.
fn turn(key: KeyEvent, place: &mut usize, count: usize) -> bool {
    let by = match key.code {
        KeyCode::Right | KeyCode::Char(' ' | 'l') => 1,
        KeyCode::Left | KeyCode::Char('h') => -1,
        _ => return false,
    };
    *place = (*place + count).wrapping_add_signed(by) % count.max(1);
    true
}

impl Layer for Form {
    fn name(&self) -> &'static str {
        "form"
    }

    fn question(&self) -> Option<String> {
        Some(format!("form/{}/{}", self.title, self.about))
    }

    fn kept(&self) -> Option<(String, String)> {
        let values: Vec<String> = self.parts.iter().map(Part::value).collect();
        let text = serde_json::to_string(&values).ok().filter(|_| !self.is_untouched() && !self.used);
        self.question().zip(text)
    }

    fn put_back(&mut self, text: &str) {
        let values: Vec<String> = serde_json::from_str(text).unwrap_or_default();
        if values.len() == self.parts.len() {
            self.parts.iter_mut().zip(values).for_each(|(part, value)| part.set(&value));
        }
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let (area, body, sheet) = self.place(screen);
        let inner = boxed::popup(buf, screen, (area.width, area.height), &self.title, &ctx.look);
        let first = self.first(&sheet, body.height);
        sheet.draw(buf, body, first, None, &ctx.look);
        if body.bottom() < inner.bottom() {
            put(buf, body.x, inner.bottom() - 1, body.right(), &self.footer(), ctx.style(Meaning::Muted));
        }
        let mut cursor = None;
        for (index, part) in self.parts.iter().enumerate() {
            let Some(row) = sheet.lines_of(index).and_then(|(row, _)| row.checked_sub(first)) else {
                continue;
            };
            let y = body.y.saturating_add(row.min(usize::from(u16::MAX)) as u16);
            if y >= body.bottom() {
                continue;
            }
            let x = body.x + self.label_columns();
            let at = Rect::new(x, y, body.right().saturating_sub(x), 1);
            let focused = index == self.focus;
            if let Kind::Text { field, .. } = &part.kind {
                paint(buf, at, ctx.style(Meaning::FieldText));
                cursor = field.draw(buf, at, ctx.style(Meaning::FieldText), focused).or(cursor);
                if field.is_empty() {
                    put(
                        buf,
                        at.x + 1,
                        y,
                        at.right(),
                        &part.placeholder,
                        ctx.style(Meaning::FieldPlaceholder),
                    );
                }
            } else if focused {
                paint(buf, at, ctx.style(Meaning::Selection));
            }
        }
        cursor
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Enter => return self.send(ctx),
            KeyCode::Tab => {
                let completed = self.parts.get_mut(self.focus).is_some_and(Part::complete);
                if !completed {
                    self.step(1);
                }
            }
            KeyCode::Down => self.step(1),
            KeyCode::BackTab | KeyCode::Up => self.step(-1),
            _ => self.edit(key),
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, _ctx: &Ctx) -> Vec<Msg> {
        if let Some(Part { kind: Kind::Text { field, .. }, .. }) = self.parts.get_mut(self.focus)
            && !field.insert(text)
        {
            self.problem = "the paste was longer than a field takes; the rest was left out".into();
        }
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let (_, body, sheet) = self.place(screen);
        let hit = body.contains((mouse.column, mouse.row).into());
        if hit && mouse.kind == MouseEventKind::Down(MouseButton::Left) {
            let first = self.first(&sheet, body.height);
            if let Some(index) = sheet.item_at(first + usize::from(mouse.row - body.y)) {
                self.focus = index;
            }
        }
        Vec::new()
    }
}
