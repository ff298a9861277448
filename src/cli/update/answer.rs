//! What is said once an update is saved: the entry, and what became of its delivery.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::desk::{Desk, Found};
use crate::cli::fail::Done;
use crate::cli::out::complain;
use crate::cli::print;
use crate::clients::Local;
use crate::incident::event::UpdateEvent;
use crate::incident::{EntryId, Event};
use crate::outbox::{Act, State};
use crate::report::export::shape;
use crate::runtime::headless::{Delivery, Session};

/// How long another command may hold the delivery lock before it is taken for an open console.
const PATIENCE: Duration = Duration::from_secs(1);

/// Delivers what is saved, and says both.
pub fn sent(desk: &mut Desk, session: &mut Session, found: &Found, saved: &[EntryId]) -> Done {
    let delivery = session.deliver(PATIENCE).unwrap_or_else(|not_done| {
        complain(&format!("warning: the update is saved, but not delivered yet: {not_done}"));
        Delivery::Tried
    });
    let local = Local::beside(session.dir());
    let acts: Vec<&Act> = saved.iter().flat_map(|id| session.room().outbox().about(*id)).collect();
    if desk.json {
        let entries: Vec<Value> = session
            .written()
            .iter()
            .filter(|entry| saved.contains(&entry.id()))
            .map(|entry| shape::entry(session.incident(), entry))
            .collect();
        let deliveries: Vec<Value> = acts.iter().map(|act| act_shape(act, &local)).collect();
        return desk.out.json(&json!({
            "incident": print::found(found),
            "saved": entries,
            "deliveries": deliveries,
            "ran_out": print::ran_out(session),
        }));
    }
    print::saved(desk, session, found, saved)?;
    let of_an_update = |id: &EntryId| {
        let mut written = session.written().iter().filter(|entry| entry.id() == *id);
        written.any(|entry| matches!(entry.event, Event::Update(UpdateEvent::Sent(_))))
    };
    if acts.is_empty() && saved.iter().any(of_an_update) {
        return desk.out.line("saved, but not queued for delivery; the timeline has the text");
    }
    acts.iter().try_for_each(|act| desk.out.line(&sentence(act, &local, delivery)))
}

fn sentence(act: &Act, local: &Local, delivery: Delivery) -> String {
    match &act.state {
        State::Confirmed { .. } => {
            format!("no client configured: kept in the local record {}", local.path(act).display())
        }
        State::Stuck { message, .. } | State::Doubtful { message, .. } => format!("not delivered: {message}"),
        _ if delivery == Delivery::LeftToAnother => "queued: an open console delivers it".to_owned(),
        _ => "queued: the next update or an open console delivers it".to_owned(),
    }
}

fn act_shape(act: &Act, local: &Local) -> Value {
    let (state, message) = match &act.state {
        State::Waiting { .. } => ("waiting", None),
        State::Attempted { .. } => ("attempted", None),
        State::Doubtful { message, .. } => ("doubtful", Some(message)),
        State::Stuck { message, .. } => ("stuck", Some(message)),
        State::Confirmed { .. } => ("confirmed", None),
        State::Dropped { .. } => ("dropped", None),
    };
    let path = (state == "confirmed").then(|| local.path(act));
    json!({ "request": act.request, "client": act.client, "lane": act.lane, "state": state, "message": message, "path": path })
}
