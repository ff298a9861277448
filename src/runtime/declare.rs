//! Making an incident: decided first, so that a refused declaration leaves nothing on disk.

use std::path::Path;

use super::clock;
use super::headless::{NotDone, Session};
use super::live::Outside;
use crate::incident::event::IncidentEvent;
use crate::incident::{Command, Context, Event, HostId, Incident, IncidentId, decide};
use crate::journal::{Home, IncidentDir, Journal, JournalError};
use crate::outbox::routes::Routes;
use crate::policy::Policy;
use crate::room::Order;

/// Declares, saves, and answers the incident's folder. `order` must carry a [`Command::Declare`].
pub fn declare(
    home: &Home,
    host: HostId,
    policy: &Policy,
    connected: (Outside, Routes),
    order: Order,
) -> Result<(IncidentDir, Session), NotDone> {
    if !matches!(order.command, Command::Declare(_)) {
        return Err(unsaved("only a declaration makes an incident", ""));
    }
    let context = Context { policy, now: clock::now(), by: &order.by };
    let events = decide(&Incident::default(), &order.command, context).map_err(NotDone::Refused)?;
    let id = IncidentId::from_parts(clock::now().ms().unsigned_abs(), IncidentId::generate().random());
    let dir = home
        .create_incident(id, folder_title(&events))
        .map_err(|error| unsaved(&error.to_string(), &error.hint()))?;
    match begin(&dir.path, id, host, policy, connected, order) {
        Ok(session) => Ok((dir, session)),
        Err(error) => {
            if holds_nothing(&dir.path) {
                // A folder that stays behind is empty and does no harm.
                let _ = std::fs::remove_dir_all(&dir.path);
            }
            Err(error)
        }
    }
}

/// What the folder is named after: a private incident's words stand in no path.
fn folder_title(events: &[Event]) -> &str {
    match events.first() {
        Some(Event::Incident(IncidentEvent::Declared(what))) if !what.private => &what.title,
        _ => "private",
    }
}

/// A declaration that was perhaps saved is never removed.
fn holds_nothing(path: &Path) -> bool {
    match Journal::scan(path, &mut |_| {}) {
        Ok(end) => end.entries == 0,
        Err(error) => matches!(error, JournalError::Missing(_)),
    }
}

fn begin(
    path: &Path,
    id: IncidentId,
    host: HostId,
    policy: &Policy,
    (outside, routes): (Outside, Routes),
    order: Order,
) -> Result<Session, NotDone> {
    let journal = Journal::create(path, id, host)?;
    let mut session = Session::with(journal, path, host, policy.clone())?.connected(outside, routes);
    session.carry_out(order)?;
    Ok(session)
}

fn unsaved(why: &str, hint: &str) -> NotDone {
    NotDone::Unsaved { why: why.to_owned(), hint: hint.to_owned() }
}
