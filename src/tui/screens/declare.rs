//! The form for a declaration: a title and Enter is enough, everything else can be filled in later.
//!
//! A type proposes severity, playbook and privacy from the policy until they are chosen by hand; Ctrl-T asks the questions
//! that lead to a severity and brings their answers back. The form decides nothing: it asks [`decide`] and shows a refusal
//! beside the text that caused it. What was typed outlives the form as a [`DeclareDraft`]. Start at [`DeclareForm::key`]; the
//! lines on the screen are in `form`.

mod form;
mod guided;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::config::shipped;
use crate::incident::command::{Declare, PinnedPlaybook};
use crate::incident::event::{Assessment, Declared};
use crate::incident::words::Status;
use crate::incident::{Command, Context, Incident, PersonId, decide};
use crate::policy::Policy;
use crate::tui::layer::Layer;
use crate::tui::layers::keys;
use crate::tui::layers::triage::Guide;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::widgets::field::Field;

/// What `?` shows on a choice; in a field it is a character.
const KEYS: keys::Keys = &[
    ("Enter", "declares, from any field"),
    ("Tab, Down", "the next field; Shift-Tab and Up: the one before"),
    ("Left, Right", "the other values of a choice; so does Space"),
    ("Ctrl-T", "asks the questions that lead to a severity"),
    ("Esc", "back; what was typed is kept"),
];

/// What was typed into the form; empty after a declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclareDraft {
    pub title: String,
    pub kind: Option<String>,
    pub severity: Choice,
    pub playbook: Choice,
    /// `None`: whoever declares.
    pub commander: Option<String>,
    pub drill: bool,
    /// `None`: as the type has it.
    pub private: Option<bool>,
    /// What was answered on the way to the severity, and why it is this one.
    pub answers: Vec<Assessment>,
    pub severity_reason: String,
    /// The questions that lead to a severity, as far as they were answered.
    pub triage: Option<String>,
}

impl DeclareDraft {
    /// The form that made this declaration, to be filled in again when it could not be saved.
    pub fn of(declare: &Declare) -> Self {
        let chosen = |value: Option<&str>| Choice::Chosen(value.map(str::to_owned));
        Self {
            title: declare.what.title.clone(),
            kind: declare.what.kind.clone(),
            severity: chosen(declare.severity.as_deref()),
            playbook: chosen(declare.playbook.as_ref().map(|playbook| playbook.name.as_str())),
            commander: declare.commander.as_ref().map(|who| who.to_string()),
            drill: declare.what.drill,
            private: Some(declare.what.private),
            answers: declare.answers.clone(),
            severity_reason: declare.severity_reason.clone(),
            triage: None,
        }
    }
}

/// A value that the type of the incident proposes until somebody chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    #[default]
    Proposed,
    Chosen(Option<String>),
}

impl Choice {
    fn or(&self, proposed: Option<String>) -> Option<String> {
        match self {
            Choice::Proposed => proposed,
            Choice::Chosen(value) => value.clone(),
        }
    }
}

/// The fields, in the order of the form.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Part {
    Title,
    Kind,
    Severity,
    Playbook,
    Commander,
    Drill,
    Private,
}

impl Part {
    const ALL: [Part; 7] = [
        Part::Title,
        Part::Kind,
        Part::Severity,
        Part::Playbook,
        Part::Commander,
        Part::Drill,
        Part::Private,
    ];

    const fn label(self) -> &'static str {
        match self {
            Part::Title => "Title",
            Part::Kind => "Type",
            Part::Severity => "Severity",
            Part::Playbook => "Playbook",
            Part::Commander => "Commander",
            Part::Drill => "Drill",
            Part::Private => "Private",
        }
    }

    fn step(self, by: isize) -> Part {
        let count = Part::ALL.len();
        Part::ALL[(self as usize + count).wrapping_add_signed(by) % count]
    }
}

pub struct DeclareForm {
    draft: DeclareDraft,
    title: Field,
    commander: Field,
    /// Who declares, and commands unless somebody else is named.
    me: String,
    /// Names of the playbooks that can be attached.
    playbooks: Vec<String>,
    focus: Part,
    problem: String,
    /// The questions lie over the form.
    guide: Option<Guide>,
}

impl DeclareForm {
    pub fn new(draft: DeclareDraft, ctx: &Ctx) -> Self {
        let commander = draft.commander.clone().unwrap_or_else(|| ctx.me.as_str().to_owned());
        Self {
            title: Field::line(&draft.title),
            commander: Field::line(&commander),
            me: ctx.me.as_str().to_owned(),
            playbooks: shipped::playbook_names(ctx.paths),
            focus: Part::Title,
            problem: String::new(),
            guide: None,
            draft,
        }
    }

    fn severity(&self, policy: &Policy) -> Option<String> {
        let kind = self.draft.kind.as_deref().and_then(|kind| policy.kind(kind));
        self.draft.severity.or(kind.and_then(|kind| kind.severity.first().cloned()))
    }

    fn playbook(&self, policy: &Policy) -> Option<String> {
        let kind = self.draft.kind.as_deref().and_then(|kind| policy.kind(kind));
        self.draft.playbook.or(kind.and_then(|kind| kind.playbook.clone()))
    }

    /// Whether its words stay out of titles and channels. A type that is private cannot be declared otherwise.
    fn private(&self, policy: &Policy) -> bool {
        self.must_be_private(policy) || self.draft.private.unwrap_or(false)
    }

    fn must_be_private(&self, policy: &Policy) -> bool {
        self.draft.kind.as_deref().and_then(|kind| policy.kind(kind)).is_some_and(|kind| kind.private)
    }

    /// The field that has the keys, when it is one for text.
    fn field(&mut self) -> Option<&mut Field> {
        match self.focus {
            Part::Title => Some(&mut self.title),
            Part::Commander => Some(&mut self.commander),
            _ => None,
        }
    }

    fn declaration(&self, ctx: &Ctx) -> Result<Declare, String> {
        let pin = |name: String| shipped::playbook(ctx.paths, &name);
        let playbook: Option<PinnedPlaybook> = self.playbook(ctx.policy).map(pin).transpose()?;
        let what = Declared {
            title: self.title.value().trim().to_owned(),
            kind: self.draft.kind.clone(),
            drill: self.draft.drill,
            private: self.private(ctx.policy),
            status: Status::Triage,
            ..Declared::default()
        };
        let commander = Some(PersonId::new(&self.commander.value())).filter(|who| !who.is_empty());
        let severity = self.severity(ctx.policy);
        let DeclareDraft { answers, severity_reason, .. } = self.draft.clone();
        let declare =
            Declare { what, severity, severity_reason, commander, playbook, answers, policy: Vec::new() };
        let asked = Command::Declare(declare.clone());
        let refused =
            decide(&Incident::default(), &asked, Context { policy: ctx.policy, now: ctx.now, by: ctx.me })
                .err();
        refused.map_or(Ok(declare), |refusal| Err(refusal.to_string()))
    }

    fn submit(&mut self, ctx: &Ctx) -> Vec<Msg> {
        match self.declaration(ctx) {
            Ok(declare) => {
                // The form is closed by the message: what it keeps then is nothing.
                self.draft = DeclareDraft::default();
                (self.title, self.commander) = (Field::default(), Field::line(ctx.me.as_str()));
                vec![Msg::Pop, Msg::Declare(Box::new(declare))]
            }
            Err(problem) => {
                self.problem = problem;
                if self.title.value().trim().is_empty() {
                    self.focus = Part::Title;
                }
                Vec::new()
            }
        }
    }

    /// The next or the previous choice of the field that has the keys.
    fn cycle(&mut self, by: isize, policy: &Policy) {
        let levels = || policy.levels.iter().map(|level| level.name.clone()).collect::<Vec<_>>();
        match self.focus {
            Part::Kind => {
                let kinds: Vec<String> = policy.types.iter().map(|kind| kind.name.clone()).collect();
                self.draft.kind = next(&kinds, self.draft.kind.as_ref(), by);
            }
            Part::Severity => {
                self.choose_severity(next(&levels(), self.severity(policy).as_ref(), by), policy);
            }
            Part::Playbook => {
                let chosen = next(&self.playbooks, self.playbook(policy).as_ref(), by);
                self.draft.playbook = Choice::Chosen(chosen);
            }
            Part::Drill => self.draft.drill = !self.draft.drill,
            Part::Private if self.must_be_private(policy) => {
                self.problem =
                    "this type is declared private; :private lets its words out later, with a reason".into();
                return;
            }
            Part::Private => self.draft.private = Some(!self.private(policy)),
            Part::Title | Part::Commander => {}
        }
        self.problem.clear();
    }

    fn edit(&mut self, key: KeyEvent, policy: &Policy) {
        if let Some(field) = self.field() {
            if field.key(key) {
                self.problem.clear();
            }
            return;
        }
        match key.code {
            KeyCode::Right | KeyCode::Char(' ' | 'l') => self.cycle(1, policy),
            KeyCode::Left | KeyCode::Char('h') => self.cycle(-1, policy),
            _ => {}
        }
    }
}

/// The value after `current`, round through "none".
fn next(values: &[String], current: Option<&String>, by: isize) -> Option<String> {
    let place = current.and_then(|current| values.iter().position(|value| value == current));
    let count = values.len() + 1;
    let next = (place.map_or(0, |place| place + 1) + count).wrapping_add_signed(by) % count;
    next.checked_sub(1).and_then(|place| values.get(place).cloned())
}

impl Layer for DeclareForm {
    fn name(&self) -> &'static str {
        "declare"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        match &self.guide {
            Some(guide) => guide.draw(ctx.policy, None, ctx, screen, buf),
            None => self.draw_form(ctx, screen, buf),
        }
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        if let Some(guide) = &mut self.guide {
            let step = guide.key(key, ctx.policy, ctx.keymap);
            return self.guided(step, ctx);
        }
        match key.code {
            KeyCode::Char('t') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                return self.ask(ctx.policy);
            }
            KeyCode::Char('?') if self.field().is_none() => return keys::show("Keys: declare", KEYS),
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Enter => return self.submit(ctx),
            KeyCode::Tab | KeyCode::Down => self.focus = self.focus.step(1),
            KeyCode::BackTab | KeyCode::Up => self.focus = self.focus.step(-1),
            _ => self.edit(key, ctx.policy),
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, _ctx: &Ctx) -> Vec<Msg> {
        if let Some(guide) = &mut self.guide {
            guide.paste(text);
            return Vec::new();
        }
        // Text pasted over a choice is meant for the title.
        if self.field().is_none() {
            self.focus = Part::Title;
        }
        let whole = self.field().is_none_or(|field| field.insert(text));
        self.problem = if whole { String::new() } else { "the paste was cut: a title is a few words".into() };
        Vec::new()
    }

    fn declare_draft(&self) -> Option<DeclareDraft> {
        let commander = Some(self.commander.value()).filter(|who| *who != self.me);
        let triage = self.guide.as_ref().map_or(self.draft.triage.clone(), Guide::kept);
        Some(DeclareDraft { title: self.title.value(), commander, triage, ..self.draft.clone() })
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        match &mut self.guide {
            Some(guide) => guide.mouse(mouse, ctx.policy, ctx, screen),
            None => self.click(mouse, ctx, screen),
        }
        Vec::new()
    }
}
