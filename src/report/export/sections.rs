//! The sections of the Markdown export around its timeline.

use std::fmt::Write;

use super::markdown::{escaped, fenced};
use crate::incident::checklist::{Line, Progress, Run};
use crate::incident::{Incident, Time, Zone};
use crate::playbook::StepKind;

/// `2026-11-21 14:02:11 UTC`
fn moment(time: Time, zone: Zone) -> String {
    format!("{} {} {}", zone.date(time), zone.hms(time), zone.label(time))
}

pub(super) fn facts(out: &mut String, incident: &Incident, zone: Zone) {
    let declared = incident.declared.as_ref();
    let what = declared.map(|declaration| &declaration.what);
    out.push('\n');
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(out, "- {name}: {value}");
        }
    };
    fact("Status", Some(format!("{} (phase: {})", incident.status, incident.phase())));
    fact("Severity", incident.severity.as_deref().map(escaped));
    fact("Type", incident.kind().map(escaped));
    fact("Drill", incident.is_drill().then(|| "yes".to_owned()));
    fact("Private", incident.is_private().then(|| "yes, its words stay out of channels".to_owned()));
    let declared_by = |d: &crate::incident::state::Declaration| {
        format!("{} by {}", moment(d.at, zone), escaped(d.by.as_str()))
    };
    fact("Declared", declared.map(declared_by));
    fact("Reported by", what.and_then(|what| what.reporter.as_deref()).map(escaped));
    fact("Reported via", what.and_then(|what| what.channel.as_deref()).map(escaped));
    fact("Resolved", incident.resolved_at().map(|at| moment(at, zone)));
    let lasted =
        incident.resolved_at().zip(incident.declared_at()).map(|(end, start)| end.since(start).short());
    fact("Lasted", lasted);
    for (what, url) in &incident.links {
        fact(&escaped(what), Some(escaped(url)));
    }
    for notice in &incident.notices {
        fact("Notice", Some(escaped(&notice.text)));
    }
}

pub(super) fn roles(out: &mut String, incident: &Incident, zone: Zone) {
    out.push_str("\n## Roles\n\n");
    for seat in incident.roles.seats() {
        if seat.holders.is_empty() && seat.past.is_empty() && !seat.needed {
            continue;
        }
        let now = seat
            .holders
            .iter()
            .map(|held| format!("{} since {}", escaped(held.who.as_str()), moment(held.since, zone)));
        let past = seat.past.iter().map(|past| {
            let who = escaped(past.who.as_str());
            format!("{who} from {} to {}", moment(past.since, zone), moment(past.until, zone))
        });
        let mut held: Vec<String> = past.chain(now).collect();
        if seat.holders.is_empty() {
            held.push("NOBODY".to_owned());
        }
        let _ = writeln!(out, "- {}: {}", escaped(&seat.title), held.join("; "));
    }
}

pub(super) fn checklists(out: &mut String, incident: &Incident, zone: Zone) {
    for run in &incident.runs {
        let (done, total) = run.totals();
        let _ = write!(out, "\n## Checklist: {} ({done}/{total})\n\n", escaped(run.title()));
        let _ =
            writeln!(out, "- Attached: {} by {}", moment(run.attached_at, zone), escaped(run.by.as_str()));
        let _ = writeln!(out, "- Playbook text, SHA-256: {}", escaped(&run.digest));
        if let Some(detached) = run.detached {
            let _ = writeln!(out, "- Detached: {}", moment(detached, zone));
        }
        phases(out, run, zone);
    }
}

fn phases(out: &mut String, run: &Run, zone: Zone) {
    let lines = run.lines();
    for (index, phase) in run.summaries().iter().enumerate() {
        let _ = write!(out, "\n### {} ({}/{})\n\n", escaped(&phase.title), phase.done, phase.total);
        for line in lines.iter().filter(|line| line.phase == index) {
            step(out, line, zone);
        }
    }
}

fn step(out: &mut String, line: &Line, zone: Zone) {
    let indent = "  ".repeat(usize::from(line.depth));
    let mark = match line.progress() {
        Progress::Done => "[x]",
        _ => "[ ]",
    };
    let option = if line.kind == StepKind::Option { "(one of) " } else { "" };
    let _ = writeln!(out, "{indent}- {mark} {option}{}{}", escaped(line.text), what_became(line, zone));
    for note in line.state.map(|state| state.notes.as_slice()).unwrap_or_default() {
        let _ = writeln!(
            out,
            "{indent}  - {} {}: {}",
            moment(note.at, zone),
            escaped(note.by.as_str()),
            escaped(&note.text)
        );
    }
}

fn what_became(line: &Line, zone: Zone) -> String {
    let Some(state) = line.state else { return String::new() };
    let mut said = Vec::new();
    if let (Some(by), Some(at), true) = (&state.by, state.at, state.progress != Progress::Open) {
        said.push(format!("{} by {} at {}", state.progress.name(), escaped(by.as_str()), moment(at, zone)));
    }
    if !state.reason.is_empty() {
        said.push(escaped(&state.reason));
    }
    if let Some(owner) = &state.owner {
        said.push(format!("for {}", escaped(owner.as_str())));
    }
    if said.is_empty() { String::new() } else { format!(" *({})*", said.join(", ")) }
}

pub(super) fn updates(out: &mut String, incident: &Incident, zone: Zone) {
    if incident.updates.is_empty() {
        return;
    }
    out.push_str("\n## Updates\n");
    for record in &incident.updates {
        let sent = &record.sent;
        let (audience, by) = (escaped(&sent.audience), escaped(record.by.as_str()));
        let _ = write!(out, "\n### {} to {audience} ({}), by {by}\n\n", moment(record.at, zone), sent.word);
        out.push_str(&fenced(&sent.body));
        if let Some(next) = sent.next {
            let _ = writeln!(out, "\nNext update promised for {}.", moment(next, zone));
        }
    }
}
