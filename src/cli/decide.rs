//! `warroom decide`: proposal, strong objections, outcome, and whether it worked (MISSION row B5).

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Desk;
use super::fail::{Done, Fail};
use super::named::{self, Thing};
use super::orders::Orders;
use super::print::{self, padded, short_id};
use super::{moment, words};
use crate::incident::command::DecisionCommand;
use crate::incident::decisions::Poll;
use crate::incident::event::Outcome;
use crate::incident::{Command, EntryId, Incident, Time};
use crate::runtime::clock;

/// Width of the column that says where a decision stands.
const STANDING: usize = 20;
/// Width of what stands before and behind it.
const ID_AND_GAPS: usize = 10;

/// Propose a decision, hear strong objections, settle it; without words: list the decisions
#[derive(Args)]
#[command(
    override_usage = "warroom decide PROPOSAL [--risk TEXT] [--rollback TEXT] [--verify-in 30m] [--go]\n       \
                            warroom decide [object ID WHO WHAT | go ID | no-go ID | withdraw ID | verified ID | reopen ID]"
)]
pub struct DecideArgs {
    #[command(flatten)]
    propose: Propose,
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Args)]
struct Propose {
    /// What is to be done
    #[arg(value_name = "PROPOSAL")]
    words: Vec<String>,
    /// What may go wrong
    #[arg(long, default_value = "", hide_default_value = true)]
    risk: String,
    /// How to go back if it does
    #[arg(long, default_value = "", hide_default_value = true)]
    rollback: String,
    /// Look after this time whether it worked: 30m, 1h
    #[arg(long, alias = "verify", value_name = "SPAN", conflicts_with = "verify_by")]
    verify_in: Option<String>,
    /// Look then whether it worked: 14:20, or RFC 3339
    #[arg(long, value_name = "TIME")]
    verify_by: Option<String>,
    /// Nobody objects: it goes ahead at once
    #[arg(long)]
    go: bool,
}

#[derive(Subcommand)]
enum Act {
    /// The same as the words alone
    #[command(hide = true)]
    Propose(Propose),
    /// A strong objection, and whose it is
    Object {
        #[arg(help = named::ID)]
        id: String,
        /// Whose it is; `me` is who acts
        who: String,
        #[arg(required = true, value_name = "WHAT")]
        words: Vec<String>,
    },
    /// It goes ahead; over objections this needs a reason
    Go(Settle),
    /// It does not
    NoGo(Settle),
    /// Nobody decided, and it no longer matters
    Withdraw(Settle),
    /// Somebody looked whether it worked
    Verified {
        #[arg(help = named::ID)]
        id: String,
        /// It did not
        #[arg(long)]
        failed: bool,
        /// What was seen
        #[arg(long, default_value = "", hide_default_value = true)]
        note: String,
    },
    /// Take the outcome, or the verification, back
    Reopen {
        #[arg(help = named::ID)]
        id: String,
    },
}

#[derive(Args)]
struct Settle {
    #[arg(help = named::ID)]
    id: String,
    /// Why
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
}

impl DecideArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        match self.act {
            None if self.propose.words.is_empty() => list(desk),
            None => self.propose.run(desk),
            Some(_) if !self.propose.is_bare() => Err(words::mixed("decide")),
            Some(Act::Propose(propose)) if propose.words.is_empty() => {
                Err(Fail::usage("nothing is proposed", "warroom decide \"pause the loads\" --verify-in 30m"))
            }
            Some(Act::Propose(propose)) => propose.run(desk),
            Some(act) => act.run(desk),
        }
    }
}

impl Propose {
    fn is_bare(&self) -> bool {
        let silent = self.words.is_empty() && self.risk.is_empty() && self.rollback.is_empty();
        silent && self.verify_in.is_none() && self.verify_by.is_none() && !self.go
    }

    fn run(self, desk: &mut Desk) -> Done {
        let proposal = self.words.join(" ");
        let verify_by = moment::deadline(self.verify_in.as_deref(), self.verify_by.as_deref(), desk.zone)?;
        let (risk, rollback) = (self.risk, self.rollback);
        let propose = DecisionCommand::Propose { proposal: proposal.clone(), risk, rollback, verify_by };
        proposed(desk, propose, self.go).map_err(|fail| fail.keeping(&proposal))
    }
}

fn proposed(desk: &mut Desk, propose: DecisionCommand, go: bool) -> Done {
    let mut orders = Orders::to(desk, None)?;
    let made = orders.give(Command::Decision(propose))?;
    if let (true, Some(decision)) = (go, made.first().copied()) {
        let settle = DecisionCommand::Settle { decision, outcome: Outcome::Go, reason: String::new() };
        orders.give(Command::Decision(settle))?;
    }
    orders.say()
}

impl Act {
    fn run(self, desk: &mut Desk) -> Done {
        let orders = Orders::to(desk, None)?;
        let (incident, mut lost) = (orders.incident(), String::new());
        let settle = |settle: Settle, outcome: Outcome| {
            find(incident, &settle.id, Poll::is_open).map(|decision| DecisionCommand::Settle {
                decision,
                outcome,
                reason: settle.reason,
            })
        };
        let act = match self {
            Act::Propose(propose) => return propose.run(orders.desk),
            Act::Object { id, who, words } => {
                lost = words.join(" ");
                let decision = find(incident, &id, Poll::is_open)?;
                DecisionCommand::Object { decision, who: orders.desk.person(&who), objection: lost.clone() }
            }
            Act::Go(act) => settle(act, Outcome::Go)?,
            Act::NoGo(act) => settle(act, Outcome::NoGo)?,
            Act::Withdraw(act) => settle(act, Outcome::Withdrawn)?,
            Act::Verified { id, failed, note } => {
                let decision = find(incident, &id, went_ahead)?;
                DecisionCommand::Verify { decision, worked: !failed, note }
            }
            Act::Reopen { id } => {
                DecisionCommand::Reopen { decision: find(incident, &id, |poll| !poll.is_open())? }
            }
        };
        let given = orders.only(Command::Decision(act));
        if lost.is_empty() { given } else { given.map_err(|fail| fail.keeping(&lost)) }
    }
}

/// Decided, and nobody has said whether it worked.
fn went_ahead(poll: &Poll) -> bool {
    poll.settled.as_ref().is_some_and(|settled| settled.outcome == Outcome::Go) && poll.verified.is_none()
}

fn find(incident: &Incident, reference: &str, fits: impl Fn(&Poll) -> bool) -> Done<EntryId> {
    let things = incident.polls.all().iter().map(|poll| Thing {
        id: poll.id,
        says: poll.proposal.clone(),
        fits: fits(poll),
    });
    named::pick("decision", reference, things)
}

/// Those that wait for somebody first.
fn list(desk: &mut Desk) -> Done {
    let found = desk.which_readable(None)?;
    let session = desk.reader(&found)?;
    let mut polls: Vec<&Poll> = session.incident().polls.all().iter().collect();
    polls.sort_by_key(|poll| !poll.is_open() && !poll.awaits_verification());
    if desk.json {
        return desk.out.json(&json!({ "incident": print::found(&found), "decisions": polls }));
    }
    if polls.is_empty() {
        return desk.out.line("nothing was proposed; `warroom decide \"pause the loads\" --verify-in 30m`");
    }
    let now = clock::now();
    let lines: Vec<String> = polls.iter().flat_map(|poll| lines(desk, poll, now)).collect();
    lines.iter().try_for_each(|line| desk.out.line(line))
}

fn lines(desk: &Desk, poll: &Poll, now: Time) -> Vec<String> {
    let mut lines =
        vec![format!("{}  {}  {}", short_id(poll.id), padded(&standing(poll, now), STANDING), poll.proposal)];
    let mut more = |text: String| lines.push(format!("{}{text}", " ".repeat(ID_AND_GAPS + STANDING)));
    for (name, text) in [("risk", &poll.risk), ("roll back", &poll.rollback)] {
        if !text.is_empty() {
            more(format!("{name}: {text}"));
        }
    }
    if let Some(by) = poll.verify_by.filter(|_| poll.verified.is_none()) {
        more(format!("verify by {}", print::hm(by, desk.zone)));
    }
    for objection in &poll.objections {
        more(format!("objection of {}: {}", objection.who, objection.text));
    }
    if let Some(settled) = poll.settled.as_ref().filter(|settled| !settled.reason.is_empty()) {
        more(format!("{} by {}: {}", settled.outcome.name(), settled.by, settled.reason));
    }
    if let Some(verified) = poll.verified.as_ref().filter(|verified| !verified.note.is_empty()) {
        more(format!("seen by {}: {}", verified.by, verified.note));
    }
    lines
}

/// Where it stands, in a word or two.
fn standing(poll: &Poll, now: Time) -> String {
    match (&poll.settled, &poll.verified) {
        (None, _) => "open".to_owned(),
        (Some(_), Some(verified)) if verified.worked => "it worked".to_owned(),
        (Some(_), Some(_)) => "did not work".to_owned(),
        (Some(settled), None) => match poll.verify_by.filter(|_| poll.awaits_verification()) {
            Some(by) => format!("go, verify {}", print::left(by, now)),
            None => settled.outcome.name().to_owned(),
        },
    }
}
