//! Whatever the log and a text say: no draft, check or brief fails, and no note is read as a template.

use std::collections::BTreeSet;

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use warroom::incident::event::*;
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Status, Word};
use warroom::incident::{EntryId, Event, Time, Zone};
use warroom::report::brief::brief;
use warroom::report::check::check;
use warroom::report::history::history;
use warroom::report::update::{Kind, Message, Template};

use super::world::{World, at};

/// Words that mean something to somebody: templates, checks, terminals.
const NASTY: [&str; 22] = [
    "",
    "x",
    "{{ title }}",
    "{% if x %}",
    "{# gone #}",
    "}}",
    "impact: {{ 7 * 7 }}",
    "root cause: {% raw %}",
    "users: é\u{301}",
    "[impact: …]",
    "[[x…]",
    "two\nlines",
    "\u{202e}back",
    "\u{1b}[31mred",
    "fixed by 15:00",
    "ETA",
    "password=a1",
    "Bearer é",
    "data: lost, none",
    "Status: resolved",
    "warehouse.orders",
    "ß until 9:",
];

fn text() -> impl Strategy<Value = String> {
    let nasty = select(NASTY.to_vec()).prop_map(str::to_owned);
    prop_oneof![3 => nasty, 1 => "\\PC{0,40}", 1 => "([a-z]{0,6}|[0-9:]{1,5}|by|in|=|\\n|é|…|\\[|\\]| ){0,30}"]
}

fn target() -> impl Strategy<Value = EntryId> {
    (1..24_u64).prop_map(|seq| EntryId::from_parts(seq, u128::from(seq)))
}

fn time() -> impl Strategy<Value = Time> {
    select(vec![
        at("00:00"),
        at("14:00"),
        at("14:31"),
        at("23:59"),
        Time::from_ms(i64::MIN),
        Time::from_ms(i64::MAX),
    ])
}

fn impact() -> impl Strategy<Value = ImpactEvent> {
    let tier = option::of(select(vec!["M1".to_owned(), "M9".to_owned()]));
    let change =
        (text(), option::of(time()), option::of(time()), option::of(text()), option::of(any::<u64>()), tier);
    let change = change.prop_map(|(dataset, from, recovered, who, rows, tier)| ImpactChange {
        dataset,
        kinds: Some(BTreeSet::from(Harm::ALL)),
        from,
        until: recovered,
        last_good: from,
        recovered,
        consumers: who.clone().map(|who| vec![who]),
        teams: who.map(|who| vec![who]),
        rows: rows.map(|count| Rows { count, exact: false }),
        tier,
        ..ImpactChange::default()
    });
    prop_oneof![
        3 => change.prop_map(|change| ImpactEvent::Recorded(Box::new(change))),
        1 => (select(DataLoss::ALL.to_vec()), text()).prop_map(|(data, text)| ImpactEvent::Stated { data, text }),
    ]
}

fn command() -> impl Strategy<Value = Event> {
    let asks = prop_oneof![
        (text(), text(), option::of(time())).prop_map(|(who, what, due)| AskEvent::Asked {
            who: who.as_str().into(),
            what,
            due
        }),
        (target(), text()).prop_map(|(ask, answer)| AskEvent::Answered { ask, answer }),
    ];
    let decisions = prop_oneof![
        (text(), option::of(time())).prop_map(|(proposal, verify_by)| DecisionEvent::Proposed {
            proposal,
            risk: String::new(),
            rollback: String::new(),
            verify_by,
        }),
        target().prop_map(|decision| DecisionEvent::Settled {
            decision,
            outcome: Outcome::Go,
            reason: String::new()
        }),
        (target(), any::<bool>(), text()).prop_map(|(decision, worked, note)| DecisionEvent::Verified {
            decision,
            worked,
            note
        }),
    ];
    let judged =
        (target(), select(Verdict::ALL.to_vec()), text()).prop_map(|(hypothesis, verdict, evidence)| {
            HypothesisEvent::Judged { hypothesis, verdict, who: Some("bob".into()), evidence }
        });
    let follow_up = text().prop_map(|text| {
        FollowUpEvent::Opened(Box::new(FollowUp { text, owner: Some("bob".into()), ..FollowUp::default() }))
    });
    prop_oneof![
        asks.prop_map(Event::Ask),
        decisions.prop_map(Event::Decision),
        judged.prop_map(Event::Hypothesis),
        follow_up.prop_map(Event::FollowUp),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let note =
        (select(NoteKind::ALL.to_vec()), text()).prop_map(|(kind, text)| NoteEvent::Written { kind, text });
    let status = (select(Status::ALL.to_vec()), text()).prop_map(|(to, reason)| StatusEvent::Moved {
        from: Status::Triage,
        to,
        reason,
    });
    let links = (text(), text()).prop_map(|(what, url)| IncidentEvent::Linked { what, url });
    let person = text().prop_map(|name| {
        PersonEvent::Named(Person {
            id: "bob".into(),
            name,
            mail: String::new(),
            phone: String::new(),
            ids: Default::default(),
        })
    });
    let role = text().prop_map(|role| RoleEvent::Assigned {
        role,
        who: "bob".into(),
        from: None,
        brief: None,
        offer: None,
        readback: String::new(),
    });
    let severity = select(vec!["P0", "P9"]).prop_map(|to| SeverityEvent::Set {
        from: None,
        to: to.into(),
        reason: String::new(),
        restores: None,
    });
    prop_oneof![
        4 => note.prop_map(Event::Note),
        1 => status.prop_map(Event::Status),
        1 => links.prop_map(Event::Incident),
        1 => person.prop_map(Event::Person),
        1 => role.prop_map(Event::Role),
        1 => severity.prop_map(Event::Severity),
        3 => impact().prop_map(Event::Impact),
        4 => command(),
    ]
}

fn world() -> impl Strategy<Value = World> {
    (text(), any::<bool>(), prop::collection::vec(event(), 0..20)).prop_map(|(title, private, events)| {
        let mut world = World::new(&title, |what| what.private = private);
        for event in events {
            world.by("bob", event);
        }
        world.now = at("14:32");
        world
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn b7_whatever_the_log_says_there_is_a_draft(world in world()) {
        for audience in ["internal", "executive", "customers", "team/x", "nobody"] {
            for kind in [Kind::FirstNotice, Kind::Update, Kind::Resolution, Kind::Can] {
                let message = Message { kind, ..world.message(audience, Word::Resolved, None) };
                let template = Template::shipped(message.template()).unwrap();
                let draft = message.draft(&template, world.spoken());
                prop_assert_eq!(draft.trouble, None);
                let hidden = draft.body.contains(['\u{1b}', '\u{202e}']);
                prop_assert!(!hidden);
                for found in check(&draft.body, &message.about()) {
                    if let Some(range) = found.range {
                        prop_assert!(draft.body.get(range).is_some());
                    }
                }
            }
        }
        prop_assert!(!brief(&world.incident, &world.policy, world.spoken(), world.now, Zone::Utc).is_empty());
        history(&world.incident, &world.outbox, &world.policy, world.now);
    }

    #[test]
    fn b7_no_check_fails_whatever_the_text(world in world(), body in text(), more in text(), word in select(Word::ALL.to_vec())) {
        let body = format!("{body} {more}\n{more}: {body}");
        for audience in ["internal", "executive", "customers"] {
            for found in check(&body, &world.about(audience, word)) {
                prop_assert!(found.range.is_none_or(|range| body.get(range).is_some()), "{}", body);
            }
        }
    }

    #[test]
    fn b7_no_note_is_read_as_a_template(text in "[a-z {}%#]{1,30}") {
        let mut world = World::new("x", |_| {});
        world.note(NoteKind::Finding, &format!("a {text} {{{{ commander }}}} {{% if %}} b"));
        let draft = world.draft_as(Kind::Update, "internal", Word::Investigating);
        let said = format!("a {text} {{{{ commander }}}} {{% if %}} b");
        prop_assert!(draft.contains(&said), "{}", draft);
    }
}
