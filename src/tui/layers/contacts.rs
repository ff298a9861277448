//! Whom to call (rows S0.2, S4.5, S4.15): the ladder, who was told, everybody's phone, and when to escalate.
//!
//! All of it comes from the policy that is pinned in the incident: it is there when nothing else works. What stands there is
//! in `things`, how it reads in `lines`, the call itself in `call`. The layer owns the selection, by the thing's name.

pub mod call;
mod lines;
mod script;
mod things;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::call::Callee;
use self::things::{Thing, things};
use super::listing::{Answer, Listing};
use super::question::read_only;
use super::timers::{chosen::Chosen, said};
use crate::incident::deadline::Receipt;
use crate::outbox::routes::Service;
use crate::outbox::wishes::rung;
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::widgets::sheet::Sheet;

const COLUMNS: u16 = 74;
const FOOTER: &str = "Enter: call, or they were told   p: page   y: copy the phone   Esc: back";
const FOOTER_REPLAY: &str = "Enter: look   y: copy the phone   Esc: back   (look only)";

#[derive(Default)]
struct ContactsLayer {
    chosen: Chosen,
}

pub fn layer(_ctx: &Ctx, _scene: &Scene) -> Box<dyn Layer> {
    Box::new(ContactsLayer::default())
}

impl ContactsLayer {
    fn list(&self, scene: &Scene, ids: &[String]) -> Listing {
        let footer = if scene.live { FOOTER } else { FOOTER_REPLAY };
        Listing::new("Whom to call", footer, COLUMNS, self.chosen.place(ids))
    }
}

fn names(all: &[Thing]) -> Vec<String> {
    all.iter().map(Thing::id).collect()
}

fn open(thing: Option<&Thing>, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
    match thing {
        Some(Thing::Rung(rung)) => vec![Msg::Push(call::layer(Callee::of_rung(rung)))],
        Some(Thing::Receipt { receipt, .. }) => told(receipt, ctx, scene),
        Some(Thing::Contact { contact, .. }) => {
            vec![Msg::Push(call::layer(Callee::of_contact(contact, scene)))]
        }
        Some(Thing::OnCall { .. }) => on_call(thing),
        Some(Thing::Trigger { .. }) => escalate(scene),
        Some(Thing::Failures(_)) => vec![Msg::Push(super::failures::layer(ctx, scene))],
        None => Vec::new(),
    }
}

/// Their number, to be dialled by hand.
fn on_call(thing: Option<&Thing>) -> Vec<Msg> {
    let Some(Thing::OnCall { on_call, .. }) = thing else { return Vec::new() };
    match on_call.who.phone.is_empty() {
        true => vec![Msg::Say(Tone::Info, format!("no phone of {} is known there", on_call.who.name))],
        false => vec![Msg::Copy(on_call.who.phone.clone())],
    }
}

/// Pages them through the paging service, after a confirmation.
fn page(thing: &Thing, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
    if !scene.live {
        return read_only();
    }
    let who = match thing {
        Thing::Rung(rung) => rung.who.clone(),
        Thing::Contact { contact, .. } => contact.role.clone(),
        Thing::Receipt { receipt, .. } => receipt.who.clone(),
        Thing::OnCall { on_call, .. } => {
            return match super::outbox::line(&format!("page add {}", on_call.who.remote), ctx) {
                Ok(messages) => messages,
                Err(why) => vec![Msg::Say(Tone::Warning, why)],
            };
        }
        _ => return vec![Msg::Say(Tone::Info, "select somebody first".to_owned())],
    };
    let known = scene.routes.of(Service::Paging).is_some_and(|account| rung(account, &who).is_some());
    if scene.routes.of(Service::Paging).is_some() && !known {
        let text = format!("nobody is configured for {who:?}: add it to [pagerduty.rungs] in config.toml");
        return vec![Msg::Say(Tone::Warning, text)];
    }
    let title = scene.incident.public_title();
    super::outbox::line(&format!("page add {who}: {title}"), ctx)
        .unwrap_or_else(|why| vec![Msg::Say(Tone::Warning, why)])
}

/// One of the reasons to escalate holds: whoever is next on the ladder is called, due or not.
fn escalate(scene: &Scene) -> Vec<Msg> {
    match call::next_rung(scene) {
        Some(callee) => vec![Msg::Push(call::layer(callee))],
        None => {
            let text = "nobody on the ladder is left: choose a contact above";
            vec![Msg::Say(Tone::Info, text.to_owned())]
        }
    }
}

/// Writes down that somebody was told, and how.
fn told(receipt: &Receipt, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
    if let Some(act) = &receipt.told {
        return vec![Msg::Say(Tone::Info, said("told", act, ctx, scene.now))];
    }
    if !scene.live {
        return read_only();
    }
    vec![Msg::Push(Box::new(call::told(&receipt.id, &receipt.who)))]
}

impl Layer for ContactsLayer {
    fn name(&self) -> &'static str {
        "contacts"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let all = things(ctx, &scene);
        let list = self.list(&scene, &names(&all));
        list.draw(&lines::sheet(&all, list.width(screen), ctx, &scene), ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        let all = things(ctx, &scene);
        let ids = names(&all);
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        if key.code == KeyCode::Char('y') && plain {
            let contact = all.get(self.chosen.place(&ids)).and_then(Thing::contact);
            return vec![call::copy(contact)];
        }
        if key.code == KeyCode::Char('p') && plain {
            return all
                .get(self.chosen.place(&ids))
                .map(|thing| page(thing, ctx, &scene))
                .unwrap_or_default();
        }
        match self.chosen.key(self.list(&scene, &ids), key, &ids, ctx) {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(place) => open(all.get(place), ctx, &scene),
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return Vec::new() };
        let all = things(ctx, &scene);
        let ids = names(&all);
        let list = self.list(&scene, &ids);
        let sheet: Sheet = lines::sheet(&all, list.width(screen), ctx, &scene);
        match self.chosen.mouse(list, mouse, &sheet, &ids, screen) {
            Answer::Chosen(place) => open(all.get(place), ctx, &scene),
            _ => Vec::new(),
        }
    }
}
