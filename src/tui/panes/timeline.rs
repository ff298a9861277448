//! The timeline: what happened, by when it happened, with everything that was corrected since.
//!
//! The selection is an entry, not a row: new entries never move it, and following the newest is a
//! state of its own. Only the rows that are on the screen are read. Where to start: [`TimelinePane`]'s
//! `draw`, then `place` (which rows stand where).

mod look;
mod sift;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Pane;
use crate::incident::describe;
use crate::incident::rows::{Row, Rows};
use crate::incident::{Class, Command, Entry, EntryId, Time};
use crate::tui::actions::{Action, Context, Move, RoomAction, TimelineAction};
use crate::tui::layers;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::boxed::{self, Title};
use crate::tui::widgets::{paint, put, wrap};
use look::{TIME_COLUMNS, day, draw_heading, draw_text, name_columns, said, text_column, text_style};
use sift::Sift;

pub use look::mark;

/// Most lines that an entry takes, the selected one aside.
const MOST_LINES: usize = 3;
/// Most lines that the selected entry takes.
const MOST_LINES_SELECTED: usize = 12;

#[derive(Default)]
pub struct TimelinePane {
    /// `None`: follow the newest.
    selected: Option<EntryId>,
    /// Where the selected row was last found: a hint, checked before use.
    place: usize,
    /// Lines above the selected row.
    offset: u16,
    hidden: Vec<Class>,
    filter: String,
    /// The rows that pass the filter; `None`: all.
    passed: Option<Sift>,
    /// Rows known when following stopped; what came since is "new".
    seen: usize,
}

/// One row as it is drawn.
struct Shown {
    place: usize,
    row: Row,
    entry: Option<Arc<Entry>>,
    /// The day begins with this row.
    heading: bool,
    lines: u16,
}

impl Shown {
    fn height(&self) -> u16 {
        self.lines + u16::from(self.heading)
    }
}

impl TimelinePane {
    fn rows<'a>(&'a self, scene: &Scene<'a>) -> &'a Rows {
        self.passed.as_ref().map_or(scene.rows, Sift::rows)
    }

    /// Where the selection stands; the newest when nothing is selected, or the selected row is gone.
    fn selected_place(&self, rows: &Rows) -> usize {
        let last = rows.len().saturating_sub(1);
        let Some(id) = self.selected else { return last };
        let near = self.place.saturating_sub(64)..(self.place + 64).min(rows.len());
        let hit = near.into_iter().find(|place| rows.get(*place).is_some_and(|row| row.id == id));
        hit.or_else(|| rows.position(id)).unwrap_or(last)
    }

    pub fn selected_row(&self, scene: &Scene) -> Option<Row> {
        let rows = self.rows(scene);
        rows.get(self.selected_place(rows))
    }

    pub fn selected_entry(&self, scene: &Scene) -> Option<Arc<Entry>> {
        scene.entry(self.selected_row(scene)?)
    }

    /// Selects an entry, wherever it stands.
    pub fn select(&mut self, id: EntryId, scene: &Scene, height: u16) {
        let rows = self.rows(scene);
        if let Some(place) = rows.position(id) {
            (self.selected, self.place, self.offset) = (Some(id), place, height / 2);
        }
    }

    /// Selects the first entry at or after `at`.
    pub fn goto(&mut self, at: Time, scene: &Scene, height: u16) {
        let rows = self.rows(scene);
        let place = rows.at_or_after(at).min(rows.len().saturating_sub(1));
        if let Some(row) = rows.get(place) {
            (self.selected, self.place, self.offset) = (Some(row.id), place, height / 3);
            self.seen = scene.rows.len();
        }
    }

    pub fn follow(&mut self) {
        self.selected = None;
    }

    pub fn is_following(&self) -> bool {
        self.selected.is_none()
    }

    /// What is filtered by; empty: nothing.
    pub fn filter_text(&self) -> &str {
        &self.filter
    }

    pub fn filtered(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Lists everything but these kinds.
    pub fn hide(&mut self, classes: Vec<Class>, scene: &Scene) {
        self.hidden = classes;
        self.sift(scene);
    }

    pub fn hidden(&self) -> &[Class] {
        &self.hidden
    }

    /// Entries that came since the selection left the end.
    fn unseen(&self, scene: &Scene) -> usize {
        match self.selected {
            Some(_) => scene.rows.len().saturating_sub(self.seen),
            None => 0,
        }
    }

    /// Applies filter and kinds to all rows.
    fn sift(&mut self, scene: &Scene) {
        if self.filter.is_empty() && self.hidden.is_empty() {
            self.passed = None;
            return;
        }
        self.passed = Some(Sift::begin(&self.filter, &self.hidden, scene));
    }

    /// Whether there are rows that the filter has not been held against yet.
    pub fn is_sifting(&self) -> bool {
        self.passed.as_ref().is_some_and(|sift| !sift.is_done())
    }

    /// Goes on filtering for a moment.
    pub fn go_on(&mut self, scene: &Scene) {
        if let Some(sift) = self.passed.as_mut().filter(|sift| !sift.is_done()) {
            sift.go_on(scene);
        }
    }

    /// The rows on the screen with the line each begins at, built around the selected one.
    fn place(&self, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<(u16, Shown)> {
        let rows = self.rows(scene);
        if rows.is_empty() || area.is_empty() {
            return Vec::new();
        }
        let place = self.selected_place(rows);
        let Some(selected) = self.shown(ctx, scene, rows, place, area.width, true) else { return Vec::new() };
        let most = area.height.saturating_sub(selected.height());
        let offset = if self.selected.is_none() { most } else { self.offset.min(most) };
        let mut above = self.above(ctx, scene, rows, &selected, offset, area);
        let top = offset - above.iter().map(Shown::height).sum::<u16>().min(offset);
        above.reverse();
        let mut y = if self.selected.is_none() && above.len() + 1 == rows.len() { 0 } else { top };
        let mut placed = Vec::new();
        for shown in above.into_iter().chain([selected]) {
            let height = shown.height();
            placed.push((y, shown));
            y += height;
        }
        let mut next = place + 1;
        while y < area.height {
            let Some(shown) = self.shown(ctx, scene, rows, next, area.width, false) else { break };
            let height = shown.height();
            placed.push((y, shown));
            y += height;
            next += 1;
        }
        placed
    }

    /// The rows that fill `lines` lines above the selected one, nearest first.
    fn above(
        &self,
        ctx: &Ctx,
        scene: &Scene,
        rows: &Rows,
        selected: &Shown,
        lines: u16,
        area: Rect,
    ) -> Vec<Shown> {
        let mut above = Vec::new();
        let mut left = lines;
        for place in (0..selected.place).rev() {
            let Some(shown) = self.shown(ctx, scene, rows, place, area.width, false) else { break };
            if shown.height() > left {
                break;
            }
            left -= shown.height();
            above.push(shown);
        }
        above
    }

    fn shown(
        &self,
        ctx: &Ctx,
        scene: &Scene,
        rows: &Rows,
        place: usize,
        width: u16,
        selected: bool,
    ) -> Option<Shown> {
        let row = rows.get(place)?;
        let entry = scene.entry(row);
        let text = entry.as_ref().map(|entry| said(scene, entry));
        let most = if selected && self.selected.is_some() { MOST_LINES_SELECTED } else { MOST_LINES };
        let columns = width.saturating_sub(text_column(scene, width));
        let lines = text.map_or(1, |text| wrap::height(&text, columns, most)) as u16;
        let day = |time| ctx.look.zone.day_number(time);
        let heading = match place.checked_sub(1).and_then(|before| rows.get(before)) {
            Some(before) => day(before.at) != day(row.at),
            None => true,
        };
        Some(Shown { place, row, entry, heading, lines })
    }

    fn draw_row(
        &self,
        ctx: &Ctx,
        scene: &Scene,
        shown: &Shown,
        area: Rect,
        buf: &mut Buffer,
        selected: bool,
    ) {
        let mut y = area.y;
        if shown.heading {
            draw_heading(ctx, shown, area, buf);
            y += 1;
        }
        if y >= area.bottom() {
            return;
        }
        let line = Rect::new(area.x, y, area.width, shown.lines.min(area.bottom() - y));
        self.draw_entry(ctx, scene, shown, line, buf);
        if selected {
            paint(buf, line, ctx.style(Meaning::Selection));
        }
    }

    fn draw_entry(&self, ctx: &Ctx, scene: &Scene, shown: &Shown, line: Rect, buf: &mut Buffer) {
        let Some(entry) = &shown.entry else {
            put(
                buf,
                line.x,
                line.y,
                line.right(),
                "(this entry cannot be read; run warroom verify)",
                ctx.style(Meaning::Alert),
            );
            return;
        };
        let notes = &scene.incident.notes;
        let correction = notes.corrected.get(&entry.id());
        let about = correction.filter(|c| c.at.is_some()).map_or(entry.header.about, |c| c.about);
        let time = if about {
            format!("~{}", ctx.look.zone.hm(shown.row.at))
        } else {
            ctx.look.zone.hms(shown.row.at)
        };
        let end = line.right();
        put(buf, line.x, line.y, end, &time, ctx.style(Meaning::Time));
        let name_at = line.x + TIME_COLUMNS;
        let names = name_columns(scene, line.width);
        put(buf, name_at, line.y, (name_at + names).min(end), entry.by().as_str(), ctx.style(Meaning::Actor));
        let (mark, meaning) = mark(entry.class());
        let x = line.x + text_column(scene, line.width);
        put(buf, x.saturating_sub(2), line.y, x, mark, ctx.style(meaning));
        if notes.marked.contains(&entry.id()) {
            put(
                buf,
                name_at.saturating_sub(1),
                line.y,
                name_at,
                ctx.look.glyphs.important,
                ctx.style(Meaning::Warning),
            );
        }
        let style = text_style(ctx, scene, entry, meaning);
        let text = said(scene, entry);
        draw_text(ctx, buf, Rect::new(x, line.y, end.saturating_sub(x), line.height), &text, style);
    }

    fn moved(&mut self, to: Move, ctx: &Ctx, scene: &Scene, area: Rect) {
        let rows = self.rows(scene);
        let (place, last) = (self.selected_place(rows), rows.len().saturating_sub(1));
        if rows.is_empty() {
            return;
        }
        if self.selected.is_none() {
            self.offset = self.last_offset(ctx, scene, area);
        }
        let page = usize::from(area.height.saturating_sub(1).max(1));
        let target = match to {
            Move::Up => place.saturating_sub(1),
            Move::Down => place + 1,
            Move::PageUp => place.saturating_sub(page),
            Move::PageDown => place + page,
            Move::HalfUp => place.saturating_sub(page / 2),
            Move::HalfDown => place + page / 2,
            Move::Top => 0,
            Move::Bottom => last,
            Move::Left | Move::Right => return,
        }
        .min(last);
        if target == last && (to == Move::Bottom || place == last) {
            self.selected = None;
            return;
        }
        let line = self.target_line(ctx, scene, place, target, area);
        let rows = self.rows(scene);
        let Some(row) = rows.get(target) else { return };
        if self.selected.is_none() {
            self.seen = scene.rows.len();
        }
        (self.selected, self.place, self.offset) = (Some(row.id), target, line);
    }

    /// The line on which the newest row is drawn while following.
    fn last_offset(&self, ctx: &Ctx, scene: &Scene, area: Rect) -> u16 {
        self.place(ctx, scene, area).last().map_or(0, |(y, _)| *y)
    }

    /// The line that the selection gets when it moves to `target`: it walks over the rows between as
    /// far as the screen goes.
    fn target_line(&self, ctx: &Ctx, scene: &Scene, place: usize, target: usize, area: Rect) -> u16 {
        let rows = self.rows(scene);
        let height =
            |place| self.shown(ctx, scene, rows, place, area.width, false).map_or(1, |shown| shown.height());
        let mut line = self.offset;
        if target < place {
            for between in (target..place).rev() {
                line = line.saturating_sub(height(between));
                if line == 0 {
                    return 0;
                }
            }
            return line;
        }
        for between in place..target {
            line = line.saturating_add(height(between));
            if line >= area.height {
                break;
            }
        }
        line.min(area.height.saturating_sub(height(target)))
    }

    fn next_match(&mut self, forward: bool, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<Msg> {
        if self.filter.is_empty() {
            return vec![Msg::Say(Tone::Info, "no filter is set: / sets one".into())];
        }
        self.moved(if forward { Move::Down } else { Move::Up }, ctx, scene, area);
        Vec::new()
    }

    fn timeline_action(&mut self, action: TimelineAction, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        if action == TimelineAction::Kinds {
            return vec![Msg::Push(layers::kinds::layer(&self.hidden))];
        }
        let Some(entry) = self.selected_entry(scene) else {
            return vec![Msg::Say(Tone::Info, "the timeline is empty".into())];
        };
        let id = entry.id();
        let notes = &scene.incident.notes;
        let changes =
            matches!(action, TimelineAction::Correct | TimelineAction::Retract | TimelineAction::Mark);
        if changes && !scene.live {
            return vec![Msg::Say(Tone::Warning, "a replay cannot be changed".into())];
        }
        if matches!(action, TimelineAction::Correct | TimelineAction::Retract) && !entry.event.is_written() {
            let why =
                "this entry changed the incident: U takes your last act back, or change it again by hand";
            return vec![Msg::Say(Tone::Info, why.into())];
        }
        match action {
            TimelineAction::Detail => vec![Msg::Push(layers::detail::layer(ctx, scene, entry))],
            TimelineAction::Mark => {
                vec![Msg::Order(Command::Mark { target: id, on: !notes.marked.contains(&id) })]
            }
            TimelineAction::Retract if notes.retracted.contains_key(&id) => {
                vec![Msg::Order(Command::Restore { target: id })]
            }
            TimelineAction::Retract => vec![Msg::Push(Box::new(layers::entry::retract(id)))],
            TimelineAction::Correct => vec![Msg::Push(Box::new(layers::entry::correct(scene, &entry)))],
            TimelineAction::Goto => vec![Msg::Push(Box::new(layers::entry::goto()))],
            TimelineAction::Kinds | TimelineAction::CopyAll => Vec::new(),
        }
    }
}

impl Pane for TimelinePane {
    fn context(&self) -> Context {
        Context::Timeline
    }

    fn draw(
        &self,
        ctx: &Ctx,
        scene: &Scene,
        area: Rect,
        buf: &mut Buffer,
        focused: bool,
    ) -> Option<Position> {
        let total = self.rows(scene).len();
        let mut text = format!("Timeline ({total})");
        if !self.filter.is_empty() {
            text.push_str(&format!("  /{}", self.filter));
        }
        if !self.hidden.is_empty() {
            text.push_str("  some kinds hidden");
        }
        if let Some(sift) = self.passed.as_ref().filter(|sift| !sift.is_done()) {
            text.push_str(&format!("  looking: {} %", sift.percent()));
        }
        let unseen = self.unseen(scene);
        let inside = Rect::new(
            area.x.saturating_add(1),
            area.y.saturating_add(1),
            area.width.saturating_sub(2),
            area.height.saturating_sub(2),
        );
        let placed = self.place(ctx, scene, inside);
        // The day is always in sight: in the list, or where its heading has scrolled away, above it.
        let headless = placed.first().filter(|(_, shown)| !shown.heading);
        let right = match (unseen, headless) {
            (0, Some((0, shown))) => day(ctx, shown),
            (0, _) => ctx.look.zone.label(scene.now),
            (n, _) => format!("{n} new {}", ctx.look.glyphs.down),
        };
        let right_style = (unseen > 0).then(|| ctx.style(Meaning::Accent));
        let title = Title { digit: Some('1'), text: &text, right: &right, right_style };
        let inner = boxed::frame(buf, area, &title, focused, &ctx.look);
        let selected = self.selected_place(self.rows(scene));
        if let Some((y @ 1.., shown)) = headless {
            draw_heading(ctx, shown, Rect { y: inner.y + y - 1, ..inner }, buf);
        }
        for (y, shown) in placed {
            let height = shown.height().min(inner.height.saturating_sub(y));
            let line = Rect::new(inner.x, inner.y + y, inner.width, height);
            let is_selected = focused && shown.place == selected && self.selected.is_some();
            self.draw_row(ctx, scene, &shown, line, buf, is_selected);
        }
        if total == 0 {
            let empty = match (self.filter.is_empty(), self.is_sifting()) {
                (true, _) => "nothing yet: i writes the first entry",
                (false, true) => "nothing yet",
                (false, false) => "nothing matches",
            };
            put(buf, inner.x, inner.y, inner.right(), empty, ctx.style(Meaning::Muted));
        }
        None
    }

    fn act(&mut self, action: Action, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<Msg> {
        let inner =
            Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2));
        match action {
            Action::Move(to) => {
                self.moved(to, ctx, scene, inner);
                Vec::new()
            }
            Action::Timeline(action) => self.timeline_action(action, ctx, scene),
            Action::Room(RoomAction::NextMatch) => self.next_match(true, ctx, scene, inner),
            Action::Room(RoomAction::PreviousMatch) => self.next_match(false, ctx, scene, inner),
            _ => Vec::new(),
        }
    }

    fn click(&mut self, at: Position, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<Msg> {
        let inner =
            Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2));
        let line = at.y.saturating_sub(inner.y);
        let hit = self.place(ctx, scene, inner).into_iter().rev().find(|(y, _)| *y <= line);
        if let Some((y, shown)) = hit {
            if self.selected.is_none() {
                self.seen = scene.rows.len();
            }
            (self.selected, self.place, self.offset) = (Some(shown.row.id), shown.place, y);
        }
        Vec::new()
    }

    fn copied(&self, ctx: &Ctx, scene: &Scene) -> Option<String> {
        let entry = self.selected_entry(scene)?;
        let zone = ctx.look.zone;
        let text = describe::sentence(scene.incident, &entry).into_owned();
        let at = scene.incident.happened(&entry);
        Some(format!("{} {} {} {}: {text}", zone.date(at), zone.hms(at), zone.label(at), entry.by()))
    }

    fn filter(&mut self, filter: &str, _ctx: &Ctx, scene: &Scene) {
        self.filter = filter.to_owned();
        self.sift(scene);
    }

    fn refresh(&mut self, _ctx: &Ctx, scene: &Scene) {
        if let Some(sift) = &mut self.passed {
            sift.refresh(scene);
        }
    }
}
