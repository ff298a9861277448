//! Roles: assigned, offered and accepted, released; the roll call. A role never changes hands silently.

use super::{Context, Decision, MAX_TEXT, Refusal, one, refuse, required_line, short, who_is_named};
use crate::incident::clean::clean_text;
use crate::incident::command::RoleCommand;
use crate::incident::event::{Event, RoleEvent};
use crate::incident::ids::{EntryId, PersonId};
use crate::incident::roles::{Offer, role_key};
use crate::incident::state::Incident;

pub(super) fn decide_role(incident: &Incident, command: &RoleCommand, context: Context) -> Decision {
    let event = match command {
        RoleCommand::Define { role, duty } => {
            let role = required_line(&role_key(role), "the role has no name", "name it")?;
            if crate::incident::roles::duty(&role).is_some() {
                return refuse(format!("{role} is a built-in role"), "choose another name");
            }
            RoleEvent::Defined { role, duty: short(duty)? }
        }
        RoleCommand::Assign { role, who } => {
            let role = role_for(incident, role)?;
            who_is_named(who)?;
            if incident.roles.holds(&role, who) {
                return refuse(format!("{who} is {role} already"), "");
            }
            let one_seat = crate::incident::roles::duty(&role).is_some_and(|duty| !duty.many);
            let from = incident.roles.holder(&role).filter(|_| one_seat).cloned();
            assigned(role, who.clone(), from)
        }
        RoleCommand::Release { role, who, reason } => {
            let role = role_for(incident, role)?;
            let who = held_by(incident, &role, who.as_ref())?;
            RoleEvent::Released { role, who, reason: short(reason)? }
        }
        RoleCommand::Offer { role, to, brief } => {
            let role = role_for(incident, role)?;
            who_is_named(to)?;
            let from = offering(incident, &role, context)?;
            if incident.roles.holds(&role, to) {
                return refuse(format!("{to} is {role} already"), "hand over to somebody else");
            }
            let brief = clean_text(brief).trim().to_owned();
            if brief.len() > MAX_TEXT {
                return refuse("the brief is too long", "a page is enough");
            }
            RoleEvent::Offered { role, from, to: to.clone(), brief }
        }
        RoleCommand::Accept { offer, readback } => accepted(incident, *offer, readback, context)?,
        RoleCommand::Decline { offer, reason } => {
            standing(incident, *offer)?;
            RoleEvent::Declined { offer: *offer, reason: short(reason)? }
        }
        RoleCommand::Call { teams } => {
            let mut clean: Vec<String> = Vec::new();
            for team in teams {
                let team = short(team)?;
                if !team.is_empty() && !clean.iter().any(|other| other.eq_ignore_ascii_case(&team)) {
                    clean.push(team);
                }
            }
            if clean.is_empty() {
                return refuse("no team is named", "name those who should answer");
            }
            RoleEvent::Called { teams: clean }
        }
        RoleCommand::Present { team, who } => {
            let team = required_line(team, "the team has no name", "name it")?;
            who_is_named(who)?;
            RoleEvent::Present { team, who: who.clone() }
        }
    };
    one(Event::Role(event))
}

fn role_for(incident: &Incident, role: &str) -> Result<String, Refusal> {
    let role = role_key(role);
    if incident.roles.knows(&role) {
        return Ok(role);
    }
    let known: Vec<&str> = incident.roles.seats().iter().map(|seat| seat.role).collect();
    refuse(
        format!("there is no role {role:?}"),
        format!("use one of {}, or define it first", known.join(", ")),
    )
}

fn held_by(incident: &Incident, role: &str, who: Option<&PersonId>) -> Result<PersonId, Refusal> {
    match who {
        Some(who) if incident.roles.holds(role, who) => Ok(who.clone()),
        Some(who) => refuse(format!("{who} does not hold {role}"), ""),
        None => {
            let holder = incident.roles.holder(role).cloned();
            holder.ok_or_else(|| Refusal::new(format!("nobody holds {role}"), "assign it"))
        }
    }
}

/// Whose role is offered: of whoever offers it, else of the only one who holds it.
fn offering(incident: &Incident, role: &str, context: Context) -> Result<PersonId, Refusal> {
    if incident.roles.holds(role, context.by) {
        return Ok(context.by.clone());
    }
    match incident.roles.get(role).map_or(&[][..], |role| &role.holders) {
        [] | [_] => held_by(incident, role, None),
        several => {
            let names: Vec<&str> = several.iter().map(|holding| holding.who.as_str()).collect();
            let why = format!("{} hold {role}: whose is offered?", names.join(", "));
            refuse(why, "the one who hands it over offers it")
        }
    }
}

pub(super) fn assigned(role: String, who: PersonId, from: Option<PersonId>) -> RoleEvent {
    RoleEvent::Assigned { role, who, from, brief: None, offer: None, readback: String::new() }
}

/// The successor holds it from here on; whoever offered it no longer does.
fn accepted(
    incident: &Incident,
    id: EntryId,
    readback: &str,
    context: Context,
) -> Result<RoleEvent, Refusal> {
    let offer = standing(incident, id)?;
    let readback = short(readback)?;
    if readback.is_empty() && *context.by != offer.to {
        return refuse(
            format!("{} has not accepted {} here", offer.to, offer.role),
            format!("write what {} read back: only then is it certain that they have it", offer.to),
        );
    }
    Ok(RoleEvent::Assigned {
        role: offer.role.clone(),
        who: offer.to.clone(),
        from: Some(offer.from.clone()).filter(|from| incident.roles.holds(&offer.role, from)),
        brief: Some(offer.brief.clone()).filter(|brief| !brief.is_empty()),
        offer: Some(id),
        readback,
    })
}

fn standing(incident: &Incident, id: EntryId) -> Result<&Offer, Refusal> {
    let offer = incident.roles.offer_by_id(id);
    offer.ok_or_else(|| Refusal::new("that offer stands no longer", "offer the role again"))
}
