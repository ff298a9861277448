//! What the role board warns about: roles that wait for somebody, nobody in them, too many people, two hats.
//!
//! Pure: it looks at the scene and answers words. Where they stand is for `board`.

use std::collections::BTreeSet;

use crate::incident::roles::{COMMANDER, DEPUTY, Offer, Seat};
use crate::incident::{PersonId, Span};
use crate::tui::actions::{Action, RolesAction};
use crate::tui::layers::step::text::ago;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::clipped;
use crate::tui::widgets::width;

/// One warning.
pub struct Warning {
    pub meaning: Meaning,
    /// For the frame, such as `3 vacant`.
    pub short: String,
    /// A line of its own; empty: the seats say it.
    pub line: String,
}

/// Everything that needs attention, the most urgent first.
pub fn warnings(ctx: &Ctx, scene: &Scene) -> Vec<Warning> {
    let mut all: Vec<Warning> = to_me(ctx, scene).map(|offer| mine(ctx, scene, offer)).collect();
    all.extend(vacant(scene));
    all.extend(others(ctx, scene));
    all.extend(span_of_control(ctx, scene));
    all.extend(two_hats(scene));
    all
}

/// Roles that are offered to me, and that I can still accept.
pub fn to_me<'a>(ctx: &'a Ctx, scene: &Scene<'a>) -> impl Iterator<Item = &'a Offer> {
    let live = scene.live;
    scene.incident.roles.offers().iter().filter(move |offer| live && offer.to == *ctx.me)
}

/// The offer of this role, where one waits.
pub fn offer_of<'a>(scene: &Scene<'a>, role: &str) -> Option<&'a Offer> {
    scene.incident.roles.offers().iter().find(|offer| offer.role == role)
}

/// The title of a role, as the board has it.
pub fn title(scene: &Scene, role: &str) -> String {
    let seats = scene.incident.roles.seats();
    seats.into_iter().find(|seat| seat.role == role).map_or_else(|| role.to_owned(), |seat| seat.title)
}

/// For the frame: as many warnings as `columns` have room for, in the meaning of the first.
pub fn alarm(ctx: &Ctx, scene: &Scene, columns: u16) -> Option<(String, Meaning)> {
    let all = warnings(ctx, scene);
    let meaning = all.first()?.meaning;
    let mut text = String::new();
    for short in all.iter().map(|warning| &warning.short).filter(|short| !short.is_empty()) {
        let longer = if text.is_empty() { short.clone() } else { format!("{text}, {short}") };
        if !text.is_empty() && width(&longer) > columns {
            break;
        }
        text = longer;
    }
    Some((clipped(&text, columns), meaning))
}

/// For how long nobody has held a role that is needed: since the last holder left, else since the declaration.
pub fn vacant_for(scene: &Scene, seat: &Seat) -> Option<Span> {
    if !is_missed(scene, seat) {
        return None;
    }
    let left = seat.past.iter().map(|past| past.until).max();
    let since = left.or(scene.incident.declared_at())?;
    Some(Span::from_ms(scene.now.since(since).ms().max(0)))
}

/// Whether somebody should hold it and nobody does. An incident that is over misses nobody.
pub fn is_missed(scene: &Scene, seat: &Seat) -> bool {
    seat.needed && seat.holders.is_empty() && !scene.incident.status.is_over()
}

fn mine(ctx: &Ctx, scene: &Scene, offer: &Offer) -> Warning {
    let (title, age) = (title(scene, &offer.role), ago(scene.now.since(offer.at)));
    let key =
        ctx.keymap.key(Action::Roles(RolesAction::Answer)).map_or_else(String::new, |key| key.to_string());
    Warning {
        meaning: Meaning::Alert,
        short: format!("{title} offered to you"),
        line: format!("! {} offers you {title}, {age}: {key} shows the brief", offer.from),
    }
}

fn others(ctx: &Ctx, scene: &Scene) -> Option<Warning> {
    let mine: Vec<_> = to_me(ctx, scene).map(|offer| offer.id).collect();
    let names: BTreeSet<&str> = scene
        .incident
        .roles
        .offers()
        .iter()
        .filter(|offer| !mine.contains(&offer.id))
        .map(|offer| offer.to.as_str())
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    (!names.is_empty()).then(|| Warning {
        meaning: Meaning::Warning,
        short: format!("WAITING for {}", names.join(" and ")),
        line: String::new(),
    })
}

fn vacant(scene: &Scene) -> Option<Warning> {
    let seats = scene.incident.roles.seats();
    let missed = seats.iter().filter(|seat| is_missed(scene, seat)).count();
    (missed > 0).then(|| Warning {
        meaning: Meaning::Alert,
        short: format!("{missed} vacant"),
        line: String::new(),
    })
}

/// One person leads only so many (the policy's `span_of_control`): holders of roles and whoever owes an answer.
fn span_of_control(ctx: &Ctx, scene: &Scene) -> Option<Warning> {
    let most = scene.policy(ctx).rules.span_of_control?;
    let roles = &scene.incident.roles;
    let commander = roles.holder(COMMANDER)?;
    let deputy = roles.holder(DEPUTY);
    let mut led: BTreeSet<&PersonId> = roles.people();
    led.extend(scene.incident.asks.open().into_iter().map(|ask| &ask.who));
    led.retain(|who| *who != commander && Some(*who) != deputy);
    let count = led.len();
    let (leaders, advice) = match deputy {
        None => (1, "name a deputy and share them".to_owned()),
        Some(deputy) => (2, format!("{deputy} shares them; name leads for parts of the work")),
    };
    (count > most * leaders).then(|| Warning {
        meaning: Meaning::Warning,
        short: format!("{count} people to lead"),
        line: format!("! {commander} leads {count} people, more than {most} each: {advice}"),
    })
}

fn two_hats(scene: &Scene) -> Vec<Warning> {
    let hats = scene.incident.roles.two_hats().into_iter().enumerate();
    let one = |(index, (who, roles)): (usize, (&PersonId, Vec<&str>))| {
        let hats = if roles.len() == 2 { "two hats".to_owned() } else { format!("{} hats", roles.len()) };
        // The frame says it once, whoever wears them.
        let short = if index == 0 { "two hats".to_owned() } else { String::new() };
        let line = format!("! {who} wears {hats}: {}", roles.join(", "));
        Warning { meaning: Meaning::Warning, short, line }
    };
    hats.map(one).collect()
}
