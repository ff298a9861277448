//! One account's way into Jira's REST API: addresses, the token, and one try for each call.
//!
//! It knows no ticket and no deed. What a refusal means is in [`super::errors`].

use reqwest::{RequestBuilder, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::errors;
use crate::clients::http::{Answer, Http, Reach};
use crate::clients::{Secret, Trouble};
use crate::config::accounts::{Edition, JiraSettings};
use crate::incident::Time;

pub(super) struct Api {
    http: Http,
    /// What stands between the base and a path; nothing where the base names the API itself.
    prefix: &'static str,
    /// Where people look at tickets; a gateway for OAuth tokens is no such place.
    site: Option<String>,
    pub(super) edition: Edition,
    user: String,
    token: Secret,
}

impl Api {
    pub(super) fn new(settings: &JiraSettings, token: Secret) -> Result<Self, Trouble> {
        let mut reach = Reach::new(settings.base.trim());
        reach.ca = settings.common.ca.clone();
        reach.timeout = std::time::Duration::from_millis(settings.common.timeout.ms().max(1000) as u64);
        let (prefix, site) = (prefix(&reach.base, settings.edition), site(&reach.base));
        let http = Http::new(reach, vec![token.clone()])?;
        Ok(Self {
            http,
            prefix,
            site,
            edition: settings.edition,
            user: settings.user.trim().to_owned(),
            token,
        })
    }

    pub(super) fn is_cloud(&self) -> bool {
        self.edition == Edition::Cloud
    }

    /// The calls of one moment; a service may name the time until which it wants to be left alone.
    pub(super) fn at(&self, now: Option<Time>) -> Line<'_> {
        Line { api: self, now }
    }

    /// The address of a ticket for people.
    pub(super) fn browse(&self, key: &str) -> Option<String> {
        Some(format!("{}/browse/{key}", self.site.as_deref()?))
    }

    /// The machine that tickets are looked at on.
    pub(super) fn host(&self) -> Option<String> {
        Url::parse(self.site.as_deref()?).ok()?.host_str().map(str::to_owned)
    }

    pub(super) fn timeout(&self) -> std::time::Duration {
        self.http.timeout()
    }

    fn path(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// With a user it is basic (the mail and API token of Cloud, the name and password of an old Data Center), without one a bearer
    /// token (OAuth, and the personal access tokens of a Data Center).
    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("Accept", "application/json");
        if !self.user.is_empty() {
            return request.basic_auth(&self.user, Some(self.token.expose()));
        }
        request.bearer_auth(self.token.expose())
    }
}

/// A base such as `https://proxy/jira/rest/api/2` is used as it stands.
fn names_api(base: &str) -> bool {
    base.contains("/rest/") || base.ends_with("/api/2") || base.ends_with("/api/3")
}

fn prefix(base: &str, edition: Edition) -> &'static str {
    match edition {
        _ if names_api(base) => "",
        Edition::Cloud => "/rest/api/3",
        Edition::DataCenter => "/rest/api/2",
    }
}

fn site(base: &str) -> Option<String> {
    let gateway = Url::parse(base).ok()?.host_str() == Some("api.atlassian.com");
    let end = ["/rest/", "/api/2", "/api/3"].iter().find_map(|api| base.rfind(api)).unwrap_or(base.len());
    (!gateway).then(|| base[..end].to_owned())
}

/// A word as one part of a path.
pub(super) fn part(word: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    word.bytes()
        .map(|byte| if keep(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Calls at one moment.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) api: &'a Api,
    now: Option<Time>,
}

/// Whether a call may be made twice without harm.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Twice {
    Harmless,
    Harms,
}

impl Line<'_> {
    /// Reads something; never doubtful.
    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, Trouble> {
        self.send(self.api.http.get(&self.api.path(path)).query(query), Twice::Harmless).await
    }

    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Trouble> {
        let answer = self.get(path, query).await?;
        answer.json().ok_or_else(|| errors::unreadable(&answer).repeatable())
    }

    /// A POST that only asks.
    pub(super) async fn ask<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Trouble> {
        let answer = self.post(path, body, Twice::Harmless).await?;
        answer.json().ok_or_else(|| errors::unreadable(&answer).repeatable())
    }

    pub(super) async fn post(&self, path: &str, body: &Value, twice: Twice) -> Result<Answer, Trouble> {
        self.send(self.api.http.post(&self.api.path(path)).json(body), twice).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Result<Answer, Trouble> {
        self.send(self.api.http.put(&self.api.path(path)).json(body), Twice::Harmless).await
    }

    /// A file; without the header Jira takes it for a forged form.
    pub(super) async fn upload(&self, path: &str, form: reqwest::multipart::Form) -> Result<Answer, Trouble> {
        let request = self.api.http.post(&self.api.path(path)).header("X-Atlassian-Token", "no-check");
        self.send(request.multipart(form), Twice::Harms).await
    }

    async fn send(&self, request: RequestBuilder, twice: Twice) -> Result<Answer, Trouble> {
        let safely = |trouble: Trouble| if twice == Twice::Harmless { trouble.repeatable() } else { trouble };
        let answer = self.api.http.send(self.api.signed(request)).await.map_err(safely)?;
        match errors::trouble(&answer, self.now) {
            Some(trouble) => Err(safely(trouble)),
            None => Ok(answer),
        }
    }
}
