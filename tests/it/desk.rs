//! A desk to try panes and layers at: an incident built from orders through the real decisions and
//! the real fold, a stack of layers, and what was said.

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use warroom::config::{Paths, shipped};
use warroom::incident::command::Declare;
use warroom::incident::describe;
use warroom::incident::event::Declared;
use warroom::incident::rows::{MemoryStore, Placed};
use warroom::incident::{
    Command, Context, Draft, EntryId, HostId, Incident, PersonId, Span, Stamp, Time, Zone, decide,
};
use warroom::policy::Policy;
use warroom::room::Folded;
use warroom::tui::actions::Action;
use warroom::tui::keymap::Keymap;
use warroom::tui::keys::typed;
use warroom::tui::layer::Layer;
use warroom::tui::msg::Msg;
use warroom::tui::panes::Pane;
use warroom::tui::scene::{Ctx, Look, NOBODY, Scene};
use warroom::tui::theme::Theme;
use warroom::tui::theme::glyphs::ASCII;

/// Sizes that nothing may panic at.
pub const SIZES: [(u16, u16); 12] = [
    (0, 0),
    (1, 1),
    (2, 2),
    (3, 3),
    (5, 1),
    (1, 9),
    (12, 4),
    (30, 6),
    (46, 12),
    (80, 24),
    (140, 40),
    (300, 3),
];

pub struct Desk {
    store: MemoryStore,
    folded: Folded,
    policy: Policy,
    paths: Paths,
    keymap: Keymap,
    theme: Theme,
    me: PersonId,
    stamp: Stamp,
    pub now: Time,
    pub live: bool,
    pub layers: Vec<Box<dyn Layer>>,
    pub said: Vec<String>,
    pub copied: Option<String>,
    pub attached: Option<String>,
    pub acts: Vec<Action>,
}

impl Desk {
    /// An incident declared at 14:00 UTC by alice, who has no role yet.
    pub fn new() -> Self {
        let root = PathBuf::from("/nowhere");
        let paths = Paths { config: root.join("config"), data: root.join("data"), state: root.join("state") };
        let now = Time::parse("2026-01-15T14:00:00Z").expect("a time");
        let mut desk = Self {
            store: MemoryStore::default(),
            folded: Folded::default(),
            policy: shipped::policy(&paths, &["data"]).expect("the shipped policy"),
            paths,
            keymap: Keymap::new(&Default::default()).expect("the keys of the registry"),
            theme: Theme::named("mono", None).expect("the mono theme"),
            me: PersonId::new("alice"),
            stamp: Stamp::default(),
            now,
            live: true,
            layers: Vec::new(),
            said: Vec::new(),
            copied: None,
            attached: None,
            acts: Vec::new(),
        };
        let what = Declared { title: "orders: prices x100".into(), ..Declared::default() };
        desk.order(Command::Declare(Declare { what, ..Declare::default() }));
        desk
    }

    /// The same under these policies, the first before the others.
    pub fn with_policies(names: &[&str]) -> Self {
        let mut desk = Self::new();
        desk.policy = shipped::policy(&desk.paths, names).expect("shipped policies");
        desk
    }

    pub fn with_playbook(name: &str) -> Self {
        let mut desk = Self::new();
        desk.attach(name);
        desk
    }

    pub fn attach(&mut self, name: &str) {
        let playbook = shipped::playbook(&self.paths, name).expect("a shipped playbook");
        self.order(Command::Attach(playbook));
    }

    /// A playbook made of this text.
    pub fn attach_text(&mut self, name: &str, text: &str) {
        self.order(Command::Attach(shipped::pin(name, text)));
    }

    /// Somebody else acts from now on.
    pub fn as_(&mut self, who: &str) -> &mut Self {
        self.me = PersonId::new(who);
        self
    }

    pub fn wait_mins(&mut self, mins: i64) -> &mut Self {
        self.now = self.now + Span::from_mins(mins);
        self
    }

    /// Decides and folds; a refusal fails the test.
    pub fn order(&mut self, command: Command) {
        let events =
            decide(self.incident(), &command, Context { policy: &self.policy, now: self.now, by: &self.me });
        for event in events.unwrap_or_else(|refusal| panic!("{command:?} was refused: {refusal}")) {
            self.stamp = Stamp::next(self.stamp, self.now, HostId::new(7));
            let count = self.store.entries().len() as u64;
            let id = EntryId::from_parts(self.now.ms().unsigned_abs(), u128::from(count));
            let entry = Arc::new(Draft::new(event, self.me.clone()).into_entry(id, count + 1, self.stamp));
            let locator = self.store.push(Arc::clone(&entry));
            self.folded.take_one(&Placed { entry, locator });
        }
    }

    pub fn incident(&self) -> &Incident {
        &self.folded.incident
    }

    /// How the newest entry reads.
    pub fn last_sentence(&self) -> String {
        let last = self.store.entries().last().expect("an entry");
        describe::sentence(self.incident(), last).into_owned()
    }

    pub fn scene(&self) -> Scene<'_> {
        let Folded { incident, outbox, rows } = &self.folded;
        Scene {
            incident,
            outbox,
            routes: &NOBODY.0,
            accounts: &NOBODY.1,
            rows,
            store: &self.store,
            now: self.now,
            live: self.live,
        }
    }

    pub fn ctx(&self) -> Ctx<'_> {
        let look = Look { theme: &self.theme, glyphs: &ASCII, zone: Zone::Utc };
        let (keymap, paths, policy) = (&self.keymap, &self.paths, &self.policy);
        Ctx { look, keymap, paths, policy, me: &self.me, now: self.now, scene: Some(self.scene()) }
    }

    /// What a pane shows, focused, one line of text per line of the screen.
    pub fn draw(&self, pane: &dyn Pane, columns: u16, lines: u16) -> String {
        let area = Rect::new(0, 0, columns, lines);
        let mut buf = Buffer::empty(area);
        pane.draw(&self.ctx(), &self.scene(), area, &mut buf, true);
        text_of(&buf)
    }

    /// What the topmost layer shows.
    pub fn screen(&self, columns: u16, lines: u16) -> String {
        let area = Rect::new(0, 0, columns, lines);
        let mut buf = Buffer::empty(area);
        if let Some(layer) = self.layers.last() {
            layer.draw(&self.ctx(), area, &mut buf);
        }
        text_of(&buf)
    }

    /// An action in a pane of 46 by 12, and what follows from it.
    pub fn act(&mut self, pane: &mut dyn Pane, action: Action) {
        let messages = pane.act(action, &self.ctx(), &self.scene(), Rect::new(0, 0, 46, 12));
        self.obey(messages);
    }

    pub fn click(&mut self, pane: &mut dyn Pane, x: u16, y: u16) {
        let messages = pane.click(Position::new(x, y), &self.ctx(), &self.scene(), Rect::new(0, 0, 46, 12));
        self.obey(messages);
    }

    pub fn push(&mut self, layer: Box<dyn Layer>) {
        self.layers.push(layer);
    }

    /// Types into the topmost layer.
    pub fn type_keys(&mut self, text: &str) {
        for key in typed(text) {
            let Some(mut layer) = self.layers.pop() else { panic!("no layer takes {key:?}") };
            let messages = layer.key(key, &self.ctx());
            self.layers.push(layer);
            self.obey(messages);
        }
    }

    pub fn obey(&mut self, messages: Vec<Msg>) {
        for message in messages {
            match message {
                Msg::Order(command) => self.order(command),
                Msg::OrderSaying(command, say) => {
                    self.order(command);
                    self.said.push(say);
                }
                Msg::Push(layer) => self.layers.push(layer),
                Msg::Pop => drop(self.layers.pop()),
                Msg::Say(_, text) => self.said.push(text),
                Msg::Copy(text) => self.copied = Some(text),
                Msg::Attach(name) => self.attached = Some(name),
                Msg::Act(action) => self.acts.push(action),
                _ => panic!("a message that the desk does not know"),
            }
        }
    }
}

fn text_of(buf: &Buffer) -> String {
    let area = buf.area;
    let line = |y| (0..area.width).map(|x| buf[(x, y)].symbol()).collect::<String>();
    (0..area.height).map(|y| line(y).trim_end().to_owned() + "\n").collect()
}
