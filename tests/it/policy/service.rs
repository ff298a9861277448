//! `service.toml` against the slides on incident management.

use warroom::policy::triage::Axes;

use super::{SERVICE, each, read};

#[test]
fn s3_3_the_five_cells_of_the_grid() {
    let policy = read(SERVICE);
    let axes = policy.axes.as_ref().unwrap();
    let cell = |down: usize, side: usize| {
        let (down, side) = (&axes.degradation[down], &axes.impact[side]);
        let level = policy.at_rank(Axes::rank(down.value, side.value)).unwrap();
        format!("{} / {}: {}", down.say, side.say, level.name)
    };
    assert_eq!(cell(0, 0), "unavailable / most users: SEV1");
    assert_eq!(cell(1, 1), "serious problems / many users: SEV2");
    assert_eq!(cell(2, 2), "slow / some users: SEV3");
    assert_eq!(cell(2, 3), "slow / no users: SEV4");
    assert_eq!(cell(3, 3), "a small nuisance / no users: SEV5");
}

#[test]
fn s3_3_the_marks_are_1_2_3_5_and_a_mean_is_rounded_to_the_graver() {
    let policy = read(SERVICE);
    let axes = policy.axes.unwrap();
    let values =
        |marks: &[warroom::policy::triage::Mark]| marks.iter().map(|mark| mark.value).collect::<Vec<_>>();
    assert_eq!((values(&axes.degradation), values(&axes.impact)), (vec![1, 2, 3, 5], vec![1, 2, 3, 5]));
    assert_eq!([Axes::rank(1, 2), Axes::rank(2, 3), Axes::rank(1, 5), Axes::rank(2, 5)], [1, 2, 3, 3]);
}

#[test]
fn s3_3_no_times_at_all() {
    let policy = read(SERVICE);
    assert_eq!(
        each(&policy, |level| level.consequences().concat()),
        ["SEV1: ", "SEV2: ", "SEV3: ", "SEV4: ", "SEV5: "]
    );
    assert!(policy.audiences.iter().all(|audience| audience.next.is_none()));
    assert_eq!(policy.rules, warroom::policy::Rules::default());
}

#[test]
fn s3_3_the_fifth_level_stands_alone() {
    let policy = read(SERVICE);
    assert_eq!(policy.level("P3").unwrap().name, "SEV4");
    assert_eq!(policy.level("sev5").unwrap().also, [""; 0]);
}
