//! What is typed, and what it means: times, marks, people, and whole pasted timelines.

use chrono::offset::MappedLocalTime;
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};
use proptest::prelude::*;
use warroom::incident::scribe::*;
use warroom::incident::time::{Span, Time, When, Zone};

/// Saturday afternoon.
const NOW: &str = "2026-11-21T14:00:00.000Z";

fn at(text: &str) -> Time {
    Time::parse(text).unwrap_or_else(|| panic!("a time: {text}"))
}

/// `kind | time | text | @mentions`, without what is absent; times of today as their clock.
fn shown(line: &ScribeLine, now: Time) -> String {
    let mentions: Vec<String> = line.mentions.iter().map(|name| format!("@{name}")).collect();
    let parts =
        [line.kind.word().to_owned(), time_shown(&line.time, now), line.text.clone(), mentions.join(" ")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
}

fn time_shown(time: &LineTime, now: Time) -> String {
    match time {
        LineTime::None => String::new(),
        LineTime::Is(when) => when_shown(*when, now),
        LineTime::Ask(choices) => {
            let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
            format!(
                "{}: {}",
                time.reason().map(|why| format!("{why:?}")).unwrap_or_default(),
                labels.join(" / ")
            )
        }
    }
}

fn when_shown(when: When, now: Time) -> String {
    let about = if when.about { "~" } else { "" };
    let same_day = Zone::Utc.date(when.time) == Zone::Utc.date(now);
    let date = if same_day { String::new() } else { format!("{} ", Zone::Utc.date(when.time)) };
    format!("{about}{date}{}", Zone::Utc.hms(when.time))
}

#[track_caller]
fn check_at(line: &str, now: &str, zone: &impl TimeZone, expect: &str) {
    let now = at(now);
    assert_eq!(shown(&parse_line(line, now, zone), now), expect, "{line:?}");
}

#[track_caller]
fn check(line: &str, expect: &str) {
    check_at(line, NOW, &Utc, expect);
}

#[test]
fn relative_times() {
    check("-7m restarted the loader", "note | 13:53:00 | restarted the loader");
    check("-1h30m deploy", "note | 12:30:00 | deploy");
    check("-90s x", "note | 13:58:30 | x");
    check("-2d x", "note | 2026-11-19 14:00:00 | x");
    check("-0m x", "note | 14:00:00 | x");
    check("~-20m x", "note | ~13:40:00 | x");
    check("-7m: x", "note | 13:53:00 | x");
    for text in [
        "-7 apples",
        "-7",
        "- 7m x",
        "-m x",
        "-7mm x",
        "-7x y",
        "--7m x",
        "-7m30 x",
        "-99999999999999999999d x",
    ] {
        check(text, &format!("note | {text}"));
    }
}

#[test]
fn times_of_day() {
    check("13:55 x", "note | 13:55:00 | x");
    check("9:05 x", "note | 09:05:00 | x");
    check("13:55:22 x", "note | 13:55:22 | x");
    check("13:55:22,123 x", "note | 13:55:22 | x");
    check("~13:30 x", "note | ~13:30:00 | x");
    check("13:55Z x", "note | 13:55:00 | x");
    check("13:55 UTC x", "note | 13:55:00 | x");
    check("13:55utc x", "note | 13:55:00 | x");
    check("13:55 +01:00 x", "note | 12:55:00 | x");
    check("1:55 PM x", "note | 13:55:00 | x");
    check("12:05am x", "note | 00:05:00 | x");
    check("13:55: x", "note | 13:55:00 | x");
    check("13:55 - x", "note | 13:55:00 | x");
    check("13:55 — x", "note | 13:55:00 | x");
    check("[13:55] x", "note | 13:55:00 | x");
    check("13:55 – 14:10 outage", "note | 13:55:00 | – 14:10 outage");
    check("13:55", "note | 13:55:00");
    check("00:00 x", "note | 00:00:00 | x");
    for text in [
        "25:99 x",
        "24:00 x",
        "3.5 x",
        "14:0 x",
        "14:000 x",
        "13:55:7 x",
        "13:55-14:10 x",
        "9:00-10:00 x",
        "13:55x",
        "13: x",
        "1:2:3",
        "13:60 x",
    ] {
        check(text, &format!("note | {text}"));
    }
}

#[test]
fn dates() {
    check("yesterday 23:10 x", "note | 2026-11-20 23:10:00 | x");
    check("Yesterday ~23:10 x", "note | ~2026-11-20 23:10:00 | x");
    check("today 9:00 x", "note | 09:00:00 | x");
    check("2026-11-20 14:03 x", "note | 2026-11-20 14:03:00 | x");
    check("2026-11-20T14:03Z x", "note | 2026-11-20 14:03:00 | x");
    check("2026-11-20T14:03:22.123+01:00 x", "note | 2026-11-20 13:03:22 | x");
    check("2026/11/20 14:03:22 +0100 x", "note | 2026-11-20 13:03:22 | x");
    check("2026-11-20T14:03-05:00 x", "note | 2026-11-20 19:03:00 | x");
    check("2026-11-20 14:03:22-05:00 x", "note | 2026-11-20 19:03:22 | x");
    check("~2026-11-20 14:03 x", "note | ~2026-11-20 14:03:00 | x");
    for text in [
        "2026-11-20 x",
        "2026-02-30 14:03 x",
        "2026-11-2014:03 x",
        "yesterday x",
        "yesterdays 14:03 x",
        "2026-11-20",
    ] {
        check(text, &format!("note | {text}"));
    }
}

#[test]
fn a_time_not_yet_come_is_asked() {
    check("14:03 x", "note | Future: yesterday 14:03 UTC / now, 14:00 UTC | x");
    check("~14:03 x", "note | Future: yesterday 14:03 UTC / now, 14:00 UTC | x");
    check("23:10 x", "note | Future: yesterday 23:10 UTC / now, 14:00 UTC | x");
    check("2026-11-21 14:03 x", "note | Future: now, 14:00 UTC / today 14:03 UTC | x");
    check("2026-11-22 14:03 x", "note | Future: now, 14:00 UTC / tomorrow 14:03 UTC | x");
    check("2027-11-22 14:03 x", "note | Future: now, 14:00 UTC / 2027-11-22 14:03 UTC | x");
    // Twelve hours ahead and more, it can only have been yesterday.
    check_at("23:50 x", "2026-11-21T00:30:00.000Z", &Utc, "note | 2026-11-20 23:50:00 | x");
    check_at("22:00 x", "2026-11-21T10:00:00.000Z", &Utc, "note | 2026-11-20 22:00:00 | x");
    check_at(
        "21:59 x",
        "2026-11-21T10:00:00.000Z",
        &Utc,
        "note | Future: yesterday 21:59 UTC / now, 10:00 UTC | x",
    );
}

#[test]
fn a_minute_ahead_is_now() {
    check("14:01 x", "note | 14:00:00 | x");
    check("2026-11-21 14:01 x", "note | 14:00:00 | x");
    check_at(
        "14:01 x",
        "2026-11-21T13:59:59.999Z",
        &Utc,
        "note | Future: yesterday 14:01 UTC / now, 13:59:59 UTC | x",
    );
    check_at("0:00 x", "2026-11-21T23:59:50.000Z", &Utc, "note | 23:59:50 | x");
}

#[test]
fn the_displayed_zone_counts() {
    let india = FixedOffset::east_opt(5 * 3600 + 1800).expect("an offset");
    check_at("19:00 x", NOW, &india, "note | 13:30:00 | x");
    check_at("13:30Z x", NOW, &india, "note | 13:30:00 | x");
    check_at("20:00 x", NOW, &india, "note | Future: yesterday 20:00 +05:30 / now, 19:30 +05:30 | x");
    check_at("yesterday 1:00 x", NOW, &india, "note | 2026-11-19 19:30:00 | x");
    check_at("13:55 x", NOW, &Zone::Utc, "note | 13:55:00 | x");
}

/// Two hours ahead until 2026-10-25T01:00Z, one before 2026-03-29T01:00Z and after: Central Europe in 2026.
#[derive(Copy, Clone, Debug)]
struct Europe;

fn utc(month: u32, day: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, month, day).and_then(|date| date.and_hms_opt(1, 0, 0)).expect("a date")
}

fn hours(east: i32) -> FixedOffset {
    FixedOffset::east_opt(east * 3600).expect("an offset")
}

impl TimeZone for Europe {
    type Offset = FixedOffset;

    fn from_offset(_: &FixedOffset) -> Self {
        Europe
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<FixedOffset> {
        self.offset_from_local_datetime(&local.and_time(chrono::NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<FixedOffset> {
        let fits = |offset: &FixedOffset| self.offset_from_utc_datetime(&(*local - *offset)) == *offset;
        match [hours(2), hours(1)].into_iter().filter(fits).collect::<Vec<_>>()[..] {
            [only] => MappedLocalTime::Single(only),
            [a, b] => MappedLocalTime::Ambiguous(a, b),
            _ => MappedLocalTime::None,
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> FixedOffset {
        self.offset_from_utc_datetime(&utc.and_time(chrono::NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, time: &NaiveDateTime) -> FixedOffset {
        hours(if (utc(3, 29)..utc(10, 25)).contains(time) { 2 } else { 1 })
    }
}

#[test]
fn a_time_that_came_twice_is_asked() {
    let later = "2026-10-25T09:00:00.000Z";
    check_at("2:30 x", later, &Europe, "note | Twice: today 02:30 +02:00 / today 02:30 +01:00 | x");
    check_at(
        "2026-10-25 02:30 x",
        NOW,
        &Europe,
        "note | Twice: 2026-10-25 02:30 +02:00 / 2026-10-25 02:30 +01:00 | x",
    );
    check_at("02:30 +01:00 x", later, &Europe, "note | 01:30:00 | x");
    check_at("3:30 x", later, &Europe, "note | 02:30:00 | x");
    // Between the two, only the first has come.
    check_at("2:30 x", "2026-10-25T00:45:00.000Z", &Europe, "note | 00:30:00 | x");
}

#[test]
fn a_time_that_never_came_is_asked() {
    let later = "2026-03-29T09:00:00.000Z";
    check_at("2:30 x", later, &Europe, "note | Skipped: today 01:30 +01:00 / today 03:30 +02:00 | x");
    check_at("3:00 x", later, &Europe, "note | 01:00:00 | x");
    check_at(
        "2:30 x",
        "2026-03-29T01:05:00.000Z",
        &Europe,
        "note | Skipped: today 01:30 +01:00 / now, 03:05 +02:00 | x",
    );
}

#[test]
fn marks() {
    check("!decision roll back", "decision | roll back");
    check("!decision: roll back", "decision | roll back");
    check("! roll back", "decision | roll back");
    check("!roll back", "decision | roll back");
    check("!decisions are late", "decision | decisions are late");
    check("?hypothesis bad deploy", "hypothesis | bad deploy");
    check("? bad deploy", "hypothesis | bad deploy");
    check("?bad deploy", "hypothesis | bad deploy");
    check("#finding 3 tables", "finding | 3 tables");
    check("# 3 tables", "finding | 3 tables");
    check("#finding", "finding");
    check("!action paged Bob", "action | paged Bob");
    check("> paged Bob", "action | paged Bob");
    for text in [
        "#123 is down",
        "#db-alerts says so",
        "#findings x",
        ">5 rows",
        "!= null",
        "!!! down",
        "?? why",
        ">> x",
        "so! what?",
    ] {
        check(text, &format!("note | {text}"));
    }
}

#[test]
fn things_to_do() {
    check("TODO ask Bob", "todo | ask Bob");
    check("TODO: ask Bob", "todo | ask Bob");
    check("todo: ask Bob", "todo | ask Bob");
    check("ask Bob TODO", "todo | ask Bob TODO");
    check("restore (TODO: verify)", "todo | restore (TODO: verify)");
    check("13:55 TODO ask", "todo | 13:55:00 | ask");
    check("TODO 13:55 ask", "todo | 13:55:00 | ask");
    check("!decision TODO later", "decision | TODO later");
    for text in ["todo ask", "Todo x", "TODOS x", "the TODO_LIST", "aTODO"] {
        check(text, &format!("note | {text}"));
    }
}

#[test]
fn marks_and_times_in_either_order() {
    check("! 13:55 pause loads", "decision | 13:55:00 | pause loads");
    check("13:55 ! pause loads", "decision | 13:55:00 | pause loads");
    check("?~13:30 bad deploy", "hypothesis | ~13:30:00 | bad deploy");
    check("-7m > paged", "action | 13:53:00 | paged");
    check("13:55 -7m x", "note | 13:55:00 | -7m x");
    check("! ? x", "decision | ? x");
}

#[test]
fn a_backslash_makes_it_text() {
    check("\\!important", "note | !important");
    check("\\14:03 is when", "note | 14:03 is when");
    check("\\-7m x", "note | -7m x");
    check("\\TODO x", "note | TODO x");
    check("\\# x", "note | # x");
    check("13:55 \\! x", "note | 13:55:00 | ! x");
    check("\\\\!x", "note | \\!x");
    check("\\\\server\\share is full", "note | \\\\server\\share is full");
    check("\\d+ matches", "note | \\d+ matches");
    check("\\", "note | \\");
}

#[test]
fn people() {
    check("@bob look", "note | @bob look | @bob");
    check("ask @Bob, @alice.b and @BOB.", "note | ask @Bob, @alice.b and @BOB. | @bob @alice.b");
    check("(@x_1-y)", "note | (@x_1-y) | @x_1-y");
    check("mail ops+x@example.com or a-@b", "note | mail ops+x@example.com or a-@b");
    check("@ @- @. x", "note | @ @- @. x");
    check("see https://git/@bob/x now", "note | see https://git/@bob/x now");
    check("TODO @zoë", "todo | @zoë | @zoë");
}

#[test]
fn text_is_clean_and_trimmed() {
    check("  13:55   x  y  ", "note | 13:55:00 | x  y");
    check("!decision \x1b[31mred\x1b[0m\n\u{202e}now", "decision | red now");
    check("\x1b[1m13:55\x1b[0m x", "note | 13:55:00 | x");
    check("", "note");
    check("!", "decision");
}

#[test]
fn what_stands_out() {
    let check = |text: &str, expect: &[(&str, Token)]| {
        let found: Vec<_> =
            tokens(text).into_iter().map(|(range, token)| (text[range].to_owned(), token)).collect();
        let expect: Vec<_> = expect.iter().map(|(text, token)| ((*text).to_owned(), *token)).collect();
        assert_eq!(found, expect, "{text:?}");
    };
    check(
        "TODO @bob: https://x.io/a_(b), then",
        &[("TODO", Token::Todo), ("@bob", Token::Mention), ("https://x.io/a_(b)", Token::Link)],
    );
    check("(see http://x.io/a).", &[("http://x.io/a", Token::Link)]);
    check("<https://x/TODO/@bob>", &[("https://x/TODO/@bob", Token::Link)]);
    check("https:// xhttp://y \\TODO", &[]);
    check("\"https://x\"", &[("https://x", Token::Link)]);
}

#[test]
fn a_note_happened_when_its_first_key_was_pressed() {
    let enter = at(NOW);
    assert_eq!(plain_note_time(enter - Span::from_secs(30), enter), enter - Span::from_secs(30));
    assert_eq!(plain_note_time(enter - Span::from_mins(10), enter), enter - Span::from_mins(2));
    assert_eq!(plain_note_time(enter + Span::from_secs(5), enter), enter);
}

#[track_caller]
fn check_list_at(pasted: &str, now: &str, zone: &impl TimeZone, expect: &[&str]) {
    let now = at(now);
    let rows: Vec<String> = backfill(pasted, now, zone)
        .iter()
        .map(|row| {
            let problem = row.problem.as_ref().map(|problem| format!(" <- {problem}")).unwrap_or_default();
            format!("{}: {}{problem}", row.source_line, shown(&row.line, now))
        })
        .collect();
    assert_eq!(rows, expect, "{pasted}");
}

#[track_caller]
fn check_list(pasted: &str, expect: &[&str]) {
    check_list_at(pasted, NOW, &Utc, expect);
}

#[test]
fn every_shape_of_line() {
    let pasted = "- 13:01 one\n* 13:02 - two\n1. 13:03: three\n2) [13:04] four\n\n13:05 UTC five\n13:06:22 six\n\
        + **13:07** seven\n• `13:08` eight\n- [x] 13:09 nine\n### 13:10 ten\n2026-11-20 13:11 eleven\n\
        2026-11-20T13:12:00Z twelve\n- !decision thirteen @bob\n";
    check_list(
        pasted,
        &[
            "1: note | 13:01:00 | one",
            "2: note | 13:02:00 | two",
            "3: note | 13:03:00 | three",
            "4: note | 13:04:00 | four",
            "6: note | 13:05:00 | five",
            "7: note | 13:06:22 | six",
            "8: note | 13:07:00 | seven",
            "9: note | 13:08:00 | eight",
            "10: note | 13:09:00 | nine",
            "11: note | 13:10:00 | ten",
            "12: note | 2026-11-20 13:11:00 | eleven",
            "13: note | 2026-11-20 13:12:00 | twelve",
            "14: decision | thirteen @bob | @bob",
        ],
    );
}

#[test]
fn tables() {
    check_list(
        "| Time | Who | What |\n|---|:--|---|\n| 13:03 | alice | declared |\n| ~13:10 | | ! paused |\n| | bob | joined |\n---\n",
        &[
            "3: note | 13:03:00 | alice | declared",
            "4: decision | ~13:10:00 | paused",
            "5: note | bob | joined",
        ],
    );
    check_list("| 2026-11-20 | 13:03 | declared |", &["1: note | 2026-11-20 13:03:00 | declared"]);
}

#[test]
fn a_date_counts_for_the_lines_below() {
    for heading in [
        "2026-11-19",
        "## 2026-11-19",
        "**2026/11/19**",
        "19 Nov 2026",
        "Thu 19 November 2026",
        "Nov 19, 2026",
        "November 19th",
        "Thursday, November 19th",
        "# Date: 2026-11-19",
        "--- Nov 19th, 2026 ---",
        "2026-11-19 (Thu):",
    ] {
        check_list(&format!("{heading}\n14:03 x\n"), &["2: note | 2026-11-19 14:03:00 | x"]);
    }
    check_list(
        "Yesterday\n14:03 x\nToday\n13:03 y",
        &["2: note | 2026-11-20 14:03:00 | x", "4: note | 13:03:00 | y"],
    );
    check_list("31 December\n14:03 x", &["2: note | 2025-12-31 14:03:00 | x"]);
    check_list(
        "2026-11-19 14:03 x\n14:05 y",
        &["1: note | 2026-11-19 14:03:00 | x", "2: note | 2026-11-19 14:05:00 | y"],
    );
    check_list("20/11/2026\nmay be late", &["1: note | 20/11/2026", "2: note | may be late"]);
}

#[test]
fn past_midnight_under_a_date() {
    check_list(
        "2026-11-19\n23:50 a\n00:04 b\n00:20 c\n00:19 out of order\n",
        &[
            "2: note | 2026-11-19 23:50:00 | a",
            "3: note | 2026-11-20 00:04:00 | b",
            "4: note | 2026-11-20 00:20:00 | c",
            "5: note | 2026-11-20 00:19:00 | out of order",
        ],
    );
    check_list(
        "2026-11-21\n13:50 a\n00:04 b",
        &[
            "2: note | 13:50:00 | a",
            "3: note | 00:04:00 | b <- earlier than the line above, and a day later has not come yet",
        ],
    );
}

#[test]
fn past_midnight_without_dates() {
    let morning = "2026-11-21T09:00:00.000Z";
    let nights =
        ["1: note | 2026-11-20 23:50:00 | a", "2: note | 2026-11-20 23:58:00 | b", "3: note | 00:04:00 | c"];
    check_list_at("23:50 a\n23:58 b\n00:04 c", morning, &Utc, &nights);
    // The first line alone would be asked about at this hour.
    check_list("23:50 a\n23:58 b\n00:04 c", &nights);
    check_list(
        "15:00 a\n23:00 b\n01:00 c\n13:00 d\n23:00 e\n10:00 f",
        &[
            "1: note | 2026-11-19 15:00:00 | a",
            "2: note | 2026-11-19 23:00:00 | b",
            "3: note | 2026-11-20 01:00:00 | c",
            "4: note | 2026-11-20 13:00:00 | d",
            "5: note | 2026-11-20 23:00:00 | e",
            "6: note | 10:00:00 | f",
        ],
    );
    check_list_at(
        "22:00 a\n23:00 b",
        "2026-11-21T10:30:00.000Z",
        &Utc,
        &["1: note | 2026-11-20 22:00:00 | a", "2: note | 2026-11-20 23:00:00 | b"],
    );
    // Newest first.
    check_list(
        "13:00 d\n02:00 c\n00:10 b\n23:00 a",
        &[
            "1: note | 13:00:00 | d",
            "2: note | 02:00:00 | c",
            "3: note | 00:10:00 | b",
            "4: note | 2026-11-20 23:00:00 | a",
        ],
    );
}

#[test]
fn what_needs_a_second_look() {
    check_list(
        "13:00 a\n14:03 b\n13:10\n13:20 CET c\nno time\n-5m e",
        &[
            "1: note | 13:00:00 | a",
            "2: note | Future: yesterday 14:03 UTC / now, 14:00 UTC | b <- this time has not come yet",
            "3: note | 13:10:00 <- no text beside the time",
            "4: note | 13:20:00 | CET c <- CET is not understood; write Z or an offset such as +01:00",
            "5: note | no time",
            "6: note | 13:55:00 | e",
        ],
    );
}

#[test]
fn a_copied_chat() {
    check_list(
        "Friday, November 20th\nalice\u{a0}\u{a0}2:03 PM\nprices look wrong\n?bad deploy\nPagerDuty APP  [2:05 PM]\nTriggered #12\n\
         Bob van Dam [14:07]\n! roll back",
        &[
            "3: note | 2026-11-20 14:03:00 | alice: prices look wrong",
            "4: hypothesis | 2026-11-20 14:03:00 | bad deploy",
            "6: note | 2026-11-20 14:05:00 | PagerDuty: Triggered #12",
            "8: decision | 2026-11-20 14:07:00 | Bob van Dam: roll back",
        ],
    );
}

#[test]
fn a_pasted_log_is_cut() {
    let rows = backfill(&"13:00 x\n".repeat(MAX_ROWS + 10), at(NOW), &Utc);
    assert_eq!(rows.len(), MAX_ROWS);
    assert_eq!(
        rows.last().and_then(|row| row.problem.as_deref()),
        Some("only the first 5000 lines are read")
    );
    assert_eq!(
        backfill(&"13:00 x\n".repeat(MAX_ROWS), at(NOW), &Utc).last().and_then(|row| row.problem.clone()),
        None
    );
}

#[test]
fn times_are_written_and_read_the_same() {
    for text in [
        "2026-11-21T01:28:00.123Z",
        "1969-12-31T23:59:59.999Z",
        "2024-02-29T00:00:00.000Z",
        "0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
    ] {
        assert_eq!(at(text).to_string(), text);
        let json = serde_json::to_string(&at(text)).expect("json");
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Time>(&json).expect("a time"), at(text));
    }
    for (text, same) in [
        ("2026-11-21T02:28:00+01:00", "2026-11-21T01:28:00.000Z"),
        ("2026-11-21t01:28:00.1239z", "2026-11-21T01:28:00.123Z"),
        ("2016-12-31T23:59:60.000Z", "2017-01-01T00:00:00.000Z"),
    ] {
        assert_eq!(at(text).to_string(), same);
    }
    for wrong in [
        "",
        "2026-11-21",
        "2026-02-29T00:00:00.000Z",
        "2026-11-21T24:00:00.000Z",
        "2026-11-21T01:28:00.123X",
        "éééééééééééé",
    ] {
        assert_eq!(Time::parse(wrong), None, "{wrong}");
        assert!(serde_json::from_str::<Time>(&format!("{wrong:?}")).is_err());
    }
    assert_eq!(Time::from_ms(i64::MAX).to_string(), "9999-12-31T23:59:59.999Z");
    assert_eq!(Time::from_ms(i64::MIN).to_string(), "0000-01-01T00:00:00.000Z");
    assert_eq!(Time::from_ms(i64::MIN) - Time::from_ms(i64::MAX), Span::from_ms(i64::MIN));
    assert_eq!((Zone::Utc.hm(at(NOW)), Zone::Utc.label(at(NOW))), ("14:00".into(), "UTC".into()));
    assert_eq!(Zone::Utc.day_heading(at(NOW)), "Sat 2026-11-21");
    assert_eq!(
        serde_json::to_string(&When::exact(Time::from_ms(0))).expect("json"),
        r#"{"time":"1970-01-01T00:00:00.000Z"}"#
    );
}

#[test]
fn spans_are_written_and_read() {
    for (secs, clock, hms, short) in [
        (0, "00:00", "00:00:00", "0s"),
        (12, "00:12", "00:00:12", "12s"),
        (47 * 60 + 12, "47:12", "00:47:12", "47m"),
        (3852, "1:04:12", "01:04:12", "1h 04m"),
        (2 * 86_400 + 3 * 3600, "51:00:00", "51:00:00", "2d 3h"),
        (-192, "-03:12", "-00:03:12", "-3m"),
    ] {
        let span = Span::from_secs(secs);
        assert_eq!((span.clock(), span.hms(), span.short()), (clock.into(), hms.into(), short.into()));
    }
    assert_eq!(Span::from_ms(-400).clock(), "00:00");
    for (text, secs) in [
        ("15m", 900),
        ("1h30m", 5400),
        ("90s", 90),
        ("2d", 172_800),
        ("45", 2700),
        ("1h 04m", 3840),
        (" 2D 3h ", 183_600),
    ] {
        assert_eq!(Span::parse(text), Some(Span::from_secs(secs)), "{text}");
    }
    for wrong in [
        "",
        " ",
        "m",
        "-5m",
        "5x",
        "5m5",
        "5m5h",
        "1m1m",
        "5é",
        "999999999999999999d",
        "99999999999999999999",
    ] {
        assert_eq!(Span::parse(wrong), None, "{wrong}");
    }
}

/// Lines made of what the reader looks for, so that most of its paths are met.
fn scribbles() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "14:03",
        "-7m",
        "~",
        "yesterday",
        "2026-11-20",
        "T",
        "Z",
        "UTC",
        "+01:00",
        " ",
        " ",
        "  ",
        "!",
        "?",
        "#",
        ">",
        "\\",
        "TODO",
        "@bob",
        "[",
        "]",
        "|",
        "-",
        "**",
        "pm",
        ":",
        ",",
        "\n",
        "é",
        "👩\u{200d}💻",
        "\x1b[",
        "decision",
        "9999-12-31",
        "0000-01-01",
        "23:59",
        "Nov 20",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..14).prop_map(|all| all.concat()), any::<String>()]
}

proptest! {
    #[test]
    fn no_line_and_no_clock_makes_it_fail(text in scribbles(), now in any::<i64>(), near in 0_i64..4_000_000_000_000) {
        for now in [now, near, i64::MIN, i64::MAX].map(Time::from_ms) {
            let line = parse_line(&text, now, &Europe);
            prop_assert_eq!(line.text.trim(), &line.text);
            prop_assert!(!line.text.chars().any(char::is_control));
            if let LineTime::Ask(choices) = &line.time {
                prop_assert!(choices.len() >= 2);
                prop_assert!(choices.is_sorted_by_key(|choice| choice.when.time));
            }
            backfill(&text, now, &Zone::Local);
        }
    }

    #[test]
    fn a_time_that_is_not_asked_about_is_not_ahead(text in scribbles(), near in 0_i64..4_000_000_000_000) {
        let now = Time::from_ms(near);
        if let LineTime::Is(when) = parse_line(&text, now, &Europe).time {
            prop_assert!(when.time <= now);
        }
    }

    #[test]
    fn tokens_are_in_order_and_apart(text in scribbles()) {
        let mut end = 0;
        for (range, _) in tokens(&text) {
            prop_assert!(range.start >= end && !text[range.clone()].is_empty());
            end = range.end;
        }
    }

    #[test]
    fn every_time_survives_its_text(ms in -62_167_219_200_000_i64..=253_402_300_799_999) {
        let time = Time::from_ms(ms);
        let text = time.to_string();
        prop_assert_eq!(Time::parse(&text), Some(time));
        prop_assert_eq!(Time::from_utc(time.to_utc()), time);
        prop_assert_eq!(&text, &time.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    }

    #[test]
    fn no_time_is_too_strange_to_show(ms in any::<i64>()) {
        for zone in [Zone::Utc, Zone::Local] {
            let time = Time::from_ms(ms);
            prop_assert_eq!(zone.hms(time).len(), 8);
            prop_assert_eq!(zone.day_heading(time).len(), 14);
            let _ = (zone.label(time), time.to_utc(), Span::from_ms(ms).clock(), Span::from_ms(ms).short());
        }
    }
}
