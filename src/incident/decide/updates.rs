//! Updates: who approved them, and what was set aside.

use super::acts::in_future;
use super::{Context, Decision, one, refuse, required, required_line, short};
use crate::incident::event::{Event, Override, SentUpdate, UpdateEvent};
use crate::incident::ids::{EntryId, PersonId};
use crate::incident::state::{Incident, Proposed};
use crate::incident::time::{Span, Time};
use crate::incident::words::Word;

pub(super) fn decide_update(incident: &Incident, update: &SentUpdate, context: Context) -> Decision {
    let mut update = clean(update, context)?;
    if needs_approval(&update.audience, context) {
        update.approved_by = Some(approver(incident, update.approved_by.as_ref(), context)?);
    } else {
        // Nobody approves what stays inside: whoever claims it has not asked.
        (update.approved_by, update.proposal) = (None, None);
    }
    one(Event::Update(UpdateEvent::Sent(update)))
}

/// Whether the commander must approve what this audience is told. Whom the policy does not know may be outside.
fn needs_approval(audience: &str, context: Context) -> bool {
    match context.policy.audience(audience) {
        Some(audience) => audience.external,
        None => !context.policy.audiences.is_empty(),
    }
}

/// An audience as the policy writes it, so that it has one clock however it is typed.
fn named(audience: &str, context: Context) -> Result<String, super::Refusal> {
    let typed = required_line(&short(audience)?, "the update has no audience", "choose who is told")?;
    let known = context.policy.audience(&typed).filter(|known| known.name.eq_ignore_ascii_case(&typed));
    Ok(known.map_or(typed, |known| known.name.clone()))
}

pub(super) fn decide_due(audience: &str, next: Option<Time>, context: Context) -> Decision {
    let audience = named(audience, context)?;
    next.map_or(Ok(()), |next| in_future(next, context))?;
    one(Event::Update(UpdateEvent::Due { audience, next }))
}

/// When this audience usually hears again: the whole minute at or after it, as it can be said.
pub(super) fn usual_next(incident: &Incident, audience: &str, context: Context) -> Time {
    let usual = context.now + context.policy.next_update(audience, incident.severity.as_deref());
    let minute = Span::from_mins(1).ms();
    let past = usual.ms().rem_euclid(minute);
    if past == 0 { usual } else { usual + Span::from_ms(minute - past) }
}

/// The commander: in person, or as named by whoever heard the word.
fn approver(
    incident: &Incident,
    named: Option<&PersonId>,
    context: Context,
) -> Result<PersonId, super::Refusal> {
    let Some(commander) = incident.commander() else {
        return refuse(
            "it goes outside, and nobody commands who could approve it",
            "assign the commander first",
        );
    };
    match named {
        None if context.by == commander => Ok(commander.clone()),
        Some(named) if named == commander => Ok(commander.clone()),
        None => refuse(
            format!("it goes outside: {commander} must approve it"),
            format!("propose it, or say that {commander} approved it (--approved-by {commander})"),
        ),
        Some(named) => refuse(
            format!("{named} does not command: {commander} must approve it"),
            format!("say --approved-by {commander} once they have"),
        ),
    }
}

fn clean(update: &SentUpdate, context: Context) -> Result<SentUpdate, super::Refusal> {
    let body = required(&update.body, "the update is empty", "write what is known")?;
    let audience = named(&update.audience, context)?;
    update.next.map_or(Ok(()), |next| in_future(next, context))?;
    let mut overrides = Vec::new();
    for Override { check, reason } in &update.overrides {
        let check = required_line(check, "a check has no name", "")?;
        let reason =
            required_line(reason, "setting a check aside needs a reason", "say why it goes out like this")?;
        overrides.push(Override { check, reason });
    }
    Ok(SentUpdate { audience, body, overrides, ..update.clone() })
}

pub(super) fn decide_propose(update: &SentUpdate, context: Context) -> Decision {
    let update = SentUpdate { approved_by: None, proposal: None, ..clean(update, context)? };
    one(Event::Update(UpdateEvent::Proposed(update)))
}

pub(super) fn decide_approve(
    incident: &Incident,
    proposal: EntryId,
    by_voice: Option<&PersonId>,
    context: Context,
) -> Decision {
    let proposed = waiting(incident, proposal)?;
    let approved_by = Some(approver(incident, by_voice, context)?);
    // What was promised may have passed while it waited: the audience is promised the usual instead, not silence.
    let next = proposed.update.next.and_then(|next| match proposed.update.word {
        _ if next > context.now => Some(next),
        Word::Resolved => None,
        _ => Some(usual_next(incident, &proposed.update.audience, context)),
    });
    let update = SentUpdate { approved_by, proposal: Some(proposal), next, ..proposed.update.clone() };
    one(Event::Update(UpdateEvent::Sent(update)))
}

pub(super) fn decide_reject(incident: &Incident, proposal: EntryId, reason: &str) -> Decision {
    waiting(incident, proposal)?;
    let reason = required_line(&short(reason)?, "rejecting it needs a reason", "say what must change")?;
    one(Event::Update(UpdateEvent::Rejected { proposal, reason }))
}

fn waiting(incident: &Incident, id: EntryId) -> Result<&Proposed, super::Refusal> {
    let waiting = incident.awaiting_approval().find(|proposed| proposed.id == id);
    waiting.ok_or_else(|| super::Refusal::new("no such update waits for approval", "write it again"))
}
