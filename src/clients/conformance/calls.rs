//! The acts that a client is asked for, and where they happen.

use std::collections::BTreeMap;

use ulid::Ulid;

use super::Repeat;
use crate::clients::Call;
use crate::incident::event::{ChatDeed, Deed, Slot};
use crate::incident::{EntryId, HostId, PersonId, Time};
use crate::outbox::{Act, State};

/// What a client is asked about, and in which world.
#[derive(Clone, Debug)]
pub struct World {
    pub now: Time,
    /// The ids of the acts are counted from here. Where the world remembers (a real service), each run needs its own.
    pub first: u128,
    pub drill: bool,
    /// In this order: a channel is opened before it is posted in.
    pub trials: Vec<Trial>,
    /// What the client has already. Whatever a trial makes is added.
    pub places: BTreeMap<Slot, String>,
}

/// One deed to be tried.
#[derive(Clone, Debug)]
pub struct Trial {
    pub deed: Deed,
    pub title: String,
    pub body: String,
    /// What the client promises for the case that it is asked twice.
    pub repeat: Repeat,
}

impl Trial {
    pub fn new(deed: Deed, repeat: Repeat) -> Self {
        Self {
            deed,
            title: "Orders are late".into(),
            body: "A check of this client; nothing is wrong.".into(),
            repeat,
        }
    }
}

impl World {
    /// Where nothing was made, places that a client in its own small world takes as they are.
    pub fn dry(now: Time, first: u128, trials: Vec<Trial>) -> Self {
        let place = |slot, name: &str| (slot, name.to_owned());
        let places = BTreeMap::from([
            place(Slot::Channel, "!dry-channel"),
            place(Slot::Page, "dry-page"),
            place(Slot::Ticket, "DRY-1"),
            place(Slot::FollowUp(crate::clients::process::deeds::A_FOLLOW_UP), "DRY-2"),
            place(Slot::Post(crate::clients::process::deeds::A_POST), "dry-post"),
        ]);
        Self { now, first, drill: false, trials, places }
    }

    /// The call of this number. A deed about a post is about the last one.
    pub fn call(&self, number: usize, trial: &Trial) -> Call {
        let request = self.request(number);
        let act = self.act(request, trial);
        let needs = act.deed.needs().map(|slot| slot.and_then(|slot| self.places.get(&slot).cloned()));
        Call { act, needs, drill: self.drill, now: self.now }
    }

    pub fn request(&self, number: usize) -> EntryId {
        Ulid(self.first + number as u128)
    }

    fn act(&self, request: EntryId, trial: &Trial) -> Act {
        Act {
            number: 0,
            request,
            host: HostId::default(),
            by: PersonId::new("check"),
            client: "check".into(),
            lane: "check".into(),
            subject: request,
            title: trial.title.clone(),
            body: trial.body.clone(),
            deed: self.aimed(&trial.deed),
            requested_at: self.now,
            attempts: 1,
            attempted_at: Some(self.now),
            attempted_in: [None, None],
            state: State::Attempted { at: self.now },
        }
    }

    fn aimed(&self, deed: &Deed) -> Deed {
        let posts = self
            .places
            .keys()
            .filter_map(|slot| if let Slot::Post(post) = slot { Some(*post) } else { None });
        // The ids of a run come after those of the examples.
        let Some(last) = posts.max() else { return deed.clone() };
        match deed {
            Deed::Chat(ChatDeed::Edit { .. }) => Deed::Chat(ChatDeed::Edit { post: last }),
            Deed::Chat(ChatDeed::Pin { .. }) => Deed::Chat(ChatDeed::Pin { post: last }),
            deed => deed.clone(),
        }
    }

    /// Keeps what a deed has made.
    pub fn learn(&mut self, call: &Call, remote: &str) {
        if let Some(slot) = call.deed().makes(call.act.request) {
            self.places.insert(slot, remote.to_owned());
        }
    }
}
