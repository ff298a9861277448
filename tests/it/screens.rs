//! What people see, kept as snapshots: every screen, every layer, every theme; and that no key and no size breaks it.

mod shaken;
mod styled;

use insta::assert_snapshot;
use warroom::incident::command::RoleCommand;
use warroom::incident::event::SentUpdate;
use warroom::incident::words::{Status, Word};
use warroom::incident::{Command, Span};
use warroom::tui::app::Input;
use warroom::tui::screens::home::{Home, Past, Summary};

use crate::door::{Door, Log, corruption, start};

/// The corruption incident on a screen of this size.
fn room(size: (u16, u16)) -> Door {
    Door::room(size, corruption)
}

/// What it looks like after these keys.
fn shown(size: (u16, u16), keys: &str) -> String {
    room(size).keys(keys).screen()
}

fn summary(number: u32, title: &str, status: Status) -> Summary {
    let declared = start() - Span::from_mins(i64::from(50 - number) * 90);
    Summary {
        reference: format!("01JZ{number:022}"),
        number,
        title: title.into(),
        severity: Some("P1".into()),
        status,
        drill: number == 41,
        private: false,
        declared,
        last: declared + Span::from_mins(7),
        commander: (number != 41).then(|| "alice".into()),
        entries: 12,
        problem: (number == 39).then(|| "line 7 is damaged".into()),
        follow_ups: Vec::new(),
        waits: warroom::tui::screens::home::Waits::default(),
    }
}

fn home_with_incidents(size: (u16, u16)) -> Door {
    let mut door = Door::home(size);
    let mine = vec![
        summary(38, "nulls in billing", Status::Closed),
        summary(39, "late loads", Status::Resolved),
        summary(41, "restore the orders table", Status::Triage),
        summary(42, "orders: prices x100", Status::Diagnosing),
    ];
    let past = |slug: &str, title: &str, about: &str| Past {
        slug: slug.into(),
        title: title.into(),
        about: about.into(),
        span: Span::from_hours(23),
        entries: 120,
    };
    let past = vec![
        past("github-2018-10-21", "GitHub: two primaries", "43 seconds without a network, a day of repair."),
        past("gitlab-2017-01-31", "GitLab: data loss", "A directory removed on the wrong host."),
    ];
    door.input(Input::Listed(Box::new(Home::new(mine, past))));
    door
}

#[test]
fn home() {
    assert_snapshot!("home_first_day", Door::home((80, 24)).screen());
    assert_snapshot!("home_with_incidents", home_with_incidents((80, 24)).screen());
    assert_snapshot!("home_with_incidents_wide", home_with_incidents((140, 30)).screen());
}

#[test]
fn declaring() {
    assert_snapshot!("declare", Door::home((80, 24)).keys("d").screen());
    assert_snapshot!("declare_filled_in", Door::home((80, 24)).keys("dprices x100<tab>corr<tab>").screen());
    let mut door = Door::home((100, 30));
    door.keys("dprices x100<enter>");
    assert_eq!(door.entries().len(), 2, "the declaration and the commander: {}", door.screen());
    assert_snapshot!("declared_just_now", door.wait(Span::from_secs(2)).screen());
}

#[test]
fn the_room_at_every_size() {
    for (columns, lines) in [(60, 16), (80, 24), (100, 30), (120, 40), (200, 50)] {
        assert_snapshot!(format!("room_{columns}x{lines}"), room((columns, lines)).screen());
    }
}

#[test]
fn every_pane_zoomed_and_beside_the_timeline() {
    for (digit, name) in [(1, "timeline"), (2, "checklist"), (3, "roles"), (4, "update")] {
        assert_snapshot!(format!("zoom_{name}"), shown((80, 24), &format!("{digit}z")));
        assert_snapshot!(format!("narrow_{name}"), shown((80, 24), &format!("{digit}")));
    }
}

#[test]
fn the_scribe_line_shows_what_it_understood() {
    for (name, keys) in [
        ("plain", "irestarted the loader"),
        ("ago", "i-7m !decision pause the loads"),
        ("asks", "i23:10 the first wrong price"),
        ("asked", "i23:10 the first wrong price<enter>"),
    ] {
        assert_snapshot!(format!("scribe_{name}"), shown((80, 24), keys));
    }
}

#[test]
fn a_paste_of_many_lines_is_a_backfill() {
    let mut door = room((100, 30));
    door.keys("i")
        .paste("13:36 deploy 4711\n13:40 ?prices look wrong\nand a line without a time\n25:99 odd\n");
    assert_snapshot!("backfill", door.screen());
}

#[test]
fn layers() {
    for (name, keys) in [
        ("help", "?"),
        ("help_searched", "?sev"),
        ("palette", "<ctrl-p>"),
        ("palette_searched", "<ctrl-p>tick"),
        ("command_line", ":sev"),
        ("severity", "s"),
        ("status", "p"),
        ("timers", "t"),
        ("attach", "A"),
        ("roles_pick", "r"),
        ("link", "L"),
        ("kinds", "f"),
        ("entry", "kk<enter>"),
        ("correct", "k<ctrl-p>correct<enter>"),
        ("step", "2<enter>"),
        ("skip", "2x"),
        ("assign_step", "2@"),
        ("assign_role", "3<enter>"),
        ("filter", "/price"),
    ] {
        assert_snapshot!(format!("layer_{name}"), shown((80, 24), keys));
    }
}

#[test]
fn an_update_is_composed_previewed_and_sent() {
    let mut door = room((100, 30));
    door.keys("u");
    assert_snapshot!("update_composing", door.screen());
    door.keys("<ctrl-s>");
    assert_snapshot!("update_with_gaps", door.screen());
    let mut door = room((100, 30));
    door.keys("uAll loads are paused.<enter><enter><ctrl-s>");
    assert_snapshot!("update_preview", door.screen());
    door.keys("<enter>no time<enter>");
    assert_snapshot!("update_sent", door.screen());
    let kinds: Vec<String> = door.events(10);
    assert!(kinds[0].starts_with(r#"{"update":{"sent":{"audience":"internal""#), "{kinds:?}");
    let deliveries =
        ["requested", "attempted", "confirmed"].map(|kind| format!(r#"{{"delivery":{{"{kind}""#));
    assert!(deliveries.iter().zip(&kinds[1..]).all(|(begins, kind)| kind.starts_with(begins)), "{kinds:?}");
}

#[test]
fn a_replay_at_both_sizes() {
    for (columns, lines) in [(80, 24), (120, 40)] {
        let mut door = room((columns, lines));
        door.replay();
        assert_snapshot!(format!("replay_start_{columns}x{lines}"), door.screen());
        door.keys("....<space>").wait(Span::from_secs(5));
        assert_snapshot!(format!("replay_playing_{columns}x{lines}"), door.screen());
    }
}

#[test]
fn as_known_at_an_entry_shows_what_was_known_then() {
    let mut door = room((100, 30));
    assert!(door.screen().contains("finance was told"));
    door.keys("gjjjK");
    let shown = door.screen();
    assert!(shown.contains("REPLAY") && !shown.contains("finance was told"), "{shown}");
    assert_snapshot!("as_known", shown);
    door.keys("<esc>");
    assert!(door.screen().contains("finance was told"), "{}", door.screen());
}

#[test]
fn a_screen_that_is_too_small_says_what_it_needs() {
    assert_snapshot!("too_small_40x10", room((40, 10)).screen());
    assert_snapshot!("too_small_12x3", room((12, 3)).screen());
    assert_snapshot!("home_too_small_30x8", Door::home((30, 8)).screen());
}

#[test]
fn what_is_not_saved_is_said_and_nothing_typed_is_lost() {
    let mut door = room((80, 24));
    door.broken = Some("no space left on the device".into());
    door.keys("irestarted the loader<enter>and the second<enter>");
    assert_snapshot!("not_saved", door.screen());
    door.keys("<esc>q");
    assert_snapshot!("not_saved_leaving", door.screen());
    let drafts = door.app.drafts().unwrap().1;
    let texts: Vec<&str> = drafts.unsaved.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["restarted the loader", "and the second"]);
    door.broken = None;
    door.keys("<esc>").wait(Span::from_secs(2));
    assert!(door.screen().contains("saved again"), "{}", door.screen());
    assert!(door.screen().contains("and the second"), "{}", door.screen());
}

#[test]
fn damage_is_said_and_does_not_stop_the_room() {
    let mut door = room((80, 24));
    door.input(Input::Damage("the journal is damaged at line 7, byte 512: 1 entry is not shown".into()));
    assert_snapshot!("damaged", door.screen());
}

/// An incident whose clocks have run out, with a playbook that has time boxes.
fn overdue(log: &mut Log) {
    corruption(log);
    let paths = warroom::config::Paths { config: "/n".into(), data: "/n".into(), state: "/n".into() };
    let playbook = warroom::config::shipped::playbook(&paths, "data-loss").unwrap();
    let at = start() - Span::from_mins(25);
    log.order("alice", Command::Attach(playbook), at);
    let role =
        |role: &str, who: &str| Command::Role(RoleCommand::Assign { role: role.into(), who: who.into() });
    log.order("alice", role("scribe", "alice"), at);
    let (audience, body) = ("internal".into(), "prices are wrong".into());
    let next = Some(start() - Span::from_mins(5));
    log.order(
        "alice",
        Command::Update(SentUpdate {
            audience,
            word: Word::Investigating,
            body,
            next,
            approved_by: None,
            proposal: None,
            overrides: Vec::new(),
        }),
        at,
    );
}

#[test]
fn s3_1_clocks_that_ran_out_are_loud() {
    for (columns, lines) in [(80, 24), (140, 40)] {
        let mut door = Door::room((columns, lines), overdue);
        assert_snapshot!(format!("overdue_said_{columns}x{lines}"), door.screen());
        assert_snapshot!(format!("overdue_{columns}x{lines}"), door.wait(Span::from_secs(30)).screen());
    }
    assert_snapshot!(
        "overdue_timers",
        Door::room((80, 24), overdue).wait(Span::from_secs(9)).keys("t").screen()
    );
}

#[test]
fn a_drill_and_an_incident_that_is_over_say_so() {
    let mut door = Door::home((100, 30));
    door.keys("drestore the table<shift-tab><shift-tab><right><enter>").wait(Span::from_secs(3));
    assert!(door.screen().contains("DRILL"), "{}", door.screen());
    assert_snapshot!("drill", door.screen());
    let mut door = Door::room((80, 24), |log| {
        corruption(log);
        let command = Command::Status { to: Status::Resolved, reason: "counts match".into() };
        log.order("alice", command, start());
    });
    assert_snapshot!("resolved", door.wait(Span::from_mins(90)).screen());
}

#[test]
fn undo_takes_back_one_act_after_the_other() {
    let mut door = room((100, 30));
    door.keys("2<space>j<space>1kkxwrong host<enter>");
    let acts = door.entries().len();
    assert_eq!(acts, 13, "two ticks and a retraction: {}", door.screen());
    door.keys("UUU");
    let kinds: Vec<String> = door.events(acts).iter().map(|event| event.chars().take(60).collect()).collect();
    assert!(kinds[0].starts_with(r#"{"note":{"restored""#), "{kinds:?}");
    assert_eq!(door.events(acts).iter().filter(|event| event.contains("reopened")).count(), 2, "{kinds:?}");
    assert!(door.keys("U").screen().contains("nothing of yours to undo"), "{}", door.screen());
}

#[test]
fn looking_back_at_earlier_lines_does_not_lose_what_is_typed() {
    let mut door = room((80, 24));
    door.keys("iearlier<enter>half a sen<up>");
    assert!(door.screen().contains("> earlier"), "{}", door.screen());
    assert_eq!(door.app.drafts().unwrap().1.scribe, "half a sen");
    assert!(door.keys("<down>").screen().contains("> half a sen"), "{}", door.screen());
}

#[test]
fn what_is_typed_into_a_question_survives_esc_and_a_crash() {
    let mut door = room((100, 30));
    door.keys("s").keys("0<enter>customers see it<esc><esc>");
    let drafts = door.app.drafts().unwrap().1;
    assert!(drafts.asked.values().any(|text| text == "customers see it"), "{drafts:?}");
    door.keys("s0<enter>");
    assert!(door.screen().contains("customers see it"), "{}", door.screen());
    door.keys("<enter>");
    assert!(door.events(0).last().unwrap().contains("customers see it"), "{:?}", door.events(0).last());
    assert!(door.app.drafts().unwrap().1.asked.is_empty(), "it was used");
}
