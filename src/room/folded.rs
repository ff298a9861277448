//! Everything that is folded from a log, kept together so that it can never come apart.

use serde::{Deserialize, Serialize};

use crate::incident::event::{DeliveryEvent, NoteEvent};
use crate::incident::rows::{Placed, Row, Rows};
use crate::incident::{Event, Incident, REPEATED};
use crate::outbox::Outbox;

/// The incident, its timeline's order and its outbox at one moment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Folded {
    pub incident: Incident,
    pub outbox: Outbox,
    #[serde(skip)]
    pub rows: Rows,
}

impl Folded {
    /// Takes in entries in the order of the fold.
    pub fn take(&mut self, placed: &[Placed]) {
        for placed in placed {
            self.take_one(placed);
        }
    }

    pub fn take_one(&mut self, placed: &Placed) {
        let entry = &*placed.entry;
        self.incident.apply(entry);
        // What the same news asked for elsewhere is asked for there.
        let repeated = |id| self.incident.idle.get(&id).is_some_and(|why| why == REPEATED);
        let again = matches!(&entry.event, Event::Delivery(DeliveryEvent::Requested(request)) if repeated(request.subject));
        if !again {
            self.outbox.apply(entry);
        }
        if entry.class().on_timeline() && !self.incident.is_repeated(entry) {
            // Another host's correction may come before what it corrects.
            let at = self.incident.happened(entry);
            self.rows.insert(Row::new(entry.id(), at, entry.class(), placed.locator));
        }
        if let Event::Note(NoteEvent::Corrected { target, at: Some(at), .. }) = &entry.event {
            self.rows.retime(*target, *at);
        }
    }

    /// Folds everything from nothing.
    pub fn of(placed: &[Placed]) -> Self {
        let mut folded = Self::default();
        folded.take(placed);
        folded
    }
}
