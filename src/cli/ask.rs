//! `warroom ask`: who owes which answer, and by when (MISSION row B2).

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Desk;
use super::fail::Done;
use super::named::{self, Thing};
use super::orders::Orders;
use super::print::{self, padded, short_id};
use super::{moment, words};
use crate::incident::asks::Ask;
use crate::incident::command::AskCommand;
use crate::incident::{Command, EntryId, Incident, PersonId, Time};
use crate::runtime::clock;

/// Ask somebody for something, with a time to be back; without words: list the asks
#[derive(Args)]
#[command(override_usage = "warroom ask WHO WHAT [--in 10m | --by 14:20]\n       \
                            warroom ask [answer ID TEXT | more ID 10m | withdraw ID | reopen ID]")]
pub struct AskArgs {
    /// Whom, then what is needed from them
    #[arg(value_name = "WHO WHAT")]
    words: Vec<String>,
    /// Back in this time: 10m, 1h
    #[arg(long = "in", value_name = "SPAN", conflicts_with = "by")]
    within: Option<String>,
    /// Back by then: 14:20, or RFC 3339
    #[arg(long, value_name = "TIME")]
    by: Option<String>,
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Subcommand)]
enum Act {
    /// Write down the answer
    Answer {
        #[arg(help = named::ID)]
        id: String,
        #[arg(required = true, value_name = "TEXT")]
        answer: Vec<String>,
    },
    /// Give it more time, or less, from now on
    More {
        #[arg(help = named::ID)]
        id: String,
        /// 10m from now, or 14:20
        #[arg(value_name = "SPAN|TIME")]
        until: String,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// It is no longer needed
    Withdraw {
        #[arg(help = named::ID)]
        id: String,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// The answer was none, or the withdrawal a mistake
    Reopen {
        #[arg(help = named::ID)]
        id: String,
    },
}

impl AskArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        match (self.act, self.words.split_first()) {
            (Some(act), None) if self.within.is_none() && self.by.is_none() => act.run(desk),
            (Some(_), _) => Err(words::mixed("ask")),
            (None, None) => list(desk),
            (None, Some((who, what))) => {
                let due = moment::deadline(self.within.as_deref(), self.by.as_deref(), desk.zone)?;
                let what = what.join(" ");
                let ask = AskCommand::Ask { who: desk.person(who), what: what.clone(), due };
                let given = Orders::to(desk, None).and_then(|orders| orders.only(Command::Ask(ask)));
                given.map_err(|fail| fail.keeping(&what))
            }
        }
    }
}

impl Act {
    fn run(self, desk: &mut Desk) -> Done {
        let orders = Orders::to(desk, None)?;
        let find = |id: &str, open: bool| find(orders.incident(), id, open);
        let ask = match self {
            Act::Answer { id, answer } => {
                let text = answer.join(" ");
                let answer = |ask| Command::Ask(AskCommand::Answer { ask, answer: text.clone() });
                let given = find(&id, true).map(answer).and_then(|answer| orders.only(answer));
                return given.map_err(|fail| fail.keeping(&text));
            }
            Act::More { id, until, reason } => {
                let due = moment::to_come(&until, orders.desk.zone)?;
                AskCommand::Move { ask: find(&id, true)?, due, reason }
            }
            Act::Withdraw { id, reason } => AskCommand::Withdraw { ask: find(&id, true)?, reason },
            Act::Reopen { id } => AskCommand::Reopen { ask: find(&id, false)? },
        };
        orders.only(Command::Ask(ask))
    }
}

fn find(incident: &Incident, reference: &str, open: bool) -> Done<EntryId> {
    let things = incident.asks.all().iter().map(|ask| Thing {
        id: ask.id,
        says: format!("{}: {}", ask.who, ask.what),
        fits: ask.is_open() == open,
    });
    named::pick("ask", reference, things)
}

/// Open ones first, the soonest due before the others, then the answered ones.
fn list(desk: &mut Desk) -> Done {
    let found = desk.which_readable(None)?;
    let session = desk.reader(&found)?;
    let incident = session.incident();
    let mut asks = incident.asks.open();
    asks.extend(incident.asks.all().iter().filter(|ask| !ask.is_open()));
    if desk.json {
        return desk.out.json(&json!({ "incident": print::found(&found), "asks": asks }));
    }
    if asks.is_empty() {
        return desk
            .out
            .line("nobody was asked anything; `warroom ask bob \"what is the last good backup?\" --in 10m`");
    }
    let now = clock::now();
    asks.iter().try_for_each(|ask| {
        let line = line(desk, ask, now);
        desk.out.line(&line)
    })
}

fn line(desk: &Desk, ask: &Ask, now: Time) -> String {
    let (state, then) = match &ask.settled {
        None => (ask.due.map_or("open".to_owned(), |due| print::left(due, now)), String::new()),
        Some(settled) => match &settled.answer {
            Some(answer) => ("answered".to_owned(), format!(" > {answer}")),
            None => ("withdrawn".to_owned(), print::because(&settled.reason)),
        },
    };
    let due = ask.due.filter(|_| ask.is_open()).map(|due| format!(" · by {}", print::hm(due, desk.zone)));
    let who = padded(ask.who.as_str(), 8);
    let id = short_id(ask.id);
    format!("{id}  {}  {who}  {}{}{then}", padded(&state, 12), ask.what, due.unwrap_or_default())
}

impl Desk {
    /// Whoever is named; `me` is who acts.
    pub fn person(&self, name: &str) -> PersonId {
        if name == "me" { self.me.clone() } else { PersonId::new(name) }
    }
}
