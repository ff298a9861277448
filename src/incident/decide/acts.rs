//! The acts of command: asks, decisions, hypotheses, and what is done to a clock.

use super::{Context, Decision, one, refuse, required, required_line, short, who_is_named};
use crate::incident::command::{AskCommand, ClockCommand, DecisionCommand};
use crate::incident::deadline::{Deadline, What, deadline, receipts};
use crate::incident::event::{
    AskEvent, ClockEvent, DecisionEvent, Event, HypothesisEvent, Outcome, UpdateEvent, Verdict,
};
use crate::incident::ids::{EntryId, PersonId};
use crate::incident::state::Incident;
use crate::incident::time::Time;

pub(super) fn decide_ask(incident: &Incident, command: &AskCommand, context: Context) -> Decision {
    let event = match command {
        AskCommand::Ask { who, what, due } => {
            who_is_named(who)?;
            let what = required_line(what, "the ask is empty", "say what you need from them")?;
            due.map_or(Ok(()), |due| in_future(due, context))?;
            AskEvent::Asked { who: who.clone(), what, due: *due }
        }
        AskCommand::Answer { ask, answer } => {
            open_ask(incident, *ask)?;
            let answer = required(answer, "the answer is empty", "type what they said, or withdraw the ask")?;
            AskEvent::Answered { ask: *ask, answer }
        }
        AskCommand::Move { ask, due, reason } => {
            open_ask(incident, *ask)?;
            in_future(*due, context)?;
            AskEvent::Moved { ask: *ask, due: *due, reason: short(reason)? }
        }
        AskCommand::Withdraw { ask, reason } => {
            open_ask(incident, *ask)?;
            AskEvent::Withdrawn { ask: *ask, reason: short(reason)? }
        }
        AskCommand::Reopen { ask } => {
            let settled = incident.asks.get(*ask).is_some_and(|ask| !ask.is_open());
            if !settled {
                return refuse("that ask is not answered or withdrawn", "");
            }
            AskEvent::Reopened { ask: *ask }
        }
    };
    one(Event::Ask(event))
}

fn open_ask(incident: &Incident, id: EntryId) -> Result<(), super::Refusal> {
    match incident.asks.get(id) {
        Some(ask) if ask.is_open() => Ok(()),
        Some(_) => refuse("that ask is settled already", "ask again"),
        None => refuse("there is no such ask", "list them with `warroom ask`"),
    }
}

pub(super) fn in_future(time: Time, context: Context) -> Result<(), super::Refusal> {
    if time > context.now { Ok(()) } else { refuse("that time has passed", "give one to come, such as 10m") }
}

pub(super) fn decide_poll(incident: &Incident, command: &DecisionCommand, context: Context) -> Decision {
    let event = match command {
        DecisionCommand::Propose { proposal, risk, rollback, verify_by } => {
            let proposal = required(proposal, "the proposal is empty", "say what is to be done")?;
            verify_by.map_or(Ok(()), |by| in_future(by, context))?;
            let (risk, rollback) = (short(risk)?, short(rollback)?);
            DecisionEvent::Proposed { proposal, risk, rollback, verify_by: *verify_by }
        }
        DecisionCommand::Object { decision, who, objection } => {
            open_poll(incident, *decision)?;
            who_is_named(who)?;
            let objection = required(objection, "the objection is empty", "say what speaks against it")?;
            DecisionEvent::Objected { decision: *decision, who: who.clone(), objection }
        }
        DecisionCommand::Settle { decision, outcome, reason } => {
            let poll = open_poll(incident, *decision)?;
            let reason = short(reason)?;
            if *outcome == Outcome::Go && !poll.objections.is_empty() && reason.is_empty() {
                return refuse("there are strong objections", "say why it goes ahead nevertheless");
            }
            DecisionEvent::Settled { decision: *decision, outcome: *outcome, reason }
        }
        DecisionCommand::Verify { decision, worked, note } => {
            let poll = incident.polls.get(*decision);
            let went = poll.and_then(|poll| poll.settled.as_ref());
            if went.is_none_or(|settled| settled.outcome != Outcome::Go) {
                return refuse("that was not decided", "only what goes ahead can be verified");
            }
            DecisionEvent::Verified { decision: *decision, worked: *worked, note: short(note)? }
        }
        DecisionCommand::Reopen { decision } => {
            if incident.polls.get(*decision).is_none_or(|poll| poll.is_open()) {
                return refuse("that decision is open", "");
            }
            DecisionEvent::Reopened { decision: *decision }
        }
    };
    one(Event::Decision(event))
}

fn open_poll(incident: &Incident, id: EntryId) -> Result<&crate::incident::decisions::Poll, super::Refusal> {
    match incident.polls.get(id) {
        Some(poll) if poll.is_open() => Ok(poll),
        Some(_) => refuse("that is decided already", "propose anew, or undo the decision"),
        None => refuse("there is no such proposal", "list them with `warroom decide`"),
    }
}

pub(super) fn decide_judge(
    incident: &Incident,
    id: EntryId,
    verdict: Verdict,
    who: Option<&PersonId>,
    evidence: &str,
) -> Decision {
    let Some(hypothesis) = incident.hypotheses.get(id) else {
        return refuse("there is no such hypothesis", "write one with a ? before it");
    };
    let evidence = short(evidence)?;
    if verdict == Verdict::RuledOut && evidence.is_empty() {
        return refuse("ruling it out needs the evidence", "say what speaks against it");
    }
    if verdict == hypothesis.verdict && evidence.is_empty() && who.is_none() {
        return refuse(format!("it is {} already", verdict.name()), "");
    }
    let who = who.filter(|who| !who.is_empty()).cloned();
    one(Event::Hypothesis(HypothesisEvent::Judged { hypothesis: id, verdict, who, evidence }))
}

pub(super) fn decide_clock(incident: &Incident, id: &str, act: &ClockCommand, context: Context) -> Decision {
    if let ClockCommand::Restart { reason } = act {
        return restart(incident, id, reason);
    }
    let Some(running) = deadline(incident, id, context.now) else {
        return without_clock(incident, id, act);
    };
    let Deadline { label, quiet, .. } = running.clone();
    let clock = id.to_owned();
    one(Event::Clock(match act {
        ClockCommand::RunOut { due } => {
            if running.rings_at() != *due || running.has_rung() {
                return refuse("that clock has been set anew, or has rung", "");
            }
            ClockEvent::RanOut { clock, label, due: *due, quiet }
        }
        ClockCommand::Acknowledge => {
            if !running.is_over(context.now) {
                return refuse(
                    "it has not run out yet",
                    "put it off, with a reason, where it should not ring",
                );
            }
            if running.acknowledged.is_some() {
                return refuse("it is acknowledged already", "");
            }
            ClockEvent::Acknowledged { clock, label }
        }
        ClockCommand::Snooze { until, reason } => {
            in_future(*until, context)?;
            let reason = required_line(reason, "putting a clock off needs a reason", "say why it can wait")?;
            ClockEvent::Snoozed { clock, label, until: *until, reason }
        }
        ClockCommand::Done { note } => {
            let done = Event::Clock(ClockEvent::Done { clock, label, note: short(note)? });
            return finished(incident, &running.what, done, context);
        }
        ClockCommand::Tried { note } => {
            let note =
                required_line(note, "nothing is said of the try", "say what happened, such as: no answer")?;
            ClockEvent::Tried { clock, label, note }
        }
        ClockCommand::Restart { .. } => return refuse("it is running", ""),
    }))
}

/// What is still open goes on counting, and an audience that was told in another way is promised the next word.
fn finished(incident: &Incident, what: &What, done: Event, context: Context) -> Decision {
    let still_open = |why: &str, ends: &str| refuse(why, ends);
    match what {
        What::Ask { .. } => still_open("that ask has no answer", "answer it, move it or withdraw it"),
        What::Verify { .. } => {
            still_open("that decision is not verified", "verify it: say whether it worked")
        }
        What::Offer { .. } => still_open("that role is still offered", "accept or decline the offer"),
        What::Approval { .. } => still_open("that update still waits", "approve or reject it"),
        What::FollowUp { .. } => still_open("that follow-up is open", "close it, or give it another day"),
        What::Update { audience } if !incident.status.is_over() => {
            let next = Some(super::updates::usual_next(incident, audience, context));
            Ok(vec![done, Event::Update(UpdateEvent::Due { audience: audience.clone(), next })])
        }
        _ => one(done),
    }
}

/// Somebody without a clock can be told, too.
fn without_clock(incident: &Incident, id: &str, act: &ClockCommand) -> Decision {
    let receipt = receipts(incident).into_iter().find(|receipt| receipt.id == id && receipt.told.is_none());
    match (receipt, act) {
        (Some(receipt), ClockCommand::Done { note }) => one(Event::Clock(ClockEvent::Done {
            clock: receipt.id,
            label: format!("tell {}", receipt.who),
            note: short(note)?,
        })),
        _ if incident.clocks.is_done(id) => refuse("that clock was answered already", ""),
        _ => refuse(format!("no clock {id:?} runs"), "list them with `warroom clock`"),
    }
}

fn restart(incident: &Incident, id: &str, reason: &str) -> Decision {
    let state = incident.clocks.get(id);
    let changed = state.filter(|state| state.was_touched());
    let Some(state) = changed else { return refuse("nothing was done to that clock", "") };
    let (clock, label, reason) = (id.to_owned(), state.label.clone(), short(reason)?);
    one(Event::Clock(ClockEvent::Restarted { clock, label, reason }))
}
