//! How the form looks: a line for each field, and below the chosen values what they mean.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Choice, DeclareForm, Part};
use crate::tui::scene::Ctx;
use crate::tui::screens::room::severity_meaning;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{boxed, paint, put};

/// Columns of the box, frame included.
const COLUMNS: u16 = 76;
/// Where the values begin.
const VALUE: u16 = 11;
const FOOTER: &str = "Enter declare  Tab next  Left/Right choose  Ctrl-T help decide  Esc back";

impl DeclareForm {
    pub(super) fn draw_form(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let (area, body, sheet) = self.place(ctx, screen);
        let inner = boxed::popup(buf, screen, (area.width, area.height), "Declare an incident", &ctx.look);
        let focus = self.focus as usize;
        let first = sheet.first(0, Some(focus), body.height);
        sheet.draw(buf, body, first, None, &ctx.look);
        if body.bottom() < inner.bottom() {
            put(buf, body.x, inner.bottom() - 1, body.right(), FOOTER, ctx.style(Meaning::Muted));
        }
        let line = |part: Part| {
            let row = sheet.lines_of(part as usize)?.0.checked_sub(first)?;
            let y = body.y.saturating_add(row.min(usize::from(u16::MAX)) as u16);
            let value = Rect::new(body.x + VALUE, y, body.width.saturating_sub(VALUE), 1);
            (y < body.bottom()).then_some(value)
        };
        let title = line(Part::Title).and_then(|at| self.draw_field(Part::Title, &self.title, ctx, at, buf));
        let who = line(Part::Commander);
        let commander = who.and_then(|at| self.draw_field(Part::Commander, &self.commander, ctx, at, buf));
        if let Some(at) = line(self.focus).filter(|_| title.is_none() && commander.is_none()) {
            paint(buf, at, ctx.style(Meaning::Selection));
        }
        title.or(commander)
    }

    /// The cursor, when this field has the keys.
    fn draw_field(
        &self,
        part: Part,
        field: &Field,
        ctx: &Ctx,
        at: Rect,
        buf: &mut Buffer,
    ) -> Option<Position> {
        paint(buf, at, ctx.style(Meaning::FieldText));
        let cursor = field.draw(buf, at, ctx.style(Meaning::FieldText), self.focus == part);
        if field.is_empty() {
            let hint = if part == Part::Title { "what is wrong, in a few words" } else { "NOBODY" };
            put(buf, at.x + 1, at.y, at.right(), hint, ctx.style(Meaning::FieldPlaceholder));
        }
        cursor
    }

    /// The box, the part of it for the lines, and the lines.
    fn place(&self, ctx: &Ctx, screen: Rect) -> (Rect, Rect, Sheet) {
        let width = COLUMNS.min(screen.width).saturating_sub(4);
        let sheet = self.lines(ctx, width);
        let lines = sheet.len().min(usize::from(u16::MAX) / 2) as u16;
        let area = boxed::centred(screen, width + 4, lines + 4);
        let height = area.height.saturating_sub(2);
        // The footer and the line above it go first when there is no room.
        let kept = if height > 4 { height - 2 } else { height };
        (area, Rect::new(area.x + 2, area.y + 1, width, kept).intersection(area), sheet)
    }

    fn lines(&self, ctx: &Ctx, width: u16) -> Sheet {
        let mut sheet = Sheet::new(width);
        for part in Part::ALL {
            self.part(part, ctx, &mut sheet);
        }
        sheet
    }

    fn part(&self, part: Part, ctx: &Ctx, sheet: &mut Sheet) {
        let row = sheet.len();
        let label = if self.focus == part { Meaning::Accent } else { Meaning::Muted };
        sheet.item(part as usize).line(0, label, part.label());
        let (value, meaning, proposed) = self.value(part, ctx);
        let value = if proposed { format!("{value}   (proposed)") } else { value };
        sheet.beside(row, VALUE, meaning, &value);
        for line in self.explained(part, ctx) {
            sheet.say(VALUE, Meaning::Muted, &line);
        }
        let problem_at = if self.focus == Part::Private { Part::Private } else { Part::Title };
        if part == problem_at && !self.problem.is_empty() {
            sheet.say(VALUE, Meaning::Alert, &self.problem);
        }
    }

    /// What a choice shows; fields show themselves.
    fn value(&self, part: Part, ctx: &Ctx) -> (String, Meaning, bool) {
        let turn = |value: Option<&str>, none: &str| format!("< {} >", value.unwrap_or(none));
        match part {
            Part::Title | Part::Commander => (String::new(), Meaning::Text, false),
            Part::Kind => {
                let kind = self.draft.kind.as_deref();
                let title = kind.and_then(|kind| ctx.policy.kind(kind)).map(|kind| kind.title.as_str());
                (turn(title.or(kind), "not known yet"), Meaning::Text, false)
            }
            Part::Severity => {
                let severity = self.severity(ctx.policy);
                let meaning = severity.as_deref().map_or(Meaning::Text, |name| severity_meaning(ctx, name));
                let proposed = severity.is_some() && self.draft.severity == Choice::Proposed;
                (turn(severity.as_deref(), "not set yet"), meaning, proposed)
            }
            Part::Playbook => {
                let playbook = self.playbook(ctx.policy);
                let proposed = playbook.is_some() && self.draft.playbook == Choice::Proposed;
                (turn(playbook.as_deref(), "none"), Meaning::Text, proposed)
            }
            Part::Drill if self.draft.drill => {
                ("< yes > a drill is marked everywhere".into(), Meaning::Drill, false)
            }
            Part::Drill => ("< no >".into(), Meaning::Text, false),
            Part::Private if self.private(ctx.policy) => {
                ("< yes > its words stay out of titles and channels".into(), Meaning::Warning, false)
            }
            Part::Private => ("< no >".into(), Meaning::Text, false),
        }
    }

    fn explained(&self, part: Part, ctx: &Ctx) -> Vec<String> {
        match part {
            Part::Kind => {
                let kind = self.draft.kind.as_deref().and_then(|kind| ctx.policy.kind(kind));
                kind.map(|kind| kind.about.clone()).into_iter().collect()
            }
            Part::Severity => {
                let severity = self.severity(ctx.policy);
                let Some(level) = severity.and_then(|name| ctx.policy.level(&name)) else {
                    return Vec::new();
                };
                let respond = Some(level.respond_text()).filter(|within| !within.is_empty());
                let respond = respond.map(|within| format!("respond {within}")).unwrap_or_default();
                let after = [respond, level.notify_text()];
                let after: Vec<String> = after.into_iter().filter(|text| !text.is_empty()).collect();
                let why = Some(&self.draft.severity_reason).filter(|why| !why.is_empty());
                let mut lines = vec![format!("{}: {}", level.word, level.definition), after.join("; ")];
                lines.extend(why.map(|why| format!("because: {why}")));
                lines.retain(|line| !line.is_empty());
                lines
            }
            Part::Private if self.private(ctx.policy) => {
                let clock = ctx.policy.rules.regulatory.as_ref();
                let clock =
                    clock.map(|limit| format!("the regulator must be told within {limit}: its clock runs"));
                clock.into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// A click goes to a field; on the choice that has the keys it takes the next one.
    pub(super) fn click(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) {
        let (_, body, sheet) = self.place(ctx, screen);
        let hit = body.contains((mouse.column, mouse.row).into());
        if mouse.kind != MouseEventKind::Down(MouseButton::Left) || !hit {
            return;
        }
        let first = sheet.first(0, Some(self.focus as usize), body.height);
        let item = sheet.item_at(first + usize::from(mouse.row - body.y));
        let Some(part) = item.and_then(|item| Part::ALL.get(item).copied()) else { return };
        match part == self.focus {
            true => self.cycle(1, ctx.policy),
            false => self.focus = part,
        }
    }
}
