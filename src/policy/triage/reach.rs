//! What the questions can still lead to: which comes after an answer, and the gravest severity behind it.

use super::walk::Walk;
use super::{Mode, Outcome, Triage};
use crate::policy::{Level, Policy};

/// A rank milder than every level: no level is reached.
const NO_LEVEL: u8 = u8::MAX;

impl Triage {
    /// The place of the question after one at `at` that was answered with `outcome`. `None`: the walk ends there.
    pub fn after(&self, at: usize, outcome: &Outcome) -> Option<usize> {
        if self.mode == Mode::First && !outcome.levels.is_empty() {
            return None;
        }
        match &outcome.next {
            Some(id) => self.questions.iter().position(|question| question.id == *id),
            None => Some(at + 1).filter(|next| *next < self.questions.len()),
        }
    }
}

/// The levels of an outcome as the policy names them, the graver first.
pub fn levels(outcome: &Outcome, policy: &Policy) -> Vec<String> {
    let mut levels: Vec<&Level> = outcome.levels.iter().filter_map(|name| policy.level(name)).collect();
    levels.sort_by_key(|level| level.rank);
    levels.dedup_by_key(|level| level.rank);
    levels.into_iter().map(|level| level.name.clone()).collect()
}

/// The rank of the gravest level of an outcome itself; past every rank when it has none.
pub fn own(outcome: &Outcome, policy: &Policy) -> u8 {
    let ranks = outcome.levels.iter().filter_map(|name| policy.level(name)).map(|level| level.rank);
    ranks.min().unwrap_or(NO_LEVEL)
}

/// The rank of the gravest level that can be reached through an answer to the question at `at`.
pub fn gravest(triage: &Triage, policy: &Policy, at: usize, outcome: &Outcome) -> u8 {
    let mut seen = vec![false; triage.questions.len()];
    if let Some(asked) = seen.get_mut(at) {
        *asked = true;
    }
    let mut gravest = NO_LEVEL;
    let mut open = vec![(at, outcome.clone())];
    while let Some((at, outcome)) = open.pop() {
        let next = triage.after(at, &outcome);
        let last = next.is_none() && outcome.levels.is_empty();
        let fallback = triage.otherwise.as_ref().filter(|_| last);
        gravest = gravest.min(own(fallback.unwrap_or(&outcome), policy));
        let Some(next) = next.filter(|next| !std::mem::replace(&mut seen[*next], true)) else { continue };
        let answers = triage.questions.get(next).map(Walk::answers).unwrap_or_default();
        open.extend(answers.into_iter().map(|answer| (next, answer.outcome)));
    }
    gravest
}
