//! What a refusal of Jira's means: its two kinds of messages, its limits, and the pages that proxies put in its place.
//!
//! A body is never taken for JSON because of where it comes from.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::wire;
use crate::clients::Trouble;
use crate::clients::http::{Answer, by_status, seconds};
use crate::incident::clean::clean_line;
use crate::incident::{Span, Time};

/// Most characters of what Jira says that are passed on.
const SAID: usize = 500;

/// Jira's own form: `errorMessages` about the whole, `errors` by field; gateways have a `message`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Errors {
    #[serde(deserialize_with = "wire::lenient")]
    error_messages: Vec<String>,
    #[serde(deserialize_with = "wire::lenient")]
    errors: BTreeMap<String, Value>,
    #[serde(deserialize_with = "wire::text")]
    message: String,
}

impl Errors {
    fn of(answer: &Answer) -> Self {
        answer.json().unwrap_or_default()
    }

    /// Each field with what is wrong with it.
    fn fields(&self) -> Vec<String> {
        let told = |(field, why): (&String, &Value)| match why.as_str() {
            Some(why) => format!("{field} ({why})"),
            None => field.clone(),
        };
        self.errors.iter().map(told).collect()
    }

    fn all(&self) -> Vec<String> {
        let mut all = self.error_messages.clone();
        all.extend(self.fields());
        all.extend((!self.message.is_empty()).then(|| self.message.clone()));
        all
    }
}

/// `None`: it worked.
pub(super) fn trouble(answer: &Answer, now: Option<Time>) -> Option<Trouble> {
    let said = said(answer);
    let trouble = match answer.status.as_u16() {
        200..=299 => return None,
        _ if login_reason(answer).contains("DENIED") => Trouble::auth(
            "Jira wants a CAPTCHA solved after failed logins: log in once with a browser, then let it try again",
        ),
        401 => not_let_in(&said),
        _ if login_reason(answer).contains("FAILED") => not_let_in(&said),
        300..=399 => Trouble::auth(
            "Jira sends to another page instead of answering, most likely to a login: check `base` and the token of [jira]",
        ),
        403 if said.to_lowercase().contains("scope") => Trouble::auth(format!(
            "the token lacks a scope ({said}): make one with read and write of Jira work"
        )),
        403 => Trouble::permanent(format!(
            "the account is not allowed to do this ({said}): ask an administrator of the project for the permission"
        )),
        404 => Trouble::permanent(format!("it is not there, or the account may not see it ({said})")),
        400 | 422 => refused(answer, &said),
        409 => Trouble::transient(format!("somebody else changes the ticket just now ({said})")),
        410 => Trouble::permanent(format!(
            "Jira has taken this call away ({said}): check `edition` of [jira]; \
             a site at atlassian.net is \"cloud\", everything else \"data-center\""
        )),
        413 => Trouble::permanent(format!("it is too long for Jira ({said}): shorten it")),
        429 => Trouble::transient(too_many(answer)),
        _ => return by_status(answer, false),
    };
    Some(trouble.after(wait(answer, now)).code(answer.status.as_str()))
}

/// A success whose body says nothing that can be read: a proxy or a login page may have answered.
pub(super) fn unreadable(answer: &Answer) -> Trouble {
    Trouble::unknown(format!(
        "answered {} with something that is not Jira's JSON: {} (check `base` of [jira], and proxies on the way)",
        answer.status,
        answer.quoted()
    ))
}

fn not_let_in(said: &str) -> Trouble {
    Trouble::auth(format!(
        "Jira does not accept the token ({said}): make a new one, and check [jira]: `user` is the mail of a Cloud API token and stays empty for a personal access token"
    ))
}

fn refused(answer: &Answer, said: &str) -> Trouble {
    let fields = Errors::of(answer).fields();
    if fields.is_empty() {
        return Trouble::permanent(format!("Jira refuses it: {said}"));
    }
    Trouble::permanent(format!(
        "Jira refuses it because of {}: set them in [jira].fields, or have them put on the screen where they cannot be set; \
         the check of the account lists what the project requires",
        short(&fields.join(", "))
    ))
}

fn too_many(answer: &Answer) -> String {
    match answer.header("ratelimit-reason") {
        Some(reason) if reason.contains("per-issue") => {
            "too many calls: Jira spaces out writes to one ticket (jira-per-issue-on-write)".to_owned()
        }
        Some(reason) => format!("too many calls ({})", short(reason)),
        None => "too many calls".to_owned(),
    }
}

/// `Retry-After` wins; Cloud may name a time instead, a Data Center the length of its interval, both in
/// "Rate limiting" of Atlassian's developer documentation.
fn wait(answer: &Answer, now: Option<Time>) -> Option<Span> {
    let asked = answer.retry_after().filter(|wait| *wait > Span::default());
    let until = || {
        let reset = wire::when(answer.header("x-ratelimit-reset")?)?;
        let wait = reset.since(now?);
        (!wait.is_negative()).then(|| seconds(wait.ms() as f64 / 1000.0))
    };
    let interval = || answer.header("x-ratelimit-interval-seconds")?.trim().parse().ok().map(seconds);
    let limited = answer.status.as_u16() == 429;
    asked.or_else(|| limited.then(|| until().or_else(interval)).flatten())
}

fn login_reason(answer: &Answer) -> &str {
    answer.header("x-seraph-loginreason").unwrap_or_default()
}

/// Jira's own words, or the beginning of whatever came instead.
fn said(answer: &Answer) -> String {
    let all = Errors::of(answer).all();
    let own = if all.is_empty() {
        format!("answered {} {}", answer.status, answer.quoted())
    } else {
        all.join("; ")
    };
    short(&own)
}

fn short(text: &str) -> String {
    clean_line(text).trim().chars().take(SAID).collect()
}
