//! The clock board as lines: how long it has run, what runs out, what was answered (rows B2, S2.1).

use super::order::{Answered, Board, urgency};
use crate::incident::clocks::Act;
use crate::incident::deadline::{Deadline, Urgency};
use crate::incident::ledger::Recovery;
use crate::incident::{Incident, Span, Time, Zone};
use crate::report::ledger::as_of;
use crate::tui::layers::step::text::moment;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::{Sheet, clipped};
use crate::tui::widgets::width;

/// From this width on the due moment stands beside the time left.
const WIDE: u16 = 56;
/// Columns of the time left, so that the due moments stand below each other.
const LEFT: usize = 16;
/// Datasets whose recovery is in the summary.
const MOST_DATASETS: usize = 4;

/// How much of the board there is room for.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Room {
    /// Everything, with a line between two clocks.
    Ample,
    Enough,
    /// A clock that runs and is not selected has one line.
    Tight,
}

/// The board, as much of it as fits `size`: columns and lines.
pub fn sheet(board: &Board, selected: usize, size: (u16, usize), ctx: &Ctx, scene: &Scene) -> Sheet {
    let (columns, lines) = size;
    let made = |room| made(board, selected, columns, room, ctx, scene);
    let fitting = [Room::Ample, Room::Enough].into_iter().map(made).find(|sheet| sheet.len() <= lines);
    fitting.unwrap_or_else(|| made(Room::Tight))
}

fn made(board: &Board, selected: usize, columns: u16, room: Room, ctx: &Ctx, scene: &Scene) -> Sheet {
    let mut sheet = Sheet::new(columns);
    summary(&mut sheet, ctx, scene);
    sheet.gap();
    if board.running.is_empty() {
        sheet.say(0, Meaning::Muted, nothing(scene.incident));
    }
    for (index, deadline) in board.running.iter().enumerate() {
        if room == Room::Ample && index > 0 {
            sheet.item(None).gap();
        }
        let loud = urgency(deadline, scene.now) == Urgency::Over;
        let in_full = room != Room::Tight || loud || index == selected;
        one(sheet.item(index), ctx, scene, deadline, in_full);
    }
    answered(&mut sheet, board, ctx, scene);
    sheet
}

fn nothing(incident: &Incident) -> &'static str {
    match incident.status.is_over() {
        true => "The incident is over: its clocks have stopped.",
        false => "No clock runs. A status update sets the next one; so does a playbook with time boxes.",
    }
}

/// How long it has been going on, at which severities, and how the recovery stands against its targets.
fn summary(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene) {
    let Some(declared) = scene.incident.declared_at() else { return };
    let until = scene.incident.resolved_at();
    let took = until.unwrap_or(scene.now).max(declared).since(declared);
    let word = if until.is_some() { "It took" } else { "Running" };
    let when = moment(ctx.look.zone, declared, scene.now);
    sheet.say(0, Meaning::Text, &format!("{word} {}, declared {when}", took.hms()));
    let held = scene.incident.time_in_severity(scene.now);
    let held: Vec<String> = held.iter().map(|(name, span)| format!("{name} for {}", span.short())).collect();
    if !held.is_empty() {
        sheet.say(0, Meaning::Text, &format!("Severity {}", held.join(", then ")));
    }
    recoveries(sheet, ctx, scene, declared);
}

fn recoveries(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene, began: Time) {
    let end = as_of(scene.incident, scene.now);
    let policy = scene.policy(ctx);
    let all = scene.incident.ledger.datasets();
    let all: Vec<(&str, Recovery)> = all
        .filter_map(|dataset| Some((dataset.name.as_str(), dataset.recovery(policy, began, end)?)))
        .collect();
    for (name, recovery) in all.iter().take(MOST_DATASETS) {
        let missed = recovery.rto_missed_by().is_some() || recovery.rpo_missed_by().is_some();
        let meaning = if missed { Meaning::Warning } else { Meaning::Text };
        let text = format!("{name} ({}): {}; {}", recovery.tier.name, rto(recovery), rpo(recovery));
        sheet.say(0, meaning, &text);
    }
    if all.len() > MOST_DATASETS {
        let more = format!("{} more in the ledger", all.len() - MOST_DATASETS);
        sheet.say(0, Meaning::Muted, &more);
    }
}

/// `RTO 30 s MISSED, out for 46m`
fn rto(recovery: &Recovery) -> String {
    let (target, actual) = (&recovery.tier.rto, recovery.rto_actual.short());
    let so_far = if recovery.recovered { "back after" } else { "out for" };
    format!("RTO {target}{}, {so_far} {actual}", verdict(recovery.rto_missed_by(), recovery.recovered))
}

/// `RPO 5 min MISSED, at risk 48m`
fn rpo(recovery: &Recovery) -> String {
    let target = &recovery.tier.rpo;
    let Some(actual) = recovery.rpo_actual else {
        return format!("RPO {target}, last good moment unknown");
    };
    let so_far = if recovery.contained { "lost" } else { "at risk" };
    let verdict = verdict(recovery.rpo_missed_by(), recovery.contained);
    format!("RPO {target}{verdict}, {so_far} {}", actual.short())
}

fn verdict(missed: Option<Span>, ended: bool) -> &'static str {
    match (missed, ended) {
        (Some(_), _) => " MISSED",
        (None, true) => " met",
        (None, false) => "",
    }
}

fn one(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene, deadline: &Deadline, in_full: bool) {
    let row = sheet.len();
    let (left, meaning) = time_left(deadline, ctx.look.zone, scene.now);
    let due = moment(ctx.look.zone, deadline.due, scene.now);
    let wide = sheet.width() >= WIDE;
    let beside = if wide { format!("{due}  {left:>LEFT$}") } else { left };
    let columns = sheet.width().saturating_sub(width(&beside) + 1);
    let label = if deadline.quiet { Meaning::Muted } else { Meaning::Text };
    sheet.line(0, label, &clipped(&deadline.label, columns)).right(row, meaning, &beside);
    if !in_full {
        return;
    }
    let say = if wide { deadline.say.clone() } else { format!("due {due}: {}", deadline.say) };
    sheet.say(2, Meaning::Muted, &say);
    for (meaning, text) in acts(deadline, ctx, scene.now) {
        sheet.say(2, meaning, &text);
    }
}

/// How much is left, or by how much it is over.
pub fn time_left(deadline: &Deadline, zone: Zone, now: Time) -> (String, Meaning) {
    let left = deadline.left(now);
    if let Some(until) = put_off_to(deadline, now) {
        return (format!("put off to {}", clock_of(until, zone, now)), Meaning::Warning);
    }
    let over = left.abs().short();
    match urgency(deadline, now) {
        Urgency::Over => (format!("OVER by {over}"), Meaning::Alert),
        Urgency::Heard => (format!("heard, over {over}"), Meaning::Warning),
        Urgency::Running if deadline.is_over(now) => ("now".to_owned(), Meaning::Muted),
        Urgency::Running if deadline.quiet => (until(left), Meaning::Muted),
        Urgency::Running => (until(left), Meaning::Info),
    }
}

/// Until when it is quiet, as long as that is later than its own end.
pub fn put_off_to(deadline: &Deadline, now: Time) -> Option<Time> {
    let until = deadline.snoozed.as_ref()?.until;
    (until > now && until > deadline.due).then_some(until)
}

/// `03:58` within a day, beyond it with the day.
pub fn clock_of(at: Time, zone: Zone, now: Time) -> String {
    if at.since(now) < Span::from_days(1) { zone.hm(at) } else { moment(zone, at, now) }
}

/// To the second within a day: `04:59 left`; beyond it `2d 3h left`.
fn until(left: Span) -> String {
    let text = if left >= Span::from_days(1) { left.short() } else { left.clock() };
    format!("{text} left")
}

/// What people did with a clock that still runs.
fn acts(deadline: &Deadline, ctx: &Ctx, now: Time) -> Vec<(Meaning, String)> {
    let tried = deadline.tried.iter().map(|act| (Meaning::Warning, said("tried", act, ctx, now)));
    tried.chain(heard(deadline, ctx, now).map(|text| (Meaning::Text, text))).collect()
}

/// Who has heard it, or until when it was put off.
pub fn heard(deadline: &Deadline, ctx: &Ctx, now: Time) -> impl Iterator<Item = String> {
    let zone = ctx.look.zone;
    let heard = deadline.acknowledged.as_ref().map(|act| said("heard", act, ctx, now));
    let put_off = deadline.snoozed.as_ref().map(|snooze| {
        let (until, at) = (moment(zone, snooze.until, now), zone.hm(snooze.at));
        format!("put off to {until} by {} {at}: {}", snooze.by, snooze.reason)
    });
    heard.into_iter().chain(put_off)
}

/// `heard by alice 14:03 UTC`, with what was noted.
pub fn said(what: &str, act: &Act, ctx: &Ctx, now: Time) -> String {
    // Where nothing more was said, the note repeats what was done.
    let note =
        if act.note.is_empty() || act.note == what { String::new() } else { format!(": {}", act.note) };
    format!("{what} by {} {}{note}", act.by, moment(ctx.look.zone, act.at, now))
}

fn answered(sheet: &mut Sheet, board: &Board, ctx: &Ctx, scene: &Scene) {
    if board.answered.is_empty() {
        return;
    }
    let more = if board.more > 0 { format!(" (a: {} more)", board.more) } else { String::new() };
    sheet.item(None).gap().line(0, Meaning::Muted, &format!("Answered{more}"));
    for (index, Answered { state, done, .. }) in board.answered.iter().enumerate() {
        let text = said(&format!("{}: done", state.label), done, ctx, scene.now);
        let columns = sheet.width().saturating_sub(2);
        sheet.item(board.running.len() + index).say_at_most(2, Meaning::Muted, &text, columns, 2);
    }
}
