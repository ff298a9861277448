//! People into the channel.
//!
//! Those who can be invited are, whatever becomes of the others. When somebody is left out but others came, the deed is done
//! and its confirmation names who is missing: a deed that waits for a person would hold up the whole lane of the channel. When
//! nobody could be invited it failed, and says why for each.

use serde_json::Value;

use super::api::{Repeat, read};
use super::wire::{NotInvited, OneUser};
use super::{Slack, ids, locked};
use crate::clients::{Call, Trouble, needs};
use crate::incident::clean::clean_line;
use crate::incident::event::{Contact, Slot};
use crate::outbox::Outcome;

/// Somebody who was found, by id, and how we call them.
type Found = (String, String);

/// What came of it, in our names.
#[derive(Default)]
struct Tally {
    came: Vec<String>,
    /// With the reason.
    missing: Vec<String>,
}

impl Tally {
    fn outcome(self) -> Result<Outcome, Trouble> {
        let missing = self.missing.join("; ");
        match (self.came.is_empty(), missing.is_empty()) {
            (true, false) => Err(Trouble::permanent(format!(
                "nobody could be invited: {missing}. Set their Slack id or mail among the people, or invite them in Slack"
            ))),
            (true, true) => Ok(Outcome::confirmed("nobody was to be invited")),
            (false, true) => Ok(Outcome::confirmed(format!("invited: {}", self.came.join(", ")))),
            (false, false) => {
                Ok(Outcome::confirmed(format!("invited: {}; not invited: {missing}", self.came.join(", "))))
            }
        }
    }
}

impl Slack {
    pub(super) async fn invite(&self, call: &Call, who: &[Contact]) -> Result<Outcome, Trouble> {
        let Some(channel) = call.place() else { return Ok(needs(Slot::Channel)) };
        let mut tally = Tally::default();
        let mut found: Vec<Found> = Vec::new();
        let mut fresh = false;
        for contact in who {
            match self.resolve(contact, &mut fresh).await? {
                Ok(id) if found.iter().any(|(known, _)| *known == id) => {}
                Ok(id) => found.push((id, called(contact))),
                Err(why) => tally.missing.push(format!("{} ({why})", called(contact))),
            }
        }
        self.invite_all(channel, found, &mut tally).await?;
        tally.outcome()
    }

    /// The id of somebody, or why there is none. `fresh`: the list of all people has just been read.
    async fn resolve(&self, contact: &Contact, fresh: &mut bool) -> Result<Result<String, String>, Trouble> {
        if let Some(id) = contact.remote.as_deref().map(str::trim).filter(|id| ids::is_user(id)) {
            return Ok(Ok(id.to_owned()));
        }
        let mail = contact.mail.trim();
        if !mail.is_empty() {
            match self.api.safe::<OneUser>("users.lookupByEmail", &[("email", mail)]).await {
                Ok(one) => return Ok(Ok(one.user.id)),
                Err(trouble) if matches!(trouble.code.as_str(), "users_not_found" | "missing_scope") => {}
                Err(trouble) => return Err(trouble),
            }
        }
        self.by_name(contact, fresh).await
    }

    async fn by_name(&self, contact: &Contact, fresh: &mut bool) -> Result<Result<String, String>, Trouble> {
        let known = self.ids_named(contact);
        if !known.is_empty() || *fresh {
            return Ok(only_one(known));
        }
        self.read_everybody().await?;
        *fresh = true;
        Ok(only_one(self.ids_named(contact)))
    }

    fn ids_named(&self, contact: &Contact) -> Vec<String> {
        let people = locked(&self.people);
        // Half a list may hold the first of two who go by the same name.
        if !people.whole {
            return Vec::new();
        }
        let by = |name: &str| people.named(name).map(|member| member.id.clone()).collect::<Vec<_>>();
        let named = by(&contact.name);
        if named.is_empty() { by(contact.id.as_str()) } else { named }
    }

    async fn invite_all(&self, channel: &str, found: Vec<Found>, tally: &mut Tally) -> Result<(), Trouble> {
        if found.is_empty() {
            return Ok(());
        }
        let Came::But(refused) = self.invite_once(channel, &found).await? else {
            tally.came.extend(found.into_iter().map(|(_, name)| name));
            return Ok(());
        };
        for who in found {
            if refused.iter().any(|refused| refused.user == who.0) {
                note(tally, who, &refused);
                continue;
            }
            // One who cannot come may have kept the others out.
            match self.invite_once(channel, std::slice::from_ref(&who)).await? {
                Came::All => tally.came.push(who.1),
                Came::But(refused) => note(tally, who, &refused),
            }
        }
        Ok(())
    }

    /// One call. What concerns the channel or the app, and so all of them, is a failure.
    async fn invite_once(&self, channel: &str, who: &[Found]) -> Result<Came, Trouble> {
        const METHOD: &str = "conversations.invite";
        let users: Vec<&str> = who.iter().map(|(id, _)| id.as_str()).collect();
        let users = users.join(",");
        let mut form = vec![("channel", channel), ("users", users.as_str())];
        if who.len() > 1 {
            form.push(("force", "true"));
        }
        let reply = self.api.ask(METHOD, &form, Repeat::Safe).await?;
        let errors = reply.value.get("errors").cloned().unwrap_or_default();
        let mut named: Vec<NotInvited> = serde_json::from_value(errors).unwrap_or_default();
        named.retain(|error| who.iter().any(|(id, _)| *id == error.user) && is_about_one(&error.error));
        if !named.is_empty() {
            return Ok(Came::But(named));
        }
        match read::<Value>(METHOD, reply, Repeat::Safe) {
            Ok(_) => Ok(Came::All),
            Err(trouble) if is_about_one(&trouble.code) => {
                let alone = who.iter().take(if who.len() == 1 { 1 } else { 0 });
                let refused = |(id, _): &Found| NotInvited { user: id.clone(), error: trouble.code.clone() };
                Ok(Came::But(alone.map(refused).collect()))
            }
            Err(trouble) => Err(trouble),
        }
    }
}

enum Came {
    All,
    /// Those who are named did not; the others may have.
    But(Vec<NotInvited>),
}

/// Whether a failure is about a person, not about the channel or the app.
fn is_about_one(code: &str) -> bool {
    matches!(
        code,
        "already_in_channel"
            | "cant_invite_self"
            | "cant_invite"
            | "user_not_found"
            | "user_is_restricted"
            | "user_is_ultra_restricted"
            | "ura_max_channels"
            | "user_team_not_in_channel"
            | "invalid_users"
            | "no_user"
    )
}

/// Whoever is in the channel already has come.
fn note(tally: &mut Tally, (id, name): Found, refused: &[NotInvited]) {
    let error =
        refused.iter().find(|refused| refused.user == id).map_or("", |refused| refused.error.as_str());
    match error {
        "already_in_channel" | "cant_invite_self" => tally.came.push(name),
        "user_not_found" => tally.missing.push(format!("{name} (Slack does not know the id {id})")),
        error => tally.missing.push(format!("{name} (Slack says {})", clean_line(error))),
    }
}

fn only_one(mut ids: Vec<String>) -> Result<String, String> {
    match ids.len() {
        1 => Ok(ids.swap_remove(0)),
        0 => Err("nobody there has this mail or name".to_owned()),
        _ => Err("several people there have this name".to_owned()),
    }
}

fn called(contact: &Contact) -> String {
    if contact.name.is_empty() { contact.id.as_str().to_owned() } else { contact.name.clone() }
}
