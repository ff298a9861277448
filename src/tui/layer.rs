//! Whatever lies over the screen: help, palette, pickers, questions. The topmost layer gets every key.

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::msg::Msg;
use super::scene::Ctx;
use super::screens::declare::DeclareDraft;

/// A layer owns its own form and answers keys with messages. Esc must always answer [`Msg::Pop`].
pub trait Layer {
    /// A word for tests and help.
    fn name(&self) -> &'static str;

    /// Draws itself over `screen`; answers where the cursor is, if it has one.
    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position>;

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg>;

    /// Entries have arrived while it is the topmost: what was waited for may be there.
    fn news(&mut self, _ctx: &Ctx) -> Vec<Msg> {
        Vec::new()
    }

    /// Pasted text; refused by default.
    fn paste(&mut self, _text: &str, _ctx: &Ctx) -> Vec<Msg> {
        Vec::new()
    }

    /// What was typed and not yet used, and the name of the question it answers: Esc does not lose it.
    fn kept(&self) -> Option<(String, String)> {
        None
    }

    /// The same question is asked again: what was typed then is there.
    fn put_back(&mut self, _text: &str) {}

    /// The name of the question, for [`Layer::put_back`].
    fn question(&self) -> Option<String> {
        None
    }

    /// What was typed into the form for a declaration, to be there the next time.
    fn declare_draft(&self) -> Option<DeclareDraft> {
        None
    }

    fn mouse(&mut self, _mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        Vec::new()
    }
}
