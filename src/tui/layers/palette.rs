//! The palette: any command, step, person or incident by a few of its letters.
//!
//! The list is made once, when it opens; typing only sifts and ranks it. It runs nothing itself: Enter answers with the
//! message of the chosen line. Start at [`Palette::new`]; what can be found is in `found`.

mod found;

use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;

use crate::tui::actions::{Context, Move};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::Ctx;
use crate::tui::screens::home::Place;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::{boxed, paint, put, put_right, width};
use found::Candidate;

/// Most lines that are shown; whoever needs more types one more letter.
const MOST: usize = 200;
const COLUMNS: u16 = 90;
const LINES: u16 = 24;

pub struct Palette {
    candidates: Vec<Candidate>,
    search: Field,
    hits: Vec<Hit>,
    /// How many match, shown or not.
    total: usize,
    pick: Pick,
    matcher: Matcher,
}

/// A candidate that matches, and which of its characters do.
struct Hit {
    candidate: usize,
    score: u32,
    chars: Vec<u32>,
}

impl Palette {
    /// `contexts`: those whose keys work now, the nearest first; their actions come first.
    pub fn new(ctx: &Ctx, contexts: &[Context], places: Vec<Place>) -> Palette {
        let mut config = Config::DEFAULT;
        config.prefer_prefix = true;
        let mut palette = Palette {
            candidates: found::candidates(ctx, contexts, places),
            search: Field::default(),
            hits: Vec::new(),
            total: 0,
            pick: Pick::default(),
            matcher: Matcher::new(config),
        };
        palette.sift();
        palette
    }

    fn sift(&mut self) {
        let pattern = Pattern::parse(&self.search.value(), CaseMatching::Smart, Normalization::Smart);
        let mut hits = Vec::new();
        let mut buffer = Vec::new();
        for (candidate, found) in self.candidates.iter().enumerate() {
            let mut chars = Vec::new();
            let text = Utf32Str::new(&found.text, &mut buffer);
            if let Some(score) = pattern.indices(text, &mut self.matcher, &mut chars) {
                chars.sort_unstable();
                hits.push(Hit { candidate, score, chars });
            }
        }
        // A stable sort keeps the nearest place first among equals.
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.score));
        self.total = hits.len();
        hits.truncate(MOST);
        (self.hits, self.pick) = (hits, Pick::default());
    }

    fn run(&self) -> Vec<Msg> {
        let Some(found) = self.hits.get(self.pick.selected).map(|hit| &self.candidates[hit.candidate]) else {
            return Vec::new();
        };
        match found.blocked {
            Some(why) => vec![Msg::Say(Tone::Warning, why.into())],
            None => vec![Msg::Pop, found.run.message()],
        }
    }

    /// The box, its search line and its list.
    fn areas(screen: Rect) -> (Rect, Rect, Rect) {
        let area = boxed::centred(screen, COLUMNS, LINES);
        let inner =
            Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2));
        let inner = inner.intersection(area);
        let search = Rect { height: inner.height.min(1), ..inner };
        let list = Rect { y: inner.y + search.height, height: inner.height - search.height, ..inner };
        (area, search, list)
    }

    fn draw_hit(&self, hit: &Hit, ctx: &Ctx, line: Rect, buf: &mut Buffer) {
        let found = &self.candidates[hit.candidate];
        let right = found.blocked.unwrap_or(&found.key);
        let meaning = if found.blocked.is_some() { Meaning::Warning } else { Meaning::Key };
        let end =
            put_right(buf, line.x + 12, line.y, line.right().saturating_sub(1), right, ctx.style(meaning));
        let x = put(buf, line.x + 1, line.y, end, &format!("{:<9}", found.kind), ctx.style(Meaning::Muted));
        let text = if found.blocked.is_some() { Meaning::Muted } else { Meaning::Text };
        let area = Rect::new(x, line.y, end.saturating_sub(x + 1), 1);
        put(buf, area.x, area.y, area.right(), &found.text, ctx.style(text));
        highlight(&found.text, &hit.chars, ctx, area, buf);
    }
}

/// Sets off the characters that match; the matcher counts what a reader takes for a character.
fn highlight(text: &str, chars: &[u32], ctx: &Ctx, area: Rect, buf: &mut Buffer) {
    let mut x = area.x;
    for (place, c) in text.graphemes(true).enumerate() {
        let columns = width(c);
        if x + columns > area.right() {
            break;
        }
        if chars.binary_search(&(place as u32)).is_ok() {
            paint(buf, Rect::new(x, area.y, columns, 1), ctx.style(Meaning::Match));
        }
        x += columns;
    }
}

impl Layer for Palette {
    fn name(&self) -> &'static str {
        "palette"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let (area, search, list) = Palette::areas(screen);
        boxed::popup(buf, screen, (area.width, area.height), "Find", &ctx.look);
        paint(buf, search, ctx.style(Meaning::FieldText));
        let count = format!("{} ", self.total);
        let end = put_right(buf, search.x + 20, search.y, search.right(), &count, ctx.style(Meaning::Muted));
        let field = Rect { x: search.x + 1, width: end.saturating_sub(search.x + 1), ..search };
        let cursor = self.search.draw(buf, field, ctx.style(Meaning::FieldText), true);
        if self.search.is_empty() {
            let hint = "a command, step, person or incident";
            put(buf, field.x + 1, field.y, end, hint, ctx.style(Meaning::FieldPlaceholder));
        }
        let first = self.pick.first(self.hits.len(), usize::from(list.height));
        for (place, y) in (first..self.hits.len()).zip(list.top()..list.bottom()) {
            let line = Rect::new(list.x, y, list.width, 1);
            self.draw_hit(&self.hits[place], ctx, line, buf);
            if place == self.pick.selected {
                paint(buf, line, ctx.style(Meaning::Selection));
            }
        }
        if self.hits.is_empty() {
            put(buf, list.x + 1, list.y, list.right(), "nothing matches", ctx.style(Meaning::Muted));
        }
        cursor
    }

    fn key(&mut self, key: KeyEvent, _ctx: &Ctx) -> Vec<Msg> {
        let page = usize::from(LINES - 3);
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Enter => return self.run(),
            KeyCode::Up => _ = self.pick.act(Move::Up, self.hits.len(), page),
            KeyCode::Down => _ = self.pick.act(Move::Down, self.hits.len(), page),
            KeyCode::PageUp => _ = self.pick.act(Move::PageUp, self.hits.len(), page),
            KeyCode::PageDown => _ = self.pick.act(Move::PageDown, self.hits.len(), page),
            _ => {
                if self.search.key(key) {
                    self.sift();
                }
            }
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, _ctx: &Ctx) -> Vec<Msg> {
        self.search.insert(text);
        self.sift();
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let (_, _, list) = Palette::areas(screen);
        let height = usize::from(list.height);
        match mouse.kind {
            MouseEventKind::ScrollDown => _ = self.pick.act(Move::Down, self.hits.len(), height),
            MouseEventKind::ScrollUp => _ = self.pick.act(Move::Up, self.hits.len(), height),
            MouseEventKind::Down(_) if list.contains((mouse.column, mouse.row).into()) => {
                let place = self.pick.first(self.hits.len(), height) + usize::from(mouse.row - list.y);
                if place < self.hits.len() {
                    self.pick.selected = place;
                    return self.run();
                }
            }
            _ => {}
        }
        Vec::new()
    }
}
