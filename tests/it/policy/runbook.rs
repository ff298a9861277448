//! `runbook.toml` against the course on automated runbooks.

use super::{RUNBOOK, each, read};

#[test]
fn s0_2_the_ladder_of_each_severity() {
    assert_eq!(
        each(&read(RUNBOOK), |level| level.escalation_text()),
        [
            "CRITICAL: lead engineer after 5 min, engineering manager after 15 min, VP of engineering after 30 min",
            "HIGH: lead engineer after 15 min, engineering manager after 45 min",
            "MEDIUM: lead engineer after 30 min, engineering manager after 2 h",
        ]
    );
}

#[test]
fn s0_2_nothing_but_the_ladder_makes_a_clock() {
    for level in read(RUNBOOK).levels {
        assert!(level.response.is_none() && level.notify.is_empty() && level.updates.is_empty());
        assert!(level.postmortem.is_none());
    }
}

#[test]
fn s0_1_three_types_with_their_severity() {
    let types: Vec<String> =
        read(RUNBOOK).types.iter().map(|kind| format!("{} {}", kind.name, kind.severity.join(" "))).collect();
    assert_eq!(
        types,
        ["pipeline-down CRITICAL", "data-quality-degraded HIGH", "performance-degraded MEDIUM"]
    );
    assert_eq!(
        read(RUNBOOK).kind("pipeline_down").unwrap().severity,
        ["CRITICAL"],
        "as the course writes it"
    );
}
