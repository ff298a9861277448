//! One incident from its alert to its closure in two hours, played with the real binary (see `script.txt`), and what must be
//! true of its journal then: every clock that ran out stands in it once, and it tells the same story anywhere and any time.

mod day;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::pty::Pty;
use day::Day;

/// Every clock that ran out, but for the small ones that only ask for a look: when, and what.
const RAN_OUT: [(&str, &str); 15] = [
    ("14:09", "escalate to lead engineer"),
    ("14:09", "tell customer support team"),
    ("14:09", "tell engineering manager"),
    ("14:09", "tell on-call"),
    ("14:09", "tell product owner"),
    ("14:10", "RTO 10 min warehouse.prices"),
    ("14:19", "escalate to engineering manager"),
    ("14:19", "update internal"),
    ("14:21", "frank: did the currency feed change?"),
    ("14:24", "verify: pause everything that reads prices"),
    ("14:34", "escalate to VP of engineering"),
    ("14:36", "update executive"),
    ("14:36", "update internal"),
    ("14:49", "gina accepts commander"),
    ("15:01", "update customers"),
];

#[test]
fn s4_2_b2_b5_b6_b7_b8_b9_two_hours_from_the_alert_to_the_closure() {
    let day = Day::played(include_str!("script.txt"));
    whatever_ran_out_stands_in_it_once(&day);
    it_went_as_it_was_played(&day);
    a_change_of_severity_sets_its_clocks_anew(&day);
    every_moment_replays_as_it_was_shown(&day);
    it_is_the_same_elsewhere_without_any_settings(&day);
    the_console_opens_it(day);
}

fn whatever_ran_out_stands_in_it_once(day: &Day) {
    let mut rang: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut loud = Vec::new();
    for entry in day.entries() {
        let ran_out = &entry["body"]["clock"]["ran_out"];
        if ran_out.is_null() {
            continue;
        }
        let text = |name: &str| ran_out[name].as_str().unwrap_or_default().to_owned();
        *rang.entry((text("clock"), text("due"))).or_default() += 1;
        assert_eq!(entry["at"], ran_out["due"], "it stands where it ran out");
        if ran_out["quiet"] != json!(true) {
            loud.push((text("due")[11..16].to_owned(), text("label")));
        }
    }
    assert!(rang.values().all(|times| *times == 1), "{rang:?}");
    loud.sort();
    let expected: Vec<(String, String)> =
        RAN_OUT.iter().map(|(at, label)| ((*at).to_owned(), (*label).to_owned())).collect();
    assert_eq!(loud, expected);
}

fn it_went_as_it_was_played(day: &Day) {
    let end = day.look("16:00")["incident"].clone();
    assert_eq!(
        (&end["status"], &end["severity"], &end["commander"]),
        (&json!("closed"), &json!("P1"), &json!("gina"))
    );
    assert_eq!((&end["reporter"], &end["channel"]), (&json!("pricing desk"), &json!("airflow callback")));
    let severities: Vec<&str> =
        list(&end["severities"]).iter().map(|turn| turn["to"].as_str().unwrap()).collect();
    assert_eq!(severities, ["P1", "P0", "P1"]);
    assert_eq!(list(&end["updates"]).len(), 15);
    assert_eq!(
        (list(&end["asks"]).len(), list(&end["decisions"]).len(), list(&end["hypotheses"]).len()),
        (3, 2, 2)
    );
    assert!(list(&end["decisions"]).iter().all(|poll| poll["verified"]["worked"] == json!(true)), "{end}");
    assert_eq!((&end["notices"], &end["offers"]), (&json!([]), &json!([])));
    let past: Vec<&Value> = list(&end["roles"][0]["past"]).iter().map(|past| &past["who"]).collect();
    assert_eq!(past, ["bob"], "the command was offered, read back and accepted");
    let shown = day.run("16:00", "carol", &["show", "--brief"]).ok().out;
    for part in [
        "lasted 1h 30m",
        "policy: data + pipeline + runbook · at P1 34m, P0 56m",
        "cause? confirmed: the feed sends cents since 13:40",
        "cause? ruled out: the 13:35 deploy multiplied by 100",
        "impact on warehouse.prices: corrupt",
        "data: delayed: prices were wrong for 86 minutes",
        "follow-up of erin, by 2026-12-01",
    ] {
        assert!(shown.contains(part), "{part:?} is not in\n{shown}");
    }
    let after = clocks(day, "15:50");
    assert!(after.contains_key("post-mortem") && after.contains_key("watch ends"), "{after:?}");
}

/// A change of severity sets its clocks anew; whoever was reached on the ladder is not called again.
fn a_change_of_severity_sets_its_clocks_anew(day: &Day) {
    let due = |at: &str, label: &str| clocks(day, at).get(label).cloned();
    let at = |clock: &str| Some(clock.to_owned());
    assert_eq!(due("14:03", "escalate to lead engineer"), at("14:15"));
    assert_eq!(due("14:07", "escalate to lead engineer"), at("14:09"));
    assert_eq!((due("14:03", "update internal"), due("14:03", "update customers")), (at("15:00"), None));
    assert_eq!(
        (due("14:07", "update internal"), due("14:07", "update customers")),
        (at("14:19"), at("14:19"))
    );
    assert_eq!(due("14:51", "escalate to engineering manager"), at("14:19"));
    assert_eq!(due("15:12", "escalate to engineering manager"), at("15:45"));
    assert_eq!(
        (due("15:12", "escalate to lead engineer"), due("15:35", "escalate to engineering manager")),
        (None, None)
    );
}

/// What `replay` says of a moment is what `show` said at that moment.
fn every_moment_replays_as_it_was_shown(day: &Day) {
    for (at, shown) in &day.looks {
        let replayed = day.json("23:00", &["replay", "1", "--at", &day::moment(at)]);
        same(&replayed["incident"], &shown["incident"], at);
        same(&replayed["entries"], &shown["entries"], at);
    }
}

/// The policy is pinned in the journal: a copy of its folder needs no settings to know every clock.
fn it_is_the_same_elsewhere_without_any_settings(day: &Day) {
    let copy = day.copied();
    for home in [day, &copy] {
        assert_eq!(home.json("23:00", &["verify"])["whole"], true);
    }
    let (last, shown) = day.looks.last().unwrap();
    let there = copy.json(last, &["show", "1"]);
    same(&day::elsewhere(&there["incident"]), &day::elsewhere(&shown["incident"]), "elsewhere");
    same(&there["entries"], &shown["entries"], "elsewhere");
    for (at, shown) in &day.looks {
        let there = copy.json("23:00", &["replay", "1", "--at", &day::moment(at)]);
        same(&there["incident"]["deadlines"], &shown["incident"]["deadlines"], at);
    }
    for args in [&["clock"][..], &["contacts"], &["ask"], &["decide"], &["cause"], &["update", "--history"]] {
        let args = [&["-i", "1"], args].concat();
        let (here, there) = (day.json("15:55", &args), copy.json("15:55", &args));
        same(&day::elsewhere(&here), &day::elsewhere(&there), &args.join(" "));
    }
}

fn the_console_opens_it(day: Day) {
    let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_warroom"));
    command.args(["open", "1"]);
    let console = Pty::in_home(day.into_home(), command, &[("WARROOM_NOW", "2026-11-21T16:10:00Z")], 120, 40);
    let screen = console.wait_for("Prices x100");
    assert!(screen.contains("INC-0001"), "{screen}");
    console.wait_for("closed");
    console.see("q", "Ended (1)");
    console.send("q");
    assert_eq!(console.wait_exit().exit_code(), 0);
    console.assert_restored();
}

/// Equal; where not, only what differs is shown.
fn same(one: &Value, other: &Value, when: &str) {
    if let (Value::Object(fields), Value::Object(others)) = (one, other) {
        assert!(fields.keys().eq(others.keys()), "{when}: other fields");
        return fields.iter().for_each(|(name, value)| same(value, &others[name], &format!("{when} {name}")));
    }
    assert_eq!(one, other, "{when}");
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The clocks as somebody saw them at a moment: when each is due, by its label.
fn clocks(day: &Day, at: &str) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let shown = list(&day.look(at)["incident"]["deadlines"]);
    shown.iter().map(|clock| (text(&clock["label"]), text(&clock["due"])[11..16].to_owned())).collect()
}
