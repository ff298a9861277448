//! The role board (MISSION rows S3.2, B6): who holds what, since when, what nobody holds, what is offered to whom.
//!
//! Small, it flows several seats to a line; tall, it lists them with their duties. The selection is
//! a role, never a row. It never changes the incident; what can be done is in `layers::roles`.

mod board;
mod warn;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Pane;
use crate::incident::roles::Seat;
use crate::tui::actions::{Action, Context, Move, RolesAction};
use crate::tui::layers::{question, roles};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::boxed::{self, Title};
use crate::tui::widgets::flow::Place;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{paint, width};

/// From this width on, a column stays free beside the frame.
const AIR_FROM: u16 = 24;
/// Columns of the top border that are neither title nor warning: corners, digit, gaps.
const BESIDE_TITLE: u16 = 6;

#[derive(Default)]
pub struct RolesPane {
    /// The selected role, by its key; the commander at first.
    selected: String,
    filter: String,
    top: usize,
}

/// What is drawn, and where the seats of a flow stand.
struct View<'a> {
    seats: Vec<Seat<'a>>,
    selected: Option<usize>,
    sheet: Sheet,
    /// Of a flow only; a list is found by its lines.
    places: Option<Vec<Place>>,
}

/// The area of the lines: inside the frame, with a free column beside it where there is room.
fn inside(area: Rect) -> Rect {
    let edge = if area.width < AIR_FROM { 1 } else { 2 };
    let (columns, lines) = (area.width.saturating_sub(2 * edge), area.height.saturating_sub(2));
    Rect::new(area.x.saturating_add(edge), area.y.saturating_add(1), columns, lines)
}

impl RolesPane {
    fn seats<'a>(&self, scene: &Scene<'a>) -> Vec<Seat<'a>> {
        let wanted = self.filter.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&wanted);
        let passes =
            |seat: &Seat| has(&seat.title) || seat.holders.iter().any(|holding| has(holding.who.as_str()));
        scene.incident.roles.seats().into_iter().filter(|seat| wanted.is_empty() || passes(seat)).collect()
    }

    fn place(&self, seats: &[Seat]) -> Option<usize> {
        let kept = seats.iter().position(|seat| seat.role == self.selected);
        kept.or(if seats.is_empty() { None } else { Some(0) })
    }

    fn view<'a>(&self, ctx: &Ctx, scene: &Scene<'a>, area: Rect) -> View<'a> {
        let seats = self.seats(scene);
        let selected = self.place(&seats);
        let inner = inside(area);
        let lines = seats.len() + scene.incident.roles.offers().len();
        let (sheet, places) = if usize::from(inner.height) < lines {
            let (sheet, places) = board::flowing(ctx, scene, &seats, inner);
            (sheet, Some(places))
        } else {
            (board::listed(ctx, scene, &seats, inner), None)
        };
        View { seats, selected, sheet, places }
    }

    fn first(&self, view: &View, height: u16) -> usize {
        match (&view.places, view.selected) {
            (Some(places), Some(selected)) => {
                let line = places.get(selected).map_or(0, |place| usize::from(place.line));
                Pick { selected: line, top: self.top }.first(view.sheet.len(), usize::from(height))
            }
            _ => view.sheet.first(self.top, view.selected, height),
        }
    }

    /// The role that is selected.
    pub fn role(&self, scene: &Scene) -> Option<String> {
        let seats = self.seats(scene);
        Some(seats.get(self.place(&seats)?)?.role.to_owned())
    }

    fn step(&mut self, to: Move, scene: &Scene, height: usize) {
        let seats = self.seats(scene);
        let Some(selected) = self.place(&seats) else { return };
        let to = match to {
            // In a flow, right is the next seat.
            Move::Left => Move::Up,
            Move::Right => Move::Down,
            to => to,
        };
        let mut pick = Pick { selected, top: 0 };
        pick.act(to, seats.len(), height);
        if let Some(seat) = seats.get(pick.selected) {
            self.selected = seat.role.to_owned();
        }
    }

    fn roles(&self, action: RolesAction, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        if !scene.live {
            return question::read_only();
        }
        match action {
            RolesAction::Define => return vec![Msg::Push(roles::define())],
            RolesAction::Answer => return roles::answer(ctx, scene, self.role(scene).as_deref()),
            _ => {}
        }
        let Some(role) = self.role(scene) else {
            return vec![Msg::Say(Tone::Info, "no role is listed".into())];
        };
        match action {
            RolesAction::Assign => vec![Msg::Push(roles::assign(ctx, scene, &role))],
            RolesAction::HandOver => roles::hand_over(ctx, scene, &role),
            RolesAction::Release => roles::release(scene, &role),
            RolesAction::Answer | RolesAction::Define => Vec::new(),
        }
    }

    fn title(&self) -> String {
        if self.filter.is_empty() { "Roles".to_owned() } else { format!("Roles /{}", self.filter) }
    }
}

impl Pane for RolesPane {
    fn context(&self) -> Context {
        Context::Roles
    }

    fn draw(
        &self,
        ctx: &Ctx,
        scene: &Scene,
        area: Rect,
        buf: &mut Buffer,
        focused: bool,
    ) -> Option<Position> {
        let area = area.intersection(buf.area);
        let text = self.title();
        let room = area.width.saturating_sub(width(&text) + BESIDE_TITLE);
        let (right, meaning) = warn::alarm(ctx, scene, room).unwrap_or((String::new(), Meaning::Muted));
        let title =
            Title { digit: Some('3'), text: &text, right: &right, right_style: Some(ctx.style(meaning)) };
        boxed::frame(buf, area, &title, focused, &ctx.look);
        let inner = inside(area);
        if inner.is_empty() {
            return None;
        }
        let view = self.view(ctx, scene, area);
        let first = self.first(&view, inner.height);
        let listed = view.selected.filter(|_| focused && view.places.is_none());
        view.sheet.draw(buf, inner, first, listed, &ctx.look);
        if let (true, Some(places), Some(selected)) = (focused, &view.places, view.selected)
            && let Some(place) = places.get(selected)
        {
            let y =
                inner.y.saturating_add(place.line).saturating_sub(first.min(usize::from(u16::MAX)) as u16);
            let cell = Rect::new(inner.x + place.x, y, place.width, 1).intersection(inner);
            paint(buf, cell, ctx.style(Meaning::Selection));
        }
        None
    }

    fn act(&mut self, action: Action, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<Msg> {
        let height = inside(area).height;
        let messages = match action {
            Action::Move(to) => {
                self.step(to, scene, usize::from(height));
                Vec::new()
            }
            Action::Roles(action) => self.roles(action, ctx, scene),
            _ => Vec::new(),
        };
        let view = self.view(ctx, scene, area);
        self.top = self.first(&view, height);
        messages
    }

    fn click(&mut self, at: Position, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<Msg> {
        let inner = inside(area);
        if !inner.contains(at) {
            return Vec::new();
        }
        let view = self.view(ctx, scene, area);
        let line = self.first(&view, inner.height) + usize::from(at.y - inner.y);
        let hit = match &view.places {
            Some(places) => places.iter().position(|place| place.contains(at.x - inner.x, line as u16)),
            None => view.sheet.item_at(line),
        };
        if let Some(seat) = hit.and_then(|index| view.seats.get(index)) {
            self.selected = seat.role.to_owned();
        }
        Vec::new()
    }

    fn copied(&self, _ctx: &Ctx, scene: &Scene) -> Option<String> {
        let lines = self.seats(scene).into_iter().map(|seat| board::sentence(scene, &seat));
        Some(lines.collect::<Vec<_>>().join("\n"))
    }

    fn filter(&mut self, filter: &str, _ctx: &Ctx, _scene: &Scene) {
        self.filter = filter.to_owned();
        self.top = 0;
    }
}
