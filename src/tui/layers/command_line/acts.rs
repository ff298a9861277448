//! The verbs of command and of the ledgers: what their arguments mean. Pure, but for the policies that `policy` names.

use super::verbs::{Parsed, cut, needed, order};
use crate::config::shipped;
use crate::incident::command::{ClockCommand, FollowUpCommand, ImpactCommand};
use crate::incident::deadline::{Deadline, Urgency, What, deadlines};
use crate::incident::event::{FollowUp, Harm, ImpactChange};
use crate::incident::{Command, Span, Time};
use crate::tui::layers::asks::when::by_when;
use crate::tui::layers::asks::who::whom;
use crate::tui::layers::{asks, causes, decide};
use crate::tui::scene::{Ctx, Scene};

/// What the call did not reach.
const NO_ANSWER: &str = "no answer";
/// The words after a dataset that are not a harm.
pub(super) const CONTAINED: &str = "contained";
pub(super) const RECOVERED: &str = "recovered";

fn scene<'a>(ctx: &Ctx<'a>) -> Result<Scene<'a>, String> {
    ctx.scene.ok_or_else(|| "no incident is open: open or declare one first".to_owned())
}

/// One of these verbs; `None`: it is another.
pub(super) fn parse(verb: &str, rest: &str, ctx: &Ctx) -> Option<Parsed> {
    Some(match verb {
        "ask" => ask(rest, ctx),
        "decide" => propose(rest, ctx),
        "cause" => needed(verb, rest).and_then(|text| order(causes::opened(&text), ctx)),
        "impact" => impact(rest, ctx),
        "followup" => follow_up(rest, ctx),
        "heard" => heard(rest, ctx),
        "snooze" => snooze(rest, ctx),
        "escalate" => escalate(rest, ctx),
        "private" => private(rest, ctx),
        "policy" => policy(rest, ctx),
        _ => return None,
    })
}

fn ask(rest: &str, ctx: &Ctx) -> Parsed {
    let (who, rest) = cut(rest);
    let (first, after) = cut(rest);
    let (back, what) = if Span::parse(first).is_some() { (first, after) } else { (asks::USUAL, rest) };
    needed("ask", what)?;
    asks::asked(whom(who, &scene(ctx)?)?, what, by_when(back, ctx)?, ctx)
}

fn propose(rest: &str, ctx: &Ctx) -> Parsed {
    let (proposal, none) = (needed("decide", rest)?, String::new());
    scene(ctx)?;
    decide::proposed(proposal, none.clone(), none, by_when(decide::USUAL, ctx)?, ctx)
}

fn impact(rest: &str, ctx: &Ctx) -> Parsed {
    let (dataset, rest) = cut(rest);
    let (words, text) = cut(rest);
    needed("impact", words)?;
    let text = Some(text.to_owned()).filter(|text| !text.is_empty());
    let change = ImpactChange { dataset: dataset.to_owned(), ..ImpactChange::default() };
    let change = match words {
        CONTAINED => ImpactChange { contained: Some(ctx.now), note: text, ..change },
        RECOVERED => ImpactChange { recovered: Some(ctx.now), how: text, ..change },
        _ => {
            let kinds =
                words.split(',').filter(|word| !word.is_empty()).map(harm).collect::<Result<_, _>>()?;
            ImpactChange { kinds: Some(kinds), note: text, ..change }
        }
    };
    order(Command::Impact(ImpactCommand::Record(change)), ctx)
}

fn harm(word: &str) -> Result<Harm, String> {
    let names = Harm::ALL.map(Harm::name);
    let known = Harm::ALL.into_iter().find(|harm| harm.name() == word);
    known.ok_or_else(|| format!("{word:?}: use {}, {CONTAINED} or {RECOVERED}", names.join(", ")))
}

fn follow_up(rest: &str, ctx: &Ctx) -> Parsed {
    let (first, after) = cut(rest);
    let owner = first.strip_prefix('@').map(|name| whom(name, &scene(ctx)?)).transpose()?;
    let text = needed("followup", if owner.is_some() { after } else { rest })?;
    order(Command::FollowUp(FollowUpCommand::Open(FollowUp { text, owner, ..FollowUp::default() })), ctx)
}

fn clock(deadline: &Deadline, act: ClockCommand, ctx: &Ctx) -> Parsed {
    order(Command::Clock { clock: deadline.id.clone(), act }, ctx)
}

/// Without a name the one that ran out first.
fn heard(rest: &str, ctx: &Ctx) -> Parsed {
    let now = scene(ctx)?.now;
    let over = |deadline: &&Deadline| deadline.urgency(now) == Urgency::Over;
    let all = deadlines(scene(ctx)?.incident, now);
    let deadline = match rest {
        "" => all.iter().find(over).ok_or("no clock has run out that was not heard")?,
        name => named(&all, name)?,
    };
    clock(deadline, ClockCommand::Acknowledge, ctx)
}

fn snooze(rest: &str, ctx: &Ctx) -> Parsed {
    let (name, rest) = cut(rest);
    let (until, reason) = cut(rest);
    needed("snooze", until)?;
    let all = deadlines(scene(ctx)?.incident, scene(ctx)?.now);
    let until: Time = by_when(until, ctx)?.ok_or("say until when, such as 10m or 14:20")?;
    clock(named(&all, name)?, ClockCommand::Snooze { until, reason: reason.to_owned() }, ctx)
}

/// The clock of that name; the error says which there are.
fn named<'a>(all: &'a [Deadline], name: &str) -> Result<&'a Deadline, String> {
    let labels =
        |some: &[&Deadline]| some.iter().map(|one| one.label.as_str()).collect::<Vec<_>>().join(", ");
    let found: Vec<&Deadline> = all.iter().filter(|deadline| deadline.is_named(name)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] if all.is_empty() => Err("no clock runs".to_owned()),
        [] => Err(format!("no clock {name:?} runs: there is {}", labels(&all.iter().collect::<Vec<_>>()))),
        several => Err(format!("{name:?} may be {}", labels(several))),
    }
}

/// Whoever was called answered, or did not.
fn escalate(rest: &str, ctx: &Ctx) -> Parsed {
    let all = deadlines(scene(ctx)?.incident, scene(ctx)?.now);
    let rungs: Vec<(&str, &Deadline)> = all.iter().filter_map(rung).collect();
    let whole = rungs.iter().find(|(name, _)| rest.to_lowercase().starts_with(&name.to_lowercase()));
    let (typed, answer) = match whole {
        Some((name, _)) => rest.split_at_checked(name.len()).unwrap_or((rest, "")),
        None => cut(rest),
    };
    let note = needed("escalate", answer.trim())?;
    let called = |(name, _): &&(&str, &Deadline)| name.to_lowercase().contains(&typed.to_lowercase());
    let Some((_, deadline)) = rungs.iter().find(called) else {
        let names: Vec<&str> = rungs.iter().map(|(name, _)| *name).collect();
        let there = if names.is_empty() { "nobody is to be called now".into() } else { names.join(", ") };
        return Err(format!("{typed:?} is not on the ladder now: {there}"));
    };
    let act = match note.to_lowercase().starts_with(NO_ANSWER) {
        true => ClockCommand::Tried { note },
        false => ClockCommand::Done { note },
    };
    clock(deadline, act, ctx)
}

/// Who is called when this clock runs out.
pub(super) fn rung(deadline: &Deadline) -> Option<(&str, &Deadline)> {
    match &deadline.what {
        What::Escalation { who, .. } => Some((who.as_str(), deadline)),
        _ => None,
    }
}

fn private(rest: &str, ctx: &Ctx) -> Parsed {
    let (word, reason) = cut(rest);
    let on = match word {
        "on" => true,
        "off" => false,
        _ => return Err("private on [REASON] or private off REASON".to_owned()),
    };
    order(Command::Private { on, reason: reason.to_owned() }, ctx)
}

fn policy(rest: &str, ctx: &Ctx) -> Parsed {
    let names: Vec<&str> = rest.split([' ', ',']).filter(|name| !name.is_empty()).collect();
    needed("policy", rest)?;
    order(Command::Pin(shipped::pinned_policy(ctx.paths, &names)?), ctx)
}
