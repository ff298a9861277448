//! The decisions: what a command means in the state the incident is in, or why it is refused.
//!
//! Pure: the same incident, command and context always give the same events. Nothing is saved
//! here; the caller appends the events and decides again when the journal has moved meanwhile.

mod acts;
mod deliveries;
mod records;
mod roles;
mod undo;
mod updates;

use std::fmt;

pub use deliveries::{request, told};

use super::clean::{clean_line, clean_text};
use super::command::{Command, Declare, PinnedPlaybook, PinnedPolicy, StepCommand};
use super::event::{
    Assessment, Event, IncidentEvent, JournalEvent, NoteEvent, PersonEvent, PlaybookEvent, PolicyEvent,
    PolicyText, RoleEvent, SeverityEvent, StatusEvent, StepAct, StepEvent,
};
use super::ids::{EntryId, PersonId};
use super::scribe::NoteKind;
use super::state::Incident;
use super::time::Time;
use super::words::Status;
use crate::playbook::Playbook;
use crate::policy::{IncidentType, Policy};

/// What a decision may know besides the incident.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The configured policy; the incident's own, where one is pinned, wins.
    pub policy: &'a Policy,
    pub now: Time,
    /// Whose command it is.
    pub by: &'a PersonId,
}

/// A refusal in words: what is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub why: String,
    pub hint: String,
}

impl Refusal {
    pub fn new(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { why: why.into(), hint: hint.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hint.is_empty() {
            true => f.write_str(&self.why),
            false => write!(f, "{}: {}", self.why, self.hint),
        }
    }
}

impl std::error::Error for Refusal {}

type Decision = Result<Vec<Event>, Refusal>;

/// Longest text kept in one entry, in bytes; what is longer is refused, never cut.
pub const MAX_TEXT: usize = 64 * 1024;
/// Longest reason, address or other short text, in bytes.
pub const MAX_LINE: usize = 4 * 1024;
/// Longest playbook, in bytes: a journal line must hold it.
pub const MAX_PLAYBOOK: usize = 1024 * 1024;
/// Longest title, in bytes.
pub const MAX_TITLE: usize = 200;

/// Turns `command` into the events to append.
pub fn decide(incident: &Incident, command: &Command, context: Context) -> Decision {
    if incident.declared.is_none() && !matches!(command, Command::Declare(_)) {
        return refuse("the incident is not declared yet", "declare it first");
    }
    let context = Context { policy: incident.policy().unwrap_or(context.policy), ..context };
    match command {
        Command::Declare(declare) => decide_declare(incident, declare, context),
        Command::Retitle { title } => {
            one(Event::Incident(IncidentEvent::Retitled { title: required_title(title)? }))
        }
        Command::Retype { kind } => decide_retype(incident, kind, context),
        Command::Private { on, reason } => decide_private(incident, *on, reason),
        Command::Pin(parts) => decide_pin(parts),
        Command::Link { what, url } => decide_link(incident, what, url),
        Command::Note { kind, text } => {
            let text = required(text, "the note is empty", "type what happened")?;
            one(Event::Note(NoteEvent::Written { kind: *kind, text }))
        }
        Command::Correct { target, text, at } => {
            let text =
                required(text, "the correction is empty", "type the right text, or retract the entry")?;
            let (at, about) = (at.map(|when| when.time), at.is_some_and(|when| when.about));
            one(Event::Note(NoteEvent::Corrected { target: *target, text, at, about }))
        }
        Command::Retract { target, reason } => decide_retract(incident, *target, reason),
        Command::Restore { target } => decide_restore(incident, *target),
        Command::Mark { target, on } => decide_mark(incident, *target, *on),
        Command::Status { to, reason } => decide_status(incident, *to, reason),
        Command::Severity { to, reason } => decide_severity(incident, to, reason, context),
        Command::Assess { answers, to, reason } => {
            decide_assess(incident, answers, to.as_deref(), reason, context)
        }
        Command::Clock { clock, act } => acts::decide_clock(incident, clock, act, context),
        Command::Ask(ask) => acts::decide_ask(incident, ask, context),
        Command::Decision(decision) => acts::decide_poll(incident, decision, context),
        Command::Judge { hypothesis, verdict, who, evidence } => {
            acts::decide_judge(incident, *hypothesis, *verdict, who.as_ref(), evidence)
        }
        Command::Impact(impact) => records::decide_impact(incident, impact, context),
        Command::FollowUp(follow_up) => records::decide_follow_up(incident, follow_up),
        Command::Role(role) => roles::decide_role(incident, role, context),
        Command::Name(person) => one(Event::Person(PersonEvent::Named(person.clone()))),
        Command::Attach(playbook) => decide_attach(incident, playbook),
        Command::Detach { run, reason } => decide_detach(incident, *run, reason),
        Command::Step { run, step, act } => decide_step(incident, *run, step, act),
        Command::Update(update) => updates::decide_update(incident, update, context),
        Command::Propose(update) => updates::decide_propose(update, context),
        Command::Approve { proposal, by_voice } => {
            updates::decide_approve(incident, *proposal, by_voice.as_ref(), context)
        }
        Command::Reject { proposal, reason } => updates::decide_reject(incident, *proposal, reason),
        Command::UpdateDue { audience, next } => updates::decide_due(audience, *next, context),
        Command::Delivery(delivery) => deliveries::decide_delivery(delivery),
        Command::Outside { .. } => refuse("no service is connected", "run `warroom connect` once"),
        Command::Erase { target, reason } => {
            one(Event::Journal(JournalEvent::Erased { target: *target, reason: short(reason)? }))
        }
        Command::Undo { entry, event, reason } => undo::decide_undo(incident, *entry, event, reason, context),
    }
}

fn one(event: Event) -> Decision {
    Ok(vec![event])
}

fn refuse<T>(why: impl Into<String>, hint: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(why, hint))
}

/// Cleaned text that is neither empty nor too long.
fn required(text: &str, why_empty: &str, hint: &str) -> Result<String, Refusal> {
    let clean = clean_text(text).trim().to_owned();
    if clean.is_empty() {
        return refuse(why_empty, hint);
    }
    if clean.len() > MAX_TEXT {
        let why = format!("the text has {} KiB, more than {} KiB", clean.len() / 1024, MAX_TEXT / 1024);
        return refuse(why, "attach it as a file, or split it");
    }
    Ok(clean)
}

fn required_line(text: &str, why_empty: &str, hint: &str) -> Result<String, Refusal> {
    required(&clean_line(text), why_empty, hint)
}

/// A short text that may be empty, cleaned. What is too long is refused, never cut.
fn short(text: &str) -> Result<String, Refusal> {
    let line = clean_line(text).trim().to_owned();
    if line.len() > MAX_LINE {
        let why = format!("that has {} KiB; {} KiB is the most", line.len() / 1024, MAX_LINE / 1024);
        return refuse(why, "put the details into a note");
    }
    Ok(line)
}

fn required_title(text: &str) -> Result<String, Refusal> {
    let title = required_line(text, "the title is empty", "say in a few words what is wrong")?;
    if title.len() > MAX_TITLE {
        return refuse(
            format!("the title is longer than {MAX_TITLE} bytes"),
            "shorten it; details go into notes",
        );
    }
    Ok(title)
}

fn known_kind(kind: &str, context: Context) -> Result<String, Refusal> {
    let known = context.policy.kind(kind).map(|kind| kind.name.clone());
    known.ok_or_else(|| {
        let names: Vec<&str> = context.policy.types.iter().map(|kind| kind.name.as_str()).collect();
        Refusal::new(
            format!("there is no incident type {kind:?}"),
            format!("use one of {}", names.join(", ")),
        )
    })
}

fn known_level(level: &str, context: Context) -> Result<String, Refusal> {
    let known = context.policy.level(level).map(|level| level.name.clone());
    known.ok_or_else(|| {
        let names: Vec<&str> = context.policy.levels.iter().map(|level| level.name.as_str()).collect();
        Refusal::new(format!("there is no severity {level:?}"), format!("use one of {}", names.join(", ")))
    })
}

fn decide_declare(incident: &Incident, declare: &Declare, context: Context) -> Decision {
    if incident.declared.is_some() {
        return refuse("the incident is already declared", "change its title, severity or status instead");
    }
    let mut what = declare.what.clone();
    what.title = required_title(&what.title)?;
    what.kind = what.kind.as_deref().map(|kind| known_kind(kind, context)).transpose()?;
    what.reporter = what.reporter.map(|reporter| short(&reporter)).transpose()?;
    what.channel = what.channel.map(|channel| short(&channel)).transpose()?;
    let kind = what.kind.as_deref().and_then(|kind| context.policy.kind(kind));
    // A breach is private from its first word on; letting it out is an act of its own.
    what.private |= kind.is_some_and(|kind| kind.private);
    let mut events = vec![Event::Incident(IncidentEvent::Declared(what))];
    if !declare.policy.is_empty() {
        events.push(pinned(&declare.policy)?);
    }
    events.extend(kind.into_iter().flat_map(|kind| needed_roles(incident, kind)));
    let proposed = declare.severity.as_ref().map(|severity| known_level(severity, context)).transpose()?;
    if !declare.answers.is_empty() {
        let answers = declare.answers.clone();
        events.push(Event::Severity(SeverityEvent::Assessed { answers, proposes: proposed.clone() }));
    }
    if let Some(to) = proposed {
        let reason = short(&declare.severity_reason)?;
        events.push(Event::Severity(SeverityEvent::Set { from: None, to, reason, restores: None }));
    }
    if let Some(who) = declare.commander.clone().filter(|who| !who.is_empty()) {
        let role = super::roles::COMMANDER.to_owned();
        events.push(Event::Role(roles::assigned(role, who, None)));
    }
    if let Some(playbook) = &declare.playbook {
        events.push(attached(playbook));
    }
    Ok(events)
}

/// The roles of a type that the board does not have yet.
fn needed_roles(incident: &Incident, kind: &IncidentType) -> Vec<Event> {
    let mut missing: Vec<String> = Vec::new();
    for role in kind.roles.iter().map(|role| super::roles::role_key(role)) {
        if !incident.roles.knows(&role) && !missing.contains(&role) {
            missing.push(role);
        }
    }
    let duty = "needed by this type of incident";
    let defined = |role| Event::Role(RoleEvent::Defined { role, duty: duty.to_owned() });
    missing.into_iter().map(defined).collect()
}

/// Another type has the consequences that it would have had at the declaration. What is private stays so.
fn decide_retype(incident: &Incident, kind: &str, context: Context) -> Decision {
    let kind = known_kind(kind, context)?;
    let known = context.policy.kind(&kind);
    let mut events = vec![Event::Incident(IncidentEvent::Retyped { kind: kind.clone() })];
    if known.is_some_and(|known| known.private) && !incident.is_private() {
        let reason = format!("it is a {kind} now");
        events.push(Event::Incident(IncidentEvent::Private { on: true, reason }));
    }
    events.extend(known.into_iter().flat_map(|known| needed_roles(incident, known)));
    Ok(events)
}

fn decide_link(incident: &Incident, what: &str, url: &str) -> Decision {
    let what =
        required_line(what, "the link has no name", "name it, such as bridge or channel")?.to_lowercase();
    let url = short(url)?;
    if !url.is_empty() {
        return one(Event::Incident(IncidentEvent::Linked { what, url }));
    }
    if !incident.links.contains_key(&what) {
        return refuse(format!("there is no link {what:?}"), "give its address to set it");
    }
    one(Event::Incident(IncidentEvent::Unlinked { what }))
}

fn decide_retract(incident: &Incident, target: EntryId, reason: &str) -> Decision {
    if incident.notes.retracted.contains_key(&target) {
        return refuse("the entry is already retracted", "undo brings it back");
    }
    one(Event::Note(NoteEvent::Retracted { target, reason: short(reason)? }))
}

fn decide_restore(incident: &Incident, target: EntryId) -> Decision {
    if !incident.notes.retracted.contains_key(&target) {
        return refuse("the entry is not retracted", "");
    }
    one(Event::Note(NoteEvent::Restored { target }))
}

fn decide_mark(incident: &Incident, target: EntryId, on: bool) -> Decision {
    if incident.notes.marked.contains(&target) == on {
        return refuse(if on { "it is already marked" } else { "it is not marked" }, "");
    }
    one(Event::Note(NoteEvent::Marked { target, on }))
}

fn decide_status(incident: &Incident, to: Status, reason: &str) -> Decision {
    let from = incident.status;
    let reason = short(reason)?;
    if from == to {
        return refuse(format!("it is {to} already"), "choose another status");
    }
    if from.is_over() && !to.is_over() && reason.is_empty() {
        return refuse("reopening needs a reason", "say what came back");
    }
    if to == Status::Closed && !from.is_over() {
        return refuse(
            "it has not been resolved",
            "resolve it first: say who checked what, and what they saw",
        );
    }
    if !from.is_over() && to.is_over() && reason.is_empty() {
        return unverified(from);
    }
    if to == Status::Closed {
        closable(incident, &reason)?;
    }
    one(Event::Status(StatusEvent::Moved { from, to, reason }))
}

fn unverified<T>(from: Status) -> Result<T, Refusal> {
    let said = "say who checked what, and what they saw";
    let hint = match from {
        Status::Verifying => said.to_owned(),
        _ => format!("move it to verifying until somebody has checked, or {said}"),
    };
    refuse("resolving needs the verification", hint)
}

/// Closing says what became of the data (row B7), and why anything is left.
fn closable(incident: &Incident, reason: &str) -> Result<(), Refusal> {
    if incident.ledger.stated.is_none() {
        return refuse(
            "nothing says what became of the data",
            "state it: none, delayed or lost (`warroom impact state`)",
        );
    }
    let open: Vec<&str> = incident.ledger.open().map(|dataset| dataset.name.as_str()).collect();
    if !open.is_empty() && reason.is_empty() {
        return refuse(format!("not recovered: {}", open.join(", ")), "say why it is closed nevertheless");
    }
    Ok(())
}

fn decide_private(incident: &Incident, on: bool, reason: &str) -> Decision {
    if incident.is_private() == on {
        return refuse(if on { "it is private already" } else { "it is not private" }, "");
    }
    let reason = short(reason)?;
    if !on && reason.is_empty() {
        return refuse("letting its words out needs a reason", "say who allowed it");
    }
    one(Event::Incident(IncidentEvent::Private { on, reason }))
}

/// Longest policy, in bytes: it is pinned into each journal.
pub const MAX_POLICY: usize = 256 * 1024;

/// Other clocks hold from here on: the timeline says so.
fn decide_pin(parts: &[PinnedPolicy]) -> Decision {
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    let text = format!("policy from here on: {}", names.join(", "));
    Ok(vec![pinned(parts)?, Event::Note(NoteEvent::Written { kind: NoteKind::Decision, text })])
}

fn pinned(parts: &[PinnedPolicy]) -> Result<Event, Refusal> {
    let mut texts = Vec::new();
    for part in parts {
        if part.text.len() > MAX_POLICY {
            let why = format!("the policy {} is longer than {} KiB", part.name, MAX_POLICY / 1024);
            return refuse(why, "leave out what no incident needs");
        }
        if let Err(why) = Policy::parse(&part.text) {
            return refuse(
                format!("the policy {} cannot be read: {why}", part.name),
                "run `warroom policy check`",
            );
        }
        let PinnedPolicy { name, digest, text } = part.clone();
        texts.push(PolicyText { name, digest, text });
    }
    if texts.is_empty() {
        return refuse("no policy is named", "name one, such as data");
    }
    Ok(Event::Policy(PolicyEvent::Pinned { parts: texts }))
}

/// The answers, and the severity where they lead to another one.
fn decide_assess(
    incident: &Incident,
    answers: &[Assessment],
    to: Option<&str>,
    reason: &str,
    context: Context,
) -> Decision {
    let mut kept = Vec::new();
    for Assessment { question, answer } in answers {
        let (question, answer) = (short(question)?, short(answer)?);
        if !answer.is_empty() {
            kept.push(Assessment { question, answer });
        }
    }
    if kept.is_empty() {
        return refuse("no question was answered", "answer one, or press Esc");
    }
    let to = to.map(|to| known_level(to, context)).transpose()?;
    let differs = to.as_ref().filter(|to| incident.severity.as_ref() != Some(to));
    let set = differs.map(|to| decide_severity(incident, to, reason, context)).transpose()?;
    let assessed = Event::Severity(SeverityEvent::Assessed { answers: kept, proposes: to });
    Ok(std::iter::once(assessed).chain(set.into_iter().flatten()).collect())
}

fn decide_severity(incident: &Incident, to: &str, reason: &str, context: Context) -> Decision {
    let to = known_level(to, context)?;
    let from = incident.severity.clone();
    if from.as_deref() == Some(to.as_str()) {
        return refuse(format!("it is {to} already"), "choose another severity");
    }
    let reason = short(reason)?;
    if from.is_some() && reason.is_empty() {
        return refuse("changing the severity needs a reason", "say what is now known");
    }
    one(Event::Severity(SeverityEvent::Set { from, to, reason, restores: None }))
}

fn who_is_named(who: &PersonId) -> Result<(), Refusal> {
    if who.is_empty() { refuse("nobody is named", "type a name, such as alice") } else { Ok(()) }
}

fn attached(playbook: &PinnedPlaybook) -> Event {
    let PinnedPlaybook { name, digest, text } = playbook.clone();
    Event::Playbook(PlaybookEvent::Attached { name, digest, text })
}

fn decide_attach(incident: &Incident, playbook: &PinnedPlaybook) -> Decision {
    if playbook.text.len() > MAX_PLAYBOOK {
        let why = format!(
            "{} has {} KiB, more than {} KiB",
            playbook.name,
            playbook.text.len() / 1024,
            MAX_PLAYBOOK / 1024
        );
        return refuse(why, "attach the part that is worked through");
    }
    if incident.attached_runs().any(|run| run.digest == playbook.digest) {
        return refuse(format!("{} is attached already", playbook.name), "switch to it in the checklist");
    }
    one(attached(playbook))
}

fn decide_detach(incident: &Incident, run: EntryId, reason: &str) -> Decision {
    if !incident.attached_runs().any(|other| other.id == run) {
        return refuse("that playbook is not attached", "");
    }
    one(Event::Playbook(PlaybookEvent::Detached { run, reason: short(reason)? }))
}

fn decide_step(incident: &Incident, run: EntryId, step: &str, act: &StepCommand) -> Decision {
    use super::checklist::Progress;
    let Some(attached) = incident.run(run) else {
        return refuse("no such playbook is attached", "attach one");
    };
    if let StepCommand::Add { phase, text } = act {
        return decide_added_step(attached, phase, text);
    }
    if !attached.has_step(step) {
        return refuse(
            format!("the playbook has no step {step:?}"),
            "list the steps with `warroom step INCIDENT`",
        );
    }
    let progress = attached.progress(step);
    let act = match act {
        StepCommand::Tick if progress == Progress::Done => {
            return refuse("it is done already", "untick it to reopen");
        }
        StepCommand::Start if progress == Progress::Started => return refuse("it is started already", ""),
        StepCommand::Reopen if progress == Progress::Open => return refuse("it is open already", ""),
        StepCommand::Tick => StepAct::Ticked,
        StepCommand::Start => StepAct::Started,
        StepCommand::Reopen => StepAct::Reopened,
        StepCommand::Skip { reason } => {
            let reason = required_line(reason, "skipping needs a reason", "say why it is not done")?;
            StepAct::Skipped { reason }
        }
        StepCommand::Assign { who } => StepAct::Assigned { who: who.clone().filter(|who| !who.is_empty()) },
        StepCommand::Note { text } => {
            StepAct::Noted { text: required(text, "the note is empty", "type what is worth knowing")? }
        }
        StepCommand::Add { .. } => return refuse("a step is added to a phase", ""),
    };
    one(Event::Step(StepEvent { run, step: step.to_owned(), act }))
}

fn decide_added_step(run: &super::checklist::Run, phase: &str, text: &str) -> Decision {
    let text = required_line(text, "the step is empty", "say what is to be done")?;
    let phase = short(phase)?;
    let phases = run.phases();
    let phase =
        if phase.is_empty() { phases.first().map_or("Added", |first| first).to_owned() } else { phase };
    let base = format!("added/{}", Playbook::slug(&text));
    let mut step = base.clone();
    let mut number = 2;
    while run.has_step(&step) {
        step = format!("{base}-{number}");
        number += 1;
    }
    one(Event::Step(StepEvent { run: run.id, step, act: StepAct::Added { phase, text } }))
}
