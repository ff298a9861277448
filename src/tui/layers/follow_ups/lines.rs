//! The lines of the follow-ups layer: what is open, what is proposed, what is done.

use chrono::NaiveDate;

use super::Thing;
use crate::incident::Incident;
use crate::incident::event::{FollowUp, Priority};
use crate::incident::follow_ups::{Item, Proposal, Source};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::{Sheet, clipped};
use crate::tui::widgets::width;

/// Where the words begin; the priority or the source stands before them.
pub const TEXT: u16 = 8;
/// Fewest columns for the words beside a due day.
const ROOMY: u16 = 24;

/// `things` in their order, under headings.
pub fn sheet(incident: &Incident, things: &[Thing], today: NaiveDate, columns: u16) -> Sheet {
    let mut sheet = Sheet::new(columns);
    let mut heading = "";
    for (index, thing) in things.iter().enumerate() {
        let under = thing.heading();
        if under != heading {
            let count = things.iter().filter(|other| other.heading() == under).count();
            sheet.item(None).gap().line(0, Meaning::Title, &format!("{under} ({count})"));
            heading = under;
        }
        sheet.item(index);
        match thing {
            Thing::Proposed(proposal) => proposed(&mut sheet, proposal),
            Thing::Open(id) | Thing::Done(id) => {
                if let Some(follow_up) = incident.follow_ups.get(*id) {
                    item(&mut sheet, follow_up, today);
                }
            }
        }
    }
    if things.is_empty() {
        sheet.say(0, Meaning::Text, "No follow-ups yet.");
        sheet.say(
            0,
            Meaning::Muted,
            "n opens one. TODO notes and the prevention steps of a playbook are proposed here.",
        );
    }
    sheet
}

fn item(sheet: &mut Sheet, item: &Item, today: NaiveDate) {
    let row = sheet.len();
    match &item.closed {
        Some(closed) => {
            sheet.say(TEXT, Meaning::Muted, &item.what.text).beside(row, 0, Meaning::Good, "done");
            let note = if closed.note.is_empty() { String::new() } else { format!(": {}", closed.note) };
            sheet.say(TEXT, Meaning::Muted, &format!("by {}{note}", closed.by));
        }
        None => {
            head(sheet, &item.what, today, usize::MAX);
            sheet.say(TEXT, Meaning::Muted, &facts(&item.what));
        }
    }
}

/// Priority, words and due day; the day has a line of its own where there is little room.
pub fn head(sheet: &mut Sheet, what: &FollowUp, today: NaiveDate, most: usize) {
    let (text, meaning) = due(what.due, today);
    let beside = sheet.width().saturating_sub(TEXT + width(&text) + 2);
    let roomy = beside >= ROOMY;
    let columns = if roomy { beside } else { sheet.width().saturating_sub(TEXT) };
    let row = sheet.len();
    sheet.say_at_most(TEXT, Meaning::Text, &what.text, columns, most);
    sheet.beside(row, 0, importance(what.priority), what.priority.name());
    match roomy {
        true => sheet.right(row, meaning, &text),
        false => sheet.say(TEXT, meaning, &text),
    };
}

fn proposed(sheet: &mut Sheet, proposal: &Proposal) {
    let (mark, of) = match proposal.source {
        Source::Todo(_) => ("TODO", format!("noted by {}", proposal.of)),
        Source::Step { .. } => ("step", format!("prevention, {}", proposal.of)),
    };
    let row = sheet.len();
    sheet.say(TEXT, Meaning::Text, &proposal.text).beside(row, 0, Meaning::Todo, mark);
    sheet.right(row, Meaning::Muted, &clipped(&of, 30));
}

/// `dana, preventive, DATA-12`
pub fn facts(what: &FollowUp) -> String {
    let owner = what.owner.as_ref().map_or("NOBODY", |owner| owner.as_str());
    let place = if what.place.is_empty() { "not tracked" } else { &what.place };
    format!("{owner}, {}, {place}", what.kind.name())
}

/// When it is due, in words; a day that is over is said in capitals.
fn due(due: Option<NaiveDate>, today: NaiveDate) -> (String, Meaning) {
    match due {
        None => ("no day".to_owned(), Meaning::Warning),
        Some(due) if due < today => (format!("OVERDUE since {due}"), Meaning::Alert),
        Some(due) if due == today => ("due today".to_owned(), Meaning::Warning),
        Some(due) => (format!("due {due}"), Meaning::Info),
    }
}

fn importance(priority: Priority) -> Meaning {
    match priority {
        Priority::High => Meaning::Warning,
        Priority::Medium => Meaning::Text,
        Priority::Low => Meaning::Muted,
    }
}
