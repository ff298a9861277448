//! One act, every word of it: what, to whom, how far, and what can be done.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::title;
use crate::incident::EntryId;
use crate::incident::event::FailureClass;
use crate::outbox::wishes::in_words;
use crate::outbox::{Act, State};
use crate::tui::layer::Layer;
use crate::tui::layers::page::Page;
use crate::tui::layers::step::text::moment;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

/// How far it is, in a few words.
pub(super) fn standing(act: &Act, ctx: &Ctx, scene: &Scene) -> (String, Meaning) {
    let zone = ctx.look.zone;
    match &act.state {
        State::Waiting { .. } => match scene.outbox.lacks(act) {
            Some(_) if scene.outbox.is_orphan(act) => ("CANNOT GO ON".to_owned(), Meaning::Alert),
            Some(_) => ("waits for what it is about".to_owned(), Meaning::Muted),
            None if scene.outbox.behind(act).is_some() => {
                ("behind one that needs you".to_owned(), Meaning::Warning)
            }
            None => ("waiting".to_owned(), Meaning::Info),
        },
        State::Failing { from, .. } => (format!("next try {}", zone.hms(*from)), Meaning::Warning),
        State::Attempted { .. } => ("on its way".to_owned(), Meaning::Info),
        State::Doubtful { next, .. } => (format!("looked for {}", zone.hms(*next)), Meaning::Warning),
        State::Stuck { class: FailureClass::Unknown, .. } => ("DID IT ARRIVE?".to_owned(), Meaning::Alert),
        State::Stuck { class: FailureClass::Auth, .. } => ("LOCKED OUT".to_owned(), Meaning::Alert),
        State::Stuck { .. } => ("REFUSED".to_owned(), Meaning::Alert),
        State::Confirmed { at, .. } => (format!("done {}", zone.hm(*at)), Meaning::Good),
        State::Dropped { at } => (format!("given up {}", zone.hm(*at)), Meaning::Muted),
        State::Superseded { .. } => ("not needed".to_owned(), Meaning::Muted),
    }
}

/// What people read of it.
pub(super) fn text(act: &Act) -> String {
    match (act.title.is_empty(), act.body.is_empty()) {
        (true, _) => act.body.clone(),
        (false, true) => act.title.clone(),
        (false, false) => format!("{}\n\n{}", act.title, act.body),
    }
}

pub(super) struct One {
    request: EntryId,
    page: Page,
}

impl One {
    pub fn new(request: EntryId) -> Self {
        Self { request, page: Page::wide() }
    }

    fn sheet(&self, act: &Act, ctx: &Ctx, scene: &Scene, columns: u16) -> Sheet {
        let mut sheet = Sheet::new(columns);
        let (state, meaning) = standing(act, ctx, scene);
        sheet.say(
            0,
            Meaning::Text,
            &format!("{}: {}", title(act, scene), in_words(&act.deed, &act.title, &act.body)),
        );
        sheet.say(0, meaning, &state);
        if let Some(message) = scene.outbox.message(act) {
            sheet.say(0, Meaning::Warning, message);
        }
        if let State::Confirmed { remote, link, .. } = &act.state {
            sheet.say(0, Meaning::Muted, link.as_ref().unwrap_or(remote));
        }
        let (by, at) = (scene.incident.name_of(&act.by), moment(ctx.look.zone, act.requested_at, scene.now));
        let asked =
            format!("asked for by {by} {at}, host {}, tried {}", act.host, super::times(act.attempts));
        sheet.say(0, Meaning::Muted, &asked);
        sheet.say(0, Meaning::Muted, &format!("lane {}, id {}", act.lane, act.request));
        sheet.gap();
        if !act.title.is_empty() {
            sheet.say(0, Meaning::Accent, &act.title);
        }
        if !act.body.is_empty() {
            sheet.say(0, Meaning::Text, &act.body);
        }
        sheet
    }
}

impl Layer for One {
    fn name(&self) -> &'static str {
        "delivery"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let act = scene.outbox.get(self.request)?;
        let sheet = self.sheet(act, ctx, &scene, self.page.width(screen));
        self.page.draw("Delivery", "y copies   Esc back", &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let act = ctx.scene.and_then(|scene| scene.outbox.get(self.request));
        match (key.code, act) {
            (KeyCode::Esc | KeyCode::Char('q') | KeyCode::Enter, _) | (_, None) => vec![Msg::Pop],
            (KeyCode::Char('y'), Some(act)) => vec![Msg::Copy(text(act))],
            (_, Some(_)) => {
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
