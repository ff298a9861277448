//! What is known of one dataset, as a form: for a new line of the ledger and for a change of one (row B8).
//!
//! Only what was changed goes into the journal, so that two people can fill in different fields at the same time.

use std::collections::BTreeSet;

use super::typed;
use crate::incident::command::ImpactCommand;
use crate::incident::event::{Harm, ImpactChange, Rows};
use crate::incident::ledger::Dataset;
use crate::incident::{Command, Time};
use crate::tui::layers::form::{Form, Part, Values};
use crate::tui::layers::question::order;
use crate::tui::scene::{Ctx, Scene};

/// The choice that no tier applies.
const NO_TIER: &str = "none";

/// A dataset that is not in the ledger yet.
pub fn new(ctx: &Ctx, scene: &Scene) -> Form {
    let name = Part::text("dataset", "dataset", "")
        .placeholder("orders")
        .help("Its name, such as orders or warehouse.orders. One line for each.");
    let mut parts = vec![name];
    parts.extend(fields(ctx, scene, &ImpactChange::default()));
    let about = format!(
        "Only the name is needed; e fills in the rest as it becomes known. {}",
        zone_said(ctx, scene)
    );
    let submit = |values: &Values, ctx: &Ctx| record(values, values.get("dataset"), ctx);
    Form::new("New dataset", about, parts, Box::new(submit)).verb("record")
}

/// What is known of a dataset, to be changed.
pub fn edit(ctx: &Ctx, scene: &Scene, dataset: &Dataset) -> Form {
    let parts = fields(ctx, scene, &dataset.known);
    let name = dataset.name.clone();
    let submit = move |values: &Values, ctx: &Ctx| record(values, name.clone(), ctx);
    let title = format!("Dataset {}", dataset.name);
    let about = format!("Only what you change is recorded. {}", zone_said(ctx, scene));
    Form::new(title, about, parts, Box::new(submit)).verb("record")
}

fn zone_said(ctx: &Ctx, scene: &Scene) -> String {
    format!("Times are in {}.", ctx.look.zone.label(scene.now))
}

fn fields(ctx: &Ctx, scene: &Scene, known: &ImpactChange) -> Vec<Part> {
    let zone = ctx.look.zone;
    let time = |at: Option<Time>| at.map(|at| typed::text(at, zone)).unwrap_or_default();
    let list = |items: &Option<Vec<String>>| items.as_deref().unwrap_or_default().join(", ");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let kinds = Harm::ALL.map(|kind| (kind.name(), known.kinds.iter().flatten().any(|has| *has == kind)));
    let rows = known.rows.map(Rows::typed).unwrap_or_default();
    let clock = typed::hint(zone, scene.now);
    let mut parts = vec![
        Part::many("kinds", "what happened", &kinds),
        Part::text("rows", "rows", &rows)
            .placeholder("~5000")
            .help("5000 is counted; ~5000, 5k and 1.2M are estimates."),
        Part::text("from", "from", &time(known.from)).help(format!("The first data affected: {clock}.")),
        Part::text("until", "until", &time(known.until)).help(format!("The last data affected: {clock}.")),
        Part::text("last-good", "last good", &time(known.last_good))
            .help(format!("The newest data known to be right: {clock}.")),
        Part::text("consumers", "used by", &list(&known.consumers))
            .growing()
            .placeholder("revenue dashboard, fraud model")
            .help("Reports, models, customers; a comma between them."),
        Part::text("teams", "teams", &list(&known.teams))
            .growing()
            .help("Who must be told; a comma between them.")
            .completing(teams(ctx, scene)),
    ];
    parts.extend(tier(ctx, scene, known));
    parts.push(Part::text("note", "note", &text(&known.note)).growing());
    parts
}

/// The recovery tiers of the policy with their targets; none, where it has none.
fn tier(ctx: &Ctx, scene: &Scene, known: &ImpactChange) -> Option<Part> {
    let tiers = &scene.policy(ctx).tiers;
    let names: Vec<&str> = [NO_TIER].into_iter().chain(tiers.iter().map(|tier| tier.name.as_str())).collect();
    let known = known.tier.as_deref().unwrap_or(NO_TIER);
    let chosen = names.iter().position(|name| name.eq_ignore_ascii_case(known)).unwrap_or(0);
    let about: Vec<String> =
        tiers.iter().map(|tier| format!("{} RTO {} RPO {}", tier.name, tier.rto, tier.rpo)).collect();
    let help = format!("The recovery target that was agreed on. {}.", about.join("; "));
    (!tiers.is_empty()).then(|| Part::one("tier", "tier", &names, chosen).help(help))
}

/// Teams that somebody named before.
fn teams(ctx: &Ctx, scene: &Scene) -> Vec<String> {
    let incident = scene.incident;
    let called = incident.roles.roll_call().teams.iter().map(|team| team.name.as_str());
    let expected = scene.policy(ctx).rules.roll_call.iter().map(String::as_str);
    let all: BTreeSet<&str> = incident.ledger.teams().into_iter().chain(called).chain(expected).collect();
    all.into_iter().map(str::to_owned).collect()
}

fn record(values: &Values, dataset: String, ctx: &Ctx) -> Result<Vec<crate::tui::msg::Msg>, String> {
    let change = change(values, dataset, ctx)?;
    order(Command::Impact(ImpactCommand::Record(change)), ctx)
}

/// What was changed in the form.
fn change(values: &Values, dataset: String, ctx: &Ctx) -> Result<ImpactChange, String> {
    let touched = |id: &str| !values.is_untouched(id);
    let time = |id: &str| match touched(id) {
        true => typed::moment(&values.get(id), ctx.now, ctx.look.zone)?.map(Some).ok_or_else(|| stays(id)),
        false => Ok(None),
    };
    let list = |id: &str| touched(id).then(|| values.list(id));
    let rows = match touched("rows") {
        true => Some(rows(&values.get("rows"))?),
        false => None,
    };
    Ok(ImpactChange {
        dataset,
        kinds: touched("kinds").then(|| kinds(&values.list("kinds"))),
        rows,
        from: time("from")?,
        until: time("until")?,
        last_good: time("last-good")?,
        consumers: list("consumers"),
        teams: list("teams"),
        tier: touched("tier")
            .then(|| values.get("tier"))
            .map(|tier| if tier == NO_TIER { String::new() } else { tier }),
        note: touched("note").then(|| values.get("note")),
        ..ImpactChange::default()
    })
}

/// The log has no word for "not known after all": the entry is taken back instead.
fn stays(id: &str) -> String {
    format!("{id} cannot be emptied: U in the room takes the entry back that said it")
}

fn rows(text: &str) -> Result<Rows, String> {
    match text {
        "" => Err(stays("rows")),
        text => Rows::parse(text)
            .ok_or_else(|| format!("{text:?} is no number of rows: type 5000, ~5000, 5k or 1.2M")),
    }
}

fn kinds(named: &[String]) -> BTreeSet<Harm> {
    Harm::ALL.into_iter().filter(|kind| named.iter().any(|name| name == kind.name())).collect()
}
