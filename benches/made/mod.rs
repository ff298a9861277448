//! Journals as a busy incident leaves them, of any length, always the same bytes: what everything is measured with.
//!
//! The words are those of the measuring tool's own generator, planted needles included, so that other programs can be run
//! on the same text. Start at [`home`] (a whole data folder) or [`entries`].

#![allow(dead_code)]

use std::io::{self, Write};
use std::path::Path;

use ulid::Ulid;

use warroom::config::{Paths, shipped};
use warroom::incident::command::{Declare, RoleCommand};
use warroom::incident::entry::{Draft, Entry, Stamp};
use warroom::incident::event::{Declared, Event, NoteEvent, SentUpdate, UpdateEvent};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Word;
use warroom::incident::{Command, Context, HostId, Incident, IncidentId, PersonId, Span, Time, When, decide};
use warroom::journal::{Home, file_name, line, write_segment};

/// 2026-03-14T02:17:05Z
const START: Time = Time::from_ms(1_773_454_625_000);
/// Mean milliseconds between two entries.
const PACE_MS: u64 = 2_500;
pub const NEEDLE: &str = "zirconium-ferry";
const RARE: &str = "quokka-7f3a";
const LAST: &str = "END-OF-JOURNAL";

const PEOPLE: [&str; 12] = [
    "maria.k", "jonas", "a.okafor", "li.wei", "sam", "priya.n", "tomas.h", "noor", "svenja", "dmitri.v",
    "kim.j", "óscar.r",
];
const SERVICES: [&str; 10] = [
    "checkout",
    "payments-api",
    "ledger",
    "auth-gw",
    "search-indexer",
    "inventory",
    "edge-proxy",
    "billing-worker",
    "session-store",
    "notifier",
];
const NOTES: [&str; 13] = [
    "{svc} p99 on {host} is {n} ms and still climbing; errors at {p}% since {hm}, looks like the same shape as last week's incident, comparing dashboards now",
    "rolled {svc} back to build {build} in zone eu-{z}; watching {host} for {n} s before we touch the next cell, no customer reports so far",
    "replica lag on {host} {n} s, writer queue {m}; pausing the backfill job and draining consumers one shard at a time",
    "found it? connection pool on {svc} exhausted after the config push at {hm}: max_conns went from {m} to {n}, reverting in the staging cell first",
    "customer support confirms {n} tickets about {svc}; most come from region {z}, workaround text is posted in the shared document",
    "@{who} can you take {host}? I am still on {svc} and the log volume there is {n} lines/s",
    "ack, on it: will report back in {m} min, ping me if {svc} pages again before that",
    "who owns {svc} tonight? the rota says {who} but the phone goes to voicemail",
    "{svc} http_5xx_ratio={p} latency_p50={m}ms latency_p99={n}ms host={host} zone=eu-{z} samples={m}{n}",
    "FIRING {svc}HighErrorRate severity=page value={p} threshold=2.5 host={host} runbook=https://runbooks.example.net/{svc}/{build}",
    "RESOLVED {svc}Latency after {n} s; flapped {z} times since {hm}",
    "kubectl -n prod rollout undo deploy/{svc} --to-revision={m}  # exit 0, {n} ms, node {host}",
    "psql -h {host} -c 'select pid, state, wait_event from pg_stat_activity where state <> idle'  # {n} rows",
];
const DECISION: &str = "fail over {svc} to the eu-{z} replica set at {hm}; rollback plan is build {build}, owner is on the bridge";
const UPDATE: &str = "We are looking into elevated errors on {svc}. About {p}% of requests in region eu-{z} are affected. Next update in {m} minutes.";

/// Numbers that only look random.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len() as u64) as usize]
    }

    /// Fills a template in.
    fn fill(&mut self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(&self.word(name));
            rest = after;
        }
        out + rest
    }

    fn word(&mut self, name: &str) -> String {
        match name {
            "svc" => self.pick(&SERVICES).to_owned(),
            "host" => format!("k8s-node-{:03}", self.roll(142)),
            "n" => (self.roll(9_000) + 3).to_string(),
            "m" => (self.roll(60) + 2).to_string(),
            "p" => format!("{}.{:02}", self.roll(31), self.roll(100)),
            "z" => (self.roll(9) + 1).to_string(),
            "hm" => format!("{:02}:{:02}", self.roll(24), self.roll(60)),
            "build" => format!("{:08x}", self.roll(1 << 32)),
            _ => self.pick(&PEOPLE).to_owned(),
        }
    }
}

/// Makes one entry after the other.
pub struct Maker {
    dice: Dice,
    host: HostId,
    count: u64,
    made: u64,
    now: Time,
    head: std::vec::IntoIter<Event>,
    recent: Vec<Ulid>,
}

impl Maker {
    /// `count` entries in all, those that open the incident included.
    pub fn new(host: HostId, count: usize) -> Self {
        let dice = Dice(0x9E37_79B9_7F4A_7C15);
        let head = opening().into_iter();
        Self { dice, host, count: count as u64, made: 0, now: START, head, recent: Vec::new() }
    }

    fn event(&mut self) -> Event {
        if let Some(event) = self.head.next() {
            return event;
        }
        let last = self.made + 1 == self.count;
        match self.made {
            n if !last && n % 2_000 == 0 => Event::Update(UpdateEvent::Sent(self.update())),
            n if !last && n % 300 == 0 && !self.recent.is_empty() => self.correction(),
            _ => self.note(),
        }
    }

    fn update(&mut self) -> SentUpdate {
        let body = self.dice.fill(UPDATE);
        SentUpdate {
            audience: "internal".into(),
            word: Word::Investigating,
            body,
            next: Some(self.now + Span::from_mins(30)),
            approved_by: None,
            proposal: None,
            overrides: Vec::new(),
        }
    }

    fn correction(&mut self) -> Event {
        let target = self.recent[self.dice.roll(self.recent.len() as u64) as usize];
        let text = self.dice.fill(NOTES[2]);
        Event::Note(NoteEvent::Corrected { target, text, at: None, about: false })
    }

    fn note(&mut self) -> Event {
        let (kind, template) = match self.dice.roll(100) {
            0..3 => (NoteKind::Decision, DECISION),
            3..6 => (NoteKind::Finding, NOTES[3]),
            6..9 => (NoteKind::Action, NOTES[1]),
            _ => (NoteKind::Note, self.dice.pick(&NOTES)),
        };
        let mut text = self.dice.fill(template);
        let n = self.made + 1;
        if n == self.count * 9 / 10 {
            text.push_str(&format!(" {NEEDLE}"));
        }
        if (0..5).any(|i| n == self.count * (2 * i + 1) / 10) {
            text.push_str(&format!(" {RARE}"));
        }
        if n == self.count {
            text.push_str(&format!(" {LAST}"));
        }
        Event::Note(NoteEvent::Written { kind, text })
    }
}

impl Iterator for Maker {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        if self.made == self.count {
            return None;
        }
        self.now = self.now + Span::from_ms(1 + self.dice.roll(2 * PACE_MS) as i64);
        let who = if self.made < 12 { PEOPLE[0] } else { self.dice.pick(&PEOPLE) };
        let event = self.event();
        // One of fifty is remembered late.
        let late = self.made > 100 && self.made % 50 == 7;
        let at = late.then(|| When::about(self.now - Span::from_mins(4)));
        self.made += 1;
        let id = Ulid::from_parts(self.now.ms() as u64, u128::from(self.made));
        if matches!(event, Event::Note(NoteEvent::Written { .. })) {
            self.recent.truncate(63);
            self.recent.insert(0, id);
        }
        let stamp = Stamp { time: self.now, tick: 0, host: self.host };
        Some(Draft::new(event, PersonId::new(who)).at(at).into_entry(id, self.made, stamp))
    }
}

/// Declared, with a playbook, a severity and a team.
fn opening() -> Vec<Event> {
    let nowhere = Path::new("/nowhere");
    let paths = Paths { config: nowhere.into(), data: nowhere.into(), state: nowhere.into() };
    let agreed = ["data", "pipeline", "runbook"];
    let policy = shipped::policy(&paths, &agreed).expect("the shipped policies");
    let pinned = shipped::pinned_policy(&paths, &agreed).expect("their texts");
    let what = Declared {
        title: "orders: prices multiplied by 100 in the EU catalogue".into(),
        ..Declared::default()
    };
    let playbook = shipped::playbook(&paths, "data-corruption").ok();
    let commander = Some(PersonId::new("maria.k"));
    let severity = Some("P1".into());
    let declare = Declare { what, severity, commander, playbook, policy: pinned, ..Declare::default() };
    let assign = |role: &str, who: &str| {
        Command::Role(RoleCommand::Assign { role: role.into(), who: PersonId::new(who) })
    };
    let team = [assign("liaison", "svenja"), assign("scribe", "noor"), assign("deputy", "li.wei")];
    let orders = std::iter::once(Command::Declare(declare)).chain(team);
    let mut incident = Incident::default();
    let mut events = Vec::new();
    for order in orders {
        for event in
            decide(&incident, &order, Context { policy: &policy, now: START, by: &PersonId::new("maria.k") })
                .unwrap_or_default()
        {
            let n = events.len() as u64 + 1;
            let stamp = Stamp { time: START, tick: n as u32, host: HostId::new(7) };
            let id = Ulid::from_parts(START.ms() as u64, u128::from(n));
            incident.apply(&Draft::new(event.clone(), PersonId::new("maria.k")).into_entry(id, n, stamp));
            events.push(event);
        }
    }
    events
}

pub fn entries(host: HostId, count: usize) -> Vec<Entry> {
    Maker::new(host, count).collect()
}

/// Writes a journal of `count` entries into an incident's folder, which is made.
pub fn journal(folder: &Path, incident: IncidentId, host: HostId, count: usize) -> io::Result<()> {
    let journal = folder.join("journal");
    std::fs::create_dir_all(&journal)?;
    let mut out = io::BufWriter::new(std::fs::File::create(journal.join(file_name(host, 1)))?);
    let first = write_segment(incident, host, &[], |entry| entry.id().to_bytes());
    out.write_all(&first)?;
    let mut prev = line::digests_in(&first)[0];
    let mut bytes = Vec::new();
    for entry in Maker::new(host, count) {
        bytes.clear();
        prev = line::encode(&prev, &entry, entry.id().to_bytes(), &mut bytes);
        out.write_all(&bytes)?;
    }
    out.flush()
}

/// Writes a home (for `WARROOM_HOME`) whose first incident has `count` entries.
pub fn home(folder: &Path, count: usize) -> io::Result<()> {
    let home = Home::new(folder.join("data"));
    let host = home.host_id().map_err(io::Error::other)?;
    let id = IncidentId::from_parts(START.ms() as u64, count as u128);
    let dir = home.create_incident(id, "orders prices").map_err(io::Error::other)?;
    journal(&dir.path, id, host, count)
}
