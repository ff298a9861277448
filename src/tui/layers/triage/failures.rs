//! The failure inventory: what fails how often, and what it does (row S2.2). A reference to read, nothing to choose.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::listing::{Answer, Listing};
use crate::policy::Failure;
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

const COLUMNS: u16 = 104;

pub struct Failures {
    list: Listing,
    failures: Vec<Failure>,
}

impl Failures {
    pub fn new(failures: Vec<Failure>) -> Self {
        let list = Listing::new("What fails how often", "Up/Down: read   f, Esc: back", COLUMNS, 0);
        Self { list, failures }
    }

    fn sheet(&self, screen: Rect) -> Sheet {
        let mut sheet = Sheet::new(self.list.width(screen));
        let widest = |text: fn(&Failure) -> &str| {
            self.failures.iter().map(|line| width(text(line))).max().unwrap_or(0)
        };
        let often = widest(|failure| &failure.what) + 2;
        let impact = often + widest(|failure| &failure.often) + 2;
        let beside = impact + widest(|failure| &failure.impact) <= sheet.width();
        if beside {
            let row = sheet.len();
            sheet.line(0, Meaning::Muted, "what").beside(row, often, Meaning::Muted, "how often");
            sheet.beside(row, impact, Meaning::Muted, "what it does");
        }
        for (index, failure) in self.failures.iter().enumerate() {
            let row = sheet.len();
            sheet.item(index).say(0, Meaning::Text, &failure.what);
            if beside {
                sheet.beside(row, often, Meaning::Text, &failure.often);
                sheet.beside(row, impact, Meaning::Muted, &failure.impact);
            } else {
                sheet.say(2, Meaning::Muted, &format!("{}: {}", failure.often, failure.impact));
            }
        }
        sheet
    }
}

impl Layer for Failures {
    fn name(&self) -> &'static str {
        "failures"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        self.list.draw(&self.sheet(screen), ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        if key.code == KeyCode::Char('f') {
            return vec![Msg::Pop];
        }
        match self.list.key(key, self.failures.len(), ctx) {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(_) | Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let sheet = self.sheet(screen);
        if let Answer::Chosen(index) = self.list.mouse(mouse, &sheet, self.failures.len(), screen) {
            self.list.selected = index;
        }
        Vec::new()
    }
}
