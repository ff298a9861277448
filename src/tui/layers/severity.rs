//! Setting the severity: every level with what it means, at the moment it matters (MISSION rows S1.2, S4.7).
//!
//! Choosing a level asks for the reason; the order itself is decided by the room. `h` goes to the questions instead.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::listing::{Answer, Listing};
use super::question::{ask, read_only};
use super::triage::{self, Guide};
use crate::incident::{Command, Incident, Time};
use crate::policy::{Level, Policy};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

const COLUMNS: u16 = 74;
/// Lines of the box around the levels.
const FRAME: usize = 4;

struct SeverityLayer {
    list: Listing,
    /// Said above the levels; empty: nothing.
    note: String,
}

/// The levels of the policy, the present one selected.
pub fn layer(ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    layer_saying(ctx, scene, String::new())
}

/// The same with a word on why it is shown.
pub fn layer_saying(ctx: &Ctx, scene: &Scene, note: String) -> Box<dyn Layer> {
    let policy = scene.policy(ctx);
    let present = scene.incident.severity.as_deref().and_then(|severity| policy.rank(severity));
    let proposed = || {
        let kind = policy.kind(scene.incident.kind()?)?;
        kind.severity.first().and_then(|severity| policy.rank(severity))
    };
    let selected = present.or_else(proposed).unwrap_or(0);
    let footer = match Guide::can_ask(policy) {
        true => "Enter: choose   a digit: to a level   h: help me decide   Esc: back",
        false => "Enter: choose   a digit: to a level   Esc: back",
    };
    Box::new(SeverityLayer { list: Listing::new("Severity", footer, COLUMNS, selected), note })
}

/// The policy that the levels come from.
fn policy<'a>(ctx: &Ctx<'a>) -> &'a Policy {
    ctx.scene.map_or(ctx.policy, |scene| scene.policy(ctx))
}

impl SeverityLayer {
    /// Every level explained where there is room, else the selected one.
    fn sheet(&self, ctx: &Ctx, screen: Rect) -> Sheet {
        let all = self.explained(ctx, screen, true);
        if all.len() + FRAME <= usize::from(screen.height) { all } else { self.explained(ctx, screen, false) }
    }

    fn explained(&self, ctx: &Ctx, screen: Rect, all: bool) -> Sheet {
        let mut sheet = Sheet::new(self.list.width(screen));
        if !self.note.is_empty() {
            sheet.say(0, Meaning::Warning, &self.note).gap();
        }
        let policy = policy(ctx);
        for (index, level) in policy.levels.iter().enumerate() {
            if all {
                sheet.item(None).gap();
            }
            heading(sheet.item(index), policy, level, ctx.scene.map(|scene| (scene.incident, scene.now)));
            if all || index == self.list.selected {
                facts(&mut sheet, level);
            } else {
                sheet.say_at_most(4, Meaning::Muted, &level.definition, sheet.width().saturating_sub(4), 1);
            }
        }
        sheet
    }

    fn choose(&self, index: usize, ctx: &Ctx) -> Vec<Msg> {
        let (Some(scene), Some(level)) = (ctx.scene, policy(ctx).levels.get(index)) else {
            return Vec::new();
        };
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

/// `P1 high (SEV-2, HIGH)`, and at the right how long it has held.
fn heading(sheet: &mut Sheet, policy: &Policy, level: &Level, incident: Option<(&Incident, Time)>) {
    let row = sheet.len();
    let rank = policy.rank(&level.name).unwrap_or(0);
    let name = format!("{} {}", level.name, level.word);
    sheet.line(0, Meaning::severity(rank.min(4) as u8), &name);
    let held = incident.map(|(incident, now)| held(incident, level, now)).unwrap_or_default();
    let also = if level.also.is_empty() { String::new() } else { format!("({})", level.also.join(", ")) };
    if width(&name) + width(&also) + width(&held) + 3 <= sheet.width() {
        sheet.beside(row, width(&name) + 1, Meaning::Muted, &also);
    }
    sheet.right(row, Meaning::Accent, &held);
}

/// `now, for 12m`, or how long it held before; empty: never.
fn held(incident: &Incident, level: &Level, now: Time) -> String {
    let present = incident.severity.as_ref() == Some(&level.name);
    let spans = incident.time_in_severity(now);
    match (present, spans.iter().find(|(name, _)| *name == level.name)) {
        (true, Some((_, span))) => format!("now, {} in all", span.short()),
        (true, None) => "now".to_owned(),
        (false, Some((_, span))) => format!("{} so far", span.short()),
        (false, None) => String::new(),
    }
}

/// What a level means, and all that follows from it.
fn facts(sheet: &mut Sheet, level: &Level) {
    sheet.say(4, Meaning::Text, &level.definition);
    if !level.examples.is_empty() {
        sheet.say(4, Meaning::Muted, &format!("such as: {}", level.examples.join("; ")));
    }
    for consequence in level.consequences() {
        sheet.say(4, Meaning::Text, &consequence);
    }
}

/// Asks why. A first severity may go without a reason; a change may not.
fn reason(present: Option<&str>, level: &Level) -> super::ask::Ask {
    let (title, question) = match present {
        Some(present) => (format!("{present} > {}", level.name), "What is now known?"),
        None => (format!("Severity {}", level.name), "Why? Nothing typed: no reason given."),
    };
    let about = format!("{}: {}.\n{question}", level.word, level.consequences().join("; "));
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
        if let (KeyCode::Char('h'), Some(scene)) = (key.code, ctx.scene)
            && Guide::can_ask(policy(ctx))
        {
            return vec![Msg::Pop, Msg::Push(triage::layer(ctx, &scene))];
        }
        if let KeyCode::Char(digit @ '0'..='9') = key.code
            && let Some(index) = policy(ctx).levels.iter().position(|level| level.name.ends_with(digit))
        {
            self.list.selected = index;
            return Vec::new();
        }
        match self.list.key(key, policy(ctx).levels.len(), ctx) {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(index) => self.choose(index, ctx),
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let sheet = self.sheet(ctx, screen);
        match self.list.mouse(mouse, &sheet, policy(ctx).levels.len(), screen) {
            Answer::Chosen(index) => self.choose(index, ctx),
            _ => Vec::new(),
        }
    }
}
