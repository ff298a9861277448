//! Questions that several layers ask: yes or no, who, and why. Nothing here changes anything by itself.

use std::collections::BTreeSet;

use super::ask::Ask;
use super::choose::{Choose, Item};
use crate::incident::{Command, Context, PersonId, decide};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};

/// What an act answers in a replay.
pub fn read_only() -> Vec<Msg> {
    vec![Msg::Say(Tone::Warning, "a replay cannot be changed".into())]
}

/// The order, or why it would be refused as things stand: a field then keeps its text.
pub fn order(command: Command, ctx: &Ctx) -> Result<Vec<Msg>, String> {
    if let Some(scene) = ctx.scene {
        if !scene.live {
            return Err("a replay cannot be changed".into());
        }
        decide(scene.incident, &command, Context { policy: ctx.policy, now: ctx.now, by: ctx.me })
            .map_err(|refusal| refusal.to_string())?;
    }
    Ok(vec![Msg::Order(command)])
}

/// Yes or no; `yes` names what happens.
pub fn confirm(title: &str, about: &str, yes: &str, command: Command) -> Box<dyn Layer> {
    let items = vec![Item::new("no", "leave it as it is").key('n'), Item::new("yes", yes).key('y')];
    let chosen =
        move |index, _: &Ctx| if index == 1 { vec![Msg::Order(command.clone())] } else { Vec::new() };
    Box::new(Choose::new(title, about, items, Box::new(chosen)))
}

/// Asks for one line of text that becomes a command.
pub fn ask(title: &str, about: &str, command: impl Fn(&str) -> Command + 'static) -> Ask {
    Ask::new(title, about, Box::new(move |text, ctx| order(command(text), ctx)))
}

/// Everybody who can be named, by handle: who wrote, was named or holds a role, and oneself.
pub fn people(ctx: &Ctx, scene: &Scene) -> Vec<String> {
    let incident = scene.incident;
    let seats = incident.roles.seats();
    let holders = seats.iter().flat_map(|seat| seat.holders).map(|holding| &holding.who);
    let all: BTreeSet<&PersonId> =
        incident.seen.iter().chain(incident.people.keys()).chain(holders).chain([ctx.me]).collect();
    all.into_iter().map(|who| who.as_str().to_owned()).collect()
}
