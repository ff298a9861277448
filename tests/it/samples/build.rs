//! A script and nothing else -> the entries of its journal, the same each time: no clock, no dice.
//!
//! Every event comes out of `decide`, so a script can say nothing that a person could not have done in the room.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use warroom::incident::command::Command;
use warroom::incident::decide::{Context, decide};
use warroom::incident::event::Person;
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Status;
use warroom::incident::{
    Draft, Entry, EntryId, Event, HostId, Incident, IncidentId, Origin, PersonId, Stamp, When,
};
use warroom::journal::{file_name, write_segment};
use warroom::policy::Policy;

use super::script::{EDITOR, Moment, REPORT, Script};

const PREFACE: &str =
    "Retold from the published report. ~ marks rough or inferred times; what editor says is our reading";

/// The name of the only journal file and its bytes.
pub struct Built {
    pub file: String,
    pub bytes: Vec<u8>,
}

pub fn build(slug: &str, script: &Script, policy: &Policy) -> Built {
    let mut builder = Builder::new(slug, script, policy);
    builder.open();
    script.moments.iter().for_each(|moment| builder.tell(moment));
    builder.close();
    let first = builder.entries[0].header.rec;
    let incident: IncidentId = ulid(first.ms(), hash(&[slug, "incident"]));
    let salt = |entry: &Entry| low_bits(hash(&[slug, "salt", &entry.header.seq.to_string()])).to_be_bytes();
    let bytes = write_segment(incident, builder.host, &builder.entries, salt);
    Built { file: file_name(builder.host, 1), bytes }
}

struct Builder<'a> {
    slug: &'a str,
    script: &'a Script,
    policy: &'a Policy,
    host: HostId,
    incident: Incident,
    entries: Vec<Entry>,
    last: Stamp,
    named: BTreeSet<&'a str>,
}

impl<'a> Builder<'a> {
    fn new(slug: &'a str, script: &'a Script, policy: &'a Policy) -> Self {
        let host = HostId::new(low_bits(hash(&[slug, "host"])) as u64);
        let (incident, entries, last, named) = Default::default();
        Self { slug, script, policy, host, incident, entries, last, named }
    }

    /// The title stands from the first second. That somebody declared it then is true only where the script says who.
    fn open(&mut self) {
        let first = self.script.moments[0].when();
        let by = self.script.declared.by.as_deref();
        let when = When { about: first.about || by.is_none(), ..first };
        let source = Command::Link { what: "source".into(), url: self.script.source.clone() };
        self.say(when, by.unwrap_or(EDITOR), self.script.declare());
        self.say(first, EDITOR, source);
        self.note(first, EDITOR, NoteKind::Note, PREFACE.into());
    }

    fn tell(&mut self, moment: &'a Moment) {
        let (when, marked) = (moment.when(), moment.marked());
        for (place, facet) in moment.facets().iter().enumerate() {
            let by = self.handle(facet.by(&moment.by));
            let said = self.say(when, by, facet.command(&self.incident));
            if marked == Some(place) {
                self.say(when, EDITOR, Command::Mark { target: said, on: true });
            }
        }
    }

    /// What the report says looking back. When it was written is another story: it stands at the end, about.
    fn close(&mut self) {
        let script = self.script;
        let report = &script.report;
        let last = script.moments.iter().map(|moment| moment.when().time).max().expect("a moment");
        let when = When::about(last);
        let reason = "the report looks back".to_owned();
        self.say(when, EDITOR, Command::Status { to: Status::PostMortem, reason });
        self.note(when, REPORT, NoteKind::Finding, format!("Impact: {}", report.impact));
        self.note(when, REPORT, NoteKind::Finding, format!("Root cause: {}", report.cause));
        self.note(when, REPORT, NoteKind::Finding, format!("Resolution: {}", report.resolution));
        for action in &report.actions {
            self.note(when, REPORT, NoteKind::Todo, action.clone());
        }
        self.note(when, EDITOR, NoteKind::Note, format!("Source read as: {}", script.retrieved));
    }

    /// The handle as the script's people have it; a slip of the pen is no new person.
    fn handle(&self, by: &str) -> &'a str {
        match self.script.people.get_key_value(by) {
            Some((handle, _)) => handle,
            None if by == EDITOR => EDITOR,
            None => panic!("{}: {by:?} is not among the people", self.slug),
        }
    }

    fn note(&mut self, when: When, by: &'a str, kind: NoteKind, text: String) {
        self.say(when, by, Command::Note { kind, text });
    }

    fn say(&mut self, when: When, by: &'a str, command: Command) -> EntryId {
        if self.incident.declared.is_some() {
            self.introduce(when, by);
            if let Command::Role(warroom::incident::command::RoleCommand::Assign { who, .. }) = &command {
                let who = self.handle(who.as_str());
                self.introduce(when, who);
            }
        }
        let events =
            decide(&self.incident, &command, Context { policy: self.policy, now: when.time, by: &by.into() });
        let events = events.unwrap_or_else(|why| panic!("{}, {}: {why}: {command:?}", self.slug, when.time));
        let ids: Vec<EntryId> = events.into_iter().map(|event| self.append(when, by, event)).collect();
        *ids.last().expect("a command makes events")
    }

    /// Gives the full name at first sight, where it says more than the handle.
    fn introduce(&mut self, when: When, handle: &'a str) {
        let name = match handle {
            EDITOR => "the editors of this retelling",
            REPORT => "the published report",
            _ => &self.script.people[handle],
        };
        if self.named.insert(handle) && name != handle {
            let (id, name) = (PersonId::new(handle), name.to_owned());
            let person =
                Person { id, name, mail: String::new(), phone: String::new(), ids: Default::default() };
            self.say(When::exact(when.time), handle, Command::Name(person));
        }
    }

    /// Recorded when it happened; a moment told late keeps its own time and is recorded after the one before.
    fn append(&mut self, when: When, by: &str, event: Event) -> EntryId {
        let seq = self.entries.len() as u64 + 1;
        self.last = Stamp::next(self.last, self.last.time.max(when.time), self.host);
        let id = ulid(self.last.time.ms(), hash(&[self.slug, "entry", &seq.to_string()]));
        let remote = Some(format!("{}#{seq}", self.slug));
        let draft =
            Draft { remote, ..Draft::new(event, PersonId::new(by)).at(Some(when)).via(Origin::Import) };
        let entry = draft.into_entry(id, seq, self.last);
        self.incident.apply(&entry);
        self.entries.push(entry);
        id
    }
}

fn ulid(ms: i64, hash: [u8; 32]) -> EntryId {
    EntryId::from_parts(u64::try_from(ms).expect("after 1970"), low_bits(hash))
}

fn low_bits(hash: [u8; 32]) -> u128 {
    u128::from_be_bytes(hash[16..].try_into().expect("16 of 32 bytes"))
}

/// Each part with its length before it, so that no two lists of parts run together.
fn hash(parts: &[&str]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}
