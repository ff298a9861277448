//! The work on an incident: notes, steps, roles, status, corrections, and what was known when.

use std::fs;

use serde_json::{Value, json};

use super::{Answer, Home};

#[test]
fn an_incident_goes_from_declaration_to_export() {
    let home = Home::declared();
    let note = home.json(&["note", "!decision stop the loader"]);
    assert_eq!(
        (&note["saved"][0]["class"], &note["saved"][0]["text"]),
        (&json!("decision"), &json!("stop the loader"))
    );
    home.run(&["step", "tick", "1"]).ok();
    home.run(&["step", "skip", "3", "--reason", "they are here"]).ok();
    home.run(&["role", "assign", "commander", "bob"]).ok();
    home.run(&["severity", "P1", "--reason", "half is back"]).ok();
    home.run(&["status", "orders-lost", "diagnosing"]).ok();
    home.run(&["link", "bridge", "https://meet.example/1"]).ok();
    home.run(&["note", "TODO write the restore test"]).ok();

    let state = home.state()["incident"].clone();
    assert_eq!((&state["severity"], &state["status"]), (&json!("P1"), &json!("diagnosing")));
    assert_eq!(
        (&state["commander"], &state["links"]["bridge"]),
        (&json!("bob"), &json!("https://meet.example/1"))
    );
    let steps = state["playbooks"][0]["steps"].as_array().unwrap();
    assert_eq!((&steps[0]["progress"], &steps[0]["by"]), (&json!("done"), &json!("alice")));
    assert_eq!((&steps[2]["progress"], &steps[2]["reason"]), (&json!("skipped"), &json!("they are here")));

    let markdown = home.run(&["export", "--format", "md"]).ok().out;
    for part in [
        "# Orders lost",
        "## Timeline",
        "- [x] Pin down",
        "stop the loader",
        "## Follow-ups",
        "- [ ] write the restore",
    ] {
        assert!(markdown.contains(part), "{part:?} is not in\n{markdown}");
    }
    let file = home.path().join("out.json");
    home.run(&["export", "--format", "json", "--out", file.to_str().unwrap()]).ok();
    let exported: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(exported["incident"]["title"], "Orders lost");
    assert_eq!(exported["entries"].as_array().unwrap().len(), state["entries"].as_u64().unwrap() as usize);
    assert_eq!(home.json(&["verify"])["whole"], true);
}

#[test]
fn s4_2_the_status_moves_and_reopening_needs_a_reason() {
    let home = Home::declared();
    home.run(&["status", "resolved"]).refused(1, &["needs the verification"]);
    home.run(&["status", "resolved", "--reason", "bob counted the rows"]).ok();
    home.run(&["note", "still here"]).refused(1, &["no incident is open", "-i REF"]);
    home.run(&["status", "orders-lost", "fixing"]).refused(1, &["needs a reason"]);
    home.run(&["status", "orders-lost", "fixing", "--reason", "the rows went again"]).ok();
    home.run(&["status", "fxing"]).refused(1, &["there is no status", "fixing"]);
    assert_eq!(home.state()["incident"]["phase"], "resolve");
}

#[test]
fn s3_2_roles_are_assigned_handed_over_released_and_defined() {
    let home = Home::declared();
    home.run(&["role", "hand-over", "commander", "bob"]).refused(1, &["nobody holds commander"]);
    home.run(&["role", "assign", "IC", "me"]).ok();
    home.run(&[
        "role",
        "hand-over",
        "commander",
        "bob",
        "--brief",
        "restore runs",
        "--accepted",
        "I have it",
    ])
    .ok();
    home.run(&["role", "define", "quartermaster", "finds disks"]).ok();
    home.run(&["role", "orders-lost", "assign", "quartermaster", "bob"]).ok();
    let board = home.json(&["role", "list"]);
    assert_eq!(board["roles"][0]["holders"][0]["who"], "bob");
    assert_eq!(board["roles"][0]["past"][0]["who"], "alice");
    let shown = home.run(&["show"]).ok().out;
    assert!(
        shown.contains("Scribe: NOBODY") && shown.contains("bob holds commander and quartermaster"),
        "{shown}"
    );
    home.run(&["role", "release", "commander", "--reason", "goes home"]).ok();
    assert_eq!(home.state()["incident"]["commander"], Value::Null);
}

#[test]
fn steps_are_named_by_number_id_or_beginning() {
    let home = Home::declared();
    home.run(&["step", "tick", "2", "immediate/pin-down"]).ok();
    home.run(&["step", "assign", "restore-the-backup", "carol"]).ok();
    home.run(&["step", "note", "5", "the 04:00 one is good"]).ok();
    home.run(&["step", "add", "Ring the vendor", "--phase", "recov"]).ok();
    home.run(&["step", "untick", "2"]).ok();
    home.run(&["step", "tick", "immediate/"]).refused(1, &["may mean 4 steps"]);
    home.run(&["step", "tick", "99"]).refused(1, &["from 1 to 18"]);
    home.run(&["step", "start", "1"]).ok();
    let runs = home.json(&["step", "list"])["playbooks"].clone();
    let steps = runs[0]["steps"].as_array().unwrap();
    let progress: Vec<&str> = steps[..2].iter().map(|step| step["progress"].as_str().unwrap()).collect();
    assert_eq!(progress, ["started", "open"]);
    let (noted, owned) = (&steps[4], steps.iter().find(|step| step["owner"] == "carol").unwrap());
    assert_eq!(noted["notes"][0]["text"], "the 04:00 one is good");
    assert_eq!(owned["phase"], "Recovery");
    assert!(steps.iter().any(|step| step["text"] == "Ring the vendor" && step["phase"] == "Recovery"));
    home.run(&["step", "detach", "--reason", "wrong one"]).ok();
    home.run(&["step", "tick", "1"]).refused(1, &["no playbook is attached", "step attach"]);
}

#[test]
fn what_was_written_is_corrected_retracted_undone_and_erased_in_the_open() {
    let home = Home::declared();
    home.run(&["note", "the password is hunter2"]).ok();
    home.run(&["erase", "last", "--reason", "a password"]).ok();
    assert!(!fs::read_to_string(home.journal()).unwrap().contains("hunter2"));
    home.run(&["note", "3k rows"]).ok();
    home.run(&["correct", "last", "4k rows"]).ok();
    let texts = home.texts().join("\n");
    assert!(texts.contains("(erased)") && texts.contains("4k rows"), "{texts}");
    home.run(&["note", "nonsense"]).ok();
    home.run(&["undo"]).ok();
    let markdown = home.run(&["export"]).ok().out;
    for part in [
        "~~3k rows~~ 4k rows *(corrected by alice)*",
        "~~nonsense~~ *(retracted by alice: undone)*",
        "*(erased: a password)*",
    ] {
        assert!(markdown.contains(part), "{part:?} is not in\n{markdown}");
    }
    home.run(&["undo"]).ok();
    assert!(!home.run(&["export"]).ok().out.contains("~~nonsense~~"), "a second undo brings it back");
    home.run(&["retract", "zzzzzz"]).refused(1, &["no entry is named", "warroom show"]);
    let verdict = home.json(&["verify"]);
    assert_eq!((&verdict["whole"], &verdict["erased"]), (&json!(true), &json!(1)));
}

#[test]
fn times_come_from_the_line_or_from_at() {
    let home = Home::new();
    let at = |now: &str, args: &[&str]| {
        Answer::of(home.command(args).env("WARROOM_NOW", now).output().unwrap()).ok()
    };
    at("2026-11-20T14:00:00Z", &["declare", "Late data"]);
    at("2026-11-20T14:10:00Z", &["note", "-7m", "?hypothesis", "the disk is full", "--json"]);
    at("2026-11-20T14:10:00Z", &["note", "--at", "~13:30", "--kind", "finding", "alert fired"]);
    at("2026-11-20T14:10:00Z", &["note", "--at", "2026-11-19T23:10:00+01:00", "deploy"]);
    let entries = home.state()["entries"].clone();
    let of =
        |text: &str| entries.as_array().unwrap().iter().find(|entry| entry["text"] == text).unwrap().clone();
    let guess = of("the disk is full");
    assert_eq!((&guess["at"], &guess["class"]), (&json!("2026-11-20T14:03:00.000Z"), &json!("hypothesis")));
    let alert = of("alert fired");
    assert_eq!((&alert["at"], &alert["about"]), (&json!("2026-11-20T13:30:00.000Z"), &json!(true)));
    assert_eq!(of("deploy")["at"], "2026-11-19T22:10:00.000Z");
    assert_eq!(of("deploy")["recorded_at"], "2026-11-20T14:10:00.000Z");
    let shown = home.run(&["show"]).ok().out;
    assert!(shown.contains("Thu 2026-11-19 (UTC)") && shown.contains("Fri 2026-11-20 (UTC)"), "{shown}");
    home.run(&["note", "--at", "half past", "x"]).refused(2, &["is no time"]);
    home.run(&["note", "--at", "2030-01-01 10:00", "x"])
        .refused(1, &["has not come yet", "2030-01-01T10:00:00.000Z"]);
}

#[test]
fn what_was_known_at_a_moment_is_printed_without_a_screen() {
    let home = Home::new();
    let at = |now: &str, args: &[&str]| {
        Answer::of(home.command(args).env("WARROOM_NOW", now).output().unwrap()).ok()
    };
    at("2026-11-20T14:00:00Z", &["declare", "--severity", "P2", "Late data"]);
    at("2026-11-20T15:00:00Z", &["severity", "P0", "--reason", "it is a breach"]);
    at("2026-11-20T15:00:00Z", &["note", "--at", "14:05", "the first row leaked"]);
    let before = home.json(&["replay", "late-data", "--at", "+30m"]);
    assert_eq!(
        (&before["incident"]["severity"], &before["known_at"]),
        (&json!("P2"), &json!("2026-11-20T14:30:00.000Z"))
    );
    assert!(!before.to_string().contains("leaked"), "nobody knew it yet");
    let after = home.run(&["replay", "--at", "2026-11-20T16:00:00Z", "--text"]).ok().out;
    assert!(
        after.contains("P0")
            && after.contains("leaked")
            && after.starts_with("as known at 2026-11-20 16:00:00 UTC"),
        "{after}"
    );
}

#[test]
fn text_stays_text_in_an_exported_document() {
    let home = Home::declared();
    let input =
        "# no heading\n<script>alert(1)</script>\n[a](http://b) `x` *y* orders_daily _z_ ~~s~~ &amp;\n";
    home.run_with(&["note", "--kind", "note"], input.as_bytes()).ok();
    home.run(&["update", "--body", "one\n```\ntwo\n# three"]).ok();
    let markdown = home.run(&["export"]).ok().out;
    for part in [
        "no heading\n",
        r"\<script>alert(1)\</script>",
        r"\[a\](http://b) \`x\` \*y\* orders_daily \_z\_ \~\~s\~\~ \&amp;",
        "````text\none\n```\ntwo\n# three\n\nNext update: ",
    ] {
        assert!(markdown.contains(part), "{part:?} is not in\n{markdown}");
    }
}
