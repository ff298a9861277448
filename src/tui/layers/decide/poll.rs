//! One decision in full: while it is open, the sentence to say and the keys of the outcome; later, what became of it.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{one, words};
use crate::incident::EntryId;
use crate::incident::clean::clean_text;
use crate::incident::decisions::Poll;
use crate::incident::event::Outcome;
use crate::tui::layer::Layer;
use crate::tui::layers::page::Page;
use crate::tui::layers::question::read_only;
use crate::tui::layers::step::text::{ago, moment};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

pub(super) struct PollLayer {
    which: Which,
    /// It was gone ahead with before the proposal was saved.
    go: bool,
    page: Page,
}

enum Which {
    Saved(EntryId),
    /// Ordered and not saved yet: it will be the one with these words that was not there before.
    Given {
        proposal: String,
        before: Vec<EntryId>,
    },
}

impl PollLayer {
    pub fn saved(id: EntryId) -> Self {
        Self { which: Which::Saved(id), go: false, page: Page::default() }
    }

    pub fn given(proposal: &str, ctx: &Ctx) -> Self {
        let polls = ctx.scene.map(|scene| scene.incident.polls.all()).unwrap_or_default();
        let before = polls.iter().map(|poll| poll.id).collect();
        let proposal = clean_text(proposal).trim().to_owned();
        Self { which: Which::Given { proposal, before }, go: false, page: Page::default() }
    }

    fn poll<'a>(&self, ctx: &Ctx<'a>) -> Option<(Scene<'a>, &'a Poll)> {
        let scene = ctx.scene?;
        let polls = &scene.incident.polls;
        let poll =
            match &self.which {
                Which::Saved(id) => polls.get(*id),
                Which::Given { proposal, before } => polls.all().iter().rev().find(|poll| {
                    poll.by == *ctx.me && poll.proposal == *proposal && !before.contains(&poll.id)
                }),
            };
        poll.map(|poll| (scene, poll))
    }

    fn sheet(&self, ctx: &Ctx, width: u16) -> Sheet {
        let mut sheet = Sheet::new(width);
        match (self.poll(ctx), &self.which) {
            (Some((scene, poll)), _) if poll.is_open() && scene.live => open(&mut sheet, poll, ctx, &scene),
            (Some((scene, poll)), _) => settled(&mut sheet, poll, ctx, &scene),
            (None, Which::Given { proposal, .. }) => {
                sheet.say(0, Meaning::Title, proposal).gap();
                let waits = if self.go { "Being saved; it goes ahead then." } else { "Being saved." };
                sheet.say(0, Meaning::Muted, waits);
            }
            (None, Which::Saved(_)) => {
                sheet.say(0, Meaning::Muted, "That decision is not there.");
            }
        }
        sheet
    }

    fn footer(&self, ctx: &Ctx) -> &'static str {
        match self.poll(ctx) {
            Some((scene, _)) if !scene.live => "Esc: back",
            Some((_, poll)) if poll.is_open() => {
                "Enter: go   o: objection   n: no go   w: withdraw   Esc: leave it open"
            }
            Some((_, poll)) if one::went(poll) => "v: verify   U: open again   Esc: back",
            Some(_) => "U: open again   Esc: back",
            None => "Enter: go, when it is saved   Esc: leave it open",
        }
    }

    fn open_key(&self, key: KeyCode, poll: &Poll, ctx: &Ctx, scene: &Scene) -> Option<Vec<Msg>> {
        let act = matches!(key, KeyCode::Enter | KeyCode::Char('g' | 'o' | 'n' | 'w' | 'e'));
        if act && !scene.live {
            return Some(read_only());
        }
        Some(match key {
            KeyCode::Enter | KeyCode::Char('g') => one::go(poll, ctx),
            KeyCode::Char('o') => one::object(poll, ctx, scene),
            KeyCode::Char('n') => one::drop(poll, Outcome::NoGo),
            KeyCode::Char('w') => one::drop(poll, Outcome::Withdrawn),
            KeyCode::Char('e') => {
                vec![Msg::Pop, Msg::Say(Tone::Info, "nothing is decided yet: d goes on with it".into())]
            }
            _ => return None,
        })
    }
}

/// What to say, and what was objected.
fn open(sheet: &mut Sheet, poll: &Poll, ctx: &Ctx, scene: &Scene) {
    sheet.line(0, Meaning::Muted, "Say:").gap();
    for (index, said) in words::question(poll, ctx).iter().enumerate() {
        sheet.say(2, if index == 0 { Meaning::Title } else { Meaning::Text }, said);
    }
    sheet.gap();
    for line in words::became(poll, ctx, scene) {
        sheet.say(0, Meaning::Warning, &line);
    }
    let ago = ago(scene.now.since(poll.at));
    sheet.say(0, Meaning::Muted, &format!("Proposed by {} {ago}.", scene.incident.name_of(&poll.by)));
}

fn settled(sheet: &mut Sheet, poll: &Poll, ctx: &Ctx, scene: &Scene) {
    let (state, meaning) = super::standing(poll, scene);
    sheet.say(0, Meaning::Title, &poll.proposal).say(0, meaning, &state).gap();
    let mut fact = |name: &str, text: &str| {
        if !text.is_empty() {
            sheet.say(0, Meaning::Text, &format!("{name}: {text}"));
        }
    };
    fact("risk", &poll.risk);
    fact("roll back", &poll.rollback);
    let zone = ctx.look.zone;
    fact("verify by", &poll.verify_by.map(|by| moment(zone, by, scene.now)).unwrap_or_default());
    let by = scene.incident.name_of(&poll.by);
    sheet.say(0, Meaning::Muted, &format!("proposed by {by} {}", moment(zone, poll.at, scene.now)));
    for line in words::became(poll, ctx, scene) {
        sheet.say(0, Meaning::Text, &line);
    }
}

impl Layer for PollLayer {
    fn name(&self) -> &'static str {
        "decision"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let sheet = self.sheet(ctx, self.page.width(screen));
        self.page.draw("Decision", self.footer(ctx), &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        if matches!(key.code, KeyCode::Esc | KeyCode::Char('q')) {
            return vec![Msg::Pop];
        }
        let answered = match self.poll(ctx) {
            Some((scene, poll)) if poll.is_open() => self.open_key(key.code, poll, ctx, &scene),
            Some((scene, poll)) => {
                let act = matches!(key.code, KeyCode::Char('v' | 'U'));
                act.then(|| one::settled_key(key.code, poll, &scene))
            }
            None => {
                // Typed ahead of the disk: it is not lost.
                self.go |= matches!(key.code, KeyCode::Enter | KeyCode::Char('g'));
                Some(Vec::new())
            }
        };
        answered.unwrap_or_else(|| {
            self.page.key(key, ctx);
            Vec::new()
        })
    }

    fn news(&mut self, ctx: &Ctx) -> Vec<Msg> {
        let Some((_, poll)) = self.poll(ctx) else { return Vec::new() };
        self.which = Which::Saved(poll.id);
        let go = std::mem::take(&mut self.go) && poll.is_open();
        if go { one::go(poll, ctx) } else { Vec::new() }
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        self.page.mouse(mouse);
        Vec::new()
    }
}
