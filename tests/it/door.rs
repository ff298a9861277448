//! The door most tests go through: a journal in, keys in, a screen out. Everything in memory, time by hand.

use std::sync::{Arc, Mutex};

use crossterm::event::{Event as TermEvent, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use warroom::config::{Paths, shipped};
use warroom::incident::command::Declare;
use warroom::incident::entry::Stamp;
use warroom::incident::event::Declared;
use warroom::incident::rows::{MemoryStore, Placed};
use warroom::incident::{
    Command, Context, Draft, Entry, EntryId, HostId, Incident, IncidentId, Locator, PersonId, Span, Store,
    Time, When, Zone, decide,
};
use warroom::outbox::routes::Routes;
use warroom::policy::Policy;
use warroom::replay::{Player, Recording};
use warroom::room::{Folded, Input as RoomInput, Outcome, Room};
use warroom::runtime::drafts::Drafts;
use warroom::tui::app::{App, Effect, Input, Setup, delivered};
use warroom::tui::keymap::Keymap;
use warroom::tui::keys::typed;
use warroom::tui::screens::home::Home;
use warroom::tui::screens::room::Live;
use warroom::tui::theme::{Glyphs, Theme};

/// 2026-11-21T14:00:00Z, a Saturday.
pub const START: &str = "2026-11-21T14:00:00.000Z";

pub fn start() -> Time {
    Time::parse(START).unwrap()
}

pub fn host() -> HostId {
    HostId::new(0xa1)
}

pub fn policy() -> Policy {
    Policy::parse(include_str!("../../sample-data/policies/data.toml")).unwrap()
}

/// A journal in memory that writes as the real one does.
#[derive(Default)]
pub struct Log {
    store: MemoryStore,
    incident: Incident,
    last: Stamp,
    seq: u64,
}

impl Log {
    pub fn write(&mut self, drafts: Vec<Draft>, now: Time) -> Vec<Placed> {
        drafts.into_iter().map(|draft| self.write_one(draft, now)).collect()
    }

    fn write_one(&mut self, draft: Draft, now: Time) -> Placed {
        self.seq += 1;
        self.last = Stamp::next(self.last, now, host());
        let id = draft.id.unwrap_or(EntryId::from_parts(now.ms() as u64, u128::from(self.seq)));
        let entry = Arc::new(draft.into_entry(id, self.seq, self.last));
        self.incident.apply(&entry);
        let locator = self.store.push(entry.clone());
        Placed { entry, locator }
    }

    /// Decides and writes, as somebody did at `now`.
    pub fn order(&mut self, by: &str, command: Command, now: Time) -> Vec<Placed> {
        self.order_at(by, command, None, now)
    }

    pub fn order_at(&mut self, by: &str, command: Command, at: Option<When>, now: Time) -> Vec<Placed> {
        let policy = policy();
        let events = decide(&self.incident, &command, Context { policy: &policy, now, by: &by.into() })
            .expect("the order is accepted");
        let drafts = events.into_iter().map(|event| Draft::new(event, by.into()).at(at)).collect();
        self.write(drafts, now)
    }

    pub fn incident(&self) -> &Incident {
        &self.incident
    }

    pub fn placed(&self) -> Vec<Placed> {
        let entries = self.store.entries().iter().enumerate();
        entries
            .map(|(place, entry)| Placed { entry: entry.clone(), locator: Locator(place as u64) })
            .collect()
    }
}

/// The log as a store that a room reads while it grows.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Log>>);

impl Store for Shared {
    fn read(&self, locator: Locator) -> Option<Arc<Entry>> {
        self.0.lock().unwrap().store.read(locator)
    }
}

/// A console without a terminal.
pub struct Door {
    pub app: App,
    pub log: Shared,
    pub now: Time,
    pub size: (u16, u16),
    /// What the console asked of the world besides its journal.
    pub asked: Vec<String>,
    /// Appends fail while this says why.
    pub broken: Option<String>,
    /// What the outside answers to an act with this title; `None`: that it is done.
    pub says: fn(&str) -> Option<Outcome>,
    routes: Routes,
}

impl Door {
    /// At home on the first day.
    pub fn home(size: (u16, u16)) -> Door {
        Self::with_theme(size, "ansi")
    }

    pub fn with_theme(size: (u16, u16), theme: &str) -> Door {
        Self::with(size, |setup| setup.theme = Theme::named(theme, None).unwrap())
    }

    /// At home, set up otherwise.
    pub fn with(size: (u16, u16), change: impl FnOnce(&mut Setup)) -> Door {
        let paths = Paths {
            config: "/nowhere/config".into(),
            data: "/nowhere/data".into(),
            state: "/nowhere/state".into(),
        };
        let mut setup = Setup {
            paths,
            policy: policy(),
            me: PersonId::new("alice"),
            zone: Zone::Utc,
            theme: Theme::ansi(),
            glyphs: Glyphs::choose(Some(true)),
            keymap: Keymap::new(&Default::default()).unwrap(),
            routes: Default::default(),
        };
        change(&mut setup);
        let routes = setup.routes.clone();
        let screen = Rect::new(0, 0, size.0, size.1);
        let app = App::new(setup, Home::new(Vec::new(), Vec::new()), screen);
        Door {
            app,
            log: Shared::default(),
            now: start(),
            size,
            asked: Vec::new(),
            broken: None,
            says: |_| None,
            routes,
        }
    }

    /// In the room of an incident that `write` wrote.
    pub fn room(size: (u16, u16), write: impl FnOnce(&mut Log)) -> Door {
        Self::room_in(size, "ansi", write)
    }

    /// The same, in another theme.
    pub fn room_in(size: (u16, u16), theme: &str, write: impl FnOnce(&mut Log)) -> Door {
        Self::room_with(size, |setup| setup.theme = Theme::named(theme, None).unwrap(), write)
    }

    /// The same, set up otherwise.
    pub fn room_with(
        size: (u16, u16),
        change: impl FnOnce(&mut Setup),
        write: impl FnOnce(&mut Log),
    ) -> Door {
        let mut door = Self::with(size, change);
        write(&mut door.log.0.lock().unwrap());
        let newest = door.log.0.lock().unwrap().last.time;
        door.now = newest.max(door.now) + Span::from_secs(1);
        door.enter(Drafts::default());
        door
    }

    /// Enters the room of the log, as after a start.
    pub fn enter(&mut self, drafts: Drafts) {
        let folded = Folded::of(&self.log.0.lock().unwrap().placed());
        let room = Room::new(folded, policy(), host(), true).routed(self.routes.clone());
        let live = Box::new(Live::new(IncidentId::from_parts(1, 1), room, Box::new(self.log.clone())));
        self.input(Input::Entered { reference: "INC-0001".into(), live, drafts });
    }

    /// Lays a replay of the log over whatever is open.
    pub fn replay(&mut self) {
        let mut recording = Recording::default();
        for placed in self.log.0.lock().unwrap().placed() {
            recording.take(&placed);
        }
        let player = Box::new(Player::new(recording, Box::new(self.log.clone())));
        self.input(Input::Replaying { reference: "INC-0001".into(), id: "1".into(), player, at: None });
    }

    pub fn input(&mut self, input: Input) {
        let effects = self.app.handle(input, self.now);
        for effect in effects {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        let asked = match effect {
            Effect::Append(drafts) => return self.append(drafts),
            Effect::Deliver(call) | Effect::Find(call) => {
                let fine = || Outcome::Confirmed { remote: "record.md".into(), link: None };
                let outcome = (self.says)(&call.act.title).unwrap_or_else(fine);
                return self.input(delivered(call.act.request, outcome));
            }
            Effect::Kept { .. } => return,
            Effect::Declare(declare) => return self.declare(*declare),
            Effect::Enter(reference) => format!("enter {reference}"),
            Effect::Replay { at: Some(_), .. } => return self.replay(),
            Effect::Replay { name, at: None } => format!("replay {name}"),
            Effect::List => "list".into(),
            Effect::Look => "look".into(),
            Effect::Leave => {
                self.asked.push("leave".into());
                return self.input(Input::Left);
            }
            Effect::Copy(text) => format!("copy {text}"),
            Effect::OpenUrl(url) => format!("open {url}"),
            Effect::Editor(text) => format!("editor {text}"),
            Effect::Export { path, text } => format!("export {path:?} {} bytes", text.len()),
            Effect::Suspend => "suspend".into(),
            Effect::Redraw => "redraw".into(),
            Effect::Bell => "bell".into(),
            Effect::Quit => "quit".into(),
        };
        self.asked.push(asked);
    }

    fn append(&mut self, drafts: Vec<Draft>) {
        let answer = match &self.broken {
            Some(why) => {
                RoomInput::Unsaved { why: why.clone(), hint: "free some space".into(), lasting: false }
            }
            None => RoomInput::Written(self.log.0.lock().unwrap().write(drafts, self.now)),
        };
        self.input(Input::Room(answer));
    }

    fn declare(&mut self, declare: Declare) {
        // Another incident has another journal.
        self.log = Shared::default();
        self.log.0.lock().unwrap().order("alice", Command::Declare(declare), self.now);
        self.enter(Drafts::default());
    }

    /// Types keys as [`typed`] reads them; nothing else happens between them.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in typed(keys) {
            self.key(key);
        }
        self
    }

    fn key(&mut self, key: KeyEvent) {
        self.input(Input::Terminal(TermEvent::Key(key)));
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.input(Input::Terminal(TermEvent::Paste(text.into())));
        self
    }

    pub fn resize(&mut self, columns: u16, lines: u16) -> &mut Self {
        self.size = (columns, lines);
        self.input(Input::Terminal(TermEvent::Resize(columns, lines)));
        self
    }

    /// Lets time pass, ticking whenever the console wants to be woken.
    pub fn wait(&mut self, span: Span) -> &mut Self {
        let until = self.now + span;
        while let Some(wake) = self.app.wakes_at(self.now).filter(|wake| *wake <= until) {
            self.now = wake;
            self.input(Input::Tick);
        }
        self.now = until;
        self.input(Input::Tick);
        self
    }

    pub fn buffer(&self) -> Buffer {
        let screen = Rect::new(0, 0, self.size.0, self.size.1);
        let mut buffer = Buffer::empty(screen);
        self.app.draw(self.now, screen, &mut buffer);
        buffer
    }

    /// The screen as text, line by line, without what trails.
    pub fn screen(&self) -> String {
        text(&self.buffer())
    }

    /// The events of the log as JSON, from the `from`th on.
    pub fn events(&self, from: usize) -> Vec<String> {
        let log = self.log.0.lock().unwrap();
        log.store.entries().iter().skip(from).map(|entry| entry.event.to_json()).collect()
    }

    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.log.0.lock().unwrap().store.entries().to_vec()
    }
}

pub fn text(buffer: &Buffer) -> String {
    let mut lines = Vec::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let line: String =
            (buffer.area.left()..buffer.area.right()).map(|x| buffer[(x, y)].symbol()).collect();
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

/// A corruption incident, twenty minutes in: declared with its playbook, a commander, some notes.
pub fn corruption(log: &mut Log) {
    let minute = |n: i64| start() + Span::from_mins(n - 20);
    let paths = Paths { config: "/nowhere".into(), data: "/nowhere".into(), state: "/nowhere".into() };
    let declare = Declare {
        what: Declared {
            title: "orders: prices x100".into(),
            kind: Some("data-corruption".into()),
            status: warroom::incident::words::Status::Triage,
            ..Declared::default()
        },
        severity: Some("P1".into()),
        severity_reason: "revenue figures are wrong".into(),
        commander: Some("alice".into()),
        playbook: Some(shipped::playbook(&paths, "data-corruption").unwrap()),
        ..Declare::default()
    };
    log.order("alice", Command::Declare(declare), minute(0));
    let note = |kind, text: &str| Command::Note { kind, text: text.into() };
    use warroom::incident::scribe::NoteKind::*;
    let at = |n| Some(When::exact(minute(n)));
    log.order_at("bob", note(Hypothesis, "bad deploy 13:35?"), at(2), minute(2));
    log.order_at("carol", note(Decision, "pause the loads until we know more"), at(5), minute(5));
    log.order_at(
        "bob",
        note(Finding, "all prices since 13:36 are multiplied by 100"),
        Some(When::about(minute(-4))),
        minute(8),
    );
    log.order(
        "alice",
        Command::Status { to: warroom::incident::words::Status::Diagnosing, reason: String::new() },
        minute(9),
    );
    log.order_at(
        "carol",
        note(Note, "finance was told by phone, @dana has the list of reports"),
        at(11),
        minute(11),
    );
    log.order_at("bob", note(Todo, "ask the vendor for the changelog"), at(12), minute(12));
}
