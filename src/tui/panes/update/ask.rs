//! The questions of the update pane. Each answers with an [`Edit`] for the pane, or with an order.

use super::{Edit, told};
use crate::incident::Command;
use crate::incident::words::Word;
use crate::report::history::history;
use crate::report::update::{Kind, Message, NextUpdate};
use crate::tui::layers::ask::Ask;
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};

/// The audience of which each affected team is one.
const TEAM: &str = "team";

/// Who is told: the policy's audiences, each affected team, those that were told before, or any other.
pub(super) fn audience(ctx: &Ctx, scene: &Scene, now: &str) -> Choose {
    let lines = history(scene.incident, scene.outbox, scene.policy(ctx), scene.now);
    let mut names: Vec<(String, String)> = lines
        .iter()
        // The audience of all teams stands for none of them.
        .filter(|line| line.audience != TEAM || line.last.is_some())
        .map(|line| (line.audience.clone(), told::choice(line, scene, ctx.look.zone)))
        .collect();
    if !names.iter().any(|(name, _)| name == now) {
        names.push((now.to_owned(), String::new()));
    }
    let selected = names.iter().position(|(name, _)| name == now).unwrap_or(0);
    let digits = (1..=9).filter_map(|digit| char::from_digit(digit, 10));
    let mut items: Vec<Item> = names.iter().map(|(name, about)| Item::new(name, about)).collect();
    for (item, digit) in items.iter_mut().zip(digits) {
        item.key = Some(digit);
    }
    items.push(Item::new("another", "a team, a customer, a channel").key('+'));
    let chosen = move |index: usize, _: &Ctx| match names.get(index) {
        Some((name, _)) => vec![Msg::Composer(Edit::Audience(name.clone()))],
        None => vec![Msg::Push(Box::new(other_audience()))],
    };
    Choose::new("Update to", "", items, Box::new(chosen)).at(selected)
}

fn other_audience() -> Ask {
    let answer = |text: &str, _: &Ctx| match text.is_empty() {
        true => Err("type a name, such as finance".to_owned()),
        false => Ok(vec![Msg::Composer(Edit::Audience(text.to_owned()))]),
    };
    Ask::new("Update to", "Who is told? A customer, a channel, or a team as team/NAME.", Box::new(answer))
}

/// What kind of message it is; the usual one is selected.
pub(super) fn kind(message: &Message) -> Choose {
    let selected = KINDS.iter().position(|(kind, ..)| *kind == message.kind).unwrap_or(0);
    let items =
        KINDS.iter().zip('1'..).map(|((_, name, about), key)| Item::new(*name, *about).key(key)).collect();
    let chosen = |index: usize, _: &Ctx| {
        KINDS.get(index).map(|(kind, ..)| Msg::Composer(Edit::Kind(*kind))).into_iter().collect()
    };
    Choose::new(format!("Message to {}", message.audience), "", items, Box::new(chosen)).at(selected)
}

const KINDS: [(Kind, &str, &str); 4] = [
    (Kind::FirstNotice, "first notice", "that it runs, what is felt, who commands, when to look again"),
    (Kind::Update, "update", "what is known, felt, done and next since the last one"),
    (Kind::Resolution, "resolution", "that it is over: how long, whom, which data, why"),
    (Kind::Can, "CAN report", "conditions, actions, needs: half a minute to read"),
];

pub(super) fn word(now: Word) -> Choose {
    let items = Word::ALL
        .iter()
        .zip('1'..)
        .map(|(word, key)| Item::new(word.name(), about(*word)).key(key))
        .collect();
    let selected = Word::ALL.iter().position(|word| *word == now).unwrap_or(0);
    let chosen = |index: usize, _: &Ctx| {
        Word::ALL.get(index).map(|word| Msg::Composer(Edit::Word(*word))).into_iter().collect()
    };
    Choose::new("Status in this update", "", items, Box::new(chosen)).at(selected)
}

const fn about(word: Word) -> &'static str {
    match word {
        Word::Investigating => "the cause is being looked for",
        Word::Identified => "the cause is known",
        Word::Resolving => "a fix is being carried out",
        Word::Monitoring => "the fix is in and is being watched",
        Word::Resolved => "it is over; fills in the last update",
    }
}

/// When the next update comes. With no text at hand it moves the running clock of the audience.
pub(super) fn next(audience: &str, moves_clock: bool) -> Ask {
    let about = format!("When is the next update to {audience} due? 30m, 1h, 14:30, usual, or none.");
    let audience = audience.to_owned();
    let answer = move |text: &str, ctx: &Ctx| {
        let next = NextUpdate::parse(text, ctx.now, ctx.look.zone)?;
        if !moves_clock {
            return Ok(vec![Msg::Composer(Edit::Next(next))]);
        }
        let usual = match &ctx.scene {
            Some(scene) => scene.policy(ctx).next_update(&audience, scene.incident.severity.as_deref()),
            None => ctx.policy.next_update(&audience, None),
        };
        let next = next.due(usual, ctx.now);
        Ok(vec![Msg::Order(Command::UpdateDue { audience: audience.clone(), next })])
    };
    Ask::new("Next update", about, Box::new(answer))
}

/// Whether a text may be replaced by what is filled in.
pub(super) fn replace(text: &str) -> Choose {
    let lines = text.lines().count();
    let about = format!("There are {lines} lines of yours. Filling in puts the template in their place.");
    let items = vec![
        Item::new("keep", "leave the text as it is").key('y'),
        Item::new("replace", "copy the text to the clipboard and fill in anew").key('r'),
    ];
    let text = text.to_owned();
    let chosen = move |index: usize, _: &Ctx| match index {
        1 => vec![Msg::Copy(text.clone()), Msg::Composer(Edit::Prefill)],
        _ => Vec::new(),
    };
    Choose::new("Fill in?", about, items, Box::new(chosen))
}
