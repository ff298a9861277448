//! The brief of the room that is open, for a hand-over (MISSION row B6); its words are made in [`report::brief`].

use crate::report;
use crate::report::update::can_speak;
use crate::tui::scene::{Ctx, Scene};

/// What whoever takes over has to know, as of the room's own time.
pub fn brief(ctx: &Ctx, scene: &Scene) -> String {
    let rows = scene.rows.as_slice().iter().filter(|row| can_speak(row.class()));
    let entries = rows.filter_map(|row| scene.entry(*row));
    report::brief::brief(scene.incident, scene.policy(ctx), entries, scene.now, ctx.look.zone)
}
