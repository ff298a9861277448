//! The decisions: what a command means in a state, or why not and what to do instead.

mod guards;
mod undo;

use warroom::incident::command::{
    Declare, DeliveryCommand, ImpactCommand, PinnedPlaybook, RoleCommand, StepCommand,
};
use warroom::incident::decide::{MAX_TEXT, MAX_TITLE};
use warroom::incident::event::{DataLoss, Declared, FailureClass, Person, SentUpdate};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Status, Word};
use warroom::incident::{Command, Context, EntryId, Event, PersonId, Span, Time, When, decide};

use crate::door::{Log, corruption, policy, start};
use crate::fold::any::{PLAYBOOK, id};

/// What `command` leads to: its events as JSON, one a line, or `why / hint`.
pub fn decided(log: &Log, command: &Command) -> String {
    let policy = policy();
    match decide(
        log.incident(),
        command,
        Context { policy: &policy, now: crate::door::start() + Span::from_hours(1), by: &"alice".into() },
    ) {
        Ok(events) => events.iter().map(Event::to_json).collect::<Vec<_>>().join("\n"),
        Err(refusal) => format!("{} / {}", refusal.why, refusal.hint),
    }
}

#[track_caller]
fn check(log: &Log, command: Command, expected: &str) {
    assert_eq!(decided(log, &command), expected, "{command:?}");
}

pub fn declared() -> Log {
    let mut log = Log::default();
    log.order("alice", declare("orders: prices x100"), start());
    log
}

pub fn declare(title: &str) -> Command {
    let what = Declared { title: title.into(), ..Declared::default() };
    Command::Declare(Declare { what, ..Declare::default() })
}

pub fn small() -> PinnedPlaybook {
    PinnedPlaybook { name: "small".into(), digest: "d1".into(), text: PLAYBOOK.into() }
}

fn ordered(log: &mut Log, commands: impl IntoIterator<Item = Command>) -> &mut Log {
    for command in commands {
        log.order("alice", command, start());
    }
    log
}

fn severity(to: &str, reason: &str) -> Command {
    Command::Severity { to: to.into(), reason: reason.into() }
}

fn status(to: Status, reason: &str) -> Command {
    Command::Status { to, reason: reason.into() }
}

fn assign(role: &str, who: &str) -> Command {
    Command::Role(RoleCommand::Assign { role: role.into(), who: who.into() })
}

fn release(role: &str, who: Option<&str>) -> Command {
    Command::Role(RoleCommand::Release {
        role: role.into(),
        who: who.map(PersonId::new),
        reason: String::new(),
    })
}

fn hand_over(role: &str, to: &str) -> Command {
    Command::Role(RoleCommand::Offer {
        role: role.into(),
        to: to.into(),
        brief: " loads\u{1b}[31m paused ".into(),
    })
}

fn run(log: &Log) -> EntryId {
    log.incident().attached_runs().last().expect("a playbook").id
}

/// The id of the step that begins so.
fn step_id(log: &Log, beginning: &str) -> String {
    let run = log.incident().attached_runs().last().expect("a playbook");
    run.lines().iter().find(|line| line.text.starts_with(beginning)).expect(beginning).id.to_owned()
}

fn step(log: &Log, beginning: &str, act: StepCommand) -> Command {
    Command::Step { run: run(log), step: step_id(log, beginning), act }
}

const NOT_DECLARED: &str = "the incident is not declared yet / declare it first";

#[test]
fn nothing_but_a_declaration_comes_first() {
    for command in [
        Command::Note { kind: NoteKind::Note, text: "x".into() },
        status(Status::Fixing, ""),
        severity("P1", "r"),
        assign("commander", "bob"),
        Command::Attach(small()),
        Command::Restore { target: id(1) },
    ] {
        check(&Log::default(), command, NOT_DECLARED);
    }
}

#[test]
fn declaring_needs_only_a_title() {
    check(
        &Log::default(),
        declare("  orders\u{1b}[31m gone\n"),
        r#"{"incident":{"declared":{"title":"orders gone","status":"alerted"}}}"#,
    );
    check(&Log::default(), declare(" \n"), "the title is empty / say in a few words what is wrong");
    check(
        &Log::default(),
        declare(&"x".repeat(MAX_TITLE + 1)),
        "the title is longer than 200 bytes / shorten it; details go into notes",
    );
    check(
        &declared(),
        declare("again"),
        "the incident is already declared / change its title, severity or status instead",
    );
}

#[test]
fn s1_1_declaring_takes_a_type_a_severity_a_commander_and_a_playbook() {
    let full = |kind: &str, severity: &str, commander: &str| {
        let what =
            Declared { title: "t".into(), kind: Some(kind.into()), drill: true, ..Declared::default() };
        let (severity, commander) = (Some(severity.into()), Some(commander.into()));
        Command::Declare(Declare { what, severity, commander, ..Declare::default() })
    };
    check(
        &Log::default(),
        full("Data Loss", "p0", "@Alice"),
        "{\"incident\":{\"declared\":{\"title\":\"t\",\"kind\":\"data-loss\",\"drill\":true,\"status\":\"alerted\"}}}\n\
         {\"severity\":{\"set\":{\"to\":\"P0\"}}}\n\
         {\"role\":{\"assigned\":{\"role\":\"commander\",\"who\":\"alice\"}}}",
    );
    check(
        &Log::default(),
        full("flood", "P0", ""),
        "there is no incident type \"flood\" / use one of data-loss, data-corruption, data-breach, \
         pipeline-failure, schema-change, quality-degradation, freshness",
    );
    check(
        &Log::default(),
        full("data-loss", "SEV9", ""),
        "there is no severity \"SEV9\" / use one of P0, P1, P2, P3",
    );
}

#[test]
fn facts_about_the_incident_can_change() {
    let mut log = declared();
    let link = |what: &str, url: &str| Command::Link { what: what.into(), url: url.into() };
    check(&log, Command::Retitle { title: "t2".into() }, r#"{"incident":{"retitled":{"title":"t2"}}}"#);
    check(
        &log,
        Command::Retitle { title: String::new() },
        "the title is empty / say in a few words what is wrong",
    );
    check(
        &log,
        Command::Retype { kind: "freshness".into() },
        r#"{"incident":{"retyped":{"kind":"freshness"}}}"#,
    );
    check(&log, link("", "https://x"), "the link has no name / name it, such as bridge or channel");
    check(&log, link("Bridge", ""), "there is no link \"bridge\" / give its address to set it");
    check(
        &log,
        link("Bridge", "https://x"),
        r#"{"incident":{"linked":{"what":"bridge","url":"https://x"}}}"#,
    );
    ordered(&mut log, [link("bridge", "https://x")]);
    check(&log, link("bridge", " "), r#"{"incident":{"unlinked":{"what":"bridge"}}}"#);
}

#[test]
fn notes_are_written_corrected_retracted_and_marked() {
    let mut log = declared();
    let note = |text: &str| Command::Note { kind: NoteKind::Decision, text: text.into() };
    check(&log, note("a\r\nb\u{202e}"), r#"{"note":{"written":{"kind":"decision","text":"a\nb"}}}"#);
    check(&log, note(" \t"), "the note is empty / type what happened");
    check(
        &log,
        note(&"x".repeat(MAX_TEXT + 1)),
        "the text has 64 KiB, more than 64 KiB / attach it as a file, or split it",
    );
    let target = log.order("bob", note("restart"), start())[0].entry.id();
    let correct = |text: &str, at| Command::Correct { target, text: text.into(), at };
    check(&log, correct("", None), "the correction is empty / type the right text, or retract the entry");
    let about = Some(When::about(start()));
    check(
        &log,
        correct("restarted", about),
        &format!(
            r#"{{"note":{{"corrected":{{"target":"{target}","text":"restarted","at":"{}","about":true}}}}}}"#,
            crate::door::START
        ),
    );
    check(&log, Command::Restore { target }, "the entry is not retracted / ");
    ordered(&mut log, [Command::Retract { target, reason: "wrong host".into() }]);
    check(
        &log,
        Command::Retract { target, reason: String::new() },
        "the entry is already retracted / undo brings it back",
    );
    check(
        &log,
        Command::Restore { target },
        &format!(r#"{{"note":{{"restored":{{"target":"{target}"}}}}}}"#),
    );
    check(&log, Command::Mark { target, on: false }, "it is not marked / ");
    ordered(&mut log, [Command::Mark { target, on: true }]);
    check(&log, Command::Mark { target, on: true }, "it is already marked / ");
}

#[test]
fn s4_2_status_moves_and_reopening_needs_a_reason() {
    let mut log = declared();
    check(&log, status(Status::Alerted, ""), "it is alerted already / choose another status");
    check(&log, status(Status::Fixing, ""), r#"{"status":{"moved":{"from":"alerted","to":"fixing"}}}"#);
    check(
        &log,
        status(Status::Resolved, ""),
        "resolving needs the verification / move it to verifying until somebody has checked, \
         or say who checked what, and what they saw",
    );
    check(
        &log,
        status(Status::Closed, "bob counted"),
        "it has not been resolved / resolve it first: say who checked what, and what they saw",
    );
    ordered(&mut log, [status(Status::Resolved, "bob counted the rows, all there")]);
    check(&log, status(Status::Fixing, " "), "reopening needs a reason / say what came back");
    check(
        &log,
        status(Status::Closed, ""),
        "nothing says what became of the data / state it: none, delayed or lost (`warroom impact state`)",
    );
    let stated = ImpactCommand::State { data: DataLoss::None, text: String::new() };
    ordered(&mut log, [Command::Impact(stated)]);
    check(&log, status(Status::Closed, ""), r#"{"status":{"moved":{"from":"resolved","to":"closed"}}}"#);
    check(
        &log,
        status(Status::Diagnosing, "prices again"),
        r#"{"status":{"moved":{"from":"resolved","to":"diagnosing","reason":"prices again"}}}"#,
    );
}

#[test]
fn s1_2_a_severity_changes_with_a_reason_and_moves_no_role() {
    let mut log = declared();
    ordered(&mut log, [assign("commander", "bob"), severity("P2", "")]);
    check(&log, severity("P2", "r"), "it is P2 already / choose another severity");
    check(&log, severity("P0", ""), "changing the severity needs a reason / say what is now known");
    check(&log, severity("P7", "r"), "there is no severity \"P7\" / use one of P0, P1, P2, P3");
    let before = log.incident().roles.clone();
    ordered(&mut log, [severity("p0", "exposed")]);
    assert_eq!(log.incident().severity.as_deref(), Some("P0"));
    assert_eq!(log.incident().roles, before);
}

#[test]
fn s3_2_roles_are_assigned_released_handed_over_and_defined() {
    let mut log = declared();
    let define =
        |role: &str| Command::Role(RoleCommand::Define { role: role.into(), duty: "runs the tables".into() });
    check(&log, assign("IC", "bob"), r#"{"role":{"assigned":{"role":"commander","who":"bob"}}}"#);
    check(&log, assign("commander", ""), "nobody is named / type a name, such as alice");
    check(
        &log,
        assign("dba", "bob"),
        "there is no role \"dba\" / use one of commander, deputy, scribe, liaison, sme, or define it first",
    );
    check(&log, define("scribe"), "scribe is a built-in role / choose another name");
    check(&log, define(" "), "the role has no name / name it");
    check(&log, release("scribe", None), "nobody holds scribe / assign it");
    ordered(&mut log, [define("DBA"), assign("dba", "bob"), assign("commander", "bob")]);
    check(&log, assign("commander", "bob"), "bob is commander already / ");
    check(&log, release("dba", Some("carol")), "carol does not hold dba / ");
    check(&log, release("dba", Some("bob")), r#"{"role":{"released":{"role":"dba","who":"bob"}}}"#);
    check(
        &log,
        assign("commander", "carol"),
        r#"{"role":{"assigned":{"role":"commander","who":"carol","from":"bob"}}}"#,
    );
}

#[test]
fn s3_2_a_handover_is_never_vacant() {
    let mut log = declared();
    check(&log, hand_over("commander", "bob"), "nobody holds commander / assign it");
    ordered(&mut log, [assign("commander", "alice")]);
    check(&log, hand_over("commander", "alice"), "alice is commander already / hand over to somebody else");
    check(&log, hand_over("commander", ""), "nobody is named / type a name, such as alice");
    check(
        &log,
        hand_over("commander", "bob"),
        r#"{"role":{"offered":{"role":"commander","from":"alice","to":"bob","brief":"loads paused"}}}"#,
    );
    let before = log.incident().roles.get("commander").unwrap().past.len();
    ordered(&mut log, [hand_over("commander", "bob")]);
    assert_eq!(log.incident().commander(), Some(&"alice".into()), "hers until bob accepts");
    let offer = log.incident().roles.offers()[0].id;
    log.order("bob", Command::Role(RoleCommand::Accept { offer, readback: String::new() }), start());
    let role = log.incident().roles.get("commander").unwrap();
    assert_eq!(role.holders.iter().map(|holding| holding.who.as_str()).collect::<Vec<_>>(), ["bob"]);
    assert_eq!(role.past.len(), before + 1);
    assert_eq!(role.past[0].until, role.holders[0].since, "not a moment without a commander");
}

#[test]
fn playbooks_are_attached_once_and_detached() {
    let mut log = declared();
    let detach = |run| Command::Detach { run, reason: "wrong one".into() };
    check(&log, detach(id(9)), "that playbook is not attached / ");
    ordered(&mut log, [Command::Attach(small())]);
    check(&log, Command::Attach(small()), "small is attached already / switch to it in the checklist");
    let run = run(&log);
    ordered(&mut log, [detach(run)]);
    check(&log, detach(run), "that playbook is not attached / ");
    assert!(decided(&log, &Command::Attach(small())).starts_with(r#"{"playbook":{"attached""#));
}

#[test]
fn s1_11_steps_are_ticked_skipped_assigned_and_added() {
    let mut log = declared();
    let of = |run, step: &str, act| Command::Step { run, step: step.into(), act };
    check(&log, of(id(7), "x", StepCommand::Tick), "no such playbook is attached / attach one");
    ordered(&mut log, [Command::Attach(small())]);
    let run = run(&log);
    check(
        &log,
        of(run, "x", StepCommand::Tick),
        "the playbook has no step \"x\" / list the steps with `warroom step INCIDENT`",
    );
    check(&log, step(&log, "Look", StepCommand::Reopen), "it is open already / ");
    let skip = |reason: &str| StepCommand::Skip { reason: reason.into() };
    check(&log, step(&log, "Look", skip("")), "skipping needs a reason / say why it is not done");
    let note = StepCommand::Note { text: String::new() };
    check(&log, step(&log, "Look", note), "the note is empty / type what is worth knowing");
    let add =
        |phase: &str, text: &str| of(run, "", StepCommand::Add { phase: phase.into(), text: text.into() });
    check(&log, add("Repair", " "), "the step is empty / say what is to be done");
    ordered(&mut log, [add("", "Ring the warehouse"), add("", "Ring the warehouse")]);
    let added: Vec<(&str, &str)> =
        log.incident().runs[0].added.iter().map(|added| (added.id.as_str(), added.phase.as_str())).collect();
    assert_eq!(
        added,
        [("added/ring-the-warehouse", "Immediate"), ("added/ring-the-warehouse-2", "Immediate")]
    );
    let commands = [step(&log, "Look", StepCommand::Tick), step(&log, "Stop", StepCommand::Start)];
    ordered(&mut log, commands);
    check(&log, step(&log, "Look", StepCommand::Tick), "it is done already / untick it to reopen");
    check(&log, step(&log, "Stop", StepCommand::Start), "it is started already / ");
}

#[test]
fn s1_11b_of_a_choice_exactly_one_option_is_taken() {
    use warroom::incident::checklist::Progress::{Done, Open};
    let mut log = declared();
    ordered(&mut log, [Command::Attach(small())]);
    let progress = |log: &Log, beginning| log.incident().runs[0].progress(&step_id(log, beginning));
    for (tick, replay, correct) in [("Replay", Done, Open), ("Correct", Open, Done)] {
        let command = step(&log, tick, StepCommand::Tick);
        ordered(&mut log, [command]);
        let now = (progress(&log, "Replay"), progress(&log, "Correct"), progress(&log, "Choose"));
        assert_eq!(now, (replay, correct, Done), "after {tick}");
    }
    let command = step(&log, "Correct", StepCommand::Reopen);
    ordered(&mut log, [command]);
    assert_eq!(progress(&log, "Choose"), Open, "no option, no choice");
}

#[test]
fn s4_13_an_update_needs_an_audience_and_words() {
    let log = declared();
    let update = |audience: &str, body: &str| {
        let (audience, body) = (audience.into(), body.into());
        Command::Update(SentUpdate {
            audience,
            body,
            word: Word::Identified,
            next: None,
            approved_by: None,
            proposal: None,
            overrides: Vec::new(),
        })
    };
    check(&log, update("internal", ""), "the update is empty / write what is known");
    check(&log, update("", "we know"), "the update has no audience / choose who is told");
    check(
        &log,
        update("internal", "we know"),
        r#"{"update":{"sent":{"audience":"internal","word":"identified","body":"we know"}}}"#,
    );
}

/// Every kind of command, sensible and not, for the properties.
pub fn every_command(log: &Log) -> Vec<Command> {
    let ids = [id(0), id(99)].into_iter().chain(log.placed().into_iter().map(|placed| placed.entry.id()));
    let ids: Vec<EntryId> = ids.collect();
    let mut all =
        vec![declare("t"), declare(""), assign("commander", "bob"), assign("sme", "carol"), assign("x", "y")];
    all.extend([release("sme", None), release("commander", Some("bob")), hand_over("commander", "carol")]);
    all.extend([hand_over("sme", "dana"), hand_over("x", "y"), Command::Attach(small())]);
    all.extend(["P0", "P3", ""].map(|to| severity(to, "r")));
    all.extend(Status::ALL.map(|to| status(to, "")));
    all.extend(Status::ALL.map(|to| status(to, "r")));
    for text in ["", "text"] {
        let text = text.to_owned();
        all.push(Command::Retitle { title: text.clone() });
        all.push(Command::Retype { kind: text.clone() });
        all.push(Command::Link { what: "bridge".into(), url: text.clone() });
        all.push(Command::Link { what: text.clone(), url: text.clone() });
        all.push(Command::Note { kind: NoteKind::Todo, text: text.clone() });
        all.push(Command::Role(RoleCommand::Define { role: text.clone(), duty: text.clone() }));
        all.push(Command::Update(SentUpdate {
            audience: text.clone(),
            word: Word::Resolved,
            body: text,
            next: None,
            approved_by: None,
            proposal: None,
            overrides: Vec::new(),
        }));
    }
    let person = Person {
        id: "bob".into(),
        name: "Bob B".into(),
        mail: String::new(),
        phone: String::new(),
        ids: Default::default(),
    };
    all.push(Command::Name(person));
    all.push(Command::UpdateDue { audience: "internal".into(), next: Some(Time::from_ms(0)) });
    for target in ids {
        let text = || "text".to_owned();
        all.push(Command::Correct { target, text: text(), at: None });
        all.push(Command::Retract { target, reason: text() });
        all.push(Command::Restore { target });
        all.extend([true, false].map(|on| Command::Mark { target, on }));
        all.push(Command::Detach { run: target, reason: text() });
        all.push(Command::Erase { target, reason: text() });
        all.push(Command::Delivery(DeliveryCommand::Fail {
            request: target,
            class: FailureClass::Transient,
            message: text(),
            retry_after: Some(Span::from_secs(1)),
            ask: false,
        }));
        all.push(Command::Step { run: target, step: "x".into(), act: StepCommand::Tick });
    }
    for run in &log.incident().runs {
        let steps = run.lines().into_iter().map(|line| line.id.to_owned());
        for step in steps.chain(["nothing".into()]) {
            all.extend(every_act().map(|act| Command::Step { run: run.id, step: step.clone(), act }));
        }
    }
    let undo = |placed: &warroom::incident::rows::Placed| Command::Undo {
        entry: placed.entry.id(),
        event: placed.entry.event.clone(),
        reason: String::new(),
    };
    all.extend(log.placed().iter().map(undo));
    all
}

fn every_act() -> [StepCommand; 9] {
    [
        StepCommand::Tick,
        StepCommand::Start,
        StepCommand::Reopen,
        StepCommand::Skip { reason: String::new() },
        StepCommand::Skip { reason: "r".into() },
        StepCommand::Assign { who: None },
        StepCommand::Assign { who: Some("bob".into()) },
        StepCommand::Note { text: "n".into() },
        StepCommand::Add { phase: "Repair".into(), text: "more".into() },
    ]
}

/// States to try every command in.
fn states() -> Vec<Log> {
    let mut worked = Log::default();
    corruption(&mut worked);
    let mut over = Log::default();
    corruption(&mut over);
    ordered(
        &mut over,
        [status(Status::Resolved, "checked"), assign("sme", "bob"), assign("commander", "bob")],
    );
    vec![Log::default(), declared(), worked, over]
}

#[test]
fn every_refusal_says_why_and_what_is_decided_applies() {
    let policy = policy();
    for log in states() {
        for command in every_command(&log) {
            match decide(
                log.incident(),
                &command,
                Context {
                    policy: &policy,
                    now: crate::door::start() + Span::from_hours(1),
                    by: &"alice".into(),
                },
            ) {
                Err(refusal) => {
                    assert!(!refusal.why.trim().is_empty(), "{command:?}");
                    assert!(
                        !refusal.why.ends_with(['.', ' ']) && !refusal.hint.ends_with(['.', ' ']),
                        "{refusal}"
                    );
                }
                Ok(events) => {
                    assert!(!events.is_empty(), "{command:?}");
                    applies(&log, events, &command);
                }
            }
        }
    }
}

/// An event that was just decided is never idle.
fn applies(log: &Log, events: Vec<Event>, command: &Command) {
    let mut incident = log.incident().clone();
    let idle = incident.idle.len();
    for (place, event) in events.into_iter().enumerate() {
        let stamp = warroom::incident::Stamp { time: start(), tick: place as u32, host: crate::door::host() };
        incident.apply(&warroom::incident::Draft::new(event, "alice".into()).into_entry(
            id(500 + place),
            1,
            stamp,
        ));
    }
    assert_eq!(incident.idle.len(), idle, "{command:?}: {:?}", incident.idle);
    assert_eq!(incident.notices, log.incident().notices, "{command:?}");
}
