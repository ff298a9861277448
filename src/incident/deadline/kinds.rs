//! How each kind of clock is made from the incident. One function for each kind; none looks at what people did to it.

use chrono::{NaiveTime, TimeZone, Utc};

use super::{Deadline, What};
use crate::incident::clocks::Act;
use crate::incident::state::{Base, Incident};
use crate::incident::time::{Span, Time};
use crate::incident::words::Status;
use crate::policy::{Level, Limit, Need, Notify, Policy};

pub(super) fn derive(incident: &Incident, now: Time) -> Vec<Deadline> {
    let mut all = Vec::new();
    if incident.status != Status::Closed {
        all.extend(promises(incident));
        all.extend(phases_of_playbooks(incident));
        all.extend(recovery(incident));
    }
    all.extend(asks(incident));
    all.extend(verifications(incident));
    all.extend(follow_ups(incident));
    let Some(policy) = incident.policy() else { return all };
    all.extend(offers(incident, policy));
    all.extend(approvals(incident, policy));
    all.extend(regulatory(incident, policy));
    if incident.status.is_over() {
        all.extend(afterwards(incident, policy));
        return all;
    }
    all.extend(triage(incident, policy));
    all.extend(marks(incident, policy, now));
    if let (Some(base), Some(level)) = (incident.clock_base(), incident.level()) {
        all.extend(response(incident, base, level));
        all.extend(notifications(base, level));
        all.extend(cadence(incident, base, level));
        all.extend(super::ladder::clocks(incident));
    }
    all
}

pub(super) fn clock(
    id: String,
    what: What,
    due: Time,
    label: impl Into<String>,
    say: impl Into<String>,
) -> Deadline {
    Deadline {
        id,
        what,
        due,
        label: label.into(),
        say: say.into(),
        quiet: false,
        rang: Vec::new(),
        acknowledged: None,
        snoozed: None,
        tried: Vec::new(),
    }
}

/// The part of an id that stands for some words: nothing is dropped, so that no two are the same by accident.
pub(super) fn slug(words: &str) -> String {
    words.trim().to_lowercase().replace('/', "-")
}

/// Updates that were promised. A promise outlives the resolution: whoever was promised a word gets one.
fn promises(incident: &Incident) -> impl Iterator<Item = Deadline> + '_ {
    let promised = incident.due.iter().filter(|(audience, due)| {
        // Where the severity changed since, the cadence may come first; it makes the clock then.
        cadence_due(incident, audience).is_none_or(|cadence| **due <= cadence)
    });
    promised.map(|(audience, due)| update(audience, *due, ""))
}

fn update(audience: &str, due: Time, channel: &str) -> Deadline {
    let at = if channel.is_empty() { String::new() } else { format!(" ({channel})") };
    clock(
        format!("update/{audience}/{}", due.ms()),
        What::Update { audience: audience.to_owned() },
        due,
        format!("update {audience}"),
        format!("The update to {audience}{at} is due: what do we know now?"),
    )
}

/// When the cadence of the present severity wants the next update, if nothing newer was said about it.
fn cadence_due(incident: &Incident, audience: &str) -> Option<Time> {
    if incident.status.is_over() {
        return None;
    }
    let (base, level) = (incident.clock_base()?, incident.level()?);
    let cadence = level.updates.iter().find(|cadence| cadence.audience == audience)?;
    let said = incident.due_said.get(audience).is_some_and(|said| *said > base.stamp);
    (!said).then(|| base.at + cadence.every.span)
}

fn cadence<'a>(incident: &'a Incident, base: Base, level: &'a Level) -> impl Iterator<Item = Deadline> + 'a {
    level.updates.iter().filter_map(move |cadence| {
        let due = cadence_due(incident, &cadence.audience)?;
        let promised = incident.due.get(&cadence.audience);
        let mut deadline = update(&cadence.audience, due, &cadence.channel);
        if cadence.milestones {
            deadline.say.push_str(" (or earlier, at the next milestone)");
        }
        // It was never set, so its id must not hang on a time that a late entry may move.
        deadline.id = format!("update/{}/{}", cadence.audience, base.id);
        promised.is_none_or(|promised| due < *promised).then_some(deadline)
    })
}

fn response(incident: &Incident, base: Base, level: &Level) -> Option<Deadline> {
    let within = level.response.as_ref()?;
    let taken = incident.status > Status::Alerted || incident.commander().is_some();
    (!taken).then(|| {
        clock(
            format!("response/{}", base.id),
            What::Response,
            base.at + within.span,
            format!("respond to {}", level.name),
            format!("{} asks for somebody within {within}: who takes it? Page on-call again.", level.name),
        )
    })
}

fn triage(incident: &Incident, policy: &Policy) -> Option<Deadline> {
    let (within, declared) = (policy.rules.triage.as_ref()?, incident.declared.as_ref()?);
    let missing = match (incident.severity.is_none(), incident.commander().is_none()) {
        (false, false) => return None,
        (true, true) => "a severity and a commander",
        (true, false) => "a severity",
        (false, true) => "a commander",
    };
    let say = format!("Triage should be over by now: it still needs {missing}.");
    let (id, at) = incident.reopened().map_or((declared.id, declared.at), |base| (base.id, base.at));
    Some(clock(format!("triage/{id}"), What::Triage, at + within.span, "triage", say))
}

fn notification_id(base: Base, notify: &Notify) -> String {
    format!("notify/{}/{}", base.id, slug(&notify.who))
}

fn notifications<'a>(base: Base, level: &'a Level) -> impl Iterator<Item = Deadline> + 'a {
    level.notify.iter().filter_map(move |notify| {
        let within = notify.within.as_ref()?;
        let how = if notify.how.is_empty() { String::new() } else { format!(" ({})", notify.how) };
        Some(clock(
            notification_id(base, notify),
            What::Notify { who: notify.who.clone() },
            notify_due(base, within),
            format!("tell {}", notify.who),
            format!("At {} the {} is told {}{how}: who tells them?", level.name, notify.who, soon(within)),
        ))
    })
}

/// "At once" is as long as it takes to make the calls: a clock that is over before it is read says nothing.
const AT_ONCE: Span = Span::from_mins(5);

fn notify_due(base: Base, within: &Limit) -> Time {
    base.at + if within.span == Span::ZERO { AT_ONCE } else { within.span }
}

fn soon(within: &Limit) -> String {
    if within.span == Span::ZERO { "at once".to_owned() } else { format!("within {within}") }
}

/// Somebody whom the present severity wants told, and whether that is recorded (row S4.5).
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// Of its clock; "done" on it is the receipt.
    pub id: String,
    pub who: String,
    pub how: String,
    pub due: Option<Time>,
    pub told: Option<Act>,
}

/// Everybody whom the present severity wants told, with and without a clock.
pub fn receipts(incident: &Incident) -> Vec<Receipt> {
    let (Some(base), Some(level)) = (incident.clock_base(), incident.level()) else { return Vec::new() };
    let receipt = |notify: &Notify| {
        let id = notification_id(base, notify);
        let told = incident.clocks.get(&id).and_then(|state| state.done.clone());
        let due = notify.within.as_ref().map(|within| notify_due(base, within));
        Receipt { id, who: notify.who.clone(), how: notify.how.clone(), due, told }
    };
    level.notify.iter().map(receipt).collect()
}

fn phases_of_playbooks(incident: &Incident) -> impl Iterator<Item = Deadline> + '_ {
    let several = incident.attached_runs().count() > 1;
    let runs = incident.attached_runs().filter(|_| !incident.status.is_over());
    runs.flat_map(move |run| {
        let open = run.summaries().into_iter().enumerate().filter(|(_, summary)| !summary.is_complete());
        open.filter_map(move |(phase, summary)| {
            let due = summary.ends?;
            let left = summary.total - summary.done;
            // Two playbooks may both have an "Immediate".
            let of = if several { format!(" of {}", run.title()) } else { String::new() };
            let say = format!(
                "Time for {:?}{of} is up with {left} open: go on, skip, or ask for help?",
                summary.title
            );
            let what = What::PhaseBox { run: run.id, phase };
            Some(clock(format!("phase/{}/{phase}", run.id), what, due, summary.title, say))
        })
    })
}

fn asks(incident: &Incident) -> impl Iterator<Item = Deadline> + '_ {
    incident.asks.all().iter().filter(|ask| ask.is_open()).filter_map(|ask| {
        let name = incident.name_of(&ask.who);
        let say = format!("{name} was asked {:?}: what is the answer?", ask.what);
        let what = What::Ask { ask: ask.id, who: ask.who.clone() };
        let label = format!("{name}: {}", ask.what);
        Some(clock(format!("ask/{}", ask.id), what, ask.due?, label, say))
    })
}

fn verifications(incident: &Incident) -> impl Iterator<Item = Deadline> + '_ {
    incident.polls.all().iter().filter(|poll| poll.awaits_verification()).filter_map(|poll| {
        let say = format!("It was decided {:?}: did it work?", poll.proposal);
        let label = format!("verify: {}", poll.proposal);
        Some(clock(
            format!("verify/{}", poll.id),
            What::Verify { decision: poll.id },
            poll.verify_by?,
            label,
            say,
        ))
    })
}

fn offers<'a>(incident: &'a Incident, policy: &'a Policy) -> impl Iterator<Item = Deadline> + 'a {
    incident.roles.offers().iter().filter_map(|offer| {
        let within = policy.rules.accept.as_ref()?;
        let say = format!(
            "{} has not accepted {}; {} holds it. Ask {} to read the brief back.",
            offer.to,
            offer.role,
            incident.roles.holder(&offer.role).map_or("nobody", |who| who.as_str()),
            offer.to
        );
        let label = format!("{} accepts {}", offer.to, offer.role);
        let what = What::Offer { offer: offer.id };
        Some(clock(format!("offer/{}", offer.id), what, offer.at + within.span, label, say))
    })
}

fn approvals<'a>(incident: &'a Incident, policy: &'a Policy) -> impl Iterator<Item = Deadline> + 'a {
    incident.awaiting_approval().filter_map(|proposed| {
        let within = policy.rules.accept.as_ref()?;
        let audience = &proposed.update.audience;
        let say = format!("The update to {audience} still waits for the commander's approval.");
        let what = What::Approval { proposal: proposed.id };
        let due = proposed.at + within.span;
        Some(clock(format!("approve/{}", proposed.id), what, due, format!("approve update {audience}"), say))
    })
}

/// Against the tier of each dataset, while it is not recovered or not contained.
fn recovery(incident: &Incident) -> Vec<Deadline> {
    let (Some(policy), Some(began)) = (incident.policy(), incident.declared_at()) else { return Vec::new() };
    let mut all = Vec::new();
    for dataset in incident.ledger.open() {
        let Some(tier) = dataset.known.tier.as_deref().and_then(|tier| policy.tier(tier)) else { continue };
        let name = &dataset.name;
        // A line that was withdrawn and opened anew has clocks of its own.
        let line = dataset.changes.first().map(|change| change.entry.to_string()).unwrap_or_default();
        all.push(clock(
            format!("rto/{}/{line}", slug(name)),
            What::Rto { dataset: name.clone() },
            began + tier.rto.span,
            format!("RTO {} {name}", tier.rto),
            format!(
                "{name} should be back by now ({}, RTO {}): say so in the next update.",
                tier.name, tier.rto
            ),
        ));
        if let (Some(good), None) = (dataset.known.last_good, dataset.known.contained) {
            all.push(clock(
                format!("rpo/{}/{line}", slug(name)),
                What::Rpo { dataset: name.clone() },
                good + tier.rpo.span,
                format!("RPO {} {name}", tier.rpo),
                format!(
                    "More of {name} is at risk than {} allows (RPO {}): contain it.",
                    tier.name, tier.rpo
                ),
            ));
        }
    }
    all
}

/// The next mark. Marks that passed while nobody was there are one.
fn marks(incident: &Incident, policy: &Policy, now: Time) -> Option<Deadline> {
    let (every, declared) = (policy.rules.mark.as_ref()?.span, incident.declared.as_ref()?);
    if every <= Span::ZERO {
        return None;
    }
    let passed = (now.since(declared.at).ms() / every.ms()).max(0);
    let rung = |count: i64| {
        let due = declared.at + Span::from_ms(every.ms().saturating_mul(count));
        let id = format!("mark/{}/{count}", declared.id);
        let heard =
            incident.clocks.get(&id).is_some_and(|state| !state.rang.is_empty() || state.done.is_some());
        (heard, id, due, count)
    };
    // The one that has just passed until it has rung, else the next one that nobody has ticked off beforehand.
    let last = (passed > 0).then(|| rung(passed)).filter(|(heard, ..)| !heard);
    let mut next = passed + 1;
    while incident.clocks.is_done(&rung(next).1) {
        next += 1;
    }
    let (_, id, due, count) = last.unwrap_or_else(|| rung(next));
    let minutes = Span::from_ms(every.ms().saturating_mul(count)).short();
    let say = format!(
        "{minutes} in: what has changed? Is the severity right, and does everybody know what they do?"
    );
    let mut deadline = clock(id, What::Mark, due, format!("look up, {minutes}"), say);
    deadline.quiet = true;
    Some(deadline)
}

fn regulatory(incident: &Incident, policy: &Policy) -> Option<Deadline> {
    let (within, declared) = (policy.rules.regulatory.as_ref()?, incident.declared.as_ref()?);
    incident.ever_private.then(|| {
        clock(
            format!("regulatory/{}", declared.id),
            What::Regulatory,
            declared.at + within.span,
            "tell the regulator",
            format!("The regulator must have been told within {within}: has the privacy officer done it?"),
        )
    })
}

/// What is still to come once it is resolved.
fn afterwards(incident: &Incident, policy: &Policy) -> Vec<Deadline> {
    let Some(resolved) = incident.resolved_at().filter(|_| incident.status != Status::Closed) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    if let Some(watch) = &policy.rules.watch {
        let say = format!("Watched for {watch}: is it stable? Close it, or reopen it.");
        let due = resolved + watch.span;
        all.push(clock(format!("watch/{}", resolved.ms()), What::Watch, due, "watch ends", say));
    }
    let postmortem = incident.level().and_then(|level| level.postmortem.as_ref());
    let required = postmortem.filter(|postmortem| postmortem.need == Need::Required);
    if let Some(within) = required.and_then(|postmortem| postmortem.due.as_ref()) {
        let say =
            format!("The post-mortem is due {within} after the resolution: who writes it, when do we meet?");
        let id = format!("postmortem/{}", resolved.ms());
        all.push(clock(id, What::PostMortem, resolved + within.span, "post-mortem", say));
    }
    all
}

fn follow_ups(incident: &Incident) -> impl Iterator<Item = Deadline> + '_ {
    incident.follow_ups.all().iter().filter(|item| item.closed.is_none()).filter_map(|item| {
        let end = item.what.due?.succ_opt()?.and_time(NaiveTime::MIN);
        let due = Time::from_utc(Utc.from_utc_datetime(&end));
        let owner = item.what.owner.as_ref().map_or("nobody", |owner| incident.name_of(owner));
        let say = format!("The follow-up {:?} of {owner} was due: done, or when?", item.what.text);
        let what = What::FollowUp { follow_up: item.id };
        Some(clock(format!("followup/{}", item.id), what, due, format!("follow-up: {}", item.what.text), say))
    })
}
