//! `warroom rollcall`: which teams are here, and who answers for each (MISSION row B6).

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Desk;
use super::fail::Done;
use super::orders::Orders;
use super::print::{self, padded};
use super::words;
use crate::incident::command::RoleCommand;
use crate::incident::roles::Team;
use crate::incident::{Command, Incident};

/// Call the teams by name; without words: who is here, and who is missing
#[derive(Args)]
#[command(override_usage = "warroom rollcall [TEAM…]\n       warroom rollcall [call | present TEAM WHO]")]
pub struct RollcallArgs {
    /// The teams that should answer
    #[arg(value_name = "TEAM")]
    teams: Vec<String>,
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Subcommand)]
enum Act {
    /// Call the teams that the policy expects
    Call,
    /// A team answers, and who speaks for it
    Present { team: String, who: String },
}

impl RollcallArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let command = match (self.act, self.teams.is_empty()) {
            (Some(_), false) => return Err(words::mixed("rollcall")),
            (None, true) => return list(desk),
            (None, false) => RoleCommand::Call { teams: self.teams },
            (Some(Act::Present { team, who }), true) => RoleCommand::Present { team, who: desk.person(&who) },
            (Some(Act::Call), true) => {
                let orders = Orders::to(desk, None)?;
                let teams = expected(orders.incident());
                return orders.only(Command::Role(RoleCommand::Call { teams }));
            }
        };
        Orders::to(desk, None)?.only(Command::Role(command))
    }
}

/// The teams of the policy, and those whose data is affected.
fn expected(incident: &Incident) -> Vec<String> {
    let policy = incident.policy().map(|policy| policy.rules.roll_call.clone()).unwrap_or_default();
    policy.into_iter().chain(incident.ledger.teams().into_iter().map(str::to_owned)).collect()
}

fn list(desk: &mut Desk) -> Done {
    let found = desk.which_readable(None)?;
    let session = desk.reader(&found)?;
    let incident = session.incident();
    let call = incident.roles.roll_call();
    if desk.json {
        let missing: Vec<&str> = call.missing().map(|team| team.name.as_str()).collect();
        return desk.out.json(&json!({
            "incident": print::found(&found), "roll_call": call, "missing": missing, "expected": expected(incident),
        }));
    }
    match &call.called {
        Some((by, at)) => desk.out.line(&format!("called {} by {by}", print::moment(*at, desk.zone)))?,
        None => {
            let expected = expected(incident);
            let line = match expected.is_empty() {
                true => "nobody was called; `warroom rollcall TEAM TEAM` calls them".to_owned(),
                false => format!("nobody was called; `warroom rollcall call` calls {}", expected.join(", ")),
            };
            desk.out.line(&line)?;
        }
    }
    call.teams.iter().try_for_each(|team| {
        let line = line(desk, team);
        desk.out.line(&line)
    })
}

fn line(desk: &Desk, team: &Team) -> String {
    let here = match &team.present {
        Some((who, at)) => format!("here: {who}, {}", print::hm(*at, desk.zone)),
        None => "MISSING".to_owned(),
    };
    format!("  {}  {here}", padded(&team.name, 24))
}
