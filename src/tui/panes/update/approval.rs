//! An update that waits for the commander's word: the text, what is doubtful, and the answer (MISSION row B7).
//!
//! Enter approves and sends it where I command; otherwise `v` says that the commander has approved it by voice. `x` refuses it
//! with a reason, `e` takes the text into the composer. A text that was refused can still be taken.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Edit, told};
use crate::incident::state::Proposed;
use crate::incident::{Command, EntryId, PersonId};
use crate::report::check::{About, check};
use crate::report::update::{gist, promise};
use crate::tui::actions::{Action, UpdateAction};
use crate::tui::layer::Layer;
use crate::tui::layers::ask::Ask;
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::layers::page::Page;
use crate::tui::layers::preview;
use crate::tui::layers::question::order;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

/// Shows what waits, chosen first where several do; where nothing waits, what was refused.
pub(super) fn waiting(scene: &Scene) -> Vec<Msg> {
    let mut all: Vec<&Proposed> = scene.incident.awaiting_approval().collect();
    all.extend(told::refused(scene));
    match all.as_slice() {
        [] => vec![Msg::Say(Tone::Info, "no update waits for approval".into())],
        [one] => vec![Msg::Push(layer(one.id))],
        several => {
            let item = |proposed: &&Proposed| {
                let refused = if proposed.answer.is_some() { "NOT APPROVED: " } else { "" };
                Item::new(
                    proposed.update.audience.clone(),
                    format!(
                        "{refused}{}, {} ago: {}",
                        scene.incident.name_of(&proposed.by),
                        scene.now.since(proposed.at).short(),
                        gist(&proposed.update.body)
                    ),
                )
            };
            let items = several.iter().map(item).collect();
            let ids: Vec<EntryId> = several.iter().map(|proposed| proposed.id).collect();
            let chosen = move |index: usize, _: &Ctx| {
                ids.get(index).map(|id| Msg::Push(layer(*id))).into_iter().collect()
            };
            vec![Msg::Push(Box::new(Choose::new("Waiting for approval", "", items, Box::new(chosen))))]
        }
    }
}

fn layer(proposal: EntryId) -> Box<dyn Layer> {
    Box::new(ApprovalLayer { proposal, page: Page::wide() })
}

struct ApprovalLayer {
    proposal: EntryId,
    page: Page,
}

/// Who may approve, as seen from here.
enum Who<'a> {
    Me,
    Other(&'a PersonId),
    Nobody,
}

fn who<'a>(ctx: &Ctx, scene: &Scene<'a>) -> Who<'a> {
    match scene.incident.commander() {
        Some(commander) if commander == ctx.me => Who::Me,
        Some(commander) => Who::Other(commander),
        None => Who::Nobody,
    }
}

impl ApprovalLayer {
    fn proposed<'a>(&self, scene: &Scene<'a>) -> Option<&'a Proposed> {
        scene.incident.proposed.iter().find(|proposed| proposed.id == self.proposal)
    }

    fn sheet(ctx: &Ctx, scene: &Scene, proposed: &Proposed, columns: u16) -> Sheet {
        let (sent, zone) = (&proposed.update, ctx.look.zone);
        let mut sheet = Sheet::new(columns);
        let age = scene.now.since(proposed.at).short();
        let by = scene.incident.name_of(&proposed.by);
        sheet.say(0, Meaning::Title, &format!("To: {}, from {by}, {age} ago", sent.audience));
        let next = promise(sent.next, scene.now, zone);
        let late = sent.next.is_some_and(|next| next <= scene.now);
        let late = if late { " (passed: none is promised when it goes out now)" } else { "" };
        sheet.say(0, Meaning::Text, &format!("Status: {}   Next update: {next}{late}", sent.word));
        if let Some(answer) = &proposed.answer {
            let word = if answer.approved { "approved by" } else { "NOT APPROVED by" };
            let who = scene.incident.name_of(&answer.by);
            sheet.say(0, Meaning::Warning, &format!("{word} {who}: {}", answer.reason));
        }
        let about = About {
            incident: scene.incident,
            policy: scene.policy(ctx),
            audience: &sent.audience,
            word: sent.word,
            next: sent.next,
            now: scene.now,
        };
        preview::findings(&mut sheet, &check(&sent.body, &about));
        for aside in &sent.overrides {
            sheet.say(0, Meaning::Info, &format!("{} set aside by {by}: {}", aside.check, aside.reason));
        }
        sheet.gap().say(0, Meaning::Text, &sent.body);
        sheet
    }

    /// By me, or with the commander's word that I have heard.
    fn approve(&self, by_voice: Option<PersonId>, ctx: &Ctx) -> Vec<Msg> {
        match order(Command::Approve { proposal: self.proposal, by_voice }, ctx) {
            Ok(orders) => [Msg::Pop].into_iter().chain(orders).collect(),
            Err(why) => vec![Msg::Say(Tone::Warning, why)],
        }
    }

    fn reject(&self) -> Ask {
        let proposal = self.proposal;
        let answer = move |reason: &str, ctx: &Ctx| {
            let orders = order(Command::Reject { proposal, reason: reason.to_owned() }, ctx)?;
            Ok([Msg::Pop].into_iter().chain(orders).collect())
        };
        Ask::new("Not approved", "What must change? Whoever wrote it sees this.", Box::new(answer))
    }

    fn take(proposed: &Proposed) -> Vec<Msg> {
        let take = Edit::Take(proposed.id, Box::new(proposed.update.clone()));
        vec![Msg::Pop, Msg::Composer(take), Msg::Act(Action::Update(UpdateAction::Compose))]
    }

    fn hint(ctx: &Ctx, scene: &Scene, proposed: &Proposed) -> String {
        if proposed.answer.is_some() {
            return "e takes the text into the composer   Esc back".to_owned();
        }
        match who(ctx, scene) {
            Who::Me => "Enter approves and sends   x refuses   e rewrites   Esc later".to_owned(),
            Who::Other(who) => format!("v {who} has approved it   x {who} refused   e rewrites   Esc"),
            Who::Nobody => "nobody commands who could approve   x refuses   e rewrites   Esc".to_owned(),
        }
    }

    fn answer(&self, key: KeyCode, proposed: &Proposed, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let waits = proposed.answer.is_none();
        match (key, who(ctx, scene)) {
            (KeyCode::Char('e'), _) => Self::take(proposed),
            _ if !waits => Vec::new(),
            (KeyCode::Char('x'), _) => vec![Msg::Push(Box::new(self.reject()))],
            (KeyCode::Enter | KeyCode::Char('v'), Who::Me) => self.approve(None, ctx),
            (KeyCode::Char('v'), Who::Other(who)) => self.approve(Some(who.clone()), ctx),
            (KeyCode::Enter, Who::Other(who)) => {
                vec![Msg::Say(Tone::Warning, format!("{who} commands: v says that {who} has approved it"))]
            }
            (KeyCode::Enter | KeyCode::Char('v'), Who::Nobody) => self.approve(None, ctx),
            _ => Vec::new(),
        }
    }
}

impl Layer for ApprovalLayer {
    fn name(&self) -> &'static str {
        "approval"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let proposed = self.proposed(&scene)?;
        let sheet = Self::sheet(ctx, &scene, proposed, self.page.width(screen));
        let hint = Self::hint(ctx, &scene, proposed);
        self.page.draw("Approve this update?", &hint, &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        let Some(proposed) = self.proposed(&scene) else { return vec![Msg::Pop] };
        match key.code {
            KeyCode::Esc | KeyCode::Char('q') => return vec![Msg::Pop],
            KeyCode::Enter | KeyCode::Char('v' | 'x' | 'e') => {
                return self.answer(key.code, proposed, ctx, &scene);
            }
            _ => self.page.key(key, ctx),
        }
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        self.page.mouse(mouse);
        Vec::new()
    }
}
