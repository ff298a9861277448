//! Asks: who, what, back in how long (row B2).
//!
//! `a` opens the form at once, the asks of the incident below it. An ask is said aloud and read back: what to say is told
//! when it is saved. The questions about one ask are in `one`, names in `who`, times in `when`.

mod one;
pub mod when;
pub mod who;

use crossterm::event::KeyCode;

use super::board::{Board, Things};
use super::form::{Form, Part, Values};
use super::question;
use super::step::text::moment;
use crate::incident::asks::Ask;
use crate::incident::command::AskCommand;
use crate::incident::deadline::{Urgency, deadline};
use crate::incident::{Command, EntryId, PersonId, Time};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;
use when::{by_when, left, sentence, spoken};

pub use one::answer;

/// How long somebody has who is not told otherwise.
pub const USUAL: &str = "10m";
/// Lines of an ask that is not selected.
const MOST: usize = 2;

/// The form for a new ask, with the asks there are below it.
pub fn layer(ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    let board = Board::new(Asked, scene);
    if !scene.live {
        return Box::new(board);
    }
    Box::new(board.with_form(form(ctx, scene), false))
}

fn form(ctx: &Ctx, scene: &Scene) -> Form {
    let parts = vec![
        Part::text("who", "who", "")
            .completing(who::names(ctx, scene))
            .help("a name, or a role: scribe is whoever holds it"),
        Part::text("what", "what", "").help("what you need from them"),
        Part::text("back", "back in", USUAL).help(when::FORMS),
    ];
    Form::new("Ask", "", parts, Box::new(submit)).verb("ask")
}

fn submit(values: &Values, ctx: &Ctx) -> Result<Vec<Msg>, String> {
    let scene = ctx.scene.ok_or("no incident is open")?;
    let who = who::whom(&values.get("who"), &scene)?;
    asked(who, &values.get("what"), by_when(&values.get("back"), ctx)?, ctx)
}

/// The order, and what to say aloud when it is saved.
pub fn asked(who: PersonId, what: &str, due: Option<Time>, ctx: &Ctx) -> Result<Vec<Msg>, String> {
    let name = ctx.scene.map_or(who.as_str(), |scene| scene.incident.name_of(&who));
    let by = due.map(|due| spoken(due, ctx.look.zone));
    let words = match (sentence(what) == what, by) {
        (_, None) => sentence(what),
        (true, Some(by)) => format!("{what} Back by {by}."),
        (false, Some(by)) => format!("{what}, back by {by}."),
    };
    let say = format!("{name}: {words} Say it, and have it read back.");
    let command = Command::Ask(AskCommand::Ask { who, what: what.to_owned(), due });
    question::order(command.clone(), ctx)?;
    Ok(vec![Msg::OrderSaying(command, say)])
}

/// The asks of the incident.
struct Asked;

impl Things for Asked {
    fn name(&self) -> &'static str {
        "asks"
    }

    fn title(&self) -> &'static str {
        "Asks"
    }

    fn groups(&self, scene: &Scene) -> Vec<(&'static str, Vec<EntryId>)> {
        let asks = &scene.incident.asks;
        let mut settled: Vec<&Ask> = asks.all().iter().filter(|ask| !ask.is_open()).collect();
        settled.sort_by_key(|ask| std::cmp::Reverse(ask.settled.as_ref().map(|settled| settled.at)));
        let ids = |asks: Vec<&Ask>| asks.into_iter().map(|ask| ask.id).collect();
        vec![("Open", ids(asks.open())), ("Answered or withdrawn", ids(settled))]
    }

    fn lines(&self, id: EntryId, whole: bool, sheet: &mut Sheet, ctx: &Ctx, scene: &Scene) {
        let Some(ask) = scene.incident.asks.get(id) else { return };
        let (row, most) = (sheet.len(), if whole { usize::MAX } else { MOST });
        let (state, meaning) = standing(ask, ctx, scene);
        let columns = sheet.width().saturating_sub(width(&state) + 2);
        let text = format!("{}: {}", scene.incident.name_of(&ask.who), ask.what);
        sheet.say_at_most(0, Meaning::Text, &text, columns, most).right(row, meaning, &state);
        let columns = sheet.width().saturating_sub(2);
        if let Some(said) =
            ask.settled.as_ref().and_then(|settled| settled.answer.as_ref().or(Some(&settled.reason)))
        {
            sheet.say_at_most(2, Meaning::Muted, said, columns, if said.is_empty() { 0 } else { most });
        }
        if whole {
            let asked = moment(ctx.look.zone, ask.at, scene.now);
            sheet.say(2, Meaning::Muted, &format!("asked by {} {asked}", scene.incident.name_of(&ask.by)));
        }
    }

    fn nothing(&self) -> &'static str {
        "Nobody has been asked for anything."
    }

    fn below(&self) -> &'static str {
        "PgDn, or Enter with nothing typed: answer, more time, withdraw"
    }

    fn footer(&self, scene: &Scene, selected: Option<EntryId>) -> &'static str {
        match selected.and_then(|id| scene.incident.asks.get(id)) {
            _ if !scene.live => "Esc: back",
            Some(ask) if ask.is_open() => {
                "Enter: answer   m: more time   w: withdraw   n: new ask   Esc: back"
            }
            Some(_) => "U: open again   n: new ask   Esc: back",
            None => "n: new ask   Esc: back",
        }
    }

    fn key(&self, key: KeyCode, selected: Option<EntryId>, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let act = matches!(key, KeyCode::Enter | KeyCode::Char('m' | 'w' | 'U'));
        let Some(ask) = selected.and_then(|id| scene.incident.asks.get(id)).filter(|_| act) else {
            return Vec::new();
        };
        if !scene.live {
            return question::read_only();
        }
        let asks: Box<dyn Layer> = match (key, ask.is_open()) {
            (KeyCode::Enter, true) => Box::new(answer(ctx, scene, ask)),
            (KeyCode::Char('m'), true) => Box::new(one::more_time(ctx, scene, ask)),
            (KeyCode::Char('w'), true) => Box::new(one::withdraw(scene, ask)),
            (KeyCode::Char('U'), false) => {
                return vec![Msg::Order(Command::Ask(AskCommand::Reopen { ask: ask.id }))];
            }
            (_, true) => return vec![Msg::Say(Tone::Info, "it is open".into())],
            (_, false) => return vec![Msg::Say(Tone::Info, "it is settled: U opens it again".into())],
        };
        vec![Msg::Push(asks)]
    }

    fn opens_form(&self, key: KeyCode) -> bool {
        matches!(key, KeyCode::Char('n' | 'a'))
    }
}

/// What is left of its time, or how it ended.
fn standing(ask: &Ask, ctx: &Ctx, scene: &Scene) -> (String, Meaning) {
    let zone = ctx.look.zone;
    if let Some(settled) = &ask.settled {
        let word = if settled.answer.is_some() { "answered" } else { "withdrawn" };
        return (format!("{word} {}", moment(zone, settled.at, scene.now)), Meaning::Muted);
    }
    let Some(due) = ask.due else { return ("no clock".to_owned(), Meaning::Muted) };
    let clock = deadline(scene.incident, &format!("ask/{}", ask.id), scene.now);
    let heard = clock.is_none_or(|clock| clock.urgency(scene.now) != Urgency::Over);
    left(due, heard, scene.now)
}
