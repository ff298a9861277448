//! Gives a ticket to somebody. It sets a state, so it may be done twice.

use serde_json::{Value, json};

use super::{Job, already, people};
use crate::clients::Trouble;
use crate::incident::event::Contact;
use crate::outbox::Outcome;

pub(super) async fn deliver(job: &Job<'_>, who: &Contact) -> Result<Outcome, Trouble> {
    let (key, remote) = (job.key()?, wanted(job, who).await?);
    if holds(job, key, &remote).await? {
        return Ok(already(remote));
    }
    job.line
        .put(&format!("/issue/{}/assignee", super::api::part(key)), &person(job.cloud(), &remote))
        .await?;
    Ok(job.confirmed(remote, key))
}

pub(super) async fn find(job: &Job<'_>, who: &Contact) -> Result<Outcome, Trouble> {
    let (key, remote) = (job.key()?, wanted(job, who).await?);
    Ok(if holds(job, key, &remote).await? { job.confirmed(remote, key) } else { Outcome::NotThere })
}

/// How a person is named in a body.
pub(super) fn person(cloud: bool, remote: &str) -> Value {
    if cloud { json!({ "accountId": remote }) } else { json!({ "name": remote }) }
}

async fn wanted(job: &Job<'_>, who: &Contact) -> Result<String, Trouble> {
    let project = job.key()?.rsplit_once('-').map_or("", |(project, _)| project);
    let found = people::remote(&job.line, who, project).await?;
    let id = if job.cloud() { "account id" } else { "user name" };
    found.ok_or_else(|| {
        Trouble::permanent(format!(
            "Jira knows nobody for sure who is {} and can be given tickets of {project}: \
             set the person's mail, or their {id} under `jira` of their ids",
            who.id
        ))
    })
}

async fn holds(job: &Job<'_>, key: &str, remote: &str) -> Result<bool, Trouble> {
    let issue = job.issue(key, "assignee").await?;
    Ok(issue.fields.assignee.is_some_and(|user| user.remote(job.cloud()) == remote))
}
