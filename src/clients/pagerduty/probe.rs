//! Whether the account works: each thing that it is used for, by asking, and without paging anybody.

use super::events::Events;
use super::people::unknown_from;
use super::refusal::NOT_FOUND;
use super::rest::Rest;
use super::wire::{Abilities, OnePolicy, OneService, OneUser, Thing};
use super::{PagerDuty, key};
use crate::clients::{Probe, Trouble};
use crate::config::accounts::PagerDutySettings;
use crate::incident::clean::clean_line;
use crate::incident::event::FailureClass;

/// What responder requests need.
const RESPONDERS: &str = "coordinated_responding";
/// Characters of a routing key.
const KEY: usize = 32;

impl PagerDuty {
    pub(super) async fn try_everything(&self) -> Vec<Probe> {
        let mut found = Vec::new();
        if let Some(rest) = &self.rest {
            try_rest(rest, &self.settings, &mut found).await;
        }
        found.extend(self.events.as_ref().map(|events| routing_key(events, self.rest.is_some())));
        found
    }
}

async fn try_rest(rest: &Rest, settings: &PagerDutySettings, found: &mut Vec<Probe>) {
    let abilities = rest.get::<Abilities>("abilities", &[]).await;
    let token = token(rest, &abilities).await;
    let works = token.works;
    found.push(token);
    // Without a token that works everything else would only say so again.
    if !works {
        return;
    }
    found.push(from(rest).await);
    found.push(service(rest, "service", &settings.service, "incidents cannot be opened").await);
    if let Some(drill) = &settings.drill {
        found.push(service(rest, "drill", drill, "drills page nobody").await);
    }
    if !settings.escalation_policy.trim().is_empty() {
        found.push(policy(rest, settings.escalation_policy.trim()).await);
    }
    found.push(priorities(rest, settings).await);
    found.push(responders(&abilities));
    for (words, id) in &settings.rungs {
        found.push(rung(rest, words, id).await);
    }
}

/// A user's key knows whose it is; an account's does not, but can list what the account is able to do.
async fn token(rest: &Rest, abilities: &Result<Abilities, Trouble>) -> Probe {
    match rest.get::<OneUser>("users/me", &[]).await {
        Ok(me) => {
            Probe::ok("token", format!("the key of {} ({})", shown(&me.user), clean_line(&me.user.email)))
        }
        Err(_) if abilities.is_ok() => Probe::ok("token", "a key of the account"),
        Err(trouble) => {
            let why = abilities
                .as_ref()
                .err()
                .filter(|other| other.class == FailureClass::Auth)
                .unwrap_or(&trouble);
            Probe::fails(
                "token",
                &why.message,
                "check the token, and that region in [pagerduty] is the account's (us or eu)",
            )
        }
    }
}

async fn from(rest: &Rest) -> Probe {
    let hint = "set `from` in [pagerduty] to the mail of a user; until then only news are heard";
    let from = match rest.from() {
        Ok(from) => from,
        Err(trouble) => return Probe::fails("from", trouble.message, hint),
    };
    match rest.user_by_mail(from).await {
        Ok(Some(user)) => Probe::ok("from", format!("writes in the name of {}", shown(&user))),
        Ok(None) => Probe::fails("from", unknown_from(from).message, hint),
        Err(trouble) => Probe::fails("from", trouble.message, hint),
    }
}

async fn service(rest: &Rest, what: &str, id: &str, without: &str) -> Probe {
    let hint = format!(
        "set `{what}` in [pagerduty] to the id of a service (it stands at the end of its address); until then {without}"
    );
    if id.trim().is_empty() {
        return Probe::fails(what, "no service is set", hint);
    }
    let id = match key::checked(id) {
        Ok(id) => id,
        Err(trouble) => return Probe::fails(what, trouble.message, hint),
    };
    match rest.get::<OneService>(&format!("services/{id}"), &[]).await {
        Ok(one) if matches!(one.service.status.as_str(), "disabled" | "maintenance") => {
            let says =
                format!("{} is {}: it pages nobody", shown(&one.service), clean_line(&one.service.status));
            Probe::fails(what, says, "turn the service on in PagerDuty")
        }
        Ok(one) => Probe::ok(what, shown(&one.service)),
        Err(trouble) if trouble.code == NOT_FOUND => {
            Probe::fails(what, format!("there is no service {id}"), hint)
        }
        Err(trouble) => Probe::fails(what, trouble.message, hint),
    }
}

async fn policy(rest: &Rest, id: &str) -> Probe {
    let what = "escalation_policy";
    let hint =
        "put `escalation_policy` in [pagerduty] right, or take it out: then the service's own is followed";
    let id = match key::checked(id) {
        Ok(id) => id,
        Err(trouble) => return Probe::fails(what, trouble.message, hint),
    };
    match rest.get::<OnePolicy>(&format!("escalation_policies/{id}"), &[]).await {
        Ok(one) => Probe::ok(what, shown(&one.escalation_policy)),
        Err(trouble) => Probe::fails(what, trouble.message, hint),
    }
}

async fn priorities(rest: &Rest, settings: &PagerDutySettings) -> Probe {
    let hint = "put `priorities` in [pagerduty] right; pages go out without a priority meanwhile";
    let known = match rest.list::<Thing>("priorities", &[], "priorities").await {
        Ok(listed) => listed.items,
        Err(trouble) => return Probe::fails("priorities", trouble.message, hint),
    };
    let names: Vec<String> = known.iter().map(shown).collect();
    let there = |name: &&String| names.iter().any(|known| known.eq_ignore_ascii_case(name.trim()));
    let missing: Vec<&str> =
        settings.priorities.values().filter(|name| !there(name)).map(String::as_str).collect();
    match missing.is_empty() {
        true => Probe::ok("priorities", names.join(", ")),
        false => {
            let says = format!("there is no {}; there are {}", missing.join(", "), names.join(", "));
            Probe::fails("priorities", says, hint)
        }
    }
}

fn responders(abilities: &Result<Abilities, Trouble>) -> Probe {
    let hint = "it comes with some plans of PagerDuty; without it people are paged by escalating";
    match abilities {
        Ok(list) if list.abilities.iter().any(|ability| ability == RESPONDERS) => {
            Probe::ok(RESPONDERS, "responders can be added")
        }
        Ok(_) => Probe::fails(RESPONDERS, "this account cannot add responders", hint),
        Err(trouble) => Probe::fails(RESPONDERS, &trouble.message, hint),
    }
}

async fn rung(rest: &Rest, words: &str, id: &str) -> Probe {
    let what = format!("rung {words}");
    let hint = "put `rungs` in [pagerduty] right: the id of a user or of an escalation policy";
    let target = match key::checked(id) {
        Ok(id) => rest.target_by_id(id).await,
        Err(trouble) => Err(trouble),
    };
    match target {
        Ok(target) => Probe::ok(
            what,
            if target["type"] == "user_reference" { "a user" } else { "an escalation policy" },
        ),
        Err(trouble) => Probe::fails(what, trouble.message, hint),
    }
}

/// Its form alone: whatever is sent with it pages somebody.
fn routing_key(events: &Events, with_token: bool) -> Probe {
    let key = events.key().expose();
    let says = if with_token {
        "has the right form; it is used only for what was opened without a token"
    } else {
        "has the right form; that it works cannot be tried without paging somebody"
    };
    if key.len() == KEY && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Probe::ok("routing_key", says);
    }
    let hint = "copy the integration key of an Events API v2 integration from the service in PagerDuty";
    Probe::fails("routing_key", format!("is not {KEY} letters and digits"), hint)
}

fn shown(thing: &Thing) -> String {
    clean_line(thing.called()).into_owned()
}
