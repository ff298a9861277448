//! A ruler of time: how much became known when, in which phase, and where one stands.
//!
//! Two lines: density, with `!` where something was decided or told, and below it the phases by name. The phase that the
//! cursor is in is lit. Colour only repeats what a word or a sign says.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::put;
use crate::incident::words::Phase;
use crate::replay::Bucket;
use crate::tui::scene::Look;
use crate::tui::theme::{Glyphs, Meaning};

/// Draws one column for each bucket; `cursor` is the column of the moment. A second line is used where there is one.
pub fn draw(buckets: &[Bucket], cursor: usize, look: &Look, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    draw_density(buckets, cursor, look, area, buf);
    if area.height > 1 {
        let line = Rect { y: area.y + 1, height: 1, ..area };
        draw_phases(buckets, cursor, look, line, buf);
        draw_cursor(cursor, look, line, buf);
    }
}

fn draw_density(buckets: &[Bucket], cursor: usize, look: &Look, area: Rect, buf: &mut Buffer) {
    let most = buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0);
    let now = buckets.get(cursor).map_or(Phase::Identify, |bucket| bucket.phase);
    for ((place, bucket), x) in buckets.iter().enumerate().zip(area.left()..area.right()) {
        let meaning =
            if bucket.important { Meaning::Decision } else { phase(place, cursor, bucket.phase == now) };
        put(buf, x, area.y, area.right(), sign(bucket, most, look.glyphs), look.style(meaning));
    }
    let moment = column(area, cursor).and_then(|x| buf.cell_mut((x, area.y)));
    if let Some(cell) = moment {
        cell.modifier.insert(Modifier::REVERSED);
    }
}

/// How a phase is shown: the one the cursor is in, or one before or after it.
fn phase(place: usize, cursor: usize, now: bool) -> Meaning {
    match now {
        true => Meaning::PhaseNow,
        false if place < cursor => Meaning::PhaseDone,
        false => Meaning::PhaseNext,
    }
}

fn sign<'a>(bucket: &Bucket, most: u32, glyphs: &'a Glyphs) -> &'a str {
    match bucket.count {
        _ if bucket.important => glyphs.important,
        0 => " ",
        count => {
            let bars = glyphs.bars.len() as u64;
            let height = (u64::from(count) * bars).div_ceil(u64::from(most.max(1)));
            glyphs.bars[height.clamp(1, bars) as usize - 1]
        }
    }
}

fn column(area: Rect, place: usize) -> Option<u16> {
    let x = area.x.checked_add(u16::try_from(place).ok()?)?;
    (x < area.right()).then_some(x)
}

/// Each phase's name from where it begins, as far as it fits before the next one.
fn draw_phases(buckets: &[Bucket], cursor: usize, look: &Look, line: Rect, buf: &mut Buffer) {
    let mut start = 0;
    for run in buckets.chunk_by(|a, b| a.phase == b.phase) {
        let here = (start..start + run.len()).contains(&cursor);
        let style = look.style(phase(start, cursor, here));
        if let Some(x) = column(line, start) {
            // One column stays free before the next name.
            let room = run.len().saturating_sub(1).clamp(1, usize::from(line.width));
            put(buf, x, line.y, line.right().min(x + room as u16), &capital(run[0].phase.name()), style);
        }
        start += run.len();
    }
}

/// Phases of a column each stand side by side: `MDResolve`.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Below the moment: an arrow, or the letter that stands there reversed.
fn draw_cursor(cursor: usize, look: &Look, line: Rect, buf: &mut Buffer) {
    let Some(cell) = column(line, cursor).and_then(|x| buf.cell_mut((x, line.y))) else { return };
    if cell.symbol() == " " {
        cell.set_symbol(look.glyphs.up).set_style(look.style(Meaning::PhaseNow));
    } else {
        cell.modifier.insert(Modifier::REVERSED);
    }
}
