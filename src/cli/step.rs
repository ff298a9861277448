//! `warroom step`: the checklists of an incident.
//!
//! A step is named by the number that `list` prints, by its id, or by any beginning that only one id has. What is done to it
//! is in `step_act.rs`.

use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::fail::{Done, Fail};
use super::print;
use super::step_act::Act;
use crate::incident::checklist::{Line, Progress, Run};
use crate::incident::{EntryId, Incident};
use crate::playbook::StepKind;
use crate::report::export::shape;

/// List the steps of the attached playbooks, or work on them
#[derive(Args)]
pub struct StepArgs {
    /// The incident: its number, slug or id
    #[arg(value_name = "REF")]
    reference: Option<String>,
    #[command(subcommand)]
    act: Option<Act>,
}

impl StepArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let found = desk.which(self.reference.as_deref())?;
        let Some(act) = self.act.filter(|act| !matches!(act, Act::List)) else {
            let session = desk.reader(&found)?;
            let incident = session.incident();
            if desk.json {
                let playbooks = shape::playbooks(incident);
                return desk.out.json(&json!({ "incident": print::found(&found), "playbooks": playbooks }));
            }
            return list(desk, incident);
        };
        let mut session = desk.session(&found)?;
        let commands = act.commands(desk, session.incident())?;
        let mut saved = Vec::new();
        for command in commands {
            saved.extend(session.carry_out(desk.order(command))?);
        }
        print::saved(desk, &session, &found, &saved)
    }
}

fn list(desk: &mut Desk, incident: &Incident) -> Done {
    if incident.attached_runs().next().is_none() {
        return desk.out.line("no playbook is attached; `warroom step attach data-loss` attaches one");
    }
    let mut number = 0;
    for run in incident.attached_runs() {
        let (done, total) = run.totals();
        desk.out.line(&format!("{} {done}/{total}", run.title()))?;
        let (lines, phases) = (run.lines(), run.summaries());
        for (index, phase) in phases.iter().enumerate() {
            let until = phase
                .ends
                .map(|ends| format!(", until {}", print::moment(ends, desk.zone)))
                .unwrap_or_default();
            desk.out.line(&format!("  {} {}/{}{until}", phase.title, phase.done, phase.total))?;
            for line in lines.iter().filter(|line| line.phase == index) {
                number += 1;
                desk.out.line(&row(desk, number, line))?;
            }
        }
    }
    Ok(())
}

fn row(desk: &Desk, number: usize, line: &Line) -> String {
    let mark = match line.progress() {
        Progress::Open => "[ ]",
        Progress::Started => "[>]",
        Progress::Done => "[x]",
        Progress::Skipped => "[-]",
    };
    let kind = match line.kind {
        StepKind::Task => "",
        StepKind::Choice => "one of: ",
        StepKind::Option => "or: ",
    };
    let danger = if line.step.is_some_and(|step| step.destructive) { " (destructive)" } else { "" };
    let indent = "  ".repeat(usize::from(line.depth));
    let mut text = format!("  {number:>4}  {indent}{mark} {kind}{}{danger}", line.text);
    let Some(state) = line.state else { return text };
    if let (Some(by), Some(at), true) = (&state.by, state.at, state.progress != Progress::Open) {
        text.push_str(&format!("  ({} by {by} {})", state.progress.name(), print::moment(at, desk.zone)));
    }
    if let Some(owner) = &state.owner {
        text.push_str(&format!("  (for {owner})"));
    }
    if !state.reason.is_empty() {
        text.push_str(&format!("  ({})", state.reason));
    }
    text
}

/// The run and the id of the step that is meant.
pub fn find(incident: &Incident, reference: &str) -> Done<(EntryId, String)> {
    let mut steps: Vec<(EntryId, String)> = Vec::new();
    for run in incident.attached_runs() {
        steps.extend(run.lines().iter().map(|line| (run.id, line.id.to_owned())));
    }
    if steps.is_empty() {
        return Err(Fail::refused(
            "no playbook is attached",
            "`warroom step attach NAME`, see `warroom playbook list`",
        ));
    }
    if let Ok(number) = reference.parse::<usize>() {
        let named = number.checked_sub(1).and_then(|index| steps.get(index)).cloned();
        let hint = format!("the numbers go from 1 to {}, see `warroom step list`", steps.len());
        return named.ok_or_else(|| Fail::refused(format!("there is no step {number}"), hint));
    }
    let rules: [&dyn Fn(&str) -> bool; 3] = [&|id| id == reference, &|id| id.starts_with(reference), &|id| {
        id.rsplit('/').next().is_some_and(|own| own.starts_with(reference))
    }];
    for rule in rules {
        let hits: Vec<_> = steps.iter().filter(|(_, id)| rule(id)).collect();
        match hits.as_slice() {
            [] => {}
            [one] => return Ok((*one).clone()),
            many => {
                let ids: Vec<&str> = many.iter().map(|(_, id)| id.as_str()).collect();
                let what = format!("{reference:?} may mean {} steps", ids.len());
                return Err(Fail::refused(what, format!("say which: {}", ids.join(", "))));
            }
        }
    }
    Err(Fail::refused(
        format!("no step is called {reference:?}"),
        "`warroom step list` prints numbers, with --json the ids",
    ))
}

/// The attached playbook that is meant: by name, title or the beginning of one; else the newest.
pub fn find_run<'a>(incident: &'a Incident, name: Option<&str>) -> Done<&'a Run> {
    let mut runs: Vec<&Run> = incident.attached_runs().collect();
    if let Some(name) = name {
        let low = name.to_lowercase();
        runs.retain(|run| run.name.starts_with(name) || run.title().to_lowercase().starts_with(&low));
    }
    let attached: Vec<&str> = incident.attached_runs().map(|run| run.name.as_str()).collect();
    runs.pop().ok_or_else(|| match attached.is_empty() {
        true => Fail::refused(
            "no playbook is attached",
            "`warroom step attach NAME`, see `warroom playbook list`",
        ),
        false => {
            Fail::refused("no such playbook is attached", format!("attached are {}", attached.join(", ")))
        }
    })
}
