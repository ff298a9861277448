//! What the role board shows, as lines: flowing when it is small, a list when it is tall.
//!
//! A needed role that nobody holds says NOBODY and for how long, loudly; an optional one has a calm dash. A role that is
//! offered says WAITING until its successor accepts, beside whoever still holds it (MISSION row B6).

use ratatui::layout::Rect;

use super::warn::{Warning, is_missed, offer_of, to_me, vacant_for, warnings};
use crate::incident::Span;
use crate::incident::roles::{Holding, Offer, Seat};
use crate::tui::layers::step::text::ago;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::flow::{Place, flow};
use crate::tui::widgets::sheet::{Sheet, clipped};
use crate::tui::widgets::width;

/// Columns between two seats of a flow, and between the columns of a list.
const GAP: u16 = 3;
/// Even cut off, a duty stands behind the holder from this width on.
const DUTY_FROM: u16 = 72;
/// Fewest columns that the holders have before the duty; twice as many are the most.
const HOLDERS: u16 = 12;

/// Several seats to a line; what is offered to me above them and the warnings below where lines are left.
pub fn flowing(ctx: &Ctx, scene: &Scene, seats: &[Seat], area: Rect) -> (Sheet, Vec<Place>) {
    let cells: Vec<Cell> = seats.iter().map(|seat| Cell::new(scene, seat)).collect();
    let mut places = flow(cells.iter().map(Cell::width), area.width, GAP);
    let lines = places.last().map_or(0, |place| place.line + 1);
    let mut sheet = Sheet::new(area.width);
    let all = warnings(ctx, scene);
    let (urgent, rest): (Vec<&Warning>, Vec<&Warning>) = all
        .iter()
        .filter(|warning| !warning.line.is_empty())
        .partition(|warning| warning.meaning == Meaning::Alert);
    if lines < area.height {
        say(&mut sheet, urgent);
    }
    let top = sheet.len();
    for _ in 0..lines {
        sheet.line(0, Meaning::Text, "");
    }
    for (cell, place) in cells.iter().zip(&mut places) {
        place.line = place.line.saturating_add(u16::try_from(top).unwrap_or(u16::MAX));
        cell.put(&mut sheet, usize::from(place.line), place.x);
    }
    if sheet.len() < usize::from(area.height) {
        say(&mut sheet, rest);
    }
    (sheet, places)
}

/// One seat of a flow: `Commander alice 47m > bob WAITING 2m`.
struct Cell {
    title: String,
    holders: (String, Meaning),
    offer: String,
}

impl Cell {
    fn new(scene: &Scene, seat: &Seat) -> Self {
        let offer = offer_of(scene, seat.role);
        let offer = offer
            .map(|offer| {
                format!(" > {} WAITING {}", offer.to, scene.now.since(offer.at).max(Span::ZERO).short())
            })
            .unwrap_or_default();
        let title = format!("{} ", seat.title);
        Self { title, holders: (holders(scene, seat, ""), meaning(scene, seat)), offer }
    }

    fn width(&self) -> u16 {
        width(&self.title) + width(&self.holders.0) + width(&self.offer)
    }

    fn put(&self, sheet: &mut Sheet, row: usize, x: u16) {
        let holders_at = x + width(&self.title);
        sheet.beside(row, x, Meaning::Muted, &self.title);
        sheet.beside(row, holders_at, self.holders.1, &self.holders.0);
        sheet.beside(row, holders_at + width(&self.holders.0), Meaning::Warning, &self.offer);
    }
}

/// One seat a line, with as much about the role as there is room for.
pub fn listed(ctx: &Ctx, scene: &Scene, seats: &[Seat], area: Rect) -> Sheet {
    let list = List::new(ctx, scene, seats, area.width);
    let whole = list.duties_fit();
    let full = [usize::MAX, 1].into_iter().map(|most| list.sheet(whole, most));
    let fitting = full.into_iter().find(|sheet| sheet.len() <= usize::from(area.height));
    fitting.unwrap_or_else(|| list.sheet(area.width >= DUTY_FROM, 0))
}

/// The columns of the list.
struct List<'a> {
    ctx: &'a Ctx<'a>,
    scene: &'a Scene<'a>,
    seats: &'a [Seat<'a>],
    width: u16,
    /// Where the holders and the duties begin.
    holders: u16,
    duties: u16,
}

impl<'a> List<'a> {
    fn new(ctx: &'a Ctx<'a>, scene: &'a Scene<'a>, seats: &'a [Seat<'a>], columns: u16) -> Self {
        let titles = seats.iter().map(|seat| width(&seat.title)).max().unwrap_or(0).min(columns / 2);
        let widest = seats.iter().map(|seat| width(&holders(scene, seat, "for "))).max().unwrap_or(0);
        let from = titles + GAP;
        Self {
            ctx,
            scene,
            seats,
            width: columns,
            holders: from,
            duties: from + widest.clamp(HOLDERS, 2 * HOLDERS) + GAP,
        }
    }

    /// Whether every duty fits behind the holders.
    fn duties_fit(&self) -> bool {
        let room = self.width.saturating_sub(self.duties);
        self.seats.iter().all(|seat| width(seat.duty) <= room)
    }

    /// The list, duties beside the holders or below them, at most `most` lines below each seat. An offer is always there.
    fn sheet(&self, beside: bool, most: usize) -> Sheet {
        let mut sheet = Sheet::new(self.width);
        for (index, seat) in self.seats.iter().enumerate() {
            let row = sheet.item(index).len();
            let holders = holders(self.scene, seat, "for ");
            sheet.line(0, Meaning::Text, &seat.title);
            sheet.beside(row, self.holders, meaning(self.scene, seat), &holders);
            if beside {
                let duty = clipped(seat.duty, self.width.saturating_sub(self.duties));
                sheet.beside(row, self.duties, Meaning::Muted, &duty);
            }
            if let Some(offer) = offer_of(self.scene, seat.role) {
                let (text, meaning) = self.offered(offer);
                sheet.say(2, meaning, &text);
            }
            let below = below(seat, !beside);
            if !below.is_empty() && most > 0 {
                sheet.say_at_most(2, Meaning::Muted, &below, self.width.saturating_sub(2), most);
            }
        }
        let all = warnings(self.ctx, self.scene);
        // What is offered to me stands at its seat.
        let rest: Vec<&Warning> = all
            .iter()
            .filter(|warning| !warning.line.is_empty() && warning.meaning != Meaning::Alert)
            .collect();
        if !rest.is_empty() {
            sheet.item(None).gap();
            say(&mut sheet, rest);
        }
        sheet
    }

    fn offered(&self, offer: &Offer) -> (String, Meaning) {
        let age = ago(self.scene.now.since(offer.at));
        if to_me(self.ctx, self.scene).any(|mine| mine.id == offer.id) {
            return (format!("! OFFERED TO YOU {age} by {}: Enter", offer.from), Meaning::Alert);
        }
        (format!("WAITING: offered to {} {age}, {} still holds it", offer.to, offer.from), Meaning::Warning)
    }
}

/// Who did it before, the duty if it is not beside, who typically does it while nobody does.
fn below(seat: &Seat, duty: bool) -> String {
    let mut parts = Vec::new();
    match seat.past {
        [] => {}
        [one] => parts.push(format!("after {}", one.who)),
        several => parts.push(format!("after {} others", several.len())),
    }
    if duty && !seat.duty.is_empty() {
        parts.push(seat.duty.to_owned());
    }
    if seat.holders.is_empty() && !seat.typically.is_empty() {
        parts.push(format!("typically: {}", seat.typically));
    }
    parts.join("; ")
}

/// `alice 47m, bob 3m`, or that nobody does it, and for how long; `since` stands before that time.
fn holders(scene: &Scene, seat: &Seat, since: &str) -> String {
    if let Some(age) = vacant_for(scene, seat) {
        return format!("NOBODY {since}{}", age.short());
    }
    if seat.holders.is_empty() {
        return "-".to_owned();
    }
    let one = |holding: &Holding| format!("{} {}", holding.who, holding.held_for(scene.now).short());
    seat.holders.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn meaning(scene: &Scene, seat: &Seat) -> Meaning {
    match (is_missed(scene, seat), seat.holders.is_empty()) {
        (true, _) => Meaning::Alert,
        (false, true) => Meaning::Muted,
        (false, false) => Meaning::Actor,
    }
}

fn say(sheet: &mut Sheet, warnings: Vec<&Warning>) {
    for warning in warnings {
        sheet.item(None).say(0, warning.meaning, &warning.line);
    }
}

/// A seat as one line of text.
pub fn sentence(scene: &Scene, seat: &Seat) -> String {
    let offer = offer_of(scene, seat.role).map(|offer| format!(" (offered to {}, WAITING)", offer.to));
    format!("{}: {}{}", seat.title, holders(scene, seat, "for "), offer.unwrap_or_default())
}
