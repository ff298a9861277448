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

    /// Reads `30m`, `1h30m`, a plain number of minutes, `14:30` (the next one in `zone`), `none`, `usual`.
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
        let at = at_wall_clock(text.trim(), now, zone).map(NextUpdate::At);
        at.ok_or_else(|| format!("{text:?} is not a time: write 30m, 1h, 14:30 or none"))
    }
}

/// The whole minute at or after `time`.
fn next_minute(time: Time) -> Time {
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

fn two_digits(text: &str) -> Option<u8> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
