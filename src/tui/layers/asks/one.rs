//! The questions about one ask: what was answered, how much more time, why it is withdrawn.

use super::when::{self, by_when};
use crate::incident::Command;
use crate::incident::asks::Ask;
use crate::incident::command::AskCommand;
use crate::tui::layers::ask;
use crate::tui::layers::form::{Form, Part, Values};
use crate::tui::layers::question::{self, order};
use crate::tui::layers::step::text::moment;
use crate::tui::scene::{Ctx, Scene};

/// Asks what they said; what they were asked stands above.
pub fn answer(ctx: &Ctx, scene: &Scene, ask: &Ask) -> ask::Ask {
    let (incident, id) = (scene.incident, ask.id);
    let (who, by) = (incident.name_of(&ask.who), incident.name_of(&ask.by));
    let asked = moment(ctx.look.zone, ask.at, scene.now);
    let about = format!("{who} was asked by {by} {asked}:\n{}\nWhat is the answer?", ask.what);
    question::ask("Answer", &about, move |answer| {
        Command::Ask(AskCommand::Answer { ask: id, answer: answer.to_owned() })
    })
}

pub(super) fn more_time(ctx: &Ctx, scene: &Scene, ask: &Ask) -> Form {
    let id = ask.id;
    let due =
        ask.due.map(|due| format!(" (back by {})", when::spoken(due, ctx.look.zone))).unwrap_or_default();
    let about = format!("{}: {}{due}", scene.incident.name_of(&ask.who), ask.what);
    let parts = vec![
        Part::text("back", "back in", super::USUAL).placeholder("10m, 1h or 14:20, from now"),
        Part::text("why", "why", ""),
    ];
    let submit = move |values: &Values, ctx: &Ctx| {
        let due = by_when(&values.get("back"), ctx)?.ok_or("say when, such as 10m or 14:20")?;
        order(Command::Ask(AskCommand::Move { ask: id, due, reason: values.get("why") }), ctx)
    };
    Form::new("More time", about, parts, Box::new(submit)).verb("set the clock")
}

pub(super) fn withdraw(scene: &Scene, ask: &Ask) -> ask::Ask {
    let id = ask.id;
    let who = scene.incident.name_of(&ask.who);
    let about = format!("{who}: {}\nWhy is it withdrawn? Nothing typed: no reason given.", ask.what);
    question::ask("Withdraw the ask", &about, move |reason| {
        Command::Ask(AskCommand::Withdraw { ask: id, reason: reason.to_owned() })
    })
}
