//! Moving the status: the ten statuses by phase (MISSION rows S4.2, S3.1), with the guards on resolve, close and reopen.
//!
//! Resolving asks who verified it, closing asks what became of the data, reopening asks why. The order itself is decided by
//! the room. What comes before closing is in `close`.

mod close;

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::choose::{Choose, Item};
use super::listing::{Answer, Listing};
use super::question::{ask, read_only};
use crate::incident::words::{Phase, Status};
use crate::incident::{Command, Incident};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::{Sheet, clipped};

const COLUMNS: u16 = 68;
/// Column of a status's explanation.
const ABOUT: u16 = 20;

struct StatusLayer {
    list: Listing,
}

/// The statuses; the one after the present one is selected.
pub fn layer(_ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    let present = place(scene.incident.status);
    let selected = (present + 1).min(Status::ALL.len() - 1);
    let footer = match scene.incident.status {
        Status::Closed => "Enter: move   r: reopen   Esc: back",
        status if status.is_over() => "Enter: move   r: reopen   c: close   Esc: back",
        _ => "Enter: move   r: resolve   c: close   Esc: back",
    };
    Box::new(StatusLayer { list: Listing::new("Phase and status", footer, COLUMNS, selected) })
}

fn place(status: Status) -> usize {
    Status::ALL.iter().position(|other| *other == status).unwrap_or(0)
}

/// Where a reopened incident goes on: where it was before it was over, else looking for the cause.
fn reopened(incident: &Incident) -> Status {
    let before = incident.statuses.iter().rev().map(|turn| turn.to).find(|status| !status.is_over());
    before.filter(|status| *status >= Status::Triage).unwrap_or(Status::Diagnosing)
}

impl StatusLayer {
    fn sheet(&self, ctx: &Ctx, screen: Rect) -> Sheet {
        let mut sheet = Sheet::new(self.list.width(screen));
        let present = ctx.scene.map(|scene| scene.incident.status);
        for phase in Phase::ALL {
            let now = present.is_some_and(|status| status.phase() == phase);
            let name = if now { phase.name().to_uppercase() } else { phase.name().to_owned() };
            sheet.item(None).line(0, if now { Meaning::PhaseNow } else { Meaning::PhaseNext }, &name);
            for (index, status) in
                Status::ALL.into_iter().enumerate().filter(|(_, status)| status.phase() == phase)
            {
                let row = sheet.item(index).len();
                let mark = if present == Some(status) { "(o)" } else { "( )" };
                sheet.line(2, Meaning::Text, &format!("{mark} {status}"));
                let about = clipped(status.about(), sheet.width().saturating_sub(ABOUT));
                sheet.beside(row, ABOUT, Meaning::Muted, &about);
            }
        }
        sheet
    }

    fn choose(&self, to: Status, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return Vec::new() };
        let from = scene.incident.status;
        if !scene.live {
            return read_only();
        }
        if from == to {
            return vec![Msg::Say(Tone::Info, format!("it is {to} already"))];
        }
        let order = || Msg::Order(Command::Status { to, reason: String::new() });
        vec![Msg::Pop, guard(to, &scene).map_or_else(order, Msg::Push)]
    }

    /// `r`: over and done with, or back again.
    fn turn(&self, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return Vec::new() };
        let over = scene.incident.status.is_over();
        self.choose(if over { reopened(scene.incident) } else { Status::Resolved }, ctx)
    }
}

/// What has to be answered before it moves there; `None`: nothing.
pub fn guard(to: Status, scene: &Scene) -> Option<Box<dyn Layer>> {
    let from = scene.incident.status;
    match (from.is_over(), to) {
        _ if from == to => None,
        (_, Status::Closed) => Some(close::layer(scene)),
        (true, to) if !to.is_over() => Some(Box::new(reopen(to))),
        (false, to) if to.is_over() => Some(over(from, to)),
        _ => None,
    }
}

fn reopen(to: Status) -> super::ask::Ask {
    let about = format!("It goes on as {to}. What came back? A reason is needed.");
    ask("Reopen", &about, move |reason| Command::Status { to, reason: reason.to_owned() })
}

/// Out of the running ones: straight where somebody is verifying, else by way of a warning.
fn over(from: Status, to: Status) -> Box<dyn Layer> {
    if from == Status::Verifying { Box::new(verified(to)) } else { Box::new(unverified(from, to)) }
}

/// Nobody has said that the fix is in and being checked: that comes first, unless it was done on the way.
fn unverified(from: Status, to: Status) -> Choose {
    let about = format!(
        "Nobody has verified yet: the status is {from}. Resolved means that somebody looked and saw it recovered."
    );
    let verifying = Item::new("verifying first", "the fix is in, somebody checks it now").key('v');
    let checked = Item::new(format!("{to} now"), "somebody has checked it: say who and what").key('r');
    let chosen = move |index: usize, _: &Ctx| match index {
        0 => vec![Msg::Order(Command::Status { to: Status::Verifying, reason: String::new() })],
        _ => vec![Msg::Push(Box::new(verified(to)))],
    };
    Choose::new("Not verified", about, vec![verifying, checked], Box::new(chosen))
}

fn verified(to: Status) -> super::ask::Ask {
    let about = "Who checked what, and what did they see? A count, a test, a report. The clocks stop; r here reopens.";
    ask("Resolve", about, move |reason| Command::Status { to, reason: reason.to_owned() })
}

impl Layer for StatusLayer {
    fn name(&self) -> &'static str {
        "status"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        self.list.draw(&self.sheet(ctx, screen), ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        match key.code {
            KeyCode::Char('r') => return self.turn(ctx),
            KeyCode::Char('c') => return self.choose(Status::Closed, ctx),
            _ => {}
        }
        match self.list.key(key, Status::ALL.len(), ctx) {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(index) => self.choose(Status::ALL[index], ctx),
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let sheet = self.sheet(ctx, screen);
        match self.list.mouse(mouse, &sheet, Status::ALL.len(), screen) {
            Answer::Chosen(index) => self.choose(Status::ALL[index], ctx),
            _ => Vec::new(),
        }
    }
}
