//! `config.toml`: every setting, its default, and what is wrong with a file that does not fit.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Deserializer, de};

use super::accounts::{Accounts, JiraSettings, PagerDutySettings, ProcessSettings, SlackSettings};
use crate::incident::{PersonId, Zone};

pub use crate::policy::nearest;

/// All settings. Unknown keys are errors, so that a typing mistake never goes unnoticed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Who "me" is; `--as` wins over it, `$USER` comes last.
    pub me: Option<String>,
    /// `utc` or `local`.
    pub zone: ZoneSetting,
    /// A shipped theme, one of the user's, or `auto` (by the terminal's background).
    pub theme: String,
    /// `false` leaves the mouse to the terminal.
    pub mouse: bool,
    /// `auto`, `unicode` or `ascii`.
    pub glyphs: GlyphSetting,
    /// Policies by name, one (`"data"`) or a list: what the first one has no word on is taken from the next.
    #[serde(deserialize_with = "one_or_more")]
    pub policy: Vec<String>,
    /// Action name to keys, such as `tick = ["space", "x"]`.
    pub keys: BTreeMap<String, Vec<String>>,
    pub slack: Option<SlackSettings>,
    pub pagerduty: Option<PagerDutySettings>,
    pub jira: Option<JiraSettings>,
    /// Other programs that speak for a service, by the name of the account.
    pub client: BTreeMap<String, ProcessSettings>,
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneSetting {
    #[default]
    Utc,
    Local,
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GlyphSetting {
    #[default]
    Auto,
    Unicode,
    Ascii,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            me: None,
            zone: ZoneSetting::Utc,
            theme: "ansi".into(),
            mouse: true,
            glyphs: GlyphSetting::Auto,
            policy: ["data", "pipeline", "runbook"].map(str::to_owned).to_vec(),
            keys: BTreeMap::new(),
            slack: None,
            pagerduty: None,
            jira: None,
            client: BTreeMap::new(),
        }
    }
}

impl Settings {
    const NAMES: [&'static str; 11] =
        ["me", "zone", "theme", "mouse", "glyphs", "policy", "keys", "slack", "pagerduty", "jira", "client"];

    /// Reads the text of a `config.toml`.
    pub fn parse(text: &str) -> Result<Settings, String> {
        let settings: Settings = toml::from_str(text).map_err(|error: toml::de::Error| {
            let mut why = error.to_string().trim_end().to_owned();
            let unknown = error.message().split('`').nth(1).unwrap_or("");
            if error.message().starts_with("unknown field")
                && let Some(near) = nearest(unknown, &Self::NAMES)
            {
                why.push_str(&format!("\ndid you mean `{near}`?"));
            }
            why
        })?;
        settings.check_accounts()?;
        Ok(settings)
    }

    fn check_accounts(&self) -> Result<(), String> {
        if let Some(unknown) = self.accounts().unknown() {
            let near = unknown.near.map(|near| format!("\ndid you mean `{near}`?")).unwrap_or_default();
            return Err(format!("unknown field `{}` in [{}]{near}", unknown.key, unknown.account));
        }
        let reserved = ["local", "slack", "pagerduty", "jira"];
        match self.client.keys().find(|name| reserved.contains(&name.as_str())) {
            Some(name) => Err(format!("[client.{name}]: the name {name} is taken: choose another")),
            None => Ok(()),
        }
    }

    /// Everything that is told to the outside.
    pub fn accounts(&self) -> Accounts {
        let (slack, pagerduty, jira) = (self.slack.clone(), self.pagerduty.clone(), self.jira.clone());
        Accounts { slack, pagerduty, jira, clients: self.client.clone() }
    }

    /// Reads the file; a file that is not there means the defaults.
    pub fn load(path: &Path) -> Result<Settings, String> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|why| format!("{}: {why}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    }

    pub fn zone(&self) -> Zone {
        match self.zone {
            ZoneSetting::Utc => Zone::Utc,
            ZoneSetting::Local => Zone::Local,
        }
    }

    /// Who acts: the flag, then the setting, then the login name.
    pub fn me(&self, flag: Option<&str>) -> PersonId {
        let login = || std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).ok();
        let name = flag.map(str::to_owned).or_else(|| self.me.clone()).or_else(login);
        name.map(|name| PersonId::new(&name)).filter(|id| !id.is_empty()).unwrap_or_else(|| "somebody".into())
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a name such as \"data\", or a list such as [\"data\", \"pipeline\"]")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

fn one_or_more<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    match OneOrMore::deserialize(from)? {
        OneOrMore::One(name) => Ok(vec![name]),
        OneOrMore::More(names) if names.is_empty() => Err(de::Error::custom(
            "no policy is named: write \"data\", or leave the line out for the usual ones",
        )),
        OneOrMore::More(names) => Ok(names),
    }
}
