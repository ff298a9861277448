//! What a playbook holds, before it is attached: phases, steps, and what is doubtful about it.
//!
//! Reads the file once; the lines are made from what was read.

use std::path::Path;

use crate::config::shipped;
use crate::playbook::{self, Diagnostic, Level, Phase, Playbook, StepKind};
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

/// Most remarks about a playbook that are listed.
const MOST_REMARKS: usize = 5;

#[derive(Default)]
pub struct Preview {
    name: String,
    found: Option<(Playbook, Vec<Diagnostic>)>,
    /// Why it cannot be attached.
    pub problem: Option<String>,
}

/// Reads the playbook of this name or path.
pub fn read(ctx: &Ctx, name: &str) -> Preview {
    if name.is_empty() {
        let problem = Some("type a name, or the path of a Markdown file".to_owned());
        return Preview { problem, ..Preview::default() };
    }
    let pinned = match shipped::playbook(ctx.paths, &expand_home(name)) {
        Ok(pinned) => pinned,
        Err(problem) => return Preview { problem: Some(problem), ..Preview::default() },
    };
    let attached =
        ctx.scene.is_some_and(|scene| scene.incident.attached_runs().any(|run| run.digest == pinned.digest));
    let problem =
        attached.then(|| format!("{} is attached already: switch to it in the checklist", pinned.name));
    Preview { name: pinned.name, found: Some(playbook::parse(&pinned.text)), problem }
}

/// `~/` is the home folder, as in a shell.
fn expand_home(path: &str) -> String {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest).to_string_lossy().into_owned(),
        _ => path.to_owned(),
    }
}

/// The first file or folder that a typed path is the beginning of.
pub fn complete_path(typed: &str) -> Option<String> {
    let (folder, beginning) = typed.rsplit_once('/').map_or(("", typed), |(folder, rest)| (folder, rest));
    let shown = if typed.contains('/') { format!("{folder}/") } else { String::new() };
    let folder = if shown.is_empty() { ".".to_owned() } else { expand_home(&shown) };
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let folder = entry.file_type().ok()?.is_dir();
            let fits =
                name.starts_with(beginning) && !name.starts_with('.') && (folder || name.ends_with(".md"));
            fits.then(|| if folder { format!("{name}/") } else { name })
        })
        .collect();
    names.sort();
    names.first().map(|name| format!("{shown}{name}"))
}

impl Preview {
    pub fn sheet(&self, width: u16) -> Sheet {
        let mut sheet = Sheet::new(width);
        if let Some((book, remarks)) = &self.found {
            heading(&mut sheet, &self.name, book);
            for phase in &book.phases {
                phase_lines(&mut sheet, phase);
            }
            doubts(&mut sheet, remarks);
        }
        if let Some(problem) = &self.problem {
            sheet.gap().say(0, Meaning::Warning, problem);
        }
        sheet
    }

    /// More lines than the preview has at any width worth scrolling.
    pub fn lines_at_most(&self) -> usize {
        let steps = |(book, remarks): &(Playbook, Vec<Diagnostic>)| {
            book.steps().count() + 2 * book.phases.len() + remarks.len()
        };
        self.found.as_ref().map_or(0, steps)
    }
}

fn heading(sheet: &mut Sheet, name: &str, book: &Playbook) {
    let title = if book.title.is_empty() { name } else { &book.title };
    sheet.say(0, Meaning::Title, title);
    let steps = book.steps().filter(|(_, step)| step.kind != StepKind::Option).count();
    let mut text = format!("{} phases, {steps} steps", book.phases.len());
    if let Some(reviewed) = &book.front.reviewed {
        text.push_str(&format!(", reviewed {reviewed}"));
    }
    sheet.say(0, Meaning::Muted, &text);
}

fn phase_lines(sheet: &mut Sheet, phase: &Phase) {
    sheet.gap().say(0, Meaning::PhaseNow, &phase.title);
    for step in &phase.steps {
        let mark = if step.kind == StepKind::Option { "( )" } else { "[ ]" };
        let danger = if step.destructive { " !" } else { "" };
        let x = 1 + 2 * u16::from(step.depth.min(4));
        let text = format!("{mark} {}{danger}", step.text);
        sheet.say_at_most(x, Meaning::Text, &text, sheet.width().saturating_sub(x), 1);
    }
}

fn doubts(sheet: &mut Sheet, remarks: &[Diagnostic]) {
    let (grave, hints): (Vec<_>, Vec<_>) = remarks.iter().partition(|remark| remark.level != Level::Hint);
    if remarks.is_empty() {
        return;
    }
    sheet.gap();
    for remark in grave.iter().chain(&hints).take(MOST_REMARKS) {
        let meaning = if remark.level == Level::Hint { Meaning::Muted } else { Meaning::Warning };
        sheet.say(0, meaning, &format!("line {}: {}: {}", remark.line, remark.message, remark.hint));
    }
    let more = remarks.len().saturating_sub(MOST_REMARKS);
    if more > 0 {
        sheet.say(0, Meaning::Muted, &format!("and {more} more: warroom playbook check says them all"));
    }
}
