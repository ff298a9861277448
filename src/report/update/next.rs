//! When the next update is promised, as people say it.

use serde::{Deserialize, Serialize};

use crate::incident::{Span, Time, Zone};

/// What was asked for; [`NextUpdate::due`] makes a time of it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextUpdate {
    /// As the policy has it for the audience.
    #[default]
    Usual,
    /// This long after it is sent.
    In(Span),
    At(Time),
    Never,
}

/// Farther ahead than this nobody promises an update.
const FARTHEST: Span = Span::from_days(31);
const MINUTE: Span = Span::from_mins(1);
/// Farther ahead than this a bare time of the day has passed; nobody means tomorrow by it.
const AHEAD: Span = Span::from_mins(18 * 60);

impl NextUpdate {
    /// The time that is promised at `now`, a whole minute, for that is what the text can say. A time that has passed
    /// is taken as the usual span.
    pub fn due(self, usual: Span, now: Time) -> Option<Time> {
        match self {
            NextUpdate::Never => None,
            NextUpdate::At(time) if time > now => Some(time),
            NextUpdate::In(span) => Some(next_minute(now + span)),
            NextUpdate::Usual | NextUpdate::At(_) => Some(next_minute(now + usual)),
        }
    }

    /// Reads `30m`, `1h30m`, a plain number of minutes, `14:30` (the next one in `zone`, unless it has just passed),
    /// `2026-11-22 14:30`, `none`, `usual`.
    pub fn parse(text: &str, now: Time, zone: Zone) -> Result<NextUpdate, String> {
        match text.trim().to_lowercase().as_str() {
            "none" | "never" | "no" | "-" => return Ok(NextUpdate::Never),
            "usual" => return Ok(NextUpdate::Usual),
            _ => {}
        }
        if let Some(span) = Span::parse(text) {
            let sensible = span > Span::ZERO && span <= FARTHEST;
            return sensible
                .then_some(NextUpdate::In(span))
                .ok_or_else(|| "between 1 minute and 31 days".to_owned());
        }
        let text = text.trim();
        if let Some((day, clock)) = text.split_once(' ') {
            let at = on_day(day, clock.trim(), now, zone).map(NextUpdate::At);
            return at.ok_or_else(|| format!("{text:?} is not a time to come: write 2026-11-22 09:00"));
        }
        match (at_wall_clock(text, now, zone), Self::passed(text, now, zone)) {
            (None, _) => Err(format!("{text:?} is not a time: write 30m, 1h, 14:30 or none")),
            (Some(_), Some(next)) => {
                let (day, clock) = (zone.date(next), zone.hm(next));
                Err(format!("{clock} has passed; for tomorrow write {day} {clock}"))
            }
            (Some(at), None) => Ok(NextUpdate::At(at)),
        }
    }

    /// When a bare time of the day has just passed: when a clock shows it again.
    pub fn passed(text: &str, now: Time, zone: Zone) -> Option<Time> {
        at_wall_clock(text.trim(), now, zone).filter(|at| at.since(now) > AHEAD)
    }
}

/// The whole minute at or after `time`.
pub(super) fn next_minute(time: Time) -> Time {
    let minute = MINUTE.ms();
    let past = time.ms().rem_euclid(minute);
    if past == 0 { time } else { time + Span::from_ms(minute - past) }
}

/// The next time a clock in `zone` shows `14:30`. It is looked for minute by minute: right on the days when the clocks
/// are set forward or back too, and never more than 1,500 looks.
fn at_wall_clock(text: &str, now: Time, zone: Zone) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let shown = format!("{:02}:{:02}", two_digits(hour)?, two_digits(minute)?);
    let first = next_minute(now + Span::from_ms(1));
    (0..25 * 60).map(|ahead| first + Span::from_mins(ahead)).find(|time| zone.hm(*time) == shown)
}

/// `14:30` on a day to come such as `2026-11-22`, looked for with the clock of each day: right in every zone.
pub(super) fn on_day(day: &str, clock: &str, now: Time, zone: Zone) -> Option<Time> {
    let mut days = (0..=31).map(|days| now + Span::from_days(days));
    days.find_map(|from| at_wall_clock(clock, from, zone).filter(|at| zone.date(*at) == day))
}

fn two_digits(text: &str) -> Option<u8> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
