//! Backfill: a pasted timeline becomes one entry for each line, after a look at it.
//!
//! Nothing is saved before `s`, and nothing at all on Esc. A row whose time may mean two moments blocks saving until one is
//! chosen or the row is left out. Reading the lines is [`scribe::backfill`]'s work. Start at [`layer`].

mod row;

use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::incident::scribe;
use crate::tui::actions::{Action, Context, Move};
use crate::tui::keys::Key;
use crate::tui::layer::Layer;
use crate::tui::layers::question;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{blank, boxed, paint, put};
use row::{Row, TEXT};

const COLUMNS: u16 = 110;
const FOOTER: &str = "s save   space in/out   Enter edit   c which time   Esc back, nothing saved";
const FOOTER_EDITING: &str =
    "Enter ok   Esc leave the line as it was   a time in front counts, as in the scribe line";

struct Backfill {
    rows: Vec<Row>,
    pick: Pick,
    /// The selected row, while it is edited.
    editing: Option<Field>,
    problem: String,
}

/// Shows what the pasted lines would become.
pub fn layer(text: &str, ctx: &Ctx) -> Box<dyn Layer> {
    let rows = scribe::backfill(text, ctx.now, &ctx.look.zone).into_iter().map(Row::from).collect();
    Box::new(Backfill { rows, pick: Pick::default(), editing: None, problem: String::new() })
}

impl Backfill {
    fn included(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.included)
    }

    fn selected(&mut self) -> Option<&mut Row> {
        self.rows.get_mut(self.pick.selected)
    }

    /// All that are included, in the order of the paste, or what stands in the way.
    fn save(&mut self, ctx: &Ctx) -> Vec<Msg> {
        match self.orders(ctx) {
            Ok(messages) => messages,
            Err(problem) => {
                self.problem = problem;
                Vec::new()
            }
        }
    }

    fn orders(&mut self, ctx: &Ctx) -> Result<Vec<Msg>, String> {
        if let Some(place) = self.rows.iter().position(|row| row.included && row.is_open()) {
            self.pick.selected = place;
            return Err("this line is not clear yet: choose with c, edit with Enter, or leave it out".into());
        }
        let mut messages = vec![Msg::Pop];
        for row in self.included() {
            // A refusal would come one by one and too late: the lines would be gone.
            question::order(row.command(), ctx)?;
            messages.push(Msg::OrderAt(row.command(), row.when()));
        }
        if messages.len() == 1 {
            return Err("every line is left out".into());
        }
        Ok(messages)
    }

    /// Enter: edits the row, or chooses the time when that is what is missing.
    fn enter(&mut self) {
        let Some(row) = self.selected() else { return };
        if row.asks() {
            return row.next_choice();
        }
        let text = row.written();
        self.editing = Some(Field::line(&text));
    }

    fn edit_key(&mut self, key: KeyEvent, ctx: &Ctx) {
        let Some(mut field) = self.editing.take() else { return };
        match key.code {
            KeyCode::Esc => {}
            KeyCode::Enter => {
                let text = field.value();
                if let Some(row) = self.selected() {
                    row.rewrite(&text, ctx);
                }
            }
            _ => {
                field.key(key);
                self.editing = Some(field);
            }
        }
    }

    /// The first way of several that a time can be meant is chosen, then the next one.
    fn choose(&mut self) {
        if let Some(row) = self.selected() {
            row.next_choice();
        }
    }

    fn list_key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        self.problem.clear();
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Char('s') => return self.save(ctx),
            KeyCode::Char(' ') => {
                if let Some(row) = self.selected() {
                    row.included = !row.included;
                }
                self.pick.act(Move::Down, self.rows.len(), 1);
            }
            KeyCode::Char('c') => self.choose(),
            KeyCode::Enter => self.enter(),
            _ => {
                if let Some(Action::Move(to)) = ctx.keymap.action(&[Context::Everywhere], Key::from(key)) {
                    self.pick.act(to, self.rows.len(), 10);
                }
            }
        }
        Vec::new()
    }

    /// The box and its list; the line below the list is for the footer or a problem.
    fn areas(screen: Rect) -> (Rect, Rect) {
        let area = boxed::centred(screen, COLUMNS.min(screen.width), screen.height.saturating_sub(2).max(8));
        let inner =
            Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2));
        let inner = inner.intersection(area);
        (area, Rect { height: inner.height.saturating_sub(2), ..inner })
    }

    fn sheet(&self, columns: u16, ctx: &Ctx) -> Sheet {
        let mut sheet = Sheet::new(columns);
        for (item, row) in self.rows.iter().enumerate() {
            sheet.item(item);
            row.draw(&mut sheet, ctx);
        }
        if self.rows.is_empty() {
            sheet.line(1, Meaning::Muted, "nothing that reads like an entry was pasted");
        }
        sheet
    }

    fn title(&self) -> String {
        let open = self.included().filter(|row| row.is_open()).count();
        let open = if open > 0 { format!(", {open} to be made clear") } else { String::new() };
        format!("Backfill: {} of {} lines{open}", self.included().count(), self.rows.len())
    }

    /// The field over the lines of the row that is edited; answers the cursor.
    fn draw_field(
        &self,
        sheet: &Sheet,
        first: usize,
        list: Rect,
        ctx: &Ctx,
        buf: &mut Buffer,
    ) -> Option<Position> {
        let field = self.editing.as_ref()?;
        let (top, bottom) = sheet.lines_of(self.pick.selected)?;
        let below = |line: usize| list.y.saturating_add(line.saturating_sub(first).min(1000) as u16);
        let (x, y) = (list.x + TEXT.min(list.width), below(top));
        let lines = Rect::new(x, y, list.right() - x, below(bottom) + 1 - y).intersection(list);
        blank(buf, lines, ctx.style(Meaning::Text));
        let row = Rect { height: lines.height.min(1), ..lines };
        paint(buf, row, ctx.style(Meaning::FieldText));
        field.draw(buf, row, ctx.style(Meaning::FieldText), true)
    }
}

impl Layer for Backfill {
    fn name(&self) -> &'static str {
        "backfill"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let (area, list) = Backfill::areas(screen);
        let inner = boxed::popup(buf, screen, (area.width, area.height), &self.title(), &ctx.look);
        let sheet = self.sheet(list.width, ctx);
        let first = sheet.first(self.pick.top, Some(self.pick.selected), list.height);
        sheet.draw(buf, list, first, Some(self.pick.selected), &ctx.look);
        if list.bottom() < inner.bottom() {
            let footer = if self.editing.is_some() { FOOTER_EDITING } else { FOOTER };
            let (text, meaning) = match self.problem.is_empty() {
                true => (footer, Meaning::Muted),
                false => (self.problem.as_str(), Meaning::Alert),
            };
            put(buf, inner.x + 1, inner.bottom() - 1, inner.right(), text, ctx.style(meaning));
        }
        self.draw_field(&sheet, first, list, ctx, buf)
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        if Key::from(key) == Key::ctrl('s') {
            // What stands in the field is meant to be saved with the rest.
            self.edit_key(KeyEvent::new(KeyCode::Enter, key.modifiers), ctx);
            return self.save(ctx);
        }
        if self.editing.is_some() {
            self.edit_key(key, ctx);
            return Vec::new();
        }
        self.list_key(key, ctx)
    }

    fn paste(&mut self, text: &str, _ctx: &Ctx) -> Vec<Msg> {
        match &mut self.editing {
            Some(field) => _ = field.insert(text),
            None => self.problem = "pasted outside a field, nothing was done: Enter edits the line".into(),
        }
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let (_, list) = Backfill::areas(screen);
        let len = self.rows.len();
        match mouse.kind {
            _ if self.editing.is_some() => {}
            MouseEventKind::ScrollDown => _ = self.pick.act(Move::Down, len, 1),
            MouseEventKind::ScrollUp => _ = self.pick.act(Move::Up, len, 1),
            MouseEventKind::Down(_) if list.contains((mouse.column, mouse.row).into()) => {
                let sheet = self.sheet(list.width, ctx);
                let first = sheet.first(self.pick.top, Some(self.pick.selected), list.height);
                if let Some(item) = sheet.item_at(first + usize::from(mouse.row - list.y)) {
                    self.pick.selected = item;
                }
            }
            _ => {}
        }
        Vec::new()
    }
}
