//! How one entry of the timeline looks: its columns, its sign, its words, its day.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::Shown;
use crate::incident::describe;
use crate::incident::scribe::{Token, tokens};
use crate::incident::{Class, Entry};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::{put, wrap};

/// Least and most columns of the names; a narrow pane shows none.
const NAME_COLUMNS: (u16, u16) = (6, 14);
/// From this width on names are shown, and from this one on as long as they are.
const WITH_NAMES: u16 = 40;
const WITH_LONG_NAMES: u16 = 58;
/// Columns of the time and the space behind it.
pub(super) const TIME_COLUMNS: u16 = 9;

/// The columns of the names: as long as the longest that was seen, within bounds.
pub(super) fn name_columns(scene: &Scene, width: u16) -> u16 {
    if width < WITH_NAMES {
        return 0;
    }
    let (least, most) = NAME_COLUMNS;
    let most = if width < WITH_LONG_NAMES { least + 3 } else { most };
    let longest =
        scene.incident.seen.iter().take(64).map(|who| crate::tui::widgets::width(who.as_str())).max();
    longest.unwrap_or(least).clamp(least, most)
}

/// Where the text begins: time, then the name, then the mark.
pub(super) fn text_column(scene: &Scene, width: u16) -> u16 {
    let names = name_columns(scene, width);
    TIME_COLUMNS + names + if names > 0 { 3 } else { 2 }
}

/// The glyph and colour of a kind.
pub fn mark(class: Class) -> (&'static str, Meaning) {
    match class {
        Class::Note => (" ", Meaning::Text),
        Class::Decision => ("!", Meaning::Decision),
        Class::Hypothesis => ("?", Meaning::Hypothesis),
        Class::Finding => ("#", Meaning::Finding),
        Class::Action => (">", Meaning::Action),
        Class::Todo => ("o", Meaning::Todo),
        Class::Incident => ("*", Meaning::Title),
        Class::Status => ("=", Meaning::Status),
        Class::Severity => ("^", Meaning::Status),
        Class::Role => ("@", Meaning::Status),
        Class::Playbook | Class::Step => ("x", Meaning::Muted),
        Class::Update => ("<", Meaning::Info),
        Class::Ask => ("&", Meaning::Action),
        Class::Impact => ("%", Meaning::Finding),
        Class::Clock => (":", Meaning::Muted),
        Class::Delivery | Class::Bookkeeping => ("-", Meaning::Muted),
        Class::Unknown | Class::Erased | Class::Damaged => ("~", Meaning::Muted),
    }
}

pub(super) fn text_style(ctx: &Ctx, scene: &Scene, entry: &Entry, meaning: Meaning) -> Style {
    let id = entry.id();
    if scene.incident.notes.retracted.contains_key(&id) {
        return ctx.style(Meaning::Muted).add_modifier(Modifier::CROSSED_OUT);
    }
    if scene.incident.idle.contains_key(&id) {
        return ctx.style(Meaning::Muted);
    }
    match entry.class() {
        Class::Decision
        | Class::Hypothesis
        | Class::Finding
        | Class::Action
        | Class::Todo
        | Class::Ask
        | Class::Impact => ctx.style(meaning),
        Class::Incident | Class::Update => ctx.style(meaning),
        Class::Step | Class::Playbook | Class::Clock | Class::Delivery | Class::Unknown | Class::Erased => {
            ctx.style(Meaning::Muted)
        }
        _ => ctx.style(Meaning::Text),
    }
}

/// The sentence of an entry and what became of it.
pub(super) fn said<'a>(scene: &'a Scene, entry: &'a Entry) -> Cow<'a, str> {
    let text = describe::sentence(scene.incident, entry);
    match suffix(scene, entry) {
        "" => text,
        suffix => Cow::Owned(format!("{text}{suffix}")),
    }
}

/// A word that says what became of an entry: never colour alone.
pub(super) fn suffix(scene: &Scene, entry: &Entry) -> &'static str {
    let notes = &scene.incident.notes;
    let id = entry.id();
    if notes.retracted.contains_key(&id) {
        " (retracted)"
    } else if notes.corrected.contains_key(&id) {
        " (corrected)"
    } else if scene.incident.idle.contains_key(&id) {
        " (changed nothing)"
    } else {
        ""
    }
}

/// The day and the zone of a row, across the first line of `area`.
pub(super) fn draw_heading(ctx: &Ctx, shown: &Shown, area: Rect, buf: &mut Buffer) {
    let (y, end, rule) = (area.y, area.right(), ctx.look.glyphs.rule);
    let x =
        put(buf, area.x, y, end, &format!("{rule}{rule} {} ", day(ctx, shown)), ctx.style(Meaning::Muted));
    put(buf, x, y, end, &rule.repeat(usize::from(end.saturating_sub(x))), ctx.style(Meaning::Border));
}

pub(super) fn day(ctx: &Ctx, shown: &Shown) -> String {
    let zone = ctx.look.zone;
    format!("{} {}", zone.day_heading(shown.row.at), zone.label(shown.row.at))
}

/// Writes wrapped text, people and TODOs set off, the last line cut with an ellipsis.
pub(super) fn draw_text(ctx: &Ctx, buf: &mut Buffer, area: Rect, text: &str, style: Style) {
    let lines = wrap::wrap(text, area.width);
    let more = lines.len() > usize::from(area.height);
    for (index, line) in lines.iter().take(usize::from(area.height)).enumerate() {
        let y = area.y + index as u16;
        let mut x = area.x;
        let mut done = 0;
        for (range, token) in tokens(line) {
            x = put(buf, x, y, area.right(), &line[done..range.start], style);
            let meaning = match token {
                Token::Mention => Meaning::Mention,
                Token::Todo => Meaning::Todo,
                Token::Link => Meaning::Link,
            };
            x = put(buf, x, y, area.right(), &line[range.clone()], style.patch(ctx.style(meaning)));
            done = range.end;
        }
        put(buf, x, y, area.right(), &line[done..], style);
        let last = index + 1 == usize::from(area.height).min(lines.len());
        if last && more {
            put(
                buf,
                area.right().saturating_sub(1),
                y,
                area.right(),
                ctx.look.glyphs.ellipsis,
                ctx.style(Meaning::Muted),
            );
        }
    }
}
