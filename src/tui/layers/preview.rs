//! An update before it goes out: who gets it, by which way, and every word of it.
//!
//! The last look before something reaches other people. It changes nothing of the text and sends only on Enter or Ctrl-S.

use std::cell::Cell;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::incident::Command;
use crate::incident::event::SentUpdate;
use crate::report::update::{doubts, promise};
use crate::tui::actions::{Action, Context, Move, UpdateAction};
use crate::tui::keys::Key;
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::panes::update::Edit;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::{boxed, put, put_right, wrap};

/// Widest box, in columns: a line of text that is still read easily.
const COLUMNS: u16 = 84;
/// How far a page key scrolls, in lines.
const PAGE: usize = 10;
/// From this many lines on there are empty ones around the text.
const ROOMY: u16 = 8;
const WAY: &str = "goes to the local record (no client is configured)";
const HINT: &str = "Enter sends   e back to writing   Esc back";

pub struct Preview {
    sent: SentUpdate,
    /// What to look at first, in sentences.
    doubts: Vec<String>,
    /// Somebody has seen the doubts and pressed Enter once.
    warned: bool,
    top: usize,
    /// The last line that the frame before could begin with; only a frame knows how the text breaks.
    furthest: Cell<usize>,
}

impl Preview {
    /// `warning` comes before the doubts about the text itself.
    pub fn new(sent: SentUpdate, warning: Option<String>) -> Self {
        let doubts = warning.into_iter().chain(doubts(&sent.body, sent.word, sent.next)).collect();
        Self { sent, doubts, warned: false, top: 0, furthest: Cell::new(0) }
    }

    /// What stands above the text, wrapped.
    fn head(&self, ctx: &Ctx, columns: u16) -> Vec<(Meaning, String)> {
        let next = match self.sent.next {
            Some(next) => {
                format!("{}, in {}", promise(Some(next), ctx.now, ctx.look.zone), next.since(ctx.now).short())
            }
            None => promise(None, ctx.now, ctx.look.zone),
        };
        let target =
            [format!("To: {}", self.sent.audience), WAY.to_owned()].map(|text| (Meaning::Title, text));
        let doubts = self.doubts.iter().map(|doubt| (Meaning::Warning, doubt.clone()));
        let status = (Meaning::Text, format!("Status: {}   Next update: {next}", self.sent.word));
        // The doubts come before what fits into a small box no more.
        let parts: Vec<(Meaning, String)> = target.into_iter().chain(doubts).chain([status]).collect();
        let lines = parts.iter().flat_map(|(meaning, text)| {
            wrap::wrap(text, columns).into_iter().map(|line| (*meaning, line.to_owned()))
        });
        lines.collect()
    }

    /// What is doubtful is sent by a second Enter only.
    fn send(&mut self) -> Vec<Msg> {
        if !self.doubts.is_empty() && !self.warned {
            self.warned = true;
            return vec![Msg::Say(
                Tone::Warning,
                "look at the doubts above: Enter again sends it as it is".into(),
            )];
        }
        vec![
            Msg::Pop,
            Msg::Composer(Edit::Ordered(self.sent.body.clone())),
            Msg::Order(Command::Update(self.sent.clone())),
        ]
    }

    fn scroll(&mut self, to: Move) {
        let last = self.furthest.get();
        self.top = match to {
            Move::Up => self.top.saturating_sub(1),
            Move::Down => self.top + 1,
            Move::PageUp | Move::HalfUp => self.top.saturating_sub(PAGE),
            Move::PageDown | Move::HalfDown => self.top + PAGE,
            Move::Top => 0,
            Move::Bottom => last,
            Move::Left | Move::Right => self.top,
        }
        .min(last);
    }

    /// Draws the text into `area`; answers how much of it is seen, when that is not all.
    fn draw_text(&self, ctx: &Ctx, area: Rect, buf: &mut Buffer) -> String {
        let lines = wrap::wrap(&self.sent.body, area.width);
        let height = usize::from(area.height);
        self.furthest.set(lines.len().saturating_sub(height));
        let first = self.top.min(self.furthest.get());
        for (line, y) in lines.iter().skip(first).zip(area.top()..area.bottom()) {
            put(buf, area.x, y, area.right(), line, ctx.style(Meaning::Text));
        }
        let seen = (first + height).min(lines.len());
        if lines.len() > height { format!("{seen}/{}", lines.len()) } else { String::new() }
    }
}

impl Layer for Preview {
    fn name(&self) -> &'static str {
        "preview"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let columns = COLUMNS.min(screen.width);
        let head = self.head(ctx, columns.saturating_sub(4));
        let text = wrap::wrap(&self.sent.body, columns.saturating_sub(4)).len();
        let lines = u16::try_from(head.len() + text + 5).unwrap_or(u16::MAX);
        let inner = boxed::popup(buf, screen, (columns, lines), "Send this update?", &ctx.look);
        let (x, end) = (inner.x + 1, inner.right().saturating_sub(1));
        let roomy = u16::from(inner.height >= ROOMY);
        let bottom = inner.bottom() - u16::from(inner.height >= 4);
        // The text keeps half of the box.
        let most = if roomy == 1 { inner.height / 2 } else { inner.height.saturating_sub(2).max(1) };
        let mut y = inner.y;
        for (meaning, line) in head.iter().take(usize::from(most.min(bottom.saturating_sub(inner.y)))) {
            put(buf, x, y, end, line, ctx.style(*meaning));
            y += 1;
        }
        y = (y + roomy).min(bottom);
        let area = Rect::new(x, y, end.saturating_sub(x), bottom.saturating_sub(y + roomy));
        let seen = self.draw_text(ctx, area, buf);
        if bottom < inner.bottom() {
            let hint_end = put(buf, x, bottom, end, HINT, ctx.style(Meaning::Muted));
            put_right(buf, hint_end.saturating_add(1), bottom, end, &seen, ctx.style(Meaning::Muted));
        }
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return self.send(),
            KeyCode::Char('s') if control => return self.send(),
            KeyCode::Char('e') if !control => {
                return vec![Msg::Pop, Msg::Act(Action::Update(UpdateAction::Compose))];
            }
            KeyCode::Esc | KeyCode::Char('q') => return vec![Msg::Pop],
            _ => {}
        }
        if let Some(Action::Move(to)) = ctx.keymap.action(&[Context::Everywhere], Key::from(key)) {
            self.scroll(to);
        }
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.scroll(Move::Down),
            MouseEventKind::ScrollUp => self.scroll(Move::Up),
            _ => {}
        }
        Vec::new()
    }
}
