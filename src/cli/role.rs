//! `warroom role`: who commands, documents, communicates, resolves (MISSION row S3.2).

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Desk;
use super::fail::Done;
use super::print::{self, moment};
use crate::incident::command::RoleCommand;
use crate::incident::roles::Seat;
use crate::incident::{Command, PersonId};
use crate::report::export::shape;
use crate::runtime::clock;

/// Assign, release or hand over a role, define one, or list them
#[derive(Args)]
pub struct RoleArgs {
    /// The incident: its number, slug or id
    #[arg(value_name = "REF")]
    reference: Option<String>,
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Subcommand)]
enum Act {
    /// The board: who holds what since when (default)
    List,
    /// Give a role to somebody; `me` is who acts
    Assign { role: String, who: String },
    /// Take it from its holder
    Release {
        role: String,
        who: Option<String>,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// Pass it from its holder to somebody else; refused when nobody holds it
    HandOver {
        role: String,
        to: String,
        /// What the next one must know
        #[arg(long, default_value = "", hide_default_value = true)]
        brief: String,
    },
    /// Add a role of your own
    Define { role: String, duty: String },
}

impl RoleArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let found = desk.which(self.reference.as_deref())?;
        let Some(command) = self.act.and_then(|act| act.command(&desk.me)) else {
            let session = desk.reader(&found)?;
            if desk.json {
                let roles = shape::roles(session.incident());
                return desk.out.json(&json!({ "incident": print::found(&found), "roles": roles }));
            }
            return session.incident().roles.seats().iter().try_for_each(|seat| line(desk, seat));
        };
        let mut session = desk.session(&found)?;
        let saved = session.carry_out(desk.order(Command::Role(command)))?;
        print::saved(desk, &session, &found, &saved)
    }
}

impl Act {
    fn command(self, me: &PersonId) -> Option<RoleCommand> {
        let person = |name: &str| if name == "me" { me.clone() } else { PersonId::new(name) };
        Some(match self {
            Act::List => return None,
            Act::Assign { role, who } => RoleCommand::Assign { role, who: person(&who) },
            Act::Release { role, who, reason } => {
                RoleCommand::Release { role, who: who.map(|who| person(&who)), reason }
            }
            Act::HandOver { role, to, brief } => RoleCommand::HandOver { role, to: person(&to), brief },
            Act::Define { role, duty } => RoleCommand::Define { role, duty },
        })
    }
}

fn line(desk: &mut Desk, seat: &Seat) -> Done {
    let held: Vec<String> = seat
        .holders
        .iter()
        .map(|held| {
            format!(
                "{} (since {}, {})",
                held.who,
                moment(held.since, desk.zone),
                held.held_for(clock::now()).short()
            )
        })
        .collect();
    let who = match (held.is_empty(), seat.needed) {
        (true, true) => "NOBODY".to_owned(),
        (true, false) => "-".to_owned(),
        _ => held.join(", "),
    };
    desk.out.line(&format!("{}  {who}  · {}", print::padded(seat.role, 10), seat.duty))
}
