//! An incident made of events, and what is said of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use warroom::incident::event::*;
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Status, Word};
use warroom::incident::{Draft, Entry, EntryId, Event, HostId, Incident, PersonId, Span, Stamp, Time, Zone};
use warroom::outbox::Outbox;
use warroom::policy::Policy;
use warroom::report::check::{About, Finding, check};
use warroom::report::update::{self, Kind, Message, Template};

const POLICY: &str = include_str!("../../../sample-data/policies/data.toml");

#[derive(Clone, Debug)]
pub struct World {
    pub incident: Incident,
    pub outbox: Outbox,
    pub entries: Vec<Arc<Entry>>,
    pub policy: Policy,
    pub now: Time,
}

/// `14:32` of the day of the incident.
pub fn at(clock: &str) -> Time {
    Time::parse(&format!("2026-11-21T{clock}:00Z")).unwrap()
}

impl World {
    pub fn new(title: &str, change: impl FnOnce(&mut Declared)) -> World {
        let mut world = World {
            incident: Incident::default(),
            outbox: Outbox::default(),
            entries: Vec::new(),
            policy: Policy::parse(POLICY).unwrap(),
            now: at("14:00"),
        };
        let mut what = Declared { title: title.into(), status: Status::Alerted, ..Declared::default() };
        change(&mut what);
        world.by("alice", Event::Incident(IncidentEvent::Declared(what)));
        let part = PolicyText { name: "data".into(), digest: "0".repeat(64), text: POLICY.into() };
        world.by("alice", Event::Policy(PolicyEvent::Pinned { parts: vec![part] }));
        world
    }

    pub fn by(&mut self, who: &str, event: Event) -> EntryId {
        let seq = self.incident.count + 1;
        let stamp = Stamp::next(self.incident.last, self.now, HostId::new(7));
        let id = EntryId::from_parts(seq, u128::from(seq));
        let entry = Arc::new(Draft::new(event, PersonId::new(who)).into_entry(id, seq, stamp));
        self.incident.apply(&entry);
        self.outbox.apply(&entry);
        self.entries.push(entry);
        id
    }

    pub fn note(&mut self, kind: NoteKind, text: &str) -> EntryId {
        self.by("bob", Event::Note(NoteEvent::Written { kind, text: text.into() }))
    }

    pub fn status(&mut self, to: Status, reason: &str) {
        let from = self.incident.status;
        self.by("alice", Event::Status(StatusEvent::Moved { from, to, reason: reason.into() }));
    }

    pub fn assign(&mut self, role: &str, who: &str, name: &str) {
        let who = PersonId::new(who);
        let person = Person {
            id: who.clone(),
            name: name.into(),
            mail: String::new(),
            phone: String::new(),
            ids: Default::default(),
        };
        self.by("alice", Event::Person(PersonEvent::Named(person)));
        self.by(
            "alice",
            Event::Role(RoleEvent::Assigned {
                role: role.into(),
                who,
                from: None,
                brief: None,
                offer: None,
                readback: String::new(),
            }),
        );
    }

    pub fn link(&mut self, what: &str, url: &str) {
        self.by("alice", Event::Incident(IncidentEvent::Linked { what: what.into(), url: url.into() }));
    }

    pub fn impact(&mut self, dataset: &str, harm: Harm, change: impl FnOnce(&mut ImpactChange)) {
        let mut line = ImpactChange {
            dataset: dataset.into(),
            kinds: Some(BTreeSet::from([harm])),
            ..Default::default()
        };
        change(&mut line);
        self.by("bob", Event::Impact(ImpactEvent::Recorded(Box::new(line))));
    }

    pub fn state_data(&mut self, data: DataLoss, text: &str) {
        self.by("alice", Event::Impact(ImpactEvent::Stated { data, text: text.into() }));
    }

    pub fn ask(&mut self, who: &str, what: &str, due: Option<Time>) -> EntryId {
        self.by("alice", Event::Ask(AskEvent::Asked { who: who.into(), what: what.into(), due }))
    }

    pub fn answer(&mut self, ask: EntryId, answer: &str) {
        self.by("bob", Event::Ask(AskEvent::Answered { ask, answer: answer.into() }));
    }

    pub fn decide(&mut self, proposal: &str, outcome: Outcome, verify_by: Option<Time>) -> EntryId {
        let proposed = DecisionEvent::Proposed {
            proposal: proposal.into(),
            risk: String::new(),
            rollback: String::new(),
            verify_by,
        };
        let decision = self.by("alice", Event::Decision(proposed));
        self.by(
            "alice",
            Event::Decision(DecisionEvent::Settled { decision, outcome, reason: String::new() }),
        );
        decision
    }

    pub fn judge(&mut self, text: &str, verdict: Verdict, evidence: &str) {
        let hypothesis = self.note(NoteKind::Hypothesis, text);
        let evidence = evidence.to_owned();
        let judged = HypothesisEvent::Judged { hypothesis, verdict, who: None, evidence };
        self.by("bob", Event::Hypothesis(judged));
    }

    pub fn attach(&mut self, text: &str) {
        let attached =
            PlaybookEvent::Attached { name: "late".into(), digest: "0".repeat(64), text: text.into() };
        self.by("alice", Event::Playbook(attached));
    }

    /// Something done to the step in this place of the checklist.
    pub fn step(&mut self, place: usize, act: StepAct) {
        let run = &self.incident.runs[0];
        let (id, step) = (run.id, run.lines()[place].id.to_owned());
        self.by("bob", Event::Step(StepEvent { run: id, step, act }));
    }

    pub fn send(&mut self, audience: &str, word: Word, next: Option<Time>) -> EntryId {
        let sent = SentUpdate::new(audience, word, "Status: as it is", next);
        self.by("carol", Event::Update(UpdateEvent::Sent(sent)))
    }

    pub fn message<'a>(&'a self, audience: &'a str, word: Word, next: Option<Time>) -> Message<'a> {
        Message::new(&self.incident, &self.policy, audience, word, self.now, Zone::Utc, next)
    }

    /// By the shipped template that is usual now.
    pub fn draft(&self, audience: &str, word: Word) -> String {
        self.drafted(self.message(audience, word, Some(self.now + Span::from_mins(30))))
    }

    pub fn draft_as(&self, kind: Kind, audience: &str, word: Word) -> String {
        let message = self.message(audience, word, Some(self.now + Span::from_mins(30)));
        self.drafted(Message { kind, ..message })
    }

    pub fn drafted(&self, message: Message) -> String {
        let template = Template::shipped(message.template()).expect("a shipped template");
        let draft = message.draft(&template, self.spoken());
        assert_eq!(draft.trouble, None);
        draft.body
    }

    pub fn spoken(&self) -> impl Iterator<Item = Arc<Entry>> + '_ {
        self.entries.iter().filter(|entry| update::can_speak(entry.class())).cloned()
    }

    pub fn about<'a>(&'a self, audience: &'a str, word: Word) -> About<'a> {
        self.message(audience, word, Some(at("15:02"))).about()
    }

    /// What one check finds in a text.
    pub fn finds(&self, name: &str, audience: &str, word: Word, body: &str) -> Option<Finding> {
        check(body, &self.about(audience, word)).into_iter().find(|finding| finding.check == name)
    }
}

/// A P1 with two datasets, roles, links, an ask and a decision, at 14:32.
pub fn prices() -> World {
    let mut world = World::new("orders: prices x100", |what| what.kind = Some("data-corruption".into()));
    world.by(
        "alice",
        Event::Severity(SeverityEvent::Set {
            from: None,
            to: "P1".into(),
            reason: String::new(),
            restores: None,
        }),
    );
    world.assign("commander", "alice", "Alice Liddell");
    world.assign("sme", "bob", "Bob Ross");
    world.link("bridge", "https://meet.example/42");
    world.link("channel", "#inc-42");
    world.link("ticket", "https://tickets.example/DATA-42");
    world.now = at("14:05");
    world.impact("warehouse.orders", Harm::Corrupt, |line| {
        line.rows = Some(Rows { count: 5_000, exact: false });
        (line.from, line.until) = (Some(at("10:00")), Some(at("12:00")));
        line.last_good = Some(at("09:55"));
        line.consumers = Some(vec!["revenue dashboard".into(), "price model".into()]);
        line.teams = Some(vec!["analytics".into()]);
        line.tier = Some("M1".into());
    });
    world.impact("refunds", Harm::Delayed, |line| {
        line.last_good = Some(at("12:02"));
        line.consumers = Some(vec!["month-end report".into()]);
        line.teams = Some(vec!["finance".into()]);
    });
    world.note(NoteKind::Note, "impact: revenue shows a hundred times too much");
    world.note(NoteKind::Note, "users: about 40 analysts");
    world.note(NoteKind::Note, "estimate: 17:00 UTC if the replay holds");
    world.note(NoteKind::Note, "coffee is empty");
    world.status(Status::Diagnosing, "");
    world.now = at("14:12");
    world.note(NoteKind::Finding, "all rows loaded since 10:00 are wrong");
    world.note(NoteKind::Action, "stopped the loads downstream");
    let rows = world.ask("bob", "count the wrong rows", Some(at("14:15")));
    world.answer(rows, "4,981, checked twice");
    world.ask("bob", "check the backups", Some(at("14:40")));
    world.decide("restore from the backup of 09:55", Outcome::Go, Some(at("15:30")));
    world.judge("the currency service is down", Verdict::RuledOut, "it answers");
    world.note(NoteKind::Todo, "tell finance about month-end");
    world.now = at("14:32");
    world
}

/// The same, repaired and resolved at 16:09.
pub fn resolved() -> World {
    let mut world = prices();
    world.judge("a deploy changed cents to euros", Verdict::Confirmed, "the diff");
    world.now = at("15:00");
    world.status(Status::Fixing, "");
    world.note(NoteKind::Action, "replayed 10:00 to 12:00 from the source");
    world.now = at("16:00");
    for dataset in ["warehouse.orders", "refunds"] {
        world.impact(dataset, Harm::Delayed, |line| {
            line.kinds = None;
            line.recovered = Some(at("16:00"));
            line.how = Some("replay from the source".into());
        });
    }
    world.state_data(DataLoss::Delayed, "refunds up to 4 h late");
    let what = FollowUp {
        text: "test units in the loader".into(),
        owner: Some("bob".into()),
        due: chrono::NaiveDate::from_ymd_opt(2026, 12, 1),
        ..FollowUp::default()
    };
    world.by("alice", Event::FollowUp(FollowUpEvent::Opened(Box::new(what))));
    world.now = at("16:09");
    world.status(Status::Resolved, "checks are green for 30 min");
    world
}
