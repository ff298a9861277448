//! The update pane: what the world was told last, and the composer of what it is told next.
//!
//! At rest it shows the last update to one audience; composing, every key belongs to the text. It sends nothing itself: the
//! preview does, and the text stays here until the room says that it is saved ([`UpdatePane::sent`]). Drawing is in `draw`,
//! the questions it asks in `ask`, updates sent before in `history`, what became of one in `receipt`.

mod ask;
mod draw;
mod history;
mod receipt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Pane;
use crate::incident::event::SentUpdate;
use crate::incident::words::Word;
use crate::incident::{EntryId, Time, describe};
use crate::report::update::{self, NEXT_LINE, NextUpdate, STATUS_LINE, UpdateDraft};
use crate::tui::actions::{Action, Context, Move, UpdateAction};
use crate::tui::layers::preview::Preview;
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
    /// Fill the template in, over whatever is there.
    Prefill,
    /// This text is on its way into the journal.
    Ordered(String),
}

pub struct UpdatePane {
    /// `None`: the policy's first.
    audience: Option<String>,
    /// `None`: as the status of the incident says.
    word: Option<Word>,
    next: NextUpdate,
    /// The next update as the text promises it.
    promised: Option<Time>,
    body: Field,
    /// The text as it was filled in: as long as nobody has changed it, it may be filled in anew.
    filled: String,
    /// Whom the text was written for, when the audience was changed under it.
    meant_for: Option<String>,
    /// The text that is on its way into the journal.
    ordered: Option<String>,
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
            next: NextUpdate::Usual,
            promised: None,
            body: Field::text(""),
            filled: String::new(),
            meant_for: None,
            ordered: None,
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
        if self.is_blank() {
            self.prefill(ctx, scene);
        }
        self.typing = true;
        Vec::new()
    }

    /// Carries out what a question was answered with.
    pub fn edit(&mut self, edit: Edit, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let untouched = !self.is_blank() && self.body.value() == self.filled;
        match edit {
            // Each audience has its own rhythm.
            Edit::Audience(audience) => {
                if !self.is_blank() && !untouched {
                    self.meant_for.get_or_insert(self.audience(ctx).to_owned());
                }
                (self.audience, self.top) = (Some(audience), 0);
                (self.next, self.promised) = (NextUpdate::Usual, None);
            }
            Edit::Word(word) => self.word = Some(word),
            Edit::Next(next) => (self.next, self.promised) = (next, None),
            Edit::Prefill => {
                self.prefill(ctx, scene);
                return Vec::new();
            }
            Edit::Ordered(body) => {
                (self.ordered, self.typing) = (Some(body), false);
                return Vec::new();
            }
        }
        match untouched {
            true => self.prefill(ctx, scene),
            false => self.restate(ctx, scene),
        }
        Vec::new()
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
    pub fn audience<'a>(&'a self, ctx: &'a Ctx) -> &'a str {
        let first = ctx.policy.audiences.first().map_or(ANYBODY, |audience| &audience.name);
        self.audience.as_deref().unwrap_or(first)
    }

    /// The word that goes with it. One that was told stands: nobody goes back from identified to investigating unasked.
    fn word(&self, ctx: &Ctx, scene: &Scene) -> Word {
        let derived = scene.incident.status.word();
        let told = scene.incident.last_update(self.audience(ctx)).map(|record| record.sent.word);
        let still = told.filter(|told| *told == Word::Identified && derived == Word::Investigating);
        self.word.or(still).unwrap_or(derived)
    }

    /// When the next one is promised: as the text says it, as long as that is still to come.
    fn next(&self, ctx: &Ctx, scene: &Scene) -> Option<Time> {
        if self.next == NextUpdate::Usual && self.word(ctx, scene) == Word::Resolved {
            return None;
        }
        let said = self.promised.filter(|promised| *promised > scene.now);
        said.or_else(|| self.next.due(ctx.policy.next_update(self.audience(ctx)), scene.now))
    }

    fn is_blank(&self) -> bool {
        self.body.value().trim().is_empty()
    }

    /// A text that was written for one audience does not go to another unnoticed.
    fn for_others(&self, ctx: &Ctx) -> Option<String> {
        let meant = self.meant_for.as_deref().filter(|meant| *meant != self.audience(ctx))?;
        Some(format!("This text was written for {meant}: is it fit for {}?", self.audience(ctx)))
    }

    fn prefill(&mut self, ctx: &Ctx, scene: &Scene) {
        self.meant_for = None;
        self.promised = None;
        self.promised = self.next(ctx, scene);
        self.filled = self.draft(ctx, scene);
        self.body.set(&self.filled);
        self.filled = self.body.value();
        self.body.to_top();
    }

    fn draft(&self, ctx: &Ctx, scene: &Scene) -> String {
        let rows = scene.rows.as_slice().iter().filter(|row| update::can_speak(row.class()));
        let entries = rows.filter_map(|row| scene.entry(*row));
        let (word, next) = (self.word(ctx, scene), self.next(ctx, scene));
        update::draft(scene.incident, entries, self.audience(ctx), word, scene.now, ctx.look.zone, next)
    }

    /// Makes a text that somebody has worked on say what was chosen; all else in it stays.
    fn restate(&mut self, ctx: &Ctx, scene: &Scene) {
        if self.is_blank() {
            self.promised = None;
            return;
        }
        let (word, next) = (self.word(ctx, scene), self.next(ctx, scene));
        self.promised = next;
        let body = self.body.value();
        let said = update::restate(&body, STATUS_LINE, word.name());
        let said = update::restate(&said, NEXT_LINE, &update::promise(next, scene.now, ctx.look.zone));
        if said != body {
            self.set_body(&said);
        }
    }

    /// A promise that ran out while the text lay here is made anew, in the text too.
    fn renew_promise(&mut self, ctx: &Ctx, scene: &Scene) {
        let stale = self.promised.filter(|promised| *promised <= scene.now);
        self.promised = self.next(ctx, scene);
        if let Some(stale) = stale {
            let body = self.body.value();
            let (old, zone) = (update::stated(&body, NEXT_LINE), ctx.look.zone);
            if old.is_some_and(|old| old.contains(&zone.hm(stale))) {
                let new = update::promise(self.promised, scene.now, zone);
                self.set_body(&update::restate(&body, NEXT_LINE, &new));
            }
        }
    }

    fn preview(&mut self, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        if !scene.live {
            return read_only();
        }
        if self.is_blank() {
            return vec![Msg::Say(
                Tone::Warning,
                "nothing is written yet: press Enter in the update pane".into(),
            )];
        }
        self.renew_promise(ctx, scene);
        let body = self.body.value();
        let warning = self.for_others(ctx).or_else(|| self.twice(&body, ctx, scene));
        let (word, next) = (self.word(ctx, scene), self.next(ctx, scene));
        let sent = SentUpdate { audience: self.audience(ctx).to_owned(), word, body, next };
        vec![Msg::Push(Box::new(Preview::new(sent, warning)))]
    }

    /// The same words a second time are rarely meant, least of all after a crash.
    fn twice(&self, body: &str, ctx: &Ctx, scene: &Scene) -> Option<String> {
        if self.ordered.as_deref() == Some(body) {
            return Some(
                "This very text is being saved already: sending it again makes two of it.".to_owned(),
            );
        }
        let last = scene
            .incident
            .last_update(self.audience(ctx))
            .filter(|last| last.sent.body.trim() == body.trim());
        last.map(|last| format!("This very text was sent at {} already.", ctx.look.zone.hm(last.at)))
    }

    /// Fills in, but asks first when that would take somebody's words away.
    fn ask_prefill(&mut self, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let text = self.body.value();
        if !self.is_blank() && text != self.filled && text != self.draft(ctx, scene) {
            return vec![Msg::Push(Box::new(ask::replace(&text)))];
        }
        self.prefill(ctx, scene);
        Vec::new()
    }

    fn editor(&mut self, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        if self.is_blank() {
            self.prefill(ctx, scene);
        }
        vec![Msg::Editor(self.body.value())]
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
        match action {
            U::History => vec![Msg::Push(Box::new(history::History::default()))],
            // In a replay another audience may be looked at; nothing can be written.
            U::Audience => vec![Msg::Push(Box::new(ask::audience(ctx, scene, self.audience(ctx))))],
            _ if !scene.live => read_only(),
            U::Compose => self.compose(ctx, scene),
            U::Send => self.preview(ctx, scene),
            U::Prefill => self.ask_prefill(ctx, scene),
            U::Word => vec![Msg::Push(Box::new(ask::word(self.word(ctx, scene))))],
            U::Next => vec![Msg::Push(Box::new(ask::next(self.audience(ctx), self.is_blank())))],
            U::Editor => self.editor(ctx, scene),
        }
    }
}

fn read_only() -> Vec<Msg> {
    vec![Msg::Say(Tone::Warning, "a replay cannot be changed".into())]
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
}

impl Pane for UpdatePane {
    fn refresh(&mut self, _ctx: &Ctx, scene: &Scene) {
        self.follow(scene);
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
        scene.incident.last_update(self.audience(ctx)).map(|record| record.sent.body.clone())
    }
}

/// An update in one line, for lists.
fn one_line(sent: &SentUpdate) -> &str {
    describe::headline(&sent.body)
}
