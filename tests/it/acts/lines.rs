//! The `:` lines of the acts and ledgers.

use warroom::incident::Command;
use warroom::tui::layers::command_line::parse;

use super::{ask, assign};
use crate::desk::Desk;
use crate::layers::describe;

fn answer(desk: &Desk, line: &str) -> String {
    match parse(line, &desk.ctx()) {
        Ok(messages) => messages.iter().map(describe).collect::<Vec<_>>().join("; "),
        Err(why) => format!("no: {why}"),
    }
}

#[test]
fn b2_b5_b9_lines_of_the_acts() {
    let mut desk = Desk::new();
    assign(&mut desk, "scribe", "carol");
    for (line, expected) in [
        ("ask", "act ask"),
        ("ask bob", "no: ask WHO [10m] WHAT"),
        ("ask bob check the backups", "back by 14:10 UTC. Say it"),
        ("ask bob 20m check the backups", "back by 14:20 UTC. Say it"),
        ("ask scribe 5 write it down", "carol: write it down, back by 14:05 UTC"),
        ("ask deputy look", "no: nobody holds Deputy"),
        ("decide", "act decide"),
        ("decide fail over", "push decision; order Decision(Propose"),
        ("cause ?bad deploy", "Note { kind: Hypothesis, text: \"bad deploy\" }"),
        ("cause", "no: cause TEXT"),
        ("followup @bob alert on the ratio", "owner: Some(PersonId(\"bob\"))"),
        ("followup @bob", "no: followup"),
        ("impact orders lost,corrupt since the deploy", "kinds: Some({Lost, Corrupt})"),
        ("impact orders recovered restored from 13:00", "how: Some(\"restored from 13:00\")"),
        (
            "impact orders broken",
            "no: \"broken\": use lost, delayed, corrupt, exposed, contained or recovered",
        ),
        ("impact orders", "no: impact DATASET"),
        ("private", "act private"),
        ("private on it may be a breach", "Private { on: true, reason: \"it may be a breach\" }"),
        ("private off said so", "no: it is not private"),
        ("private perhaps", "no: private on"),
        ("policy service", "Pin([PinnedPolicy { name: \"service\""),
        ("policy nonsense", "no: there is no policy \"nonsense\""),
        ("heard", "no: no clock has run out"),
        ("snooze nothing 10m", "no: "),
        ("escalate nobody no answer", "no: "),
    ] {
        let answer = answer(&desk, line);
        assert!(answer.contains(expected), "{line:?}\n gave     {answer}\n expected {expected}");
    }
}

#[test]
fn b2_clocks_are_heard_and_put_off_by_a_line() {
    let mut desk = Desk::new();
    ask(&mut desk, "bob", "check the backups", 5);
    desk.wait_mins(6);
    assert!(answer(&desk, "heard").contains("Clock { clock: \"ask/"), "{}", answer(&desk, "heard"));
    assert!(answer(&desk, "heard backups").contains("Acknowledge"));
    let put_off = answer(&desk, "snooze backups 10m the tape is slow");
    assert!(put_off.contains("Snooze") && put_off.contains("the tape is slow"), "{put_off}");
    assert!(answer(&desk, "snooze backups 10m").contains("no: putting a clock off needs a reason"));
    assert!(answer(&desk, "heard nonsense").starts_with("no: no clock \"nonsense\" runs"));
}

#[test]
fn b2_calls_are_written_down_by_a_line() {
    let mut desk = Desk::with_policies(&["runbook"]);
    let pinned = warroom::config::shipped::pinned_policy(desk.ctx().paths, &["runbook"]);
    desk.order(Command::Pin(pinned.expect("shipped policies")));
    desk.order(Command::Severity { to: "HIGH".into(), reason: String::new() });
    for (line, expected) in [
        (
            "escalate nobody at all",
            "no: \"nobody\" is not on the ladder now: lead engineer, engineering manager",
        ),
        ("escalate lead engineer joins the bridge", "Done { note: \"joins the bridge\" }"),
        ("escalate lead no answer, twice", "Tried { note: \"no answer, twice\" }"),
        ("escalate lead engineer", "no: escalate WHO ANSWER"),
    ] {
        let answer = answer(&desk, line);
        assert!(answer.contains(expected), "{line:?}\n gave     {answer}\n expected {expected}");
    }
}
