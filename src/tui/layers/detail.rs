//! One entry whole: its words, all its times, who, from where, and what became of it.
//!
//! What it shows is worked out when it opens. The keys that change an entry are passed on to the timeline, where the entry
//! is selected. Start at [`layer`].

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::incident::describe;
use crate::incident::{Entry, Time};
use crate::outbox::{Act, State};
use crate::tui::actions::{Action, Context, Move, RoomAction, TimelineAction};
use crate::tui::keys::Key;
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, put};

const COLUMNS: u16 = 84;
/// Where the facts begin, behind their labels.
const FACT: u16 = 12;
const CONTEXTS: [Context; 3] = [Context::Timeline, Context::Room, Context::Everywhere];

/// A paragraph, with the label beside its first line.
struct Fact {
    label: &'static str,
    meaning: Meaning,
    text: String,
}

struct Detail {
    title: String,
    facts: Vec<Fact>,
    /// The keys that act on the entry.
    footer: String,
    top: usize,
}

/// Shows an entry of the scene.
pub fn layer(ctx: &Ctx, scene: &Scene, entry: Arc<Entry>) -> Box<dyn Layer> {
    let facts = Facts { ctx, scene, entry: &entry, facts: Vec::new() }.all();
    Box::new(Detail { title: entry.class().name().to_owned(), facts, footer: footer(ctx, scene), top: 0 })
}

/// Collects what there is to say, in the order in which it is read.
struct Facts<'a> {
    ctx: &'a Ctx<'a>,
    scene: &'a Scene<'a>,
    entry: &'a Entry,
    facts: Vec<Fact>,
}

impl Facts<'_> {
    fn all(mut self) -> Vec<Fact> {
        self.words();
        self.times();
        self.source();
        self.consequences();
        self.deliveries();
        self.say("id", Meaning::Muted, self.entry.id().to_string());
        self.facts
    }

    fn say(&mut self, label: &'static str, meaning: Meaning, text: impl Into<String>) {
        self.facts.push(Fact { label, meaning, text: text.into() });
    }

    fn gap(&mut self) {
        self.say("", Meaning::Text, "");
    }

    fn words(&mut self) {
        let (incident, entry) = (self.scene.incident, self.entry);
        let notes = &incident.notes;
        if notes.marked.contains(&entry.id()) {
            self.say("", Meaning::Warning, "marked as important");
        }
        self.say("", Meaning::Text, describe::sentence(incident, entry));
        self.gap();
        if let Some(correction) = notes.corrected.get(&entry.id()) {
            let times =
                if correction.times > 1 { format!(", {} times", correction.times) } else { String::new() };
            let by = format!("by {}, {}{times}", correction.by, self.moment(correction.when, false));
            self.say("corrected", Meaning::Info, by);
            self.say("originally", Meaning::Muted, describe::original(incident, entry));
        }
        if let Some(retraction) = notes.retracted.get(&entry.id()) {
            let reason = if retraction.reason.is_empty() { "no reason given" } else { &retraction.reason };
            let text = format!("by {}, {}: {reason}", retraction.by, self.moment(retraction.when, false));
            self.say("retracted", Meaning::Warning, text);
        }
        if let Some(reason) = notes.erased.get(&entry.id()) {
            self.say("erased", Meaning::Warning, if reason.is_empty() { "no reason given" } else { reason });
        }
    }

    fn times(&mut self) {
        let (entry, header) = (self.entry, &self.entry.header);
        let corrected = self.scene.incident.notes.corrected.get(&entry.id());
        match corrected.and_then(|correction| Some((correction.at?, correction.about))) {
            Some((at, about)) => {
                self.say("happened", Meaning::Text, self.moment(at, about));
                let first = format!("{}, as first written", self.moment(entry.at(), header.about));
                self.say("", Meaning::Muted, first);
            }
            None => self.say("happened", Meaning::Text, self.moment(entry.at(), header.about)),
        }
        if entry.known_at() != header.rec {
            self.say("known", Meaning::Text, self.moment(entry.known_at(), false));
        }
        let late = header.rec.since(entry.at());
        let late = if late.secs() >= 60 { format!("  ({} later)", late.short()) } else { String::new() };
        self.say("recorded", Meaning::Text, format!("{}{late}", self.moment(header.rec, false)));
    }

    /// A time with its date and zone.
    fn moment(&self, time: Time, about: bool) -> String {
        let zone = self.ctx.look.zone;
        let about = if about { "about " } else { "" };
        format!("{about}{} {} {}", zone.day_heading(time), zone.hms(time), zone.label(time))
    }

    fn source(&mut self) {
        let (header, incident) = (&self.entry.header, self.scene.incident);
        let by = self.entry.by();
        let name = incident.name_of(by);
        let by = if name == by.as_str() { by.to_string() } else { format!("{name} ({by})") };
        self.say("by", Meaning::Actor, by);
        let origin = format!("{:?}", header.via).to_lowercase();
        let host = format!("{origin}, host {}, number {}", header.host, header.seq);
        self.say("from", Meaning::Text, host);
        if let Some(remote) = &header.remote {
            self.say("there known as", Meaning::Text, remote);
        }
    }

    fn consequences(&mut self) {
        if let Some(why) = self.scene.incident.idle.get(&self.entry.id()) {
            self.say("changed nothing", Meaning::Warning, why);
        }
    }

    fn deliveries(&mut self) {
        let acts: Vec<&Act> = self.scene.outbox.about(self.entry.id()).collect();
        for act in acts {
            let (meaning, state) = self.receipt(act);
            self.say("told", meaning, format!("{} ({}): {state}", act.client, act.lane));
        }
    }

    fn receipt(&self, act: &Act) -> (Meaning, String) {
        match &act.state {
            State::Waiting { from } => {
                (Meaning::Warning, format!("waits, to be tried {}", self.moment(*from, false)))
            }
            State::Failing { from, message } => {
                (Meaning::Warning, format!("{message}; to be tried again {}", self.moment(*from, false)))
            }
            State::Attempted { at } => {
                (Meaning::Warning, format!("under way since {}", self.moment(*at, false)))
            }
            State::Doubtful { since, message, .. } => (
                Meaning::Alert,
                format!("nobody knows whether it arrived, {}: {message}", self.moment(*since, false)),
            ),
            State::Stuck { message, .. } => (Meaning::Alert, format!("needs you: {message}")),
            State::Confirmed { at, remote, link } => {
                let link = link.as_deref().map(|link| format!(" {link}")).unwrap_or_default();
                (Meaning::Good, format!("delivered {} as {remote}{link}", self.moment(*at, false)))
            }
            State::Dropped { at } => (Meaning::Muted, format!("given up {}", self.moment(*at, false))),
            State::Superseded { .. } => (Meaning::Muted, "not needed: a newer one says the same".to_owned()),
        }
    }
}

/// What the keys do here, from the keymap.
fn footer(ctx: &Ctx, scene: &Scene) -> String {
    let mut hints = vec![
        (Action::Room(RoomAction::Copy), "copy"),
        (Action::Room(RoomAction::OpenLink), "link"),
        (Action::Room(RoomAction::AsKnown), "as known"),
    ];
    if scene.live {
        hints.push((Action::Timeline(TimelineAction::Correct), "correct"));
        hints.push((Action::Timeline(TimelineAction::Retract), "retract"));
        hints.push((Action::Timeline(TimelineAction::Mark), "mark"));
        hints.rotate_right(3);
    }
    let keyed = |(action, word)| Some(format!("{} {word}", ctx.keymap.key(action)?));
    let mut words: Vec<String> = hints.into_iter().filter_map(keyed).collect();
    words.push("Esc back".to_owned());
    words.join("   ")
}

/// The actions that are passed on to the timeline.
fn passed_on(action: Action) -> bool {
    use {RoomAction as Room, TimelineAction as Timeline};
    matches!(
        action,
        Action::Timeline(Timeline::Correct | Timeline::Retract | Timeline::Mark)
            | Action::Room(Room::Copy | Room::OpenLink | Room::AsKnown)
    )
}

impl Detail {
    fn sheet(&self, width: u16) -> Sheet {
        let mut sheet = Sheet::new(width);
        for fact in &self.facts {
            let labelled = !fact.label.is_empty();
            // A label that is longer than its column, or a narrow box, gets a line of its own.
            let apart = labelled && (fact.label.len() as u16 >= FACT || width < 40);
            if apart {
                sheet.line(0, Meaning::Muted, fact.label);
            }
            let row = sheet.len();
            let x = if labelled && width >= 40 { FACT } else { 0 };
            sheet.say(x, fact.meaning, &fact.text);
            if labelled && !apart {
                sheet.beside(row, 0, Meaning::Muted, fact.label);
            }
        }
        sheet
    }

    /// The box and the part of it for the lines.
    fn areas(&self, screen: Rect) -> (Rect, Rect) {
        let width = COLUMNS.min(screen.width).saturating_sub(4);
        let lines = self.sheet(width).len().min(usize::from(u16::MAX) / 2) as u16;
        let area = boxed::centred(screen, width + 4, lines + 4);
        let height = area.height.saturating_sub(2);
        let kept = if height > 4 { height - 2 } else { height };
        (area, Rect::new(area.x + 2, area.y + 1, width, kept).intersection(area))
    }

    fn scroll(&mut self, to: Move) {
        // The page is a guess and the end is found when drawing: the view never scrolls past it.
        let mut pick = Pick { selected: self.top, top: 0 };
        pick.act(to, self.sheet(COLUMNS / 2).len(), 10);
        self.top = pick.selected;
    }
}

impl Layer for Detail {
    fn name(&self) -> &'static str {
        "detail"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let (area, body) = self.areas(screen);
        let inner = boxed::popup(buf, screen, (area.width, area.height), &self.title, &ctx.look);
        let sheet = self.sheet(body.width);
        let first = sheet.first(self.top, None, body.height);
        sheet.draw(buf, body, first, None, &ctx.look);
        if body.bottom() < inner.bottom() {
            put(buf, body.x, inner.bottom() - 1, body.right(), &self.footer, ctx.style(Meaning::Muted));
        }
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        if matches!(key.code, KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q')) {
            return vec![Msg::Pop];
        }
        match ctx.keymap.action(&CONTEXTS, Key::from(key)) {
            Some(Action::Move(to)) => self.scroll(to),
            Some(action) if passed_on(action) => return vec![Msg::Pop, Msg::Act(action)],
            _ => {}
        }
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.scroll(Move::Down),
            MouseEventKind::ScrollUp => self.scroll(Move::Up),
            _ => {}
        }
        Vec::new()
    }
}
