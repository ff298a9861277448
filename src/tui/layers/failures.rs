//! The inventory of failures (row S2.2): what fails how often, and what it does. To look at while one asks what this is.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::page::Page;
use crate::policy::{Failure, Policy};
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

/// From this width on it is a table.
const WIDE: u16 = 66;
/// Most columns of what fails, and of how often.
const COLUMNS: [u16; 2] = [34, 18];

#[derive(Default)]
struct FailuresLayer {
    page: Page,
}

pub fn layer(_ctx: &Ctx, _scene: &Scene) -> Box<dyn Layer> {
    Box::new(FailuresLayer::default())
}

/// The inventory of a policy, the recovery targets of its tiers below.
fn sheet(policy: &Policy, columns: u16) -> Sheet {
    let mut sheet = Sheet::new(columns);
    if policy.failures.is_empty() {
        sheet.say(0, Meaning::Muted, "The policy has no inventory: add [[failure]] to it.");
    }
    if columns >= WIDE {
        table(&mut sheet, &policy.failures);
    } else {
        policy.failures.iter().for_each(|failure| one(&mut sheet, failure));
    }
    for (place, tier) in policy.tiers.iter().enumerate() {
        if place == 0 {
            sheet.gap().line(0, Meaning::Muted, "How soon it must be back");
        }
        let text = format!("{} {}: RPO {}, RTO {}", tier.name, tier.about, tier.rpo, tier.rto);
        let rest = [&tier.availability, &tier.how];
        let rest: Vec<&str> = rest.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        sheet.say(0, Meaning::Text, &text);
        if !rest.is_empty() {
            sheet.say(2, Meaning::Muted, &rest.join("; "));
        }
    }
    sheet
}

fn table(sheet: &mut Sheet, failures: &[Failure]) {
    let widest = |text: fn(&Failure) -> &str, most: u16| {
        failures.iter().map(|failure| width(text(failure)) + 2).max().unwrap_or(0).min(most)
    };
    let often = widest(|failure| &failure.what, COLUMNS[0]);
    let impact = often + widest(|failure| &failure.often, COLUMNS[1]);
    let row = sheet.len();
    sheet.line(0, Meaning::Muted, "what fails");
    sheet.beside(row, often, Meaning::Muted, "how often").beside(row, impact, Meaning::Muted, "what it does");
    for failure in failures {
        let row = sheet.len();
        sheet.say_at_most(0, Meaning::Text, &failure.what, often.saturating_sub(1), usize::MAX);
        beside(sheet, row, often, impact - often, &failure.often);
        beside(sheet, row, impact, sheet.width().saturating_sub(impact), &failure.impact);
    }
}

/// A cell of the table that begins at line `row`; it may need more lines than its neighbours.
fn beside(sheet: &mut Sheet, row: usize, x: u16, columns: u16, text: &str) {
    let lines = crate::tui::widgets::wrap::wrap(text, columns.saturating_sub(1));
    for (line, at) in lines.iter().zip(row..) {
        if at < sheet.len() {
            sheet.beside(at, x, Meaning::Text, line);
        } else {
            sheet.line(x, Meaning::Text, line);
        }
    }
}

fn one(sheet: &mut Sheet, failure: &Failure) {
    sheet.say(0, Meaning::Text, &failure.what);
    sheet.say(2, Meaning::Muted, &format!("{}; {}", failure.often, failure.impact));
}

impl Layer for FailuresLayer {
    fn name(&self) -> &'static str {
        "failures"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let policy = ctx.scene.map_or(ctx.policy, |scene| scene.policy(ctx));
        let sheet = sheet(policy, self.page.width(screen));
        self.page.draw("What fails how often", "j k: scroll   Esc: back", &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        if matches!(key.code, KeyCode::Esc | KeyCode::Char('q')) {
            return vec![Msg::Pop];
        }
        self.page.key(key, ctx);
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        self.page.mouse(mouse);
        Vec::new()
    }
}
