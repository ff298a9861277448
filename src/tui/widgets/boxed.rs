//! Frames: panes with a title in their border, and boxes that lie over the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{blank, put, put_right, width};
use crate::tui::scene::Look;
use crate::tui::theme::Meaning;

/// What stands in a frame's top border.
#[derive(Default)]
pub struct Title<'a> {
    /// The digit that focuses it.
    pub digit: Option<char>,
    pub text: &'a str,
    /// At the right end, such as a count or a clock.
    pub right: &'a str,
    pub right_style: Option<Style>,
}

/// Draws a pane's frame and answers the area inside it.
pub fn frame(buf: &mut Buffer, area: Rect, title: &Title, focused: bool, look: &Look) -> Rect {
    let area = area.intersection(buf.area);
    if area.width < 2 || area.height < 2 {
        return Rect::new(area.x, area.y, 0, 0);
    }
    let style = look.style(if focused { Meaning::BorderFocused } else { Meaning::Border });
    edges(buf, area, style, look);
    let (end, y) = (area.right() - 1, area.y);
    let right = if title.right.is_empty() {
        end
    } else {
        let right_style = title.right_style.unwrap_or(style);
        put_right(buf, area.x + 4 + width(title.text), y, end.saturating_sub(1), title.right, right_style)
    };
    let mut x = area.x + 1;
    if let Some(digit) = title.digit {
        x = put(buf, x, y, right, digit.encode_utf8(&mut [0; 4]), style);
        x = put(buf, x, y, right, " ", style);
    }
    let title_style = if focused { look.style(Meaning::Title) } else { style };
    put(buf, x, y, right, title.text, title_style);
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

fn edges(buf: &mut Buffer, area: Rect, style: Style, look: &Look) {
    let set = look.glyphs.border;
    let (left, right) = (area.left(), area.right() - 1);
    let (top, bottom) = (area.top(), area.bottom() - 1);
    let mut cell = |x, y, symbol: &str| {
        if let Some(cell) = buf.cell_mut((x, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
    };
    for x in left + 1..right {
        cell(x, top, set.horizontal_top);
        cell(x, bottom, set.horizontal_bottom);
    }
    for y in top + 1..bottom {
        cell(left, y, set.vertical_left);
        cell(right, y, set.vertical_right);
    }
    cell(left, top, set.top_left);
    cell(right, top, set.top_right);
    cell(left, bottom, set.bottom_left);
    cell(right, bottom, set.bottom_right);
}

/// A box in the middle of `screen`, at most `want` large, blanked and framed. Answers the area inside.
pub fn popup(buf: &mut Buffer, screen: Rect, want: (u16, u16), title: &str, look: &Look) -> Rect {
    let area = centred(screen, want.0, want.1);
    blank(buf, area, look.style(Meaning::Text));
    frame(buf, area, &Title { text: title, ..Title::default() }, true, look)
}

/// An area of at most `columns` by `lines` in the middle of `screen`, a little above it when there is room.
pub fn centred(screen: Rect, columns: u16, lines: u16) -> Rect {
    let (columns, lines) = (columns.min(screen.width), lines.min(screen.height));
    let x = screen.x + (screen.width - columns) / 2;
    let y = screen.y + (screen.height - lines) / 3;
    Rect::new(x, y, columns, lines)
}
