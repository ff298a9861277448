//! A room without a disk, for the tests of updates.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use warroom::config::Paths;
use warroom::incident::command::{Command, Declare, PinnedPlaybook, StepCommand};
use warroom::incident::decide::{Context, decide};
use warroom::incident::event::{Declared, SentUpdate};
use warroom::incident::rows::{MemoryStore, Placed};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Status, Word};
use warroom::incident::{Draft, EntryId, Event, HostId, PersonId, Span, Stamp, Time, When, Zone};
use warroom::policy::Policy;
use warroom::report::update::{Kind, Message, Template};
use warroom::room::Folded;
use warroom::tui::actions::{Action, UpdateAction};
use warroom::tui::keymap::Keymap;
use warroom::tui::keys::typed;
use warroom::tui::layer::Layer;
use warroom::tui::msg::Msg;
use warroom::tui::panes::Pane;
use warroom::tui::panes::update::UpdatePane;
use warroom::tui::scene::{Ctx, Look, NOBODY, Scene};
use warroom::tui::theme::{Glyphs, Theme, glyphs};

const BOOK: &str =
    "# Corruption\n\n## Contain\n\n- [ ] Pause downstream loads\n- [ ] Find the last good row\n";
pub const AREA: Rect = Rect::new(0, 0, 78, 20);

/// A room without a disk: an incident, and all that a pane may look at.
pub struct World {
    pub folded: Folded,
    store: MemoryStore,
    pub now: Time,
    pub live: bool,
    policy: Policy,
    keymap: Keymap,
    pub paths: Paths,
    pub me: PersonId,
    theme: Theme,
    glyphs: Glyphs,
}

impl World {
    pub fn new() -> Self {
        let place = |name: &str| std::path::PathBuf::from("/nowhere").join(name);
        Self {
            folded: Folded::default(),
            store: MemoryStore::default(),
            now: Time::parse("2026-11-21T14:02:00Z").unwrap(),
            live: true,
            policy: Policy::parse(include_str!("../../../sample-data/policies/data.toml")).unwrap(),
            keymap: Keymap::new(&Default::default()).unwrap(),
            paths: Paths { config: place("config"), data: place("data"), state: place("state") },
            me: PersonId::new("bob"),
            theme: Theme::ansi(),
            glyphs: glyphs::UNICODE,
        }
    }

    /// An incident that is declared, has a commander and a playbook.
    pub fn declared() -> Self {
        let mut world = Self::new();
        world.order(Command::Declare(Declare {
            what: Declared { title: "orders: prices x100".into(), ..Declared::default() },
            severity: Some("P1".into()),
            commander: Some(PersonId::new("alice")),
            playbook: Some(PinnedPlaybook {
                name: "corruption".into(),
                digest: "0".repeat(64),
                text: BOOK.into(),
            }),
            ..Declare::default()
        }));
        world
    }

    pub fn order(&mut self, command: Command) -> EntryId {
        self.order_at(command, None)
    }

    /// Decides, writes and folds; answers the first entry.
    pub fn order_at(&mut self, command: Command, at: Option<When>) -> EntryId {
        let events = decide(
            &self.folded.incident,
            &command,
            Context { policy: &self.policy, now: self.now, by: &self.me },
        )
        .unwrap();
        let ids: Vec<EntryId> = events.into_iter().map(|event| self.write(event, at)).collect();
        ids[0]
    }

    fn write(&mut self, event: Event, at: Option<When>) -> EntryId {
        let seq = self.folded.incident.count + 1;
        let stamp = Stamp::next(self.folded.incident.last, self.now, HostId::new(7));
        let id = EntryId::from_parts(seq, u128::from(seq));
        let entry = Arc::new(Draft::new(event, self.me.clone()).at(at).into_entry(id, seq, stamp));
        let locator = self.store.push(entry.clone());
        self.folded.take_one(&Placed { entry, locator });
        id
    }

    pub fn wait(&mut self, mins: i64) {
        self.now = self.now + Span::from_mins(mins);
    }

    pub fn note(&mut self, kind: NoteKind, text: &str) -> EntryId {
        self.order(Command::Note { kind, text: text.into() })
    }

    pub fn status(&mut self, to: Status) {
        self.order(Command::Status { to, reason: "bob has checked it".into() });
    }

    pub fn step(&mut self, step: usize, act: StepCommand) {
        let run = &self.folded.incident.runs[0];
        let (id, step) = (run.id, run.lines()[step].id.to_owned());
        self.order(Command::Step { run: id, step, act });
    }

    pub fn send(&mut self, audience: &str, word: Word, next_min: i64) -> EntryId {
        let next = Some(self.now + Span::from_mins(next_min));
        let body = "P1: orders: prices x100\nStill looking.".to_owned();
        self.order(Command::Update(SentUpdate {
            audience: audience.into(),
            word,
            body,
            next,
            approved_by: (audience == "customers").then(|| PersonId::new("alice")),
            proposal: None,
            overrides: Vec::new(),
        }))
    }

    pub fn scene(&self) -> Scene<'_> {
        Scene {
            incident: &self.folded.incident,
            outbox: &self.folded.outbox,
            routes: &NOBODY.0,
            accounts: &NOBODY.1,
            rows: &self.folded.rows,
            store: &self.store,
            now: self.now,
            live: self.live,
        }
    }

    pub fn ctx(&self) -> Ctx<'_> {
        Ctx {
            look: Look { theme: &self.theme, glyphs: &self.glyphs, zone: Zone::Utc },
            keymap: &self.keymap,
            paths: &self.paths,
            policy: &self.policy,
            me: &self.me,
            now: self.now,
            scene: Some(self.scene()),
        }
    }

    pub fn draft(&self, audience: &str, word: Word, next: Option<Time>) -> String {
        let entries = self.folded.rows.as_slice().iter().filter_map(|row| self.scene().entry(*row));
        let message =
            Message::new(&self.folded.incident, &self.policy, audience, word, self.now, Zone::Utc, next);
        // The first notice has its own tests.
        let kind = if word == Word::Resolved { Kind::Resolution } else { Kind::Update };
        let message = Message { kind, ..message };
        message.draft(&Template::shipped(message.template()).unwrap(), entries).body
    }

    pub fn act(&self, pane: &mut UpdatePane, action: UpdateAction) -> Vec<Msg> {
        pane.act(Action::Update(action), &self.ctx(), &self.scene(), AREA)
    }

    pub fn keys(&self, pane: &mut UpdatePane, keys: &str) -> Vec<Msg> {
        typed(keys).into_iter().flat_map(|key| pane.key(key, &self.ctx(), &self.scene())).collect()
    }

    pub fn drawn(&self, pane: &UpdatePane, area: Rect) -> String {
        let mut buf = Buffer::empty(area);
        pane.draw(&self.ctx(), &self.scene(), area, &mut buf, true);
        shown(&buf)
    }

    pub fn layer(&self, layer: &dyn Layer, area: Rect) -> String {
        let mut buf = Buffer::empty(area);
        layer.draw(&self.ctx(), area, &mut buf);
        shown(&buf)
    }

    /// What a layer answers to keys.
    pub fn answers(&self, layer: &mut dyn Layer, keys: &str) -> Vec<Msg> {
        typed(keys).into_iter().flat_map(|key| layer.key(key, &self.ctx())).collect()
    }

    /// Gives the pane what a question was answered with, as the room does.
    pub fn give(&self, pane: &mut UpdatePane, messages: Vec<Msg>) {
        for message in messages {
            if let Msg::Composer(edit) = message {
                pane.edit(edit, &self.ctx(), &self.scene());
            }
        }
    }
}

fn shown(buf: &Buffer) -> String {
    let line = |y| (buf.area.left()..buf.area.right()).map(move |x| buf[(x, y)].symbol()).collect::<String>();
    (buf.area.top()..buf.area.bottom()).map(|y| line(y).trim_end().to_owned() + "\n").collect()
}

pub fn pushed(messages: Vec<Msg>) -> Box<dyn Layer> {
    let layer = messages
        .into_iter()
        .find_map(|message| if let Msg::Push(layer) = message { Some(layer) } else { None });
    layer.expect("a layer is laid over the screen")
}

#[track_caller]
pub fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}
