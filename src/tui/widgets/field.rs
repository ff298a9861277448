//! A text field: one line or many, over tui-textarea. Printable and editing keys belong to it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, TextArea, WrapMode};

use crate::incident::clean::{clean_line, clean_text, clip};

/// Most bytes a field takes; a larger paste is cut there and the field says so.
pub const MOST_BYTES: usize = 64 * 1024;

pub struct Field {
    area: TextArea<'static>,
    many_lines: bool,
}

impl Default for Field {
    fn default() -> Self {
        Self::line("")
    }
}

impl Field {
    /// A field of one line.
    pub fn line(text: &str) -> Self {
        Self::new(text, false)
    }

    /// A field of many lines; they wrap.
    pub fn text(text: &str) -> Self {
        Self::new(text, true)
    }

    fn new(text: &str, many_lines: bool) -> Self {
        let mut field = Self { area: TextArea::default(), many_lines };
        field.area.set_cursor_line_style(Style::default());
        if many_lines {
            field.area.set_wrap_mode(WrapMode::WordOrGlyph);
        }
        field.insert(text);
        field
    }

    pub fn value(&self) -> String {
        self.area.lines().join("\n")
    }

    pub fn is_empty(&self) -> bool {
        self.area.lines().iter().all(String::is_empty)
    }

    pub fn clear(&mut self) {
        *self = Self::new("", self.many_lines);
    }

    pub fn set(&mut self, text: &str) {
        *self = Self::new(text, self.many_lines);
    }

    /// Takes a key that a field understands; answers whether the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter if !self.many_lines => false,
            KeyCode::Enter => {
                self.area.insert_newline();
                true
            }
            KeyCode::Char('a') if control => self.go(CursorMove::Head),
            KeyCode::Char('e') if control => self.go(CursorMove::End),
            KeyCode::Char('w') if control => self.area.delete_word(),
            KeyCode::Char('k') if control => self.area.delete_line_by_end(),
            KeyCode::Char('u') if control => self.area.delete_line_by_head(),
            KeyCode::Char('z') if control => self.area.undo(),
            KeyCode::Left if control => self.go(CursorMove::WordBack),
            KeyCode::Right if control => self.go(CursorMove::WordForward),
            KeyCode::Left => self.go(CursorMove::Back),
            KeyCode::Right => self.go(CursorMove::Forward),
            KeyCode::Up if self.many_lines => self.go(CursorMove::Up),
            KeyCode::Down if self.many_lines => self.go(CursorMove::Down),
            KeyCode::Home => self.go(CursorMove::Head),
            KeyCode::End => self.go(CursorMove::End),
            KeyCode::Char(_) if control => false,
            _ if self.value_len() >= MOST_BYTES && matches!(key.code, KeyCode::Char(_)) => false,
            _ => self.area.input_without_shortcuts(key),
        }
    }

    fn go(&mut self, to: CursorMove) -> bool {
        self.area.cancel_selection();
        self.area.move_cursor(to);
        false
    }

    /// Puts the cursor before the first character.
    pub fn to_top(&mut self) {
        self.go(CursorMove::Top);
        self.go(CursorMove::Head);
    }

    /// Selects the next of the byte ranges that `spans` finds in each line, after the last the first again; what is
    /// typed then replaces it. Answers whether there was one.
    pub fn select_next(&mut self, spans: impl Fn(&str) -> Vec<std::ops::Range<usize>>) -> bool {
        let cursor = self.area.cursor();
        let columns = |line: &str, range: std::ops::Range<usize>| {
            (line[..range.start].chars().count(), line[..range.end].chars().count())
        };
        let lines = self.area.lines().iter().enumerate();
        let all: Vec<(usize, (usize, usize))> = lines
            .flat_map(|(row, line)| spans(line).into_iter().map(move |range| (row, columns(line, range))))
            .collect();
        let next =
            all.iter().find(|(row, (start, _))| (*row, *start) >= (cursor.0, cursor.1)).or(all.first());
        let Some((row, (start, end))) = next.copied() else { return false };
        let jump = |column: usize| CursorMove::Jump(clamp(row), clamp(column));
        self.go(jump(start));
        self.area.start_selection();
        self.area.move_cursor(jump(end));
        true
    }

    /// Selects all of it: what is typed then replaces it.
    pub fn select_all(&mut self) {
        self.area.cancel_selection();
        self.area.select_all();
    }

    fn value_len(&self) -> usize {
        self.area.lines().iter().map(|line| line.len() + 1).sum()
    }

    /// Puts text in at the cursor, cleaned; a field of one line takes it as one line. Answers whether
    /// all of it went in.
    pub fn insert(&mut self, text: &str) -> bool {
        let clean = if self.many_lines { clean_text(text) } else { clean_line(text) };
        let room = MOST_BYTES.saturating_sub(self.value_len());
        let (fits, cut) = clip(&clean, room);
        self.area.insert_str(fits);
        !cut
    }

    /// Draws the text; answers the cursor when `focused`.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, style: Style, focused: bool) -> Option<Position> {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return None;
        }
        if self.many_lines {
            self.draw_many(buf, area, style, focused)
        } else {
            self.draw_line(buf, area, style, focused)
        }
    }

    fn draw_many(&self, buf: &mut Buffer, area: Rect, style: Style, focused: bool) -> Option<Position> {
        let mut copy = self.area.clone();
        copy.set_style(style);
        let cursor = if focused { style.add_modifier(ratatui::style::Modifier::REVERSED) } else { style };
        copy.set_cursor_style(cursor);
        copy.set_selection_style(cursor);
        (&copy).render(area, buf);
        None
    }

    fn draw_line(&self, buf: &mut Buffer, area: Rect, style: Style, focused: bool) -> Option<Position> {
        let text = self.area.lines().first().map_or("", String::as_str);
        let column = self.area.cursor().1;
        let before: String = text.chars().take(column).collect();
        let most = area.width.saturating_sub(1);
        // The text slides so that the cursor is always inside.
        let skip = before.len() - tail(&before, most);
        super::put(buf, area.x, area.y, area.right(), &text[skip..], style);
        if let Some(((_, from), (_, to))) = self.area.selection_range().filter(|_| focused) {
            let columns = |to: usize| super::width(&text.chars().take(to).collect::<String>());
            let cut = super::width(&text[..skip]);
            let (from, to) = (columns(from).saturating_sub(cut), columns(to).saturating_sub(cut));
            let end = area.x.saturating_add(to).min(area.right());
            let start = area.x.saturating_add(from).min(end);
            let selected = Rect::new(start, area.y, end - start, 1);
            buf.set_style(selected, style.add_modifier(ratatui::style::Modifier::REVERSED));
        }
        let x = area.x + super::width(&before[skip..]).min(most);
        focused.then_some(Position::new(x, area.y))
    }
}

fn clamp(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// The bytes at the end of a line that fit into so many columns. Walked from there: a line may be a pasted log.
fn tail(line: &str, columns: u16) -> usize {
    let mut left = columns;
    let fits =
        line.chars().rev().take_while(|c| match left.checked_sub(super::width(c.encode_utf8(&mut [0; 4]))) {
            Some(less) => {
                left = less;
                true
            }
            None => false,
        });
    fits.map(char::len_utf8).sum()
}
