//! `warroom contacts`: whom to call and when, who was reached, who was told (MISSION rows S0.2, S4.5, S4.15).
//!
//! All of it comes from the policy that is pinned in the journal: it works with no network and no other file.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::desk::Desk;
use super::fail::{Done, Fail};
use super::orders::Orders;
use super::print::{self, padded};
use crate::incident::command::ClockCommand;
use crate::incident::deadline::{Receipt, RungState, receipts, rungs};
use crate::incident::scribe::NoteKind;
use crate::incident::{Command, Incident, Time};
use crate::outbox::routes::Account;
use crate::policy::{Contact, Policy};
use crate::runtime::clock;
use crate::runtime::crew::directory;

/// Show whom to call, who was told and when to escalate; or write down who was reached
#[derive(Args)]
pub struct ContactsArgs {
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Subcommand)]
enum Act {
    /// The ladder, the receipts and the contacts (default)
    List,
    /// Somebody on the ladder, or another contact, was reached
    Reached {
        /// The role, the level or the name
        #[arg(required = true)]
        name: Vec<String>,
        /// What they said
        #[arg(long)]
        note: String,
    },
    /// They were called and did not answer, or could not help
    Tried {
        #[arg(required = true)]
        name: Vec<String>,
        /// What happened, such as: no answer
        #[arg(long)]
        note: String,
    },
    /// Somebody whom the severity wants told was told
    Told {
        #[arg(required = true)]
        who: Vec<String>,
        /// How, or what they said
        #[arg(long, default_value = "", hide_default_value = true)]
        note: String,
    },
}

impl ContactsArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let (name, note, act) = match self.act {
            None | Some(Act::List) => return list(desk),
            Some(Act::Reached { name, note }) => (name, note.clone(), ClockCommand::Done { note }),
            Some(Act::Tried { name, note }) => (name, note.clone(), ClockCommand::Tried { note }),
            Some(Act::Told { who, note }) => return told(desk, &who.join(" "), note),
        };
        let orders = Orders::to(desk, None)?;
        let call = call(orders.incident(), &name.join(" "), &note, act);
        call.and_then(|call| orders.only(call)).map_err(|fail| fail.keeping(&note))
    }
}

/// On the ladder the call ends its clock, or goes on with it; a call to anybody else is an entry of its own.
fn call(incident: &Incident, name: &str, note: &str, act: ClockCommand) -> Done<Command> {
    let ladder = rungs(incident);
    let open: Vec<&RungState> =
        ladder.iter().filter(|rung| rung.reached.is_none() && is_rung_of(rung, name)).collect();
    if let [rung] = open.as_slice() {
        return Ok(Command::Clock { clock: rung.id.clone(), act });
    }
    let contacts = incident.policy().map(|policy| policy.contacts.as_slice()).unwrap_or_default();
    let others: Vec<&Contact> = contacts.iter().filter(|contact| is_contact(contact, name)).collect();
    match (open.len(), others.as_slice()) {
        (0, [contact]) => called(contact, note),
        (0, []) if reached_before(&ladder, name).is_some() => {
            called_again(reached_before(&ladder, name).unwrap_or_default(), note)
        }
        _ => {
            let names =
                ladder.iter().map(|rung| &rung.who).chain(contacts.iter().map(|contact| &contact.role));
            let mut known: Vec<&str> = Vec::new();
            names.for_each(|name| {
                if !known.contains(&name.as_str()) {
                    known.push(name)
                }
            });
            let what = match open.len() + others.len() {
                0 => format!("nobody on the ladder or among the contacts is named {name:?}"),
                many => format!("{many} are named {name:?}"),
            };
            let known =
                if known.is_empty() { "the policy names nobody".to_owned() } else { known.join(", ") };
            Err(Fail::refused(what, format!("there is: {known}")))
        }
    }
}

fn called(contact: &Contact, note: &str) -> Done<Command> {
    let name = if contact.name.is_empty() { String::new() } else { format!(" ({})", contact.name) };
    called_again(&format!("{}{name}", contact.role), note)
}

/// Who was reached has no clock any more: a further call is a note.
fn called_again(who: &str, note: &str) -> Done<Command> {
    if note.trim().is_empty() {
        return Err(Fail::refused("nothing is said of the call", "give --note, such as: no answer"));
    }
    Ok(Command::Note { kind: NoteKind::Action, text: format!("called {who}: {note}") })
}

/// The one rung of this name on which somebody was reached.
fn reached_before<'a>(ladder: &'a [RungState], name: &str) -> Option<&'a str> {
    let mut hits = ladder.iter().filter(|rung| rung.reached.is_some() && is_rung_of(rung, name));
    let first = hits.next()?;
    hits.next().is_none().then_some(first.who.as_str())
}

fn is_rung_of(rung: &RungState, name: &str) -> bool {
    has_words(&rung.who, name) || rung.contact.as_ref().is_some_and(|contact| is_contact(contact, name))
}

fn is_contact(contact: &Contact, name: &str) -> bool {
    contact.level.eq_ignore_ascii_case(name.trim())
        || has_words(&contact.role, name)
        || has_words(&contact.name, name)
}

fn has_words(text: &str, words: &str) -> bool {
    let words = words.trim().to_lowercase();
    !words.is_empty() && text.to_lowercase().contains(&words)
}

fn told(desk: &mut Desk, who: &str, note: String) -> Done {
    let orders = Orders::to(desk, None)?;
    let all = receipts(orders.incident());
    let mut hits: Vec<&Receipt> = all.iter().filter(|receipt| has_words(&receipt.who, who)).collect();
    if hits.iter().any(|receipt| receipt.who.eq_ignore_ascii_case(who.trim())) {
        hits.retain(|receipt| receipt.who.eq_ignore_ascii_case(who.trim()));
    }
    let [receipt] = hits.as_slice() else {
        let names: Vec<&str> = all.iter().map(|receipt| receipt.who.as_str()).collect();
        let hint = match names.is_empty() {
            true => "this severity wants nobody told".to_owned(),
            false => format!("this severity wants told: {}", names.join(", ")),
        };
        return Err(Fail::refused(format!("{} are named {who:?}", hits.len()), hint));
    };
    let clock = receipt.id.clone();
    orders.only(Command::Clock { clock, act: ClockCommand::Done { note } })
}

fn list(desk: &mut Desk) -> Done {
    let found = desk.which_readable(None)?;
    let session = desk.reader(&found)?;
    let (incident, now) = (session.incident(), clock::now());
    let configured = desk.policy()?;
    let policy = incident.policy().unwrap_or(&configured);
    if desk.json {
        return desk.out.json(&json!({
            "incident": print::found(&found),
            "severity": incident.severity,
            "ladder": rungs(incident).iter().map(|rung| rung_shape(rung, now)).collect::<Vec<_>>(),
            "receipts": receipts(incident).iter().map(receipt_shape).collect::<Vec<_>>(),
            "contacts": policy.contacts,
            "escalate_when": policy.escalate_when,
            "on_call": directories(desk),
        }));
    }
    let mut lines = page(desk, incident, policy, now);
    lines.extend(on_call_lines(desk, now));
    lines.iter().try_for_each(|line| desk.out.line(line))
}

/// Who is on call at each connected service, as it was known last.
fn directories(desk: &Desk) -> Vec<Value> {
    let kept = |account: &Account| {
        let kept = directory::read(&desk.paths.cache(), &account.name)?;
        Some(json!({ "account": account.name, "known_at": kept.at, "directory": kept.directory }))
    };
    desk.routes().accounts.iter().filter_map(kept).collect()
}

pub fn on_call_lines(desk: &Desk, now: Time) -> Vec<String> {
    let mut lines = Vec::new();
    for account in &desk.routes().accounts {
        let Some(kept) = directory::read(&desk.paths.cache(), &account.name) else { continue };
        if kept.directory.on_call.is_empty() {
            continue;
        }
        lines.push(format!("On call ({}, known {} ago)", account.title, now.since(kept.at).short()));
        lines.extend(kept.directory.on_call.iter().map(|on_call| {
            let who = &on_call.who;
            let known: Vec<&str> = [&who.name, &who.phone, &who.mail, &on_call.ladder]
                .iter()
                .map(|text| text.as_str())
                .filter(|text| !text.is_empty())
                .collect();
            format!("  {}  {}", padded(&on_call.level.to_string(), 2), known.join(" · "))
        }));
    }
    lines
}

fn receipt_shape(receipt: &Receipt) -> Value {
    json!({ "clock": receipt.id, "who": receipt.who, "how": receipt.how, "due": receipt.due, "told": receipt.told })
}

fn page(desk: &Desk, incident: &Incident, policy: &Policy, now: Time) -> Vec<String> {
    let severity = incident.severity.as_deref().unwrap_or("no severity");
    let mut lines = vec![format!("Ladder at {severity}")];
    let ladder = rungs(incident);
    if ladder.is_empty() {
        lines.push("  nobody is to be called".to_owned());
    }
    lines.extend(ladder.iter().flat_map(|rung| rung_lines(desk, rung, now)));
    lines.push(format!("Told at {severity}"));
    let receipts = receipts(incident);
    if receipts.is_empty() {
        lines.push("  nobody needs to be".to_owned());
    }
    lines.extend(receipts.iter().map(|receipt| told_line(desk, receipt, now)));
    if !policy.contacts.is_empty() {
        lines.push("Contacts".to_owned());
        lines.extend(policy.contacts.iter().map(contact_line));
    }
    if !policy.escalate_when.is_empty() {
        lines.push("Escalate, whatever the clocks say, when".to_owned());
        lines.extend(policy.escalate_when.iter().map(|when| format!("  - {when}")));
    }
    lines
}

fn told_line(desk: &Desk, receipt: &Receipt, now: Time) -> String {
    let how = if receipt.how.is_empty() { String::new() } else { format!(" ({})", receipt.how) };
    let state = match (&receipt.told, receipt.due) {
        (Some(told), _) => {
            format!("told by {} {}{}", told.by, print::hm(told.at, desk.zone), print::because(&told.note))
        }
        (None, Some(due)) => format!("not told, {}", print::left(due, now)),
        (None, None) => "not told".to_owned(),
    };
    format!("  {}  {state}", padded(&format!("{}{how}", receipt.who), 30))
}

fn contact_line(contact: &Contact) -> String {
    let level = if contact.level.is_empty() { "-" } else { &contact.level };
    let known = [&contact.name, &contact.phone, &contact.reach, &contact.available];
    let known: Vec<&str> = known.iter().map(|text| text.as_str()).filter(|text| !text.is_empty()).collect();
    let known = if known.is_empty() { "the policy does not say how".to_owned() } else { known.join(" · ") };
    format!("  {}  {}  {known}", padded(level, 2), padded(&contact.role, 26))
}

fn rung_shape(rung: &RungState, now: Time) -> Value {
    json!({
        "clock": rung.id,
        "who": rung.who,
        "after": rung.after.to_string(),
        "due": rung.due,
        "over": rung.reached.is_none() && rung.due <= now,
        "contact": rung.contact,
        "tried": rung.tried,
        "reached": rung.reached,
    })
}

fn rung_lines(desk: &Desk, rung: &RungState, now: Time) -> Vec<String> {
    let state = match &rung.reached {
        Some(reached) => format!("reached by {} {}", reached.by, print::hm(reached.at, desk.zone)),
        None => print::left(rung.due, now),
    };
    let after = padded(&rung.after.to_string(), 8);
    let mut lines = vec![format!("  {after}  {}  {state}", padded(&rung.who, 26))];
    let mut more = |text: String| lines.push(format!("            {text}"));
    for tried in &rung.tried {
        more(format!(
            "tried by {} {}{}",
            tried.by,
            print::hm(tried.at, desk.zone),
            print::because(&tried.note)
        ));
    }
    if let Some(reached) =
        rung.reached.as_ref().filter(|reached| !matches!(reached.note.as_str(), "" | "reached"))
    {
        more(reached.note.clone());
    }
    lines
}
