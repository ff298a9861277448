//! The clocks as people meet them: the board, the rail, what is loud, whom to call.

mod board;
mod calls;
mod loud;
mod rail;
mod written_once;

use warroom::config::{Paths, shipped};
use warroom::incident::command::{
    AskCommand, ClockCommand, Declare, ImpactCommand, PinnedPolicy, RoleCommand,
};
use warroom::incident::event::{Declared, ImpactChange};
use warroom::incident::words::Status;
use warroom::incident::{Command, Span, Time};

use crate::desk::Desk;
use crate::door::{Log, start};

/// Contacts with names and phones, as an organisation would add them to the shipped policies.
const OURS: &str = r##"
[[contact]]
level = "L1"
role = "on-call"
name = "Ines Ito"
phone = "+44 20 7946 0001"
reach = "PagerDuty"
available = "24/7"

[[contact]]
level = "L2"
role = "lead engineer"
name = "Ada Adeyemi"
phone = "+44 20 7946 0002"
reach = "phone or Teams"
available = "business hours, and when on call"

[[contact]]
level = "L3"
role = "engineering manager"
name = "Grace Gomez"
phone = "+44 20 7946 0003"
available = "when escalated to"

[[contact]]
role = "Kafka infrastructure team"
reach = "#kafka-help"
"##;

fn paths() -> Paths {
    Paths { config: "/n".into(), data: "/n".into(), state: "/n".into() }
}

/// The shipped policies, with our contacts in the first of them.
fn policies() -> Vec<PinnedPolicy> {
    let names = ["data", "runbook", "pipeline"];
    let mut policies = shipped::pinned_policy(&paths(), &names).expect("shipped policies");
    policies[0].text.push_str(OURS);
    policies
}

/// The orders of an incident of this severity whose commander is alice.
fn declared(severity: &str) -> Command {
    Command::Declare(Declare {
        what: Declared {
            title: "orders: prices x100".into(),
            status: Status::Diagnosing,
            ..Declared::default()
        },
        severity: Some(severity.into()),
        severity_reason: "customers see wrong prices".into(),
        commander: Some("alice".into()),
        policy: policies(),
        ..Declare::default()
    })
}

fn clock(id: &str, act: ClockCommand) -> Command {
    Command::Clock { clock: id.into(), act }
}

fn ask(who: &str, what: &str, due: Time) -> Command {
    Command::Ask(AskCommand::Ask { who: who.into(), what: what.into(), due: Some(due) })
}

/// The orders table under tier M2: back within 30 s, at most 5 min lost.
fn impact(last_good: Time) -> Command {
    let dataset = "orders".to_owned();
    let (last_good, tier) = (Some(last_good), Some("M2".to_owned()));
    Command::Impact(ImpactCommand::Record(ImpactChange {
        dataset,
        last_good,
        tier,
        ..ImpactChange::default()
    }))
}

/// A P0 that was declared twenty minutes ago, in which many clocks run.
fn p0(log: &mut Log) {
    let at = |minute: i64| start() + Span::from_mins(minute - 20);
    log.order("alice", declared("P0"), at(0));
    let scribe = RoleCommand::Assign { role: "scribe".into(), who: "carol".into() };
    log.order("alice", Command::Role(scribe), at(1));
    log.order("alice", impact(at(-2)), at(2));
    log.order("alice", ask("bob", "how many orders are wrong?", at(26)), at(12));
}

/// The same without the pipeline's policy: nobody is to be told at once.
fn calm_desk() -> Desk {
    let parts = policies().into_iter().filter(|part| part.name != "pipeline").collect();
    desk_with(parts)
}

/// A desk with a P0 that alice has just declared.
fn desk() -> Desk {
    desk_with(policies())
}

fn desk_with(parts: Vec<PinnedPolicy>) -> Desk {
    let mut desk = Desk::new();
    desk.order(Command::Pin(parts));
    desk.order(Command::Severity { to: "P0".into(), reason: "customers see wrong prices".into() });
    desk.order(Command::Role(RoleCommand::Assign { role: "commander".into(), who: "alice".into() }));
    desk
}

/// The same P0 twenty minutes in, in which many clocks run.
fn busy() -> Desk {
    let mut desk = desk();
    let declared = desk.now;
    desk.wait_mins(2);
    desk.order(impact(declared - Span::from_mins(2)));
    desk.wait_mins(10);
    desk.order(ask("bob", "how many orders are wrong?", declared + Span::from_mins(26)));
    desk.wait_mins(4);
    desk.order(clock(&id_of(&desk, "RTO"), ClockCommand::Acknowledge));
    let lead = id_of(&desk, "lead engineer");
    desk.order(clock(&lead, ClockCommand::Tried { note: "no answer".into() }));
    desk.order(clock(&id_of(&desk, "update executive"), ClockCommand::Done { note: "told by phone".into() }));
    desk.wait_mins(4);
    desk
}

/// The id of the running clock that is called this.
fn id_of(desk: &Desk, label: &str) -> String {
    let all = warroom::incident::deadline::deadlines(desk.incident(), desk.now);
    let found = all.iter().find(|deadline| deadline.label.contains(label));
    found.unwrap_or_else(|| panic!("no clock {label:?} among {all:#?}")).id.clone()
}
