//! `warroom impact`: which data is harmed, who uses it, and whether it is back in time (MISSION rows B8, S1.5, S2.1).

use std::collections::BTreeSet;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::desk::Desk;
use super::fail::{Done, Fail};
use super::orders::Orders;
use super::{moment, print};
use crate::incident::command::ImpactCommand;
use crate::incident::event::{DataLoss, Harm, ImpactChange, Rows};
use crate::incident::{Command, Incident, Time, Zone};
use crate::report::export::ledgers;
use crate::report::ledger::{Reader, harm, stated};
use crate::runtime::clock;

/// Record what happened to a dataset, state what became of the data, or list it all
#[derive(Args)]
pub struct ImpactArgs {
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Subcommand)]
enum Act {
    /// Every dataset with what is known of it, and its recovery against its tier (default)
    List,
    /// Record what is known of a dataset; what is not given stays as it was
    Set(Box<Set>),
    /// The dataset was not affected after all
    Withdraw {
        dataset: String,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// State what became of the data in the end; delayed and lost need words
    State {
        data: Loss,
        #[arg(value_name = "TEXT")]
        text: Vec<String>,
    },
}

/// TIME: now, -7m, 14:03, "yesterday 23:10", "2026-11-20 21:00" or RFC 3339.
#[derive(Args)]
struct Set {
    /// Its name, such as orders or warehouse.orders
    dataset: String,
    /// Rows are gone; kinds that are given add to those recorded
    #[arg(long)]
    lost: bool,
    /// It came late
    #[arg(long)]
    delayed: bool,
    /// It is wrong
    #[arg(long)]
    corrupt: bool,
    /// Somebody saw it who must not
    #[arg(long)]
    exposed: bool,
    /// That it was not, after all
    #[arg(long, value_name = "KIND", value_enum, value_delimiter = ',')]
    not: Vec<Kind>,
    /// How many: 5000 is counted; ~5000, 5k and 1.2M are estimates
    #[arg(long, value_name = "N|~N")]
    rows: Option<String>,
    /// The first data affected
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: Option<String>,
    /// The last data affected
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// The newest data known to be right
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    last_good: Option<String>,
    /// Since when nothing more is damaged
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    contained: Option<String>,
    /// Since when it is whole again
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    recovered: Option<String>,
    /// How it was recovered
    #[arg(long, value_name = "TEXT")]
    how: Option<String>,
    /// Reports, models and customers that use it, with commas; "" clears
    #[arg(long, value_name = "A,B")]
    consumers: Option<String>,
    /// Teams that must be told, with commas; "" clears
    #[arg(long, value_name = "A,B")]
    teams: Option<String>,
    /// Its recovery tier in the policy, such as M2; "" clears
    #[arg(long)]
    tier: Option<String>,
    /// Anything else; "" clears
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Kind {
    Lost,
    Delayed,
    Corrupt,
    Exposed,
}

impl From<Kind> for Harm {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Lost => Harm::Lost,
            Kind::Delayed => Harm::Delayed,
            Kind::Corrupt => Harm::Corrupt,
            Kind::Exposed => Harm::Exposed,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Loss {
    None,
    Delayed,
    Lost,
}

impl From<Loss> for DataLoss {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::None => DataLoss::None,
            Loss::Delayed => DataLoss::Delayed,
            Loss::Lost => DataLoss::Lost,
        }
    }
}

impl ImpactArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let zone = desk.zone;
        let impact = match self.act {
            None | Some(Act::List) => return list(desk),
            Some(Act::Withdraw { dataset, reason }) => ImpactCommand::Withdraw { dataset, reason },
            Some(Act::State { data, text }) => {
                ImpactCommand::State { data: data.into(), text: text.join(" ") }
            }
            Some(Act::Set(set)) => {
                let orders = Orders::to(desk, None)?;
                let change = set.change(orders.incident(), zone)?;
                return orders.only(Command::Impact(ImpactCommand::Record(change)));
            }
        };
        Orders::to(desk, None)?.only(Command::Impact(impact))
    }
}

impl Set {
    fn change(self, incident: &Incident, zone: Zone) -> Done<ImpactChange> {
        let time = |text: &Option<String>| time(text.as_deref(), zone);
        let list = |text: &Option<String>| text.as_deref().map(items);
        Ok(ImpactChange {
            kinds: self.kinds(incident),
            from: time(&self.from)?,
            until: time(&self.until)?,
            rows: self.rows.as_deref().map(rows).transpose()?,
            consumers: list(&self.consumers),
            teams: list(&self.teams),
            last_good: time(&self.last_good)?,
            contained: time(&self.contained)?,
            recovered: time(&self.recovered)?,
            how: self.how,
            tier: self.tier,
            note: self.note,
            dataset: self.dataset,
            undoes: None,
        })
    }

    /// Those that are recorded with those that are given now; `None`: nothing was said of them.
    fn kinds(&self, incident: &Incident) -> Option<BTreeSet<Harm>> {
        let given = [
            (self.lost, Harm::Lost),
            (self.delayed, Harm::Delayed),
            (self.corrupt, Harm::Corrupt),
            (self.exposed, Harm::Exposed),
        ];
        let given: Vec<Harm> = given.into_iter().filter(|(on, _)| *on).map(|(_, kind)| kind).collect();
        let line = incident.ledger.get(&self.dataset);
        let mut kinds = line.and_then(|line| line.known.kinds.clone()).unwrap_or_default();
        kinds.extend(&given);
        kinds.retain(|kind| !self.not.iter().any(|not| Harm::from(*not) == *kind));
        (!given.is_empty() || !self.not.is_empty()).then_some(kinds)
    }
}

fn time(text: Option<&str>, zone: Zone) -> Done<Option<Time>> {
    Ok(moment::optional(text, zone)?.map(|when| when.time))
}

fn items(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn rows(text: &str) -> Done<Rows> {
    let read = Rows::parse(text);
    read.ok_or_else(|| Fail::usage(format!("{text:?} is no number of rows"), "write 5000, ~5000, 5k or 1.2M"))
}

fn list(desk: &mut Desk) -> Done {
    let found = desk.which_readable(None)?;
    let session = desk.reader(&found)?;
    let (incident, configured, now) = (session.incident(), desk.policy()?, clock::now());
    if desk.json {
        let datasets = ledgers::impact(incident, Some(&configured), now);
        let data = ledgers::stated(&incident.ledger);
        return desk.out.json(&json!({ "incident": print::found(&found), "impact": datasets, "data": data }));
    }
    if let Some(said) = &incident.ledger.stated {
        desk.out.line(&format!("in the end: {} ({})", stated(said), said.by))?;
    }
    let policy = incident.policy().unwrap_or(&configured);
    let reader = Reader::of(incident, policy, now, desk.zone);
    let mut none = incident.ledger.stated.is_none();
    for dataset in incident.ledger.datasets() {
        none = false;
        desk.out.line(&format!("{}: {}", dataset.name, harm(dataset)))?;
        for fact in reader.facts(dataset) {
            desk.out.line(&format!("  {}  {}", print::padded(fact.label, 9), fact.text))?;
        }
    }
    match none {
        true => desk.out.line("no dataset is recorded; `warroom impact set orders --corrupt --rows ~5000`"),
        false => Ok(()),
    }
}
