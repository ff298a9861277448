//! From a written time to a moment. What can mean two moments, or none, or one that has not come yet, becomes a question.

use std::fmt;

use chrono::offset::MappedLocalTime;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Timelike};

use super::stamp::{Clock, Day, Stamp, Written};
use crate::incident::time::{Span, Time, When, offset_label};

/// Clocks of two machines differ by so much; a time this far ahead is now.
const AHEAD_ALLOWED: Span = Span::from_secs(60);
/// A time of day that lies this far ahead was yesterday's; nearer, it may as well be a slip of the finger.
const SURELY_YESTERDAY: Span = Span::from_hours(12);

/// When a line says it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineTime {
    None,
    Is(When),
    /// Only a person can tell; two choices or more, in the order of their times.
    Ask(Vec<TimeChoice>),
}

impl LineTime {
    /// Why it has to be asked, if it has.
    pub fn reason(&self) -> Option<AskReason> {
        match self {
            Self::Ask(choices) => choices.first().map(|choice| choice.reason),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeChoice {
    pub when: When,
    /// `yesterday 14:03 UTC`
    pub label: String,
    /// Why there is a choice at all; the same for all that are offered together.
    pub reason: AskReason,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum AskReason {
    Future,
    /// The clocks went back.
    Twice,
    /// The clocks went forward.
    Skipped,
}

impl fmt::Display for AskReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Future => "this time has not come yet",
            Self::Twice => "the clocks went back, this time came twice",
            Self::Skipped => "the clocks went forward, this time never came",
        })
    }
}

pub(super) fn settle(stamp: Stamp, now: Time, zone: &impl TimeZone) -> LineTime {
    match stamp.written {
        Written::Ago(span) => LineTime::Is(When { time: now - span, about: stamp.about }),
        Written::At { day, clock } => match clock.offset {
            Some(offset) => Settler { now, zone: &offset, about: stamp.about }.settle(day, clock.time),
            None => Settler { now, zone, about: stamp.about }.settle(day, clock.time),
        },
    }
}

/// The first moment that a clock shows on a day, wherever it lies.
pub(super) fn first_moment(date: NaiveDate, clock: Clock, zone: &impl TimeZone) -> Time {
    let wall = date.and_time(clock.time);
    let (_, moments) = match clock.offset {
        Some(offset) => moments(wall, &offset),
        None => moments(wall, zone),
    };
    moments.first().copied().unwrap_or_default()
}

pub(super) fn is_ahead(time: Time, now: Time) -> bool {
    time > now + AHEAD_ALLOWED
}

pub(super) fn surely_yesterday(time: Time, now: Time) -> bool {
    time - now >= SURELY_YESTERDAY
}

/// What the clock on the wall shows in `zone`.
pub(super) fn wall(time: Time, zone: &impl TimeZone) -> NaiveDateTime {
    let utc = time.calendar();
    utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc)
}

struct Settler<'z, Z: TimeZone> {
    now: Time,
    zone: &'z Z,
    about: bool,
}

impl<Z: TimeZone> Settler<'_, Z> {
    fn settle(&self, day: Day, clock: NaiveTime) -> LineTime {
        let today = wall(self.now, self.zone).date();
        match day {
            Day::On(date) => self.on(date, clock, None),
            Day::Likely(date) => self.on(date, clock, date.pred_opt()),
            Day::Today => self.on(today, clock, None),
            Day::Yesterday => self.on(today.pred_opt().unwrap_or(today), clock, None),
            Day::Unsaid => self.latest(today, clock),
        }
    }

    /// The last time the clock showed this.
    fn latest(&self, today: NaiveDate, clock: NaiveTime) -> LineTime {
        let first_on = |date: Option<NaiveDate>| moments(date?.and_time(clock), self.zone).1.first().copied();
        // Just before midnight, a clock that runs a little ahead already shows tomorrow.
        if first_on(today.succ_opt()).is_some_and(|time| !is_ahead(time, self.now)) {
            return self.is(self.now);
        }
        match first_on(Some(today)) {
            Some(time) if surely_yesterday(time, self.now) => {
                self.on(today.pred_opt().unwrap_or(today), clock, None)
            }
            _ => self.on(today, clock, today.pred_opt()),
        }
    }

    /// `instead`: the day to offer when `date` turns out to lie ahead; without one, the date was said and stays on offer.
    fn on(&self, date: NaiveDate, clock: NaiveTime, instead: Option<NaiveDate>) -> LineTime {
        let (doubt, all) = moments(date.and_time(clock), self.zone);
        let past: Vec<Time> = all.iter().copied().filter(|time| !is_ahead(*time, self.now)).collect();
        match (doubt, past.as_slice()) {
            (None | Some(AskReason::Twice), [time]) => self.is(*time),
            (_, []) => {
                let offered = instead.map_or(all, |date| moments(date.and_time(clock), self.zone).1);
                self.ask(AskReason::Future, offered, true)
            }
            (doubt, _) => {
                let some_ahead = past.len() < all.len();
                self.ask(doubt.unwrap_or(AskReason::Twice), past, some_ahead)
            }
        }
    }

    fn is(&self, time: Time) -> LineTime {
        LineTime::Is(When { time: time.min(self.now), about: self.about })
    }

    fn ask(&self, reason: AskReason, times: Vec<Time>, or_now: bool) -> LineTime {
        let mut choices: Vec<TimeChoice> = times
            .into_iter()
            .map(|time| TimeChoice {
                when: When { time, about: self.about },
                label: self.label(time),
                reason,
            })
            .collect();
        if or_now {
            let time = wall(self.now, self.zone).time();
            let label = format!("now, {} {}", clock_text(time), self.zone_text(self.now));
            choices.push(TimeChoice { when: When::exact(self.now), label, reason });
        }
        choices.sort_by_key(|choice| choice.when.time);
        LineTime::Ask(choices)
    }

    fn label(&self, time: Time) -> String {
        let (then, today) = (wall(time, self.zone), wall(self.now, self.zone).date());
        let day = match then.date() {
            date if date == today => "today".to_owned(),
            date if Some(date) == today.pred_opt() => "yesterday".to_owned(),
            date if Some(date) == today.succ_opt() => "tomorrow".to_owned(),
            date => date.to_string(),
        };
        format!("{day} {} {}", clock_text(then.time()), self.zone_text(time))
    }

    fn zone_text(&self, time: Time) -> String {
        offset_label(i64::from(self.zone.offset_from_utc_datetime(&time.calendar()).fix().local_minus_utc()))
    }
}

fn clock_text(time: NaiveTime) -> String {
    match time.second() {
        0 => format!("{:02}:{:02}", time.hour(), time.minute()),
        second => format!("{:02}:{:02}:{second:02}", time.hour(), time.minute()),
    }
}

/// Every moment at which the wall clock showed this, or for a reading it never showed, the two it would be by the clock
/// before and after the jump. Never empty, in order.
fn moments(wall: NaiveDateTime, zone: &impl TimeZone) -> (Option<AskReason>, Vec<Time>) {
    let (doubt, mut times) = match zone.offset_from_local_datetime(&wall) {
        MappedLocalTime::Single(offset) => (None, vec![moment(wall, &offset)]),
        MappedLocalTime::Ambiguous(a, b) => {
            (Some(AskReason::Twice), vec![moment(wall, &a), moment(wall, &b)])
        }
        MappedLocalTime::None => {
            let around = [beside_gap(wall, zone, -1), beside_gap(wall, zone, 1)];
            (Some(AskReason::Skipped), around.iter().flatten().map(|offset| moment(wall, offset)).collect())
        }
    };
    if times.is_empty() {
        times.push(Time::from_utc(wall.and_utc()));
    }
    times.sort_unstable();
    (doubt, times)
}

fn moment(wall: NaiveDateTime, offset: &impl Offset) -> Time {
    Time::from_utc(wall.and_utc()) - Span::from_secs(i64::from(offset.fix().local_minus_utc()))
}

/// The offset in force before (-1) or after (1) a jump over `wall`. A zone has skipped a whole day before (Samoa, 2011).
fn beside_gap<Z: TimeZone>(wall: NaiveDateTime, zone: &Z, direction: i64) -> Option<Z::Offset> {
    const WIDEST_GAP_HOURS: i64 = 26;
    (1..=WIDEST_GAP_HOURS).find_map(|hours| {
        let beside = wall.checked_add_signed(TimeDelta::hours(direction * hours))?;
        zone.offset_from_local_datetime(&beside).earliest()
    })
}
