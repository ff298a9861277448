//! The handover brief: what whoever takes over has to know, in one line, made from the log.
//!
//! Pure: the same incident at the same moment always gives the same brief.

use crate::incident::deadline::deadlines;
use crate::incident::{Incident, Time, Zone};

/// Longest list of deadlines in a brief.
const MOST_DEADLINES: usize = 3;

/// Severity, status and since when; what is open; what is due; who is missing.
pub fn brief(incident: &Incident, now: Time, zone: Zone) -> String {
    let parts =
        [Some(standing(incident, now, zone)), open_steps(incident), due(incident, now), missing(incident)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn standing(incident: &Incident, now: Time, zone: Zone) -> String {
    let severity = incident.severity.as_deref().unwrap_or("no severity yet");
    let mut text = format!("{severity}, {}", incident.status);
    if let Some(turn) = incident.statuses.last() {
        text.push_str(&format!(" since {} {}", zone.hm(turn.at), zone.label(turn.at)));
    }
    if let Some(declared) = incident.declared_at() {
        text.push_str(&format!(", declared {} ago", now.since(declared).short()));
    }
    text
}

fn open_steps(incident: &Incident) -> Option<String> {
    let run = incident.attached_runs().last()?;
    let (done, total) = run.totals();
    let open = run.lines().into_iter().find(|line| line.counts() && !line.progress().is_settled());
    let next = open.map(|line| format!(", next: {}", line.text)).unwrap_or_default();
    Some(format!("{} {done}/{total}{next}", run.title()))
}

fn due(incident: &Incident, now: Time) -> Option<String> {
    let clocks = deadlines(incident).into_iter().take(MOST_DEADLINES).map(|deadline| {
        let left = deadline.left(now);
        match left.is_negative() {
            true => format!("{} over by {}", deadline.label, left.abs().short()),
            false => format!("{} in {}", deadline.label, left.short()),
        }
    });
    let clocks: Vec<String> = clocks.collect();
    (!clocks.is_empty()).then(|| format!("due: {}", clocks.join(", ")))
}

fn missing(incident: &Incident) -> Option<String> {
    let vacant: Vec<&str> = incident.roles.vacant().map(|duty| duty.role).collect();
    (!vacant.is_empty()).then(|| format!("NOBODY is {}", vacant.join(", ")))
}
