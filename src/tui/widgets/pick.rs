//! A list with one line selected: how it moves and scrolls. Shared by pickers, panes and screens.

use crate::tui::actions::Move;

/// Selected line and first line shown of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pick {
    pub selected: usize,
    pub top: usize,
}

impl Pick {
    /// Moves within `len` lines of which `height` are shown; answers whether the selection changed.
    pub fn act(&mut self, action: Move, len: usize, height: usize) -> bool {
        let page = height.max(1);
        let last = len.saturating_sub(1);
        let before = self.selected;
        self.selected = match action {
            Move::Up => before.saturating_sub(1),
            Move::Down => before + 1,
            Move::PageUp => before.saturating_sub(page),
            Move::PageDown => before + page,
            Move::HalfUp => before.saturating_sub(page / 2),
            Move::HalfDown => before + page / 2,
            Move::Top => 0,
            Move::Bottom => last,
            Move::Left | Move::Right => before,
        }
        .min(last);
        self.show(len, height);
        self.selected != before
    }

    /// Keeps the selection inside the list and on the screen.
    pub fn show(&mut self, len: usize, height: usize) {
        self.selected = self.selected.min(len.saturating_sub(1));
        let height = height.max(1);
        if self.selected < self.top {
            self.top = self.selected;
        }
        if self.selected >= self.top + height {
            self.top = self.selected + 1 - height;
        }
        self.top = self.top.min(len.saturating_sub(height));
    }

    /// The first line to draw: like [`Pick::show`], for a view, which changes nothing.
    pub fn first(&self, len: usize, height: usize) -> usize {
        let mut copy = *self;
        copy.show(len, height);
        copy.top
    }
}
