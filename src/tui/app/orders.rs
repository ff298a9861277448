//! Orders to the open room, from the key to what is said when they are saved or refused.

use std::sync::Arc;

use super::{App, Effect};
use crate::incident::event::{DeliveryEvent, UpdateEvent};
use crate::incident::{Command, Entry, Event, Time, When, describe};
use crate::outbox::LOCAL;
use crate::room::{Effect as RoomEffect, Input as RoomInput, Order, Ticket};
use crate::runtime::drafts::Unsaved;
use crate::runtime::live::Reading;
use crate::tui::layers::ask::Ask;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::Ctx;
use crate::tui::screens::room::Live;

/// An order that is not saved yet.
pub(super) struct Given {
    order: Order,
    /// What to say when it is saved.
    say: Option<String>,
}

impl App {
    pub(super) fn room_input(&mut self, input: RoomInput, now: Time) {
        let brings_entries =
            matches!(input, RoomInput::News(_) | RoomInput::Written(_) | RoomInput::Refolded(_));
        let Some(live) = self.live_mut() else { return };
        // Nothing may be done on half a journal; the whole comes in one piece.
        if live.still_reading().is_some() && !matches!(input, RoomInput::Refolded(_)) {
            return;
        }
        if brings_entries && live.unreadable {
            (live.unreadable, live.damage) = (false, None);
        }
        let effects = live.room.handle(input, now);
        self.room_effects(effects, now);
        self.refresh(now);
        if brings_entries {
            self.layer_news(now);
        }
    }

    fn layer_news(&mut self, now: Time) {
        let Some(mut layer) = self.layers.pop() else { return };
        let messages = layer.news(&self.ctx(now));
        self.layers.push(layer);
        self.take(messages, now);
    }

    /// How far the journal has been read.
    pub(super) fn reading(&mut self, reading: Reading, now: Time) {
        let Some(live) = self.live_mut() else { return };
        let begins = live.still_reading().is_some() && reading == Reading::Done;
        live.reading = reading;
        if begins {
            self.begin_room(now);
        }
        self.refresh(now);
    }

    /// The journal is known: what waited for it is done.
    pub(super) fn begin_room(&mut self, now: Time) {
        let again = std::mem::take(&mut self.again);
        self.give_again(again, now);
        self.room_input(RoomInput::Tick, now);
        self.announce_missed(now);
    }

    pub(super) fn order(&mut self, command: Command, at: Option<When>, now: Time) {
        self.order_saying(command, at, None, now);
    }

    /// Gives an order; `say` is told when it is saved.
    pub(super) fn order_saying(
        &mut self,
        command: Command,
        at: Option<When>,
        say: Option<String>,
        now: Time,
    ) {
        if self.replay.is_some() {
            return self.tell(Tone::Warning, "a replay cannot be changed".into(), now);
        }
        let order = Order::new(command, self.setup.me.clone()).at(at);
        self.give(order, say, now);
    }

    fn give(&mut self, order: Order, say: Option<String>, now: Time) {
        let Some(live) = self.live_mut() else {
            return self.tell(Tone::Warning, "no incident is open".into(), now);
        };
        if let Some(why) = live.still_reading() {
            if let Some(room) = self.room.as_deref_mut() {
                room.take_back(&order);
            }
            return self.tell(Tone::Warning, why, now);
        }
        let ticket = live.room.ticket();
        let effects = live.room.handle(RoomInput::Order(ticket, Box::new(order.clone())), now);
        self.given.insert(ticket, Given { order, say });
        self.room_effects(effects, now);
    }

    /// Notes of last time that may not have been saved: given again under the same id, each becomes one entry.
    pub(super) fn give_again(&mut self, unsaved: Vec<Unsaved>, now: Time) {
        let missing = |live: &Live| -> Vec<Unsaved> {
            unsaved.into_iter().filter(|note| live.entry(note.id).is_none()).collect()
        };
        let Some(missing) = self.live().map(missing).filter(|missing| !missing.is_empty()) else { return };
        let count = missing.len();
        for note in missing {
            let command = Command::Note { kind: note.kind, text: note.text };
            let order = Order::new(command, self.setup.me.clone()).at(note.at).with_id(note.id);
            self.give(order, None, now);
        }
        self.tell(
            Tone::Warning,
            format!("{count} notes of last time were not saved: they are being saved now"),
            now,
        );
    }

    pub(super) fn room_effects(&mut self, effects: Vec<RoomEffect>, now: Time) {
        for effect in effects {
            match effect {
                RoomEffect::Append(drafts) => self.effects.push(Effect::Append(drafts)),
                RoomEffect::Deliver(call) => self.effects.push(Effect::Deliver(call)),
                RoomEffect::Find(call) => self.effects.push(Effect::Find(call)),
                RoomEffect::Kept { account, cursor } => self.effects.push(Effect::Kept { account, cursor }),
                RoomEffect::Saved { ticket, entries } => self.saved(ticket, &entries, now),
                RoomEffect::Refused { ticket, refusal } => {
                    self.tell(Tone::Warning, refusal.to_string(), now);
                    self.refused(ticket);
                }
                RoomEffect::Waiting { why, hint, .. } => {
                    if let Some(live) = self.live_mut() {
                        live.trouble = Some((why, hint));
                    }
                }
            }
        }
    }

    /// The text of what was refused goes back to where it was typed.
    fn refused(&mut self, ticket: Ticket) {
        let (Some(given), Some(room)) = (self.given.remove(&ticket), self.room.as_deref_mut()) else {
            return;
        };
        room.take_back(&given.order);
    }

    fn saved(&mut self, ticket: Ticket, entries: &[Arc<Entry>], now: Time) {
        let given = self.given.remove(&ticket);
        let again = self.live_mut().is_some_and(|live| live.trouble.take().is_some());
        let mut said = again.then(|| "saved again".to_owned());
        if let Some(given) = given {
            let done = entries.first().filter(|_| !matches!(given.order.command, Command::Undo { .. }));
            self.mine.extend(done.cloned());
            said = given.say.or(said);
        }
        if let Some(audience) = sent(entries) {
            said = Some(told(&audience, entries));
            if let Some(room) = self.room.as_deref_mut() {
                room.update.sent(&audience);
            }
        }
        if let Some(said) = said {
            self.tell(Tone::Good, said, now);
        }
        self.refresh(now);
    }

    /// Takes the last act of mine back: it speaks when the compensating entry is saved.
    pub(super) fn undo(&mut self, now: Time) {
        if self.replay.is_some() {
            return self.tell(Tone::Warning, "a replay cannot be changed".into(), now);
        }
        let Some(entry) = self.mine.last() else {
            return self.tell(Tone::Info, "nothing of yours to undo in this session".into(), now);
        };
        // Everybody steers by these two: taking one back is explained.
        if matches!(entry.event, Event::Status(_) | Event::Severity(_)) {
            let text = self.live().map(|live| describe::original(live.room.incident(), entry).into_owned());
            let about = format!("{}. Why is it taken back?", text.unwrap_or_default());
            return self.layers.push(Box::new(Ask::new("Undo", about, Box::new(undo_reason))));
        }
        self.undo_because(String::new(), now);
    }

    /// Takes the last act of mine back for this reason.
    pub(super) fn undo_because(&mut self, reason: String, now: Time) {
        let Some(entry) = self.mine.pop() else { return };
        let known = self.live().map(|live| describe::original(live.room.incident(), &entry).into_owned());
        let text = known.unwrap_or_default();
        let command = Command::Undo { entry: entry.id(), event: entry.event.clone(), reason };
        self.order_saying(command, None, Some(format!("undone: {text}")), now);
    }
}

fn undo_reason(reason: &str, _: &Ctx) -> Result<Vec<Msg>, String> {
    match reason.is_empty() {
        true => Err("say why, in a few words".to_owned()),
        false => Ok(vec![Msg::Undo(reason.to_owned())]),
    }
}

/// Where an update goes, as far as it is known when it is saved.
fn told(audience: &str, entries: &[Arc<Entry>]) -> String {
    let asked = entries.iter().filter_map(|entry| match &entry.event {
        Event::Delivery(DeliveryEvent::Requested(request)) if request.client != LOCAL => {
            Some(&request.client)
        }
        _ => None,
    });
    let clients: Vec<&str> = asked.map(String::as_str).collect();
    match clients.is_empty() {
        true => format!("update to {audience} saved; nobody outside is told: kept in the local record"),
        false => format!("update to {audience} saved, and on its way to {}", clients.join(", ")),
    }
}

/// The audience of the update among these entries, if one is.
fn sent(entries: &[Arc<Entry>]) -> Option<String> {
    entries.iter().find_map(|entry| match &entry.event {
        Event::Update(UpdateEvent::Sent(update)) => Some(update.audience.clone()),
        _ => None,
    })
}
