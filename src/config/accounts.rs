//! The accounts of `config.toml`: Slack, PagerDuty, Jira, and any other program that speaks for a service.
//!
//! A token never stands here: it comes from the environment, a command, or a file that only its owner can read
//! ([`TokenSource`], read by [`super::secrets`]).

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};

use crate::incident::Span;
use crate::incident::event::Listen;
use crate::outbox::pace::Pace;

/// Where a token comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TokenSource {
    /// A variable of the environment.
    Env(String),
    /// A program and its arguments; what it prints, without the last line break.
    Command(Vec<String>),
    /// A file with mode 0600; a relative one lies beside `config.toml`.
    File(PathBuf),
}

/// Everything that is told to the outside, by account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accounts {
    pub slack: Option<SlackSettings>,
    pub pagerduty: Option<PagerDutySettings>,
    pub jira: Option<JiraSettings>,
    pub clients: BTreeMap<String, ProcessSettings>,
}

/// What every account has.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct Common {
    /// Nothing is written there; what happens there is heard.
    pub read_only: bool,
    /// Opened by itself when an incident is declared; else at a key.
    pub on_declare: bool,
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca: Option<PathBuf>,
    /// How long one call may take.
    #[serde(deserialize_with = "span")]
    pub timeout: Span,
    /// How long after a doubtful attempt "it is not there" is believed: longer than any call may be under way.
    #[serde(deserialize_with = "span")]
    pub settle: Span,
    /// Between two looks for what happened there, where it does not say so by itself.
    #[serde(deserialize_with = "span")]
    pub poll: Span,
}

impl Default for Common {
    fn default() -> Self {
        Self {
            read_only: false,
            on_declare: false,
            ca: None,
            timeout: Span::from_secs(10),
            settle: Span::from_secs(30),
            poll: Span::from_secs(5),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct SlackSettings {
    #[serde(flatten)]
    pub common: Common,
    /// A bot token, `xoxb-…`.
    pub token: Option<TokenSource>,
    /// An app token, `xapp-…`: news come by Socket Mode instead of being asked for.
    pub app_token: Option<TokenSource>,
    /// For tests and proxies of your own.
    pub base: String,
    /// How the names of channels begin; the day and the title follow.
    pub prefix: String,
    /// Invite whoever gets a role.
    pub invite: bool,
    /// Audience to channel, by id or name; `incident`: the incident's own. Others are not told here.
    pub audiences: BTreeMap<String, String>,
    /// Which messages become entries, unless the incident chose: `off`, `pinned`, `emoji` or `all`.
    pub listen: Listen,
    /// The emoji of `listen = "emoji"`, without colons.
    pub emoji: String,
    /// Whose `!note`, `!role`, `!sev` and `!update` count: people by id, mail or Slack id; empty: nobody's.
    pub commands: Vec<String>,
    /// The channel of all drills, by id or name; absent: drills stay out of Slack.
    pub drill: Option<String>,
    /// Most messages of one page of history: 15 where the app is bound to it, else up to 999.
    pub page: u32,
    /// Keys that nobody knows: an error, see [`Accounts::unknown`].
    #[serde(flatten)]
    pub rest: BTreeMap<String, toml::Value>,
}

impl Default for SlackSettings {
    fn default() -> Self {
        Self {
            common: Common::default(),
            token: None,
            app_token: None,
            base: "https://slack.com/api".into(),
            prefix: "inc-".into(),
            invite: true,
            audiences: BTreeMap::from([("internal".into(), "incident".into())]),
            listen: Listen::Pinned,
            emoji: "pushpin".into(),
            commands: Vec::new(),
            drill: None,
            rest: BTreeMap::new(),
            page: 200,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct PagerDutySettings {
    #[serde(flatten)]
    pub common: Common,
    /// A REST API key, of a user or of the account.
    pub token: Option<TokenSource>,
    /// An integration key of Events v2: without a token incidents are opened, acknowledged and resolved through it.
    pub routing_key: Option<TokenSource>,
    /// `us` or `eu`.
    pub region: Region,
    /// For tests and proxies of your own; else as the region says.
    pub base: Option<String>,
    /// The same for Events v2, up to the `/enqueue` that follows: `https://events.pagerduty.com/v2`.
    pub events_base: Option<String>,
    /// The mail of the user in whose name is written.
    pub from: String,
    /// The id of the service on which incidents are opened.
    pub service: String,
    /// The id of the escalation policy that they follow; empty: the service's own. Drills follow their own service's.
    pub escalation_policy: String,
    /// Severity to the name of a priority.
    pub priorities: BTreeMap<String, String>,
    /// Whom to page for a rung of the ladder: its words to the id of a user (`P…`) or of an escalation policy.
    pub rungs: BTreeMap<String, String>,
    /// The id of the service on which drills are opened; absent: drills page nobody.
    pub drill: Option<String>,
    /// Keys that nobody knows: an error, see [`Accounts::unknown`].
    #[serde(flatten)]
    pub rest: BTreeMap<String, toml::Value>,
}

impl Default for PagerDutySettings {
    fn default() -> Self {
        Self {
            common: Common { poll: Span::from_secs(15), ..Common::default() },
            token: None,
            routing_key: None,
            region: Region::Us,
            base: None,
            events_base: None,
            from: String::new(),
            service: String::new(),
            escalation_policy: String::new(),
            priorities: BTreeMap::new(),
            rungs: BTreeMap::new(),
            drill: None,
            rest: BTreeMap::new(),
        }
    }
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    #[default]
    Us,
    Eu,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct JiraSettings {
    #[serde(flatten)]
    pub common: Common,
    /// `https://SITE.atlassian.net`, or the address of a Data Center.
    pub base: String,
    /// `cloud` (REST v3) or `data-center` (REST v2).
    pub edition: Edition,
    /// The mail that belongs to a Cloud API token, or the name that belongs to a password of a Data Center; without it the token is
    /// sent as a bearer token, as a personal access token has to be.
    pub user: String,
    pub token: Option<TokenSource>,
    /// The key of the project, such as `DATA`.
    pub project: String,
    /// The type of an incident's ticket.
    pub issue_type: String,
    /// The type of a follow-up's.
    pub follow_up_type: String,
    /// The type of the link from a follow-up to its incident.
    pub link_type: String,
    /// Severity to the name of a priority.
    pub priorities: BTreeMap<String, String>,
    /// Our status, such as `diagnosing`, `resolved` or `closed`, to the name of a transition or of a status there.
    pub transitions: BTreeMap<String, String>,
    /// Fields that the project requires: the name or id of a field to its value.
    pub fields: BTreeMap<String, toml::Value>,
    /// Open a ticket for each follow-up.
    pub follow_ups: bool,
    /// Updates to these audiences become comments.
    pub audiences: Vec<String>,
    /// The key of the project of drills; absent: drills open no tickets.
    pub drill: Option<String>,
    /// Keys that nobody knows: an error, see [`Accounts::unknown`].
    #[serde(flatten)]
    pub rest: BTreeMap<String, toml::Value>,
}

impl Default for JiraSettings {
    fn default() -> Self {
        Self {
            common: Common { poll: Span::from_secs(30), ..Common::default() },
            base: String::new(),
            edition: Edition::Cloud,
            user: String::new(),
            token: None,
            project: String::new(),
            issue_type: "Task".into(),
            follow_up_type: "Task".into(),
            link_type: "Relates".into(),
            priorities: BTreeMap::new(),
            transitions: BTreeMap::new(),
            fields: BTreeMap::new(),
            follow_ups: true,
            audiences: vec!["internal".into()],
            drill: None,
            rest: BTreeMap::new(),
        }
    }
}

impl JiraSettings {
    /// The priority for a severity, however its name is written.
    pub fn priority(&self, severity: &str) -> Option<&str> {
        let same = |(known, _): &(&String, &String)| known.eq_ignore_ascii_case(severity);
        self.priorities
            .iter()
            .find(same)
            .map(|(_, priority)| priority.as_str())
            .filter(|name| !name.is_empty())
    }
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    #[default]
    Cloud,
    DataCenter,
}

/// Any program that speaks newline-delimited JSON on its standard streams.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct ProcessSettings {
    #[serde(flatten)]
    pub common: Common,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// `chat`, `paging` or `tickets`: what it is used for.
    pub service: ServiceKind,
    /// Named tokens, handed over in the first message.
    pub secrets: BTreeMap<String, TokenSource>,
    /// Handed over as it stands, beside the secrets.
    pub options: toml::Table,
    /// Audience to the place where it is told; `incident`: the incident's own.
    pub audiences: BTreeMap<String, String>,
    pub listen: Listen,
    /// Where drills go; absent: drills stay out of it.
    pub drill: Option<String>,
    /// Keys that nobody knows: an error, see [`Accounts::unknown`].
    #[serde(flatten)]
    pub rest: BTreeMap<String, toml::Value>,
}

impl Default for ProcessSettings {
    fn default() -> Self {
        Self {
            common: Common::default(),
            command: Vec::new(),
            service: ServiceKind::Chat,
            secrets: BTreeMap::new(),
            options: toml::Table::new(),
            audiences: BTreeMap::from([("internal".into(), "incident".into())]),
            listen: Listen::All,
            drill: None,
            rest: BTreeMap::new(),
        }
    }
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    #[default]
    Chat,
    Paging,
    Tickets,
}

/// A key that an account does not have.
pub struct UnknownKey {
    pub account: String,
    pub key: String,
    pub near: Option<&'static str>,
}

const COMMON: [&str; 6] = ["read_only", "on_declare", "ca", "timeout", "settle", "poll"];
const SLACK: [&str; 11] = [
    "token",
    "app_token",
    "base",
    "prefix",
    "invite",
    "audiences",
    "listen",
    "emoji",
    "commands",
    "drill",
    "page",
];
const PAGERDUTY: [&str; 11] = [
    "token",
    "routing_key",
    "region",
    "base",
    "events_base",
    "from",
    "service",
    "escalation_policy",
    "priorities",
    "rungs",
    "drill",
];
const JIRA: [&str; 14] = [
    "base",
    "edition",
    "user",
    "token",
    "project",
    "issue_type",
    "follow_up_type",
    "link_type",
    "priorities",
    "transitions",
    "fields",
    "follow_ups",
    "audiences",
    "drill",
];
const PROCESS: [&str; 7] = ["command", "service", "secrets", "options", "audiences", "listen", "drill"];

impl Accounts {
    pub fn is_empty(&self) -> bool {
        self.slack.is_none() && self.pagerduty.is_none() && self.jira.is_none() && self.clients.is_empty()
    }

    /// The first key that nobody knows.
    pub fn unknown(&self) -> Option<UnknownKey> {
        let first = |account: &str, rest: &BTreeMap<String, toml::Value>, own: &[&'static str]| {
            let key = rest.keys().next()?.clone();
            let known: Vec<&'static str> = own.iter().chain(&COMMON).copied().collect();
            Some(UnknownKey { account: account.to_owned(), near: crate::policy::nearest(&key, &known), key })
        };
        let process = |(name, settings): (&String, &ProcessSettings)| {
            first(&format!("client.{name}"), &settings.rest, &PROCESS)
        };
        None.or_else(|| self.slack.as_ref().and_then(|slack| first("slack", &slack.rest, &SLACK)))
            .or_else(|| self.pagerduty.as_ref().and_then(|pd| first("pagerduty", &pd.rest, &PAGERDUTY)))
            .or_else(|| self.jira.as_ref().and_then(|jira| first("jira", &jira.rest, &JIRA)))
            .or_else(|| self.clients.iter().find_map(process))
    }
}

/// Slack stores about one message a second in a channel.
pub const SLACK_LANE: Pace = Pace::new(60, 3);
/// The slowest tier that warroom writes with, and what a workspace bears in all.
pub const SLACK_ACCOUNT: Pace = Pace::new(120, 20);
/// 960 calls a minute and token, of which looking takes its share.
pub const PAGERDUTY_ACCOUNT: Pace = Pace::new(480, 20);
/// Jira counts bursts by endpoint.
pub const JIRA_ACCOUNT: Pace = Pace::new(300, 10);

/// `30s`, `5 min` or a number of seconds.
fn span<'de, D: Deserializer<'de>>(from: D) -> Result<Span, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a length of time such as \"30s\"")]
    enum Given {
        Seconds(u32),
        Text(String),
    }
    match Given::deserialize(from)? {
        Given::Seconds(secs) => Ok(Span::from_secs(i64::from(secs))),
        Given::Text(text) => Span::parse(&text)
            .filter(|span| !span.is_negative())
            .ok_or_else(|| de::Error::custom(format!("{text:?} is no length of time: write 30s or 5m"))),
    }
}
