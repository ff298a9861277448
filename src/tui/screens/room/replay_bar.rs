//! The replay's own lines at the bottom of the room: how it plays, where it stands, and the ruler.
//!
//! ```text
//! > playing  60x  skips silence  Tue 2017-01-31  23:27:10  UTC  12/24 entries  next in 03:12
//! 17:20 _ _.   !- _ =#  !_ .                            18:00
//!       Identify  Mobilize  Diagnose  ^
//! ```
//! With less room the ruler goes first, then what matters least of the first line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::incident::{Span, Time, Zone};
use crate::replay::Player;
use crate::tui::actions::ReplayAction;
use crate::tui::scene::{Ctx, Look};
use crate::tui::theme::{Glyphs, Meaning};
use crate::tui::widgets::{blank, put, put_right, ruler, width};

/// Lines it would like to have.
pub const HEIGHT: u16 = 3;

/// From this width on, start and end stand beside the ruler.
const WIDE: u16 = 60;
/// From this length on, they carry the day.
const LONG: Span = Span::from_hours(12);

/// Draws as much as fits: the first line, the ruler, its phases.
pub fn draw(player: &Player, ctx: &Ctx, real: Time, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    blank(buf, area, ctx.style(Meaning::Text));
    if area.is_empty() {
        return;
    }
    draw_state(player, ctx, real, area, buf);
    let lines = Rect { y: area.y + 1, height: area.height - 1, ..area };
    if !lines.is_empty() {
        draw_ruler(player, &ctx.look, real, lines, buf);
    }
}

/// The time under a column of the ruler, for a click.
pub fn time_at(player: &Player, area: Rect, column: u16) -> Option<Time> {
    let track = track(player, area);
    let inside = (track.left()..track.right()).contains(&column) && player.position().1 > 0;
    inside.then(|| player.scale(usize::from(track.width)).begin(usize::from(column - track.x)))
}

/// Carries out an action of the replay; answers what to tell the person when nothing could be done.
///
/// [`ReplayAction::Goto`] needs a question first and does nothing here: ask, read the answer with
/// [`crate::replay::parse_goto`], then [`Player::seek`].
pub fn act(player: &mut Player, action: ReplayAction, real: Time) -> Option<String> {
    let (done, otherwise) = match action {
        ReplayAction::StepForward => (player.step(true, real), "this is the last entry"),
        ReplayAction::StepBack => (player.step(false, real), "this is the first entry"),
        ReplayAction::Faster => (player.faster(real), "it cannot play any faster"),
        ReplayAction::Slower => (player.slower(real), "it cannot play any slower"),
        ReplayAction::NextPhase => (player.next_phase(real), "the status does not change any more"),
        ReplayAction::PreviousPhase => (player.previous_phase(real), "the status had not changed before"),
        ReplayAction::NextMark => (player.next_mark(real), "no decision or update follows"),
        ReplayAction::PreviousMark => (player.previous_mark(real), "there is no decision or update before"),
        always => {
            act_always(player, always, real);
            (true, "")
        }
    };
    (!done).then(|| otherwise.to_owned())
}

/// What can be done at any moment.
fn act_always(player: &mut Player, action: ReplayAction, real: Time) {
    match action {
        ReplayAction::PlayPause => player.toggle(real),
        ReplayAction::SkipSilence => player.toggle_skip_silence(),
        ReplayAction::Start => player.start(real),
        ReplayAction::End => player.end(real),
        _ => {}
    }
}

/// A part of the first line.
struct Part {
    text: String,
    meaning: Meaning,
    /// The lowest goes first when there is no room.
    weight: u8,
}

fn part(text: impl Into<String>, meaning: Meaning, weight: u8) -> Part {
    Part { text: text.into(), meaning, weight }
}

/// Columns between two parts.
const GAP: u16 = 2;

fn draw_state(player: &Player, ctx: &Ctx, real: Time, area: Rect, buf: &mut Buffer) {
    let mut parts = parts(player, &ctx.look, real);
    while parts.len() > 1 && columns(&parts) > area.width {
        let lightest = parts.iter().map(|part| part.weight).min();
        parts.retain(|part| Some(part.weight) != lightest);
    }
    let mut x = area.x;
    for part in &parts {
        x = put(buf, x, area.y, area.right(), &part.text, ctx.style(part.meaning)).saturating_add(GAP);
    }
}

fn columns(parts: &[Part]) -> u16 {
    let texts: u16 = parts.iter().map(|part| width(&part.text)).sum();
    texts + GAP * (parts.len() as u16).saturating_sub(1)
}

fn parts(player: &Player, look: &Look, real: Time) -> Vec<Part> {
    let (now, zone) = (player.now(real), look.zone);
    let (known, total) = player.position();
    let silence = if player.skips_silence() { "skips silence" } else { "plays silence" };
    let mut parts = vec![
        part(state(player, look.glyphs), Meaning::Replay, 8),
        part(format!("{}x", player.speed()), Meaning::Text, 6),
        part(silence, Meaning::Muted, 1),
        part(zone.day_heading(now), Meaning::Text, 4),
        part(zone.hms(now), Meaning::Title, 7),
        part(zone.label(now), Meaning::Muted, 3),
        part(format!("{known}/{total} entries"), Meaning::Text, 5),
    ];
    if let Some(next) = player.next_at() {
        parts.push(part(format!("next in {}", next.since(now).clock()), Meaning::Muted, 2));
    }
    parts
}

fn state(player: &Player, glyphs: &Glyphs) -> String {
    let (sign, word) = match (player.is_playing(), player.next_at()) {
        (true, _) => (glyphs.play, "playing"),
        (false, Some(_)) => (glyphs.pause, "paused"),
        (false, None) => (glyphs.pause, "at the end"),
    };
    format!("{sign} {word}")
}

/// Columns of the start and the end beside the ruler, the space between included.
fn side(player: &Player, area: Rect) -> u16 {
    match area.width {
        ..WIDE => 0,
        _ if is_long(player) => width("01-31 17:20 "),
        _ => width("17:20 "),
    }
}

fn is_long(player: &Player) -> bool {
    let (start, end) = player.bounds();
    end.since(start) >= LONG
}

/// Where the ruler's columns are.
fn track(player: &Player, area: Rect) -> Rect {
    let side = side(player, area);
    Rect { x: area.x + side, width: area.width - 2 * side, ..area }
}

fn draw_ruler(player: &Player, look: &Look, real: Time, area: Rect, buf: &mut Buffer) {
    let track = track(player, area);
    let columns = usize::from(track.width);
    let cursor = player.scale(columns).piece(player.now(real));
    ruler::draw(&player.ruler(columns), cursor, look, track, buf);
    if track.width < area.width {
        let (start, end) = player.bounds();
        let style = look.style(Meaning::Muted);
        put(buf, area.x, area.y, track.left(), &moment(player, start, look.zone), style);
        put_right(buf, track.right(), area.y, area.right(), &moment(player, end, look.zone), style);
    }
}

fn moment(player: &Player, at: Time, zone: Zone) -> String {
    let day = if is_long(player) { zone.date(at) } else { String::new() };
    let day = day.get(5..).map(|day| format!("{day} ")).unwrap_or_default();
    day + &zone.hm(at)
}
