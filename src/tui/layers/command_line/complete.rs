//! What Tab offers: verbs first, then what the verb takes.

use std::collections::BTreeSet;

use super::acts::{CONTAINED, RECOVERED, rung};
use super::verbs::VERBS;
use crate::config::shipped;
use crate::incident::deadline::{Deadline, deadlines};
use crate::incident::event::Harm;
use crate::incident::roles::DUTIES;
use crate::incident::words::Status;
use crate::tui::actions::REGISTRY;
use crate::tui::layers::asks::who::names;
use crate::tui::layers::question;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Theme;

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is shown.
    pub name: String,
    pub about: String,
    /// The whole line with it.
    pub line: String,
}

/// The ways to go on from what is typed, none when nothing can be offered.
pub fn candidates(typed: &str, ctx: &Ctx) -> Vec<Candidate> {
    let typed = typed.trim_start();
    let Some((verb, rest)) = typed.split_once(char::is_whitespace) else { return verbs(typed) };
    let rest = rest.trim_start();
    let (offered, last) = match rest.split_once(char::is_whitespace) {
        Some((_, last)) => (second_argument(verb, ctx), last.trim_start()),
        None => (first_argument(verb, ctx), rest),
    };
    if last.contains(char::is_whitespace) {
        return Vec::new();
    }
    let before = &typed[..typed.len() - last.len()];
    let needle = last.to_lowercase();
    let begins = |(name, _): &(String, String)| name.to_lowercase().starts_with(&needle) && *name != last;
    let candidate =
        |(name, about): (String, String)| Candidate { line: format!("{before}{name} "), name, about };
    offered.into_iter().filter(begins).map(candidate).collect()
}

/// Verbs and actions that begin with what is typed; verbs first.
pub fn verbs(typed: &str) -> Vec<Candidate> {
    let verb = |(name, arguments, about): (&str, &str, &str)| Candidate {
        name: format!("{name} {arguments}").trim_end().to_owned(),
        about: about.to_owned(),
        line: if arguments.is_empty() { name.to_owned() } else { format!("{name} ") },
    };
    let known = |name: &str| VERBS.iter().any(|(verb, ..)| *verb == name);
    let actions = REGISTRY.iter().filter(|spec| !known(spec.name)).map(|spec| (spec.name, "", spec.about));
    let all = VERBS.into_iter().chain(actions);
    all.filter(|(name, ..)| name.starts_with(typed) && *name != typed).map(verb).collect()
}

type Offered = Vec<(String, String)>;

fn first_argument(verb: &str, ctx: &Ctx) -> Offered {
    let named = |name: &str, about: &str| (name.to_owned(), about.to_owned());
    match verb {
        "severity" => ctx.policy.levels.iter().map(|level| named(&level.name, &level.definition)).collect(),
        "type" => ctx.policy.types.iter().map(|kind| named(&kind.name, &kind.about)).collect(),
        "status" => Status::ALL.iter().map(|status| named(status.name(), status.about())).collect(),
        "role" | "hand-over" => roles(ctx),
        "attach" => {
            shipped::playbook_names(ctx.paths).into_iter().map(|name| (name, String::new())).collect()
        }
        "ask" => {
            ctx.scene.map(|scene| names(ctx, &scene)).unwrap_or_default().into_iter().map(unsaid).collect()
        }
        "impact" => ctx.scene.map(datasets).unwrap_or_default(),
        "heard" | "snooze" => clocks(ctx, |deadline| Some((deadline.id.clone(), deadline.label.clone()))),
        "escalate" => {
            clocks(ctx, |deadline| rung(deadline).map(|(who, _)| (who.to_owned(), deadline.say.clone())))
        }
        "private" => vec![named("on", "keep its words in"), named("off", "let them out, with a reason")],
        "policy" => shipped::policy_names(ctx.paths).into_iter().map(unsaid).collect(),
        "theme" => Theme::shipped().iter().map(|(name, _)| named(name, "")).collect(),
        "channel" | "page" | "ticket" => forms(verb),
        "zone" => vec![named("utc", ""), named("local", "")],
        "link" => ["bridge", "channel", "ticket"].map(|name| named(name, "")).into(),
        "replay" => shipped::past_incidents().into_iter().map(|past| (past.slug, String::new())).collect(),
        "seek" | "goto" => {
            ["start", "end"].map(|name| named(name, "")).into_iter().filter(|_| replays(ctx)).collect()
        }
        _ => Vec::new(),
    }
}

/// What may follow `channel`, `page` or `ticket`.
fn forms(verb: &str) -> Offered {
    let after = |form: &'static crate::outbox::wishes::Form| {
        let rest = form.words.strip_prefix(verb)?.strip_prefix(' ')?;
        Some((rest.split(' ').next()?.to_owned(), form.about.to_owned()))
    };
    crate::outbox::wishes::FORMS.iter().filter_map(after).collect()
}

fn replays(ctx: &Ctx) -> bool {
    ctx.scene.is_some_and(|scene| !scene.live)
}

/// The role of this incident, or those that every incident has.
fn roles(ctx: &Ctx) -> Offered {
    match ctx.scene {
        Some(scene) => {
            let seats = scene.incident.roles.seats();
            seats.iter().map(|seat| (seat.role.to_owned(), seat.duty.to_owned())).collect()
        }
        None => DUTIES.iter().map(|duty| (duty.role.to_owned(), duty.duty.to_owned())).collect(),
    }
}

/// A name that says it all.
fn unsaid(name: String) -> (String, String) {
    (name, String::new())
}

fn datasets(scene: Scene) -> Offered {
    let about = |kinds: &BTreeSet<Harm>| kinds.iter().map(|harm| harm.name()).collect::<Vec<_>>().join(", ");
    let all = scene.incident.ledger.datasets();
    all.map(|dataset| (dataset.name.clone(), dataset.known.kinds.as_ref().map(about).unwrap_or_default()))
        .collect()
}

/// Something of each clock that runs, once.
fn clocks(ctx: &Ctx, each: impl Fn(&Deadline) -> Option<(String, String)>) -> Offered {
    let Some(scene) = ctx.scene else { return Vec::new() };
    let mut all: Offered = deadlines(scene.incident, scene.now).iter().filter_map(each).collect();
    all.dedup();
    all
}

/// Who, after a role; what became of a dataset.
fn second_argument(verb: &str, ctx: &Ctx) -> Offered {
    if verb == "impact" {
        let words = Harm::ALL.map(Harm::name).into_iter().chain([CONTAINED, RECOVERED]);
        return words.map(|word| unsaid(word.to_owned())).collect();
    }
    let Some(scene) = ctx.scene.filter(|_| matches!(verb, "role" | "hand-over")) else { return Vec::new() };
    let mut who: Offered =
        question::people(ctx, &scene).into_iter().map(|who| (who, String::new())).collect();
    if verb == "role" {
        who.push(("none".to_owned(), "release the role".to_owned()));
    }
    who
}
