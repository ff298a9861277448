//! The fold: one entry after the other, total and deterministic.
//!
//! No entry can make it fail. One that no longer applies changes nothing, stays on the timeline
//! and is listed in [`Incident::idle`] with the reason.

use super::checklist::{Doing, Run};
use super::entry::{Entry, Origin};
use super::event::{
    AskEvent, Event, IncidentEvent, JournalEvent, NoteEvent, PersonEvent, PlaybookEvent, PolicyEvent,
    RoleEvent, SentUpdate, SeverityEvent, StatusEvent, StepEvent, UpdateEvent,
};
use super::ids::PersonId;
use super::pinned::Pinned;
use super::roles;
use super::scribe::NoteKind;
use super::state::{
    Approval, Assessed, Base, Correction, Declaration, Incident, Notice, Proposed, Retraction, SeverityTurn,
    StatusTurn, UpdateRecord,
};
use super::time::Time;

/// Why news that had arrived before change nothing.
pub const REPEATED: &str = "it had arrived before";

/// What stands for words that were erased.
const ERASED: &str = "(erased)";

/// Why an entry changed nothing.
type Idle = String;

impl Incident {
    /// Takes in the next entry of the log.
    pub fn apply(&mut self, entry: &Entry) {
        self.take_header(entry);
        if self.is_repeated(entry) {
            self.idle.insert(entry.id(), REPEATED.to_owned());
            return;
        }
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
            Event::Policy(event) => self.apply_policy(entry, event),
            Event::Clock(event) => self.clocks.apply(entry, event),
            Event::Ask(event) => {
                if let AskEvent::Asked { who, .. } = event {
                    self.seen.insert(who.clone());
                }
                self.asks.apply(entry, event)
            }
            Event::Decision(event) => self.polls.apply(entry, event),
            Event::Hypothesis(event) => self.hypotheses.apply(entry, event),
            Event::Impact(event) => self.ledger.apply(entry, event),
            Event::FollowUp(event) => self.follow_ups.apply(entry, event),
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
        if let Some(remote) = &entry.header.remote {
            self.remotes.entry(remote.clone()).or_insert(entry.id());
        }
        // A client acts in its own name, but is nobody.
        if entry.header.via != Origin::Client && !self.seen.contains(entry.by()) {
            self.seen.insert(entry.by().clone());
        }
    }

    /// Whether the same piece of news had arrived before, under another id.
    pub fn is_repeated(&self, entry: &Entry) -> bool {
        let first = entry.header.remote.as_ref().and_then(|remote| self.remotes.get(remote));
        first.is_some_and(|first| *first != entry.id())
    }

    fn apply_incident(&mut self, entry: &Entry, event: &IncidentEvent) -> Result<(), Idle> {
        match event {
            IncidentEvent::Declared(what) => {
                if self.declared.is_some() {
                    return Err("the incident had already been declared".into());
                }
                let (at, by) = (entry.at(), entry.by().clone());
                self.status = what.status;
                let reason = String::new();
                let (id, stamp) = (entry.id(), entry.stamp());
                self.statuses.push(StatusTurn { id, stamp, at, to: what.status, by: by.clone(), reason });
                self.ever_private |= what.private;
                self.declared = Some(Declaration { id: entry.id(), at, by, what: what.clone() });
            }
            IncidentEvent::Retitled { title } => {
                let former = std::mem::replace(&mut self.declaration()?.what.title, title.clone());
                self.former_titles.push((entry.id(), former));
            }
            IncidentEvent::Retyped { kind } => self.declaration()?.what.kind = Some(kind.clone()),
            IncidentEvent::Private { on, .. } => {
                self.declaration()?.what.private = *on;
                self.ever_private |= *on;
            }
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
            NoteEvent::Written { kind: NoteKind::Hypothesis, text } => {
                let (text, void) = self.as_it_stands(entry, text);
                self.hypotheses.open(entry, text, void);
            }
            NoteEvent::Written { kind: NoteKind::Todo, text } => {
                let (text, void) = self.as_it_stands(entry, text);
                self.follow_ups.propose(entry, text, void);
            }
            NoteEvent::Written { .. } => {}
            NoteEvent::Corrected { target, text, at, about } => {
                let former = self.notes.corrected.get(target);
                let times = former.map_or(0, |former| former.times) + 1;
                // A correction of the words alone keeps an earlier correction of the time.
                let (at, about) = match (at, former) {
                    (None, Some(former)) => (former.at, former.about),
                    _ => (*at, *about),
                };
                self.hypotheses.reword(*target, text);
                self.follow_ups.reword(*target, text);
                let correction = Correction { text: text.clone(), at, about, by, when, times };
                self.notes.corrected.insert(*target, correction);
            }
            NoteEvent::Retracted { target, reason } => {
                self.follow_ups.retract(*target, true);
                self.hypotheses.retract(*target, true);
                self.notes.retracted.insert(*target, Retraction { by, when, reason: reason.clone() });
            }
            NoteEvent::Restored { target } => {
                self.notes.retracted.remove(target).ok_or("it was not retracted")?;
                self.follow_ups.retract(*target, false);
                self.hypotheses.retract(*target, false);
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

    /// The words of a note as they stand, and whether it is void: another host's correction or retraction may come first.
    fn as_it_stands(&self, entry: &Entry, text: &str) -> (String, bool) {
        let id = entry.id();
        let text = self.notes.corrected.get(&id).map_or(text, |correction| correction.text.as_str());
        (text.to_owned(), self.notes.retracted.contains_key(&id) || self.notes.erased.contains_key(&id))
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
        let turn = StatusTurn {
            id: entry.id(),
            stamp: entry.stamp(),
            at: entry.at(),
            to: *to,
            by: entry.by().clone(),
            reason: reason.clone(),
        };
        self.statuses.push(turn);
        Ok(())
    }

    fn apply_severity(&mut self, entry: &Entry, event: &SeverityEvent) -> Result<(), Idle> {
        let (from, to, reason, restores) = match event {
            SeverityEvent::Set { from, to, reason, restores } => (from, to, reason, *restores),
            SeverityEvent::Cleared { from, reason } => {
                if self.severity.as_ref() != Some(from) {
                    return Err("it had changed before".into());
                }
                self.severity = None;
                let turn = SeverityTurn {
                    id: entry.id(),
                    base: Base::of(entry),
                    at: entry.at(),
                    to: String::new(),
                    by: entry.by().clone(),
                    reason: reason.clone(),
                };
                self.severities.push(turn);
                return Ok(());
            }
            SeverityEvent::Assessed { answers, proposes } => {
                let (answers, proposes) = (answers.clone(), proposes.clone());
                let (id, at, by) = (entry.id(), entry.at(), entry.by().clone());
                self.assessments.push(Assessed { id, at, by, answers, proposes });
                return Ok(());
            }
        };
        if self.severity.as_ref() == Some(to) {
            return Err(format!("it was already {to}"));
        }
        if self.severity != *from {
            let was = self.severity.as_deref().unwrap_or("none");
            self.notice(entry, format!("two set the severity at once: {to} now, {was} before"));
        }
        self.severity = Some(to.clone());
        let restored = restores.and_then(|id| self.severities.iter().find(|turn| turn.id == id));
        let base = restored.filter(|turn| turn.to == *to).map_or(Base::of(entry), |turn| turn.base);
        let turn = SeverityTurn {
            id: entry.id(),
            base,
            at: entry.at(),
            to: to.clone(),
            by: entry.by().clone(),
            reason: reason.clone(),
        };
        self.severities.push(turn);
        Ok(())
    }

    fn apply_role(&mut self, entry: &Entry, event: &RoleEvent) -> Result<(), Idle> {
        match event {
            RoleEvent::Defined { role, duty } => self.roles.define(role, duty.clone()),
            RoleEvent::Assigned { role, who, from, offer, .. } => {
                self.roles.accepted(*offer, role, who);
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
            RoleEvent::Offered { role, from, to, brief } => {
                self.seen.insert(to.clone());
                let offer = roles::Offer {
                    id: entry.id(),
                    role: role.clone(),
                    from: from.clone(),
                    to: to.clone(),
                    brief: brief.clone(),
                    at: entry.at(),
                };
                self.roles.offer(offer);
            }
            RoleEvent::Declined { offer, .. } => {
                if !self.roles.decline(*offer) {
                    return Err("the offer stood no longer".into());
                }
            }
            RoleEvent::Called { teams } => self.roles.call(teams, entry.by(), entry.at()),
            RoleEvent::Present { team, who } => {
                self.seen.insert(who.clone());
                self.roles.present(team, who, entry.at());
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
                self.set_due(entry, &sent.audience, sent.next);
                self.approved(entry, sent);
                let record = UpdateRecord {
                    id: entry.id(),
                    at: entry.at(),
                    by: entry.by().clone(),
                    sent: sent.clone(),
                };
                self.updates.push(record);
            }
            UpdateEvent::Due { audience, next } => self.set_due(entry, audience, *next),
            UpdateEvent::Proposed(update) => {
                let (id, at, by) = (entry.id(), entry.at(), entry.by().clone());
                self.proposed.push(Proposed { id, at, by, update: update.clone(), answer: None });
            }
            UpdateEvent::Rejected { proposal, reason } => {
                let approval = Approval {
                    approved: false,
                    by: entry.by().clone(),
                    at: entry.at(),
                    reason: reason.clone(),
                };
                let open = self.proposed.iter_mut().find(|other| other.id == *proposal);
                let open = open.filter(|other| other.answer.is_none());
                open.ok_or("the proposal stood no longer")?.answer = Some(approval);
            }
        }
        Ok(())
    }

    fn approved(&mut self, entry: &Entry, sent: &SentUpdate) {
        let Some(proposal) = sent.proposal else { return };
        let by = sent.approved_by.clone().unwrap_or_else(|| entry.by().clone());
        if let Some(open) = self.proposed.iter_mut().find(|other| other.id == proposal) {
            open.answer = Some(Approval { approved: true, by, at: entry.at(), reason: String::new() });
        }
    }

    fn apply_policy(&mut self, entry: &Entry, event: &PolicyEvent) -> Result<(), Idle> {
        let PolicyEvent::Pinned { parts } = event;
        self.policies.push(Pinned::new(Base::of(entry), parts.clone()));
        Ok(())
    }

    fn set_due(&mut self, entry: &Entry, audience: &str, next: Option<Time>) {
        self.due_said.insert(audience.to_owned(), entry.stamp());
        match next {
            Some(next) => self.due.insert(audience.to_owned(), next),
            None => self.due.remove(audience),
        };
    }

    fn apply_journal(&mut self, event: &JournalEvent) -> Result<(), Idle> {
        let JournalEvent::Erased { target, reason } = event;
        self.notes.erased.insert(*target, reason.clone());
        // What was erased is nowhere kept, nor in what was made of it.
        self.hypotheses.reword(*target, ERASED);
        self.hypotheses.retract(*target, true);
        self.follow_ups.reword(*target, ERASED);
        self.follow_ups.retract(*target, true);
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
