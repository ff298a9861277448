//! What the palette can find: actions, steps, people, incidents, in this order.

use crate::incident::checklist::Run as Checklist;
use crate::incident::command::StepCommand;
use crate::incident::{Command, EntryId};
use crate::tui::actions::{self, Action, Context, REGISTRY, Spec};
use crate::tui::layers::question;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::screens::home::Place;

/// One line that can be found.
pub struct Candidate {
    pub kind: &'static str,
    /// What is searched and shown.
    pub text: String,
    pub key: String,
    pub run: Run,
    /// Why it cannot be run now.
    pub blocked: Option<&'static str>,
}

/// What Enter does.
pub enum Run {
    Act(Action),
    Tick { run: EntryId, step: String },
    Line(String),
    Go(Place),
}

impl Run {
    pub fn message(&self) -> Msg {
        match self {
            Run::Act(action) => Msg::Act(*action),
            Run::Tick { run, step } => {
                Msg::Order(Command::Step { run: *run, step: step.clone(), act: StepCommand::Tick })
            }
            Run::Line(line) => Msg::Line(line.clone()),
            Run::Go(place) => place.go(),
        }
    }
}

/// Everything, the actions of the nearest context first.
pub fn candidates(ctx: &Ctx, contexts: &[Context], places: Vec<Place>) -> Vec<Candidate> {
    let mut found = actions(ctx, contexts);
    if let Some(scene) = ctx.scene.filter(|scene| scene.live) {
        found.extend(scene.incident.attached_runs().flat_map(steps));
        found.extend(people(ctx, &scene));
    }
    found.extend(places.into_iter().map(place));
    found
}

fn actions(ctx: &Ctx, contexts: &[Context]) -> Vec<Candidate> {
    let near =
        |spec: &&Spec| contexts.iter().position(|context| *context == spec.context).unwrap_or(usize::MAX);
    let mut specs: Vec<&Spec> =
        REGISTRY.iter().filter(|spec| !matches!(spec.action, Action::Move(_))).collect();
    specs.sort_by_key(near);
    specs.into_iter().map(|spec| action(spec, ctx)).collect()
}

fn action(spec: &Spec, ctx: &Ctx) -> Candidate {
    let key = ctx.keymap.key(spec.action).map(|key| key.to_string()).unwrap_or_default();
    let text = format!("{}: {}", spec.name, spec.about);
    Candidate {
        kind: "command",
        text,
        key,
        run: Run::Act(spec.action),
        blocked: actions::blocked(spec, ctx.scene.map(|scene| scene.live)),
    }
}

/// The steps that are not settled yet.
fn steps(run: &Checklist) -> Vec<Candidate> {
    let open = run.lines().into_iter().filter(|line| !line.progress().is_settled());
    let tick = |line: crate::incident::checklist::Line| Candidate {
        kind: "step",
        text: format!("tick: {}", line.text),
        key: String::new(),
        run: Run::Tick { run: run.id, step: line.id.to_owned() },
        blocked: None,
    };
    open.map(tick).collect()
}

fn people(ctx: &Ctx, scene: &Scene) -> Vec<Candidate> {
    let commander = scene.incident.commander().map(|who| who.as_str());
    let others = question::people(ctx, scene).into_iter().filter(|who| Some(who.as_str()) != commander);
    let candidate = |who: String| Candidate {
        kind: "person",
        text: format!("commander: {who}"),
        key: String::new(),
        run: Run::Line(format!("role commander {who}")),
        blocked: None,
    };
    others.map(candidate).collect()
}

fn place(place: Place) -> Candidate {
    let kind = if place.past { "replay" } else { "incident" };
    let text = format!("{}: {}", place.name, place.about);
    Candidate { kind, text, key: String::new(), run: Run::Go(place), blocked: None }
}
