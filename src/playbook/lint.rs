//! What an author should repair before the playbook is needed.
//!
//! For: `warroom` commands that check a playbook, and the note beside one that is open.
//! Never: stops a playbook from being used; every finding is advice with what to do next.
//! Start: [`check`], one function for each kind of finding.

use std::collections::HashMap;

use super::document::{self, Document, EntryKind, Mark};
use super::vocabulary::{Verdict, verdict};
use super::{Diagnostic, Level, Phase, Playbook, Step, StepKind};

/// All findings for a playbook that was parsed from `source`, in line order.
pub fn lint(playbook: &Playbook, source: &str) -> Vec<Diagnostic> {
    check(playbook, &document::read(source))
}

pub(super) fn check(playbook: &Playbook, document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(front_matter(playbook, document));
    found.extend(no_steps(playbook));
    found.extend(empty_boxes(document));
    found.extend(empty_phases(playbook, document));
    found.extend(playbook.phases.iter().flat_map(repeated_texts));
    found.extend(playbook.phases.iter().flat_map(narrow_choices));
    found.extend(time_boxes(playbook, document));
    found.extend(playbook.steps().flat_map(|(_, step)| relative_links(step)));
    found.sort_by_key(|diagnostic| diagnostic.line);
    found
}

fn finding(line: u32, level: Level, message: String, hint: &str) -> Diagnostic {
    Diagnostic { line, level, message, hint: hint.to_string() }
}

fn front_matter(playbook: &Playbook, document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut say = |level, message: &str, hint| {
        found.push(finding(1, level, message.to_string(), hint));
    };
    if document.unclosed_front {
        say(Level::Warning, "the front matter has no end", "close it with a line `---`");
    }
    if playbook.title == document::UNTITLED {
        say(Level::Hint, "no title", "begin with `# Title`, or add `title:` to the front matter");
    }
    if playbook.front.owner.is_none() {
        say(Level::Warning, "nobody owns this playbook", "add `owner:` to the front matter");
    }
    if playbook.front.reviewed.is_none() {
        let hint = "review it and add `reviewed: YYYY-MM-DD` to the front matter";
        say(Level::Warning, "no date of the last review", hint);
    }
    found
}

fn no_steps(playbook: &Playbook) -> Option<Diagnostic> {
    playbook.phases.is_empty().then(|| {
        let hint = "write each thing to do as `- [ ] ...` below a heading";
        finding(1, Level::Error, "no steps found".to_string(), hint)
    })
}

fn empty_boxes(document: &Document) -> Vec<Diagnostic> {
    let entries = document.sections.iter().flat_map(|section| &section.entries);
    let empty =
        entries.filter(|entry| entry.text.is_empty() && matches!(entry.kind, EntryKind::Item(Mark::Box, _)));
    let hint = "say what to do after `- [ ]`, or remove the line";
    empty.map(|e| finding(e.line, Level::Warning, "a box without text".to_string(), hint)).collect()
}

/// Headings that announce steps, while neither they nor a heading below them hold any.
fn empty_phases(playbook: &Playbook, document: &Document) -> Vec<Diagnostic> {
    let step_lines: Vec<u32> = playbook.steps().map(|(_, step)| step.line).collect();
    let mut found = Vec::new();
    for (at, section) in document.sections.iter().enumerate().skip(1) {
        let below = document.sections.iter().skip(at + 1).find(|next| next.level <= section.level);
        let end = below.map_or(u32::MAX, |next| next.line);
        // Steps are in line order, so the first one at or below the heading decides.
        let first = step_lines.partition_point(|line| *line < section.line);
        let holds = step_lines.get(first).is_some_and(|line| *line < end);
        let is_title = document.title_section == Some(at);
        if !holds && !is_title && verdict(&section.title) == Verdict::Steps {
            let message = format!("\"{}\" announces steps but has none", section.title);
            let hint = "add `- [ ]` items below it, or rename the heading";
            found.push(finding(section.line, Level::Warning, message, hint));
        }
    }
    found
}

fn repeated_texts(phase: &Phase) -> Vec<Diagnostic> {
    let mut first_lines: HashMap<(Option<usize>, &str), u32> = HashMap::new();
    let mut found = Vec::new();
    for step in &phase.steps {
        let first = *first_lines.entry((step.parent, step.text.as_str())).or_insert(step.line);
        if first != step.line {
            let message = format!("the same text as the step on line {first}");
            let hint = "say what differs, so that the log tells the two apart";
            found.push(finding(step.line, Level::Warning, message, hint));
        }
    }
    found
}

fn narrow_choices(phase: &Phase) -> Vec<Diagnostic> {
    let mut options: HashMap<usize, usize> = HashMap::new();
    for step in phase.steps.iter().filter(|step| step.kind == StepKind::Option) {
        *options.entry(step.parent.unwrap_or_default()).or_default() += 1;
    }
    let choices = phase.steps.iter().enumerate().filter(|(_, s)| s.kind == StepKind::Choice);
    let narrow = choices.filter(|(at, _)| options.get(at).copied().unwrap_or_default() < 2);
    let hint = "nest at least two options below it, or reword it as a single step";
    let message = "a choice with fewer than two options";
    narrow.map(|(_, s)| finding(s.line, Level::Warning, message.to_string(), hint)).collect()
}

fn time_boxes(playbook: &Playbook, document: &Document) -> Vec<Diagnostic> {
    let boxed = playbook.phases.iter().filter_map(|phase| {
        let line = document.heading_line(phase.steps.first()?.line);
        Some((line, phase.time_box?))
    });
    let mut found = Vec::new();
    let mut before: Option<super::TimeBox> = None;
    for (line, time_box) in boxed {
        let mut say = |message: &str, hint| {
            found.push(finding(line, Level::Warning, message.to_string(), hint));
        };
        if time_box.end_s.is_some_and(|end| end <= time_box.start_s) {
            say("the time box ends before it begins", "write the earlier time first");
        }
        // Headings below one time box share it; that is no overlap.
        let other = before.filter(|before| *before != time_box);
        if other.is_some_and(|before| time_box.start_s < before.start_s) {
            say("the time box begins before the one above it", "order the phases by time");
        } else if other.is_some_and(|b| b.end_s.is_none_or(|end| time_box.start_s < end)) {
            say("the time box overlaps the one above it", "begin where the one above ends");
        }
        before = Some(time_box);
    }
    found
}

fn relative_links(step: &Step) -> Vec<Diagnostic> {
    let hint = "it opens only beside this file; a full address works during an incident";
    let relative = step.links.iter().filter(|link| is_relative(link));
    relative.map(|link| finding(step.line, Level::Hint, format!("relative link {link}"), hint)).collect()
}

fn is_relative(link: &str) -> bool {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    let absolute = scheme.is_some_and(|s| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric()));
    !absolute && !link.starts_with("//") && !link.is_empty()
}
