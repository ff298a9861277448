//! What can be done to the steps of a checklist, as subcommands of `warroom step`.

use clap::Subcommand;

use super::desk::Desk;
use super::fail::{Done, Fail};
use super::step::{find, find_run};
use crate::config::shipped;
use crate::incident::checklist::find_phase;
use crate::incident::command::StepCommand;
use crate::incident::{Command, Incident, PersonId};

#[derive(Subcommand)]
pub enum Act {
    /// All steps, with their numbers (default)
    List,
    /// Done
    Tick {
        #[arg(required = true)]
        steps: Vec<String>,
    },
    /// Open again
    Untick {
        #[arg(required = true)]
        steps: Vec<String>,
    },
    /// Under way
    Start { step: String },
    /// Not to be done, and why
    Skip {
        step: String,
        #[arg(long)]
        reason: String,
    },
    /// Whose it is; `me` is who acts, `nobody` takes it away
    Assign { step: String, who: String },
    /// Add a step of your own
    Add {
        text: String,
        /// The phase's title or its beginning; else the first
        #[arg(long)]
        phase: Option<String>,
        /// The attached playbook; else the newest
        #[arg(long, value_name = "NAME")]
        playbook: Option<String>,
    },
    /// Remark on a step
    Note { step: String, text: String },
    /// Attach a playbook by its name, or any Markdown file
    Attach { playbook: String },
    /// Take an attached playbook off the room; what was done with it stays
    Detach {
        playbook: Option<String>,
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
}

impl Act {
    /// The commands in their order; every step is found before the first is carried out.
    pub fn commands(self, desk: &Desk, incident: &Incident) -> Done<Vec<Command>> {
        let on = |step: &str, act: StepCommand| {
            find(incident, step).map(|(run, step)| vec![Command::Step { run, step, act }])
        };
        match self {
            Act::List => Ok(Vec::new()),
            Act::Tick { steps } => each(&steps, |step| on(step, StepCommand::Tick)),
            Act::Untick { steps } => each(&steps, |step| on(step, StepCommand::Reopen)),
            Act::Start { step } => on(&step, StepCommand::Start),
            Act::Skip { step, reason } => on(&step, StepCommand::Skip { reason }),
            Act::Assign { step, who } => on(&step, StepCommand::Assign { who: person(&who, desk) }),
            Act::Note { step, text } => on(&step, StepCommand::Note { text }),
            Act::Add { text, phase, playbook } => add(incident, text, phase, playbook.as_deref()),
            Act::Attach { playbook } => shipped::playbook(&desk.paths, &playbook)
                .map(|pinned| vec![Command::Attach(pinned)])
                .map_err(|why| Fail::refused(why, "see `warroom playbook list`")),
            Act::Detach { playbook, reason } => {
                let run = find_run(incident, playbook.as_deref())?.id;
                Ok(vec![Command::Detach { run, reason }])
            }
        }
    }
}

fn each(steps: &[String], one: impl Fn(&str) -> Done<Vec<Command>>) -> Done<Vec<Command>> {
    steps.iter().map(|step| one(step)).collect::<Done<Vec<_>>>().map(|all| all.concat())
}

fn person(name: &str, desk: &Desk) -> Option<PersonId> {
    match name {
        "nobody" => None,
        "me" => Some(desk.me.clone()),
        name => Some(PersonId::new(name)),
    }
}

fn add(
    incident: &Incident,
    text: String,
    phase: Option<String>,
    playbook: Option<&str>,
) -> Done<Vec<Command>> {
    let run = find_run(incident, playbook)?;
    let phase = phase.map(|phase| find_phase(&run.book, &phase).map_or(phase, |known| known.title.clone()));
    let act = StepCommand::Add { phase: phase.unwrap_or_default(), text };
    Ok(vec![Command::Step { run: run.id, step: String::new(), act }])
}
