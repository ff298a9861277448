//! The rows that pass the filter, found a little at a time so that no key waits: the newest first.
//!
//! Start at [`Sift::begin`]; [`Sift::go_on`] works for [`TURN`] at most and is called again until [`Sift::is_done`].

use std::time::{Duration, Instant};

use crate::incident::describe;
use crate::incident::rows::{Row, Rows};
use crate::incident::{Class, EntryId};
use crate::tui::scene::Scene;

/// Longest work between two looks at the keys.
const TURN: Duration = Duration::from_millis(4);
/// Rows between two looks at the clock.
const STRIDE: usize = 128;

pub struct Sift {
    /// In lower case.
    needle: String,
    hidden: Vec<Class>,
    found: Rows,
    /// The rows before this one are still to be looked at.
    left: usize,
    /// What was there when it began, to notice what has changed.
    known: Known,
}

#[derive(Clone, Copy, PartialEq)]
struct Known {
    rows: usize,
    first: Option<EntryId>,
    last: Option<Row>,
    /// Words that were replaced: a correction may let an old row in or out.
    corrected: usize,
}

impl Known {
    fn of(scene: &Scene, rows: usize) -> Self {
        let (all, corrected) = (scene.rows, scene.incident.notes.corrected.len());
        let last = rows.checked_sub(1).and_then(|last| all.get(last));
        Self { rows, first: all.get(0).map(|row| row.id), last, corrected }
    }
}

impl Sift {
    pub fn begin(filter: &str, hidden: &[Class], scene: &Scene) -> Self {
        let rows = scene.rows.len();
        let mut sift = Self {
            needle: filter.to_lowercase(),
            hidden: hidden.to_vec(),
            found: Rows::default(),
            left: rows,
            known: Known::of(scene, rows),
        };
        sift.go_on(scene);
        sift
    }

    pub fn rows(&self) -> &Rows {
        &self.found
    }

    pub fn is_done(&self) -> bool {
        self.left == 0
    }

    /// How much has been looked at, in percent.
    pub fn percent(&self) -> usize {
        100 - self.left * 100 / self.known.rows.max(1)
    }

    /// Looks at more rows, for [`TURN`] at most.
    pub fn go_on(&mut self, scene: &Scene) {
        let until = Instant::now() + TURN;
        let mut found = Vec::new();
        while self.left > 0 {
            let from = self.left.saturating_sub(STRIDE);
            let stride = scene.rows.as_slice().get(from..self.left).unwrap_or_default();
            found.extend(stride.iter().rev().filter(|row| self.passes(scene, **row)).copied());
            self.left = from;
            if Instant::now() >= until {
                break;
            }
        }
        if !found.is_empty() {
            found.reverse();
            found.extend_from_slice(self.found.as_slice());
            self.found = Rows::from_sorted(found);
        }
    }

    /// The rows have changed: takes in what was added at the end; begins again after any other change.
    pub fn refresh(&mut self, scene: &Scene) {
        if Known::of(scene, self.known.rows) != self.known {
            let (needle, hidden) = (std::mem::take(&mut self.needle), std::mem::take(&mut self.hidden));
            *self = Self::begin(&needle, &hidden, scene);
            return;
        }
        let added = scene.rows.as_slice().get(self.known.rows..).unwrap_or_default();
        for row in added {
            if self.passes(scene, *row) {
                self.found.insert(*row);
            }
        }
        self.known = Known::of(scene, scene.rows.len());
    }

    fn passes(&self, scene: &Scene, row: Row) -> bool {
        !self.hidden.contains(&row.class()) && matches(scene, row, &self.needle)
    }
}

fn matches(scene: &Scene, row: Row, needle: &str) -> bool {
    if needle.is_empty() || row.class().name().contains(needle) {
        return true;
    }
    // The words of a note stand in the journal as they are shown, unless they were corrected; other sentences are made.
    let verbatim = is_verbatim(row.class()) && !scene.incident.notes.corrected.contains_key(&row.id);
    if verbatim && !scene.store.might_hold(row.locator(), needle) {
        return false;
    }
    let Some(entry) = scene.entry(row) else { return false };
    let text = describe::sentence(scene.incident, &entry);
    text.to_lowercase().contains(needle) || entry.by().as_str().contains(needle)
}

/// Whether an entry of this kind reads as it was typed.
fn is_verbatim(class: Class) -> bool {
    matches!(
        class,
        Class::Note | Class::Decision | Class::Hypothesis | Class::Finding | Class::Action | Class::Todo
    )
}
