//! `pipeline.toml` against the runbook of the Kafka pipeline.

use warroom::incident::Span;
use warroom::policy::Policy;
use warroom::policy::triage::{Mode, Walk};

use super::{PIPELINE, each, read};

fn pipeline() -> Policy {
    read(PIPELINE)
}

#[test]
fn s4_1_response_times_are_15_min_1_h_4_h_24_h() {
    let policy = pipeline();
    assert_eq!(
        each(&policy, |level| level.respond_text()),
        ["SEV-1: within 15 min", "SEV-2: within 1 h", "SEV-3: within 4 h", "SEV-4: within 24 h"]
    );
}

#[test]
fn s4_1_the_examples_keep_the_figures_of_the_table() {
    let examples = each(&pipeline(), |level| level.examples.join("; "));
    for (level, figures) in [(1, ["10 %", "100k"]), (2, ["10k-50k", "5-10 %"])] {
        assert!(figures.iter().all(|figure| examples[level].contains(figure)), "{}", examples[level]);
    }
    assert!(pipeline().levels.iter().all(|level| level.examples.len() >= 2));
}

#[test]
fn s4_2_triage_is_over_within_30_minutes() {
    assert_eq!(pipeline().rules.triage.unwrap().span, Span::from_mins(30));
}

/// Answers the card: lost, workers, lag, errors, dead letters.
#[track_caller]
fn card(keys: &str) -> Vec<String> {
    let policy = pipeline();
    let triage = policy.triage.as_ref().unwrap();
    let mut walk = Walk::default();
    for key in keys.chars() {
        let answered = if key == '-' { walk.unsure(triage, &policy) } else { walk.answer(triage, key) };
        assert!(answered, "{keys}: {key} at {walk:?}");
    }
    assert_eq!(walk.question(triage), None, "all five are asked");
    walk.proposal(triage, &policy).unwrap().levels
}

#[test]
fn s4_4_the_quick_check_asks_everything_and_the_gravest_counts() {
    assert_eq!(pipeline().triage.unwrap().mode, Mode::Gravest);
    assert_eq!(card("n3443"), ["SEV-4"], "nothing is wrong");
    assert_eq!(card("y3443"), ["SEV-1"], "data lost");
    assert_eq!(card("n1443"), ["SEV-1"], "all workers down");
    assert_eq!(card("n2443"), ["SEV-2", "SEV-3"], "some workers down");
    assert_eq!(card("n3322"), ["SEV-2"], "10k lag, 10 % errors, 10 dead letters: the errors are gravest");
}

#[test]
fn s4_4_the_bands_of_lag_and_errors() {
    assert_eq!(["n3143", "n3243", "n3343"].map(card), [["SEV-1"], ["SEV-2"], ["SEV-3"]]);
    assert_eq!(["n3413", "n3423", "n3433"].map(card), [["SEV-1"], ["SEV-2"], ["SEV-3"]]);
    let triage = pipeline().triage.unwrap();
    let says = |id: &str| {
        let question = triage.questions.iter().find(|question| question.id == id).unwrap();
        question.answers.iter().map(|answer| answer.say.clone()).collect::<Vec<_>>()
    };
    assert_eq!(says("lag"), ["more than 1M", "100k to 1M", "10k to 100k", "less than 10k"]);
    assert_eq!(says("errors"), ["more than 20 %", "10 to 20 %", "1 to 10 %", "less than 1 %"]);
    assert_eq!(says("dead-letters"), ["more than 100", "10 to 100", "less than 10"]);
}

#[test]
fn s4_4_over_100_dead_letters_a_minute_is_sev_1_or_2_and_the_graver_is_proposed() {
    assert_eq!(card("n3441"), ["SEV-1", "SEV-2"]);
    assert_eq!(card("n3442"), ["SEV-3"]);
}

#[test]
fn s4_4_unsure_is_the_graver_band() {
    assert_eq!(card("n34-3"), ["SEV-1"]);
    assert_eq!(card("-----"), ["SEV-1"]);
}

#[test]
fn s4_4_the_conflict_of_the_bands_is_noted_where_it_is_asked() {
    let triage = pipeline().triage.unwrap();
    let help = |id: &str| triage.questions.iter().find(|question| question.id == id).unwrap().help.clone();
    assert!(help("lag").contains("10k-50k") && help("errors").contains("5-10 %"));
    assert_eq!(triage.assess.len(), 3, "users, delay and downstream are answered in words");
}

#[test]
fn s4_5_who_is_told_at_each_severity_and_when() {
    assert_eq!(
        each(&pipeline(), |level| level.notify_text()),
        [
            "SEV-1: page on-call engineer (the alert has done so) at once; tell engineering manager, product owner and \
             customer support team (for what is said outside) at once",
            "SEV-2: page on-call engineer within 1 h; tell team lead within 1 h; message engineering manager within 1 h",
            "SEV-3: tell on-call engineer and team lead (outside working hours on the next business day) within 4 h",
            "SEV-4: ",
        ]
    );
    let policy = pipeline();
    let notified = policy.levels.iter().flat_map(|level| &level.notify);
    assert!(notified.clone().count() == 9 && notified.clone().all(|notify| notify.within.is_some()));
}

#[test]
fn s4_7_who_commands_at_which_severity() {
    assert_eq!(
        each(&pipeline(), |level| level.commander.clone()),
        [
            "SEV-1: engineering manager or a senior engineer",
            "SEV-2: team lead or the on-call engineer",
            "SEV-3: on-call engineer",
            "SEV-4: "
        ]
    );
}

#[test]
fn s4_12_the_cadence_of_each_audience() {
    assert_eq!(
        each(&pipeline(), |level| level.updates_text()),
        [
            "SEV-1: internal every 15 min (incident channel), executive every 15 min (mail), customers every 15 min \
             (status page)",
            "SEV-2: internal every 1 h (incident channel), executive every 1 h (mail)",
            "SEV-3: internal every 4 h or at milestones (incident channel)",
            "SEV-4: ",
        ]
    );
    let policy = pipeline();
    assert_eq!(policy.next_update("internal", Some("SEV-1")).mins(), 15);
    assert_eq!(policy.next_update("executive", Some("HIGH")).mins(), 60);
    assert_eq!(policy.next_update("internal", Some("P2")).mins(), 240);
}

#[test]
fn s4_15_five_reasons_to_escalate_and_seven_contacts() {
    let policy = pipeline();
    assert_eq!(policy.escalate_when.len(), 5);
    let contacts: Vec<String> = policy
        .contacts
        .iter()
        .map(|contact| format!("{}|{}|{}|{}", contact.level, contact.role, contact.reach, contact.available))
        .collect();
    assert_eq!(
        contacts,
        [
            "L1|on-call engineer|PagerDuty|24/7",
            "L2|team lead|phone or Teams|business hours, and when on call",
            "L3|engineering manager|phone or Teams|business hours, and when escalated to",
            "L4|director of engineering|phone|only when escalated to",
            "|Kafka infrastructure team||",
            "|Azure support|its support ticket portal|",
            "|source system teams||",
        ]
    );
    assert_eq!(policy.contact("l4").unwrap().role, "director of engineering");
    assert_eq!(policy.contact("Engineering manager").unwrap().level, "L3");
}
