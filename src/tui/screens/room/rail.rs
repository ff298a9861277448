//! What the clock rail says, piece by piece (rows B2, S4.12): what ran out first, then what runs out next.
//!
//! Loud is only what nobody has heard. Marks come last, where there is room, but for their last minute.

use crate::incident::deadline::{Deadline, Urgency};
use crate::incident::{Span, Time, Zone};
use crate::tui::layers::timers::order::{running, urgency};
use crate::tui::layers::timers::{clock_of, put_off_to};
use crate::tui::scene::Scene;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::clipped;

/// Most columns of a label; the board has the whole of it.
const LABEL: u16 = 26;
/// A clock that runs out within this time is marked.
const SOON: Span = Span::from_mins(5);
/// A mark is shown among the others within this time.
const MARK_SOON: Span = Span::from_mins(1);

pub struct Piece {
    pub text: String,
    pub meaning: Meaning,
    /// Whether it is counted where it does not fit; those that are not come last.
    pub counts: bool,
}

/// Everything that may stand on the rail, in its order.
pub fn pieces(scene: &Scene, zone: Zone) -> Vec<Piece> {
    let now = scene.now;
    let all = running(scene.incident, now);
    let (put_off, rest): (Vec<Deadline>, Vec<Deadline>) =
        all.into_iter().partition(|deadline| !deadline.quiet && put_off_to(deadline, now).is_some());
    let all = rest;
    let heard: Vec<&Deadline> =
        all.iter().filter(|deadline| urgency(deadline, now) == Urgency::Heard).collect();
    let at = |wanted: Urgency| all.iter().filter(move |deadline| urgency(deadline, now) == wanted);
    let mut pieces: Vec<Piece> = at(Urgency::Over).map(|deadline| over(deadline, now)).collect();
    pieces.extend(calm(&heard, now));
    pieces.extend(later(&put_off, zone, now));
    let shown = |deadline: &&Deadline| !deadline.quiet || last_minute(deadline, now);
    pieces.extend(at(Urgency::Running).filter(shown).map(|deadline| next(deadline, now)));
    let marks = at(Urgency::Running).filter(|deadline| deadline.quiet && deadline.left(now) >= MARK_SOON);
    pieces.extend(marks.map(|deadline| Piece { counts: false, ..next(deadline, now) }));
    pieces
}

fn last_minute(deadline: &Deadline, now: Time) -> bool {
    let left = deadline.left(now);
    left > Span::ZERO && left < MARK_SOON
}

fn label(deadline: &Deadline) -> String {
    clipped(&deadline.label, LABEL)
}

fn over(deadline: &Deadline, now: Time) -> Piece {
    let text = format!("{} OVER {}", label(deadline), deadline.left(now).abs().short());
    Piece { text, meaning: Meaning::Alert, counts: true }
}

/// What ran out and was heard stays visible, and leaves the room to what comes next.
fn calm(heard: &[&Deadline], now: Time) -> Option<Piece> {
    let text = match heard {
        [] => return None,
        [one] => format!("{} heard, over {}", label(one), one.left(now).abs().short()),
        several => format!("{} over, heard", several.len()),
    };
    Some(Piece { text, meaning: Meaning::Warning, counts: true })
}

/// What was put off, and when it rings again.
fn later(put_off: &[Deadline], zone: Zone, now: Time) -> Option<Piece> {
    let until = put_off.iter().filter_map(|deadline| put_off_to(deadline, now)).min()?;
    let until = clock_of(until, zone, now);
    let text = match put_off {
        [one] => format!("{} put off to {until}", label(one)),
        several => format!("{} put off, next {until}", several.len()),
    };
    Some(Piece { text, meaning: Meaning::Warning, counts: true })
}

fn next(deadline: &Deadline, now: Time) -> Piece {
    let left = deadline.left(now);
    let meaning = match (deadline.quiet, left < SOON) {
        (true, _) => Meaning::Muted,
        (false, true) => Meaning::Warning,
        (false, false) => Meaning::Text,
    };
    let left = if left >= Span::from_hours(1) { left.short() } else { left.clock() };
    Piece { text: format!("{} in {left}", label(deadline)), meaning, counts: true }
}
