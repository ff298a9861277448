//! Links a follow-up's ticket to the incident's. A second link would be reported as made, so the links are read first.

use serde_json::json;

use super::api::Twice;
use super::wire::IssueLink;
use super::{Job, already};
use crate::clients::Trouble;
use crate::outbox::Outcome;

/// Reads "FOLLOW-UP relates to INCIDENT" in the words of the link: what is called the inward one is its subject.
pub(super) async fn deliver(job: &Job<'_>) -> Result<Outcome, Trouble> {
    let (from, to) = (job.key()?, job.other()?);
    if is_linked(job, from, to).await? {
        return Ok(already(name(from, to)));
    }
    let body = json!({
        "type": { "name": job.jira.settings.link_type },
        "inwardIssue": { "key": from },
        "outwardIssue": { "key": to },
    });
    job.line.post("/issueLink", &body, Twice::Harmless).await?;
    Ok(job.confirmed(name(from, to), from))
}

pub(super) async fn find(job: &Job<'_>) -> Result<Outcome, Trouble> {
    let (from, to) = (job.key()?, job.other()?);
    Ok(if is_linked(job, from, to).await? { job.confirmed(name(from, to), from) } else { Outcome::NotThere })
}

fn name(from: &str, to: &str) -> String {
    format!("{from}/link/{to}")
}

async fn is_linked(job: &Job<'_>, from: &str, to: &str) -> Result<bool, Trouble> {
    let issue = job.issue(from, "issuelinks").await?;
    let ends_there = |link: &IssueLink| {
        [&link.inward_issue, &link.outward_issue].into_iter().flatten().any(|end| end.key == to)
    };
    let wanted = &job.jira.settings.link_type;
    Ok(issue.fields.issuelinks.iter().any(|link| link.kind.is_called(wanted) && ends_there(link)))
}
