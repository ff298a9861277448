//! Help: every action of the registry, those of this place first, searchable, and Enter runs one.
//!
//! Made from the registry and the keymap alone, so that it cannot tell anything that is not so. It also says, for the
//! palette, why an action cannot work now ([`actions::blocked`]). Start at [`Help::new`].

use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::actions::{self, Action, Context, Move, REGISTRY, Spec};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::pick::Pick;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, paint, put, width};

/// Most columns of the box.
const COLUMNS: u16 = 100;
/// Columns of the keys and of the names, gaps included.
const KEY: u16 = 14;
const NAME: u16 = 19;
const FOOTER: &str = "type to search   Up/Down choose   Enter run   Esc back";

/// What the scribe line understands.
const SCRIBE: [(&str, &str); 9] = [
    ("-7m", "seven minutes ago; also -90s, -1h30m"),
    ("14:03", "the last 14:03 in the zone shown; asks when that is not clear"),
    ("yesterday 23:10", "a day and a time; also 2026-11-20 23:10"),
    ("~13:30", "about then"),
    ("!text", "a decision; !action or > is an action"),
    ("?text", "a hypothesis"),
    ("# text", "a finding"),
    ("TODO text", "something still to be done"),
    ("@who", "names somebody; Tab completes"),
];

/// One line of help.
struct Line {
    heading: &'static str,
    key: String,
    name: &'static str,
    about: &'static str,
    action: Option<Action>,
    /// Why it cannot work now.
    blocked: Option<&'static str>,
}

impl Line {
    fn of(spec: &'static Spec, ctx: &Ctx) -> Line {
        let keys: Vec<String> = ctx.keymap.keys(spec.action).iter().map(|key| key.to_string()).collect();
        Line {
            heading: spec.context.title(),
            key: keys.join(" "),
            name: spec.name,
            about: spec.about,
            action: Some(spec.action),
            blocked: actions::blocked(spec, ctx.scene.map(|scene| scene.live)),
        }
    }

    fn scribe((key, about): (&str, &'static str)) -> Line {
        Line { heading: "scribe line", key: key.to_owned(), name: "", about, action: None, blocked: None }
    }

    /// The heading begins with what is searched for, or every word of it is somewhere in the line.
    fn matches(&self, search: &str) -> bool {
        let text = format!("{} {} {}", self.key, self.name, self.about).to_lowercase();
        self.heading.starts_with(search) || search.split_whitespace().all(|word| text.contains(word))
    }
}

pub struct Help {
    lines: Vec<Line>,
    search: Field,
    /// Indices of the lines that match.
    found: Vec<usize>,
    pick: Pick,
}

impl Help {
    /// `contexts`: those whose keys work now, the nearest first.
    pub fn new(contexts: &[Context], ctx: &Ctx) -> Help {
        let others = Context::ALL.into_iter().filter(|context| !contexts.contains(context));
        let ordered: Vec<Context> = contexts.iter().copied().chain(others).collect();
        let of = |context: &Context| {
            let context = *context;
            REGISTRY.iter().filter(move |spec| spec.context == context).map(|spec| Line::of(spec, ctx))
        };
        let lines: Vec<Line> = ordered.iter().flat_map(of).chain(SCRIBE.map(Line::scribe)).collect();
        let found = (0..lines.len()).collect();
        Help { lines, search: Field::default(), found, pick: Pick::default() }
    }

    fn sift(&mut self) {
        let search = self.search.value().trim().to_lowercase();
        let matching = |index: &usize| self.lines[*index].matches(&search);
        self.found = (0..self.lines.len()).filter(matching).collect();
        self.pick = Pick::default();
    }

    fn run(&self) -> Vec<Msg> {
        let line = self.found.get(self.pick.selected).map(|index| &self.lines[*index]);
        match line.map(|line| (line.action, line.blocked)) {
            Some((Some(_), Some(why))) => vec![Msg::Say(Tone::Warning, why.into())],
            Some((Some(action), None)) => vec![Msg::Pop, Msg::Act(action)],
            _ => Vec::new(),
        }
    }

    fn moved(&mut self, to: Move) {
        // The page is a guess: what is drawn follows the selection anyway.
        self.pick.act(to, self.found.len(), 10);
    }

    /// The box, its search line and its list.
    fn areas(screen: Rect) -> (Rect, Rect, Rect) {
        let area = boxed::centred(
            screen,
            COLUMNS.min(screen.width.saturating_sub(4).max(20)),
            screen.height.min(48),
        );
        let inner =
            Rect::new(area.x + 2, area.y + 1, area.width.saturating_sub(4), area.height.saturating_sub(2));
        let inner = inner.intersection(area);
        let search = Rect { height: inner.height.min(1), ..inner };
        let top = inner.y + inner.height.min(2);
        let footer = if inner.height > 6 { 2 } else { 0 };
        (area, search, Rect::new(inner.x, top, inner.width, inner.bottom().saturating_sub(top + footer)))
    }

    fn sheet(&self, columns: u16) -> Sheet {
        let mut sheet = Sheet::new(columns);
        let mut heading = "";
        for (item, index) in self.found.iter().enumerate() {
            let line = &self.lines[*index];
            if line.heading != heading {
                heading = line.heading;
                sheet.item(None).gap().line(0, Meaning::Title, heading);
            }
            sheet.item(item);
            draw_line(&mut sheet, line);
        }
        if self.found.is_empty() {
            sheet.line(0, Meaning::Muted, "nothing matches");
        }
        sheet
    }
}

fn draw_line(sheet: &mut Sheet, line: &Line) {
    let narrow = sheet.width() < 60;
    let key = width(&line.key).max(KEY - 2) + 2;
    let about = if narrow || line.name.is_empty() { key.max(KEY) } else { key + NAME };
    let row = sheet.len();
    let (meaning, text) = match line.blocked {
        Some(why) => (Meaning::Muted, format!("{why}: {}", line.about)),
        None => (Meaning::Text, line.about.to_owned()),
    };
    sheet.say(about, meaning, &text).beside(row, 0, Meaning::Key, &line.key);
    if !narrow {
        sheet.beside(row, key, meaning, line.name);
    }
}

impl Layer for Help {
    fn name(&self) -> &'static str {
        "help"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let (area, search, list) = Help::areas(screen);
        let inner = boxed::popup(buf, screen, (area.width, area.height), "Help", &ctx.look);
        paint(buf, search, ctx.style(Meaning::FieldText));
        let cursor = self.search.draw(buf, search, ctx.style(Meaning::FieldText), true);
        if self.search.is_empty() {
            put(buf, search.x + 1, search.y, search.right(), "search", ctx.style(Meaning::FieldPlaceholder));
        }
        let sheet = self.sheet(list.width);
        let first = sheet.first(self.pick.top, Some(self.pick.selected), list.height);
        sheet.draw(buf, list, first, Some(self.pick.selected), &ctx.look);
        if list.bottom() < inner.bottom() {
            put(buf, list.x, inner.bottom() - 1, list.right(), FOOTER, ctx.style(Meaning::Muted));
        }
        cursor
    }

    fn key(&mut self, key: KeyEvent, _ctx: &Ctx) -> Vec<Msg> {
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Char('?' | 'q') if self.search.is_empty() => return vec![Msg::Pop],
            KeyCode::Enter => return self.run(),
            KeyCode::Up => self.moved(Move::Up),
            KeyCode::Down => self.moved(Move::Down),
            KeyCode::PageUp => self.moved(Move::PageUp),
            KeyCode::PageDown => self.moved(Move::PageDown),
            _ => {
                if self.search.key(key) {
                    self.sift();
                }
            }
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, _ctx: &Ctx) -> Vec<Msg> {
        self.search.insert(text);
        self.sift();
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let (_, _, list) = Help::areas(screen);
        match mouse.kind {
            MouseEventKind::ScrollDown => self.moved(Move::Down),
            MouseEventKind::ScrollUp => self.moved(Move::Up),
            MouseEventKind::Down(_) if list.contains((mouse.column, mouse.row).into()) => {
                let sheet = self.sheet(list.width);
                let first = sheet.first(self.pick.top, Some(self.pick.selected), list.height);
                let hit = sheet.item_at(first + usize::from(mouse.row - list.y));
                match hit {
                    Some(item) if item == self.pick.selected => return self.run(),
                    Some(item) => self.pick.selected = item,
                    None => {}
                }
            }
            _ => {}
        }
        Vec::new()
    }
}
