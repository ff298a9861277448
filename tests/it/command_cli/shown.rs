//! What `show` says of the acts of command, and how it keeps an incident's words to itself.

use serde_json::json;

use super::War;

#[test]
fn b2_show_names_what_is_open_and_what_is_over() {
    let war = War::declared();
    war.at("14:02", &["ask", "bob", "which rows?", "--in", "5m"]).ok();
    war.at("14:03", &["decide", "pause the loads", "--verify-in", "10m", "--go"]).ok();
    war.at("14:03", &["decide", "fail over"]).ok();
    war.at("14:04", &["decide", "object", "fail over", "carol", "it has the same rows"]).ok();
    war.at("14:04", &["cause", "add", "the 13:55 deploy"]).ok();
    war.at("14:04", &["cause", "test", "last", "--who", "bob"]).ok();
    war.at("14:05", &["rollcall", "pricing"]).ok();
    war.at("14:10", &["severity", "P1", "--reason", "no decision depends on it"]).ok();
    let shown = war.at("14:16", &["show", "--brief"]).ok().out;
    for part in [
        "policy: data + pipeline + runbook · at P0 10m, P1 6m",
        "asked bob: which rows? (OVER 9m)  [",
        "to verify (OVER 3m): pause the loads",
        "to decide, 1 objection: fail over",
        "cause? tested by bob: the 13:55 deploy",
        "roll call, not here: pricing",
        "due escalate to lead engineer: 2026-11-21 14:25:00 UTC (in 9m)",
    ] {
        assert!(shown.contains(part), "{part:?} is not in\n{shown}");
    }
}

#[test]
fn s1_2_the_words_of_a_private_incident_stay_in_until_somebody_lets_them_out() {
    let war = War::declared();
    war.at("14:02", &["private", "on", "--reason", "names are in it"]).ok();
    assert!(war.at("14:03", &["show", "--brief"]).ok().out.contains("(private)"));
    war.at("14:04", &["private", "off"]).refused(1, &["needs a reason"]);
    war.at("14:05", &["private", "off", "--reason", "legal has read it"]).ok();
    assert!(!war.at("14:06", &["show", "--brief"]).ok().out.contains("(private)"));
    assert_eq!(war.json("14:06", &["show"])["incident"]["private"], json!(false));
}
