//! Where `goto 14:05` goes: in a live room as the scribe line reads times, in a replay from where it stands.

use chrono::{NaiveTime, TimeDelta, TimeZone};

use crate::incident::scribe::{LineTime, parse_line};
use crate::incident::{Span, Time, Zone};
use crate::tui::actions::{Action, ReplayAction};
use crate::tui::layers::entry::which_time;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};

/// The message that goes there.
pub fn time(text: &str, ctx: &Ctx) -> Result<Msg, String> {
    let scene = ctx.scene.ok_or("no incident is open: open one first")?;
    let text = text.trim();
    if scene.live {
        return written(text, ctx).map(Msg::Goto);
    }
    // Only the player knows where the replay ends, so its ends are its own actions.
    match text.to_lowercase().as_str() {
        "start" | "begin" => return Ok(Msg::Act(Action::Replay(ReplayAction::Start))),
        "end" => return Ok(Msg::Act(Action::Replay(ReplayAction::End))),
        _ => {}
    }
    let near = shifted(text, scene.now).or_else(|| of_clock(text, &scene, ctx.look.zone));
    near.map_or_else(|| written(text, ctx), Ok).map(Msg::Goto)
}

/// As the scribe line understands it.
fn written(text: &str, ctx: &Ctx) -> Result<Time, String> {
    if let Some(time) = Time::parse(text) {
        return Ok(time);
    }
    // A time is read in front of some text; what is left then must be that text alone.
    const TEXT: &str = "x";
    let line = parse_line(&format!("{text} {TEXT}"), ctx.now, &ctx.look.zone);
    match line.time {
        LineTime::Is(when) if line.text == TEXT => Ok(when.time),
        LineTime::Ask(choices) if line.text == TEXT => Err(which_time(&choices)),
        _ => Err(format!("{text:?} is not a time: type 14:05, -20m, yesterday 23:10 or 2026-11-20 14:05")),
    }
}

/// `+30m` on, `-1h` back.
fn shifted(text: &str, now: Time) -> Option<Time> {
    match text.split_at_checked(1)? {
        ("+", span) => Some(now + Span::parse(span)?),
        ("-", span) => Some(now - Span::parse(span)?),
        _ => None,
    }
}

/// The nearest moment at which the clock shows that time, the next one of two as near; none before the incident.
fn of_clock(text: &str, scene: &Scene, zone: Zone) -> Option<Time> {
    let time =
        NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
    let (time, start) = (time.ok()?, scene.incident.span.map(|(start, _)| start));
    let today = zone.from_utc_datetime(&scene.now.calendar()).date_naive();
    let days = [1, 0, -1].into_iter().filter_map(|days| today.checked_add_signed(TimeDelta::days(days)));
    let moments = days.filter_map(|day| zone.from_local_datetime(&day.and_time(time)).earliest());
    // A minute that the incident began in counts.
    let within = |at: &Time| start.is_none_or(|start| *at + Span::from_mins(1) > start);
    let moments = moments.map(|at| Time::from_utc(at.to_utc())).filter(within);
    moments.min_by_key(|at| at.since(scene.now).abs())
}
