//! A light for each account, at the end of the footer: `Slack ok  Jira 2 waiting`. Where there is no room, what is well goes
//! first, then the words of what is not.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::report::outside::{Grade, Light, light};
use crate::tui::layers::outbox::grade_meaning;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::widgets::{put_right, width};

/// Least columns that are left to the keys.
const KEYS: u16 = 22;

/// Draws them at the right end of `line`; answers the column where they begin.
pub(super) fn draw(ctx: &Ctx, scene: &Scene, line: Rect, buf: &mut Buffer) -> u16 {
    let mut end = line.right();
    for (text, grade) in fitting(scene, line.width.saturating_sub(KEYS)).into_iter().rev() {
        let style = ctx.style(grade_meaning(grade));
        end = put_right(buf, line.x + 12, line.y, end.saturating_sub(2), &text, style);
    }
    end
}

/// The lights in as many columns as there are.
fn fitting(scene: &Scene, columns: u16) -> Vec<(String, Grade)> {
    let all: Vec<(&str, Light)> = scene
        .routes
        .accounts
        .iter()
        .map(|account| {
            let heard = scene.accounts.get(&account.name);
            let trouble = heard.and_then(|heard| heard.trouble.as_deref());
            (account.title.as_str(), light(account, scene.outbox, trouble, scene.now))
        })
        .collect();
    let whole = |least: Grade| -> Vec<(String, Grade)> {
        let shown = all.iter().filter(|(_, light)| light.grade >= least);
        shown.map(|(title, light)| (format!("{title} {}", light.text), light.grade)).collect()
    };
    let short = |least: Grade| -> Vec<(String, Grade)> {
        let shown = all.iter().filter(|(_, light)| light.grade >= least);
        shown.map(|(title, light)| (format!("{title} {}", word(light)), light.grade)).collect()
    };
    let fits = |lights: &Vec<(String, Grade)>| {
        lights.iter().map(|(text, _)| width(text) + 2).sum::<u16>() <= columns
    };
    let need = all.iter().filter(|(_, light)| light.grade == Grade::NeedsYou).count();
    let counted = if need > 0 { vec![(format!("{need} need you: O"), Grade::NeedsYou)] } else { Vec::new() };
    let needy = short(Grade::NeedsYou);
    [whole(Grade::Ok), short(Grade::Ok), whole(Grade::Waiting), short(Grade::Waiting), needy, counted]
        .into_iter()
        .find(fits)
        .unwrap_or_default()
}

/// The same in a word or two.
fn word(light: &Light) -> &str {
    match light.grade {
        Grade::Ok => "ok",
        Grade::Waiting => "waiting",
        Grade::Troubled => "silent",
        Grade::NeedsYou => "needs you",
    }
}
