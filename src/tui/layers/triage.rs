//! "Help me decide": the questions that lead to a severity (rows S1.5, S3.3, S4.4).
//!
//! The questions themselves are a [`Guide`], which the form for a declaration uses too; this is the layer over the room. It
//! records the answers and sets the severity they lead to. Start at [`layer`]; the keys are in `guide`, the lines in `look`.

mod failures;
mod grid;
mod guide;
mod kept;
mod look;

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub use guide::{Found, Guide, Step};

use super::keys;
use super::question::order;
use crate::incident::Command;
use crate::policy::Policy;
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};

/// The questions of the policy in force; where it has none, the severities to choose from.
pub fn layer(ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    let policy = scene.policy(ctx);
    if !Guide::can_ask(policy) {
        let note =
            format!("The policy {} has no questions that lead to a severity: choose one.", policy.name);
        return super::severity::layer_saying(ctx, scene, note);
    }
    Box::new(TriageLayer { guide: Guide::new(policy).knowing(policy, scene.incident), used: false })
}

/// The failure inventory of a policy, or a word where it has none.
pub fn failures(policy: &Policy) -> Msg {
    match policy.failures.is_empty() {
        true => Msg::Say(Tone::Info, format!("the policy {} has no failure inventory", policy.name)),
        false => Msg::Push(Box::new(failures::Failures::new(policy.failures.clone()))),
    }
}

/// What its keys do.
pub fn help() -> Vec<Msg> {
    keys::show("Keys: help me decide", KEYS)
}

const KEYS: keys::Keys = &[
    ("a letter", "the answer that has it in front"),
    ("-", "nobody knows: the graver one is taken"),
    ("Up, Down", "the answers; Enter takes the one that is picked, or the severity"),
    ("Backspace", "the question before"),
    ("Tab", "the reason, and the questions that are answered in words"),
    ("x", "the two axes instead of the questions, where the policy has both"),
    ("f", "what fails how often, and what it does"),
    ("Ctrl-S", "keeps the answers and leaves the severity as it is"),
    ("Esc", "back; what was answered is kept"),
];

struct TriageLayer {
    guide: Guide,
    /// Its answers were recorded: nothing is kept.
    used: bool,
}

impl TriageLayer {
    fn record(&mut self, found: Found, ctx: &Ctx) -> Vec<Msg> {
        let Found { answers, to, reason } = found;
        match order(Command::Assess { answers, to, reason }, ctx) {
            Ok(messages) => {
                self.used = true;
                std::iter::once(Msg::Pop).chain(messages).collect()
            }
            Err(problem) => {
                self.guide.refuse(problem);
                Vec::new()
            }
        }
    }

    fn obey(&mut self, step: Step, ctx: &Ctx) -> Vec<Msg> {
        match step {
            Step::Stay => Vec::new(),
            Step::Back => vec![Msg::Pop],
            Step::Failures => vec![failures(policy(ctx))],
            Step::Keys => help(),
            Step::Found(found) => self.record(found, ctx),
        }
    }
}

/// The policy that the questions come from.
fn policy<'a>(ctx: &Ctx<'a>) -> &'a Policy {
    ctx.scene.map_or(ctx.policy, |scene| scene.policy(ctx))
}

impl Layer for TriageLayer {
    fn name(&self) -> &'static str {
        "triage"
    }

    fn question(&self) -> Option<String> {
        Some("triage".to_owned())
    }

    fn kept(&self) -> Option<(String, String)> {
        self.question().zip(self.guide.kept().filter(|_| !self.used))
    }

    fn put_back(&mut self, text: &str) {
        self.guide.put_back(text);
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let present = ctx.scene.and_then(|scene| scene.incident.severity.as_deref());
        self.guide.draw(policy(ctx), present, ctx, screen, buf)
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let step = self.guide.key(key, policy(ctx), ctx.keymap);
        self.obey(step, ctx)
    }

    fn paste(&mut self, text: &str, _ctx: &Ctx) -> Vec<Msg> {
        self.guide.paste(text);
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        self.guide.mouse(mouse, policy(ctx), ctx, screen);
        Vec::new()
    }
}
