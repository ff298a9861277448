//! Who is on call, who is who, which policies and priorities there are: for when nothing can be asked any more.

use std::collections::BTreeMap;

use super::PagerDuty;
use super::deeds::needs_token;
use super::refusal::{NOT_FOUND, NOT_PAID};
use super::rest::Rest;
use super::wire::{ContactMethod, Duty, Thing};
use crate::clients::{Directory, Entry, Ladder, OnCall, Trouble};
use crate::incident::Time;
use crate::incident::clean::clean_line;

impl PagerDuty {
    pub(super) async fn look_up_all(&self) -> Result<Directory, Trouble> {
        let rest = self.rest.as_ref().ok_or_else(needs_token)?;
        let users = rest.list::<Thing>("users", &[("include[]", "contact_methods")], "users").await?.items;
        let duties = rest.list::<Duty>("oncalls", &[("include[]", "users")], "oncalls").await?.items;
        let ladders = rest.list::<Thing>("escalation_policies", &[], "escalation_policies").await?.items;
        let people: Vec<Entry> = users.iter().map(entry).collect();
        let on_call = on_call(duties, &people);
        let ladders = ladders.iter().map(ladder).collect();
        Ok(Directory { people, on_call, ladders, priorities: priorities(rest).await? })
    }
}

/// An account without priorities has none: that is no failure.
async fn priorities(rest: &Rest) -> Result<Vec<String>, Trouble> {
    match rest.list::<Thing>("priorities", &[], "priorities").await {
        Ok(listed) => Ok(listed.items.iter().map(|priority| shown(priority.called())).collect()),
        Err(trouble) if [NOT_PAID, NOT_FOUND].contains(&trouble.code.as_str()) => Ok(Vec::new()),
        Err(trouble) => Err(trouble),
    }
}

fn on_call(duties: Vec<Duty>, people: &[Entry]) -> Vec<OnCall> {
    let known: BTreeMap<&str, &Entry> =
        people.iter().map(|person| (person.remote.as_str(), person)).collect();
    let on_call = |duty: Duty| OnCall {
        who: known.get(duty.user.id.as_str()).map_or_else(|| entry(&duty.user), |who| (*who).clone()),
        level: duty.escalation_level,
        ladder: shown(duty.escalation_policy.called()),
        schedule: shown(duty.schedule.called()),
        // Nothing: always.
        until: Time::parse(&duty.end),
    };
    let mut all: Vec<OnCall> = duties.into_iter().map(on_call).collect();
    all.sort_by(|a, b| (&a.ladder, a.level, &a.who.name).cmp(&(&b.ladder, b.level, &b.who.name)));
    all
}

fn entry(user: &Thing) -> Entry {
    Entry {
        remote: shown(&user.id),
        name: shown(user.called()),
        mail: shown(&user.email),
        phone: phone(user),
    }
}

fn ladder(policy: &Thing) -> Ladder {
    let rung = |rule: &super::wire::Rule| rule.targets.iter().map(|target| shown(target.called())).collect();
    let rungs = policy.escalation_rules.iter().map(rung).collect();
    Ladder { remote: shown(&policy.id), name: shown(policy.called()), rungs }
}

/// A number to call, else one for text messages.
fn phone(user: &Thing) -> String {
    let of = |kind: &str| user.contact_methods.iter().find(|way| way.kind == kind && !way.address.is_empty());
    of("phone_contact_method").or_else(|| of("sms_contact_method")).map(number).unwrap_or_default()
}

fn number(way: &ContactMethod) -> String {
    match way.country_code {
        Some(code) => format!("+{code} {}", shown(&way.address)),
        None => shown(&way.address),
    }
}

fn shown(text: &str) -> String {
    clean_line(text).into_owned()
}
