//! A ticket that is there already: by key, or by the address that somebody copied.

use reqwest::Url;

use super::{Job, is_project};
use crate::clients::Trouble;
use crate::outbox::Outcome;

/// Only reads, so looking for it is the same as doing it.
pub(super) async fn deliver(job: &Job<'_>, given: &str) -> Result<Outcome, Trouble> {
    let key = key_of(given, job.jira.api.host().as_deref())?;
    if job.call.drill && key.rsplit_once('-').map(|(project, _)| project) != Some(job.jira.project(true)?) {
        return Err(Trouble::permanent(format!(
            "{key} is a real ticket: a drill takes tickets of [jira].drill alone"
        )));
    }
    let issue = job.issue(&key, "summary").await?;
    // A ticket that has moved to another project answers under its new key.
    let key = if key_part(&issue.key).is_some() { issue.key.clone() } else { key };
    Ok(job.confirmed(key.clone(), &key))
}

/// The key in what somebody typed or copied.
fn key_of(given: &str, host: Option<&str>) -> Result<String, Trouble> {
    let given = given.trim();
    let wrong = || {
        Trouble::permanent(format!(
            "{given:?} is no ticket: write its key, such as DATA-12, or its address (…/browse/DATA-12)"
        ))
    };
    if !given.contains("://") {
        return key_part(given).ok_or_else(wrong);
    }
    let url = Url::parse(given).map_err(|_| wrong())?;
    if host.is_some() && url.host_str() != host {
        return Err(Trouble::permanent(format!(
            "this ticket is not at {}: only tickets of the account's own Jira can be adopted",
            host.unwrap_or_default()
        )));
    }
    let selected =
        url.query_pairs().find(|(name, _)| name == "selectedIssue").map(|(_, key)| key.into_owned());
    let last = url.path_segments().and_then(|parts| parts.rev().find_map(key_part));
    selected.and_then(|key| key_part(&key)).or(last).ok_or_else(wrong)
}

fn key_part(word: &str) -> Option<String> {
    let (project, number) = word.trim().rsplit_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && is_project(project)).then(|| word.trim().to_ascii_uppercase())
}
