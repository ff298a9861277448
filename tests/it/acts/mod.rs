//! The acts of command as a commander meets them: asks (B2), decisions (B5), hypotheses (B9), and their `:` lines.

mod any;
mod asks;
mod causes;
mod decisions;
mod lines;
mod seen;

use warroom::incident::command::{AskCommand, DecisionCommand, RoleCommand};
use warroom::incident::scribe::NoteKind;
use warroom::incident::{Command, PersonId, Span, Time};

use crate::desk::Desk;

fn in_mins(desk: &Desk, mins: i64) -> Option<Time> {
    Some(desk.now + Span::from_mins(mins))
}

fn ask(desk: &mut Desk, who: &str, what: &str, mins: i64) {
    let due = in_mins(desk, mins);
    desk.order(Command::Ask(AskCommand::Ask { who: PersonId::new(who), what: what.into(), due }));
    desk.now = desk.now + Span::from_secs(1);
}

fn propose(desk: &mut Desk, proposal: &str) {
    let (risk, rollback) = (String::new(), String::new());
    let verify_by = in_mins(desk, 30);
    let proposal = proposal.into();
    desk.order(Command::Decision(DecisionCommand::Propose { proposal, risk, rollback, verify_by }));
    desk.now = desk.now + Span::from_secs(1);
}

fn suspect(desk: &mut Desk, text: &str) {
    desk.order(Command::Note { kind: NoteKind::Hypothesis, text: text.into() });
    desk.now = desk.now + Span::from_secs(1);
}

fn assign(desk: &mut Desk, role: &str, who: &str) {
    desk.order(Command::Role(RoleCommand::Assign { role: role.into(), who: PersonId::new(who) }));
}

/// The line of the screen that holds `text`.
#[track_caller]
fn line(screen: &str, text: &str) -> String {
    let line = screen.lines().find(|line| line.contains(text));
    line.unwrap_or_else(|| panic!("{text:?} is not on the screen:\n{screen}")).to_owned()
}
