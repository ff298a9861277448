//! `warroom update`: tell an audience where the incident stands.
//!
//! The update goes to the outbox. With no client configured its place is the local record beside the journal, and it says so.

use std::io::{IsTerminal, Read, stdin};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::desk::{Desk, Found};
use super::fail::{Done, Fail};
use super::out::complain;
use super::print;
use crate::clients::Local;
use crate::incident::event::SentUpdate;
use crate::incident::words::Word;
use crate::incident::{Command, EntryId, Incident, Span, Time};
use crate::outbox::{Act, State};
use crate::policy::Policy;
use crate::report::export::shape;
use crate::runtime::clock;
use crate::runtime::headless::{Delivery, Session};

/// How long another command may hold the delivery lock before it is taken for an open console.
const PATIENCE: Duration = Duration::from_secs(1);

/// Send a status update; the body comes from --body or standard input
#[derive(Args)]
pub struct UpdateArgs {
    /// The incident: its number, slug or id
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Who is told: internal, executive, customers or any other of the policy
    #[arg(long, default_value = "internal")]
    audience: String,
    /// What is said
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// investigating, identified, resolving, monitoring or resolved; else what the status says
    #[arg(long)]
    word: Option<String>,
    /// When the next one is due, such as 30m or 2h, or none; else as the policy says
    #[arg(long, value_name = "SPAN")]
    next: Option<String>,
}

impl UpdateArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let policy = desk.policy()?;
        let found = desk.which(self.reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let word = self.word(session.incident())?;
        let next = self.next(session.incident(), &policy, clock::now())?;
        let body = match self.body {
            Some(body) => body,
            None => from_stdin()?,
        };
        let update = SentUpdate { audience: self.audience, word, body: body.clone(), next };
        let order = desk.order(Command::Update(update));
        let saved = session.carry_out(order).map_err(|not_done| Fail::from(not_done).keeping(&body))?;
        let delivery = session.deliver(PATIENCE).unwrap_or_else(|not_done| {
            complain(&format!("warning: the update is saved, but not delivered yet: {not_done}"));
            Delivery::Tried
        });
        answer(desk, &session, &found, &saved, delivery)
    }

    fn word(&self, incident: &Incident) -> Done<Word> {
        let Some(typed) = &self.word else { return Ok(incident.status.word()) };
        let names: Vec<&str> = Word::ALL.iter().map(|word| word.name()).collect();
        Word::parse(typed).ok_or_else(|| {
            Fail::refused(
                format!("there is no word {typed:?} for updates"),
                format!("use one of {}", names.join(", ")),
            )
        })
    }

    fn next(&self, incident: &Incident, policy: &Policy, now: Time) -> Done<Option<Time>> {
        match self.next.as_deref() {
            Some("none") => Ok(None),
            Some(span) => match Span::parse(span) {
                Some(span) => Ok(Some(now + span)),
                None => {
                    Err(Fail::usage(format!("{span:?} is no length of time"), "write 30m, 2h, 1h30m or none"))
                }
            },
            None if incident.status.is_over() => Ok(None),
            None => Ok(Some(now + policy.next_update(&self.audience))),
        }
    }
}

fn from_stdin() -> Done<String> {
    if stdin().is_terminal() {
        complain("write the update, Ctrl-D ends");
    }
    let mut bytes = Vec::new();
    let read = stdin().read_to_end(&mut bytes);
    read.map_err(|error| {
        Fail::refused(format!("standard input cannot be read: {error}"), "give the text with --body")
    })?;
    Ok(crate::incident::clean::from_bytes(&bytes))
}

fn answer(desk: &mut Desk, session: &Session, found: &Found, saved: &[EntryId], delivery: Delivery) -> Done {
    let local = Local::beside(session.dir());
    let acts: Vec<&Act> = saved.iter().flat_map(|id| session.room().outbox().about(*id)).collect();
    if desk.json {
        let entries: Vec<Value> = session
            .written()
            .iter()
            .filter(|entry| saved.contains(&entry.id()))
            .map(|entry| shape::entry(session.incident(), entry))
            .collect();
        let deliveries: Vec<Value> = acts.iter().map(|act| act_shape(act, &local)).collect();
        return desk
            .out
            .json(&json!({ "incident": print::found(found), "saved": entries, "deliveries": deliveries }));
    }
    print::saved(desk, session, found, saved)?;
    if acts.is_empty() {
        return desk.out.line("saved, but not queued for delivery; the timeline has the text");
    }
    acts.iter().try_for_each(|act| desk.out.line(&sentence(act, &local, delivery)))
}

fn sentence(act: &Act, local: &Local, delivery: Delivery) -> String {
    match &act.state {
        State::Confirmed { .. } => {
            format!("no client configured: kept in the local record {}", local.path(act).display())
        }
        State::Stuck { message, .. } | State::Doubtful { message, .. } => format!("not delivered: {message}"),
        _ if delivery == Delivery::LeftToAnother => "queued: an open console delivers it".to_owned(),
        _ => "queued: the next update or an open console delivers it".to_owned(),
    }
}

fn act_shape(act: &Act, local: &Local) -> Value {
    let (state, message) = match &act.state {
        State::Waiting { .. } => ("waiting", None),
        State::Attempted { .. } => ("attempted", None),
        State::Doubtful { message, .. } => ("doubtful", Some(message)),
        State::Stuck { message, .. } => ("stuck", Some(message)),
        State::Confirmed { .. } => ("confirmed", None),
        State::Dropped { .. } => ("dropped", None),
    };
    let path = (state == "confirmed").then(|| local.path(act));
    json!({ "request": act.request, "client": act.client, "lane": act.lane, "state": state, "message": message, "path": path })
}
