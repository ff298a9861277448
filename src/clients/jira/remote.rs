//! Keeps an address with the ticket. The global id is made from the address: the same address again puts the first one right.

use sha2::{Digest, Sha256};

use serde_json::json;

use super::Job;
use super::api::{Twice, part};
use crate::clients::{Trouble, marked};
use crate::incident::clean::clean_line;
use crate::outbox::Outcome;

/// Most characters of a title (Jira's column).
const MOST_TITLE: usize = 255;

pub(super) async fn deliver(job: &Job<'_>, url: &str) -> Result<Outcome, Trouble> {
    let key = job.key()?;
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(Trouble::permanent(format!("{} is no address: write https://…", clean_line(url))));
    }
    let title = clean_line(&job.call.act.title).trim().to_owned();
    let title = marked(job.call.drill, if title.is_empty() { url } else { &title });
    let title: String = title.chars().take(MOST_TITLE).collect();
    let body = json!({ "globalId": global_id(url), "object": { "url": url, "title": title } });
    job.line.post(&path(key), &body, Twice::Harmless).await?;
    Ok(job.confirmed(global_id(url), key))
}

pub(super) async fn find(job: &Job<'_>, url: &str) -> Result<Outcome, Trouble> {
    let (key, id) = (job.key()?, global_id(url));
    match job.line.get(&path(key), &[("globalId", &id)]).await {
        Ok(answer) if answer.text.contains(&id) => Ok(job.confirmed(id, key)),
        Ok(_) => Ok(Outcome::NotThere),
        // The ticket itself may be gone as well; the next try says so.
        Err(trouble) if trouble.code.starts_with("404") => Ok(Outcome::NotThere),
        Err(trouble) => Err(trouble),
    }
}

fn path(key: &str) -> String {
    format!("/issue/{}/remotelink", part(key))
}

fn global_id(url: &str) -> String {
    let sum: String =
        Sha256::digest(url.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("warroom-{sum}")
}
