//! Whom a name means: somebody, or whoever holds a role.

use crate::incident::PersonId;
use crate::incident::roles::{duty, role_key};
use crate::tui::layers::question::people;
use crate::tui::scene::{Ctx, Scene};

/// Who is meant by what was typed: `bob`, or `scribe` for the one who holds that role.
pub fn whom(text: &str, scene: &Scene) -> Result<PersonId, String> {
    let who = PersonId::new(text);
    if who.is_empty() {
        return Err("nobody is named: type a name, or a role such as scribe".to_owned());
    }
    let role = role_key(text.trim().trim_start_matches('@'));
    let roles = &scene.incident.roles;
    if !roles.knows(&role) {
        return Ok(who);
    }
    let holders = roles.get(&role).map(|role| role.holders.as_slice()).unwrap_or_default();
    match holders {
        [one] => Ok(one.who.clone()),
        [] => {
            let title = duty(&role).map_or(role.as_str(), |duty| duty.title);
            Err(format!("nobody holds {title}: name somebody"))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|holding| holding.who.as_str()).collect();
            Err(format!("several hold {role}: name one of {}", names.join(", ")))
        }
    }
}

/// Everybody who can be named, and the roles that somebody holds.
pub fn names(ctx: &Ctx, scene: &Scene) -> Vec<String> {
    let seats = scene.incident.roles.seats();
    let held = seats.iter().filter(|seat| seat.holders.len() == 1).map(|seat| seat.role.to_owned());
    people(ctx, scene).into_iter().chain(held).collect()
}
