//! The questions of a policy, answered key by key: what was answered, what it leads to, and what a key does.
//!
//! It knows no incident and gives no order: whoever shows it decides what [`Step::Found`] means. What was answered and typed
//! outlives Esc (see `kept`).

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::grid::Cell;
use crate::incident::event::Assessment;
use crate::policy::triage::{Answer, Assess, Proposal, Question, Walk};
use crate::policy::{Policy, Triage};
use crate::tui::actions::{Action, Context, Move};
use crate::tui::keymap::Keymap;
use crate::tui::keys::Key;
use crate::tui::widgets::field::Field;

/// The key for "nobody knows".
const UNSURE: char = '-';

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Every question that was answered, with its answer.
    pub answers: Vec<Assessment>,
    /// The severity. `None`: only the answers are to be kept.
    pub to: Option<String>,
    pub reason: String,
}

/// What a key led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Stay,
    Back,
    /// Show what fails how often.
    Failures,
    /// Its keys are asked for.
    Keys,
    Found(Found),
}

/// Where the keys go.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Focus {
    /// The question, the grid, or the severities that are proposed.
    #[default]
    Ask,
    /// An answer in words.
    Words(usize),
    Reason,
}

#[derive(Default)]
pub struct Guide {
    /// Two axes instead of questions.
    pub(super) axes: bool,
    pub(super) walk: Walk,
    pub(super) cell: Cell,
    /// One for each question that is answered in words.
    pub(super) words: Vec<Field>,
    /// Somebody's own; `None`: the answers in one line.
    pub(super) reason: Option<Field>,
    /// The answer or the severity that the arrows are on.
    pub(super) picked: Option<usize>,
    pub(super) focus: Focus,
    pub(super) problem: String,
    /// What [`Guide::kept`] would say if nothing had been done.
    pub(super) untouched: String,
}

impl Guide {
    /// Whether the policy has anything to ask.
    pub fn can_ask(policy: &Policy) -> bool {
        policy.triage.is_some() || policy.axes.is_some()
    }

    pub fn new(policy: &Policy) -> Self {
        let words = assessed(policy).iter().map(|_| Field::default()).collect();
        let cell = policy.axes.as_ref().map(Cell::middle).unwrap_or_default();
        let guide = Self { axes: policy.triage.is_none(), cell, words, ..Self::default() };
        Self { untouched: guide.whole(), ..guide }
    }

    /// What was found is refused: it is said here, and everything stays.
    pub fn refuse(&mut self, problem: String) {
        self.problem = problem;
    }

    /// The question that is to be answered now.
    pub(super) fn asking<'a>(&self, policy: &'a Policy) -> Option<&'a Question> {
        self.tree(policy).and_then(|triage| self.walk.question(triage))
    }

    /// The questions, unless the two axes are shown.
    pub(super) fn tree<'a>(&self, policy: &'a Policy) -> Option<&'a Triage> {
        policy.triage.as_ref().filter(|_| !self.axes)
    }

    pub(super) fn proposal(&self, policy: &Policy) -> Option<Proposal> {
        match self.tree(policy) {
            Some(triage) => self.walk.proposal(triage, policy),
            None => self.cell.proposal(policy),
        }
    }

    /// The severity that is taken; of several the one that the arrows are on, else the graver.
    pub(super) fn taken<'a>(&self, proposal: &'a Proposal) -> Option<&'a String> {
        proposal.levels.get(self.picked.unwrap_or(0)).or(proposal.levels.first())
    }

    /// Questions and answers so far, without those in words.
    pub(super) fn path(&self, policy: &Policy) -> Vec<(String, String)> {
        match self.tree(policy) {
            Some(triage) => self.walk.path(triage),
            None => policy.axes.as_ref().map(|axes| self.cell.path(axes)).unwrap_or_default(),
        }
    }

    pub(super) fn reason(&self, proposal: Option<&Proposal>) -> String {
        let own = self.reason.as_ref().map(Field::value);
        own.or_else(|| proposal.map(|proposal| proposal.why.clone())).unwrap_or_default()
    }

    fn found(&self, policy: &Policy, to: Option<String>) -> Found {
        let proposal = self.proposal(policy);
        // A grid that nobody asked about says nothing.
        let path = if self.tree(policy).is_none() && to.is_none() { Vec::new() } else { self.path(policy) };
        let words = assessed(policy).iter().zip(&self.words);
        let words = words.map(|(assess, field)| (assess.ask.clone(), field.value().trim().to_owned()));
        let all = path.into_iter().chain(words).filter(|(_, answer)| !answer.is_empty());
        let answers = all.map(|(question, answer)| Assessment { question, answer }).collect();
        Found { answers, to, reason: self.reason(proposal.as_ref()) }
    }

    pub fn key(&mut self, key: KeyEvent, policy: &Policy, keymap: &Keymap) -> Step {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => return Step::Back,
            KeyCode::Enter => return self.enter(policy),
            KeyCode::Char('s') if control => return Step::Found(self.found(policy, None)),
            KeyCode::Tab => self.go(1, policy),
            KeyCode::BackTab => self.go(-1, policy),
            KeyCode::Down if self.focus != Focus::Ask => self.go(1, policy),
            KeyCode::Up if self.focus != Focus::Ask => self.go(-1, policy),
            _ => return self.typed(key, policy, keymap),
        }
        Step::Stay
    }

    fn typed(&mut self, key: KeyEvent, policy: &Policy, keymap: &Keymap) -> Step {
        self.problem.clear();
        match self.field() {
            Some(field) => {
                field.key(key);
                Step::Stay
            }
            None => self.pressed(key, policy, keymap),
        }
    }

    /// The field that has the keys.
    fn field(&mut self) -> Option<&mut Field> {
        match self.focus {
            Focus::Ask => None,
            Focus::Words(place) => self.words.get_mut(place),
            Focus::Reason => self.reason.as_mut(),
        }
    }

    /// A key for the question, the grid or the severities.
    fn pressed(&mut self, key: KeyEvent, policy: &Policy, keymap: &Keymap) -> Step {
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        if let KeyCode::Char(letter) = key.code
            && plain
        {
            // The answers' own keys come first, whatever they are.
            if self.answer(letter, policy) {
                return Step::Stay;
            }
            match letter {
                'q' => return Step::Back,
                'f' => return Step::Failures,
                '?' => return Step::Keys,
                'x' => {
                    self.turn(policy);
                    return Step::Stay;
                }
                _ => {}
            }
        }
        match (key.code, keymap.action(&[Context::Everywhere], Key::from(key))) {
            (KeyCode::Backspace, _) => self.back(),
            (_, Some(Action::Move(to))) => self.walk_to(to, policy),
            _ => {}
        }
        Step::Stay
    }

    fn answer(&mut self, letter: char, policy: &Policy) -> bool {
        if self.asking(policy).is_none() {
            return letter == UNSURE && self.graver(policy);
        }
        let Some(triage) = policy.triage.as_ref() else { return false };
        let answered = match letter {
            UNSURE => self.walk.unsure(triage, policy),
            letter => self.walk.answer(triage, letter),
        };
        if answered {
            self.picked = None;
        }
        answered
    }

    /// Unsure with severities before one: the graver.
    fn graver(&mut self, policy: &Policy) -> bool {
        match policy.axes.as_ref().filter(|_| self.axes) {
            Some(axes) => self.cell.step_graver(axes),
            None => self.picked = None,
        }
        true
    }

    /// From the questions to the two axes and back, where the policy has both.
    fn turn(&mut self, policy: &Policy) {
        if policy.triage.is_some() && policy.axes.is_some() {
            (self.axes, self.picked) = (!self.axes, None);
        }
    }

    fn back(&mut self) {
        if !self.axes {
            self.walk.back();
            self.picked = None;
        }
    }

    fn walk_to(&mut self, to: Move, policy: &Policy) {
        if let Some(axes) = policy.axes.as_ref().filter(|_| self.axes) {
            return self.cell.go(to, axes);
        }
        let last = self.options(policy).saturating_sub(1);
        // Nothing is picked among answers at first; the first severity is.
        let at = self.picked.or(self.asking(policy).is_none().then_some(0));
        match to {
            Move::Left => self.back(),
            Move::Down => self.picked = Some(at.map_or(0, |at| (at + 1).min(last))),
            Move::Up => self.picked = Some(at.map_or(last, |at| at.saturating_sub(1))),
            _ => {}
        }
    }

    /// How many things the arrows choose from: the answers and "unsure", or the severities.
    fn options(&self, policy: &Policy) -> usize {
        match self.asking(policy) {
            Some(question) => Walk::answers(question).len() + 1,
            None => self.proposal(policy).map_or(0, |proposal| proposal.levels.len()),
        }
    }

    fn enter(&mut self, policy: &Policy) -> Step {
        self.problem.clear();
        if let Focus::Words(_) = self.focus {
            self.go(1, policy);
            return Step::Stay;
        }
        let Some(question) = self.asking(policy) else {
            let proposal = self.proposal(policy);
            let to = proposal.as_ref().and_then(|proposal| self.taken(proposal).cloned());
            return Step::Found(self.found(policy, to));
        };
        let keys: Vec<char> = Walk::answers(question).iter().map(|answer: &Answer| answer.key).collect();
        match self.picked {
            Some(place) => {
                self.answer(keys.get(place).copied().unwrap_or(UNSURE), policy);
            }
            None => self.problem = "press the key of an answer, or - where nobody knows".to_owned(),
        }
        Step::Stay
    }

    /// To the next thing that takes keys, round the end.
    fn go(&mut self, by: isize, policy: &Policy) {
        let reason = self.proposal(policy).map(|_| Focus::Reason);
        let words = (0..self.words.len()).map(Focus::Words);
        // At the end the reason is the nearest thing to change.
        let stops: Vec<Focus> = std::iter::once(Focus::Ask).chain(reason).chain(words).collect();
        let place = stops.iter().position(|stop| *stop == self.focus).unwrap_or(0);
        let next = stops[(place + stops.len()).wrapping_add_signed(by) % stops.len()];
        self.focus_on(next, policy);
    }

    pub(super) fn focus_on(&mut self, next: Focus, policy: &Policy) {
        let why = self.proposal(policy).map(|proposal| proposal.why).unwrap_or_default();
        if next == Focus::Reason {
            self.reason.get_or_insert_with(|| Field::line(&why));
        } else {
            // Looked at and left as it was: it goes on following the answers.
            self.reason.take_if(|reason| reason.value() == why);
        }
        self.focus = next;
    }

    /// Pasted text goes into fields only.
    pub fn paste(&mut self, text: &str) {
        let whole = match self.field() {
            Some(field) => field.insert(text),
            None => return self.problem = "pasted outside a field: press Tab first".to_owned(),
        };
        self.problem =
            if whole { String::new() } else { "the paste was cut: it is too long for a field".to_owned() };
    }
}

/// The questions that are answered in words.
pub(super) fn assessed(policy: &Policy) -> &[Assess] {
    policy.triage.as_ref().map_or(&[], |triage| &triage.assess)
}
