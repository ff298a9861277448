//! `warroom update approve` and `reject`: the commander's word on what goes outside (MISSION row B7).

use clap::Subcommand;

use super::answer::sent;
use crate::cli::desk::Desk;
use crate::cli::fail::Done;
use crate::cli::named::{self, Thing};
use crate::cli::orders::Orders;
use crate::incident::describe::headline;
use crate::incident::{Command, EntryId, Incident};

/// For the help of an argument.
const ID: &str = "The end of an id as `update --history` prints it, its audience, or `last`";

#[derive(Subcommand)]
pub enum Act {
    /// Send what was proposed; by the commander, or with the commander's word
    Approve {
        #[arg(help = ID)]
        id: String,
        /// The commander said yes; you only write it down
        #[arg(long, value_name = "NAME")]
        by_voice: Option<String>,
    },
    /// Do not send it, and say what must change
    Reject {
        #[arg(help = ID)]
        id: String,
        /// What must change
        #[arg(long)]
        reason: String,
    },
}

impl Act {
    pub fn run(self, desk: &mut Desk) -> Done {
        let mut orders = Orders::to(desk, None)?;
        match self {
            Act::Approve { id, by_voice } => {
                let proposal = find(orders.incident(), &id)?;
                let by_voice = by_voice.as_deref().map(|who| orders.desk.person(who));
                let saved = orders.give(Command::Approve { proposal, by_voice })?;
                let Orders { desk, found, mut session, .. } = orders;
                sent(desk, &mut session, &found, &saved)
            }
            Act::Reject { id, reason } => {
                let proposal = find(orders.incident(), &id)?;
                orders.only(Command::Reject { proposal, reason })
            }
        }
    }
}

fn find(incident: &Incident, reference: &str) -> Done<EntryId> {
    let things = incident.awaiting_approval().map(|proposed| Thing {
        id: proposed.id,
        says: format!("{}: {}", proposed.update.audience, headline(&proposed.update.body)),
        fits: true,
    });
    named::pick("proposed update", reference, things)
}
