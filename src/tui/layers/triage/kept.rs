//! What was answered and typed, as one text: it outlives Esc and a crash, and the next triage begins with what is known.

use serde::{Deserialize, Serialize};

use super::grid::Cell;
use super::guide::{Guide, assessed};
use crate::incident::Incident;
use crate::policy::Policy;
use crate::policy::triage::Walk;
use crate::tui::widgets::field::Field;

/// All that a person did, to go on with later.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    axes: bool,
    walk: Walk,
    cell: Cell,
    words: Vec<String>,
    reason: Option<String>,
}

impl Guide {
    /// What was answered in words before is there again.
    pub fn knowing(mut self, policy: &Policy, incident: &Incident) -> Self {
        for (assess, field) in assessed(policy).iter().zip(&mut self.words) {
            let mut before = incident.assessments.iter().rev().flat_map(|assessed| &assessed.answers);
            if let Some(answer) = before.find(|answer| answer.question == assess.ask) {
                field.set(&answer.answer);
            }
        }
        self.untouched = self.whole();
        self
    }

    pub(super) fn whole(&self) -> String {
        let kept = Kept {
            axes: self.axes,
            walk: self.walk.clone(),
            cell: self.cell,
            words: self.words.iter().map(Field::value).collect(),
            reason: self.reason.as_ref().map(Field::value),
        };
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// What was answered and typed; `None`: nothing.
    pub fn kept(&self) -> Option<String> {
        Some(self.whole()).filter(|whole| *whole != self.untouched)
    }

    pub fn put_back(&mut self, text: &str) {
        let Ok(kept) = serde_json::from_str::<Kept>(text) else { return };
        (self.axes, self.walk, self.cell) = (kept.axes, kept.walk, kept.cell);
        self.words.iter_mut().zip(&kept.words).for_each(|(field, text)| field.set(text));
        self.reason = kept.reason.map(|reason| Field::line(&reason));
    }
}
