//! Help me decide, the guards on the status, and what a private incident keeps to itself.

mod command_line;
mod declare;
mod guards;
mod private;
mod severity;

use warroom::config::{Paths, shipped};
use warroom::incident::Command;
use warroom::tui::actions::{Action, RoomAction};
use warroom::tui::layers::triage;

use crate::desk::{Desk, SIZES};

fn paths() -> Paths {
    Paths { config: "/nowhere/config".into(), data: "/nowhere/data".into(), state: "/nowhere/state".into() }
}

/// A desk in the room of an incident with this policy.
fn desk(policy: &str) -> Desk {
    let mut desk = Desk::new();
    desk.order(Command::Pin(shipped::pinned_policy(&paths(), &[policy]).unwrap()));
    desk
}

/// The questions, opened.
fn asked(policy: &str) -> Desk {
    let mut desk = desk(policy);
    open(&mut desk);
    desk
}

fn open(desk: &mut Desk) {
    let layer = triage::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
}

/// Questions and answers of the newest triage.
fn answers(desk: &Desk) -> Vec<(String, String)> {
    let newest = desk.incident().assessments.last().expect("a triage");
    newest.answers.iter().map(|answer| (answer.question.clone(), answer.answer.clone())).collect()
}

fn severity(desk: &Desk) -> (Option<&str>, Option<&str>) {
    let turn = desk.incident().severities.last();
    (desk.incident().severity.as_deref(), turn.map(|turn| turn.reason.as_str()))
}

#[test]
fn s1_5_three_keys_lead_through_the_tree_to_a_severity_with_its_path_as_the_reason() {
    let mut desk = asked("data");
    assert!(desk.screen(80, 24).contains("Was data exposed"), "{}", desk.screen(80, 24));
    desk.type_keys("ny");
    let shown = desk.screen(80, 24);
    assert!(
        shown.contains("P0") && shown.contains("P1 high") && shown.contains("At once: page the data team"),
        "{shown}"
    );
    desk.type_keys("<enter>");
    assert_eq!(severity(&desk), (Some("P0"), Some("breach? no; decisions affected? yes")));
    let answers = answers(&desk);
    assert_eq!(answers[1], ("Does production decide on this data?".to_owned(), "yes".to_owned()));
    assert!(desk.layers.is_empty());
}

#[test]
fn s1_5_of_two_severities_a_person_takes_the_milder_with_the_arrows_and_a_reason_of_their_own() {
    let mut desk = asked("data");
    desk.type_keys("ny<down><tab><ctrl-u>one report, no payment<enter>");
    assert_eq!(severity(&desk), (Some("P1"), Some("one report, no payment")));
}

#[test]
fn s1_5_nobody_knows_means_the_higher_one() {
    let mut desk = asked("data");
    desk.type_keys("-<enter>");
    assert_eq!(severity(&desk), (Some("P0"), Some("breach? unsure, taken as yes")));
}

#[test]
fn s1_5_back_takes_the_last_answer_back() {
    let mut desk = asked("data");
    desk.type_keys("nn<backspace><left>");
    assert!(desk.screen(80, 24).contains("Was data exposed"), "{}", desk.screen(80, 24));
    desk.type_keys("nnnn<left>y<enter>");
    assert_eq!(severity(&desk).0, Some("P2"));
}

#[test]
fn s1_5_the_assessment_is_answered_in_words_at_any_time() {
    let mut desk = asked("data");
    desk.type_keys("n<tab>orders, 13:00-14:00, y rows<enter>finance<shift-tab><shift-tab>y<enter>");
    let answers = answers(&desk);
    assert!(
        answers.contains(&("Which data is affected?".into(), "orders, 13:00-14:00, y rows".into())),
        "{answers:?}"
    );
    assert!(answers.contains(&("Who feels it?".into(), "finance".into())), "{answers:?}");
    // The next triage begins with what is known.
    open(&mut desk);
    assert!(desk.screen(80, 24).contains("orders, 13:00-14:00"), "{}", desk.screen(80, 24));
}

#[test]
fn s1_5_words_alone_are_kept_without_a_severity() {
    let mut desk = asked("data");
    desk.type_keys("<tab>orders<ctrl-s>");
    assert_eq!((severity(&desk).0, answers(&desk).len()), (None, 1));
    open(&mut desk);
    desk.type_keys("<tab><ctrl-u><ctrl-s>");
    assert!(desk.screen(80, 24).contains("no question was answered"), "{}", desk.screen(80, 24));
}

#[test]
fn s1_5_the_same_severity_keeps_only_the_answers() {
    let mut desk = asked("data");
    desk.order(Command::Severity { to: "P1".into(), reason: String::new() });
    desk.type_keys("nny");
    assert!(desk.screen(80, 24).contains("now"), "{}", desk.screen(80, 24));
    desk.type_keys("<enter>");
    assert_eq!((desk.incident().severities.len(), desk.incident().assessments.len()), (1, 1));
}

#[test]
fn s1_5_a_triage_that_was_left_goes_on_where_it_was() {
    let mut desk = asked("data");
    desk.type_keys("n<tab>orders");
    let (question, text) = desk.layers[0].kept().expect("something to keep");
    desk.type_keys("<esc>");
    assert!(desk.layers.is_empty());
    open(&mut desk);
    assert_eq!(desk.layers[0].question().as_ref(), Some(&question));
    assert_eq!(desk.layers[0].kept(), None, "nothing was done here yet");
    desk.layers[0].put_back(&text);
    let shown = desk.screen(80, 24);
    assert!(shown.contains("Does production decide") && shown.contains("orders"), "{shown}");
}

#[test]
fn s1_5_enter_alone_answers_nothing() {
    let mut desk = asked("data");
    desk.type_keys("<enter>");
    assert!(desk.screen(80, 24).contains("press the key of an answer"), "{}", desk.screen(80, 24));
    desk.type_keys("<down><down><enter>");
    assert!(desk.screen(80, 24).contains("Does production decide"), "the second answer is no");
}

#[test]
fn s1_5_a_replay_shows_the_questions_and_changes_nothing() {
    let mut desk = asked("data");
    desk.live = false;
    desk.type_keys("y<enter>");
    assert!(desk.screen(80, 24).contains("a replay cannot be changed"), "{}", desk.screen(80, 24));
    assert_eq!(severity(&desk).0, None);
}

#[test]
fn s3_3_two_axes_are_a_grid_that_the_arrows_walk() {
    let mut desk = asked("service");
    let shown = desk.screen(80, 24);
    for text in ["unavailable", "most users", "[SEV2]", "SEV5", "serious problems x many users"] {
        assert!(shown.contains(text), "{text:?} is missing:\n{shown}");
    }
    desk.type_keys("<up><left><enter>");
    assert_eq!(severity(&desk), (Some("SEV1"), Some("unavailable x most users")));
    assert_eq!(answers(&desk)[1], ("Who feels it?".to_owned(), "most users".to_owned()));
}

#[test]
fn s3_3_unsure_takes_the_graver_neighbour() {
    let mut desk = asked("service");
    desk.type_keys("<right>-<enter>");
    // Serious problems for some users are SEV2; the nearest graver cell is SEV1.
    assert_eq!(severity(&desk), (Some("SEV1"), Some("unsure, taken as unavailable x many users")));
}

#[test]
fn s4_4_every_question_of_the_card_is_asked_and_the_gravest_answer_counts() {
    let mut desk = asked("pipeline");
    desk.type_keys("n33");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("How many messages fail?") && shown.contains("at least SEV-3 already"), "{shown}");
    desk.type_keys("23");
    assert!(desk.screen(80, 24).contains("SEV-2 high"), "{}", desk.screen(80, 24));
    desk.type_keys("<enter>");
    assert_eq!(severity(&desk).0, Some("SEV-2"));
}

#[test]
fn s2_2_the_failure_inventory_is_one_key_away() {
    let mut desk = asked("data");
    desk.type_keys("nf");
    for size in [(80, 24), (120, 40)] {
        let shown = desk.screen(size.0, size.1);
        assert!(shown.contains("the database primary crashes") && shown.contains("twice a year"), "{shown}");
    }
    insta::assert_snapshot!("failures_80x24", desk.screen(80, 24));
    insta::assert_snapshot!("failures_120x40", desk.screen(120, 40));
    desk.type_keys("f");
    assert!(desk.screen(80, 24).contains("Does production decide"), "back where it was");
}

#[test]
fn s1_5_a_policy_that_asks_nothing_says_so_and_offers_its_severities() {
    let mut desk = asked("runbook");
    let shown = desk.screen(80, 24);
    assert!(shown.contains("The policy runbook has no questions") && shown.contains("HIGH"), "{shown}");
    desk.type_keys("<enter>nothing is loaded<enter>");
    assert_eq!(severity(&desk).0, Some("CRITICAL"));
}

#[test]
fn s1_5_it_looks_like_this() {
    for (size, name) in [((80, 24), "80x24"), ((120, 40), "120x40")] {
        let mut desk = asked("data");
        desk.type_keys("n");
        insta::assert_snapshot!(format!("question_{name}"), desk.screen(size.0, size.1));
        desk.type_keys("y");
        insta::assert_snapshot!(format!("proposal_{name}"), desk.screen(size.0, size.1));
        let desk = asked("service");
        insta::assert_snapshot!(format!("axes_{name}"), desk.screen(size.0, size.1));
        let mut desk = asked("pipeline");
        desk.type_keys("n33");
        insta::assert_snapshot!(format!("card_{name}"), desk.screen(size.0, size.1));
    }
}

#[test]
fn s1_5_every_size_holds_it() {
    for policy in ["data", "service", "pipeline"] {
        for keys in ["", "n", "<tab>", "-", "<tab><tab>", "<tab><tab><tab>"] {
            let mut desk = asked(policy);
            desk.type_keys(keys);
            for (columns, lines) in SIZES.into_iter().chain([(40, 12), (120, 40)]) {
                desk.screen(columns, lines);
            }
        }
    }
    let mut small = asked("data");
    small.type_keys("<tab>who knows");
    assert!(small.screen(40, 12).contains("who knows"), "{}", small.screen(40, 12));
}

#[test]
fn s1_5_h_in_the_severities_asks_and_the_action_is_there_too() {
    let mut desk = desk("data");
    let layer = warroom::tui::layers::severity::layer(&desk.ctx(), &desk.scene());
    desk.push(layer);
    desk.type_keys("h");
    assert_eq!(desk.layers.last().map(|layer| layer.name()), Some("triage"));
    let spec = warroom::tui::actions::find(Action::Room(RoomAction::Triage)).expect("it is registered");
    assert_eq!(spec.name, "triage");
}
