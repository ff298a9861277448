//! Short texts one after another, as many to a line as fit: menus, the compact role board.

/// Where a text of a flow stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub x: u16,
    pub line: u16,
    pub width: u16,
}

impl Place {
    pub fn contains(self, x: u16, line: u16) -> bool {
        line == self.line && (self.x..self.x + self.width).contains(&x)
    }
}

/// Places texts of these widths in lines of `columns`, `gap` columns apart. A text that is wider
/// than a line has a line of its own and is cut off there.
pub fn flow(widths: impl IntoIterator<Item = u16>, columns: u16, gap: u16) -> Vec<Place> {
    let columns = columns.max(1);
    let (mut x, mut line) = (0_u16, 0_u16);
    let mut places = Vec::new();
    for width in widths {
        let width = width.min(columns);
        if x > 0 && x + width > columns {
            (x, line) = (0, line.saturating_add(1));
        }
        places.push(Place { x, line, width });
        x = (x + width).saturating_add(gap);
    }
    places
}
