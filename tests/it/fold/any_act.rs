//! Any act of command: sensible and not, about asks, decisions, clocks, datasets that exist or do not.

use std::collections::BTreeSet;

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use warroom::incident::event::*;

use super::any::{target, text, time, who};

fn clock_id() -> impl Strategy<Value = String> {
    select(vec!["response/x", "mark/x/1", "update/internal/5", "rto/orders", ""]).prop_map(str::to_owned)
}

fn clock() -> impl Strategy<Value = ClockEvent> {
    (clock_id(), text(), time(), 0..6_u8).prop_map(|(clock, label, at, kind)| match kind {
        0 => ClockEvent::RanOut { clock, label, due: at, quiet: false },
        1 => ClockEvent::Acknowledged { clock, label },
        2 => ClockEvent::Snoozed { clock, label, until: at, reason: "later".into() },
        3 => ClockEvent::Done { clock, label, note: String::new() },
        4 => ClockEvent::Tried { clock, label, note: "no answer".into() },
        _ => ClockEvent::Restarted { clock, label, reason: String::new() },
    })
}

fn ask() -> impl Strategy<Value = AskEvent> {
    (target(), who(), text(), option::of(time()), 0..6_u8).prop_map(
        |(ask, who, what, due, kind)| match kind {
            0 | 1 => AskEvent::Asked { who, what, due },
            2 => AskEvent::Answered { ask, answer: what },
            3 => AskEvent::Moved { ask, due: due.unwrap_or_default(), reason: what },
            4 => AskEvent::Withdrawn { ask, reason: what },
            _ => AskEvent::Reopened { ask },
        },
    )
}

fn decision() -> impl Strategy<Value = DecisionEvent> {
    let outcome = select(vec![Outcome::Go, Outcome::NoGo, Outcome::Withdrawn]);
    (target(), who(), text(), option::of(time()), outcome, 0..6_u8).prop_map(
        |(decision, who, text, verify_by, outcome, kind)| match kind {
            0 | 1 => DecisionEvent::Proposed {
                proposal: text.clone(),
                risk: text,
                rollback: String::new(),
                verify_by,
            },
            2 => DecisionEvent::Objected { decision, who, objection: text },
            3 => DecisionEvent::Settled { decision, outcome, reason: text },
            4 => DecisionEvent::Verified { decision, worked: outcome == Outcome::Go, note: text },
            _ => DecisionEvent::Reopened { decision },
        },
    )
}

fn hypothesis() -> impl Strategy<Value = HypothesisEvent> {
    (target(), select(Verdict::ALL.to_vec()), option::of(who()), text()).prop_map(
        |(hypothesis, verdict, who, evidence)| HypothesisEvent::Judged { hypothesis, verdict, who, evidence },
    )
}

fn dataset() -> impl Strategy<Value = String> {
    select(vec!["orders", "ORDERS", "users", ""]).prop_map(str::to_owned)
}

fn impact() -> impl Strategy<Value = ImpactEvent> {
    let kinds = prop::collection::btree_set(select(Harm::ALL.to_vec()), 0..3);
    let times = (option::of(time()), option::of(time()), option::of(time()));
    let change =
        (dataset(), option::of(kinds), times, option::of(0..9_u64), option::of(text()), option::of(target()));
    let recorded = change.prop_map(|(dataset, kinds, (from, good, recovered), rows, note, undoes)| {
        let teams = note.clone().map(|team| vec![team]);
        let rows = rows.map(|count| Rows { count, exact: count % 2 == 0 });
        let kinds: Option<BTreeSet<Harm>> = kinds;
        ImpactEvent::Recorded(Box::new(ImpactChange {
            dataset,
            kinds,
            from,
            rows,
            teams,
            last_good: good,
            recovered,
            tier: note.clone(),
            note,
            undoes,
            ..ImpactChange::default()
        }))
    });
    prop_oneof![
        4 => recorded,
        1 => (dataset(), text()).prop_map(|(dataset, reason)| ImpactEvent::Withdrawn { dataset, reason }),
        1 => (select(DataLoss::ALL.to_vec()), text()).prop_map(|(data, text)| ImpactEvent::Stated { data, text }),
    ]
}

fn follow_up() -> impl Strategy<Value = FollowUpEvent> {
    let what = (text(), option::of(who()), option::of(target()), select(Priority::ALL.to_vec()));
    (target(), what, 0..6_u8).prop_map(|(follow_up, (text, owner, from, priority), kind)| {
        let due = chrono::NaiveDate::from_ymd_opt(2026, 12, 1);
        let what = FollowUp { text: text.clone(), owner, from, priority, due, ..FollowUp::default() };
        match kind {
            0 | 1 => FollowUpEvent::Opened(Box::new(what)),
            2 => FollowUpEvent::Changed { follow_up, now: Box::new(what) },
            3 => FollowUpEvent::Closed { follow_up, note: text },
            4 => FollowUpEvent::Reopened { follow_up, reason: text },
            _ => FollowUpEvent::Dismissed { todo: follow_up, reason: text },
        }
    })
}

/// Policies that this version reads, and one that it does not.
fn policy() -> impl Strategy<Value = PolicyEvent> {
    let texts = [
        include_str!("../../../sample-data/policies/data.toml"),
        include_str!("../../../sample-data/policies/pipeline.toml"),
        include_str!("../../../sample-data/policies/runbook.toml"),
        "name = 7",
    ];
    prop::collection::vec(select(texts.to_vec()), 0..3).prop_map(|texts| PolicyEvent::Pinned {
        parts: texts
            .into_iter()
            .map(|text| PolicyText { name: "p".into(), digest: "d".into(), text: text.into() })
            .collect(),
    })
}

pub fn act() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => clock().prop_map(Event::Clock),
        3 => ask().prop_map(Event::Ask),
        3 => decision().prop_map(Event::Decision),
        2 => hypothesis().prop_map(Event::Hypothesis),
        3 => impact().prop_map(Event::Impact),
        3 => follow_up().prop_map(Event::FollowUp),
        1 => policy().prop_map(Event::Policy),
    ]
}
