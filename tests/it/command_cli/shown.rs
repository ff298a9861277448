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

#[test]
fn show_names_the_soonest_clocks_and_counts_the_others() {
    let war = War::declared();
    for who in ["carol", "carol", "dave", "erin"] {
        war.at("14:00", &["ask", who, "which rows?", "--in", "1m"]).ok();
    }
    let shown = war.at("14:02", &["show", "--brief"]).ok().out;
    let due: Vec<&str> = shown.lines().filter(|line| line.starts_with("due ")).collect();
    assert_eq!(due.len(), 5, "{shown}");
    let more = shown.lines().find(|line| line.ends_with("more (warroom clock)")).unwrap();
    assert!(more.starts_with('+'), "{shown}");
    let clocks = war.json("14:02", &["show"])["incident"]["deadlines"].as_array().unwrap().len();
    let quiet = war.json("14:02", &["show"])["incident"]["deadlines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|clock| clock["quiet"] == json!(true))
        .count();
    let more: usize = more[1..].split(' ').next().unwrap().parse().unwrap();
    // Carol's two are one line, wherever it stands among those that are due at once.
    let lines: usize = due.iter().map(|line| if line.contains("(2 of them)") { 2 } else { 1 }).sum();
    assert_eq!(more + lines, clocks - quiet, "{shown}");
}

#[test]
fn show_counts_clocks_of_one_label() {
    let war = War::declared();
    war.at("14:00", &["ask", "bob", "rows?", "--in", "1m"]).ok();
    war.at("14:01", &["status", "acknowledged"]).ok();
    war.at("14:01", &["ask", "bob", "rows?", "--in", "1m"]).ok();
    for who in ["on-call", "engineering manager", "product owner", "customer support team"] {
        war.at("14:01", &["contacts", "told", who, "--note", "by phone"]).ok();
    }
    let shown = war.at("14:02", &["show", "--brief"]).ok().out;
    assert!(shown.contains("due bob: rows? (2 of them): 2026-11-21 14:01:00 UTC (OVER 1m)"), "{shown}");
}

#[test]
fn show_names_a_role_that_the_type_needs_and_nobody_has() {
    let war = War::declared();
    war.at("14:05", &["declare", "--type", "data-breach", "Names leaked"]).ok();
    let shown = war.at("14:06", &["show", "2", "--brief"]).ok().out;
    assert!(shown.contains("security: NOBODY"), "{shown}");
    let listed = war.at("14:06", &["list", "--json"]).ok().out;
    let breach: serde_json::Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    assert_eq!(breach["title"], "Names leaked");
    assert!(!breach["public_title"].as_str().unwrap().contains("Names"), "{listed}");
}

#[test]
fn a_ring_that_was_noticed_late_says_so() {
    let war = War::declared();
    war.at("14:00", &["ask", "bob", "rows?", "--in", "5m"]).ok();
    war.at("14:55", &["note", "anybody here?"]).ok();
    assert!(war.texts().contains(&"ran out: bob: rows? (noticed 50m later)".to_owned()), "{:?}", war.texts());
}

#[test]
fn s4_2_after_the_resolution_the_incident_is_still_meant() {
    let war = War::declared();
    war.at("14:01", &["ask", "bob", "rows?", "--in", "50m"]).ok();
    let resolved = war.at("14:30", &["status", "resolved", "--reason", "bob counted the rows"]).ok();
    assert!(
        resolved.err.contains("warning: still open: asks without an answer (1): bob: rows?"),
        "{}",
        resolved.err
    );
    war.at("14:31", &["note", "still here"]).refused(1, &["no incident is open"]);
    war.at("14:32", &["impact", "state", "none"]).ok();
    let added = war.at("14:33", &["followup", "add", "restore drill", "--owner", "bob"]).ok();
    assert!(added.err.contains("INC-0001") && added.err.contains("is meant"), "{}", added.err);
    war.at("14:34", &["undo"]).ok();
    war.at("14:35", &["export"]).ok();
    war.at("14:36", &["followup", "add", "restore drill", "--owner", "bob"]).ok();
    war.at("14:37", &["followup", "done", "drill", "--note", "Withdrawn: nobody needs it"]).ok();
    assert_eq!(war.count("follow-up withdrawn: restore drill: nobody needs it"), 1, "{:?}", war.texts());
    war.at("14:40", &["status", "closed"]).ok();
    war.at("14:41", &["status", "post-mortem"]).refused(1, &["no incident is open"]);
}

#[test]
fn nothing_is_said_of_a_text_that_was_empty() {
    let war = War::declared();
    let answer = war.at("14:01", &["cause", "add", ""]);
    assert!(answer.code != 0 && !answer.err.contains("saved nowhere"), "{}", answer.err);
}
