//! Which of several things is selected, by its name: the list may change under it, and the selection stays with the thing.

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Rect;

use crate::tui::layers::listing::{Answer, Listing};
use crate::tui::scene::Ctx;
use crate::tui::widgets::sheet::Sheet;

#[derive(Default)]
pub struct Chosen {
    id: Option<String>,
    /// Where it stood: what has taken its place is selected once it is gone.
    place: usize,
}

impl Chosen {
    /// Selects the first of them: it stays selected when another one comes before it.
    pub fn first_of(ids: &[String]) -> Self {
        Self { id: ids.first().cloned(), place: 0 }
    }

    /// Where the selected thing stands now, kept for when it is gone.
    pub fn hold(&mut self, ids: &[String]) -> usize {
        let place = self.place(ids);
        self.select(place, ids);
        place
    }

    /// The place of the selected thing among `ids`.
    pub fn place(&self, ids: &[String]) -> usize {
        let found = self.id.as_ref().and_then(|id| ids.iter().position(|other| other == id));
        found.unwrap_or_else(|| self.place.min(ids.len().saturating_sub(1)))
    }

    fn select(&mut self, place: usize, ids: &[String]) {
        (self.id, self.place) = (ids.get(place).cloned(), place);
    }

    /// A key of a list whose selection this is.
    pub fn key(&mut self, mut list: Listing, key: KeyEvent, ids: &[String], ctx: &Ctx) -> Answer {
        let answer = list.key(key, ids.len(), ctx);
        self.select(list.selected, ids);
        answer
    }

    /// A click selects; on what is selected it is Enter.
    pub fn mouse(
        &mut self,
        mut list: Listing,
        mouse: MouseEvent,
        sheet: &Sheet,
        ids: &[String],
        screen: Rect,
    ) -> Answer {
        let before = list.selected;
        let answer = list.mouse(mouse, sheet, ids.len(), screen);
        let hit = if let Answer::Chosen(place) = answer { place } else { list.selected };
        self.select(hit, ids);
        if answer == Answer::Chosen(before) { answer } else { Answer::Nothing }
    }
}
