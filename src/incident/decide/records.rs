//! The ledgers: data impact and follow-ups.

use super::{Context, Decision, one, refuse, required, required_line, short};
use crate::incident::command::{FollowUpCommand, ImpactCommand};
use crate::incident::event::{DataLoss, Event, FollowUp, FollowUpEvent, ImpactChange, ImpactEvent};
use crate::incident::ids::EntryId;
use crate::incident::state::Incident;

pub(super) fn decide_impact(incident: &Incident, command: &ImpactCommand, context: Context) -> Decision {
    let event = match command {
        ImpactCommand::Record(change) => {
            let change = clean_change(incident, change, context)?;
            if change == (ImpactChange { dataset: change.dataset.clone(), ..ImpactChange::default() })
                && incident.ledger.get(&change.dataset).is_some()
            {
                return refuse(
                    "nothing is said about it",
                    "give at least one fact, such as --lost or --rows 5000",
                );
            }
            ImpactEvent::Recorded(Box::new(change))
        }
        ImpactCommand::Withdraw { dataset, reason } => {
            let Some(line) = incident.ledger.get(dataset) else {
                return refuse(
                    format!("the ledger has no dataset {dataset:?}"),
                    "list it with `warroom impact`",
                );
            };
            ImpactEvent::Withdrawn { dataset: line.name.clone(), reason: short(reason)? }
        }
        ImpactCommand::State { data, text } => {
            let text = short(text)?;
            if *data != DataLoss::None && text.is_empty() {
                return refuse(format!("{} data needs words", data.name()), "say which, and how much");
            }
            ImpactEvent::Stated { data: *data, text }
        }
    };
    one(Event::Impact(event))
}

fn clean_change(
    incident: &Incident,
    change: &ImpactChange,
    context: Context,
) -> Result<ImpactChange, super::Refusal> {
    let name = required_line(&change.dataset, "the dataset has no name", "name it, such as orders")?;
    // One line for one dataset, however it is written.
    let dataset = incident.ledger.get(&name).map_or(name, |line| line.name.clone());
    let known = incident.ledger.get(&dataset).map(|line| line.known.clone()).unwrap_or_default();
    let list = |list: &Option<Vec<String>>| -> Result<Option<Vec<String>>, super::Refusal> {
        let Some(list) = list else { return Ok(None) };
        let mut clean = Vec::new();
        for item in list {
            let item = short(item)?;
            if !item.is_empty() && !clean.contains(&item) {
                clean.push(item);
            }
        }
        Ok(Some(clean))
    };
    let text = |text: &Option<String>| text.as_deref().map(short).transpose();
    let tier = match text(&change.tier)? {
        Some(tier) if !tier.is_empty() => {
            let Some(known) = context.policy.tier(&tier) else {
                let names: Vec<&str> = context.policy.tiers.iter().map(|tier| tier.name.as_str()).collect();
                let hint = match names.is_empty() {
                    true => "the policy has none; add [[tier]] to it".to_owned(),
                    false => format!("use one of {}", names.join(", ")),
                };
                return refuse(format!("there is no recovery tier {tier:?}"), hint);
            };
            Some(known.name.clone())
        }
        other => other,
    };
    let (from, until) = (change.from.or(known.from), change.until.or(known.until));
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        return refuse("the window ends before it begins", "give --from and --until in that order");
    }
    for moment in [change.last_good, change.contained, change.recovered] {
        if moment.is_some_and(|moment| moment > context.now) {
            return refuse("that moment is still to come", "give when it happened");
        }
    }
    Ok(ImpactChange {
        dataset,
        consumers: list(&change.consumers)?,
        teams: list(&change.teams)?,
        how: text(&change.how)?,
        tier,
        note: text(&change.note)?,
        ..change.clone()
    })
}

pub(super) fn decide_follow_up(incident: &Incident, command: &FollowUpCommand) -> Decision {
    let event = match command {
        FollowUpCommand::Open(what) => {
            if let Some(todo) = what.from
                && !incident.follow_ups.proposals().any(|proposal| proposal.id == todo)
            {
                return refuse("that TODO was taken up or dismissed", "open a follow-up without it");
            }
            FollowUpEvent::Opened(Box::new(clean_follow_up(what)?))
        }
        FollowUpCommand::Change { follow_up, now } => {
            let item = known(incident, *follow_up)?;
            let now = FollowUp { from: item.what.from, ..clean_follow_up(now)? };
            if now == item.what {
                return refuse("nothing is different", "");
            }
            FollowUpEvent::Changed { follow_up: *follow_up, now: Box::new(now) }
        }
        FollowUpCommand::Close { follow_up, note } => {
            if known(incident, *follow_up)?.closed.is_some() {
                return refuse("it is closed already", "");
            }
            FollowUpEvent::Closed { follow_up: *follow_up, note: short(note)? }
        }
        FollowUpCommand::Reopen { follow_up, reason } => {
            if known(incident, *follow_up)?.closed.is_none() {
                return refuse("it is open", "");
            }
            FollowUpEvent::Reopened { follow_up: *follow_up, reason: short(reason)? }
        }
        FollowUpCommand::Dismiss { todo, reason } => {
            if !incident.follow_ups.proposals().any(|proposal| proposal.id == *todo) {
                return refuse("that TODO was taken up or dismissed", "");
            }
            FollowUpEvent::Dismissed { todo: *todo, reason: short(reason)? }
        }
    };
    one(Event::FollowUp(event))
}

fn clean_follow_up(what: &FollowUp) -> Result<FollowUp, super::Refusal> {
    let text = required(&what.text, "the follow-up is empty", "say what is to be done")?;
    let owner = what.owner.clone().filter(|owner| !owner.is_empty());
    Ok(FollowUp { text, owner, place: short(&what.place)?, ..what.clone() })
}

fn known(incident: &Incident, id: EntryId) -> Result<&crate::incident::follow_ups::Item, super::Refusal> {
    let item = incident.follow_ups.get(id);
    item.ok_or_else(|| super::Refusal::new("there is no such follow-up", "list them with `warroom followup`"))
}
