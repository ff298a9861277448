//! What to say on the phone: which incident, how grave, how it stands, what is needed. Nobody has to think of it at night.

use crate::incident::roles::COMMANDER;
use crate::incident::words::Status;
use crate::tui::layers::step::text::moment;
use crate::tui::scene::{Ctx, Scene};

/// The sentences, in the order in which they are said.
pub fn sentences(ctx: &Ctx, scene: &Scene) -> Vec<String> {
    let mut all = vec![what(ctx, scene), state(scene), need(scene)];
    if scene.incident.is_drill() {
        all.insert(0, "This is a DRILL: say so first.".to_owned());
    }
    if scene.incident.is_private() {
        all.push("It is private: no details on an open line.".to_owned());
    }
    all
}

/// A private incident has no title on the phone either.
fn what(ctx: &Ctx, scene: &Scene) -> String {
    let incident = scene.incident;
    let grave = match (&incident.severity, incident.level()) {
        (Some(severity), Some(level)) => format!("{severity} ({})", level.word),
        (Some(severity), None) => severity.clone(),
        (None, _) => "not graded yet".to_owned(),
    };
    let since = incident.declared_at().map(|declared| {
        let running = scene.now.since(declared).short();
        format!(", declared {}, {running} ago", moment(ctx.look.zone, declared, scene.now))
    });
    format!("I call about {}: {grave}{}.", incident.public_title(), since.unwrap_or_default())
}

fn state(scene: &Scene) -> String {
    let incident = scene.incident;
    let (status, about) = (incident.status, incident.status.about());
    match incident.roles.holder(COMMANDER) {
        // Whoever commands has taken it, whatever the status says.
        Some(who) if status == Status::Alerted => format!("{} commands.", incident.name_of(who)),
        Some(who) => format!("It is {status}: {about}; {} commands.", incident.name_of(who)),
        None => format!("It is {status}: {about}; nobody commands yet."),
    }
}

fn need(scene: &Scene) -> String {
    match scene.incident.links.get("bridge") {
        Some(bridge) => format!("Please join {bridge}, or name somebody who can decide and help."),
        None => "Please join us, or name somebody who can decide and help.".to_owned(),
    }
}
