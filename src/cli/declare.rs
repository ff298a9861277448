//! `warroom declare`: a new incident, from a person or from a callback (MISSION row S1.3).
//!
//! Everything is decided before anything is made on disk: a refused declaration leaves no folder behind.

use std::io::Read;

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::desk::{Desk, Found};
use super::fail::{Done, Fail};
use super::moment;
use super::out::complain;
use crate::config::settings::nearest;
use crate::config::shipped;
use crate::incident::command::{Declare, PinnedPlaybook};
use crate::incident::event::Declared;
use crate::incident::{Command, Context, Incident, PersonId, decide};
use crate::policy::Policy;
use crate::runtime::declare::declare as make;

/// Declare an incident; with --json answers {"id","slug","number","ref","path",…}
#[derive(Args)]
pub struct DeclareArgs {
    /// What is wrong, in a few words
    #[arg(value_name = "TITLE")]
    words: Vec<String>,
    #[command(flatten)]
    given: Given,
    /// Read the same fields from a JSON object in FILE, - for standard input; options win over it
    #[arg(long, value_name = "FILE")]
    from_json: Option<String>,
}

/// What can be said at once; the names are the same as options and in JSON.
#[derive(Args, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Given {
    /// The title, instead of the words
    #[arg(long)]
    title: Option<String>,
    /// A type of the policy, such as data-loss; it proposes severity and playbook
    #[arg(long = "type", value_name = "TYPE")]
    #[serde(rename = "type")]
    kind: Option<String>,
    /// A level of the policy, such as P1
    #[arg(long)]
    severity: Option<String>,
    /// The name of a playbook or the path of a Markdown file; `none` for none
    #[arg(long)]
    playbook: Option<String>,
    /// Who commands
    #[arg(long, value_name = "NAME")]
    commander: Option<String>,
    /// Who reported it
    #[arg(long, value_name = "NAME")]
    reporter: Option<String>,
    /// Where the report came from: a channel, an alert, a ticket
    #[arg(long)]
    channel: Option<String>,
    /// This is an exercise
    #[arg(long)]
    drill: bool,
    /// Keep its words out of titles, paths and channels; a breach always is
    #[arg(long)]
    private: bool,
    /// When it began or was detected, if not now: 14:03, -7m, ~13:30
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

impl Given {
    const NAMES: [&'static str; 10] = [
        "title",
        "type",
        "severity",
        "playbook",
        "commander",
        "reporter",
        "channel",
        "drill",
        "private",
        "at",
    ];

    fn parse(text: &str) -> Done<Self> {
        serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
            let hint = match unknown.and_then(|unknown| nearest(unknown, &Self::NAMES)) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("give one object with {}", Self::NAMES.join(", ")),
            };
            Fail::usage(format!("the JSON cannot be used: {message}"), hint)
        })
    }

    fn or(self, other: Self) -> Self {
        Self {
            title: self.title.or(other.title),
            kind: self.kind.or(other.kind),
            severity: self.severity.or(other.severity),
            playbook: self.playbook.or(other.playbook),
            commander: self.commander.or(other.commander),
            reporter: self.reporter.or(other.reporter),
            channel: self.channel.or(other.channel),
            drill: self.drill || other.drill,
            private: self.private || other.private,
            at: self.at.or(other.at),
        }
    }
}

impl DeclareArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let given = self.given()?;
        let at = moment::optional(given.at.as_deref(), desk.zone)?;
        let policy = desk.policy()?;
        let mut declare = declaration(desk, &policy, given)?;
        for unknown in desk.usable().fit(&mut declare) {
            complain(&format!(
                "warning: {unknown} is not in the policies that can be read: it is declared without"
            ));
        }
        let title = declare.what.title.clone();
        let order = desk.order(Command::Declare(declare)).at(at);
        // The host's id is asked for last: a refused declaration must not even make the home.
        decide(
            &Incident::default(),
            &order.command,
            Context { policy: &policy, now: crate::runtime::clock::now(), by: &order.by },
        )?;
        let made =
            desk.host().and_then(|host| Ok(make(&desk.home(), host, &policy, desk.connected(), order)?));
        let (dir, session) = made.map_err(|fail| fail.keeping(&title))?;
        answer(desk, &Found::from(dir), session.incident())
    }

    fn given(&self) -> Done<Given> {
        let words = Some(self.words.join(" ")).filter(|words| !words.is_empty());
        if words.is_some() && self.given.title.is_some() {
            return Err(Fail::usage("the title is given twice", "use either --title or plain words"));
        }
        let typed = Given { title: self.given.title.clone().or(words), ..self.given.clone() };
        let Some(source) = &self.from_json else { return Ok(typed) };
        Ok(typed.or(Given::parse(&read(source)?)?))
    }
}

fn read(source: &str) -> Done<String> {
    let mut bytes = Vec::new();
    let read = match source {
        "-" => std::io::stdin().read_to_end(&mut bytes).map(drop),
        file => std::fs::read(file).map(|read| bytes = read),
    };
    read.map_err(|error| {
        Fail::refused(format!("{source}: {error}"), "give a file of JSON, or - for standard input")
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn declaration(desk: &Desk, policy: &Policy, given: Given) -> Done<Declare> {
    let kind = given.kind.as_deref().and_then(|kind| policy.kind(kind));
    let proposed = kind.and_then(|kind| kind.severity.first().cloned());
    let severity_reason = match (&given.severity, &proposed, kind) {
        (None, Some(_), Some(kind)) => format!("proposed for {}", kind.name),
        _ => String::new(),
    };
    let playbook = playbook(desk, given.playbook.as_deref(), kind.and_then(|kind| kind.playbook.as_deref()))?;
    Ok(Declare {
        what: Declared {
            title: given.title.unwrap_or_default(),
            kind: given.kind,
            drill: given.drill,
            private: given.private,
            reporter: given.reporter,
            channel: given.channel,
            ..Declared::default()
        },
        severity: given.severity.or(proposed),
        severity_reason,
        commander: given.commander.as_deref().map(PersonId::new),
        playbook,
        policy: desk.usable().pinned.clone(),
        answers: Vec::new(),
    })
}

/// A playbook that was named must be there; one that is only proposed must not keep anybody from declaring.
fn playbook(desk: &Desk, named: Option<&str>, proposed: Option<&str>) -> Done<Option<PinnedPlaybook>> {
    let pinned = |name: &str| shipped::playbook(&desk.paths, name);
    match (named, proposed) {
        (Some("none"), _) | (None, None) => Ok(None),
        (Some(name), _) => {
            pinned(name).map(Some).map_err(|why| Fail::refused(why, "see `warroom playbook list`"))
        }
        (None, Some(name)) => Ok(pinned(name).map_err(|why| complain(&format!("warning: {why}"))).ok()),
    }
}

fn answer(desk: &mut Desk, found: &Found, incident: &Incident) -> Done {
    let number = found.number.unwrap_or_default();
    let reference = format!("INC-{number:04}");
    let playbook = incident.attached_runs().next().map(|run| run.name.clone());
    if desk.json {
        return desk.out.json(&json!({
            "id": found.id,
            "slug": found.slug,
            "number": number,
            "ref": reference,
            "path": found.path,
            "title": incident.title(),
            "public_title": incident.public_title(),
            "private": incident.is_private(),
            "type": incident.kind(),
            "severity": incident.severity,
            "playbook": playbook,
        }));
    }
    let severity = incident.severity.as_ref().map(|severity| format!(" {severity}")).unwrap_or_default();
    let private =
        if incident.is_private() { " (PRIVATE: its words stay out of channels and paths)" } else { "" };
    desk.out.line(&format!("{reference}{severity}: {}{private}", incident.title()))?;
    if let Some(playbook) = playbook {
        desk.out.line(&format!("playbook attached: {playbook}"))?;
    }
    desk.out.line(&format!("kept in {}", found.path.display()))
}
