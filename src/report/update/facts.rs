//! Which entries of the log speak in an update, and under which heading.
//!
//! What was retracted, erased or changed nothing is left out; corrected words are used as corrected. "Since the last
//! update" goes by when something became known, so a fact that was entered late is still news.

use std::sync::Arc;

use super::{clock, place, promise};
use crate::incident::checklist::Progress;
use crate::incident::clean::clip;
use crate::incident::describe::{headline, sentence};
use crate::incident::entry::Stamp;
use crate::incident::event::{StepAct, StepEvent};
use crate::incident::words::{Phase, Word};
use crate::incident::{Class, Entry, Event, Incident, Time, Zone};

/// Most lines under one heading; the newest are kept.
const MOST_LINES: usize = 8;
/// Longest line, in bytes; an update is no place for a stack trace.
const LONGEST_LINE: usize = 280;
/// What a note begins with to speak of the impact, and of the root cause.
const IMPACT: &str = "impact";
const CAUSE: &str = "root cause";
/// Those who may be told where the room meets.
const INSIDERS: &str = "internal";

#[derive(Copy, Clone, PartialEq, Eq)]
enum Heading {
    Know,
    Impact,
    Cause,
    Done,
    Todo,
}

struct Fact {
    heading: Heading,
    text: String,
    /// When it happened.
    at: Time,
    /// When it became known, or was last corrected.
    known: (Time, Stamp),
}

pub(super) struct Facts<'a> {
    incident: &'a Incident,
    audience: &'a str,
    word: Word,
    now: Time,
    zone: Zone,
    next: Option<Time>,
    facts: Vec<Fact>,
    /// When the audience was last told.
    told: Option<(Time, Stamp)>,
}

impl<'a> Facts<'a> {
    pub(super) fn gather(
        incident: &'a Incident,
        entries: impl Iterator<Item = Arc<Entry>>,
        audience: &'a str,
        word: Word,
        now: Time,
        zone: Zone,
        next: Option<Time>,
    ) -> Self {
        let last = incident.last_update(audience);
        let mut told = last.map(|record| (record.at, Stamp::default()));
        let mut facts = Vec::new();
        for entry in entries {
            if last.is_some_and(|record| record.id == entry.id()) {
                told = Some((entry.known_at(), entry.stamp()));
            }
            facts.extend(fact(incident, &entry));
        }
        Self { incident, audience, word, now, zone, next, facts, told }
    }

    /// The value of a template's field; `None`: there is no such field.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        Some(match name {
            "severity" => self.incident.severity.clone().unwrap_or_else(|| place("severity")),
            "title" => self.title(),
            "time" => format!(
                "{} {} {}",
                self.zone.date(self.now),
                self.zone.hm(self.now),
                self.zone.label(self.now)
            ),
            "word" => self.word.name().to_owned(),
            "started" => self.since_declared(),
            "know" => self.know(),
            "impact" => self.impact(),
            "impact_known" => bullets(self.all(Heading::Impact)),
            "actions" => or_place(bullets(self.news(&[Heading::Done])), "actions taken"),
            "steps" => or_place(self.steps(), "next steps"),
            "next" => promise(self.next, self.now, self.zone),
            "next_if_any" => self.next.map(|_| promise(self.next, self.now, self.zone)).unwrap_or_default(),
            "commander" => self.commander(),
            "room" => self.room(),
            "summary" => self.summary(),
            "duration" => self.duration(),
            "users" => place("how many users, or what part of them"),
            "data" => place("none, delayed or lost, and which"),
            "cause" => or_place(self.cause(), "root cause"),
            "resolution" => or_place(self.resolution(), "how it was fixed"),
            "review" => place("when"),
            "follow_ups" => or_place(bullets(self.all(Heading::Todo)), "what will prevent it"),
            _ => return None,
        })
    }

    /// A drill says so wherever it is read.
    fn title(&self) -> String {
        let drill = if self.incident.is_drill() { "DRILL: " } else { "" };
        format!("{drill}{}", self.incident.title())
    }

    fn since_declared(&self) -> String {
        let start = self.incident.declared_at();
        start.map_or_else(|| place("start"), |start| clock(start, self.now, self.zone))
    }

    fn commander(&self) -> String {
        let who = self.incident.commander();
        who.map_or_else(|| place("commander"), |who| self.incident.name_of(who).to_owned())
    }

    fn room(&self) -> String {
        let places = ["bridge", "channel"].iter().filter_map(|what| self.incident.links.get(*what));
        let places: Vec<&str> = places.map(String::as_str).filter(|_| self.audience == INSIDERS).collect();
        places.join("  ")
    }

    /// What became known since the audience was last told; when that is nothing, what is known at all.
    fn know(&self) -> String {
        let known = [Heading::Know, Heading::Cause];
        let mut lines = self.news(&known);
        if lines.is_empty() {
            lines = self.lines(|fact| known.contains(&fact.heading));
        }
        or_place(bullets(lines), "what we know")
    }

    /// The impact is told anew each time: a reader must not have to look for the update before.
    fn impact(&self) -> String {
        let known = bullets(self.all(Heading::Impact));
        let ask = || format!("- {}\n- {}", place("impact"), place("affected data"));
        if known.is_empty() { ask() } else { known }
    }

    /// Steps under way, then what was noted to be done.
    fn steps(&self) -> String {
        let lines = self.incident.attached_runs().flat_map(|run| run.lines());
        let started = lines.filter(|line| line.progress() == Progress::Started).map(|line| {
            let owner = line.state.and_then(|state| state.owner.as_ref());
            let who = owner.map(|who| format!(", {}", self.incident.name_of(who))).unwrap_or_default();
            format!("under way: {}{who}", one_line(line.text))
        });
        bullets(started.chain(self.all(Heading::Todo)).collect())
    }

    fn summary(&self) -> String {
        let start = self.since_declared();
        match self.incident.resolved_at() {
            Some(end) => format!("{}, from {start} to {}.", self.title(), clock(end, self.now, self.zone)),
            None => format!("{}, since {start}.", self.title()),
        }
    }

    fn duration(&self) -> String {
        let end = self.incident.resolved_at().unwrap_or(self.now);
        let start = self.incident.declared_at();
        start.map_or_else(|| place("duration"), |start| end.since(start).short())
    }

    /// What was done from the moment a fix was under way, else all that was done; and why it counts as resolved.
    fn resolution(&self) -> String {
        let fixing = self.incident.phase_starts().into_iter().find(|(phase, _)| *phase == Phase::Resolve);
        let mut lines = self
            .lines(|fact| fact.heading == Heading::Done && fixing.is_some_and(|(_, start)| fact.at >= start));
        if lines.is_empty() {
            lines = self.all(Heading::Done);
        }
        let turn = self.incident.statuses.last().filter(|turn| turn.to.is_over() && !turn.reason.is_empty());
        lines.extend(turn.map(|turn| one_line(&turn.reason)));
        bullets(lines)
    }

    fn cause(&self) -> String {
        let lines = self.all(Heading::Cause).into_iter();
        bullets(lines.map(|line| after_label(&line, CAUSE).map(str::to_owned).unwrap_or(line)).collect())
    }

    fn news(&self, headings: &[Heading]) -> Vec<String> {
        self.lines(|fact| headings.contains(&fact.heading) && self.told.is_none_or(|told| fact.known > told))
    }

    fn all(&self, heading: Heading) -> Vec<String> {
        self.lines(|fact| fact.heading == heading)
    }

    /// The newest of the facts that pass, in the order of the timeline, and how many more there are.
    fn lines(&self, passes: impl Fn(&Fact) -> bool) -> Vec<String> {
        let all: Vec<&str> =
            self.facts.iter().filter(|fact| passes(fact)).map(|fact| fact.text.as_str()).collect();
        let more = all.len().saturating_sub(MOST_LINES);
        let earlier = (more > 0).then(|| format!("({more} earlier, in the log)"));
        earlier.into_iter().chain(all[more..].iter().map(|text| (*text).to_owned())).collect()
    }
}

fn bullets(lines: Vec<String>) -> String {
    let lines: Vec<String> = lines.into_iter().map(|line| format!("- {line}")).collect();
    lines.join("\n")
}

fn or_place(lines: String, what: &str) -> String {
    if lines.is_empty() { format!("- {}", place(what)) } else { lines }
}

/// Whether entries of this class can have a say: the others need not be read.
pub fn can_speak(class: Class) -> bool {
    use Class as C;
    matches!(class, C::Note | C::Finding | C::Decision | C::Action | C::Todo | C::Step | C::Update)
}

fn fact(incident: &Incident, entry: &Entry) -> Option<Fact> {
    if is_void(incident, entry) {
        return None;
    }
    let (heading, text) = match &entry.event {
        Event::Note(_) => note(incident, entry)?,
        Event::Step(step) => (Heading::Done, done_step(incident, entry, step)?),
        _ => return None,
    };
    let at = incident.happened(entry);
    let corrected =
        incident.notes.corrected.get(&entry.id()).map(|correction| (correction.when, Stamp::default()));
    let known = (entry.known_at(), entry.stamp()).max(corrected.unwrap_or_default());
    Some(Fact { heading, text, at, known })
}

fn is_void(incident: &Incident, entry: &Entry) -> bool {
    let (notes, id) = (&incident.notes, entry.id());
    notes.retracted.contains_key(&id) || notes.erased.contains_key(&id) || incident.idle.contains_key(&id)
}

/// A plain note speaks only where it says impact or root cause, or somebody marked it as important.
fn note(incident: &Incident, entry: &Entry) -> Option<(Heading, String)> {
    let text = sentence(incident, entry);
    let fact = |heading| Some((heading, one_line(&text)));
    match entry.class() {
        Class::Action => fact(Heading::Done),
        Class::Decision => Some((Heading::Done, format!("decided: {}", one_line(&text)))),
        Class::Todo => fact(Heading::Todo),
        Class::Finding | Class::Note if after_label(&text, CAUSE).is_some() => fact(Heading::Cause),
        Class::Finding | Class::Note => match after_label(&text, IMPACT) {
            Some(rest) => Some((Heading::Impact, one_line(rest))),
            None if says_affected(&text) => fact(Heading::Impact),
            None if entry.class() == Class::Finding => fact(Heading::Know),
            None if incident.notes.marked.contains(&entry.id()) => fact(Heading::Know),
            None => None,
        },
        _ => None,
    }
}

/// What follows `label` where the text begins with it.
fn after_label<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(label.len())?;
    let whole = head.eq_ignore_ascii_case(label) && !rest.starts_with(char::is_alphanumeric);
    let rest = rest.trim_start_matches([':', ' ', '-', '=']);
    (whole && !rest.is_empty()).then_some(rest)
}

fn says_affected(text: &str) -> bool {
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "affected" | "impacted"))
    };
    words(&text.to_lowercase())
}

/// The text of a step by the tick that still holds.
fn done_step(incident: &Incident, entry: &Entry, event: &StepEvent) -> Option<String> {
    let run = incident.run(event.run).filter(|run| run.detached.is_none())?;
    let state = run.steps.get(&event.step)?;
    let holds =
        event.act == StepAct::Ticked && state.progress == Progress::Done && state.at == Some(entry.at());
    holds.then(|| run.step_text(&event.step).map(one_line)).flatten()
}

fn one_line(text: &str) -> String {
    let (kept, cut) = clip(headline(text), LONGEST_LINE);
    let more = cut || text.trim().lines().count() > 1;
    if more { format!("{} (more in the log)", kept.trim_end()) } else { kept.to_owned() }
}
