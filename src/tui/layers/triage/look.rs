//! How the questions look: what is asked, what was answered, what is proposed; what is asked in words beside it, or below.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::guide::{Focus, Guide, assessed};
use crate::policy::triage::{Proposal, Question, Walk};
use crate::policy::{Level, Policy};
use crate::tui::scene::Ctx;
use crate::tui::screens::room::severity_meaning;
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::sheet::{Sheet, clipped};
use crate::tui::widgets::{boxed, paint, put, width};

/// Columns of the box, frame included: one column of text, or two beside each other.
const NARROW: u16 = 76;
const WIDE: u16 = 112;
/// Columns of what is asked in words, where it stands beside the question, and between the two.
const WORDS: u16 = 42;
const BETWEEN: u16 = 3;
/// Fewest columns for a question in words and its field on one line.
const ONE_LINE: u16 = 60;
/// Fewest lines of the box, so that it does not jump from question to question.
const LINES: u16 = 20;
/// Where the reason begins.
const REASON: u16 = 8;

/// What lines belong to.
mod item {
    pub const ASK: usize = 0;
    pub const REASON: usize = 1;
    /// From here on: the questions in words.
    pub const WORDS: usize = 100;
    /// From here on: answers, or severities.
    pub const OPTIONS: usize = 1000;
}

/// Some lines, and where they are shown from.
struct Part {
    area: Rect,
    sheet: Sheet,
    first: usize,
}

impl Part {
    fn new(area: Rect, sheet: Sheet, seen: usize) -> Self {
        let first = sheet.first(0, Some(seen), area.height);
        Self { area, sheet, first }
    }

    /// The rest of a thing's last line, from column `x` on, when it is on the screen.
    fn line(&self, thing: usize, x: u16) -> Option<Rect> {
        let row = self.sheet.lines_of(thing)?.1.checked_sub(self.first)?;
        let y = self.area.y.saturating_add(row.min(usize::from(u16::MAX)) as u16);
        let at = Rect::new(self.area.x + x, y, self.area.width.saturating_sub(x), 1);
        (y < self.area.bottom()).then_some(at)
    }
}

/// The box and its parts.
struct Layout {
    area: Rect,
    main: Part,
    beside: Option<Part>,
}

impl Guide {
    /// Draws the questions of `policy`; `present` is the severity it has now. Answers the cursor.
    pub fn draw(
        &self,
        policy: &Policy,
        present: Option<&str>,
        ctx: &Ctx,
        screen: Rect,
        buf: &mut Buffer,
    ) -> Option<Position> {
        let layout = self.layout(policy, present, ctx, screen);
        let size = (layout.area.width, layout.area.height);
        let inner = boxed::popup(buf, screen, size, "Help me decide", &ctx.look);
        let picked = self.highlighted(policy);
        for part in std::iter::once(&layout.main).chain(&layout.beside) {
            part.sheet.draw(buf, part.area, part.first, picked, &ctx.look);
        }
        if layout.main.area.bottom() < inner.bottom() {
            let line = (inner.x + 1, inner.bottom() - 1, inner.right().saturating_sub(1));
            put(buf, line.0, line.1, line.2, &self.footer(policy), ctx.style(Meaning::Muted));
        }
        self.draw_fields(policy, &layout, ctx, buf)
    }

    fn draw_fields(&self, policy: &Policy, layout: &Layout, ctx: &Ctx, buf: &mut Buffer) -> Option<Position> {
        let mut cursor = None;
        let part = layout.beside.as_ref().unwrap_or(&layout.main);
        let x = field_column(policy, part.sheet.width());
        for (place, (field, assess)) in self.words.iter().zip(assessed(policy)).enumerate() {
            let Some(at) = part.line(item::WORDS + place, x) else { continue };
            let focused = self.focus == Focus::Words(place);
            cursor = draw_field(field, &assess.help, focused, at, ctx, buf).or(cursor);
        }
        let reason = layout.main.line(item::REASON, REASON).zip(self.reason.as_ref());
        if let Some((at, field)) = reason.filter(|_| self.focus == Focus::Reason) {
            cursor = draw_field(field, "why?", true, at, ctx, buf).or(cursor);
        }
        cursor
    }

    fn highlighted(&self, policy: &Policy) -> Option<usize> {
        let place = match self.asking(policy) {
            Some(_) => self.picked,
            None if self.axes => None,
            None => Some(self.picked.unwrap_or(0)),
        };
        place.filter(|_| self.focus == Focus::Ask).map(|place| item::OPTIONS + place)
    }

    /// The thing that must be on the screen.
    fn seen(&self, policy: &Policy) -> usize {
        match self.focus {
            Focus::Ask => self.highlighted(policy).unwrap_or(item::ASK),
            Focus::Words(place) => item::WORDS + place,
            Focus::Reason => item::REASON,
        }
    }

    fn layout(&self, policy: &Policy, present: Option<&str>, ctx: &Ctx, screen: Rect) -> Layout {
        let two = screen.width >= WIDE && !assessed(policy).is_empty();
        let columns = (if two { WIDE } else { NARROW }).min(screen.width).saturating_sub(4);
        let mut main = Sheet::new(if two { columns.saturating_sub(WORDS + BETWEEN) } else { columns });
        self.asked(policy, present, ctx, &mut main);
        let mut words = Sheet::new(WORDS);
        self.asked_in_words(policy, if two { &mut words } else { &mut main });
        let lines = main.len().max(words.len()).min(usize::from(u16::MAX) / 2) as u16;
        let area = boxed::centred(screen, columns + 4, lines.max(LINES).saturating_add(4));
        let height = area.height.saturating_sub(2);
        // The footer and the line above it go first when there is no room.
        let kept = if height > 4 { height - 2 } else { height };
        let seen = self.seen(policy);
        let at = |x: u16, width: u16| Rect::new(area.x + 2 + x, area.y + 1, width, kept).intersection(area);
        let beside = two.then(|| Part::new(at(main.width() + BETWEEN, WORDS), words, seen));
        Layout { area, main: Part::new(at(0, main.width()), main, seen), beside }
    }

    /// What is asked now, or what the answers lead to.
    fn asked(&self, policy: &Policy, present: Option<&str>, ctx: &Ctx, sheet: &mut Sheet) {
        match self.asking(policy) {
            Some(question) => {
                self.question(question, sheet);
                self.problem(sheet);
                self.so_far(policy, sheet);
            }
            None => {
                if let Some(axes) = policy.axes.as_ref().filter(|_| self.axes) {
                    self.cell.draw(axes, policy, item::ASK, sheet);
                    sheet.item(None).gap();
                }
                self.proposed(policy, present, ctx, sheet);
                self.problem(sheet);
            }
        }
    }

    fn question(&self, question: &Question, sheet: &mut Sheet) {
        sheet.item(item::ASK).say(0, Meaning::Title, &question.ask);
        if !question.help.is_empty() {
            sheet.say(0, Meaning::Muted, &question.help);
        }
        sheet.item(None).gap();
        let answers = Walk::answers(question);
        let said = answers.iter().map(|answer| (answer.key, answer.say.as_str()));
        for (place, (key, say)) in said.chain([('-', "nobody knows: the graver way")]).enumerate() {
            let row = sheet.len();
            sheet.item(item::OPTIONS + place).say(4, Meaning::Text, say).beside(
                row,
                1,
                Meaning::Key,
                &key.to_string(),
            );
        }
        sheet.item(None);
    }

    fn problem(&self, sheet: &mut Sheet) {
        if !self.problem.is_empty() {
            sheet.item(None).gap().say(0, Meaning::Warning, &self.problem);
        }
    }

    /// The way so far, and what it proposes already.
    fn so_far(&self, policy: &Policy, sheet: &mut Sheet) {
        let path = self.path(policy);
        if path.is_empty() {
            return;
        }
        sheet.item(None).gap().line(0, Meaning::Muted, "So far");
        let said = path.iter().map(|(_, answer)| width(answer)).max().unwrap_or(0).min(24) + 2;
        for (question, answer) in &path {
            let row = sheet.len();
            sheet.line(1, Meaning::Text, &clipped(answer, said));
            let room = sheet.width().saturating_sub(said + 2);
            sheet.beside(row, said + 2, Meaning::Muted, &clipped(question, room));
        }
        let already = policy.triage.as_ref().and_then(|triage| self.walk.so_far(triage, policy));
        if let Some(proposal) = already {
            sheet.say(1, Meaning::Text, &format!("at least {} already", proposal.levels.join(" or ")));
        }
    }

    fn proposed(&self, policy: &Policy, present: Option<&str>, ctx: &Ctx, sheet: &mut Sheet) {
        let Some(proposal) = self.proposal(policy) else {
            sheet.item(item::ASK).say(0, Meaning::Title, "The answers lead to no severity.");
            sheet.say(0, Meaning::Text, "Enter keeps the answers; s in the room sets the severity by hand.");
            return;
        };
        let many = proposal.levels.len() > 1;
        if !self.axes {
            let title = if many { "Proposed: one of these, the graver when in doubt" } else { "Proposed" };
            sheet.item(item::ASK).line(0, Meaning::Title, title);
        }
        let taken = self.taken(&proposal).cloned();
        for (place, name) in proposal.levels.iter().enumerate() {
            let Some(level) = policy.level(name) else { continue };
            let row = sheet.len();
            let heading = format!("{} {}", level.name, level.word);
            sheet.item(item::OPTIONS + place).line(1, severity_meaning(ctx, name), &heading);
            if present == Some(name.as_str()) {
                sheet.right(row, Meaning::Accent, "now");
            }
            sheet.item(None);
            explained(level, taken.as_ref() == Some(name), sheet);
        }
        if !self.axes {
            sheet.gap();
        }
        if !proposal.then.is_empty() {
            sheet.say(1, Meaning::Accent, &format!("At once: {}", proposal.then));
        }
        self.draw_reason(&proposal, sheet);
    }

    fn draw_reason(&self, proposal: &Proposal, sheet: &mut Sheet) {
        let row = sheet.len();
        let label = if self.focus == Focus::Reason { Meaning::Accent } else { Meaning::Muted };
        sheet.item(item::REASON);
        match self.focus {
            Focus::Reason => sheet.line(1, label, "Reason"),
            _ => {
                sheet.say(REASON, Meaning::Text, &self.reason(Some(proposal))).beside(row, 1, label, "Reason")
            }
        };
        sheet.item(None);
    }

    fn asked_in_words(&self, policy: &Policy, sheet: &mut Sheet) {
        let asked = assessed(policy);
        if asked.is_empty() {
            return;
        }
        sheet.item(None).gap().line(0, Meaning::Muted, "In words, as far as it is known (Tab)");
        let one_line = sheet.width() >= ONE_LINE;
        for (place, assess) in asked.iter().enumerate() {
            let focused = self.focus == Focus::Words(place);
            let label = if focused { Meaning::Accent } else { Meaning::Text };
            let room = if one_line { field_column(policy, sheet.width()) } else { sheet.width() };
            sheet.item(item::WORDS + place).line(0, label, &clipped(&assess.ask, room.saturating_sub(1)));
            if !one_line {
                sheet.line(0, Meaning::Text, "").item(None).gap();
            }
        }
        sheet.item(None);
    }

    fn footer(&self, policy: &Policy) -> String {
        let both = if policy.triage.is_some() && policy.axes.is_some() { "   x: other way" } else { "" };
        let inventory = if policy.failures.is_empty() { "" } else { "   f: what fails how often" };
        let proposal = self.proposal(policy);
        let taken = proposal.as_ref().and_then(|proposal| self.taken(proposal));
        match (self.focus, taken) {
            (Focus::Words(_), _) => {
                "Enter, Tab: next   Ctrl-S: keep the answers alone   Esc: back, text kept".into()
            }
            (Focus::Reason, Some(taken)) => format!("Enter: take {taken}   Tab: next   Esc: back, text kept"),
            (_, Some(taken)) if self.axes => {
                format!("Enter: take {taken}   Arrows: move   -: unsure   Tab: reason{both}   Esc: back")
            }
            (_, Some(taken)) => {
                format!("Enter: take {taken}   Left: back   Tab: reason{both}   Esc: back, kept")
            }
            _ => format!("Left: back   Tab: in words{inventory}{both}   Esc: back, kept"),
        }
    }

    /// A click goes to what it hits: a field, a severity.
    pub fn mouse(&mut self, mouse: MouseEvent, policy: &Policy, ctx: &Ctx, screen: Rect) {
        if mouse.kind != MouseEventKind::Down(MouseButton::Left) {
            return;
        }
        let layout = self.layout(policy, None, ctx, screen);
        let at = Position::new(mouse.column, mouse.row);
        let hit = std::iter::once(&layout.main).chain(&layout.beside).find(|part| part.area.contains(at));
        let thing = hit.and_then(|part| part.sheet.item_at(part.first + usize::from(at.y - part.area.y)));
        match thing {
            Some(thing) if thing >= item::OPTIONS => {
                self.focus_on(Focus::Ask, policy);
                self.picked = Some(thing - item::OPTIONS);
            }
            Some(thing) if thing >= item::WORDS => self.focus_on(Focus::Words(thing - item::WORDS), policy),
            Some(item::REASON) => self.focus_on(Focus::Reason, policy),
            _ => {}
        }
    }
}

/// What a severity means; of those that are not chosen only in one line.
fn explained(level: &Level, whole: bool, sheet: &mut Sheet) {
    let room = sheet.width().saturating_sub(3);
    if !whole {
        sheet.say_at_most(3, Meaning::Muted, &level.definition, room, 1);
        return;
    }
    sheet.say(3, Meaning::Text, &level.definition);
    for consequence in level.consequences() {
        sheet.say(3, Meaning::Muted, &consequence);
    }
}

/// Where the fields begin: behind the longest question, or on a line of their own.
fn field_column(policy: &Policy, columns: u16) -> u16 {
    let longest = assessed(policy).iter().map(|assess| width(&assess.ask)).max().unwrap_or(0);
    if columns >= ONE_LINE { (longest + 2).min(columns / 2) } else { 0 }
}

fn draw_field(
    field: &Field,
    help: &str,
    focused: bool,
    at: Rect,
    ctx: &Ctx,
    buf: &mut Buffer,
) -> Option<Position> {
    paint(buf, at, ctx.style(Meaning::FieldText));
    let cursor = field.draw(buf, at, ctx.style(Meaning::FieldText), focused);
    if field.is_empty() {
        put(buf, at.x + 1, at.y, at.right(), help, ctx.style(Meaning::FieldPlaceholder));
    }
    cursor
}
