//! `warroom update approve` and `reject`: the commander's word on what goes outside (MISSION row B7).

use clap::Subcommand;

use super::answer::sent;
use crate::cli::desk::Desk;
use crate::cli::fail::Done;
use crate::cli::named::{self, Thing};
use crate::cli::orders::Orders;
use crate::cli::out::complain;
use crate::incident::{Command, EntryId, Incident};
use crate::policy::Policy;
use crate::report::check::{About, check};
use crate::report::update::gist;
use crate::runtime::clock;

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
                let configured = orders.desk.policy()?;
                look_again(orders.incident(), &configured, proposal);
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

/// What there is to look at now: the text may have lain here while the incident moved on. The approval goes through; whoever
/// gives it has seen it.
fn look_again(incident: &Incident, configured: &Policy, proposal: EntryId) {
    let Some(proposed) = incident.awaiting_approval().find(|proposed| proposed.id == proposal) else {
        return;
    };
    let sent = &proposed.update;
    let policy = incident.policy().unwrap_or(configured);
    let (audience, word, next) = (sent.audience.as_str(), sent.word, sent.next);
    let about = About { incident, policy, audience, word, next, now: clock::now() };
    for finding in check(&sent.body, &about) {
        let aside = sent.overrides.iter().find(|aside| aside.check == finding.check);
        let aside = aside.map(|aside| format!(" [set aside: {}]", aside.reason)).unwrap_or_default();
        complain(&format!("{}: {}{aside}", finding.check, finding.why));
    }
}

fn find(incident: &Incident, reference: &str) -> Done<EntryId> {
    let things = incident.awaiting_approval().map(|proposed| Thing {
        id: proposed.id,
        says: format!("{}: {}", proposed.update.audience, gist(&proposed.update.body)),
        fits: true,
    });
    named::pick("proposed update", reference, things)
}
