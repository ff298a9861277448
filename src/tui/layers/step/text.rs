//! A step in full, as lines: text, standing, options, prose, commands, links, comments, history.
//!
//! Shown by the step's layer and beside a checklist that has the room. It only reads.

use crate::incident::checklist::{Line, Progress, Run, StepState};
use crate::incident::event::{StepAct, StepEvent};
use crate::incident::{Class, Event, Span, Time, Zone};
use crate::playbook::{Step, StepKind};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

use super::acts;

/// Newest entries about steps that are read for a history.
const MOST_READ: usize = 400;

/// The step in full, at this width.
pub fn sheet(ctx: &Ctx, scene: &Scene, run: &Run, line: &Line, width: u16) -> Sheet {
    let mut sheet = Sheet::new(width);
    sheet.say(0, Meaning::Title, line.text);
    let phases = run.phases();
    let phase = phases.get(line.phase).copied().unwrap_or_default();
    sheet.say(0, Meaning::Muted, &format!("{} > {phase}", run.title()));
    sheet.say(0, progress_meaning(line.progress()), &standing(line.state, scene.now, ctx.look.zone));
    choice(&mut sheet, run, line);
    if let Some(step) = line.step {
        playbook_says(&mut sheet, step);
    } else {
        sheet.say(0, Meaning::Muted, "Added by the room; it is not in the playbook.");
    }
    comments(&mut sheet, ctx, scene, line.state);
    sheet
}

pub fn progress_meaning(progress: Progress) -> Meaning {
    match progress {
        Progress::Open => Meaning::Text,
        Progress::Started => Meaning::StepStarted,
        Progress::Done => Meaning::StepDone,
        Progress::Skipped => Meaning::StepSkipped,
    }
}

/// Where the step stands, in a sentence.
fn standing(state: Option<&StepState>, now: Time, zone: Zone) -> String {
    let Some(state) = state else { return "open".to_owned() };
    let mut text = state.progress.name().to_owned();
    if let (Some(by), Some(at)) = (&state.by, state.at) {
        text.push_str(&format!(" by {by} at {}, {}", moment(zone, at, now), ago(now.since(at))));
    }
    if let Some(owner) = &state.owner {
        text.push_str(&format!("; given to @{owner}"));
    }
    if !state.reason.is_empty() {
        text.push_str(&format!("; because: {}", state.reason));
    }
    text
}

/// Hour and minute with the zone, and the date when it is another day.
pub fn moment(zone: Zone, at: Time, now: Time) -> String {
    let clock = format!("{} {}", zone.hm(at), zone.label(at));
    if zone.date(at) == zone.date(now) { clock } else { format!("{} {clock}", zone.date(at)) }
}

fn choice(sheet: &mut Sheet, run: &Run, line: &Line) {
    if line.kind != StepKind::Choice {
        return;
    }
    sheet.gap().say(0, Meaning::Muted, "Exactly one of:");
    for option in acts::options(run, line.id) {
        let mark = if option.progress() == Progress::Done { "(o)" } else { "( )" };
        sheet.say(2, progress_meaning(option.progress()), &format!("{mark} {}", option.text));
    }
}

fn playbook_says(sheet: &mut Sheet, step: &Step) {
    if step.destructive {
        sheet.say(
            0,
            Meaning::Warning,
            "! Destructive: it can destroy data. Read it twice; have somebody watch.",
        );
    }
    for detail in &step.detail {
        sheet.gap().say(0, Meaning::Text, detail);
    }
    for code in &step.commands {
        let label = if code.lang.is_empty() { "$ command" } else { &format!("$ {}", code.lang) };
        sheet.gap().say(0, Meaning::Muted, label);
        sheet.say(2, Meaning::Code, code.text.trim_end());
    }
    if !step.links.is_empty() {
        sheet.gap();
    }
    for link in &step.links {
        sheet.say(0, Meaning::Link, link);
    }
}

fn comments(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene, state: Option<&StepState>) {
    let notes = state.map_or(&[][..], |state| &state.notes);
    if !notes.is_empty() {
        sheet.gap().say(0, Meaning::Muted, "Comments");
    }
    for note in notes {
        let head = format!("{} {}", moment(ctx.look.zone, note.at, scene.now), note.by);
        sheet.say(2, Meaning::Muted, &head).say(4, Meaning::Text, &note.text);
    }
}

/// Who did what to the step, the newest first.
pub fn history(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene, target: &acts::Target) {
    let steps = scene.rows.as_slice().iter().rev().filter(|row| row.class() == Class::Step);
    let entries = steps.take(MOST_READ).filter_map(|row| scene.entry(*row));
    let mut headed = false;
    for entry in entries {
        let Event::Step(event) = &entry.event else { continue };
        if let Some(what) = about(event).filter(|_| event.run == target.run && event.step == target.step) {
            if !std::mem::replace(&mut headed, true) {
                sheet.gap().say(0, Meaning::Muted, "History");
            }
            let when = moment(ctx.look.zone, entry.at(), scene.now);
            sheet.say(2, Meaning::Text, &format!("{when} {} {what}", entry.by()));
        }
    }
}

/// Comments are shown in full above; the history leaves them out.
fn about(event: &StepEvent) -> Option<String> {
    Some(match &event.act {
        StepAct::Ticked => "ticked it".to_owned(),
        StepAct::Started => "began it".to_owned(),
        StepAct::Reopened => "opened it again".to_owned(),
        StepAct::Skipped { reason } => format!("skipped it: {reason}"),
        StepAct::Assigned { who: Some(who) } => format!("gave it to @{who}"),
        StepAct::Assigned { who: None } => "took it from its owner".to_owned(),
        StepAct::Added { .. } => "added it".to_owned(),
        StepAct::Noted { .. } => return None,
    })
}

/// `12m ago`. What another machine's clock puts into the future has just happened.
pub fn ago(age: Span) -> String {
    if age <= Span::ZERO { "just now".to_owned() } else { format!("{} ago", age.short()) }
}
