//! Attaching a playbook: the names there are, or the path of any Markdown runbook, with a preview.
//!
//! Files are read when the selection changes, never while drawing. Attaching itself is the
//! application's work: this answers [`Msg::Attach`].

mod preview;

use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::preview::Preview;
use crate::config::shipped;
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::{boxed, paint, put, wrap};

const COLUMNS: u16 = 96;
/// Lines of names that are shown at once.
const NAMES: u16 = 6;
const ABOUT: &str = "A name below, or the path of any Markdown runbook. Tab completes.";
const FOOTER: &str = "Enter: attach   up/down: choose   pgup/pgdn: preview   Esc: back";

struct AttachLayer {
    field: Field,
    names: Vec<String>,
    /// Among the names that match what is typed.
    selected: usize,
    preview: Preview,
    top: usize,
    problem: String,
}

/// The playbooks; the one of the incident's type is selected.
pub fn layer(ctx: &Ctx) -> Box<dyn Layer> {
    let names = shipped::playbook_names(ctx.paths);
    let kind = ctx.scene.and_then(|scene| ctx.policy.kind(scene.incident.kind()?));
    let proposed = kind.and_then(|kind| kind.playbook.as_ref());
    let selected = proposed.and_then(|name| names.iter().position(|other| other == name)).unwrap_or(0);
    let mut layer = AttachLayer {
        field: Field::default(),
        names,
        selected,
        preview: Preview::default(),
        top: 0,
        problem: String::new(),
    };
    layer.look(ctx);
    Box::new(layer)
}

/// The parts of the box.
struct Plan {
    area: Rect,
    about: Rect,
    field: Rect,
    names: Rect,
    preview: Rect,
    footer: Rect,
}

fn plan(screen: Rect, names: usize) -> Plan {
    let area = boxed::centred(screen, COLUMNS.min(screen.width), screen.height.saturating_sub(2).min(34));
    let inner =
        Rect::new(area.x + 2, area.y + 1, area.width.saturating_sub(4), area.height.saturating_sub(2));
    let inner = inner.intersection(area);
    let mut y = inner.y;
    let mut part = |lines: u16, gap: u16| {
        let rect = Rect::new(inner.x, y, inner.width, lines).intersection(inner);
        y = y.saturating_add(lines + gap);
        rect
    };
    let asked = wrap::wrap(ABOUT, inner.width).len() as u16;
    // What is asked goes first when the box is low.
    let about = part(if inner.height > 10 { asked } else { 0 }, 0);
    let (field, names) = (part(1, 0), part((names as u16).min(NAMES).min(inner.height / 3), 1));
    let preview = part(inner.height, 0);
    let preview = Rect { height: preview.height.saturating_sub(1), ..preview };
    let footer = Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner };
    Plan { area, about, field, names, preview, footer }
}

impl AttachLayer {
    fn matching(&self) -> Vec<&str> {
        let typed = self.field.value().trim().to_lowercase();
        self.names.iter().filter(|name| name.to_lowercase().contains(&typed)).map(String::as_str).collect()
    }

    /// What Enter would attach: the selected name, else what is typed.
    fn wanted(&self) -> String {
        let matching = self.matching();
        matching
            .get(self.selected)
            .map_or_else(|| self.field.value().trim().to_owned(), |name| (*name).to_owned())
    }

    /// Reads what is wanted, for the preview.
    fn look(&mut self, ctx: &Ctx) {
        self.preview = preview::read(ctx, &self.wanted());
        self.top = 0;
        self.problem.clear();
    }

    fn step(&mut self, down: bool, ctx: &Ctx) {
        let last = self.matching().len().saturating_sub(1);
        self.selected = if down { (self.selected + 1).min(last) } else { self.selected.saturating_sub(1) };
        self.look(ctx);
    }

    fn typed(&mut self, ctx: &Ctx) {
        self.selected = 0;
        self.look(ctx);
    }

    fn complete(&mut self) {
        let typed = self.field.value();
        let completed = match self.matching().get(self.selected) {
            Some(name) => Some((*name).to_owned()),
            None => preview::complete_path(typed.trim()),
        };
        if let Some(text) = completed {
            self.field.set(&text);
        }
    }

    fn submit(&mut self) -> Vec<Msg> {
        match &self.preview.problem {
            Some(problem) => {
                self.problem = problem.clone();
                Vec::new()
            }
            None => vec![Msg::Pop, Msg::Attach(self.wanted())],
        }
    }

    fn draw_names(&self, ctx: &Ctx, area: Rect, buf: &mut Buffer) {
        let matching = self.matching();
        let height = usize::from(area.height).max(1);
        let first = (self.selected + 1).saturating_sub(height);
        for ((index, name), y) in matching.iter().enumerate().skip(first).zip(area.top()..area.bottom()) {
            put(buf, area.x + 2, y, area.right(), name, ctx.style(Meaning::Text));
            if index == self.selected {
                put(buf, area.x, y, area.right(), ">", ctx.style(Meaning::Accent));
                paint(buf, Rect::new(area.x, y, area.width, 1), ctx.style(Meaning::Selection));
            }
        }
    }
}

impl Layer for AttachLayer {
    fn name(&self) -> &'static str {
        "attach"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let plan = plan(screen, self.matching().len());
        boxed::popup(
            buf,
            screen,
            (plan.area.width, screen.height.saturating_sub(2).min(34)),
            "Attach a playbook",
            &ctx.look,
        );
        for (line, y) in
            wrap::wrap(ABOUT, plan.about.width).into_iter().zip(plan.about.top()..plan.about.bottom())
        {
            put(buf, plan.about.x, y, plan.about.right(), line, ctx.style(Meaning::Muted));
        }
        paint(buf, plan.field, ctx.style(Meaning::FieldText));
        let cursor = self.field.draw(buf, plan.field, ctx.style(Meaning::FieldText), true);
        self.draw_names(ctx, plan.names, buf);
        let sheet = self.preview.sheet(plan.preview.width);
        let first = sheet.first(self.top, None, plan.preview.height);
        sheet.draw(buf, plan.preview, first, None, &ctx.look);
        let (footer, meaning) = if self.problem.is_empty() {
            (FOOTER, Meaning::Muted)
        } else {
            (self.problem.as_str(), Meaning::Alert)
        };
        put(buf, plan.footer.x, plan.footer.y, plan.footer.right(), footer, ctx.style(meaning));
        cursor
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        match key.code {
            KeyCode::Esc => return vec![Msg::Pop],
            KeyCode::Enter => return self.submit(),
            KeyCode::Down => self.step(true, ctx),
            KeyCode::Up => self.step(false, ctx),
            KeyCode::PageDown => self.top = (self.top + 8).min(self.preview.lines_at_most()),
            KeyCode::PageUp => self.top = self.top.saturating_sub(8),
            KeyCode::Tab => {
                self.complete();
                self.typed(ctx);
            }
            _ => {
                if self.field.key(key) {
                    self.typed(ctx);
                }
            }
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, ctx: &Ctx) -> Vec<Msg> {
        self.field.insert(text.trim());
        self.typed(ctx);
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        match mouse.kind {
            MouseEventKind::ScrollDown => self.top = (self.top + 1).min(self.preview.lines_at_most()),
            MouseEventKind::ScrollUp => self.top = self.top.saturating_sub(1),
            MouseEventKind::Down(_) => {
                let names = plan(screen, self.matching().len()).names;
                if names.contains((mouse.column, mouse.row).into()) {
                    let first = (self.selected + 1).saturating_sub(usize::from(names.height).max(1));
                    self.selected = first + usize::from(mouse.row - names.y);
                    self.look(ctx);
                }
            }
            _ => {}
        }
        Vec::new()
    }
}
