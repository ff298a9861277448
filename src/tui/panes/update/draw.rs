//! How the update pane looks.
//!
//! ```text
//! +4 Update to: internal ----------- due in 03:12 +    +4 Update to: internal ---------- overdue by 2m +
//! | 14:02 UTC, 12m ago, by bob: identified        |    | identified, next update 15:02 UTC             |
//! | kept in the local record                      |    | P1: orders: prices x100                       |
//! | P1: orders: prices x100                       |    | ...                                           |
//! | enter writes  @ audience  h history           |    | ctrl-s preview  esc back     tab 2 to fill in |
//! +-----------------------------------------------+    +-----------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::UpdatePane;
use super::receipt::receipts;
use crate::incident::Span;
use crate::incident::state::UpdateRecord;
use crate::report::update::{placeholders, promise};
use crate::tui::actions::{Action, UpdateAction};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::boxed::{Title, frame};
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{put, put_right, width};

/// From this much time left on, the clock is shown as a warning.
const SOON: Span = Span::from_mins(5);
/// Columns of the top border that are neither title nor clock: corners, digit, gaps.
const BESIDE_TITLE: u16 = 7;
/// A pane with fewer lines inside gives them all to the text.
const LEAST_WITH_HINT: u16 = 3;

impl UpdatePane {
    pub(super) fn draw_in(
        &self,
        ctx: &Ctx,
        scene: &Scene,
        area: Rect,
        buf: &mut Buffer,
        focused: bool,
    ) -> Option<Position> {
        let (text, right, meaning) = self.title(ctx, scene, area.width);
        let right_style: Option<Style> = meaning.map(|meaning| ctx.style(meaning));
        let title = Title { digit: Some('4'), text: &text, right: &right, right_style };
        let inner = frame(buf, area, &title, focused, &ctx.look);
        if self.typing && scene.live {
            return self.draw_composer(ctx, scene, inner, buf, focused);
        }
        let sheet = self.sheet(ctx, scene, inner.width.saturating_sub(2));
        let text = text_area(inner);
        let first = self.top.min(sheet.len().saturating_sub(usize::from(text.height)));
        sheet.draw(buf, text, first, None, &ctx.look);
        hint(buf, inner, &self.resting_hint(ctx, scene), ctx);
        None
    }

    /// The title and, at its right end, how long until the next update is due. Where both do not fit they become
    /// shorter: that an update is overdue must show in the narrowest pane.
    fn title(&self, ctx: &Ctx, scene: &Scene, columns: u16) -> (String, String, Option<Meaning>) {
        let audience = self.audience(ctx);
        let full = format!("Update to: {audience}");
        let due = scene.incident.due.get(audience).filter(|_| !scene.incident.status.is_over());
        let Some(left) = due.map(|due| due.since(scene.now)) else { return (full, String::new(), None) };
        let (clock, meaning) = match left {
            left if left.is_negative() => {
                (format!("overdue by {}", left.abs().short()), Some(Meaning::Alert))
            }
            left if left <= SOON => (format!("due in {}", left.clock()), Some(Meaning::Warning)),
            left => (format!("due in {}", left.clock()), None),
        };
        let fits = |text: &str, clock: &str| width(text) + width(clock) + BESIDE_TITLE <= columns;
        match () {
            () if fits(&full, &clock) => (full, clock, meaning),
            () if fits(audience, &clock) => (audience.to_owned(), clock, meaning),
            () => {
                let short = left.clock();
                let room = usize::from(columns.saturating_sub(width(&short) + BESIDE_TITLE));
                (audience.chars().take(room).collect(), short, meaning)
            }
        }
    }

    /// The last line that may stand first.
    pub(super) fn furthest(&self, ctx: &Ctx, scene: &Scene, area: Rect) -> usize {
        let inner = Rect::new(0, 0, area.width.saturating_sub(2), area.height.saturating_sub(2));
        let text = text_area(inner);
        self.sheet(ctx, scene, text.width).len().saturating_sub(usize::from(text.height))
    }

    /// What the pane says at rest.
    fn sheet(&self, ctx: &Ctx, scene: &Scene, columns: u16) -> Sheet {
        let mut sheet = Sheet::new(columns);
        if scene.live && !self.is_blank() {
            let lines = self.body.value().lines().count();
            let state = if self.ordered.is_some() { "being saved" } else { "not sent yet" };
            sheet.say(
                0,
                Meaning::Warning,
                &format!("A draft of {lines} lines, {state}: {}", self.chosen(ctx, scene)),
            );
        }
        match scene.incident.last_update(self.audience(ctx)) {
            Some(record) => last(&mut sheet, ctx, scene, record),
            None => {
                sheet.say(0, Meaning::Muted, &format!("Nothing was sent to {} so far.", self.audience(ctx)));
            }
        }
        sheet
    }

    /// `identified, next update 15:02 UTC`
    fn chosen(&self, ctx: &Ctx, scene: &Scene) -> String {
        let next = promise(self.next(ctx, scene), scene.now, ctx.look.zone);
        format!("{}, next update {next}", self.word(ctx, scene))
    }

    fn draw_composer(
        &self,
        ctx: &Ctx,
        scene: &Scene,
        inner: Rect,
        buf: &mut Buffer,
        focused: bool,
    ) -> Option<Position> {
        let mut text = text_area(inner);
        if inner.height > LEAST_WITH_HINT {
            put(buf, text.x, text.y, text.right(), &self.chosen(ctx, scene), ctx.style(Meaning::Muted));
            text.y += 1;
            text.height -= 1;
        }
        let open = placeholders(&self.body.value()).len();
        let left = if open == 0 { String::new() } else { format!("tab {open} to fill in") };
        let end = hint(buf, inner, &format!("{} preview  esc back", key(ctx, UpdateAction::Send)), ctx);
        if inner.height >= LEAST_WITH_HINT {
            let y = inner.bottom() - 1;
            put_right(buf, end + 2, y, text.right(), &left, ctx.style(Meaning::Warning));
        }
        self.body.draw(buf, text, ctx.style(Meaning::FieldText), focused)
    }

    fn resting_hint(&self, ctx: &Ctx, scene: &Scene) -> String {
        use UpdateAction as U;
        let open = [(U::Compose, if self.is_blank() { "writes" } else { "goes on" }), (U::Send, "preview")];
        let shown = [(U::Audience, "audience"), (U::History, "history")];
        let open = open.iter().filter(|(action, _)| scene.live && !(self.is_blank() && *action == U::Send));
        let all = open.chain(&shown).map(|(action, what)| format!("{} {what}", key(ctx, *action)));
        all.collect::<Vec<String>>().join("  ")
    }
}

/// The last update: when, by whom, what became of it, what it said.
fn last(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene, record: &UpdateRecord) {
    let zone = ctx.look.zone;
    let day =
        if zone.date(record.at) == zone.date(scene.now) { String::new() } else { zone.date(record.at) + " " };
    let age = scene.now.since(record.at).short();
    let by = scene.incident.name_of(&record.by);
    let (hm, label) = (zone.hm(record.at), zone.label(record.at));
    sheet.say(0, Meaning::Text, &format!("{day}{hm} {label}, {age} ago, by {by}: {}", record.sent.word));
    for (meaning, text) in receipts(scene.outbox, record.id, zone) {
        sheet.say(0, meaning, &text);
    }
    sheet.say(0, Meaning::Text, &record.sent.body);
}

fn key(ctx: &Ctx, action: UpdateAction) -> String {
    ctx.keymap.key(Action::Update(action)).map_or_else(|| "?".to_owned(), |key| key.to_string())
}

/// Inside the frame, a column free on each side, above the hint.
fn text_area(inner: Rect) -> Rect {
    let keeps = u16::from(inner.height >= LEAST_WITH_HINT);
    Rect::new(inner.x + 1, inner.y, inner.width.saturating_sub(2), inner.height - keeps)
}

/// Answers the column after it.
fn hint(buf: &mut Buffer, inner: Rect, text: &str, ctx: &Ctx) -> u16 {
    if inner.height < LEAST_WITH_HINT {
        return inner.x;
    }
    put(
        buf,
        inner.x + 1,
        inner.bottom() - 1,
        inner.right().saturating_sub(1),
        text,
        ctx.style(Meaning::Muted),
    )
}
