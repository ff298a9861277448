//! Numbers of rows and due days as people type them.

use chrono::NaiveDate;
use warroom::incident::event::Rows;
use warroom::incident::follow_ups::parse_day;

#[test]
fn b8_rows_are_counted_or_estimated() {
    let read = |text: &str| Rows::parse(text).map(|rows| rows.to_string()).unwrap_or_else(|| "-".into());
    for (typed, shown) in [
        ("5000", "exactly 5,000 rows"),
        ("5,000", "exactly 5,000 rows"),
        ("1", "exactly 1 row"),
        ("~5000", "~5,000 rows"),
        ("~ 5 000", "~5,000 rows"),
        ("5k", "~5,000 rows"),
        ("1.2M", "~1,200,000 rows"),
        ("0.0001k", "~0 rows"),
        ("2g", "~2,000,000,000 rows"),
        ("18446744073709551615", "exactly 18,446,744,073,709,551,615 rows"),
        ("", "-"),
        ("~", "-"),
        ("k", "-"),
        ("many", "-"),
        ("1.5", "-"),
        ("-3", "-"),
        ("5 kg", "-"),
        ("1.x2M", "-"),
        ("18446744073709551616", "-"),
        ("99999999999999G", "-"),
    ] {
        assert_eq!(read(typed), shown, "{typed:?}");
    }
}

#[test]
fn b8_rows_are_typed_again_as_they_were() {
    for text in ["5000", "~5000", "~1200000"] {
        assert_eq!(Rows::parse(text).unwrap().typed(), text);
    }
}

#[test]
fn s4_14_a_due_day_is_a_date_a_weekday_or_a_span() {
    // A Saturday.
    let today: NaiveDate = "2026-11-21".parse().unwrap();
    let read = |text: &str| parse_day(text, today).map(|day| day.to_string()).unwrap_or_else(|| "-".into());
    for (typed, day) in [
        ("2026-12-01", "2026-12-01"),
        ("today", "2026-11-21"),
        ("Tomorrow", "2026-11-22"),
        ("friday", "2026-11-27"),
        ("Fri", "2026-11-27"),
        ("saturday", "2026-11-28"),
        ("3d", "2026-11-24"),
        ("2w", "2026-12-05"),
        ("+3d", "2026-11-24"),
        ("", "-"),
        ("3", "-"),
        ("d", "-"),
        ("2026-02-30", "-"),
        ("99999999d", "-"),
        ("someday", "-"),
        ("1.12.2026", "-"),
    ] {
        assert_eq!(read(typed), day, "{typed:?}");
    }
}
