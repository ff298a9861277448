//! What may become a follow-up: TODO notes, and the open steps of a playbook's prevention phase (rows S1.10, S4.14).
//!
//! Derived. A step is offered until it is done or skipped, or a follow-up begins with its words.

use crate::incident::checklist::{Line, Run};
use crate::incident::event::{FollowUp, FollowUpKind};
use crate::incident::ids::EntryId;
use crate::incident::state::Incident;
use crate::playbook::StepKind;

/// Where a proposal comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A TODO note.
    Todo(EntryId),
    /// A step of an attached playbook.
    Step { run: EntryId, step: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub source: Source,
    pub text: String,
    /// Who wrote the note, or the title of the playbook.
    pub of: String,
}

impl Proposal {
    /// The follow-up that it would become, to be filled in.
    pub fn follow_up(&self) -> FollowUp {
        let (from, kind) = match self.source {
            // What somebody thought of in the heat is mostly a repair.
            Source::Todo(id) => (Some(id), FollowUpKind::Corrective),
            Source::Step { .. } => (None, FollowUpKind::Preventive),
        };
        FollowUp { text: self.text.clone(), from, kind, ..FollowUp::default() }
    }
}

/// Everything that waits to become a follow-up or to be dismissed: notes first, then steps.
pub fn proposals(incident: &Incident) -> Vec<Proposal> {
    let notes = incident.follow_ups.proposals().map(|todo| Proposal {
        source: Source::Todo(todo.id),
        text: todo.text.clone(),
        of: todo.by.to_string(),
    });
    let steps = incident.attached_runs().flat_map(|run| prevention(incident, run));
    notes.chain(steps).collect()
}

fn prevention<'a>(incident: &'a Incident, run: &'a Run) -> impl Iterator<Item = Proposal> + 'a {
    let phases: Vec<bool> = run.phases().into_iter().map(prevents).collect();
    let wanted = move |line: &Line| {
        let work = line.kind != StepKind::Option && !line.progress().is_settled();
        work && phases.get(line.phase) == Some(&true) && !is_taken(incident, line.text)
    };
    run.lines().into_iter().filter(wanted).map(|line| Proposal {
        source: Source::Step { run: run.id, step: line.id.to_owned() },
        text: line.text.to_owned(),
        of: run.title().to_owned(),
    })
}

fn prevents(phase: &str) -> bool {
    phase.to_lowercase().contains("prevent")
}

fn is_taken(incident: &Incident, step: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let step = words(step);
    incident.follow_ups.all().iter().any(|item| words(&item.what.text).starts_with(&step))
}
