//! From the settings to what the room knows of each account, and to the clients that speak for it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::clients::{Client, Trouble};
use crate::config::accounts::{
    Accounts, Common, JIRA_ACCOUNT, JiraSettings, PAGERDUTY_ACCOUNT, PagerDutySettings, ProcessSettings,
    SLACK_ACCOUNT, SLACK_LANE, ServiceKind, SlackSettings, TokenSource,
};
use crate::config::{Settings, people, secrets};
use crate::incident::Span;
use crate::outbox::routes::{Account, People, Routes, Service};
use crate::secret::Secret;

/// Who is told what outside. A `people.toml` that cannot be read names nobody; `doctor` says so.
pub fn routes(settings: &Settings, config: &Path) -> Routes {
    of(&settings.accounts(), people::load(config).unwrap_or_default())
}

/// The same, from what was read.
pub fn of(accounts: &Accounts, people: People) -> Routes {
    let people = Arc::new(people);
    let slack = accounts.slack.iter().map(slack);
    let pagerduty = accounts.pagerduty.iter().map(pagerduty);
    let jira = accounts.jira.iter().map(jira);
    let others = accounts.clients.iter().map(|(name, settings)| process(name, settings));
    let mut all: Vec<Account> = slack.chain(pagerduty).chain(jira).chain(others).collect();
    for account in &mut all {
        account.people = people.clone();
    }
    Routes { accounts: all, people }
}

/// "It is not there" is believed once no call can be under way any more: after the longest that the client may take, and
/// some more for what a service does late. What is on this machine is believed as the settings say.
fn settle(common: &Common, base: &str, longest: Span) -> Span {
    const LATE: Span = Span::from_secs(10);
    let safe = Span::from_ms(longest.ms().saturating_add(LATE.ms()));
    if is_loopback(base) { common.settle } else { common.settle.max(safe) }
}

/// So many timeouts, and so much more.
fn times(common: &Common, times: i64, more_s: i64) -> Span {
    Span::from_ms(common.timeout.ms().saturating_mul(times).saturating_add(more_s * 1000))
}

fn account(name: &str, title: &str, service: Service, common: &Common) -> Account {
    Account {
        name: name.to_owned(),
        title: title.to_owned(),
        service,
        read_only: common.read_only,
        on_declare: common.on_declare,
        ..Account::default()
    }
}

fn slack(settings: &SlackSettings) -> Account {
    let loopback = is_loopback(&settings.base);
    Account {
        drill: settings.drill.clone().filter(|drill| !drill.is_empty()),
        audiences: settings.audiences.clone(),
        prefix: settings.prefix.clone(),
        invite: settings.invite,
        commands: settings.commands.clone(),
        listen: settings.listen,
        pace: (!loopback).then_some(SLACK_ACCOUNT),
        lane_pace: (!loopback).then_some(SLACK_LANE),
        settle: settle(&settings.common, &settings.base, times(&settings.common, 2, 5)),
        ..account("slack", "Slack", Service::Chat, &settings.common)
    }
}

fn pagerduty(settings: &PagerDutySettings) -> Account {
    Account {
        drill: settings.drill.clone().filter(|drill| !drill.is_empty()),
        priorities: settings.priorities.clone(),
        rungs: settings.rungs.clone(),
        pace: Some(PAGERDUTY_ACCOUNT),
        settle: settle(
            &settings.common,
            settings.base.as_deref().unwrap_or_default(),
            times(&settings.common, 4, 0),
        ),
        ..account("pagerduty", "PagerDuty", Service::Paging, &settings.common)
    }
}

fn jira(settings: &JiraSettings) -> Account {
    let audience = |name: &String| (name.clone(), String::new());
    Account {
        drill: settings.drill.clone().filter(|drill| !drill.is_empty()),
        audiences: settings.audiences.iter().map(audience).collect(),
        follow_ups: settings.follow_ups,
        moves: settings.transitions.keys().cloned().collect(),
        priorities: settings.priorities.clone(),
        pace: Some(JIRA_ACCOUNT),
        settle: settle(&settings.common, &settings.base, times(&settings.common, 4, 0)),
        ..account("jira", "Jira", Service::Tickets, &settings.common)
    }
}

fn process(name: &str, settings: &ProcessSettings) -> Account {
    let service = match settings.service {
        ServiceKind::Chat => Service::Chat,
        ServiceKind::Paging => Service::Paging,
        ServiceKind::Tickets => Service::Tickets,
    };
    Account {
        drill: settings.drill.clone().filter(|drill| !drill.is_empty()),
        audiences: settings.audiences.clone(),
        prefix: "inc-".to_owned(),
        listen: settings.listen,
        settle: settle(&settings.common, "", times(&settings.common, 2, 12)),
        ..account(name, name, service, &settings.common)
    }
}

/// What is on this machine is as fast as it is: an emulator, a test.
fn is_loopback(base: &str) -> bool {
    reqwest::Url::parse(base).is_ok_and(|url| crate::clients::http::is_loopback(&url))
}

/// How long between two looks for news of an account.
pub fn poll(accounts: &Accounts, name: &str) -> std::time::Duration {
    let common = common(accounts, name);
    let ms = common.map_or(5_000, |common| common.poll.ms().max(50));
    std::time::Duration::from_millis(ms.unsigned_abs())
}

fn common<'a>(accounts: &'a Accounts, name: &str) -> Option<&'a Common> {
    match name {
        "slack" => accounts.slack.as_ref().map(|slack| &slack.common),
        "pagerduty" => accounts.pagerduty.as_ref().map(|pagerduty| &pagerduty.common),
        "jira" => accounts.jira.as_ref().map(|jira| &jira.common),
        name => accounts.clients.get(name).map(|client| &client.common),
    }
}

/// The names of all accounts.
pub fn names(accounts: &Accounts) -> Vec<String> {
    of(accounts, People::new()).accounts.into_iter().map(|account| account.name).collect()
}

/// The client of an account, with its tokens. Reading those may take a while: not for the console's thread.
pub fn client(accounts: &Accounts, name: &str, config: &Path) -> Result<Arc<dyn Client>, Trouble> {
    let unknown =
        || Trouble::auth(format!("the account {name} is not configured here: see `warroom connect`"));
    match name {
        "slack" => slack_client(accounts.slack.as_ref().ok_or_else(unknown)?, config),
        "pagerduty" => pagerduty_client(accounts.pagerduty.as_ref().ok_or_else(unknown)?, config),
        "jira" => jira_client(accounts.jira.as_ref().ok_or_else(unknown)?, config),
        name => process_client(name, accounts.clients.get(name).ok_or_else(unknown)?, config),
    }
}

fn token(account: &str, key: &str, source: Option<&TokenSource>, config: &Path) -> Result<Secret, Trouble> {
    let missing = || Trouble::auth(format!("[{account}] has no {key}: run `warroom connect {account}`"));
    let source = source.ok_or_else(missing)?;
    secrets::read(source, config).map_err(|why| Trouble::auth(format!("[{account}] {key}: {why}")))
}

fn optional(
    account: &str,
    key: &str,
    source: Option<&TokenSource>,
    config: &Path,
) -> Result<Option<Secret>, Trouble> {
    source.map(|source| token(account, key, Some(source), config)).transpose()
}

fn slack_client(settings: &SlackSettings, config: &Path) -> Result<Arc<dyn Client>, Trouble> {
    let bot = token("slack", "token", settings.token.as_ref(), config)?;
    let app = optional("slack", "app_token", settings.app_token.as_ref(), config)?;
    Ok(Arc::new(crate::clients::slack::Slack::new(settings, bot, app)?))
}

fn pagerduty_client(settings: &PagerDutySettings, config: &Path) -> Result<Arc<dyn Client>, Trouble> {
    let rest = optional("pagerduty", "token", settings.token.as_ref(), config)?;
    let key = optional("pagerduty", "routing_key", settings.routing_key.as_ref(), config)?;
    Ok(Arc::new(crate::clients::pagerduty::PagerDuty::new(settings, rest, key)?))
}

fn jira_client(settings: &JiraSettings, config: &Path) -> Result<Arc<dyn Client>, Trouble> {
    let token = token("jira", "token", settings.token.as_ref(), config)?;
    Ok(Arc::new(crate::clients::jira::Jira::new(settings, token)?))
}

fn process_client(name: &str, settings: &ProcessSettings, config: &Path) -> Result<Arc<dyn Client>, Trouble> {
    let mut given: BTreeMap<String, Secret> = BTreeMap::new();
    for (key, source) in &settings.secrets {
        given.insert(key.clone(), token(&format!("client.{name}"), key, Some(source), config)?);
    }
    Ok(Arc::new(crate::clients::process::Process::new(name, settings, given)?))
}
