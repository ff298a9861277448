//! The impact layer: what is typed becomes one entry, what is known is shown, targets are watched.

use warroom::incident::Command;
use warroom::incident::event::{Harm, ImpactChange, Rows};
use warroom::tui::layers::impact;

use super::{record, time};
use crate::desk::{Desk, SIZES};

fn desk() -> Desk {
    let mut desk = Desk::new();
    let layer = impact::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
    desk.wait_mins(40);
    desk
}

fn known(desk: &Desk, dataset: &str) -> ImpactChange {
    desk.incident().ledger.get(dataset).expect("the dataset").known.clone()
}

#[test]
fn s1_5_the_ledger_says_which_data_how_much_since_when_who_uses_it_and_whether_it_spreads() {
    let mut desk = desk();
    assert!(desk.screen(80, 24).contains("No dataset is recorded yet"), "{}", desk.screen(80, 24));
    desk.type_keys("n");
    desk.type_keys("orders<tab><space><right><right><space><tab>~5k<tab>13:55<tab>-5m<tab>13:50<tab>");
    desk.type_keys(
        "revenue dashboard, fraud model<tab>analytics, finance<tab><right><right><tab>seen by dana<enter>",
    );
    let known = known(&desk, "orders");
    assert_eq!(known.kinds.unwrap().into_iter().collect::<Vec<_>>(), [Harm::Lost, Harm::Corrupt]);
    assert_eq!(known.rows, Some(Rows { count: 5000, exact: false }));
    assert_eq!(known.from, Some(time("2026-01-15T13:55:00Z")));
    assert_eq!(known.until, Some(time("2026-01-15T14:35:00Z")));
    assert_eq!(known.last_good, Some(time("2026-01-15T13:50:00Z")));
    assert_eq!(known.consumers.unwrap(), ["revenue dashboard", "fraud model"]);
    assert_eq!(known.teams.unwrap(), ["analytics", "finance"]);
    assert_eq!((known.tier.as_deref(), known.note.as_deref()), (Some("M2"), Some("seen by dana")));
    let shown = desk.screen(100, 40);
    for text in [
        "orders: lost and corrupt, ~5,000 rows",
        "window     2026-01-15 13:55 UTC to 2026-01-15 14:35 UTC",
        "used by    revenue dashboard, fraud model",
        "teams      analytics, finance",
        "last good  2026-01-15 13:50 UTC",
        "contained  not contained yet",
    ] {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
}

#[test]
fn b8_only_what_was_changed_is_recorded() {
    let mut desk = desk();
    desk.order(record(ImpactChange {
        dataset: "orders".into(),
        rows: Rows::parse("~5000"),
        teams: Some(vec!["finance".into()]),
        note: Some("old".into()),
        ..ImpactChange::default()
    }));
    desk.type_keys("e<tab><ctrl-u>5120<enter>");
    assert_eq!(desk.last_sentence(), "impact on orders: 5120 rows");
    // An empty text says that it is not known after all; a time cannot be unsaid.
    desk.type_keys("<enter><up><ctrl-u><enter>");
    assert_eq!(known(&desk, "orders").note, None);
    desk.type_keys("e<tab><ctrl-u><enter>");
    assert!(desk.screen(80, 24).contains("rows cannot be emptied"), "{}", desk.screen(80, 24));
    desk.type_keys("<esc>");
    desk.type_keys("e<enter>");
    assert!(desk.screen(80, 24).contains("nothing is said about it"), "{}", desk.screen(80, 24));
}

#[test]
fn b8_a_mistake_stays_in_the_form() {
    let mut desk = desk();
    desk.type_keys("norders<tab><tab>lots<enter>");
    assert!(desk.screen(80, 24).contains("is no number of rows"), "{}", desk.screen(80, 24));
    desk.type_keys("<ctrl-u>5k<tab>half past<enter>");
    assert!(desk.screen(80, 24).contains("is no time: type now, -7m, 14:03"), "{}", desk.screen(80, 24));
    desk.type_keys("<ctrl-u>14:30<tab>14:00<enter>");
    assert!(desk.screen(80, 24).contains("the window ends before it begins"), "{}", desk.screen(80, 24));
    desk.type_keys("<ctrl-u>now<enter>");
    assert_eq!(known(&desk, "orders").until, Some(desk.now));
}

#[test]
fn b8_contained_and_recovered_say_when_and_how() {
    let mut desk = desk();
    desk.order(record(ImpactChange { dataset: "orders".into(), ..ImpactChange::default() }));
    desk.type_keys("c<ctrl-u>14:20<enter>");
    assert_eq!(known(&desk, "orders").contained, Some(time("2026-01-15T14:20:00Z")));
    desk.type_keys("c");
    assert!(desk.screen(80, 24).contains("2026-01-15 14:20"), "it is put right where it stands");
    desk.type_keys("<esc>r");
    desk.type_keys("point<tab><enter>");
    let known = known(&desk, "orders");
    assert_eq!((known.recovered, known.how.as_deref()), (Some(desk.now), Some("point-in-time restore")));
    let shown = desk.screen(80, 24);
    assert!(shown.contains("recovered  2026-01-15 14:40 UTC, point-in-time restore"), "{shown}");
    assert!(!shown.contains("SPREADING"), "{shown}");
}

#[test]
fn s2_1_a_missed_target_says_by_how_much() {
    let mut desk = desk();
    let dataset = |change: ImpactChange| record(ImpactChange { dataset: "orders".into(), ..change });
    desk.order(dataset(ImpactChange {
        tier: Some("M4".into()),
        last_good: Some(time("2026-01-15T13:50:00Z")),
        ..ImpactChange::default()
    }));
    let shown = desk.screen(100, 24);
    assert!(shown.contains("RTO        40m so far; M4 allows 10 min, MISSED by 30m"), "{shown}");
    assert!(shown.contains("RPO        50m of data so far; M4 allows 5 min, MISSED by 45m"), "{shown}");
    desk.order(dataset(ImpactChange {
        contained: Some(time("2026-01-15T13:54:00Z")),
        recovered: Some(time("2026-01-15T14:09:00Z")),
        ..ImpactChange::default()
    }));
    desk.wait_mins(60);
    let shown = desk.screen(100, 24);
    assert!(shown.contains("RTO        9m; M4 allows 10 min\n") || !shown.contains("MISSED"), "{shown}");
    assert!(shown.contains("RTO        9m; M4 allows 10 min"), "{shown}");
    assert!(shown.contains("RPO        4m of data; M4 allows 5 min"), "{shown}");
}

#[test]
fn s2_1_a_tier_that_the_policy_does_not_know_is_said() {
    let mut desk = desk();
    desk.order(record(ImpactChange {
        dataset: "orders".into(),
        tier: Some("M1".into()),
        ..ImpactChange::default()
    }));
    let mut other = Desk::with_policies(&["runbook"]);
    std::mem::swap(&mut other.layers, &mut desk.layers);
    other.order(record(ImpactChange { dataset: "orders".into(), ..ImpactChange::default() }));
    assert!(!other.screen(100, 24).contains("RTO"), "no target without a tier: {}", other.screen(100, 24));
}

#[test]
fn b8_what_became_of_the_data_is_stated_first() {
    let mut desk = desk();
    assert!(desk.screen(80, 24).contains("In the end: not stated yet"), "{}", desk.screen(80, 24));
    desk.type_keys("s<right><right><enter>");
    assert!(desk.screen(80, 24).contains("lost data needs words"), "{}", desk.screen(80, 24));
    desk.type_keys("<tab>12 orders of 13:55<enter>");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("In the end: data is lost for good: 12 orders of 13:55 (alice)"), "{shown}");
}

#[test]
fn b8_a_mistaken_line_is_withdrawn() {
    let mut desk = desk();
    for dataset in ["orders", "billing"] {
        desk.order(record(ImpactChange { dataset: dataset.into(), ..ImpactChange::default() }));
    }
    desk.type_keys("jxit was fine<enter>");
    assert_eq!(desk.last_sentence(), "impact on billing withdrawn: it was fine");
    assert!(desk.incident().ledger.get("billing").is_none());
    desk.type_keys("xyes<enter>");
    desk.type_keys("x");
    assert_eq!(desk.said.last().unwrap(), "no dataset is recorded yet: n records one");
}

#[test]
fn b8_the_selection_is_the_dataset() {
    let mut desk = desk();
    for dataset in ["orders", "billing", "clicks"] {
        desk.order(record(ImpactChange { dataset: dataset.into(), ..ImpactChange::default() }));
    }
    desk.type_keys("j");
    desk.order(Command::Impact(warroom::incident::command::ImpactCommand::Withdraw {
        dataset: "orders".into(),
        reason: String::new(),
    }));
    desk.type_keys("cnow<enter>");
    assert!(desk.screen(80, 24).contains("no time") || known(&desk, "billing").contained.is_some());
    desk.type_keys("<ctrl-u>now<enter>");
    assert!(desk.last_sentence().starts_with("impact on billing: contained"), "{}", desk.last_sentence());
}

#[test]
fn b8_a_replay_shows_it_and_changes_nothing() {
    let mut desk = desk();
    desk.order(record(ImpactChange { dataset: "orders".into(), ..ImpactChange::default() }));
    desk.live = false;
    for key in ["n", "e", "c", "r", "s", "x", "<enter>"] {
        desk.type_keys(key);
        assert_eq!(desk.said.pop().as_deref(), Some("a replay cannot be changed"), "{key}");
    }
    assert!(desk.screen(80, 24).contains("orders"));
}

#[test]
fn b8_it_fits_every_size() {
    let mut desk = desk();
    desk.order(record(ImpactChange {
        dataset: "warehouse.orders_with_a_very_long_name_that_does_not_end".into(),
        kinds: Some(Harm::ALL.into()),
        consumers: Some(vec!["a consumer".into(); 9]),
        ..ImpactChange::default()
    }));
    for size in SIZES.into_iter().chain([(40, 12), (120, 40)]) {
        let shown = desk.screen(size.0, size.1);
        assert!(shown.lines().all(|line| line.chars().count() <= usize::from(size.0)), "{size:?}\n{shown}");
    }
    let small = desk.screen(40, 12);
    assert!(small.contains("n new") && small.contains("Esc back"), "{small}");
}
