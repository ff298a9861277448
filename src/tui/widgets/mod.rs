//! Small things that are drawn everywhere. Each writes inside its area only and never panics, at any size.

pub mod boxed;
pub mod field;
pub mod flow;
pub mod pick;
pub mod ruler;
pub mod sheet;
pub mod wrap;

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::incident::clean::clean_line;

/// Writes `text` at (x, y), clipped at `end`; answers the column after it.
pub fn put(buf: &mut Buffer, x: u16, y: u16, end: u16, text: &str, style: Style) -> u16 {
    let area = buf.area;
    let end = end.min(area.right());
    if x >= end || x < area.left() || y < area.top() || y >= area.bottom() {
        return x;
    }
    // Text of a foreign journal may not have passed the cleaner when it was written.
    let text = if text.is_ascii() { Cow::Borrowed(text) } else { clean_line(text) };
    buf.set_stringn(x, y, &text, usize::from(end - x), style).0
}

/// Writes `text` so that it ends at `end`; left of `start` it is not written at all. Answers where it begins.
pub fn put_right(buf: &mut Buffer, start: u16, y: u16, end: u16, text: &str, style: Style) -> u16 {
    let width = width(text);
    let x = end.saturating_sub(width);
    if x < start || width == 0 {
        return end;
    }
    put(buf, x, y, end, text, style);
    x
}

/// Gives a part of one line a style, leaving its text.
pub fn paint(buf: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buf.area);
    buf.set_style(area, style);
}

/// Blanks an area.
pub fn blank(buf: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buf.area);
    for y in area.top()..area.bottom() {
        halve(buf, area.left(), y);
        for x in area.left()..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }
}

/// A wide character whose right half is about to be overwritten would stick out: it becomes a space.
fn halve(buf: &mut Buffer, x: u16, y: u16) {
    let left = x.checked_sub(1).and_then(|left| buf.cell_mut((left, y)));
    if let Some(cell) = left.filter(|cell| cell.symbol().width() > 1) {
        cell.set_symbol(" ");
    }
}

/// The text's columns on the screen.
pub fn width(text: &str) -> u16 {
    // Far more than any screen, and still safe to add to a few times.
    text.width().min(usize::from(u16::MAX / 4)) as u16
}
