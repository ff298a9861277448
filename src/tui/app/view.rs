//! Drawing: the screen, the layers over it, and what is to be said.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::App;
use crate::incident::Time;
use crate::tui::msg::Tone;
use crate::tui::theme::Meaning;
use crate::tui::widgets::{blank, put, width, wrap};

impl App {
    /// Draws everything; answers where the cursor is, if it is shown.
    pub fn draw(&self, now: Time, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let screen = screen.intersection(buf.area);
        let ctx = self.ctx(now);
        blank(buf, screen, ctx.style(Meaning::Text));
        let mut cursor = match self.room_screen() {
            Some(room) => room.draw(&ctx, screen, buf),
            None => {
                self.home.draw(&ctx, screen, buf);
                None
            }
        };
        for layer in &self.layers {
            cursor = layer.draw(&self.layer_ctx(&**layer, now), screen, buf);
        }
        self.draw_say(now, screen, buf);
        cursor.filter(|at| screen.contains(*at))
    }

    /// The message stands over the footer, whole, on as many lines as it takes.
    fn draw_say(&self, now: Time, screen: Rect, buf: &mut Buffer) {
        let Some((tone, text, _)) = &self.say else { return };
        let ctx = self.ctx(now);
        let meaning = match tone {
            Tone::Info => Meaning::Info,
            Tone::Good => Meaning::Good,
            Tone::Warning => Meaning::Warning,
            Tone::Alert => Meaning::Alert,
        };
        let lines = wrap::wrap(text, screen.width.saturating_sub(2));
        let height = (lines.len() as u16).min(screen.height / 2);
        let top = screen.bottom().saturating_sub(height);
        blank(buf, Rect::new(screen.x, top, screen.width, height), ctx.style(Meaning::Text));
        for (line, y) in lines.iter().zip(top..screen.bottom()) {
            debug_assert!(width(line) <= screen.width || screen.width < 2);
            put(buf, screen.x + 1, y, screen.right(), line, ctx.style(meaning));
        }
    }
}
