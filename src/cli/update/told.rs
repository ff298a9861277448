//! `warroom update --history`: who was told what and when, what waits for approval, and who is due (MISSION rows B7, S4.5).

use serde_json::{Value, json};

use crate::cli::desk::{Desk, Found};
use crate::cli::fail::Done;
use crate::cli::print::{self, padded, short_id};
use crate::incident::describe::headline;
use crate::incident::state::{Proposed, UpdateRecord};
use crate::incident::{Incident, Time};
use crate::report::export::shape;
use crate::report::history::{AudienceLine, history as lines_of};
use crate::report::update::gist;
use crate::runtime::clock;

/// Every audience in a line; of one audience all that it was told.
pub fn history(desk: &mut Desk, found: &Found, audience: Option<&str>) -> Done {
    let configured = desk.policy()?;
    let session = desk.reader(found)?;
    let (incident, now) = (session.incident(), clock::now());
    let policy = incident.policy().unwrap_or(&configured);
    let meant = |name: &str| audience.is_none_or(|audience| audience == name);
    let mut lines = lines_of(incident, session.room().outbox(), policy, now);
    lines.retain(|line| meant(&line.audience));
    let updates: Vec<&UpdateRecord> =
        incident.updates.iter().filter(|record| meant(&record.sent.audience)).collect();
    let proposed: Vec<&Proposed> =
        incident.proposed.iter().filter(|proposed| meant(&proposed.update.audience)).collect();
    if desk.json {
        return desk.out.json(&json!({
            "incident": print::found(found),
            "audiences": lines.iter().map(line_shape).collect::<Vec<_>>(),
            "updates": updates.iter().map(|record| shape::update(record)).collect::<Vec<_>>(),
            "proposed": proposed,
        }));
    }
    for line in &lines {
        desk.out.line(&audience_line(desk, line, now))?;
    }
    for record in updates.iter().filter(|_| audience.is_some()) {
        desk.out.line(&update_line(desk, record))?;
    }
    let stands = |proposed: &&&Proposed| proposed.answer.as_ref().is_none_or(|answer| !answer.approved);
    proposed.iter().filter(stands).try_for_each(|proposed| {
        let line = proposal_line(desk, incident, proposed);
        desk.out.line(&line)
    })
}

fn audience_line(desk: &Desk, line: &AudienceLine, now: Time) -> String {
    let mut facts = vec![match &line.last {
        None => "nothing yet".to_owned(),
        Some(told) => {
            let approved =
                told.approved_by.as_ref().map(|who| format!(", approved by {who}")).unwrap_or_default();
            let at = print::hm(told.at, desk.zone);
            format!("{} {at} by {}{approved} ({} so far)", told.word, told.by, line.count)
        }
    }];
    facts.extend(line.next_due.map(|due| format!("next {}", print::left(due, now))));
    facts.extend(line.receipts.iter().map(|receipt| format!("{}: {}", receipt.client, receipt.state)));
    let name = if line.external { format!("{} (outside)", line.audience) } else { line.audience.clone() };
    format!("{}  {}", padded(&name, 20), facts.join(" · "))
}

fn update_line(desk: &Desk, record: &UpdateRecord) -> String {
    let aside: Vec<String> = record
        .sent
        .overrides
        .iter()
        .map(|aside| format!(" [{} set aside: {}]", aside.check, aside.reason))
        .collect();
    let at = print::moment(record.at, desk.zone);
    let (word, id) = (record.sent.word, short_id(record.id));
    format!(
        "  {at}  {}  {}: {}{}  [{id}]",
        padded(word.name(), 13),
        record.by,
        headline(&record.sent.body),
        aside.concat()
    )
}

/// One that waits for the commander, or was not approved.
fn proposal_line(desk: &Desk, incident: &Incident, proposed: &Proposed) -> String {
    let state = match &proposed.answer {
        None => match incident.commander() {
            Some(commander) => format!("waits for {commander}"),
            None => "waits, and nobody commands".to_owned(),
        },
        Some(answer) => format!("not approved by {}{}", answer.by, print::because(&answer.reason)),
    };
    let (audience, at) = (&proposed.update.audience, print::hm(proposed.at, desk.zone));
    let text = gist(&proposed.update.body);
    format!("proposed to {audience} {at} by {}, {state}: {text}  [{}]", proposed.by, short_id(proposed.id))
}

fn line_shape(line: &AudienceLine) -> Value {
    let last = line.last.as_ref().map(|told| {
        json!({ "entry": told.id, "at": told.at, "word": told.word.name(), "by": told.by, "approved_by": told.approved_by })
    });
    let receipts: Vec<Value> = line
        .receipts
        .iter()
        .map(|receipt| json!({ "client": receipt.client, "state": receipt.state, "link": receipt.link }))
        .collect();
    json!({
        "audience": line.audience,
        "about": line.about,
        "external": line.external,
        "last": last,
        "count": line.count,
        "next_due": line.next_due,
        "overdue": line.overdue,
        "receipts": receipts,
        "waiting": line.waiting,
    })
}
