//! The ledgers: data impact, follow-ups, the roll call; as layers, on the command line, in exports.

mod amounts;
mod command_line;
mod everywhere;
mod exports;
mod follow_ups;
mod impact;
mod roll_call;
mod screens;

use warroom::incident::command::{FollowUpCommand, ImpactCommand};
use warroom::incident::event::{FollowUp, ImpactChange};
use warroom::incident::scribe::NoteKind;
use warroom::incident::{Command, Time};

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn record(change: ImpactChange) -> Command {
    Command::Impact(ImpactCommand::Record(change))
}

fn open(text: &str, change: impl FnOnce(&mut FollowUp)) -> Command {
    let mut what = FollowUp { text: text.into(), ..FollowUp::default() };
    change(&mut what);
    Command::FollowUp(FollowUpCommand::Open(what))
}

fn todo(text: &str) -> Command {
    Command::Note { kind: NoteKind::Todo, text: text.into() }
}
