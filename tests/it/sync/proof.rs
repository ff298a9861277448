//! B1, S4.3: nothing lost, nothing sent twice, every doubt shown.

use super::sim::{Mutant, run};

/// The quick form; the long one is `cargo bench --bench outbox`, or as many as WARROOM_SCHEDULES says.
const SCHEDULES: u64 = 400;

fn schedules() -> u64 {
    std::env::var("WARROOM_SCHEDULES").ok().and_then(|count| count.parse().ok()).unwrap_or(SCHEDULES)
}

#[test]
fn b1_no_schedule_of_faults_loses_or_doubles_anything() {
    let mut asked = 0;
    let mut crashes = 0;
    for seed in 0..schedules() {
        let verdict = run(seed, Mutant::None);
        assert!(verdict.is_right(), "seed {seed}: {verdict:?}");
        asked += verdict.asked;
        crashes += verdict.crashes;
    }
    // A calm world would prove nothing.
    assert!(asked > 100 && crashes > 400, "{asked} questions, {crashes} crashes");
}

#[test]
fn b1_each_broken_variant_is_caught() {
    for mutant in Mutant::ALL {
        let caught = (0..200).any(|seed| !run(seed, mutant).is_right());
        assert!(caught, "{mutant:?} goes unnoticed");
    }
}
