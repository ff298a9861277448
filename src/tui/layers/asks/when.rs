//! When somebody is to be back, as people say it, and how much of it is left.

use crate::incident::{Time, Zone};
use crate::report::update::NextUpdate;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;

/// What is understood, for the line below a field.
pub const FORMS: &str = "10m, 1h or 14:20; empty: no clock";

/// Reads `10m`, `1h30m`, a plain number of minutes, or the next `14:20`. Nothing, and `none`, is no clock.
pub fn by_when(text: &str, ctx: &Ctx) -> Result<Option<Time>, String> {
    let wrong = || format!("{text:?} is not a time: write {FORMS}");
    match text.trim() {
        "" => Ok(None),
        text => match NextUpdate::parse(text, ctx.now, ctx.look.zone).map_err(|_| wrong())? {
            NextUpdate::Never => Ok(None),
            NextUpdate::In(span) => Ok(Some(ctx.now + span)),
            NextUpdate::At(time) => Ok(Some(time)),
            NextUpdate::Usual => Err(wrong()),
        },
    }
}

/// `14:20 UTC`, to be said aloud.
pub fn spoken(time: Time, zone: Zone) -> String {
    format!("{} {}", zone.hm(time), zone.label(time))
}

/// What is left until `due`. Red only while nobody has heard it.
pub fn left(due: Time, heard: bool, now: Time) -> (String, Meaning) {
    let left = due.since(now);
    match (due <= now, heard) {
        (false, _) => (format!("{} left", left.clock()), Meaning::Info),
        (true, false) => (format!("OVER by {}", left.abs().short()), Meaning::Alert),
        (true, true) => (format!("over by {}, heard", left.abs().short()), Meaning::Warning),
    }
}

/// The text as a sentence: with a full stop, unless it ends in one or in a question.
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', ':', ';']) { text.to_owned() } else { format!("{text}.") }
}
