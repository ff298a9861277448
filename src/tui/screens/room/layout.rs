//! Where everything stands in the room.
//!
//! ```text
//! header                                                          1 line
//! clock rail                                                      1 line
//! +1 timeline ----------------+2 checklist ---------------------+
//! |                           +3 roles -------------------------+
//! |                           +4 update ------------------------+
//! scribe line, or the replay's bar and ruler                     1 to 3 lines
//! footer                                                          1 line
//! ```
//!
//! Narrow screens show the timeline above one other pane, or one pane alone.

use ratatui::layout::Rect;

/// The smallest screen that shows a room.
pub const SMALLEST: (u16, u16) = (60, 16);
/// From this width on, panes stand side by side.
const WIDE: u16 = 100;

/// The panes in the order of their digits.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum PaneId {
    #[default]
    Timeline,
    Checklist,
    Roles,
    Update,
}

impl PaneId {
    pub const ALL: [PaneId; 4] = [PaneId::Timeline, PaneId::Checklist, PaneId::Roles, PaneId::Update];
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub header: Rect,
    pub rail: Rect,
    /// Empty where a pane is not shown.
    pub panes: [Rect; 4],
    pub bottom: Rect,
    pub footer: Rect,
}

impl Layout {
    pub fn area(&self, pane: PaneId) -> Rect {
        self.panes[pane as usize]
    }

    /// The pane under a point.
    pub fn hit(&self, x: u16, y: u16) -> Option<PaneId> {
        PaneId::ALL.into_iter().find(|pane| self.area(*pane).contains((x, y).into()))
    }
}

/// `side` is the pane that stands beside the timeline on a narrow screen.
pub fn layout(
    screen: Rect,
    focus: PaneId,
    side: PaneId,
    zoomed: bool,
    split: u16,
    bottom_lines: u16,
) -> Layout {
    let line = |y: u16, lines: u16| Rect::new(screen.x, y, screen.width, lines).intersection(screen);
    let bottom_lines = bottom_lines.min(screen.height.saturating_sub(4));
    let footer = line(screen.bottom().saturating_sub(1), 1);
    let bottom = line(footer.y.saturating_sub(bottom_lines), bottom_lines);
    let middle = Rect::new(screen.x, screen.y + 2, screen.width, bottom.y.saturating_sub(screen.y + 2));
    let mut panes = [Rect::default(); 4];
    if zoomed {
        panes[focus as usize] = middle;
    } else if screen.width >= WIDE {
        wide(middle, split, &mut panes);
    } else {
        narrow(middle, side, &mut panes);
    }
    Layout { header: line(screen.y, 1), rail: line(screen.y + 1, 1), panes, bottom, footer }
}

/// `split`: the timeline's share of the width, in percent.
fn wide(middle: Rect, split: u16, panes: &mut [Rect; 4]) {
    let left = (u32::from(middle.width) * u32::from(split) / 100) as u16;
    let right = middle.width - left;
    let x = middle.x + left;
    let roles = (middle.height / 4).clamp(4, 9);
    let update = (middle.height / 3).clamp(5, 16);
    let checklist = middle.height.saturating_sub(roles + update);
    panes[PaneId::Timeline as usize] = Rect::new(middle.x, middle.y, left, middle.height);
    panes[PaneId::Checklist as usize] = Rect::new(x, middle.y, right, checklist);
    panes[PaneId::Roles as usize] = Rect::new(x, middle.y + checklist, right, roles);
    panes[PaneId::Update as usize] = Rect::new(x, middle.y + checklist + roles, right, update);
    for pane in panes.iter_mut() {
        *pane = pane.intersection(middle);
    }
}

fn narrow(middle: Rect, side: PaneId, panes: &mut [Rect; 4]) {
    let side = if side == PaneId::Timeline { PaneId::Checklist } else { side };
    let below = (middle.height * 2 / 5).max(6).min(middle.height);
    let above = middle.height - below;
    panes[PaneId::Timeline as usize] = Rect::new(middle.x, middle.y, middle.width, above);
    panes[side as usize] = Rect::new(middle.x, middle.y + above, middle.width, below);
}
