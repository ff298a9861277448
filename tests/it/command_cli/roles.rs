//! A role is offered with its brief, and passes when it is accepted.

use serde_json::{Value, json};

use super::War;

#[test]
fn b6_the_holder_keeps_the_role_until_the_successor_reads_the_brief_back() {
    let war = War::declared();
    war.at("14:05", &["role", "assign", "commander", "me"]).ok();
    war.at("14:30", &["role", "offer", "IC", "bob", "--brief", "generated"]).ok();
    let board = war.json("14:31", &["role"]);
    assert_eq!(board["roles"][0]["holders"][0]["who"], "alice");
    let brief = board["offers"][0]["brief"].as_str().unwrap();
    assert!(brief.contains("P0"), "{brief}");
    let shown = war.at("14:31", &["show", "--brief"]).ok().out;
    assert!(shown.contains("offered: commander by alice to bob, not accepted yet"), "{shown}");
    war.by("carol", "14:32", &["role", "accept"])
        .refused(1, &["0 offers are for carol", "commander from alice to bob"]);
    war.by("bob", "14:36", &["role", "accept", "--readback", "P0, loads are paused"]).ok();
    let board = war.json("14:37", &["role"]);
    assert_eq!((&board["roles"][0]["holders"][0]["who"], &board["offers"]), (&json!("bob"), &json!([])));
    assert_eq!(war.count("ran out: bob accepts commander"), 1);
    assert_eq!(war.count("bob accepted Commander from alice: P0, loads are paused"), 1);
}

#[test]
fn b6_a_handover_is_an_offer_unless_it_was_accepted_by_voice() {
    let war = War::declared();
    war.at("14:05", &["role", "assign", "commander", "me"]).ok();
    war.at("14:10", &["role", "hand-over", "commander", "bob", "--brief", "paused"]).ok();
    assert_eq!(war.json("14:10", &["show", "--brief"])["incident"]["commander"], "alice");
    war.at("14:11", &["role", "decline", "commander", "--reason", "bob is on a train"]).ok();
    war.at("14:12", &["role", "accept", "last"]).refused(1, &["there is no offer"]);
    let saved = war.json("14:12", &["role", "hand-over", "commander", "carol", "--accepted", "I have it"]);
    assert_eq!(saved["saved"].as_array().unwrap().len(), 2);
    assert_eq!(saved["saved"][1]["text"], "carol accepted Commander from alice by voice: I have it");
    assert_eq!(war.json("14:13", &["show", "--brief"])["incident"]["commander"], "carol");
    war.at("14:14", &["role", "accept"]).refused(1, &["no role is offered"]);
    war.at("14:15", &["role", "release", "commander"]).ok();
    war.at("14:16", &["role", "offer", "commander", "bob"]).refused(1, &["nobody holds commander"]);
    assert_eq!(war.json("14:16", &["show", "--brief"])["incident"]["commander"], Value::Null);
}
