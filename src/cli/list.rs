//! `warroom list`: the incidents of this home.

use clap::Args;
use serde_json::json;

use super::desk::{Desk, Found, folded};
use super::fail::Done;
use super::out::complain;
use super::print;
use super::print::{moment, padded};
use crate::config::shipped::past_incidents;
use crate::incident::Incident;
use crate::runtime::past;

/// List incidents, the newest first
#[derive(Args)]
pub struct ListArgs {
    /// Only those that are not over
    #[arg(long)]
    open: bool,
    /// The shipped past incidents, for `replay`
    #[arg(long, conflicts_with = "open")]
    shipped: bool,
}

impl ListArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        if self.shipped {
            return shipped(desk);
        }
        let mut any = false;
        for dir in desk.home().list()?.into_iter().rev() {
            let found = Found::from(dir);
            match folded(&found) {
                Ok(incident) if self.open && incident.status.is_over() => {}
                Ok(incident) => {
                    any = true;
                    one(desk, &found, &incident)?;
                }
                Err(_) => {
                    complain(&format!("warning: {} cannot be read: {}", found.name(), found.path.display()))
                }
            }
        }
        if !any && !desk.json {
            complain(
                "no incidents here; `warroom declare` makes one, `warroom replay --list` names past ones",
            );
        }
        Ok(())
    }
}

fn one(desk: &mut Desk, found: &Found, incident: &Incident) -> Done {
    if desk.json {
        let mut shape = print::found(found);
        if let serde_json::Value::Object(shape) = &mut shape {
            let more = json!({
                "title": incident.title(),
                "public_title": incident.public_title(),
                "type": incident.kind(),
                "status": incident.status.name(),
                "phase": incident.phase().name(),
                "severity": incident.severity,
                "drill": incident.is_drill(),
                "private": incident.is_private(),
                "declared_at": incident.declared_at(),
                "resolved_at": incident.resolved_at(),
                "commander": incident.commander(),
                "entries": incident.count,
            });
            shape.extend(more.as_object().cloned().unwrap_or_default());
        }
        return desk.out.json(&shape);
    }
    let number = found.number.map_or("-".to_owned(), |number| format!("INC-{number:04}"));
    let severity = incident.severity.as_deref().unwrap_or("-");
    let declared = incident.declared_at().map_or("not declared".to_owned(), |at| moment(at, desk.zone));
    let drill = if incident.is_drill() { " (drill)" } else { "" };
    let private = if incident.is_private() { " (PRIVATE)" } else { "" };
    let line = [padded(&number, 8), padded(severity, 3), padded(incident.status.name(), 12), declared];
    desk.out.line(&format!("{}  {}{drill}{private}  ({})", line.join("  "), incident.title(), found.slug))
}

/// The shipped past incidents, as they ended.
pub fn shipped(desk: &mut Desk) -> Done {
    for past in past_incidents() {
        let incident = past::folded(&past);
        match desk.json {
            true => desk.out.json(&json!({
                "slug": past.slug,
                "title": incident.title(),
                "type": incident.kind(),
                "declared_at": incident.declared_at(),
                "resolved_at": incident.resolved_at(),
                "entries": incident.count,
            }))?,
            false => desk.out.line(&format!("{}  {}", padded(&past.slug, 24), incident.title()))?,
        }
    }
    Ok(())
}
