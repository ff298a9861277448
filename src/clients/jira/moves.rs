//! Moves a ticket to another status. The settings say which: by the name of a transition, or of the status that it leads to.

use serde_json::json;

use super::api::{Twice, part};
use super::wire::{History, Issue, Named, Transition, Transitions};
use super::{Job, already, wire};
use crate::clients::Trouble;
use crate::outbox::Outcome;

pub(super) async fn deliver(job: &Job<'_>, word: &str) -> Result<Outcome, Trouble> {
    let (key, wanted) = (job.key()?, wanted(job, word)?);
    let status = job.issue(key, "status").await?.fields.status;
    if status.is_called(wanted) {
        return Ok(already(status.name));
    }
    let offered = offered(job, key).await?;
    let Some(chosen) = choose(&offered, wanted) else {
        return Err(gone(key, word, wanted, &status, &offered));
    };
    if leads_to(chosen, &status) {
        return Ok(already(status.name));
    }
    let body = json!({ "transition": { "id": chosen.id } });
    job.line.post(&path(key), &body, Twice::Harms).await?;
    let to = if chosen.to.name.is_empty() { wanted } else { &chosen.to.name };
    Ok(job.confirmed(to, key))
}

/// By where the ticket stands, by what this account has done to it since the attempt (somebody may have moved it on), and then by
/// what is still offered.
pub(super) async fn find(job: &Job<'_>, word: &str) -> Result<Outcome, Trouble> {
    let (key, wanted) = (job.key()?, wanted(job, word)?);
    let path = format!("/issue/{}", part(key));
    let issue: Issue = job.line.read(&path, &[("fields", "status"), ("expand", "changelog")]).await?;
    let status = &issue.fields.status;
    if status.is_called(wanted) {
        return Ok(job.confirmed(status.name.clone(), key));
    }
    if moved_by_us(job, &issue).await? {
        return Ok(job.confirmed(wanted, key));
    }
    let offered = offered(job, key).await?;
    match choose(&offered, wanted) {
        Some(chosen) if leads_to(chosen, status) => Ok(job.confirmed(status.name.clone(), key)),
        Some(_) => Ok(Outcome::NotThere),
        None => Ok(Outcome::CannotTell {
            message: format!(
                "{key} is in {:?} and {wanted:?} is not offered: look whether it was moved as it should be",
                status.name
            ),
        }),
    }
}

fn path(key: &str) -> String {
    format!("/issue/{}/transitions", part(key))
}

fn wanted<'a>(job: &'a Job<'_>, word: &str) -> Result<&'a str, Trouble> {
    let known = &job.jira.settings.transitions;
    let found =
        known.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, wanted)| wanted.as_str());
    found.filter(|wanted| !wanted.trim().is_empty()).ok_or_else(|| {
        Trouble::permanent(format!(
            "no status of Jira is set for {word:?}: set [jira].transitions.{word} to the name of a transition or of a status there"
        ))
    })
}

async fn offered(job: &Job<'_>, key: &str) -> Result<Vec<Transition>, Trouble> {
    let offered: Transitions = job.line.read(&path(key), &[]).await?;
    Ok(offered.transitions.into_iter().filter(|one| one.is_available != Some(false)).collect())
}

/// A transition of this name, else one that leads to a status of this name.
fn choose<'a>(offered: &'a [Transition], wanted: &str) -> Option<&'a Transition> {
    let wanted = wanted.trim().to_lowercase();
    let by_name = |one: &&Transition| one.name.trim().to_lowercase() == wanted;
    let by_status = |one: &&Transition| one.to.is_called(&wanted);
    offered.iter().find(by_name).or_else(|| offered.iter().find(by_status))
}

fn leads_to(transition: &Transition, status: &Named) -> bool {
    !status.id.is_empty() && transition.to.id == status.id
}

fn gone(key: &str, word: &str, wanted: &str, status: &Named, offered: &[Transition]) -> Trouble {
    let name = |one: &Transition| format!("{:?} (to {})", one.name, one.to.name);
    let names: Vec<String> = offered.iter().map(name).collect();
    let names = if names.is_empty() { "nothing is offered".to_owned() } else { names.join(", ") };
    Trouble::permanent(format!(
        "{key} is in {:?} and cannot be moved by {wanted:?} from there. Offered to this account: {names}. \
         Set [jira].transitions.{word} to one of these, or move it in Jira",
        status.name
    ))
}

/// Whether this account has changed the status since the attempt began.
async fn moved_by_us(job: &Job<'_>, issue: &Issue) -> Result<bool, Trouble> {
    let Some(since) = job.call.act.attempted_at else { return Ok(false) };
    let histories = issue.changelog.as_ref().map_or(&[][..], |log| log.histories.as_slice());
    let recent = |history: &&History| {
        let late = wire::when(&history.created).is_some_and(|at| at >= since);
        late && history.items.iter().any(|item| item.field == "status")
    };
    let recent: Vec<&History> = histories.iter().filter(recent).collect();
    if recent.is_empty() {
        return Ok(false);
    }
    let me = job.jira.me(&job.line).await?;
    Ok(!me.is_empty() && recent.iter().any(|history| history.author.remote(job.cloud()) == me))
}
