//! Declaring, naming incidents, checking playbooks and settings, and wrong usage.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Answer, Home, each_line, files};

#[test]
fn s1_3_a_callback_declares_with_json_in_and_out() {
    let home = Home::new();
    let input = json!({
        "title": "Null rate 7 % in orders", "type": "quality-degradation", "severity": "P1", "commander": "bob",
        "reporter": "dag:orders_daily", "channel": "airflow callback", "drill": true,
    });
    let answer = home.run_with(&["declare", "--from-json", "-", "--json"], input.to_string().as_bytes()).ok();
    let declared: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(declared["slug"], "null-rate-7-in-orders");
    assert_eq!((&declared["number"], &declared["ref"]), (&json!(1), &json!("INC-0001")));
    assert_eq!(declared["id"].as_str().unwrap().len(), 26);
    assert!(Path::new(declared["path"].as_str().unwrap()).join("journal").is_dir());
    let incident = &home.json(&["show", "INC-0001", "--brief"])["incident"];
    for (name, value) in input.as_object().unwrap() {
        assert_eq!(&incident[name], value, "{name}");
    }
}

#[test]
fn s1_1_the_type_proposes_severity_and_playbook_unless_told_otherwise() {
    let home = Home::new();
    let proposed = home.json(&["declare", "--type", "data-corruption", "Prices are wrong"]);
    assert_eq!((&proposed["severity"], &proposed["playbook"]), (&json!("P1"), &json!("data-corruption")));
    let told =
        home.json(&["declare", "--type", "data-loss", "--severity", "p2", "--playbook", "none", "Rows gone"]);
    assert_eq!((&told["severity"], &told["playbook"]), (&json!("P2"), &json!(null)));
}

#[test]
fn s1_3_a_refused_declaration_leaves_nothing_behind() {
    let home = Home::new();
    home.run(&["declare", "--type", "meteor", "Crater"]).refused(1, &["meteor", "data-loss"]);
    home.run(&["declare"]).refused(1, &["the title is empty"]);
    home.run(&["declare", "--playbook", "data-los", "Lost"]).refused(1, &["did you mean data-loss?"]);
    let unknown = home.run_with(&["declare", "--from-json", "-"], br#"{"titel": "Lost"}"#);
    unknown.refused(2, &["unknown field `titel`", "did you mean \"title\"?"]);
    assert_eq!(files(&home.path().join("data/incidents")), Vec::<PathBuf>::new());
}

#[test]
fn unknown_and_ambiguous_references_are_answered_with_names() {
    let home = Home::new();
    home.run(&["show"]).refused(1, &["no incident is open", "warroom declare"]);
    home.run(&["declare", "Orders lost"]).ok();
    home.run(&["declare", "Orders late"]).ok();
    home.run(&["show"])
        .refused(1, &["2 incidents are open", "orders-lost", "orders-late", "WARROOM_INCIDENT"]);
    home.run(&["show", "ordrs-lost"]).refused(1, &["did you mean", "orders-lost"]);
    home.run(&["note", "-i", "orders-l", "x"]).refused(1, &["may mean 2 incidents"]);
    home.run(&["replay", "gitlab-2017-01-32"]).refused(1, &["did you mean gitlab-2017-01-31?"]);
    let by_variable =
        Answer::of(home.command(&["note", "x"]).env("WARROOM_INCIDENT", "2").output().unwrap()).ok();
    assert!(by_variable.out.contains("  x  "), "{}", by_variable.out);
    assert_eq!(home.json(&["show", "orders-late"])["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn wrong_usage_exits_with_2() {
    let home = Home::declared();
    for args in [
        &["frobnicate"][..],
        &["status"],
        &["note", "--kind", "rumour", "x"],
        &["update", "--body", "x", "--next", "soon"],
    ] {
        assert_eq!(home.run(args).code, 2, "{args:?}");
    }
    home.run(&["correct", "a", "b", "c", "d"]).refused(2, &[]);
    home.run(&["note", "x", "--knd", "finding"]).refused(2, &["--knd"]);
    home.run(&["note", "--", "--force", "was used"]).ok();
    assert_eq!(home.texts().last().unwrap(), "--force was used");
}

#[test]
fn playbook_check_names_lines_and_exits_with_1_on_errors() {
    let home = Home::new();
    let file = home.path().join("empty.md");
    fs::write(&file, "# Nothing to do\n\nJust words.\n").unwrap();
    let answer = home.run(&["playbook", "check", file.to_str().unwrap()]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("empty.md:1: error: "), "{}", answer.out);
    let shown = home.json(&["playbook", "show", "data-loss"]);
    assert_eq!((&shown["steps"], shown["phases"].as_array().unwrap().len()), (&json!(17), 4));
    home.run(&["playbook", "check", "no-such.md"]).refused(1, &["no-such.md"]);
}

#[test]
fn a_broken_config_warns_and_keeps_nobody_from_declaring() {
    let home = Home::new();
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "zoen = \"local\"\n").unwrap();
    let answer = home.run(&["declare", "Orders lost"]).ok();
    assert!(
        answer.err.contains("warning: ") && answer.err.contains("did you mean `zone`?"),
        "{}",
        answer.err
    );
    assert_eq!(home.run(&["doctor"]).code, 1);
    fs::remove_file(home.path().join("config/config.toml")).unwrap();
    let checks = each_line(&home.run(&["doctor", "--json"]).ok().out);
    assert!(checks.iter().all(|check| check["result"] != "fail"), "{checks:?}");
}
