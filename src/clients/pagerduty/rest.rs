//! REST v2: headers, one call, and lists page by page.
//!
//! A look may always be repeated, so that a failed one is never in doubt; whether a write may is its caller's to say.

use std::collections::BTreeSet;

use reqwest::RequestBuilder;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::refusal;
use crate::clients::http::{Answer, Http};
use crate::clients::{Secret, Trouble};

/// What a page may hold at most.
const PAGE: usize = 100;
/// Offset and limit together may not go beyond (error 2002).
const CEILING: usize = 10_000;

const ACCEPT: &str = "application/vnd.pagerduty+json;version=2";

pub(super) struct Rest {
    http: Http,
    token: Secret,
    from: String,
}

/// A list, read to its end.
pub(super) struct Listed<T> {
    pub items: Vec<T>,
    /// There was more than the service shows.
    pub cut: bool,
}

impl Rest {
    pub fn new(http: Http, token: Secret, from: &str) -> Self {
        Self { http, token, from: from.to_owned() }
    }

    /// The mail of the user in whose name is written.
    pub fn from(&self) -> Result<&str, Trouble> {
        if self.from.is_empty() {
            return Err(Trouble::permanent(
                "PagerDuty must know in whose name this is done: set `from` in [pagerduty] of config.toml to the mail of a user",
            ));
        }
        Ok(&self.from)
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, Trouble> {
        let request = self.http.get(path).query(query);
        self.ask(request, true).await
    }

    /// What may be set again without harm.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Trouble> {
        self.from()?;
        self.ask(self.http.put(path).json(body), true).await
    }

    /// What pages people each time it is set.
    pub async fn put_once<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Trouble> {
        self.from()?;
        self.ask(self.http.put(path).json(body), false).await
    }

    /// What makes something new each time.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Trouble> {
        self.from()?;
        self.ask(self.http.post(path).json(body), false).await
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder, safe: bool) -> Result<T, Trouble> {
        let answer = self.http.send(self.signed(request)).await;
        let answer = answer.map_err(|trouble| if safe { trouble.repeatable() } else { trouble })?;
        match refusal::of(&answer, safe) {
            Some(refused) => Err(refused),
            None => answer.json().ok_or_else(|| unreadable(&answer, safe)),
        }
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("Authorization", self.authorization()).header("Accept", ACCEPT);
        if self.from.is_empty() { request } else { request.header("From", &self.from) }
    }

    /// API keys go as `Token`, OAuth tokens as `Bearer`: those are taken to be the ones that name their region in front.
    fn authorization(&self) -> String {
        let token = self.token.expose();
        let oauth = ["pdus+", "pdeu+"].iter().any(|begins| token.starts_with(begins));
        if oauth { format!("Bearer {token}") } else { format!("Token token={token}") }
    }

    /// Everything of a list; `key` is where it stands in an answer. `more` is not believed when a page brings nothing new.
    pub async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        key: &str,
    ) -> Result<Listed<T>, Trouble> {
        let (mut items, mut seen, mut offset) = (Vec::new(), BTreeSet::new(), 0);
        loop {
            let (page, more) = self.page(path, query, key, offset).await?;
            let new: Vec<Value> = page.iter().filter(|item| seen.insert(item.to_string())).cloned().collect();
            let done = !more || new.is_empty();
            items.extend(new.into_iter().filter_map(|item| serde_json::from_value(item).ok()));
            offset += page.len();
            if done || offset + PAGE > CEILING {
                return Ok(Listed { items, cut: !done });
            }
        }
    }

    /// One page of a list, and whether the service says that there is more.
    pub(super) async fn page(
        &self,
        path: &str,
        query: &[(&str, &str)],
        key: &str,
        offset: usize,
    ) -> Result<(Vec<Value>, bool), Trouble> {
        let (limit, offset) = (PAGE.to_string(), offset.to_string());
        let mut whole = query.to_vec();
        whole.extend([("limit", limit.as_str()), ("offset", offset.as_str())]);
        let mut body: Value = self.get(path, &whole).await?;
        let more = body.get("more").and_then(Value::as_bool).unwrap_or(false);
        match body.get_mut(key).map(Value::take) {
            Some(Value::Array(items)) => Ok((items, more)),
            _ => Err(Trouble::transient(format!("PagerDuty's answer has no {key}: it could not be read"))),
        }
    }
}

fn unreadable(answer: &Answer, safe: bool) -> Trouble {
    let said = format!("PagerDuty's answer could not be read: {}", answer.quoted());
    let trouble = Trouble::unknown(said);
    if safe { trouble.repeatable() } else { trouble }
}
