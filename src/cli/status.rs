//! `warroom status`: move the incident through its workflow, with its guards (MISSION row S4.2).

use clap::Args;

use super::desk::{Desk, Found};
use super::fail::{Done, Fail};
use super::out::complain;
use super::{print, words};
use crate::incident::closing::{close, loose_ends};
use crate::incident::event::DataLoss;
use crate::incident::words::Status;
use crate::incident::{Command, Context, Incident};
use crate::runtime::clock;

/// Set the status; resolving, closing what is not recovered and reopening need a reason, closing says what became of the data
#[derive(Args)]
#[command(
    override_usage = "warroom status [REF] WORD [--reason TEXT] [--data none|delayed|lost [--data-text TEXT]]"
)]
pub struct StatusArgs {
    /// alerted, acknowledged, triage, commanded, diagnosing, fixing, verifying, resolved, post-mortem or closed
    #[arg(required = true, num_args = 1..=2, value_name = "WORD")]
    words: Vec<String>,
    /// Why; for `resolved`: who checked what, and what they saw
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
    /// What became of the data, for `closed`: none, delayed or lost
    #[arg(long, value_name = "WORD")]
    data: Option<String>,
    /// Which data, and how much
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true, requires = "data")]
    data_text: String,
}

impl StatusArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let (reference, [word]) = words::split(self.words, "status [REF] WORD")?;
        let Some(to) = Status::parse(&word) else { return Err(unknown(&word)) };
        let data = self.data.as_deref().map(data).transpose()?;
        if data.is_some() && to != Status::Closed {
            return Err(Fail::usage(
                "--data goes with `status closed`",
                "or state it with `warroom impact state`",
            ));
        }
        let found = desk.which(reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let policy = desk.policy()?;
        let context = Context { policy: &policy, now: clock::now(), by: &desk.me };
        let to_type = to_type(session.incident(), to, &self.reason, &found);
        let commands = match to {
            Status::Closed => {
                let said = data.map(|data| (data, self.data_text.as_str()));
                let commands = close(session.incident(), said, &self.reason, context);
                commands.map_err(|refusal| with(refusal.into(), &to_type))?
            }
            _ => vec![Command::Status { to, reason: self.reason }],
        };
        let mut saved = Vec::new();
        for command in commands {
            saved.extend(
                session.carry_out(desk.order(command)).map_err(|not_done| with(not_done.into(), &to_type))?,
            );
        }
        if matches!(to, Status::Resolved | Status::Closed) {
            say_what_is_open(session.incident());
        }
        print::saved(desk, &session, &found, &saved)
    }
}

fn data(word: &str) -> Done<DataLoss> {
    let known = DataLoss::ALL.into_iter().find(|data| data.name().eq_ignore_ascii_case(word.trim()));
    known
        .ok_or_else(|| Fail::usage(format!("{word:?} says nothing of the data"), "use none, delayed or lost"))
}

/// A refusal with what to type.
fn with(fail: Fail, to_type: &str) -> Fail {
    match fail {
        Fail::Said(said) if !to_type.is_empty() => {
            Fail::refused(said.what, format!("{}\n{to_type}", said.hint))
        }
        other => other,
    }
}

/// The whole line that the guards of this move want; empty: none of them stands in the way.
fn to_type(incident: &Incident, to: Status, reason: &str, found: &Found) -> String {
    let (over, unstated) = (incident.status.is_over(), incident.ledger.stated.is_none());
    let why = match (over, to.is_over()) {
        (false, true) => "who checked what, and what they saw",
        (true, false) => "what came back",
        (true, true) if to == Status::Closed && incident.ledger.open().next().is_some() => {
            "why it is closed nevertheless"
        }
        _ => "",
    };
    let (closing, why) = (to == Status::Closed, if reason.is_empty() { why } else { "" });
    let why = if why.is_empty() { String::new() } else { format!(" --reason \"{why}\"") };
    let data = if closing && unstated {
        " --data none|delayed|lost --data-text \"which, and how much\""
    } else {
        ""
    };
    if data.is_empty() && why.is_empty() {
        return String::new();
    }
    let open = if closing { loose_ends(incident) } else { Vec::new() };
    let open = open.iter().map(|end| format!("still open: {}", end.sentence()));
    open.chain([format!("type: warroom status {} {to}{data}{why}", found.slug)])
        .collect::<Vec<_>>()
        .join("\n")
}

fn say_what_is_open(incident: &Incident) {
    for end in loose_ends(incident) {
        complain(&format!("warning: still open: {}", end.sentence()));
    }
}

fn unknown(word: &str) -> Fail {
    let names: Vec<&str> = Status::ALL.iter().map(|status| status.name()).collect();
    Fail::refused(format!("there is no status {word:?}"), format!("use one of {}", names.join(", ")))
}
