//! The footer: the keys that work now, and whether everything is saved and told.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::lights;
use crate::outbox::State;
use crate::tui::actions::{Context, REGISTRY, Spec, blocked};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::{put, put_right, width};

/// `unsaved`: orders that the journal has not taken yet; `light`: how far the journal is read, empty for all of it.
pub fn footer(
    ctx: &Ctx,
    scene: Option<&Scene>,
    contexts: &[Context],
    (unsaved, light): (usize, &str),
    line: Rect,
    buf: &mut Buffer,
) {
    let (text, meaning) = scene.map_or((String::new(), Meaning::Muted), |scene| state(scene, unsaved));
    let mut end =
        put_right(buf, line.x + 12, line.y, line.right().saturating_sub(1), &text, ctx.style(meaning));
    if let Some(scene) = scene.filter(|scene| scene.live) {
        end = lights::draw(ctx, scene, Rect { width: end.saturating_sub(line.x), ..line }, buf);
    }
    if !light.is_empty() {
        end = put_right(buf, line.x + 12, line.y, end.saturating_sub(2), light, ctx.style(Meaning::Info));
    }
    hints(ctx, contexts, Rect::new(line.x + 1, line.y, end.saturating_sub(line.x + 3), 1), buf);
}

/// The keys of the scribe line, and whether everything is saved.
pub fn typing_hints(ctx: &Ctx, scene: &Scene, unsaved: usize, line: Rect, buf: &mut Buffer) {
    let hints =
        [("Enter", "save"), ("Esc", "back, text kept"), ("Tab", "complete @who"), ("Up", "earlier lines")];
    let x = fixed(ctx, &hints, line, buf);
    let (text, meaning) = state(scene, unsaved);
    put_right(buf, x, line.y, line.right().saturating_sub(1), &text, ctx.style(meaning));
}

/// The keys of the composer.
pub fn composing_hints(ctx: &Ctx, line: Rect, buf: &mut Buffer) {
    let hints = [
        ("ctrl-s", "preview, then send"),
        ("Tab", "next place to fill in"),
        ("Enter", "new line"),
        ("Esc", "back, text kept"),
    ];
    fixed(ctx, &hints, line, buf);
}

fn fixed(ctx: &Ctx, hints: &[(&str, &str)], line: Rect, buf: &mut Buffer) -> u16 {
    hints.iter().fold(line.x + 1, |x, (key, hint)| one(ctx, x, line, key, hint, buf))
}

fn hints(ctx: &Ctx, contexts: &[Context], line: Rect, buf: &mut Buffer) {
    let mut x = line.x;
    let ends = [": command", "? help"];
    let reserved: u16 = ends.iter().map(|end| width(end) + 2).sum();
    for context in contexts {
        let live = ctx.scene.map(|scene| scene.live);
        let works =
            |spec: &&Spec| spec.context == *context && !spec.hint.is_empty() && blocked(spec, live).is_none();
        for spec in REGISTRY.iter().filter(works) {
            let Some(key) = ctx.keymap.key(spec.action) else { continue };
            let key = key.to_string();
            let last = *context == Context::Everywhere;
            let needed = width(&key) + width(spec.hint) + 3 + if last { 0 } else { reserved };
            // A hint that the keymap gives to another action in a nearer context would mislead.
            let reached =
                key.parse().ok().and_then(|key| ctx.keymap.action(contexts, key)) == Some(spec.action);
            if reached && x + needed <= line.right() {
                x = one(ctx, x, line, &key, spec.hint, buf);
            }
        }
    }
}

fn one(ctx: &Ctx, x: u16, line: Rect, key: &str, hint: &str, buf: &mut Buffer) -> u16 {
    let x = put(buf, x, line.y, line.right(), key, ctx.style(Meaning::Key));
    let x = put(buf, x + 1, line.y, line.right(), hint, ctx.style(Meaning::Muted));
    x + 2
}

/// Saved or not, told or not.
fn state(scene: &Scene, unsaved: usize) -> (String, Meaning) {
    if !scene.live {
        return ("read-only".into(), Meaning::Muted);
    }
    if unsaved > 0 {
        return (format!("{unsaved} NOT SAVED"), Meaning::Alert);
    }
    // Those of an account have a light of their own.
    let alone = |act: &&crate::outbox::Act| scene.routes.get(&act.client).is_none();
    let needs = |act: &&crate::outbox::Act| matches!(act.state, State::Stuck { .. } | State::Doubtful { .. });
    let stuck = scene.outbox.open().filter(alone).filter(needs).count();
    let waiting = scene.outbox.open().filter(alone).count();
    match (stuck, waiting) {
        (0, 0) => ("saved".into(), Meaning::Muted),
        (0, n) => (format!("{n} to deliver  saved"), Meaning::Warning),
        (n, _) => (format!("{n} need you  saved"), Meaning::Alert),
    }
}
