//! The console without its terminal: input goes in, effects come out, a view is drawn on demand.
//!
//! It owns the screens and the layers, and never touches a file, a thread or the terminal: the
//! event loop carries out [`Effect`]s, and tests do it in memory. Start at [`App::handle`].

mod alarm;
mod dispatch;
mod orders;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use crossterm::event::{Event as TermEvent, KeyEvent, KeyEventKind, MouseEvent};
use ratatui::layout::Rect;

use super::actions::{Action, AppAction, Context};
use super::keymap::Keymap;
use super::keys::Key;
use super::layer::Layer;
use super::msg::{Msg, Tone};
use super::scene::{Ctx, Look};
use super::screens::declare::DeclareDraft;
use super::screens::home::Home;
use super::screens::room::{Live, Playing, RoomScreen, Source};
use super::theme::{Glyphs, Theme};
use crate::config::Paths;
use crate::incident::command::Declare;
use crate::incident::{Draft, Entry, EntryId, PersonId, Span, Store, Time, Zone};
use crate::outbox::directory::Kept;
use crate::outbox::routes::Routes;
use crate::policy::Policy;
use crate::replay::Player;
use crate::room::{Call, Input as RoomInput, Outcome, Room, Ticket};
use crate::runtime::drafts::Unsaved;
use crate::runtime::live::Reading;

/// How long a message stays, in seconds.
const SAY_S: i64 = 6;
/// How often Home looks for what other processes did.
const LOOK: Span = Span::from_secs(5);

/// What the console is made with.
pub struct Setup {
    pub paths: Paths,
    pub policy: Policy,
    pub me: PersonId,
    pub zone: Zone,
    pub theme: Theme,
    pub glyphs: Glyphs,
    pub keymap: Keymap,
    /// Who is told what outside.
    pub routes: Routes,
}

/// What comes in.
pub enum Input {
    Terminal(TermEvent),
    /// What the journal or a client answered to the open room.
    Room(RoomInput),
    /// Something is wrong with the open journal.
    Damage(String),
    /// How far the open journal is read.
    Reading(Reading),
    /// A room to enter; what was open is left.
    Entered {
        reference: String,
        live: Box<Live>,
        drafts: crate::runtime::drafts::Drafts,
    },
    /// A replay to lay over whatever is open.
    Replaying {
        reference: String,
        id: String,
        player: Box<Player>,
        at: Option<Time>,
    },
    /// The list of incidents.
    Listed(Box<Home>),
    /// `$EDITOR` gave the text back.
    Edited(String),
    Say(Tone, String),
    /// The open journal cannot be read at present.
    Unreadable(String),
    /// An account was heard from, or why not.
    Account {
        name: String,
        at: Time,
        trouble: Option<String>,
    },
    /// Who is on call at an account.
    Directory {
        name: String,
        kept: Box<Kept>,
    },
    /// This process carries out the outside acts from now on.
    Delivers,
    /// The room is left.
    Left,
    /// The room that is open was asked for again.
    BackToRoom,
    /// SIGTERM, or the terminal went away: leave, nothing asked.
    Terminate,
    Tick,
}

/// What goes out.
pub enum Effect {
    Append(Vec<Draft>),
    Deliver(Box<Call>),
    Find(Box<Call>),
    /// News of an account up to here are kept.
    Kept {
        account: String,
        cursor: Option<String>,
    },
    Declare(Box<Declare>),
    Enter(String),
    Replay {
        name: String,
        at: Option<Time>,
    },
    /// Read the list of incidents again.
    List,
    /// Look whether another process has changed it; if so, read it again.
    Look,
    /// Leave the room, once everything in line is saved and what is typed is kept; then [`Input::Left`].
    Leave,
    Copy(String),
    OpenUrl(String),
    Editor(String),
    /// Write an export: where, and the text.
    Export {
        path: Option<String>,
        text: String,
    },
    Suspend,
    Redraw,
    Bell,
    Quit,
}

pub struct App {
    setup: Setup,
    home: Home,
    room: Option<Box<RoomScreen>>,
    replay: Option<Box<RoomScreen>>,
    layers: Vec<Box<dyn Layer>>,
    say: Option<(Tone, String, Time)>,
    screen: Rect,
    declare_draft: DeclareDraft,
    /// What was typed into questions that were left with Esc.
    kept: BTreeMap<String, String>,
    history: Vec<String>,
    /// My own entries in this session, for undo.
    mine: Vec<Arc<Entry>>,
    /// What I ordered and what is not saved yet.
    given: BTreeMap<Ticket, orders::Given>,
    /// Notes of last time, until the journal tells which of them it has.
    again: Vec<Unsaved>,
    last_interrupt: Option<Time>,
    /// When Home looked last for what other processes did.
    looked: Option<Time>,
    /// The terminal has the focus, as far as it says.
    focused: bool,
    /// Deadlines that have been announced.
    rung: Vec<String>,
    quit: bool,
    effects: Vec<Effect>,
}

impl App {
    pub fn new(setup: Setup, home: Home, screen: Rect) -> Self {
        Self {
            setup,
            home,
            room: None,
            replay: None,
            layers: Vec::new(),
            say: None,
            screen,
            declare_draft: DeclareDraft::default(),
            kept: BTreeMap::new(),
            history: Vec::new(),
            mine: Vec::new(),
            given: BTreeMap::new(),
            again: Vec::new(),
            last_interrupt: None,
            looked: None,
            focused: true,
            rung: Vec::new(),
            quit: false,
            effects: Vec::new(),
        }
    }

    /// Whether the console is being left.
    pub fn is_done(&self) -> bool {
        self.quit
    }

    /// The screen that is shown: a replay lies over the live room.
    fn room_screen(&self) -> Option<&RoomScreen> {
        self.replay.as_deref().or(self.room.as_deref())
    }

    /// The live room, if one is open.
    pub fn live(&self) -> Option<&Live> {
        match &self.room.as_deref()?.source {
            Source::Live(live) => Some(live),
            Source::Replay(_) => None,
        }
    }

    fn live_mut(&mut self) -> Option<&mut Live> {
        match &mut self.room.as_deref_mut()?.source {
            Source::Live(live) => Some(live),
            Source::Replay(_) => None,
        }
    }

    /// Takes one input; the effects are to be carried out in their order.
    pub fn handle(&mut self, input: Input, now: Time) -> Vec<Effect> {
        match input {
            Input::Terminal(event) => self.terminal(event, now),
            Input::Room(input) => self.room_input(input, now),
            Input::Unreadable(text) => {
                if let Some(live) = self.live_mut() {
                    (live.damage, live.unreadable) = (Some(text), true);
                }
            }
            Input::Delivers => {
                if let Some(live) = self.live_mut() {
                    live.room.set_delivers(true);
                }
                self.room_input(RoomInput::Tick, now);
            }
            Input::Account { name, at, trouble } => {
                if let Some(live) = self.live_mut() {
                    let heard = live.accounts.entry(name).or_default();
                    // One that cannot be heard was last heard when it was.
                    heard.at = if trouble.is_none() { Some(at) } else { heard.at };
                    heard.trouble = trouble;
                }
            }
            Input::Directory { name, kept } => {
                if let Some(live) = self.live_mut() {
                    live.accounts.entry(name).or_default().directory = Some(*kept);
                }
            }
            Input::Damage(text) => {
                if let Some(live) = self.live_mut() {
                    live.damage = Some(text);
                }
            }
            Input::Reading(reading) => self.reading(reading, now),
            Input::Entered { reference, live, drafts } => self.entered(reference, live, drafts, now),
            Input::Replaying { reference, id, player, at } => self.replaying(reference, id, *player, at, now),
            Input::Listed(home) => self.home.refresh(*home),
            Input::Edited(text) => {
                if let Some(room) = self.room.as_deref_mut() {
                    room.update.set_body(&text);
                }
            }
            Input::Say(tone, text) => self.tell(tone, text, now),
            Input::BackToRoom => {
                self.replay = None;
                self.drop_layers();
                self.refresh(now);
            }
            Input::Left => {
                self.room = None;
                self.effects.push(Effect::List);
            }
            Input::Terminate => self.quit(),
            Input::Tick => self.tick(now),
        }
        std::mem::take(&mut self.effects)
    }

    fn terminal(&mut self, event: TermEvent, now: Time) {
        match event {
            TermEvent::Key(key) if key.kind != KeyEventKind::Release => self.key(key, now),
            // Terminals send what was a line break as a carriage return.
            TermEvent::Paste(text) => self.paste(&text.replace("\r\n", "\n").replace('\r', "\n"), now),
            TermEvent::Mouse(mouse) => self.mouse(mouse, now),
            TermEvent::Resize(columns, lines) => self.screen = Rect::new(0, 0, columns, lines),
            TermEvent::FocusGained => self.focused = true,
            TermEvent::FocusLost => self.focused = false,
            _ => {}
        }
    }

    fn key(&mut self, key: KeyEvent, now: Time) {
        let pressed = Key::from(key);
        // What was said was read, or is out of date by now; an alarm stays its time.
        self.say.take_if(|(tone, ..)| *tone != Tone::Alert);
        if pressed == Key::ctrl('c') {
            return self.interrupt(now);
        }
        self.last_interrupt = None;
        let messages = if let Some(mut layer) = self.layers.pop() {
            // The layer is off the stack while it answers, so that it can be told to stay or to go.
            let messages = layer.key(key, &self.layer_ctx(&*layer, now));
            self.layers.push(layer);
            messages
        } else if let Some(messages) = self.field_key(key, now) {
            messages
        } else {
            self.keymap_key(pressed)
        };
        self.take(messages, now);
    }

    /// A focused field gets every key but the few that go past it.
    fn field_key(&mut self, key: KeyEvent, now: Time) -> Option<Vec<Msg>> {
        let pressed = Key::from(key);
        let (ctx, room) = self.parts(now);
        let room = room?;
        if !room.typing() {
            return None;
        }
        if pressed == Key::ctrl('p') {
            return Some(vec![Msg::Act(Action::App(AppAction::Palette))]);
        }
        if pressed == Key::ctrl('s') {
            return Some(vec![Msg::Act(Action::Update(super::actions::UpdateAction::Send))]);
        }
        room.field_key(key, &ctx)
    }

    fn keymap_key(&self, key: Key) -> Vec<Msg> {
        let keymap = &self.setup.keymap;
        match keymap.action(&self.contexts(), key) {
            Some(action) => vec![Msg::Act(action)],
            None if self.replay.is_some() && keymap.action(&[Context::Live], key).is_some() => {
                vec![Msg::Say(Tone::Warning, "a replay cannot be changed".into())]
            }
            None => Vec::new(),
        }
    }

    /// The contexts whose keys work now, the nearest first.
    fn contexts(&self) -> Vec<Context> {
        match self.room_screen() {
            Some(room) => room.contexts().to_vec(),
            None => vec![Context::Home, Context::Everywhere],
        }
    }

    /// Ctrl-C twice leaves from anywhere; text is kept.
    fn interrupt(&mut self, now: Time) {
        if self.last_interrupt.is_some_and(|last| now.since(last).ms() < 2000) {
            return self.quit();
        }
        self.last_interrupt = Some(now);
        self.tell(Tone::Info, "Ctrl-C again leaves; typed text is kept".into(), now);
    }

    fn paste(&mut self, text: &str, now: Time) {
        let messages = if let Some(mut layer) = self.layers.pop() {
            let messages = layer.paste(text, &self.layer_ctx(&*layer, now));
            self.layers.push(layer);
            messages
        } else {
            let (ctx, room) = self.parts(now);
            match room {
                Some(room) => room.paste(text, &ctx),
                None => vec![Msg::Say(Tone::Warning, "pasted outside a field, nothing was done".into())],
            }
        };
        self.take(messages, now);
    }

    fn mouse(&mut self, mouse: MouseEvent, now: Time) {
        let screen = self.screen;
        let messages = if let Some(mut layer) = self.layers.pop() {
            let messages = layer.mouse(mouse, &self.layer_ctx(&*layer, now), screen);
            self.layers.push(layer);
            messages
        } else {
            let (ctx, room) = self.parts(now);
            match room {
                Some(room) => room.mouse(mouse, &ctx, screen),
                None => self.home_mouse(mouse, now),
            }
        };
        self.take(messages, now);
    }

    fn home_mouse(&mut self, mouse: MouseEvent, now: Time) -> Vec<Msg> {
        let ctx = make_ctx(&self.setup, now);
        self.home.mouse(mouse, &ctx, self.screen)
    }

    fn entered(
        &mut self,
        reference: String,
        live: Box<Live>,
        drafts: crate::runtime::drafts::Drafts,
        now: Time,
    ) {
        let mut room = Box::new(RoomScreen::new(Source::Live(live), reference));
        room.restore(&drafts);
        self.room = Some(room);
        self.replay = None;
        self.drop_layers();
        self.mine.clear();
        self.given.clear();
        self.rung.clear();
        self.kept = drafts.asked;
        self.again = drafts.unsaved;
        if self.live().is_some_and(|live| live.still_reading().is_none()) {
            self.begin_room(now);
        }
    }

    fn replaying(&mut self, reference: String, id: String, player: Player, at: Option<Time>, now: Time) {
        let playing = Playing { id, player };
        let mut room = Box::new(RoomScreen::new(Source::Replay(Box::new(playing)), reference));
        self.drop_layers();
        if let (Some(at), Source::Replay(playing)) = (at, &mut room.source) {
            playing.player.seek(at, now);
        }
        self.replay = Some(room);
        self.refresh(now);
    }

    fn refresh(&mut self, now: Time) {
        let (ctx, room) = self.parts(now);
        if let Some(room) = room {
            room.refresh(&ctx);
        }
    }

    /// Takes every layer off; what was typed into a declaration is kept.
    fn drop_layers(&mut self) {
        while !self.layers.is_empty() {
            self.pop();
        }
    }

    fn tell(&mut self, tone: Tone, text: String, now: Time) {
        self.say = Some((tone, text, now + Span::from_secs(SAY_S)));
    }

    fn quit(&mut self) {
        self.quit = true;
        self.effects.push(Effect::Quit);
    }

    /// Takes other settings over; what is open stays open.
    pub fn set_up(&mut self, setup: Setup) {
        if let Some(live) = self.live_mut() {
            live.room.policy = setup.policy.clone();
            live.room.routes = setup.routes.clone();
        }
        self.setup = setup;
    }

    pub fn theme_name(&self) -> &str {
        self.setup.theme.name()
    }

    /// Who acts here.
    pub fn me(&self) -> &PersonId {
        &self.setup.me
    }

    /// Offers the past incidents to choose from.
    pub fn choose_replay(&mut self, now: Time) {
        self.act(Action::Home(super::actions::HomeAction::Replay), now);
    }

    /// The declaration failed: the form comes back as it was filled in.
    pub fn bring_declaration_back(&mut self, declare: &Declare, now: Time) {
        self.declare_draft = DeclareDraft::of(declare);
        self.act(Action::Home(super::actions::HomeAction::Declare), now);
    }

    /// What panes and layers may know.
    fn ctx(&self, now: Time) -> Ctx<'_> {
        let mut ctx = make_ctx(&self.setup, now);
        ctx.scene = self.room_screen().map(|room| room.source.scene(now));
        // What is agreed on for an incident stays, whatever the configuration says today.
        ctx.policy = ctx.scene.and_then(|scene| scene.incident.policy()).unwrap_or(ctx.policy);
        ctx
    }

    /// A declaration over an open room is about another incident: what is configured holds, not what that room pinned.
    fn layer_ctx(&self, layer: &dyn Layer, now: Time) -> Ctx<'_> {
        let mut ctx = self.ctx(now);
        if layer.declare_draft().is_some() {
            ctx.policy = &self.setup.policy;
        }
        ctx
    }

    /// The context without the scene, beside the room that is shown, to be changed.
    fn parts(&mut self, now: Time) -> (Ctx<'_>, Option<&mut RoomScreen>) {
        let ctx = make_ctx(&self.setup, now);
        let room = match &mut self.replay {
            Some(replay) => Some(&mut **replay),
            None => self.room.as_deref_mut(),
        };
        (ctx, room)
    }

    /// When something that is shown changes by time alone.
    pub fn wakes_at(&self, now: Time) -> Option<Time> {
        let next_second = Time::from_ms((now.ms().div_euclid(1000) + 1) * 1000);
        let say = self.say.as_ref().map(|(_, _, until)| *until);
        let own = match (&self.replay, &self.room) {
            (Some(replay), _) => match &replay.source {
                Source::Replay(playing) => playing.player.wakes_at(now),
                Source::Live(_) => Some(next_second),
            },
            (None, Some(_)) => Some(next_second),
            (None, None) => Some(self.looks_at(now)),
        };
        let room = self.live().filter(|live| live.still_reading().is_none());
        let room = room.and_then(|live| live.room.wakes_at(now));
        let busy = self.room_screen().is_some_and(RoomScreen::is_busy).then_some(now);
        [say, own, room, busy, self.next_ring(now)].into_iter().flatten().min()
    }

    /// When Home looks the next time. A clock that was set back makes it look at once.
    fn looks_at(&self, now: Time) -> Time {
        let looked = self.looked.filter(|at| *at <= now);
        looked.map_or(now, |at| at + LOOK)
    }

    /// What is typed and not yet saved, to be kept on disk.
    pub fn drafts(&self) -> Option<(crate::incident::IncidentId, crate::runtime::drafts::Drafts)> {
        let room = self.room.as_deref()?;
        let live = self.live()?;
        let mut drafts = room.drafts(live);
        drafts.unsaved.extend(self.again.iter().cloned());
        drafts.asked = self.kept.clone();
        drafts.asked.extend(self.layers.iter().filter_map(|layer| layer.kept()));
        Some((live.id, drafts))
    }
}

fn make_ctx(setup: &Setup, now: Time) -> Ctx<'_> {
    Ctx {
        look: Look { theme: &setup.theme, glyphs: &setup.glyphs, zone: setup.zone },
        keymap: &setup.keymap,
        paths: &setup.paths,
        policy: &setup.policy,
        me: &setup.me,
        now,
        scene: None,
    }
}

impl Live {
    /// A room over a fold, with what reads its entries.
    pub fn new(id: crate::incident::IncidentId, room: Room, store: Box<dyn Store>) -> Self {
        let (trouble, damage, unreadable, reading) = (None, None, false, Reading::Done);
        Self { id, room, store, trouble, damage, unreadable, reading, accounts: BTreeMap::new() }
    }

    /// One entry by its id.
    pub fn entry(&self, id: EntryId) -> Option<Arc<crate::incident::Entry>> {
        let rows = &self.room.folded.rows;
        let row = rows.get(rows.position(id)?)?;
        self.store.read(row.locator())
    }
}

/// The outcome of a call, for whoever carries it out.
pub fn delivered(request: EntryId, outcome: Outcome) -> Input {
    Input::Room(RoomInput::Delivered { request, outcome })
}
