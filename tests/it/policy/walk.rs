//! The questions as people walk them, and as nobody would.

use proptest::prelude::*;
use warroom::policy::Policy;
use warroom::policy::triage::{Answer, Mode, Outcome, Question, Triage, Walk};

use super::{DATA, PIPELINE, read};

const LEVELS: [&str; 4] = ["P0", "P1", "P2", "P3"];

#[test]
fn an_answer_can_be_taken_back_and_a_wrong_key_changes_nothing() {
    let policy = read(DATA);
    let triage = policy.triage.as_ref().unwrap();
    let mut walk = Walk::default();
    assert!(!walk.back() && walk.is_empty());
    assert!(walk.answer(triage, 'n'));
    let before = walk.clone();
    assert!(!walk.answer(triage, 'x'));
    assert_eq!(walk, before);
    assert_eq!(walk.question(triage).unwrap().id, "decisions-affected");
    assert!(walk.answer(triage, 'y'));
    assert!(!walk.answer(triage, 'y') && !walk.unsure(triage, &policy), "nothing is asked any more");
    assert!(walk.back());
    assert_eq!(walk, before);
}

#[test]
fn the_path_is_in_words() {
    let policy = read(DATA);
    let triage = policy.triage.as_ref().unwrap();
    let mut walk = Walk::default();
    walk.answer(triage, 'n');
    walk.unsure(triage, &policy);
    let path = walk.path(triage);
    assert_eq!(path.len(), 2);
    assert!(path[0].0.ends_with('?') && path[0].1 == "no", "{path:?}");
    assert_eq!(path[1].1, "unsure, taken as yes");
}

#[test]
fn yes_and_no_have_keys_and_other_answers_their_own() {
    let policy = read(PIPELINE);
    let triage = policy.triage.as_ref().unwrap();
    let keys = |index: usize| {
        let answers = Walk::answers(&triage.questions[index]);
        answers.iter().map(|answer| format!("{} {}", answer.key, answer.say)).collect::<Vec<_>>()
    };
    assert_eq!(keys(0), ["y yes", "n no"]);
    assert_eq!(keys(1), ["1 all are down", "2 some are down", "3 all run"]);
}

#[test]
fn a_walk_survives_being_saved_and_questions_that_changed() {
    let policy = read(DATA);
    let triage = policy.triage.as_ref().unwrap();
    let mut walk = Walk::default();
    walk.answer(triage, 'n');
    let saved = serde_json::to_string(&walk).unwrap();
    assert_eq!(serde_json::from_str::<Walk>(&saved).unwrap(), walk);
    let other = read(PIPELINE).triage.unwrap();
    assert_eq!(walk.question(&other).unwrap().id, "data-lost", "what no longer fits is left out");
    assert_eq!(walk.path(&other), []);
}

#[test]
fn questions_that_point_in_a_circle_still_end() {
    let next = |id: &str| Some(Outcome { next: Some(id.to_owned()), ..Outcome::default() });
    let question = |id: &str, to: &str| Question {
        id: id.into(),
        ask: "?".into(),
        help: String::new(),
        yes: next(to),
        no: next(to),
        answers: Vec::new(),
    };
    let triage = Triage { questions: vec![question("a", "b"), question("b", "a")], ..Triage::default() };
    let policy = read(DATA);
    let mut walk = Walk::default();
    assert!(walk.answer(&triage, 'y') && walk.unsure(&triage, &policy));
    assert_eq!((walk.question(&triage), walk.proposal(&triage, &policy)), (None, None));
}

/// The rank of the gravest severity that any answers from here can lead to, found by trying them all.
fn gravest(walk: &Walk, triage: &Triage, policy: &Policy) -> u8 {
    let Some(question) = walk.question(triage) else { return rank(walk, triage, policy) };
    let ways = Walk::answers(question).into_iter().map(|answer| {
        let mut walk = walk.clone();
        assert!(walk.answer(triage, answer.key));
        gravest(&walk, triage, policy)
    });
    ways.min().expect("a question has answers")
}

fn rank(walk: &Walk, triage: &Triage, policy: &Policy) -> u8 {
    let proposal = walk.proposal(triage, policy).expect("a finished walk proposes something");
    let ranks: Vec<u8> = proposal.levels.iter().map(|name| policy.level(name).unwrap().rank).collect();
    assert!(ranks.is_sorted(), "the graver first: {ranks:?}");
    ranks[0]
}

/// An answer of a question at `at` of `count`: levels, a way further down, or just on.
fn outcome(at: usize, count: usize) -> impl Strategy<Value = Outcome> {
    let levels = prop_oneof![
        2 => Just(vec![]),
        3 => (0..LEVELS.len()).prop_map(|rank| vec![LEVELS[rank].to_owned()]),
        1 => (0..LEVELS.len() - 1).prop_map(|rank| vec![LEVELS[rank].to_owned(), LEVELS[rank + 1].to_owned()]),
    ];
    let next = prop::option::weighted(0.3, at + 1..count.max(at + 1) + 1);
    (levels, next).prop_map(move |(levels, next)| {
        let next = next.filter(|next| *next < count).map(|next| format!("q{next}"));
        Outcome { levels, next, then: String::new() }
    })
}

fn question(at: usize, count: usize) -> impl Strategy<Value = Question> {
    prop::collection::vec(outcome(at, count), 2..5).prop_map(move |outcomes| {
        let answers = outcomes.into_iter().zip("abcd".chars());
        let answer = |(outcome, key): (Outcome, char)| Answer { key, say: key.to_string(), outcome };
        Question {
            id: format!("q{at}"),
            ask: "?".into(),
            help: String::new(),
            yes: None,
            no: None,
            answers: answers.map(answer).collect(),
        }
    })
}

/// Questions that `warroom policy check` accepts: `next` points forward and there is an `otherwise`.
fn triage(mode: Mode) -> impl Strategy<Value = Triage> {
    (1_usize..6).prop_flat_map(move |count| {
        let questions: Vec<_> = (0..count).map(|at| question(at, count).boxed()).collect();
        questions.prop_map(move |questions| {
            let otherwise = Outcome { levels: vec!["P3".into()], ..Outcome::default() };
            Triage { mode, assess: Vec::new(), questions, otherwise: Some(otherwise) }
        })
    })
}

fn any_triage() -> impl Strategy<Value = Triage> {
    prop_oneof![triage(Mode::First), triage(Mode::Gravest)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_answers_end_with_a_level_of_the_policy(triage in any_triage(), keys in prop::collection::vec(0..5_usize, 8)) {
        let policy = read(DATA);
        let mut walk = Walk::default();
        for choice in keys {
            let Some(question) = walk.question(&triage) else { break };
            let answers = Walk::answers(question);
            let done = match answers.get(choice) {
                Some(answer) => walk.answer(&triage, answer.key),
                None => walk.unsure(&triage, &policy),
            };
            prop_assert!(done);
        }
        prop_assert_eq!(walk.question(&triage), None);
        let proposal = walk.proposal(&triage, &policy).unwrap();
        prop_assert!(!proposal.levels.is_empty());
        prop_assert!(proposal.levels.iter().all(|level| LEVELS.contains(&level.as_str())));
        prop_assert_eq!(walk.path(&triage).len(), proposal.why.split("; ").count());
    }

    #[test]
    fn unsure_leads_at_least_as_far_up_as_any_certain_answer(
        triage in any_triage(),
        keys in prop::collection::vec(0..4_usize, 0..4),
    ) {
        let policy = read(DATA);
        let mut walk = Walk::default();
        for choice in keys {
            let Some(question) = walk.question(&triage) else { break };
            let answers = Walk::answers(question);
            walk.answer(&triage, answers[choice % answers.len()].key);
        }
        let best = gravest(&walk, &triage, &policy);
        while walk.question(&triage).is_some() {
            prop_assert!(walk.unsure(&triage, &policy));
            prop_assert_eq!(gravest(&walk, &triage, &policy), best, "nothing graver was given up");
        }
        prop_assert_eq!(rank(&walk, &triage, &policy), best);
    }

    #[test]
    fn on_the_shipped_card_one_unsure_is_never_milder_than_any_answer(
        keys in prop::collection::vec(0..4_usize, 5),
        doubt in 0..5_usize,
        other in 0..4_usize,
    ) {
        let policy = read(PIPELINE);
        let triage = policy.triage.as_ref().unwrap();
        let walked = |unsure: bool| {
            let mut walk = Walk::default();
            for (at, choice) in keys.iter().enumerate() {
                let answers = Walk::answers(walk.question(triage).unwrap());
                let choice = if at == doubt { other } else { *choice };
                match unsure && at == doubt {
                    true => walk.unsure(triage, &policy),
                    false => walk.answer(triage, answers[choice % answers.len()].key),
                };
            }
            rank(&walk, triage, &policy)
        };
        prop_assert!(walked(true) <= walked(false));
    }
}
