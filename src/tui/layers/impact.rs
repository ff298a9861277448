//! The data-impact ledger (rows B8, S1.5, S2.1): which data is harmed, who uses it, and whether it is back in time.
//!
//! It shows what the log says and asks for more; the targets are those of each dataset's tier. Start at [`layer`].

mod acts;
mod form;
mod typed;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::keys;
use super::listing::{Answer, Listing};
use super::question::read_only;
use crate::incident::ledger::Dataset;
use crate::report::ledger::{Fact, Reader, Weight, harm, stated};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

const COLUMNS: u16 = 84;
/// Where the words of a fact begin.
const FACTS: u16 = 13;
const KEYS: &str = "n new  e edit  c contained  r recovered  s state  x withdraw  Esc back";
const HELP: keys::Keys = &[
    ("n", "records a dataset: what happened to it, how many rows, who uses it"),
    ("e, Enter", "changes the selected one"),
    ("c", "contained: from when on no more of it is lost"),
    ("r", "recovered: since when it is back"),
    ("s", "states what was the matter with the data in the end"),
    ("x", "withdraws it, with a reason"),
    ("Esc", "back"),
];
const REPLAY_KEYS: &str = "Up/Down: choose   Esc: back   (look only)";
const FEW_KEYS: &str = "n new e edit c r s x  Esc back";

#[derive(Default)]
struct ImpactLayer {
    /// The dataset that is selected, by its name.
    at: Option<String>,
}

pub fn layer(_ctx: &Ctx, _scene: &Scene) -> Box<dyn Layer> {
    Box::new(ImpactLayer::default())
}

impl ImpactLayer {
    fn list(&self, scene: &Scene, screen: Rect) -> Listing {
        let place =
            scene.incident.ledger.datasets().position(|dataset| Some(&dataset.name) == self.at.as_ref());
        let keys = if !scene.live {
            REPLAY_KEYS
        } else if screen.width < KEYS.len() as u16 + 4 {
            FEW_KEYS
        } else {
            KEYS
        };
        Listing::new("Data impact", keys, COLUMNS, place.unwrap_or(0))
    }

    fn sheet(&self, ctx: &Ctx, scene: &Scene, width: u16) -> Sheet {
        let mut sheet = Sheet::new(width);
        in_the_end(&mut sheet, scene);
        let mut any = false;
        for (index, dataset) in scene.incident.ledger.datasets().enumerate() {
            any = true;
            sheet.item(None).gap();
            one(sheet.item(index), &reader(ctx, scene), dataset);
        }
        if !any {
            sheet.gap().say(0, Meaning::Text, "No dataset is recorded yet.");
            if scene.live {
                let text = "n records one: what happened to it, how many rows, who uses it.";
                sheet.say(0, Meaning::Muted, text);
            }
        }
        sheet
    }

    fn selected<'a>(&self, scene: &Scene<'a>) -> Option<&'a Dataset> {
        let mut all = scene.incident.ledger.datasets();
        let named = self.at.as_ref().and_then(|at| scene.incident.ledger.get(at));
        named.or_else(|| all.next())
    }

    fn select(&mut self, scene: &Scene, index: usize) {
        self.at = scene.incident.ledger.datasets().nth(index).map(|dataset| dataset.name.clone());
    }

    fn act(&self, key: char, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        if !scene.live {
            return read_only();
        }
        let question: Option<Box<dyn Layer>> = match (key, self.selected(scene)) {
            ('n', _) => Some(Box::new(form::new(ctx, scene))),
            ('s', _) => Some(Box::new(acts::state(scene))),
            ('e', Some(dataset)) => Some(Box::new(form::edit(ctx, scene, dataset))),
            ('c', Some(dataset)) => Some(Box::new(acts::contained(ctx, scene, dataset))),
            ('r', Some(dataset)) => Some(Box::new(acts::recovered(ctx, scene, dataset))),
            ('x', Some(dataset)) => Some(Box::new(acts::withdraw(dataset))),
            _ => None,
        };
        match question {
            Some(question) => vec![Msg::Push(question)],
            None => vec![Msg::Say(Tone::Info, "no dataset is recorded yet: n records one".into())],
        }
    }
}

fn reader<'a>(ctx: &Ctx<'a>, scene: &Scene<'a>) -> Reader<'a> {
    Reader::of(scene.incident, scene.policy(ctx), scene.now, ctx.look.zone)
}

/// What was stated of the data, or that it was not.
fn in_the_end(sheet: &mut Sheet, scene: &Scene) {
    match &scene.incident.ledger.stated {
        Some(said) => sheet.say(0, Meaning::Text, &format!("In the end: {} ({})", stated(said), said.by)),
        None if scene.live => sheet.say(0, Meaning::Muted, "In the end: not stated yet; s states it"),
        None => sheet.say(0, Meaning::Muted, "In the end: not stated yet"),
    };
}

fn one(sheet: &mut Sheet, reader: &Reader, dataset: &Dataset) {
    let facts = reader.facts(dataset);
    sheet.say(0, Meaning::Title, &format!("{}: {}", dataset.name, harm(dataset)));
    for Fact { label, text, weight } in &facts {
        let row = sheet.len();
        sheet.say(FACTS, meaning(*weight), text).beside(row, 2, Meaning::Muted, label);
    }
}

fn meaning(weight: Weight) -> Meaning {
    match weight {
        Weight::Plain => Meaning::Text,
        Weight::Good => Meaning::Good,
        Weight::Missed => Meaning::Warning,
        Weight::Urgent => Meaning::Alert,
    }
}

impl Layer for ImpactLayer {
    fn name(&self) -> &'static str {
        "impact"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let list = self.list(&scene, screen);
        list.draw(&self.sheet(ctx, &scene, list.width(screen)), ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        if let KeyCode::Char(c @ ('n' | 'e' | 'c' | 'r' | 's' | 'x')) = key.code
            && !key.modifiers.contains(KeyModifiers::CONTROL)
        {
            return self.act(c, ctx, &scene);
        }
        if key.code == KeyCode::Char('?') {
            return keys::show("Keys: data impact", HELP);
        }
        let mut list = self.list(&scene, Rect::default());
        let answer = list.key(key, scene.incident.ledger.datasets().count(), ctx);
        self.select(&scene, list.selected);
        match answer {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(_) => self.act('e', ctx, &scene),
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return Vec::new() };
        let mut list = self.list(&scene, screen);
        let sheet = self.sheet(ctx, &scene, list.width(screen));
        let count = scene.incident.ledger.datasets().count();
        match list.mouse(mouse, &sheet, count, screen) {
            Answer::Chosen(index) => self.select(&scene, index),
            _ => self.select(&scene, list.selected),
        }
        Vec::new()
    }
}
