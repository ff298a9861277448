//! From what was decided to the entries that are written in one piece, with whatever they ask of the outside.
//!
//! An update and the request to deliver it are one write: no crash comes between them.

use super::{Folded, Order};
use crate::incident::entry::Stamp;
use crate::incident::event::{
    Deed, DeliveryEvent, IncidentEvent, PersonEvent, Requested, RoleEvent, SentUpdate, UpdateEvent,
};
use crate::incident::{Draft, EntryId, Event, HostId, Incident, Origin, PersonId, Refusal, Time};
use crate::outbox::LOCAL;
use crate::outbox::routes::{Asked, Routes};
use crate::outbox::wishes::{self, World};

/// Most entries of one order: the last byte of its id counts them.
const MOST: u128 = 250;

/// Where the ids of an order's entries begin, whose they are and when.
#[derive(Clone, Copy)]
pub(super) struct Numbers {
    pub first: EntryId,
    pub host: HostId,
    pub now: Time,
}

/// The ids of an order's entries, one after the other.
struct Ids {
    next: EntryId,
}

impl Ids {
    fn new(first: EntryId) -> Self {
        Self { next: first }
    }

    fn take(&mut self) -> EntryId {
        let id = self.next;
        self.next = EntryId::from(id.0.wrapping_add(1));
        id
    }
}

/// The entries of an order, with their ids.
pub(super) fn drafts(
    events: Vec<Event>,
    order: &Order,
    folded: &Folded,
    routes: &Routes,
    numbers: Numbers,
) -> Vec<Draft> {
    let mut ids = Ids::new(numbers.first);
    let mut drafts = Vec::new();
    let events: Vec<Event> = named(events, folded, routes);
    for event in events {
        let id = ids.take();
        let request = match &event {
            Event::Update(UpdateEvent::Sent(sent)) => Some(record(id, sent)),
            _ => None,
        };
        drafts.push(Draft::new(event, order.by.clone()).at(order.at).via(order.via).with_id(id));
        if let Some(request) = request {
            drafts.push(ours(request, &order.by).with_id(ids.take()));
        }
    }
    drafts.extend(withheld(&drafts, folded, &order.by, &mut ids));
    let asked = asked(&drafts, folded, routes, numbers, &mut ids);
    drafts.extend(asked.into_iter().filter_map(|(id, request)| {
        // Words that cannot be kept are those of an entry that was: too long with a heading, at most.
        let request = crate::incident::decide::request(request).ok()?;
        Some(ours(requested(request), &order.by).with_id(id))
    }));
    // Ids are counted in the last byte of the first one.
    drafts.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    drafts
}

/// An incident that becomes private takes back what nobody has been told so far: it is asked for anew, in other words.
fn withheld(drafts: &[Draft], folded: &Folded, by: &PersonId, ids: &mut Ids) -> Vec<Draft> {
    let hides = |draft: &Draft| {
        matches!(draft.event, Event::Incident(IncidentEvent::Private { on: true, .. }))
            && !folded.incident.is_private()
    };
    if !drafts.iter().any(hides) {
        return Vec::new();
    }
    let untold = folded.outbox.open().filter(|act| act.client != LOCAL && act.is_untold());
    let drop = |act: &crate::outbox::Act| {
        let reason = "the incident is private now".to_owned();
        let event = DeliveryEvent::Dropped { request: act.request, reason };
        ours(Event::Delivery(event), by).with_id(ids.take())
    };
    untold.map(drop).collect()
}

/// What a line asks for outside.
pub(super) fn outside(
    line: &str,
    file: &str,
    order: &Order,
    folded: &Folded,
    routes: &Routes,
    numbers: Numbers,
) -> Result<Vec<Draft>, Refusal> {
    let mut ids = Ids::new(numbers.first);
    let export = || file.to_owned();
    let world = World { routes, incident: &folded.incident, outbox: &folded.outbox, export: &export };
    let wishes = wishes::parse(line, world, &mut || ids.take())?;
    if let Some((client, listen)) = wishes.tune {
        let events = crate::incident::decide::told(DeliveryEvent::Tuned { client, listen });
        let draft = |event| Draft::new(event, order.by.clone()).via(order.via).with_id(ids.take());
        return Ok(events.into_iter().map(draft).collect());
    }
    let clean = |(id, request): Asked| {
        let request = crate::incident::decide::request(request)?;
        Ok(ours(requested(request), &order.by).with_id(id))
    };
    wishes.asked.into_iter().map(clean).collect()
}

/// Whoever gets a role and is known to this home is known to the incident from here on: others may have to be told who
/// that is.
fn named(events: Vec<Event>, folded: &Folded, routes: &Routes) -> Vec<Event> {
    let known = |who: &PersonId| folded.incident.people.contains_key(who);
    let new = |event: &Event| match event {
        Event::Role(RoleEvent::Assigned { who, .. } | RoleEvent::Offered { to: who, .. }) if !known(who) => {
            routes.people.get(who).cloned()
        }
        _ => None,
    };
    let people: Vec<Event> =
        events.iter().filter_map(new).map(|person| Event::Person(PersonEvent::Named(person))).collect();
    events.into_iter().chain(people).collect()
}

fn asked(drafts: &[Draft], folded: &Folded, routes: &Routes, numbers: Numbers, ids: &mut Ids) -> Vec<Asked> {
    if !drafts.iter().any(|draft| routes.minds(&draft.event)) {
        return Vec::new();
    }
    let after = after(drafts, &folded.incident, numbers);
    let mut all = Vec::new();
    for draft in drafts.iter().filter(|draft| routes.minds(&draft.event)) {
        let Some(subject) = draft.id else { continue };
        let mut next = || ids.take();
        all.extend(routes.follow(&after, &folded.outbox, &draft.event, (subject, numbers.now), &mut next));
    }
    all
}

/// The incident as it will be with these entries.
fn after(drafts: &[Draft], incident: &Incident, Numbers { first, host, now }: Numbers) -> Incident {
    let mut after = incident.clone();
    let mut stamp = Stamp::next(incident.last, now, host);
    for draft in drafts {
        let id = draft.id.unwrap_or(first);
        after.apply(&draft.clone().into_entry(id, 0, stamp));
        stamp.tick = stamp.tick.saturating_add(1);
    }
    after
}

/// An entry that the room writes in the name of whoever asked for the act.
pub(super) fn ours(event: Event, by: &PersonId) -> Draft {
    Draft::new(event, by.clone()).via(Origin::Client)
}

pub(super) fn requested(request: Requested) -> Event {
    Event::Delivery(DeliveryEvent::Requested(Box::new(request)))
}

/// The request to deliver an update to the client that is always there.
fn record(subject: EntryId, sent: &SentUpdate) -> Event {
    requested(Requested {
        client: LOCAL.to_owned(),
        lane: sent.audience.clone(),
        subject,
        title: format!("{} update", sent.audience),
        body: sent.body.clone(),
        deed: Deed::Record,
    })
}
