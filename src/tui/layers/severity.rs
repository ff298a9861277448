//! Setting the severity: every level with what it means, at the moment it matters (MISSION S1.2).
//!
//! Choosing a level asks for the reason; the order itself is decided by the room.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::listing::{Answer, Listing};
use super::question::{ask, read_only};
use crate::incident::Command;
use crate::policy::{Level, Policy};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

const COLUMNS: u16 = 74;
/// Lines of the box around the levels.
const FRAME: usize = 4;

struct SeverityLayer {
    list: Listing,
}

/// The levels of the policy, the present one selected.
pub fn layer(ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    let present = scene.incident.severity.as_deref().and_then(|severity| ctx.policy.rank(severity));
    let proposed = || {
        let kind = ctx.policy.kind(scene.incident.kind()?)?;
        kind.severity.first().and_then(|severity| ctx.policy.rank(severity))
    };
    let selected = present.or_else(proposed).unwrap_or(0);
    let list = Listing::new("Severity", "Enter: choose   0-3: to a level   Esc: back", COLUMNS, selected);
    Box::new(SeverityLayer { list })
}

impl SeverityLayer {
    /// Every level explained where there is room, else the selected one.
    fn sheet(&self, ctx: &Ctx, screen: Rect) -> Sheet {
        let all = self.explained(ctx, screen, true);
        if all.len() + FRAME <= usize::from(screen.height) { all } else { self.explained(ctx, screen, false) }
    }

    fn explained(&self, ctx: &Ctx, screen: Rect, all: bool) -> Sheet {
        let mut sheet = Sheet::new(self.list.width(screen));
        let present = ctx.scene.and_then(|scene| scene.incident.severity.as_deref());
        for (index, level) in ctx.policy.levels.iter().enumerate() {
            if all {
                sheet.item(None).gap();
            }
            heading(sheet.item(index), ctx.policy, level, present == Some(level.name.as_str()));
            if all || index == self.list.selected {
                facts(&mut sheet, level);
            } else {
                sheet.say_at_most(4, Meaning::Muted, &level.definition, sheet.width().saturating_sub(4), 1);
            }
        }
        sheet
    }

    fn choose(&self, index: usize, ctx: &Ctx) -> Vec<Msg> {
        let (Some(scene), Some(level)) = (ctx.scene, ctx.policy.levels.get(index)) else { return Vec::new() };
        if !scene.live {
            return read_only();
        }
        let present = scene.incident.severity.as_deref();
        if present == Some(level.name.as_str()) {
            return vec![Msg::Say(Tone::Info, format!("it is {} already", level.name))];
        }
        vec![Msg::Pop, Msg::Push(Box::new(reason(present, level)))]
    }
}

fn heading(sheet: &mut Sheet, policy: &Policy, level: &Level, now: bool) {
    let row = sheet.len();
    let rank = policy.rank(&level.name).unwrap_or(0);
    sheet.line(0, Meaning::severity(rank.min(4) as u8), &format!("{} {}", level.name, level.word));
    if now {
        sheet.right(row, Meaning::Accent, "now");
    }
}

/// What a level means, and all that follows from it.
fn facts(sheet: &mut Sheet, level: &Level) {
    sheet.say(4, Meaning::Text, &level.definition);
    if !level.examples.is_empty() {
        sheet.say(4, Meaning::Muted, &format!("such as: {}", level.examples.join("; ")));
    }
    for consequence in consequences(level) {
        sheet.say(4, Meaning::Text, &consequence);
    }
}

/// How soon, who is told, and the review: what was agreed on for this level.
fn consequences(level: &Level) -> Vec<String> {
    let mut all = vec![format!("respond within {}", level.response)];
    if !level.notify.is_empty() {
        all.push(format!("tell: {}", level.notify));
    }
    if !level.postmortem.is_empty() {
        all.push(format!("post-mortem {}", level.postmortem));
    }
    all
}

/// Asks why. A first severity may go without a reason; a change may not.
fn reason(present: Option<&str>, level: &Level) -> super::ask::Ask {
    let (title, question) = match present {
        Some(present) => (format!("{present} > {}", level.name), "What is now known?"),
        None => (format!("Severity {}", level.name), "Why? Nothing typed: no reason given."),
    };
    let about = format!("{}: {}.\n{question}", level.word, consequences(level).join("; "));
    let to = level.name.clone();
    ask(&title, &about, move |reason| Command::Severity { to: to.clone(), reason: reason.to_owned() })
}

impl Layer for SeverityLayer {
    fn name(&self) -> &'static str {
        "severity"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        self.list.draw(&self.sheet(ctx, screen), ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        if let KeyCode::Char(digit) = key.code
            && let Some(index) = ctx.policy.levels.iter().position(|level| level.name.ends_with(digit))
        {
            self.list.selected = index;
            return Vec::new();
        }
        match self.list.key(key, ctx.policy.levels.len(), ctx) {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(index) => self.choose(index, ctx),
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let sheet = self.sheet(ctx, screen);
        match self.list.mouse(mouse, &sheet, ctx.policy.levels.len(), screen) {
            Answer::Chosen(index) => self.choose(index, ctx),
            _ => Vec::new(),
        }
    }
}
