//! `warroom decide`.

use serde_json::json;

use super::War;

#[test]
fn b5_a_proposal_is_objected_to_settled_and_verified() {
    let war = War::declared();
    let proposal = [
        "decide",
        "pause",
        "the loads",
        "--risk",
        "reports are late",
        "--rollback",
        "unpause",
        "--verify-in",
        "30m",
    ];
    let said = war.at("14:10", &proposal).ok().out;
    assert!(
        said.contains(
            "proposes: pause the loads; risk: reports are late; roll back: unpause; verify by 14:40"
        ),
        "{said}"
    );
    war.at("14:11", &["decide", "object", "last", "carol", "payroll", "runs at 15:00"]).ok();
    war.at("14:12", &["decide", "go", "last"]).refused(1, &["there are strong objections"]);
    war.at("14:12", &["decide", "go", "last", "--reason", "payroll reads a copy"]).ok();
    let list = war.at("14:30", &["decide"]).ok().out;
    for part in [
        "go, verify in 10m",
        "risk: reports are late",
        "objection of carol: payroll runs at 15:00",
        "go by alice: payroll reads a copy",
    ] {
        assert!(list.contains(part), "{part:?} is not in\n{list}");
    }
    war.at("14:45", &["decide", "verified", "pause", "--failed", "--note", "a backfill still writes"]).ok();
    assert!(war.at("14:46", &["decide"]).ok().out.contains("did not work"));
    war.at("14:47", &["decide", "reopen", "last"]).ok();
    war.at("14:50", &["decide", "verified", "last"]).ok();
    let poll = war.json("14:51", &["decide"])["decisions"][0].clone();
    assert_eq!((&poll["verified"]["worked"], &poll["settled"]["outcome"]), (&json!(true), &json!("go")));
    assert_eq!(war.count("ran out: verify: pause the loads"), 1);
}

#[test]
fn b5_with_go_both_entries_are_written_at_once() {
    let war = War::declared();
    let saved = war.json("14:10", &["decide", "restore from 04:00", "--go"])["saved"].clone();
    assert_eq!(saved.as_array().unwrap().len(), 2);
    assert_eq!(saved[1]["text"], "decided: restore from 04:00");
    war.at("14:11", &["decide", "verified", "last", "--note", "counts match"]).ok();
    war.at("14:12", &["decide", "fail over"]).ok();
    war.at("14:12", &["decide", "no-go", "last", "--reason", "too late"]).ok();
    war.at("14:13", &["decide", "drop the table"]).ok();
    war.at("14:13", &["decide", "withdraw", "drop"]).ok();
    let outcomes: Vec<String> = war.json("14:14", &["decide"])["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|poll| poll["settled"]["outcome"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(outcomes, ["go", "no_go", "withdrawn"]);
    war.at("14:15", &["decide", "go", "last"]).refused(1, &["there is no decision for that"]);
    war.at("14:15", &["decide", "--go", "object", "last", "bob", "no"])
        .refused(2, &["both a text and a command"]);
}

#[test]
fn b5_propose_and_verify_are_understood() {
    let war = War::declared();
    let said = war.at("14:10", &["decide", "propose", "pause the loads", "--verify", "30m"]).ok().out;
    assert!(said.contains("proposes: pause the loads; verify by 14:40"), "{said}");
    war.at("14:11", &["decide", "propose"]).refused(2, &["nothing is proposed"]);
    war.at("14:12", &["decide", "--risk", "late", "propose", "x"]).refused(2, &["both a text and a command"]);
}
