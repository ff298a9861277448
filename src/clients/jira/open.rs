//! A new ticket. Jira has no key that makes a create safe to repeat, so the op id goes along as a label, and on Cloud as a property too.

use serde_json::{Map, Value, json};

use super::api::Twice;
use super::comment::short;
use super::wire::{Found, Issue, OP_PROPERTY};
use super::{Job, adf, assign, errors, fields, people, wiki};
use crate::clients::{Trouble, marked, op_tag};
use crate::incident::Span;
use crate::incident::clean::clean_line;
use crate::incident::event::{FailureClass, TicketDeed};
use crate::outbox::Outcome;

/// Most UTF-16 units of a summary (Jira's column).
const MOST_SUMMARY: usize = 255;
/// How long a new ticket may stay out of the search: the index follows within a minute.
const INDEX_LAG: Span = Span::from_secs(60);
/// How long until the search is asked again.
const LOOK_AGAIN: Span = Span::from_secs(10);

pub(super) async fn deliver(job: &Job<'_>) -> Result<Outcome, Trouble> {
    let body = body(job).await?;
    let answer = job.line.post("/issue", &body, Twice::Harms).await?;
    let made: Issue = answer.json().ok_or_else(|| errors::unreadable(&answer))?;
    if made.key.is_empty() {
        return Err(errors::unreadable(&answer));
    }
    Ok(job.confirmed(made.key.clone(), &made.key))
}

/// By the label. That it is not found means something only once the index must have it.
pub(super) async fn find(job: &Job<'_>) -> Result<Outcome, Trouble> {
    let tag = op_tag(job.call.act.request);
    let project = job.jira.project(job.call.drill)?;
    let jql = format!("project = \"{project}\" AND labels = \"{tag}\" ORDER BY created ASC");
    let (path, body) = if job.cloud() {
        ("/search/jql", json!({ "jql": jql, "maxResults": 10, "fields": ["labels"] }))
    } else {
        ("/search", json!({ "jql": jql, "startAt": 0, "maxResults": 10, "fields": ["labels"] }))
    };
    let found: Found = job.line.ask(path, &body).await?;
    let ours = |issue: &&Issue| !issue.key.is_empty() && issue.fields.labels.contains(&tag);
    Ok(match found.issues.iter().find(ours) {
        Some(issue) => job.confirmed(issue.key.clone(), &issue.key),
        None => not_found(job),
    })
}

fn not_found(job: &Job<'_>) -> Outcome {
    let act = &job.call.act;
    let gone = job.call.now.since(act.attempted_at.unwrap_or(act.requested_at));
    if gone >= INDEX_LAG.max(job.jira.settings.common.settle) {
        return Outcome::NotThere;
    }
    Outcome::Failed {
        class: FailureClass::Unknown,
        message: "not visible yet: Jira's search may be a minute behind".to_owned(),
        retry_after: Some(LOOK_AGAIN),
    }
}

async fn body(job: &Job<'_>) -> Result<Value, Trouble> {
    let TicketDeed::Open { follow_up, severity, owner, due } = job.deed else {
        return Err(Trouble::permanent("this opens no ticket"));
    };
    let settings = &job.jira.settings;
    let project = job.jira.project(job.call.drill)?;
    let kind = if follow_up.is_some() { &settings.follow_up_type } else { &settings.issue_type };
    let mut fields = fields::extra(&job.line, &settings.fields, project, kind).await?;
    describe(job, &mut fields);
    fields.insert("project".into(), json!({ "key": project }));
    fields.insert("issuetype".into(), by_name_or_id(kind));
    label(&mut fields, op_tag(job.call.act.request));
    if let Some(priority) = severity.as_deref().and_then(|severity| settings.priority(severity)) {
        // By name alone: there are priorities that are called 1, 2 and 3.
        fields.insert("priority".into(), json!({ "name": priority }));
    }
    if let Some(who) = owner
        && let Some(remote) = people::remote(&job.line, who, project).await?
    {
        fields.insert("assignee".into(), assign::person(job.cloud(), &remote));
    }
    if let Some(due) = due {
        fields.insert("duedate".into(), json!(due.to_string()));
    }
    let mut body = json!({ "fields": fields });
    if job.cloud() {
        body["properties"] = json!([{ "key": OP_PROPERTY, "value": job.call.op() }]);
    }
    Ok(body)
}

fn describe(job: &Job<'_>, fields: &mut Map<String, Value>) {
    let text = short(&marked(job.call.drill, &job.call.act.body));
    let description = if job.cloud() { adf::document(&text) } else { json!(wiki::markup(&text)) };
    fields.insert("summary".into(), json!(summary(&marked(job.call.drill, &job.call.act.title))));
    fields.insert("description".into(), description);
}

/// One line that is short enough, and never empty.
fn summary(title: &str) -> String {
    let mut left = MOST_SUMMARY;
    let fits = |c: &char| {
        let enough = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        enough
    };
    let line: String = clean_line(title).trim().chars().take_while(fits).collect();
    if line.is_empty() { "(no title)".to_owned() } else { line }
}

/// The labels that the settings want stay.
fn label(fields: &mut Map<String, Value>, tag: String) {
    let labels = fields.entry("labels").or_insert_with(|| json!([]));
    match labels.as_array_mut() {
        Some(labels) => labels.push(json!(tag)),
        None => *labels = json!([tag]),
    }
}

fn by_name_or_id(word: &str) -> Value {
    let is_id = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { json!({ "id": word }) } else { json!({ "name": word }) }
}
