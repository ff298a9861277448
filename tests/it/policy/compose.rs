//! Policies laid over each other: what the first lacks comes from the next, by rank.

use warroom::policy::{Policy, translate};

use super::{DATA, PIPELINE, RUNBOOK, SERVICE, SHIPPED, each, read};

fn composed(texts: &[&str]) -> Policy {
    Policy::compose(texts.iter().map(|text| read(text)).collect()).expect("some parts")
}

#[test]
fn nothing_composes_to_nothing_and_one_to_itself() {
    assert_eq!(Policy::compose(Vec::new()), None);
    for text in SHIPPED {
        assert_eq!(composed(&[text]), read(text));
    }
}

#[test]
fn the_usual_three_have_every_field_once() {
    let policy = composed(&[DATA, PIPELINE, RUNBOOK]);
    assert_eq!(policy.name, "data+pipeline+runbook");
    assert_eq!(policy.parts, ["data", "pipeline", "runbook"]);
    assert_eq!(
        policy.level("P0").unwrap().consequences(),
        [
            "Respond within 15 min",
            "Page on-call (the alert has done so) at once; page executives; tell engineering manager, product owner and \
             customer support team (for what is said outside) at once",
            "Updates: internal every 15 min (incident channel), executive every 15 min (mail), customers every 15 min \
             (status page)",
            "Escalate to lead engineer after 5 min, engineering manager after 15 min, VP of engineering after 30 min",
            "Post-mortem within 48 hours",
            "Commands: engineering manager or a senior engineer",
        ]
    );
    assert_eq!(policy.level("P3").unwrap().consequences().len(), 3, "no cadence, no ladder, no commander");
    assert_eq!((policy.contacts.len(), policy.tiers.len(), policy.escalate_when.len()), (7, 4, 5));
    assert_eq!(policy.rules.triage.unwrap().span.mins(), 30);
    assert_eq!(policy.rules.watch.unwrap().span.mins(), 24 * 60);
    assert_eq!(policy.audiences.len(), 4, "united by name");
}

#[test]
fn the_first_part_wins_where_both_have_a_word() {
    let policy = composed(&[PIPELINE, DATA]);
    assert_eq!(policy.level("P3").unwrap().respond_text(), "within 24 h");
    assert_eq!(policy.level("P3").unwrap().notify_text(), "ticket for data team", "SEV-4 names nobody");
    assert_eq!(policy.audience("internal").unwrap().about, "the incident channel");
    assert_eq!(policy.triage, read(PIPELINE).triage);
}

#[test]
fn s4_5_who_is_told_is_filled_up_person_by_person() {
    let policy = composed(&[DATA, PIPELINE, RUNBOOK]);
    let told = |level: &str| {
        let all = policy.level(level).unwrap().notify.iter();
        let within =
            |notify: &warroom::policy::Notify| notify.within.as_ref().map(|limit| limit.text.clone());
        all.map(|notify| {
            format!("{} {} {:?}", notify.who, notify.how, within(notify).as_deref().unwrap_or("-"))
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(
        told("P0"),
        [
            "on-call page \"0 min\"",
            "executives page \"-\"",
            "engineering manager  \"0 min\"",
            "product owner  \"0 min\"",
            "customer support team  \"0 min\"",
        ]
    );
    assert_eq!(
        told("P1"),
        [
            "on-call data team page \"-\"",
            "on-call engineer page \"1 h\"",
            "team lead  \"1 h\"",
            "engineering manager message \"1 h\"",
        ],
        "the data team is somebody else"
    );
    assert_eq!(told("P3"), ["data team ticket \"-\""]);
}

#[test]
fn the_same_people_are_told_once_however_they_are_written() {
    let own = |who: &str| {
        format!(
            "name = \"own\"\n[[level]]\nname = \"RED\"\nrank = 1\nword = \"w\"\ndefinition = \"d\"\nnotify = [{{ who = \"{who}\", how = \"phone\" }}]\n"
        )
    };
    for who in ["the Engineering Manager", "engineering manager", "our ENGINEERING manager"] {
        let policy = composed(&[&own(who), PIPELINE]);
        let notify = &policy.levels[0].notify;
        assert_eq!((notify.len(), notify[0].who.as_str(), notify[0].how.as_str()), (4, who, "phone"));
        assert_eq!(notify[0].within.as_ref().unwrap().span.ms(), 0, "the time of the next part");
    }
    assert_eq!(composed(&[&own("engineering managers"), PIPELINE]).levels[0].notify.len(), 5);
}

#[test]
fn an_audience_is_found_however_it_is_written() {
    let policy = composed(&[DATA, PIPELINE]);
    assert_eq!(policy.audience("Customers").map(|found| found.name.as_str()), Some("customers"));
    assert_eq!(policy.audience(" TEAM/Analytics ").map(|found| found.name.as_str()), Some("team"));
    assert_eq!(policy.audience("customer"), None);
    assert_eq!(policy.next_update("Customers", Some("P0")).mins(), 15);
}

#[test]
fn the_severity_map_holds_whichever_is_first() {
    let map = [
        ["P0", "SEV-1", "SEV1", "CRITICAL"],
        ["P1", "SEV-2", "SEV2", "HIGH"],
        ["P2", "SEV-3", "SEV3", "MEDIUM"],
        ["P3", "SEV-4", "SEV4", "P3"],
    ];
    for policy in SHIPPED.map(read) {
        for (index, names) in map.iter().enumerate().take(policy.levels.len()) {
            for name in names {
                assert_eq!(policy.rank(name), Some(index), "{} in {}", name, policy.name);
            }
        }
    }
    let policies = SHIPPED.map(read);
    for from in &policies {
        for (index, names) in map.iter().enumerate() {
            let found = translate(from, names[0], &policies[2]).map(|level| level.name.as_str());
            let expected = from.level(names[0]).map(|_| ["SEV-1", "SEV-2", "SEV-3", "SEV-4"][index]);
            assert_eq!(found, expected, "{} from {}", names[0], from.name);
        }
    }
    assert_eq!(translate(&policies[1], "SEV5", &policies[0]), None, "the fifth stands alone");
}

#[test]
fn names_of_every_part_find_the_level_of_the_first() {
    let own = "name = \"own\"\n[[level]]\nname = \"RED\"\nrank = 1\nword = \"w\"\ndefinition = \"d\"\n";
    let policy = composed(&[own, DATA, SERVICE]);
    assert_eq!(policy.levels.len(), 1, "levels that the first lacks are not added");
    for name in ["red", "P0", "SEV-1", "SEV1", "CRITICAL"] {
        assert_eq!(policy.level(name).map(|level| level.name.as_str()), Some("RED"), "{name}");
    }
    assert_eq!(policy.level("P1"), None);
}

#[test]
fn severities_of_later_parts_are_translated() {
    let policy = composed(&[PIPELINE, DATA, RUNBOOK]);
    assert_eq!(policy.kind("data-corruption").unwrap().severity, ["SEV-2", "SEV-1"]);
    assert_eq!(policy.kind("pipeline-down").unwrap().severity, ["SEV-1"]);
    let first = composed(&[SERVICE, DATA]);
    let triage = first.triage.as_ref().unwrap();
    assert_eq!(triage.questions[1].yes.as_ref().unwrap().levels, ["SEV1", "SEV2"]);
    assert!(policy.types.iter().flat_map(|kind| &kind.severity).all(|name| policy.level(name).is_some()));
}

#[test]
fn a_rank_that_the_first_lacks_is_proposed_as_the_next_graver_one() {
    let policy = composed(&[RUNBOOK, DATA]);
    assert_eq!(policy.kind("freshness").unwrap().severity, ["MEDIUM"], "P2 or P3, and there is no P3");
    let last = policy.triage.as_ref().unwrap().questions.last().unwrap();
    assert_eq!(last.no.as_ref().unwrap().levels, ["MEDIUM"]);
}

#[test]
fn the_order_of_composing_in_steps_does_not_matter() {
    let [data, _, pipeline, runbook] = SHIPPED.map(read);
    let two = Policy::compose(vec![data.clone(), pipeline.clone()]).unwrap();
    let stepwise = Policy::compose(vec![two, runbook.clone()]).unwrap();
    assert_eq!(stepwise, Policy::compose(vec![data, pipeline, runbook]).unwrap());
}

#[test]
fn what_is_composed_is_itself_a_policy_without_mistakes() {
    for texts in
        [vec![DATA, PIPELINE, RUNBOOK, SERVICE], vec![RUNBOOK, PIPELINE], vec![SERVICE, RUNBOOK, DATA]]
    {
        let mut policy = composed(&texts);
        let axes = policy.axes.take().is_some();
        let written = toml::to_string(&policy).expect("a policy can be written");
        assert_eq!(
            each(&read(&written), |level| level.word.clone()),
            each(&policy, |level| level.word.clone())
        );
        assert_eq!(axes, texts.contains(&SERVICE));
    }
}
