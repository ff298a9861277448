//! How the update pane looks.
//!
//! ```text
//! +4 Update to: internal ----------- due in 03:12 +    +4 Update to: internal ---------- OVERDUE by 2m +
//! | ! customers: WAITING 3m for YOUR approval     |    | identified, next update 15:02 UTC             |
//! | 14:02 UTC, 12m ago, by bob: identified        |    | P1: orders: prices x100                       |
//! | kept in the local record                      |    | ...                                           |
//! | customers  OVERDUE by 2m; told nothing so far |    |                                               |
//! | P1: orders: prices x100                       |    |                                               |
//! | enter writes  @ audience  h history           |    | ctrl-s preview  esc back     tab 2 to fill in |
//! +-----------------------------------------------+    +-----------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::receipt::receipts;
use super::{UpdatePane, told};
use crate::incident::Span;
use crate::incident::state::UpdateRecord;
use crate::report::history::{AudienceLine, history};
use crate::report::update::{Kind, Message, placeholders, promise};
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
        hint(buf, inner, &self.resting_hint(ctx, scene, text.width), ctx);
        None
    }

    /// The title and, at its right end, how long until the next update is due. Where both do not fit they become
    /// shorter: that an update is overdue must show in the narrowest pane.
    fn title(&self, ctx: &Ctx, scene: &Scene, columns: u16) -> (String, String, Option<Meaning>) {
        let audience = self.audience(ctx, scene);
        let full = format!("Update to: {audience}");
        let due = self.lines(ctx, scene).into_iter().find(|line| line.audience == audience);
        let due = due.and_then(|line| line.next_due);
        let Some(left) = due.map(|due| due.since(scene.now)) else { return (full, String::new(), None) };
        let (clock, meaning) = match left {
            left if left.is_negative() => {
                (format!("OVERDUE by {}", left.abs().short()), Some(Meaning::Alert))
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

    fn lines(&self, ctx: &Ctx, scene: &Scene) -> Vec<AudienceLine> {
        history(scene.incident, scene.outbox, scene.policy(ctx), scene.now)
    }

    /// What the pane says at rest.
    fn sheet(&self, ctx: &Ctx, scene: &Scene, columns: u16) -> Sheet {
        let mut sheet = Sheet::new(columns);
        let audience = self.audience(ctx, scene);
        if scene.live && !self.is_blank() {
            let lines = self.body.value().lines().count();
            let state = if self.ordered.is_some() { "being saved" } else { "not sent yet" };
            let text = format!("A draft of {lines} lines, {state}: {}", self.chosen(ctx, scene));
            sheet.say(0, Meaning::Warning, &text);
            if self.is_stale(scene) {
                let text = format!(
                    "{} fills it in anew: the ledger or the severity changed since",
                    key(ctx, UpdateAction::Prefill)
                );
                sheet.say(0, Meaning::Warning, &text);
            }
        }
        told::proposals(&mut sheet, ctx, scene, &key(ctx, UpdateAction::Approve));
        let record = scene.incident.last_update(audience);
        match record {
            Some(record) => last(&mut sheet, ctx, scene, record),
            None => {
                sheet.say(0, Meaning::Muted, &format!("Nothing was sent to {audience} so far."));
            }
        }
        told::others(&mut sheet, ctx, scene, &self.lines(ctx, scene), audience);
        if let Some(record) = record {
            sheet.gap().say(0, Meaning::Text, &record.sent.body);
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
            let chosen = format!("{}: {}", kind_name(&self.message(ctx, scene)), self.chosen(ctx, scene));
            put(buf, text.x, text.y, text.right(), &chosen, ctx.style(Meaning::Muted));
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

    /// As many keys as `columns` have room for.
    fn resting_hint(&self, ctx: &Ctx, scene: &Scene, columns: u16) -> String {
        use UpdateAction as U;
        let writes = (U::Compose, if self.is_blank() { "writes" } else { "goes on" });
        let waits = scene.incident.awaiting_approval().next().is_some();
        let all = [
            (scene.live, writes),
            (scene.live && waits, (U::Approve, "approval")),
            (scene.live && !self.is_blank(), (U::Send, "preview")),
            (true, (U::Audience, "audience")),
            (true, (U::History, "history")),
            (scene.live, (U::Template, "template")),
        ];
        let shown = all
            .into_iter()
            .filter(|(works, _)| *works)
            .map(|(_, (action, what))| format!("{} {what}", key(ctx, action)));
        shown.fold(String::new(), |line, hint| match line.is_empty() {
            true => hint,
            false if width(&line) + width(&hint) + 2 <= columns => format!("{line}  {hint}"),
            false => line,
        })
    }
}

/// The last update: when, by whom, who approved it, what became of it.
fn last(sheet: &mut Sheet, ctx: &Ctx, scene: &Scene, record: &UpdateRecord) {
    let zone = ctx.look.zone;
    let day =
        if zone.date(record.at) == zone.date(scene.now) { String::new() } else { zone.date(record.at) + " " };
    let age = scene.now.since(record.at).short();
    let by = scene.incident.name_of(&record.by);
    let (hm, label) = (zone.hm(record.at), zone.label(record.at));
    let approved = record.sent.approved_by.as_ref();
    let approved =
        approved.map(|who| format!(", approved by {}", scene.incident.name_of(who))).unwrap_or_default();
    let word = record.sent.word;
    let count =
        scene.incident.updates.iter().filter(|other| other.sent.audience == record.sent.audience).count();
    let count = if count > 1 { format!(" ({count} so far)") } else { String::new() };
    sheet.say(0, Meaning::Text, &format!("{day}{hm} {label}, {age} ago, by {by}: {word}{approved}{count}"));
    for (meaning, text) in receipts(scene.outbox, record.id, zone) {
        sheet.say(0, meaning, &text);
    }
}

fn key(ctx: &Ctx, action: UpdateAction) -> String {
    ctx.keymap.key(Action::Update(action)).map_or_else(|| "?".to_owned(), |key| key.to_string())
}

fn kind_name(message: &Message) -> &'static str {
    match message.kind {
        Kind::FirstNotice => "first notice",
        Kind::Update => "update",
        Kind::Resolution => "resolution",
        Kind::Can => "CAN report",
    }
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
