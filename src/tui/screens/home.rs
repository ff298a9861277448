//! Home: the open incidents, the ended ones, and past incidents to replay. On the first day it teaches.
//!
//! It is made of data that somebody else has read, and answers actions with messages; it never opens a file, an incident
//! or a replay itself. Start at [`Home::act`]; what stands on which line is in `list`.

mod list;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::incident::Span;
use crate::incident::follow_ups::day_of;
use crate::tui::actions::{Action, Context, HomeAction, Move, REGISTRY};
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::layers::follow_ups::all;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{put, put_right, width};

pub use crate::runtime::summary::{OpenFollowUp, Summary, Waits};

/// Lines that one turn of the wheel moves.
const WHEEL: usize = 3;
/// Wider lines are harder to read than to leave empty.
const MOST_COLUMNS: u16 = 120;

/// What the list says of one shipped past incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    pub slug: String,
    pub title: String,
    pub about: String,
    pub span: Span,
    pub entries: u64,
}

/// Something that can be gone to, for pickers and the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The ULID, or the name of a shipped past incident.
    pub reference: String,
    pub name: String,
    pub about: String,
    /// A shipped one: it is replayed, never entered.
    pub past: bool,
}

impl Place {
    fn of(summary: &Summary) -> Place {
        let severity = summary.severity.as_deref().unwrap_or("");
        let private = if summary.private { "PRIVATE " } else { "" };
        let about = format!("{severity} {private}{} ({})", summary.title, summary.status.name());
        Place {
            reference: summary.reference.clone(),
            name: summary.name(),
            about: about.trim_start().to_owned(),
            past: false,
        }
    }

    fn of_past(past: &Past) -> Place {
        Place { reference: past.slug.clone(), name: past.slug.clone(), about: past.title.clone(), past: true }
    }

    /// What going there means.
    pub fn go(&self) -> Msg {
        match self.past {
            true => Msg::Replay { name: self.reference.clone(), at: None },
            false => Msg::Enter(self.reference.clone()),
        }
    }
}

pub struct Home {
    /// Open ones first, then the ended ones; within both the newest first.
    incidents: Vec<Summary>,
    past: Vec<Past>,
    pick: Pick,
}

impl Home {
    pub fn new(mut incidents: Vec<Summary>, past: Vec<Past>) -> Home {
        // What burns worst comes first; what is over is history, the newest first.
        incidents.sort_by_cached_key(|summary| {
            let over = summary.status.is_over();
            let severity = summary.severity.clone().filter(|_| !over).unwrap_or_else(|| "~".into());
            (over, severity, std::cmp::Reverse(summary.declared))
        });
        Home { incidents, past, pick: Pick::default() }
    }

    /// Takes newer data; what was selected stays selected, wherever it stands now.
    pub fn refresh(&mut self, newer: Home) {
        let selected = self.places().into_iter().nth(self.pick.selected).map(|place| place.reference);
        let top = self.pick.top;
        *self = newer;
        let places = self.places();
        let found = places.iter().position(|place| Some(&place.reference) == selected.as_ref());
        self.pick = Pick { selected: found.unwrap_or(0), top };
    }

    /// Everything in the list, in its order.
    pub fn places(&self) -> Vec<Place> {
        self.incidents.iter().map(Place::of).chain(self.past.iter().map(Place::of_past)).collect()
    }

    /// The incidents that still run.
    pub fn open_places(&self) -> Vec<Place> {
        self.incidents.iter().filter(|summary| !summary.status.is_over()).map(Place::of).collect()
    }

    /// The content, in the middle of a wide screen: title line, list, detail, footer.
    fn areas(&self, screen: Rect) -> Areas {
        let columns = screen.width.min(MOST_COLUMNS);
        let body = Rect::new(screen.x + (screen.width - columns) / 2, screen.y, columns, screen.height);
        let top = body.y + 2.min(body.height);
        let bottom = body.bottom().saturating_sub(2).max(top);
        // The detail goes first when there is no room.
        let detail = if screen.height >= 20 { list::DETAIL_LINES + 1 } else { 0 };
        let list = Rect::new(body.x, top, body.width, (bottom - top).saturating_sub(detail));
        let detail = Rect::new(body.x, list.bottom() + 1, body.width, detail.saturating_sub(1));
        let footer = Rect::new(body.x, body.bottom().saturating_sub(1), body.width, 1).intersection(screen);
        Areas { title: Rect { height: 1, ..body }.intersection(screen), list, detail, footer }
    }

    pub fn draw(&self, ctx: &Ctx, area: Rect, buf: &mut Buffer) {
        let areas = self.areas(area);
        draw_title(ctx, areas.title, buf);
        let sheet = self.sheet(ctx, areas.list.width);
        let first = self.first(&sheet, areas.list.height);
        sheet.draw(buf, areas.list, first, Some(self.pick.selected), &ctx.look);
        self.draw_detail(ctx, areas.detail, buf);
        if areas.footer.y > areas.title.y {
            draw_footer(ctx, areas.footer, buf);
        }
    }

    pub fn act(&mut self, action: Action, ctx: &Ctx, area: Rect) -> Vec<Msg> {
        match action {
            Action::Move(to) => {
                let areas = self.areas(area);
                self.moved(to, self.sheet(ctx, areas.list.width), areas.list.height);
                Vec::new()
            }
            Action::Home(HomeAction::Open) => self.open(),
            Action::Home(HomeAction::Replay) => self.replay(),
            Action::Home(HomeAction::FollowUps) => {
                vec![Msg::Push(all::layer(&self.incidents, day_of(ctx.now)))]
            }
            // The application has the form's draft, so it opens the form.
            Action::Home(HomeAction::Declare) | Action::App(_) => Vec::new(),
            _ => vec![Msg::Say(Tone::Info, "open an incident first".into())],
        }
    }

    /// The first line to show. As long as nothing was done yet, a small screen shows what to do.
    fn first(&self, sheet: &Sheet, height: u16) -> usize {
        let untouched = self.incidents.is_empty() && self.pick == Pick::default();
        if untouched { 0 } else { sheet.first(self.pick.top, Some(self.pick.selected), height) }
    }

    fn count(&self) -> usize {
        self.incidents.len() + self.past.len()
    }

    fn moved(&mut self, to: Move, sheet: Sheet, height: u16) {
        let mut pick = Pick { selected: self.pick.selected, top: 0 };
        pick.act(to, self.count(), usize::from(height));
        self.pick.selected = pick.selected;
        self.pick.top = sheet.first(self.pick.top, Some(pick.selected), height);
    }

    fn selected(&self) -> Option<Place> {
        self.places().into_iter().nth(self.pick.selected)
    }

    fn open(&self) -> Vec<Msg> {
        match self.selected() {
            Some(place) => vec![place.go()],
            None => vec![Msg::Say(Tone::Info, "nothing to open yet: d declares an incident".into())],
        }
    }

    /// Plays the selected past incident, or offers all that can be replayed.
    fn replay(&self) -> Vec<Msg> {
        if let Some(place) = self.selected().filter(|place| place.past) {
            return vec![place.go()];
        }
        let ended = self.incidents.iter().filter(|summary| summary.status.is_over()).map(Place::of);
        let places: Vec<Place> = self.past.iter().map(Place::of_past).chain(ended).collect();
        if places.is_empty() {
            return vec![Msg::Say(Tone::Info, "there is no past incident to replay yet".into())];
        }
        let items = places.iter().map(|place| Item::new(place.name.clone(), place.about.clone())).collect();
        let chosen = move |index: usize, _: &Ctx| {
            let replay = |place: &Place| Msg::Replay { name: place.reference.clone(), at: None };
            places.get(index).map(replay).into_iter().collect()
        };
        vec![Msg::Push(Box::new(Choose::new("Replay", "", items, Box::new(chosen))))]
    }

    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, area: Rect) -> Vec<Msg> {
        let (list, wheel) = (self.areas(area).list, |home: &mut Home, to| {
            (0..WHEEL).flat_map(|_| home.act(Action::Move(to), ctx, area)).collect()
        });
        match mouse.kind {
            MouseEventKind::ScrollDown => wheel(self, Move::Down),
            MouseEventKind::ScrollUp => wheel(self, Move::Up),
            MouseEventKind::Down(MouseButton::Left) if list.contains((mouse.column, mouse.row).into()) => {
                self.click(usize::from(mouse.row - list.y), ctx, list)
            }
            _ => Vec::new(),
        }
    }

    /// The first click selects, one on the selected line opens.
    fn click(&mut self, line: usize, ctx: &Ctx, list: Rect) -> Vec<Msg> {
        let sheet = self.sheet(ctx, list.width);
        let first = self.first(&sheet, list.height);
        match sheet.item_at(first + line) {
            Some(item) if item == self.pick.selected => self.open(),
            Some(item) => {
                self.pick = Pick { selected: item, top: first };
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

struct Areas {
    title: Rect,
    list: Rect,
    detail: Rect,
    footer: Rect,
}

fn draw_title(ctx: &Ctx, line: Rect, buf: &mut Buffer) {
    if line.is_empty() {
        return;
    }
    let zone = ctx.look.zone;
    let clock = format!("{} {} {}", zone.day_heading(ctx.now), zone.hm(ctx.now), zone.label(ctx.now));
    let end =
        put_right(buf, line.x + 12, line.y, line.right().saturating_sub(1), &clock, ctx.style(Meaning::Time));
    let x = put(buf, line.x + 1, line.y, end, "warroom", ctx.style(Meaning::Title)) + 2;
    let me = format!("as {}", ctx.me);
    if x + width(&me) + 2 <= end {
        put(buf, x, line.y, end, &me, ctx.style(Meaning::Muted));
    }
}

/// The keys of this place that the keymap really gives to it.
fn draw_footer(ctx: &Ctx, line: Rect, buf: &mut Buffer) {
    let contexts = [Context::Home, Context::Everywhere];
    let hinted =
        |context: Context| REGISTRY.iter().filter(move |s| s.context == context && !s.hint.is_empty());
    let mut x = line.x + 1;
    for spec in contexts.into_iter().flat_map(hinted) {
        let Some(key) = ctx.keymap.key(spec.action) else { continue };
        let shown = key.to_string();
        let fits = x + width(&shown) + width(spec.hint) < line.right();
        if fits && ctx.keymap.action(&contexts, key) == Some(spec.action) {
            x = put(buf, x, line.y, line.right(), &shown, ctx.style(Meaning::Key));
            x = put(buf, x + 1, line.y, line.right(), spec.hint, ctx.style(Meaning::Muted)) + 2;
        }
    }
}
