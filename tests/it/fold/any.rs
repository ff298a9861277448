//! Any event at all: known and unknown, sensible and not, about entries that exist, do not, or come later.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use ulid::Ulid;
use warroom::incident::entry::{Entry, Header};
use warroom::incident::event::*;
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Status, Word};
use warroom::incident::{Draft, EntryId, HostId, Origin, PersonId, Span, Stamp, Time, When};

use crate::door::start;

/// Longest log that is made; targets are taken from a few more places than that.
const LONGEST: usize = 40;

/// The years 1 and 9999: what a journal can say.
const FIRST_MS: i64 = -62_135_596_800_000;
const LAST_MS: i64 = 253_402_300_799_999;

/// Two phases, a plain step, a nested one and a choice of two.
pub const PLAYBOOK: &str = "# Small\n\n## Immediate (0-15 min)\n\n- [ ] Look\n- [ ] Stop the loads\n\n## Repair\n\n\
    - [ ] Choose one way (one of):\n  - [ ] Replay\n  - [ ] Correct\n";

/// Bodies of a newer version, in a spelling that no serialiser of ours would choose.
pub const UNKNOWN: [&str; 7] = [
    r#"{"vote":{"cast":{"for":"rollback"}}}"#,
    r#"{ "note" : {"sung":{"text":"\u00e9\t"}} }"#,
    r#"{"note":{"written":{"kind":"rumour","text":"x"}}}"#,
    r#"{"status":{"moved":{"from":"triage","to":"haunted"}}}"#,
    r#"[1,2.50,-0e1]"#,
    r#""just text""#,
    r#"{"b":1,"a":2,"b":3}"#,
];

pub fn id(place: usize) -> EntryId {
    Ulid::from_parts(start().ms() as u64, place as u128 + 1)
}

pub fn target() -> impl Strategy<Value = EntryId> {
    (0..LONGEST + 3).prop_map(id)
}

/// A run is only ever one of the first entries, so that some steps find theirs.
fn run() -> impl Strategy<Value = EntryId> {
    (0..6_usize).prop_map(id)
}

pub fn text() -> impl Strategy<Value = String> {
    select(vec!["", "x", "prices x100", "two\nlines", "é \u{202e}", "\u{1b}[31m", "@bob TODO !"])
        .prop_map(str::to_owned)
}

pub fn who() -> impl Strategy<Value = PersonId> {
    select(vec!["alice", "bob", "carol", ""]).prop_map(PersonId::new)
}

fn role() -> impl Strategy<Value = String> {
    select(vec!["commander", "scribe", "sme", "dba", ""]).prop_map(str::to_owned)
}

pub fn time() -> impl Strategy<Value = Time> {
    prop_oneof![
        9 => (-50..50_i64).prop_map(|secs| start() + Span::from_secs(secs)),
        1 => select(vec![FIRST_MS, -1, 0, LAST_MS]).prop_map(Time::from_ms),
    ]
}

fn status() -> impl Strategy<Value = Status> {
    select(Status::ALL.to_vec())
}

fn level() -> impl Strategy<Value = String> {
    select(vec!["P0", "P1", "P9"]).prop_map(str::to_owned)
}

fn audience() -> impl Strategy<Value = String> {
    select(vec!["internal", "customers"]).prop_map(str::to_owned)
}

fn incident() -> impl Strategy<Value = IncidentEvent> {
    let declared =
        (text(), option::of(text()), any::<bool>(), status()).prop_map(|(title, kind, drill, status)| {
            IncidentEvent::Declared(Declared { title, kind, drill, status, ..Declared::default() })
        });
    prop_oneof![
        3 => declared,
        1 => text().prop_map(|title| IncidentEvent::Retitled { title }),
        1 => text().prop_map(|kind| IncidentEvent::Retyped { kind }),
        1 => (text(), text()).prop_map(|(what, url)| IncidentEvent::Linked { what, url }),
        1 => text().prop_map(|what| IncidentEvent::Unlinked { what }),
        1 => (any::<bool>(), text()).prop_map(|(on, reason)| IncidentEvent::Private { on, reason }),
    ]
}

fn note() -> impl Strategy<Value = NoteEvent> {
    prop_oneof![
        (select(NoteKind::ALL.to_vec()), text()).prop_map(|(kind, text)| NoteEvent::Written { kind, text }),
        (target(), text(), option::of(time()), any::<bool>())
            .prop_map(|(target, text, at, about)| NoteEvent::Corrected { target, text, at, about }),
        (target(), text()).prop_map(|(target, reason)| NoteEvent::Retracted { target, reason }),
        target().prop_map(|target| NoteEvent::Restored { target }),
        (target(), any::<bool>()).prop_map(|(target, on)| NoteEvent::Marked { target, on }),
    ]
}

fn role_event() -> impl Strategy<Value = RoleEvent> {
    prop_oneof![
        1 => (role(), text()).prop_map(|(role, duty)| RoleEvent::Defined { role, duty }),
        4 => (role(), who(), option::of(who()), option::of(text()))
            .prop_map(|(role, who, from, brief)| RoleEvent::Assigned { role, who, from, brief, offer: None, readback: String::new() }),
        2 => (role(), who(), text()).prop_map(|(role, who, reason)| RoleEvent::Released { role, who, reason }),
        1 => (role(), who(), who(), text())
            .prop_map(|(role, from, to, brief)| RoleEvent::Offered { role, from, to, brief }),
        1 => (target(), role(), who()).prop_map(|(offer, role, who)| RoleEvent::Assigned {
            role,
            who,
            from: None,
            brief: None,
            offer: Some(offer),
            readback: "yes".into(),
        }),
        1 => (target(), text()).prop_map(|(offer, reason)| RoleEvent::Declined { offer, reason }),
        1 => text().prop_map(|team| RoleEvent::Called { teams: vec![team] }),
        1 => (text(), who()).prop_map(|(team, who)| RoleEvent::Present { team, who }),
    ]
}

fn person() -> impl Strategy<Value = PersonEvent> {
    (who(), text()).prop_map(|(id, name)| {
        PersonEvent::Named(Person {
            id,
            name,
            mail: String::new(),
            phone: String::new(),
            ids: Default::default(),
        })
    })
}

fn playbook() -> impl Strategy<Value = PlaybookEvent> {
    let texts = select(vec![PLAYBOOK, "", "no steps at all", "- [ ] one\n- [ ] one\n"]);
    prop_oneof![
        4 => texts.prop_map(|text| {
            PlaybookEvent::Attached { name: "small".into(), digest: "d".into(), text: text.into() }
        }),
        1 => (run(), text()).prop_map(|(run, reason)| PlaybookEvent::Detached { run, reason }),
    ]
}

fn step() -> impl Strategy<Value = StepEvent> {
    let steps: Vec<String> = warroom::playbook::parse(PLAYBOOK)
        .0
        .phases
        .iter()
        .flat_map(|phase| phase.steps.iter().map(|step| step.id.clone()))
        .chain(["added/x".to_owned(), "nothing/of/it".to_owned()])
        .collect();
    let act = prop_oneof![
        4 => Just(StepAct::Ticked),
        1 => Just(StepAct::Started),
        2 => Just(StepAct::Reopened),
        1 => text().prop_map(|reason| StepAct::Skipped { reason }),
        1 => option::of(who()).prop_map(|who| StepAct::Assigned { who }),
        1 => text().prop_map(|text| StepAct::Noted { text }),
        1 => (text(), text()).prop_map(|(phase, text)| StepAct::Added { phase, text }),
    ];
    (run(), select(steps), act).prop_map(|(run, step, act)| StepEvent { run, step, act })
}

fn update() -> impl Strategy<Value = UpdateEvent> {
    let sent = (audience(), select(Word::ALL.to_vec()), text(), option::of(time())).prop_map(
        |(audience, word, body, next)| {
            UpdateEvent::Sent(SentUpdate {
                audience,
                word,
                body,
                next,
                approved_by: None,
                proposal: None,
                overrides: Vec::new(),
            })
        },
    );
    let due =
        (audience(), option::of(time())).prop_map(|(audience, next)| UpdateEvent::Due { audience, next });
    let proposed = (audience(), text()).prop_map(|(audience, body)| {
        UpdateEvent::Proposed(SentUpdate::new(audience, Word::Investigating, body, None))
    });
    let approved = (audience(), target(), who()).prop_map(|(audience, proposal, who)| {
        UpdateEvent::Sent(SentUpdate {
            proposal: Some(proposal),
            approved_by: Some(who),
            ..SentUpdate::new(audience, Word::Resolved, "b", None)
        })
    });
    let rejected =
        (target(), text()).prop_map(|(proposal, reason)| UpdateEvent::Rejected { proposal, reason });
    prop_oneof![3 => sent, 2 => due, 1 => proposed, 1 => approved, 1 => rejected]
}

pub fn class() -> impl Strategy<Value = FailureClass> {
    use FailureClass::*;
    select(vec![Transient, Unknown, Permanent, AlreadyDone, Auth])
}

/// What becomes of `request`.
pub fn delivery(request: impl Strategy<Value = EntryId>) -> impl Strategy<Value = DeliveryEvent> {
    let wait = option::of((-5..4000_i64).prop_map(Span::from_secs));
    (request, 0..9_u8, prop_oneof![9 => 1..9_u32, 1 => Just(u32::MAX)], class(), wait).prop_map(
        |(request, kind, attempt, class, retry_after)| match kind {
            0 | 1 => DeliveryEvent::Attempted { request, attempt },
            2 => DeliveryEvent::Confirmed { request, remote: "7".into(), link: None },
            3 => DeliveryEvent::Failed { request, class, message: "no".into(), retry_after, ask: false },
            4 => DeliveryEvent::Dropped { request, reason: String::new() },
            5 => DeliveryEvent::Retried { request },
            6 => DeliveryEvent::Sought { request },
            7 => DeliveryEvent::Reworded { request, title: "other".into(), body: "words".into() },
            _ => DeliveryEvent::Failed {
                request,
                class: FailureClass::Unknown,
                message: "?".into(),
                retry_after,
                ask: true,
            },
        },
    )
}

fn requested() -> impl Strategy<Value = DeliveryEvent> {
    (audience(), target()).prop_map(|(lane, subject)| {
        DeliveryEvent::Requested(Box::new(Requested {
            client: "local".into(),
            lane,
            subject,
            title: "t".into(),
            body: "b".into(),
            deed: Deed::Record,
        }))
    })
}

pub fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => incident().prop_map(Event::Incident),
        4 => note().prop_map(Event::Note),
        2 => (status(), status(), text())
            .prop_map(|(from, to, reason)| Event::Status(StatusEvent::Moved { from, to, reason })),
        2 => (option::of(level()), level(), text())
            .prop_map(|(from, to, reason)| Event::Severity(SeverityEvent::Set { from, to, reason, restores: None })),
        1 => (level(), text()).prop_map(|(from, reason)| Event::Severity(SeverityEvent::Cleared { from, reason })),
        1 => (text(), text(), option::of(level())).prop_map(|(question, answer, proposes)| {
            Event::Severity(SeverityEvent::Assessed { answers: vec![Assessment { question, answer }], proposes })
        }),
        3 => role_event().prop_map(Event::Role),
        1 => person().prop_map(Event::Person),
        2 => playbook().prop_map(Event::Playbook),
        6 => step().prop_map(Event::Step),
        2 => update().prop_map(Event::Update),
        1 => requested().prop_map(Event::Delivery),
        1 => delivery(target()).prop_map(Event::Delivery),
        1 => (target(), text())
            .prop_map(|(target, reason)| Event::Journal(JournalEvent::Erased { target, reason })),
        6 => super::any_act::act(),
        1 => select(UNKNOWN.to_vec()).prop_map(Event::parse),
        1 => Just(Event::Erased),
    ]
}

fn origin() -> impl Strategy<Value = Origin> {
    select(vec![Origin::Console, Origin::Cli, Origin::Client, Origin::Import])
}

/// A log in the order of the fold, of three hosts.
pub fn log() -> impl Strategy<Value = Vec<Entry>> {
    let drafts =
        (event(), who(), option::of(time()), any::<bool>(), option::of(time()), origin(), 0..3_u64, 0..2_i64);
    prop::collection::vec(drafts, 0..LONGEST).prop_map(|drafts| {
        let mut stamp = Stamp { time: start(), tick: 0, host: HostId::new(0) };
        let mut entries = Vec::new();
        for (place, (event, by, at, about, known, via, host, gap)) in drafts.into_iter().enumerate() {
            let host = HostId::new(host);
            stamp = Stamp::next(stamp, stamp.time + Span::from_secs(gap), host);
            let at = at.map(|time| When { time, about });
            let draft = Draft { id: None, event, by, at, known, via, remote: None };
            entries.push(draft.into_entry(id(place), place as u64 + 1, stamp));
        }
        entries
    })
}

/// What a reader makes of the lines that a writer made of an entry.
pub fn reread(entry: &Entry) -> Entry {
    let header = serde_json::to_string(&entry.header).unwrap();
    let header: Header = serde_json::from_str(&header).unwrap();
    let event = match &entry.event {
        Event::Erased => Event::Erased,
        event => Event::parse(&event.to_json()),
    };
    Entry { header, event }
}
