//! Each check with texts that pass and texts that do not (rows B7, S4.13).

use warroom::incident::event::{DataLoss, Harm};
use warroom::incident::words::Word;
use warroom::report::check::{CHECKS, check};

use super::world::{World, at, prices};

#[track_caller]
fn passes(world: &World, name: &str, audience: &str, word: Word, bodies: &[&str]) {
    for body in bodies {
        assert_eq!(world.finds(name, audience, word, body), None, "{body:?}");
    }
}

/// Each text is found, and the finding points at these words.
#[track_caller]
fn finds(world: &World, name: &str, audience: &str, word: Word, bodies: &[(&str, &str)]) {
    for (body, words) in bodies {
        let finding =
            world.finds(name, audience, word, body).unwrap_or_else(|| panic!("{body:?} is doubted"));
        let range = finding.range.clone().unwrap_or_default();
        assert_eq!(&body[range], *words, "{finding:?}");
        assert!(!finding.why.is_empty() && !finding.fix.is_empty());
    }
}

#[test]
fn b7_no_end_is_promised_to_customers() {
    let world = prices();
    let check = "no-promise";
    finds(
        &world,
        check,
        "customers",
        Word::Resolving,
        &[
            ("It will be fixed by 15:00 UTC.", "by 15:00"),
            ("Fixed by 3pm", "by 3pm"),
            ("We work on it. This will be resolved within 2 hours.", "within 2 hours"),
            ("We expect the reports to be back in about half an hour", "in about half an hour"),
            ("ETA: 16:00", "ETA: 16:00"),
            ("By 16:00 everything should be restored", "By 16:00"),
            ("Reports are delayed until 18:00.", "until 18:00"),
            ("We hope to have it solved tomorrow.", "tomorrow"),
            ("All data will be complete by end of day", "by end of day"),
            ("It should be up again in 2-3 hours", "in 2-3 hours"),
            ("Services will be back at 15:30", "at 15:30"),
            ("We'll have this sorted within an hour", "within an hour"),
            ("Wir: it will be fixed by Monday – sorry", "by Monday"),
        ],
    );
    passes(
        &world,
        check,
        "customers",
        Word::Resolving,
        &[
            "Next update: 15:02 UTC",
            "We will post an update within 30 minutes.",
            "The next update comes by 15:30, or when it is fixed.",
            "The reports were restored at 14:05 UTC.",
            "Everything has been back since 14:05.",
            "Data from 10:00 to 12:00 is affected and will be restored.",
            "Data loaded before 12:00 will be restored.",
            "Some data is delayed by 2 hours.",
            "It began at 14:00 UTC.",
            "The repair is under way. We will tell you more by 15:30.",
            "Data until 12:00 is affected.",
            "We are looking for the cause.",
            "Rows were wrong for 2 hours.",
        ],
    );
    passes(&world, check, "team/analytics", Word::Resolving, &["It will be fixed by 15:00 UTC."]);
    passes(&world, check, "internal", Word::Resolving, &["ETA: 16:00"]);
    passes(
        &world,
        check,
        "customers",
        Word::Resolved,
        &["It was resolved within 2 hours.", "Resolved within 2 hours."],
    );
}

#[test]
fn b7_the_next_update_is_named() {
    let world = prices();
    passes(
        &world,
        "next-named",
        "internal",
        Word::Monitoring,
        &["Next update: 15:02 UTC", "see you at 15:02"],
    );
    let finding = world.finds("next-named", "internal", Word::Monitoring, "soon").unwrap();
    assert!(finding.why.contains("15:02 UTC") && finding.range.is_none());
    let mut about = world.about("internal", Word::Monitoring);
    about.next = None;
    assert_eq!(check("calm", &about)[0].check, "next-named");
    about.word = Word::Resolved;
    assert!(check("no data was lost", &about).is_empty());
}

#[test]
fn b7_the_impact_comes_first_outside_and_for_executives() {
    let world = prices();
    let cause_first = "Status: identified\nBecause of a bad deploy in our loader,\nreports are wrong.";
    for audience in ["customers", "executive"] {
        let line = "Because of a bad deploy in our loader,";
        finds(&world, "impact-first", audience, Word::Identified, &[(cause_first, line)]);
        let none =
            world.finds("impact-first", audience, Word::Identified, "We are looking into it.").unwrap();
        assert!(none.range.is_none(), "{none:?}");
        let late = format!(
            "{}Reports are wrong.",
            "We look at one more system now, and then at another one.\n".repeat(7)
        );
        assert!(world.finds("impact-first", audience, Word::Identified, &late).is_some());
        passes(
            &world,
            "impact-first",
            audience,
            Word::Identified,
            &[
                "Status: identified\n\nReports are wrong, because a deploy failed.",
                "P1: x\n\nImpact:\n- revenue is off",
                "Customers cannot log in. Root cause: a deploy",
            ],
        );
    }
    passes(&world, "impact-first", "internal", Word::Identified, &[cause_first]);
}

#[test]
fn b7_s4_13_the_last_message_says_what_became_of_the_data() {
    let mut world = prices();
    let nothing = world.finds("data-loss", "internal", Word::Resolved, "All is well again.").unwrap();
    assert!(nothing.why.contains("does not say"));
    passes(&world, "data-loss", "internal", Word::Monitoring, &["All is well again."]);
    let all = [
        "Data: none",
        "No data was lost.",
        "Data impact: delayed, 2 h",
        "300 rows of data are lost for good",
    ];
    passes(&world, "data-loss", "internal", Word::Resolved, &all);
    world.state_data(DataLoss::Delayed, "2 h");
    passes(
        &world,
        "data-loss",
        "internal",
        Word::Resolved,
        &["Your data: some was delayed, none was lost.", "Some data came late, and no data has been lost"],
    );
    for wrong in ["No data was lost.", "Data: none", "Some rows are lost."] {
        let finding = world.finds("data-loss", "internal", Word::Resolved, wrong).unwrap();
        assert!(finding.why.contains("The ledger says: delayed"), "{finding:?}");
    }
}

#[test]
fn b8_no_text_says_none_lost_where_the_ledger_has_lost_data() {
    let mut world = World::new("x", |_| {});
    world.impact("orders", Harm::Lost, |_| {});
    let finding = world.finds("data-loss", "internal", Word::Resolved, "No data was lost.").unwrap();
    assert!(finding.why.contains("\"orders\" is lost"), "{finding:?}");
    world.impact("orders", Harm::Lost, |line| line.recovered = Some(at("14:00")));
    passes(&world, "data-loss", "internal", Word::Resolved, &["No data was lost."]);
}

#[test]
fn b7_the_text_fits_its_channel() {
    let world = prices();
    let fits = "é".repeat(1_000);
    passes(&world, "length", "customers", Word::Monitoring, &[&fits]);
    let over = format!("{fits}ää");
    finds(&world, "length", "customers", Word::Monitoring, &[(&over, "ää")]);
    let finding = world.finds("length", "customers", Word::Monitoring, &over).unwrap();
    assert_eq!(finding.why, "The text has 1002 characters; customers takes 1000.");
}

#[test]
fn b7_open_places_and_another_status_are_found() {
    let world = prices();
    finds(
        &world,
        "placeholders",
        "internal",
        Word::Monitoring,
        &[("a\n- [impact: …] [b: …]", "[impact: …]")],
    );
    passes(&world, "placeholders", "internal", Word::Monitoring, &["[done: it is] [x]"]);
    finds(&world, "word", "internal", Word::Monitoring, &[("x\nStatus: resolving\n", "resolving")]);
    passes(&world, "word", "internal", Word::Monitoring, &["Status: monitoring", "no status line"]);
}

#[test]
fn b7_no_secret_goes_out_and_none_is_repeated() {
    let world = prices();
    let key = "9fK2mQ7xZp4Lw8Rt3Vb6";
    // Put together here, so that no scanner takes this file for a leak.
    let secrets = [
        format!("key {}{}", "AKIA", "IOSFODNN7EXAMPLE"),
        format!("it is {}1234567890-abcdefghij", "xoxb-"),
        format!("Authorization: Bearer {key}{key}"),
        format!("{}eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", ""),
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE".to_owned(),
        "password=hunter2".to_owned(),
        "db_password: Tr0ub4dor&3".to_owned(),
        "postgres://app:s3cret@db.example/orders".to_owned(),
        format!("api_key = {key}"),
        format!("API_TOKEN={key}"),
        format!("secret: \"{key}\""),
        format!("{}{key}{key}", "ghp_"),
    ];
    for text in &secrets {
        let finding = world.finds("secrets", "internal", Word::Monitoring, text);
        let finding = finding.unwrap_or_else(|| panic!("{text:?} is found"));
        let found = &text[finding.range.unwrap()];
        assert!(!finding.why.contains(found), "{} repeats it", finding.why);
    }
    passes(
        &world,
        "secrets",
        "internal",
        Word::Monitoring,
        &[
            "We changed the password: expired",
            "password=****",
            "password=<from the vault>",
            "the token expired, a new secret is in the vault",
            "see https://meet.example/42 and mail ops@example.org",
            "commit 2c07ee5 of the bearer service",
            "api_key: rotated",
            "secret: [which: …]",
            "Bearer of good news: it is over",
        ],
    );
}

#[test]
fn b7_nothing_of_a_private_incident_goes_outside() {
    let mut world = World::new("salaries readable by everybody", |what| what.private = true);
    world.impact("hr.payroll", Harm::Exposed, |_| {});
    finds(
        &world,
        "private",
        "customers",
        Word::Monitoring,
        &[("Some Salaries were seen.", "Salaries"), ("the payroll table", "payroll")],
    );
    let both = world.finds("private", "customers", Word::Monitoring, "salaries in hr.payroll").unwrap();
    assert!(both.why.contains("salaries") && both.why.contains("hr.payroll"), "{}", both.why);
    passes(&world, "private", "customers", Word::Monitoring, &["We look into a problem by night."]);
    let inside = world.finds("private", "internal", Word::Monitoring, "salaries").unwrap();
    assert!(inside.fix.contains("may know"), "{inside:?}");
    passes(&prices(), "private", "customers", Word::Monitoring, &["orders and prices"]);
}

#[test]
fn b7_no_people_rooms_or_hosts_are_named_outside() {
    let mut world = prices();
    world.assign("scribe", "will", "");
    world.link("status page", "https://status.example");
    finds(
        &world,
        "internal-names",
        "customers",
        Word::Monitoring,
        &[
            ("@alice looks into it", "alice"),
            ("Alice's team looks into it", "Alice"),
            ("join us in #inc-42", "#inc-42"),
            ("see https://meet.example/42 now", "https://meet.example/42"),
            ("on tickets.example we write", "tickets.example"),
            ("ask @will", "@will"),
        ],
    );
    passes(
        &world,
        "internal-names",
        "customers",
        Word::Monitoring,
        &[
            "It will be over some day. bobsleds are malice.",
            "More on https://status.example",
            "a person wrote warehouse.orders on purpose",
        ],
    );
    passes(&world, "internal-names", "internal", Word::Monitoring, &["@alice in #inc-42"]);
}

#[test]
fn b7_findings_come_in_the_order_of_the_checks_and_by_their_names() {
    let mut world = World::new("salaries readable", |what| what.private = true);
    world.assign("commander", "alice", "");
    let body = format!(
        "alice: salaries, fixed by 15:00. [x: …] password=hunter2\nStatus: resolving\n{}",
        "x".repeat(1_000)
    );
    let names: Vec<&str> =
        check(&body, &world.about("customers", Word::Resolved)).iter().map(|finding| finding.check).collect();
    let all: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, all);
}
