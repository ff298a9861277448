//! The update pane: what the world was told last, and the composer of what it is told next (MISSION row B7).
//!
//! At rest it shows who was told what and who is due; composing, every key belongs to the text. It sends nothing itself: the
//! preview does, and the text stays here until the room says that it is saved ([`UpdatePane::sent`]). Filling in and looking
//! over is in `compose`, drawing in `draw` and `told`, the questions it asks in `ask`, what waits for approval in `approval`,
//! updates sent before in `history`, what became of one in `receipt`.

mod approval;
mod ask;
mod compose;
mod draw;
mod history;
mod receipt;
mod told;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Pane;
use crate::incident::event::SentUpdate;
use crate::incident::words::Word;
use crate::incident::{EntryId, Time, describe};
use crate::report::update::{self, Kind, NextUpdate, UpdateDraft};
use crate::tui::actions::{Action, Context, Move, UpdateAction};
use crate::tui::layers::question::read_only;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::widgets::field::Field;

/// Who is told when the policy names nobody.
const ANYBODY: &str = "internal";
/// How far a page key scrolls, in lines.
const PAGE: usize = 5;

/// A change to the update that is being written, as questions answer it. The room hands it to [`UpdatePane::edit`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    Audience(String),
    Word(Word),
    Next(NextUpdate),
    /// Another kind of message, such as a CAN report.
    Kind(Kind),
    /// Fill the template in, over whatever is there.
    Prefill,
    /// Go on writing, with this part of the text selected, in bytes.
    Mend(std::ops::Range<usize>),
    /// Take out the places that are still to be filled in, and what says nothing without them.
    DropPlaces,
    /// Write on what somebody else proposed; the answer to the proposal is what is sent then.
    Take(EntryId, Box<SentUpdate>),
    /// This text is on its way into the journal.
    Ordered(String),
}

pub struct UpdatePane {
    /// `None`: the policy's first.
    audience: Option<String>,
    /// `None`: as the status of the incident says.
    word: Option<Word>,
    /// `None`: as the moment and the audience say.
    kind: Option<Kind>,
    next: NextUpdate,
    /// The next update as the text promises it.
    promised: Option<Time>,
    body: Field,
    /// The text as it was filled in: as long as nobody has changed it, it may be filled in anew.
    filled: String,
    /// How the ledger and the severity stood when it was filled in.
    filled_at: Option<(crate::incident::ledger::Ledger, Option<String>)>,
    /// Whom the text was written for, when the audience was changed under it.
    meant_for: Option<String>,
    /// The proposal that the text was taken from.
    proposal: Option<EntryId>,
    /// The text that is on its way into the journal.
    ordered: Option<String>,
    /// How many proposals there were when it was ordered.
    proposed: usize,
    typing: bool,
    /// First line shown of the last update.
    top: usize,
    /// In a replay: the update whose audience is shown.
    followed: Option<EntryId>,
}

impl Default for UpdatePane {
    fn default() -> Self {
        Self {
            audience: None,
            word: None,
            kind: None,
            next: NextUpdate::Usual,
            promised: None,
            body: Field::text(""),
            filled: String::new(),
            filled_at: None,
            meant_for: None,
            proposal: None,
            ordered: None,
            proposed: 0,
            typing: false,
            top: 0,
            followed: None,
        }
    }
}

impl UpdatePane {
    /// Begins to write, or goes on; an empty text is filled in first. The room's `u` comes here too.
    pub fn compose(&mut self, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        if !scene.live {
            return read_only();
        }
        self.typing = true;
        if self.is_blank() { self.prefill(ctx, scene) } else { Vec::new() }
    }

    /// Carries out what a question was answered with.
    pub fn edit(&mut self, edit: Edit, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let untouched = !self.is_blank() && self.body.value() == self.filled;
        match edit {
            // Each audience has its own rhythm and its own template.
            Edit::Audience(audience) => {
                if !self.is_blank() && !untouched {
                    self.meant_for.get_or_insert(self.audience(ctx, scene).to_owned());
                }
                (self.audience, self.top, self.kind) = (Some(audience), 0, None);
                (self.next, self.promised) = (NextUpdate::Usual, None);
            }
            Edit::Word(word) => self.word = Some(word),
            Edit::Next(next) => (self.next, self.promised) = (next, None),
            Edit::Kind(kind) => return self.choose_kind(kind, ctx, scene),
            Edit::Prefill => return self.prefill(ctx, scene),
            Edit::Mend(range) => {
                self.typing = true;
                self.select(range);
                return Vec::new();
            }
            Edit::DropPlaces => {
                self.set_body(&compose::without_places(&self.body.value()));
                return Vec::new();
            }
            Edit::Take(proposal, sent) => return self.take(proposal, *sent),
            Edit::Ordered(body) => {
                (self.ordered, self.typing, self.proposed) =
                    (Some(body), false, scene.incident.proposed.len());
                return Vec::new();
            }
        }
        match untouched {
            true => self.prefill(ctx, scene),
            false => {
                self.restate(ctx, scene);
                Vec::new()
            }
        }
    }

    /// The update was refused: its text is still there, and is not on its way any more.
    pub fn refused(&mut self) {
        self.ordered = None;
    }

    /// An update to `audience` was saved: its text has done its duty, unless it is another one by now.
    pub fn sent(&mut self, audience: &str) {
        let ordered = self.ordered.take();
        if ordered.is_some_and(|ordered| ordered == self.body.value()) {
            let audience = Some(audience.to_owned());
            *self = Self { audience, ..Self::default() };
        }
    }

    /// Somebody has changed the text, and nobody has sent it.
    pub fn is_unsent(&self) -> bool {
        !self.is_blank() && self.body.value() != self.filled
    }

    /// The text as `$EDITOR` gave it back.
    pub fn set_body(&mut self, text: &str) {
        self.body.set(text.trim_end());
        self.body.to_top();
    }

    /// What must survive a crash.
    pub fn draft_state(&self) -> UpdateDraft {
        UpdateDraft {
            audience: self.audience.clone().unwrap_or_default(),
            word: self.word,
            next: self.next,
            promised: self.promised,
            body: self.body.value(),
        }
    }

    /// Puts a draft back as it was. Whatever it says counts as typed: it is never filled in anew unasked.
    pub fn restore(&mut self, draft: UpdateDraft) {
        let UpdateDraft { audience, word, next, promised, body } = draft;
        let audience = Some(audience).filter(|audience| !audience.is_empty());
        *self = Self { audience, word, next, promised, ..Self::default() };
        self.set_body(&body);
    }

    /// Who is told.
    pub fn audience<'a>(&'a self, ctx: &'a Ctx, scene: &Scene<'a>) -> &'a str {
        let first = scene.policy(ctx).audiences.first().map_or(ANYBODY, |audience| &audience.name);
        self.audience.as_deref().unwrap_or(first)
    }

    fn is_blank(&self) -> bool {
        self.body.value().trim().is_empty()
    }

    fn scroll(&mut self, to: Move, ctx: &Ctx, scene: &Scene, area: Rect) {
        let last = self.furthest(ctx, scene, area);
        let top = self.top.min(last);
        self.top = match to {
            Move::Up => top.saturating_sub(1),
            Move::Down => top + 1,
            Move::PageUp | Move::HalfUp => top.saturating_sub(PAGE),
            Move::PageDown | Move::HalfDown => top + PAGE,
            Move::Top => 0,
            Move::Bottom => last,
            Move::Left | Move::Right => top,
        }
        .min(last);
    }

    fn act_update(&mut self, action: UpdateAction, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        use UpdateAction as U;
        let audience = self.audience(ctx, scene);
        match action {
            U::History => vec![Msg::Push(Box::new(history::History::about(audience, scene)))],
            // In a replay another audience may be looked at; nothing can be written.
            U::Audience => vec![Msg::Push(Box::new(ask::audience(ctx, scene, audience)))],
            _ if !scene.live => read_only(),
            U::Compose => self.compose(ctx, scene),
            U::Send => self.preview(ctx, scene),
            U::Prefill => self.ask_prefill(ctx, scene),
            U::Word => vec![Msg::Push(Box::new(ask::word(self.word(ctx, scene))))],
            U::Next => vec![Msg::Push(Box::new(ask::next(audience, self.is_blank())))],
            U::Editor => self.editor(ctx, scene),
            U::Template => vec![Msg::Push(Box::new(ask::kind(&self.message(ctx, scene))))],
            U::Approve => approval::waiting(scene),
        }
    }
}

impl UpdatePane {
    /// In a replay each update shows itself as it is sent.
    fn follow(&mut self, scene: &Scene) {
        let newest = scene.incident.updates.last();
        if scene.live || newest.map(|update| update.id) == self.followed {
            return;
        }
        self.followed = newest.map(|update| update.id);
        self.audience = newest.map(|update| update.sent.audience.clone());
    }

    /// A text that was proposed and is saved has done its duty, as one that was sent.
    fn forget_proposed(&mut self, scene: &Scene) {
        let Some(ordered) = &self.ordered else { return };
        let new = scene.incident.proposed.iter().skip(self.proposed);
        let mine = new.map(|proposed| &proposed.update).find(|update| update.body.trim() == ordered.trim());
        if let Some(audience) = mine.map(|update| update.audience.clone()) {
            self.sent(&audience);
        }
    }
}

impl Pane for UpdatePane {
    fn refresh(&mut self, ctx: &Ctx, scene: &Scene) {
        self.follow(scene);
        self.keep_fresh(ctx, scene);
        self.forget_proposed(scene);
    }

    fn context(&self) -> Context {
        Context::Update
    }

    fn draw(
        &self,
        ctx: &Ctx,
        scene: &Scene,
        area: Rect,
        buf: &mut Buffer,
        focused: bool,
    ) -> Option<Position> {
        self.draw_in(ctx, scene, area, buf, focused)
    }

    fn act(&mut self, action: Action, ctx: &Ctx, scene: &Scene, area: Rect) -> Vec<Msg> {
        match action {
            Action::Update(action) => return self.act_update(action, ctx, scene),
            Action::Move(to) => self.scroll(to, ctx, scene, area),
            _ => {}
        }
        Vec::new()
    }

    fn typing(&self) -> bool {
        self.typing
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => self.typing = false,
            KeyCode::Char('s') if control => return self.preview(ctx, scene),
            KeyCode::Tab => {
                if !self.body.select_next(update::places) {
                    return vec![Msg::Say(Tone::Info, "every place is filled in".into())];
                }
            }
            _ => {
                self.body.key(key);
            }
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, _ctx: &Ctx, _scene: &Scene) -> Vec<Msg> {
        if self.body.insert(text) {
            return Vec::new();
        }
        vec![Msg::Say(
            Tone::Warning,
            "the paste was longer than an update takes; the rest was left out".into(),
        )]
    }

    /// The text that is being written, else the last update to this audience.
    fn copied(&self, ctx: &Ctx, scene: &Scene) -> Option<String> {
        if !self.is_blank() {
            return Some(self.body.value());
        }
        scene.incident.last_update(self.audience(ctx, scene)).map(|record| record.sent.body.clone())
    }
}

/// An update in one line, for lists.
fn one_line(sent: &SentUpdate) -> &str {
    describe::headline(&sent.body)
}
