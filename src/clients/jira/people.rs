//! Who somebody is at Jira. Never the first of several: a wrong assignee is worse than none.

use super::api::Line;
use super::wire::{User, entries};
use crate::clients::Trouble;
use crate::incident::event::{Contact, FailureClass};

/// Most people that are looked at.
const MOST: &str = "50";

/// The id of somebody to whom tickets of the project can be given; `None`: nobody, or nobody for sure.
pub(super) async fn remote(line: &Line<'_>, who: &Contact, project: &str) -> Result<Option<String>, Trouble> {
    if let Some(remote) = who.remote.clone().filter(|remote| !remote.is_empty()) {
        return Ok(Some(remote));
    }
    let words: [&str; 3] = [&who.mail, &who.name, who.id.as_str()];
    let Some(word) = words.into_iter().find(|word| !word.trim().is_empty()) else { return Ok(None) };
    let query = if line.api.is_cloud() { "query" } else { "username" };
    let asked = [(query, word), ("project", project), ("maxResults", MOST)];
    match line.read("/user/assignable/search", &asked).await {
        Ok(page) => Ok(pick(&entries(page), who, line.api.is_cloud())),
        // An account that may not look for people can still open tickets.
        Err(trouble) if trouble.class == FailureClass::Permanent => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

fn pick(found: &[User], who: &Contact, cloud: bool) -> Option<String> {
    let people: Vec<&User> = found
        .iter()
        .filter(|user| user.active != Some(false) && !user.remote(cloud).is_empty())
        .filter(|user| matches!(user.account_type.as_str(), "" | "atlassian"))
        .collect();
    let same = |one: &str, two: &str| !one.trim().is_empty() && one.trim().eq_ignore_ascii_case(two.trim());
    let by_mail: Vec<&&User> = people.iter().filter(|user| same(&user.email_address, &who.mail)).collect();
    // Cloud hides mails on demand, but finds people by them.
    let hidden = |user: &&&User| cloud && !who.mail.is_empty() && user.email_address.is_empty();
    let named =
        |user: &&&User| same(&user.display_name, &who.name) || (!cloud && same(&user.name, who.id.as_str()));
    let fits =
        |user: &&&User| hidden(user) || (who.mail.is_empty() && named(user)) || (!cloud && named(user));
    let chosen: Vec<&&User> = if by_mail.is_empty() { people.iter().filter(fits).collect() } else { by_mail };
    match chosen.as_slice() {
        [only] => Some(only.remote(cloud).to_owned()),
        _ => None,
    }
}
