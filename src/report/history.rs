//! Who was told what, and when: one line for each audience (MISSION rows B7, S4.12).

use crate::incident::deadline::{What, deadlines};
use crate::incident::words::Word;
use crate::incident::{EntryId, Incident, PersonId, Time};
use crate::outbox::{Act, Outbox, State};
use crate::policy::Policy;

/// The audience of which each affected team is one.
const TEAM: &str = "team";

/// What an audience knows from us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceLine {
    pub audience: String,
    /// What the policy says of it; empty: it says nothing.
    pub about: String,
    /// Outside the organisation: the commander approves.
    pub external: bool,
    pub last: Option<Told>,
    /// How many updates it got.
    pub count: usize,
    pub next_due: Option<Time>,
    /// The next update should have been sent.
    pub overdue: bool,
    /// What became of the last update, one for each place that it went to.
    pub receipts: Vec<Receipt>,
    /// The newest update to it that waits for approval.
    pub waiting: Option<EntryId>,
}

/// The last update to an audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub id: EntryId,
    pub at: Time,
    pub word: Word,
    pub by: PersonId,
    pub approved_by: Option<PersonId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub client: String,
    /// `waiting`, `on its way`, `unclear`, `stuck`, `delivered` or `given up`.
    pub state: &'static str,
    pub link: Option<String>,
}

/// Everybody who may be told: the policy's audiences, each team that the ledger names, and whoever was told or is to be
/// told already.
pub fn audiences(incident: &Incident, policy: &Policy) -> Vec<String> {
    let named = policy.audiences.iter().map(|audience| audience.name.clone());
    let teams = incident.ledger.teams().into_iter().map(|team| format!("{TEAM}/{team}"));
    let told = incident.updates.iter().map(|record| record.sent.audience.clone());
    let proposed = incident.awaiting_approval().map(|proposed| proposed.update.audience.clone());
    let mut all: Vec<String> = Vec::new();
    for audience in named.chain(teams).chain(told).chain(proposed).chain(incident.due.keys().cloned()) {
        if !all.contains(&audience) {
            all.push(audience);
        }
    }
    all
}

/// A line for each of [`audiences`], in that order.
pub fn history(incident: &Incident, outbox: &Outbox, policy: &Policy, now: Time) -> Vec<AudienceLine> {
    let clocks = deadlines(incident, now);
    let line = |audience: String| {
        let known = policy.audience(&audience);
        let last = incident.last_update(&audience);
        let next_due =
            clocks.iter().find(|clock| is_update_to(&clock.what, &audience)).map(|clock| clock.due);
        let receipts = last.into_iter().flat_map(|record| outbox.about(record.id)).map(receipt).collect();
        let waiting = incident.awaiting_approval().filter(|proposed| proposed.update.audience == audience);
        AudienceLine {
            about: known.map(|known| known.about.clone()).unwrap_or_default(),
            external: known.is_some_and(|known| known.external),
            last: last.map(|record| Told {
                id: record.id,
                at: record.at,
                word: record.sent.word,
                by: record.by.clone(),
                approved_by: record.sent.approved_by.clone(),
            }),
            count: incident.updates.iter().filter(|record| record.sent.audience == audience).count(),
            next_due,
            overdue: next_due.is_some_and(|due| due <= now),
            receipts,
            waiting: waiting.last().map(|proposed| proposed.id),
            audience,
        }
    };
    audiences(incident, policy).into_iter().map(line).collect()
}

fn is_update_to(what: &What, wanted: &str) -> bool {
    matches!(what, What::Update { audience } if audience == wanted)
}

fn receipt(act: &Act) -> Receipt {
    let (state, link) = match &act.state {
        State::Waiting { .. } | State::Failing { .. } => ("waiting", None),
        State::Attempted { .. } => ("on its way", None),
        State::Doubtful { .. } => ("unclear", None),
        State::Stuck { .. } => ("stuck", None),
        State::Confirmed { link, .. } => ("delivered", link.clone()),
        State::Dropped { .. } | State::Superseded { .. } => ("given up", None),
    };
    Receipt { client: act.client.clone(), state, link }
}
