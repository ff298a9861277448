//! The list of whom to call, as lines.

use super::things::{Section, Thing};
use crate::incident::Time;
use crate::incident::deadline::{Receipt, RungState, deadline};
use crate::outbox::directory::OnCall;
use crate::policy::Contact;
use crate::tui::layers::step::text::moment;
use crate::tui::layers::timers::{heard, said, time_left};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::{Sheet, clipped};
use crate::tui::widgets::width;

/// Column of what belongs to a heading.
const INDENT: u16 = 2;

pub fn sheet(all: &[Thing], columns: u16, ctx: &Ctx, scene: &Scene) -> Sheet {
    let mut sheet = Sheet::new(columns);
    missing(&mut sheet, all, ctx, scene);
    let mut section = None;
    for (index, thing) in all.iter().enumerate() {
        if section.replace(thing.section()) != Some(thing.section()) {
            sheet.item(None).gap();
            if let Some(heading) = heading(thing.section(), scene) {
                sheet.say(0, Meaning::Muted, &heading);
            }
        }
        sheet.item(index);
        match thing {
            Thing::Rung(state) => rung(&mut sheet, state, ctx, scene),
            Thing::Receipt { receipt, contact } => {
                one_told(&mut sheet, receipt, contact.as_ref(), ctx, scene.now);
            }
            Thing::Contact { contact, .. } => person(&mut sheet, contact),
            Thing::OnCall { account, on_call, at } => one_on_call(&mut sheet, account, on_call, *at, scene),
            Thing::Trigger { text, .. } => drop(sheet.say(INDENT, Meaning::Text, text)),
            Thing::Failures(count) => {
                let text = format!("What fails how often, and what it does: {count} entries");
                sheet.say(0, Meaning::Text, &text);
            }
        }
    }
    sheet
}

fn heading(section: Section, scene: &Scene) -> Option<String> {
    let severity = scene.incident.severity.as_deref().unwrap_or("this severity");
    Some(match section {
        Section::Ladder => format!("Ladder of {severity}: who is called when"),
        Section::Told => format!("Who is told at {severity}"),
        Section::Contacts => "Contacts".to_owned(),
        Section::OnCall => "On call, as the paging service said last".to_owned(),
        Section::When => "When to escalate, whatever the clocks say (Enter: call the next one)".to_owned(),
        Section::Failures => return None,
    })
}

/// What one might look for and not find.
fn missing(sheet: &mut Sheet, all: &[Thing], ctx: &Ctx, scene: &Scene) {
    let incident = scene.incident;
    let has = |section| all.iter().any(|thing| thing.section() == section);
    if !has(Section::Ladder) {
        let why = match (&incident.severity, incident.status.is_over()) {
            (_, true) => "It is over: nobody is called any more.".to_owned(),
            (None, _) => "No severity is set: nobody is due to be called.".to_owned(),
            (Some(severity), _) => format!("The policy has no ladder for {severity}."),
        };
        sheet.say(0, Meaning::Muted, &why);
    }
    if !has(Section::Contacts) {
        let folder = ctx.paths.config.join("policies");
        let text =
            format!("The policy names no contacts: add [[contact]] to a file in {}.", folder.display());
        sheet.say(0, Meaning::Muted, &text);
    }
}

fn one_on_call(sheet: &mut Sheet, account: &str, on_call: &OnCall, at: Time, scene: &Scene) {
    let row = sheet.len();
    let who = &on_call.who;
    let level = if on_call.level > 0 { format!("rung {}: ", on_call.level) } else { String::new() };
    let known: Vec<&str> = [&who.name, &who.phone, &who.mail]
        .iter()
        .map(|text| text.as_str())
        .filter(|text| !text.is_empty())
        .collect();
    sheet.line(INDENT, Meaning::Text, &format!("{level}{}", known.join("  ")));
    let age = format!("{} {account}, {} ago", on_call.ladder, scene.now.since(at).short());
    sheet.right(row, Meaning::Muted, age.trim());
}

fn rung(sheet: &mut Sheet, rung: &RungState, ctx: &Ctx, scene: &Scene) {
    let now = scene.now;
    let clock = deadline(scene.incident, &rung.id, now).filter(|_| rung.reached.is_none());
    let reached = || ("reached".to_owned(), Meaning::Good);
    let (state, meaning) = clock.as_ref().map_or_else(reached, |clock| time_left(clock, ctx.look.zone, now));
    headed(sheet, &format!("{} after {}", rung.who, rung.after), &state, meaning);
    if let Some(contact) = &rung.contact {
        sheet.say(INDENT + 2, Meaning::Muted, &reach(contact));
    }
    for act in &rung.tried {
        sheet.say(INDENT + 2, Meaning::Warning, &said("tried", act, ctx, now));
    }
    for text in clock.iter().flat_map(|clock| heard(clock, ctx, now)) {
        sheet.say(INDENT + 2, Meaning::Text, &text);
    }
    if let Some(act) = &rung.reached {
        sheet.say(INDENT + 2, Meaning::Text, &said("reached", act, ctx, now));
    }
}

fn one_told(sheet: &mut Sheet, receipt: &Receipt, contact: Option<&Contact>, ctx: &Ctx, now: Time) {
    let over = receipt.due.is_some_and(|due| due <= now);
    let (state, meaning) = match (&receipt.told, receipt.due) {
        (Some(_), _) => ("told".to_owned(), Meaning::Good),
        (None, _) if over => ("NOT TOLD".to_owned(), Meaning::Alert),
        (None, Some(due)) => (format!("by {}", moment(ctx.look.zone, due, now)), Meaning::Info),
        (None, None) => ("not told yet".to_owned(), Meaning::Warning),
    };
    let how = if receipt.how.is_empty() { String::new() } else { format!(" ({})", receipt.how) };
    headed(sheet, &format!("{}{how}", receipt.who), &state, meaning);
    if let Some(act) = &receipt.told {
        sheet.say(INDENT + 2, Meaning::Text, &said("told", act, ctx, now));
    } else if let Some(contact) = contact {
        sheet.say(INDENT + 2, Meaning::Muted, &reach(contact));
    }
}

/// The level, the role, and the phone at the right end: what is looked for first.
fn person(sheet: &mut Sheet, contact: &Contact) {
    let level = if contact.level.is_empty() { "outside" } else { contact.level.as_str() };
    headed(sheet, &format!("{level:<8}{}", contact.role), &contact.phone, Meaning::Title);
    let about = joined([&contact.name, &contact.reach, &contact.available]);
    if !about.is_empty() {
        sheet.say(INDENT + 8, Meaning::Muted, &about);
    }
}

/// Name, phone and way, as far as they are known.
fn reach(contact: &Contact) -> String {
    let text = joined([&contact.name, &contact.phone, &contact.reach]);
    if text.is_empty() { "how to reach them is not in the policy".to_owned() } else { text }
}

fn joined<const N: usize>(parts: [&String; N]) -> String {
    let known: Vec<&str> = parts.iter().map(|part| part.as_str()).filter(|part| !part.is_empty()).collect();
    known.join(", ")
}

/// A line with its state at the right end; on a line of its own where it does not fit beside.
fn headed(sheet: &mut Sheet, text: &str, state: &str, meaning: Meaning) {
    let columns = sheet.width().saturating_sub(INDENT);
    let beside = columns.saturating_sub(width(state) + 1);
    let row = sheet.len();
    if width(text) <= beside {
        sheet.line(INDENT, Meaning::Text, text).right(row, meaning, state);
    } else {
        sheet.line(INDENT, Meaning::Text, &clipped(text, columns)).say(INDENT + 2, meaning, state);
    }
}
