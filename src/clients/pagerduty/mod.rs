//! PagerDuty: opens and follows the incident there, pages people, and hears what happens to it.
//!
//! With a token it speaks REST v2; with a routing key alone it speaks Events v2, which can trigger, acknowledge and resolve but
//! never read. It never repeats a call, and never opens a second incident under the same key. Start at `deeds.rs` for what is
//! written, `seek.rs` for how a doubtful write is looked for, `log.rs` for what is heard.

mod deeds;
mod directory;
mod events;
mod key;
mod kinds;
mod ladder;
mod log;
mod open;
mod people;
mod probe;
mod refusal;
mod responders;
mod rest;
mod seek;
mod state;
mod tag;
mod wire;
mod words;

use std::time::Duration;

use events::Events;
use rest::Rest;

use crate::clients::http::{Http, Reach};
use crate::clients::{Call, Client, Directory, Later, Probe, Secret, Trouble};
use crate::config::accounts::{PagerDutySettings, Region};
use crate::outbox::Outcome;
use crate::outbox::news::{Batch, Pull};

/// Calls that one deed may need, one after the other: it looks people up before it writes.
const CALLS_OF_A_DEED: u32 = 4;

pub struct PagerDuty {
    /// Needs a token.
    rest: Option<Rest>,
    /// Needs a routing key.
    events: Option<Events>,
    settings: PagerDutySettings,
}

impl PagerDuty {
    /// A token, a routing key, or both. With a token the routing key serves only what was opened through it.
    ///
    /// # Errors
    /// Neither is there, an address cannot be used, the certificates cannot be read, or `from` is no mail address.
    pub fn new(
        settings: &PagerDutySettings,
        token: Option<Secret>,
        routing_key: Option<Secret>,
    ) -> Result<Self, Trouble> {
        if token.is_none() && routing_key.is_none() {
            return Err(Trouble::permanent(
                "PagerDuty needs a token or a routing_key: set one of them in [pagerduty] of config.toml",
            ));
        }
        check_from(&settings.from)?;
        let rest = token.map(|token| rest(settings, token)).transpose()?;
        let events = routing_key.map(|key| events(settings, key)).transpose()?;
        Ok(Self { rest, events, settings: settings.clone() })
    }
}

impl Client for PagerDuty {
    fn name(&self) -> &str {
        "pagerduty"
    }

    fn deliver<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async move { self.carry_out(call).await.unwrap_or_else(Outcome::from) })
    }

    fn find<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async move { self.seek(call).await.unwrap_or_else(Outcome::from) })
    }

    fn pull<'a>(&'a self, pull: &'a Pull) -> Later<'a, Result<Batch, Trouble>> {
        Box::pin(self.hear(pull))
    }

    fn probe<'a>(&'a self) -> Later<'a, Vec<Probe>> {
        Box::pin(self.try_everything())
    }

    fn directory<'a>(&'a self) -> Later<'a, Result<Directory, Trouble>> {
        Box::pin(self.look_up_all())
    }

    fn patience(&self) -> Duration {
        timeout(&self.settings).saturating_mul(CALLS_OF_A_DEED)
    }
}

fn rest(settings: &PagerDutySettings, token: Secret) -> Result<Rest, Trouble> {
    let base = settings.base.as_deref().unwrap_or(match settings.region {
        Region::Us => "https://api.pagerduty.com",
        Region::Eu => "https://api.eu.pagerduty.com",
    });
    let http = Http::new(reach(settings, base), vec![token.clone()])?;
    Ok(Rest::new(http, token, settings.from.trim()))
}

fn events(settings: &PagerDutySettings, key: Secret) -> Result<Events, Trouble> {
    let base = settings.events_base.as_deref().unwrap_or(match settings.region {
        Region::Us => "https://events.pagerduty.com/v2",
        Region::Eu => "https://events.eu.pagerduty.com/v2",
    });
    let http = Http::new(reach(settings, base), vec![key.clone()])?;
    Ok(Events::new(http, key))
}

fn reach(settings: &PagerDutySettings, base: &str) -> Reach {
    Reach { ca: settings.common.ca.clone(), timeout: timeout(settings), ..Reach::new(base) }
}

fn timeout(settings: &PagerDutySettings) -> Duration {
    Duration::from_millis(settings.common.timeout.ms().max(1).unsigned_abs())
}

/// It goes into a header of every call.
fn check_from(from: &str) -> Result<(), Trouble> {
    let from = from.trim();
    let mail = from.contains('@') && from.bytes().all(|byte| byte.is_ascii_graphic());
    if from.is_empty() || mail {
        return Ok(());
    }
    Err(Trouble::permanent(format!(
        "from = {from:?} in [pagerduty] is no mail address: write the mail of a PagerDuty user"
    )))
}
