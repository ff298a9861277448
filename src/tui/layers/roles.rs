//! Who does what: the questions that assign, offer, release and define a role (MISSION rows S3.2, B6).
//!
//! Each is a layer, or messages where there is nothing to ask. A role never changes hands as a side effect: handed over,
//! it stays where it is until the successor accepts ([`answer`]). Start at [`assign`].

mod brief;
mod brief_layer;
mod duties;
mod offer;

use crate::incident::command::RoleCommand;
use crate::incident::roles::{Seat, role_key};
use crate::incident::{Command, PersonId};
use crate::tui::layer::Layer;
use crate::tui::layers::ask::Ask;
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::layers::question::{ask, confirm, order, people, read_only};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};

use brief_layer::BriefLayer;

pub use brief::brief;
pub use offer::answer;

/// The role first, then who: for a key that works from every pane.
pub fn pick(_ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    let seats = scene.incident.roles.seats();
    let mut items: Vec<Item> = seats.iter().map(|seat| seat_item(scene, seat)).collect();
    items.push(Item::new("new role", "a role of your own").key('+'));
    let roles: Vec<String> = seats.iter().map(|seat| seat.role.to_owned()).collect();
    let first_vacant = seats.iter().position(|seat| seat.needed && seat.holders.is_empty()).unwrap_or(0);
    let chosen = move |index: usize, ctx: &Ctx| {
        let Some(scene) = ctx.scene else { return Vec::new() };
        if !scene.live {
            return read_only();
        }
        let layer = roles.get(index).map_or_else(define, |role| assign(ctx, &scene, role));
        vec![Msg::Push(layer)]
    };
    Box::new(Choose::new("Roles", "", items, Box::new(chosen)).at(first_vacant))
}

fn seat_item(scene: &Scene, seat: &Seat) -> Item {
    let holders: Vec<&str> = seat.holders.iter().map(|holding| holding.who.as_str()).collect();
    let holds = match (holders.is_empty(), seat.needed) {
        (true, true) => "NOBODY".to_owned(),
        (true, false) => "-".to_owned(),
        (false, _) => holders.join(", "),
    };
    let offered = scene.incident.roles.offers().iter().find(|offer| offer.role == seat.role);
    let offered = offered.map(|offer| format!(" (WAITING for {})", offer.to)).unwrap_or_default();
    let item = Item::new(format!("{}: {holds}{offered}", seat.title), seat.duty);
    // The moving keys stay free: the liaison has none.
    match seat.role {
        "commander" => item.key('c'),
        "deputy" => item.key('d'),
        "scribe" => item.key('s'),
        "sme" => item.key('m'),
        _ => item,
    }
}

/// Asks who takes the role; where one person holds it, offers to hand it over first; where it is offered, shows that.
pub fn assign(ctx: &Ctx, scene: &Scene, role: &str) -> Box<dyn Layer> {
    if let Some(offer) = offer::of(scene, role) {
        return offer;
    }
    match seat(scene, role) {
        Some(seat) if !seat.many && !seat.holders.is_empty() => held(role, &seat),
        Some(seat) => Box::new(ask_who(ctx, scene, &seat)),
        None => define(),
    }
}

fn seat<'a>(scene: &Scene<'a>, role: &str) -> Option<Seat<'a>> {
    let role = role_key(role);
    scene.incident.roles.seats().into_iter().find(|seat| seat.role == role)
}

/// Somebody holds it: what now?
fn held(role: &str, held: &Seat) -> Box<dyn Layer> {
    let holder = held.holders.first().map(|holding| holding.who.to_string()).unwrap_or_default();
    let items = vec![
        Item::new("hand over", format!("with a brief; {holder} holds it until the successor accepts"))
            .key('h'),
        Item::new("assign", "to somebody else at once, without a brief").key('a'),
        Item::new("release", "ends without a successor").key('x'),
    ];
    let role = role.to_owned();
    let chosen = move |index: usize, ctx: &Ctx| {
        let Some(scene) = ctx.scene else { return Vec::new() };
        match (index, seat(&scene, &role)) {
            (0, _) => hand_over(ctx, &scene, &role),
            (1, Some(seat)) => vec![Msg::Push(Box::new(ask_who(ctx, &scene, &seat)))],
            (2, _) => release(&scene, &role),
            _ => Vec::new(),
        }
    };
    Box::new(Choose::new(
        held.title.clone(),
        format!("{holder} holds it: {}.", held.duty),
        items,
        Box::new(chosen),
    ))
}

fn ask_who(ctx: &Ctx, scene: &Scene, seat: &Seat) -> Ask {
    let mut about = format!("{}.", if seat.duty.is_empty() { "Who takes it?" } else { seat.duty });
    about.push_str(&duties::instructions(ctx, scene, seat));
    let role = seat.role.to_owned();
    let answer = move |text: &str, ctx: &Ctx| {
        let who = PersonId::new(text);
        let warning = two_hats(ctx, &role, &who);
        let mut messages = order(Command::Role(RoleCommand::Assign { role: role.clone(), who }), ctx)?;
        messages.extend(warning);
        Ok(messages)
    };
    Ask::new(format!("{}: who?", seat.title), about, Box::new(answer)).completing(people(ctx, scene))
}

/// Says so when somebody is about to wear two hats. It is allowed: a night shift may have nobody else.
fn two_hats(ctx: &Ctx, role: &str, who: &PersonId) -> Option<Msg> {
    let scene = ctx.scene?;
    let seats = scene.incident.roles.seats();
    // A handover takes the old hat off only where it is the same role.
    let hats: Vec<&str> = seats
        .iter()
        .filter(|seat| seat.role != role && seat.holders.iter().any(|holding| holding.who == *who))
        .map(|seat| seat.role)
        .collect();
    let text = format!("{who} wears two hats now: {role} and {}", hats.join(", "));
    (!hats.is_empty()).then_some(Msg::Say(Tone::Warning, text))
}

/// To whom, then the brief; the successor accepts it later.
pub fn hand_over(ctx: &Ctx, scene: &Scene, role: &str) -> Vec<Msg> {
    if !scene.live {
        return read_only();
    }
    let Some(seat) = seat(scene, role) else { return Vec::new() };
    let Some(from) = seat.holders.first() else {
        return vec![Msg::Say(Tone::Warning, format!("nobody holds {}: assign it", seat.title))];
    };
    let standing = scene.incident.roles.offers().iter().find(|offer| offer.role == seat.role);
    let standing = standing.map(|offer| format!(" {} has not accepted: this takes its place.", offer.to));
    let about = format!(
        "From {} to whom? The brief comes next; {} holds it until it is accepted.{}",
        from.who,
        from.who,
        standing.unwrap_or_default()
    );
    let role = seat.role.to_owned();
    let answer = move |text: &str, ctx: &Ctx| {
        let to = PersonId::new(text);
        let brief = ctx.scene.map(|scene| brief(ctx, &scene)).unwrap_or_default();
        // Refused here, while the name can still be put right.
        let offer = RoleCommand::Offer { role: role.clone(), to: to.clone(), brief: brief.clone() };
        order(Command::Role(offer), ctx)?;
        Ok(vec![Msg::Push(Box::new(BriefLayer::new(&role, to, &brief)))])
    };
    let title = format!("Hand over {}", seat.title);
    vec![Msg::Push(Box::new(Ask::new(title, about, Box::new(answer)).completing(people(ctx, scene))))]
}

/// Ends somebody's time in the role; asks first when that leaves nobody, and whose when several hold it.
pub fn release(scene: &Scene, role: &str) -> Vec<Msg> {
    if !scene.live {
        return read_only();
    }
    let Some(seat) = seat(scene, role) else { return Vec::new() };
    let command = |who: &PersonId| {
        let (role, who) = (seat.role.to_owned(), Some(who.clone()));
        Command::Role(RoleCommand::Release { role, who, reason: String::new() })
    };
    match seat.holders {
        [] => vec![Msg::Say(Tone::Info, format!("nobody holds {}", seat.title))],
        [only] if seat.needed => {
            let about = format!("Release {}? That leaves NOBODY: {}.", only.who, seat.duty);
            vec![Msg::Push(confirm(&seat.title, &about, "release", command(&only.who)))]
        }
        [only] => vec![Msg::Order(command(&only.who))],
        several => {
            let items = several.iter().map(|holding| Item::new(holding.who.as_str(), "")).collect();
            let commands: Vec<Command> = several.iter().map(|holding| command(&holding.who)).collect();
            let chosen = move |index: usize, _: &Ctx| {
                commands.get(index).map(|command| Msg::Order(command.clone())).into_iter().collect()
            };
            vec![Msg::Push(Box::new(Choose::new(
                seat.title.clone(),
                "Release whom?",
                items,
                Box::new(chosen),
            )))]
        }
    }
}

/// Asks for a new role: its name, then its duty.
pub fn define() -> Box<dyn Layer> {
    let answer = |role: &str, ctx: &Ctx| {
        let name = role.to_owned();
        order(Command::Role(RoleCommand::Define { role: name.clone(), duty: String::new() }), ctx)?;
        let about = format!("What is the duty of {name}, in a few words?");
        let duty = ask("New role", &about, move |duty| {
            Command::Role(RoleCommand::Define { role: name.clone(), duty: duty.to_owned() })
        });
        Ok(vec![Msg::Push(Box::new(duty))])
    };
    Box::new(Ask::new("New role", "A name, such as legal or translator.", Box::new(answer)))
}
