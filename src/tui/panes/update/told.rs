//! Who was told what and who is due: lines of the update pane, one for each audience (MISSION row S4.12).

use crate::incident::state::Proposed;
use crate::incident::{Time, Zone};
use crate::report::history::AudienceLine;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

/// Most columns of the names of audiences.
const NAMES: u16 = 18;

/// In how much time the next update is due, or that it is late; empty: none is due.
fn due(line: &AudienceLine, now: Time) -> String {
    match line.next_due {
        Some(due) if line.overdue => format!("OVERDUE by {}", now.since(due).short()),
        Some(due) => format!("due in {}", due.since(now).short()),
        None => String::new(),
    }
}

/// `14:02 identified by bob, approved by alice, delivered (3 so far)`
fn last(line: &AudienceLine, scene: &Scene, zone: Zone) -> String {
    let Some(told) = &line.last else { return "told nothing so far".to_owned() };
    let day =
        if zone.date(told.at) == zone.date(scene.now) { String::new() } else { zone.date(told.at) + " " };
    let mut text = format!("{day}{} {} by {}", zone.hm(told.at), told.word, scene.incident.name_of(&told.by));
    if let Some(who) = &told.approved_by {
        text.push_str(&format!(", approved by {}", scene.incident.name_of(who)));
    }
    // What has arrived is no news; what has not is.
    let open: Vec<&str> =
        line.receipts.iter().map(|receipt| receipt.state).filter(|state| *state != "delivered").collect();
    if let Some(state) = open.first() {
        text.push_str(&format!(", {state}"));
    }
    if line.count > 1 {
        text.push_str(&format!(" ({} so far)", line.count));
    }
    text
}

/// One audience as it stands in the question who is told.
pub(super) fn choice(line: &AudienceLine, scene: &Scene, zone: Zone) -> String {
    let outside = if line.external { "outside; " } else { "" };
    let known = if line.last.is_some() { last(line, scene, zone) } else { line.about.clone() };
    let due = due(line, scene.now);
    let due = if due.is_empty() { due } else { format!("{due}; ") };
    format!("{due}{outside}{known}")
}

/// The audiences but `shown`, that were told something or are to be: a line each, those that are late first.
pub(super) fn others(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene, all: &[AudienceLine], shown: &str) {
    let mut rest: Vec<&AudienceLine> = all
        .iter()
        .filter(|line| line.audience != shown && (line.last.is_some() || line.next_due.is_some()))
        .collect();
    rest.sort_by_key(|line| (line.next_due.is_none(), line.next_due));
    let names = rest.iter().map(|line| width(&line.audience)).max().unwrap_or(0).min(NAMES);
    for line in rest {
        let (row, due, told) = (sheet.len(), due(line, scene.now), last(line, scene, ctx.look.zone));
        let meaning = if line.overdue { Meaning::Alert } else { Meaning::Text };
        sheet.line(0, Meaning::Muted, &line.audience).beside(row, names + 2, meaning, &due);
        let (x, told) = match width(&due) {
            0 => (names + 2, told),
            columns => (names + 2 + columns, format!("; {told}")),
        };
        sheet.beside(row, x, Meaning::Muted, &told);
    }
}

/// What waits for the commander's word, and what was refused and nothing was sent since.
pub(super) fn proposals(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene, key: &str) {
    for proposed in scene.incident.awaiting_approval() {
        let (audience, age) = (&proposed.update.audience, scene.now.since(proposed.at).short());
        let mine = scene.incident.commander() == Some(ctx.me);
        let (meaning, whose) = match (mine && scene.live, scene.incident.commander()) {
            (true, _) => (Meaning::Alert, "YOUR approval".to_owned()),
            (false, Some(who)) => (Meaning::Warning, format!("{}'s approval", scene.incident.name_of(who))),
            (false, None) => (Meaning::Warning, "a commander's approval".to_owned()),
        };
        let by = scene.incident.name_of(&proposed.by);
        sheet.say(0, meaning, &format!("! {audience}: WAITING {age} for {whose}, from {by}: {key} shows it"));
    }
    for proposed in refused(scene) {
        let Some(answer) = &proposed.answer else { continue };
        let (audience, by) = (&proposed.update.audience, scene.incident.name_of(&answer.by));
        sheet.say(
            0,
            Meaning::Warning,
            &format!("{audience}: NOT APPROVED by {by}: {}: {key} shows it", answer.reason),
        );
    }
}

/// The newest proposal of each audience, where it was refused and nothing was sent since.
pub(super) fn refused<'a>(scene: &Scene<'a>) -> Vec<&'a Proposed> {
    let all = &scene.incident.proposed;
    let stands = |(place, proposed): (usize, &'a Proposed)| {
        let refused = proposed.answer.as_ref().filter(|answer| !answer.approved)?;
        let audience = &proposed.update.audience;
        let newer = all.iter().skip(place + 1).any(|other| other.update.audience == *audience);
        let told = scene.incident.last_update(audience).is_some_and(|record| record.at >= refused.at);
        (!newer && !told).then_some(proposed)
    };
    all.iter().enumerate().filter_map(stands).collect()
}
