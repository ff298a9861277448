//! `warroom contacts` and `warroom rollcall`.

use serde_json::{Value, json};

use super::War;

#[test]
fn s0_2_the_ladder_is_climbed_by_calls_that_reach_somebody_or_nobody() {
    let war = War::declared();
    let page = war.at("14:06", &["contacts"]).ok().out;
    for part in ["Ladder at P0", "5 min", "lead engineer", "OVER 1m", "VP of engineering", "in 24m"] {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
    war.at("14:06", &["contacts", "tried", "lead", "--note", "no answer"]).ok();
    war.at("14:16", &["contacts", "reached", "L3", "--note", "joins the bridge"]).ok();
    war.at("14:31", &["contacts", "reached", "VP", "--note", "tells the board"]).ok();
    let ladder = war.json("14:40", &["contacts"])["ladder"].clone();
    assert_eq!(ladder[0]["tried"][0]["note"], "no answer");
    assert_eq!((&ladder[0]["reached"], &ladder[0]["over"]), (&Value::Null, &json!(true)));
    assert_eq!(ladder[1]["reached"]["note"], "joins the bridge");
    // Whoever was reached stays reached when the severity changes; the others' time begins anew.
    war.at("14:50", &["severity", "P1", "--reason", "no decision depends on it"]).ok();
    let ladder = war.json("14:50", &["contacts"])["ladder"].clone();
    assert_eq!(
        (&ladder[0]["due"], &ladder[0]["after"]),
        (&json!("2026-11-21T15:05:00.000Z"), &json!("15 min"))
    );
    assert!(ladder[1]["reached"].is_object(), "{ladder}");
}

#[test]
fn s4_5_who_must_be_told_is_told_and_the_receipt_stays() {
    let war = War::declared();
    let page = war.at("14:01", &["contacts"]).ok().out;
    assert!(
        page.contains("on-call (page)") && page.contains("executives (page)") && page.contains("not told"),
        "{page}"
    );
    war.at("14:02", &["contacts", "told", "executives", "--note", "by phone"]).ok();
    war.at("14:02", &["contacts", "told", "nobody"]).refused(1, &["on-call, executives"]);
    let page = war.at("14:03", &["contacts"]).ok().out;
    assert!(page.contains("told by alice 14:02 UTC: by phone"), "{page}");
}

#[test]
fn s4_15_contacts_outside_the_ladder_are_called_too_and_the_triggers_are_named() {
    let war = War::declared();
    let page = war.at("14:01", &["contacts"]).ok().out;
    for part in [
        "L1  on-call engineer",
        "Azure support",
        "its support ticket portal",
        "Escalate, whatever the clocks say",
        "a decision is beyond what on-call may decide",
    ] {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
    war.at("14:05", &["contacts", "reached", "azure", "--note", "ticket 4711"]).ok();
    assert_eq!(war.count("called Azure support: ticket 4711"), 1);
    war.at("14:05", &["contacts", "reached", "the pope", "--note", "x"])
        .refused(1, &["nobody on the ladder", "lead engineer"]);
}

#[test]
fn s4_5_teams_are_called_and_answer() {
    let war = War::declared();
    assert!(
        war.at("14:01", &["rollcall"])
            .ok()
            .out
            .contains("`warroom rollcall call` calls data engineering, platform, analytics")
    );
    war.at("14:02", &["rollcall", "call"]).ok();
    war.at("14:03", &["rollcall", "present", "platform", "dave"]).ok();
    let list = war.at("14:04", &["rollcall"]).ok().out;
    assert!(list.contains("called 2026-11-21 14:02:00 UTC by alice"), "{list}");
    assert!(list.contains("here: dave, 14:03 UTC") && list.contains("MISSING"), "{list}");
    war.at("14:05", &["rollcall", "pricing", "payroll"]).ok();
    let call = war.json("14:06", &["rollcall"]);
    assert_eq!(call["missing"], json!(["pricing", "payroll"]));
    war.at("14:06", &["rollcall", "--json", "pricing", "present"]).ok();
}
