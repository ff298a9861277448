//! `warroom followup`: what is still to be done when the incident is over (MISSION rows S1.10, S4.14).

use clap::{Args, Subcommand, ValueEnum};

use super::desk::Desk;
use super::fail::{Done, Fail};
use super::followup_list::{everywhere, list};
use super::named::{self, Thing};
use super::orders::Orders;
use crate::incident::command::{FollowUpCommand, StepCommand};
use crate::incident::event::{FollowUp, FollowUpKind, Priority};
use crate::incident::follow_ups::{DAYS, Proposal, Source, day_of, parse_day, proposals};
use crate::incident::{Command, EntryId, Incident};
use crate::runtime::clock;

/// Open, change, finish and list follow-ups; TODO notes and prevention steps are proposals
#[derive(Args)]
pub struct FollowupArgs {
    #[command(flatten)]
    which: Which,
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Args)]
struct Which {
    /// The open ones of every incident
    #[arg(long)]
    all: bool,
}

/// ID: the end of an id as `warroom followup` prints it, words of the text, or `last`.
#[derive(Subcommand)]
enum Act {
    /// Open ones, proposals, done ones (default)
    List(Which),
    /// Open one
    Add {
        /// What is to be done; with --from, the note's own words when left out
        #[arg(required_unless_present = "from", value_name = "TEXT")]
        text: Vec<String>,
        #[command(flatten)]
        fields: Fields,
        /// The TODO note that it is made of
        #[arg(long, value_name = "ENTRY")]
        from: Option<String>,
    },
    /// Change one; what is not given stays as it was
    Edit {
        id: String,
        /// What is to be done
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        fields: Fields,
    },
    /// It is done
    Done {
        id: String,
        /// How
        #[arg(long, default_value = "", hide_default_value = true)]
        note: String,
    },
    /// It was not done after all
    Reopen {
        id: String,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// Nothing will come of a proposal: a TODO note is dismissed, a step skipped
    Dismiss {
        #[arg(value_name = "ENTRY")]
        id: String,
        /// Why; a step needs it
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
}

#[derive(Args)]
struct Fields {
    /// Who does it; `me` is who acts, "" is nobody
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The last day, in UTC: 2026-12-01, friday, 3d, 2w, tomorrow; "" is none
    #[arg(long, value_name = "DAY")]
    due: Option<String>,
    #[arg(long, value_enum)]
    priority: Option<Rank>,
    /// preventive: not again; detective: noticed sooner; corrective: put right
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Where it is tracked: a ticket, an address; "" is nowhere
    #[arg(long)]
    place: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Rank {
    High,
    Medium,
    Low,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Preventive,
    Detective,
    Corrective,
}

impl From<Rank> for Priority {
    fn from(rank: Rank) -> Self {
        match rank {
            Rank::High => Priority::High,
            Rank::Medium => Priority::Medium,
            Rank::Low => Priority::Low,
        }
    }
}

impl From<Kind> for FollowUpKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Preventive => FollowUpKind::Preventive,
            Kind::Detective => FollowUpKind::Detective,
            Kind::Corrective => FollowUpKind::Corrective,
        }
    }
}

impl Fields {
    /// `what` with everything that was given.
    fn over(self, what: FollowUp, desk: &Desk) -> Done<FollowUp> {
        let owner = match self.owner.as_deref() {
            None => what.owner,
            Some("") => None,
            Some(name) => Some(desk.person(name)),
        };
        let due = match self.due.as_deref() {
            None => what.due,
            Some("") => None,
            Some(text) => {
                let day = parse_day(text, day_of(clock::now()));
                Some(day.ok_or_else(|| Fail::usage(format!("{text:?} is no day"), format!("write {DAYS}")))?)
            }
        };
        Ok(FollowUp {
            owner,
            due,
            priority: self.priority.map_or(what.priority, Priority::from),
            kind: self.kind.map_or(what.kind, FollowUpKind::from),
            place: self.place.unwrap_or(what.place),
            ..what
        })
    }
}

impl FollowupArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        match self.act {
            None | Some(Act::List(Which { all: false })) if !self.which.all => list(desk),
            None | Some(Act::List(_)) => everywhere(desk),
            Some(_) if self.which.all => Err(Fail::usage("--all lists", "leave it out, or the command")),
            Some(act) => {
                let mut orders = Orders::to(desk, None)?;
                let command = act.command(&mut orders)?;
                orders.only(command)
            }
        }
    }
}

impl Act {
    fn command(self, orders: &mut Orders) -> Done<Command> {
        let incident = orders.session.incident();
        let find = |id: &str, open: bool| item(incident, id, open);
        Ok(Command::FollowUp(match self {
            Act::Add { text, fields, from } => {
                let base = match from {
                    Some(reference) => proposal(incident, &reference)?.follow_up(),
                    None => FollowUp::default(),
                };
                let text = if text.is_empty() { base.text.clone() } else { text.join(" ") };
                FollowUpCommand::Open(FollowUp { text, ..fields.over(base, orders.desk)? })
            }
            Act::Edit { id, text, fields } => {
                let follow_up = find(&id, true)?;
                let known =
                    incident.follow_ups.get(follow_up).map(|item| item.what.clone()).unwrap_or_default();
                let text = text.unwrap_or_else(|| known.text.clone());
                let now = FollowUp { text, ..fields.over(known, orders.desk)? };
                FollowUpCommand::Change { follow_up, now }
            }
            Act::Done { id, note } => FollowUpCommand::Close { follow_up: find(&id, true)?, note },
            Act::Reopen { id, reason } => FollowUpCommand::Reopen { follow_up: find(&id, false)?, reason },
            Act::Dismiss { id, reason } => match proposal(incident, &id)?.source {
                Source::Todo(todo) => FollowUpCommand::Dismiss { todo, reason },
                Source::Step { run, step } => {
                    return Ok(Command::Step { run, step, act: StepCommand::Skip { reason } });
                }
            },
            Act::List(_) => return Err(Fail::usage("nothing is changed by a list", "")),
        }))
    }
}

fn item(incident: &Incident, reference: &str, open: bool) -> Done<EntryId> {
    let things = incident.follow_ups.all().iter().map(|item| Thing {
        id: item.id,
        says: item.what.text.clone(),
        fits: item.closed.is_none() == open,
    });
    named::pick("follow-up", reference, things)
}

/// A TODO note by its entry or its words, or a step of a playbook by its words.
fn proposal(incident: &Incident, reference: &str) -> Done<Proposal> {
    let all = proposals(incident);
    let words = reference.trim().to_lowercase();
    let steps: Vec<&Proposal> = all
        .iter()
        .filter(|proposal| matches!(proposal.source, Source::Step { .. }))
        .filter(|proposal| !words.is_empty() && proposal.text.to_lowercase().contains(&words))
        .collect();
    if let [step] = steps.as_slice() {
        return Ok((*step).clone());
    }
    let notes = all.iter().filter_map(|proposal| match proposal.source {
        Source::Todo(id) => Some(Thing { id, says: proposal.text.clone(), fits: true }),
        Source::Step { .. } => None,
    });
    let id = named::pick("proposal", reference, notes)?;
    let found = all.into_iter().find(|proposal| proposal.source == Source::Todo(id));
    found.ok_or_else(|| {
        Fail::refused(format!("no proposal is named {reference:?}"), "`warroom followup` lists them")
    })
}
