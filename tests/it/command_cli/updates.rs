//! `warroom update`: looked over, approved, remembered.

use serde_json::json;

use super::War;

const CALM: &str = "Prices in the shop are wrong. We have paused them.";

#[test]
fn b7_what_a_check_finds_is_refused_with_its_fix_unless_it_is_set_aside() {
    let war = War::declared();
    war.at("14:05", &["role", "assign", "commander", "me"]).ok();
    let promise = ["update", "customers", "--body", "Prices are wrong. They will be fixed by 15:00."];
    war.at("14:06", &promise).refused(
        1,
        &[
            "not sent to customers",
            "no-promise: The text promises an end",
            "--override no-promise=",
            "saved nowhere",
        ],
    );
    assert!(war.json("14:06", &["show"])["incident"]["updates"].as_array().unwrap().is_empty());
    war.at("14:07", &[&promise[..], &["--override", "no-promise"]].concat()).refused(2, &["needs a reason"]);
    war.at("14:07", &[&promise[..], &["--override", "no-promse=x"]].concat())
        .refused(2, &["did you mean no-promise?"]);
    war.at("14:08", &[&promise[..], &["--override", "no-promise=the contract says so"]].concat()).ok();
    let update = war.json("14:09", &["show"])["incident"]["updates"][0].clone();
    assert_eq!(update["overrides"], json!([{ "check": "no-promise", "reason": "the contract says so" }]));
    assert!(update["body"].as_str().unwrap().ends_with("\n\nNext update: 14:23 UTC"), "{update}");
    let unneeded =
        war.at("14:10", &["update", "--body", "All hands are on it.", "--override", "length=x"]).ok();
    assert!(unneeded.err.contains("length finds nothing to set aside"), "{}", unneeded.err);
}

#[test]
fn b7_what_goes_outside_needs_the_commander_in_person_by_voice_or_on_a_proposal() {
    let war = War::declared();
    let send = ["update", "customers", "--body", CALM];
    war.at("14:05", &send).refused(1, &["nobody commands who could approve it"]);
    war.at("14:05", &["role", "assign", "commander", "carol"]).ok();
    war.at("14:06", &send).refused(1, &["carol must approve it", "--approved-by carol"]);
    war.at("14:06", &[&send[..], &["--approved-by", "bob"]].concat()).refused(1, &["bob does not command"]);
    war.at("14:06", &[&send[..], &["--approved-by", "carol"]].concat()).ok();
    war.at("14:20", &[&send[..], &["--propose"]].concat()).ok();
    let shown = war.at("14:21", &["show", "--brief"]).ok().out;
    assert!(shown.contains("waits for approval: update to customers by alice"), "{shown}");
    war.at("14:21", &["update", "approve", "last"]).refused(1, &["carol must approve it"]);
    war.by("carol", "14:22", &["update", "reject", "customers", "--reason", "say that orders are safe"]).ok();
    war.at("14:23", &[&send[..], &["--propose"]].concat()).ok();
    let sent = war.by("carol", "14:29", &["update", "approve", "last"]).ok().out;
    assert!(sent.contains("approved by carol") && sent.contains("kept in the local record"), "{sent}");
    assert_eq!(war.count("ran out: approve update customers"), 1);
    war.at("14:40", &[&send[..], &["--propose"]].concat()).ok();
    war.at("14:41", &["update", "approve", "last", "--by-voice", "carol"]).ok();
    war.at("14:42", &["update", "approve", "last"]).refused(1, &["there is no proposed update"]);
    let history = war.at("14:50", &["update", "--history"]).ok().out;
    assert!(
        history.contains("customers (outside)")
            && history.contains("approved by carol (3 so far) · next in 5m"),
        "{history}"
    );
    assert!(history.contains("not approved by carol: say that orders are safe"), "{history}");
    let told = war.json("14:50", &["update", "customers", "--history"]);
    assert_eq!(told["updates"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&told["audiences"][0]["audience"], told["proposed"].as_array().unwrap().len()),
        (&json!("customers"), 3)
    );
}

#[test]
fn s4_12_a_text_that_names_its_next_update_is_taken_at_its_word() {
    let war = War::declared();
    war.at("14:05", &["update", "--body", "All calm. Next update in 20 minutes."]).ok();
    let update = war.json("14:06", &["show"])["incident"]["updates"][0].clone();
    assert_eq!(update["next"], json!("2026-11-21T14:25:00.000Z"));
    assert_eq!(update["body"], json!("All calm. Next update in 20 minutes."));
    let body = "All calm. Next update at 15:00.";
    war.at("14:06", &["update", "--body", body, "--next", "15:30"]).refused(1, &["15:30 UTC", "15:00 UTC"]);
    war.at("14:06", &["update", "--body", "Next update: 14:02 UTC"]).refused(1, &["has passed: 14:02"]);
    war.at("14:06", &["update", "--body", "Next update: 15:02 CET"])
        .refused(1, &["not read here: 15:02 CET"]);
    let told = war.at("14:06", &["update", "--body", "the password is hunter2"]);
    told.refused(1, &["secrets: ", "saved nowhere"]);
    assert!(!told.err.contains("hunter2"), "{}", told.err);
}

#[test]
fn b7_a_draft_comes_from_the_log_and_says_what_is_still_to_be_filled_in() {
    let war = War::declared();
    war.at("14:05", &["note", "#the currency feed sends cents since 13:50"]).ok();
    let draft = war.at("14:10", &["update", "--draft"]).ok();
    assert!(draft.out.contains("Prices x100") && draft.out.contains("14:25 UTC"), "{}", draft.out);
    assert!(draft.err.contains("placeholders: "), "{}", draft.err);
    let can = war.json("14:10", &["update", "executive", "--draft", "--template", "can"]);
    assert_eq!((&can["template"], &can["audience"]), (&json!("can"), &json!("executive")));
    war.at("14:10", &["update", "--draft", "--template", "excutive"])
        .refused(1, &["did you mean executive?"]);
    // What the text promises is what is promised, and a draft that was finished passes.
    let text = "Status: identified\n\nThe feed sends cents.\n\nNext update: 14:35 UTC\n";
    war.home
        .command(&["update", "--body", text])
        .env("WARROOM_NOW", super::moment("14:12"))
        .output()
        .unwrap();
    let update = war.json("14:13", &["show"])["incident"]["updates"][0].clone();
    assert_eq!(
        (&update["word"], &update["next"]),
        (&json!("identified"), &json!("2026-11-21T14:35:00.000Z"))
    );
}

#[test]
fn b7_an_audience_that_nobody_knows_is_refused() {
    let war = War::declared();
    war.at("14:05", &["update", "custmers", "--body", "x"])
        .refused(1, &["there is no audience", "customers"]);
    war.at("14:05", &["update", "team/pricing", "--body", "Your prices are wrong."]).ok();
    war.at("14:05", &["update", "prices-x100", "--body", "To those at work on it."]).ok();
    war.at("14:05", &["update", "prices-x100", "executive", "--body", "Nobody is affected."]).ok();
    war.at("14:05", &["update", "internal", "--audience", "executive", "--body", "x"])
        .refused(2, &["given twice"]);
    let audiences: Vec<String> = war.json("14:06", &["show"])["incident"]["updates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|update| update["audience"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(audiences, ["team/pricing", "internal", "executive"]);
}

#[test]
fn s4_12_a_promise_that_the_text_makes_for_another_day_is_kept() {
    let war = War::declared();
    let text = "We watch it over night.\nNext update: 2026-11-22 09:00 UTC";
    war.at("18:00", &["update", "--body", text]).ok();
    assert_eq!(
        war.json("18:01", &["show"])["incident"]["updates"][0]["next"],
        json!("2026-11-22T09:00:00.000Z")
    );
    war.at("18:02", &["update", "--body", "We are done for today.", "--next", "none"])
        .refused(1, &["next-named: No next update is planned"]);
    war.at("18:02", &["update", "--body", "x", "--next", "soon"]).refused(2, &["write 30m"]);
}
