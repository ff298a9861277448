//! What the checklist shows, as lines: phases with their count and clock, steps with their marks.
//!
//! ```text
//! Immediate 2/3                              07:12 left
//!  [x] Find the extent                        bob 14:05
//!  [>] Pause downstream loads                 $ @carol
//! ```
//!
//! It reads a run and never changes anything.

use std::ops::Range;

use crate::incident::checklist::{Line, PhaseSummary, Progress, Run};
use crate::incident::{Time, Zone};
use crate::playbook::StepKind;
use crate::tui::layers::step::text::progress_meaning;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::{Sheet, clipped};
use crate::tui::widgets::width;

/// Most lines of a step that is not selected.
const MOST_LINES: usize = 2;
/// Most columns of a name.
const MOST_NAME: usize = 12;
/// Columns of a mark and the space behind it.
const MARK: u16 = 4;
/// Deeper steps stand no further to the right.
const MOST_DEPTH: u8 = 4;
/// A step's text has at least so many columns, or nothing stands beside it.
const LEAST_TEXT: u16 = 16;
/// From this width on, danger is a word.
const WORDS_FROM: u16 = 60;

/// The checklist at one width, and which of its lines is selected.
pub struct Board<'a> {
    pub lines: Vec<Line<'a>>,
    pub selected: Option<usize>,
    pub sheet: Sheet,
    run: &'a Run,
}

/// What a line of a step is drawn with.
struct Brush {
    zone: Zone,
    now: Time,
}

impl<'a> Board<'a> {
    pub fn new(
        ctx: &Ctx,
        scene: &Scene,
        run: &'a Run,
        lines: Vec<Line<'a>>,
        selected: Option<usize>,
        width: u16,
    ) -> Self {
        let mut board = Self { lines, selected, sheet: Sheet::new(width), run };
        let brush = Brush { zone: ctx.look.zone, now: scene.now };
        let summaries = run.summaries();
        let mut phase = None;
        for index in 0..board.lines.len() {
            let own = board.lines[index].phase;
            if phase.replace(own) != Some(own)
                && let Some(summary) = summaries.get(own)
            {
                board.heading(scene, summary);
            }
            board.step(index, &brush);
        }
        if board.lines.is_empty() {
            let why = board.why_empty();
            board.sheet.item(None).say(1, Meaning::Muted, why);
        }
        board
    }

    fn why_empty(&self) -> &'static str {
        match self.run.lines().is_empty() {
            true => "This playbook has no steps. + adds one.",
            false => "No step matches the filter.",
        }
    }

    /// The selected line.
    pub fn line(&self) -> Option<&Line<'a>> {
        self.lines.get(self.selected?)
    }

    /// `Data Corruption 5/12 (1 of 2) /filter`
    pub fn title(&self, scene: &Scene, filter: &str) -> String {
        let (done, total) = self.run.totals();
        let mut title = format!("{} {done}/{total}", self.run.title());
        let runs: Vec<&Run> = scene.incident.attached_runs().collect();
        if let Some(place) = runs.iter().position(|run| run.id == self.run.id).filter(|_| runs.len() > 1) {
            title.push_str(&format!(" ({} of {})", place + 1, runs.len()));
        }
        if !filter.is_empty() {
            title.push_str(&format!(" /{filter}"));
        }
        title
    }

    /// The columns of a step's mark, where a click ticks it.
    pub fn mark_columns(line: &Line) -> Range<u16> {
        let x = indent(line);
        x..x + MARK - 1
    }

    fn heading(&mut self, scene: &Scene, summary: &PhaseSummary) {
        let row = self.sheet.item(None).len();
        let meaning = if summary.is_complete() { Meaning::PhaseDone } else { Meaning::PhaseNow };
        let count = format!("{}/{}", summary.done, summary.total);
        let columns = self.sheet.width().saturating_sub(width(&count) + 1);
        let title = clipped(&summary.title, columns);
        self.sheet.line(0, meaning, &title).beside(row, width(&title) + 1, Meaning::Muted, &count);
        if let Some((text, meaning)) = box_clock(scene, summary) {
            self.sheet.right(row, meaning, &text);
        }
    }

    fn step(&mut self, index: usize, brush: &Brush) {
        let line = self.lines[index];
        let selected = self.selected == Some(index);
        let row = self.sheet.item(index).len();
        let x = indent(&line);
        let beside = brush.beside(&line, self.sheet.width());
        let room = self.sheet.width().saturating_sub(x + MARK);
        let air = u16::from(!beside.is_empty());
        let taken: u16 = air + beside.iter().map(|(_, text)| width(text) + 1).sum::<u16>();
        let (beside, taken) = if room < LEAST_TEXT + taken { (Vec::new(), 0) } else { (beside, taken) };
        let most = if selected { usize::MAX } else { MOST_LINES };
        let meaning = progress_meaning(line.progress());
        self.sheet.say_at_most(x + MARK, meaning, line.text, room - taken, most);
        self.sheet.beside(row, x, mark_meaning(&line), mark(&line));
        let mut end = self.sheet.width();
        for (meaning, text) in beside.iter().rev() {
            end -= width(text);
            self.sheet.beside(row, end, *meaning, text);
            end = end.saturating_sub(1);
        }
        if selected {
            self.more(&line, x + MARK);
        }
    }

    /// Under the selected step, what its marks stand for.
    fn more(&mut self, line: &Line, x: u16) {
        let mut parts = Vec::new();
        if let Some(state) = line.state {
            if !state.reason.is_empty() {
                parts.push(format!("skipped because: {}", state.reason));
            }
            if !state.notes.is_empty() {
                parts.push(count(state.notes.len(), "comment"));
            }
        }
        match line.step {
            None => parts.push("added by the room".to_owned()),
            Some(step) => {
                if step.destructive {
                    parts.push("destructive".to_owned());
                }
                if !step.commands.is_empty() {
                    parts.push(count(step.commands.len(), "command"));
                }
            }
        }
        if !parts.is_empty() {
            self.sheet.say(x, Meaning::Muted, &parts.join(", "));
        }
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn indent(line: &Line) -> u16 {
    1 + 2 * u16::from(line.depth.min(MOST_DEPTH))
}

fn mark(line: &Line) -> &'static str {
    match (line.kind, line.progress()) {
        (StepKind::Option, Progress::Done) => "(o)",
        (StepKind::Option, Progress::Started) => "(>)",
        (StepKind::Option, Progress::Skipped) => "(-)",
        (StepKind::Option, Progress::Open) => "( )",
        (_, Progress::Done) => "[x]",
        (_, Progress::Started) => "[>]",
        (_, Progress::Skipped) => "[-]",
        (_, Progress::Open) => "[ ]",
    }
}

fn mark_meaning(line: &Line) -> Meaning {
    match line.progress() {
        Progress::Open => Meaning::Muted,
        progress => progress_meaning(progress),
    }
}

impl Brush {
    /// What stands to the right of a step: added, danger, commands, who and when.
    fn beside(&self, line: &Line, columns: u16) -> Vec<(Meaning, String)> {
        let mut beside = Vec::new();
        match line.step {
            None => beside.push((Meaning::Muted, "+".to_owned())),
            Some(step) => {
                if step.destructive {
                    let word = if columns < WORDS_FROM { "!" } else { "! destructive" };
                    beside.push((Meaning::Warning, word.to_owned()));
                }
                if !step.commands.is_empty() {
                    beside.push((Meaning::Accent, "$".to_owned()));
                }
            }
        }
        beside.extend(self.who(line).map(|who| (Meaning::Muted, who)));
        beside
    }

    /// `bob 14:05`, or `@bob` for somebody who has yet to begin.
    fn who(&self, line: &Line) -> Option<String> {
        let state = line.state?;
        let owner = state.owner.as_ref().map(|owner| format!("@{}", clip(owner.as_str())));
        let (Some(by), Some(at)) = (&state.by, state.at) else { return owner };
        match (line.progress(), owner) {
            (Progress::Open, owner) => owner,
            (Progress::Started, Some(owner)) => Some(format!("{owner} {}", self.when(at))),
            _ => Some(format!("{} {}", clip(by.as_str()), self.when(at))),
        }
    }

    /// The hour, and the day when it is another one.
    fn when(&self, at: Time) -> String {
        let day = self.zone.date(at);
        if day == self.zone.date(self.now) {
            return self.zone.hm(at);
        }
        format!("{} {}", day.get(5..).unwrap_or_default(), self.zone.hm(at))
    }
}

fn clip(name: &str) -> String {
    match name.char_indices().nth(MOST_NAME) {
        Some(_) => name.chars().take(MOST_NAME - 2).chain("..".chars()).collect(),
        None => name.to_owned(),
    }
}

/// The time box of the phase at work: the first that is not complete.
pub fn clock(scene: &Scene, summaries: &[PhaseSummary]) -> Option<(String, Meaning)> {
    let now = summaries.iter().find(|summary| summary.total > 0 && !summary.is_complete())?;
    box_clock(scene, now)
}

/// How a phase's time box stands. Clocks stop when the incident is over.
fn box_clock(scene: &Scene, summary: &PhaseSummary) -> Option<(String, Meaning)> {
    if scene.incident.status.is_over() || summary.is_complete() {
        return None;
    }
    if let Some(opens) = summary.opens.filter(|opens| *opens > scene.now) {
        return Some((format!("begins in {}", opens.since(scene.now).short()), Meaning::Muted));
    }
    let left = summary.ends?.since(scene.now);
    Some(match left.is_negative() {
        true => (format!("over by {}", left.abs().short()), Meaning::Alert),
        false => (format!("{} left", left.clock()), Meaning::Info),
    })
}
