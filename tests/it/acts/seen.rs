//! What the boxes look like, at 80x24 and 120x40.

use insta::assert_snapshot;
use warroom::incident::command::{AskCommand, DecisionCommand};
use warroom::incident::event::{Outcome, Verdict};
use warroom::incident::scribe::NoteKind;
use warroom::incident::{Command, EntryId};
use warroom::tui::layer::Layer;
use warroom::tui::layers::{asks, causes, decide};
use warroom::tui::scene::{Ctx, Scene};

use super::in_mins;
use crate::desk::Desk;

type Open = fn(&Ctx, &Scene) -> Box<dyn Layer>;

fn act(desk: &mut Desk, by: &str, command: Command) {
    desk.as_(by).order(command);
    desk.as_("alice").wait_mins(1);
}

fn ask(desk: &mut Desk, who: &str, what: &str, mins: i64) {
    let ask = AskCommand::Ask { who: who.into(), what: what.into(), due: in_mins(desk, mins) };
    act(desk, "alice", Command::Ask(ask));
}

fn propose(desk: &mut Desk, by: &str, proposal: &str) -> EntryId {
    let (risk, rollback) = ("finance sees yesterday's figures".into(), "resume the loads".into());
    let verify_by = in_mins(desk, 30);
    let propose = DecisionCommand::Propose { proposal: proposal.into(), risk, rollback, verify_by };
    act(desk, by, Command::Decision(propose));
    desk.incident().polls.all().last().expect("a decision").id
}

/// Three asks, three decisions.
fn busy() -> Desk {
    let mut desk = Desk::new();
    let settle = |desk: &mut Desk, decision, outcome, reason: &str| {
        let reason = reason.into();
        act(desk, "alice", Command::Decision(DecisionCommand::Settle { decision, outcome, reason }));
    };
    let paused = propose(&mut desk, "alice", "pause the loads");
    settle(&mut desk, paused, Outcome::Go, "");
    let restored = propose(&mut desk, "bob", "restore the table from last night");
    settle(&mut desk, restored, Outcome::NoGo, "it loses the morning's orders");
    ask(&mut desk, "dana", "which reports read the table?", 5);
    let dana = desk.incident().asks.all()[0].id;
    ask(&mut desk, "carol", "tell finance that the figures are wrong", 3);
    let answer = AskCommand::Answer { ask: dana, answer: "revenue and churn".into() };
    act(&mut desk, "alice", Command::Ask(answer));
    ask(&mut desk, "bob", "check the backups of the orders table", 10);
    let decision = propose(&mut desk, "alice", "divide the prices since 13:36 by 100");
    let objection = "some were right: the vendor sends both units".into();
    act(
        &mut desk,
        "alice",
        Command::Decision(DecisionCommand::Object { decision, who: "bob".into(), objection }),
    );
    desk
}

/// One hypothesis in each standing.
fn suspected() -> Desk {
    let mut desk = Desk::new();
    let texts = [
        "bad deploy 13:35",
        "the vendor sends cents since today",
        "two loaders ran at once",
        "somebody changed the currency table by hand",
    ];
    for text in texts {
        act(&mut desk, "bob", Command::Note { kind: NoteKind::Hypothesis, text: text.into() });
    }
    let ids: Vec<EntryId> = desk.incident().hypotheses.all().iter().map(|one| one.id).collect();
    let mut judge = |place: usize, verdict, who: Option<&str>, evidence: &str| {
        let (hypothesis, who, evidence) = (ids[place], who.map(Into::into), evidence.into());
        act(&mut desk, "bob", Command::Judge { hypothesis, verdict, who, evidence });
    };
    judge(0, Verdict::RuledOut, None, "the old version multiplies too");
    judge(1, Verdict::Testing, Some("carol"), "");
    judge(1, Verdict::Confirmed, None, "their changelog says so, and every row since 13:36 is x100");
    judge(2, Verdict::Testing, Some("dana"), "");
    desk
}

fn both(name: &str, mut desk: Desk, open: Open, keys: &str) {
    let layer = open(&desk.ctx(), &desk.scene());
    desk.push(layer);
    desk.type_keys(keys);
    for (columns, lines) in [(80, 24), (120, 40)] {
        assert_snapshot!(format!("{name}_{columns}x{lines}"), desk.screen(columns, lines));
    }
}

#[test]
fn b2_asks_look() {
    both("b2_ask_first", Desk::new(), asks::layer, "");
    both("b2_asks", busy(), asks::layer, "");
    both("b2_asks_listed", busy(), asks::layer, "<enter>");
    both("b2_answer", busy(), asks::layer, "<enter><enter>");
}

#[test]
fn b5_decisions_look() {
    both("b5_propose", Desk::new(), decide::layer, "");
    both("b5_decisions", busy(), decide::layer, "");
    both("b5_poll", busy(), decide::layer, "npage the vendor<tab>it is night there<enter>");
    both("b5_objection", busy(), decide::layer, "<enter>");
    both("b5_verify", busy(), decide::layer, "jv");
}

#[test]
fn b9_causes_look() {
    both("b9_causes", suspected(), causes::layer, "");
    both("b9_history", suspected(), causes::layer, "<enter>");
}
