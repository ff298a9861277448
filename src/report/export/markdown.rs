//! The Markdown export: plain CommonMark that reads well unrendered too.
//!
//! Every text from the log is escaped, so that no note can become a heading, a link or a tag of the document.

use std::borrow::Cow;
use std::fmt::Write;

use super::{after, sections};
use crate::incident::{Entry, Event, Incident, Time, Zone, describe};

/// The whole incident. `entries` come in the order of the timeline.
pub fn markdown<'a>(incident: &Incident, entries: impl IntoIterator<Item = &'a Entry>, zone: Zone) -> String {
    let mut out = format!("# {}\n", escaped(incident.title()));
    sections::facts(&mut out, incident, zone);
    sections::roles(&mut out, incident, zone);
    after::impact(&mut out, incident, zone);
    timeline(&mut out, incident, entries, zone);
    sections::checklists(&mut out, incident, zone);
    sections::updates(&mut out, incident, zone);
    after::follow_ups(&mut out, incident, zone);
    out
}

fn timeline<'a>(
    out: &mut String,
    incident: &Incident,
    entries: impl IntoIterator<Item = &'a Entry>,
    zone: Zone,
) {
    out.push_str("\n## Timeline\n");
    let mut day = String::new();
    for entry in entries.into_iter().filter(|entry| super::is_story(entry)) {
        let at = incident.happened(entry);
        let heading = format!("{} ({})", zone.day_heading(at), zone.label(at));
        if heading != day {
            let _ = write!(out, "\n### {heading}\n\n");
            day = heading;
        }
        let _ = writeln!(out, "- {}", row(incident, entry, at, zone));
    }
    if day.is_empty() {
        out.push_str("\nNothing was recorded.\n");
    }
}

fn row(incident: &Incident, entry: &Entry, at: Time, zone: Zone) -> String {
    let about = if super::shape::is_about(incident, entry) { "~" } else { "" };
    let mut row = format!("**{about}{}** {}", zone.hms(at), escaped(entry.by().as_str()));
    if incident.notes.marked.contains(&entry.id()) {
        row.push_str(" **(important)**");
    }
    let _ = write!(row, " *{}*: {}", entry.class().name(), words(incident, entry));
    if let Some(why) = incident.idle.get(&entry.id()) {
        let _ = write!(row, " *(changed nothing: {})*", escaped(why));
    }
    row
}

/// What an entry says, with what became of it.
fn words(incident: &Incident, entry: &Entry) -> String {
    let notes = &incident.notes;
    if let Some(retraction) = notes.retracted.get(&entry.id()) {
        let said = struck(&describe::sentence(incident, entry));
        let reason = because(&retraction.reason);
        return format!("{said} *(retracted by {}{reason})*", escaped(retraction.by.as_str()));
    }
    if let Some(correction) = notes.corrected.get(&entry.id()) {
        let original = struck(&describe::original(incident, entry));
        return format!(
            "{original} {} *(corrected by {})*",
            escaped(&correction.text),
            escaped(correction.by.as_str())
        );
    }
    if let Some(reason) = notes.erased.get(&entry.id()).filter(|_| entry.event == Event::Erased) {
        return format!("*(erased{})*", because(reason));
    }
    escaped(&describe::sentence(incident, entry))
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {}", escaped(reason)) }
}

fn struck(text: &str) -> String {
    format!("~~{}~~", escaped(text))
}

/// Text that stays text: marks are escaped, further lines are indented to stay in their list item.
pub(super) fn escaped(text: &str) -> String {
    let clean: Cow<str> = crate::incident::clean::clean_text(text);
    let lines: Vec<String> =
        clean.trim().lines().enumerate().map(|(index, line)| escaped_line(line, index > 0)).collect();
    lines.join("  \n  ")
}

fn escaped_line(line: &str, may_start_block: bool) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut before = None;
    for (at, c) in line.char_indices() {
        let next = line[at + c.len_utf8()..].chars().next();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let marks = match c {
            '\\' | '`' | '*' | '<' | '[' | ']' | '|' => true,
            // Inside a name such as orders_daily it marks nothing.
            '_' => !(word(before) && word(next)),
            '~' => next == Some('~') || before == Some('~'),
            '&' => word(next) || next == Some('#'),
            '#' | '>' | '+' | '-' | '=' => may_start_block && out.trim().is_empty(),
            '.' | ')' => {
                may_start_block && !out.trim().is_empty() && out.trim().bytes().all(|b| b.is_ascii_digit())
            }
            _ => false,
        };
        if marks {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// A fenced block whose fence is longer than any in the text.
pub(super) fn fenced(text: &str) -> String {
    let clean = crate::incident::clean::clean_text(text);
    let longest = clean.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", clean.trim_end())
}
