//! What the role board shows, as lines: flowing when it is small, a list when it is tall.
//!
//! A needed role that nobody holds says NOBODY, loudly; an optional one has a calm dash.

use ratatui::layout::Rect;

use crate::incident::roles::{Holding, Seat};
use crate::tui::scene::Scene;
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

/// Several seats to a line; the warning about two hats below them where a line is left.
pub fn flowing(scene: &Scene, seats: &[Seat], area: Rect) -> (Sheet, Vec<Place>) {
    let widths: Vec<u16> =
        seats.iter().map(|seat| width(&seat.title) + 1 + width(&holders(scene, seat))).collect();
    let places = flow(widths, area.width, GAP);
    let mut sheet = Sheet::new(area.width);
    let lines = places.last().map_or(0, |place| place.line + 1);
    for _ in 0..lines {
        sheet.line(0, Meaning::Text, "");
    }
    for (seat, place) in seats.iter().zip(&places) {
        let row = usize::from(place.line);
        sheet.beside(row, place.x, Meaning::Muted, &seat.title);
        sheet.beside(row, place.x + width(&seat.title) + 1, meaning(seat), &holders(scene, seat));
    }
    if lines < area.height {
        warnings(&mut sheet, scene);
    }
    (sheet, places)
}

/// One seat a line, with as much about the role as there is room for.
pub fn listed(scene: &Scene, seats: &[Seat], area: Rect) -> Sheet {
    let list = List::new(scene, seats, area.width);
    let whole = list.duties_fit();
    let full = [usize::MAX, 1].into_iter().map(|most| list.sheet(whole, most));
    let fitting = full.into_iter().find(|sheet| sheet.len() <= usize::from(area.height));
    fitting.unwrap_or_else(|| list.sheet(area.width >= DUTY_FROM, 0))
}

/// The columns of the list.
struct List<'a> {
    scene: &'a Scene<'a>,
    seats: &'a [Seat<'a>],
    width: u16,
    /// Where the holders and the duties begin.
    holders: u16,
    duties: u16,
}

impl<'a> List<'a> {
    fn new(scene: &'a Scene<'a>, seats: &'a [Seat<'a>], columns: u16) -> Self {
        let titles = seats.iter().map(|seat| width(&seat.title)).max().unwrap_or(0).min(columns / 2);
        let widest = seats.iter().map(|seat| width(&holders(scene, seat))).max().unwrap_or(0);
        let from = titles + GAP;
        Self {
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

    /// The list, duties beside the holders or below them, at most `most` lines below each seat.
    fn sheet(&self, beside: bool, most: usize) -> Sheet {
        let mut sheet = Sheet::new(self.width);
        for (index, seat) in self.seats.iter().enumerate() {
            let row = sheet.item(index).len();
            let holders = holders(self.scene, seat);
            sheet.line(0, Meaning::Text, &seat.title).beside(row, self.holders, meaning(seat), &holders);
            if beside {
                let duty = clipped(seat.duty, self.width.saturating_sub(self.duties));
                sheet.beside(row, self.duties, Meaning::Muted, &duty);
            }
            let below = below(seat, !beside);
            if !below.is_empty() && most > 0 {
                sheet.say_at_most(2, Meaning::Muted, &below, self.width.saturating_sub(2), most);
            }
        }
        if !self.scene.incident.roles.two_hats().is_empty() {
            sheet.item(None).gap();
            warnings(&mut sheet, self.scene);
        }
        sheet
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

/// `alice 47m, bob 3m`, or that nobody does it.
fn holders(scene: &Scene, seat: &Seat) -> String {
    if seat.holders.is_empty() {
        return if seat.needed { "NOBODY" } else { "-" }.to_owned();
    }
    let one = |holding: &Holding| format!("{} {}", holding.who, holding.held_for(scene.now).short());
    seat.holders.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn meaning(seat: &Seat) -> Meaning {
    match (seat.holders.is_empty(), seat.needed) {
        (true, true) => Meaning::Alert,
        (true, false) => Meaning::Muted,
        (false, _) => Meaning::Actor,
    }
}

fn warnings(sheet: &mut Sheet, scene: &Scene) {
    for (who, roles) in scene.incident.roles.two_hats() {
        let hats = if roles.len() == 2 { "two hats".to_owned() } else { format!("{} hats", roles.len()) };
        sheet.item(None).say(0, Meaning::Warning, &format!("! {who} wears {hats}: {}", roles.join(", ")));
    }
}

/// For the frame: what needs attention most.
pub fn alarm(scene: &Scene) -> Option<(String, Meaning)> {
    let vacant: Vec<&str> = scene.incident.roles.vacant().map(|duty| duty.title).collect();
    let hats = if scene.incident.roles.two_hats().is_empty() { "" } else { "two hats" };
    if !vacant.is_empty() && !scene.incident.status.is_over() {
        let comma = if hats.is_empty() { "" } else { ", " };
        return Some((format!("{} vacant{comma}{hats}", vacant.len()), Meaning::Alert));
    }
    (!hats.is_empty()).then(|| (hats.to_owned(), Meaning::Warning))
}

/// A seat as one line of text.
pub fn sentence(scene: &Scene, seat: &Seat) -> String {
    format!("{}: {}", seat.title, holders(scene, seat))
}
