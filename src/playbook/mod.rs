//! Playbooks: Markdown in, phases and steps out.
//!
//! For: turning the runbooks a team already has (any Markdown) into something that can be walked
//! through during an incident: phases with time boxes, steps with commands, and one-of choices.
//! Never: fails, panics, reads a file, runs a command or remembers what was ticked. A document it
//! cannot make sense of gives a playbook without steps and diagnostics that say what to do.
//! Start: [`parse`], then `document` (Markdown to a flat outline), `steps` (which entries of a
//! section are steps) and `vocabulary` (which headings announce steps, in five languages).

mod document;
mod front;
mod lexicon;
mod lint;
mod phases;
mod steps;
mod text;
mod time_box;
mod vocabulary;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use lint::lint;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Playbook {
    pub title: String,
    pub front: FrontMatter,
    /// In document order; only headings that hold steps become phases.
    pub phases: Vec<Phase>,
}

/// The `key: value` block between `---` lines at the top of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrontMatter {
    /// The incident type the playbook answers; written `type:` (or `kind:`) in the file.
    pub kind: Option<String>,
    pub severity: Option<String>,
    pub owner: Option<String>,
    pub reviewers: Vec<String>,
    /// The date of the last review, as written.
    pub reviewed: Option<String>,
    /// Every other key, lists joined by ", ".
    pub extra: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    pub id: String,
    /// The heading, without its time box; "Parent: child" below another heading.
    pub title: String,
    pub time_box: Option<TimeBox>,
    /// In document order; never empty.
    pub steps: Vec<Step>,
}

/// When a phase should happen, in seconds since the incident was declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeBox {
    pub start_s: u32,
    /// `None` is open-ended ("30+ min"). May be before `start_s`: lint says so.
    pub end_s: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `<phase>/<first words>`: stays the same when other steps are added elsewhere.
    pub id: String,
    /// One line of plain text; safe to put on a terminal.
    pub text: String,
    /// 0 for a step of its own, 1 for a step below a step, and so on.
    pub depth: u8,
    pub kind: StepKind,
    /// Index of the enclosing step in the same phase.
    pub parent: Option<usize>,
    pub commands: Vec<CodeBlock>,
    /// Paragraphs and notes that belong to the step, one string each.
    pub detail: Vec<String>,
    pub links: Vec<String>,
    /// 1-based line in the source.
    pub line: u32,
    /// Its text or a command can destroy data, or it is marked `(destructive)`.
    pub destructive: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepKind {
    Task,
    /// Its direct children are options; exactly one is taken.
    Choice,
    Option,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeBlock {
    /// First word after the fence; empty when none was written.
    pub lang: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// 1-based line in the source.
    pub line: u32,
    pub level: Level,
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    Error,
    Warning,
    Hint,
}

/// Reads any text as a playbook. The diagnostics are those of [`lint`], in line order.
pub fn parse(source: &str) -> (Playbook, Vec<Diagnostic>) {
    let document = document::read(source);
    let playbook = Playbook {
        title: document.title.clone(),
        front: document.front.clone(),
        phases: phases::read(&document),
    };
    let diagnostics = lint::check(&playbook, &document);
    (playbook, diagnostics)
}

impl Playbook {
    /// Every step with its phase, in document order.
    pub fn steps(&self) -> impl Iterator<Item = (&Phase, &Step)> {
        self.phases.iter().flat_map(|phase| phase.steps.iter().map(move |step| (phase, step)))
    }

    pub fn step(&self, id: &str) -> Option<(&Phase, &Step)> {
        self.steps().find(|(_, step)| step.id == id)
    }

    /// Lower-case letters and digits of any script, joined by `-`; empty only when there are none.
    pub fn slug(title: &str) -> String {
        text::slug(title, text::PHASE_SLUG_CHARS)
    }
}
