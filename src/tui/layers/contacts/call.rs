//! The call (rows S0.2, S4.15): who, their phone, what to say; and what came of it, written down with one key.
//!
//! Somebody on the ladder is answered by the rung's clock; a call to anybody else becomes a note of the timeline.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::script;
use crate::incident::clocks::Act;
use crate::incident::command::ClockCommand;
use crate::incident::deadline::{Deadline, RungState, What, deadline, receipts, rungs};
use crate::incident::scribe::NoteKind;
use crate::incident::{Command, Incident};
use crate::policy::Contact;
use crate::tui::layer::Layer;
use crate::tui::layers::ask::Ask;
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::layers::keys;
use crate::tui::layers::page::Page;
use crate::tui::layers::question::{ask, order, read_only};
use crate::tui::layers::timers::{acts, said};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

const FOOTER: &str = "r: reached  n: no answer  l: later  y: copy the phone  Esc: back";
const KEYS: keys::Keys = &[
    ("r", "they were reached: what did they say? It ends the call's clock"),
    ("n", "no answer: what happened? Then the next one on the ladder is proposed"),
    ("l", "later: puts the clock off, with a reason"),
    ("y", "copies the phone"),
    ("Esc", "back"),
];
const FOOTER_CONTACT: &str = "r: reached  n: no answer  y: copy the phone  Esc: back";
const FOOTER_REPLAY: &str = "y: copy the phone   Esc: back   (look only)";

/// Who is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Callee {
    who: String,
    contact: Option<Contact>,
    /// The clock that the answer ends.
    clock: Option<String>,
}

impl Callee {
    pub fn of_rung(rung: &RungState) -> Self {
        Self { who: rung.who.clone(), contact: rung.contact.clone(), clock: Some(rung.id.clone()) }
    }

    /// Whoever a clock of the ladder, or of those who are told, is about.
    pub fn of_clock(deadline: &Deadline, ctx: &Ctx, scene: &Scene) -> Self {
        let clock = Some(deadline.id.clone());
        match &deadline.what {
            What::Escalation { who, contact } => Self { who: who.clone(), contact: contact.clone(), clock },
            What::Notify { who } => {
                Self { who: who.clone(), contact: scene.policy(ctx).contact(who).cloned(), clock }
            }
            _ => Self { who: deadline.label.clone(), contact: None, clock },
        }
    }

    /// A contact; on the ladder it is the rung that is answered.
    pub fn of_contact(contact: &Contact, scene: &Scene) -> Self {
        let open = rungs(scene.incident).into_iter().filter(|rung| rung.reached.is_none());
        let rung = open.into_iter().find(|rung| rung.contact.as_ref() == Some(contact));
        rung.map_or_else(
            || Self { who: contact.role.clone(), contact: Some(contact.clone()), clock: None },
            |rung| Self::of_rung(&rung),
        )
    }

    fn level(&self) -> &str {
        self.contact.as_ref().map_or("", |contact| contact.level.as_str())
    }

    fn title(&self) -> String {
        if self.level().is_empty() { self.who.clone() } else { format!("{} ({})", self.who, self.level()) }
    }

    /// Who is tried when this one does not answer: the next rung that is open, else the next level.
    fn next(&self, ctx: &Ctx, scene: &Scene) -> Option<Callee> {
        let rungs = rungs(scene.incident);
        let place = rungs.iter().position(|rung| Some(&rung.id) == self.clock.as_ref());
        if let Some(place) = place {
            let next = rungs[place + 1..].iter().find(|rung| rung.reached.is_none());
            if let Some(next) = next {
                return Some(Self::of_rung(next));
            }
        }
        if self.level().is_empty() {
            return None;
        }
        let above = scene.policy(ctx).contacts.iter().filter(|contact| contact.level.as_str() > self.level());
        above.min_by_key(|contact| contact.level.as_str()).map(|contact| Self::of_contact(contact, scene))
    }

    /// What a call that reached them becomes.
    fn reached(&self, answer: &str) -> Command {
        let answer = if answer.is_empty() { "reached" } else { answer };
        self.answered(answer, |note| ClockCommand::Done { note })
    }

    fn tried(&self, answer: &str) -> Command {
        let answer = if answer.is_empty() { "no answer" } else { answer };
        self.answered(answer, |note| ClockCommand::Tried { note })
    }

    fn answered(&self, answer: &str, act: impl Fn(String) -> ClockCommand) -> Command {
        if let Some(clock) = &self.clock {
            return acts::clock(clock, act(answer.to_owned()));
        }
        let name = self.contact.as_ref().map(|contact| contact.name.as_str());
        let name = name.filter(|name| !name.is_empty()).map(|name| format!(" ({name})")).unwrap_or_default();
        Command::Note { kind: NoteKind::Action, text: format!("called {}{name}: {answer}", self.who) }
    }
}

/// Whoever is next on the ladder, due or not.
pub fn next_rung(scene: &Scene) -> Option<Callee> {
    rungs(scene.incident).iter().find(|rung| rung.reached.is_none()).map(Callee::of_rung)
}

/// Asks how somebody was told; that is the receipt (row S4.5).
pub fn told(clock: &str, who: &str) -> Ask {
    let clock = clock.to_owned();
    let about = format!("{who}: how were they told, and what did they say? Nothing typed: told.");
    ask("Told", &about, move |note| acts::clock(&clock, ClockCommand::Done { note: note.to_owned() }))
}

/// Copies the phone number, else the way to reach them.
pub fn copy(contact: Option<&Contact>) -> Msg {
    let known = contact.map(|contact| if contact.phone.is_empty() { &contact.reach } else { &contact.phone });
    match known.filter(|text| !text.is_empty()) {
        Some(text) => Msg::Copy(text.clone()),
        None => Msg::Say(Tone::Info, "no phone is known here: add it to the policy".to_owned()),
    }
}

pub fn layer(callee: Callee) -> Box<dyn Layer> {
    Box::new(CallLayer { callee, page: Page::default() })
}

struct CallLayer {
    callee: Callee,
    page: Page,
}

impl CallLayer {
    fn sheet(&self, columns: u16, ctx: &Ctx, scene: &Scene) -> Sheet {
        let mut sheet = Sheet::new(columns);
        let contact = self.callee.contact.clone().unwrap_or_default();
        sheet.say(0, Meaning::Title, &self.callee.title());
        if !contact.name.is_empty() {
            sheet.say(0, Meaning::Text, &contact.name);
        }
        // The phone, else the best that is known, where the eye finds it.
        let ways = [&contact.phone, &contact.reach, &contact.available];
        let mut ways = ways.into_iter().map(String::as_str).filter(|text| !text.is_empty());
        let first = ways.next().unwrap_or("how to reach them is not in the policy");
        sheet.gap().say(4, Meaning::Title, first).gap();
        let others = ways.collect::<Vec<_>>().join("; ");
        if !others.is_empty() {
            sheet.say(0, Meaning::Muted, &others);
        }
        sheet.say(0, Meaning::Muted, "Say:");
        for sentence in script::sentences(ctx, scene) {
            sheet.say(2, Meaning::Text, &sentence);
        }
        self.history(&mut sheet, ctx, scene);
        sheet
    }

    /// What came of calls so far.
    fn history(&self, sheet: &mut Sheet, ctx: &Ctx, scene: &Scene) {
        let Some(clock) = &self.callee.clock else { return };
        let (tried, reached) = answers(scene.incident, clock);
        if !tried.is_empty() || reached.is_some() {
            sheet.gap();
        }
        for act in &tried {
            sheet.say(0, Meaning::Warning, &said("tried", act, ctx, scene.now));
        }
        if let Some(act) = reached {
            sheet.say(0, Meaning::Good, &said("reached", &act, ctx, scene.now));
        }
    }

    fn footer(&self, scene: &Scene) -> &'static str {
        match (&self.callee.clock, scene.live) {
            (_, false) => FOOTER_REPLAY,
            (Some(_), true) => FOOTER,
            (None, true) => FOOTER_CONTACT,
        }
    }

    fn answer(&self, letter: char, scene: &Scene) -> Vec<Msg> {
        if !scene.live {
            return read_only();
        }
        match letter {
            'r' => vec![Msg::Push(Box::new(reached(self.callee.clone())))],
            'n' => vec![Msg::Push(Box::new(no_answer(self.callee.clone())))],
            _ => later(&self.callee, scene),
        }
    }
}

/// Calls in vain and the answer, of a rung or of somebody who is told.
fn answers(incident: &Incident, clock: &str) -> (Vec<Act>, Option<Act>) {
    if let Some(rung) = rungs(incident).into_iter().find(|rung| rung.id == clock) {
        return (rung.tried, rung.reached);
    }
    let tried = incident.clocks.get(clock).map(|state| state.tried.clone()).unwrap_or_default();
    let told = receipts(incident).into_iter().find(|receipt| receipt.id == clock);
    (tried, told.and_then(|receipt| receipt.told))
}

/// Asks what they said; then the call is over.
fn reached(callee: Callee) -> Ask {
    let about = format!("{}: what did they say? Nothing typed: reached.", callee.who);
    let answer = move |text: &str, ctx: &Ctx| {
        let mut messages = order(callee.reached(text), ctx)?;
        messages.push(Msg::Pop);
        Ok(messages)
    };
    Ask::new("Reached", about, Box::new(answer))
}

/// Asks what happened; then the next level is proposed.
fn no_answer(callee: Callee) -> Ask {
    let about = format!("{}: what happened?", callee.who);
    let answer = move |text: &str, ctx: &Ctx| {
        let mut messages = order(callee.tried(text), ctx)?;
        messages.push(Msg::Pop);
        let next = ctx.scene.and_then(|scene| callee.next(ctx, &scene));
        messages.push(next.map_or_else(nobody, |next| Msg::Push(Box::new(propose(&callee.who, next)))));
        Ok(messages)
    };
    Ask::new("No answer", about, Box::new(answer)).with("no answer")
}

fn nobody() -> Msg {
    Msg::Say(Tone::Warning, "nobody above them is known: who else can decide?".to_owned())
}

fn propose(who: &str, next: Callee) -> Choose {
    let items = vec![
        Item::new("call", format!("call {} now", next.title())).key('y'),
        Item::new("not now", "the clock of the ladder goes on").key('n'),
    ];
    let about = format!("{who} does not answer. Next on the ladder: {}.", next.title());
    let chosen = move |index: usize, _: &Ctx| match index {
        0 => vec![Msg::Push(layer(next.clone()))],
        _ => Vec::new(),
    };
    Choose::new("Escalate further?", about, items, Box::new(chosen))
}

/// Puts the clock off, with a reason.
fn later(callee: &Callee, scene: &Scene) -> Vec<Msg> {
    let running = callee.clock.as_ref().and_then(|clock| deadline(scene.incident, clock, scene.now));
    let text = "no clock runs for them: nothing to put off";
    match running {
        Some(running) => vec![Msg::Push(Box::new(acts::put_off(&running.id, &running.label)))],
        None => vec![Msg::Say(Tone::Info, text.to_owned())],
    }
}

impl Layer for CallLayer {
    fn name(&self) -> &'static str {
        "call"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let sheet = self.sheet(self.page.width(screen), ctx, &scene);
        self.page.draw("Call", self.footer(&scene), &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            KeyCode::Esc | KeyCode::Char('q') => vec![Msg::Pop],
            KeyCode::Char('?') => keys::show("Keys: call", KEYS),
            KeyCode::Char('y') if plain => vec![copy(self.callee.contact.as_ref())],
            KeyCode::Char(letter @ ('r' | 'n' | 'l')) if plain => self.answer(letter, &scene),
            _ => {
                self.page.key(key, ctx);
                Vec::new()
            }
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        self.page.mouse(mouse);
        Vec::new()
    }
}
