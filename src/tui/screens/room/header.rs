//! The header (what, how grave, how far, since when) and the clock rail (what runs out next).

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::rail;
use crate::incident::words::Phase;
use crate::incident::{Span, Time};
use crate::policy::Policy;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::{paint, put, put_right, width};

/// What the header says besides the incident.
pub struct Heading<'a> {
    /// `INC-0042`, or a past incident's name.
    pub reference: &'a str,
    pub replay: bool,
}

/// One line: reference, severity, title, phases, running time, the time of day.
pub fn header(ctx: &Ctx, scene: &Scene, heading: &Heading, line: Rect, buf: &mut Buffer) {
    let (mut x, y, end) = (line.x, line.y, line.right());
    let incident = scene.incident;
    let clock = clock(ctx, scene);
    let clock_at = put_right(buf, x, y, end, &clock, ctx.style(Meaning::Text));
    x = put(buf, x, y, clock_at, heading.reference, ctx.style(Meaning::Title));
    x = put(buf, x, y, clock_at, "  ", ctx.style(Meaning::Text));
    let marks = [
        (incident.is_drill(), "DRILL", Meaning::Drill),
        (incident.is_private(), "PRIVATE", Meaning::Warning),
        (heading.replay, "REPLAY", Meaning::Replay),
    ];
    for (on, word, meaning) in marks {
        if on {
            x = put(buf, x, y, clock_at, word, ctx.style(meaning));
            x = put(buf, x, y, clock_at, "  ", ctx.style(Meaning::Text));
        }
    }
    if let Some(severity) = &incident.severity {
        x = put(buf, x, y, clock_at, severity, ctx.style(by_rank(scene.policy(ctx), severity)));
        x = put(buf, x, y, clock_at, "  ", ctx.style(Meaning::Text));
    }
    let rail = phase_width(incident.phase(), clock_at.saturating_sub(x), width(incident.title()));
    let title_end = clock_at.saturating_sub(rail + 2).max(x);
    put(buf, x, y, title_end, incident.title(), ctx.style(Meaning::Text));
    if width(incident.title()) > title_end.saturating_sub(x) {
        put(
            buf,
            title_end.saturating_sub(1).max(x),
            y,
            title_end,
            ctx.look.glyphs.ellipsis,
            ctx.style(Meaning::Muted),
        );
    }
    phases(ctx, scene, Rect::new(clock_at.saturating_sub(rail + 1), y, rail, 1), buf);
}

/// The colour of a severity by its rank in the policy.
pub fn severity_meaning(ctx: &Ctx, severity: &str) -> Meaning {
    by_rank(ctx.policy, severity)
}

fn by_rank(policy: &Policy, severity: &str) -> Meaning {
    match policy.rank(severity) {
        Some(0) => Meaning::Sev0,
        Some(1) => Meaning::Sev1,
        Some(2) => Meaning::Sev2,
        Some(3) => Meaning::Sev3,
        _ => Meaning::Sev4,
    }
}

fn clock(ctx: &Ctx, scene: &Scene) -> String {
    let zone = ctx.look.zone;
    let running = running_time(scene).map_or(String::new(), |span| format!("T+{}", span.hms()));
    let date = if scene.live { String::new() } else { format!("{} ", zone.date(scene.now)) };
    format!("  {running}  {date}{} {}", zone.hms(scene.now), zone.label(scene.now))
}

/// How long the incident has run: until it was resolved, or until now.
fn running_time(scene: &Scene) -> Option<Span> {
    let declared = scene.incident.declared_at()?;
    let end: Time = scene.incident.resolved_at().unwrap_or(scene.now);
    Some(end.max(declared).since(declared))
}

fn rail_text(now: Phase) -> Vec<(Phase, String)> {
    let name =
        |phase: Phase| if phase == now { phase.name().to_uppercase() } else { phase.name().to_owned() };
    Phase::ALL.iter().map(|phase| (*phase, name(*phase))).collect()
}

/// The columns of the phase rail: the whole of it where the title leaves room, else the present phase.
fn phase_width(now: Phase, room: u16, title: u16) -> u16 {
    let whole: u16 = rail_text(now).iter().map(|(_, name)| width(name) + 3).sum::<u16>() - 3;
    if room >= whole.saturating_add(title).saturating_add(3) { whole } else { width(now.name()).min(room) }
}

fn phases(ctx: &Ctx, scene: &Scene, line: Rect, buf: &mut Buffer) {
    let now = scene.incident.phase();
    let whole = phase_width(now, u16::MAX, 0);
    let mut x = line.x;
    for (phase, name) in rail_text(now) {
        if line.width < whole && phase != now {
            continue;
        }
        let meaning = match phase.cmp(&now) {
            std::cmp::Ordering::Less => Meaning::PhaseDone,
            std::cmp::Ordering::Equal => Meaning::PhaseNow,
            std::cmp::Ordering::Greater => Meaning::PhaseNext,
        };
        x = put(buf, x, line.y, line.right(), &name, ctx.style(meaning));
        x = put(buf, x, line.y, line.right(), " > ", ctx.style(Meaning::Muted));
    }
}

/// One line: status, the clocks that run out next, links.
pub fn rail(ctx: &Ctx, scene: &Scene, line: Rect, buf: &mut Buffer) {
    let (mut x, y, end) = (line.x + 1, line.y, line.right());
    let status = format!("{}  ", scene.incident.status);
    x = put(buf, x, y, end, &status, ctx.style(Meaning::Status));
    let notice = scene.incident.policy_trouble();
    if let Some(notice) = notice.or_else(|| scene.incident.notices.last().map(|notice| notice.text.clone())) {
        x = put(buf, x, y, end, &notice, ctx.style(Meaning::Warning));
        x = put(buf, x, y, end, "  ", ctx.style(Meaning::Text));
    }
    if scene.incident.commander().is_none() && !scene.incident.status.is_over() {
        x = put(buf, x, y, end, "no commander", ctx.style(Meaning::Alert));
        x = put(buf, x, y, end, "  ", ctx.style(Meaning::Text));
    }
    for call in to_me(ctx, scene) {
        x = put(buf, x, y, end, &call, ctx.style(Meaning::Alert));
        x = put(buf, x, y, end, "  ", ctx.style(Meaning::Text));
    }
    let links_at = links(ctx, scene, x, line, buf);
    clocks(ctx, &rail::pieces(scene, ctx.look.zone), Rect::new(x, y, links_at.saturating_sub(x), 1), buf);
    paint(buf, Rect::new(line.x, y, 1, 1), ctx.style(Meaning::Text));
}

/// What waits for the word of whoever sits here, and the keys that lead to it; the pane may be hidden.
fn to_me(ctx: &Ctx, scene: &Scene) -> Vec<String> {
    let offers = scene.incident.roles.offers().iter().filter(|offer| offer.to == *ctx.me);
    let mut calls: Vec<String> =
        offers.map(|offer| format!("you are offered {} (3 v)", offer.role)).collect();
    if scene.incident.commander() == Some(ctx.me) {
        let waiting = scene.incident.awaiting_approval();
        calls.extend(
            waiting.map(|proposed| format!("approve the update to {} (4 v)", proposed.update.audience)),
        );
    }
    calls
}

/// As many clocks as fit. What does not is counted, for silence would look like no clock.
fn clocks(ctx: &Ctx, pieces: &[rail::Piece], line: Rect, buf: &mut Buffer) {
    let (mut x, y, end) = (line.x, line.y, line.right());
    let counted = pieces.iter().filter(|piece| piece.counts).count();
    for (index, piece) in pieces.iter().enumerate() {
        let divider = if index > 0 { " | " } else { "" };
        let left = counted.saturating_sub(index);
        let rest = if left > 0 { format!("{divider}+{left}") } else { String::new() };
        let room_for_rest = if left > 1 { width(&format!(" | +{}", left - 1)) } else { 0 };
        if x + width(divider) + width(&piece.text) + room_for_rest > end {
            put(buf, x, y, end, &rest, ctx.style(piece.meaning));
            break;
        }
        x = put(buf, x, y, end, divider, ctx.style(Meaning::Muted));
        x = put(buf, x, y, end, &piece.text, ctx.style(piece.meaning));
    }
}

/// Bridge and channel at the right end; answers where they begin.
fn links(ctx: &Ctx, scene: &Scene, x: u16, line: Rect, buf: &mut Buffer) -> u16 {
    let shown = ["bridge", "channel"].iter().filter_map(|what| {
        let url = scene.incident.links.get(*what)?;
        Some(format!("{what}: {url}"))
    });
    let text = shown.collect::<Vec<_>>().join("  ");
    if text.is_empty() || width(&text) + 24 > line.right().saturating_sub(x) {
        return line.right();
    }
    put_right(buf, x, line.y, line.right(), &text, ctx.style(Meaning::Link))
}
