//! A room without a disk in which an update pane and the layers over it obey keys as the console does.

use ratatui::layout::Rect;
use warroom::incident::Command;
use warroom::incident::PersonId;
use warroom::tui::actions::{Action, UpdateAction};
use warroom::tui::keys::typed;
use warroom::tui::layer::Layer;
use warroom::tui::msg::Msg;
use warroom::tui::panes::Pane;
use warroom::tui::panes::update::UpdatePane;

use crate::update_pane::world::World;

pub struct Console {
    pub world: World,
    pub pane: UpdatePane,
    pub layers: Vec<Box<dyn Layer>>,
    pub said: Vec<String>,
    pub copied: Option<String>,
}

impl Console {
    /// An incident that alice commands; bob sits here.
    pub fn new() -> Self {
        Self {
            world: World::declared(),
            pane: UpdatePane::default(),
            layers: Vec::new(),
            said: Vec::new(),
            copied: None,
        }
    }

    pub fn as_(&mut self, who: &str) -> &mut Self {
        self.world.me = PersonId::new(who);
        self
    }

    pub fn act(&mut self, action: UpdateAction) -> &mut Self {
        let messages = self.world.act(&mut self.pane, action);
        self.obey(messages);
        self
    }

    /// Types into the topmost layer, else into the pane.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in typed(keys) {
            let messages = match self.layers.pop() {
                Some(mut layer) => {
                    let messages = layer.key(key, &self.world.ctx());
                    self.layers.push(layer);
                    messages
                }
                None => self.pane.key(key, &self.world.ctx(), &self.world.scene()),
            };
            self.obey(messages);
        }
        self
    }

    pub fn obey(&mut self, messages: Vec<Msg>) {
        for message in messages {
            match message {
                Msg::Order(command) => self.order(command),
                Msg::Push(layer) => self.layers.push(layer),
                Msg::Pop => drop(self.layers.pop()),
                Msg::Say(_, text) => self.said.push(text),
                Msg::Copy(text) => self.copied = Some(text),
                Msg::Composer(edit) => {
                    let messages = self.pane.edit(edit, &self.world.ctx(), &self.world.scene());
                    self.obey(messages);
                }
                Msg::Act(Action::Update(action)) => drop(self.act(action)),
                _ => panic!("a message that the console does not know"),
            }
        }
    }

    /// Saved at once, and the pane hears of it.
    pub fn order(&mut self, command: Command) {
        let before = self.world.folded.incident.updates.len();
        self.world.order(command);
        if let Some(record) = self.world.folded.incident.updates.get(before) {
            self.pane.sent(&record.sent.audience);
        }
        self.pane.refresh(&self.world.ctx(), &self.world.scene());
    }

    /// The topmost layer.
    pub fn screen(&self, columns: u16, lines: u16) -> String {
        let layer = self.layers.last().expect("a layer");
        self.world.layer(&**layer, Rect::new(0, 0, columns, lines))
    }

    pub fn drawn(&self, columns: u16, lines: u16) -> String {
        self.world.drawn(&self.pane, Rect::new(0, 0, columns, lines))
    }

    pub fn body(&self) -> String {
        self.pane.draft_state().body
    }
}
