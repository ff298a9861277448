//! `warroom update`: tell an audience where the incident stands (MISSION rows B7, S4.12, S4.13).
//!
//! A text is looked over before it goes out: what the checks find refuses it, with the fix, unless it is set aside with a
//! reason. The update goes to the outbox. With no client configured its place is the local record beside the journal, and it
//! says so. Looking over is in `look`, filling in a template in `draft`, approving in `approve`, who was told what in `told`.

mod answer;
mod approve;
mod draft;
mod look;
mod told;

use std::io::{IsTerminal, Read, stdin};

use clap::Args;

use super::desk::{Desk, Found};
use super::fail::{Done, Fail};
use super::out::complain;
use super::words;
use crate::incident::event::SentUpdate;
use crate::incident::words::Word;
use crate::incident::{Command, Incident, PersonId, Span, Time};
use crate::policy::Policy;
use crate::report::check::masked;
use crate::report::history::audiences;
use crate::report::update::{Message, NextUpdate, STATUS_LINE, promise, stated, usual_word};
use crate::runtime::clock;

use answer::sent;
use approve::Act;

/// The audience of those who name none.
const USUAL: &str = "internal";

/// Send a status update, propose it to the commander, or print a draft of it from the log
#[derive(Args)]
#[command(
    override_usage = "warroom update [REF] [AUDIENCE] [--body TEXT] [--propose | --approved-by NAME | --draft]\n       \
                            warroom update [approve ID | reject ID --reason TEXT]\n       \
                            warroom update [AUDIENCE] --history"
)]
pub struct UpdateArgs {
    /// Who is told: internal (default), executive, customers, team/NAME; before it the incident's REF may stand
    #[arg(num_args = 0..=2, value_name = "AUDIENCE")]
    words: Vec<String>,
    /// Who is told, instead of the word
    #[arg(long, value_name = "AUDIENCE")]
    audience: Option<String>,
    /// What is said; else it comes from standard input
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// investigating, identified, resolving, monitoring or resolved; else what the text or the status says
    #[arg(long)]
    word: Option<String>,
    /// When the next one comes: 30m, 2h, 14:30 or none; else as the text says, else as the policy does. A text that does not
    /// say it gets it as its last line
    #[arg(long, value_name = "SPAN|TIME")]
    next: Option<String>,
    /// The commander has read it and said yes
    #[arg(long, value_name = "NAME", conflicts_with = "propose")]
    approved_by: Option<String>,
    /// Let the commander read it first; nothing is sent before `update approve`
    #[arg(long)]
    propose: bool,
    /// Send it although a check finds something, and say why
    #[arg(long = "override", value_name = "CHECK=REASON")]
    overrides: Vec<String>,
    /// Print the text as the log fills it in; nothing is sent
    #[arg(long, conflicts_with_all = ["body", "propose", "approved_by", "history"])]
    draft: bool,
    /// The template of the draft, such as can or resolution; else as the moment and the audience ask for
    #[arg(long, value_name = "NAME", requires = "draft")]
    template: Option<String>,
    /// Who was told what and when, and what waits for approval
    #[arg(long)]
    history: bool,
    #[command(subcommand)]
    act: Option<Act>,
}

impl UpdateArgs {
    pub fn run(mut self, desk: &mut Desk) -> Done {
        if let Some(act) = self.act.take() {
            let bare = self.words.is_empty() && self.body.is_none() && !self.draft && !self.history;
            return if bare { act.run(desk) } else { Err(words::mixed("update")) };
        }
        let (reference, audience) = self.split(desk)?;
        let found = match self.draft || self.history {
            true => desk.which_readable(reference.as_deref())?,
            false => desk.which(reference.as_deref())?,
        };
        if self.history {
            return told::history(desk, &found, audience.as_deref());
        }
        let audience = audience.unwrap_or_else(|| USUAL.to_owned());
        if self.draft {
            draft::print(self, desk, &found, &audience)
        } else {
            self.send(desk, &found, &audience)
        }
    }

    /// `[REF] [AUDIENCE]`: one word is an audience, unless only an incident has that name.
    fn split(&self, desk: &Desk) -> Done<(Option<String>, Option<String>)> {
        let (reference, word) = match self.words.as_slice() {
            [] => (None, None),
            [reference, audience] => (Some(reference.clone()), Some(audience.clone())),
            [word, ..] => {
                let incident = desk.policy()?.audience(word).is_none() && desk.find(word).is_ok();
                if incident { (Some(word.clone()), None) } else { (None, Some(word.clone())) }
            }
        };
        match (word, self.audience.clone()) {
            (Some(_), Some(_)) => {
                Err(Fail::usage("the audience is given twice", "use the word or --audience"))
            }
            (word, named) => Ok((reference, word.or(named))),
        }
    }

    fn send(self, desk: &mut Desk, found: &Found, audience: &str) -> Done {
        let configured = desk.policy()?;
        let mut session = desk.session(found)?;
        let policy = session.incident().policy().unwrap_or(&configured).clone();
        known(session.incident(), &policy, audience)?;
        // A word or a time that makes no sense is said before anybody types a text for it.
        self.word(session.incident(), "")?;
        self.next(session.incident(), &policy, audience, desk, "")?;
        let body = match &self.body {
            Some(body) => body.clone(),
            None => from_stdin()?,
        };
        let command = self.command(session.incident(), &policy, audience, desk, &body);
        // The text comes back on the screen: a secret in it does not.
        let shown = masked(&body);
        let command = command.map_err(|fail| fail.keeping(&shown))?;
        let saved = session.carry_out(desk.order(command)).map_err(|why| Fail::from(why).keeping(&shown))?;
        sent(desk, &mut session, found, &saved)
    }

    fn command(
        &self,
        incident: &Incident,
        policy: &Policy,
        audience: &str,
        desk: &Desk,
        body: &str,
    ) -> Done<Command> {
        let (word, now) = (self.word(incident, body)?, clock::now());
        let next = self.next(incident, policy, audience, desk, body)?;
        let body = look::naming_next(body, next, now, desk.zone);
        let message = Message::new(incident, policy, audience, word, now, desk.zone, next);
        let overrides = look::over(&body, &message, &self.overrides)?;
        let approved_by = self.approved_by.as_deref().map(PersonId::new);
        let update = SentUpdate { approved_by, overrides, ..SentUpdate::new(audience, word, body, next) };
        Ok(if self.propose { Command::Propose(update) } else { Command::Update(update) })
    }

    /// As given, as the text says, or as the status does.
    fn word(&self, incident: &Incident, body: &str) -> Done<Word> {
        let Some(typed) = &self.word else {
            let said = stated(body, STATUS_LINE).and_then(Word::parse);
            return Ok(said.unwrap_or_else(|| usual_word(incident)));
        };
        let names: Vec<&str> = Word::ALL.iter().map(|word| word.name()).collect();
        Word::parse(typed).ok_or_else(|| {
            let what = format!("there is no word {typed:?} for updates");
            Fail::refused(what, format!("use one of {}", names.join(", ")))
        })
    }

    /// As given, as the text says, or as the policy has it; a last message promises nothing by itself.
    fn next(
        &self,
        incident: &Incident,
        policy: &Policy,
        audience: &str,
        desk: &Desk,
        body: &str,
    ) -> Done<Option<Time>> {
        let now = clock::now();
        let usual = policy.next_update(audience, incident.severity.as_deref());
        let said = look::promised(body, now, desk.zone)?;
        let Some(typed) = &self.next else {
            let over = self.word(incident, body)? == Word::Resolved;
            let silent = if over { NextUpdate::Never } else { NextUpdate::Usual };
            return Ok(said.unwrap_or(silent).due(usual, now));
        };
        let given = NextUpdate::parse(typed, now, desk.zone)
            .map_err(|why| Fail::usage(format!("--next {typed}: {why}"), "write 30m, 2h, 14:30 or none"))?;
        let given = given.due(usual, now);
        let Some(said) = said.map(|said| said.due(usual, now)) else { return Ok(given) };
        let fits = match (given, said) {
            (Some(given), Some(said)) => given.since(said).abs() <= Span::from_mins(1),
            (given, said) => given == said,
        };
        if fits {
            return Ok(said);
        }
        let told = |next| promise(next, now, desk.zone);
        Err(Fail::refused(
            format!("--next {typed} means {}, and the text says {}", told(given), told(said)),
            "leave --next out, or put the text right",
        ))
    }
}

/// A name with a slip of the finger is nobody: an update to it would reach nobody, and need nobody's approval.
fn known(incident: &Incident, policy: &Policy, audience: &str) -> Done {
    let all = audiences(incident, policy);
    if policy.audiences.is_empty()
        || policy.audience(audience).is_some()
        || all.iter().any(|known| known == audience)
    {
        return Ok(());
    }
    Err(Fail::refused(format!("there is no audience {audience:?}"), format!("use one of {}", all.join(", "))))
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
