//! `warroom clock`, and the ring of a clock that ran out between two commands.

use serde_json::json;

use super::War;

#[test]
fn b2_every_clock_is_on_the_board_with_what_to_say_and_what_people_did() {
    let war = War::declared();
    let board = war.at("14:16", &["clock"]).ok().out;
    for part in [
        "OVER 1m",
        "14:15 UTC  update internal",
        "The update to internal",
        "escalate to lead engineer",
        "call the lead engineer",
        "in 14m",
    ] {
        assert!(board.contains(part), "{part:?} is not in\n{board}");
    }
    war.at("14:16", &["clock", "heard", "update", "internal"]).ok();
    war.at("14:17", &["clock", "tried", "lead engineer", "--note", "no answer"]).ok();
    war.at("14:17", &["clock", "snooze", "executive", "10m", "--reason", "they are in the room"]).ok();
    let board = war.at("14:18", &["clock"]).ok().out;
    for part in [
        "heard by alice 14:16 UTC",
        "tried by alice 14:17 UTC: no answer",
        "put off to 14:27 UTC by alice: they are in the room",
    ] {
        assert!(board.contains(part), "{part:?} is not in\n{board}");
    }
    war.at("14:19", &["clock", "done", "lead engineer", "--note", "joins"]).ok();
    assert!(!war.at("14:19", &["clock"]).ok().out.contains("lead engineer"));
    war.at("14:20", &["clock", "restart", "lead engineer", "--reason", "wrong number"]).ok();
    let clocks = war.json("14:20", &["clock"])["clocks"].as_array().unwrap().clone();
    let lead = clocks.iter().find(|clock| clock["label"] == "escalate to lead engineer").unwrap();
    assert_eq!(
        (&lead["over"], &lead["left_s"], &lead["kind"]),
        (&json!(true), &json!(-900), &json!("escalation"))
    );
}

#[test]
fn b2_a_name_that_several_clocks_have_lists_them() {
    let war = War::declared();
    war.at("14:01", &["clock", "heard", "update"])
        .refused(1, &["3 clocks are named", "update internal (update/internal/", "update customers"]);
    war.at("14:01", &["clock", "heard", "nobody"]).refused(1, &["no clock is named", "warroom clock"]);
    war.at("14:01", &["clock", "restart", "update internal"])
        .refused(1, &["no clock is named", "heard, put off or answered"]);
    war.at("14:01", &["clock", "snooze", "update internal", "13:00", "--reason", "x"])
        .refused(1, &["has passed today"]);
    war.at("14:01", &["clock", "snooze", "update internal", "30m", "--reason", " "])
        .refused(1, &["needs a reason"]);
    // A label that is the beginning of another is the one that was typed in full.
    war.at("14:01", &["ask", "bob", "one", "--in", "5m"]).ok();
    war.at("14:01", &["ask", "bob", "one or two", "--in", "5m"]).ok();
    war.at("14:02", &["clock", "heard", "bob: one"]).refused(1, &["has not run out yet"]);
    war.at("14:07", &["clock", "heard", "bob: one"]).ok();
}

#[test]
fn b2_what_ran_out_between_two_commands_is_written_down_once_before_what_answers_it() {
    let war = War::declared();
    war.at("14:01", &["ask", "bob", "how many rows?", "--in", "3m"]).ok();
    let answered = war.at("14:06", &["ask", "answer", "last", "41,000"]).ok();
    assert!(answered.err.contains("OVER 1m: P0 after 5 min: call the lead engineer"), "{}", answered.err);
    assert!(!answered.err.contains("bob"), "what is answered needs nobody any more: {}", answered.err);
    let texts = war.texts();
    let place = |text: &str| {
        texts.iter().position(|other| other == text).unwrap_or_else(|| panic!("{text}: {texts:?}"))
    };
    assert!(place("ran out: bob: how many rows?") < place("bob answers \"how many rows?\": 41,000"));
    war.at("14:07", &["note", "still looking"]).ok();
    war.at("14:08", &["role", "assign", "scribe", "carol"]).ok();
    assert_eq!(war.count("ran out: bob: how many rows?"), 1);
    assert_eq!(war.count("ran out: escalate to lead engineer"), 1);
    let rang = war.json("14:16", &["note", "later"])["ran_out"].as_array().unwrap().len();
    assert_eq!(rang, 5, "three updates, the manager, and nobody took it in fifteen minutes");
}

#[test]
fn b2_a_declaration_that_comes_late_has_its_clocks_rung_at_once() {
    let war = War::declared();
    let late = ["declare", "--at", "13:00", "--severity", "P0", "--type", "freshness", "Prices late"];
    war.at("14:30", &late).ok();
    let rang = war.json("14:30", &["-i", "2", "show", "--all"])["entries"].as_array().unwrap().clone();
    let rang =
        rang.iter().filter(|entry| entry["text"].as_str().unwrap().starts_with("ran out: escalate")).count();
    assert_eq!(rang, 3);
}

#[test]
fn b2_an_open_console_writes_down_what_ran_out_and_nobody_waits_for_it() {
    let war = War::declared();
    let incident = crate::cli::files(&war.home.path().join("data/incidents")).remove(0);
    let lock = std::fs::File::create(incident.join("deliver.lock")).unwrap();
    lock.lock().unwrap();
    war.at("14:06", &["note", "while a console is open"]).ok();
    assert_eq!(war.count("ran out: escalate to lead engineer"), 0, "the console does it");
    lock.unlock().unwrap();
    war.at("14:07", &["note", "it is closed"]).ok();
    assert_eq!(war.count("ran out: escalate to lead engineer"), 1);
}
