//! What PagerDuty's refusals mean, and what somebody can do about each.
//!
//! The codes stand in the body: `{"error":{"message","code","errors"}}`, as PagerDuty's published description of its REST API has it.
//! That description does not list them: PagerDuty's own words are quoted beside ours wherever there are any. A body that is none of
//! that is judged by its status alone: proxies answer HTML.

use serde_json::Value;

use crate::clients::Trouble;
use crate::clients::http::{Answer, by_status, seconds};
use crate::incident::Span;
use crate::incident::clean::clean_line;
use crate::incident::event::FailureClass;

pub(super) const ALREADY_RESOLVED: &str = "1001";
pub(super) const ALREADY_ACKNOWLEDGED: &str = "1002";
pub(super) const NO_SUCH_PRIORITY: &str = "1020";
/// There is nothing under this id.
pub(super) const NOT_FOUND: &str = "2100";
/// The account does not have what the call needs. Ours, for the service gives the status 402 alone.
pub(super) const NOT_PAID: &str = "402";

/// Most characters of PagerDuty's own words that are quoted.
const MOST_QUOTED: usize = 300;

/// Why the answer is none, or nothing when it is one. `safe`: the call may be repeated.
pub(super) fn of(answer: &Answer, safe: bool) -> Option<Trouble> {
    let plain = by_status(answer, safe)?;
    let said = Said::read(answer);
    let (class, what) = meaning(answer.status.as_u16(), said.code).unwrap_or((plain.class, ""));
    let message = match (what, said.words.as_str()) {
        ("", "") => plain.message.clone(),
        ("", words) => format!("PagerDuty answered {}: {words}", answer.status.as_u16()),
        (what, "") => what.to_owned(),
        (what, words) => format!("{what} (PagerDuty: {words})"),
    };
    let trouble = Trouble::new(class, message).code(code(answer, said.code)).after(wait(answer));
    Some(if safe { trouble.repeatable() } else { trouble })
}

/// One word for one refusal: codes come with several statuses, and two statuses say it all.
fn code(answer: &Answer, said: Option<u64>) -> String {
    match (answer.status.as_u16(), said) {
        (_, Some(code)) if is_of_incidents(code) => code.to_string(),
        (402, _) => NOT_PAID.to_owned(),
        (404, _) => NOT_FOUND.to_owned(),
        (_, Some(code)) => code.to_string(),
        (status, None) => status.to_string(),
    }
}

/// Codes that say more than the status does.
fn is_of_incidents(code: u64) -> bool {
    (1000..2000).contains(&code)
}

/// How long to wait: `Retry-After`, or, at the limit of calls, until `ratelimit-reset` (seconds).
fn wait(answer: &Answer) -> Option<Span> {
    let reset =
        || answer.header("ratelimit-reset")?.trim().parse::<f64>().ok().filter(|secs| secs.is_finite());
    answer.retry_after().or_else(|| (answer.status.as_u16() == 429).then(reset).flatten().map(seconds))
}

/// What is said of incidents first, then the status, which general codes only repeat.
fn meaning(status: u16, code: Option<u64>) -> Option<(FailureClass, &'static str)> {
    let special = code.filter(|code| is_of_incidents(*code)).and_then(by_code);
    special.or_else(|| by_http(status)).or_else(|| code.and_then(by_code))
}

fn by_code(code: u64) -> Option<(FailureClass, &'static str)> {
    use FailureClass::{Auth, Permanent, Transient, Unknown};
    Some(match code {
        1001 => (Permanent, "the incident is resolved there: reopen it in PagerDuty, or open a new one"),
        1002 => (Permanent, "the incident is acknowledged there already"),
        1003 => (Permanent, "PagerDuty does not allow this change of its status: look at the incident there"),
        1006 => (
            Permanent,
            "it cannot be escalated: no further rung is on its policy, or it is resolved; page somebody by name",
        ),
        1008 => (
            Permanent,
            "PagerDuty knows no user by this mail: set `from` in [pagerduty] of config.toml to a user's",
        ),
        1020 => (Permanent, "PagerDuty does not know this priority"),
        2001 => (Permanent, "PagerDuty does not take it as it is"),
        2002 => (Permanent, "PagerDuty lists 10,000 of a kind at most"),
        2006 => {
            (Auth, "PagerDuty does not accept the token: make a new API key and set `token` in [pagerduty]")
        }
        2010 => (
            Auth,
            "the token may not do this: use a key that may write, of a user with at least the role of a responder",
        ),
        2016 => (Unknown, "PagerDuty gave up on the call before it was done: it may have arrived"),
        2020 => (Transient, "too many calls with this token"),
        2100 => (Permanent, "there is nothing by this id in PagerDuty"),
        _ => return None,
    })
}

fn by_http(status: u16) -> Option<(FailureClass, &'static str)> {
    use FailureClass::{Auth, Permanent, Transient};
    Some(match status {
        401 => {
            (Auth, "PagerDuty does not accept the token: make a new API key and set `token` in [pagerduty]")
        }
        402 => (Permanent, "PagerDuty's plan of this account does not include it"),
        403 => (
            Auth,
            "the token may not do this: use a key that may write, of a user with at least the role of a responder",
        ),
        404 => (Permanent, "there is nothing by this id in PagerDuty"),
        429 => (Transient, "too many calls with this token"),
        _ => return None,
    })
}

/// What the service has to say for itself.
struct Said {
    code: Option<u64>,
    words: String,
}

impl Said {
    fn read(answer: &Answer) -> Said {
        let body: Value = answer.json().unwrap_or_default();
        // Events v2 has no `error` around it.
        let error = body.get("error").filter(|error| error.is_object()).unwrap_or(&body);
        let mut words = Vec::new();
        for part in ["message", "errors"] {
            gather(error.get(part), &mut words);
        }
        let words: String = clean_line(&words.join(": ")).chars().take(MOST_QUOTED).collect();
        Said { code: error.get("code").and_then(Value::as_u64), words }
    }
}

/// Details come as a list, as an object of lists, or not at all.
fn gather(value: Option<&Value>, words: &mut Vec<String>) {
    match value {
        Some(Value::String(text)) => words.push(text.clone()),
        Some(Value::Array(items)) => items.iter().for_each(|item| gather(Some(item), words)),
        Some(Value::Object(fields)) => fields.iter().for_each(|(field, value)| {
            words.push(field.clone());
            gather(Some(value), words);
        }),
        _ => {}
    }
}
