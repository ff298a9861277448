//! Which kinds of entry the timeline lists.
//!
//! It holds a copy of what is hidden and tells the timeline only on Enter.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::listing::{Answer, Listing};
use crate::incident::Class;
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::panes::timeline::mark;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

const COLUMNS: u16 = 60;
const FOOTER: &str = "space on/off   a all   n none   o only decisions   Enter ok";

struct Kinds {
    listing: Listing,
    hidden: Vec<Class>,
}

/// Asks which kinds are listed; `hidden` are those that are not now.
pub fn layer(hidden: &[Class]) -> Box<dyn Layer> {
    Box::new(Kinds { listing: Listing::new("Kinds of entry", FOOTER, COLUMNS, 0), hidden: hidden.to_vec() })
}

/// The kinds that a timeline can show: what is shown beside another entry is left out.
fn shown() -> Vec<Class> {
    let apart = |class: &Class| !matches!(class, Class::Bookkeeping | Class::Delivery);
    Class::ALL.into_iter().filter(apart).collect()
}

impl Kinds {
    fn toggle(&mut self, class: Class) {
        match self.hidden.iter().position(|hidden| *hidden == class) {
            Some(place) => _ = self.hidden.remove(place),
            None => self.hidden.push(class),
        }
    }

    fn only_decisions(&mut self) {
        self.hidden = shown().into_iter().filter(|class| *class != Class::Decision).collect();
    }

    fn selected(&self) -> Option<Class> {
        shown().get(self.listing.selected).copied()
    }

    fn apply(&self) -> Vec<Msg> {
        let mut hidden = self.hidden.clone();
        hidden.sort_unstable();
        vec![Msg::Pop, Msg::Kinds(hidden)]
    }

    fn sheet(&self, width: u16, ctx: &Ctx) -> Sheet {
        let mut sheet = Sheet::new(width);
        for (item, class) in shown().into_iter().enumerate() {
            let on = !self.hidden.contains(&class);
            let row = sheet.len();
            let (sign, meaning) = mark(class);
            let name = if on { Meaning::Text } else { Meaning::Muted };
            let tick = if on { ctx.look.glyphs.tick } else { " " };
            sheet.item(item).line(0, name, &format!("[{tick}]"));
            sheet.beside(row, 4, meaning, sign).beside(row, 6, name, class.name());
        }
        sheet
    }
}

impl Layer for Kinds {
    fn name(&self) -> &'static str {
        "kinds"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let sheet = self.sheet(self.listing.width(screen), ctx);
        self.listing.draw(&sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        match (key.code, self.selected()) {
            (KeyCode::Char(' '), Some(class)) => self.toggle(class),
            (KeyCode::Char('a'), _) => self.hidden.clear(),
            (KeyCode::Char('n'), _) => self.hidden = shown(),
            (KeyCode::Char('o'), _) => self.only_decisions(),
            _ => match self.listing.key(key, shown().len(), ctx) {
                Answer::Back => return vec![Msg::Pop],
                Answer::Chosen(_) => return self.apply(),
                Answer::Nothing => {}
            },
        }
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let sheet = self.sheet(self.listing.width(screen), ctx);
        if let Answer::Chosen(item) = self.listing.mouse(mouse, &sheet, shown().len(), screen)
            && let Some(class) = shown().get(item)
        {
            self.listing.selected = item;
            self.toggle(*class);
        }
        Vec::new()
    }
}
