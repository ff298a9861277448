//! What is said of a decision: the sentence that asks for objections, and what became of it.

use crate::incident::decisions::Poll;
use crate::incident::event::Outcome;
use crate::tui::layers::asks::when::{sentence, spoken};
use crate::tui::layers::step::text::moment;
use crate::tui::scene::{Ctx, Scene};

/// What the commander says, one sentence for each line.
pub(super) fn question(poll: &Poll, ctx: &Ctx) -> Vec<String> {
    let part = |before: &str, text: &str| (!text.is_empty()).then(|| sentence(&format!("{before}{text}")));
    let verify =
        poll.verify_by.map(|by| format!("We look at {} whether it worked.", spoken(by, ctx.look.zone)));
    let mut said = vec![sentence(&format!("I propose: {}", poll.proposal))];
    said.extend(part("The risk: ", &poll.risk));
    said.extend(part("To go back: ", &poll.rollback));
    said.extend(verify);
    said.push("Any strong objections?".to_owned());
    said
}

/// What is told when it goes ahead.
pub(super) fn decided(poll: &Poll, ctx: &Ctx) -> String {
    let verify =
        poll.verify_by.map(|by| format!(" We look at {} whether it worked.", spoken(by, ctx.look.zone)));
    format!(
        "Decided: {}{} Say it, and name who does it.",
        sentence(&poll.proposal),
        verify.unwrap_or_default()
    )
}

/// What is told when it has been looked at.
pub(super) fn verified(poll: &Poll, worked: bool) -> String {
    match (worked, poll.rollback.is_empty()) {
        (true, _) => format!("It worked: {}", sentence(&poll.proposal)),
        (false, true) => "It did not work: what now? d proposes.".to_owned(),
        (false, false) => format!("It did not work. To go back: {}", sentence(&poll.rollback)),
    }
}

/// The objections, the outcome and the verification, one line each.
pub(super) fn became(poll: &Poll, ctx: &Ctx, scene: &Scene) -> Vec<String> {
    let name = |who| scene.incident.name_of(who);
    let at = |time| moment(ctx.look.zone, time, scene.now);
    let because = |text: &str| if text.is_empty() { String::new() } else { format!(": {text}") };
    let objections = poll.objections.iter();
    let mut said: Vec<String> = objections
        .map(|objection| {
            format!("OBJECTION {}: {} ({})", name(&objection.who), objection.text, at(objection.at))
        })
        .collect();
    if let Some(settled) = &poll.settled {
        let word = match settled.outcome {
            Outcome::Go => "go",
            Outcome::NoGo => "no go",
            Outcome::Withdrawn => "withdrawn",
        };
        said.push(format!("{word} by {} {}{}", name(&settled.by), at(settled.at), because(&settled.reason)));
    }
    if let Some(verified) = &poll.verified {
        let word = if verified.worked { "it worked" } else { "it did NOT work" };
        said.push(format!("{word}, {} {}{}", name(&verified.by), at(verified.at), because(&verified.note)));
    }
    said
}
