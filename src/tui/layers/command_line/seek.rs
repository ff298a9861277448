//! Where `goto 14:05` goes: in a live room as the scribe line reads times, in a replay as its player reads them.

use crate::incident::Time;
use crate::incident::scribe::{LineTime, parse_time};
use crate::tui::layers::entry::which_time;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;

/// The message that goes there.
pub fn time(text: &str, ctx: &Ctx) -> Result<Msg, String> {
    let scene = ctx.scene.ok_or("no incident is open: open one first")?;
    let text = text.trim();
    if scene.live {
        return written(text, ctx).map(Msg::Goto);
    }
    // Only the player knows where the replay begins and ends.
    Ok(Msg::Seek(text.to_owned()))
}

/// As the scribe line understands it.
fn written(text: &str, ctx: &Ctx) -> Result<Time, String> {
    if let Some(time) = Time::parse(text) {
        return Ok(time);
    }
    match parse_time(text, ctx.now, &ctx.look.zone) {
        Some(LineTime::Is(when)) => Ok(when.time),
        Some(LineTime::Ask(choices)) => Err(which_time(&choices)),
        _ => Err(format!("{text:?} is not a time: type 14:05, -20m, yesterday 23:10 or 2026-11-20 14:05")),
    }
}
