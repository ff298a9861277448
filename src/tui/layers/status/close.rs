//! Closing: first what is still open, then what became of the data, then the orders (MISSION rows S4.2, B7).

use super::super::choose::{Choose, Item};
use super::super::form::{Form, Part, Values};
use super::super::question::read_only;
use crate::incident::closing::{LooseEnd, LooseKind, close, loose_ends};
use crate::incident::event::DataLoss;
use crate::incident::{Context, Incident};
use crate::tui::actions::{Action, RoomAction};
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};

/// What stands in the field until somebody says what became of the data.
const UNSAID: &str = "not said yet";

/// What is open, where anything is; else the question itself.
pub fn layer(scene: &Scene) -> Box<dyn Layer> {
    let ends = loose_ends(scene.incident);
    if ends.is_empty() { Box::new(question(scene.incident)) } else { Box::new(listed(ends)) }
}

/// Each kind leads to where it can be finished; the last line goes on.
fn listed(ends: Vec<LooseEnd>) -> Choose {
    let line = |end: &LooseEnd| Item::new(end.counted(), end.names.join("; ")).key(key(end.kind));
    let mut items: Vec<Item> = ends.iter().map(line).collect();
    items.push(Item::new("close nevertheless", "what is open stays open and listed").key('c'));
    let chosen = move |index: usize, ctx: &Ctx| match (ends.get(index), ctx.scene) {
        (Some(end), _) => vec![Msg::Act(Action::Room(place(end.kind)))],
        (None, Some(scene)) => vec![Msg::Push(Box::new(question(scene.incident)))],
        (None, None) => Vec::new(),
    };
    Choose::new("Still open", "Before it is closed: Enter goes to a line.", items, Box::new(chosen))
}

fn key(kind: LooseKind) -> char {
    match kind {
        LooseKind::Datasets => 'I',
        LooseKind::Regulator => 'R',
        LooseKind::Decisions => 'd',
        LooseKind::Hypotheses => 'h',
        LooseKind::Steps => '2',
        LooseKind::Asks => 'a',
        LooseKind::Approvals => '4',
        LooseKind::Todos => 't',
        LooseKind::FollowUps => 'F',
    }
}

fn place(kind: LooseKind) -> RoomAction {
    match kind {
        LooseKind::Datasets => RoomAction::Impact,
        LooseKind::Regulator => RoomAction::Timers,
        LooseKind::Decisions => RoomAction::Decide,
        LooseKind::Hypotheses => RoomAction::Causes,
        LooseKind::Steps => RoomAction::FocusChecklist,
        LooseKind::Asks => RoomAction::Ask,
        LooseKind::Approvals => RoomAction::FocusUpdate,
        LooseKind::Todos | LooseKind::FollowUps => RoomAction::FollowUps,
    }
}

/// What became of the data, unless that is said; and why, where a reason is needed.
fn question(incident: &Incident) -> Form {
    let stated = incident.ledger.stated.as_ref();
    let mut parts = Vec::new();
    if stated.is_none() {
        let words: Vec<&str> = std::iter::once(UNSAID).chain(DataLoss::ALL.map(DataLoss::name)).collect();
        parts.push(
            Part::one("data", "Data", &words, 0)
                .help("none: nothing is missing; delayed; lost: gone for good"),
        );
        parts.push(Part::text("text", "In words", "").placeholder("which data, how much, since when"));
    }
    let (about, label) = match (stated, incident.status.is_over()) {
        (_, false) => {
            ("It has not been resolved: closing it says who checked what, and what they saw.", "Checked")
        }
        (None, true) => ("What became of the data? Closing says it explicitly.", "Remark"),
        (Some(_), true) => ("Nothing is left to do. Reopening stays possible.", "Remark"),
    };
    let about = match stated {
        Some(stated) => format!("Data: {} {}\n{about}", stated.data.name(), stated.text),
        None => about.to_owned(),
    };
    let needed = match (incident.status.is_over(), incident.ledger.open().next()) {
        (false, _) => "a count, a test, a report",
        (true, Some(_)) => "why it is closed nevertheless: not everything is recovered",
        (true, None) => "may stay empty",
    };
    parts.push(Part::text("reason", label, "").placeholder(needed));
    Form::new("Close", about, parts, Box::new(orders)).verb("close")
}

fn orders(values: &Values, ctx: &Ctx) -> Result<Vec<Msg>, String> {
    let Some(scene) = ctx.scene else { return Ok(Vec::new()) };
    if !scene.live {
        return Ok(read_only());
    }
    let (word, text) = (values.get("data"), values.get("text"));
    let data = DataLoss::ALL.into_iter().find(|data| data.name() == word);
    // Said by somebody else meanwhile: what stands in the journal holds.
    let needed = scene.incident.ledger.stated.is_none();
    if needed && data.is_none() {
        return Err("say what became of the data: none, delayed or lost (Left/Right)".to_owned());
    }
    let said = data.filter(|_| needed).map(|data| (data, text.as_str()));
    let context = Context { policy: scene.policy(ctx), now: ctx.now, by: ctx.me };
    let commands = close(scene.incident, said, &values.get("reason"), context);
    commands.map(|all| all.into_iter().map(Msg::Order).collect()).map_err(|refusal| refusal.to_string())
}
