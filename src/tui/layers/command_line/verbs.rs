//! What a line of the `:` line means. Pure: the same line and context always give the same messages. The verbs of command
//! and of the ledgers are in `acts`.

use super::{acts, seek};
use crate::config::settings::nearest;
use crate::incident::command::RoleCommand;
use crate::incident::roles::role_key;
use crate::incident::scribe::{LineTime, NoteKind, parse_line};
use crate::incident::words::Status;
use crate::incident::{Command, PersonId, When, Zone};
use crate::tui::actions::{self, Action, AppAction, REGISTRY};
use crate::tui::layers::entry::which_time;
use crate::tui::layers::{self, question};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::Ctx;

/// The verbs that take arguments, how they are written, and what they do.
pub const VERBS: [(&str, &str, &str); 34] = [
    ("note", "TEXT", "write on the timeline; a time and a mark in front count"),
    ("decision", "TEXT", "write a decision"),
    ("ask", "WHO [10m] WHAT", "ask somebody; a role means whoever holds it"),
    ("decide", "PROPOSAL", "propose, and hear strong objections"),
    ("cause", "TEXT", "write down what may be the cause"),
    ("impact", "DATASET WORD [NOTE]", "a dataset is lost, delayed, corrupt, exposed, contained, recovered"),
    ("followup", "[@WHO] TEXT", "open a follow-up"),
    ("heard", "[CLOCK]", "you have heard the clock that ran out"),
    ("snooze", "CLOCK 10m REASON", "put a clock off"),
    ("escalate", "WHO ANSWER", "you have called WHO; `no answer` leaves the clock running"),
    ("private", "on|off [REASON]", "keep its words out of titles and channels, or let them out"),
    ("policy", "NAME [NAME]", "the policies that hold from here on"),
    ("title", "TEXT", "change the title"),
    ("type", "KIND", "set the type of the incident"),
    ("severity", "LEVEL REASON", "set the severity"),
    ("status", "WORD [REASON]", "move phase and status"),
    ("resolve", "[REASON]", "recovery is confirmed"),
    ("reopen", "REASON", "back to looking for the cause"),
    ("role", "ROLE WHO", "assign a role; `none` releases it"),
    ("hand-over", "ROLE WHO [BRIEF]", "offer a role with a brief; it changes hands when WHO accepts"),
    ("channel", "open|post|topic|invite…", "the incident's channel in the chat"),
    ("page", "open|ack|note|add|escalate…", "the paging service"),
    ("ticket", "open|comment|move|attach…", "the tracker"),
    ("attach", "NAME|PATH", "attach a playbook, or any Markdown runbook"),
    ("link", "NAME [URL]", "set a link, or remove it"),
    ("goto", "TIME", "to a time, such as 14:05"),
    ("seek", "TIME", "to a time of the replay, such as 14:05, +30m, start, end"),
    ("theme", "NAME", "use a theme"),
    ("zone", "utc|local", "show times in UTC or local time"),
    ("export", "[PATH]", "write the incident as Markdown into a file"),
    ("open", "REF", "open an incident"),
    ("replay", "NAME", "replay a past incident"),
    ("quit", "", "leave"),
    ("q", "", "leave"),
];

pub(super) type Parsed = Result<Vec<Msg>, String>;

/// Turns a line into messages; the error says what could have been typed.
pub fn parse(line: &str, ctx: &Ctx) -> Parsed {
    let line = line.trim().trim_start_matches(':').trim_start();
    let (verb, rest) = cut(line);
    match (verb, rest) {
        ("", _) => Ok(Vec::new()),
        ("q", "") => Ok(vec![Msg::Act(Action::App(AppAction::Quit))]),
        ("q!" | "quit!", "") => Ok(vec![Msg::Quit]),
        // These mean something on their own; any other name runs its action.
        ("resolve", _) => status(Status::Resolved, rest, ctx),
        (_, "") if actions::named(verb).is_some() => {
            Ok(actions::named(verb).map(|spec| Msg::Act(spec.action)).into_iter().collect())
        }
        _ => with_arguments(verb, rest, ctx),
    }
}

fn with_arguments(verb: &str, rest: &str, ctx: &Ctx) -> Parsed {
    match verb {
        "note" => note(None, rest, ctx),
        "decision" => note(Some(NoteKind::Decision), rest, ctx),
        "title" => order(Command::Retitle { title: needed(verb, rest)? }, ctx),
        "type" => retype(needed(verb, rest)?, ctx),
        "severity" => severity(rest, ctx),
        "status" => {
            let (word, reason) = cut(rest);
            status(Status::parse(word).ok_or_else(|| no_status(word))?, reason, ctx)
        }
        "reopen" => status(Status::Diagnosing, &needed(verb, rest)?, ctx),
        "role" => role(rest, ctx),
        "hand-over" => hand_over(rest, ctx),
        "link" => {
            let (what, url) = (cut(rest).0.to_owned(), cut(rest).1.to_owned());
            needed(verb, &what)?;
            order(Command::Link { what, url }, ctx)
        }
        "channel" | "page" | "ticket" => layers::outbox::line(&format!("{verb} {rest}"), ctx),
        "goto" | "seek" => Ok(vec![seek::time(&needed(verb, rest)?, ctx)?]),
        _ => acts::parse(verb, rest, ctx).unwrap_or_else(|| elsewhere(verb, rest)),
    }
}

/// What changes no incident.
fn elsewhere(verb: &str, rest: &str) -> Parsed {
    let message = match verb {
        "attach" => Msg::Attach(needed(verb, rest)?),
        "theme" => Msg::Theme(needed(verb, rest)?),
        "zone" => Msg::Zone(zone(rest)?),
        "export" => Msg::Export(Some(rest.to_owned())),
        "open" => Msg::Enter(needed(verb, rest)?),
        "replay" => Msg::Replay { name: needed(verb, rest)?, at: None },
        _ => return Err(unknown(verb, rest)),
    };
    Ok(vec![message])
}

/// The first word and what follows it.
pub fn cut(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

pub(super) fn needed(verb: &str, rest: &str) -> Result<String, String> {
    if rest.is_empty() {
        return Err(usage(verb));
    }
    Ok(rest.to_owned())
}

/// How a verb is written.
fn usage(verb: &str) -> String {
    let known = VERBS.iter().find(|(name, ..)| *name == verb);
    known.map_or_else(|| verb.to_owned(), |(name, arguments, about)| format!("{name} {arguments}: {about}"))
}

/// An action that takes no arguments, or no such word at all.
fn unknown(verb: &str, rest: &str) -> String {
    if !rest.is_empty() && actions::named(verb).is_some() {
        return format!("{verb} takes nothing after it");
    }
    let names: Vec<&str> =
        REGISTRY.iter().map(|spec| spec.name).chain(VERBS.map(|(name, ..)| name)).collect();
    match nearest(verb, &names) {
        Some(near) => format!("there is no command {verb:?}: did you mean {near}?"),
        None => format!("there is no command {verb:?}: Tab lists them, ? explains"),
    }
}

/// An order to the open incident, refused here already where it would be refused there.
pub(super) fn order(command: Command, ctx: &Ctx) -> Parsed {
    if ctx.scene.is_none() {
        return Err("no incident is open: open or declare one first".to_owned());
    }
    question::order(command, ctx)
}

fn note(kind: Option<NoteKind>, text: &str, ctx: &Ctx) -> Parsed {
    let line = parse_line(text, ctx.now, &ctx.look.zone);
    let at: Option<When> = match line.time {
        LineTime::None => None,
        LineTime::Is(when) => Some(when),
        LineTime::Ask(choices) => return Err(which_time(&choices)),
    };
    let command = Command::Note { kind: kind.unwrap_or(line.kind), text: line.text };
    order(command.clone(), ctx)?;
    Ok(vec![Msg::OrderAt(command, at)])
}

/// Another type; its playbook is named where it is not attached. The same type again is no entry.
fn retype(kind: String, ctx: &Ctx) -> Parsed {
    let command = Command::Retype { kind: kind.clone() };
    let messages = order(command.clone(), ctx)?;
    let Some(scene) = ctx.scene.filter(|scene| scene.live) else { return Ok(messages) };
    let policy = scene.policy(ctx);
    let meant = policy.types.iter().find(|one| one.name.eq_ignore_ascii_case(kind.trim()));
    let name = meant.map_or(kind.as_str(), |one| one.name.as_str());
    let attached = |wanted: &str| scene.incident.attached_runs().any(|run| run.name == wanted);
    let playbook = meant.and_then(|one| one.playbook.as_deref()).filter(|wanted| !attached(wanted));
    let playbook =
        playbook.map(|it| format!(" Its playbook is not attached: :attach {it}")).unwrap_or_default();
    if scene.incident.kind() == Some(name) {
        return Ok(vec![Msg::Say(Tone::Info, format!("it is of the type {name} already.{playbook}"))]);
    }
    Ok(vec![Msg::OrderSaying(command, format!("the type is {name} now.{playbook}"))])
}

fn severity(rest: &str, ctx: &Ctx) -> Parsed {
    let (level, reason) = cut(rest);
    let names: Vec<&str> = ctx.policy.levels.iter().map(|level| level.name.as_str()).collect();
    let known =
        ctx.policy.level(level).ok_or_else(|| format!("severity: use one of {}", names.join(", ")))?;
    order(Command::Severity { to: known.name.clone(), reason: reason.to_owned() }, ctx)
}

fn status(to: Status, reason: &str, ctx: &Ctx) -> Parsed {
    // A move that needs words asks for them, as its key does.
    let live = ctx.scene.filter(|scene| scene.live && reason.is_empty());
    if let Some(question) = live.and_then(|scene| layers::status::guard(to, &scene)) {
        return Ok(vec![Msg::Push(question)]);
    }
    order(Command::Status { to, reason: reason.to_owned() }, ctx)
}

fn no_status(word: &str) -> String {
    let names = Status::ALL.map(Status::name);
    match nearest(word, &names) {
        Some(near) => format!("there is no status {word:?}: did you mean {near}?"),
        None => format!("there is no status {word:?}: use one of {}", names.join(", ")),
    }
}

fn role(rest: &str, ctx: &Ctx) -> Parsed {
    let (role, who) = cut(rest);
    let (role, who) = (role_key(role), needed("role", who)?);
    let command = match who.as_str() {
        "none" | "nobody" => RoleCommand::Release { role, who: None, reason: String::new() },
        _ => RoleCommand::Assign { role, who: person(&who)? },
    };
    order(Command::Role(command), ctx)
}

fn hand_over(rest: &str, ctx: &Ctx) -> Parsed {
    let (role, rest) = cut(rest);
    let (who, brief) = cut(rest);
    let to = person(&needed("hand-over", who)?)?;
    let brief = match (&ctx.scene, brief) {
        (Some(scene), "") => layers::roles::brief(ctx, scene),
        _ => brief.to_owned(),
    };
    order(Command::Role(RoleCommand::Offer { role: role_key(role), to, brief }), ctx)
}

fn person(text: &str) -> Result<PersonId, String> {
    let who = PersonId::new(text);
    if who.is_empty() { Err(format!("{text:?} is not a name")) } else { Ok(who) }
}

fn zone(text: &str) -> Result<Zone, String> {
    match text.to_lowercase().as_str() {
        "utc" => Ok(Zone::Utc),
        "local" => Ok(Zone::Local),
        _ => Err("zone utc or zone local".to_owned()),
    }
}
