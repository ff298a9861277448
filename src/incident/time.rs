//! Points in time, lengths of time and how both are written.
//!
//! For every module that stores, compares or shows a time. It never asks what time it is: `now` is always handed in.
//! Start at [`Time`]; [`Zone`] is how a row shows one; [`When`] is a time somebody remembers.

use std::fmt;
use std::ops::{Add, Sub};

use chrono::offset::MappedLocalTime;
use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The first and last millisecond that four year digits can write.
const FIRST_SHOWN_MS: i64 = -62_167_219_200_000;
const LAST_SHOWN_MS: i64 = 253_402_300_799_999;

/// Milliseconds since the Unix epoch, UTC.
///
/// Written as `2026-11-21T01:28:00.123Z`, by `Display` and by serde. Times outside the years 0000 to 9999 are written as the
/// nearest one inside.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(i64);

impl Time {
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Drops what is finer than a millisecond.
    pub fn from_utc(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_millis())
    }

    /// Any value answers; beyond chrono's calendar (some 262,000 years) it is the calendar's end.
    pub fn to_utc(self) -> DateTime<Utc> {
        let end = if self.0 < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        DateTime::from_timestamp_millis(self.0).unwrap_or(end)
    }

    /// Reads any RFC 3339 time; our own form without the cost of a general parser, for a journal has one or more on each line.
    pub fn parse(text: &str) -> Option<Self> {
        parse_own_form(text.as_bytes()).or_else(|| {
            let time = DateTime::parse_from_rfc3339(text).ok()?;
            Some(Self(time.timestamp_millis()))
        })
    }

    #[must_use]
    pub const fn saturating_add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    #[must_use]
    pub const fn saturating_sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }

    /// Negative when `earlier` is in fact later.
    pub const fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// As a UTC calendar reading, held inside the years four digits can write, where no zone's arithmetic can overflow.
    pub(crate) fn calendar(self) -> NaiveDateTime {
        Time(self.0.clamp(FIRST_SHOWN_MS, LAST_SHOWN_MS)).to_utc().naive_utc()
    }

    fn write(self) -> [u8; 24] {
        let ms = self.0.clamp(FIRST_SHOWN_MS, LAST_SHOWN_MS);
        let mut out = *b"0000-00-00T00:00:00.000Z";
        let (year, month, day) = civil(ms.div_euclid(DAY_MS));
        let of_day = ms.rem_euclid(DAY_MS);
        put(&mut out[0..4], year);
        put(&mut out[5..7], month);
        put(&mut out[8..10], day);
        put(&mut out[11..13], of_day / HOUR_MS);
        put(&mut out[14..16], of_day / MINUTE_MS % 60);
        put(&mut out[17..19], of_day / SECOND_MS % 60);
        put(&mut out[20..23], of_day % SECOND_MS);
        out
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(ascii(&self.write()))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(ascii(&self.write()))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimeVisitor)
    }
}

struct TimeVisitor;

impl de::Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time such as 2026-11-21T01:28:00.123Z")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
        Time::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        self.saturating_add(span)
    }
}

impl Sub<Span> for Time {
    type Output = Time;
    fn sub(self, span: Span) -> Time {
        self.saturating_sub(span)
    }
}

impl Sub<Time> for Time {
    type Output = Span;
    fn sub(self, earlier: Time) -> Span {
        self.since(earlier)
    }
}

/// When something happened, as far as the one who reports it knows.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct When {
    pub time: Time,
    /// Remembered or guessed, shown with a `~`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub about: bool,
}

impl When {
    pub const fn exact(time: Time) -> Self {
        Self { time, about: false }
    }

    pub const fn about(time: Time) -> Self {
        Self { time, about: true }
    }
}

/// A length of time in milliseconds; may be negative. Serialised as that number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(i64);

impl Span {
    pub const ZERO: Span = Span(0);

    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(SECOND_MS))
    }

    pub const fn from_mins(mins: i64) -> Self {
        Self(mins.saturating_mul(MINUTE_MS))
    }

    pub const fn from_hours(hours: i64) -> Self {
        Self(hours.saturating_mul(HOUR_MS))
    }

    pub const fn from_days(days: i64) -> Self {
        Self(days.saturating_mul(DAY_MS))
    }

    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whole seconds, cut towards zero.
    pub const fn secs(self) -> i64 {
        self.0 / SECOND_MS
    }

    /// Whole minutes, cut towards zero.
    pub const fn mins(self) -> i64 {
        self.0 / MINUTE_MS
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// For a running clock: `47:12`, from an hour on `1:04:12`, negative `-3:12`.
    pub fn clock(self) -> String {
        let secs = self.secs().unsigned_abs();
        let (hours, mins, secs) = (secs / 3600, secs / 60 % 60, secs % 60);
        match hours {
            0 => format!("{}{mins:02}:{secs:02}", self.sign()),
            _ => format!("{}{hours}:{mins:02}:{secs:02}", self.sign()),
        }
    }

    /// For the header, where the width must not jump: `00:47:12`.
    pub fn hms(self) -> String {
        let secs = self.secs().unsigned_abs();
        format!("{}{:02}:{:02}:{:02}", self.sign(), secs / 3600, secs / 60 % 60, secs % 60)
    }

    /// For a glance: `12s`, `47m`, `1h 04m`, `2d 3h`.
    pub fn short(self) -> String {
        let (sign, secs) = (self.sign(), self.secs().unsigned_abs());
        match secs {
            0..60 => format!("{sign}{secs}s"),
            60..3_600 => format!("{sign}{}m", secs / 60),
            3_600..86_400 => format!("{sign}{}h {:02}m", secs / 3_600, secs / 60 % 60),
            _ => format!("{sign}{}d {}h", secs / 86_400, secs / 3_600 % 24),
        }
    }

    /// Reads `2d`, `1h30m`, `90s`, `1h 04m`, and a plain number as minutes. Units go from large to small, each at most once.
    pub fn parse(text: &str) -> Option<Span> {
        let mut rest = text.trim();
        if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()) {
            return rest.parse::<i64>().ok()?.checked_mul(MINUTE_MS).map(Span);
        }
        let (mut total, mut allowed) = (0_i64, "dhms");
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number: i64 = rest[..digits].parse().ok()?;
            let unit = rest[digits..].chars().next()?.to_ascii_lowercase();
            allowed = &allowed[allowed.find(unit)? + 1..];
            total = total.checked_add(number.checked_mul(unit_ms(unit)?)?)?;
            rest = rest[digits + 1..].trim_start();
        }
        (allowed != "dhms").then_some(Span(total))
    }

    const fn sign(self) -> &'static str {
        // Cut to a whole second first, or a countdown would show "-0:00" for its last instant.
        if self.secs() < 0 { "-" } else { "" }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.clock())
    }
}

/// The zone in which times are shown and typed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    #[default]
    Utc,
    /// The machine's own.
    Local,
}

impl Zone {
    /// `14:02`
    pub fn hm(self, time: Time) -> String {
        let ms = self.wall_ms(time).rem_euclid(DAY_MS);
        digits(*b"00:00", &[(0, 2, ms / HOUR_MS), (3, 2, ms / MINUTE_MS % 60)])
    }

    /// `14:02:11`
    pub fn hms(self, time: Time) -> String {
        let ms = self.wall_ms(time).rem_euclid(DAY_MS);
        digits(
            *b"00:00:00",
            &[(0, 2, ms / HOUR_MS), (3, 2, ms / MINUTE_MS % 60), (6, 2, ms / SECOND_MS % 60)],
        )
    }

    /// `2026-11-21`
    pub fn date(self, time: Time) -> String {
        let (year, month, day) = civil(self.wall_ms(time).div_euclid(DAY_MS));
        digits(*b"0000-00-00", &[(0, 4, year), (5, 2, month), (8, 2, day)])
    }

    /// `Sat 2026-11-21`
    pub fn day_heading(self, time: Time) -> String {
        // Day 0 of the epoch was a Thursday.
        const NAMES: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        let weekday = self.wall_ms(time).div_euclid(DAY_MS).rem_euclid(7);
        format!("{} {}", NAMES[weekday as usize], self.date(time))
    }

    /// Days since 1970-01-01 on this zone's calendar: two times share it if they are on the same day.
    pub fn day_number(self, time: Time) -> i64 {
        self.wall_ms(time).div_euclid(DAY_MS)
    }

    /// `UTC`, or the offset at that time, `+01:00`.
    pub fn label(self, time: Time) -> String {
        offset_label(self.offset_ms(time) / SECOND_MS)
    }

    fn offset_ms(self, time: Time) -> i64 {
        match self {
            Zone::Utc => 0,
            Zone::Local => {
                i64::from(Local.offset_from_utc_datetime(&time.calendar()).local_minus_utc()) * SECOND_MS
            }
        }
    }

    /// What a clock on the wall shows, as milliseconds since its own 1970-01-01T00:00.
    fn wall_ms(self, time: Time) -> i64 {
        time.0.saturating_add(self.offset_ms(time)).clamp(FIRST_SHOWN_MS, LAST_SHOWN_MS)
    }
}

/// `UTC` for no offset, else `+01:00`; `seconds` east of Greenwich.
pub(crate) fn offset_label(seconds: i64) -> String {
    let (sign, mins) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
    if seconds == 0 { "UTC".to_owned() } else { format!("{sign}{:02}:{:02}", mins / 60, mins % 60) }
}

/// The offset of a [`Zone`] at one time; it remembers its zone, as chrono asks of an offset.
#[derive(Copy, Clone, Debug)]
pub struct ZoneOffset(Zone, FixedOffset);

impl fmt::Display for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&offset_label(i64::from(self.1.local_minus_utc())))
    }
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.1
    }
}

/// So that a zone can be handed to whatever reads a typed time.
impl TimeZone for Zone {
    type Offset = ZoneOffset;

    fn from_offset(offset: &ZoneOffset) -> Self {
        offset.0
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<ZoneOffset> {
        self.offset_from_local_datetime(&local.and_time(chrono::NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<ZoneOffset> {
        match self {
            Zone::Utc => MappedLocalTime::Single(Utc.fix()),
            Zone::Local => Local.offset_from_local_datetime(local),
        }
        .map(|offset| ZoneOffset(*self, offset))
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_from_utc_datetime(&utc.and_time(chrono::NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        match self {
            Zone::Utc => ZoneOffset(*self, Utc.fix()),
            Zone::Local => ZoneOffset(*self, Local.offset_from_utc_datetime(utc)),
        }
    }
}

fn parse_own_form(text: &[u8]) -> Option<Time> {
    let text: &[u8; 24] = text.try_into().ok()?;
    let marks = b"    -  -  T  :  :  .   Z";
    if marks.iter().zip(text).any(|(mark, byte)| *mark != b' ' && mark != byte) {
        return None;
    }
    let [year, month, day] = [number(&text[0..4])?, number(&text[5..7])?, number(&text[8..10])?];
    let [hour, min, sec] = [number(&text[11..13])?, number(&text[14..16])?, number(&text[17..19])?];
    let days = days_since_epoch(year, month, day);
    // An impossible date (30 February) comes back as another one. A leap second is left to the slow path.
    if civil(days) != (year, month, day) || hour > 23 || min > 59 || sec > 59 {
        return None;
    }
    Some(Time(days * DAY_MS + hour * HOUR_MS + min * MINUTE_MS + sec * SECOND_MS + number(&text[20..23])?))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
}

fn unit_ms(unit: char) -> Option<i64> {
    match unit {
        'd' => Some(DAY_MS),
        'h' => Some(HOUR_MS),
        'm' => Some(MINUTE_MS),
        's' => Some(SECOND_MS),
        _ => None,
    }
}

/// Year, month, day of a day of the epoch. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
const fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + (month <= 2) as i64, month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// The inverse, `days_from_civil` of the same source.
const fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = year - (month <= 2) as i64;
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn digits<const N: usize>(mut out: [u8; N], fields: &[(usize, usize, i64)]) -> String {
    for &(at, width, value) in fields {
        put(&mut out[at..at + width], value);
    }
    ascii(&out).to_owned()
}

fn put(field: &mut [u8], mut value: i64) {
    for digit in field.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}
