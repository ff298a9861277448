//! What an answer means to the outbox, and what no answer means.

use super::link::Lost;
use super::wire::{Done, Fault, Repeat, Reply};
use crate::clients::{Call, Trouble};
use crate::incident::Span;
use crate::incident::clean::{clean_line, clean_text};
use crate::incident::event::FailureClass;
use crate::outbox::Outcome;

/// Longest id that is kept, and longest message, in characters.
const LONGEST_ID: usize = 512;
const LONGEST_MESSAGE: usize = 500;
/// Longest wait that a client can ask for, in milliseconds.
const LONGEST_WAIT_MS: i64 = 86_400_000;

/// The code of a call or a deed that a client does not know.
pub const UNSUPPORTED: &str = "unsupported";

/// A message of a client, fit to be shown.
pub fn words(text: &str) -> String {
    let text: String = clean_line(text).chars().take(LONGEST_MESSAGE).collect();
    if text.trim().is_empty() { "it does not say why".to_owned() } else { text.trim().to_owned() }
}

pub fn wait(fault: &Fault) -> Option<Span> {
    fault.retry_after_ms.map(|ms| Span::from_ms(ms.clamp(0, LONGEST_WAIT_MS)))
}

/// A failure in the client's own words.
pub fn trouble(fault: &Fault) -> Trouble {
    Trouble::new(fault.class, words(&fault.message)).after(wait(fault)).code(clean_line(&fault.code))
}

/// What no answer means: for a deed that may be repeated, that it is done again.
pub fn lost(lost: Lost, says: impl Fn(&str) -> String, repeat: Repeat) -> Trouble {
    match lost {
        Lost::Unsent(why) => Trouble::transient(says(&why)).after(Some(Span::from_secs(1))),
        Lost::TooLong(why) => Trouble::permanent(says(&why)),
        Lost::Sent(why) => by_repeat(Trouble::unknown(says(&why)), repeat),
    }
}

fn by_repeat(trouble: Trouble, repeat: Repeat) -> Trouble {
    if repeat == Repeat::Native { trouble.repeatable() } else { trouble }
}

/// The answer to `deliver`.
pub fn delivered(reply: &Reply, call: &Call, repeat: Repeat) -> Result<Outcome, Trouble> {
    if let Some(fault) = &reply.err {
        return refused(fault, call, repeat);
    }
    let unreadable = || by_repeat(Trouble::unknown("its answer says neither ok nor err"), repeat);
    let done = reply.ok.clone().ok_or_else(unreadable)?;
    let done: Done = serde_json::from_value(done).map_err(|_| unreadable())?;
    confirmed(&done, call)
        .ok_or_else(|| by_repeat(Trouble::unknown("it did it and does not say what came of it"), repeat))
}

fn refused(fault: &Fault, call: &Call, repeat: Repeat) -> Result<Outcome, Trouble> {
    if fault.class != FailureClass::AlreadyDone {
        return Err(by_repeat(trouble(fault), repeat));
    }
    let done = Done { remote: fault.remote.clone(), link: fault.link.clone() };
    // Who only knows that there is something does not know what later deeds are about.
    confirmed(&done, call).ok_or_else(|| {
        Trouble::unknown(format!("it is there already, but not under which id: {}", words(&fault.message)))
    })
}

/// `None`: later deeds are about it, and no id was given.
fn confirmed(done: &Done, call: &Call) -> Option<Outcome> {
    let remote = id(&done.remote);
    let makes = call.deed().makes(call.act.request).is_some();
    let remote = match (remote.is_empty(), makes) {
        (true, true) => return None,
        (true, false) => call.other().or(call.place()).map_or_else(|| call.op(), str::to_owned),
        (false, _) => remote,
    };
    Some(Outcome::Confirmed { remote, link: link(done.link.as_deref()) })
}

/// The answer to `find`.
pub fn found(reply: &Reply, call: &Call, repeat: Repeat) -> Result<Outcome, Trouble> {
    if let Some(outcome) = reply.found.as_ref().and_then(|done| confirmed(done, call)) {
        return Ok(outcome);
    }
    if reply.missing == Some(true) {
        return Ok(Outcome::NotThere);
    }
    // What may be repeated needs no certainty.
    let unsupported = reply.err.as_ref().is_some_and(|fault| fault.code == UNSUPPORTED);
    if repeat == Repeat::Native && (unsupported || reply.unclear.is_some()) {
        return Ok(Outcome::NotThere);
    }
    match &reply.err {
        Some(fault) if !unsupported => Err(trouble(fault).repeatable()),
        _ => Ok(cannot_tell(&words(reply.unclear.as_deref().unwrap_or_default()))),
    }
}

pub fn cannot_tell(why: &str) -> Outcome {
    Outcome::CannotTell { message: why.to_owned() }
}

/// An id of the client's, fit to be kept.
pub fn id(text: &str) -> String {
    clean_line(text).chars().take(LONGEST_ID).collect()
}

/// An address that a person may follow.
pub fn link(link: Option<&str>) -> Option<String> {
    let link = clean_line(link?.trim()).into_owned();
    (link.starts_with("https://") || link.starts_with("http://")).then_some(link)
}

/// Text of several lines.
pub fn text(text: &str) -> String {
    clean_text(text).into_owned()
}
