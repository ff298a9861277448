//! A file with the ticket. Its name carries the end of the op id, so that it can be found again.

use reqwest::multipart::{Form, Part};

use super::api::part;
use super::wire::{Attachment, entries};
use super::{Job, already, errors};
use crate::clients::{Trouble, marked};
use crate::incident::clean::clean_line;
use crate::outbox::Outcome;

/// Letters of the op id in the name: as random as the id, and short enough to be read over.
const TAG: usize = 10;
/// Most characters of the name before the tag.
const MOST_NAME: usize = 100;

pub(super) async fn deliver(job: &Job<'_>, name: &str) -> Result<Outcome, Trouble> {
    let key = job.key()?;
    if let Seen::Whole(id) = look(job, key, name).await? {
        return Ok(already(id));
    }
    let file = Part::text(body(job)).file_name(file_name(job, name)).mime_str("text/plain; charset=utf-8");
    let file = file.map_err(|error| Trouble::permanent(format!("the file cannot be sent: {error}")))?;
    let path = format!("/issue/{}/attachments", part(key));
    let answer = job.line.upload(&path, Form::new().part("file", file)).await?;
    let page = answer.json().ok_or_else(|| errors::unreadable(&answer))?;
    let made: Vec<Attachment> = entries(page);
    let id = made.into_iter().map(|file| file.id).find(|id| !id.is_empty());
    Ok(job.confirmed(id.ok_or_else(|| errors::unreadable(&answer))?, key))
}

pub(super) async fn find(job: &Job<'_>, name: &str) -> Result<Outcome, Trouble> {
    let key = job.key()?;
    Ok(match look(job, key, name).await? {
        Seen::Whole(id) => job.confirmed(id, key),
        Seen::Part(size) => Outcome::CannotTell {
            message: format!(
                "{key} has a file {} of {size} bytes instead of {}: look at it, delete it if it is broken, and let it be sent again",
                file_name(job, name),
                body(job).len()
            ),
        },
        Seen::Nothing => Outcome::NotThere,
    })
}

enum Seen {
    Whole(String),
    /// Under our name, but of another size, in bytes.
    Part(u64),
    Nothing,
}

async fn look(job: &Job<'_>, key: &str, name: &str) -> Result<Seen, Trouble> {
    let (name, size) = (file_name(job, name), body(job).len() as u64);
    let issue = job.issue(key, "attachment").await?;
    let ours: Vec<&Attachment> =
        issue.fields.attachment.iter().filter(|file| file.filename == name).collect();
    if let Some(file) = ours.iter().find(|file| file.size.is_none_or(|found| found == size)) {
        return Ok(Seen::Whole(file.id.clone()));
    }
    Ok(ours.first().map_or(Seen::Nothing, |file| Seen::Part(file.size.unwrap_or_default())))
}

fn body(job: &Job<'_>) -> String {
    marked(job.call.drill, &job.call.act.body)
}

/// `outage-01hf3zk9qx.md`.
fn file_name(job: &Job<'_>, name: &str) -> String {
    let op = job.call.op().to_ascii_lowercase();
    let tag = &op[op.len().saturating_sub(TAG)..];
    let name = clean_line(name);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, "txt"));
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let stem: String = stem.chars().map(plain).take(MOST_NAME).collect();
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).take(10).collect();
    let drill = if job.call.drill { "DRILL-" } else { "" };
    format!("{drill}{stem}-{tag}.{ending}")
}
