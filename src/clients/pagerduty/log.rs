//! What happened at the incident: its log since the last look, with the notes in full.
//!
//! The cursor is the time of the newest entry. Each look goes back a little behind it, for entries may appear late and times are
//! those of PagerDuty; who hears an entry twice knows it by its id. Entries come newest first, and are handed on oldest first.

use super::deeds::needs_token;
use super::kinds::author;
use super::rest::Rest;
use super::wire::{LogEntry, Note, Notes};
use super::{PagerDuty, key, open, tag};
use crate::clients::Trouble;
use crate::incident::clean::{clean_line, clean_text};
use crate::incident::event::Slot;
use crate::incident::{Span, Time};
use crate::outbox::news::{Author, Batch, News, Pull, What};

/// How far each look goes back behind the last one.
const OVERLAP: Span = Span::from_mins(2);
/// A note and its line in the log are written in one go.
const TOGETHER: Span = Span::from_secs(5);

impl PagerDuty {
    pub(super) async fn hear(&self, pull: &Pull) -> Result<Batch, Trouble> {
        let Some(place) = pull.place(Slot::Page) else { return Ok(Batch::default()) };
        let Some(rest) = &self.rest else { return self.deaf(place) };
        let incident = match key::event_key(place) {
            None => key::checked(place)?.to_owned(),
            Some(dedup_key) => match open::of_event(rest, dedup_key).await? {
                Some(incident) => incident,
                // It may take PagerDuty a moment to make an incident of the event.
                None => return Ok(Batch::default()),
            },
        };
        let since = pull.cursor.as_deref().and_then(Time::parse).unwrap_or(pull.since) - OVERLAP;
        hear(rest, &incident, since, pull).await
    }

    /// Without a token nothing can be heard: of what the routing key has opened that is known, of anything else it is an error.
    fn deaf(&self, place: &str) -> Result<Batch, Trouble> {
        if key::event_key(place).is_some() { Ok(Batch::default()) } else { Err(needs_token()) }
    }
}

async fn hear(rest: &Rest, incident: &str, since: Time, pull: &Pull) -> Result<Batch, Trouble> {
    let gone = |trouble| open::no_such(trouble, incident);
    let (path, from) = (format!("incidents/{incident}/log_entries"), since.to_string());
    let query = [("is_overview", "false"), ("include[]", "channels"), ("since", from.as_str())];
    let log = rest.list::<LogEntry>(&path, &query, "log_entries").await.map_err(gone)?;
    let notes: Notes = rest.get(&format!("incidents/{incident}/notes"), &[]).await.map_err(gone)?;
    let mut notes = Loose::new(notes.notes);
    let mut news: Vec<News> =
        log.items.iter().map(|entry| heard(incident, entry, &mut notes, pull.now)).collect();
    // A time that lies ahead would hide whatever comes until then.
    let newest = log.items.iter().filter_map(LogEntry::at).max().map(|at| at.min(pull.now));
    news.extend(notes.unlogged(since, pull.now));
    news.extend(log.cut.then(|| cut_off(incident, since)));
    news.sort_by(|a, b| (a.at, &a.remote).cmp(&(b.at, &b.remote)));
    let known = pull.cursor.as_deref().and_then(Time::parse);
    Ok(Batch { news, cursor: newest.max(known).map(|at| at.to_string()), more: false })
}

fn heard(incident: &str, entry: &LogEntry, notes: &mut Loose, now: Time) -> News {
    let at = entry.at().unwrap_or(now);
    let note = if entry.is_note() { notes.take(at, entry.note_text()) } else { None };
    let what = match &note {
        Some(note) => said(note),
        None => entry.what(),
    };
    let mark = note.as_ref().and_then(|note| tag::found_in(&note.content)).or_else(|| ours(entry));
    News {
        remote: name_of(incident, entry),
        at,
        author: entry.author(),
        link: key::link(entry.head.html_url.as_deref()),
        what,
        echo_of: mark,
    }
}

/// The entry's id; one without gets a name that is the same at each look.
fn name_of(incident: &str, entry: &LogEntry) -> String {
    let id = clean_line(&entry.head.id).into_owned();
    if !id.is_empty() {
        return id;
    }
    clean_line(&format!("{incident}/{}/{}", entry.head.created_at, entry.kind())).into_owned()
}

/// The act of ours that made an entry: by its mark, or by the key of the incident that it opened.
fn ours(entry: &LogEntry) -> Option<String> {
    let opened = || {
        let key = Some(entry.text("/channel/incident_key")).filter(|_| entry.kind() == "trigger")?;
        ulid::Ulid::from_string(key).ok().map(|id| id.to_string())
    };
    tag::within(&entry.raw).or_else(opened)
}

fn said(note: &Note) -> What {
    What::Said { text: clean_text(tag::without(&note.content)).into_owned() }
}

/// More happened than PagerDuty lists: whoever reads the timeline must know.
fn cut_off(incident: &str, since: Time) -> News {
    News {
        remote: format!("{incident}/cut/{since}"),
        at: since,
        author: Author { name: "PagerDuty".to_owned(), bot: true, ..Author::default() },
        link: None,
        what: What::Fact {
            text: "the log is longer than PagerDuty lists: its oldest lines are missing here".to_owned(),
        },
        echo_of: None,
    }
}

/// Notes that no line of the log has claimed yet.
struct Loose(Vec<(Time, Note)>);

impl Loose {
    fn new(notes: Vec<Note>) -> Self {
        Self(notes.into_iter().filter_map(|note| Some((Time::parse(&note.created_at)?, note))).collect())
    }

    /// The note of a line in the log: written at the same time; of several the one with the same words.
    fn take(&mut self, at: Time, text: &str) -> Option<Note> {
        let near = |found: &(usize, &(Time, Note))| found.1.0.since(at).abs() <= TOGETHER;
        let same =
            |found: &(usize, &(Time, Note))| !text.is_empty() && found.1.1.content.starts_with(text.trim());
        let all = || self.0.iter().enumerate().filter(near);
        let index = all().find(same).or_else(|| all().next()).map(|(index, _)| index)?;
        Some(self.0.remove(index).1)
    }

    /// Notes that have no line in the log, though it would have come by now: some programs write such.
    fn unlogged(self, since: Time, now: Time) -> impl Iterator<Item = News> {
        let due = move |(at, _): &(Time, Note)| *at > since + TOGETHER && *at < now - TOGETHER;
        self.0.into_iter().filter(due).map(|(at, note)| News {
            remote: format!("note/{}", clean_line(&note.id)),
            at,
            author: author(&note.user),
            link: None,
            what: said(&note),
            echo_of: tag::found_in(&note.content),
        })
    }
}
