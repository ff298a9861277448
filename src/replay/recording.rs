//! A journal on its way into a [`super::Player`]: read once, entry by entry, never whole in memory.

use std::collections::{HashMap, HashSet};

use super::course::Course;
use super::index::{Index, Order, Retime, Turn, sorted_by};
use crate::incident::event::{IncidentEvent, NoteEvent, StatusEvent, UpdateEvent};
use crate::incident::rows::Placed;
use crate::incident::scribe::NoteKind;
use crate::incident::words::Phase;
use crate::incident::{Entry, EntryId, Event, Row, Rows, Time};
use crate::room::Folded;

/// Takes a journal in, in the order of the fold, and folds it in passing: what is kept makes every seek short.
#[derive(Default)]
pub struct Recording {
    entries: Vec<Row>,
    /// By seq.
    known: Vec<Time>,
    retimes: Vec<(u32, EntryId, Time)>,
    turns: Vec<(u32, Phase)>,
    declared: bool,
    marks: Vec<u32>,
    folded: Folded,
    course: Course,
}

impl Recording {
    pub fn take(&mut self, placed: &Placed) {
        let entry = &*placed.entry;
        let seq = self.entries.len() as u32;
        self.entries.push(Row::of(entry, placed.locator));
        self.known.push(entry.known_at());
        self.note_landmarks(seq, entry);
        self.folded.take_one(placed);
        if self.course.wants(self.entries.len()) {
            self.course.keep(&self.folded, self.entries.len());
            // Rows are made from the index; these would only grow.
            self.folded.rows = Rows::default();
        }
    }

    /// What jumps go by.
    fn note_landmarks(&mut self, seq: u32, entry: &Entry) {
        match &entry.event {
            Event::Incident(IncidentEvent::Declared(what)) if !self.declared => {
                self.declared = true;
                self.turns.push((seq, what.status.phase()));
            }
            Event::Status(StatusEvent::Moved { to, .. }) => self.turns.push((seq, to.phase())),
            Event::Update(UpdateEvent::Sent(_)) => self.marks.push(seq),
            Event::Note(NoteEvent::Written { kind: NoteKind::Decision, .. }) => self.marks.push(seq),
            Event::Note(NoteEvent::Corrected { target, at: Some(at), .. }) => {
                self.retimes.push((seq, *target, *at));
            }
            _ => {}
        }
    }

    pub(super) fn finish(mut self) -> (Index, Course) {
        let order = Order::sort(&mut self.known);
        let ats: Vec<Time> = self.entries.iter().map(|row| row.at).collect();
        let retimes = settled(&self.entries, &self.retimes);
        let by_at = sorted_by(&ats);
        let mut index =
            Index { entries: self.entries, known: self.known, order, by_at, retimes, ..Index::default() };
        index.turns = turns(&index, &self.turns);
        index.marks = self.marks.iter().map(|seq| index.rank(*seq as usize) as u32).collect();
        index.marks.sort_unstable();
        self.course.settle(&index);
        (index, self.course)
    }
}

/// The corrections of time whose target is on the timeline.
fn settled(entries: &[Row], retimes: &[(u32, EntryId, Time)]) -> Vec<Retime> {
    let places = places(entries, retimes.iter().map(|(_, target, _)| *target).collect());
    let settle = |&(seq, target, at): &(u32, EntryId, Time)| {
        let target = *places.get(&target)?;
        Some(Retime { seq, target, at })
    };
    retimes.iter().filter_map(settle).collect()
}

/// The seqs of a few entries, in one pass over all.
fn places(entries: &[Row], wanted: HashSet<EntryId>) -> HashMap<EntryId, u32> {
    if wanted.is_empty() {
        return HashMap::new();
    }
    let listed = entries.iter().enumerate().filter(|(_, row)| row.class().on_timeline());
    listed.filter(|(_, row)| wanted.contains(&row.id)).map(|(seq, row)| (row.id, seq as u32)).collect()
}

/// By rank. Of the moves known so far the last of the fold holds.
fn turns(index: &Index, turns: &[(u32, Phase)]) -> Vec<Turn> {
    let mut ranked: Vec<(u32, u32, Phase)> =
        turns.iter().map(|(seq, phase)| (index.rank(*seq as usize) as u32, *seq, *phase)).collect();
    ranked.sort_unstable_by_key(|(rank, ..)| *rank);
    let mut last = (0, Phase::Identify);
    let latest = ranked.into_iter().map(|(rank, seq, phase)| {
        if seq >= last.0 {
            last = (seq, phase);
        }
        Turn { rank, phase: last.1 }
    });
    latest.collect()
}
