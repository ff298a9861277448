//! `data.toml` against the documents on data incidents and on disaster recovery.

use warroom::incident::Span;
use warroom::policy::triage::{Mode, Walk};
use warroom::policy::{Need, Policy};

use super::{DATA, each, read};

fn data() -> Policy {
    read(DATA)
}

#[test]
fn s1_2_response_times_are_15_min_1_h_4_h_and_a_business_day() {
    let policy = data();
    assert_eq!(
        each(&policy, |level| level.respond_text()),
        ["P0: within 15 min", "P1: within 1 h", "P2: within 4 h", "P3: within 1 business day"]
    );
    let spans: Vec<i64> =
        policy.levels.iter().filter_map(|level| Some(level.response.as_ref()?.span.mins())).collect();
    assert_eq!(spans, [15, 60, 240, 24 * 60]);
}

#[test]
fn s1_2_each_level_says_who_is_told_and_no_clock_comes_of_it() {
    let policy = data();
    assert_eq!(
        each(&policy, |level| level.notify_text()),
        [
            "P0: page on-call and executives",
            "P1: page on-call data team",
            "P2: message data team",
            "P3: ticket for data team"
        ]
    );
    assert!(policy.levels.iter().flat_map(|level| &level.notify).all(|notify| notify.within.is_none()));
}

#[test]
fn s1_2_a_post_mortem_is_due_after_48_hours_or_a_week_then_optional_then_none() {
    let policy = data();
    assert_eq!(
        each(&policy, |level| level.postmortem_text()),
        ["P0: within 48 hours", "P1: within 1 week", "P2: optional", "P3: not required"]
    );
    let due = |name: &str| policy.level(name)?.postmortem.as_ref()?.due.as_ref().map(|due| due.span);
    assert_eq!(due("P0"), Some(Span::from_hours(48)));
    assert_eq!(due("P1"), Some(Span::from_days(7)));
    assert_eq!((due("P2"), due("P3")), (None, None));
    let needs: Vec<Need> =
        policy.levels.iter().map(|level| level.postmortem.as_ref().unwrap().need).collect();
    assert_eq!(needs, [Need::Required, Need::Required, Need::Optional, Need::None]);
}

#[test]
fn s1_2_each_level_has_a_definition_and_three_examples() {
    assert!(data().levels.iter().all(|level| !level.definition.is_empty() && level.examples.len() == 3));
}

#[test]
fn s1_2_what_the_source_lacks_is_absent_and_makes_no_clock() {
    let policy = data();
    for level in &policy.levels {
        assert!(level.updates.is_empty() && level.escalation.is_empty() && level.commander.is_empty());
    }
    assert!(policy.rules.triage.is_none() && policy.contacts.is_empty() && policy.axes.is_none());
}

#[test]
fn s1_1_seven_types_propose_their_severities() {
    let policy = data();
    let types: Vec<String> =
        policy.types.iter().map(|kind| format!("{}: {}", kind.name, kind.severity.join(" "))).collect();
    assert_eq!(
        types,
        [
            "data-loss: P0",
            "data-corruption: P1 P0",
            "data-breach: P0",
            "pipeline-failure: P1 P2",
            "schema-change: P1",
            "quality-degradation: P2",
            "freshness: P2 P3"
        ]
    );
    let private: Vec<&str> =
        policy.types.iter().filter(|kind| kind.private).map(|kind| kind.name.as_str()).collect();
    assert_eq!(private, ["data-breach"]);
    assert_eq!(policy.kind("data breach").unwrap().roles, ["security"]);
}

#[test]
fn s1_5_five_questions_about_the_damage_stand_beside_the_tree() {
    let triage = data().triage.unwrap();
    assert_eq!(triage.mode, Mode::First);
    assert_eq!(triage.assess.len(), 5);
}

#[track_caller]
fn tree(keys: &str, levels: &[&str], why: &str) {
    let policy = data();
    let triage = policy.triage.as_ref().unwrap();
    let mut walk = Walk::default();
    for key in keys.chars() {
        assert_eq!(walk.proposal(triage, &policy), None, "{keys}: not yet");
        assert!(walk.answer(triage, key), "{keys}: {key}");
    }
    assert_eq!(walk.question(triage), None, "{keys}: finished");
    let proposal = walk.proposal(triage, &policy).unwrap();
    assert_eq!(
        (proposal.levels, proposal.why.as_str()),
        (levels.iter().map(|l| l.to_string()).collect(), why)
    );
    assert!(!proposal.then.is_empty());
}

#[test]
fn s1_5_the_tree_asks_breach_decisions_pipeline_quality() {
    tree("y", &["P0"], "breach? yes");
    tree("ny", &["P0", "P1"], "breach? no; decisions affected? yes");
    tree("nny", &["P1"], "breach? no; decisions affected? no; pipeline down? yes");
    let three = "breach? no; decisions affected? no; pipeline down? no; quality degraded?";
    tree("nnny", &["P2"], &format!("{three} yes"));
    tree("nnnn", &["P3"], &format!("{three} no"));
}

#[test]
fn s1_5_a_breach_pages_the_security_team() {
    let policy = data();
    let triage = policy.triage.as_ref().unwrap();
    let mut walk = Walk::default();
    assert!(walk.unsure(triage, &policy), "unsure is the graver way");
    let proposal = walk.proposal(triage, &policy).unwrap();
    assert_eq!(proposal.levels, ["P0"]);
    assert_eq!(proposal.then, "page the security team at once");
    assert_eq!(proposal.why, "breach? unsure, taken as yes");
}

#[test]
fn s1_6_a_resolved_incident_is_watched_for_24_hours() {
    assert_eq!(data().rules.watch.unwrap().span, Span::from_hours(24));
}

#[test]
fn s1_8_internal_updates_come_every_half_hour_and_customers_are_outside() {
    let policy = data();
    let audiences: Vec<String> = policy
        .audiences
        .iter()
        .map(|audience| {
            let next = audience.next.as_ref().map_or(0, |next| next.span.mins());
            format!("{} {} {next} {}", audience.name, audience.template, audience.external)
        })
        .collect();
    assert_eq!(
        audiences,
        [
            "internal internal 30 false",
            "executive executive 60 false",
            "customers customers 60 true",
            "team stakeholder 60 false"
        ]
    );
    assert_eq!(policy.audience("team/analytics").unwrap().name, "team");
    assert!(policy.audiences.iter().all(|audience| audience.longest.is_some()));
    assert_eq!(policy.next_update("executive", Some("P0")).mins(), 60);
    assert_eq!(policy.next_update("nobody-knows", None).mins(), 30);
}

#[test]
fn s2_1_four_tiers_have_their_recovery_targets() {
    let tiers: Vec<(String, i64, i64, String)> = data()
        .tiers
        .into_iter()
        .map(|tier| (tier.name, tier.rpo.span.secs(), tier.rto.span.secs(), tier.availability))
        .collect();
    let expected = [
        ("M1", 24 * 3600, 4 * 3600, "99 %"),
        ("M2", 300, 30, "99.9 %"),
        ("M3", 30, 60, "99.95 %"),
        ("M4", 300, 600, "99.99 %"),
    ];
    assert_eq!(tiers, expected.map(|(name, rpo, rto, up)| (name.to_owned(), rpo, rto, up.to_owned())));
}

#[test]
fn s2_2_eight_failures_with_frequency_and_impact() {
    let failures = data().failures;
    let often: Vec<&str> = failures.iter().map(|failure| failure.often.as_str()).collect();
    let expected = [
        "every month",
        "every month",
        "twice a year",
        "every quarter",
        "every year",
        "every year",
        "every five years",
        "seldom",
    ];
    assert_eq!(often, expected);
    let impact: Vec<&str> = failures.iter().map(|failure| failure.impact.as_str()).collect();
    let parts =
        ["30 s", "none", "30 s", "minutes, by hand", "hours", "minutes", "hours, by hand", "hours to days"];
    assert!(impact.iter().zip(parts).all(|(impact, part)| impact.starts_with(part)), "{impact:?}");
}

#[test]
fn the_rules_that_no_source_has_are_there_and_named_so_in_the_file() {
    let rules = data().rules;
    assert_eq!(rules.regulatory.unwrap().span, Span::from_hours(72));
    assert_eq!(rules.accept.unwrap().span, Span::from_mins(5));
    assert_eq!(rules.mark.unwrap().span, Span::from_mins(10));
    assert_eq!(rules.span_of_control, Some(7));
    assert!(!rules.roll_call.is_empty());
    assert!(DATA.contains("# NOT from a source"));
}
