//! A comment. On Cloud it carries the op id in a property that nobody sees, on a Data Center in a small last line.

use serde_json::{Value, json};

use super::api::{Line, Twice, part};
use super::wire::{Comment, Comments, OP_PROPERTY};
use super::{Job, adf, errors, wiki};
use crate::clients::{Trouble, marked, op_tag};
use crate::incident::clean::clip;
use crate::outbox::Outcome;

/// Most bytes of a text: Jira takes 32,767 characters, of which the markup takes its share.
pub(super) const MOST_TEXT: usize = 24_000;
const PAGE: u64 = 100;
/// Pages that are read at most.
const MOST_PAGES: u64 = 10;

pub(super) async fn deliver(job: &Job<'_>) -> Result<Outcome, Trouble> {
    let key = job.key()?;
    let answer = job.line.post(&path(key), &body(job), Twice::Harms).await?;
    let made: Comment = answer.json().ok_or_else(|| errors::unreadable(&answer))?;
    if made.id.is_empty() {
        return Err(errors::unreadable(&answer));
    }
    Ok(confirmed(job, key, &made.id))
}

pub(super) async fn find(job: &Job<'_>) -> Result<Outcome, Trouble> {
    let (key, op) = (job.key()?, job.call.op());
    let seen = all(&job.line, key).await?;
    let ours = seen
        .comments
        .iter()
        .find(|comment| op_of(comment).is_some_and(|found| found.eq_ignore_ascii_case(&op)));
    Ok(match ours {
        Some(comment) => confirmed(job, key, &comment.id),
        None if seen.whole => Outcome::NotThere,
        None => Outcome::CannotTell {
            message: format!(
                "{key} has too many comments to read them all: look there whether this one is among them"
            ),
        },
    })
}

fn confirmed(job: &Job<'_>, key: &str, id: &str) -> Outcome {
    Outcome::Confirmed { remote: remote(key, id), link: link(&job.line, key, id) }
}

/// What names a comment, in confirmations and in news alike.
pub(super) fn remote(key: &str, id: &str) -> String {
    format!("{key}/comment/{id}")
}

pub(super) fn link(line: &Line<'_>, key: &str, id: &str) -> Option<String> {
    line.api.browse(key).map(|page| format!("{page}?focusedCommentId={id}"))
}

fn path(key: &str) -> String {
    format!("/issue/{}/comment", part(key))
}

fn body(job: &Job<'_>) -> Value {
    let text = short(&marked(job.call.drill, &job.call.act.body));
    if job.cloud() {
        let property = json!({ "key": OP_PROPERTY, "value": job.call.op() });
        return json!({ "body": adf::document(&text), "properties": [property] });
    }
    json!({ "body": format!("{}\n\n^{}^", wiki::markup(&text), wiki::escaped(&op_tag(job.call.act.request))) })
}

/// A text that Jira can take; what was cut off is with the incident.
pub(super) fn short(text: &str) -> String {
    match clip(text, MOST_TEXT) {
        (text, false) => text.to_owned(),
        (start, true) => format!("{start}\n\n(cut: the whole text is in the incident's log)"),
    }
}

/// The op id that a comment of ours carries.
pub(super) fn op_of(comment: &Comment) -> Option<String> {
    let property = comment.properties.iter().find(|property| property.key == OP_PROPERTY);
    let hidden = property.and_then(|property| property.value.as_str()).map(str::to_owned);
    hidden.or_else(|| tag_line(comment.body.as_str()?).map(|(op, _)| op.to_ascii_uppercase()))
}

/// The op id in the last line of a text, and the text before it.
pub(super) fn tag_line(markup: &str) -> Option<(String, &str)> {
    let (before, last) = markup.trim_end().rsplit_once('\n')?;
    let tag = last.trim().strip_prefix('^')?.strip_suffix('^')?.replace('\\', "");
    let op = tag.strip_prefix("wr-op-")?;
    let is_op = op.len() == 26 && op.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_op.then(|| (op.to_owned(), before.trim_end()))
}

/// The comments of a ticket, the newest first.
pub(super) struct Thread {
    pub comments: Vec<Comment>,
    /// Whether these are all.
    pub whole: bool,
}

pub(super) async fn all(line: &Line<'_>, key: &str) -> Result<Thread, Trouble> {
    let mut comments: Vec<Comment> = Vec::new();
    for page in 0..MOST_PAGES {
        let (start, most) = ((page * PAGE).to_string(), PAGE.to_string());
        let asked =
            [("expand", "properties"), ("orderBy", "-created"), ("startAt", &start), ("maxResults", &most)];
        let found: Comments = line.read(&path(key), &asked).await?;
        let (read, total) = (found.comments.len(), found.total.unwrap_or_default());
        comments.extend(found.comments);
        if read == 0 || comments.len() as u64 >= total {
            return Ok(Thread { comments, whole: true });
        }
    }
    Ok(Thread { comments, whole: false })
}
