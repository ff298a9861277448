//! Undo: the compensating entry. Nothing is ever taken out of the log.

use super::{
    Context, Decision, Refusal, acts, decide_detach, decide_mark, decide_restore, decide_retract,
    decide_step, one, records, refuse, short,
};
use crate::incident::clocks::Snooze;
use crate::incident::command::{AskCommand, ClockCommand, DecisionCommand, FollowUpCommand, StepCommand};
use crate::incident::event::{
    AskEvent, ClockEvent, DecisionEvent, Event, FollowUpEvent, HypothesisEvent, ImpactChange, ImpactEvent,
    IncidentEvent, NoteEvent, Outcome, PlaybookEvent, RoleEvent, SeverityEvent, StatusEvent, StepAct,
    StepEvent, UpdateEvent, Verdict,
};
use crate::incident::ids::EntryId;
use crate::incident::state::Incident;
use crate::incident::time::Time;
use crate::incident::words::Status;

/// The entry that takes another one back. History stays.
pub(super) fn decide_undo(
    incident: &Incident,
    entry: EntryId,
    event: &Event,
    reason: &str,
    context: Context,
) -> Decision {
    let said = short(reason)?;
    let reason = if said.is_empty() { "undone".to_owned() } else { said.clone() };
    let undone = match event {
        Event::Note(NoteEvent::Written { .. }) => return decide_retract(incident, entry, "undone"),
        Event::Note(NoteEvent::Retracted { target, .. }) => return decide_restore(incident, *target),
        Event::Note(NoteEvent::Restored { target }) => return decide_retract(incident, *target, "undone"),
        Event::Note(NoteEvent::Marked { target, on }) => return decide_mark(incident, *target, !on),
        Event::Step(step) => return undo_step(incident, entry, step),
        Event::Role(role) => Event::Role(undo_role(incident, entry, role)?),
        Event::Severity(SeverityEvent::Set { from, to, .. }) => {
            Event::Severity(undo_severity(incident, entry, from.as_deref(), to, reason)?)
        }
        Event::Status(StatusEvent::Moved { from, to, .. }) => {
            still(incident.status == *to && incident.statuses.last().is_some_and(|turn| turn.id == entry))?;
            // Back to an end is an end: it has the same guards.
            if from.is_over() && !to.is_over() && said.is_empty() {
                return super::unverified(*to);
            }
            if *from == Status::Closed {
                super::closable(incident, &said)?;
            }
            Event::Status(StatusEvent::Moved { from: *to, to: *from, reason })
        }
        Event::Incident(IncidentEvent::Private { on, .. }) => {
            still(incident.is_private() == *on)?;
            return super::decide_private(incident, !on, if *on { &said } else { &reason });
        }
        Event::Incident(incident_event) => Event::Incident(undo_incident(incident, entry, incident_event)?),
        Event::Ask(ask) => return undo_ask(incident, entry, ask, context),
        Event::Decision(decision) => return undo_poll(incident, entry, decision, reason, context),
        Event::Hypothesis(HypothesisEvent::Judged { hypothesis, .. }) => {
            Event::Hypothesis(undo_judgement(incident, entry, *hypothesis)?)
        }
        Event::Clock(clock) => return undo_clock(incident, clock, reason, context),
        Event::Impact(ImpactEvent::Recorded(change)) => {
            let holds = incident.ledger.get(&change.dataset);
            still(holds.is_some_and(|line| line.changes.iter().any(|change| change.entry == entry)))?;
            let dataset = change.dataset.clone();
            let change = ImpactChange { dataset, undoes: Some(entry), ..ImpactChange::default() };
            Event::Impact(ImpactEvent::Recorded(Box::new(change)))
        }
        Event::FollowUp(follow_up) => return undo_follow_up(incident, entry, follow_up, reason),
        Event::Playbook(PlaybookEvent::Attached { .. }) => return decide_detach(incident, entry, "undone"),
        Event::Update(UpdateEvent::Sent(_)) => {
            return refuse(
                "an update that was sent cannot be taken back",
                "send a correction to the same audience",
            );
        }
        _ => return refuse("that entry has no undo", "write a note that puts it right"),
    };
    one(undone)
}

/// The turn that had set `severity` before `entry` changed it: its clocks count on, as if nothing had slipped.
fn set_before(incident: &Incident, entry: EntryId, severity: &str) -> Option<EntryId> {
    let before = incident.severities.iter().take_while(|turn| turn.id != entry);
    before.filter(|turn| turn.to == severity).last().map(|turn| turn.id)
}

fn still(holds: bool) -> Result<(), Refusal> {
    if holds { Ok(()) } else { refuse("it has changed since", "change it again by hand") }
}

fn undo_severity(
    incident: &Incident,
    entry: EntryId,
    from: Option<&str>,
    to: &str,
    reason: String,
) -> Result<SeverityEvent, Refusal> {
    still(incident.severities.last().is_some_and(|last| last.id == entry && last.to == to))?;
    Ok(match from {
        Some(from) => SeverityEvent::Set {
            from: Some(to.to_owned()),
            to: from.to_owned(),
            reason,
            restores: set_before(incident, entry, from),
        },
        None => SeverityEvent::Cleared { from: to.to_owned(), reason },
    })
}

/// Only what holds now can be taken back; what happened (a call, a ring) stays.
fn undo_clock(incident: &Incident, event: &ClockEvent, reason: String, context: Context) -> Decision {
    let id = event.clock();
    let state = incident.clocks.get(id);
    let done = state.and_then(|state| state.done.as_ref());
    let snoozed = state.and_then(|state| state.snoozed.as_ref());
    let holds = match event {
        ClockEvent::Done { note, .. } => done.is_some_and(|done| done.note == *note),
        ClockEvent::Snoozed { until, reason, .. } => {
            let same = |snooze: &Snooze| snooze.until == *until && snooze.reason == *reason;
            done.is_none() && snoozed.is_some_and(same)
        }
        ClockEvent::Acknowledged { .. } => {
            done.is_none() && state.is_some_and(|state| state.acknowledged.is_some())
        }
        ClockEvent::Tried { .. } => {
            return refuse("a call that was tried stays", "write a note that puts it right");
        }
        ClockEvent::RanOut { .. } => {
            return refuse("time that ran out stays", "put the clock off, or answer it");
        }
        ClockEvent::Restarted { .. } => return refuse("that clock counts again", "answer it, or put it off"),
    };
    still(holds)?;
    let restart = ClockCommand::Restart { reason };
    let mut events = acts::decide_clock(incident, id, &restart, context)?;
    let undoes_snooze = matches!(event, ClockEvent::Snoozed { .. });
    // Restarted, a clock forgets everything: that it was put off before still holds.
    if let Some(snooze) = snoozed.filter(|snooze| !undoes_snooze && snooze.until > context.now) {
        let (clock, label) = (id.to_owned(), state.map(|state| state.label.clone()).unwrap_or_default());
        let (until, reason) = (snooze.until, snooze.reason.clone());
        events.push(Event::Clock(ClockEvent::Snoozed { clock, label, until, reason }));
    }
    if let (ClockEvent::Done { .. }, Some((audience, due))) = (event, promised(id)) {
        // "Done" had promised the next word: the promise before it holds again, unless something was said since.
        let since = done.map(|done| done.at);
        still(incident.last_update(audience).map(|update| update.at) <= since)?;
        events.push(Event::Update(UpdateEvent::Due { audience: audience.to_owned(), next: Some(due) }));
    }
    Ok(events)
}

/// The audience of a clock of an update that was promised, and when.
fn promised(clock: &str) -> Option<(&str, Time)> {
    let (audience, due) = clock.strip_prefix("update/")?.rsplit_once('/')?;
    Some((audience, Time::from_ms(due.parse().ok()?)))
}

fn undo_step(incident: &Incident, entry: EntryId, event: &StepEvent) -> Decision {
    use super::super::checklist::Progress;
    let Some(run) = incident.run(event.run) else {
        return refuse("no such playbook is attached", "attach one");
    };
    let made = match &event.act {
        StepAct::Ticked => Progress::Done,
        StepAct::Started => Progress::Started,
        StepAct::Reopened => Progress::Open,
        StepAct::Skipped { .. } => Progress::Skipped,
        StepAct::Assigned { who } => {
            let state = run.steps.get(&event.step);
            still(state.is_some_and(|state| state.owner == *who))?;
            let before = state.and_then(|state| state.changes.iter().find(|change| change.entry == entry));
            let act = StepAct::Assigned { who: before.and_then(|before| before.owner.clone()) };
            return one(Event::Step(StepEvent { act, ..event.clone() }));
        }
        StepAct::Noted { .. } => return refuse("a note on a step stays", "add another note"),
        StepAct::Added { .. } => {
            return decide_step(
                incident,
                run.id,
                &event.step,
                &StepCommand::Skip { reason: "undone".into() },
            );
        }
    };
    still(run.progress(&event.step) == made)?;
    let acts = run.restoring(entry);
    still(!acts.is_empty())?;
    Ok(acts.into_iter().map(|(step, act)| Event::Step(StepEvent { run: run.id, step, act })).collect())
}

fn undo_role(incident: &Incident, entry: EntryId, event: &RoleEvent) -> Result<RoleEvent, Refusal> {
    match event {
        RoleEvent::Assigned { role, who, from, .. } => {
            still(incident.roles.held_since(role, who, from.as_ref(), entry))?;
            let (role, who) = (role.clone(), who.clone());
            Ok(match from {
                Some(former) => super::roles::assigned(role, former.clone(), Some(who)),
                None => RoleEvent::Released { role, who, reason: "undone".into() },
            })
        }
        RoleEvent::Released { role, who, .. } => {
            let many = super::super::roles::duty(role).is_none_or(|duty| duty.many);
            still(many || incident.roles.holder(role).is_none())?;
            Ok(super::roles::assigned(role.clone(), who.clone(), None))
        }
        RoleEvent::Defined { .. } => refuse("a role that was defined stays", ""),
        RoleEvent::Offered { role, .. } => {
            let offer = incident.roles.offers().iter().find(|offer| offer.role == *role && offer.id == entry);
            let offer =
                offer.ok_or_else(|| Refusal::new("it has changed since", "change it again by hand"))?;
            Ok(RoleEvent::Declined { offer: offer.id, reason: "undone".into() })
        }
        RoleEvent::Declined { .. } => refuse("an offer that was declined is gone", "offer the role again"),
        RoleEvent::Called { .. } | RoleEvent::Present { .. } => {
            refuse("a roll call has no undo", "call again")
        }
    }
}

fn undo_incident(
    incident: &Incident,
    entry: EntryId,
    event: &IncidentEvent,
) -> Result<IncidentEvent, Refusal> {
    match event {
        IncidentEvent::Retitled { title } => {
            still(incident.title() == title)?;
            let former = incident.former_titles.iter().find(|(changed, _)| *changed == entry);
            let (_, former) =
                former.ok_or_else(|| Refusal::new("its former title is not known", "retitle it"))?;
            Ok(IncidentEvent::Retitled { title: former.clone() })
        }
        IncidentEvent::Linked { what, url } => {
            still(incident.links.get(what) == Some(url))?;
            Ok(IncidentEvent::Unlinked { what: what.clone() })
        }
        _ => refuse("that entry has no undo", "write a note that puts it right"),
    }
}

fn undo_ask(incident: &Incident, entry: EntryId, event: &AskEvent, context: Context) -> Decision {
    let command = match event {
        AskEvent::Asked { .. } => AskCommand::Withdraw { ask: entry, reason: "undone".into() },
        AskEvent::Answered { ask, .. } | AskEvent::Withdrawn { ask, .. } => AskCommand::Reopen { ask: *ask },
        AskEvent::Moved { .. } => return refuse("an ask that was moved stays moved", "move it again"),
        AskEvent::Reopened { .. } => return refuse("that ask is open again", "answer or withdraw it"),
    };
    acts::decide_ask(incident, &command, context)
}

fn undo_poll(
    incident: &Incident,
    entry: EntryId,
    event: &DecisionEvent,
    reason: String,
    context: Context,
) -> Decision {
    let command = match event {
        DecisionEvent::Proposed { .. } => {
            DecisionCommand::Settle { decision: entry, outcome: Outcome::Withdrawn, reason }
        }
        DecisionEvent::Settled { decision, .. } => {
            still(incident.polls.get(*decision).is_some_and(|poll| poll.verified.is_none()))?;
            DecisionCommand::Reopen { decision: *decision }
        }
        DecisionEvent::Verified { decision, .. } => DecisionCommand::Reopen { decision: *decision },
        DecisionEvent::Objected { .. } => return refuse("an objection stays", "settle it in the outcome"),
        DecisionEvent::Reopened { .. } => return refuse("that decision is open again", "decide it"),
    };
    acts::decide_poll(incident, &command, context)
}

/// The verdict before this one.
fn undo_judgement(incident: &Incident, entry: EntryId, id: EntryId) -> Result<HypothesisEvent, Refusal> {
    let history = incident.hypotheses.get(id).map_or(&[][..], |hypothesis| &hypothesis.history);
    still(history.last().is_some_and(|last| last.entry == entry))?;
    let before = history.iter().rev().nth(1);
    Ok(HypothesisEvent::Judged {
        hypothesis: id,
        verdict: before.map_or(Verdict::Open, |before| before.verdict),
        who: before.and_then(|before| before.who.clone()),
        evidence: "undone".to_owned(),
    })
}

fn undo_follow_up(incident: &Incident, entry: EntryId, event: &FollowUpEvent, reason: String) -> Decision {
    let command = match event {
        // Never done: its note says so wherever it is listed.
        FollowUpEvent::Opened(_) => {
            let note =
                if reason == "undone" { "withdrawn".to_owned() } else { format!("withdrawn: {reason}") };
            FollowUpCommand::Close { follow_up: entry, note }
        }
        FollowUpEvent::Closed { follow_up, .. } => FollowUpCommand::Reopen { follow_up: *follow_up, reason },
        FollowUpEvent::Reopened { follow_up, .. } => {
            FollowUpCommand::Close { follow_up: *follow_up, note: reason }
        }
        FollowUpEvent::Changed { follow_up, .. } => {
            let item = incident.follow_ups.get(*follow_up);
            let last = item.and_then(|item| item.former.last()).filter(|(changed, _)| *changed == entry);
            let (_, former) =
                last.ok_or_else(|| Refusal::new("it has changed since", "change it again by hand"))?;
            FollowUpCommand::Change { follow_up: *follow_up, now: former.clone() }
        }
        FollowUpEvent::Dismissed { .. } => {
            return refuse("a TODO that was dismissed stays", "open a follow-up");
        }
    };
    records::decide_follow_up(incident, &command)
}
