//! A playbook at work in an incident: which steps are done, by whom, when.
//!
//! The playbook's text is pinned into the journal when it is attached; a [`Run`] is that text and
//! what people did to its steps. Start at [`Run::lines`].

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event::StepAct;
use super::ids::{EntryId, PersonId};
use super::time::{Span, Time};
use crate::playbook::{self, Phase, Playbook, StepKind};

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    #[default]
    Open,
    Started,
    Done,
    Skipped,
}

impl Progress {
    pub const fn is_settled(self) -> bool {
        matches!(self, Progress::Done | Progress::Skipped)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Progress::Open => "open",
            Progress::Started => "started",
            Progress::Done => "done",
            Progress::Skipped => "skipped",
        }
    }
}

/// What was done to one step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepState {
    pub progress: Progress,
    /// Who last changed the progress, and when.
    pub by: Option<PersonId>,
    pub at: Option<Time>,
    pub owner: Option<PersonId>,
    /// Why it was skipped.
    pub reason: String,
    pub notes: Vec<StepNote>,
    /// What undo goes back to: the step before each entry that changed it.
    #[serde(default)]
    pub changes: Vec<Change>,
}

/// A step as it was before an entry changed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub entry: EntryId,
    pub progress: Progress,
    pub reason: String,
    pub owner: Option<PersonId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepNote {
    pub by: PersonId,
    pub at: Time,
    pub text: String,
}

/// A step that the room added to a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddedStep {
    pub id: String,
    pub phase: String,
    pub text: String,
}

/// One attached playbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "PinnedRun")]
pub struct Run {
    pub id: EntryId,
    pub name: String,
    pub digest: String,
    pub text: Arc<str>,
    pub attached_at: Time,
    pub by: PersonId,
    pub detached: Option<Time>,
    pub added: Vec<AddedStep>,
    pub steps: BTreeMap<String, StepState>,
    /// Parsed from `text`, never stored.
    #[serde(skip_serializing)]
    pub book: Arc<Playbook>,
}

/// A run as it is stored: the playbook is parsed again from its text.
#[derive(Deserialize)]
struct PinnedRun {
    id: EntryId,
    name: String,
    digest: String,
    text: Arc<str>,
    attached_at: Time,
    by: PersonId,
    detached: Option<Time>,
    added: Vec<AddedStep>,
    steps: BTreeMap<String, StepState>,
}

impl From<PinnedRun> for Run {
    fn from(pinned: PinnedRun) -> Run {
        let book = Arc::new(playbook::parse(&pinned.text).0);
        let PinnedRun { id, name, digest, text, attached_at, by, detached, added, steps } = pinned;
        Run { id, name, digest, text, attached_at, by, detached, added, steps, book }
    }
}

/// One line of the checklist as it is shown.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Index of the phase in [`Run::phases`].
    pub phase: usize,
    pub id: &'a str,
    pub text: &'a str,
    pub depth: u8,
    pub kind: StepKind,
    /// The playbook's step; `None` for an added one.
    pub step: Option<&'a playbook::Step>,
    pub state: Option<&'a StepState>,
}

impl Line<'_> {
    pub fn progress(&self) -> Progress {
        self.state.map_or(Progress::Open, |state| state.progress)
    }

    /// Options are ways to do their choice, not work of their own.
    pub fn counts(&self) -> bool {
        self.kind != StepKind::Option
    }
}

/// n of m, and the time box, of one phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseSummary {
    pub title: String,
    pub done: usize,
    pub total: usize,
    /// When its time box opens and runs out.
    pub opens: Option<Time>,
    pub ends: Option<Time>,
}

impl PhaseSummary {
    pub fn is_complete(&self) -> bool {
        self.total > 0 && self.done == self.total
    }
}

impl Run {
    pub(super) fn attach(
        id: EntryId,
        name: &str,
        digest: &str,
        text: &str,
        at: Time,
        by: PersonId,
        book: Playbook,
    ) -> Self {
        Self {
            id,
            name: name.to_owned(),
            digest: digest.to_owned(),
            text: text.into(),
            attached_at: at,
            by,
            detached: None,
            added: Vec::new(),
            steps: BTreeMap::new(),
            book: Arc::new(book),
        }
    }

    pub fn title(&self) -> &str {
        if self.book.title.is_empty() { &self.name } else { &self.book.title }
    }

    /// The playbook's phases by title, then those that only added steps name.
    pub fn phases(&self) -> Vec<&str> {
        let mut titles: Vec<&str> = self.book.phases.iter().map(|phase| phase.title.as_str()).collect();
        for added in &self.added {
            if !titles.contains(&added.phase.as_str()) {
                titles.push(&added.phase);
            }
        }
        titles
    }

    /// Every step in the order of the pane: by phase, added ones last in theirs.
    pub fn lines(&self) -> Vec<Line<'_>> {
        let titles = self.phases();
        let mut lines = Vec::new();
        for (index, title) in titles.iter().enumerate() {
            if let Some(phase) = self.book.phases.get(index) {
                lines.extend(phase.steps.iter().map(|step| self.line(index, step)));
            }
            let added = self.added.iter().filter(|added| added.phase == *title);
            lines.extend(added.map(|added| self.added_line(index, added)));
        }
        lines
    }

    fn line<'a>(&'a self, phase: usize, step: &'a playbook::Step) -> Line<'a> {
        Line {
            phase,
            id: &step.id,
            text: &step.text,
            depth: step.depth,
            kind: step.kind,
            step: Some(step),
            state: self.steps.get(&step.id),
        }
    }

    fn added_line<'a>(&'a self, phase: usize, added: &'a AddedStep) -> Line<'a> {
        let state = self.steps.get(&added.id);
        Line { phase, id: &added.id, text: &added.text, depth: 0, kind: StepKind::Task, step: None, state }
    }

    pub fn has_step(&self, id: &str) -> bool {
        self.book.step(id).is_some() || self.added.iter().any(|added| added.id == id)
    }

    pub fn step_text(&self, id: &str) -> Option<&str> {
        let added = self.added.iter().find(|added| added.id == id).map(|added| added.text.as_str());
        self.book.step(id).map(|(_, step)| step.text.as_str()).or(added)
    }

    pub fn progress(&self, id: &str) -> Progress {
        self.steps.get(id).map_or(Progress::Open, |state| state.progress)
    }

    pub fn summaries(&self) -> Vec<PhaseSummary> {
        let titles = self.phases();
        let mut summaries: Vec<PhaseSummary> =
            titles.iter().enumerate().map(|(index, title)| self.empty_summary(index, title)).collect();
        for line in self.lines().into_iter().filter(Line::counts) {
            let summary = &mut summaries[line.phase];
            summary.total += 1;
            summary.done += usize::from(line.progress().is_settled());
        }
        summaries
    }

    fn empty_summary(&self, index: usize, title: &str) -> PhaseSummary {
        let time_box = self.book.phases.get(index).and_then(|phase| phase.time_box.as_ref());
        let after = |secs: u32| self.attached_at + Span::from_secs(i64::from(secs));
        PhaseSummary {
            title: title.to_owned(),
            done: 0,
            total: 0,
            opens: time_box.map(|time_box| after(time_box.start_s)),
            ends: time_box.and_then(|time_box| time_box.end_s).map(after),
        }
    }

    /// n of m over all phases.
    pub fn totals(&self) -> (usize, usize) {
        let summaries = self.summaries();
        (summaries.iter().map(|s| s.done).sum(), summaries.iter().map(|s| s.total).sum())
    }

    /// A choice and the options beside `option`, when it is one.
    fn siblings(&self, option: &str) -> Option<(String, Vec<String>)> {
        let (phase, step) = self.book.step(option)?;
        if step.kind != StepKind::Option {
            return None;
        }
        let parent = step.parent?;
        let options = phase.steps.iter().filter(|other| other.parent == Some(parent) && other.id != option);
        Some((phase.steps.get(parent)?.id.clone(), options.map(|other| other.id.clone()).collect()))
    }

    pub(super) fn act(&mut self, step: &str, act: &StepAct, doing: &Doing) {
        match act {
            StepAct::Ticked => self.tick(step, doing),
            StepAct::Started => self.set(step, Progress::Started, doing, ""),
            StepAct::Reopened => self.reopen(step, doing),
            StepAct::Skipped { reason } => self.set(step, Progress::Skipped, doing, reason),
            StepAct::Assigned { who } => {
                let state = self.state(step);
                state.remember(doing);
                state.owner = who.clone();
            }
            StepAct::Noted { text } => {
                let note = StepNote { by: doing.by.clone(), at: doing.at, text: text.clone() };
                self.state(step).notes.push(note);
            }
            StepAct::Added { phase, text } => {
                let added = AddedStep { id: step.to_owned(), phase: phase.clone(), text: text.clone() };
                self.added.push(added);
            }
        }
    }

    /// Of a choice exactly one option is taken, and taking it does the choice.
    fn tick(&mut self, step: &str, doing: &Doing) {
        if let Some((choice, others)) = self.siblings(step) {
            for other in others
                .iter()
                .filter(|other| self.progress(other) == Progress::Done)
                .cloned()
                .collect::<Vec<_>>()
            {
                self.set(&other, Progress::Open, doing, "");
            }
            self.set(&choice, Progress::Done, doing, "");
        }
        self.set(step, Progress::Done, doing, "");
    }

    fn reopen(&mut self, step: &str, doing: &Doing) {
        if let Some((choice, _)) = self.siblings(step) {
            self.set(&choice, Progress::Open, doing, "");
        }
        for option in self.options_of(step) {
            self.set(&option, Progress::Open, doing, "");
        }
        self.set(step, Progress::Open, doing, "");
    }

    /// The acts that bring back what `entry` changed: of its step, and of the choice or options beside it.
    pub(super) fn restoring(&self, entry: EntryId) -> Vec<(String, StepAct)> {
        let wanted = |state: &StepState| {
            let before = state.changes.iter().find(|change| change.entry == entry);
            before.map_or((state.progress, state.reason.clone()), |it| (it.progress, it.reason.clone()))
        };
        let steps = self.steps.iter().map(|(id, state)| (id.clone(), wanted(state)));
        let mut wanted: Vec<(String, (Progress, String))> = steps.collect();
        // Opening an option opens its choice, and taking one does it: what opens comes first, choices come last.
        wanted.sort_by_key(|(id, (progress, _))| {
            (*progress == Progress::Done, *progress != Progress::Open, self.siblings(id).is_none())
        });
        let doing = Doing { entry, by: self.by.clone(), at: self.attached_at };
        let (mut tried, mut acts) = (self.clone(), Vec::new());
        // One act may undo another's side effect; as many turns as a choice has lines are enough.
        for _ in 0..wanted.len() {
            let differs = |(id, (progress, reason)): &&(String, (Progress, String))| {
                tried.steps.get(id).is_some_and(|now| (now.progress, &now.reason) != (*progress, reason))
            };
            let Some((step, (progress, reason))) = wanted.iter().find(differs) else { break };
            let act = back_to(*progress, reason.clone());
            tried.act(step, &act, &doing);
            acts.push((step.clone(), act));
        }
        acts
    }

    fn options_of(&self, choice: &str) -> Vec<String> {
        let Some((phase, step)) = self.book.step(choice) else { return Vec::new() };
        let place = phase.steps.iter().position(|other| other.id == step.id);
        let option = |other: &&playbook::Step| other.parent == place && other.kind == StepKind::Option;
        phase.steps.iter().filter(option).map(|other| other.id.clone()).collect()
    }

    fn state(&mut self, step: &str) -> &mut StepState {
        self.steps.entry(step.to_owned()).or_default()
    }

    fn set(&mut self, step: &str, progress: Progress, doing: &Doing, reason: &str) {
        let state = self.state(step);
        state.remember(doing);
        state.progress = progress;
        state.by = Some(doing.by.clone());
        state.at = Some(doing.at);
        state.reason = reason.to_owned();
    }
}

impl StepState {
    fn remember(&mut self, doing: &Doing) {
        let (progress, reason, owner) = (self.progress, self.reason.clone(), self.owner.clone());
        self.changes.push(Change { entry: doing.entry, progress, reason, owner });
    }
}

/// Which entry does something to a step, whose it is, and when it happened.
pub(super) struct Doing {
    pub entry: EntryId,
    pub by: PersonId,
    pub at: Time,
}

fn back_to(progress: Progress, reason: String) -> StepAct {
    match progress {
        Progress::Open => StepAct::Reopened,
        Progress::Started => StepAct::Started,
        Progress::Done => StepAct::Ticked,
        Progress::Skipped => StepAct::Skipped { reason },
    }
}

/// The phase of a playbook by its title, ignoring case, or by a beginning of it.
pub fn find_phase<'a>(book: &'a Playbook, text: &str) -> Option<&'a Phase> {
    let text = text.to_lowercase();
    book.phases.iter().find(|phase| phase.title.to_lowercase().starts_with(&text))
}
