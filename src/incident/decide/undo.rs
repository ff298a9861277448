//! Undo: the compensating entry. Nothing is ever taken out of the log.

use super::{
    Decision, Refusal, decide_detach, decide_mark, decide_restore, decide_retract, decide_step, one, refuse,
};
use crate::incident::command::StepCommand;
use crate::incident::event::{
    Event, NoteEvent, PlaybookEvent, RoleEvent, SeverityEvent, StatusEvent, StepAct, StepEvent, UpdateEvent,
};
use crate::incident::ids::EntryId;
use crate::incident::state::Incident;

/// The entry that takes another one back. History stays.
pub(super) fn decide_undo(incident: &Incident, entry: EntryId, event: &Event) -> Decision {
    let undone = match event {
        Event::Note(NoteEvent::Written { .. }) => return decide_retract(incident, entry, "undone"),
        Event::Note(NoteEvent::Retracted { target, .. }) => return decide_restore(incident, *target),
        Event::Note(NoteEvent::Restored { target }) => return decide_retract(incident, *target, "undone"),
        Event::Note(NoteEvent::Marked { target, on }) => return decide_mark(incident, *target, !on),
        Event::Step(step) => return undo_step(incident, entry, step),
        Event::Role(role) => Event::Role(undo_role(incident, role)?),
        Event::Severity(SeverityEvent::Set { from: Some(from), to, .. }) => {
            still(incident.severity.as_deref() == Some(to))?;
            let reason = "undone".to_owned();
            Event::Severity(SeverityEvent::Set { from: Some(to.clone()), to: from.clone(), reason })
        }
        Event::Status(StatusEvent::Moved { from, to, .. }) => {
            still(incident.status == *to)?;
            Event::Status(StatusEvent::Moved { from: *to, to: *from, reason: "undone".to_owned() })
        }
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

fn still(holds: bool) -> Result<(), Refusal> {
    if holds { Ok(()) } else { refuse("it has changed since", "change it again by hand") }
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

fn undo_role(incident: &Incident, event: &RoleEvent) -> Result<RoleEvent, Refusal> {
    match event {
        RoleEvent::Assigned { role, who, from, .. } => {
            still(incident.roles.holds(role, who))?;
            let (role, who) = (role.clone(), who.clone());
            Ok(match from {
                Some(former) => {
                    RoleEvent::Assigned { role, who: former.clone(), from: Some(who), brief: None }
                }
                None => RoleEvent::Released { role, who, reason: "undone".into() },
            })
        }
        RoleEvent::Released { role, who, .. } => {
            let many = super::super::roles::duty(role).is_none_or(|duty| duty.many);
            still(many || incident.roles.holder(role).is_none())?;
            Ok(RoleEvent::Assigned { role: role.clone(), who: who.clone(), from: None, brief: None })
        }
        RoleEvent::Defined { .. } => refuse("a role that was defined stays", ""),
    }
}
