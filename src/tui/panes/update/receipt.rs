//! What became of an update that was sent, in a few words.

use crate::incident::{EntryId, Zone};
use crate::outbox::{Act, Outbox, State};
use crate::room::LOCAL;
use crate::tui::theme::Meaning;

/// One line for each place an update goes to.
pub(super) fn receipts(outbox: &Outbox, update: EntryId, zone: Zone) -> Vec<(Meaning, String)> {
    let lines: Vec<(Meaning, String)> = outbox.about(update).map(|act| receipt(act, zone)).collect();
    if lines.is_empty() {
        vec![(Meaning::Muted, "as it was published or noted; nothing was delivered from here".to_owned())]
    } else {
        lines
    }
}

fn receipt(act: &Act, zone: Zone) -> (Meaning, String) {
    let place = if act.client == LOCAL { "the local record" } else { &act.client };
    match &act.state {
        State::Confirmed { .. } if act.client == LOCAL => (Meaning::Muted, format!("kept in {place}")),
        State::Confirmed { at, .. } => (Meaning::Muted, format!("delivered to {place} at {}", zone.hm(*at))),
        State::Waiting { .. } => (Meaning::Muted, format!("waiting to go to {place}")),
        State::Failing { from, message } => {
            (Meaning::Warning, format!("{place}: {message}; next try {}", zone.hms(*from)))
        }
        State::Attempted { .. } => (Meaning::Muted, format!("on its way to {place}")),
        State::Doubtful { message, .. } => {
            (Meaning::Alert, format!("unclear whether {place} has it: {message}"))
        }
        State::Stuck { message, .. } => (Meaning::Alert, format!("failed to reach {place}: {message}")),
        State::Superseded { .. } => (Meaning::Muted, format!("not needed at {place}: a newer one says it")),
        State::Dropped { .. } => (Meaning::Warning, format!("given up, {place} never got it")),
    }
}
