//! Lines of text in their meanings, some of them belonging to things that can be selected.
//!
//! For: panes and layers that list more than one line per thing: a step that wraps, a severity with
//! its definition. A sheet is made for one frame, or for one click, and thrown away. It never
//! remembers what is selected and never draws outside its area. Start at [`Sheet::new`].

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{paint, put, width, wrap};
use crate::tui::scene::Look;
use crate::tui::theme::Meaning;

/// Columns of the two dots that stand for what is cut off.
const DOTS: u16 = 2;

/// Text from a column on.
struct Piece {
    x: u16,
    meaning: Meaning,
    text: String,
}

#[derive(Default)]
struct Row {
    pieces: Vec<Piece>,
    /// The thing this line belongs to.
    item: Option<usize>,
}

pub struct Sheet {
    width: u16,
    rows: Vec<Row>,
    item: Option<usize>,
}

impl Sheet {
    /// An empty sheet of this many columns.
    pub fn new(width: u16) -> Self {
        Self { width, rows: Vec::new(), item: None }
    }

    pub fn width(&self) -> u16 {
        self.width
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines that follow belong to this thing, or to none.
    pub fn item(&mut self, item: impl Into<Option<usize>>) -> &mut Self {
        self.item = item.into();
        self
    }

    /// An empty line, of no thing; none at the top.
    pub fn gap(&mut self) -> &mut Self {
        if !self.rows.is_empty() {
            self.rows.push(Row::default());
        }
        self
    }

    /// A paragraph: wrapped by words, every line from column `x` on.
    pub fn say(&mut self, x: u16, meaning: Meaning, text: &str) -> &mut Self {
        self.say_at_most(x, meaning, text, self.width.saturating_sub(x), usize::MAX)
    }

    /// A paragraph of `columns`, of at most `most` lines; what is cut off ends in `..`.
    pub fn say_at_most(
        &mut self,
        x: u16,
        meaning: Meaning,
        text: &str,
        columns: u16,
        most: usize,
    ) -> &mut Self {
        let lines = wrap::wrap(text, columns);
        let shown = lines.len().min(most);
        for line in &lines[..shown] {
            self.line(x, meaning, line);
        }
        if shown < lines.len()
            && let Some(piece) = self.rows.last_mut().and_then(|row| row.pieces.last_mut())
        {
            piece.text = with_dots(&piece.text, columns);
        }
        self
    }

    /// One line from column `x` on; what does not fit is cut off when it is drawn.
    pub fn line(&mut self, x: u16, meaning: Meaning, text: &str) -> &mut Self {
        let piece = Piece { x, meaning, text: text.to_owned() };
        self.rows.push(Row { pieces: vec![piece], item: self.item });
        self
    }

    /// More text on the line `row` (from [`Sheet::len`] before it was added), from column `x` on.
    pub fn beside(&mut self, row: usize, x: u16, meaning: Meaning, text: &str) -> &mut Self {
        if let Some(row) = self.rows.get_mut(row) {
            row.pieces.push(Piece { x, meaning, text: text.to_owned() });
        }
        self
    }

    /// More text at the right end of the line `row`; left out where it would cover what is there.
    pub fn right(&mut self, row: usize, meaning: Meaning, text: &str) -> &mut Self {
        let x = self.width.saturating_sub(width(text));
        let fits = self.rows.get(row).is_some_and(|row| row.end() < x);
        if fits { self.beside(row, x, meaning, text) } else { self }
    }

    /// The first and the last line of a thing.
    pub fn lines_of(&self, item: usize) -> Option<(usize, usize)> {
        let first = self.rows.iter().position(|row| row.item == Some(item))?;
        let last = self.rows.iter().rposition(|row| row.item == Some(item))?;
        Some((first, last))
    }

    /// The thing at a line.
    pub fn item_at(&self, line: usize) -> Option<usize> {
        self.rows.get(line).and_then(|row| row.item)
    }

    /// The first line to show, near `top`, so that the selected thing is visible; its beginning
    /// when it is taller than the area. Scrolling up shows the heading above it too.
    pub fn first(&self, top: usize, selected: Option<usize>, height: u16) -> usize {
        let height = usize::from(height.max(1));
        let top = top.min(self.len().saturating_sub(height));
        let Some((first, last)) = selected.and_then(|item| self.lines_of(item)) else { return top };
        let lower = top.max((last + 1).saturating_sub(height));
        if lower <= first {
            return lower;
        }
        let headed = self.rows[..first].iter().rposition(|row| row.item.is_some()).map_or(0, |row| row + 1);
        if last - headed < height { headed } else { first }
    }

    /// Draws from line `first` on, the selected thing highlighted.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, first: usize, selected: Option<usize>, look: &Look) {
        let area = area.intersection(buf.area);
        for (row, y) in self.rows.iter().skip(first).zip(area.top()..area.bottom()) {
            for piece in &row.pieces {
                let x = area.x.saturating_add(piece.x);
                put(buf, x, y, area.right(), &piece.text, look.style(piece.meaning));
            }
            if selected.is_some() && row.item == selected {
                paint(buf, Rect::new(area.x, y, area.width, 1), look.style(Meaning::Selection));
            }
        }
    }
}

impl Row {
    fn end(&self) -> u16 {
        self.pieces.iter().map(|piece| piece.x.saturating_add(width(&piece.text))).max().unwrap_or(0)
    }
}

/// `text`, cut where it is wider than `columns`, with two dots then.
pub fn clipped(text: &str, columns: u16) -> String {
    if width(text) <= columns { text.to_owned() } else { with_dots(text, columns) }
}

/// `text` and two dots, within `columns`.
fn with_dots(text: &str, columns: u16) -> String {
    let mut cut = text.to_owned();
    while width(&cut) + DOTS > columns.max(DOTS) && cut.pop().is_some() {}
    cut.truncate(cut.trim_end().len());
    cut + ".."
}
