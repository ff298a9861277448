//! Questions about one entry of the timeline: correct it, retract it, go to a time.

use super::ask::Ask;
use crate::incident::describe;
use crate::incident::scribe::{LineTime, parse_line};
use crate::incident::{Command, Entry, EntryId};
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};

/// Asks for the right words; a time in front corrects the time as well.
pub fn correct(scene: &Scene, entry: &Entry) -> Ask {
    let target = entry.id();
    let text = describe::sentence(scene.incident, entry).into_owned();
    let about =
        "The right words; the original is kept. A time in front (14:03, -7m, ~13:30) corrects the time.";
    let answer = move |line: &str, ctx: &Ctx| {
        let parsed = parse_line(line, ctx.now, &ctx.look.zone);
        let at = match parsed.time {
            LineTime::None => None,
            LineTime::Is(when) => Some(when),
            LineTime::Ask(choices) => return Err(which_time(&choices)),
        };
        // Marks such as `!` belong to the words here: only the time is taken off.
        let text = if at.is_some() { parsed.text } else { line.to_owned() };
        Ok(vec![Msg::Order(Command::Correct { target, text, at })])
    };
    Ask::new("Correct", about, Box::new(answer)).with(&text)
}

/// Asks which of several times was meant, in words.
pub fn which_time(choices: &[crate::incident::scribe::TimeChoice]) -> String {
    let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    format!("which time: {}? Write the date with it, such as 2026-11-20 14:03", labels.join(" or "))
}

/// Asks why an entry is retracted.
pub fn retract(target: EntryId) -> Ask {
    let about = "Why? The entry stays readable, struck out. Enter alone retracts without a reason.";
    let answer = move |reason: &str, _: &Ctx| {
        Ok(vec![Msg::Order(Command::Retract { target, reason: reason.to_owned() })])
    };
    Ask::new("Retract", about, Box::new(answer))
}

/// Asks for a time to go to.
pub fn goto() -> Ask {
    let about = "A time, such as 14:05, yesterday 23:10 or 2026-11-20 14:05; -20m is 20 minutes ago.";
    let answer = |text: &str, _: &Ctx| Ok(vec![Msg::Line(format!("goto {text}"))]);
    Ask::new("Go to", about, Box::new(answer))
}
