//! What can be done to a step: the questions and orders, the same from the checklist and from the
//! step's own layer. Nothing here changes the incident; it answers with messages.

use crate::incident::Command;
use crate::incident::EntryId;
use crate::incident::PersonId;
use crate::incident::checklist::{Line, Progress, Run};
use crate::incident::command::StepCommand;
use crate::playbook::StepKind;
use crate::tui::actions::ChecklistAction;
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::layers::question::{ask, people, read_only};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};

/// A step of an attached playbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub run: EntryId,
    pub step: String,
}

impl Target {
    pub fn new(run: EntryId, step: &str) -> Self {
        Self { run, step: step.to_owned() }
    }

    fn command(&self, act: StepCommand) -> Command {
        Command::Step { run: self.run, step: self.step.clone(), act }
    }

    fn order(&self, act: StepCommand) -> Vec<Msg> {
        vec![Msg::Order(self.command(act))]
    }

    /// A question about this step whose answer becomes an act.
    fn ask(
        &self,
        title: &str,
        about: String,
        act: impl Fn(&str) -> StepCommand + 'static,
    ) -> super::super::ask::Ask {
        let target = self.clone();
        ask(title, &about, move |text| target.command(act(text)))
    }
}

/// Carries out an action on a step.
pub fn act(action: ChecklistAction, ctx: &Ctx, scene: &Scene, run: &Run, line: &Line) -> Vec<Msg> {
    if !scene.live {
        return read_only();
    }
    let target = Target::new(run.id, line.id);
    let layer = match action {
        ChecklistAction::Tick => return tick(&target, run, line),
        ChecklistAction::Start => return target.order(StepCommand::Start),
        ChecklistAction::Skip => {
            let about = format!("{}\nWhy is it not done? The reason stays in the log.", line.text);
            target.ask("Skip", about, |text| StepCommand::Skip { reason: text.to_owned() })
        }
        ChecklistAction::Assign => assign(&target, ctx, scene, line),
        ChecklistAction::Note => {
            let about = format!("{}\nWhat is worth knowing about it?", line.text);
            target.ask("Comment", about, |text| StepCommand::Note { text: text.to_owned() })
        }
        ChecklistAction::Add => add(run, Some(line)),
        _ => return Vec::new(),
    };
    vec![Msg::Push(Box::new(layer))]
}

/// Ticks, or opens again. A choice is done by taking one of its options.
fn tick(target: &Target, run: &Run, line: &Line) -> Vec<Msg> {
    if line.progress() == Progress::Done {
        return target.order(StepCommand::Reopen);
    }
    let options = options(run, line.id);
    if line.kind != StepKind::Choice || options.is_empty() {
        return target.order(StepCommand::Tick);
    }
    let items = options.iter().map(|option| Item::new(option.text, danger(option))).collect();
    let targets: Vec<Target> = options.iter().map(|option| Target::new(run.id, option.id)).collect();
    let chosen = move |index: usize, _: &Ctx| {
        targets.get(index).map_or_else(Vec::new, |target| target.order(StepCommand::Tick))
    };
    vec![Msg::Push(Box::new(Choose::new("One of these", line.text, items, Box::new(chosen))))]
}

fn danger(line: &Line) -> &'static str {
    if line.step.is_some_and(|step| step.destructive) { "destructive" } else { "" }
}

/// The options of a choice, in the order of the playbook.
pub fn options<'a>(run: &'a Run, choice: &str) -> Vec<Line<'a>> {
    let Some((phase, step)) = run.book.step(choice) else { return Vec::new() };
    let place = phase.steps.iter().position(|other| other.id == step.id);
    let is_option = |line: &Line| {
        let own = line.step.is_some_and(|step| step.parent == place && step.kind == StepKind::Option);
        own && run.book.step(line.id).is_some_and(|(other, _)| other.id == phase.id)
    };
    run.lines().into_iter().filter(is_option).collect()
}

fn assign(target: &Target, ctx: &Ctx, scene: &Scene, line: &Line) -> super::super::ask::Ask {
    let about = format!("{}\nWho takes it? Nothing typed: nobody.", line.text);
    let owner = line.state.and_then(|state| state.owner.as_ref()).map_or("", PersonId::as_str);
    let act = |text: &str| {
        let who = Some(PersonId::new(text)).filter(|who| !who.is_empty());
        StepCommand::Assign { who }
    };
    target.ask("Assign", about, act).with(owner).completing(people(ctx, scene))
}

/// Asks for a step to add, to the phase of `line` or to the first one.
pub fn add(run: &Run, line: Option<&Line>) -> super::super::ask::Ask {
    let phases = run.phases();
    let phase = phases.get(line.map_or(0, |line| line.phase)).map_or("Added", |phase| phase).to_owned();
    let about = format!("What else is to be done in {phase:?}?");
    let target = Target::new(run.id, "");
    target.ask("Add a step", about, move |text| StepCommand::Add {
        phase: phase.clone(),
        text: text.to_owned(),
    })
}

/// What `y` copies of a step: its commands, else its text.
pub fn copied(line: &Line) -> String {
    let commands: Vec<&str> =
        line.step.into_iter().flat_map(|step| &step.commands).map(|code| code.text.trim_end()).collect();
    if commands.is_empty() { line.text.to_owned() } else { commands.join("\n\n") }
}

/// Copies, and says what.
pub fn copy(line: &Line) -> Vec<Msg> {
    let commands = line.step.map_or(0, |step| step.commands.len());
    let said = match commands {
        0 => "the step's text is copied".to_owned(),
        1 => "the command is copied".to_owned(),
        n => format!("{n} commands are copied"),
    };
    vec![Msg::Copy(copied(line)), Msg::Say(Tone::Good, said)]
}
