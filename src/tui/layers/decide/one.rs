//! The questions about one decision: an objection, why it goes ahead or does not, whether it worked.

use crossterm::event::KeyCode;

use super::words;
use crate::incident::command::DecisionCommand;
use crate::incident::decisions::Poll;
use crate::incident::event::Outcome;
use crate::incident::{Command, EntryId};
use crate::tui::layers::ask::Ask;
use crate::tui::layers::asks::who;
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::layers::form::{Form, Part, Values};
use crate::tui::layers::question::{self, order};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};

/// Whether it was gone ahead with.
pub(super) fn went(poll: &Poll) -> bool {
    poll.settled.as_ref().is_some_and(|settled| settled.outcome == Outcome::Go)
}

fn settle(decision: EntryId, outcome: Outcome, reason: &str) -> Command {
    Command::Decision(DecisionCommand::Settle { decision, outcome, reason: reason.to_owned() })
}

/// Ahead with it; against strong objections only with the reason.
pub(super) fn go(poll: &Poll, ctx: &Ctx) -> Vec<Msg> {
    let (id, say) = (poll.id, words::decided(poll, ctx));
    if poll.objections.is_empty() {
        return vec![Msg::Pop, Msg::OrderSaying(settle(id, Outcome::Go, ""), say)];
    }
    let about = format!("{}\nThere are strong objections. Why does it go ahead nevertheless?", poll.proposal);
    let answer = move |reason: &str, ctx: &Ctx| {
        order(settle(id, Outcome::Go, reason), ctx)?;
        Ok(vec![Msg::Pop, Msg::OrderSaying(settle(id, Outcome::Go, reason), say.clone())])
    };
    vec![Msg::Push(Box::new(Ask::new("Go ahead", about, Box::new(answer))))]
}

/// Why it is not done; nothing typed is no reason.
pub(super) fn drop(poll: &Poll, outcome: Outcome) -> Vec<Msg> {
    let id = poll.id;
    let (title, why) = match outcome {
        Outcome::NoGo => ("No go", "Why not?"),
        _ => ("Withdraw the proposal", "Why does it no longer matter?"),
    };
    let about = format!("{}\n{why} Nothing typed: no reason given.", poll.proposal);
    let answer = move |reason: &str, ctx: &Ctx| {
        let mut messages = order(settle(id, outcome, reason), ctx)?;
        messages.insert(0, Msg::Pop);
        Ok(messages)
    };
    vec![Msg::Push(Box::new(Ask::new(title, about, Box::new(answer))))]
}

pub(super) fn object(poll: &Poll, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
    let id = poll.id;
    let parts = vec![
        Part::text("who", "who", ctx.me.as_str()).completing(who::names(ctx, scene)),
        Part::text("what", "objects", "").placeholder("what speaks against it"),
    ];
    let submit = move |values: &Values, ctx: &Ctx| {
        let scene = ctx.scene.ok_or("no incident is open")?;
        let (who, objection) = (who::whom(&values.get("who"), &scene)?, values.get("what"));
        order(Command::Decision(DecisionCommand::Object { decision: id, who, objection }), ctx)
    };
    let form = Form::new("Strong objection", poll.proposal.clone(), parts, Box::new(submit));
    vec![Msg::Push(Box::new(form.verb("write it down").at("what")))]
}

/// Asks whether it worked, then what was seen.
pub fn verify(poll: &Poll) -> Choose {
    let (id, proposal) = (poll.id, poll.proposal.clone());
    let says = [true, false].map(|worked| words::verified(poll, worked));
    let items = vec![Item::new("yes", "it worked").key('y'), Item::new("no", "it did not work").key('n')];
    let chosen = move |index: usize, _: &Ctx| {
        let (worked, say) = (index == 0, says[usize::from(index != 0)].clone());
        let about = format!("{proposal}\nWhat was seen? Nothing typed: no note.");
        let answer = move |note: &str, ctx: &Ctx| {
            let note = note.to_owned();
            let command = Command::Decision(DecisionCommand::Verify { decision: id, worked, note });
            order(command.clone(), ctx)?;
            Ok(vec![Msg::OrderSaying(command, say.clone())])
        };
        let title = if worked { "It worked" } else { "It did not work" };
        vec![Msg::Push(Box::new(Ask::new(title, about, Box::new(answer))))]
    };
    Choose::new("Did it work?", poll.proposal.clone(), items, Box::new(chosen))
}

/// `v` and `U`, on what is decided.
pub(super) fn settled_key(key: KeyCode, poll: &Poll, scene: &Scene) -> Vec<Msg> {
    if !scene.live {
        return question::read_only();
    }
    match key {
        KeyCode::Char('v') if went(poll) => vec![Msg::Push(Box::new(verify(poll)))],
        KeyCode::Char('v') => vec![Msg::Say(Tone::Info, "only what goes ahead can be verified".into())],
        KeyCode::Char('U') if poll.is_open() => vec![Msg::Say(Tone::Info, "it is open".into())],
        KeyCode::Char('U') => {
            vec![Msg::Order(Command::Decision(DecisionCommand::Reopen { decision: poll.id }))]
        }
        _ => Vec::new(),
    }
}
