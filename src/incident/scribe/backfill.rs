//! A pasted timeline, line by line, for review before it becomes entries.
//!
//! Reading and dating are two passes: only the whole list shows on which days its times of day fall. It invents no time: a
//! line without one stays without one, except that a line under a chat's "alice  2:03 PM" was said then.

use chrono::{NaiveDate, TimeZone};

use super::dates::heading;
use super::stamp::{Clock, Day, Stamp, Written, take_stamp};
use super::times::{LineTime, first_moment, is_ahead, settle, surely_yesterday, wall};
use super::{Reading, ScribeLine};
use crate::incident::clean::clean_text;
use crate::incident::time::{Span, Time};

/// More is no timeline but a log file.
pub const MAX_ROWS: usize = 5_000;

/// A step back of at least this much is the next day; a smaller one is a line out of order.
const OVER_MIDNIGHT: Span = Span::from_hours(6);
const DAY: Span = Span::from_days(1);

/// One line of what was pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackfillRow {
    /// Counted from 1.
    pub source_line: usize,
    pub line: ScribeLine,
    /// Why somebody should look at this row before it is kept.
    pub problem: Option<String>,
}

/// Every line that says something, dated as far as the list tells.
pub fn backfill(pasted: &str, now: Time, zone: &impl TimeZone) -> Vec<BackfillRow> {
    let today = wall(now, zone).date();
    let text = clean_text(pasted);
    let mut reader = Reader::default();
    for (index, line) in text.lines().enumerate() {
        if reader.items.len() >= MAX_ROWS {
            reader.note_problem(format!("only the first {MAX_ROWS} lines are read"));
            break;
        }
        reader.read(index + 1, line.trim(), today);
    }
    let mut items = reader.items;
    date_undated(&mut items, now, zone);
    date_dated(&mut items, now, zone);
    items.into_iter().filter_map(Item::into_row(now, zone)).collect()
}

enum Item {
    Day(NaiveDate),
    Row(Draft),
}

struct Draft {
    source_line: usize,
    reading: Reading,
    problem: Option<String>,
}

impl Item {
    fn into_row<Z: TimeZone>(now: Time, zone: &Z) -> impl Fn(Item) -> Option<BackfillRow> {
        move |item| match item {
            Item::Day(_) => None,
            Item::Row(draft) => Some(draft.into_row(now, zone)),
        }
    }

    fn draft(&mut self) -> Option<&mut Draft> {
        match self {
            Item::Day(_) => None,
            Item::Row(draft) => Some(draft),
        }
    }
}

impl Draft {
    fn into_row(self, now: Time, zone: &impl TimeZone) -> BackfillRow {
        let foreign = self.foreign_zone();
        let Reading { kind, stamp, text, mentions } = self.reading;
        let time = stamp.map_or(LineTime::None, |stamp| settle(stamp, now, zone));
        let asks = time.reason().map(|reason| reason.to_string());
        let empty = text.is_empty().then(|| "no text beside the time".to_owned());
        let problem = self.problem.or(empty).or(asks).or(foreign);
        BackfillRow {
            source_line: self.source_line,
            line: ScribeLine { kind, text, time, mentions },
            problem,
        }
    }

    /// Letters like `CET` name more than one zone, so they stay in the text and are pointed out.
    fn foreign_zone(&self) -> Option<String> {
        const NAMES: [&str; 20] = [
            "CET", "CEST", "BST", "IST", "EET", "EEST", "WET", "WEST", "EST", "EDT", "CST", "CDT", "MST",
            "MDT", "PST", "PDT", "ET", "PT", "JST", "AEST",
        ];
        self.clock().filter(|(_, clock)| clock.offset.is_none())?;
        let word = self.reading.text.split_whitespace().next()?;
        let name = NAMES.iter().find(|name| **name == word.trim_end_matches([':', ',']))?;
        Some(format!("{name} is not understood; write Z or an offset such as +01:00"))
    }

    fn clock(&self) -> Option<(Day, Clock)> {
        match self.reading.stamp?.written {
            Written::At { day, clock } => Some((day, clock)),
            Written::Ago(_) => None,
        }
    }

    fn bare_clock(&self) -> Option<Clock> {
        self.clock().and_then(|(day, clock)| (day == Day::Unsaid).then_some(clock))
    }

    fn set_day(&mut self, to: Day) {
        if let Some(Stamp { written: Written::At { day, .. }, .. }) = &mut self.reading.stamp {
            *day = to;
        }
    }
}

/// First pass: what each line says.
#[derive(Default)]
struct Reader {
    items: Vec<Item>,
    /// Who is speaking since when, below a chat header; the name is taken by the first line.
    said: Option<(Option<String>, Stamp)>,
}

impl Reader {
    fn read(&mut self, source_line: usize, line: &str, today: NaiveDate) {
        if line.contains("--") && line.starts_with('|') && is_rule(line) {
            self.drop_table_head(source_line);
        } else if line.is_empty() || is_rule(line) {
        } else if let Some(date) = heading(line, today) {
            self.said = None;
            self.items.push(Item::Day(date));
        } else if let Some((name, stamp)) = chat_header(line) {
            self.said = Some((Some(name.to_owned()), stamp));
        } else {
            self.row(source_line, line);
        }
    }

    fn row(&mut self, source_line: usize, line: &str) {
        let mut reading = Reading::of(&table_row(strip_bullet(line)));
        if reading.stamp.is_some() {
            self.said = None;
        } else if let Some((name, stamp)) = &mut self.said {
            reading.stamp = Some(*stamp);
            if let Some(name) = name.take() {
                reading.text = format!("{name}: {}", reading.text);
            }
        }
        self.items.push(Item::Row(Draft { source_line, reading, problem: None }));
    }

    /// The rule under a table's head tells that the row above it was the head.
    fn drop_table_head(&mut self, source_line: usize) {
        let is_head = |draft: &Draft| draft.source_line + 1 == source_line && draft.reading.stamp.is_none();
        if matches!(self.items.last(), Some(Item::Row(draft)) if is_head(draft)) {
            self.items.pop();
        }
    }

    fn note_problem(&mut self, problem: String) {
        if let Some(draft) = self.items.iter_mut().rev().find_map(Item::draft) {
            draft.problem = Some(problem);
        }
    }
}

/// `---`, `|---|:--|`, `===`: drawn, not said.
fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && line.bytes().all(|b| matches!(b, b'-' | b'=' | b'_' | b'*' | b'|' | b':' | b'+' | b' '))
}

fn strip_bullet(line: &str) -> &str {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = (rest.len() < line.len()).then(|| rest.strip_prefix([')', '.'])).flatten();
    let bullet = line.strip_prefix(['-', '*', '+', '•', '‣', '·']);
    // "##" and more is a heading of Markdown; one "#" is a finding.
    let heading = line.strip_prefix("##").map(|rest| rest.trim_start_matches('#'));
    match numbered.or(bullet).or(heading) {
        Some(rest) if rest.starts_with(char::is_whitespace) => strip_checkbox(rest.trim_start()),
        _ => line,
    }
}

fn strip_checkbox(text: &str) -> &str {
    ["[ ] ", "[x] ", "[X] "].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text)
}

/// `| 14:03 | alice | text |` as `14:03 alice | text`: the first cell may hold the time, or the date of one.
fn table_row(line: &str) -> std::borrow::Cow<'_, str> {
    let Some(inner) = line.strip_prefix('|') else {
        return line.into();
    };
    let inner = inner.trim_end().strip_suffix('|').unwrap_or(inner);
    let cells: Vec<&str> = inner.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    match cells.split_first() {
        Some((first, rest)) if first.starts_with(|c: char| c.is_ascii_digit() || c == '~') => {
            format!("{first} {}", rest.join(" | ")).into()
        }
        _ => cells.join(" | ").into(),
    }
}

/// A line of a copied chat that holds only a name and a time: `alice  2:03 PM`, `PagerDuty APP  [14:03]`.
fn chat_header(line: &str) -> Option<(&str, Stamp)> {
    const LONGEST_NAME: usize = 60;
    let (name, time) = match line.ends_with(']') {
        true => line.split_at(line.rfind('[')?),
        false => line.split_at(last_double_space(line)?),
    };
    let (stamp, rest) = take_stamp(time.trim())?;
    let name = name.trim().trim_end_matches(" APP").trim_end();
    let plausible = !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name.split_whitespace().count() <= 5
        && name.starts_with(char::is_alphabetic);
    (rest.is_empty() && plausible).then_some((name, stamp))
}

fn last_double_space(line: &str) -> Option<usize> {
    let spaces = line
        .char_indices()
        .zip(line.chars().skip(1))
        .filter(|((_, a), b)| a.is_whitespace() && b.is_whitespace());
    spaces.last().map(|((at, _), _)| at)
}

/// Second pass, for the lines above the first date: their last day is the latest one that does not lie ahead.
fn date_undated(items: &mut [Item], now: Time, zone: &impl TimeZone) {
    let dated = |item: &Item| match item {
        Item::Day(_) => true,
        Item::Row(draft) => draft.clock().is_some_and(|(day, _)| day != Day::Unsaid),
    };
    let end = items.iter().position(dated).unwrap_or(items.len());
    let today = wall(now, zone).date();
    let mut rows: Vec<(&mut Draft, Time)> = items[..end]
        .iter_mut()
        .filter_map(Item::draft)
        .filter_map(|draft| Some((draft.bare_clock()?, draft)))
        .map(|(clock, draft)| (draft, first_moment(today, clock, zone)))
        .collect();
    if rows.len() < 2 {
        return;
    }
    if newest_first(&rows) {
        rows.reverse();
    }
    let days = day_numbers(rows.iter().map(|(_, time)| *time));
    let last_day = days.last().copied().unwrap_or(0);
    let ahead = rows
        .iter()
        .zip(&days)
        .any(|((_, time), day)| surely_yesterday(*time - Span::from_days(last_day - day), now));
    for ((draft, _), day) in rows.into_iter().zip(&days) {
        let back = u64::try_from(last_day - day).unwrap_or(0) + u64::from(ahead);
        if let Some(date) = today.checked_sub_days(chrono::Days::new(back)) {
            draft.set_day(Day::Likely(date));
        }
    }
}

fn newest_first(rows: &[(&mut Draft, Time)]) -> bool {
    let falls = rows.windows(2).filter(|pair| pair[1].1 < pair[0].1).count();
    let rises = rows.windows(2).filter(|pair| pair[1].1 > pair[0].1).count();
    falls > rises
}

/// How many midnights lie before each of these times of one day, read in order.
fn day_numbers(times: impl Iterator<Item = Time>) -> Vec<i64> {
    let mut last: Option<Time> = None;
    let mut day = 0;
    times
        .map(|time| {
            day += i64::from(last.is_some_and(|last| last - time >= OVER_MIDNIGHT));
            last = Some(time);
            day
        })
        .collect()
}

/// Second pass, from the first date on: a time of day belongs to the date above it, or to the next day once midnight passed.
fn date_dated(items: &mut [Item], now: Time, zone: &impl TimeZone) {
    let today = wall(now, zone).date();
    let (mut date, mut last) = (None, None);
    for item in items {
        match item {
            Item::Day(day) => (date, last) = (Some(*day), None),
            Item::Row(draft) => {
                let Some((day, clock)) = draft.clock() else { continue };
                date = match day {
                    Day::On(day) => Some(day),
                    Day::Today => Some(today),
                    Day::Yesterday => today.pred_opt(),
                    Day::Unsaid => date.map(|date| draft.place(date, clock, last, now, zone)),
                    Day::Likely(_) => continue,
                };
                last = date.map(|date| first_moment(date, clock, zone));
            }
        }
    }
}

impl Draft {
    fn place(
        &mut self,
        date: NaiveDate,
        clock: Clock,
        last: Option<Time>,
        now: Time,
        zone: &impl TimeZone,
    ) -> NaiveDate {
        let time = first_moment(date, clock, zone);
        let back = last.is_some_and(|last| last - time >= OVER_MIDNIGHT);
        let next = date.succ_opt().filter(|_| back && !is_ahead(time + DAY, now));
        if back && next.is_none() {
            self.problem = Some("earlier than the line above, and a day later has not come yet".to_owned());
        }
        let date = next.unwrap_or(date);
        self.set_day(Day::On(date));
        date
    }
}
