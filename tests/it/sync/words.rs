//! The words that ask for something outside: each form works, and what cannot be done says why.

use warroom::outbox::wishes::FORMS;

use super::world::World;

/// A world in which everything is open.
fn open() -> World {
    let mut world = World::declared();
    world.ask("join").answer_all();
    world
}

fn one(line: &str) -> String {
    let mut world = open();
    let before = world.asked().len();
    world.ask(line);
    assert!(world.refused.is_empty(), "{line}: {:?}", world.refused);
    world.asked_since(before).join(" + ")
}

fn refused(world: &mut World, line: &str) -> String {
    world.ask(line);
    world.refused.pop().unwrap_or_else(|| panic!("{line} was not refused: {:?}", world.asked())).to_string()
}

#[test]
fn each_form_asks_for_what_it_says() {
    let forms = [
        // The first notice stands in the one that is there already.
        ("channel adopt #orders", "slack: adopt the channel orders"),
        ("channel topic all hands", "slack: set the topic"),
        ("channel bookmark dash board https://d.example", "slack: bookmark dash board"),
        ("channel invite bob, dana@example.com", "slack: invite bob, dana@example.com"),
        ("channel post the loads are paused", "slack: post"),
        ("channel pin", "slack: pin the post"),
        ("channel notice", "slack: bring the first notice up to date"),
        (
            "page take https://acme.pagerduty.com/incidents/PT4KHLK",
            "pagerduty: take the incident https://acme.pagerduty.com/incidents/PT4KHLK",
        ),
        ("page ack", "pagerduty: acknowledge"),
        ("page note looking at the feed", "pagerduty: note"),
        ("page status prices are wrong", "pagerduty: tell the subscribers"),
        ("page priority", "pagerduty: priority P1"),
        ("page priority P2", "pagerduty: priority P2"),
        ("page add lead engineer: please join", "pagerduty: page lead-engineer"),
        ("page add bob", "pagerduty: page bob"),
        ("page escalate", "pagerduty: page the next rung of the ladder"),
        ("page escalate 2", "pagerduty: page rung 2 of the ladder"),
        ("page resolve", "pagerduty: resolve"),
        ("ticket adopt DATA-7", "jira: adopt the ticket DATA-7"),
        ("ticket comment see the channel", "jira: comment: comment"),
        ("ticket move closed", "jira: move to closed"),
        ("ticket assign bob", "jira: assign to bob"),
        ("ticket attach", "jira: attach orders-prices-x100.md"),
        ("ticket link dashboard https://d.example", "jira: keep the address of dashboard"),
    ];
    for (line, asks) in forms {
        assert_eq!(one(line), asks, "{line}");
    }
    // What is documented is what is understood.
    for form in FORMS.iter().filter(|form| !form.words.contains("listen") && form.words != "join") {
        let verb: Vec<&str> = form.words.split(' ').take(2).collect();
        let tried = forms.iter().any(|(line, _)| line.starts_with(&verb.join(" ")));
        let begins = ["channel open", "page open", "ticket open", "ticket follow-ups"]
            .contains(&verb.join(" ").as_str());
        assert!(tried || begins, "{} is not tried here", form.words);
    }
}

#[test]
fn what_cannot_be_done_says_why_and_what_to_do() {
    let mut world = World::declared();
    for (line, words) in [
        ("channel post hello", "the incident has no channel in Slack: open one: channel open"),
        ("page ack", "the incident has no page in PagerDuty"),
        ("ticket comment hello", "the incident has no ticket in Jira"),
        ("channel frobnicate", "the incident has no channel"),
        ("channel listen loudly", "use one of off, pinned, emoji, all"),
        ("channel @teams post hello", "there is no chat \"teams\""),
        ("page take", "the id or address is missing"),
    ] {
        let why = refused(&mut world, line);
        assert!(why.contains(words), "{line}: {why}");
    }
    let mut world = open();
    for (line, words) in [
        ("channel open", "the incident has a channel in Slack"),
        ("channel frobnicate", "is nothing that can be asked for"),
        ("channel bookmark dashboard", "a name and an address are needed"),
        ("page escalate up", "is no level"),
        ("page add :", "nobody is named"),
        ("ticket follow-ups", "every follow-up has its ticket"),
    ] {
        let why = refused(&mut world, line);
        assert!(why.contains(words), "{line}: {why}");
    }
}

#[test]
fn what_is_typed_cannot_bring_control_characters_out() {
    let mut world = open();
    world.ask("channel post a\u{1b}[31mred\u{202e}tfel");
    let body = &world.act("post").body;
    assert!(!body.contains('\u{1b}') && !body.contains('\u{202e}'), "{body:?}");
}

#[test]
fn the_choice_of_messages_is_the_incidents_own_and_stands_on_its_timeline() {
    let mut world = open();
    world.ask("channel listen all");
    assert_eq!(world.room.outbox().listens("slack").unwrap().name(), "all");
    assert!(world.timeline().last().unwrap().contains("from slack it takes over: all"));
    let pull = world.room.pulls(world.now).into_iter().find(|(name, _)| name == "slack").unwrap().1.unwrap();
    assert_eq!(pull.listen.name(), "all");
}

#[test]
fn names_are_separated_by_commas_or_by_spaces_where_each_is_somebody() {
    let forms = [
        ("page add lead engineer", "pagerduty: page lead-engineer"),
        ("page add Earline Greenholt: please join", "pagerduty: page earline-greenholt"),
        ("page add \"Earline Greenholt\", bob", "pagerduty: page earline-greenholt, bob"),
        ("page add bob carol", "pagerduty: page bob, carol"),
        ("page add PABC123 bob", "pagerduty: page pabc123, bob"),
        ("channel invite bob carol", "slack: invite bob, carol"),
        ("channel invite dana@example.com bob", "slack: invite dana@example.com, bob"),
    ];
    for (line, asks) in forms {
        assert_eq!(one(line), asks, "{line}");
    }
}
