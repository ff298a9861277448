//! `warroom update --draft`: the text as the log fills it in, to be read and finished by a person.

use serde_json::{Value, json};

use super::{UpdateArgs, known};
use crate::cli::desk::{self, Desk, Found};
use crate::cli::fail::{Done, Fail};
use crate::cli::out::complain;
use crate::cli::print;
use crate::config::templates;
use crate::incident::words::Word;
use crate::report::check::{Finding, check};
use crate::report::update::{Draft, Kind, Message, can_speak};
use crate::runtime::clock;

/// Prints it; what is still to be done to it goes to standard error.
pub fn print(args: UpdateArgs, desk: &mut Desk, found: &Found, audience: &str) -> Done {
    let configured = desk.policy()?;
    let mut session = desk.reader(found)?;
    let entries = desk::timeline(&mut session)?;
    let incident = session.incident();
    let policy = incident.policy().unwrap_or(&configured);
    known(incident, policy, audience)?;
    let mut word = args.word(incident, "")?;
    if args.template.as_deref() == Some("resolution") && args.word.is_none() {
        word = Word::Resolved;
    }
    let next = args.next(incident, policy, audience, desk, "")?;
    let message = Message::new(incident, policy, audience, word, clock::now(), desk.zone, next);
    let message =
        Message { kind: args.template.as_deref().and_then(kind).unwrap_or(message.kind), ..message };
    let (template, wrong) = match &args.template {
        Some(name) => {
            let hint = "leave --template out for the usual one";
            (templates::template(&desk.paths, name).map_err(|why| Fail::refused(why, hint))?, None)
        }
        None => templates::usable(&desk.paths, message.template(), message.fallback()),
    };
    let Draft { body, trouble } =
        message.draft(&template, entries.into_iter().filter(|entry| can_speak(entry.class())));
    for trouble in wrong.into_iter().chain(trouble) {
        complain(&format!("warning: {trouble}"));
    }
    let findings = check(&body, &message.about());
    if desk.json {
        return desk.out.json(&json!({
            "incident": print::found(found),
            "audience": audience,
            "template": template.name,
            "word": word.name(),
            "next": next,
            "body": body,
            "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        }));
    }
    for Finding { check, why, .. } in &findings {
        complain(&format!("{check}: {why}"));
    }
    desk.out.line(&body)
}

fn finding(finding: &Finding) -> Value {
    json!({ "check": finding.check, "why": finding.why, "fix": finding.fix })
}

/// The kind of message that a template of this name makes.
fn kind(template: &str) -> Option<Kind> {
    match template {
        "can" => Some(Kind::Can),
        "first-notice" => Some(Kind::FirstNotice),
        "resolution" => Some(Kind::Resolution),
        _ => None,
    }
}
