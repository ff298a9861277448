//! The four panes of the room. A pane owns its own selection and scroll, and nothing else.

pub mod checklist;
pub mod roles;
pub mod timeline;
pub mod update;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::actions::{Action, Context};
use super::msg::Msg;
use super::scene::{Ctx, Scene};

pub trait Pane {
    /// The context whose keys it understands.
    fn context(&self) -> Context;

    /// Draws itself, frame included. Answers where the cursor is while something is typed into it.
    fn draw(&self, ctx: &Ctx, scene: &Scene, area: Rect, buf: &mut Buffer, focused: bool)
    -> Option<Position>;

    /// Carries out an action of its context, or a [`super::actions::Move`]. `area` is where it is drawn.
    fn act(&mut self, action: Action, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<Msg>;

    /// Whether a field of it has the keys now.
    fn typing(&self) -> bool {
        false
    }

    /// A key while it is typing.
    fn key(&mut self, _key: KeyEvent, _ctx: &Ctx, _scene: &Scene) -> Vec<Msg> {
        Vec::new()
    }

    /// Pasted text while it is typing.
    fn paste(&mut self, _text: &str, _ctx: &Ctx, _scene: &Scene) -> Vec<Msg> {
        Vec::new()
    }

    /// A click inside its area.
    fn click(&mut self, _at: Position, _ctx: &Ctx, _scene: &Scene, _area: Rect) -> Vec<Msg> {
        Vec::new()
    }

    /// What `y` copies.
    fn copied(&self, _ctx: &Ctx, _scene: &Scene) -> Option<String> {
        None
    }

    /// Shows only what contains `filter`; empty shows all.
    fn filter(&mut self, _filter: &str, _ctx: &Ctx, _scene: &Scene) {}

    /// The room has changed: entries arrived, or the replay moved.
    fn refresh(&mut self, _ctx: &Ctx, _scene: &Scene) {}
}
