//! What there is already, in groups, with a form for a new one above it: asks, decisions, hypotheses.
//!
//! The list has the screen to itself while it has the keys. The board owns the focus and the selection, by id; the things themselves say how they read and what their keys do.
//! Start at [`Things`].

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::form::Form;
use super::listing::{Answer, Listing};
use crate::incident::EntryId;
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

/// Columns of the lines: those of a form.
const COLUMNS: u16 = 72;
/// Fewest lines of a list below a form: its frame, its footer and one thing under its heading.
const FEWEST: u16 = 6;
/// An index that no thing has: nothing is selected.
const NOTHING: usize = usize::MAX;

/// The things of a board.
pub trait Things {
    fn name(&self) -> &'static str;

    fn title(&self) -> &'static str;

    /// What stands above all of it.
    fn preface(&self, _sheet: &mut Sheet, _ctx: &Ctx, _scene: &Scene) {}

    /// The headings with what stands below them, in the order of the screen. Empty groups are left out.
    fn groups(&self, scene: &Scene) -> Vec<(&'static str, Vec<EntryId>)>;

    /// How one of them reads; `whole` when it is selected.
    fn lines(&self, id: EntryId, whole: bool, sheet: &mut Sheet, ctx: &Ctx, scene: &Scene);

    /// What stands there when there is none.
    fn nothing(&self) -> &'static str;

    /// The last line of the list while the form above it has the keys: how to get there.
    fn below(&self) -> &'static str {
        ""
    }

    /// The keys that work now.
    fn footer(&self, scene: &Scene, selected: Option<EntryId>) -> &'static str;

    /// A key that is not the list's own; Enter is.
    fn key(&self, key: KeyCode, selected: Option<EntryId>, ctx: &Ctx, scene: &Scene) -> Vec<Msg>;

    /// Keys that go from the list to the form.
    fn opens_form(&self, _key: KeyCode) -> bool {
        false
    }
}

pub struct Board<T: Things> {
    things: T,
    form: Option<Form>,
    /// Whether the list has the keys.
    listing: bool,
    selected: Option<EntryId>,
}

/// What is drawn where.
struct Places {
    form: Option<Rect>,
    list: Option<Rect>,
}

impl<T: Things> Board<T> {
    /// A list alone, the first thing selected.
    pub fn new(things: T, scene: &Scene) -> Self {
        let mut board = Self { things, form: None, listing: true, selected: None };
        board.select_first(scene);
        board
    }

    /// A form above the list; `listing` when the list has the keys at first.
    pub fn with_form(mut self, form: Form, listing: bool) -> Self {
        (self.form, self.listing) = (Some(form), listing);
        self
    }

    fn ids(&self, scene: &Scene) -> Vec<EntryId> {
        self.things.groups(scene).into_iter().flat_map(|(_, ids)| ids).collect()
    }

    fn select_first(&mut self, scene: &Scene) {
        self.selected = self.ids(scene).first().copied();
    }

    /// The selected thing, else the first.
    fn chosen(&self, ids: &[EntryId]) -> Option<EntryId> {
        self.selected.filter(|id| ids.contains(id)).or(ids.first().copied())
    }

    fn list(&self, scene: &Scene, ids: &[EntryId]) -> Listing {
        let chosen = self.chosen(ids);
        let footer = if self.listing { self.things.footer(scene, chosen) } else { self.things.below() };
        let place = chosen.and_then(|id| ids.iter().position(|other| *other == id));
        Listing::new(self.things.title(), footer, COLUMNS, place.unwrap_or(0))
    }

    fn sheet(&self, ctx: &Ctx, scene: &Scene, screen: Rect) -> Sheet {
        let mut sheet = Sheet::new(COLUMNS.min(screen.width.saturating_sub(4)));
        self.things.preface(&mut sheet, ctx, scene);
        let preface = sheet.len();
        let groups = self.things.groups(scene);
        let ids: Vec<EntryId> = groups.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
        let chosen = self.chosen(&ids).filter(|_| self.listing);
        let mut index = 0;
        for (heading, ids) in groups.iter().filter(|(_, ids)| !ids.is_empty()) {
            sheet.item(None).gap().line(0, Meaning::Muted, heading);
            for id in ids {
                self.things.lines(*id, chosen == Some(*id), sheet.item(index), ctx, scene);
                index += 1;
            }
        }
        if sheet.len() == preface {
            sheet.gap().say(0, Meaning::Muted, self.things.nothing());
        }
        sheet
    }

    /// The list alone while it has the keys; else the form, with the list below it where there is room.
    fn places(&self, ctx: &Ctx, scene: &Scene, screen: Rect) -> Places {
        let Some(form) = self.form.as_ref().filter(|_| !self.listing) else {
            return Places { form: None, list: Some(screen) };
        };
        let above = form.lines(screen);
        let room = screen.height.saturating_sub(above);
        if self.ids(scene).is_empty() || room < FEWEST {
            return Places { form: Some(screen), list: None };
        }
        let lines = self.sheet(ctx, scene, screen).len().min(usize::from(room)) as u16;
        let below = lines.saturating_add(4).min(room);
        let y = screen.y + (screen.height - above - below) / 3;
        let part = |y, height| Rect::new(screen.x, y, screen.width, height);
        Places { form: Some(part(y, above)), list: Some(part(y + above, below)) }
    }

    fn list_key(&mut self, key: KeyEvent, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let ids = self.ids(scene);
        let chosen = self.chosen(&ids);
        if self.form.is_some() && (self.things.opens_form(key.code) || above(key.code, chosen, &ids)) {
            self.listing = false;
            return Vec::new();
        }
        let mut list = self.list(scene, &ids);
        match list.key(key, ids.len(), ctx) {
            Answer::Back => return vec![Msg::Pop],
            Answer::Chosen(index) => {
                self.selected = ids.get(index).copied();
                return self.things.key(KeyCode::Enter, self.selected, ctx, scene);
            }
            Answer::Nothing => {}
        }
        let moved = ids.get(list.selected).copied();
        if moved != chosen {
            self.selected = moved.or(chosen);
            return Vec::new();
        }
        self.things.key(key.code, chosen, ctx, scene)
    }

    /// Whether a key of the form means the list below it.
    fn goes_down(&self, key: KeyCode, scene: &Scene) -> bool {
        let Some(form) = &self.form else { return false };
        let down = match key {
            KeyCode::Down => form.is_at_end(),
            KeyCode::PageDown => true,
            // Nothing is asked: what there is already was meant.
            KeyCode::Enter => form.is_untouched(),
            _ => false,
        };
        down && !self.ids(scene).is_empty()
    }
}

/// Up from the first thing.
fn above(key: KeyCode, chosen: Option<EntryId>, ids: &[EntryId]) -> bool {
    key == KeyCode::Up && chosen == ids.first().copied()
}

impl<T: Things> Layer for Board<T> {
    fn name(&self) -> &'static str {
        self.things.name()
    }

    fn question(&self) -> Option<String> {
        self.form.as_ref().and_then(Layer::question)
    }

    fn kept(&self) -> Option<(String, String)> {
        self.form.as_ref().and_then(Layer::kept)
    }

    /// What was begun is gone on with.
    fn put_back(&mut self, text: &str) {
        if let Some(form) = &mut self.form {
            form.put_back(text);
            self.listing = false;
        }
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let Places { form, list } = self.places(ctx, &scene, screen);
        if let Some(area) = list {
            let mut list = self.list(&scene, &self.ids(&scene));
            if !self.listing {
                list.selected = NOTHING;
            }
            list.draw(&self.sheet(ctx, &scene, screen), ctx, area, buf);
        }
        self.form.as_ref().zip(form).and_then(|(form, area)| form.draw(ctx, area, buf))
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        if self.listing {
            return self.list_key(key, ctx, &scene);
        }
        if self.goes_down(key.code, &scene) {
            self.listing = true;
            self.select_first(&scene);
            return Vec::new();
        }
        self.form.as_mut().map(|form| form.key(key, ctx)).unwrap_or_default()
    }

    fn paste(&mut self, text: &str, ctx: &Ctx) -> Vec<Msg> {
        let form = self.form.as_mut().filter(|_| !self.listing);
        form.map(|form| form.paste(text, ctx)).unwrap_or_default()
    }

    /// A click selects; on what is selected it is Enter.
    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return Vec::new() };
        let Places { form, list } = self.places(ctx, &scene, screen);
        let at = (mouse.column, mouse.row);
        if let (Some(form), Some(area)) = (&mut self.form, form.filter(|area| area.contains(at.into()))) {
            return form.mouse(mouse, ctx, area);
        }
        let Some(area) = list else { return Vec::new() };
        let (ids, sheet) = (self.ids(&scene), self.sheet(ctx, &scene, screen));
        let mut list = self.list(&scene, &ids);
        let chosen = self.chosen(&ids).filter(|_| self.listing);
        let answer = list.mouse(mouse, &sheet, ids.len(), area);
        let hit = match answer {
            Answer::Chosen(index) => ids.get(index).copied(),
            _ => ids.get(list.selected).copied(),
        };
        let Some(hit) = hit else { return Vec::new() };
        (self.listing, self.selected) = (true, Some(hit));
        match answer {
            Answer::Chosen(_) if chosen == Some(hit) => self.things.key(KeyCode::Enter, chosen, ctx, &scene),
            _ => Vec::new(),
        }
    }
}
