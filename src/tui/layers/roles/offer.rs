//! A role that is offered: its brief in full, and the answer to it (MISSION row B6).
//!
//! ```text
//! + Commander: offered to bob, WAITING 2m --------+
//! | alice holds it until bob accepts.             |
//! |                                               |
//! | P1, diagnosing since 14:02 UTC; ...           |
//! |                                               |
//! | Enter accepts  x declines  t takes it back    |
//! +-----------------------------------------------+
//! ```
//!
//! Nothing changes hands but by accepting. For somebody else one accepts only with the words that were read back.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{duties, two_hats};
use crate::incident::command::RoleCommand;
use crate::incident::roles::{COMMANDER, Offer, duty, role_key};
use crate::incident::{Command, EntryId};
use crate::tui::layer::Layer;
use crate::tui::layers::ask::Ask;
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::layers::form::{Form, Part, Values};
use crate::tui::layers::page::Page;
use crate::tui::layers::question::{order, read_only};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, put, width};

const GONE: &str = "This offer stands no longer.   Esc back";

struct OfferLayer {
    offer: EntryId,
    page: Page,
}

fn layer(offer: EntryId) -> Box<dyn Layer> {
    Box::new(OfferLayer { offer, page: Page::wide() })
}

/// The offer of this role, where one waits.
pub(super) fn of(scene: &Scene, role: &str) -> Option<Box<dyn Layer>> {
    let role = role_key(role);
    scene.incident.roles.offers().iter().find(|offer| offer.role == role).map(|offer| layer(offer.id))
}

/// What is offered, to be answered: of the selected role, else to me, else the only one; else one is chosen.
pub fn answer(ctx: &Ctx, scene: &Scene, selected: Option<&str>) -> Vec<Msg> {
    if !scene.live {
        return read_only();
    }
    let offers = scene.incident.roles.offers();
    // A role of several people may be offered to more than one: what is offered to me comes first.
    let selected = selected.map(role_key);
    let to_me = offers
        .iter()
        .find(|offer| offer.to == *ctx.me && selected.as_ref().is_some_and(|role| *role == offer.role));
    let of_role = selected.as_deref().and_then(|role| of(scene, role));
    if let Some(layer) = to_me.map(|offer| layer(offer.id)).or(of_role) {
        return vec![Msg::Push(layer)];
    }
    let mine = offers.iter().find(|offer| offer.to == *ctx.me);
    match (offers, mine) {
        ([], _) => vec![Msg::Say(Tone::Info, "no role is offered to anybody".into())],
        ([offer], _) | (_, Some(offer)) => vec![Msg::Push(layer(offer.id))],
        _ => {
            let items =
                offers.iter().map(|offer| Item::new(title(offer), format!("offered to {}", offer.to)));
            let ids: Vec<EntryId> = offers.iter().map(|offer| offer.id).collect();
            let chosen = move |index: usize, _: &Ctx| {
                ids.get(index).map(|id| Msg::Push(layer(*id))).into_iter().collect()
            };
            vec![Msg::Push(Box::new(Choose::new("Offered roles", "", items.collect(), Box::new(chosen))))]
        }
    }
}

fn title(offer: &Offer) -> String {
    duty(&offer.role).map_or_else(|| offer.role.clone(), |duty| duty.title.to_owned())
}

/// What the successor says back, then the role is theirs.
fn accept(ctx: &Ctx, offer: &Offer) -> Form {
    let mine = offer.to == *ctx.me;
    let who = if mine { "you".to_owned() } else { offer.to.to_string() };
    let mut about = format!("{} holds {} until this is done.", offer.from, title(offer));
    if offer.role == COMMANDER {
        about = format!("{about}\n{}", duties::SIX_DUTIES);
    }
    let placeholder =
        if mine { "may stay empty: you sit here yourself" } else { "severity, what runs, what is due" };
    let part = Part::text("readback", "Read back", "")
        .placeholder(placeholder)
        .help(format!("What did {who} read back?"));
    let (id, to, role) = (offer.id, offer.to.clone(), offer.role.clone());
    let submit = move |values: &Values, ctx: &Ctx| {
        let readback = values.get("readback");
        if readback.is_empty() && *ctx.me != to {
            return Err(format!("write what {to} read back: only then is it certain that {to} has it"));
        }
        let orders = order(Command::Role(RoleCommand::Accept { offer: id, readback }), ctx)?;
        let warning = two_hats(ctx, &role, &to);
        Ok([Msg::Pop].into_iter().chain(orders).chain(warning).collect())
    };
    Form::new(format!("{} accepts {}", offer.to, title(offer)), about, vec![part], Box::new(submit))
        .verb("accept")
}

fn decline(offer: &Offer) -> Ask {
    let (id, to) = (offer.id, offer.to.clone());
    let answer = move |reason: &str, ctx: &Ctx| {
        if reason.is_empty() {
            return Err(format!("say why, in a word or two: who asks next must know what {to} cannot do"));
        }
        let decline = RoleCommand::Decline { offer: id, reason: format!("{to}: {reason}") };
        let orders = order(Command::Role(decline), ctx)?;
        Ok([Msg::Pop].into_iter().chain(orders).collect())
    };
    let about =
        format!("Why does {} not take {}? {} goes on holding it.", offer.to, title(offer), offer.from);
    Ask::new("Decline", about, Box::new(answer))
}

impl OfferLayer {
    fn offer<'a>(&self, scene: &Scene<'a>) -> Option<&'a Offer> {
        scene.incident.roles.offer_by_id(self.offer)
    }

    fn sheet(&self, scene: &Scene, offer: &Offer, columns: u16) -> Sheet {
        let mut sheet = Sheet::new(columns);
        let holds = format!("{} holds it until {} accepts.", offer.from, offer.to);
        sheet.say(0, Meaning::Warning, &holds).gap();
        let brief = if offer.brief.is_empty() { "(no brief was given)" } else { &offer.brief };
        sheet.say(0, Meaning::Text, brief);
        if let Some(duty) = duty(&offer.role).filter(|_| !scene.incident.status.is_over()) {
            sheet.gap().say(0, Meaning::Muted, &format!("{}: {}.", duty.title, duty.duty));
        }
        sheet
    }

    fn take_back(&self, ctx: &Ctx, offer: &Offer) -> Vec<Msg> {
        let decline = RoleCommand::Decline { offer: offer.id, reason: "taken back".to_owned() };
        match order(Command::Role(decline), ctx) {
            Ok(orders) => [Msg::Pop].into_iter().chain(orders).collect(),
            Err(why) => vec![Msg::Say(Tone::Warning, why)],
        }
    }
}

impl Layer for OfferLayer {
    fn name(&self) -> &'static str {
        "offer"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let Some(offer) = self.offer(&scene) else {
            let inner = boxed::popup(buf, screen, (width(GONE) + 4, 3), "Offered", &ctx.look);
            put(buf, inner.x + 1, inner.y, inner.right(), GONE, ctx.style(Meaning::Text));
            return None;
        };
        let sheet = self.sheet(&scene, offer, self.page.width(screen));
        let age = scene.now.since(offer.at).short();
        let head = format!("{}: offered to {}, WAITING {age}", title(offer), offer.to);
        let hint = match offer.to == *ctx.me {
            true => "Enter accepts   x declines   Esc later",
            false => "Enter accepted by voice   x declined   t take back   Esc",
        };
        self.page.draw(&head, hint, &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let offer = ctx.scene.and_then(|scene| self.offer(&scene).cloned());
        match (key.code, offer) {
            (KeyCode::Esc | KeyCode::Char('q'), _) | (_, None) => vec![Msg::Pop],
            (KeyCode::Enter | KeyCode::Char('a'), Some(offer)) => {
                vec![Msg::Push(Box::new(accept(ctx, &offer)))]
            }
            (KeyCode::Char('x'), Some(offer)) => vec![Msg::Push(Box::new(decline(&offer)))],
            (KeyCode::Char('t'), Some(offer)) => self.take_back(ctx, &offer),
            _ => {
                self.page.key(key, ctx);
                Vec::new()
            }
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        self.page.mouse(mouse);
        Vec::new()
    }
}
