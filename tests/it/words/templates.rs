//! Each shipped template against a made-up incident, and what becomes of a template with a mistake (rows S1.8, S4.6,
//! S4.13, B7).

use warroom::config::{Paths, templates};
use warroom::incident::event::{
    AskEvent, DecisionEvent, Event, FollowUpEvent, Harm, IncidentEvent, NoteEvent, Outcome, StepAct,
};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Word;
use warroom::report::check::check;
use warroom::report::update::fields::{FIELDS, Fields, listing};
use warroom::report::update::{self, Kind, Message, SHIPPED, Template, placeholders};

use super::world::{World, at, prices, resolved};

fn paths(home: &std::path::Path) -> Paths {
    Paths { config: home.join("config"), data: home.join("data"), state: home.join("state") }
}

fn own(name: &str, text: &str) -> Template {
    Template { name: name.into(), text: text.into(), place: format!("templates/{name}.md") }
}

#[test]
fn s4_6_a_first_notice_is_filled_in() {
    insta::assert_snapshot!("first_notice", prices().draft("internal", Word::Investigating));
}

#[test]
fn s1_8_an_internal_update_is_filled_in() {
    let mut world = prices();
    world.send("internal", Word::Investigating, None);
    insta::assert_snapshot!("internal", world.draft("internal", Word::Investigating));
}

#[test]
fn s4_13_a_pipeline_update_is_filled_in() {
    let mut world = prices();
    let audience = world.policy.audiences.iter_mut().find(|audience| audience.name == "internal");
    audience.unwrap().template = "pipeline".into();
    let message =
        Message { kind: Kind::Update, ..world.message("internal", Word::Investigating, Some(at("15:02"))) };
    insta::assert_snapshot!("pipeline", world.drafted(message));
}

#[test]
fn s4_13_executives_get_a_short_update() {
    insta::assert_snapshot!("executive", prices().draft_as(Kind::Update, "executive", Word::Investigating));
}

#[test]
fn s1_8_a_team_gets_a_notice_about_its_own_data() {
    let world = prices();
    let notice = world.draft("team/analytics", Word::Investigating);
    insta::assert_snapshot!("stakeholder", notice);
    assert!(!notice.contains("refunds"), "finance's data is for finance");
    assert!(world.draft("team/finance", Word::Investigating).contains("- refunds"));
    assert!(notice.contains("Back, as we estimate: 17:00 UTC"), "an estimate is for insiders");
}

#[test]
fn s1_8_a_team_is_told_when_its_data_is_good_again() {
    insta::assert_snapshot!(
        "stakeholder_usable",
        resolved().draft_as(Kind::Update, "team/analytics", Word::Monitoring)
    );
}

#[test]
fn s4_13_customers_get_no_names_and_no_promise() {
    let draft = prices().draft("customers", Word::Investigating);
    insta::assert_snapshot!("customers", draft);
    for ours in ["alice", "Alice", "bob", "#inc-42", "meet.example", "orders", "refunds", "17:00", "backup"] {
        assert!(!draft.contains(ours), "{ours} in {draft}");
    }
}

#[test]
fn s4_13_customers_get_a_resolution_of_their_own() {
    insta::assert_snapshot!("customers_resolved", resolved().draft("customers", Word::Resolved));
}

#[test]
fn s4_13_a_resolution_is_filled_in() {
    let world = resolved();
    let message = world.message("internal", Word::Resolved, None);
    insta::assert_snapshot!("resolution", world.drafted(message));
}

#[test]
fn s4_13_a_can_report_is_filled_in() {
    let mut world = prices();
    world.now = at("14:45");
    world.note(NoteKind::Note, "need: somebody who knows the billing export");
    insta::assert_snapshot!("can", world.draft_as(Kind::Can, "executive", Word::Investigating));
}

#[test]
fn b7_what_the_log_does_not_say_is_left_to_a_person() {
    let world = World::new("late data", |what| what.drill = true);
    for (audience, kind) in [
        ("internal", Kind::FirstNotice),
        ("internal", Kind::Update),
        ("team/x", Kind::Update),
        ("executive", Kind::Can),
    ] {
        let draft = world.draft_as(kind, audience, Word::Investigating);
        assert!(placeholders(&draft).contains(&"[severity: …]"), "{draft}");
        assert!(draft.contains("DRILL: late data"), "{draft}");
        assert!(!draft.contains("\n\n\n"), "{draft}");
    }
    assert!(world.draft("customers", Word::Investigating).contains("DRILL"));
}

#[test]
fn s1_8_the_status_and_the_next_update_can_be_restated_in_every_draft() {
    let world = resolved();
    for audience in ["internal", "executive", "customers", "team/analytics"] {
        for word in Word::ALL {
            let draft = world.draft(audience, word);
            assert_eq!(update::stated(&draft, update::STATUS_LINE), Some(word.name()), "{draft}");
            assert_eq!(update::stated(&draft, update::NEXT_LINE), Some("16:39 UTC"), "{draft}");
        }
    }
}

/// A draft that a person has filled in must not be doubted for what the template itself says.
#[test]
fn b7_the_shipped_words_pass_their_own_checks() {
    for (world, words) in [(prices(), &Word::ALL[..4]), (resolved(), &Word::ALL[4..])] {
        for audience in ["internal", "executive", "customers", "team/analytics"] {
            for word in words {
                let message = world.message(audience, *word, Some(at("17:00")));
                let template = Template::shipped(message.template()).unwrap();
                let body = message.draft(&template, world.spoken()).body;
                let found: Vec<_> =
                    check(&body, &message.about()).into_iter().map(|found| found.check).collect();
                assert!(
                    found.iter().all(|check| *check == "placeholders"),
                    "{audience} {word}: {found:?}\n{body}"
                );
            }
        }
    }
}

#[test]
fn b7_a_private_incident_tells_outsiders_nothing_of_itself() {
    let mut world = World::new("salaries readable by everybody", |what| what.private = true);
    world.impact("hr.salaries", Harm::Exposed, |_| {});
    world.note(NoteKind::Finding, "impact: everybody can read it");
    let draft = world.draft("customers", Word::Investigating);
    assert!(!draft.contains("salar") && !draft.contains("everybody"), "{draft}");
    assert!(draft.contains("[the effect, in your readers' words: …]"), "{draft}");
    let inside = world.draft_as(Kind::Update, "internal", Word::Investigating);
    assert!(
        inside.contains("private incident") && !inside.contains("readable"),
        "no title in a channel: {inside}"
    );
}

#[test]
fn b7_retyped_and_private_later_is_private_at_once() {
    let mut world = prices();
    world.by("alice", Event::Incident(IncidentEvent::Private { on: true, reason: String::new() }));
    assert!(!world.draft("executive", Word::Investigating).contains("prices x100"));
}

#[test]
fn s4_13_every_field_is_documented() {
    let fields = serde_json::to_value(Fields::default()).unwrap();
    let mut names: Vec<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
    let mut documented: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    documented.sort_unstable();
    assert_eq!(names, documented);
    assert!(FIELDS.iter().all(|(_, meaning)| !meaning.is_empty()));
    let listed = listing();
    assert!(documented.iter().all(|name| listed.lines().any(|line| line.starts_with(name))), "{listed}");
    assert!(listed.contains("bullets(what, most)"), "{listed}");
}

#[test]
fn s4_13_the_shipped_templates_have_no_mistakes() {
    for (name, _) in SHIPPED {
        assert_eq!(Template::shipped(name).unwrap().check(), Ok(()));
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/templates");
    let mut files: Vec<String> =
        folder.read_dir().unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let mut shipped: Vec<String> = SHIPPED.iter().map(|(name, _)| format!("{name}.md")).collect();
    files.sort();
    shipped.sort();
    assert_eq!(files, shipped);
}

#[test]
fn s4_13_a_mistake_is_told_with_its_place_and_the_nearest_name() {
    let wrong = |text: &str| own("internal", text).check().unwrap_err();
    assert_eq!(
        wrong("fine\n{{ severty }}"),
        "templates/internal.md, line 2: there is no field `severty`; did you mean `severity`?"
    );
    assert!(
        wrong("{% if drill %}{{ tittle }}{% endif %}").contains("did you mean `title`"),
        "in a branch too"
    );
    let filter = wrong("a\nb\n{{ know | bulets }}");
    assert!(filter.contains("line 3") && filter.contains("did you mean `bullets`?"), "{filter}");
    for broken in
        ["{{ title", "{% if drill %}", "x\n{% for %}", "{{ title.x }}", "{% include \"internal\" %}"]
    {
        let why = wrong(broken);
        assert!(why.starts_with("templates/internal.md"), "{why}");
    }
}

#[test]
fn s4_13_a_broken_template_gives_way_to_the_shipped_one_and_says_so() {
    let world = prices();
    let message = Message { kind: Kind::Update, ..world.message("internal", Word::Investigating, None) };
    let draft = message.draft(&own("internal", "{{ know.x }}"), world.spoken());
    let shipped = message.draft(&Template::shipped("internal").unwrap(), world.spoken());
    assert_eq!(draft.body, shipped.body);
    assert!(draft.trouble.unwrap().contains("the shipped template is used"));
}

#[test]
fn s4_13_a_file_of_ones_own_takes_the_place_of_the_shipped_one() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(home.path());
    let folder = paths.config.join("templates");
    std::fs::create_dir_all(&folder).unwrap();
    assert_eq!(templates::template(&paths, "can"), Ok(Template::shipped("can").unwrap()));
    std::fs::write(folder.join("can.md"), "CAN {{ title }}").unwrap();
    std::fs::write(folder.join("finance.md"), "{{ tittle }}").unwrap();
    assert_eq!(templates::template(&paths, "can").unwrap().text, "CAN {{ title }}");
    let names = templates::template_names(&paths);
    assert!(names.contains(&"finance".to_owned()) && names.len() == SHIPPED.len() + 1, "{names:?}");
    let (used, trouble) = templates::usable(&paths, "finance", "internal");
    assert_eq!(used.name, "internal");
    let trouble = trouble.unwrap();
    assert!(trouble.contains("finance.md, line 1") && trouble.contains("did you mean `title`?"), "{trouble}");
    let none = templates::template(&paths, "custmers").unwrap_err();
    assert!(none.contains("did you mean customers?"), "{none}");
    assert!(templates::template(&paths, "../config/templates/can").is_err(), "a name is no path");
    std::fs::write(folder.join("can.md"), "x".repeat(70_000)).unwrap();
    assert!(templates::template(&paths, "can").unwrap_err().contains("longer than 64 KiB"));
}

#[test]
fn b7_more_lines_than_a_message_takes_are_counted() {
    let mut world = World::new("many", |_| {});
    for finding in 1..=11 {
        world.note(NoteKind::Finding, &format!("finding {finding}"));
    }
    let draft = world.draft_as(Kind::Update, "internal", Word::Investigating);
    assert!(draft.contains("- (3 earlier, in the log)\n- finding 4\n"), "{draft}");
    assert!(draft.contains("- finding 11") && !draft.contains("- finding 3\n"), "{draft}");
}

#[test]
fn b7_late_answers_and_open_decisions_are_needs() {
    let mut world = prices();
    world.now = at("14:50");
    let draft = world.draft_as(Kind::Can, "executive", Word::Investigating);
    assert!(draft.contains("- an answer of Bob Ross: check the backups"), "{draft}");
    assert!(draft.contains("under way: Bob Ross: check the backups, was due 14:40 UTC"), "{draft}");
    assert!(draft.contains("- somebody as Scribe, Liaison"), "{draft}");
}

#[test]
fn s4_13_what_is_marked_ticked_and_under_way_speaks() {
    let mut world = World::new("late data", |_| {});
    world.note(NoteKind::Note, "coffee is empty");
    let marked = world.note(NoteKind::Note, "backups of 13:00 are complete");
    world.by("alice", Event::Note(NoteEvent::Marked { target: marked, on: true }));
    world.attach(
        "# Late\n\n## Now\n\n- [ ] Pause the loads\n- [ ] Find the last good row\n- [ ] Tell finance\n",
    );
    world.step(0, StepAct::Ticked);
    world.step(1, StepAct::Started);
    world.step(1, StepAct::Assigned { who: Some("bob".into()) });
    world.step(2, StepAct::Ticked);
    world.step(2, StepAct::Reopened);
    let draft = world.draft_as(Kind::Update, "internal", Word::Investigating);
    let doing = "What we are doing:\n- Pause the loads\n- under way: Find the last good row, bob\n\n";
    assert!(draft.contains("What we know:\n- backups of 13:00 are complete\n\n"), "{draft}");
    assert!(draft.contains(doing), "{draft}");
}

#[test]
fn s4_13_what_was_taken_back_or_taken_up_is_silent() {
    let mut world = World::new("late data", |_| {});
    let ask = world.ask("bob", "count the rows", None);
    world.answer(ask, "12");
    world.by("bob", Event::Ask(AskEvent::Reopened { ask }));
    let decision = world.decide("drop the table", Outcome::Go, None);
    world.by("alice", Event::Decision(DecisionEvent::Reopened { decision }));
    let todo = world.note(NoteKind::Todo, "tell finance");
    world.by("alice", Event::FollowUp(FollowUpEvent::Dismissed { todo, reason: String::new() }));
    for kind in [Kind::Update, Kind::Resolution] {
        let draft = world.draft_as(kind, "internal", Word::Investigating);
        for silent in ["12", "decided: drop", "tell finance"] {
            assert!(!draft.contains(&format!("- {silent}")), "{silent}: {draft}");
        }
    }
}
