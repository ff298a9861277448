//! Texts that people really wrote, and what the checks and the reader of the next update make of them (rows B7, S4.12).

use warroom::incident::event::{DataLoss, Harm, Verdict};
use warroom::incident::words::Word;
use warroom::incident::{Span, Zone};
use warroom::report::check::masked;
use warroom::report::ledger::as_of;
use warroom::report::update::{Named, NextUpdate, gist, named, placeholders};

use super::world::{World, at, prices, resolved};

#[test]
fn s4_12_a_time_that_has_just_passed_is_not_tomorrow() {
    let parse = |text: &str| NextUpdate::parse(text, at("06:14"), Zone::Utc);
    assert!(parse("06:12").unwrap_err().contains("has passed"));
    assert_eq!(parse("23:50"), Ok(NextUpdate::At(at("23:50"))));
    assert_eq!(parse("2026-11-22 06:12"), Ok(NextUpdate::At(at("06:12") + Span::from_days(1))));
    let night = NextUpdate::parse("00:10", at("23:50"), Zone::Utc);
    assert_eq!(night, Ok(NextUpdate::At(at("00:10") + Span::from_days(1))));
}

#[test]
fn s4_12_the_next_update_is_read_from_the_words_of_the_text() {
    let named = |body: &str| named(body, at("14:12"), Zone::Utc);
    for (body, clock) in [
        ("All calm. Next update in 20 minutes.", "14:32"),
        ("We look into it, next update at 23:50", "23:50"),
        ("Next update 14:45", "14:45"),
        ("Next update: 14:35 UTC", "14:35"),
        ("We will post an update within half an hour.", "14:42"),
        ("We will send you an update by 15:30, or when it is fixed.", "15:30"),
    ] {
        assert_eq!(named(body), Named::At(at(clock)), "{body}");
    }
    assert_eq!(named("Next update tomorrow at 09:00"), Named::At(at("09:00") + Span::from_days(1)));
    assert_eq!(named("Next update: none planned"), Named::Never);
    assert_eq!(named("Next update: 14:02 UTC"), Named::Passed("14:02".into()));
    assert_eq!(named("Next update: 15:02 CET"), Named::Foreign("15:02 CET".into()));
    for silent in ["All calm.", "The update of 14:05 was wrong.", "More in the next update."] {
        assert_eq!(named(silent), Named::Nothing, "{silent}");
    }
}

#[test]
fn b8_what_is_said_of_the_data_is_understood_in_any_order() {
    let says = |world: &World, body: &str| world.finds("data-loss", "internal", Word::Resolved, body);
    let mut none = prices();
    none.state_data(DataLoss::None, "");
    for body in [
        "Data loss: none.",
        "There was zero data loss.",
        "Users lost access to dashboards. No data was lost.",
        "The data wasn't lost.",
        "We lost no data.",
        "No data was lost.\n\nNext steps:\n- Alert on data loss",
    ] {
        assert_eq!(says(&none, body), None, "{body}");
    }
    let mut lost = prices();
    lost.state_data(DataLoss::Lost, "300 rows");
    assert!(says(&lost, "Data loss: none.").is_some());
    let mut late = prices();
    late.state_data(DataLoss::Delayed, "");
    assert_eq!(says(&late, "No data was lost; some was delayed."), None);
    assert!(says(&none, "No data was lost; some was delayed.").is_some());
}

#[test]
fn b7_an_end_is_promised_in_many_ways_and_a_message_is_not_an_end() {
    let world = prices();
    let finds = |body: &str| world.finds("no-promise", "customers", Word::Resolving, body);
    for body in [
        "We expect this to be fixed by 15:00 UTC and will send an update then.",
        "Estimated time to resolution: 2 hours.",
        "Expected resolution: 15:00 UTC.",
        "It will be restored later today.",
        "Everything is back to normal this afternoon.",
    ] {
        assert!(finds(body).is_some(), "{body}");
    }
    for body in [
        "We will report back by 15:00 UTC",
        "Dashboards normally refresh within 30 minutes.",
        "Next update by 15:00",
    ] {
        assert_eq!(finds(body), None, "{body}");
    }
}

#[test]
fn b7_places_secrets_and_what_is_ours_are_seen() {
    assert_eq!(placeholders("[fill me in] TBD, <TODO> and XXX: ???").len(), 5);
    assert!(placeholders("[the runbook](https://x.example) [x] [done: it is] XXXL").is_empty());
    let world = prices();
    let key = format!("{}{}", "ghs_", "a1B2c3D4e5F6g7H8i9J0");
    for text in ["the password is hunter2", "passwd is Xy7", &key] {
        let why = world.finds("secrets", "internal", Word::Monitoring, text).expect(text).why;
        assert!(!why.contains("hunt") && !why.contains("Xy7"), "{why}");
        assert!(!masked(text).contains("hunter2") && !masked(text).contains(&key), "{}", masked(text));
    }
    for text in ["mail jo.doe@corp.example", "db1.a.internal is down", "10.1.2.3", "4111 1111 1111 1111"] {
        assert!(world.finds("internal-names", "customers", Word::Monitoring, text).is_some(), "{text}");
    }
    for text in ["mail support@corp.example", "on 2026-11-21 at 14:00 4000 rows", "8.8.8.8"] {
        assert_eq!(world.finds("internal-names", "customers", Word::Monitoring, text), None, "{text}");
    }
}

#[test]
fn b7_customers_read_when_it_began_and_that_the_cause_is_known() {
    let mut world = prices();
    assert!(world.draft("customers", Word::Investigating).contains("It began at 10:00 UTC."));
    world.judge("a deploy changed cents to euros", Verdict::Confirmed, "the diff");
    let draft = world.draft("customers", Word::Investigating);
    assert!(draft.contains("We know the cause.") && !draft.contains("looking for"), "{draft}");
    assert!(!draft.contains("cents"), "{draft}");
}

#[test]
fn s2_1_recovery_times_stop_when_it_is_over() {
    let world = resolved();
    assert_eq!(as_of(&world.incident, at("23:00")), at("16:09"));
    assert_eq!(as_of(&prices().incident, at("15:00")), at("15:00"));
}

#[test]
fn b8_the_draft_of_a_resolution_fits_what_was_stated() {
    let mut world = World::new("x", |_| {});
    world.impact("orders", Harm::Lost, |line| line.recovered = Some(at("14:00")));
    world.state_data(DataLoss::None, "300 rows lost, all replayed");
    let draft = world.drafted(world.message("internal", Word::Resolved, None));
    assert_eq!(world.finds("data-loss", "internal", Word::Resolved, &draft), None, "{draft}");
    assert!(resolved().draft("internal", Word::Resolved).contains("- Data: delayed"));
}

#[test]
fn b7_the_gist_of_a_text_is_not_its_frame() {
    assert_eq!(gist("Status: resolving\n\nPrices are wrong."), "Prices are wrong.");
}
