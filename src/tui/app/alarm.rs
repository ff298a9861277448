//! What is said when clocks run out (row B2): one sentence, and the key that leads on.

use crate::incident::deadline::{Deadline, What};
use crate::tui::actions::{Action, RoomAction};
use crate::tui::keymap::Keymap;
use crate::tui::widgets::width;

/// Clocks that are named in one message; the board shows the others.
const MOST_NAMED: usize = 4;

/// What is said of clocks that have just run out; `None`: there are none.
pub(super) fn loud(all: &[Deadline], keymap: &Keymap) -> Option<String> {
    match all {
        [] => None,
        [one] => {
            let call = whom_to_call(all, keymap).map(|call| format!(" {call}.")).unwrap_or_default();
            Some(format!("{}{call}", one.say))
        }
        several => Some(format!("{} clocks ran out: {}", several.len(), named(several, keymap, MOST_NAMED))),
    }
}

/// What is said of clocks that ran out while nobody was here. Marks that passed are nothing to catch up on.
pub(super) fn missed(all: &[Deadline], keymap: &Keymap, columns: u16) -> Option<String> {
    let loud: Vec<Deadline> = all.iter().filter(|deadline| !deadline.quiet).cloned().collect();
    (!loud.is_empty()).then(|| format!("ran out meanwhile: {}", listed(&loud, keymap, columns)))
}

/// `orders, backups and 2 more; t shows them, P whom to call`
fn named(all: &[Deadline], keymap: &Keymap, most: usize) -> String {
    let counted = counted(all);
    let labels: Vec<&str> = counted.iter().take(most).map(|(label, _)| label.as_str()).collect();
    let more: usize = counted.iter().skip(most).map(|(_, count)| count).sum();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let board = keymap.key(Action::Room(RoomAction::Timers)).map(|key| format!("{key} shows them"));
    let keys: Vec<String> = board.into_iter().chain(whom_to_call(all, keymap)).collect();
    let keys = if keys.is_empty() { String::new() } else { format!("; {}", keys.join(", ")) };
    let labels = if labels.is_empty() { format!("{} clocks", all.len()) } else { labels.join(", ") + &more };
    format!("{labels}{keys}")
}

/// As many of them as one line of the screen takes: it is read on the way in, not studied.
fn listed(all: &[Deadline], keymap: &Keymap, columns: u16) -> String {
    let room = usize::from(columns).saturating_sub("ran out meanwhile: ".len() + 2);
    let fits = |text: &String| usize::from(width(text)) <= room;
    let shorter = (1..=MOST_NAMED).rev().map(|most| named(all, keymap, most));
    shorter.into_iter().find(fits).unwrap_or_else(|| named(all, keymap, 0))
}

/// The labels in their order, each once: `3 x approve update customers`.
fn counted(all: &[Deadline]) -> Vec<(String, usize)> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for deadline in all {
        match counted.iter_mut().find(|(label, _)| *label == deadline.label) {
            Some((_, count)) => *count += 1,
            None => counted.push((deadline.label.clone(), 1)),
        }
    }
    for (label, count) in counted.iter_mut().filter(|(_, count)| *count > 1) {
        *label = format!("{count} x {label}");
    }
    counted
}

/// `P shows whom to call`, where somebody is to be called and a key is bound.
fn whom_to_call(all: &[Deadline], keymap: &Keymap) -> Option<String> {
    let calls = all.iter().any(|deadline| matches!(deadline.what, What::Escalation { .. }));
    let key = keymap.key(Action::Room(RoomAction::Contacts)).filter(|_| calls)?;
    Some(format!("{key} shows whom to call"))
}
