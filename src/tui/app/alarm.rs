//! What is said when clocks run out (row B2): one sentence, and the key that leads on.

use crate::incident::deadline::{Deadline, What};
use crate::tui::actions::{Action, RoomAction};
use crate::tui::keymap::Keymap;

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
        several => Some(format!("{} clocks ran out: {}", several.len(), named(several, keymap))),
    }
}

/// What is said of clocks that ran out while nobody was here. Marks that passed are nothing to catch up on.
pub(super) fn missed(all: &[Deadline], keymap: &Keymap) -> Option<String> {
    let loud: Vec<Deadline> = all.iter().filter(|deadline| !deadline.quiet).cloned().collect();
    (!loud.is_empty()).then(|| format!("ran out meanwhile: {}", named(&loud, keymap)))
}

/// `orders, backups and 2 more; t shows them, P whom to call`
fn named(all: &[Deadline], keymap: &Keymap) -> String {
    let labels: Vec<&str> = all.iter().take(MOST_NAMED).map(|deadline| deadline.label.as_str()).collect();
    let more = all.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let board = keymap.key(Action::Room(RoomAction::Timers)).map(|key| format!("{key} shows them"));
    let keys: Vec<String> = board.into_iter().chain(whom_to_call(all, keymap)).collect();
    let keys = if keys.is_empty() { String::new() } else { format!("; {}", keys.join(", ")) };
    format!("{}{more}{keys}", labels.join(", "))
}

/// `P shows whom to call`, where somebody is to be called and a key is bound.
fn whom_to_call(all: &[Deadline], keymap: &Keymap) -> Option<String> {
    let calls = all.iter().any(|deadline| matches!(deadline.what, What::Escalation { .. }));
    let key = keymap.key(Action::Room(RoomAction::Contacts)).filter(|_| calls)?;
    Some(format!("{key} shows whom to call"))
}
