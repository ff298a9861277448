//! How each account stands, in a few words: the lights of the footer, `warroom sync status`, the outbox.

use crate::incident::event::FailureClass;
use crate::incident::{Span, Time};
use crate::outbox::routes::Account;
use crate::outbox::{Outbox, State};

/// From this time on it is said for how long nobody there has heard.
const SILENT: Span = Span::from_secs(60);

/// What a light is meant to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    Ok,
    Waiting,
    /// It has been failing for a while, or cannot be heard.
    Troubled,
    NeedsYou,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Light {
    pub grade: Grade,
    /// Behind the account's name, such as `ok`, `2 waiting` or `needs you: token revoked`.
    pub text: String,
}

/// `trouble`: why it cannot be heard, where that is known.
pub fn light(account: &Account, outbox: &Outbox, trouble: Option<&str>, now: Time) -> Light {
    let made = |grade, text: String| Light { grade, text };
    let open = || outbox.open().filter(|act| act.client == account.name);
    let count = open().count();
    if let Some(act) = open().find(|act| outbox.needs_person(act)) {
        let message = outbox.message(act).unwrap_or_default();
        let key = match &act.state {
            State::Stuck { class: FailureClass::Auth, .. } => "mend it, then r",
            State::Stuck { class: FailureClass::Unknown, .. } => "did it arrive?",
            _ => "e, r or x",
        };
        return made(Grade::NeedsYou, format!("needs you ({key}): {message}"));
    }
    let age = open().map(|act| now.since(act.requested_at)).max().unwrap_or(Span::ZERO);
    if count > 0 && account.read_only {
        return made(Grade::Waiting, format!("read only: {count} held back"));
    }
    if count > 0 && age >= SILENT {
        let text = format!("has not heard this for {}: {count} waiting", age.short());
        return made(Grade::Troubled, text);
    }
    if count > 0 {
        return made(Grade::Waiting, format!("{count} waiting"));
    }
    if let Some(trouble) = trouble {
        return made(Grade::Troubled, format!("cannot be heard: {trouble}"));
    }
    made(Grade::Ok, if account.read_only { "ok (read only)".to_owned() } else { "ok".to_owned() })
}
