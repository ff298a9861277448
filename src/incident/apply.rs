//! The fold: one entry after the other, total and deterministic.
//!
//! No entry can make it fail. One that no longer applies changes nothing, stays on the timeline
//! and is listed in [`Incident::idle`] with the reason.

use super::checklist::{Doing, Run};
use super::entry::{Entry, Origin};
use super::event::{
    Event, IncidentEvent, JournalEvent, NoteEvent, PersonEvent, PlaybookEvent, RoleEvent, SeverityEvent,
    StatusEvent, StepEvent, UpdateEvent,
};
use super::ids::PersonId;
use super::roles;
use super::state::{
    Correction, Declaration, Incident, Notice, Retraction, SeverityTurn, StatusTurn, UpdateRecord,
};
use super::time::Time;

/// Why an entry changed nothing.
type Idle = String;

impl Incident {
    /// Takes in the next entry of the log.
    pub fn apply(&mut self, entry: &Entry) {
        self.take_header(entry);
        let outcome = match &entry.event {
            Event::Incident(event) => self.apply_incident(entry, event),
            Event::Note(event) => self.apply_note(entry, event),
            Event::Status(event) => self.apply_status(entry, event),
            Event::Severity(event) => self.apply_severity(entry, event),
            Event::Role(event) => self.apply_role(entry, event),
            Event::Person(event) => self.apply_person(event),
            Event::Playbook(event) => self.apply_playbook(entry, event),
            Event::Step(event) => self.apply_step(entry, event),
            Event::Update(event) => self.apply_update(entry, event),
            Event::Journal(event) => self.apply_journal(event),
            Event::Delivery(_) | Event::Unknown(_) | Event::Erased => Ok(()),
        };
        if let Err(why) = outcome {
            self.idle.insert(entry.id(), why);
        }
    }

    fn take_header(&mut self, entry: &Entry) {
        self.count += 1;
        let newest = self.hosts.entry(entry.header.host).or_default();
        *newest = (*newest).max(entry.header.seq);
        self.last = self.last.max(entry.stamp());
        self.newest_known = self.newest_known.max(Some(entry.known_at()));
        let at = entry.at();
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
        // A client acts in its own name, but is nobody.
        if entry.header.via != Origin::Client && !self.seen.contains(entry.by()) {
            self.seen.insert(entry.by().clone());
        }
    }

    fn apply_incident(&mut self, entry: &Entry, event: &IncidentEvent) -> Result<(), Idle> {
        match event {
            IncidentEvent::Declared(what) => {
                if self.declared.is_some() {
                    return Err("the incident had already been declared".into());
                }
                let (at, by) = (entry.at(), entry.by().clone());
                self.status = what.status;
                self.statuses.push(StatusTurn { at, to: what.status, by: by.clone(), reason: String::new() });
                self.declared = Some(Declaration { id: entry.id(), at, by, what: what.clone() });
            }
            IncidentEvent::Retitled { title } => self.declaration()?.what.title = title.clone(),
            IncidentEvent::Retyped { kind } => self.declaration()?.what.kind = Some(kind.clone()),
            IncidentEvent::Linked { what, url } => {
                self.links.insert(what.clone(), url.clone());
            }
            IncidentEvent::Unlinked { what } => {
                self.links.remove(what).ok_or_else(|| format!("there was no link {what:?}"))?;
            }
        }
        Ok(())
    }

    fn declaration(&mut self) -> Result<&mut Declaration, Idle> {
        self.declared.as_mut().ok_or_else(|| "the incident had not been declared".into())
    }

    fn apply_note(&mut self, entry: &Entry, event: &NoteEvent) -> Result<(), Idle> {
        let (by, when) = (entry.by().clone(), entry.at());
        match event {
            NoteEvent::Written { .. } => {}
            NoteEvent::Corrected { target, text, at, about } => {
                let former = self.notes.corrected.get(target);
                let times = former.map_or(0, |former| former.times) + 1;
                // A correction of the words alone keeps an earlier correction of the time.
                let (at, about) = match (at, former) {
                    (None, Some(former)) => (former.at, former.about),
                    _ => (*at, *about),
                };
                let correction = Correction { text: text.clone(), at, about, by, when, times };
                self.notes.corrected.insert(*target, correction);
            }
            NoteEvent::Retracted { target, reason } => {
                self.notes.retracted.insert(*target, Retraction { by, when, reason: reason.clone() });
            }
            NoteEvent::Restored { target } => {
                self.notes.retracted.remove(target).ok_or("it was not retracted")?;
            }
            NoteEvent::Marked { target, on: true } => {
                self.notes.marked.insert(*target);
            }
            NoteEvent::Marked { target, on: false } => {
                self.notes.marked.remove(target);
            }
        }
        Ok(())
    }

    fn apply_status(&mut self, entry: &Entry, event: &StatusEvent) -> Result<(), Idle> {
        let StatusEvent::Moved { from, to, reason } = event;
        if self.status == *to {
            return Err(format!("it was already {to}"));
        }
        if self.status != *from {
            self.notice(entry, format!("two moved the status at once: {} now, {} before", to, self.status));
        }
        self.status = *to;
        let turn = StatusTurn { at: entry.at(), to: *to, by: entry.by().clone(), reason: reason.clone() };
        self.statuses.push(turn);
        Ok(())
    }

    fn apply_severity(&mut self, entry: &Entry, event: &SeverityEvent) -> Result<(), Idle> {
        let SeverityEvent::Set { from, to, reason } = event;
        if self.severity.as_ref() == Some(to) {
            return Err(format!("it was already {to}"));
        }
        if self.severity != *from {
            let was = self.severity.as_deref().unwrap_or("none");
            self.notice(entry, format!("two set the severity at once: {to} now, {was} before"));
        }
        self.severity = Some(to.clone());
        let turn =
            SeverityTurn { at: entry.at(), to: to.clone(), by: entry.by().clone(), reason: reason.clone() };
        self.severities.push(turn);
        Ok(())
    }

    fn apply_role(&mut self, entry: &Entry, event: &RoleEvent) -> Result<(), Idle> {
        match event {
            RoleEvent::Defined { role, duty } => self.roles.define(role, duty.clone()),
            RoleEvent::Assigned { role, who, from, .. } => {
                self.note_race(entry, role, who, from.as_ref());
                self.seen.insert(who.clone());
                self.roles.assign(role, who, entry.at());
                // Several may hold it, but whoever hands it over no longer does.
                if let Some(from) = from.as_ref().filter(|from| *from != who) {
                    self.roles.release(role, from, entry.at());
                }
            }
            RoleEvent::Released { role, who, .. } => {
                if !self.roles.release(role, who, entry.at()) {
                    return Err(format!("{who} did not hold {role}"));
                }
            }
        }
        Ok(())
    }

    /// Two people assigned a role at once: the later entry wins, and the room says so.
    fn note_race(&mut self, entry: &Entry, role: &str, who: &PersonId, expected: Option<&PersonId>) {
        if roles::duty(role).is_none_or(|duty| duty.many) {
            return;
        }
        let holder = self.roles.holder(role).cloned();
        if let Some(holder) = holder.filter(|holder| Some(holder) != expected && holder != who) {
            self.notice(entry, format!("two took {role} at once: {who} now, {holder} before"));
        }
    }

    fn apply_person(&mut self, event: &PersonEvent) -> Result<(), Idle> {
        let PersonEvent::Named(person) = event;
        self.seen.insert(person.id.clone());
        self.people.insert(person.id.clone(), person.clone());
        Ok(())
    }

    fn apply_playbook(&mut self, entry: &Entry, event: &PlaybookEvent) -> Result<(), Idle> {
        match event {
            PlaybookEvent::Attached { name, digest, text } => {
                let book = crate::playbook::parse(text).0;
                let by = entry.by().clone();
                self.runs.push(Run::attach(entry.id(), name, digest, text, entry.at(), by, book));
            }
            PlaybookEvent::Detached { run, .. } => {
                let run = self.runs.iter_mut().find(|other| other.id == *run && other.detached.is_none());
                run.ok_or("that playbook was not attached")?.detached = Some(entry.at());
            }
        }
        Ok(())
    }

    fn apply_step(&mut self, entry: &Entry, event: &StepEvent) -> Result<(), Idle> {
        let run = self.runs.iter_mut().find(|run| run.id == event.run);
        let run = run.ok_or("its playbook is not attached here")?;
        let added = matches!(event.act, super::event::StepAct::Added { .. });
        if !added && !run.has_step(&event.step) {
            return Err(format!("the playbook has no step {:?}", event.step));
        }
        if added && run.has_step(&event.step) {
            return Err(format!("the playbook already had a step {:?}", event.step));
        }
        let doing = Doing { entry: entry.id(), by: entry.by().clone(), at: entry.at() };
        run.act(&event.step, &event.act, &doing);
        Ok(())
    }

    fn apply_update(&mut self, entry: &Entry, event: &UpdateEvent) -> Result<(), Idle> {
        match event {
            UpdateEvent::Sent(sent) => {
                self.set_due(&sent.audience, sent.next);
                let record = UpdateRecord {
                    id: entry.id(),
                    at: entry.at(),
                    by: entry.by().clone(),
                    sent: sent.clone(),
                };
                self.updates.push(record);
            }
            UpdateEvent::Due { audience, next } => self.set_due(audience, *next),
        }
        Ok(())
    }

    fn set_due(&mut self, audience: &str, next: Option<Time>) {
        match next {
            Some(next) => self.due.insert(audience.to_owned(), next),
            None => self.due.remove(audience),
        };
    }

    fn apply_journal(&mut self, event: &JournalEvent) -> Result<(), Idle> {
        let JournalEvent::Erased { target, reason } = event;
        self.notes.erased.insert(*target, reason.clone());
        Ok(())
    }

    fn notice(&mut self, entry: &Entry, text: String) {
        self.notices.push(Notice { about: entry.id(), at: entry.at(), text });
    }

    /// The corrected time of an entry, when its time was corrected.
    pub fn corrected_time(&self, id: super::ids::EntryId) -> Option<Time> {
        self.notes.corrected.get(&id).and_then(|correction| correction.at)
    }

    /// When an entry happened, as it is known now: as corrected, else as written.
    pub fn happened(&self, entry: &Entry) -> Time {
        self.corrected_time(entry.id()).unwrap_or_else(|| entry.at())
    }
}
