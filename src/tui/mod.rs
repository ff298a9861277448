//! The full-screen console.
//!
//! A key becomes an [`actions::Action`] by the [`keymap`], an action a [`msg::Msg`] in a pane or layer, a
//! message a command for the room or an [`app::Effect`] for the [`shell`]. Views take `&self` and
//! a [`scene::Scene`]. Start at [`app::App`].

pub mod actions;
pub mod app;
pub mod input;
pub mod keymap;
pub mod keys;
pub mod layer;
pub mod layers;
pub mod msg;
pub mod panes;
pub mod scene;
pub mod screens;
mod shell;
pub mod terminal;
pub mod theme;
pub mod widgets;

pub use shell::{Options, run};
