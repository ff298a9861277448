//! Follow-ups and the proposals for them (rows S1.10, S4.14): what is still to be done when the incident is over.
//!
//! Open ones by priority, then what is proposed (TODO notes, prevention steps of the playbooks), then what is done. Those of
//! every incident of this home are in [`all`]. Start at [`layer`].

pub mod all;

mod form;
mod lines;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::keys;
use super::listing::{Answer, Listing};
use super::question::{ask, read_only};
use crate::incident::command::{FollowUpCommand, StepCommand};
use crate::incident::follow_ups::{Item, Proposal, Source, day_of, proposals};
use crate::incident::{Command, EntryId, Incident};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};

const COLUMNS: u16 = 90;
const KEYS: &str = "n new  Enter take, edit  x done  d dismiss  U open again  Esc back";
const HELP: keys::Keys = &[
    ("n", "opens a new one"),
    ("Enter, e", "takes a proposal up, or changes what is open"),
    ("x, Space", "done, with how"),
    ("d", "dismisses a proposal"),
    ("U", "opens it again"),
    ("Esc", "back"),
];
const FEW_KEYS: &str = "n new Enter e x d U  Esc back";

/// One thing of the list.
#[derive(Clone, Debug, PartialEq)]
enum Thing {
    Open(EntryId),
    Proposed(Proposal),
    Done(EntryId),
}

impl Thing {
    fn heading(&self) -> &'static str {
        match self {
            Thing::Open(_) => "Open",
            Thing::Proposed(_) => "Proposed",
            Thing::Done(_) => "Done",
        }
    }

    /// What stays the same while it is opened, changed or done.
    fn key(&self) -> Key {
        match self {
            Thing::Open(id) | Thing::Done(id) => Key::Item(*id),
            Thing::Proposed(proposal) => Key::Source(proposal.source.clone()),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Key {
    Item(EntryId),
    Source(Source),
}

fn things(incident: &Incident) -> Vec<Thing> {
    let all = &incident.follow_ups;
    let open = all.open().into_iter().map(|item| Thing::Open(item.id));
    let done = all.all().iter().filter(|item| item.closed.is_some()).map(|item| Thing::Done(item.id));
    open.chain(proposals(incident).into_iter().map(Thing::Proposed)).chain(done).collect()
}

#[derive(Default)]
struct FollowUpsLayer {
    at: Option<Key>,
    /// Under which heading the selection stood, and at which place there: for when what it was on has gone.
    stood: Option<(&'static str, usize)>,
}

pub fn layer(_ctx: &Ctx, _scene: &Scene) -> Box<dyn Layer> {
    Box::new(FollowUpsLayer::default())
}

impl FollowUpsLayer {
    fn list(&self, things: &[Thing], screen: Rect) -> Listing {
        let found = things.iter().position(|thing| Some(thing.key()) == self.at);
        let place = found.or_else(|| self.next(things)).unwrap_or(0);
        let keys = if screen.width < KEYS.len() as u16 + 4 { FEW_KEYS } else { KEYS };
        Listing::new("Follow-ups", keys, COLUMNS, place)
    }

    fn select(&mut self, things: &[Thing], index: usize) {
        let first = |heading| things.iter().position(|thing| thing.heading() == heading).unwrap_or(0);
        let thing = things.get(index);
        self.at = thing.map(Thing::key);
        self.stood = thing.map(|thing| (thing.heading(), index - first(thing.heading())));
    }

    /// What came to stand where the selection stood; one proposal after the other can be taken up.
    fn next(&self, things: &[Thing]) -> Option<usize> {
        let (heading, place) = self.stood?;
        let same = |thing: &Thing| thing.heading() == heading;
        let (first, last) = (things.iter().position(same)?, things.iter().rposition(same)?);
        Some((first + place).min(last))
    }

    fn act(&self, key: char, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        if !scene.live {
            return read_only();
        }
        if key == 'n' {
            return push(form::new(ctx, scene));
        }
        let things = things(scene.incident);
        let place = self.list(&things, Rect::default()).selected;
        let item = |id: &EntryId| scene.incident.follow_ups.get(*id);
        match (key, things.get(place)) {
            ('e' | '\n', Some(Thing::Proposed(proposal))) => push(form::take(proposal, ctx, scene)),
            ('e' | '\n', Some(Thing::Open(id))) => {
                item(id).map(|item| push(form::edit(item, ctx, scene))).unwrap_or_default()
            }
            ('x' | ' ', Some(Thing::Open(id))) => item(id).map(|item| push(done(item))).unwrap_or_default(),
            ('d', Some(Thing::Proposed(proposal))) => push(dismiss(proposal)),
            ('U' | 'o', Some(Thing::Done(id))) => item(id).map(|item| push(reopen(item))).unwrap_or_default(),
            (key, thing) => vec![Msg::Say(Tone::Info, cannot(key, thing).into())],
        }
    }
}

fn push(layer: impl Layer + 'static) -> Vec<Msg> {
    vec![Msg::Push(Box::new(layer))]
}

/// Why the key does nothing here, and which one would.
fn cannot(key: char, thing: Option<&Thing>) -> &'static str {
    match (key, thing) {
        (_, None) => "no follow-up yet: n opens one",
        ('x' | ' ', Some(Thing::Proposed(_))) => "it is only proposed: Enter takes it up, d dismisses it",
        ('d', Some(Thing::Open(_))) => "only proposals are dismissed: x says that it is done",
        ('U' | 'o', Some(_)) => "it is open",
        (_, Some(Thing::Done(_))) => "it is done: U opens it again",
        _ => "nothing to do here",
    }
}

fn done(item: &Item) -> super::ask::Ask {
    let id = item.id;
    let about = format!("{}\nHow was it done? Nothing typed: no word.", item.what.text);
    ask("Done", &about, move |note| {
        Command::FollowUp(FollowUpCommand::Close { follow_up: id, note: note.to_owned() })
    })
}

fn reopen(item: &Item) -> super::ask::Ask {
    let id = item.id;
    let about = format!("{}\nWhy is it open again? Nothing typed: no reason.", item.what.text);
    ask("Open again", &about, move |reason| {
        Command::FollowUp(FollowUpCommand::Reopen { follow_up: id, reason: reason.to_owned() })
    })
}

/// A note is dismissed; a step of a playbook is skipped, for it stands on the checklist.
fn dismiss(proposal: &Proposal) -> super::ask::Ask {
    let source = proposal.source.clone();
    let (title, why) = match source {
        Source::Todo(_) => ("Dismiss", "Why will nothing come of it? Nothing typed: no reason."),
        Source::Step { .. } => ("Skip the step", "Why is it not needed? It is skipped on the checklist."),
    };
    ask(title, &format!("{}\n{why}", proposal.text), move |reason| {
        let reason = reason.to_owned();
        match source.clone() {
            Source::Todo(todo) => Command::FollowUp(FollowUpCommand::Dismiss { todo, reason }),
            Source::Step { run, step } => Command::Step { run, step, act: StepCommand::Skip { reason } },
        }
    })
}

impl Layer for FollowUpsLayer {
    fn name(&self) -> &'static str {
        "follow-ups"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let things = things(scene.incident);
        let list = self.list(&things, screen);
        let sheet = lines::sheet(scene.incident, &things, day_of(scene.now), list.width(screen));
        list.draw(&sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        if let KeyCode::Char(c @ ('n' | 'e' | 'x' | ' ' | 'd' | 'U' | 'o')) = key.code
            && !key.modifiers.contains(KeyModifiers::CONTROL)
        {
            return self.act(c, ctx, &scene);
        }
        if key.code == KeyCode::Char('?') {
            return keys::show("Keys: follow-ups", HELP);
        }
        let things = things(scene.incident);
        let mut list = self.list(&things, Rect::default());
        let answer = list.key(key, things.len(), ctx);
        self.select(&things, list.selected);
        match answer {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(_) => self.act('\n', ctx, &scene),
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return Vec::new() };
        let things = things(scene.incident);
        let mut list = self.list(&things, screen);
        let sheet = lines::sheet(scene.incident, &things, day_of(scene.now), list.width(screen));
        match list.mouse(mouse, &sheet, things.len(), screen) {
            Answer::Chosen(index) => self.select(&things, index),
            _ => self.select(&things, list.selected),
        }
        Vec::new()
    }
}
