//! Who is meant: users and escalation policies by id, mail or name. More than one of a name is asked about, never guessed.

use serde_json::{Value, json};

use super::key;
use super::refusal::NOT_FOUND;
use super::rest::Rest;
use super::state::is_called;
use super::wire::{OnePolicy, OneUser, Thing};
use crate::clients::Trouble;
use crate::incident::clean::clean_line;
use crate::incident::event::Contact;

impl Rest {
    /// The id of the user in whose name is written: by `from`, else whose key it is.
    pub(super) async fn requester(&self) -> Result<String, Trouble> {
        let from = self.from()?;
        if let Some(user) = self.user_by_mail(from).await? {
            return Ok(user.id);
        }
        let me = self.get::<OneUser>("users/me", &[]).await;
        me.map(|one| one.user.id).map_err(|_| unknown_from(from))
    }

    pub(super) async fn user_by_mail(&self, mail: &str) -> Result<Option<Thing>, Trouble> {
        let found = self.list::<Thing>("users", &[("query", mail)], "users").await?;
        Ok(found.items.into_iter().find(|user| user.email.eq_ignore_ascii_case(mail)))
    }

    /// The reference to whom a contact names: by its id here, else by mail, else by name.
    pub(super) async fn target(&self, contact: &Contact) -> Result<Value, Trouble> {
        if let Some(id) = contact.remote.as_deref().filter(|id| !id.trim().is_empty()) {
            return self.target_by_id(key::checked(id)?).await;
        }
        let mail = contact.mail.trim();
        if !mail.is_empty()
            && let Some(user) = self.user_by_mail(mail).await?
        {
            return Ok(user_reference(&user.id));
        }
        let name = if contact.name.trim().is_empty() { contact.id.as_str() } else { contact.name.trim() };
        self.target_by_name(name).await
    }

    /// An id may be a user's or an escalation policy's: it does not tell.
    pub(super) async fn target_by_id(&self, id: &str) -> Result<Value, Trouble> {
        match self.get::<OneUser>(&format!("users/{id}"), &[]).await {
            Ok(_) => return Ok(user_reference(id)),
            Err(trouble) if trouble.code != NOT_FOUND => return Err(trouble),
            Err(_) => {}
        }
        match self.get::<OnePolicy>(&format!("escalation_policies/{id}"), &[]).await {
            Ok(_) => Ok(policy_reference(id)),
            Err(trouble) if trouble.code == NOT_FOUND => Err(Trouble::permanent(format!(
                "{id} is neither a user nor an escalation policy in PagerDuty: put the id right"
            ))),
            Err(trouble) => Err(trouble),
        }
    }

    async fn target_by_name(&self, name: &str) -> Result<Value, Trouble> {
        if let Some(user) = self.only("users", name).await? {
            return Ok(user_reference(&user.id));
        }
        if let Some(policy) = self.only("escalation_policies", name).await? {
            return Ok(policy_reference(&policy.id));
        }
        Err(Trouble::permanent(format!(
            "PagerDuty knows no user and no escalation policy called {:?}: use the full name, or note the person's mail or PagerDuty id",
            clean_line(name)
        )))
    }

    /// The only one of a name.
    async fn only(&self, list: &str, name: &str) -> Result<Option<Thing>, Trouble> {
        let found = self.list::<Thing>(list, &[("query", name)], list).await?.items;
        let mut called = found.into_iter().filter(|thing| is_called(thing, name));
        match (called.next(), called.next()) {
            (Some(_), Some(_)) => Err(Trouble::permanent(format!(
                "PagerDuty knows more than one {:?}: note the mail or the PagerDuty id of the one who is meant",
                clean_line(name)
            ))),
            (one, _) => Ok(one),
        }
    }
}

fn user_reference(id: &str) -> Value {
    json!({ "id": id, "type": "user_reference" })
}

fn policy_reference(id: &str) -> Value {
    json!({ "id": id, "type": "escalation_policy_reference" })
}

pub(super) fn unknown_from(from: &str) -> Trouble {
    Trouble::permanent(format!(
        "PagerDuty knows no user by the mail {from}: set `from` in [pagerduty] of config.toml to a user's"
    ))
}
