//! One call to the Web API.
//!
//! Every call is a form: each method takes one, many take nothing else (<https://docs.slack.dev/apis/web-api>). It knows what a
//! failed call means ([`super::errors`]) and nothing of what the calls are for; it repeats nothing.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::clients::http::{Http, by_status};
use crate::clients::{Secret, Trouble};
use crate::incident::{Span, Time};

use super::errors;

/// Whether a call may be repeated without harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    Safe,
    /// What it does would be done twice.
    Never,
}

pub struct Api {
    http: Http,
    token: Secret,
}

/// An answer that could be read; it may still say no.
#[derive(Clone, Debug)]
pub struct Reply {
    pub value: Value,
    /// What time it is there, to the second.
    pub at: Option<Time>,
    /// The scopes of the token, where Slack names them.
    pub scopes: Option<String>,
    /// How long Slack asks us to wait.
    pub wait: Option<Span>,
}

impl Reply {
    pub fn ok(&self) -> bool {
        self.value.get("ok").and_then(Value::as_bool) == Some(true)
    }
}

pub type Form<'a> = &'a [(&'a str, &'a str)];

impl Api {
    pub fn new(http: Http, token: Secret) -> Self {
        Self { http, token }
    }

    pub fn http(&self) -> &Http {
        &self.http
    }

    /// For reading, and for setting what may be set twice.
    pub async fn safe<T: DeserializeOwned>(&self, method: &str, form: Form<'_>) -> Result<T, Trouble> {
        self.call(method, form, Repeat::Safe).await
    }

    pub async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        form: Form<'_>,
        repeat: Repeat,
    ) -> Result<T, Trouble> {
        let reply = self.ask(method, form, repeat).await?;
        read(method, reply, repeat)
    }

    /// The answer as it came, whether it says yes or no.
    pub async fn ask(&self, method: &str, form: Form<'_>, repeat: Repeat) -> Result<Reply, Trouble> {
        self.ask_as(&self.token, method, form, repeat).await
    }

    /// The same with another token, which goes nowhere but into the header.
    pub async fn ask_as(
        &self,
        token: &Secret,
        method: &str,
        form: Form<'_>,
        repeat: Repeat,
    ) -> Result<Reply, Trouble> {
        let safe = repeat == Repeat::Safe;
        let request = self.http.post(method).bearer_auth(token.expose()).form(form);
        let sent = self.http.send(request).await;
        let answer = sent.map_err(|trouble| if safe { trouble.repeatable() } else { trouble })?;
        let value = answer.json::<Value>().filter(|value| value.get("ok").is_some_and(Value::is_boolean));
        if let Some(by_status) = by_status(&answer, safe) {
            let said = value.filter(|value| value.get("error").is_some() && answer.status.is_client_error());
            let named = said.map(|value| errors::trouble(method, &value, safe).after(answer.retry_after()));
            return Err(named.unwrap_or(by_status));
        }
        let Some(value) = value else {
            let why = format!("the answer of {method} is none of Slack's: {}", answer.quoted());
            return Err(if safe { Trouble::transient(why) } else { Trouble::unknown(why) });
        };
        let scopes = answer.header("x-oauth-scopes").map(str::to_owned);
        let at = answer.header("date").and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok());
        let wait = answer.retry_after();
        Ok(Reply { value, at: at.map(|at| Time::from_utc(at.to_utc())), scopes, wait })
    }
}

/// What a reply says; a "no" becomes what it means.
pub fn read<T: DeserializeOwned>(method: &str, reply: Reply, repeat: Repeat) -> Result<T, Trouble> {
    let safe = repeat == Repeat::Safe;
    if !reply.ok() {
        return Err(errors::trouble(method, &reply.value, safe).after(reply.wait));
    }
    serde_json::from_value(reply.value).map_err(|error| {
        let trouble = Trouble::unknown(format!("the answer of {method} cannot be read: {error}"));
        if safe { trouble.repeatable() } else { trouble }
    })
}
