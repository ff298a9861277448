//! Triage, severity and the guards on the command line: the real binary.

use serde_json::json;

use crate::cli::Home;

fn settings(home: &Home, policy: &str) {
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/config.toml"), format!("policy = [{policy:?}]\n")).unwrap();
}

#[test]
fn s1_5_without_answers_the_questions_are_listed_with_their_ids() {
    let home = Home::new();
    let listed = home.run(&["triage"]).ok().out;
    for text in ["breach: Was data exposed", "  y  yes: P0 or P1", "in words 1: Which data is affected?"] {
        assert!(listed.contains(text), "{text:?} is missing:\n{listed}");
    }
    let questions = home.json(&["triage"]);
    assert_eq!(questions["questions"][0]["id"], "breach");
    assert_eq!(questions["questions"][1]["answers"][0]["levels"], json!(["P0", "P1"]));
}

#[test]
fn s1_5_answers_lead_to_a_proposal_and_change_nothing() {
    let home = Home::declared();
    let shown = home.run(&["triage", "--answer", "breach=n", "--answer", "decisions=-"]).ok().out;
    for text in ["proposed: P0 or P1", "unsure, taken as yes", "at once: page the data team", "--apply"] {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
    let next = home.run(&["triage", "-a", "breach=no"]).ok().out;
    assert!(
        next.contains("next: Does production decide on this data? (--answer decisions-affected=y, n or -)"),
        "{next}"
    );
    assert_eq!(home.state()["incident"]["severities"].as_array().unwrap().len(), 1);
}

#[test]
fn s1_5_apply_keeps_the_answers_and_sets_the_severity() {
    let home = Home::declared();
    let ask =
        ["triage", "-a", "breach=n", "-a", "decisions=n", "-a", "pipeline=y", "--assess", "orders, 3k rows"];
    let answer = home.json(&ask);
    assert_eq!((&answer["proposal"]["levels"], &answer["take"]), (&json!(["P1"]), &json!("P1")));
    home.run(&[&ask[..], &["--apply"]].concat()).ok();
    let state = home.state()["incident"].clone();
    assert_eq!(state["severity"], "P1");
    assert!(home.texts().iter().any(|text| text.contains("orders, 3k rows")), "{:?}", home.texts());
    // Unfinished answers set nothing.
    home.run(&["triage", "-a", "breach=n", "--apply"])
        .refused(1, &["one question is open", "decisions-affected="]);
    home.run(&["triage", "-a", "breach=n", "-a", "decisions=y", "--take", "P3"])
        .refused(1, &["do not lead to P3"]);
}

#[test]
fn s1_5_a_wrong_answer_says_what_to_type() {
    let home = Home::declared();
    home.run(&["triage", "-a", "breech=n"])
        .refused(2, &["no question \"breech\"", "breach, decisions-affected"]);
    home.run(&["triage", "-a", "breach"]).refused(2, &["ID=KEY", "breach=y"]);
    home.run(&["triage", "-a", "breach=x"]).refused(2, &["breach has no answer x", "y, n or -"]);
    home.run(&["triage", "-a", "pipeline=y"]).refused(2, &["breach is asked before"]);
    home.run(&["triage", "-a", "breach=y", "-a", "pipeline=y"]).refused(2, &["is not asked after"]);
    home.run(&["triage", "--degradation", "1", "--impact", "1"]).refused(2, &["has no axes"]);
}

#[test]
fn s3_3_two_axes_are_given_as_two_values() {
    let home = Home::new();
    settings(&home, "service");
    home.run(&["declare", "Checkout is slow"]).ok();
    let listed = home.run(&["triage"]).ok().out;
    assert!(
        listed.contains("--degradation: 1 unavailable") && listed.contains("--impact: 1 most users"),
        "{listed}"
    );
    for (degradation, impact, level) in
        [("1", "1", "SEV1"), ("2", "2", "SEV2"), ("slow", "5", "SEV4"), ("-", "3", "SEV2")]
    {
        let answer = home.json(&["triage", "--degradation", degradation, "--impact", impact]);
        assert_eq!(answer["take"], level, "{degradation} x {impact}");
    }
    home.run(&["triage", "--degradation", "4", "--impact", "1"])
        .refused(2, &["not on this axis", "1 (unavailable)"]);
    home.run(&["triage", "--degradation", "3", "--impact", "3", "--apply"]).ok();
    assert_eq!(home.state()["incident"]["severity"], "SEV3");
}

#[test]
fn s1_5_a_policy_without_questions_says_so() {
    let home = Home::new();
    settings(&home, "runbook");
    home.run(&["triage"]).refused(1, &["runbook has no questions", "warroom severity"]);
}

#[test]
fn s1_2_the_severity_is_understood_by_the_names_of_other_policies() {
    let home = Home::declared();
    home.run(&["severity", "SEV-2"]).refused(1, &["needs a reason"]);
    home.run(&["severity", "sev-2", "--reason", "half is back"]).ok();
    assert_eq!(home.state()["incident"]["severity"], "P1");
}

#[test]
fn s4_2_resolving_needs_the_verification_and_says_what_to_type() {
    let home = Home::declared();
    home.run(&["status", "resolved"])
        .refused(1, &["needs the verification", "type: warroom status orders-lost resolved --reason"]);
    home.run(&["status", "resolved", "--reason", "alice: counts match"]).ok();
    home.run(&["status", "orders-lost", "fixing"])
        .refused(1, &["needs a reason", "--reason \"what came back\""]);
}

#[test]
fn s4_2_closing_says_what_became_of_the_data() {
    let home = Home::declared();
    home.run(&["note", "TODO write the restore test"]).ok();
    home.run(&["status", "resolved", "--reason", "alice: counts match"]).ok();
    let closed = ["status", "orders-lost", "closed"];
    home.run(&closed).refused(
        1,
        &["what became of the data", "--data none|delayed|lost", "still open: TODOs and prevention steps"],
    );
    home.run(&[&closed[..], &["--data", "gone"]].concat()).refused(2, &["none, delayed or lost"]);
    home.run(&[&closed[..], &["--data", "lost"]].concat()).refused(1, &["lost data needs words"]);
    home.run(&["status", "orders-lost", "fixing", "--data", "none"]).refused(2, &["--data goes with"]);
    assert_eq!(home.json(&["show", "orders-lost"])["incident"]["status"], "resolved", "nothing by halves");
    let done = home
        .run(&[&closed[..], &["--data", "lost", "--data-text", "orders of 13:00 to 13:07"]].concat())
        .ok();
    assert!(done.err.contains("still open: TODOs and prevention steps"), "{}", done.err);
    assert_eq!(home.json(&["show", "orders-lost"])["incident"]["status"], "closed");
    // Undo and reopening stay possible.
    home.run(&["undo", "orders-lost", "--reason", "a customer found one more"]).ok();
    assert_eq!(home.json(&["show", "orders-lost"])["incident"]["status"], "resolved");
}

#[test]
fn s4_2_closing_what_was_never_resolved_needs_both() {
    let home = Home::declared();
    home.run(&["status", "closed", "--data", "none"])
        .refused(1, &["needs the verification", "--data none|delayed|lost", "--reason \"who checked what"]);
    home.run(&["status", "closed", "--data", "none", "--reason", "bob: a false alarm"]).ok();
    assert_eq!(home.json(&["show", "orders-lost"])["incident"]["status"], "closed");
}
