//! `warroom cause`.

use serde_json::json;

use super::War;

#[test]
fn b9_a_hypothesis_is_tested_ruled_out_by_evidence_and_confirmed() {
    let war = War::declared();
    war.at("14:10", &["cause", "add", "the 13:55", "deploy"]).ok();
    war.at("14:11", &["note", "?the currency feed changed its unit"]).ok();
    war.at("14:12", &["cause", "test", "deploy", "--who", "bob"]).ok();
    war.at("14:20", &["cause", "rule-out", "deploy"]).refused(1, &["needs the evidence"]);
    war.at("14:20", &["cause", "rule-out", "deploy", "--evidence", "rolled back, still wrong"]).ok();
    war.at("14:21", &["cause", "confirm", "last", "--who", "me", "--evidence", "cents since 13:50"]).ok();
    let list = war.at("14:22", &["cause"]).ok().out;
    let lines: Vec<&str> = list.lines().collect();
    assert!(
        lines[0].contains("confirmed")
            && lines[0].contains("alice")
            && lines[0].ends_with("unit: cents since 13:50"),
        "{list}"
    );
    assert!(lines[1].contains("ruled out") && lines[1].contains("bob"), "{list}");
    war.at("14:23", &["cause", "open", "deploy", "--evidence", "the roll back had failed"]).ok();
    let all = war.json("14:24", &["cause", "list"])["hypotheses"].clone();
    assert_eq!((&all[1]["verdict"], all[1]["history"].as_array().unwrap().len()), (&json!("open"), 3));
    war.at("14:25", &["undo"]).ok();
    assert_eq!(war.json("14:26", &["cause"])["hypotheses"][1]["verdict"], "ruled_out");
    war.at("14:27", &["cause", "test", "nothing like it"])
        .refused(1, &["no hypothesis is named", "13:55 deploy"]);
}

#[test]
fn b9_plain_words_are_written_down_as_a_cause() {
    let war = War::declared();
    war.at("14:10", &["cause", "the 13:55", "deploy"]).ok();
    let list = war.at("14:11", &["cause"]).ok().out;
    assert!(list.contains("open") && list.contains("the 13:55 deploy"), "{list}");
}
