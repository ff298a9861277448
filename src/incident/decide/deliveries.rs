//! What is told to the outside. Whether an act can still be dropped or sent again is the outbox's to know; here the words are
//! cleaned and bounded.

use super::{Decision, one, refuse, required_line, short};
use crate::incident::clean::{clean_line, clean_text};
use crate::incident::command::DeliveryCommand;
use crate::incident::describe;
use crate::incident::event::{Deed, DeliveryEvent, Event, NoteEvent, Requested, TicketDeed};
use crate::incident::scribe::NoteKind;

pub(super) fn decide_delivery(command: &DeliveryCommand) -> Decision {
    let event = event(command)?;
    match event {
        DeliveryEvent::TakenOver { .. } | DeliveryEvent::Tuned { .. } => Ok(told(event)),
        _ => one(Event::Delivery(event)),
    }
}

/// Who tells the outside, and what of it counts here, concerns everybody: the timeline says so.
pub fn told(event: DeliveryEvent) -> Vec<Event> {
    let text = describe::delivery(&event);
    vec![Event::Delivery(event), Event::Note(NoteEvent::Written { kind: NoteKind::Action, text })]
}

fn event(command: &DeliveryCommand) -> Result<DeliveryEvent, super::Refusal> {
    let line = |text: &str| clean_line(text).into_owned();
    Ok(match command.clone() {
        DeliveryCommand::Request(requested) => DeliveryEvent::Requested(Box::new(request(*requested)?)),
        DeliveryCommand::Attempt { request, attempt } => DeliveryEvent::Attempted { request, attempt },
        DeliveryCommand::Confirm { request, remote, link } => {
            DeliveryEvent::Confirmed { request, remote: line(&remote), link: link.map(|link| line(&link)) }
        }
        DeliveryCommand::Fail { request, class, message, retry_after, ask } => {
            DeliveryEvent::Failed { request, class, message: line(&message), retry_after, ask }
        }
        DeliveryCommand::Drop { request, reason } => {
            DeliveryEvent::Dropped { request, reason: short(&reason)? }
        }
        DeliveryCommand::Retry { request } => DeliveryEvent::Retried { request },
        DeliveryCommand::Seek { request } => DeliveryEvent::Sought { request },
        DeliveryCommand::Reword { request, title, body } => {
            let (title, body) = words(&title, &body)?;
            if title.is_empty() && body.is_empty() {
                return refuse("nothing is left of it", "write the text, or drop it");
            }
            DeliveryEvent::Reworded { request, title, body }
        }
        DeliveryCommand::TakeOver { from } => DeliveryEvent::TakenOver { from },
        DeliveryCommand::Tune { client, listen } => {
            let client = required_line(&client, "no account is named", "name one, such as slack")?;
            DeliveryEvent::Tuned { client, listen }
        }
    })
}

/// A request with clean words.
pub fn request(requested: Requested) -> Result<Requested, super::Refusal> {
    // A file is attached as it is.
    if matches!(requested.deed, Deed::Ticket(TicketDeed::Attach { .. })) {
        if requested.body.len() > MAX_FILE {
            let why = format!(
                "the file has {} KiB, more than {} KiB",
                requested.body.len() / 1024,
                MAX_FILE / 1024
            );
            return refuse(why, "export it and attach it by hand");
        }
        return Ok(requested);
    }
    let (title, body) = words(&requested.title, &requested.body)?;
    Ok(Requested { title, body, ..requested })
}

/// Longest file that is attached, in bytes: a journal line holds it.
const MAX_FILE: usize = 512 * 1024;

/// A heading and a text, cleaned; what is too long is refused, never cut.
fn words(title: &str, body: &str) -> Result<(String, String), super::Refusal> {
    let body = clean_text(body).trim().to_owned();
    if body.len() > super::MAX_TEXT {
        let why = format!("the text has {} KiB, more than {} KiB", body.len() / 1024, super::MAX_TEXT / 1024);
        return refuse(why, "shorten it, or attach it as a file");
    }
    Ok((short(title)?, body))
}
