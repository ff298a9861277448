//! What is said once an update is saved: the entry, and what became of its delivery.

use serde_json::{Value, json};

use crate::cli::desk::{Desk, Found};
use crate::cli::fail::Done;
use crate::cli::out::complain;
use crate::cli::print;
use crate::cli::sync;
use crate::clients::Local;
use crate::incident::event::UpdateEvent;
use crate::incident::{EntryId, Event};
use crate::outbox::{Act, LOCAL, Outbox, State};
use crate::report::export::shape;
use crate::runtime::headless::{Delivery, Session};

/// Delivers what is saved, and says both. Without `--json` the entry is said before anybody outside is called.
pub fn sent(desk: &mut Desk, session: &mut Session, found: &Found, saved: &[EntryId]) -> Done {
    if !desk.json {
        print::saved(desk, session, found, saved)?;
        desk.out.flush()?;
    }
    let delivery = sync::deliver(desk, session).unwrap_or_else(|_| {
        complain("warning: the update is saved, but not delivered yet");
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
    let of_an_update = |id: &EntryId| {
        let mut written = session.written().iter().filter(|entry| entry.id() == *id);
        written.any(|entry| matches!(entry.event, Event::Update(UpdateEvent::Sent(_))))
    };
    if acts.is_empty() && saved.iter().any(of_an_update) {
        return desk.out.line("saved, but not queued for delivery; the timeline has the text");
    }
    let alone = acts.iter().all(|act| act.client == LOCAL);
    let lines: Vec<String> = acts
        .iter()
        .map(|act| sentence(desk, session.room().outbox(), act, &local, delivery, alone))
        .collect();
    lines.iter().try_for_each(|line| desk.out.line(line))
}

fn sentence(
    desk: &Desk,
    outbox: &Outbox,
    act: &Act,
    local: &Local,
    delivery: Delivery,
    alone: bool,
) -> String {
    match &act.state {
        State::Confirmed { .. } if act.client == LOCAL => {
            let path = local.path(act);
            match alone {
                true => format!("nobody outside is told: kept in the local record {}", path.display()),
                false => format!("kept in the local record {}", path.display()),
            }
        }
        State::Waiting { .. } if delivery == Delivery::LeftToAnother => {
            format!("{}: queued, an open console delivers it", act.client)
        }
        _ => sync::act_line(desk, outbox, act),
    }
}

fn act_shape(act: &Act, local: &Local) -> Value {
    let mut shape = sync::act_shape(act);
    let kept = act.client == LOCAL && matches!(act.state, State::Confirmed { .. });
    shape["path"] = json!(kept.then(|| local.path(act)));
    shape
}
