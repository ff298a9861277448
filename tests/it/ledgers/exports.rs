//! The ledgers in the exports: Markdown sections, JSON shapes.

use serde_json::{Value, json};

use crate::cli::Home;

fn home() -> Home {
    let home = Home::new();
    let at = |args: &[&str]| home.at("2026-11-21T14:10:00Z", args).ok();
    home.at("2026-11-21T14:00:00Z", &["declare", "--type", "data-loss", "Orders lost"]).ok();
    at(&[
        "impact",
        "set",
        "orders*",
        "--lost",
        "--rows",
        "5000",
        "--tier",
        "M4",
        "--last-good",
        "13:40",
        "--contained",
        "14:05",
    ]);
    at(&["impact", "state", "none", "all rows are back"]);
    at(&["note", "TODO ask the vendor"]);
    at(&[
        "followup",
        "add",
        "test the restore",
        "--owner",
        "dana",
        "--due",
        "2026-12-01",
        "--place",
        "DATA-1",
    ]);
    at(&["followup", "add", "alert on lateness"]);
    at(&["followup", "done", "lateness", "--note", "in place"]);
    home
}

#[test]
fn b8_the_markdown_has_the_data_impact() {
    let text = home().run(&["export"]).ok().out;
    for part in [
        "## Data impact",
        "In the end: no data was lost: all rows are back (alice)",
        r"### orders\*: lost, exactly 5,000 rows",
        "- last good: 2026-11-21 13:40 UTC",
        "- contained: 2026-11-21 14:05 UTC",
        "- recovered: not yet",
        "- RPO: 25m of data; M4 allows 5 min, MISSED by 20m",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    let impact = text.find("## Data impact").unwrap();
    assert!(impact < text.find("## Timeline").unwrap());
}

#[test]
fn s4_14_the_markdown_has_the_follow_ups() {
    let text = home().run(&["export"]).ok().out;
    for part in [
        "- [ ] test the restore (dana, due 2026-12-01, medium, preventive, DATA-1)",
        "- [ ] ask the vendor (proposed, alice 2026-11-21 14:10 UTC)",
        "(proposed, Data Loss)",
        "- [x] alert on lateness (by alice, 2026-11-21 14:10 UTC: in place)",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn b8_the_json_has_the_ledgers() {
    let home = home();
    let out = home.run(&["export", "--format", "json"]).ok().out;
    let incident = serde_json::from_str::<Value>(&out).unwrap()["incident"].clone();
    let orders = &incident["impact"][0];
    assert_eq!(
        (&orders["dataset"], &orders["rows"], &orders["rows_exact"]),
        (&json!("orders*"), &json!(5000), &json!(true))
    );
    assert_eq!((&orders["recovery"]["tier"], &orders["recovery"]["rpo_s"]), (&json!("M4"), &json!(1500)));
    assert_eq!(incident["data"]["data"], "none");
    assert_eq!(incident["follow_ups"].as_array().unwrap().len(), 2);
    assert_eq!(incident["proposals"].as_array().unwrap().len(), 5);
    assert_eq!(incident["roll_call"], Value::Null);
}

#[test]
fn b8_an_incident_without_ledgers_has_no_empty_sections() {
    let home = Home::new();
    home.run(&["declare", "Late"]).ok();
    let text = home.run(&["export"]).ok().out;
    assert!(!text.contains("## Data impact") && !text.contains("## Follow-ups"), "{text}");
}
