//! `warroom impact` and `warroom followup`: the real binary, plain and as JSON.

use serde_json::{Value, json};

use crate::cli::{Home, each_line};

/// Declared at 14:00, ten minutes ago.
fn home() -> Home {
    let home = Home::new();
    home.at("2026-11-21T14:00:00Z", &["declare", "--type", "data-loss", "Orders lost"]).ok();
    home
}

fn run(home: &Home, args: &[&str]) -> String {
    home.at("2026-11-21T14:10:00Z", args).ok().out
}

fn parsed(home: &Home, args: &[&str]) -> Value {
    let out = run(home, &[args, &["--json"]].concat());
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{args:?}: {error}: {out}"))
}

#[test]
fn b8_a_dataset_is_set_listed_and_withdrawn() {
    let home = home();
    assert!(run(&home, &["impact"]).contains("no dataset is recorded"));
    run(&home, &["impact", "set", "orders", "--lost", "--rows", "~5000", "--from", "-30m", "--until", "now"]);
    let set = [
        "impact",
        "set",
        "ORDERS",
        "--corrupt",
        "--consumers",
        "revenue dashboard,fraud",
        "--teams",
        "finance",
    ];
    run(&home, &set);
    run(&home, &["impact", "set", "orders", "--tier", "M4", "--last-good", "13:40", "--contained", "-1m"]);
    let shown = run(&home, &["impact"]);
    for text in [
        "orders: lost and corrupt, ~5,000 rows",
        "window     2026-11-21 13:40 UTC to 2026-11-21 14:10 UTC",
        "used by    revenue dashboard, fraud",
        "contained  2026-11-21 14:09 UTC",
        "RTO        10m so far; M4 allows 10 min",
        "RPO        29m of data; M4 allows 5 min, MISSED by 24m",
    ] {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
    run(&home, &["impact", "set", "orders", "--not", "lost", "--recovered", "now", "--how", "replayed"]);
    let whole = parsed(&home, &["impact", "list"]);
    let orders = &whole["impact"][0];
    assert_eq!(
        (&orders["kinds"], &orders["rows"], &orders["rows_exact"]),
        (&json!(["corrupt"]), &json!(5000), &json!(false))
    );
    assert_eq!(orders["contained_at"], "2026-11-21T14:09:00.000Z");
    assert_eq!(
        (&orders["recovery"]["rto_s"], &orders["recovery"]["rto_missed_by_s"]),
        (&json!(600), &Value::Null)
    );
    assert_eq!(
        (&orders["recovery"]["rpo_missed_by_s"], &orders["recovery"]["recovered"]),
        (&json!(1440), &json!(true))
    );
    assert_eq!((&whole["incident"]["slug"], &whole["data"]), (&json!("orders-lost"), &Value::Null));
    run(&home, &["impact", "withdraw", "orders", "--reason", "was fine"]);
    assert_eq!(parsed(&home, &["impact"])["impact"], json!([]));
}

#[test]
fn b8_what_makes_no_sense_is_refused_in_words() {
    let home = home();
    let at = |args: &[&str]| home.at("2026-11-21T14:10:00Z", args);
    at(&["impact", "set", "orders", "--rows", "many"]).refused(2, &["is no number of rows", "1.2M"]);
    at(&["impact", "set", "orders", "--from", "half past"]).refused(2, &["is no time"]);
    at(&["impact", "set", "orders", "--tier", "M9"]).refused(1, &["no recovery tier", "M1, M2"]);
    at(&["impact", "withdraw", "orders"]).refused(1, &["no dataset"]);
    at(&["impact", "state", "lost"]).refused(1, &["needs words"]);
    run(&home, &["impact", "set", "orders"]);
    at(&["impact", "set", "orders"]).refused(1, &["nothing is said about it"]);
}

#[test]
fn b8_what_became_of_the_data_is_stated() {
    let home = home();
    run(&home, &["impact", "state", "lost", "12", "orders of", "13:55"]);
    assert!(
        run(&home, &["impact"]).contains("in the end: data is lost for good: 12 orders of 13:55 (alice)")
    );
    let data = parsed(&home, &["impact"])["data"].clone();
    assert_eq!(
        (&data["data"], &data["text"], &data["by"]),
        (&json!("lost"), &json!("12 orders of 13:55"), &json!("alice"))
    );
}

#[test]
fn s4_14_follow_ups_are_added_changed_done_and_opened_again() {
    let home = home();
    assert!(
        run(&home, &["followup"]).contains("prevention step of Data Loss"),
        "the playbook's own are proposed"
    );
    run(
        &home,
        &[
            "followup",
            "add",
            "test the restore",
            "--owner",
            "me",
            "--due",
            "friday",
            "--priority",
            "high",
            "--place",
            "DATA-1",
        ],
    );
    let shown = run(&home, &["followup"]);
    let first = shown.lines().next().unwrap();
    for text in ["high", "due 2026-11-27", "alice", "test the restore", "(preventive, DATA-1)"] {
        assert!(first.contains(text), "{text:?} is missing: {first}");
    }
    run(&home, &["followup", "edit", "restore", "--due", "2026-11-20", "--kind", "detective"]);
    assert!(run(&home, &["followup", "list"]).contains("OVERDUE 2026-11-20"));
    let item = parsed(&home, &["followup"])["follow_ups"][0].clone();
    assert_eq!(
        (&item["kind"], &item["priority"], &item["place"]),
        (&json!("detective"), &json!("high"), &json!("DATA-1"))
    );
    assert_eq!(
        (&item["owner"], &item["due"], &item["done"]),
        (&json!("alice"), &json!("2026-11-20"), &Value::Null)
    );
    run(&home, &["followup", "done", "last", "--note", "took 40 min"]);
    assert_eq!(parsed(&home, &["followup"])["follow_ups"][0]["done"]["note"], "took 40 min");
    home.at("2026-11-21T14:10:00Z", &["followup", "done", "restore"]).refused(1, &["follow-up"]);
    run(&home, &["followup", "reopen", "restore", "--reason", "half of it"]);
    run(&home, &["followup", "edit", "restore", "--owner", "", "--due", ""]);
    assert!(
        run(&home, &["followup"]).lines().next().unwrap().contains("no day"),
        "{}",
        run(&home, &["followup"])
    );
    let at = |args: &[&str]| home.at("2026-11-21T14:10:00Z", args);
    at(&["followup", "add", "x", "--due", "soon"]).refused(2, &["is no day", "friday"]);
    at(&["followup", "done", "nothing like it"]).refused(1, &["no follow-up is named"]);
}

#[test]
fn s1_10_todo_notes_and_prevention_steps_are_taken_up_or_dismissed() {
    let home = home();
    run(&home, &["note", "TODO ask the vendor for the changelog"]);
    run(&home, &["note", "TODO rewrite it all"]);
    let proposals = parsed(&home, &["followup"])["proposals"].clone();
    let todo = proposals[0]["entry"].as_str().unwrap().to_owned();
    assert_eq!(proposals.as_array().unwrap().len(), 6, "{proposals}");
    run(&home, &["followup", "add", "--from", &todo[20..], "--owner", "bob"]);
    let item = parsed(&home, &["followup"])["follow_ups"][0].clone();
    assert_eq!((&item["text"], &item["from"]), (&json!("ask the vendor for the changelog"), &json!(todo)));
    run(&home, &["followup", "dismiss", "rewrite", "--reason", "no"]);
    run(&home, &["followup", "add", "--from", "audit log", "--owner", "dana"]);
    run(&home, &["followup", "dismiss", "restore drills", "--reason", "they run already"]);
    let left = parsed(&home, &["followup"])["proposals"].clone();
    assert_eq!(left.as_array().unwrap().len(), 2, "{left}");
    home.at("2026-11-21T14:10:00Z", &["followup", "dismiss", "zzz"]).refused(1, &["proposal"]);
}

#[test]
fn s4_14_all_lists_the_open_ones_of_every_incident() {
    let home = home();
    run(&home, &["followup", "add", "test the restore", "--due", "2026-12-01"]);
    run(&home, &["status", "resolved", "--reason", "bob counted the rows: all there"]);
    run(&home, &["declare", "Late loads"]);
    run(&home, &["followup", "add", "alert on lateness", "--due", "2026-11-20", "--owner", "dana"]);
    let shown = run(&home, &["followup", "--all"]);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].contains("OVERDUE 2026-11-20") && lines[0].contains("INC-0002 Late loads"), "{shown}");
    assert!(lines[1].contains("due 2026-12-01") && lines[1].contains("INC-0001 Orders lost"), "{shown}");
    let json = each_line(&run(&home, &["followup", "list", "--all", "--json"]));
    assert_eq!((&json[0]["overdue"], &json[0]["incident"]["number"]), (&json!(true), &json!(2)));
    assert_eq!((&json[1]["text"], &json[1]["overdue"]), (&json!("test the restore"), &json!(false)));
    run(&home, &["followup", "done", "lateness"]);
    assert_eq!(run(&home, &["followup", "--all"]).lines().count(), 1, "a change is seen at once");
}
