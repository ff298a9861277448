//! The stable JSON shapes of the ledgers: data impact, follow-ups, the roll call (rows B8, S1.10, S2.1, S4.14).
//!
//! A member is added, never renamed or given another meaning. Times are RFC 3339 in UTC, days ISO 8601, spans whole seconds.

use serde_json::{Value, json};

use crate::incident::event::FollowUp;
use crate::incident::follow_ups::{Item, Proposal, Source, proposals};
use crate::incident::ledger::{Dataset, Ledger, Recovery};
use crate::incident::{Incident, Span, Time};
use crate::policy::Policy;
use crate::report::ledger::as_of;

/// The policy of an incident that has none pinned: no tiers, no teams.
static NO_POLICY: std::sync::LazyLock<Policy> = std::sync::LazyLock::new(Policy::default);

/// Every dataset that was not withdrawn, as things stood at `now`.
pub fn impact(incident: &Incident, policy: Option<&Policy>, now: Time) -> Value {
    let policy = incident.policy().or(policy).unwrap_or(&NO_POLICY);
    let (began, now) = (incident.declared_at().unwrap_or(now), as_of(incident, now));
    incident.ledger.datasets().map(|line| dataset(line, line.recovery(policy, began, now))).collect()
}

/// What became of the data in the end; `null`: it was not stated.
pub fn stated(ledger: &Ledger) -> Value {
    let said = ledger.stated.as_ref();
    said.map_or(
        Value::Null,
        |said| json!({ "data": said.data.name(), "text": said.text, "by": said.by, "at": said.at }),
    )
}

fn dataset(line: &Dataset, recovery: Option<Recovery>) -> Value {
    let known = &line.known;
    json!({
        "dataset": line.name,
        "kinds": known.kinds.iter().flatten().map(|kind| kind.name()).collect::<Vec<_>>(),
        "rows": known.rows.map(|rows| rows.count),
        "rows_exact": known.rows.map(|rows| rows.exact),
        "from": known.from,
        "until": known.until,
        "last_good": known.last_good,
        "consumers": known.consumers.as_deref().unwrap_or_default(),
        "teams": known.teams.as_deref().unwrap_or_default(),
        "contained_at": known.contained,
        "recovered_at": known.recovered,
        "how": known.how,
        "tier": known.tier,
        "note": known.note,
        "recovery": recovery.map(|recovery| against_tier(&recovery)),
        "entries": line.changes.iter().map(|change| change.entry).collect::<Vec<_>>(),
    })
}

/// Target and reality. What is not over yet counts up to now.
fn against_tier(recovery: &Recovery) -> Value {
    let secs = |span: Option<Span>| span.map(Span::secs);
    json!({
        "tier": recovery.tier.name,
        "recovered": recovery.recovered,
        "contained": recovery.contained,
        "rto_target_s": recovery.tier.rto.span.secs(),
        "rto_s": recovery.rto_actual.secs(),
        "rto_missed_by_s": secs(recovery.rto_missed_by()),
        "rpo_target_s": recovery.tier.rpo.span.secs(),
        "rpo_s": secs(recovery.rpo_actual),
        "rpo_missed_by_s": secs(recovery.rpo_missed_by()),
    })
}

/// Open ones first, by priority and day, then what is done.
pub fn follow_ups(incident: &Incident) -> Value {
    let all = &incident.follow_ups;
    let done = all.all().iter().filter(|item| item.closed.is_some());
    all.open().into_iter().chain(done).map(item).collect()
}

fn item(item: &Item) -> Value {
    let mut shape = follow_up(&item.what);
    if let Value::Object(shape) = &mut shape {
        let closed = item.closed.as_ref();
        shape.insert("id".into(), json!(item.id));
        shape.insert("by".into(), json!(item.by));
        shape.insert("at".into(), json!(item.at));
        shape.insert(
            "done".into(),
            closed.map_or(Value::Null, |done| json!({ "by": done.by, "at": done.at, "note": done.note })),
        );
    }
    shape
}

/// What is to be done, without who opened it and when.
pub fn follow_up(what: &FollowUp) -> Value {
    json!({
        "text": what.text,
        "owner": what.owner,
        "due": what.due,
        "priority": what.priority.name(),
        "kind": what.kind.name(),
        "place": Some(&what.place).filter(|place| !place.is_empty()),
        "from": what.from,
    })
}

/// TODO notes and prevention steps that nobody has taken up.
pub fn proposed(incident: &Incident) -> Value {
    let shape = |Proposal { source, text, of }: &Proposal| match source {
        Source::Todo(entry) => json!({ "text": text, "entry": entry, "by": of }),
        Source::Step { run, step } => json!({ "text": text, "run": run, "step": step, "playbook": of }),
    };
    proposals(incident).iter().map(shape).collect()
}

/// The newest roll call; `null`: there was none.
pub fn roll_call(incident: &Incident) -> Value {
    let call = incident.roles.roll_call();
    if call.called.is_none() && call.teams.is_empty() {
        return Value::Null;
    }
    let teams = call.teams.iter().map(|team| {
        let (who, since) = team.present.as_ref().map(|(who, at)| (who, at)).unzip();
        json!({ "team": team.name, "present": team.present.is_some(), "who": who, "since": since })
    });
    let (by, at) = call.called.as_ref().map(|(by, at)| (by, at)).unzip();
    json!({ "called_by": by, "called_at": at, "teams": teams.collect::<Vec<_>>() })
}
