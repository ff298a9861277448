//! `warroom role`: who commands, documents, communicates, resolves; and how a role passes on (MISSION rows S3.2, B6).

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::{self, Desk};
use super::fail::{Done, Fail};
use super::named::{self, Thing};
use super::orders::Orders;
use super::print::{self, moment, short_id};
use crate::incident::command::RoleCommand;
use crate::incident::roles::{self, Seat};
use crate::incident::{Command, EntryId};
use crate::report::brief::brief;
use crate::report::export::shape;
use crate::report::update::can_speak;
use crate::runtime::clock;

/// Give, offer, accept or release a role, define one, or list them
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
    /// The board: who holds what since when, and what is offered (default)
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
    /// Offer it to a successor; its holder keeps it until they accept
    Offer(Offer),
    /// Offer it; with --accepted it passes at once, for one who read the brief back by voice
    HandOver {
        #[command(flatten)]
        offer: Offer,
        /// What the successor read back
        #[arg(long, value_name = "READBACK")]
        accepted: Option<String>,
    },
    /// Take over what is offered: by the successor, or for one who said so by voice
    Accept {
        /// The end of the offer's id, its role, or `last`; else the one that is offered to you
        #[arg(value_name = "ID")]
        offer: Option<String>,
        /// The brief in the successor's words
        #[arg(long, default_value = "", hide_default_value = true)]
        readback: String,
    },
    /// It is not accepted, or taken back; its holder goes on
    Decline {
        /// The end of the offer's id, its role, or `last`; else the one that is offered to you
        #[arg(value_name = "ID")]
        offer: Option<String>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Add a role of your own
    Define { role: String, duty: String },
}

#[derive(Args)]
struct Offer {
    role: String,
    to: String,
    /// What the next one must know; `generated` makes it from the log
    #[arg(long, default_value = "", hide_default_value = true)]
    brief: String,
}

impl RoleArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let reference = self.reference.as_deref();
        match self.act {
            None | Some(Act::List) => list(desk, reference),
            Some(act) => act.run(Orders::to(desk, reference)?),
        }
    }
}

impl Act {
    fn run(self, mut orders: Orders) -> Done {
        let command = match self {
            Act::List => return Ok(()),
            Act::Assign { role, who } => RoleCommand::Assign { role, who: orders.desk.person(&who) },
            Act::Release { role, who, reason } => {
                let who = who.map(|who| orders.desk.person(&who));
                RoleCommand::Release { role, who, reason }
            }
            Act::Define { role, duty } => RoleCommand::Define { role, duty },
            Act::Offer(offer) => offer.command(&mut orders)?,
            Act::HandOver { offer, accepted } => {
                let offered = offer.command(&mut orders)?;
                let made = orders.give(Command::Role(offered))?;
                if let Some((readback, offer)) = accepted.zip(made.first().copied()) {
                    orders.give(Command::Role(RoleCommand::Accept { offer, readback }))?;
                }
                return orders.say();
            }
            Act::Accept { offer, readback } => {
                RoleCommand::Accept { offer: find(&orders, offer.as_deref())?, readback }
            }
            Act::Decline { offer, reason } => {
                RoleCommand::Decline { offer: find(&orders, offer.as_deref())?, reason }
            }
        };
        orders.only(Command::Role(command))
    }
}

impl Offer {
    fn command(&self, orders: &mut Orders) -> Done<RoleCommand> {
        let brief = match self.brief.trim() {
            "generated" => generated(orders)?,
            brief => brief.to_owned(),
        };
        Ok(RoleCommand::Offer { role: self.role.clone(), to: orders.desk.person(&self.to), brief })
    }
}

/// The page that a successor reads back, made from the log.
fn generated(orders: &mut Orders) -> Done<String> {
    let policy = orders.desk.policy()?;
    let entries = desk::timeline(&mut orders.session)?.into_iter().filter(|entry| can_speak(entry.class()));
    let incident = orders.session.incident();
    let policy = incident.policy().unwrap_or(&policy);
    Ok(brief(incident, policy, entries, clock::now(), orders.desk.zone))
}

/// The offer that is named by its id, its role or its people; else the one to whoever acts.
fn find(orders: &Orders, reference: Option<&str>) -> Done<EntryId> {
    let offers = orders.incident().roles.offers();
    let Some(reference) = reference else {
        let mine: Vec<EntryId> =
            offers.iter().filter(|offer| offer.to == orders.desk.me).map(|offer| offer.id).collect();
        return match (mine.as_slice(), offers) {
            ([one], _) => Ok(*one),
            (_, []) => {
                Err(Fail::refused("no role is offered", "offer one with `warroom role offer ROLE TO`"))
            }
            _ => {
                let named: Vec<String> = offers.iter().map(offered).collect();
                let what = format!("{} offers are for {}", mine.len(), orders.desk.me);
                Err(Fail::refused(what, format!("name one: {}", named.join("; "))))
            }
        };
    };
    let things = offers.iter().map(|offer| Thing { id: offer.id, says: offered_words(offer), fits: true });
    named::pick("offer", reference, things)
}

fn offered(offer: &roles::Offer) -> String {
    format!("{} ({})", short_id(offer.id), offered_words(offer))
}

fn offered_words(offer: &roles::Offer) -> String {
    format!("{} from {} to {}", offer.role, offer.from, offer.to)
}

fn list(desk: &mut Desk, reference: Option<&str>) -> Done {
    let found = desk.which_readable(reference)?;
    let session = desk.reader(&found)?;
    let board = &session.incident().roles;
    if desk.json {
        let roles = shape::roles(session.incident());
        let whole = json!({ "incident": print::found(&found), "roles": roles, "offers": board.offers() });
        return desk.out.json(&whole);
    }
    board.seats().iter().try_for_each(|seat| line(desk, seat))?;
    board.offers().iter().try_for_each(|offer| {
        let since = print::hm(offer.at, desk.zone);
        desk.out.line(&format!("offered  {} {since}, not accepted yet", offered(offer)))?;
        offer.brief.lines().try_for_each(|line| desk.out.line(&format!("  {line}")))
    })
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
