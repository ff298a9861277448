//! The small questions about a dataset: contained, recovered, withdrawn; and what became of the data (rows B8, S4.13).

use super::typed;
use crate::incident::command::ImpactCommand;
use crate::incident::event::{DataLoss, ImpactChange};
use crate::incident::ledger::Dataset;
use crate::incident::{Command, Time};
use crate::tui::layers::ask::Ask;
use crate::tui::layers::form::{Form, Part, Values};
use crate::tui::layers::question::{ask, order};
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};

/// The recovery strategies of the field (row S1.7).
const STRATEGIES: [&str; 4] =
    ["point-in-time restore", "replay from source", "manual correction", "reprocessed"];

/// Since when nothing more is damaged.
pub fn contained(ctx: &Ctx, scene: &Scene, dataset: &Dataset) -> Ask {
    let about = format!(
        "Since when is nothing more of {} damaged?\n{}.",
        dataset.name,
        typed::hint(ctx.look.zone, scene.now)
    );
    let name = dataset.name.clone();
    let answer = move |text: &str, ctx: &Ctx| {
        let contained = Some(required(text, ctx)?);
        record(ImpactChange { dataset: name.clone(), contained, ..ImpactChange::default() }, ctx)
    };
    Ask::new("Contained", about, Box::new(answer)).with(&at_or_now(ctx, dataset.known.contained))
}

/// Since when it is back, and how that was done.
pub fn recovered(ctx: &Ctx, scene: &Scene, dataset: &Dataset) -> Form {
    let known = &dataset.known;
    let how = known.how.clone().unwrap_or_default();
    let parts = vec![
        Part::text("when", "when", &at_or_now(ctx, known.recovered))
            .help(typed::hint(ctx.look.zone, scene.now)),
        Part::text("how", "how", &how)
            .placeholder("point-in-time restore")
            .help(format!("Such as {}.", STRATEGIES.join(", ")))
            .completing(STRATEGIES.map(str::to_owned).to_vec()),
    ];
    let name = dataset.name.clone();
    let submit = move |values: &Values, ctx: &Ctx| {
        let recovered = Some(required(&values.get("when"), ctx)?);
        let how = (!values.is_untouched("how")).then(|| values.get("how"));
        record(ImpactChange { dataset: name.clone(), recovered, how, ..ImpactChange::default() }, ctx)
    };
    let about = format!("{} is whole again: since when, and how?", dataset.name);
    Form::new("Recovered", about, parts, Box::new(submit)).verb("record").at("how")
}

pub fn withdraw(dataset: &Dataset) -> Ask {
    let name = dataset.name.clone();
    let about = format!("{name} leaves the ledger: it was not affected. Why?");
    ask("Withdraw", &about, move |reason| {
        Command::Impact(ImpactCommand::Withdraw { dataset: name.clone(), reason: reason.to_owned() })
    })
}

/// What is said of the data when the incident is closed.
pub fn state(scene: &Scene) -> Form {
    let stated = scene.incident.ledger.stated.as_ref();
    let names = DataLoss::ALL.map(DataLoss::name);
    let chosen = DataLoss::ALL.iter().position(|data| stated.is_some_and(|stated| stated.data == *data));
    let text = stated.map_or("", |stated| stated.text.as_str());
    let parts = vec![
        Part::one("data", "lost or late", &names, chosen.unwrap_or(0))
            .help("none: nothing was lost. delayed: it came late. lost: some is gone for good."),
        Part::text("text", "in words", text).help("Which data, and how much. Needed unless it is none."),
    ];
    let submit = |values: &Values, ctx: &Ctx| {
        let named = values.get("data");
        let data = DataLoss::ALL.into_iter().find(|data| data.name() == named).unwrap_or(DataLoss::None);
        order(Command::Impact(ImpactCommand::State { data, text: values.get("text") }), ctx)
    };
    let about = "What became of the data in the end? The closing message says it.";
    Form::new("The data, in the end", about, parts, Box::new(submit)).verb("state")
}

fn at_or_now(ctx: &Ctx, at: Option<Time>) -> String {
    at.map_or_else(|| "now".to_owned(), |at| typed::text(at, ctx.look.zone))
}

fn required(text: &str, ctx: &Ctx) -> Result<Time, String> {
    typed::moment(text, ctx.now, ctx.look.zone)?.ok_or_else(|| "when? now, or a time".to_owned())
}

fn record(change: ImpactChange, ctx: &Ctx) -> Result<Vec<Msg>, String> {
    order(Command::Impact(ImpactCommand::Record(change)), ctx)
}
