//! The room: header, clock rail, four panes, scribe line. Live and replay are the same screen.
//!
//! It draws a [`Scene`] and turns actions into messages; it never appends, opens or sends anything.
//! Start at [`RoomScreen::draw`] and [`RoomScreen::act`].

mod footer;
mod header;
mod layout;
mod lights;
mod mouse;
mod rail;
pub mod replay_bar;
mod scribe;
mod source;

use crossterm::event::{KeyCode, KeyEvent};
use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub use header::severity_meaning;
pub use layout::{PaneId, SMALLEST};
pub use source::{Live, Playing, Source};

use crate::incident::rows::Row;
use crate::incident::{Command, EntryId, Time};
use crate::room::Order;
use crate::runtime::drafts::{Drafts, Unsaved};
use crate::tui::actions::{Action, Context, RoomAction};
use crate::tui::layers;
use crate::tui::msg::{Msg, Tone};
use crate::tui::panes::Pane;
use crate::tui::panes::checklist::ChecklistPane;
use crate::tui::panes::roles::RolesPane;
use crate::tui::panes::timeline::TimelinePane;
use crate::tui::panes::update::UpdatePane;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::{paint, put};

/// The timeline's share of a wide screen, in percent: at first, least and most.
const SPLIT: u16 = 55;
const SPLIT_RANGE: (u16, u16) = (25, 75);

pub struct RoomScreen {
    pub source: Source,
    /// `INC-0042`, or a past incident's name.
    pub reference: String,
    pub timeline: TimelinePane,
    pub checklist: ChecklistPane,
    pub roles: RolesPane,
    pub update: UpdatePane,
    pub scribe: scribe::Scribe,
    focus: PaneId,
    side: PaneId,
    zoomed: bool,
    split: u16,
    dragging: bool,
    /// The filter while it is typed.
    filter: Option<Field>,
}

impl RoomScreen {
    pub fn new(source: Source, reference: String) -> Self {
        Self {
            source,
            reference,
            timeline: TimelinePane::default(),
            checklist: ChecklistPane::default(),
            roles: RolesPane::default(),
            update: UpdatePane::default(),
            scribe: scribe::Scribe::default(),
            focus: PaneId::Timeline,
            side: PaneId::Checklist,
            zoomed: false,
            split: SPLIT,
            dragging: false,
            filter: None,
        }
    }

    fn pane(&self, id: PaneId) -> &dyn Pane {
        match id {
            PaneId::Timeline => &self.timeline,
            PaneId::Checklist => &self.checklist,
            PaneId::Roles => &self.roles,
            PaneId::Update => &self.update,
        }
    }

    fn layout(&self, screen: Rect) -> layout::Layout {
        let bottom = match &self.source {
            Source::Live(live) => 1 + live.trouble_lines(),
            Source::Replay(_) => 3,
        };
        layout::layout(screen, self.focus, self.side, self.zoomed, self.split, bottom)
    }

    /// The contexts whose keys work now, the nearest first.
    pub fn contexts(&self) -> [Context; 4] {
        let own = if self.source.is_live() { Context::Live } else { Context::Replay };
        let pane = self.pane(self.focus).context();
        match self.source.is_live() {
            true => [pane, own, Context::Room, Context::Everywhere],
            false => [own, pane, Context::Room, Context::Everywhere],
        }
    }

    /// Whether a field has the keys.
    pub fn typing(&self) -> bool {
        self.filter.is_some() || self.scribe.focused || self.pane(self.focus).typing()
    }

    pub fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        if screen.width < SMALLEST.0 || screen.height < SMALLEST.1 {
            too_small(ctx, screen, buf);
            return None;
        }
        let scene = self.source.scene(ctx.now);
        let layout = self.layout(screen);
        let heading = header::Heading { reference: &self.reference, replay: !scene.live };
        header::header(ctx, &scene, &heading, layout.header, buf);
        header::rail(ctx, &scene, layout.rail, buf);
        let mut cursor = None;
        for id in PaneId::ALL {
            let area = layout.area(id);
            if !area.is_empty() {
                let focused = id == self.focus && !self.scribe.focused;
                cursor = self.pane(id).draw(ctx, &scene, area, buf, focused).or(cursor);
            }
        }
        let bottom = self.draw_bottom(ctx, &layout, buf);
        self.draw_footer(ctx, &scene, &layout, buf);
        bottom.or(cursor)
    }

    fn draw_bottom(&self, ctx: &Ctx, layout: &layout::Layout, buf: &mut Buffer) -> Option<Position> {
        let line = Rect { y: layout.bottom.bottom().saturating_sub(1), height: 1, ..layout.bottom };
        if let Some(filter) = &self.filter {
            let x = put(buf, line.x, line.y, line.right(), "/", ctx.style(Meaning::Accent));
            let area = Rect::new(x, line.y, line.right().saturating_sub(x), 1);
            paint(buf, area, ctx.style(Meaning::FieldText));
            return filter.draw(buf, area, ctx.style(Meaning::FieldText), true);
        }
        match &self.source {
            Source::Replay(playing) => {
                replay_bar::draw(&playing.player, ctx, ctx.now, layout.bottom, buf);
                None
            }
            Source::Live(live) => {
                live.draw_trouble(ctx, layout.bottom, buf);
                self.scribe.draw(ctx, line, buf)
            }
        }
    }

    fn draw_footer(&self, ctx: &Ctx, scene: &Scene, layout: &layout::Layout, buf: &mut Buffer) {
        if self.scribe.focused {
            return footer::typing_hints(ctx, scene, self.unsaved(), layout.footer, buf);
        }
        if self.pane(self.focus).typing() {
            return footer::composing_hints(ctx, layout.footer, buf);
        }
        let (unsaved, light) = match &self.source {
            Source::Live(live) => (live.unsaved(), live.light()),
            Source::Replay(_) => (0, String::new()),
        };
        footer::footer(ctx, Some(scene), &self.contexts(), (unsaved, &light), layout.footer, buf);
    }

    /// Orders that the journal cannot take at present.
    fn unsaved(&self) -> usize {
        match &self.source {
            Source::Live(live) if live.trouble.is_some() => live.unsaved(),
            _ => 0,
        }
    }

    /// A key while a field has the keys, or `None` when none has.
    pub fn field_key(&mut self, key: KeyEvent, ctx: &Ctx) -> Option<Vec<Msg>> {
        if self.filter.is_some() {
            return Some(self.filter_key(key, ctx));
        }
        let scene = self.source.scene(ctx.now);
        if self.scribe.focused {
            return Some(self.scribe.key(key, ctx, &scene));
        }
        let pane: &mut dyn Pane = match self.focus {
            PaneId::Timeline => &mut self.timeline,
            PaneId::Checklist => &mut self.checklist,
            PaneId::Roles => &mut self.roles,
            PaneId::Update => &mut self.update,
        };
        pane.typing().then(|| pane.key(key, ctx, &scene))
    }

    fn filter_key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(field) = &mut self.filter else { return Vec::new() };
        match key.code {
            KeyCode::Esc => {
                self.filter = None;
                self.set_filter("", ctx);
            }
            KeyCode::Enter => self.filter = None,
            _ => {
                if field.key(key) {
                    let text = field.value();
                    self.set_filter(&text, ctx);
                }
            }
        }
        Vec::new()
    }

    fn set_filter(&mut self, text: &str, ctx: &Ctx) {
        self.with_pane(|pane, scene| pane.filter(text, ctx, scene), ctx);
    }

    /// Gives the focused pane, mutable, and the scene to `run`.
    fn with_pane<T>(&mut self, run: impl FnOnce(&mut dyn Pane, &Scene) -> T, ctx: &Ctx) -> T {
        let scene = self.source.scene(ctx.now);
        let pane: &mut dyn Pane = match self.focus {
            PaneId::Timeline => &mut self.timeline,
            PaneId::Checklist => &mut self.checklist,
            PaneId::Roles => &mut self.roles,
            PaneId::Update => &mut self.update,
        };
        run(pane, &scene)
    }

    /// Pasted text: into a field, or refused with a word.
    pub fn paste(&mut self, text: &str, ctx: &Ctx) -> Vec<Msg> {
        if let Some(field) = &mut self.filter {
            field.insert(text);
            let text = field.value();
            self.set_filter(&text, ctx);
            return Vec::new();
        }
        if self.scribe.focused {
            return self.scribe.paste(text, ctx);
        }
        if self.pane(self.focus).typing() {
            return self.with_pane(|pane, scene| pane.paste(text, ctx, scene), ctx);
        }
        vec![Msg::Say(Tone::Warning, "pasted outside a field, nothing was done: press i first".into())]
    }

    pub fn act(&mut self, action: Action, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let layout = self.layout(screen);
        match action {
            Action::Room(action) => self.room_action(action, ctx, &layout),
            Action::Replay(action) => self.replay_action(action, ctx),
            Action::Timeline(_) => self.act_in(PaneId::Timeline, action, ctx, &layout),
            Action::Checklist(_) => self.act_in(PaneId::Checklist, action, ctx, &layout),
            Action::Roles(_) => self.act_in(PaneId::Roles, action, ctx, &layout),
            Action::Update(_) => self.act_in(PaneId::Update, action, ctx, &layout),
            _ => self.act_in(self.focus, action, ctx, &layout),
        }
    }

    fn act_in(&mut self, pane: PaneId, action: Action, ctx: &Ctx, layout: &layout::Layout) -> Vec<Msg> {
        if !matches!(action, Action::Move(_)) {
            self.focus_on(pane);
        }
        let area = layout.area(pane);
        self.with_pane(|pane, scene| pane.act(action, ctx, scene, area), ctx)
    }

    fn replay_action(&mut self, action: crate::tui::actions::ReplayAction, ctx: &Ctx) -> Vec<Msg> {
        let Source::Replay(playing) = &mut self.source else {
            return vec![Msg::Say(
                Tone::Info,
                "this is the live room: K shows it as it was known at an entry".into(),
            )];
        };
        if action == crate::tui::actions::ReplayAction::Goto {
            return vec![Msg::Push(Box::new(layers::entry::goto()))];
        }
        let message = replay_bar::act(&mut playing.player, action, ctx.now);
        self.refresh(ctx);
        message.map(|message| Msg::Say(Tone::Info, message)).into_iter().collect()
    }

    fn room_action(&mut self, action: RoomAction, ctx: &Ctx, layout: &layout::Layout) -> Vec<Msg> {
        let changes = matches!(
            action,
            RoomAction::Scribe
                | RoomAction::Join
                | RoomAction::Triage
                | RoomAction::Private
                | RoomAction::Roles
                | RoomAction::Severity
                | RoomAction::Status
                | RoomAction::Undo
                | RoomAction::Attach
                | RoomAction::Link
                | RoomAction::Retitle
        );
        if changes && !self.source.is_live() {
            return vec![Msg::Say(Tone::Warning, "a replay cannot be changed".into())];
        }
        match action {
            RoomAction::Scribe => self.scribe.focused = true,
            RoomAction::FocusTimeline => self.focus_on(PaneId::Timeline),
            RoomAction::FocusChecklist => self.focus_on(PaneId::Checklist),
            RoomAction::FocusRoles => self.focus_on(PaneId::Roles),
            RoomAction::FocusUpdate => self.focus_on(PaneId::Update),
            RoomAction::FocusNext => self.focus_on(PaneId::ALL[(self.focus as usize + 1) % 4]),
            RoomAction::FocusPrevious => self.focus_on(PaneId::ALL[(self.focus as usize + 3) % 4]),
            RoomAction::Zoom => self.zoomed = !self.zoomed,
            RoomAction::Filter => self.filter = Some(Field::line(self.timeline.filter_text())),
            RoomAction::NextMatch | RoomAction::PreviousMatch => {
                return self.act_in(PaneId::Timeline, Action::Room(action), ctx, layout);
            }
            _ => return self.room_layer(action, ctx),
        }
        Vec::new()
    }

    /// The actions that open a layer or need the scene.
    fn room_layer(&mut self, action: RoomAction, ctx: &Ctx) -> Vec<Msg> {
        if action == RoomAction::Update {
            self.focus_on(PaneId::Update);
            let scene = self.source.scene(ctx.now);
            return self.update.compose(ctx, &scene);
        }
        let scene = self.source.scene(ctx.now);
        let ctx = &Ctx { scene: Some(scene), ..*ctx };
        match action {
            RoomAction::Roles => vec![Msg::Push(layers::roles::pick(ctx, &scene))],
            RoomAction::Ask => vec![Msg::Push(layers::asks::layer(ctx, &scene))],
            RoomAction::Decide => vec![Msg::Push(layers::decide::layer(ctx, &scene))],
            RoomAction::Triage => vec![Msg::Push(layers::triage::layer(ctx, &scene))],
            RoomAction::Impact => vec![Msg::Push(layers::impact::layer(ctx, &scene))],
            RoomAction::Causes => vec![Msg::Push(layers::causes::layer(ctx, &scene))],
            RoomAction::FollowUps => vec![Msg::Push(layers::follow_ups::layer(ctx, &scene))],
            RoomAction::Contacts => vec![Msg::Push(layers::contacts::layer(ctx, &scene))],
            RoomAction::Outbox => vec![Msg::Push(layers::outbox::layer(ctx, &scene))],
            RoomAction::Join => layers::outbox::join(ctx),
            RoomAction::RollCall => vec![Msg::Push(layers::roll_call::layer(ctx, &scene))],
            RoomAction::Private => vec![Msg::Push(Box::new(layers::room::private(&scene)))],
            RoomAction::Severity => vec![Msg::Push(layers::severity::layer(ctx, &scene))],
            RoomAction::Status => vec![Msg::Push(layers::status::layer(ctx, &scene))],
            RoomAction::Timers => vec![Msg::Push(layers::timers::layer(ctx, &scene))],
            RoomAction::Attach => vec![Msg::Push(layers::attach::layer(ctx))],
            RoomAction::Link => vec![Msg::Push(Box::new(layers::room::link()))],
            RoomAction::Retitle => vec![Msg::Push(Box::new(layers::room::retitle(scene.incident.title())))],
            RoomAction::Copy => {
                self.pane(self.focus).copied(ctx, &scene).map(Msg::Copy).into_iter().collect()
            }
            RoomAction::OpenLink => layers::room::open_link(&scene, self.timeline.selected_entry(&scene)),
            RoomAction::AsKnown => self.as_known(&scene),
            RoomAction::Export => vec![Msg::Export(None)],
            _ => Vec::new(),
        }
    }

    fn as_known(&self, scene: &Scene) -> Vec<Msg> {
        let Some(entry) = self.timeline.selected_entry(scene) else {
            return vec![Msg::Say(Tone::Info, "select an entry first".into())];
        };
        match self.source.is_live() {
            true => vec![Msg::Replay { name: self.source.id_text(), at: Some(entry.known_at()) }],
            false => vec![Msg::Goto(entry.known_at())],
        }
    }

    pub fn focus_on(&mut self, pane: PaneId) {
        self.focus = pane;
        if pane != PaneId::Timeline {
            self.side = pane;
        }
    }

    pub fn focus(&self) -> PaneId {
        self.focus
    }

    /// One level back; `false` when there is none.
    pub fn back(&mut self, ctx: &Ctx) -> bool {
        if self.zoomed {
            self.zoomed = false;
        } else if self.timeline.filtered() {
            self.timeline.filter("", ctx, &self.source.scene(ctx.now));
        } else if !self.timeline.is_following() {
            self.timeline.follow();
        } else {
            return false;
        }
        true
    }

    /// Puts the timeline, or the replay, at a time.
    pub fn goto(&mut self, at: Time, ctx: &Ctx, screen: Rect) {
        if let Source::Replay(playing) = &mut self.source {
            playing.player.seek(at, ctx.now);
            return self.refresh(ctx);
        }
        let height = self.layout(screen).area(PaneId::Timeline).height;
        self.timeline.goto(at, &self.source.scene(ctx.now), height);
        self.focus_on(PaneId::Timeline);
    }

    pub fn select(&mut self, id: EntryId, ctx: &Ctx, screen: Rect) {
        let height = self.layout(screen).area(PaneId::Timeline).height;
        self.timeline.select(id, &self.source.scene(ctx.now), height);
    }

    pub fn selected_row(&self, now: Time) -> Option<Row> {
        self.timeline.selected_row(&self.source.scene(now))
    }

    /// Lists everything but these kinds.
    pub fn hide(&mut self, hidden: Vec<crate::incident::Class>, ctx: &Ctx) {
        self.timeline.hide(hidden, &self.source.scene(ctx.now));
    }

    /// Changes the update that is being written.
    pub fn compose(&mut self, edit: crate::tui::panes::update::Edit, ctx: &Ctx) -> Vec<Msg> {
        self.update.edit(edit, ctx, &self.source.scene(ctx.now))
    }

    /// What is typed and not saved.
    pub fn drafts(&self, live: &Live) -> Drafts {
        Drafts {
            scribe: self.scribe.draft(),
            unsaved: live.room.unsaved().filter_map(|(id, order)| unsaved(id, order)).collect(),
            update: Some(self.update.draft_state()),
            asked: BTreeMap::new(),
        }
    }

    /// Puts back the words of an order that was not taken; a line that was begun meanwhile stays.
    pub fn take_back(&mut self, order: &Order) {
        match written(order) {
            Some(text) => self.scribe.bring_back(&text),
            None if matches!(order.command, Command::Update(_) | Command::Propose(_)) => {
                self.update.refused()
            }
            None => {}
        }
    }

    /// Puts back what was typed last time.
    pub fn restore(&mut self, drafts: &Drafts) {
        self.scribe.restore(&drafts.scribe);
        if let Some(update) = &drafts.update {
            self.update.restore(update.clone());
        }
    }

    /// Whether [`RoomScreen::go_on`] has something to do.
    pub fn is_busy(&self) -> bool {
        self.timeline.is_sifting()
    }

    /// Goes on with what takes longer than a key may wait.
    pub fn go_on(&mut self, ctx: &Ctx) {
        self.timeline.go_on(&self.source.scene(ctx.now));
    }

    /// Entries arrived, or the replay moved.
    pub fn refresh(&mut self, ctx: &Ctx) {
        let scene = self.source.scene(ctx.now);
        self.timeline.refresh(ctx, &scene);
        self.checklist.refresh(ctx, &scene);
        self.roles.refresh(ctx, &scene);
        self.update.refresh(ctx, &scene);
    }
}

fn too_small(ctx: &Ctx, screen: Rect, buf: &mut Buffer) {
    let text =
        format!("warroom needs {}x{}, this is {}x{}", SMALLEST.0, SMALLEST.1, screen.width, screen.height);
    for (index, line) in crate::tui::widgets::wrap::wrap(&text, screen.width).into_iter().enumerate() {
        put(buf, screen.x, screen.y + index as u16, screen.right(), line, ctx.style(Meaning::Warning));
    }
}

fn unsaved(id: EntryId, order: &Order) -> Option<Unsaved> {
    let Command::Note { kind, text } = &order.command else { return None };
    Some(Unsaved { id, kind: *kind, text: text.clone(), at: order.at })
}

/// A note as it would be typed: its time, its mark, its words. Typed again it becomes the same entry.
fn written(order: &Order) -> Option<String> {
    let Command::Note { kind, text } = &order.command else { return None };
    let about = if order.at.is_some_and(|at| at.about) { "~" } else { "" };
    let time = order.at.map(|at| format!("{about}{}", at.time));
    let mark = Some(kind.mark().to_owned()).filter(|mark| !mark.is_empty());
    Some(time.into_iter().chain(mark).chain([text.clone()]).collect::<Vec<_>>().join(" "))
}
