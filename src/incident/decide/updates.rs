//! Updates: who approved them, and what was set aside.

use super::{Context, Decision, one, refuse, required, required_line, short};
use crate::incident::event::{Event, Override, SentUpdate, UpdateEvent};
use crate::incident::ids::{EntryId, PersonId};
use crate::incident::state::{Incident, Proposed};

pub(super) fn decide_update(incident: &Incident, update: &SentUpdate, context: Context) -> Decision {
    let mut update = clean(update)?;
    if needs_approval(&update.audience, context) {
        update.approved_by = Some(approver(incident, update.approved_by.as_ref(), context)?);
    }
    one(Event::Update(UpdateEvent::Sent(update)))
}

/// Whether the commander must approve what this audience is told.
fn needs_approval(audience: &str, context: Context) -> bool {
    context.policy.audience(audience).is_some_and(|audience| audience.external)
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

fn clean(update: &SentUpdate) -> Result<SentUpdate, super::Refusal> {
    let body = required(&update.body, "the update is empty", "write what is known")?;
    let audience = required_line(&update.audience, "the update has no audience", "choose who is told")?;
    let mut overrides = Vec::new();
    for Override { check, reason } in &update.overrides {
        let check = required_line(check, "a check has no name", "")?;
        let reason =
            required_line(reason, "setting a check aside needs a reason", "say why it goes out like this")?;
        overrides.push(Override { check, reason });
    }
    Ok(SentUpdate { audience, body, overrides, ..update.clone() })
}

pub(super) fn decide_propose(update: &SentUpdate) -> Decision {
    let update = SentUpdate { approved_by: None, proposal: None, ..clean(update)? };
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
    // What was promised may have passed while it waited.
    let next = proposed.update.next.filter(|next| *next > context.now);
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
